//! Which register and which memory an instruction touches.

use assay_isa::{Class, Format, Instruction, Isa, Opcode, decode};
use assay_openvm_sdk::{Access, Watch};

/// The instruction that OpenVM's transpiler takes `word` for.
///
/// It ignores the funct3 of JALR, the funct7 of SLLI, and unused register fields of its own instructions, so that some
/// words that are no RISC-V instructions are executed as if they were.
pub(crate) fn instruction(word: u32) -> Option<Instruction> {
    const RD: u32 = 0x1f << 7;
    const RS1: u32 = 0x1f << 15;
    let canonical = match (word & 0x7f, word >> 12 & 7) {
        (0x67, _) => word & !(7 << 12),
        (0x13, 1) => word & !(0x7f << 25),
        (0x0b, 0) => word & !(RD | RS1),
        (0x0b, 1) if word >> 20 == 0 => word & !RS1,
        (0x0b, 3) if word >> 20 == 0 => word & !(RD | RS1),
        (0x0b, 3) if word >> 20 == 2 => word & !RS1,
        _ => word,
    };
    decode(canonical, Isa::RV32IM_OPENVM).ok()
}

/// The memory access of an instruction: of loads, stores and `hint_storew`. `hint_buffer` writes up to 1023 words, which
/// is no one access.
pub(crate) fn access(instruction: Instruction) -> Option<Access> {
    let entry = instruction.opcode.entry();
    let (base, offset) = (instruction.rs1, instruction.imm);
    match (entry.class, entry.format, instruction.opcode) {
        (Class::Load, ..) => Some(Access { base, offset, size: size(instruction.opcode), write: false }),
        (_, Format::Store, opcode) => Some(Access { base, offset, size: size(opcode), write: true }),
        (_, _, Opcode::OpenVmHintStorew) => Some(Access { base: instruction.rd, offset: 0, size: 4, write: true }),
        _ => None,
    }
}

fn size(opcode: Opcode) -> u8 {
    match opcode {
        Opcode::Lb | Opcode::Lbu | Opcode::Sb => 1,
        Opcode::Lh | Opcode::Lhu | Opcode::Sh => 2,
        _ => 4,
    }
}

/// What the machine is to watch at each word of a program.
pub(crate) fn watches(words: &[u32]) -> Vec<Watch> {
    words
        .iter()
        .map(|&word| {
            let Some(instruction) = instruction(word) else { return Watch::default() };
            let register = instruction.destination().filter(|&register| register != 0);
            Watch { register, access: access(instruction) }
        })
        .collect()
}
