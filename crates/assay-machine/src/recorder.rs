//! From what the machine shows to trace records.
//!
//! Each retired instruction becomes an `instruction` record, followed by one `interaction` record for each of its
//! accesses. A zkVM sends and receives a pair of messages for each access; here there is one record per access,
//! which says what the pair would: a read is received, a write is sent. Timestamps count accesses from 0: the
//! access that happens at timestamp t carries t, and an instruction spans `timestamp..next_timestamp`.
//!
//! | bus | kind | fields |
//! |---|---|---|
//! | `register` | memory | `register`, `value`, `previous` |
//! | `memory` | memory | `address`, `size`, `value`, `previous` |
//! | `call` | other | `selector`, `a0`, `a1`, `a2` |
//! | `output` | other | `offset`, `size`, `value` (where it is at most 8 bytes) |

use std::ops::ControlFlow;

use assay_isa::{ImmediateField, Instruction};
use assay_spec::trace::{
    AccessKind, Cell, Direction, InstructionRecord, InteractionBase, InteractionKind, InteractionRecord, MemoryEffect,
    RegisterEffect,
};
use assay_spec::{MicroOp, Register, Word};

use crate::observer::{Access, InstructionEvent, Observer};

/// Which records a [`Recorder`] makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Records {
    /// `instruction` and `interaction`.
    #[default]
    All,
    /// `instruction` only.
    Instructions,
}

/// Turns what it observes into trace records and hands each to a sink, which may break to end the run.
pub struct Recorder<'a> {
    sink: &'a mut dyn FnMut(MicroOp) -> ControlFlow<()>,
    records: Records,
    seq: u64,
    timestamp: u64,
}

impl<'a> Recorder<'a> {
    /// A recorder of `records` into `sink`.
    pub fn new(sink: &'a mut dyn FnMut(MicroOp) -> ControlFlow<()>, records: Records) -> Self {
        Self { sink, records, seq: 0, timestamp: 0 }
    }

    fn next_seq(&mut self) -> u64 {
        let seq = self.seq;
        self.seq += 1;
        seq
    }
}

impl Observer for Recorder<'_> {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        let timestamp = self.timestamp;
        self.timestamp += event.accesses.len() as u64;
        let seq = self.next_seq();
        let record = instruction_record(event, seq, timestamp);
        (self.sink)(MicroOp::Instruction(record))?;
        if self.records == Records::Instructions {
            return ControlFlow::Continue(());
        }
        for (op, access) in (0..).zip(event.accesses) {
            let seq = self.next_seq();
            let record = interaction_record(access, event.step, op, seq, timestamp + op);
            (self.sink)(MicroOp::Interaction(record))?;
        }
        ControlFlow::Continue(())
    }
}

fn instruction_record(event: &InstructionEvent<'_>, seq: u64, timestamp: u64) -> InstructionRecord {
    InstructionRecord {
        seq,
        step: event.step,
        pc: Word(event.pc),
        next_pc: Word(event.next_pc),
        word: Some(Word::from(event.word)),
        opcode: u64::from(event.word & 0x7f),
        mnemonic: event.mnemonic().to_owned(),
        operands: event.instruction.map(operands).unwrap_or_default(),
        timestamp,
        next_timestamp: timestamp + event.accesses.len() as u64,
        rd: event.register_write().map(|(index, before, after)| RegisterEffect {
            reg: register(index),
            before: Word(before),
            after: Word(after),
        }),
        mem: event.memory().map(|memory| MemoryEffect {
            kind: memory.kind,
            addr: Word(memory.address),
            size: memory.size,
            before: Word(memory.before),
            after: Word(memory.after),
        }),
    }
}

/// The fields that the format has, in the order rd, rs1, rs2, imm.
fn operands(instruction: Instruction) -> Vec<i64> {
    let fields = instruction.opcode.entry().format.fields();
    let has_imm = fields.imm != ImmediateField::None;
    [
        (fields.rd, i64::from(instruction.rd)),
        (fields.rs1, i64::from(instruction.rs1)),
        (fields.rs2, i64::from(instruction.rs2)),
        (has_imm, i64::from(instruction.imm)),
    ]
    .into_iter()
    .filter_map(|(present, value)| present.then_some(value))
    .collect()
}

fn interaction_record(access: &Access, step: u64, op: u64, seq: u64, timestamp: u64) -> InteractionRecord {
    let field = |name: &str, value: u64| (name.to_owned(), Cell(value));
    let (bus, kind, direction, fields) = match *access {
        Access::RegisterRead { register, value } => (
            "register",
            InteractionKind::Memory,
            Direction::Receive,
            vec![field("register", u64::from(register)), field("value", value), field("previous", value)],
        ),
        Access::RegisterWrite { register, before, after } => (
            "register",
            InteractionKind::Memory,
            Direction::Send,
            vec![field("register", u64::from(register)), field("value", after), field("previous", before)],
        ),
        Access::Memory(memory) => (
            "memory",
            InteractionKind::Memory,
            match memory.kind {
                AccessKind::Read => Direction::Receive,
                AccessKind::Write => Direction::Send,
            },
            vec![
                field("address", memory.address),
                field("size", u64::from(memory.size)),
                field("value", memory.after),
                field("previous", memory.before),
            ],
        ),
        Access::Call { selector, arguments: [a0, a1, a2] } => (
            "call",
            InteractionKind::Other,
            Direction::Send,
            vec![field("selector", selector), field("a0", a0), field("a1", a1), field("a2", a2)],
        ),
        Access::Output { offset, size, value } => (
            "output",
            InteractionKind::Other,
            Direction::Send,
            [Some(field("offset", offset)), Some(field("size", size)), value.map(|value| field("value", value))]
                .into_iter()
                .flatten()
                .collect(),
        ),
    };
    InteractionRecord {
        base: InteractionBase {
            seq,
            step: Some(step),
            op,
            row: None,
            direction,
            bus: bus.to_owned(),
            timestamp: Some(timestamp),
            multiplicity: 1,
        },
        kind,
        fields: fields.into_iter().collect(),
    }
}

fn register(index: u8) -> Register {
    Register::new(index).expect("an instruction names registers below 32")
}
