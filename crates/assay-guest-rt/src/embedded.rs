//! A guest without an operating system: startup, panics, and the platform's calls.
#![expect(unsafe_code, reason = "there is nothing below that would be safe: entry point, allocator, calls")]

mod heap;

use core::{arch::global_asm, cell::UnsafeCell, panic::PanicInfo};

use crate::report::Report;

#[cfg(feature = "openvm")]
#[path = "embedded/openvm.rs"]
mod platform;
#[cfg(feature = "risc0")]
#[path = "embedded/risc0.rs"]
mod platform;
#[cfg(feature = "sp1")]
#[path = "embedded/sp1.rs"]
mod platform;
#[cfg(feature = "standard")]
#[path = "embedded/standard.rs"]
mod platform;

#[cfg(all(feature = "accelerators", feature = "risc0"))]
#[path = "embedded/risc0_precompiles.rs"]
pub(crate) mod precompiles;
#[cfg(all(feature = "accelerators", feature = "sp1"))]
#[path = "embedded/sp1_precompiles.rs"]
pub(crate) mod precompiles;

#[cfg(not(any(feature = "standard", feature = "risc0", feature = "sp1", feature = "openvm")))]
compile_error!("choose the platform: one of the features standard, risc0, sp1, openvm of assay-guest-rt");

pub(crate) use platform::{exit, log, read_input, write_output};

/// A static that changes. There is one hart and there are no interrupts.
struct Single<T>(UnsafeCell<T>);

// SAFETY: nothing runs at the same time as anything else.
unsafe impl<T> Sync for Single<T> {}

impl<T> Single<T> {
    const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// # Safety
    ///
    /// No other reference to the value may be in use.
    #[expect(clippy::mut_from_ref, reason = "what the cell is for; callers promise that there is one")]
    unsafe fn get(&self) -> &mut T {
        // SAFETY: as promised by the caller.
        unsafe { &mut *self.0.get() }
    }
}

// All registers are 0 at the entry.
global_asm!(
    ".section .text._start, \"ax\"",
    ".globl _start",
    "_start:",
    "la sp, _stack_top",
    "call {start}",
    start = sym start,
);

extern "C" fn start() -> ! {
    unsafe extern "Rust" {
        safe fn __assay_guest_main() -> u8;
    }
    platform::start();
    exit(__assay_guest_main())
}

static REPORT: Single<Report> = Single::new(Report::EMPTY);
static PANICKED: Single<bool> = Single::new(false);

#[panic_handler]
fn panic(panic: &PanicInfo<'_>) -> ! {
    end_with(|report| report.fill(panic.location(), panic.message()))
}

/// The panic of a guest in C.
#[cfg(feature = "c")]
pub(crate) fn panic_at(file: impl core::fmt::Display, line: u32, message: impl core::fmt::Display) -> ! {
    end_with(|report| report.fill_at(file, line, message))
}

fn end_with(fill: impl FnOnce(&mut Report)) -> ! {
    // SAFETY: only this function uses the two, and a panic within it does not reach the report again.
    let (panicked, report) = unsafe { (PANICKED.get(), REPORT.get()) };
    if core::mem::replace(panicked, true) {
        // The message's own Display panicked.
        exit(crate::PANIC_EXIT_CODE);
    }
    fill(report);
    platform::panic(report)
}
