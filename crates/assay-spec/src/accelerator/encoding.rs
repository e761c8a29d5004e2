//! The inputs of one call as one string of bytes, and its result as another: what a guest that carries out any accelerator
//! takes and gives, and what known answers are handed to it as.
//!
//! Inputs stand in the header's order, without outputs and without lengths of their own: a struct as it is; a number of 32
//! bits as 4 bytes, one of 8 bits as one byte; data and arrays behind their length in bytes, a number of 32 bits. Numbers are
//! little-endian. A result is the status, 4 bytes little-endian, and for status 0 the output.

use super::table::{Kind, STATUS_FAIL, STATUS_OK, Signature};

/// One input of a call. A length or a count goes with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A struct, an array or data.
    Bytes(Vec<u8>),
    /// A number, passed by value.
    Number(u32),
}

/// Bytes are no inputs of a function.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// They end within an input.
    #[error("the input `{parameter}` of {function} is cut off: it needs {needed} more bytes and there are {left}")]
    CutOff {
        /// Name of the function.
        function: &'static str,
        /// Name of the parameter.
        parameter: &'static str,
        /// Bytes it needs.
        needed: u64,
        /// Bytes that are left.
        left: u64,
    },
    /// An array is no whole number of structs.
    #[error("the input `{parameter}` of {function} has {bytes} bytes, which is no multiple of {each}")]
    PartOfStruct {
        /// Name of the function.
        function: &'static str,
        /// Name of the parameter.
        parameter: &'static str,
        /// Bytes that it has.
        bytes: u64,
        /// Bytes of each struct.
        each: u64,
    },
    /// Something stands behind the last input.
    #[error("{left} bytes stand behind the last input of {function}")]
    Rest {
        /// Name of the function.
        function: &'static str,
        /// How many bytes.
        left: u64,
    },
}

/// The inputs of a call, in the header's order, as one string of bytes.
///
/// # Panics
///
/// If `inputs` are not those of `signature`: data of more than 2^32 bytes, or another number or sort of inputs.
pub fn encode(signature: &Signature, inputs: &[Input]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let mut rest = inputs.iter();
    for parameter in signature.inputs() {
        match (parameter.kind, rest.next()) {
            (Kind::U8, Some(Input::Number(number))) => encoded.push(*number as u8),
            (Kind::U32, Some(Input::Number(number))) => encoded.extend(number.to_le_bytes()),
            (Kind::Data(_) | Kind::Array { .. }, Some(Input::Bytes(bytes))) => {
                let length = u32::try_from(bytes.len()).expect("no input is longer than 2^32 bytes");
                encoded.extend(length.to_le_bytes());
                encoded.extend(bytes);
            }
            (_, Some(Input::Bytes(bytes))) => encoded.extend(bytes),
            (_, input) => panic!("{} has no input {input:?} for {}", signature.name, parameter.name),
        }
    }
    encoded
}

/// The inputs of a call from one string of bytes, which may be anything.
pub fn decode(signature: &Signature, encoded: &[u8]) -> Result<Vec<Input>, EncodingError> {
    let mut rest = encoded;
    let mut inputs = Vec::new();
    for parameter in signature.inputs() {
        let mut take = |needed: u64| match usize::try_from(needed).ok().and_then(|n| rest.split_at_checked(n)) {
            Some((taken, behind)) => {
                rest = behind;
                Ok(taken)
            }
            None => Err(EncodingError::CutOff {
                function: signature.name,
                parameter: parameter.name,
                needed,
                left: rest.len() as u64,
            }),
        };
        let number = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        inputs.push(match parameter.kind {
            Kind::U8 => Input::Number(u32::from(take(1)?[0])),
            Kind::U32 => Input::Number(number(take(4)?)),
            Kind::Struct { bytes } | Kind::InOut { bytes } => Input::Bytes(take(bytes)?.to_vec()),
            _ => {
                let bytes = u64::from(number(take(4)?));
                if let Kind::Array { bytes: each, .. } = parameter.kind
                    && !bytes.is_multiple_of(each)
                {
                    let (function, parameter) = (signature.name, parameter.name);
                    return Err(EncodingError::PartOfStruct { function, parameter, bytes, each });
                }
                Input::Bytes(take(bytes)?.to_vec())
            }
        });
    }
    match rest.len() as u64 {
        0 => Ok(inputs),
        left => Err(EncodingError::Rest { function: signature.name, left }),
    }
}

/// The result of a call as one string of bytes: `None` for a call that failed.
pub fn encode_result(output: Option<&[u8]>) -> Vec<u8> {
    let status = if output.is_some() { STATUS_OK } else { STATUS_FAIL };
    [&status.to_le_bytes(), output.unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::super::table::{Function, TABLE};
    use super::*;

    #[test]
    fn inputs_are_what_they_were_after_encoding_and_decoding() {
        for row in &TABLE {
            let inputs: Vec<_> = row
                .inputs()
                .map(|parameter| match parameter.kind {
                    Kind::U8 => Input::Number(0xfe),
                    Kind::U32 => Input::Number(0xfedc_ba98),
                    Kind::Struct { bytes } | Kind::InOut { bytes } => Input::Bytes(vec![7; bytes as usize]),
                    Kind::Array { bytes, .. } => Input::Bytes(vec![8; 2 * bytes as usize]),
                    _ => Input::Bytes(vec![9; 300]),
                })
                .collect();
            let encoded = encode(row, &inputs);
            assert_eq!(decode(row, &encoded).as_ref(), Ok(&inputs), "{}", row.name);
            for length in 0..encoded.len() {
                assert!(decode(row, &encoded[..length]).is_err(), "{} cut at {length}", row.name);
            }
            assert!(decode(row, &[&encoded[..], &[0]].concat()).is_err(), "{}", row.name);
        }
    }

    #[test]
    fn a_part_of_a_struct_is_refused() {
        let encoded = [&100u32.to_le_bytes()[..], &[0; 100]].concat();
        let error = decode(Function::Bls12G1Msm.signature(), &encoded).unwrap_err();
        assert!(error.to_string().contains("no multiple of 128"), "{error}");
    }

    #[test]
    fn a_failed_call_has_a_status_and_nothing_else() {
        assert_eq!(encode_result(None), [0xff; 4]);
        assert_eq!(encode_result(Some(&[5])), [0, 0, 0, 0, 5]);
    }
}
