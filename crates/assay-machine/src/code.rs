//! Executable memory as predecoded ops.
//!
//! Each contiguous executable range has one array of ops, indexed by `(pc - base) / 4` and decoded when it is first
//! reached. On `standard` and `risc0` the words come from memory and a store into executable memory takes effect at
//! once: the ops of the stored bytes go back to undecoded, so FENCE.I has nothing left to do. (A hart may see such a
//! store only after FENCE.I; a guest that is correct for any hart cannot tell.) On `openvm` and `sp1` the program stands
//! apart from memory and never changes.

use crate::memory::Memory;
use crate::op::Op;

/// Bytes of an instruction word; every instruction address is a multiple of it.
pub(crate) const WORD_BYTES: u64 = 4;
/// Ops that are decoded together.
const DECODED_TOGETHER: usize = 64;

/// All executable ranges, by address.
pub(crate) struct Code {
    ranges: Vec<Range>,
}

struct Range {
    base: u64,
    ops: Vec<Op>,
    /// The words, where they are not taken from memory.
    program: Option<Vec<u32>>,
}

/// An op by its range and its index within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    range: usize,
    pub(crate) index: usize,
}

impl Code {
    /// Code that is taken from the executable regions of `memory`.
    pub(crate) fn in_memory(memory: &Memory) -> Self {
        let ranges = memory
            .code_ranges()
            .into_iter()
            .filter_map(|(first, last)| {
                let base = first.checked_next_multiple_of(WORD_BYTES)?;
                let words = (last.checked_sub(base)? + 1) / WORD_BYTES;
                Some(Range { base, ops: vec![Op::UNDECODED; usize::try_from(words).ok()?], program: None })
            })
            .collect();
        Self { ranges }
    }

    /// A program that stands apart from memory.
    pub(crate) fn fixed(base: u64, program: Vec<u32>) -> Self {
        Self { ranges: vec![Range { base, ops: vec![Op::UNDECODED; program.len()], program: Some(program) }] }
    }

    /// Where the instruction at `pc`, a multiple of four, stands; `None` if `pc` is not executable.
    pub(crate) fn find(&self, pc: u64) -> Option<Place> {
        let range = self.ranges.partition_point(|range| range.base <= pc).checked_sub(1)?;
        let index = usize::try_from((pc - self.ranges[range].base) / WORD_BYTES).ok()?;
        (index < self.ranges[range].ops.len()).then_some(Place { range, index })
    }

    /// All ops of the range of `place`, and the address of the first.
    #[inline]
    pub(crate) fn ops(&self, place: Place) -> (&[Op], u64) {
        let range = &self.ranges[place.range];
        (&range.ops, range.base)
    }

    /// The op at `place`.
    pub(crate) fn op(&self, place: Place) -> Op {
        self.ranges[place.range].ops[place.index]
    }

    /// The word at `place`.
    pub(crate) fn word(&self, place: Place, memory: &Memory) -> u32 {
        let range = &self.ranges[place.range];
        match &range.program {
            Some(program) => program[place.index],
            None => memory.peek(range.base + place.index as u64 * WORD_BYTES, 4) as u32,
        }
    }

    /// Decodes the op at `place` and the undecoded ones that follow, up to a small number.
    pub(crate) fn decode(&mut self, place: Place, memory: &Memory, op_of: impl Fn(u32) -> Op) {
        for index in (place.index..).take(DECODED_TOGETHER) {
            let next = Place { index, ..place };
            if self.ranges[place.range].ops.get(index) != Some(&Op::UNDECODED) {
                break;
            }
            self.ranges[place.range].ops[index] = op_of(self.word(next, memory));
        }
    }

    /// Forgets what was decoded from `size` bytes at `address`.
    pub(crate) fn forget(&mut self, address: u64, size: u64) {
        if self.ranges.iter().all(|range| range.program.is_some()) {
            return;
        }
        let mut at = address & !(WORD_BYTES - 1);
        let last = address.saturating_add(size - 1);
        while at <= last {
            if let Some(place) = self.find(at) {
                let range = &mut self.ranges[place.range];
                if range.program.is_none() {
                    range.ops[place.index] = Op::UNDECODED;
                }
            }
            let Some(next) = at.checked_add(WORD_BYTES) else {
                break;
            };
            at = next;
        }
    }
}
