//! Shards of a trace as records, in order, and whether the buses balance.
//!
//! Order of a shard: each instruction, then the rows whose clock is its, each followed by its messages; at the end the
//! rows that belong to no instruction (program, tables, memory boundary), and the messages of the shard's public values.
//! Rows without a message (padding, and table rows that nothing looked up) are counted and not written; so are rows of chips
//! whose columns SP1 does not name.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use assay_isa::{Isa, decode, disassemble_word};
use assay_runner_kit::{Context, Records};
use assay_sp1_sdk::{Bus, Chip, Circuit, FIELD_ORDER, Message, Program, Rows, Shard, Step};
use assay_spec::{
    MicroOp, Register, Word,
    protocol::RunnerError,
    trace::{
        AccessKind, BusSummary, Cell, ChipRowBase, ChipRowRecord, ChipSummary, Direction, InstructionRecord,
        InteractionBase, InteractionRecord, MemoryEffect, RegisterEffect, TraceSummary,
    },
};

use crate::chips;

/// Instructions between two looks at whether the request was cancelled.
const STEPS_BETWEEN_LOOKS: u64 = 1 << 10;

/// Writes shards.
pub(crate) struct Writer<'a, 'r> {
    program: &'a Program,
    records: &'a mut Records<'r>,
    cx: &'a Context<'a>,
    instructions: u64,
    /// One record per chip and one per bus and length of message, used again and again: their names are most of them.
    chips: Vec<ChipWriter>,
    buses: Vec<BusWriter>,
    /// Messages of the current shard whose sends and receives do not cancel so far.
    open: HashMap<(usize, u128), i64>,
    /// Instructions written.
    written: u64,
    /// Whether the run was traced to its end, so that balances mean something.
    whole: bool,
    error: Option<RunnerError>,
}

struct ChipWriter {
    record: MicroOp,
    named: bool,
    width: u64,
    rows: u64,
    rows_written: u64,
    stepless: u64,
}

struct BusWriter {
    bus: Bus,
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
    clock: u64,
}

impl<'a, 'r> Writer<'a, 'r> {
    /// A writer of a trace of so many `instructions`, with rows if there is a circuit. `whole` says that the run ended with
    /// HALT.
    pub(crate) fn new(
        program: &'a Program,
        circuit: Option<&Circuit>,
        records: &'a mut Records<'r>,
        (instructions, whole): (u64, bool),
        cx: &'a Context<'a>,
    ) -> Self {
        let chips = circuit.map(|circuit| circuit.chips.iter().map(ChipWriter::new).collect());
        let buses = circuit.map(|circuit| circuit.buses.iter().cloned().map(BusWriter::new).collect());
        Self {
            program,
            records,
            cx,
            instructions,
            chips: chips.unwrap_or_default(),
            buses: buses.unwrap_or_default(),
            open: HashMap::new(),
            written: 0,
            whole,
            error: None,
        }
    }

    /// Writes a shard; whether there is a use in going on.
    pub(crate) fn shard(&mut self, shard: &Shard<'_>) -> bool {
        if let Err(error) = self.write(shard) {
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
        if self.written < self.instructions {
            self.records.mark_truncated();
        }
        let balanced = self.whole && !self.records.is_full();
        let chips = self.chips.into_iter().filter(|chip| chip.rows > 0).map(ChipWriter::summary).collect();
        let buses = self.buses.into_iter().filter(|bus| bus.interactions > 0).map(|bus| bus.summary(balanced));
        Ok(TraceSummary { chips, buses: buses.collect(), ..TraceSummary::default() })
    }

    fn write(&mut self, shard: &Shard<'_>) -> Result<(), RunnerError> {
        let (mut owned, stepless) = shard.rows.as_ref().map(|rows| self.sort(shard, rows)).unwrap_or_default();
        owned.sort_unstable();
        let mut next = owned.into_iter().peekable();
        for (index, (step, number)) in shard.steps.iter().zip(shard.first_step..).enumerate() {
            if number.is_multiple_of(STEPS_BETWEEN_LOOKS) {
                self.cx.progress("trace", number, Some(self.instructions));
                self.cx.check_cancelled()?;
            }
            let record = self.instruction(step, number);
            self.written += u64::from(self.records.push(&record)?);
            let Some(rows) = &shard.rows else {
                if self.records.is_full() {
                    break;
                }
                continue;
            };
            let mut op = 0;
            while let Some((_, chip, row)) = next.next_if(|&(of, ..)| of == index) {
                self.row(rows, chip, row, Some(Owner { step: number, op, clock: step.clock }))?;
                op += 1;
            }
        }
        let Some(rows) = &shard.rows else { return Ok(()) };
        for (chip, row) in stepless {
            if self.records.is_full() {
                self.records.mark_truncated();
                break;
            }
            self.row(rows, chip, row, None)?;
        }
        for (message, op) in rows.public_messages().iter().zip(0..) {
            self.message(message, None, None, op)?;
        }
        for ((bus, _), sum) in self.open.drain() {
            self.buses[bus].unbalanced += u64::from(sum.rem_euclid(FIELD_ORDER.into()) != 0);
        }
        Ok(())
    }

    /// The rows of a shard: those of instructions, with the instruction's index, and the others.
    #[expect(clippy::type_complexity, reason = "used once")]
    fn sort(&mut self, shard: &Shard<'_>, rows: &Rows<'_>) -> (Vec<(usize, usize, usize)>, Vec<(usize, usize)>) {
        let (mut owned, mut stepless) = (Vec::new(), Vec::new());
        for chip in 0..self.chips.len() {
            let height = rows.height(chip);
            self.chips[chip].rows += height as u64;
            for row in 0..height {
                let clock = rows.clock(chip, row);
                let step = clock.and_then(|clock| shard.steps.binary_search_by_key(&clock, |step| step.clock).ok());
                match step {
                    Some(step) => owned.push((step, chip, row)),
                    None => stepless.push((chip, row)),
                }
            }
        }
        (owned, stepless)
    }

    fn row(&mut self, rows: &Rows<'_>, chip: usize, row: usize, owner: Option<Owner>) -> Result<(), RunnerError> {
        let messages = rows.messages(chip, row);
        if messages.is_empty() {
            return Ok(());
        }
        let mut row_seq = None;
        if self.records.is_full() {
            self.records.mark_truncated();
        } else if self.chips[chip].named {
            row_seq = Some(self.records.next_seq());
            let record = self.chips[chip].row(self.records.next_seq(), row, owner, rows.cells(chip, row));
            self.records.push(record)?;
        }
        for (message, op) in messages.iter().zip(0..) {
            self.message(message, owner, row_seq, op)?;
        }
        Ok(())
    }

    fn message(
        &mut self,
        message: &Message,
        owner: Option<Owner>,
        row: Option<u64>,
        op: u64,
    ) -> Result<(), RunnerError> {
        self.balance(message);
        let bus = &mut self.buses[message.bus];
        bus.interactions += 1;
        if self.records.is_full() {
            self.records.mark_truncated();
            return Ok(());
        }
        let base = InteractionBase {
            seq: self.records.next_seq(),
            step: owner.map(|owner| owner.step),
            op,
            row,
            direction: if message.multiplicity < 0 { Direction::Receive } else { Direction::Send },
            bus: bus.name.clone(),
            timestamp: None,
            multiplicity: message.multiplicity.unsigned_abs(),
        };
        let record = bus.interaction(base, &message.fields);
        self.records.push(record)?;
        Ok(())
    }

    fn balance(&mut self, message: &Message) {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, &message.fields).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        let key = (message.bus, half(0) << 64 | half(1));
        let sum = self.open.entry(key).or_default();
        *sum += message.multiplicity;
        if *sum == 0 {
            self.open.remove(&key);
        }
    }

    fn instruction(&self, step: &Step, number: u64) -> MicroOp {
        let word = self.program.word_at(step.pc);
        MicroOp::Instruction(InstructionRecord {
            seq: self.records.next_seq(),
            step: number,
            pc: Word(step.pc),
            next_pc: Word(step.next_pc),
            word: word.map(|word| Word(word.into())),
            opcode: step.opcode,
            mnemonic: word.map(mnemonic).unwrap_or_default(),
            operands: step.operands.map(|operand| operand as i64).to_vec(),
            timestamp: step.clock,
            next_timestamp: step.next_clock,
            rd: step.register.and_then(|(register, before, after)| {
                let reg = Register::new(register)?;
                Some(RegisterEffect { reg, before: Word(before), after: Word(after) })
            }),
            mem: step.access.map(|access| MemoryEffect {
                kind: if access.write { AccessKind::Write } else { AccessKind::Read },
                addr: Word(access.address),
                size: access.size,
                before: Word(access.before),
                after: Word(access.after),
            }),
        })
    }
}

/// The RISC-V mnemonic of a word.
fn mnemonic(word: u32) -> String {
    if let Ok(instruction) = decode(word, Isa::RV64IM) {
        return instruction.opcode.entry().mnemonic.to_owned();
    }
    let text = disassemble_word(word, Isa::RV64IM);
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

impl ChipWriter {
    fn new(chip: &Chip) -> Self {
        let columns = chip.columns.iter().flatten().map(|name| (name.clone(), Cell(0))).collect();
        let base = ChipRowBase { seq: 0, step: None, op: 0, valid: true, timestamp: None, chip: chip.name.clone() };
        Self {
            record: MicroOp::ChipRow(ChipRowRecord { base, kind: chips::kind(&chip.name), row: 0, columns }),
            named: chip.columns.is_some(),
            width: chip.width as u64,
            rows: 0,
            rows_written: 0,
            stepless: 0,
        }
    }

    fn row(&mut self, seq: u64, row: usize, owner: Option<Owner>, cells: impl Iterator<Item = u32>) -> &MicroOp {
        let MicroOp::ChipRow(record) = &mut self.record else { unreachable!("made as a chip row") };
        record.base.seq = seq;
        record.base.step = owner.map(|owner| owner.step);
        record.base.op = owner.map_or(self.stepless, |owner| owner.op);
        record.base.timestamp = owner.map(|owner| owner.clock);
        record.row = row as u64;
        for (column, cell) in record.columns.values_mut().zip(cells) {
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
            columns_named: self.named,
        }
    }
}

impl BusWriter {
    fn new(bus: Bus) -> Self {
        let name = chips::bus_name(&bus.name, bus.local);
        Self { bus, name, by_length: HashMap::new(), interactions: 0, unbalanced: 0 }
    }

    fn interaction(&mut self, mut base: InteractionBase, fields: &[u32]) -> &MicroOp {
        if let (true, [high, low, ..]) = (matches!(self.bus.name.as_str(), "Memory" | "State"), fields) {
            base.timestamp = Some(u64::from(*high) << 24 | u64::from(*low));
        }
        let bus = &self.bus.name;
        let record = self.by_length.entry(fields.len()).or_insert_with(|| {
            let names = chips::field_names(bus, fields.len());
            MicroOp::Interaction(InteractionRecord {
                base: base.clone(),
                kind: chips::interaction_kind(bus),
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

    /// `balanced` says that the whole run is there, so that what does not cancel is a finding.
    fn summary(self, balanced: bool) -> BusSummary {
        let unbalanced = (balanced && self.bus.local).then_some(self.unbalanced);
        BusSummary { bus: self.name, interactions: self.interactions, unbalanced }
    }
}
