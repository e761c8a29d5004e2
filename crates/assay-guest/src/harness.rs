//! The harness: an instruction sequence made into a guest that reports its final registers.
//!
//! ```text
//! text_base   prologue   sets the initial registers that are not 0
//!             pad        32 nops
//! body_start  body       the instruction sequence
//! body_end    pad        32 nops
//!             epilogue   makes all 32 registers public through the platform's own output path, halts with 0
//! ```
//!
//! (The pad in front has 31 nops on RISC Zero, which keeps the first word of memory for itself: so sequences stand at
//! the same addresses on all 32-bit platforms.)
//!
//! Initial memory lies in data segments of its own, but where the platform takes none (SP1, below its segments): there
//! the prologue stores it, before it sets the registers. There is no stack: `sp` starts at 0 unless a value is given.
//!
//! A body may use every register. The epilogue needs one for itself, the *scratch register*, whose final value alone
//! is not reported: its slot in the output is 0. Nothing in the epilogue takes x0 for granted, so that a machine that
//! broke x0 shows it in x0's slot.
//!
//! A branch out of the body by up to 32 instructions lands in a pad: before the body it leads back into the body, after
//! the body to the epilogue. Whatever goes further (a long branch, any `jalr`) lands in the prologue, in the epilogue or
//! outside of the text, and what happens then is what the platform does. A body that halts by itself reports no registers.
//!
//! What this module refuses to know: whether a word of the body is legal. That is the question that a run answers;
//! [`Harness::undecodable`] lists what to warn of.

mod check;
mod code;
mod digest;
mod layout;
mod memory;
mod place;
mod risc0;
mod sp1;

use assay_isa::{Extension, Isa, Xlen};
use assay_spec::{MemoryInit, Platform, Register, RegisterFile, Seed, Word};

use crate::{
    elf::{Elf, ElfError, ElfSegment, SegmentFlags},
    guest::{Guest, GuestError, platform_isa},
    platform::{ExitConvention, PlatformFacts},
};

pub use check::{SAFE_REGISTERS, UndecodableWord, UnsafeUse, UnsafeUses};
pub use layout::HarnessLayout;
pub use memory::{
    MEMORY_INIT_BYTES_MAX, MEMORY_INITS_MAX, MEMORY_SEGMENTS_MAX, MEMORY_STORED_CELLS_MAX, MemoryInitError,
};
pub use place::PlaceError;

/// Longest body, in instructions.
pub const BODY_INSTRUCTIONS_MAX: usize = 1 << 16;

/// Nops on each side of the body.
pub const PAD_INSTRUCTIONS: usize = 32;

/// The scratch register unless another is asked for: `gp`, which code without a linker's help has no use for.
pub const DEFAULT_SCRATCH: u8 = 3;

/// An instruction sequence and the state that it starts from, to be wrapped for a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harness {
    /// Whose calls and memory map are used.
    pub platform: Platform,
    /// What the body is written in.
    pub isa: Isa,
    /// The instruction sequence.
    pub body: Vec<u32>,
    /// Registers to start from; those that are absent start at 0.
    pub registers: RegisterFile,
    /// Memory to start from, readable and writable, in whole words of four bytes: what lies between these bytes and
    /// the borders of their words is there as well, and 0.
    pub memory: Vec<MemoryInit>,
    /// The register that the epilogue uses; not x0.
    pub scratch: Register,
    /// Whether a body that uses other registers than [`SAFE_REGISTERS`] and x0 is refused.
    pub safe_registers: bool,
    /// Whether the epilogue commits to the public output, as a proof needs it.
    pub commitment: Commitment,
}

/// Whether a guest commits to its public output where a platform leaves that to guests.
///
/// RISC Zero and SP1 prove a digest and leave it to the guest to compute it; nothing checks it in a mere execution. The
/// digest here is of what the epilogue itself makes public: a body that makes bytes public by itself has a wrong one, and
/// its proofs are refused. `standard` and OpenVM do not ask for one, and their guests are the same either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Commitment {
    /// None, for running, tracing and comparing: the shortest guest.
    #[default]
    Absent,
    /// RISC Zero: HALT gets the digest of the output (`risc0.Output`), computed with the SHA-256 accelerator. SP1: COMMIT
    /// gets the SHA-256 of the public values, computed by instructions, and `COMMIT_DEFERRED_PROOFS` zeros.
    Digest,
}

/// Why no guest can be made of an instruction sequence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HarnessError {
    /// Nothing to run.
    #[error("there is no instruction to run; give at least one")]
    EmptyBody,
    /// Longer than [`BODY_INSTRUCTIONS_MAX`].
    #[error("the sequence has {count} instructions; the limit is {BODY_INSTRUCTIONS_MAX}: build an ELF instead")]
    BodyTooLong {
        /// How many.
        count: usize,
    },
    /// x0 cannot hold an address.
    #[error("x0 is always 0 and cannot be the scratch register; name another, such as x3")]
    ScratchIsZero,
    /// x0 cannot be set.
    #[error("x0 is always 0 and cannot start at {value}; leave it out")]
    ZeroRegister {
        /// What was asked for.
        value: Word,
    },
    /// A value that the registers cannot hold.
    #[error("{register} cannot start at {value}: registers of {isa} have {} bits", .isa.xlen.bits())]
    RegisterTooNarrow {
        /// Which register.
        register: Register,
        /// What was asked for.
        value: Word,
        /// What was asked for.
        isa: Isa,
    },
    /// An ISA without an extension that every guest of the platform has.
    #[error("guests of platform {platform} need the extension {extension}, which {isa} lacks; use {wanted}")]
    IsaLacksExtension {
        /// The platform.
        platform: Platform,
        /// What is missing.
        extension: Extension,
        /// What was asked for.
        isa: Isa,
        /// The platform's ISA.
        wanted: Isa,
    },
    /// The body uses registers outside of the safe set.
    #[error(transparent)]
    UnsafeRegisters(#[from] UnsafeUses),
    /// The initial memory.
    #[error(transparent)]
    Memory(#[from] MemoryInitError),
    /// The platform has no such guests.
    #[error(transparent)]
    Guest(#[from] GuestError),
}

impl From<ElfError> for HarnessError {
    fn from(error: ElfError) -> Self {
        Self::Guest(GuestError::Elf(error))
    }
}

impl Harness {
    /// `body` from registers and memory that are all 0, with the default scratch register and no register rule.
    #[expect(clippy::missing_panics_doc, reason = "DEFAULT_SCRATCH is a constant below 32")]
    pub fn new(platform: Platform, isa: Isa, body: Vec<u32>) -> Self {
        Self {
            platform,
            isa,
            body,
            registers: RegisterFile::new(),
            memory: Vec::new(),
            scratch: Register::new(DEFAULT_SCRATCH).expect("x3 is a register"),
            safe_registers: false,
            commitment: Commitment::default(),
        }
    }

    /// The instructions, registers and memory of `seed`; its metadata is not looked at.
    pub fn from_seed(seed: &Seed, platform: Platform, isa: Isa) -> Self {
        Self {
            registers: seed.registers.clone(),
            memory: seed.memory.clone(),
            ..Self::new(platform, isa, seed.instructions.clone())
        }
    }

    /// Where the body will begin: what an assembler needs for absolute addresses. Depends on the registers and, on SP1, on
    /// the memory, not on the body.
    pub fn body_start(&self) -> u64 {
        self.layout().body_start
    }

    /// The words of the body that are no instructions of the ISA, for a warning before the run.
    pub fn undecodable(&self) -> Vec<UndecodableWord> {
        check::undecodable(&self.body, self.isa)
    }

    /// The uses of registers outside of the safe set. Words that do not decode use none that anybody could name.
    pub fn unsafe_uses(&self) -> Vec<UnsafeUse> {
        check::unsafe_uses(&self.body, self.isa)
    }

    /// Makes the guest. The same harness gives the same bytes.
    pub fn build(&self, name: impl Into<String>) -> Result<Guest, HarnessError> {
        self.check()?;
        let facts = PlatformFacts::of(self.platform);
        let layout = self.layout();
        let mut reserved = vec![("the code", layout.text_start..layout.text_end)];
        let mut segments = vec![self.text(&layout)];
        if let Some(data) = self.data() {
            reserved.push(("the result buffer", data.range()));
            segments.push(data);
        }
        segments.extend(memory::segments(&self.memory, facts, &reserved)?);
        let elf = Elf::new(self.isa.xlen, layout.text_start, segments).write()?;
        let guest = Guest::from_elf_with_isa(name, elf, self.platform, self.isa)?;
        Ok(Guest { harness: Some(layout), ..guest })
    }

    fn check(&self) -> Result<(), HarnessError> {
        self.check_isa()?;
        if self.body.is_empty() {
            return Err(HarnessError::EmptyBody);
        }
        if self.body.len() > BODY_INSTRUCTIONS_MAX {
            return Err(HarnessError::BodyTooLong { count: self.body.len() });
        }
        if self.scratch.index() == 0 {
            return Err(HarnessError::ScratchIsZero);
        }
        for (&register, &value) in &self.registers {
            if register.index() == 0 && value.0 != 0 {
                return Err(HarnessError::ZeroRegister { value });
            }
            if self.isa.xlen.truncate(value.0) != value.0 {
                return Err(HarnessError::RegisterTooNarrow { register, value, isa: self.isa });
            }
        }
        if self.safe_registers {
            UnsafeUses::none(self.unsafe_uses())?;
        }
        Ok(())
    }

    fn check_isa(&self) -> Result<(), HarnessError> {
        let wanted = platform_isa(self.platform, self.isa.xlen)?;
        for extension in [Extension::OpenVm] {
            if wanted.ext.contains(extension) && !self.isa.ext.contains(extension) {
                return Err(HarnessError::IsaLacksExtension {
                    platform: self.platform,
                    extension,
                    isa: self.isa,
                    wanted,
                });
            }
        }
        Ok(())
    }

    fn text(&self, layout: &HarnessLayout) -> ElfSegment {
        let facts = PlatformFacts::of(self.platform);
        let mut words = self.prologue();
        words.extend(std::iter::repeat_n(code::NOP, facts.front_pad));
        words.extend(&self.body);
        words.extend([code::NOP; PAD_INSTRUCTIONS]);
        words.extend(self.epilogue());
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        ElfSegment { address: layout.text_start, memory_size: bytes.len() as u64, bytes, flags: SegmentFlags::RX }
    }

    fn prologue(&self) -> Vec<u32> {
        let facts = PlatformFacts::of(self.platform);
        let stored = memory::stored(&self.memory, facts);
        let mut words: Vec<u32> =
            stored.iter().flat_map(|(&address, &cell)| code::store_cell(address, cell, self.isa.xlen)).collect();
        let must_set = |register: u8| {
            !facts.registers_start_at_zero || !stored.is_empty() && code::STORING_REGISTERS.contains(&register)
        };
        let registers = Register::all().skip(1);
        let values =
            registers.map(|register| (register.index(), self.registers.get(&register).map_or(0, |word| word.0)));
        words.extend(
            values
                .filter(|&(register, value)| value != 0 || must_set(register))
                .flat_map(|(register, value)| code::set_register(register, value, self.isa.xlen)),
        );
        words
    }

    fn layout(&self) -> HarnessLayout {
        let facts = PlatformFacts::of(self.platform);
        let bytes = |instructions: usize| instructions as u64 * 4;
        let body_start = facts.text_base + bytes(self.prologue().len() + facts.front_pad);
        let body_end = body_start + bytes(self.body.len());
        let epilogue = self.epilogue();
        let epilogue_start = body_end + bytes(PAD_INSTRUCTIONS);
        HarnessLayout {
            platform: self.platform,
            xlen: self.isa.xlen,
            text_start: facts.text_base,
            body_start,
            body_end,
            epilogue_start,
            text_end: epilogue_start + bytes(epilogue.len()),
            scratch: self.scratch,
        }
    }

    /// Makes the registers public and halts with exit code 0.
    fn epilogue(&self) -> Vec<u32> {
        let (xlen, scratch) = (self.isa.xlen, self.scratch.index());
        match PlatformFacts::of(self.platform).exit {
            ExitConvention::Ecall { write_output, halt, result_buffer } => {
                code::epilogue_ecall(write_output, halt, code::address(result_buffer), xlen, scratch)
            }
            ExitConvention::OpenVm => code::epilogue_openvm(xlen, scratch),
            ExitConvention::Risc0 { data } => risc0::epilogue(code::address(data), scratch, self.commitment),
            ExitConvention::Sp1 { data } => sp1::epilogue(code::address(data), scratch, self.commitment),
        }
    }

    /// What the epilogue needs in memory, the registers first.
    fn data(&self) -> Option<ElfSegment> {
        let (bytes, memory_size) = match PlatformFacts::of(self.platform).exit {
            ExitConvention::Ecall { .. } => (Vec::new(), output_bytes(self.isa.xlen)),
            ExitConvention::OpenVm => return None,
            ExitConvention::Risc0 { .. } => risc0::data(self.commitment),
            ExitConvention::Sp1 { .. } => sp1::data(self.commitment),
        };
        let address = PlatformFacts::of(self.platform).exit.result_buffer()?;
        Some(ElfSegment { address, bytes, memory_size: memory_size as u64, flags: SegmentFlags::RW })
    }
}

/// Bytes of the 32 registers in the public output.
const fn output_bytes(xlen: Xlen) -> usize {
    32 * xlen.bytes()
}

#[cfg(test)]
mod tests;
