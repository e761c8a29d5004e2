//! Which register and which memory an instruction touches.

use assay_isa::{Class, Instruction, Isa, Opcode, decode, openvm::canonical};
use assay_openvm_sdk::{Access, Watch};

/// The instruction that OpenVM's transpiler takes `word` for.
pub(crate) fn instruction(word: u32) -> Option<Instruction> {
    decode(canonical(word), Isa::RV32IM_OPENVM).ok()
}

/// The memory access of an instruction: of loads, stores and `hint_storew`. `hint_buffer` writes up to 1023 words, which
/// is no one access.
pub(crate) fn access(instruction: Instruction) -> Option<Access> {
    let (opcode, base, offset) = (instruction.opcode, instruction.rs1, instruction.imm);
    match (opcode.entry().class, opcode) {
        (Class::Load, _) => Some(Access { base, offset, size: opcode.access_bytes()?, write: false }),
        (Class::Store, _) => Some(Access { base, offset, size: opcode.access_bytes()?, write: true }),
        (_, Opcode::OpenVmHintStorew) => Some(Access { base: instruction.rd, offset: 0, size: 4, write: true }),
        _ => None,
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
