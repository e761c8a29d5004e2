//! Segments of a trace as records, in order, and whether the buses balance.
//!
//! Order of a segment: each instruction, then its chip rows, each followed by its messages; at the end the rows that
//! belong to no instruction (program, connector, memory boundary and tree, hashes, lookup tables), of which those
//! without a message (padding, and table rows that nothing looked up) are counted and not written.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use assay_isa::{Isa, disassemble_word};
use assay_openvm_sdk::{BusRole, Circuit, FIELD_ORDER, Message, Program, Rows, Scratch, Segment, Step, Watch};
use assay_runner_kit::{Context, Records};
use assay_spec::{
    MicroOp, Register, Word,
    protocol::RunnerError,
    trace::{
        AccessKind, BusSummary, Cell, ChipRowBase, ChipRowRecord, ChipSummary, Direction, InstructionRecord,
        InteractionBase, InteractionRecord, MemoryEffect, RegisterEffect, TraceSummary,
    },
};

use crate::{chips, effects};

/// Instructions between two looks at whether the request was cancelled: rows cost some 40 µs an instruction.
const STEPS_BETWEEN_LOOKS: u64 = 1 << 10;

/// Writes segments.
pub(crate) struct Writer<'a, 'r> {
    program: &'a Program,
    watches: &'a [Watch],
    records: &'a mut Records<'r>,
    cx: &'a Context<'a>,
    instructions: u64,
    /// One record per chip and one per bus and length of message, used again and again: their names are most of them.
    chips: Vec<ChipWriter>,
    buses: Vec<BusWriter>,
    scratch: Scratch,
    /// Messages of the current segment whose sends and receives do not cancel so far.
    open: HashMap<(usize, u128), i64>,
    error: Option<RunnerError>,
}

struct ChipWriter {
    record: MicroOp,
    columns_named: bool,
    width: u64,
    rows: u64,
    rows_written: u64,
    stepless: u64,
}

struct BusWriter {
    index: u16,
    role: BusRole,
    name: String,
    by_length: HashMap<usize, MicroOp>,
    interactions: u64,
    unbalanced: u64,
}

/// The instruction that a row belongs to.
#[derive(Clone, Copy)]
struct Owner {
    step: u64,
    op: u64,
    timestamp: u64,
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
        let chips = circuit.map(|circuit| circuit.chips.iter().map(ChipWriter::new).collect());
        let buses = circuit.map(|circuit| circuit.buses.iter().copied().map(BusWriter::new).collect());
        Self {
            program,
            watches,
            records,
            cx,
            instructions,
            chips: chips.unwrap_or_default(),
            buses: buses.unwrap_or_default(),
            scratch: Scratch::default(),
            open: HashMap::new(),
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
        let chips = self.chips.into_iter().map(ChipWriter::summary).collect();
        let buses = self.buses.into_iter().map(BusWriter::summary).collect();
        Ok(TraceSummary { chips, buses, ..TraceSummary::default() })
    }

    fn write(&mut self, segment: &Segment<'_>) -> Result<(), RunnerError> {
        // The rows of instructions are the first of their chips, without gaps: after the loop, their number.
        let mut claimed = vec![0; self.chips.len()];
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
            for ((bus, _), sum) in self.open.drain() {
                self.buses[bus].unbalanced += u64::from(sum.rem_euclid(FIELD_ORDER.into()) != 0);
            }
        }
        Ok(())
    }

    fn stepless(&mut self, rows: &Rows<'_>, claimed: &[usize]) -> Result<(), RunnerError> {
        for (chip, &claimed) in claimed.iter().enumerate() {
            let height = rows.height(chip);
            self.chips[chip].rows += height as u64;
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
        let row_seq = self.records.next_seq();
        if self.records.is_full() {
            self.records.mark_truncated();
        } else {
            let record = self.chips[chip].row(row_seq, row, owner, &rows.cells(chip, row));
            self.records.push(record)?;
        }
        for (message, op) in messages.iter().zip(0..) {
            let index = self.buses.iter().position(|bus| bus.index == message.bus).expect("every bus has a writer");
            self.balance(index, message);
            let bus = &mut self.buses[index];
            bus.interactions += 1;
            if !self.records.is_full() {
                let base = InteractionBase {
                    seq: self.records.next_seq(),
                    step: owner.map(|owner| owner.step),
                    op,
                    row: Some(row_seq),
                    direction: if message.multiplicity < 0 { Direction::Receive } else { Direction::Send },
                    bus: bus.name.clone(),
                    timestamp: None,
                    multiplicity: message.multiplicity.unsigned_abs(),
                };
                let record = bus.interaction(base, &message.fields);
                self.records.push(record)?;
            }
        }
        Ok(())
    }

    fn balance(&mut self, bus: usize, message: &Message) {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, &message.fields).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        let key = (bus, half(0) << 64 | half(1));
        let sum = self.open.entry(key).or_default();
        *sum += message.multiplicity;
        if *sum == 0 {
            self.open.remove(&key);
        }
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
fn mnemonic(word: u32) -> String {
    if let Some(instruction) = effects::instruction(word) {
        return instruction.opcode.entry().mnemonic.to_owned();
    }
    let text = disassemble_word(word, Isa::RV32IM_OPENVM);
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

impl ChipWriter {
    fn new(chip: &assay_openvm_sdk::Chip) -> Self {
        let unnamed = || (0..chip.width).map(|index| format!("column[{index}]")).collect();
        let names: Vec<String> = chip.columns.clone().unwrap_or_else(unnamed);
        let mut columns: indexmap::IndexMap<String, Cell> = indexmap::IndexMap::with_capacity(names.len());
        for (index, name) in names.into_iter().enumerate() {
            let name = if columns.contains_key(&name) { format!("{name}[{index}]") } else { name };
            columns.insert(name, Cell(0));
        }
        let base = ChipRowBase { seq: 0, step: None, op: 0, valid: true, timestamp: None, chip: chip.name.clone() };
        Self {
            record: MicroOp::ChipRow(ChipRowRecord { base, kind: chips::kind(chip), row: 0, columns }),
            columns_named: chip.columns.is_some(),
            width: chip.width as u64,
            rows: 0,
            rows_written: 0,
            stepless: 0,
        }
    }

    fn row(&mut self, seq: u64, row: usize, owner: Option<Owner>, cells: &[u32]) -> &MicroOp {
        let MicroOp::ChipRow(record) = &mut self.record else { unreachable!("made as a chip row") };
        record.base.seq = seq;
        record.base.step = owner.map(|owner| owner.step);
        record.base.op = owner.map_or(self.stepless, |owner| owner.op);
        record.base.timestamp = owner.map(|owner| owner.timestamp);
        record.row = row as u64;
        for (column, &cell) in record.columns.values_mut().zip(cells) {
            *column = Cell(cell.into());
        }
        self.rows_written += 1;
        self.stepless += u64::from(owner.is_none());
        &self.record
    }

    fn summary(self) -> ChipSummary {
        let MicroOp::ChipRow(record) = self.record else { unreachable!("made as a chip row") };
        ChipSummary {
            chip: record.base.chip,
            rows: self.rows,
            rows_written: self.rows_written,
            width: self.width,
            columns_named: self.columns_named,
        }
    }
}

impl BusWriter {
    fn new(bus: assay_openvm_sdk::Bus) -> Self {
        Self {
            index: bus.index,
            role: bus.role,
            name: chips::bus_name(bus),
            by_length: HashMap::new(),
            interactions: 0,
            unbalanced: 0,
        }
    }

    fn interaction(&mut self, mut base: InteractionBase, fields: &[u32]) -> &MicroOp {
        if matches!(self.role, BusRole::Execution | BusRole::Memory) {
            base.timestamp = fields.last().copied().map(u64::from);
        }
        let role = self.role;
        let record = self.by_length.entry(fields.len()).or_insert_with(|| {
            let names = chips::field_names(role, fields.len());
            MicroOp::Interaction(InteractionRecord {
                base: base.clone(),
                kind: chips::interaction_kind(role),
                fields: names.into_iter().map(|name| (name, Cell(0))).collect(),
            })
        });
        let MicroOp::Interaction(interaction) = record else { unreachable!("made as an interaction") };
        interaction.base = base;
        for (field, &value) in interaction.fields.values_mut().zip(fields) {
            *field = Cell(value.into());
        }
        record
    }

    fn summary(self) -> BusSummary {
        BusSummary { bus: self.name, interactions: self.interactions, unbalanced: Some(self.unbalanced) }
    }
}
