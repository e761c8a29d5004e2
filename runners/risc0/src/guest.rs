//! A guest as RISC Zero executes it: the memory that it and the kernel begin with, and the digest of that.
//!
//! The SDK's loader makes a map of every word, kernel included, and hashes every page, for each guest anew. Here the
//! kernel's pages are hashed once and each guest adds its own; the image id is the same.

use std::collections::BTreeSet;

use assay_guest::{Elf, ElfError};
use assay_isa::Xlen;
use risc0_binfmt::{ByteAddr, Digestible as _, KERNEL_START_ADDR, MemoryImage, Program, SystemState};
use risc0_circuit_rv32im::execute::{PAGE_BYTES, USER_START_ADDR, WORD_SIZE};
use risc0_zkos_v1compat::V1COMPAT_ELF;
use risc0_zkp::core::{digest::Digest, hash::sha::Impl};

/// Most memory that the segments of a guest may claim, in bytes: the SDK's loader keeps a tree node for every word, and
/// every page is hashed.
pub(crate) const IMAGE_BYTES_MAX: u64 = 64 << 20;

/// A loaded guest.
pub(crate) struct Guest {
    /// What memory holds at the start, hashed.
    pub(crate) image: MemoryImage,
    /// What its receipts are bound to.
    pub(crate) image_id: Digest,
    /// Address of the first instruction.
    pub(crate) entry: u32,
    /// Words in executable segments.
    pub(crate) instructions: u64,
}

/// Why an ELF is no guest of RISC Zero.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// Not a sound static RISC-V executable.
    #[error(transparent)]
    Elf(#[from] ElfError),
    /// Not for RV32.
    #[error("this is a 64-bit ELF, and RISC Zero's guests are rv32im; build the guest for riscv32im")]
    Rv64,
    /// More than the runner takes.
    #[error(
        "the guest's segments take {0} bytes of memory, above the limit of {IMAGE_BYTES_MAX}; allocate at run time instead"
    )]
    TooLarge(u64),
    /// The SDK's loader refuses it.
    #[error("RISC Zero does not load this guest: {0}")]
    Refused(String),
}

/// The v1compat kernel's memory, hashed.
pub(crate) struct Kernel(MemoryImage);

impl Kernel {
    /// Loads the kernel that the SDK comes with.
    pub(crate) fn load() -> Self {
        let program = Program::load_elf(V1COMPAT_ELF, u32::MAX).expect("the SDK's own kernel is sound");
        Self(MemoryImage::new_kernel(program))
    }
}

impl Guest {
    /// Reads `elf` and lays it out beside the kernel.
    pub(crate) fn from_elf(elf: &[u8], kernel: &Kernel) -> Result<Self, LoadError> {
        let parsed = Elf::read(elf)?;
        if parsed.class != Xlen::Rv32 {
            return Err(LoadError::Rv64);
        }
        let claimed = parsed.segments.iter().map(|segment| segment.memory_size).sum();
        if claimed > IMAGE_BYTES_MAX {
            return Err(LoadError::TooLarge(claimed));
        }
        let program =
            Program::load_elf(elf, KERNEL_START_ADDR.0).map_err(|reason| LoadError::Refused(format!("{reason:#}")))?;
        // The SDK's loader has seen to it that addresses and the entry have 32 bits.
        let entry = parsed.entry as u32;
        let page_of = |address: u64| (address / PAGE_BYTES as u64) as u32;
        let mut pages = BTreeSet::from([page_of(USER_START_ADDR.0.into())]);
        for range in parsed.segments.iter().map(assay_guest::ElfSegment::range) {
            pages.extend(page_of(range.start)..=page_of(range.end - 1));
        }
        let mut image = kernel.0.clone();
        for index in pages {
            let start = index * PAGE_BYTES as u32;
            // The kernel's own ELF header lies in user memory, where the guest has nothing: so a page may have words of both.
            let mut page = image.get_page(index).expect("the image is whole");
            for address in (start..start + PAGE_BYTES as u32).step_by(WORD_SIZE) {
                let word = program.read_u32(&address);
                // The kernel finds the entry point in user memory's first word.
                let word = if address == USER_START_ADDR.0 { Some(entry) } else { word };
                if let Some(word) = word {
                    page.store(ByteAddr(address).waddr(), word);
                }
            }
            image.set_page(index, page);
        }
        image.update_digests();
        let image_id = SystemState { pc: 0, merkle_root: image.image_id() }.digest::<Impl>();
        let code = parsed.segments.iter().filter(|segment| segment.flags.execute);
        let instructions = code.map(|segment| segment.memory_size / WORD_SIZE as u64).sum();
        Ok(Self { image, image_id, entry, instructions })
    }
}
