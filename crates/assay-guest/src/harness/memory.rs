//! Initial memory: data segments, and what a guest must store itself because its platform takes no segment there.

use std::{collections::BTreeMap, ops::Range};

use assay_spec::{MemoryInit, Platform, Word};

use crate::{
    elf::{ElfSegment, SegmentFlags},
    platform::PlatformFacts,
};

/// Most pieces of initial memory.
pub const MEMORY_INITS_MAX: usize = 4096;

/// Most bytes of initial memory, all pieces together.
pub const MEMORY_INIT_BYTES_MAX: usize = 4 << 20;

/// Most data segments that remain when neighbouring pieces are merged.
pub const MEMORY_SEGMENTS_MAX: usize = 200;

/// Most cells of eight bytes that a guest stores itself, where its platform takes no segment.
pub const MEMORY_STORED_CELLS_MAX: usize = 4096;

/// Segments begin and end on words: OpenVM 2.0.2 takes no others.
const WORD_BYTES: u64 = 4;

/// Why initial memory cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemoryInitError {
    /// More than [`MEMORY_INITS_MAX`] pieces.
    #[error("there are {count} pieces of initial memory; the limit is {MEMORY_INITS_MAX}: join neighbouring ones")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// More than [`MEMORY_INIT_BYTES_MAX`] bytes.
    #[error("initial memory has {bytes} bytes; the limit is {MEMORY_INIT_BYTES_MAX}: build an ELF instead")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// More than [`MEMORY_SEGMENTS_MAX`] places.
    #[error("initial memory lies in {count} separate places; the limit is {MEMORY_SEGMENTS_MAX}: move pieces together")]
    TooScattered {
        /// How many.
        count: usize,
    },
    /// More than [`MEMORY_STORED_CELLS_MAX`] cells to be stored.
    #[error(
        "initial memory of more than {} bytes is below {:#x}, where platform {platform} takes no segment; move it there",
        MEMORY_STORED_CELLS_MAX * 8, .segments.start
    )]
    TooMuchToStore {
        /// The platform.
        platform: Platform,
        /// Where segments may lie.
        segments: Range<u64>,
    },
    /// Outside of the platform's memory.
    #[error(
        "{bytes} bytes of initial memory at {address} are outside of the memory of platform {platform}, {:#x} to {:#x}",
        .memory.start, .memory.end - 1
    )]
    OutsideMemory {
        /// Address of the first byte.
        address: Word,
        /// How many.
        bytes: usize,
        /// The platform.
        platform: Platform,
        /// What its guests have.
        memory: Range<u64>,
    },
    /// Two pieces set the same byte.
    #[error("initial memory at {first} and at {second} overlaps; set each byte once")]
    Overlap {
        /// Address of the lower piece.
        first: Word,
        /// Address of the upper piece.
        second: Word,
    },
    /// A piece is where the harness itself is.
    #[error(
        "initial memory at {address} overlaps {what}, {:#x} to {:#x}; move it elsewhere",
        .taken.start, .taken.end - 1
    )]
    Reserved {
        /// Address of the piece.
        address: Word,
        /// What is there.
        what: &'static str,
        /// Its addresses.
        taken: Range<u64>,
    },
}

/// One readable and writable segment for each run of neighbouring words that `inits` touch, ascending.
pub(super) fn segments(
    inits: &[MemoryInit],
    facts: &PlatformFacts,
    reserved: &[(&'static str, Range<u64>)],
) -> Result<Vec<ElfSegment>, MemoryInitError> {
    if inits.len() > MEMORY_INITS_MAX {
        return Err(MemoryInitError::TooMany { count: inits.len() });
    }
    let bytes = inits.iter().map(|init| init.hex.0.len()).sum();
    if bytes > MEMORY_INIT_BYTES_MAX {
        return Err(MemoryInitError::TooLarge { bytes });
    }
    let mut sorted: Vec<_> = inits.iter().filter(|init| !init.hex.0.is_empty()).collect();
    sorted.sort_by_key(|init| init.addr);
    for init in &sorted {
        check_place(init, facts, reserved)?;
    }
    for pair in sorted.windows(2) {
        if end(pair[0]) > pair[1].addr.0 {
            return Err(MemoryInitError::Overlap { first: pair[0].addr, second: pair[1].addr });
        }
    }
    if stored(inits, facts).len() > MEMORY_STORED_CELLS_MAX {
        return Err(MemoryInitError::TooMuchToStore { platform: facts.platform, segments: facts.segments.clone() });
    }
    let mut segments: Vec<ElfSegment> = Vec::new();
    for init in sorted.into_iter().filter(|init| facts.segments.contains(&init.addr.0)) {
        place(init, &mut segments);
    }
    if segments.len() > MEMORY_SEGMENTS_MAX {
        return Err(MemoryInitError::TooScattered { count: segments.len() });
    }
    Ok(segments)
}

/// What the guest must store before the sequence, where its platform takes no segment: cells of eight bytes by their
/// addresses, without those that are 0. At most one more than [`MEMORY_STORED_CELLS_MAX`] of them.
pub(super) fn stored(inits: &[MemoryInit], facts: &PlatformFacts) -> BTreeMap<u64, u64> {
    let mut cells = BTreeMap::new();
    for init in inits.iter().filter(|init| !facts.segments.contains(&init.addr.0)) {
        for (offset, &byte) in (0u64..).zip(&init.hex.0).filter(|(_, byte)| **byte != 0) {
            // What is beyond the last address is refused with the place of its piece, which is looked at after this.
            let address = init.addr.0.wrapping_add(offset);
            if cells.len() > MEMORY_STORED_CELLS_MAX {
                return cells;
            }
            *cells.entry(address & !7).or_default() |= u64::from(byte) << (8 * (address & 7));
        }
    }
    cells
}

/// Only for pieces whose place was checked.
fn end(init: &MemoryInit) -> u64 {
    init.addr.0.saturating_add(init.hex.0.len() as u64)
}

/// The whole words that a piece touches.
fn words(init: &MemoryInit) -> Range<u64> {
    let start = init.addr.0 / WORD_BYTES * WORD_BYTES;
    start..end(init).next_multiple_of(WORD_BYTES)
}

fn check_place(
    init: &MemoryInit,
    facts: &PlatformFacts,
    reserved: &[(&'static str, Range<u64>)],
) -> Result<(), MemoryInitError> {
    let address = init.addr;
    if address.0 < facts.memory.start || end(init) > facts.memory.end {
        return Err(MemoryInitError::OutsideMemory {
            address,
            bytes: init.hex.0.len(),
            platform: facts.platform,
            memory: facts.memory.clone(),
        });
    }
    let words = words(init);
    match reserved.iter().find(|(_, taken)| words.start < taken.end && taken.start < words.end) {
        Some((what, taken)) => Err(MemoryInitError::Reserved { address, what, taken: taken.clone() }),
        None => Ok(()),
    }
}

/// Adds a piece that lies above all that were added before.
fn place(init: &MemoryInit, segments: &mut Vec<ElfSegment>) {
    let words = words(init);
    let touching = segments.pop_if(|last| last.range().end >= words.start).unwrap_or_else(|| ElfSegment {
        address: words.start,
        bytes: Vec::new(),
        memory_size: 0,
        flags: SegmentFlags::RW,
    });
    let mut segment = touching;
    let offset = (init.addr.0 - segment.address) as usize;
    segment.bytes.resize((words.end - segment.address) as usize, 0);
    segment.bytes[offset..offset + init.hex.0.len()].copy_from_slice(&init.hex.0);
    segment.memory_size = segment.bytes.len() as u64;
    segments.push(segment);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use assay_spec::HexBytes;
    use proptest::prelude::*;

    use super::*;

    fn init(address: u64, bytes: &[u8]) -> MemoryInit {
        MemoryInit { addr: Word(address), hex: HexBytes(bytes.to_vec()) }
    }

    fn build(inits: &[MemoryInit]) -> Result<Vec<ElfSegment>, MemoryInitError> {
        let facts = PlatformFacts::of(Platform::OpenVm);
        segments(inits, facts, &[("the code", 0x1000..0x1100)])
    }

    #[test]
    fn pieces_that_share_a_word_or_touch_become_one_segment() {
        let built = build(&[init(0x2003, &[3]), init(0x2001, &[1]), init(0x2004, &[4, 5]), init(0x200c, &[])]).unwrap();
        assert_eq!(built.len(), 1);
        assert_eq!(built[0].address, 0x2000);
        assert_eq!(built[0].bytes, [0, 1, 0, 3, 4, 5, 0, 0]);
        assert_eq!(built[0].memory_size, 8);
        assert_eq!(build(&[init(0x2000, &[1]), init(0x2008, &[2])]).unwrap().len(), 2);
    }

    #[test]
    fn each_bad_piece_is_named() {
        let end = 1 << 24;
        for (inits, message) in [
            (
                vec![init(0x2000, &[1, 2]), init(0x2001, &[3])],
                "initial memory at 0x2000 and at 0x2001 overlaps; set each byte once",
            ),
            (
                vec![init(0xffe, &[1, 2, 3])],
                "initial memory at 0xffe overlaps the code, 0x1000 to 0x10ff; move it elsewhere",
            ),
            (
                vec![init(end - 1, &[1, 2])],
                "2 bytes of initial memory at 0xffffff are outside of the memory of platform openvm, 0x0 to 0xffffff",
            ),
            (
                vec![init(u64::MAX, &[1, 2])],
                "2 bytes of initial memory at 0xffffffffffffffff are outside of the memory of platform openvm, 0x0 to 0xffffff",
            ),
        ] {
            assert_eq!(build(&inits).unwrap_err().to_string(), message);
        }
        assert!(build(&[init(0xffc, &[1, 2, 3, 4]), init(0x1100, &[1])]).is_ok());
        assert!(build(&[init(end - 1, &[1])]).is_ok());
    }

    #[test]
    fn limits_are_kept() {
        let scattered = |count: u64| (0..count).map(|n| init(0x2000 + 8 * n, &[1])).collect::<Vec<_>>();
        assert!(build(&scattered(MEMORY_SEGMENTS_MAX as u64)).is_ok());
        assert!(matches!(build(&scattered(MEMORY_SEGMENTS_MAX as u64 + 1)), Err(MemoryInitError::TooScattered { .. })));
        let joined: Vec<_> = (0..=MEMORY_INITS_MAX as u64).map(|n| init(0x2000 + n, &[1])).collect();
        assert_eq!(build(&joined[1..]).unwrap().len(), 1);
        assert!(matches!(build(&joined), Err(MemoryInitError::TooMany { .. })));
        let large = vec![7; MEMORY_INIT_BYTES_MAX + 1];
        assert!(build(&[init(0x2000, &large[1..])]).is_ok());
        assert!(matches!(build(&[init(0x2000, &large)]), Err(MemoryInitError::TooLarge { .. })));
    }

    proptest! {
        #[test]
        fn every_byte_is_where_it_was_asked_for(
            pieces in prop::collection::btree_map(0x2000u64..0x2400, prop::collection::vec(any::<u8>(), 0..6), 0..30),
        ) {
            let inits: Vec<_> = pieces.iter().map(|(address, bytes)| init(*address, bytes)).collect();
            let mut wanted: BTreeMap<u64, u8> = BTreeMap::new();
            let mut distinct = true;
            for (address, bytes) in &pieces {
                for (at, byte) in (*address..).zip(bytes) {
                    distinct &= wanted.insert(at, *byte).is_none();
                }
            }
            let built = build(&inits);
            prop_assert_eq!(built.is_ok(), distinct);
            for segment in built.unwrap_or_default() {
                for (at, byte) in (segment.address..).zip(&segment.bytes) {
                    prop_assert_eq!(*byte, wanted.remove(&at).unwrap_or(0));
                }
            }
            prop_assert!(!distinct || wanted.is_empty());
        }
    }
}
