//! The record file of a trace.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write},
};

use assay_spec::{
    MicroOp,
    protocol::{ErrorKind, RunnerError},
    trace::TraceSummary,
};
use assay_trace::JsonlWriter;

use crate::error::error;

/// Most records of one trace, whatever a request asks for.
pub const RECORDS_MAX: u64 = 1 << 30;

const BUFFER_BYTES: usize = 1 << 20;

/// Where a trace's records go, and how many went there.
pub struct Records<'a> {
    /// It counts too, but not by type.
    writer: JsonlWriter<Box<dyn Write + 'a>>,
    path: String,
    limit: u64,
    instructions: u64,
    chip_rows: u64,
    interactions: u64,
    truncated: bool,
}

impl<'a> Records<'a> {
    /// Records into `stream`, at most `limit` of them.
    pub fn to_stream(stream: impl Write + 'a, limit: u64) -> Self {
        Self {
            writer: JsonlWriter::new(Box::new(stream)),
            path: "the record stream".to_owned(),
            limit: limit.min(RECORDS_MAX),
            instructions: 0,
            chip_rows: 0,
            interactions: 0,
            truncated: false,
        }
    }

    /// Records into the new file `path`; one that exists is left alone and is an error.
    pub(crate) fn create(path: &str, limit: u64) -> Result<Self, RunnerError> {
        let file =
            OpenOptions::new().write(true).create_new(true).open(path).map_err(|reason| io_error(path, &reason))?;
        let stream = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { path: path.to_owned(), ..Self::to_stream(stream, limit) })
    }

    /// `seq` of the next record.
    pub fn next_seq(&self) -> u64 {
        self.writer.records()
    }

    /// Whether the limit is reached: nothing more will be written.
    pub fn is_full(&self) -> bool {
        self.writer.records() >= self.limit
    }

    /// Says that there was more to record than was handed to [`Records::push`].
    pub fn mark_truncated(&mut self) {
        self.truncated = true;
    }

    /// Writes `record`, whose `seq` must be [`Records::next_seq`]. Once the limit is reached records are dropped,
    /// the trace is marked truncated, and the answer is false.
    pub fn push(&mut self, record: &MicroOp) -> Result<bool, RunnerError> {
        if self.is_full() {
            self.truncated = true;
            return Ok(false);
        }
        debug_assert_eq!(record.seq(), self.writer.records(), "records are numbered in the order they are written");
        self.writer.record(record).map_err(|reason| io_error(&self.path, &reason))?;
        *match record {
            MicroOp::Instruction(_) => &mut self.instructions,
            MicroOp::ChipRow(_) => &mut self.chip_rows,
            MicroOp::Interaction(_) => &mut self.interactions,
        } += 1;
        Ok(true)
    }

    /// Writes what is buffered and enters the counts into `summary`.
    pub fn finish(self, summary: &mut TraceSummary) -> Result<(), RunnerError> {
        self.writer.finish().map_err(|reason| io_error(&self.path, &reason))?;
        summary.instructions = self.instructions;
        summary.chip_rows = self.chip_rows;
        summary.interactions = self.interactions;
        summary.truncated = self.truncated;
        Ok(())
    }
}

fn io_error(path: &str, reason: &io::Error) -> RunnerError {
    error(ErrorKind::Io, format!("cannot write records to {path}: {reason}"))
}
