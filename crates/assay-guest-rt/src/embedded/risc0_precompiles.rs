//! RISC Zero's accelerator for SHA-256, which the output's digest is made with as well. The one for numbers is beside it.

#[path = "risc0_numbers.rs"]
pub(crate) mod numbers;

use super::platform::Sha256;

/// The SHA-256 digest.
pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::EMPTY;
    hash.update(data);
    hash.finish().0
}
