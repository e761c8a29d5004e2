//! JSON Lines: one record a line. What runners write, because it can be cut anywhere and lose one record at most.

use std::io::{self, BufRead, Read as _, Write};

use assay_spec::MicroOp;
use serde::Serialize as _;

use crate::{RECORD_BYTES_MAX, TraceError};

/// Writes one record a line, and counts.
#[derive(Debug)]
pub struct JsonlWriter<W> {
    inner: W,
    /// One line, made whole before it is written: a record is some hundred pieces, and `inner` may be slow with each.
    line: Vec<u8>,
    records: u64,
}

impl<W: Write> JsonlWriter<W> {
    /// A writer into `inner`, which should be buffered.
    pub fn new(inner: W) -> Self {
        Self { inner, line: Vec::new(), records: 0 }
    }

    /// Writes one record.
    pub fn record(&mut self, record: &MicroOp) -> io::Result<()> {
        self.line.clear();
        record.serialize(&mut serde_json::Serializer::new(&mut self.line))?;
        self.line.push(b'\n');
        self.inner.write_all(&self.line)?;
        self.records += 1;
        Ok(())
    }

    /// Writes lines that are records already, each with its line end; `records` says how many they are.
    pub fn lines(&mut self, lines: &[u8], records: u64) -> io::Result<()> {
        self.inner.write_all(lines)?;
        self.records += records;
        Ok(())
    }

    /// Records written so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Flushes, and gives `inner` back.
    pub fn finish(mut self) -> io::Result<W> {
        self.inner.flush()?;
        Ok(self.inner)
    }
}

/// Reads one record a line. After an error there is nothing more.
#[derive(Debug)]
pub struct JsonlReader<R> {
    lines: Lines<R>,
}

impl<R: BufRead> JsonlReader<R> {
    /// A reader of `inner`.
    pub fn new(inner: R) -> Self {
        Self { lines: Lines::new(inner) }
    }
}

impl<R: BufRead> Iterator for JsonlReader<R> {
    type Item = Result<MicroOp, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next_line() {
            Ok(line) => line?,
            Err(error) => return Some(Err(error)),
        };
        let record = serde_json::from_slice(line).map_err(|source| {
            self.lines.ended = true;
            TraceError::NotARecord { line: self.lines.number, source }
        });
        Some(record)
    }
}

/// Lines of bounded length, without their end, into one reused buffer.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    inner: R,
    buffer: Vec<u8>,
    pub(crate) number: u64,
    pub(crate) ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, buffer: Vec::new(), number: 0, ended: false }
    }

    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, TraceError> {
        if self.ended {
            return Ok(None);
        }
        self.buffer.clear();
        self.number += 1;
        // One byte more than a record and its line end may have tells "exactly at the limit" from "above it".
        let limit = RECORD_BYTES_MAX as u64 + 2;
        let read =
            (&mut self.inner).take(limit).read_until(b'\n', &mut self.buffer).inspect_err(|_| self.ended = true)?;
        if read == 0 {
            self.ended = true;
            return Ok(None);
        }
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        }
        if self.buffer.len() > RECORD_BYTES_MAX {
            self.ended = true;
            return Err(TraceError::TooLong { line: self.number });
        }
        Ok(Some(&self.buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_array::tests::sample;

    #[test]
    fn records_come_back_as_they_were_written() {
        let records: Vec<MicroOp> = (0..3).map(sample).collect();
        let mut writer = JsonlWriter::new(Vec::new());
        for record in &records {
            writer.record(record).unwrap();
        }
        assert_eq!(writer.records(), 3);
        let file = writer.finish().unwrap();
        let read: Vec<MicroOp> = JsonlReader::new(&file[..]).collect::<Result<_, _>>().unwrap();
        assert_eq!(read, records);
    }

    #[test]
    fn a_damaged_line_is_named_and_ends_the_reading() {
        let mut file = serde_json::to_vec(&sample(0)).unwrap();
        file.extend_from_slice(b"\n{\"type\":\"instruction\"\n{}\n");
        let read: Vec<_> = JsonlReader::new(&file[..]).collect();
        assert_eq!(read.len(), 2);
        assert!(matches!(read[1], Err(TraceError::NotARecord { line: 2, .. })));
    }

    #[test]
    fn an_endless_line_is_refused_without_being_read_whole() {
        let mut endless = io::BufReader::new(io::repeat(b'x'));
        let mut reader = JsonlReader::new(&mut endless);
        assert!(matches!(reader.next(), Some(Err(TraceError::TooLong { line: 1 }))));
        assert!(reader.next().is_none());
    }

    #[test]
    fn a_full_disk_is_an_error_and_not_a_panic() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = JsonlWriter::new(Full).record(&sample(0)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
