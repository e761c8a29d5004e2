//! Where a guest's misaligned loads and stores are: an observer that counts them by the instruction that makes them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::observer::{Access, InstructionEvent, Observer};

/// Most instructions that are told apart; accesses of further ones are counted in
/// [`Run::unaligned_accesses`](crate::Run::unaligned_accesses) only.
pub const UNALIGNED_SITES_MAX: usize = 4096;

/// Counts misaligned loads and stores by the address of their instruction.
#[derive(Clone, Debug, Default)]
pub struct UnalignedSites {
    counts: BTreeMap<u64, u64>,
}

impl UnalignedSites {
    /// Each instruction that made some, by address, and how many; of at most [`UNALIGNED_SITES_MAX`] instructions, the
    /// first that made any.
    pub fn counts(&self) -> &BTreeMap<u64, u64> {
        &self.counts
    }
}

impl Observer for UnalignedSites {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        // What calls take and give is noted in aligned pieces.
        let misaligned = event.accesses.iter().any(|access| match access {
            Access::Memory(memory) => !memory.address.is_multiple_of(u64::from(memory.size)),
            _ => false,
        });
        if misaligned {
            let full = self.counts.len() >= UNALIGNED_SITES_MAX;
            match self.counts.get_mut(&event.pc) {
                Some(count) => *count += 1,
                None if full => {}
                None => drop(self.counts.insert(event.pc, 1)),
            }
        }
        ControlFlow::Continue(())
    }
}
