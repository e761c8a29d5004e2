//! SP1: hint stream, WRITE to the public values, and the digest of them that a proof commits to.
//!
//! Sources: `sp1-core-executor` 6.10.0 (`syscall_code.rs`, `minimal`) and `sp1-lib` 6.10.0. The digest is computed by guest
//! code: SP1's own guests use its SHA-256 precompile, which would add two chips to the proof of a guest that hashes
//! nothing else.

use core::{arch::asm, slice};

use sha2::{Digest as _, Sha256};

use super::{Single, heap};
use crate::{PANIC_EXIT_CODE, report::Report};

const HALT: usize = 0x00;
const WRITE: usize = 0x02;
const COMMIT: usize = 0x10;
const COMMIT_DEFERRED_PROOFS: usize = 0x1a;
const HINT_LEN: usize = 0xf0;
const HINT_READ: usize = 0xf1;

const LOG_FD: usize = 2;
const OUTPUT_FD: usize = 13;

/// Words of a digest.
const DIGEST_WORDS: usize = 8;

static INPUT: Single<&[u8]> = Single::new(&[]);
static HASH: Single<Option<Sha256>> = Single::new(None);

/// Reads the one hint that there is. It goes where the image is not: SP1 runs a hint into the image but cannot prove it.
pub(super) fn start() {
    let length: usize;
    // SAFETY: the call changes t0 only.
    unsafe { asm!("ecall", inlateout("t0") HINT_LEN => length, options(nostack, nomem)) };
    // usize::MAX is an empty stream.
    if length == 0 || length == usize::MAX {
        return;
    }
    let (buffer, room) = heap::free();
    // SP1 writes whole words, and one more than it must.
    let written = (length / 8 + 1) * 8;
    assert!(written <= room, "an input of {length} bytes does not fit the {room} bytes of the heap");
    // SAFETY: the memory is the heap's, and taken in the next line.
    unsafe { call(HINT_READ, buffer.expose_provenance(), length, 0) };
    heap::take(written);
    // SAFETY: nothing else has the bytes, nothing writes them, and the guest does not outlive them.
    unsafe { *INPUT.get() = slice::from_raw_parts(buffer, length) };
}

pub(crate) fn read_input() -> &'static [u8] {
    // SAFETY: only `start` writes it.
    unsafe { *INPUT.get() }
}

pub(crate) fn write_output(bytes: &[u8]) {
    // SAFETY: the call reads the bytes.
    unsafe { call(WRITE, OUTPUT_FD, bytes.as_ptr().expose_provenance(), bytes.len()) };
    // SAFETY: the reference ends with the statement.
    unsafe { HASH.get() }.get_or_insert_default().update(bytes);
}

pub(crate) fn log(text: &str) {
    // SAFETY: the call reads the bytes.
    unsafe { call(WRITE, LOG_FD, text.as_ptr().expose_provenance(), text.len()) };
}

/// Commits, which must come before HALT whatever the exit code, and halts.
pub(crate) fn exit(code: u8) -> ! {
    // SAFETY: the reference ends with the statement.
    let digest = unsafe { HASH.get() }.take().unwrap_or_default().finalize();
    for (index, word) in digest.chunks_exact(4).enumerate().take(DIGEST_WORDS) {
        let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        // SAFETY: the call does nothing to memory.
        unsafe { call(COMMIT, index, word as usize, 0) };
    }
    for index in 0..DIGEST_WORDS {
        // SAFETY: the call does nothing to memory.
        unsafe { call(COMMIT_DEFERRED_PROOFS, index, 0, 0) };
    }
    // SAFETY: the call does not return.
    unsafe { asm!("ecall", in("t0") HALT, in("a0") usize::from(code), options(noreturn, nostack)) }
}

pub(super) fn panic(report: &Report) -> ! {
    log(report.logged());
    exit(PANIC_EXIT_CODE)
}

/// # Safety
///
/// What the call does with memory must be what the caller may do.
unsafe fn call(number: usize, a0: usize, a1: usize, a2: usize) {
    // SAFETY: no call changes a register but t0.
    unsafe { asm!("ecall", inlateout("t0") number => _, in("a0") a0, in("a1") a1, in("a2") a2, options(nostack)) }
}
