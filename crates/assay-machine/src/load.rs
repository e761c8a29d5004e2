//! Checks of an image against a platform, and what is common to loading it.
//!
//! Everything that can be refused before the first instruction is refused here, by name. What each platform maps and
//! where is in [`platform`](crate::platform).

use assay_isa::{Isa, Xlen};
use assay_spec::Platform;
use assay_spec::platform::{RISC0_USER_END, SP1_MEMORY_END, SP1_SEGMENTS_START};

use crate::config::{Config, EXECUTABLE_BYTES_MAX, FAULTS_MAX, IMAGE_BYTES_MAX, SEGMENTS_MAX};
use crate::image::{Image, Segment};
use crate::memory::{Memory, Refusal, Region};

/// Why a guest could not be loaded. Nothing was executed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The platform is that of native programs.
    #[error("a native program runs on no hart; run it with the backend native")]
    NoHart,
    /// The platform has another ISA.
    #[error("platform {platform} does not run {isa} guests; build the guest for {expected}")]
    WrongIsa {
        /// The platform.
        platform: Platform,
        /// The ISA of the configuration.
        isa: Isa,
        /// What the platform runs.
        expected: Isa,
    },
    /// More segments than [`SEGMENTS_MAX`].
    #[error("the image has {count} segments; at most {SEGMENTS_MAX} are loaded")]
    TooManySegments {
        /// How many.
        count: usize,
    },
    /// More initial bytes than [`IMAGE_BYTES_MAX`].
    #[error("the image has {bytes} initial bytes; at most {IMAGE_BYTES_MAX} are loaded")]
    ImageTooLarge {
        /// How many.
        bytes: u64,
    },
    /// More executable bytes than [`EXECUTABLE_BYTES_MAX`].
    #[error("the image has {bytes} executable bytes; at most {EXECUTABLE_BYTES_MAX} are loaded")]
    TooMuchCode {
        /// How many.
        bytes: u64,
    },
    /// More planted faults than [`FAULTS_MAX`].
    #[error("{count} faults are planted; at most {FAULTS_MAX} can be")]
    TooManyFaults {
        /// How many.
        count: usize,
    },
    /// More initial bytes than memory.
    #[error(
        "the segment at {address:#x} has {bytes} initial bytes but a size of {size}; its memory size must not be less"
    )]
    SegmentSize {
        /// Address of the segment.
        address: u64,
        /// Initial bytes.
        bytes: u64,
        /// Size in memory.
        size: u64,
    },
    /// The segment ends beyond the address space.
    #[error(
        "the segment of {size} bytes at {address:#x} ends beyond the address space of {xlen}; link the guest lower"
    )]
    SegmentWraps {
        /// Address of the segment.
        address: u64,
        /// Size in memory.
        size: u64,
        /// The register width.
        xlen: Xlen,
    },
    /// Two segments, or a segment and the input buffer, share addresses.
    #[error(
        "{first} and {second} overlap at {address:#x}; link the guest elsewhere or move the input buffer with its base"
    )]
    Overlap {
        /// The one that begins earlier.
        first: String,
        /// The other.
        second: String,
        /// First shared address.
        address: u64,
    },
    /// The input buffer's base is not a multiple of 8.
    #[error("the input base {base:#x} is not a multiple of 8; choose one that is")]
    InputBaseMisaligned {
        /// The base.
        base: u64,
    },
    /// The input buffer would end beyond the address space.
    #[error("an input of {size} bytes at {base:#x} ends beyond the address space of {xlen}; choose a lower base")]
    InputWraps {
        /// The base.
        base: u64,
        /// Bytes of input.
        size: u64,
        /// The register width.
        xlen: Xlen,
    },
    /// Image and input alone pass the memory limit.
    #[error("image and input need more than the memory limit of {limit_bytes} bytes; raise the limit")]
    MemoryLimit {
        /// The limit.
        limit_bytes: u64,
    },
    /// `risc0`: the entry point is no instruction address.
    #[error("RISC Zero refuses the entry point {entry:#x}: it must be a multiple of 4 below {RISC0_USER_END:#x}")]
    Risc0Entry {
        /// The entry point.
        entry: u64,
    },
    /// `risc0`: a segment does not begin on a word border.
    #[error("RISC Zero refuses the segment at {address:#x}: segments must begin at a multiple of 4")]
    Risc0SegmentMisaligned {
        /// Address of the segment.
        address: u64,
    },
    /// `risc0`: a segment reaches into the kernel.
    #[error(
        "the segment of {size} bytes at {address:#x} reaches into RISC Zero's kernel at {RISC0_USER_END:#x}; link the guest lower"
    )]
    Risc0OutsideMemory {
        /// Address of the segment.
        address: u64,
        /// Size in memory.
        size: u64,
    },
    /// `sp1`: the entry point is no instruction address.
    #[error("SP1 refuses the entry point {entry:#x}: it must be a multiple of 4 and not below the code, {base:#x}")]
    Sp1Entry {
        /// The entry point.
        entry: u64,
        /// Where the code begins.
        base: u64,
    },
    /// `sp1`: a segment does not begin on a word border.
    #[error("SP1 refuses the segment at {address:#x}: segments must begin at a multiple of 4")]
    Sp1SegmentMisaligned {
        /// Address of the segment.
        address: u64,
    },
    /// `sp1`: a segment lies where the stack is, or beyond memory.
    #[error(
        "SP1 refuses the segment of {size} bytes at {address:#x}: segments must lie in {SP1_SEGMENTS_START:#x} to {SP1_MEMORY_END:#x}; link the guest there"
    )]
    Sp1OutsideMemory {
        /// Address of the segment.
        address: u64,
        /// Size in memory.
        size: u64,
    },
    /// `sp1`: a segment cannot be read.
    #[error("SP1 refuses the segment at {address:#x}: segments must be readable")]
    Sp1SegmentUnreadable {
        /// Address of the segment.
        address: u64,
    },
    /// `sp1`: a segment is both writable and executable.
    #[error(
        "SP1 refuses the segment at {address:#x}, which is both writable and executable; link code and data into separate segments"
    )]
    Sp1SegmentWritableCode {
        /// Address of the segment.
        address: u64,
    },
    /// `sp1`: executable segments with a gap.
    #[error("SP1 refuses executable segments with a gap between {end:#x} and {start:#x}; join them")]
    Sp1CodeGap {
        /// End of the code so far.
        end: u64,
        /// Start of the next segment.
        start: u64,
    },
    /// `sp1`: nothing is executable.
    #[error("SP1 refuses a guest without executable words; it needs an executable segment")]
    Sp1NoCode,
    /// `sp1`: more instructions than SP1 takes.
    #[error("the guest has {instructions} words of code; SP1 takes at most {}", crate::sp1::PROGRAM_INSTRUCTIONS_MAX)]
    Sp1ProgramTooLong {
        /// How many.
        instructions: u64,
    },
    /// `sp1`: a word in executable memory, executed or not, is no instruction.
    #[error("SP1 refuses the word {word:#010x} at {address:#x}: {reason}; keep data out of executable segments")]
    Sp1Untranslatable {
        /// Address of the word.
        address: u64,
        /// The word.
        word: u32,
        /// Why it is none.
        reason: String,
    },
    /// `openvm`: the entry point is no instruction address.
    #[error("OpenVM refuses the entry point {entry:#x}: it must be a multiple of 4 below 0x20000000")]
    OpenVmEntry {
        /// The entry point.
        entry: u64,
    },
    /// `openvm`: a segment does not begin on a word border.
    #[error("OpenVM refuses the segment at {address:#x}: segments must begin at a multiple of 4")]
    OpenVmSegmentMisaligned {
        /// Address of the segment.
        address: u64,
    },
    /// `openvm`: a segment lies outside of guest memory.
    #[error(
        "the segment of {size} bytes at {address:#x} lies outside of OpenVM's guest memory of {memory_bytes} bytes; link the guest lower"
    )]
    OpenVmOutsideMemory {
        /// Address of the segment.
        address: u64,
        /// Size in memory.
        size: u64,
        /// Bytes of guest memory.
        memory_bytes: u64,
    },
    /// `openvm`: executable segments with a gap.
    #[error("OpenVM refuses executable segments with a gap between {end:#x} and {start:#x}; join them")]
    OpenVmCodeGap {
        /// End of the earlier one.
        end: u64,
        /// Start of the later one.
        start: u64,
    },
    /// `openvm`: nothing is executable.
    #[error("OpenVM refuses a guest without executable words; it needs one executable segment")]
    OpenVmNoCode,
    /// `openvm`: a word in executable memory, executed or not, is no instruction.
    #[error(
        "OpenVM's transpiler refuses the word {word:#010x} at {address:#x}: {reason}; keep data out of executable segments"
    )]
    OpenVmUntranslatable {
        /// Address of the word.
        address: u64,
        /// The word.
        word: u32,
        /// Why it is none.
        reason: String,
    },
}

/// Checks what does not depend on the platform.
pub(crate) fn check(image: &Image, config: &Config) -> Result<(), LoadError> {
    let only = match config.platform {
        Platform::Standard => None,
        Platform::OpenVm => Some(Isa::RV32IM_OPENVM),
        Platform::Risc0 => Some(Isa::RV32IM),
        Platform::Sp1 => Some(Isa::RV64IM),
        Platform::Native => return Err(LoadError::NoHart),
    };
    if let Some(expected) = only
        && config.isa != expected
    {
        return Err(LoadError::WrongIsa { platform: config.platform, isa: config.isa, expected });
    }
    if config.faults.len() > FAULTS_MAX {
        return Err(LoadError::TooManyFaults { count: config.faults.len() });
    }
    if image.segments.len() > SEGMENTS_MAX {
        return Err(LoadError::TooManySegments { count: image.segments.len() });
    }
    for segment in &image.segments {
        let bytes = segment.bytes.len() as u64;
        if bytes > segment.size {
            return Err(LoadError::SegmentSize { address: segment.address, bytes, size: segment.size });
        }
        if last_address(segment.address, segment.size, config.isa.xlen).is_none() {
            return Err(LoadError::SegmentWraps {
                address: segment.address,
                size: segment.size,
                xlen: config.isa.xlen,
            });
        }
    }
    let total = |amounts: &mut dyn Iterator<Item = u64>| amounts.fold(0, u64::saturating_add);
    let bytes = total(&mut image.segments.iter().map(|s| s.bytes.len() as u64));
    if bytes > IMAGE_BYTES_MAX {
        return Err(LoadError::ImageTooLarge { bytes });
    }
    let executable = image.segments.iter().filter(|s| s.permissions.execute);
    let bytes = total(&mut executable.map(|s| s.size));
    if bytes > EXECUTABLE_BYTES_MAX {
        return Err(LoadError::TooMuchCode { bytes });
    }
    Ok(())
}

/// The last address of `size` bytes at `address` (of an empty range: `address`); `None` beyond the address space.
pub(crate) fn last_address(address: u64, size: u64, xlen: Xlen) -> Option<u64> {
    let top = xlen.truncate(u64::MAX);
    address.checked_add(size.saturating_sub(1)).filter(|&last| last <= top)
}

/// A named address range with permissions, to be mapped.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) name: String,
    pub(crate) region: Region,
}

/// The mappings of segments that are not empty. The image must have passed [`check`].
pub(crate) fn segment_mappings(image: &Image) -> Vec<Mapping> {
    let not_empty = image.segments.iter().filter(|segment| segment.size > 0);
    not_empty
        .map(|segment| Mapping {
            name: format!("the segment at {:#x}", segment.address),
            region: Region {
                first: segment.address,
                last: segment.address + (segment.size - 1),
                permissions: segment.permissions,
            },
        })
        .collect()
}

/// Sorts `mappings` by address and refuses overlaps.
pub(crate) fn sort(mappings: &mut [Mapping]) -> Result<(), LoadError> {
    mappings.sort_by_key(|mapping| mapping.region.first);
    for pair in mappings.windows(2) {
        if pair[1].region.first <= pair[0].region.last {
            return Err(LoadError::Overlap {
                first: pair[0].name.clone(),
                second: pair[1].name.clone(),
                address: pair[1].region.first,
            });
        }
    }
    Ok(())
}

/// Puts initial bytes into memory.
pub(crate) fn fill<'a>(
    memory: &mut Memory,
    pieces: impl Iterator<Item = (u64, &'a [u8])>,
    config: &Config,
) -> Result<(), LoadError> {
    for (address, bytes) in pieces {
        memory.copy_in(address, bytes).map_err(|refusal| match refusal {
            Refusal::LimitReached => LoadError::MemoryLimit { limit_bytes: config.memory_limit_bytes },
            _ => unreachable!("the loader writes whatever the permissions"),
        })?;
    }
    Ok(())
}

/// The segments' initial bytes by address.
pub(crate) fn initial_bytes(segments: &[Segment]) -> impl Iterator<Item = (u64, &[u8])> {
    segments.iter().map(|segment| (segment.address, segment.bytes.as_slice()))
}
