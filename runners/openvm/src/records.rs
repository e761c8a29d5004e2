//! Segments of a trace as records, in order, and whether the buses balance.
//!
//! Order of a segment: each instruction, then its chip rows, each followed by its messages; at the end the rows that
//! belong to no instruction (program, connector, memory boundary and tree, hashes, lookup tables), of which those
//! without a message (padding, and table rows that nothing looked up) are counted and not written.

use std::collections::HashMap;

use assay_isa::{Isa, disassemble_word};
use assay_openvm_sdk::{Circuit, FIELD_ORDER, Message, Program, Rows, Scratch, Segment, Step, Watch};
use assay_runner_kit::{
    Context, Records,
    circuit::{self, CircuitRecords, Owner, Sender},
};
use assay_spec::{
    MicroOp, Register, Word,
    protocol::RunnerError,
    trace::{AccessKind, InstructionRecord, MemoryEffect, RegisterEffect, TraceSummary},
};

use crate::{
    chips::{self, RecordedBus},
    effects,
};

/// Instructions between two looks at whether the request was cancelled: rows cost some 40 µs an instruction.
const STEPS_BETWEEN_LOOKS: u64 = 1 << 10;

/// Writes segments.
pub(crate) struct Writer<'a, 'r> {
    program: &'a Program,
    watches: &'a [Watch],
    records: &'a mut Records<'r>,
    cx: &'a Context<'a>,
    instructions: u64,
    /// Empty without a circuit.
    circuit: CircuitRecords<RecordedBus>,
    /// Index of each bus by its number.
    buses: HashMap<u16, usize>,
    scratch: Scratch,
    error: Option<RunnerError>,
}

impl<'a, 'r> Writer<'a, 'r> {
    /// A writer of a trace of so many `instructions`, with rows of the chips of `circuit` if there is one.
    pub(crate) fn new(
        program: &'a Program,
        watches: &'a [Watch],
        circuit: Option<&Circuit>,
        records: &'a mut Records<'r>,
        instructions: u64,
        cx: &'a Context<'a>,
    ) -> Self {
        let (chips, buses) = circuit.map_or((&[][..], &[][..]), |circuit| (&circuit.chips, &circuit.buses));
        let recorded = buses.iter().copied().map(RecordedBus);
        Self {
            program,
            watches,
            records,
            cx,
            instructions,
            circuit: CircuitRecords::new(chips.iter().map(chips::recorded), recorded, FIELD_ORDER),
            buses: (0..).zip(buses).map(|(index, bus)| (bus.index, index)).collect(),
            scratch: Scratch::default(),
            error: None,
        }
    }

    /// Writes a segment; whether there is a use in going on.
    pub(crate) fn segment(&mut self, segment: &Segment<'_>) -> bool {
        if let Err(error) = self.write(segment) {
            self.error = Some(error);
            return false;
        }
        !self.records.is_full()
    }

    /// What was written.
    pub(crate) fn finish(self) -> Result<TraceSummary, RunnerError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let (chips, buses) = self.circuit.finish(true);
        Ok(TraceSummary { chips, buses, ..TraceSummary::default() })
    }

    fn write(&mut self, segment: &Segment<'_>) -> Result<(), RunnerError> {
        // The rows of instructions are the first of their chips, without gaps: after the loop, their number.
        let mut claimed = vec![0; self.circuit.chips()];
        for (step, number) in segment.steps.iter().zip(segment.first_step..) {
            if number.is_multiple_of(STEPS_BETWEEN_LOOKS) {
                self.cx.progress("trace", number, Some(self.instructions));
                self.cx.check_cancelled()?;
            }
            let record = self.instruction(step, number);
            self.records.push(&record)?;
            let Some(rows) = &segment.rows else {
                if self.records.is_full() {
                    break;
                }
                continue;
            };
            let ranges = &segment.row_ranges[step.rows.clone()];
            let of_step =
                ranges.iter().flat_map(|range| (range.first..range.first + range.count).map(|r| (range.chip, r)));
            for ((chip, row), op) in of_step.zip(0..) {
                let owner = Owner { step: number, op, timestamp: step.timestamp.into() };
                let messages = rows.messages(chip, row, &mut self.scratch);
                self.row(rows, chip, row, Some(owner), &messages)?;
                claimed[chip] = row + 1;
            }
        }
        if let Some(rows) = &segment.rows {
            self.stepless(rows, &claimed)?;
            self.circuit.end_part();
        }
        Ok(())
    }

    fn stepless(&mut self, rows: &Rows<'_>, claimed: &[usize]) -> Result<(), RunnerError> {
        for (chip, &claimed) in claimed.iter().enumerate() {
            let height = rows.height(chip);
            self.circuit.count_rows(chip, height as u64);
            for row in claimed..height {
                let messages = rows.messages(chip, row, &mut self.scratch);
                if !messages.is_empty() {
                    self.row(rows, chip, row, None, &messages)?;
                }
            }
        }
        Ok(())
    }

    fn row(
        &mut self,
        rows: &Rows<'_>,
        chip: usize,
        row: usize,
        owner: Option<Owner>,
        messages: &[Message],
    ) -> Result<(), RunnerError> {
        let cells = rows.cells(chip, row);
        let seq = self.circuit.row(self.records, chip, row, owner, cells.iter().copied())?;
        for (message, op) in messages.iter().zip(0..) {
            let bus = *self.buses.get(&message.bus).expect("messages are on the circuit's buses");
            let message = circuit::Message { bus, multiplicity: message.multiplicity, fields: &message.fields };
            self.circuit.message(self.records, message, Sender { owner, row: seq, op })?;
        }
        Ok(())
    }

    fn instruction(&self, step: &Step, number: u64) -> MicroOp {
        let word = self.program.word_at(step.pc);
        let watch = word.and_then(|_| {
            let index = (step.pc / 4).checked_sub(self.program.base() / 4)?;
            self.watches.get(index as usize).copied()
        });
        let watch = watch.unwrap_or_default();
        let rd = watch.register.and_then(Register::new).zip(step.register);
        let mem = watch.access.zip(step.access);
        MicroOp::Instruction(InstructionRecord {
            seq: self.records.next_seq(),
            step: number,
            pc: Word(step.pc.into()),
            next_pc: Word(step.next_pc.into()),
            word: word.map(|word| Word(word.into())),
            opcode: step.opcode.into(),
            mnemonic: word.map_or_else(|| format!("opcode {:#x}", step.opcode), mnemonic),
            operands: step.operands[..5].iter().copied().map(i64::from).collect(),
            timestamp: step.timestamp.into(),
            next_timestamp: step.next_timestamp.into(),
            rd: rd.map(|(reg, (before, after))| RegisterEffect {
                reg,
                before: Word(before.into()),
                after: Word(after.into()),
            }),
            mem: mem.map(|(access, (address, before, after))| MemoryEffect {
                kind: if access.write { AccessKind::Write } else { AccessKind::Read },
                addr: Word(address.into()),
                size: access.size,
                before: Word(before.into()),
                after: Word(after.into()),
            }),
        })
    }
}

/// The RISC-V mnemonic of a word.
pub fn mnemonic(word: u32) -> String {
    if let Some(instruction) = effects::instruction(word) {
        return instruction.opcode.entry().mnemonic.to_owned();
    }
    let text = disassemble_word(word, Isa::RV32IM_OPENVM);
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
