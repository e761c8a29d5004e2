//! What SP1's precompiles for curves and integers compute: ECDSA, G1 of the pairing curves, powers modulo odd
//! numbers and those of 256 bits.
//!
//! Nothing here is secret, so that nothing takes care of how long it takes.

mod bls12_381;
mod bn254;
mod ecdsa;
mod modulus;
mod montgomery;
mod points;
mod powers;
mod words;

pub(crate) use bls12_381::{bls12_g1_add, bls12_g1_msm};
pub(crate) use bn254::{bn254_g1_add, bn254_g1_mul};
pub(crate) use ecdsa::{secp256k1_ecrecover, secp256k1_verify, secp256r1_verify};
pub(crate) use powers::modexp;
