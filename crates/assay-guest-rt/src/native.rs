//! A guest as a process of the host: what differs from a zkVM is only how bytes get in and out.
//!
//! Whoever starts the process gives it its input on file descriptor [`INPUT_FD`], which is read to its end, and reads
//! from file descriptor [`OUTPUT_FD`] records of one byte (what it is), four bytes (its length, little-endian) and that many
//! bytes. stdout and stderr are the guest's log.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    mem::ManuallyDrop,
    os::fd::{FromRawFd as _, RawFd},
    panic, process,
    sync::{Mutex, OnceLock, PoisonError},
};

use crate::{PANIC_EXIT_CODE, report::Report};

/// Where the input comes from.
pub const INPUT_FD: RawFd = 3;
/// Where records go.
pub const OUTPUT_FD: RawFd = 4;

/// A record that holds a piece of the public output.
pub const OUTPUT_RECORD: u8 = 0;
/// A record that holds the text of a panic.
pub const PANIC_RECORD: u8 = 1;

/// Most bytes of one record; longer output is several.
const RECORD_BYTES_MAX: usize = 1 << 24;

/// The exit code if the process was not started as a guest is, or its records cannot be written any more.
const NO_HOST_EXIT_CODE: u8 = 102;

static INPUT: OnceLock<Vec<u8>> = OnceLock::new();

/// Records must not be mixed up, should a guest start threads.
static OUTPUT: Mutex<()> = Mutex::new(());

/// Runs a guest as the whole of this process.
pub fn run(guest: impl FnOnce() -> u8) -> ! {
    panic::set_hook(Box::new(|panic| {
        let mut report = Report::EMPTY;
        report.fill(panic.location(), panic.payload_as_str().unwrap_or("a value that is no text"));
        end_with(&report)
    }));
    // Before the guest, as where the input is streamed.
    read_input();
    exit(guest())
}

/// The panic of a guest in C.
#[cfg(feature = "c")]
pub(crate) fn panic_at(file: impl std::fmt::Display, line: u32, message: impl std::fmt::Display) -> ! {
    let mut report = Report::EMPTY;
    report.fill_at(file, line, message);
    end_with(&report)
}

fn end_with(report: &Report) -> ! {
    log(report.logged());
    write_record(PANIC_RECORD, report.text().as_bytes());
    exit(PANIC_EXIT_CODE)
}

pub(crate) fn read_input() -> &'static [u8] {
    INPUT.get_or_init(|| {
        let mut bytes = Vec::new();
        match file(INPUT_FD).read_to_end(&mut bytes) {
            Ok(_) => bytes,
            Err(error) => no_host("reads its input from file descriptor 3", &error),
        }
    })
}

pub(crate) fn write_output(bytes: &[u8]) {
    for piece in bytes.chunks(RECORD_BYTES_MAX) {
        write_record(OUTPUT_RECORD, piece);
    }
}

pub(crate) fn log(text: &str) {
    // A guest whose log nobody reads goes on.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

pub(crate) fn exit(code: u8) -> ! {
    process::exit(code.into())
}

fn write_record(kind: u8, bytes: &[u8]) {
    let _guard = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    let length = (bytes.len() as u32).to_le_bytes();
    let record = [&[kind], &length[..], bytes].concat();
    if let Err(error) = file(OUTPUT_FD).write_all(&record) {
        no_host("writes its output to file descriptor 4", &error);
    }
}

fn no_host(what: &str, error: &std::io::Error) -> ! {
    log(&format!("this program is a guest, which {what}: {error}; start it with assay run --backend native\n"));
    exit(NO_HOST_EXIT_CODE)
}

#[expect(unsafe_code, reason = "a file descriptor that was inherited can be had in no other way")]
fn file(descriptor: RawFd) -> ManuallyDrop<File> {
    // SAFETY: nothing else in a guest has these descriptors, and nothing closes them. If they are not open, reading and
    // writing say so.
    ManuallyDrop::new(unsafe { File::from_raw_fd(descriptor) })
}
