//! What calls of several platforms do with the guest's memory and output: in bounds, watched, and within the limits.

use assay_spec::trace::AccessKind;

use crate::config::LOG_BYTES_MAX;
use crate::machine::Machine;
use crate::observer::{Access, MemoryAccess};
use crate::outcome::End;
use crate::word::Word;

/// Accesses that a call notes are of at most this many bytes.
const NOTED_BYTES: usize = 8;
/// Most accesses that one call notes; what a large transfer writes beyond them is not noted.
const NOTED_ACCESSES_MAX: usize = 4096;

impl<X: Word> Machine<'_, X> {
    /// Puts `bytes` at `address` for a call: all or none, noted, and forgets what was decoded from the place. The caller
    /// has checked that the guest may be given bytes there.
    pub(super) fn give(&mut self, address: u64, bytes: &[u8]) -> Result<(), End> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut noted = Vec::new();
        if let Some(accesses) = &self.watched {
            let room = NOTED_ACCESSES_MAX.saturating_sub(accesses.len());
            noted.extend(pieces(address, bytes.len()).take(room).map(|(address, size)| {
                let before = self.memory.peek(address, size);
                MemoryAccess { kind: AccessKind::Write, address, size, before, after: before }
            }));
        }
        self.memory.copy_in(address, bytes).map_err(|refusal| self.refused(address, refusal))?;
        for mut access in noted {
            access.after = self.memory.peek(access.address, access.size);
            self.note(|| Access::Memory(access));
        }
        self.forget_code(address, bytes.len() as u64);
        Ok(())
    }

    /// The `size` bytes at `address` for a call, noted. The caller has checked that the guest may read them.
    pub(super) fn take(&mut self, address: u64, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        self.memory.copy_out(address, &mut bytes);
        if let Some(accesses) = &self.watched {
            let room = NOTED_ACCESSES_MAX.saturating_sub(accesses.len());
            for (address, size) in pieces(address, size).take(room) {
                let value = self.memory.peek(address, size);
                let access = MemoryAccess { kind: AccessKind::Read, address, size, before: value, after: value };
                self.note(|| Access::Memory(access));
            }
        }
        bytes
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

/// Aligned pieces of 1, 2, 4 or 8 bytes that make up `bytes` bytes at `address`: address and size of each.
fn pieces(address: u64, bytes: usize) -> impl Iterator<Item = (u64, u8)> {
    let mut at = address;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let fits = rest.checked_ilog2()?;
        let size = 1usize << fits.min(at.trailing_zeros()).min(NOTED_BYTES.ilog2());
        let piece = (at, size as u8);
        at = at.wrapping_add(size as u64);
        rest -= size;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_aligned_and_make_up_the_whole() {
        assert_eq!(pieces(0x1003, 0).next(), None);
        let all: Vec<_> = pieces(0x1003, 20).collect();
        assert_eq!(all, [(0x1003, 1), (0x1004, 4), (0x1008, 8), (0x1010, 4), (0x1014, 2), (0x1016, 1)]);
    }
}
