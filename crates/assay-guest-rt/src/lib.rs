//! Guest runtime: what a guest is written against, once for all platforms.
//!
//! ```ignore
//! #![cfg_attr(target_os = "none", no_std, no_main)]
//!
//! assay_guest_rt::main!(run);
//!
//! fn run() {
//!     assay_guest_rt::write_output(assay_guest_rt::read_input());
//! }
//! ```
//!
//! The interface is the C ABI of the zkVM standards as Rust functions: the whole input, an output that is appended to, an
//! exit code. A feature says for which platform a guest is built; without an operating system exactly one must be on, and
//! with one the guest is an ordinary process and features do not matter. The linker script of the platform is found with
//! `-C link-arg=-Tlink.x`.
//!
//! All platforms are driven by their raw calls and none by its SDK's guest crate: one bump allocator, one panic report and
//! one startup for all of them is what makes their outcomes comparable, and a new SDK version does not rebuild guests.
//!
//! What differs is where a platform has a limit: OpenVM has 256 bytes of public values, and output beyond them is a panic
//! that says so. A full heap is a panic too. Stacks differ in size: just below 2 MiB on `standard` and `risc0`, 512 KiB on
//! `openvm`, all memory below the code on `sp1`.
//!
//! # Panics of a guest
//!
//! A panic's text is `LOCATION:\nMESSAGE`, at most [`PANIC_TEXT_BYTES_MAX`] bytes, equal on all platforms if guests are
//! built with remapped paths. RISC Zero's `SYS_PANIC` gets it as it is, a native process hands it to its parent; elsewhere
//! it is logged behind the line [`PANIC_MARKER`] and the words `panicked at `, and the exit code is
//! [`PANIC_EXIT_CODE`].
#![cfg_attr(target_os = "none", no_std)]

#[cfg(feature = "accelerators")]
extern crate alloc;

pub mod accelerators;
#[cfg(feature = "c")]
mod c;
mod exit;
mod report;

#[cfg(target_os = "none")]
mod embedded;
#[cfg(target_os = "none")]
use embedded as host;

#[cfg(not(target_os = "none"))]
#[doc(hidden)]
pub mod native;
#[cfg(not(target_os = "none"))]
use native as host;

pub use exit::ExitStatus;
pub use report::{PANIC_MARKER, PANIC_TEXT_BYTES_MAX};

/// The exit code of a guest that panicked.
pub const PANIC_EXIT_CODE: u8 = 101;

/// The exit code of a guest that called [`abort`]: what a shell shows of a process that did.
pub const ABORT_EXIT_CODE: u8 = 134;

/// The whole input of the guest. Any number of calls give the same bytes.
pub fn read_input() -> &'static [u8] {
    host::read_input()
}

/// Appends `bytes` to the public output, without any framing.
///
/// # Panics
///
/// On OpenVM if the output passes its 256 bytes of public values.
pub fn write_output(bytes: &[u8]) {
    if !bytes.is_empty() {
        host::write_output(bytes);
    }
}

/// Writes `text` to the guest's log, which is no part of what it computes and is never compared.
pub fn log(text: &str) {
    if !text.is_empty() {
        host::log(text);
    }
}

/// Ends the guest with this exit code.
pub fn exit(code: u8) -> ! {
    host::exit(code)
}

/// Ends the guest as failed, with [`ABORT_EXIT_CODE`].
pub fn abort() -> ! {
    exit(ABORT_EXIT_CODE)
}

/// Makes the function of this name what the guest does. It takes nothing and returns an [`ExitStatus`].
#[cfg(target_os = "none")]
#[macro_export]
macro_rules! main {
    ($run:path) => {
        #[unsafe(no_mangle)]
        fn __assay_guest_main() -> u8 {
            $crate::ExitStatus::code($run())
        }
    };
}

/// Makes the function of this name what the guest does. It takes nothing and returns an [`ExitStatus`].
#[cfg(not(target_os = "none"))]
#[macro_export]
macro_rules! main {
    ($run:path) => {
        fn main() {
            $crate::native::run(|| $crate::ExitStatus::code($run()))
        }
    };
}
