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

/// How lines of records of each type begin.
const LINES: [&[u8]; 3] = [b"{\"type\":\"instruction\",", b"{\"type\":\"chip_row\",", b"{\"type\":\"interaction\","];

/// Most bytes of a line in an error's message.
const LINE_SHOWN_BYTES_MAX: usize = 80;

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

    /// Writes `lines` that are records already: whole lines as [`Records::push`] writes them, numbered from
    /// [`Records::next_seq`]. They come from patched zkVM sources, which emit records as text. Once the limit is reached lines
    /// are dropped, the trace is marked truncated, and the answer is false.
    pub fn push_lines(&mut self, lines: &[u8]) -> Result<bool, RunnerError> {
        let mut counts = [0; 3];
        let (mut bytes, mut room) = (0, self.limit - self.next_seq().min(self.limit));
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            if room == 0 {
                self.truncated = true;
                break;
            }
            let kind = LINES.iter().position(|start| line.starts_with(start) && line.ends_with(b"\n"));
            let Some(kind) = kind else {
                let line = String::from_utf8_lossy(&line[..line.len().min(LINE_SHOWN_BYTES_MAX)]).into_owned();
                return Err(error(ErrorKind::Sdk, format!("the patched sources emitted what is no record: {line:?}")));
            };
            (counts[kind], bytes, room) = (counts[kind] + 1, bytes + line.len(), room - 1);
        }
        let written = self.writer.lines(&lines[..bytes], counts.iter().sum());
        written.map_err(|reason| io_error(&self.path, &reason))?;
        self.instructions += counts[0];
        self.chip_rows += counts[1];
        self.interactions += counts[2];
        Ok(bytes == lines.len())
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

#[cfg(test)]
mod tests {
    use super::*;

    const LINES_OF_EACH: &str = "{\"type\":\"instruction\",\"data\":1}\n{\"type\":\"chip_row\",\"data\":2}\n\
                                 {\"type\":\"interaction\",\"data\":3}\n{\"type\":\"interaction\",\"data\":4}\n";

    fn pushed(limit: u64) -> (bool, String, TraceSummary) {
        let (mut bytes, mut summary) = (Vec::new(), TraceSummary::default());
        let mut records = Records::to_stream(&mut bytes, limit);
        let whole = records.push_lines(LINES_OF_EACH.as_bytes()).unwrap();
        records.finish(&mut summary).unwrap();
        (whole, String::from_utf8(bytes).unwrap(), summary)
    }

    #[test]
    fn lines_that_are_records_are_written_as_they_are_and_counted_by_type() {
        let (whole, text, summary) = pushed(9);
        assert!(whole && !summary.truncated);
        assert_eq!(text, LINES_OF_EACH);
        assert_eq!((summary.instructions, summary.chip_rows, summary.interactions), (1, 1, 2));
    }

    #[test]
    fn lines_beyond_the_limit_are_dropped_whole_and_truncate_the_trace() {
        let (whole, text, summary) = pushed(3);
        assert!(!whole && summary.truncated);
        assert_eq!(text.lines().count(), 3);
        assert_eq!((summary.instructions, summary.chip_rows, summary.interactions), (1, 1, 1));
        assert!(pushed(0).1.is_empty());
    }

    #[test]
    fn lines_that_are_no_records_are_refused() {
        for bad in ["{\"type\":\"instruction\",\"data\":1}", "stdout: hello\n", "\n"] {
            let mut bytes = Vec::new();
            let reason = Records::to_stream(&mut bytes, 9).push_lines(bad.as_bytes()).unwrap_err();
            assert_eq!(reason.kind, ErrorKind::Sdk, "{bad:?}");
        }
    }
}
