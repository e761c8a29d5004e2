//! What RISC Zero's accelerator for numbers computes: ECDSA, G1 of the pairing curves, powers modulo 4096 bits.
//!
//! The field operations of G2 and of pairings stay in guest code: the types that compute them keep elements in Montgomery's
//! form, which the accelerator does not have. Nothing here is secret, so that nothing takes care of how long it takes.

mod ecdsa;
mod g1;
mod modulus;
mod points;
mod powers;
mod words;

pub(crate) use ecdsa::{secp256k1_ecrecover, secp256k1_verify, secp256r1_verify};
pub(crate) use g1::{bls12_g1_add, bls12_g1_msm, bn254_g1_add, bn254_g1_mul};
pub(crate) use powers::modexp;
