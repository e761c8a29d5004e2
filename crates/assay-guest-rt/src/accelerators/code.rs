//! The accelerators in guest code, around what the zkVM has calls for.
//!
//! Every file has one family of functions, and knows of the platform only what it calls there.

mod blake2;
mod bls12_381;
mod bn254;
mod curve;
mod ecdsa;
mod hashes;
mod kzg;
mod modexp;

pub(super) use blake2::blake2f;
pub(super) use bls12_381::{
    bls12_g1_add, bls12_g1_msm, bls12_g2_add, bls12_g2_msm, bls12_map_fp_to_g1, bls12_map_fp2_to_g2, bls12_pairing,
};
pub(super) use bn254::{bn254_g1_add, bn254_g1_mul, bn254_pairing};
pub(super) use ecdsa::{secp256k1_ecrecover, secp256k1_verify, secp256r1_verify};
pub(super) use hashes::{keccak256, ripemd160, sha256};
pub(super) use kzg::kzg_point_eval;
pub(super) use modexp::modexp;
