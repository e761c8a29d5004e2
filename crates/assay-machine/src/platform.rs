//! The platforms: what is mapped where, what a call does, and how a guest ends.
//!
//! One module per platform. Each knows its own memory map and calls, and nothing of the others'; the machine knows
//! which of them it runs.

mod guest_memory;
pub mod openvm;
pub mod risc0;
pub mod sp1;
pub mod standard;

use assay_isa::{DecodeError, Instruction, decode};
use assay_spec::{Platform, TrapKind};

use crate::config::Config;

/// The platform's side of a run.
pub(crate) enum Host {
    Standard(standard::Host),
    OpenVm(openvm::Host),
    Risc0(risc0::Host),
    Sp1(sp1::Host),
}

impl Host {
    /// What the output is before the guest writes any.
    pub(crate) fn initial_output(&self) -> Vec<u8> {
        match self {
            Self::Standard(_) | Self::Risc0(_) | Self::Sp1(_) => Vec::new(),
            Self::OpenVm(_) => openvm::initial_output(),
        }
    }
}

/// What a word in executable memory means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Instruction(Instruction),
    /// No instruction of the ISA, but one that the platform takes and does nothing for.
    Nop,
    /// No instruction of the ISA, but one that the platform takes and ends the guest for.
    Terminate,
    /// An instruction of the ISA that the platform does not have, and what to say of it.
    Refused(TrapKind, &'static str),
    Invalid(DecodeError),
}

impl Meaning {
    #[inline]
    pub(crate) fn of(word: u32, config: &Config) -> Self {
        match config.platform {
            // Nothing is loaded for the platform that has no hart.
            Platform::Standard | Platform::Native => match decode(word, config.isa) {
                Ok(instruction) => Self::Instruction(instruction),
                Err(error) => Self::Invalid(error),
            },
            Platform::OpenVm => openvm::meaning(word),
            Platform::Risc0 => risc0::meaning(word),
            Platform::Sp1 => sp1::meaning(word),
        }
    }
}
