//! Static RISC-V executables: the part of ELF that a guest consists of, and what makes it sound.
//!
//! An [`Elf`] is the entry point and the loadable segments; symbols, sections and debug data are not looked at.
//! Reading and writing apply the same rules ([`Elf::validate`]), so that whatever was read can be loaded without
//! another check of addresses. What an ISA allows is asked apart ([`Elf::check_isa`]), because the file alone does
//! not say for which machine it is meant.
//!
//! What this module refuses to know: platforms, and what the words in a segment mean.

mod error;
mod read;
mod write;

use std::{fmt, ops::Range};

use assay_isa::{Isa, Xlen};
use object::elf;

pub use error::ElfError;

/// Longest ELF file, in bytes.
pub const ELF_BYTES_MAX: u64 = 64 << 20;

/// Most program headers, loadable or not. OpenVM 2.0.2 has the same limit.
pub const PROGRAM_HEADERS_MAX: usize = 256;

/// Most memory that all segments together may claim, in bytes.
pub const ELF_MEMORY_BYTES_MAX: u64 = 1 << 30;

/// A static RISC-V executable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elf {
    /// ELF32 or ELF64.
    pub class: Xlen,
    /// `e_flags`: what the code was built for; 0 for the base ISA with the soft-float ABI.
    pub flags: u32,
    /// Address of the first instruction.
    pub entry: u64,
    /// The loadable segments that take memory, by ascending address.
    pub segments: Vec<ElfSegment>,
}

/// A loadable segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElfSegment {
    /// Address of the first byte.
    pub address: u64,
    /// The bytes that come from the file.
    pub bytes: Vec<u8>,
    /// Bytes in memory, at least as many as in the file; the rest is zero.
    pub memory_size: u64,
    /// What the segment may be used for.
    pub flags: SegmentFlags,
}

/// What a segment may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SegmentFlags {
    /// `PF_R`
    pub read: bool,
    /// `PF_W`
    pub write: bool,
    /// `PF_X`
    pub execute: bool,
}

/// Something that is allowed but that some zkVMs refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElfWarning {
    /// A segment is both writable and executable.
    #[error(
        "the segment at {address:#x} is both writable and executable, which SP1 refuses and which changes no code on OpenVM; link code and data into separate segments"
    )]
    WritableAndExecutable {
        /// Where the segment begins.
        address: u64,
    },
}

impl SegmentFlags {
    /// Constants: readable.
    pub const R: Self = Self { read: true, write: false, execute: false };
    /// Code.
    pub const RX: Self = Self { read: true, write: false, execute: true };
    /// Data.
    pub const RW: Self = Self { read: true, write: true, execute: false };

    fn from_bits(bits: elf::ProgramFlags) -> Self {
        let has = |flag: elf::ProgramFlags| bits.0 & flag.0 != 0;
        Self { read: has(elf::PF_R), write: has(elf::PF_W), execute: has(elf::PF_X) }
    }

    fn to_bits(self) -> elf::ProgramFlags {
        let bit = |on: bool, flag: elf::ProgramFlags| if on { flag.0 } else { 0 };
        elf::ProgramFlags(bit(self.read, elf::PF_R) | bit(self.write, elf::PF_W) | bit(self.execute, elf::PF_X))
    }
}

impl fmt::Display for SegmentFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, letter) in [(self.read, "r"), (self.write, "w"), (self.execute, "x")] {
            f.write_str(if on { letter } else { "-" })?;
        }
        Ok(())
    }
}

impl ElfSegment {
    /// The addresses that the segment takes.
    pub fn range(&self) -> Range<u64> {
        self.address..self.address.saturating_add(self.memory_size)
    }

    /// The byte at `address`, zero beyond the bytes of the file.
    fn byte(&self, address: u64) -> Option<u8> {
        let offset = address.checked_sub(self.address).filter(|&offset| offset < self.memory_size)?;
        Some(self.bytes.get(offset as usize).copied().unwrap_or(0))
    }
}

impl Elf {
    /// The executable with these segments, sorted and without the empty ones, and `e_flags` 0.
    pub fn new(class: Xlen, entry: u64, mut segments: Vec<ElfSegment>) -> Self {
        segments.retain(|segment| segment.memory_size > 0);
        segments.sort_by_key(|segment| segment.address);
        Self { class, flags: 0, entry, segments }
    }

    /// The words of the executable segments with their addresses, ascending.
    ///
    /// Only addresses that are a multiple of four, and only words that lie whole in the bytes of the file.
    pub fn executable_words(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.segments.iter().filter(|segment| segment.flags.execute).flat_map(|segment| {
            let skipped = segment.address.wrapping_neg() & 3;
            let start = segment.address.wrapping_add(skipped);
            let bytes = segment.bytes.get(skipped as usize..).unwrap_or_default();
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .zip((0u64..).step_by(4))
                .map(move |(word, offset)| (start.wrapping_add(offset), u32::from_le_bytes(*word)))
        })
    }

    /// The little-endian word at `address` as it is in memory before the first instruction; `None` unless all four
    /// bytes are in segments. The address need not be aligned.
    pub fn read_word(&self, address: u64) -> Option<u32> {
        let mut word = [0; 4];
        for (offset, byte) in (0u64..).zip(&mut word) {
            let at = address.checked_add(offset)?;
            *byte = self.segments.iter().find_map(|segment| segment.byte(at))?;
        }
        Some(u32::from_le_bytes(word))
    }

    /// Bytes that the segments take in memory.
    pub fn memory_bytes(&self) -> u64 {
        self.segments.iter().fold(0, |sum, segment| sum.saturating_add(segment.memory_size))
    }

    /// What is allowed but deserves a word.
    pub fn warnings(&self) -> Vec<ElfWarning> {
        self.segments
            .iter()
            .filter(|segment| segment.flags.write && segment.flags.execute)
            .map(|segment| ElfWarning::WritableAndExecutable { address: segment.address })
            .collect()
    }

    /// Whether the file is for a machine of `isa`: its class and what its `e_flags` demand.
    ///
    /// Source of the flags: RISC-V ELF psABI 1.0, "File Header".
    pub fn check_isa(&self, isa: Isa) -> Result<(), ElfError> {
        if self.class != isa.xlen {
            return Err(ElfError::WrongClass { class: self.class, isa });
        }
        let flags = elf::FileFlags(self.flags);
        if flags.0 & elf::EF_RISCV_RVC.0 != 0 {
            return Err(ElfError::Compressed { isa });
        }
        let float_abi = elf::FileFlags(flags.0 & elf::EF_RISCV_FLOAT_ABI);
        if float_abi != elf::EF_RISCV_FLOAT_ABI_SOFT {
            let name = match float_abi {
                elf::EF_RISCV_FLOAT_ABI_SINGLE => "EF_RISCV_FLOAT_ABI_SINGLE",
                elf::EF_RISCV_FLOAT_ABI_DOUBLE => "EF_RISCV_FLOAT_ABI_DOUBLE",
                _ => "EF_RISCV_FLOAT_ABI_QUAD",
            };
            return Err(ElfError::FloatAbi { name, isa });
        }
        if flags.0 & elf::EF_RISCV_RVE.0 != 0 {
            return Err(ElfError::Embedded { isa });
        }
        match flags.0 {
            0 => Ok(()),
            flags => Err(ElfError::UnknownFlags { flags, isa }),
        }
    }

    /// The rules that a loader relies on: segments that fit, do not wrap and do not overlap, and an entry in code.
    pub fn validate(&self) -> Result<(), ElfError> {
        let mut sorted: Vec<_> =
            self.segments.iter().filter(|segment| segment.memory_size > 0 || !segment.bytes.is_empty()).collect();
        sorted.sort_by_key(|segment| segment.address);
        if sorted.is_empty() {
            return Err(ElfError::NoSegments);
        }
        if sorted.len() > PROGRAM_HEADERS_MAX {
            return Err(ElfError::TooManyProgramHeaders { count: sorted.len() });
        }
        for segment in &sorted {
            self.validate_segment(segment)?;
        }
        let claimed = self.memory_bytes();
        if claimed > ELF_MEMORY_BYTES_MAX {
            return Err(ElfError::MemoryTooLarge { claimed });
        }
        for pair in sorted.windows(2) {
            let [first, second] = [pair[0].range(), pair[1].range()];
            if second.start < first.end {
                return Err(ElfError::Overlap { first, second });
            }
        }
        self.validate_entry(&sorted)
    }

    fn validate_segment(&self, segment: &ElfSegment) -> Result<(), ElfError> {
        let file_size = segment.bytes.len() as u64;
        if file_size > segment.memory_size {
            return Err(ElfError::FileSizeAboveMemorySize {
                address: segment.address,
                file_size,
                memory_size: segment.memory_size,
            });
        }
        // The last byte, not the end: a segment may reach up to the very top.
        let last = segment.address.checked_add(segment.memory_size - 1);
        if last.is_none_or(|last| self.class.truncate(last) != last) {
            return Err(ElfError::AddressWraps {
                address: segment.address,
                memory_size: segment.memory_size,
                class: self.class,
            });
        }
        Ok(())
    }

    fn validate_entry(&self, segments: &[&ElfSegment]) -> Result<(), ElfError> {
        let entry = self.entry;
        if entry == 0 {
            return Err(ElfError::EntryMissing);
        }
        let alignment = if self.flags & elf::EF_RISCV_RVC.0 == 0 { 4 } else { 2 };
        if !entry.is_multiple_of(alignment) {
            return Err(ElfError::EntryMisaligned { entry, alignment });
        }
        match segments.iter().find(|s| s.byte(entry).is_some()) {
            Some(segment) if segment.flags.execute => Ok(()),
            Some(segment) => Err(ElfError::EntryNotExecutable { entry, flags: segment.flags }),
            None => Err(ElfError::EntryOutsideSegments { entry }),
        }
    }
}

#[cfg(test)]
mod tests;
