//! Known answers: calls whose result is known, from public test suites or checked with an independent implementation.
//!
//! They are data, a file per function in `vectors/`, where each says its source. A failure has status -1 and no output.

use std::collections::BTreeMap;

use assay_spec::accelerator::{
    Function, Kind, STATUS_FAIL, STATUS_OK,
    encoding::{Input, encode, encode_result},
};
use serde::Deserialize;

/// A call whose result is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAnswer {
    /// What is called.
    pub function: Function,
    /// What tells it apart from others of the function, in lower case with underscores.
    pub name: String,
    /// Where it comes from and what agrees with it.
    pub source: String,
    /// The inputs, in the header's order.
    pub inputs: Vec<Input>,
    /// The output; `None` where the call fails.
    pub output: Option<Vec<u8>>,
}

impl KnownAnswer {
    /// The inputs as one string of bytes; see [`assay_spec::accelerator::encoding`].
    pub fn encoded_inputs(&self) -> Vec<u8> {
        encode(self.function.signature(), &self.inputs)
    }

    /// Status and output as one string of bytes.
    pub fn encoded_result(&self) -> Vec<u8> {
        encode_result(self.output.as_deref())
    }
}

/// The files, in the order of the functions.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(include_str!(concat!("../vectors/", $name, ".json"))),*]
    };
}

const FILES: [&str; 19] = files![
    "keccak256",
    "secp256k1_verify",
    "secp256k1_ecrecover",
    "sha256",
    "ripemd160",
    "modexp",
    "bn254_g1_add",
    "bn254_g1_mul",
    "bn254_pairing",
    "blake2f",
    "kzg_point_eval",
    "bls12_g1_add",
    "bls12_g1_msm",
    "bls12_g2_add",
    "bls12_g2_msm",
    "bls12_pairing",
    "bls12_map_fp_to_g1",
    "bls12_map_fp2_to_g2",
    "secp256r1_verify",
];

/// A file of `vectors/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VectorFile {
    function: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    source: String,
    /// By parameter: bytes in hex, or a number.
    inputs: BTreeMap<String, serde_json::Value>,
    status: i32,
    output: Option<String>,
}

/// A file of `vectors/` is not as it should be: a mistake in this crate, which its tests find.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("vectors/{file}.json, {name}: {what}")]
pub struct VectorError {
    /// The function that the file is named after.
    pub file: &'static str,
    /// The vector; empty where it is about the file.
    pub name: String,
    /// What is wrong with it.
    pub what: String,
}

/// Every known answer, by function in the order of the table.
pub fn known_answers() -> Result<Vec<KnownAnswer>, VectorError> {
    let mut answers = Vec::new();
    for (function, text) in Function::all().zip(FILES) {
        let wrong = |name: &str, what: String| VectorError { file: function.name(), name: name.to_owned(), what };
        let file: VectorFile = serde_json::from_str(text).map_err(|error| wrong("", error.to_string()))?;
        if file.function != function.name() {
            return Err(wrong("", format!("it is about {}", file.function)));
        }
        for vector in file.vectors {
            answers.push(answer(function, &vector).map_err(|what| wrong(&vector.name, what))?);
        }
    }
    Ok(answers)
}

fn answer(function: Function, vector: &Vector) -> Result<KnownAnswer, String> {
    let signature = function.signature();
    let inputs = signature.inputs().map(|parameter| {
        let value = vector.inputs.get(parameter.name).ok_or_else(|| format!("it has no {}", parameter.name))?;
        let number = || value.as_u64().and_then(|number| u32::try_from(number).ok());
        let bytes = || value.as_str().and_then(|digits| hex::decode(digits).ok());
        let input = match parameter.kind {
            Kind::U8 | Kind::U32 => number().map(Input::Number),
            Kind::Struct { bytes: size } | Kind::InOut { bytes: size } => {
                bytes().filter(|bytes| bytes.len() as u64 == size).map(Input::Bytes)
            }
            Kind::Array { bytes: each, .. } => {
                bytes().filter(|bytes| (bytes.len() as u64).is_multiple_of(each)).map(Input::Bytes)
            }
            _ => bytes().map(Input::Bytes),
        };
        input.ok_or_else(|| format!("{} is not what the function takes", parameter.name))
    });
    let inputs: Vec<_> = inputs.collect::<Result<_, _>>()?;
    if inputs.len() != vector.inputs.len() {
        return Err("it has inputs that the function has not".to_owned());
    }
    let output = match (vector.status, &vector.output) {
        (STATUS_OK, Some(digits)) => Some(hex::decode(digits).map_err(|error| error.to_string())?),
        (STATUS_FAIL, None) => None,
        _ => return Err("an output goes with status 0, and only with it".to_owned()),
    };
    Ok(KnownAnswer { function, name: vector.name.clone(), source: vector.source.clone(), inputs, output })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_function_has_answers_of_each_kind_with_names_of_their_own_and_a_source() {
        let answers = known_answers().unwrap_or_else(|error| panic!("{error}"));
        for function in Function::all() {
            let own: Vec<_> = answers.iter().filter(|answer| answer.function == function).collect();
            assert!(own.iter().filter(|answer| answer.output.is_some()).count() >= 3, "{function}");
            let never_fails = [Function::Keccak256, Function::Sha256, Function::Ripemd160].contains(&function);
            assert_eq!(own.iter().all(|answer| answer.output.is_some()), never_fails, "{function}");
            let names: BTreeSet<_> = own.iter().map(|answer| &answer.name).collect();
            assert_eq!(names.len(), own.len(), "{function}");
            assert!(own.iter().all(|answer| !answer.source.is_empty()), "{function}");
        }
    }

    #[cfg(feature = "compute")]
    #[test]
    fn every_known_answer_comes_out() {
        for answer in known_answers().unwrap_or_else(|error| panic!("{error}")) {
            let result = crate::compute(answer.function, &answer.inputs);
            let expected = answer.output.clone().ok_or(crate::Refusal::Failed);
            assert_eq!(result, expected, "{} {}: {}", answer.function, answer.name, answer.source);
        }
    }
}
