//! Load-reserved, store-conditional and atomic read-modify-write, on a single hart.
//!
//! With one hart every instruction is atomic already; what is left are the rules. A misaligned address traps on every
//! platform (Zicclsm does not cover atomics). LR reserves exactly the bytes that it loads. SC succeeds if the last LR
//! reserved the same address and size and no other SC came between; either way the reservation is gone. The hart's own
//! plain stores do not break a reservation. Ordering bits have nothing to order.
//! (Unprivileged specification 20240411, chapter 14.)

use assay_isa::{Instruction, Opcode};
use assay_spec::trace::AccessKind;

use super::Machine;
use crate::image::Permissions;
use crate::memory::Refusal;
use crate::observer::{Access, MemoryAccess};
use crate::outcome::End;
use crate::word::Word;

impl<X: Word> Machine<'_, X> {
    pub(super) fn atomic(&mut self, instruction: Instruction) -> Result<(), End> {
        let size = instruction.opcode.access_bytes().expect("an atomic accesses memory");
        let address = self.register(instruction.rs1);
        if !address.is_multiple_of(u64::from(size)) {
            return Err(self.refused(address, Refusal::Misaligned));
        }
        let source = self.register(instruction.rs2);
        match instruction.opcode {
            Opcode::LrW | Opcode::LrD => {
                let value = self.read(address, size, Permissions::R, Refusal::Load)?;
                self.note_memory(AccessKind::Read, address, size, value, value);
                self.reservation = Some((address, size));
                self.set_register(instruction.rd, extend(value, size));
            }
            Opcode::ScW | Opcode::ScD => {
                let succeeds = self.reservation.take() == Some((address, size));
                if succeeds {
                    let before = self.read(address, size, Permissions::W, Refusal::Store)?;
                    self.write(address, size, before, source)?;
                }
                self.set_register(instruction.rd, X::from_bool(!succeeds));
            }
            opcode => {
                let before = self.read(address, size, Permissions::RW, Refusal::Store)?;
                self.note_memory(AccessKind::Read, address, size, before, before);
                let after = combine(opcode, before, source, size);
                self.write(address, size, before, after)?;
                self.set_register(instruction.rd, extend(before, size));
            }
        }
        self.retire();
        Ok(())
    }

    /// The bytes at `address`, if all of them allow what is `needed`.
    fn read(&self, address: u64, size: u8, needed: Permissions, refusal: Refusal) -> Result<u64, End> {
        let last = address + u64::from(size - 1);
        if self.memory.allows(address, last, needed) {
            Ok(self.memory.peek(address, size))
        } else {
            Err(self.refused(address, refusal))
        }
    }

    fn write(&mut self, address: u64, size: u8, before: u64, after: u64) -> Result<(), End> {
        let after = after & mask(size);
        self.memory
            .copy_in(address, &after.to_le_bytes()[..usize::from(size)])
            .map_err(|refusal| self.refused(address, refusal))?;
        self.forget_code(address, u64::from(size));
        self.note_memory(AccessKind::Write, address, size, before, after);
        Ok(())
    }

    fn note_memory(&mut self, kind: AccessKind, address: u64, size: u8, before: u64, after: u64) {
        self.note(|| Access::Memory(MemoryAccess { kind, address, size, before, after }));
    }
}

fn mask(size: u8) -> u64 {
    if size == 8 { u64::MAX } else { 0xffff_ffff }
}

/// What was loaded, as a register holds it: words are sign-extended.
fn extend<X: Word>(value: u64, size: u8) -> X {
    if size == 8 { X::from_u64(value) } else { X::from_i32(value as i32) }
}

/// What an AMO stores. Words are compared as 32-bit numbers, whatever the upper halves of the registers hold.
fn combine(opcode: Opcode, memory: u64, register: u64, size: u8) -> u64 {
    let signed = |value: u64| {
        if size == 8 { value as i64 } else { i64::from(value as i32) }
    };
    let unsigned = |value: u64| value & mask(size);
    match opcode {
        Opcode::AmoswapW | Opcode::AmoswapD => register,
        Opcode::AmoaddW | Opcode::AmoaddD => memory.wrapping_add(register),
        Opcode::AmoxorW | Opcode::AmoxorD => memory ^ register,
        Opcode::AmoandW | Opcode::AmoandD => memory & register,
        Opcode::AmoorW | Opcode::AmoorD => memory | register,
        Opcode::AmominW | Opcode::AmominD => signed(memory).min(signed(register)) as u64,
        Opcode::AmomaxW | Opcode::AmomaxD => signed(memory).max(signed(register)) as u64,
        Opcode::AmominuW | Opcode::AmominuD => unsigned(memory).min(unsigned(register)),
        Opcode::AmomaxuW | Opcode::AmomaxuD => unsigned(memory).max(unsigned(register)),
        _ => unreachable!("{} is no read-modify-write", opcode.mnemonic()),
    }
}
