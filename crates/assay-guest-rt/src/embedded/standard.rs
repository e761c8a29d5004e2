//! Assay's own platform: ECALL with the selector in t0, the input mapped for reading.

use core::{arch::asm, ptr, slice};

use crate::{PANIC_EXIT_CODE, report::Report};

const HALT: usize = 0x00;
const WRITE: usize = 0x02;
const WRITE_OUTPUT: usize = 0x10;
const READ_INPUT: usize = 0xf2;

const LOG_FD: usize = 2;

pub(super) fn start() {}

pub(crate) fn read_input() -> &'static [u8] {
    let mut cells = [0usize; 2];
    let [pointer, size] = &mut cells;
    // SAFETY: the call writes the two cells.
    unsafe { call(READ_INPUT, ptr::from_mut(pointer).expose_provenance(), ptr::from_mut(size).expose_provenance(), 0) };
    let [pointer, size] = cells;
    if size == 0 {
        // Nothing is mapped.
        return &[];
    }
    // SAFETY: the platform maps so many bytes there, for as long as the guest runs and read-only.
    unsafe { slice::from_raw_parts(ptr::with_exposed_provenance(pointer), size) }
}

pub(crate) fn write_output(bytes: &[u8]) {
    // SAFETY: the call reads the bytes.
    unsafe { call(WRITE_OUTPUT, bytes.as_ptr().expose_provenance(), bytes.len(), 0) };
}

pub(crate) fn log(text: &str) {
    // SAFETY: the call reads the bytes.
    unsafe { call(WRITE, LOG_FD, text.as_ptr().expose_provenance(), text.len()) };
}

pub(crate) fn exit(code: u8) -> ! {
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
unsafe fn call(selector: usize, a0: usize, a1: usize, a2: usize) {
    // SAFETY: no call changes a register.
    unsafe { asm!("ecall", in("t0") selector, in("a0") a0, in("a1") a1, in("a2") a2, options(nostack)) }
}
