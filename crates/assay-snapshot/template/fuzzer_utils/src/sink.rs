//! Trace records as JSON Lines, in an order that does not depend on threads.
//!
//! Patched code opens a [`section`] under a [`Key`] wherever it has records to emit: the executor for instructions,
//! each chip for its rows. Chips may do so in parallel, in any order; [`flush`] and [`finish`] write sections in the
//! order of their keys and number records through. Keys of sections should differ: sections of one key are written in
//! the order in which they ended.
//!
//! Records that the runner's limit cuts off, and whole sections beyond [`BUFFER_BYTES_MAX`], are dropped, and
//! [`Counts::truncated`] says so.

mod json;
mod section;
mod writer;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use self::section::Records;
pub use self::section::{Cells, ChipRow, Instruction, Interaction, Memory, RowRef, Section, Step};
use self::writer::Writer;

/// Bytes of sections that wait to be written at one time.
pub const BUFFER_BYTES_MAX: usize = 2 << 30;

/// Chips, and buses, of one section.
pub const CHIPS_MAX: usize = 4096;

static ENABLED: AtomicBool = AtomicBool::new(false);
static SINK: Mutex<Option<Sink>> = Mutex::new(None);

struct Sink {
    waiting: BTreeMap<Key, Vec<Records>>,
    waiting_bytes: usize,
    writer: Writer,
}

/// Where a section stands among all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Segment or shard; clocks and steps start anew in each.
    pub segment: u32,
    /// Part of the segment: instructions before rows, so that rows find their instruction.
    pub part: u32,
    /// Chip.
    pub chip: u32,
    /// Piece of the chip's rows, where they are made in pieces.
    pub chunk: u32,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Instruction records.
    pub instructions: u64,
    /// Chip-row records.
    pub chip_rows: u64,
    /// Interaction records.
    pub interactions: u64,
    /// Whether records were dropped.
    pub truncated: bool,
    /// Chips in the order in which they were first written.
    pub chips: Vec<ChipCounts>,
    /// Buses in the order in which they were first written: name, messages.
    pub buses: Vec<(String, u64)>,
}

/// A chip of [`Counts`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChipCounts {
    /// Its name.
    pub chip: String,
    /// Its rows, padding included, as far as patched code said.
    pub rows: u64,
    /// Rows written.
    pub rows_written: u64,
    /// Its columns.
    pub width: u64,
}

/// Whether records are wanted.
#[inline]
pub fn enabled() -> bool {
    ENABLED.load(Ordering::Relaxed)
}

/// Records go to a new file at `path`, at most `records_max`, until [`finish`]. What an earlier start left is dropped.
pub fn start(path: &Path, records_max: u64) -> io::Result<()> {
    start_with(Box::new(BufWriter::with_capacity(1 << 20, File::create(path)?)), records_max);
    Ok(())
}

/// As [`start`], into a writer.
pub fn start_with(out: Box<dyn Write + Send>, records_max: u64) {
    *lock() = Some(Sink { waiting: BTreeMap::new(), waiting_bytes: 0, writer: Writer::new(out, records_max) });
    ENABLED.store(true, Ordering::Relaxed);
}

/// Emits records of one part of a run; does nothing while no records are wanted.
pub fn section(key: Key, emit: impl FnOnce(&mut Section)) {
    if let Some(mut section) = open(key) {
        emit(&mut section);
    }
}

/// As [`section`], for code that emits bit by bit; the section ends when it is dropped.
pub fn open(key: Key) -> Option<Section> {
    enabled().then(|| Section::new(key))
}

/// Writes what waits. For the end of a segment: sections that come later are written later, whatever their keys.
pub fn flush() -> io::Result<()> {
    match lock().as_mut() {
        Some(sink) => sink.flush(),
        None => Ok(()),
    }
}

/// Writes what waits and ends the stream. Records that patched code emits from here on are dropped.
pub fn finish() -> io::Result<Counts> {
    ENABLED.store(false, Ordering::Relaxed);
    match lock().take() {
        Some(mut sink) => {
            sink.flush()?;
            sink.writer.finish()
        }
        None => Ok(Counts::default()),
    }
}

/// Takes the records of a section that has ended.
fn submit(key: Key, records: Records) {
    if let Some(sink) = lock().as_mut() {
        let bytes = records.bytes();
        if sink.waiting_bytes.saturating_add(bytes) > BUFFER_BYTES_MAX {
            sink.writer.mark_truncated();
            return;
        }
        sink.waiting_bytes += bytes;
        sink.waiting.entry(key).or_default().push(records);
    }
}

impl Sink {
    fn flush(&mut self) -> io::Result<()> {
        self.waiting_bytes = 0;
        for (key, sections) in std::mem::take(&mut self.waiting) {
            for records in sections {
                self.writer.write(key.segment, &records)?;
            }
        }
        Ok(())
    }
}

fn lock() -> MutexGuard<'static, Option<Sink>> {
    // Whoever panicked with the lock held did so between whole records.
    SINK.lock().unwrap_or_else(PoisonError::into_inner)
}
