//! Which values of a run depend on the platform and not on the sequence alone.
//!
//! Two things make such values: an instruction that reads its pc, where the code of the two guests lies at different
//! addresses; and a call of the platform, which means something else on each. Whatever is computed from such a value is
//! one, in registers and in memory. They are followed instruction by instruction, so that a difference in any *other*
//! value is known to be a difference of the machines.

use std::collections::BTreeSet;

use assay_isa::{Class, Instruction};
use assay_spec::{
    Register,
    trace::{AccessKind, InstructionRecord, MemoryEffect},
};

use crate::sequence::reads_pc;

/// Most bytes of memory that are followed one by one; beyond, all of memory is taken to depend on the platform.
const BYTES_MAX: usize = 1 << 20;

/// What depends on the platform at one point of two aligned runs.
#[derive(Debug, Default)]
pub(crate) struct Dependence {
    registers: [bool; 32],
    bytes: BTreeSet<u64>,
    all_memory: bool,
}

impl Dependence {
    /// Whether an operand of the instruction does.
    pub(crate) fn of_operands(&self, instruction: Instruction) -> bool {
        instruction.sources().any(|register| self.registers[usize::from(register)])
    }

    /// Whether the address of a load, store or indirect jump does.
    pub(crate) fn of_address(&self, instruction: Instruction) -> bool {
        self.registers[usize::from(instruction.rs1)]
    }

    /// Whether what is read there does.
    pub(crate) fn of_memory(&self, effect: &MemoryEffect) -> bool {
        self.all_memory || addresses(effect).any(|address| self.bytes.contains(&address))
    }

    /// The registers that do.
    pub(crate) fn registers(&self) -> BTreeSet<Register> {
        Register::all().filter(|register| self.registers[usize::from(register.index())]).collect()
    }

    /// What a register was given by an instruction.
    pub(crate) fn set_register(&mut self, register: Register, depends: bool) {
        self.registers[usize::from(register.index())] = depends && register.index() != 0;
    }

    /// What a call left behind: the registers that were written depend on the platform, and so may all of memory.
    pub(crate) fn called(&mut self, records: [&InstructionRecord; 2]) {
        for effect in records.into_iter().filter_map(|record| record.rd) {
            self.set_register(effect.reg, true);
        }
        // Calls answer in registers that records do not always name: those of the arguments.
        for register in [10, 11].into_iter().filter_map(Register::new) {
            self.set_register(register, true);
        }
        self.all_memory = true;
    }

    /// What a store left behind, once for the access on each side.
    pub(crate) fn stored(&mut self, instruction: Instruction, effects: [Option<MemoryEffect>; 2], depends: bool) {
        if self.of_address(instruction) {
            self.all_memory = true;
            return;
        }
        for effect in effects.into_iter().flatten().filter(|effect| effect.kind == AccessKind::Write) {
            for address in addresses(&effect) {
                if depends {
                    self.bytes.insert(address);
                } else {
                    self.bytes.remove(&address);
                }
            }
        }
        if self.bytes.len() > BYTES_MAX {
            self.all_memory = true;
            self.bytes.clear();
        }
    }

    /// Whether the result of an instruction does that is no call: through its operands, what it loads, or its place if
    /// the code lies elsewhere in the other guest.
    pub(crate) fn of_result(&self, instruction: Instruction, effects: [Option<MemoryEffect>; 2], moved: bool) -> bool {
        let loaded = match instruction.opcode.entry().class {
            // Without a record of the access nobody knows what was read.
            Class::Load | Class::Atomic => {
                self.of_address(instruction)
                    || effects.iter().flatten().any(|effect| self.of_memory(effect))
                    || (effects == [None, None] && (self.all_memory || !self.bytes.is_empty()))
            }
            _ => false,
        };
        let place = moved && reads_pc(instruction);
        // What `jalr` writes is its place; its operand says where it goes.
        let operands = instruction.opcode.entry().class != Class::Jump && self.of_operands(instruction);
        loaded || place || operands
    }
}

/// Whether the instruction means something else on each platform.
pub(crate) fn is_call(instruction: Instruction) -> bool {
    matches!(instruction.opcode.entry().class, Class::System | Class::Vendor)
}

fn addresses(effect: &MemoryEffect) -> impl Iterator<Item = u64> + use<> {
    let first = effect.addr.0;
    (0..u64::from(effect.size)).map(move |offset| first.wrapping_add(offset))
}
