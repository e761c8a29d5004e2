//! OpenVM: custom-0 instructions, hint stream, and an array of public values of fixed size.
//!
//! Sources: `openvm-rv32im-guest` and `openvm-platform` 2.0.2.

use core::{
    arch::{asm, global_asm},
    slice,
};

use super::{Single, heap};
use crate::{PANIC_EXIT_CODE, report::Report};

/// Bytes of public values, as Assay configures OpenVM.
const OUTPUT_BYTES: usize = 256;
/// Most words of one `hint_buffer`.
const HINT_WORDS_MAX: usize = 1023;
const WORD_BYTES: usize = 4;

static INPUT: Single<&[u8]> = Single::new(&[]);
static OUTPUT: Single<Output> = Single::new(Output { bytes: [0; OUTPUT_BYTES], length: 0 });

/// What was revealed: a word is revealed again when bytes of it are added.
struct Output {
    bytes: [u8; OUTPUT_BYTES],
    length: usize,
}

/// Reads the one vector of the input: its length, its bytes, and zeros up to a whole word.
pub(super) fn start() {
    let mut length = 0usize;
    // SAFETY: the first changes the hint stream only, the second writes the one word.
    unsafe {
        asm!(".insn i 0x0b, 3, x0, x0, 0", options(nostack));
        asm!(".insn i 0x0b, 1, {0}, x0, 0", in(reg) &raw mut length, options(nostack));
    }
    let (buffer, room) = heap::free();
    assert!(length <= room, "an input of {length} bytes does not fit the {room} bytes of the heap");
    let words = length.div_ceil(WORD_BYTES);
    let mut done = 0;
    while done < words {
        let now = (words - done).min(HINT_WORDS_MAX);
        // SAFETY: the words are the heap's, and taken below.
        unsafe {
            asm!(".insn i 0x0b, 1, {0}, {1}, 1", in(reg) buffer.add(done * WORD_BYTES), in(reg) now, options(nostack))
        };
        done += now;
    }
    heap::take(words * WORD_BYTES);
    // SAFETY: nothing else has the bytes, nothing writes them, and the guest does not outlive them.
    unsafe { *INPUT.get() = slice::from_raw_parts(buffer, length) };
}

pub(crate) fn read_input() -> &'static [u8] {
    // SAFETY: only `start` writes it.
    unsafe { *INPUT.get() }
}

pub(crate) fn write_output(bytes: &[u8]) {
    // SAFETY: the reference ends with this function, which does not call itself.
    let output = unsafe { OUTPUT.get() };
    let start = output.length;
    let total = start.saturating_add(bytes.len());
    let Some(place) = output.bytes.get_mut(start..total) else {
        panic!("an output of {total} bytes passes OpenVM's {OUTPUT_BYTES} bytes of public values");
    };
    place.copy_from_slice(bytes);
    output.length = total;
    for offset in (start / WORD_BYTES * WORD_BYTES..total).step_by(WORD_BYTES) {
        let word = &output.bytes[offset..offset + WORD_BYTES];
        let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        // SAFETY: reveal writes a public value only.
        unsafe { asm!(".insn i 0x0b, 2, {0}, {1}, 0", in(reg) offset, in(reg) word, options(nostack)) };
    }
}

pub(crate) fn log(text: &str) {
    // SAFETY: the instruction reads the bytes.
    unsafe { asm!(".insn i 0x0b, 3, {0}, {1}, 1", in(reg) text.as_ptr(), in(reg) text.len(), options(nostack)) };
}

pub(super) fn panic(report: &Report) -> ! {
    log(report.logged());
    exit(PANIC_EXIT_CODE)
}

pub(crate) fn exit(code: u8) -> ! {
    unsafe extern "C" {
        safe fn __assay_terminate(code: usize) -> !;
    }
    __assay_terminate(usize::from(code))
}

// The exit code is part of the instruction, so there is one for each.
global_asm!(
    ".section .text.__assay_terminate, \"ax\"",
    ".globl __assay_terminate",
    "__assay_terminate:",
    "la t0, 1f",
    "slli a0, a0, 2",
    "add t0, t0, a0",
    "jr t0",
    "1:",
    ".set __assay_code, 0",
    ".rept 256",
    ".word __assay_code << 20 | 0x0b",
    ".set __assay_code, __assay_code + 1",
    ".endr",
);
