//! One call of an accelerator.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

mod parameters;

use alloc::{vec, vec::Vec};

use assay_guest_rt::accelerators::{self as call, Bytes, Failed};
use serde::Deserialize;

use parameters::Parameters;

#[derive(Deserialize)]
struct Input {
    function: u8,
    input: Vec<u8>,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { function, input } = core_input::read();
    let mut given = Parameters::new(&input);
    let result = called(function, &mut given);
    given.end();
    match result {
        Ok(output) => {
            assay_guest_rt::write_output(&0i32.to_le_bytes());
            assay_guest_rt::write_output(&output);
        }
        Err(Failed) => assay_guest_rt::write_output(&(-1i32).to_le_bytes()),
    }
}

/// What the function gives.
fn called(function: u8, given: &mut Parameters<'_>) -> Result<Vec<u8>, Failed> {
    match function {
        0 => bytes(Ok(call::keccak256(given.data()))),
        1 => verified(call::secp256k1_verify(&given.value(), &given.value(), &given.value())),
        2 => bytes(call::secp256k1_ecrecover(&given.value(), &given.value(), given.byte())),
        3 => bytes(Ok(call::sha256(given.data()))),
        4 => bytes(Ok(call::ripemd160(given.data()))),
        5 => {
            let (base, exponent, modulus) = (given.data(), given.data(), given.data());
            let mut output = vec![0; modulus.len()];
            call::modexp(base, exponent, modulus, &mut output).map(|()| output)
        }
        6 => bytes(call::bn254_g1_add(&given.value(), &given.value())),
        7 => bytes(call::bn254_g1_mul(&given.value(), &given.value())),
        8 => verified(call::bn254_pairing(&given.pairs())),
        9 => {
            let (rounds, mut h) = (given.word(), given.value());
            let done = call::blake2f(rounds, &mut h, &given.value(), &given.value(), given.byte());
            bytes(done.map(|()| h))
        }
        10 => {
            let (commitment, z, y, proof) = (given.value(), given.value(), given.value(), given.value());
            verified(call::kzg_point_eval(&commitment, &z, &y, &proof))
        }
        11 => bytes(call::bls12_g1_add(&given.value(), &given.value())),
        12 => bytes(call::bls12_g1_msm(&given.pairs())),
        13 => bytes(call::bls12_g2_add(&given.value(), &given.value())),
        14 => bytes(call::bls12_g2_msm(&given.pairs())),
        15 => verified(call::bls12_pairing(&given.pairs())),
        16 => bytes(call::bls12_map_fp_to_g1(&given.value())),
        17 => bytes(call::bls12_map_fp2_to_g2(&given.value())),
        18 => verified(call::secp256r1_verify(&given.value(), &given.value(), &given.value())),
        _ => panic!("there is no accelerator {function}"),
    }
}

fn bytes<const N: usize>(result: Result<Bytes<N>, Failed>) -> Result<Vec<u8>, Failed> {
    result.map(|bytes| bytes.to_vec())
}

/// A `bool` is a byte of 0 or 1.
fn verified(result: Result<bool, Failed>) -> Result<Vec<u8>, Failed> {
    result.map(|verified| vec![u8::from(verified)])
}
