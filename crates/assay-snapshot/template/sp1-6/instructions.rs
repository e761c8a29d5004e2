//! Retired instructions as trace records. Added by Assay's collect pass.

use fuzzer_utils::sink::{self, Instruction as Retired, Memory, Section};
use sp1_hypercube::assay_rows;

use crate::{
    events::MemoryRecordEnum, vm::CoreVM, ExecutionMode, Instruction, MemoryAccessRecord, Opcode, Program, HALT_PC,
};

/// The records of the shard that is traced now; handed over when it is dropped.
pub(crate) struct Shard {
    section: Section,
    /// When each of its instructions began.
    clocks: Vec<u64>,
}

impl Drop for Shard {
    fn drop(&mut self) {
        assay_rows::traced(&self.clocks);
    }
}

/// The records of a shard, if anybody wants them.
pub(crate) fn open() -> Option<Shard> {
    let section = sink::open(assay_rows::instructions())?;
    Some(Shard { section, clocks: Vec::new() })
}

/// Emits the instruction that `core` has just executed.
pub(crate) fn emit<M: ExecutionMode>(
    shard: &mut Shard,
    core: &CoreVM<'_, M>,
    instruction: &Instruction,
    record: &MemoryAccessRecord,
) {
    let (pc, next_pc) = (core.pc(), core.next_pc());
    let word = word(&core.program, pc);
    let rd = match record.a {
        Some(MemoryRecordEnum::Write(write)) if instruction.op_a != 0 => {
            Some((instruction.op_a, write.prev_value, write.value))
        }
        _ => None,
    };
    shard.clocks.push(core.clk());
    shard.section.instruction(&Retired {
        pc,
        next_pc: if next_pc == HALT_PC { pc } else { next_pc },
        word: word.map(u64::from),
        opcode: instruction.opcode as u64,
        mnemonic: word.and_then(mnemonic).unwrap_or_default(),
        operands: &[i64::from(instruction.op_a), instruction.op_b as i64, instruction.op_c as i64],
        timestamp: core.clk(),
        next_timestamp: core.next_clk(),
        rd,
        mem: memory(instruction, record),
    });
}

/// The word in the program; SP1 ignores the two lowest bits of an address.
fn word(program: &Program, pc: u64) -> Option<u32> {
    let index = pc.checked_sub(program.pc_base)? / 4;
    program.instructions_encoded.as_ref()?.get(usize::try_from(index).ok()?).copied()
}

/// The bytes that a load or store accessed, out of the aligned eight that SP1's memory is made of.
fn memory(instruction: &Instruction, record: &MemoryAccessRecord) -> Option<Memory> {
    let size: u8 = match instruction.opcode {
        Opcode::LB | Opcode::LBU | Opcode::SB => 1,
        Opcode::LH | Opcode::LHU | Opcode::SH => 2,
        Opcode::LW | Opcode::LWU | Opcode::SW => 4,
        Opcode::LD | Opcode::SD => 8,
        _ => return None,
    };
    let addr = record.b?.value().wrapping_add(instruction.op_c);
    let cut = |word: u64| word >> (8 * (addr % 8)) & (u64::MAX >> (64 - 8 * u32::from(size)));
    let (write, before, after) = match record.memory? {
        MemoryRecordEnum::Read(read) => (false, read.value, read.value),
        MemoryRecordEnum::Write(write) => (true, write.prev_value, write.value),
    };
    Some(Memory { write, addr, size, before: cut(before), after: cut(after) })
}

/// The mnemonic of a word of RV64IM.
fn mnemonic(word: u32) -> Option<&'static str> {
    let (funct3, funct7) = ((word >> 12 & 7) as usize, word >> 25);
    let name = match word & 0x7f {
        0x37 => "lui",
        0x17 => "auipc",
        0x6f => "jal",
        0x67 => "jalr",
        0x63 => ["beq", "bne", "", "", "blt", "bge", "bltu", "bgeu"][funct3],
        0x03 => ["lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", ""][funct3],
        0x23 => ["sb", "sh", "sw", "sd", "", "", "", ""][funct3],
        // The lowest bit of funct7 is one of the shift amount.
        0x13 if funct3 == 5 && funct7 >> 1 == 0x10 => "srai",
        0x13 => ["addi", "slli", "slti", "sltiu", "xori", "srli", "ori", "andi"][funct3],
        0x1b if funct3 == 5 && funct7 == 0x20 => "sraiw",
        0x1b => ["addiw", "slliw", "", "", "", "srliw", "", ""][funct3],
        0x33 => match funct7 {
            0 => ["add", "sll", "slt", "sltu", "xor", "srl", "or", "and"][funct3],
            1 => ["mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"][funct3],
            0x20 => ["sub", "", "", "", "", "sra", "", ""][funct3],
            _ => "",
        },
        0x3b => match funct7 {
            0 => ["addw", "sllw", "", "", "", "srlw", "", ""][funct3],
            1 => ["mulw", "", "", "", "divw", "divuw", "remw", "remuw"][funct3],
            0x20 => ["subw", "", "", "", "", "sraw", "", ""][funct3],
            _ => "",
        },
        0x73 if word == 0x73 => "ecall",
        _ => "",
    };
    (!name.is_empty()).then_some(name)
}
