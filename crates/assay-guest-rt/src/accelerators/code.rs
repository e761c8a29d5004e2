//! The accelerators in guest code, around what the zkVM has calls for.
//!
//! Every file has one family of functions, and knows of the platform only what it calls there.

mod blake2;
mod bls12_381;
mod bn254;
mod curve;
#[cfg(not(all(target_os = "none", any(feature = "risc0", feature = "sp1"))))]
mod ecdsa;
#[cfg(not(all(target_os = "none", any(feature = "risc0", feature = "sp1"))))]
mod g1;
mod hashes;
mod kzg;
mod modexp;
#[cfg(all(target_os = "none", feature = "risc0"))]
mod risc0;
#[cfg(all(target_os = "none", feature = "sp1"))]
mod sp1;

pub(super) use blake2::blake2f;
pub(super) use bls12_381::{bls12_g2_add, bls12_g2_msm, bls12_map_fp_to_g1, bls12_map_fp2_to_g2, bls12_pairing};
pub(super) use bn254::bn254_pairing;
#[cfg(not(all(target_os = "none", any(feature = "risc0", feature = "sp1"))))]
pub(super) use ecdsa::{secp256k1_ecrecover, secp256k1_verify, secp256r1_verify};
#[cfg(not(all(target_os = "none", any(feature = "risc0", feature = "sp1"))))]
pub(super) use g1::{bls12_g1_add, bls12_g1_msm, bn254_g1_add, bn254_g1_mul};
pub(super) use hashes::{keccak256, ripemd160, sha256};
pub(super) use kzg::kzg_point_eval;
#[cfg(not(all(target_os = "none", any(feature = "risc0", feature = "sp1"))))]
pub(super) use modexp::modexp;
#[cfg(all(target_os = "none", feature = "risc0"))]
pub(super) use risc0::{
    bls12_g1_add, bls12_g1_msm, bn254_g1_add, bn254_g1_mul, modexp, secp256k1_ecrecover, secp256k1_verify,
    secp256r1_verify,
};
#[cfg(all(target_os = "none", feature = "sp1"))]
pub(super) use sp1::{
    bls12_g1_add, bls12_g1_msm, bn254_g1_add, bn254_g1_mul, modexp, secp256k1_ecrecover, secp256k1_verify,
    secp256r1_verify,
};
