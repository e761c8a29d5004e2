//! The instructions that surround a body.

use assay_isa::{Instruction, Opcode, Xlen, encode, load_constant};

use super::output_bytes;

/// `addi zero, zero, 0`
pub(super) const NOP: u32 = 0x0000_0013;

pub(super) const T0: u8 = 5;
const T1: u8 = 6;
pub(super) const A0: u8 = 10;
pub(super) const A1: u8 = 11;
pub(super) const A2: u8 = 12;
pub(super) const A3: u8 = 13;
pub(super) const A4: u8 = 14;
pub(super) const A5: u8 = 15;
pub(super) const T6: u8 = 31;

fn word(instruction: Instruction) -> u32 {
    encode(&instruction).expect("registers and immediates of a harness are in range")
}

fn immediate(opcode: Opcode, rd: u8, rs1: u8, imm: i32) -> u32 {
    word(Instruction { rd, rs1, imm, ..Instruction::new(opcode) })
}

fn upper(rd: u8, imm: i32) -> u32 {
    word(Instruction { rd, imm, ..Instruction::new(Opcode::Lui) })
}

fn store(opcode: Opcode, value: u8, base: u8, imm: i32) -> u32 {
    word(Instruction { rs1: base, rs2: value, imm, ..Instruction::new(opcode) })
}

/// The low 12 bits as what an immediate makes of them, and the rest, which is a multiple of 4096.
fn split(value: i64) -> (i64, i32) {
    let low = value << 52 >> 52;
    (value.wrapping_sub(low), low as i32)
}

/// Sets `rd` to `value`, cut to the register width: at most two instructions on RV32, eight on RV64.
pub(super) fn set_register(rd: u8, value: u64, xlen: Xlen) -> Vec<u32> {
    load_constant(rd, value as i64, xlen).into_iter().map(word).collect()
}

/// The registers that [`store_cell`] changes.
pub(super) const STORING_REGISTERS: [u8; 2] = [T0, T1];

/// Stores eight bytes, on RV64.
pub(super) fn store_cell(address: u64, cell: u64, xlen: Xlen) -> Vec<u32> {
    let mut words = set_register(T0, address, xlen);
    words.extend(set_register(T1, cell, xlen));
    words.push(store(Opcode::Sd, T1, T0, 0));
    words
}

/// Sets `rd` to `value` without reading x0, which the run may have broken.
fn materialise(rd: u8, value: i32) -> Vec<u32> {
    let (high, low) = split(i64::from(value));
    let mut words = vec![upper(rd, high as i32)];
    if low != 0 {
        words.push(immediate(Opcode::Addi, rd, rd, low));
    }
    words
}

/// An address of a harness as what an instruction loads.
pub(super) fn address(address: u64) -> i32 {
    i32::try_from(address).expect("addresses of a harness are below 2^31")
}

/// `ecall`
pub(super) fn ecall() -> u32 {
    word(Instruction::new(Opcode::Ecall))
}

/// Sets registers, none of them by reading x0, and calls.
pub(super) fn call(registers: &[(u8, i32)]) -> Vec<u32> {
    let mut words: Vec<u32> = registers.iter().flat_map(|&(register, value)| materialise(register, value)).collect();
    words.push(ecall());
    words
}

/// Puts all registers into slots at `buffer`, whose address the scratch register is made to hold.
pub(super) fn store_registers(buffer: i32, xlen: Xlen, scratch: u8) -> Vec<u32> {
    let store_register = match xlen {
        Xlen::Rv32 => Opcode::Sw,
        Xlen::Rv64 => Opcode::Sd,
    };
    let mut words = materialise(scratch, buffer);
    words.extend(slots(xlen, scratch).map(|(source, offset)| store(store_register, source, scratch, offset)));
    words
}

/// Each register with the offset of its slot; for the scratch register x0 stands in.
fn slots(xlen: Xlen, scratch: u8) -> impl Iterator<Item = (u8, i32)> {
    (0u8..32).map(move |register| {
        let source = if register == scratch { 0 } else { register };
        (source, i32::from(register) * xlen.bytes() as i32)
    })
}

/// `write_output` and HALT of the platform `standard`.
pub(super) fn epilogue_ecall(write_output: i32, halt: i32, buffer: i32, xlen: Xlen, scratch: u8) -> Vec<u32> {
    let mut words = store_registers(buffer, xlen, scratch);
    words.extend(call(&[(A0, buffer), (A1, output_bytes(xlen) as i32), (T0, write_output)]));
    words.extend(call(&[(A0, 0), (T0, halt)]));
    words
}

/// `reveal` stores a word at byte `rd + imm` of the public values (`openvm-rv32im-transpiler` 2.0.2: REVEAL is STOREW to
/// address space 3, base register in the `rd` field, 12-bit immediate).
pub(super) fn epilogue_openvm(xlen: Xlen, scratch: u8) -> Vec<u32> {
    let mut words = materialise(scratch, 0);
    words.extend(slots(xlen, scratch).map(|(source, offset)| immediate(Opcode::OpenVmReveal, scratch, source, offset)));
    words.push(word(Instruction::new(Opcode::OpenVmTerminate)));
    words
}

#[cfg(test)]
mod tests {
    use assay_isa::{Isa, decode};
    use proptest::prelude::*;

    use super::*;

    /// What the instructions leave in `rd`, by the manual's definition of those that may occur.
    fn evaluate(words: &[u32], rd: u8, isa: Isa) -> u64 {
        let mut value = 0xdead_beef_dead_beef_u64 as i64;
        for &word in words {
            let inst = decode(word, isa).unwrap();
            assert_eq!(inst.rd, rd);
            assert!(inst.rs1 == 0 || inst.rs1 == rd);
            let source = if inst.rs1 == 0 { 0 } else { value };
            value = match inst.opcode {
                Opcode::Lui => i64::from(inst.imm),
                Opcode::Addi => source.wrapping_add(i64::from(inst.imm)),
                Opcode::Addiw => i64::from((source as i32).wrapping_add(inst.imm)),
                Opcode::Slli => source << inst.imm,
                Opcode::Srli => (source as u64 >> inst.imm) as i64,
                other => panic!("{other:?}"),
            };
        }
        isa.xlen.truncate(value as u64)
    }

    #[test]
    fn registers_are_set_to_values_of_their_whole_width() {
        for bit in 0..64 {
            for value in [1u64 << bit, !(1 << bit), (1 << bit) - 1] {
                let words = set_register(7, value, Xlen::Rv64);
                assert_eq!(evaluate(&words, 7, Isa::RV64IM), value);
                let narrow = value & 0xffff_ffff;
                let words = set_register(7, narrow, Xlen::Rv32);
                assert_eq!(evaluate(&words, 7, Isa::RV32IM), narrow);
                assert!(words.len() <= 2, "{value:#x}");
            }
        }
    }

    proptest! {
        #[test]
        fn materialised_constants_do_not_read_x0(value in 0i32..0x7fff_f800) {
            let words = materialise(9, value);
            for isa in [Isa::RV32IM, Isa::RV64IM] {
                prop_assert_eq!(evaluate(&words, 9, isa), value as u64);
            }
            for word in words {
                prop_assert_ne!(decode(word, Isa::RV32IM).unwrap().sources().next(), Some(0));
            }
        }
    }
}
