//! Records in the logs of other instrumentations: `<record>{json}</record>` among any other text.
//!
//! A log is hostile: what is no record is passed over, what cannot be read is counted with its reason, and memory is
//! bounded by [`RECORD_BYTES_MAX`]. What the JSON has to look like is in `convert`, and in docs/buckets.md for people.

mod convert;

use std::{collections::BTreeMap, io::BufRead};

use assay_spec::MicroOp;

use crate::{RECORD_BYTES_MAX, TraceError};

pub use convert::{ALIASES, Alias};
use convert::{Unreadable, record};

const OPEN: &[u8] = b"<record>";
const CLOSE: &[u8] = b"</record>";

/// Distinct reasons that are told apart; further ones are counted together.
const REASONS_MAX: usize = 64;

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Instruction records.
    pub instructions: u64,
    /// Chip-row records.
    pub chip_rows: u64,
    /// Interaction records.
    pub interactions: u64,
    /// Records that could not be read, by reason.
    pub skipped: BTreeMap<String, u64>,
}

impl Imported {
    /// Records that could not be read.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.values().sum()
    }

    fn skip(&mut self, reason: &Unreadable) {
        let mut reason = reason.to_string();
        if !self.skipped.contains_key(&reason) && self.skipped.len() >= REASONS_MAX {
            "other reasons".clone_into(&mut reason);
        }
        *self.skipped.entry(reason).or_default() += 1;
    }
}

/// Hands every record in `log` that can be read to `sink`, in order.
pub fn import<R: BufRead>(
    log: R,
    sink: &mut dyn FnMut(&MicroOp) -> Result<(), TraceError>,
) -> Result<Imported, TraceError> {
    let mut imported = Imported::default();
    let mut found = Found { log, buffer: Vec::new(), ended: false };
    let mut position = 0;
    while let Some(end) = found.next()? {
        let text = &found.buffer[OPEN.len()..end.length.max(OPEN.len())];
        // Opening marks within belong to later records: those before the last were cut.
        let marks = text.windows(OPEN.len()).enumerate().filter(|(_, window)| *window == OPEN);
        let (cut, last) = marks.fold((0, None), |(count, _), (at, _)| (count + 1, Some(at)));
        for _ in 0..cut {
            imported.skip(&Unreadable::NotClosed);
        }
        if let Some(last) = last {
            found.buffer.drain(..OPEN.len() + last);
            continue;
        }
        let read = end.fault.map_or_else(|| record(text, position, imported.instructions), Err);
        match read {
            Ok(record) => {
                position += 1;
                *match record {
                    MicroOp::Instruction(_) => &mut imported.instructions,
                    MicroOp::ChipRow(_) => &mut imported.chip_rows,
                    MicroOp::Interaction(_) => &mut imported.interactions,
                } += 1;
                sink(&record)?;
            }
            Err(reason) => imported.skip(&reason),
        }
        found.buffer.drain(..end.length.max(OPEN.len()));
    }
    Ok(imported)
}

/// The texts behind opening marks.
struct Found<R> {
    log: R,
    /// From the opening mark of the current record on, once it is found.
    buffer: Vec<u8>,
    ended: bool,
}

/// Where the text behind the mark that begins the buffer ends.
struct End {
    /// Bytes of mark and text.
    length: usize,
    /// Why the text is no record.
    fault: Option<Unreadable>,
}

impl<R: BufRead> Found<R> {
    /// Looks for the next opening mark and the closing one behind it.
    fn next(&mut self) -> Result<Option<End>, TraceError> {
        loop {
            match find(&self.buffer, OPEN) {
                Some(start) => {
                    self.buffer.drain(..start);
                    break;
                }
                None if self.ended => return Ok(None),
                None => {
                    self.buffer.drain(..self.buffer.len().saturating_sub(OPEN.len() - 1));
                    self.fill()?;
                }
            }
        }
        let mut searched = OPEN.len();
        loop {
            if let Some(end) = find(&self.buffer[searched..], CLOSE) {
                return Ok(Some(End { length: searched + end, fault: None }));
            }
            // The end of what is there may be the beginning of a mark.
            let whole = self.buffer.len().saturating_sub(OPEN.len() - 1);
            if self.buffer.len() > RECORD_BYTES_MAX + OPEN.len() {
                return Ok(Some(End { length: whole, fault: Some(Unreadable::TooLong) }));
            }
            if self.ended {
                return Ok(Some(End { length: self.buffer.len(), fault: Some(Unreadable::NotClosed) }));
            }
            searched = self.buffer.len().saturating_sub(CLOSE.len() - 1).max(OPEN.len());
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<(), TraceError> {
        let more = self.log.fill_buf()?;
        self.ended = more.is_empty();
        self.buffer.extend_from_slice(more);
        let length = more.len();
        self.log.consume(length);
        Ok(())
    }
}

/// Where `needle` first is in `text`.
fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;
    use crate::json_array::tests::sample;

    fn read(log: &[u8]) -> (Vec<MicroOp>, Imported) {
        let mut records = Vec::new();
        // Small pieces, so that marks and records are cut.
        let imported = import(BufReader::with_capacity(7, log), &mut |record| {
            records.push(record.clone());
            Ok(())
        })
        .unwrap();
        (records, imported)
    }

    fn marked(record: &MicroOp) -> String {
        format!("<record>{}</record>", serde_json::to_string(record).unwrap())
    }

    #[test]
    fn records_of_ours_come_back_whatever_stands_between_them() {
        let records: Vec<MicroOp> = (0..6).map(sample).collect();
        let mut log = String::from("starting\u{0} <rec <record\n");
        for record in &records {
            log.push_str(&marked(record));
            log.push_str(" [INFO] <b> </record> noise\n");
        }
        let (read, imported) = read(log.as_bytes());
        assert_eq!(read, records);
        assert_eq!((imported.instructions, imported.chip_rows, imported.interactions), (2, 2, 2));
        assert_eq!(imported.skipped_total(), 0);
    }

    #[test]
    fn what_cannot_be_read_is_counted_with_its_reason_and_what_follows_is_read() {
        let good = marked(&sample(0));
        let log = format!(
            "<record>not json</record><record>{{\"type\":\"weather\"}}</record><record>{{\"type\":\"instr{good}\
             <record>{{\"type\":\"instruction\",\"data\":{{\"step\":1}}}}</record><record>{{"
        );
        let (read, imported) = read(log.as_bytes());
        assert_eq!(read, [sample(0)]);
        let reasons: Vec<(&str, u64)> =
            imported.skipped.iter().map(|(reason, &count)| (reason.as_str(), count)).collect();
        assert_eq!(
            reasons,
            [
                ("an instruction record without pc", 1),
                ("no closing mark", 2),
                ("no record type that is known", 1),
                ("not a JSON object", 1),
            ]
        );
    }

    #[test]
    fn marks_without_end_cost_no_more_than_their_length() {
        let marks = 400_000;
        let log = "<record>".repeat(marks);
        let imported = import(log.as_bytes(), &mut |_| Ok(())).unwrap();
        assert_eq!(imported.skipped_total(), marks as u64);
    }

    #[test]
    fn a_record_without_end_is_given_up_and_the_next_one_is_read() {
        let log = format!("<record>{}{}", "x".repeat(RECORD_BYTES_MAX + 100), marked(&sample(1)));
        let mut records = Vec::new();
        let imported = import(log.as_bytes(), &mut |record| {
            records.push(record.clone());
            Ok(())
        });
        assert_eq!(records, [sample(1)]);
        assert_eq!(imported.unwrap().skipped_total(), 1);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(parts in prop::collection::vec(
            prop_oneof![
                Just("<record>".to_owned()),
                Just("</record>".to_owned()),
                Just(r#"{"type":"instruction","data":{"pc":"0x4","next_pc":8,"word":19}}"#.to_owned()),
                Just(r#"{"type":"chip_row","data":{"chip":"x","columns":{"a":[1,2]}}}"#.to_owned()),
                "[ -~]{0,20}",
            ],
            0..30,
        )) {
            let (records, imported) = read(parts.concat().as_bytes());
            prop_assert_eq!(records.len() as u64, imported.instructions + imported.chip_rows + imported.interactions);
        }
    }
}
