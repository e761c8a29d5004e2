//! A watched run as `instruction` records.
//!
//! What a store replaced is read from a copy of the memory that the guest began with, into which every store goes that
//! the executor reports, the kernel's included.

use std::collections::HashMap;

use assay_isa::{Class, ImmediateField, Instruction};
use assay_runner_kit::{Records, error};
use assay_spec::{
    MicroOp, Register, Word,
    protocol::ErrorKind,
    trace::{AccessKind, InstructionRecord, MemoryEffect, RegisterEffect},
};
use risc0_binfmt::{ByteAddr, MemoryImage, Page};
use risc0_circuit_rv32im::execute::PAGE_BYTES;

use crate::{
    execute::MEMORY_BYTES_MAX,
    stop::Stop,
    watch::{Sink, Step},
};

/// Writes the records of a run.
pub(crate) struct Writer<'a, 'r> {
    records: &'a mut Records<'r>,
    memory: Memory,
    /// Used again and again: a record is mostly its text.
    record: MicroOp,
    step: u64,
}

impl<'a, 'r> Writer<'a, 'r> {
    /// A writer for a run that begins with `image` in memory.
    pub(crate) fn new(image: MemoryImage, records: &'a mut Records<'r>) -> Self {
        let record = MicroOp::Instruction(InstructionRecord {
            seq: 0,
            step: 0,
            pc: Word(0),
            next_pc: Word(0),
            word: None,
            opcode: 0,
            mnemonic: String::new(),
            operands: Vec::new(),
            timestamp: 0,
            next_timestamp: 0,
            rd: None,
            mem: None,
        });
        Self { records, memory: Memory { image, pages: HashMap::new() }, record, step: 0 }
    }

    /// What the step did to memory; a call of the kernel has many accesses and shows none.
    fn access(&mut self, step: &Step) -> Result<Option<MemoryEffect>, Stop> {
        let Some((instruction, size)) = step.instruction.and_then(|i| Some((i, i.opcode.access_bytes()?))) else {
            return Ok(None);
        };
        let address = step.base.wrapping_add_signed(instruction.imm);
        let shift = 8 * (address % 4);
        let bytes = |word: u32| Word((word >> shift & (u32::MAX >> (32 - 8 * u32::from(size)))).into());
        let effect = |kind, before, after| MemoryEffect { kind, addr: Word(address.into()), size, before, after };
        Ok(match (instruction.opcode.entry().class, step.stored) {
            (Class::Store, Some((at, word))) => {
                let before = self.memory.replace(at, word)?;
                Some(effect(AccessKind::Write, bytes(before), bytes(word)))
            }
            // The executor does not report loads, but what they put into a register, x0 included: the bytes, extended.
            (Class::Load, _) => {
                let loaded = step.register.map(|(_, _, after)| after).or(step.discarded);
                loaded.map(|value| {
                    let value = Word((value & (u32::MAX >> (32 - 8 * u32::from(size)))).into());
                    effect(AccessKind::Read, value, value)
                })
            }
            _ => None,
        })
    }
}

impl Sink for Writer<'_, '_> {
    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        let mem = self.access(step)?;
        let index = self.step;
        self.step += 1;
        let seq = self.records.next_seq();
        let MicroOp::Instruction(record) = &mut self.record else { unreachable!("made as an instruction") };
        record.seq = seq;
        record.step = index;
        record.pc = Word(step.pc.into());
        record.next_pc = Word(step.next_pc.into());
        record.word = Some(Word(step.word.into()));
        record.opcode = (step.word & 0x7f).into();
        record.mnemonic.clear();
        record.operands.clear();
        if let Some(instruction) = step.instruction {
            record.mnemonic.push_str(instruction.opcode.mnemonic());
            push_operands(instruction, &mut record.operands);
        }
        record.timestamp = step.cycle;
        record.next_timestamp = step.next_cycle;
        record.rd = step.register.map(|(register, before, after)| RegisterEffect {
            reg: Register::new(register).expect("the executor has 32 registers"),
            before: Word(before.into()),
            after: Word(after.into()),
        });
        record.mem = mem;
        self.records.push(&self.record).map_err(Stop::Records)?;
        Ok(())
    }

    fn kernel_stored(&mut self, address: u32, word: u32) {
        // A failure is a full memory, which the guest's next store reports.
        let _ = self.memory.replace(address, word);
    }
}

/// The fields that the format has, in the order rd, rs1, rs2, imm.
fn push_operands(instruction: Instruction, operands: &mut Vec<i64>) {
    let fields = instruction.opcode.entry().format.fields();
    let all = [
        (fields.rd, i64::from(instruction.rd)),
        (fields.rs1, i64::from(instruction.rs1)),
        (fields.rs2, i64::from(instruction.rs2)),
        (fields.imm != ImmediateField::None, i64::from(instruction.imm)),
    ];
    operands.extend(all.into_iter().filter_map(|(present, value)| present.then_some(value)));
}

/// The guest's memory: as it was at the start, and pages that were stored to since.
struct Memory {
    image: MemoryImage,
    pages: HashMap<u32, Page>,
}

impl Memory {
    /// Stores `word` at an aligned address; what was there.
    fn replace(&mut self, address: u32, word: u32) -> Result<u32, Stop> {
        let at = ByteAddr(address).waddr();
        let index = at.page_idx();
        if (self.pages.len() * PAGE_BYTES) as u64 > MEMORY_BYTES_MAX {
            return Err(Stop::MemoryLimit(MEMORY_BYTES_MAX));
        }
        let image = &mut self.image;
        let page = match self.pages.entry(index) {
            std::collections::hash_map::Entry::Occupied(page) => page.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let page = image.get_page(index).map_err(|reason| {
                    Stop::Records(error(ErrorKind::Sdk, format!("the guest's memory at {address:#x}: {reason:#}")))
                })?;
                place.insert(page)
            }
        };
        let before = page.load(at);
        page.store(at, word);
        Ok(before)
    }
}
