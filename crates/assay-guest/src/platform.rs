//! What a guest must know of each platform: one row of facts per platform that has a hart, and nothing else decides them.
//!
//! Sources: `standard` is Assay's own; OpenVM's are `openvm-platform`, `openvm-transpiler` and
//! `openvm-rv32im-transpiler` 2.0.2, with the memory size that Assay configures; RISC Zero's are `risc0-circuit-rv32im`
//! 4.0.5, `risc0-binfmt` 3.0.5 and the kernel `risc0-zkos-v1compat` 2.2.3; SP1's are `sp1-core-executor` and
//! `sp1-primitives` 6.10.0.

use std::ops::Range;

use assay_isa::{Isa, Xlen};
use assay_spec::{
    Platform,
    platform::{
        OPENVM_MEMORY_BYTES, RISC0_USER_END, RISC0_USER_START, SP1_MEMORY_END, SP1_MEMORY_START, SP1_SEGMENTS_START,
    },
};

/// The facts of one platform.
#[derive(Clone, Debug)]
pub struct PlatformFacts {
    /// Whose facts these are.
    pub platform: Platform,
    /// The ISAs of its guests, one per register width that it has.
    pub isas: &'static [Isa],
    /// Where a harness places its code.
    pub text_base: u64,
    /// Nops between what a harness does first and the sequence.
    ///
    /// With `text_base` it places a sequence at the same addresses on all 32-bit platforms, so that values of the pc agree
    /// across them.
    pub front_pad: usize,
    /// Addresses that initial memory may take.
    pub memory: Range<u64>,
    /// Addresses that a segment may take. What initial memory there is elsewhere, a harness stores before the sequence.
    pub segments: Range<u64>,
    /// How a guest makes bytes public and halts.
    pub exit: ExitConvention,
    /// Whether all registers are 0 at the entry, so that a register that shall be 0 needs no instruction.
    pub registers_start_at_zero: bool,
}

/// How a guest makes bytes public and halts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitConvention {
    /// ECALL with the selector in t0 and arguments in a0 and a1.
    ///
    /// The public output is appended to, so the registers are its last bytes.
    Ecall {
        /// Selector of `write_output(a0 = pointer, a1 = size)`.
        write_output: i32,
        /// Selector of HALT with the exit code in a0.
        halt: i32,
        /// Where a harness collects the registers before it writes them out.
        result_buffer: u64,
    },
    /// OpenVM's `reveal` and `terminate`. The public output is an array, and the registers are its first bytes.
    OpenVm,
    /// RISC Zero's `SYS_WRITE` to the journal and HALT with the output digest.
    ///
    /// The journal is appended to, so the registers are its last bytes.
    Risc0 {
        /// Where a harness keeps its data: the registers first.
        data: u64,
    },
    /// SP1's WRITE to the public values, COMMIT and HALT.
    ///
    /// The public values are appended to, so the registers are their last bytes.
    Sp1 {
        /// Where a harness keeps its data: the registers first.
        data: u64,
    },
}

impl ExitConvention {
    /// Where a harness collects the registers before it makes them public, if it must.
    pub fn result_buffer(&self) -> Option<u64> {
        match *self {
            Self::Ecall { result_buffer, .. } => Some(result_buffer),
            Self::OpenVm => None,
            Self::Risc0 { data } | Self::Sp1 { data } => Some(data),
        }
    }
}

/// Nops on each side of the sequence in a harness, but for [`PlatformFacts::front_pad`].
const PAD: usize = crate::harness::PAD_INSTRUCTIONS;

/// Every platform's facts.
static FACTS: [PlatformFacts; Platform::ALL.len()] = [
    PlatformFacts {
        platform: Platform::Standard,
        isas: &[Isa::RV32IM, Isa::RV64IM],
        text_base: 0x0001_0000,
        front_pad: PAD,
        // Up to the default base of the input buffer.
        memory: 0..0x8000_0000,
        segments: 0..0x8000_0000,
        exit: ExitConvention::Ecall { write_output: 0x10, halt: 0x00, result_buffer: 0x0010_0000 },
        registers_start_at_zero: true,
    },
    PlatformFacts {
        platform: Platform::OpenVm,
        isas: &[Isa::RV32IM_OPENVM],
        // Any address does (`openvm_platform::memory::TEXT_START` is 0x0020_0800). OpenVM 2.0.2 makes its tables for
        // each new guest from address 0 on, so a low one is what makes short guests fast.
        text_base: 0x0001_0000,
        front_pad: PAD,
        memory: 0..OPENVM_MEMORY_BYTES,
        segments: 0..OPENVM_MEMORY_BYTES,
        exit: ExitConvention::OpenVm,
        registers_start_at_zero: true,
    },
    PlatformFacts {
        platform: Platform::Risc0,
        isas: &[Isa::RV32IM],
        // The loader overwrites the first word of user memory with the entry point (`MemoryImage::with_kernel`).
        text_base: RISC0_USER_START + 4,
        front_pad: PAD - 1,
        memory: RISC0_USER_START + 4..RISC0_USER_END,
        segments: RISC0_USER_START + 4..RISC0_USER_END,
        exit: ExitConvention::Risc0 { data: 0x0010_0000 },
        // They are words of memory that no ELF reaches.
        registers_start_at_zero: true,
    },
    PlatformFacts {
        platform: Platform::Sp1,
        isas: &[Isa::RV64IM],
        text_base: SP1_SEGMENTS_START,
        front_pad: PAD,
        memory: SP1_MEMORY_START..SP1_MEMORY_END,
        segments: SP1_SEGMENTS_START..SP1_MEMORY_END,
        exit: ExitConvention::Sp1 { data: 0x7a00_0000 },
        registers_start_at_zero: true,
    },
];

impl PlatformFacts {
    /// The facts of `platform`, one of [`Platform::ALL`].
    ///
    /// # Panics
    ///
    /// For [`Platform::Native`], which has no hart to know facts of; [`Self::find`] is for a platform that comes from
    /// outside. Every other has its row, which a test asserts.
    pub fn of(platform: Platform) -> &'static Self {
        Self::find(platform).expect("every platform that has a hart has a row")
    }

    /// The facts of `platform`; `None` if it has no hart.
    pub fn find(platform: Platform) -> Option<&'static Self> {
        FACTS.iter().find(|facts| facts.platform == platform)
    }

    /// The ISA of this platform's guests with registers of this width; `None` if it has none.
    pub fn isa(&self, xlen: Xlen) -> Option<Isa> {
        self.isas.iter().copied().find(|isa| isa.xlen == xlen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_has_a_row_whose_addresses_are_in_its_memory() {
        for platform in Platform::ALL {
            let facts = PlatformFacts::of(platform);
            assert_eq!(facts.platform, platform);
            assert!(!facts.isas.is_empty());
            assert!(facts.segments.contains(&facts.text_base));
            assert!(facts.memory.start <= facts.segments.start && facts.memory.end == facts.segments.end);
            // What lies in between is stored eight bytes at a time.
            assert!(facts.memory == facts.segments || facts.isa(Xlen::Rv32).is_none());
            assert!(facts.segments.start.is_multiple_of(4) && facts.memory.start.is_multiple_of(4));
            if let Some(buffer) = facts.exit.result_buffer() {
                assert!(facts.segments.contains(&buffer));
            }
        }
    }

    /// SP1 refuses segments below its stack, so it cannot be among them.
    #[test]
    fn a_sequence_stands_at_the_same_address_on_all_32_bit_platforms() {
        let body = |facts: &PlatformFacts| facts.text_base + 4 * facts.front_pad as u64;
        let narrow: Vec<_> = FACTS.iter().filter(|facts| facts.isa(Xlen::Rv32).is_some()).collect();
        assert_eq!(narrow.len(), 3);
        for facts in narrow {
            assert_eq!(body(facts), body(&FACTS[0]), "{}", facts.platform);
            assert!(facts.front_pad <= PAD && facts.front_pad + 1 >= PAD);
        }
    }
}
