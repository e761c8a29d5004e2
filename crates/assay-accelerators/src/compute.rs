//! The implementation for the reference machine: bytes in, bytes out, by the field's well-kept crates.
//!
//! `BLAKE2b`'s compression function is our own, because crates have it with a fixed number of rounds only; everything else is
//! `RustCrypto`'s, arkworks' (BN254), blst (BLS12-381, KZG) and Aurora's modexp. Each file is one family, and adds what the
//! rule of the table asks for beyond what the crate does: ranges of coordinates, encodings of infinity, subgroups.
//!
//! Nothing here panics, whatever the bytes, and nothing takes longer than a few seconds of an ordinary machine: what would
//! is refused by a bound of the table.

mod blake2f;
mod bls12;
mod bn254;
mod ecdsa;
mod hash;
mod kzg;
mod modexp;

use assay_spec::accelerator::{Function, Kind, Refusal, encoding::Input};

/// Carries out `function`: its output, of as many bytes as its output parameter has, or why there is none.
///
/// `inputs` are those parameters that carry something in, in the header's order.
pub fn compute(function: Function, inputs: &[Input]) -> Result<Vec<u8>, Refusal> {
    check(function, inputs)?;
    let not_its = Refusal::NotItsInputs(function);
    match (function, inputs) {
        (Function::Keccak256, [Input::Bytes(data)]) => Ok(hash::keccak256(data).to_vec()),
        (Function::Sha256, [Input::Bytes(data)]) => Ok(hash::sha256(data).to_vec()),
        (Function::Ripemd160, [Input::Bytes(data)]) => Ok(hash::ripemd160(data).to_vec()),
        (Function::Secp256k1Verify, [Input::Bytes(msg), Input::Bytes(sig), Input::Bytes(key)]) => {
            verified(ecdsa::secp256k1_verify(array(msg)?, array(sig)?, array(key)?))
        }
        (Function::Secp256r1Verify, [Input::Bytes(msg), Input::Bytes(sig), Input::Bytes(key)]) => {
            verified(ecdsa::secp256r1_verify(array(msg)?, array(sig)?, array(key)?))
        }
        (Function::Secp256k1Ecrecover, [Input::Bytes(msg), Input::Bytes(sig), Input::Number(recid)]) => {
            ecdsa::secp256k1_recover(array(msg)?, array(sig)?, *recid).map(Vec::from).ok_or(Refusal::Failed)
        }
        (Function::Modexp, [Input::Bytes(base), Input::Bytes(exp), Input::Bytes(modulus)]) => {
            Ok(modexp::modexp(base, exp, modulus))
        }
        (
            Function::Blake2f,
            [Input::Number(rounds), Input::Bytes(h), Input::Bytes(m), Input::Bytes(t), Input::Number(f)],
        ) => blake2f::compress(*rounds, array(h)?, array(m)?, array(t)?, *f).map(Vec::from),
        (Function::Bn254G1Add, [Input::Bytes(p1), Input::Bytes(p2)]) => point(bn254::g1_add(array(p1)?, array(p2)?)),
        (Function::Bn254G1Mul, [Input::Bytes(p), Input::Bytes(scalar)]) => {
            point(bn254::g1_mul(array(p)?, array(scalar)?))
        }
        (Function::Bn254Pairing, [Input::Bytes(pairs)]) => verified(bn254::pairing(pairs)),
        (Function::KzgPointEval, [Input::Bytes(c), Input::Bytes(z), Input::Bytes(y), Input::Bytes(proof)]) => {
            verified(kzg::point_eval(array(c)?, array(z)?, array(y)?, array(proof)?))
        }
        (Function::Bls12G1Add, [Input::Bytes(p1), Input::Bytes(p2)]) => point(bls12::g1_add(array(p1)?, array(p2)?)),
        (Function::Bls12G2Add, [Input::Bytes(p1), Input::Bytes(p2)]) => point(bls12::g2_add(array(p1)?, array(p2)?)),
        (Function::Bls12G1Msm, [Input::Bytes(pairs)]) => point(bls12::g1_msm(pairs)),
        (Function::Bls12G2Msm, [Input::Bytes(pairs)]) => point(bls12::g2_msm(pairs)),
        (Function::Bls12Pairing, [Input::Bytes(pairs)]) => verified(bls12::pairing(pairs)),
        (Function::Bls12MapFpToG1, [Input::Bytes(element)]) => point(bls12::map_to_g1(array(element)?)),
        (Function::Bls12MapFp2ToG2, [Input::Bytes(element)]) => point(bls12::map_to_g2(array(element)?)),
        _ => Err(not_its),
    }
}

/// Whether `inputs` have the sizes of the table.
fn check(function: Function, inputs: &[Input]) -> Result<(), Refusal> {
    let signature = function.signature();
    if signature.inputs().count() != inputs.len() {
        return Err(Refusal::NotItsInputs(function));
    }
    for (parameter, input) in signature.inputs().zip(inputs) {
        let length = match input {
            Input::Bytes(bytes) => Some(bytes.len() as u64),
            Input::Number(_) => None,
        };
        let fits = match (parameter.kind, length) {
            (Kind::U32 | Kind::U8, length) => length.is_none(),
            (Kind::Struct { bytes } | Kind::InOut { bytes }, length) => length == Some(bytes),
            (Kind::Data(bound), Some(length)) => {
                bound.admit(length, "bytes")?;
                true
            }
            (Kind::Array { bytes, bound }, Some(length)) => {
                bound.admit(length / bytes, "pairs")?;
                length.is_multiple_of(bytes)
            }
            _ => false,
        };
        if !fits {
            return Err(Refusal::NotItsInputs(function));
        }
    }
    Ok(())
}

/// Bytes of a size that [`check`] has found.
fn array<const N: usize>(bytes: &[u8]) -> Result<&[u8; N], Refusal> {
    bytes.try_into().map_err(|_| Refusal::Failed)
}

/// A yes or no as the `bool` of C; `None` is invalid input.
fn verified(answer: Option<bool>) -> Result<Vec<u8>, Refusal> {
    answer.map(|yes| vec![u8::from(yes)]).ok_or(Refusal::Failed)
}

fn point<const N: usize>(result: Option<[u8; N]>) -> Result<Vec<u8>, Refusal> {
    result.map(Vec::from).ok_or(Refusal::Failed)
}

#[cfg(test)]
mod tests {
    use assay_spec::accelerator::{BLAKE2F_ROUNDS_MAX, HASH_BYTES_MAX, MODEXP_BYTES_MAX, PAIRING_PAIRS_MAX, TABLE};

    use super::*;

    #[test]
    fn inputs_of_another_function_are_told_and_do_not_panic() {
        for row in &TABLE {
            assert_eq!(compute(row.function, &[]), Err(Refusal::NotItsInputs(row.function)));
            let odd = vec![Input::Bytes(vec![1; 7]); row.inputs().count()];
            let hashes = [Function::Keccak256, Function::Sha256, Function::Ripemd160, Function::Modexp];
            if !hashes.contains(&row.function) {
                assert_eq!(compute(row.function, &odd), Err(Refusal::NotItsInputs(row.function)), "{row:?}");
            }
        }
    }

    #[test]
    fn what_is_beyond_a_bound_fails_or_is_too_much_as_the_table_says() {
        let zeros = |bytes: u64| Input::Bytes(vec![0; bytes as usize]);
        let too_much = |function, inputs: &[Input]| matches!(compute(function, inputs), Err(Refusal::TooMuch { .. }));
        assert!(too_much(Function::Sha256, &[zeros(HASH_BYTES_MAX + 1)]));
        assert!(too_much(Function::Bn254Pairing, &[zeros(192 * (PAIRING_PAIRS_MAX + 1))]));
        let rounds = |rounds| [Input::Number(rounds), zeros(64), zeros(128), zeros(16), Input::Number(0)];
        assert!(too_much(Function::Blake2f, &rounds(BLAKE2F_ROUNDS_MAX + 1)));
        assert!(compute(Function::Blake2f, &rounds(12)).is_ok());
        let long = [zeros(MODEXP_BYTES_MAX + 1), zeros(1), zeros(1)];
        assert_eq!(compute(Function::Modexp, &long), Err(Refusal::Failed));
        let most = [zeros(MODEXP_BYTES_MAX), zeros(1), zeros(MODEXP_BYTES_MAX)];
        assert_eq!(compute(Function::Modexp, &most), Ok(vec![0; MODEXP_BYTES_MAX as usize]));
    }
}
