//! Keccak-256, SHA-256 and RIPEMD-160.

use ripemd::{Digest as _, Ripemd160};

use crate::accelerators::Bytes;

/// Words of Keccak's state.
const STATE_WORDS: usize = 25;
/// Bytes of the state that a block of data goes into: 1600 bits without twice the digest's.
const RATE_BYTES: usize = 136;

pub(crate) fn keccak256(data: &[u8]) -> Bytes<32> {
    let mut state = [0; STATE_WORDS];
    let (blocks, rest) = data.as_chunks::<RATE_BYTES>();
    for block in blocks {
        absorb(&mut state, block);
    }
    let mut last = [0; RATE_BYTES];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 1;
    last[RATE_BYTES - 1] |= 0x80;
    absorb(&mut state, &last);
    let mut digest = Bytes::ZERO;
    for (bytes, word) in digest.0.chunks_exact_mut(8).zip(state) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

fn absorb(state: &mut [u64; STATE_WORDS], block: &[u8; RATE_BYTES]) {
    for (word, bytes) in state.iter_mut().zip(block.as_chunks().0) {
        *word ^= u64::from_le_bytes(*bytes);
    }
    permute(state);
}

#[cfg(all(target_os = "none", feature = "sp1"))]
use crate::embedded::precompiles::keccak_permute as permute;

#[cfg(not(all(target_os = "none", feature = "sp1")))]
fn permute(state: &mut [u64; STATE_WORDS]) {
    keccak::Keccak::new().with_f1600(|permute| permute(state));
}

#[cfg(all(target_os = "none", any(feature = "risc0", feature = "sp1")))]
pub(crate) fn sha256(data: &[u8]) -> Bytes<32> {
    Bytes(crate::embedded::precompiles::sha256(data))
}

#[cfg(not(all(target_os = "none", any(feature = "risc0", feature = "sp1"))))]
pub(crate) fn sha256(data: &[u8]) -> Bytes<32> {
    Bytes(sha2::Sha256::digest(data).into())
}

pub(crate) fn ripemd160(data: &[u8]) -> Bytes<32> {
    let mut output = Bytes::ZERO;
    output[12..].copy_from_slice(&Ripemd160::digest(data));
    output
}
