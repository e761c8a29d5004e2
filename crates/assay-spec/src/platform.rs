//! The platforms: memory map, call convention and exit convention of a guest.

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

/// A memory map, a call convention and an exit convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Assay's own: ECALL with the selector in t0, flat memory, read-only input buffer.
    Standard,
    /// OpenVM 2: custom-0 instructions, hint streams, fixed-size public values.
    OpenVm,
}

/// Not a known platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown platform {0:?}; known platforms: standard, openvm")]
pub struct UnknownPlatform(String);

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 2] = [Self::Standard, Self::OpenVm];

    /// The spelling in files, on the command line and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::OpenVm => "openvm",
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
    }
}
