//! What has to be remembered of the records before: registers, stores, the instruction before, the segment.
//!
//! Bounded: nothing here grows with the trace.

use assay_isa::{Instruction, XlenSet};
use assay_spec::{
    Register,
    trace::{AccessKind, MemoryEffect},
};

use super::views::Executed;

/// Places of eight bytes of which the last store to each half is remembered. A power of two; where two addresses share a
/// place, the later one is remembered.
pub const STORES_TRACKED: usize = 4096;

/// The instruction before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) seq: u64,
    pub(super) instruction: Instruction,
    pub(super) timestamp: u64,
    pub(super) next_timestamp: u64,
}

/// The last stores to eight bytes: one to each half of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stored {
    /// Address divided by eight, plus one; 0 is none.
    place: u64,
    /// By half.
    seq: [u64; 2],
    /// Which of the eight bytes.
    pub(super) mask: u8,
}

/// Bytes of the halves of eight bytes.
const HALVES: [u8; 2] = [0x0f, 0xf0];

impl Stored {
    /// The last store to any of the bytes `mask`.
    #[inline]
    pub(super) fn last(&self, mask: u8) -> Option<u64> {
        let halves = HALVES.iter().zip(self.seq).filter(|(half, _)| self.mask & mask & *half != 0);
        halves.map(|(_, seq)| seq).max()
    }
}

/// What is remembered.
#[derive(Debug)]
pub(super) struct State {
    registers: [u64; 32],
    /// Which registers are known.
    known: u32,
    stores: Box<[Stored]>,
    /// Whether the registers have 64 bits.
    wide: bool,
    /// The last instruction record that could be decoded.
    pub(super) before: Option<Before>,
    /// Timestamp of the first instruction of the segment.
    pub(super) segment_timestamp: Option<u64>,
    /// Whether records without a step came since the last instruction: those that close a segment.
    pub(super) segment_closed: bool,
    /// The last chip row that is padding: its position.
    pub(super) inactive_row: Option<u64>,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            registers: [0; 32],
            known: 1,
            stores: vec![Stored::default(); STORES_TRACKED].into_boxed_slice(),
            wide: false,
            before: None,
            segment_timestamp: None,
            segment_closed: false,
            inactive_row: None,
        }
    }

    /// Content of a register, where a record has said it.
    #[inline]
    pub(super) fn register(&self, index: u8) -> Option<u64> {
        (self.known >> (index & 31) & 1 == 1).then(|| self.registers[usize::from(index & 31)])
    }

    /// Whether the trace has shown that registers have 64 bits.
    #[inline]
    pub(super) fn wide(&self) -> bool {
        self.wide
    }

    /// Register width in bytes.
    #[inline]
    pub(super) fn register_bytes(&self) -> u8 {
        if self.wide { 8 } else { 4 }
    }

    /// `value` as a signed number of the register width.
    #[inline]
    pub(super) fn signed(&self, value: u64) -> i64 {
        if self.wide { value as i64 } else { i64::from(value as u32 as i32) }
    }

    /// `value` cut to the register width.
    #[inline]
    pub(super) fn cut(&self, value: u64) -> u64 {
        if self.wide { value } else { value & u64::from(u32::MAX) }
    }

    /// The last store to the eight bytes at `place` (an address divided by eight).
    #[inline]
    pub(super) fn stored(&self, place: u64) -> Option<&Stored> {
        let stored = &self.stores[place as usize % STORES_TRACKED];
        (stored.place == place.wrapping_add(1) && stored.mask != 0).then_some(stored)
    }

    /// Learns what an instruction says of the time before it, before it is matched: register width, and content.
    #[inline]
    pub(super) fn look(&mut self, executed: &Executed) {
        let record = &executed.record;
        let beyond = |value: u64| value > u64::from(u32::MAX);
        self.wide |= executed.opcode().entry().xlen == XlenSet::Rv64
            || beyond(record.pc.0)
            || record.rd.is_some_and(|effect| beyond(effect.after.0) || beyond(effect.before.0));
        if self.before.is_none() && record.step == 0 {
            // All registers of every machine here are 0 at the start.
            self.known = u32::MAX;
        }
        if let Some(effect) = &record.rd {
            self.learn(effect.reg, effect.before.0);
        }
    }

    #[inline]
    fn learn(&mut self, register: Register, value: u64) {
        let index = register.index() & 31;
        if index != 0 {
            self.registers[usize::from(index)] = value;
            self.known |= 1 << index;
        }
    }

    /// Takes over what an instruction did, after it was matched.
    #[inline]
    pub(super) fn retire(&mut self, executed: &Executed) {
        let record = &executed.record;
        if let Some(effect) = &record.rd {
            self.learn(effect.reg, effect.after.0);
        }
        if let Some(effect) = executed.access(AccessKind::Write) {
            self.store(effect, record.seq);
        }
        if self.segment_closed || self.before.is_none_or(|before| record.timestamp < before.timestamp) {
            self.segment_timestamp = Some(record.timestamp);
            self.segment_closed = false;
        }
        self.before = Some(Before {
            seq: record.seq,
            instruction: executed.instruction,
            timestamp: record.timestamp,
            next_timestamp: record.next_timestamp,
        });
    }

    fn store(&mut self, effect: &MemoryEffect, seq: u64) {
        for (place, mask) in touched(effect) {
            let stored = &mut self.stores[place as usize % STORES_TRACKED];
            if stored.place != place.wrapping_add(1) {
                *stored = Stored { place: place.wrapping_add(1), ..Stored::default() };
            }
            for (half, last) in HALVES.into_iter().zip(&mut stored.seq).filter(|(half, _)| mask & half != 0) {
                // Of an earlier store to this half nothing is known any more: a hit must not name the wrong one.
                stored.mask = stored.mask & !half | mask & half;
                *last = seq;
            }
        }
    }
}

/// The eight-byte units that an access touches, at most two, and which of their bytes.
#[inline]
pub(super) fn touched(effect: &MemoryEffect) -> impl Iterator<Item = (u64, u8)> {
    let (place, offset) = (effect.addr.0 / 8, effect.addr.0 % 8);
    let bytes = (1u16 << effect.size.min(8)) - 1;
    let bits = u32::from(bytes) << offset;
    let second = (bits >> 8) as u8;
    [(place, bits as u8), (place.wrapping_add(1), second)].into_iter().filter(|(_, mask)| *mask != 0)
}
