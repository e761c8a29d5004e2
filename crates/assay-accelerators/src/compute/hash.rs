//! Keccak-256, SHA-256 and RIPEMD-160.

use ripemd::Ripemd160;
use sha2::Sha256;
use sha3::{Digest as _, Keccak256};

pub(super) fn keccak256(data: &[u8]) -> [u8; 32] {
    Keccak256::digest(data).into()
}

pub(super) fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// The digest of 20 bytes behind 12 zeros: as wide as the other hashes.
pub(super) fn ripemd160(data: &[u8]) -> [u8; 32] {
    let mut padded = [0; 32];
    padded[12..].copy_from_slice(&Ripemd160::digest(data));
    padded
}
