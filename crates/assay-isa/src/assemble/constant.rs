//! How a constant comes into a register.

use alloc::vec;
use alloc::vec::Vec;

use crate::instruction::Instruction;
use crate::isa::Xlen;
use crate::table::Opcode;

/// A short sequence of instructions that sets `rd` to `value` and touches nothing else: at most 2 on RV32, 8 on RV64.
///
/// On RV32 only the low 32 bits of `value` count. Never longer than what `llvm-mc` 14 makes of `li`.
pub fn load_constant(rd: u8, value: i64, xlen: Xlen) -> Vec<Instruction> {
    let value = match xlen {
        Xlen::Rv32 => i64::from(value as i32),
        Xlen::Rv64 => value,
    };
    let mut best = build(rd, value, xlen);
    let mut consider = |start: i64, shift: Opcode, amount: u32| {
        if best.len() > 2 {
            let mut candidate = build(rd, start, xlen);
            candidate.push(Instruction { opcode: shift, rd, rs1: rd, rs2: 0, imm: amount as i32 });
            if candidate.len() < best.len() {
                best = candidate;
            }
        }
    };
    // A constant with high zeros may be a short negative one, shifted down, with ones or zeros coming in below.
    if value > 0 {
        let zeros = value.leading_zeros();
        let raised = value << zeros;
        consider(raised | !(-1 << zeros), Opcode::Srli, zeros);
        consider(raised, Opcode::Srli, zeros);
    }
    // A constant with low zeros may be a short one, shifted up.
    if value != 0 && value & 1 == 0 {
        let zeros = value.trailing_zeros();
        consider(value >> zeros, Opcode::Slli, zeros);
    }
    best
}

/// The sequence that adds twelve bits at a time, from the top.
fn build(rd: u8, value: i64, xlen: Xlen) -> Vec<Instruction> {
    let low = (value << 52 >> 52) as i32;
    if let Ok(word) = i32::try_from(value) {
        let upper = (word.wrapping_add(0x800) as u32 & 0xffff_f000) as i32;
        if upper == 0 {
            return vec![Instruction { opcode: Opcode::Addi, rd, rs1: 0, rs2: 0, imm: low }];
        }
        let mut sequence = vec![Instruction { opcode: Opcode::Lui, rd, rs1: 0, rs2: 0, imm: upper }];
        if low != 0 {
            // `lui` may have wrapped to a negative number; only a 32-bit addition takes it back.
            let opcode = if xlen == Xlen::Rv64 { Opcode::Addiw } else { Opcode::Addi };
            sequence.push(Instruction { opcode, rd, rs1: rd, rs2: 0, imm: low });
        }
        return sequence;
    }
    let rest = value.wrapping_sub(i64::from(low));
    let mut shift = rest.trailing_zeros();
    let mut upper = rest >> shift;
    // `lui` brings twelve zeros of its own; with them left in, it alone makes the upper part.
    let fits_addi = (-2048..2048).contains(&upper);
    if shift > 12 && !fits_addi && i32::try_from(upper << 12).is_ok() {
        shift -= 12;
        upper <<= 12;
    }
    let mut sequence = build(rd, upper, xlen);
    sequence.push(Instruction { opcode: Opcode::Slli, rd, rs1: rd, rs2: 0, imm: shift as i32 });
    if low != 0 {
        sequence.push(Instruction { opcode: Opcode::Addi, rd, rs1: rd, rs2: 0, imm: low });
    }
    sequence
}
