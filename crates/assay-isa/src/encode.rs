//! From an [`Instruction`] to its word.

use thiserror::Error;

use crate::instruction::Instruction;

/// Why an [`Instruction`] has no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// A register number above 31.
    #[error("`{mnemonic}`: {operand} is register {value}, but there are only x0 to x31")]
    Register {
        /// The instruction.
        mnemonic: &'static str,
        /// The field: `rd`, `rs1` or `rs2`.
        operand: &'static str,
        /// Its content.
        value: u8,
    },
    /// A field that the format lacks is not 0.
    #[error("`{mnemonic}` has no operand {operand}, which must then be 0, not {value}")]
    Unused {
        /// The instruction.
        mnemonic: &'static str,
        /// The field: `rd`, `rs1`, `rs2` or `imm`.
        operand: &'static str,
        /// Its content.
        value: i32,
    },
    /// The immediate is out of range.
    #[error("`{mnemonic}`: immediate {value} is outside {min} to {max}")]
    Immediate {
        /// The instruction.
        mnemonic: &'static str,
        /// The immediate.
        value: i32,
        /// The least that fits.
        min: i32,
        /// The greatest that fits.
        max: i32,
    },
    /// The immediate has low bits that the word cannot hold.
    #[error("`{mnemonic}`: immediate {value} is not a multiple of {multiple}")]
    Misaligned {
        /// The instruction.
        mnemonic: &'static str,
        /// The immediate.
        value: i32,
        /// What it must be a multiple of.
        multiple: i32,
    },
}

/// The word of `inst`. A shift amount of 32 to 63 is taken, as RV64 has it: an ISA is not part of the question.
pub fn encode(inst: &Instruction) -> Result<u32, EncodeError> {
    let entry = inst.opcode.entry();
    let mnemonic = entry.mnemonic;
    let fields = entry.format.fields();
    let mut word = entry.value;
    for (operand, present, value, shift) in
        [("rd", fields.rd, inst.rd, 7), ("rs1", fields.rs1, inst.rs1, 15), ("rs2", fields.rs2, inst.rs2, 20)]
    {
        if !present && value != 0 {
            return Err(EncodeError::Unused { mnemonic, operand, value: i32::from(value) });
        }
        if value > 31 {
            return Err(EncodeError::Register { mnemonic, operand, value });
        }
        word |= u32::from(value) << shift;
    }
    let (min, max, multiple) = fields.imm.range();
    let value = inst.imm;
    if max == 0 && value != 0 {
        return Err(EncodeError::Unused { mnemonic, operand: "imm", value });
    }
    if value % multiple != 0 {
        return Err(EncodeError::Misaligned { mnemonic, value, multiple });
    }
    if value < min || value > max {
        return Err(EncodeError::Immediate { mnemonic, value, min, max });
    }
    Ok(word | fields.imm.insert(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Opcode;

    #[test]
    fn each_bad_field_is_named() {
        let addi = Instruction { imm: 2048, ..Instruction::new(Opcode::Addi) };
        assert_eq!(encode(&addi), Err(EncodeError::Immediate { mnemonic: "addi", value: 2048, min: -2048, max: 2047 }));
        let add = Instruction { rs2: 32, ..Instruction::new(Opcode::Add) };
        assert_eq!(encode(&add), Err(EncodeError::Register { mnemonic: "add", operand: "rs2", value: 32 }));
        let add = Instruction { imm: 1, ..Instruction::new(Opcode::Add) };
        assert_eq!(encode(&add), Err(EncodeError::Unused { mnemonic: "add", operand: "imm", value: 1 }));
        let lui = Instruction { rs1: 1, ..Instruction::new(Opcode::Lui) };
        assert_eq!(encode(&lui), Err(EncodeError::Unused { mnemonic: "lui", operand: "rs1", value: 1 }));
        let beq = Instruction { imm: 3, ..Instruction::new(Opcode::Beq) };
        assert_eq!(encode(&beq), Err(EncodeError::Misaligned { mnemonic: "beq", value: 3, multiple: 2 }));
        let lui = Instruction { imm: 1, ..Instruction::new(Opcode::Lui) };
        assert_eq!(encode(&lui), Err(EncodeError::Misaligned { mnemonic: "lui", value: 1, multiple: 4096 }));
    }

    #[test]
    fn edge_immediates_encode() {
        for (opcode, imm, word) in [
            (Opcode::Beq, -4096, 0x8000_0063),
            (Opcode::Beq, 4094, 0x7e00_0fe3),
            (Opcode::Jal, -0x10_0000, 0x8000_006f),
            (Opcode::Jal, 0xf_fffe, 0x7fff_f06f),
            (Opcode::Lui, i32::MIN, 0x8000_0037),
            (Opcode::Sw, -2048, 0x8000_2023),
        ] {
            assert_eq!(encode(&Instruction { imm, ..Instruction::new(opcode) }), Ok(word), "{opcode:?} {imm}");
        }
    }
}
