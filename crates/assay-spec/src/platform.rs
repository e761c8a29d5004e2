//! The platforms: memory map, call convention and exit convention of a guest.
//!
//! A program of the machine that Assay itself runs on is on a platform too, [`Platform::Native`]: it has a way to its
//! input, to its output and to its end, and it is named wherever platforms are (outcomes, guests, stored runs). What it
//! has not is a hart. Whatever knows harts (the reference machine, harnesses, runners) goes by [`Platform::ALL`], in which
//! it is not, and nothing that a user or a runner says names it: whoever wants it asks for the backend.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes of public values that an OpenVM guest has under Assay, on the zkVM and on the reference machine.
///
/// OpenVM's public values are an array of fixed size (`num_public_values` of its system configuration, 32 by
/// default), zero where nothing was revealed. 256 holds the 32 registers of a 64-bit hart.
pub const OPENVM_PUBLIC_VALUES_BYTES: usize = 256;

/// Bytes of guest memory under OpenVM as Assay configures it: 2^24, instead of 2^29, for a smaller trace.
pub const OPENVM_MEMORY_BYTES: u64 = 1 << 24;

/// First address of user memory under RISC Zero (`risc0-circuit-rv32im` 4.0.5, `USER_START_ADDR`). Its first word holds
/// the entry point, which the kernel reads; whatever an ELF has there is overwritten.
pub const RISC0_USER_START: u64 = 0x0001_0000;

/// End of user memory under RISC Zero, where the kernel begins (`risc0-circuit-rv32im` 4.0.5, `USER_END_ADDR`).
pub const RISC0_USER_END: u64 = 0xc000_0000;

/// First address that a segment of an SP1 guest may take (`sp1-primitives` 6.10.0, `STACK_TOP`): the stack is below.
pub const SP1_SEGMENTS_START: u64 = 0x7800_0000;

/// First address that an SP1 guest may load from or store to (`sp1-core-machine` 6.10.0, `operations/address.rs`).
pub const SP1_MEMORY_START: u64 = 0x0001_0000;

/// End of the memory of an SP1 guest (`sp1-primitives` 6.10.0, `MAX_JIT_LOG_ADDR`): what the executor maps.
pub const SP1_MEMORY_END: u64 = 1 << 40;

/// A memory map, a call convention and an exit convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Assay's own: ECALL with the selector in t0, flat memory, read-only input buffer.
    Standard,
    /// OpenVM 2: custom-0 instructions, hint streams, fixed-size public values.
    OpenVm,
    /// RISC Zero 3 with its v1compat kernel: ECALL with the service in t0, system calls by name, a journal.
    Risc0,
    /// SP1 6: 64-bit, ECALL with the system call in t0, hint streams, public values with a committed digest.
    Sp1,
    /// A program of this machine: input on descriptor 3, records of output and panics on descriptor 4, an exit code.
    Native,
}

/// Not a known platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown platform {0:?}; known platforms: standard, openvm, risc0, sp1")]
pub struct UnknownPlatform(String);

impl Platform {
    /// Every platform that has a hart.
    pub const ALL: [Self; 4] = [Self::Standard, Self::OpenVm, Self::Risc0, Self::Sp1];

    /// The spelling in files, on the command line and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::OpenVm => "openvm",
            Self::Risc0 => "risc0",
            Self::Sp1 => "sp1",
            Self::Native => "native",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(text: &str) -> Result<Self, UnknownPlatform> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.name() == text)
            .ok_or_else(|| UnknownPlatform(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_text_spell_a_platform_alike() {
        for platform in Platform::ALL {
            assert_eq!(serde_json::to_string(&platform).unwrap(), format!("\"{platform}\""));
            assert_eq!(platform.name().parse::<Platform>().unwrap(), platform);
        }
        assert_eq!(serde_json::to_string(&Platform::Native).unwrap(), "\"native\"");
        // It is no answer to the question for which platform a guest is to be built.
        assert!("native".parse::<Platform>().is_err());
    }

    #[test]
    fn a_platform_that_is_unknown_is_told_all_that_are_known() {
        let message = "riscv".parse::<Platform>().unwrap_err().to_string();
        for platform in Platform::ALL {
            assert!(message.contains(platform.name()), "{message}");
        }
    }
}
