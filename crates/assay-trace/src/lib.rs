//! Files of trace records: JSON Lines while a trace is made, one JSON array when it is kept.
//!
//! The codecs work on any [`std::io::Write`] and [`std::io::BufRead`]; which files those are is for others to
//! know. A trace file is hostile until read: lines have a limit, and every damage is an error with its line.

pub mod buckets;
pub mod import;
mod json_array;
mod jsonl;
mod reader;

pub use json_array::{ArrayReader, write_json_array};
pub use jsonl::{JsonlReader, JsonlWriter};
pub use reader::TraceReader;

/// Longest record as JSON, in bytes. The widest chip row seen (OpenVM's Poseidon2, about 300 columns) has 8 KiB.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// Why a trace could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file system or the other end.
    #[error("trace i/o: {0}")]
    Io(#[from] std::io::Error),
    /// A record longer than [`RECORD_BYTES_MAX`].
    #[error("trace line {line} is longer than {RECORD_BYTES_MAX} bytes; the file is damaged or is not a trace")]
    TooLong {
        /// 1-based.
        line: u64,
    },
    /// A line that is not a record.
    #[error("trace line {line} is not a trace record: {source}")]
    NotARecord {
        /// 1-based.
        line: u64,
        /// What did not fit.
        source: serde_json::Error,
    },
    /// The brackets of the array are missing or not where they belong.
    #[error("trace line {line}: expected {expected}; the file was cut or is not a trace written by Assay")]
    NotAnArray {
        /// 1-based.
        line: u64,
        /// What should stand there.
        expected: &'static str,
    },
}
