//! Shards of a trace as records, in order, and whether the buses balance.
//!
//! Order of a shard: each instruction, then the rows whose clock is its, each followed by its messages; at the end the
//! rows that belong to no instruction (program, tables, memory boundary), and the messages of the shard's public values.
//! Rows without a message (padding, and table rows that nothing looked up) are counted and not written; so are rows of chips
//! whose columns SP1 does not name.

use assay_isa::{Isa, decode, disassemble_word};
use assay_runner_kit::{
    Context, Records,
    circuit::{self, CircuitRecords, Owner, Sender},
};
use assay_sp1_sdk::{Circuit, FIELD_ORDER, Message, Program, Rows, Shard, Step};
use assay_spec::{
    MicroOp, Register, Word,
    protocol::RunnerError,
    trace::{AccessKind, InstructionRecord, MemoryEffect, RegisterEffect, TraceSummary},
};

use crate::chips::{self, RecordedBus};

/// Instructions between two looks at whether the request was cancelled.
const STEPS_BETWEEN_LOOKS: u64 = 1 << 10;

/// Writes shards.
pub(crate) struct Writer<'a, 'r> {
    program: &'a Program,
    records: &'a mut Records<'r>,
    cx: &'a Context<'a>,
    instructions: u64,
    /// Empty without a circuit.
    circuit: CircuitRecords<RecordedBus>,
    /// Instructions written.
    written: u64,
    /// Whether the run was traced to its end, so that balances mean something.
    whole: bool,
    error: Option<RunnerError>,
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
        let (chips, buses) = circuit.map_or((&[][..], &[][..]), |circuit| (&circuit.chips, &circuit.buses));
        let buses = buses.iter().cloned().map(RecordedBus);
        Self {
            program,
            records,
            cx,
            instructions,
            circuit: CircuitRecords::new(chips.iter().map(chips::recorded), buses, FIELD_ORDER),
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
        let (mut chips, mut buses) = self.circuit.finish(balanced);
        chips.retain(|chip| chip.rows > 0);
        buses.retain(|bus| bus.interactions > 0);
        Ok(TraceSummary { chips, buses, ..TraceSummary::default() })
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
                self.row(rows, chip, row, Some(Owner { step: number, op, timestamp: step.clock }))?;
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
            self.message(message, Sender { owner: None, row: None, op })?;
        }
        self.circuit.end_part();
        Ok(())
    }

    /// The rows of a shard: those of instructions, with the instruction's index, and the others.
    #[expect(clippy::type_complexity, reason = "used once")]
    fn sort(&mut self, shard: &Shard<'_>, rows: &Rows<'_>) -> (Vec<(usize, usize, usize)>, Vec<(usize, usize)>) {
        let (mut owned, mut stepless) = (Vec::new(), Vec::new());
        for chip in 0..self.circuit.chips() {
            let height = rows.height(chip);
            self.circuit.count_rows(chip, height as u64);
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
        let seq = self.circuit.row(self.records, chip, row, owner, rows.cells(chip, row))?;
        for (message, op) in messages.iter().zip(0..) {
            self.message(message, Sender { owner, row: seq, op })?;
        }
        Ok(())
    }

    fn message(&mut self, message: &Message, sender: Sender) -> Result<(), RunnerError> {
        let &Message { bus, multiplicity, ref fields } = message;
        self.circuit.message(self.records, circuit::Message { bus, multiplicity, fields }, sender)
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
