//! What a guest must know of each platform: one row of facts per platform, and nothing else decides them.
//!
//! Sources: `standard` is Assay's own; OpenVM's are `openvm-platform`, `openvm-transpiler` and
//! `openvm-rv32im-transpiler` 2.0.2, with the memory size that Assay configures.

use std::ops::Range;

use assay_isa::{Isa, Xlen};
use assay_spec::{Platform, platform::OPENVM_MEMORY_BYTES};

/// The facts of one platform.
#[derive(Clone, Debug)]
pub struct PlatformFacts {
    /// Whose facts these are.
    pub platform: Platform,
    /// The ISAs of its guests, one per register width that it has.
    pub isas: &'static [Isa],
    /// Where a harness places its code. The same everywhere, so that values of the pc agree across platforms.
    pub text_base: u64,
    /// Addresses that a segment may take.
    pub memory: Range<u64>,
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
}

/// Every platform's facts.
static FACTS: [PlatformFacts; Platform::ALL.len()] = [
    PlatformFacts {
        platform: Platform::Standard,
        isas: &[Isa::RV32IM, Isa::RV64IM],
        text_base: 0x0001_0000,
        // Up to the default base of the input buffer.
        memory: 0..0x8000_0000,
        exit: ExitConvention::Ecall { write_output: 0x10, halt: 0x00, result_buffer: 0x0010_0000 },
        registers_start_at_zero: true,
    },
    PlatformFacts {
        platform: Platform::OpenVm,
        isas: &[Isa::RV32IM_OPENVM],
        // Any address does (`openvm_platform::memory::TEXT_START` is 0x0020_0800). OpenVM 2.0.2 makes its tables for
        // each new guest from address 0 on, so a low one is what makes short guests fast.
        text_base: 0x0001_0000,
        memory: 0..OPENVM_MEMORY_BYTES,
        exit: ExitConvention::OpenVm,
        registers_start_at_zero: true,
    },
];

impl PlatformFacts {
    /// The facts of `platform`.
    ///
    /// # Panics
    ///
    /// Never: every platform has its row, which a test asserts.
    pub fn of(platform: Platform) -> &'static Self {
        FACTS.iter().find(|facts| facts.platform == platform).expect("every platform has a row")
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
            assert!(facts.memory.contains(&facts.text_base));
            if let ExitConvention::Ecall { result_buffer, .. } = facts.exit {
                assert!(facts.memory.contains(&result_buffer));
            }
        }
    }

    #[test]
    fn code_begins_at_the_same_address_everywhere() {
        for facts in &FACTS {
            assert_eq!(facts.text_base, FACTS[0].text_base);
        }
    }
}
