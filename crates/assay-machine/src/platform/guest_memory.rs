//! What calls of several platforms do with the guest's memory and output: in bounds, watched, and within the limits.

use assay_spec::trace::AccessKind;

use crate::config::LOG_BYTES_MAX;
use crate::machine::Machine;
use crate::observer::{Access, MemoryAccess};
use crate::outcome::End;
use crate::word::Word;

/// Accesses that a call notes are of at most this many bytes.
const NOTED_BYTES: usize = 8;

impl<X: Word> Machine<'_, X> {
    /// Puts `bytes` at `address` for a call: notes the write, and forgets what was decoded from the place. The caller
    /// has checked that the guest may be given bytes there.
    pub(super) fn give(&mut self, address: u64, bytes: &[u8]) -> Result<(), End> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.watched.is_none() {
            self.give_unnoted(address, bytes)?;
        } else {
            let mut at = address;
            let mut rest = bytes;
            while !rest.is_empty() {
                // Aligned pieces of 1, 2, 4 or 8 bytes.
                let aligned = 1usize << at.trailing_zeros().min(NOTED_BYTES.ilog2());
                let size = aligned.min(1 << rest.len().ilog2());
                let (now, later) = rest.split_at(size);
                let before = self.memory.peek(at, size as u8);
                self.give_unnoted(at, now)?;
                let after = self.memory.peek(at, size as u8);
                let access = MemoryAccess { kind: AccessKind::Write, address: at, size: size as u8, before, after };
                self.note(|| Access::Memory(access));
                at = at.wrapping_add(size as u64);
                rest = later;
            }
        }
        self.forget_code(address, bytes.len() as u64);
        Ok(())
    }

    fn give_unnoted(&mut self, address: u64, bytes: &[u8]) -> Result<(), End> {
        self.memory.copy_in(address, bytes).map_err(|refusal| self.refused(address, refusal))
    }

    /// Sets a register that a call returns something in, and notes it.
    pub(super) fn return_in(&mut self, register: u8, value: X) {
        let before = self.register(register);
        self.set_register(register, value);
        self.note(|| Access::RegisterWrite { register, before, after: value.to_u64() });
    }

    /// Reads a register that a call takes something from, and notes it.
    pub(super) fn argument(&mut self, register: u8) -> u64 {
        let value = self.register(register);
        self.note(|| Access::RegisterRead { register, value });
        value
    }

    /// Appends `size` bytes at `address` to the public output. The caller has checked the addresses.
    pub(super) fn publish(&mut self, address: u64, size: u64) -> Result<(), End> {
        let offset = self.output.len() as u64;
        if size > self.config.output_limit_bytes.saturating_sub(offset) {
            return Err(End::OutputLimit);
        }
        let start = self.output.len();
        self.output.resize(start + size as usize, 0);
        self.memory.copy_out(address, &mut self.output[start..]);
        let value = (size <= NOTED_BYTES as u64).then(|| self.memory.peek(address, size as u8));
        self.note(|| Access::Output { offset, size, value });
        Ok(())
    }

    /// Appends what there is room for of `size` bytes at `address` to the guest's log. The caller has checked the
    /// addresses.
    pub(super) fn log_guest(&mut self, address: u64, size: u64) {
        let start = self.log.len();
        let kept = size.min((LOG_BYTES_MAX - start) as u64);
        self.log.resize(start + kept as usize, 0);
        self.memory.copy_out(address, &mut self.log[start..]);
    }
}
