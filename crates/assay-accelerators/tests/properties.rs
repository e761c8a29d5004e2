//! Properties that hold whatever the inputs: against a second implementation where there is one, and by algebra where not.
#![cfg(feature = "compute")]

use assay_accelerators::{
    Function, Kind, MODEXP_BYTES_MAX, Refusal, TABLE, compute,
    encoding::{Input, decode, encode},
};
use num_bigint::BigUint;
use proptest::prelude::*;

fn bytes(bytes: &[u8]) -> Input {
    Input::Bytes(bytes.to_vec())
}

/// Inputs of a function whose bytes are anything, or nearly something.
fn inputs(function: Function) -> BoxedStrategy<Vec<Input>> {
    let parameters = function.signature().inputs().map(|parameter| match parameter.kind {
        Kind::U8 => prop_oneof![0..5u32, any::<u8>().prop_map(u32::from)].prop_map(Input::Number).boxed(),
        Kind::U32 => (0..100u32).prop_map(Input::Number).boxed(),
        Kind::Struct { bytes } | Kind::InOut { bytes } => blob(bytes as usize).boxed(),
        Kind::Array { bytes, .. } => (0..4usize).prop_flat_map(move |count| blob(count * bytes as usize)).boxed(),
        _ => prop::collection::vec(any::<u8>(), 0..80).prop_map(Input::Bytes).boxed(),
    });
    parameters.collect::<Vec<_>>().boxed()
}

fn blob(size: usize) -> impl Strategy<Value = Input> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), size),
        prop::collection::vec(prop::sample::select(&[0u8, 0, 0, 1, 255]), size),
        Just(vec![0; size]),
    ]
    .prop_map(Input::Bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_bytes_a_call_gives_its_output_or_fails(
        (row, inputs) in prop::sample::select(TABLE.to_vec()).prop_flat_map(|row| (Just(row), inputs(row.function))),
    ) {
        let result = compute(row.function, &inputs);
        match &result {
            Ok(output) => {
                let expected = match row.output().kind {
                    Kind::InOut { bytes } | Kind::Out { bytes } => bytes as usize,
                    Kind::OutBool => 1,
                    _ => match inputs.last() { Some(Input::Bytes(modulus)) => modulus.len(), _ => 0 },
                };
                prop_assert_eq!(output.len(), expected);
            }
            Err(refusal) => prop_assert_eq!(refusal, &Refusal::Failed),
        }
        prop_assert_eq!(decode(&row, &encode(&row, &inputs)), Ok(inputs));
    }

    #[test]
    fn inputs_decode_or_are_refused(
        row in prop::sample::select(TABLE.to_vec()),
        encoded in prop::collection::vec(any::<u8>(), 0..700),
    ) {
        if let Ok(inputs) = decode(&row, &encoded) {
            prop_assert_eq!(encode(&row, &inputs), encoded);
        }
    }

    #[test]
    fn modexp_is_that_of_another_implementation(
        base in prop::collection::vec(any::<u8>(), 0..70),
        exponent in prop::collection::vec(any::<u8>(), 0..10),
        modulus in prop::collection::vec(any::<u8>(), 0..70),
        even in any::<bool>(),
    ) {
        let mut modulus = modulus;
        if let Some(last) = modulus.last_mut() {
            *last = if even { 0 } else { *last | 1 };
        }
        let number = BigUint::from_bytes_be;
        let expected = if number(&modulus) == BigUint::ZERO {
            vec![0; modulus.len()]
        } else {
            let power = number(&base).modpow(&number(&exponent), &number(&modulus)).to_bytes_be();
            let mut padded = vec![0; modulus.len().saturating_sub(power.len())];
            padded.extend(&power[power.len().saturating_sub(modulus.len())..]);
            padded
        };
        prop_assert!(modulus.len() as u64 <= MODEXP_BYTES_MAX);
        let result = compute(Function::Modexp, &[bytes(&base), bytes(&exponent), bytes(&modulus)]);
        prop_assert_eq!(result, Ok(expected));
    }
}

/// A scalar as 32 bytes.
fn scalar(value: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&value.to_be_bytes());
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn points_times_sums_are_sums_of_points_times(a in any::<u32>(), b in any::<u32>(), element in any::<[u8; 32]>()) {
        let total = scalar(u64::from(a) + u64::from(b));
        let [a, b] = [a, b].map(|number| scalar(u64::from(number)));
        // Points that nobody knows a logarithm of.
        let mut field = [0; 96];
        field[16..48].copy_from_slice(&element);
        for (map, msm, add, size) in [
            (Function::Bls12MapFpToG1, Function::Bls12G1Msm, Function::Bls12G1Add, 48),
            (Function::Bls12MapFp2ToG2, Function::Bls12G2Msm, Function::Bls12G2Add, 96),
        ] {
            let point = compute(map, &[bytes(&field[..size])]).unwrap();
            let times = |scalar: &[u8]| compute(msm, &[bytes(&[&point[..], scalar].concat())]).unwrap();
            let added = compute(add, &[bytes(&times(&a)), bytes(&times(&b))]);
            prop_assert_eq!(&added, &Ok(times(&total)));
            let both = compute(msm, &[bytes(&[&point[..], &a, &point, &b].concat())]);
            prop_assert_eq!(both, added);
        }
        let generator = [scalar(1), scalar(2)].concat();
        let times = |scalar: &[u8]| compute(Function::Bn254G1Mul, &[bytes(&generator), bytes(scalar)]).unwrap();
        let added = compute(Function::Bn254G1Add, &[bytes(&times(&a)), bytes(&times(&b))]);
        prop_assert_eq!(added, Ok(times(&total)));
    }
}
