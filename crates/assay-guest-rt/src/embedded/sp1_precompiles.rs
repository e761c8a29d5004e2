//! SP1's precompiles for hashes: one permutation of Keccak; the schedule and the rounds of SHA-256. Those for numbers are
//! beside it.
//!
//! Sources: `sp1-core-executor` 6.10.0 (`minimal/precompiles/keccak.rs`, `sha256`) and `sp1-lib` 6.10.0. A 32-bit word of
//! SHA-256 stands in 8 bytes.

#[path = "sp1_numbers.rs"]
pub(crate) mod numbers;

use core::arch::asm;

const SHA_EXTEND: usize = 0x0030_0105;
const SHA_COMPRESS: usize = 0x0001_0106;
const KECCAK_PERMUTE: usize = 0x0001_0109;

const BLOCK_BYTES: usize = 64;

/// The initial state of SHA-256: square roots of the first primes (FIPS 180-4, 5.3.3).
const INITIAL: [u64; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Keccak-f\[1600\].
pub(crate) fn keccak_permute(state: &mut [u64; 25]) {
    // SAFETY: the call reads and writes the state.
    unsafe { call(KECCAK_PERMUTE, state.as_mut_ptr().expose_provenance(), 0) };
}

/// The SHA-256 digest.
pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    let mut state = INITIAL;
    let (blocks, rest) = data.as_chunks::<BLOCK_BYTES>();
    for block in blocks {
        compress(&mut state, block);
    }
    // The bit behind the data, and its length in bits at the end of this block or of one more.
    let mut last = [0; 2 * BLOCK_BYTES];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    let used = if rest.len() < BLOCK_BYTES - 8 { BLOCK_BYTES } else { 2 * BLOCK_BYTES };
    last[used - 8..used].copy_from_slice(&(data.len() as u64 * 8).to_be_bytes());
    for block in last[..used].as_chunks().0 {
        compress(&mut state, block);
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&(word as u32).to_be_bytes());
    }
    digest
}

fn compress(state: &mut [u64; 8], block: &[u8; BLOCK_BYTES]) {
    let mut schedule = [0u64; 64];
    for (word, bytes) in schedule.iter_mut().zip(block.as_chunks().0) {
        *word = u32::from_be_bytes(*bytes).into();
    }
    let schedule = schedule.as_mut_ptr().expose_provenance();
    // SAFETY: the first call writes the schedule behind its first 16 words, the second reads it and writes the state.
    unsafe {
        call(SHA_EXTEND, schedule, 0);
        call(SHA_COMPRESS, schedule, state.as_mut_ptr().expose_provenance());
    }
}

/// # Safety
///
/// What the call does with memory must be what the caller may do.
unsafe fn call(number: usize, a0: usize, a1: usize) {
    // SAFETY: no call changes a register but t0.
    unsafe { asm!("ecall", inlateout("t0") number => _, in("a0") a0, in("a1") a1, options(nostack)) }
}
