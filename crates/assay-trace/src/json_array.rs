//! One JSON array of records, a record a line: `[` alone, then records with commas, then `]` alone.
//!
//! Any JSON reader takes it, and ours streams it line by line without holding more than one record.

use std::io::{BufRead, Write};

use assay_spec::MicroOp;

use crate::{TraceError, jsonl::Lines};

/// Writes `records` as one array; returns how many there were.
///
/// An error in `records` ends the array early but well-formed, so that what was recorded is not lost, and is
/// then returned.
pub fn write_json_array<W: Write>(
    records: impl Iterator<Item = Result<MicroOp, TraceError>>,
    writer: &mut W,
) -> Result<u64, TraceError> {
    let mut written = 0;
    let mut failure = None;
    writer.write_all(b"[")?;
    for record in records {
        match record {
            Ok(record) => {
                writer.write_all(if written == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *writer, &record).map_err(std::io::Error::from)?;
                written += 1;
            }
            Err(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    writer.write_all(b"\n]\n")?;
    writer.flush()?;
    failure.map_or(Ok(written), Err)
}

/// Reads an array that [`write_json_array`] wrote, one record at a time.
#[derive(Debug)]
pub struct ArrayReader<R> {
    lines: Lines<R>,
    last_had_comma: bool,
}

impl<R: BufRead> ArrayReader<R> {
    /// A reader of `inner`.
    pub fn new(inner: R) -> Self {
        Self { lines: Lines::new(inner), last_had_comma: true }
    }

    fn read(&mut self) -> Result<Option<MicroOp>, TraceError> {
        if self.lines.number == 0 && self.lines.next_line()? != Some(b"[".as_slice()) {
            return Err(TraceError::NotAnArray { line: 1, expected: "`[` alone on the first line" });
        }
        let at_start = self.lines.number == 1;
        let number = self.lines.number + 1;
        let comma_before = std::mem::take(&mut self.last_had_comma);
        match self.lines.next_line()? {
            Some(b"]") if !comma_before || at_start => match self.lines.next_line()? {
                None => Ok(None),
                Some(_) => Err(TraceError::NotAnArray { line: number + 1, expected: "nothing after the `]`" }),
            },
            Some(line) if comma_before => {
                let record = line.strip_suffix(b",");
                self.last_had_comma = record.is_some();
                serde_json::from_slice(record.unwrap_or(line))
                    .map(Some)
                    .map_err(|source| TraceError::NotARecord { line: number, source })
            }
            _ => Err(TraceError::NotAnArray { line: number, expected: "a record or `]`" }),
        }
    }
}

impl<R: BufRead> Iterator for ArrayReader<R> {
    type Item = Result<MicroOp, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.lines.ended && self.lines.number > 0 {
            return None;
        }
        let record = self.read();
        self.lines.ended |= record.is_err();
        record.transpose()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use assay_spec::{
        Word,
        trace::{
            Cell, ChipKind, ChipRowBase, ChipRowRecord, Direction, InstructionRecord, InteractionBase, InteractionKind,
            InteractionRecord,
        },
    };
    use proptest::prelude::*;

    use super::*;

    /// A record of each type in turn.
    pub(crate) fn sample(seq: u64) -> MicroOp {
        match seq % 3 {
            0 => MicroOp::Instruction(InstructionRecord {
                seq,
                step: seq,
                pc: Word(0x20_0800),
                next_pc: Word(0x20_0804),
                word: Some(Word(0x13)),
                opcode: 0x13,
                mnemonic: "addi".into(),
                operands: vec![0, 0, -1],
                timestamp: 1,
                next_timestamp: 4,
                rd: None,
                mem: None,
            }),
            1 => MicroOp::ChipRow(ChipRowRecord {
                base: ChipRowBase {
                    seq,
                    step: Some(0),
                    op: 0,
                    valid: true,
                    timestamp: None,
                    chip: "Alu \"x\"\n".into(),
                },
                kind: ChipKind::Alu,
                row: 7,
                columns: [("b".to_owned(), Cell(u64::MAX)), ("a".to_owned(), Cell(1))].into_iter().collect(),
            }),
            _ => MicroOp::Interaction(InteractionRecord {
                base: InteractionBase {
                    seq,
                    step: None,
                    op: 1,
                    row: Some(1),
                    direction: Direction::Send,
                    bus: "memory".into(),
                    timestamp: Some(3),
                    multiplicity: 1,
                },
                kind: InteractionKind::Memory,
                fields: [("pointer".to_owned(), Cell(4))].into_iter().collect(),
            }),
        }
    }

    fn array(records: &[MicroOp]) -> Vec<u8> {
        let mut file = Vec::new();
        write_json_array(records.iter().cloned().map(Ok), &mut file).unwrap();
        file
    }

    #[test]
    fn the_array_is_plain_json_and_streams_back() {
        for count in 0..4 {
            let records: Vec<MicroOp> = (0..count).map(sample).collect();
            let file = array(&records);
            assert_eq!(serde_json::from_slice::<Vec<MicroOp>>(&file).unwrap(), records);
            assert_eq!(ArrayReader::new(&file[..]).collect::<Result<Vec<_>, _>>().unwrap(), records);
        }
    }

    #[test]
    fn a_failure_while_writing_leaves_a_well_formed_array_of_what_came_before() {
        let records = [Ok(sample(0)), Err(TraceError::TooLong { line: 2 }), Ok(sample(2))];
        let mut file = Vec::new();
        assert!(matches!(write_json_array(records.into_iter(), &mut file), Err(TraceError::TooLong { line: 2 })));
        assert_eq!(serde_json::from_slice::<Vec<MicroOp>>(&file).unwrap(), [sample(0)]);
    }

    #[test]
    fn what_follows_the_array_is_an_error_with_its_line() {
        let mut file = array(&[sample(0)]);
        let whole = file.clone();
        file.extend(whole);
        let read: Vec<_> = ArrayReader::new(&file[..]).collect();
        assert!(matches!(read[..], [Ok(_), Err(TraceError::NotAnArray { line: 4, .. })]), "{read:?}");
    }

    proptest! {
        #[test]
        fn a_cut_array_is_an_error_and_keeps_what_is_whole(cut in 0usize..1000) {
            let file = array(&[sample(0), sample(1), sample(2)]);
            // The last byte is a line end that nobody misses.
            let cut = cut % (file.len() - 1);
            let read: Vec<_> = ArrayReader::new(&file[..cut]).collect();
            prop_assert!(read.last().is_some_and(Result::is_err));
            prop_assert!(read.iter().rev().skip(1).all(Result::is_ok));
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = ArrayReader::new(&bytes[..]).count();
            let mut framed = b"[\n".to_vec();
            framed.extend(bytes);
            let _ = ArrayReader::new(&framed[..]).count();
        }
    }
}
