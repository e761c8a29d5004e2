//! The runtime for guests in C: the functions of the headers in `include/`, over those that Rust guests call.
//!
//! A guest in C has `main` and no more; this is all that stands between it and the platform. `memcpy` and its kin come
//! with the compiler's own library. A native guest has the C library's memory; only what ends it is replaced, because its
//! end must be the same as elsewhere.
#![expect(unsafe_code, reason = "C functions take what C hands over")]

#[cfg(target_os = "none")]
mod memory;

use core::{
    ffi::{CStr, c_char, c_int, c_uint},
    ptr, slice,
};

/// What an exit code becomes that has none of its 1s in the 8 bits that are kept: a failure stays one.
const LOST_EXIT_CODE: u8 = 255;

/// `read_input` of `zkvm_io.h`.
///
/// # Safety
///
/// Both pointers must be what they are in C: writable and aligned.
#[unsafe(no_mangle)]
unsafe extern "C" fn read_input(buf_ptr: *mut *const u8, buf_size: *mut usize) {
    let input = crate::read_input();
    // SAFETY: as promised by the caller.
    unsafe {
        buf_ptr.write(input.as_ptr());
        buf_size.write(input.len());
    }
}

/// `write_output` of `zkvm_io.h`.
///
/// # Safety
///
/// So many bytes must be readable there.
#[unsafe(no_mangle)]
unsafe extern "C" fn write_output(output: *const u8, size: usize) {
    // No bytes may be nowhere.
    if size > 0 {
        // SAFETY: as promised by the caller.
        crate::write_output(unsafe { slice::from_raw_parts(output, size) });
    }
}

/// `guest_log` of `assay_guest.h`.
///
/// # Safety
///
/// The text must end with a 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn guest_log(text: *const c_char) {
    // SAFETY: as promised by the caller.
    log_bytes(unsafe { CStr::from_ptr(text) }.to_bytes());
}

/// `guest_panic_at` of `assay_guest.h`.
///
/// # Safety
///
/// Both texts must end with a 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn guest_panic_at(message: *const c_char, file: *const c_char, line: c_uint) -> ! {
    // SAFETY: as promised by the caller.
    let [message, file] = [message, file].map(|text| unsafe { CStr::from_ptr(text) }.to_bytes());
    crate::host::panic_at(Text(file), line, Text(message))
}

/// Text of C, which need not be UTF-8.
struct Text<'a>(&'a [u8]);

impl core::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

fn log_bytes(bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        crate::log(chunk.valid());
        if !chunk.invalid().is_empty() {
            crate::log("\u{fffd}");
        }
    }
}

/// The 8 bits of an exit code.
fn exit_code(code: c_int) -> u8 {
    match code as u8 {
        0 if code != 0 => LOST_EXIT_CODE,
        code => code,
    }
}

/// No arguments, as C spells it.
struct NoArguments([*const c_char; 1]);

// SAFETY: it is a null pointer, which leads nowhere.
unsafe impl Sync for NoArguments {}

static NO_ARGUMENTS: NoArguments = NoArguments([ptr::null()]);

#[cfg(target_os = "none")]
mod end {
    use super::{NO_ARGUMENTS, c_char, c_int, exit_code};

    /// What `_start` calls.
    #[unsafe(no_mangle)]
    extern "Rust" fn __assay_guest_main() -> u8 {
        unsafe extern "C" {
            fn main(argc: c_int, argv: *const *const c_char) -> c_int;
        }
        // SAFETY: the guest's own; one that takes no arguments does not look at them.
        exit_code(unsafe { main(0, NO_ARGUMENTS.0.as_ptr()) })
    }

    /// `exit` of `<stdlib.h>`.
    #[unsafe(no_mangle)]
    extern "C" fn exit(code: c_int) -> ! {
        crate::exit(exit_code(code))
    }

    /// `abort` of `<stdlib.h>`.
    #[unsafe(no_mangle)]
    extern "C" fn abort() -> ! {
        crate::abort()
    }
}

/// What the linker puts in place of the C library's with `--wrap`.
#[cfg(not(target_os = "none"))]
mod end {
    use super::{NO_ARGUMENTS, c_char, c_int, exit_code};

    unsafe extern "C" {
        fn __real_main(argc: c_int, argv: *const *const c_char) -> c_int;
        safe fn __real_exit(code: c_int) -> !;
    }

    /// What the process's startup calls.
    #[unsafe(no_mangle)]
    extern "C" fn __wrap_main() -> ! {
        // SAFETY: the guest's own; one that takes no arguments does not look at them.
        crate::native::run(|| exit_code(unsafe { __real_main(0, NO_ARGUMENTS.0.as_ptr()) }))
    }

    /// What the guest calls, and Rust's own way out of a process, too.
    #[unsafe(no_mangle)]
    extern "C" fn __wrap_exit(code: c_int) -> ! {
        __real_exit(exit_code(code).into())
    }

    /// A signal would be another end than the one that guests of a zkVM have.
    #[unsafe(no_mangle)]
    extern "C" fn __wrap_abort() -> ! {
        __real_exit(crate::ABORT_EXIT_CODE.into())
    }
}
