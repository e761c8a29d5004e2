//! A trace file of either form, told apart by its first byte.

use std::io::BufRead;

use assay_spec::MicroOp;

use crate::{ArrayReader, JsonlReader, TraceError};

/// Reads records from one JSON array or from JSON Lines.
#[derive(Debug)]
pub enum TraceReader<R> {
    /// `[` came first.
    Array(ArrayReader<R>),
    /// Anything else did, or nothing.
    Lines(JsonlReader<R>),
}

impl<R: BufRead> TraceReader<R> {
    /// A reader of `inner`, of which only the first byte is looked at here: a pipe will do.
    pub fn new(mut inner: R) -> Result<Self, TraceError> {
        let array = inner.fill_buf()?.first() == Some(&b'[');
        Ok(if array { Self::Array(ArrayReader::new(inner)) } else { Self::Lines(JsonlReader::new(inner)) })
    }
}

impl<R: BufRead> Iterator for TraceReader<R> {
    type Item = Result<MicroOp, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Array(reader) => reader.next(),
            Self::Lines(reader) => reader.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{JsonlWriter, json_array::tests::sample, write_json_array};

    #[test]
    fn both_forms_are_read_and_an_empty_file_has_no_records() {
        let records: Vec<MicroOp> = (0..5).map(sample).collect();
        let mut array = Vec::new();
        write_json_array(records.iter().cloned().map(Ok), &mut array).unwrap();
        let mut writer = JsonlWriter::new(Vec::new());
        for record in &records {
            writer.record(record).unwrap();
        }
        let lines = writer.finish().unwrap();
        for file in [array, lines] {
            let read: Vec<MicroOp> = TraceReader::new(&file[..]).unwrap().collect::<Result<_, _>>().unwrap();
            assert_eq!(read, records);
        }
        assert_eq!(TraceReader::new(&b""[..]).unwrap().count(), 0);
    }
}
