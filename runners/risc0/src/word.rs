//! What RISC Zero makes of an instruction word.

use assay_isa::{Class, Instruction, Isa, Opcode, decode};

/// The instruction that RISC Zero executes for `word`; `None` where it has none, and for MRET, which no guest executes.
///
/// Its decoder ignores the funct3 of JALR and both register fields of ECALL and EBREAK, and has no FENCE
/// (`risc0-circuit-rv32im` 4.0.5, `Emulator::exec_rv32im`).
pub(crate) fn instruction(word: u32) -> Option<Instruction> {
    const RD: u32 = 0x1f << 7;
    const FUNCT3: u32 = 7 << 12;
    const RS1: u32 = 0x1f << 15;
    let plain = match (word & 0x7f, word >> 12 & 7, word >> 20) {
        (0x67, ..) => word & !FUNCT3,
        (0x73, 0, 0 | 1) => word & !(RD | RS1),
        _ => word,
    };
    decode(plain, Isa::RV32IM).ok().filter(|instruction| instruction.opcode.entry().class != Class::Fence)
}

/// Where `instruction`, executed at `pc` with `registers`, goes on; an ECALL returns behind itself.
pub(crate) fn successor(instruction: Instruction, pc: u32, registers: &[u32; 32]) -> u32 {
    let [left, right] = [instruction.rs1, instruction.rs2].map(|register| registers[usize::from(register)]);
    let taken = match instruction.opcode {
        Opcode::Jal => true,
        Opcode::Jalr => return left.wrapping_add_signed(instruction.imm) & !1,
        Opcode::Beq => left == right,
        Opcode::Bne => left != right,
        Opcode::Blt => left.cast_signed() < right.cast_signed(),
        Opcode::Bge => left.cast_signed() >= right.cast_signed(),
        Opcode::Bltu => left < right,
        Opcode::Bgeu => left >= right,
        _ => false,
    };
    pc.wrapping_add_signed(if taken { instruction.imm } else { 4 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_unused_fields_are_taken_and_fence_is_not() {
        for (word, opcode) in [
            (0x0000_90e7, Some(Opcode::Jalr)),
            (0x0000_00f3, Some(Opcode::Ecall)),
            (0x0010_8073, Some(Opcode::Ebreak)),
            (0x0ff0_000f, None),
            (0x3020_0073, None),
            (0xc000_2573, None),
        ] {
            assert_eq!(instruction(word).map(|instruction| instruction.opcode), opcode, "{word:#x}");
        }
    }

    #[test]
    fn jumps_and_branches_go_where_they_go() {
        let mut registers = [0; 32];
        registers[5] = 0xffff_fffe;
        for (word, next) in [
            (0x0000_0013, 0x104), // nop
            (0xffdf_f0ef, 0xfc),  // jal -4
            (0x0032_8067, 0),     // jalr x0, 3(x5), the low bit cleared
            (0x0002_8463, 0x104), // beq x5, x0, 8
            (0x0002_9463, 0x108), // bne
            (0x0002_c463, 0x108), // blt
            (0x0002_e463, 0x104), // bltu
            (0x0002_d463, 0x104), // bge
            (0x0002_f463, 0x108), // bgeu
        ] {
            assert_eq!(successor(instruction(word).unwrap(), 0x100, &registers), next, "{word:#x}");
        }
    }
}
