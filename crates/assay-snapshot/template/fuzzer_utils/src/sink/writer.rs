//! Puts sections one after another: numbers records, and finds the instruction that a row or a message belongs to.

use std::collections::HashMap;
use std::io::{self, Write};

use super::json;
use super::section::{Head, Record, Records, RowRef, Step};
use super::{ChipCounts, Counts};

/// Bytes that are gathered before they are written.
const CHUNK_BYTES: usize = 1 << 18;

pub(super) struct Writer {
    out: Box<dyn Write + Send>,
    chunk: Vec<u8>,
    seq: u64,
    records_max: u64,
    counts: Counts,
    /// The segment of the last section; what follows is about it.
    segment: Option<u32>,
    instructions: Vec<InstructionTime>,
    /// Steps of earlier segments.
    first_step: u64,
    /// Rows so far, by step of the segment.
    ops: HashMap<u64, u64>,
    /// Messages without a row so far, by step of the segment.
    message_ops: HashMap<u64, u64>,
    /// Rows so far that belong to no step, by chip; messages without step and row, by bus.
    stepless: HashMap<(bool, String), u64>,
}

/// When an instruction of the segment was executed.
struct InstructionTime {
    timestamp: u64,
    next_timestamp: u64,
}

/// A row of the section that is being written.
struct WrittenRow {
    /// Where its head is.
    index: u32,
    seq: u64,
    /// The step in the segment.
    step: Option<u64>,
    messages: u64,
}

impl Writer {
    pub(super) fn new(out: Box<dyn Write + Send>, records_max: u64) -> Self {
        Self {
            out,
            chunk: Vec::with_capacity(2 * CHUNK_BYTES),
            seq: 0,
            records_max,
            counts: Counts::default(),
            segment: None,
            instructions: Vec::new(),
            first_step: 0,
            ops: HashMap::new(),
            message_ops: HashMap::new(),
            stepless: HashMap::new(),
        }
    }

    pub(super) fn mark_truncated(&mut self) {
        self.counts.truncated = true;
    }

    /// Writes the records of a section of `segment`.
    pub(super) fn write(&mut self, segment: u32, records: &Records) -> io::Result<()> {
        if self.segment != Some(segment) {
            self.segment = Some(segment);
            self.first_step += self.instructions.len() as u64;
            self.instructions.clear();
            self.ops.clear();
            self.message_ops.clear();
        }
        let chips: Vec<usize> = records.chips.iter().map(|chip| self.chip(&chip.name, chip.rows, chip.width)).collect();
        let buses: Vec<usize> = records.buses.iter().map(|bus| self.bus(bus)).collect();
        // Rows in the order of their heads, so that a message finds its row by bisection; mostly it is the last.
        let mut rows: Vec<WrittenRow> = Vec::new();
        let mut start = 0;
        for (index, Head { record, tail_bytes }) in records.heads.iter().enumerate() {
            let tail = &records.tails[start..start + *tail_bytes as usize];
            start += tail.len();
            if self.seq == self.records_max {
                self.counts.truncated = true;
                break;
            }
            match *record {
                Record::Instruction { timestamp, next_timestamp } => {
                    self.counts.instructions += 1;
                    self.instruction(InstructionTime { timestamp, next_timestamp });
                }
                Record::ChipRow { chip, valid, step } => {
                    let chip = chips[chip as usize];
                    self.counts.chip_rows += 1;
                    self.counts.chips[chip].rows_written += 1;
                    let step = self.find(step);
                    rows.push(WrittenRow { index: index as u32, seq: self.seq, step, messages: 0 });
                    self.row(chip, valid, step);
                }
                Record::Interaction { bus, row, step } => {
                    let bus = buses[bus as usize];
                    self.counts.interactions += 1;
                    self.counts.buses[bus].1 += 1;
                    let row = row.and_then(|RowRef(index)| {
                        let position = rows.binary_search_by_key(&index, |row| row.index).ok()?;
                        Some(&mut rows[position])
                    });
                    self.message(bus, row, step);
                }
            }
            self.seq += 1;
            self.chunk.extend_from_slice(tail);
            if self.chunk.len() >= CHUNK_BYTES {
                self.out.write_all(&self.chunk)?;
                self.chunk.clear();
            }
        }
        Ok(())
    }

    /// Writes the rest.
    pub(super) fn finish(mut self) -> io::Result<Counts> {
        self.out.write_all(&self.chunk)?;
        self.out.flush()?;
        Ok(self.counts)
    }

    fn instruction(&mut self, time: InstructionTime) {
        let step = self.first_step + self.instructions.len() as u64;
        self.instructions.push(time);
        self.text("{\"type\":\"instruction\",\"data\":{\"seq\":");
        self.number(self.seq);
        self.text(",\"step\":");
        self.number(step);
    }

    fn row(&mut self, chip: usize, valid: bool, step: Option<u64>) {
        let op = match step {
            Some(step) => next(self.ops.entry(step).or_default()),
            None => next(self.stepless.entry((true, self.counts.chips[chip].chip.clone())).or_default()),
        };
        self.text("{\"type\":\"chip_row\",\"data\":{\"base\":{\"seq\":");
        self.number(self.seq);
        self.step(step);
        self.text(",\"op\":");
        self.number(op);
        self.text(if valid { ",\"valid\":true" } else { ",\"valid\":false" });
        if let Some(instruction) = step.and_then(|step| self.instructions.get(step as usize)) {
            let timestamp = instruction.timestamp;
            self.text(",\"timestamp\":");
            self.number(timestamp);
        }
    }

    fn message(&mut self, bus: usize, row: Option<&mut WrittenRow>, step: Step) {
        let step = row.as_ref().map_or_else(|| self.find(step), |row| row.step);
        let (op, row) = match (row, step) {
            (Some(row), _) => (next(&mut row.messages), Some(row.seq)),
            (None, Some(step)) => (next(self.message_ops.entry(step).or_default()), None),
            (None, None) => (next(self.stepless.entry((false, self.counts.buses[bus].0.clone())).or_default()), None),
        };
        self.text("{\"type\":\"interaction\",\"data\":{\"base\":{\"seq\":");
        self.number(self.seq);
        self.step(step);
        self.text(",\"op\":");
        self.number(op);
        if let Some(row) = row {
            self.text(",\"row\":");
            self.number(row);
        }
    }

    fn step(&mut self, step: Option<u64>) {
        if let Some(step) = step {
            self.text(",\"step\":");
            self.number(self.first_step + step);
        }
    }

    /// The step in the segment, if it is known.
    fn find(&self, step: Step) -> Option<u64> {
        match step {
            Step::None => None,
            Step::Is(step) => Some(step),
            Step::OfTimestamp(time) => {
                let after = self.instructions.partition_point(|instruction| instruction.timestamp <= time);
                let step = after.checked_sub(1)?;
                (time < self.instructions[step].next_timestamp).then_some(step as u64)
            }
        }
    }

    fn chip(&mut self, name: &str, rows: u64, width: u64) -> usize {
        let chips = &mut self.counts.chips;
        let index = chips.iter().position(|chip| chip.chip == name).unwrap_or_else(|| {
            chips.push(ChipCounts { chip: name.to_owned(), ..ChipCounts::default() });
            chips.len() - 1
        });
        chips[index].rows += rows;
        chips[index].width = chips[index].width.max(width);
        index
    }

    fn bus(&mut self, name: &str) -> usize {
        let buses = &mut self.counts.buses;
        buses.iter().position(|(bus, _)| bus == name).unwrap_or_else(|| {
            buses.push((name.to_owned(), 0));
            buses.len() - 1
        })
    }

    fn text(&mut self, text: &str) {
        self.chunk.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, value: u64) {
        json::unsigned(&mut self.chunk, value);
    }
}

fn next(counter: &mut u64) -> u64 {
    let value = *counter;
    *counter += 1;
    value
}
