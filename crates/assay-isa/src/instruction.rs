//! A decoded instruction and what can be said of it without executing it.

use core::ops::Deref;

use crate::format::Format;
use crate::table::Opcode;

/// A decoded instruction: eight bytes, cheap to copy and to keep by the million.
///
/// Fields that the format lacks are 0, so equal instructions are equal words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instruction {
    /// Which instruction.
    pub opcode: Opcode,
    /// Register in bits 11:7. In the vendor instructions it is read, not written; in fences it is reserved.
    pub rd: u8,
    /// Register in bits 19:15.
    pub rs1: u8,
    /// Register in bits 24:20.
    pub rs2: u8,
    /// The immediate, sign-extended. Upper immediates: already shifted (`imm & !0xfff`). Shifts: the amount.
    /// Branches and jumps: bytes relative to the pc. Atomics: `aq << 1 | rl`. Fences: the raw 12 bits.
    pub imm: i32,
}

/// The operands of an instruction in assembly order; dereferences to a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Operands {
    values: [i64; 3],
    len: u8,
}

impl Operands {
    fn push(&mut self, value: i64) {
        self.values[usize::from(self.len)] = value;
        self.len += 1;
    }
}

impl Deref for Operands {
    type Target = [i64];

    fn deref(&self) -> &[i64] {
        &self.values[..usize::from(self.len)]
    }
}

/// The registers that an instruction reads, in the order `rs1`, `rs2` (vendor instructions: `rd`, `rs1`).
#[derive(Clone, Debug)]
pub struct Sources {
    registers: [u8; 2],
    next: u8,
    len: u8,
}

impl Iterator for Sources {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        if self.next == self.len {
            return None;
        }
        let register = self.registers[usize::from(self.next)];
        self.next += 1;
        Some(register)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.len - self.next);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Sources {}

impl Instruction {
    /// An instruction with all fields 0: the start of a literal with `..`.
    pub const fn new(opcode: Opcode) -> Self {
        Self { opcode, rd: 0, rs1: 0, rs2: 0, imm: 0 }
    }

    /// The register that is written; `None` if the format writes none, `Some(0)` if the result is discarded.
    #[inline]
    pub fn destination(&self) -> Option<u8> {
        self.opcode.entry().format.writes_rd().then_some(self.rd)
    }

    /// The registers that are read, in the order of their operands in the word; x0 included, doubles included.
    ///
    /// `ecall` reads registers by its platform's convention; these are not listed.
    #[inline]
    pub fn sources(&self) -> Sources {
        let (registers, len) = match self.opcode.entry().format {
            Format::R | Format::Store | Format::Branch | Format::Atomic => ([self.rs1, self.rs2], 2),
            Format::I | Format::Load | Format::Shift | Format::ShiftWord | Format::LoadReserved => ([self.rs1, 0], 1),
            Format::VendorOne => ([self.rd, 0], 1),
            Format::VendorTwo | Format::VendorReveal => ([self.rd, self.rs1], 2),
            Format::Upper | Format::Jump | Format::Fence | Format::FenceI | Format::Bare | Format::VendorCode => {
                ([0, 0], 0)
            }
        };
        Sources { registers, next: 0, len }
    }

    /// The operands in assembly order: register numbers and immediates as they are written (upper immediates
    /// unshifted, loads and stores as register, offset, base; a fence's predecessor and successor sets as 4-bit masks).
    pub fn operands(&self) -> Operands {
        let [rd, rs1, rs2] = [self.rd, self.rs1, self.rs2].map(i64::from);
        let imm = i64::from(self.imm);
        let mut list = Operands::default();
        let written: &[i64] = match self.opcode.entry().format {
            Format::R => &[rd, rs1, rs2],
            Format::I | Format::Shift | Format::ShiftWord | Format::VendorReveal => &[rd, rs1, imm],
            Format::Load => &[rd, imm, rs1],
            Format::Store => &[rs2, imm, rs1],
            Format::Branch => &[rs1, rs2, imm],
            Format::Upper => &[rd, imm >> 12 & 0xf_ffff],
            Format::Jump => &[rd, imm],
            Format::LoadReserved | Format::VendorTwo => &[rd, rs1],
            Format::Atomic => &[rd, rs2, rs1],
            Format::Fence => &[imm >> 4 & 0xf, imm & 0xf],
            Format::FenceI | Format::Bare => &[],
            Format::VendorCode => &[imm],
            Format::VendorOne => &[rd],
        };
        for &value in written {
            list.push(value);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn sample(opcode: Opcode) -> Instruction {
        Instruction { opcode, rd: 1, rs1: 2, rs2: 3, imm: 4 }
    }

    #[test]
    fn an_instruction_is_eight_bytes() {
        assert_eq!(size_of::<Instruction>(), 8);
    }

    #[test]
    fn sources_and_destination_follow_the_format() {
        let read = |opcode| sample(opcode).sources().collect::<Vec<_>>();
        assert_eq!(read(Opcode::Sw), [2, 3]);
        assert_eq!(read(Opcode::Lw), [2]);
        assert_eq!(read(Opcode::Lui), []);
        assert_eq!(read(Opcode::OpenVmReveal), [1, 2]);
        assert_eq!(read(Opcode::OpenVmHintStorew), [1]);
        assert_eq!(read(Opcode::AmoaddW), [2, 3]);
        assert_eq!(sample(Opcode::Jal).destination(), Some(1));
        assert_eq!(sample(Opcode::ScW).destination(), Some(1));
        assert_eq!(sample(Opcode::OpenVmReveal).destination(), None);
        assert_eq!(sample(Opcode::Beq).destination(), None);
        assert_eq!(sample(Opcode::Fence).destination(), None);
    }

    #[test]
    fn operands_stand_in_assembly_order() {
        assert_eq!(*sample(Opcode::Sw).operands(), [3, 4, 2]);
        assert_eq!(*sample(Opcode::AmoaddW).operands(), [1, 3, 2]);
        let lui = Instruction { opcode: Opcode::Lui, rd: 1, rs1: 0, rs2: 0, imm: i32::MIN };
        assert_eq!(*lui.operands(), [1, 0x8_0000]);
        assert_eq!(*sample(Opcode::Ecall).operands(), []);
    }
}
