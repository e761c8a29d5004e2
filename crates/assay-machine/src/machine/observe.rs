//! One step with somebody watching.
//!
//! What an instruction read and wrote is derived from outside of the hot loop: its sources and its address before it is
//! executed, its effects after. So the loop has no second version, and what is recorded is what really happened to
//! registers and memory, planted faults included. Calls and atomics note their own accesses.

use assay_isa::{Class, Instruction};
use assay_spec::trace::AccessKind;

use super::Machine;
use crate::code::Place;
use crate::observer::{Access, InstructionEvent, MemoryAccess, Observer};
use crate::outcome::End;
use crate::platform::Meaning;
use crate::word::Word;

impl<X: Word> Machine<'_, X> {
    pub(super) fn observed_step<O: Observer>(&mut self, place: Place, observer: &mut O) -> Result<(), End> {
        let (pc, step) = (self.pc, self.instructions);
        let word = self.code.word(place, &self.memory);
        let instruction = match Meaning::of(word, self.config) {
            Meaning::Instruction(instruction) => Some(instruction),
            _ => None,
        };

        let mut accesses = self.watched.take().unwrap_or_default();
        accesses.clear();
        let mut written = None;
        let mut data = None;
        if let Some(instruction) = instruction {
            accesses.extend(
                instruction.sources().map(|register| Access::RegisterRead { register, value: self.register(register) }),
            );
            written = instruction
                .destination()
                .filter(|&register| register != 0)
                .map(|register| (register, self.register(register)));
            data = self.data_access(instruction);
        }
        self.watched = Some(accesses);

        let result = self.step(place);
        if !matches!(result, Ok(()) | Err(End::Halted { .. })) {
            return result;
        }

        if let Some(mut access) = data {
            access.after = self.memory.peek(access.address, access.size);
            self.note(|| Access::Memory(access));
        }
        if let Some((register, before)) = written {
            let after = self.register(register);
            self.note(|| Access::RegisterWrite { register, before, after });
        }
        let event = InstructionEvent {
            step,
            pc,
            next_pc: self.pc,
            word,
            instruction,
            accesses: self.watched.as_deref().unwrap_or_default(),
        };
        if observer.instruction(&event).is_break() && result.is_ok() {
            return Err(End::Stopped);
        }
        result
    }

    /// The access that a load or store is going to make, with the bytes that are there now.
    fn data_access(&self, instruction: Instruction) -> Option<MemoryAccess> {
        let kind = match instruction.opcode.entry().class {
            Class::Load => AccessKind::Read,
            Class::Store => AccessKind::Write,
            _ => return None,
        };
        let size = instruction.opcode.access_bytes()?;
        let base = self.registers[usize::from(instruction.rs1)];
        let address = base.add(X::from_i32(instruction.imm)).to_u64();
        let before = self.memory.peek(address, size);
        Some(MemoryAccess { kind, address, size, before, after: before })
    }
}
