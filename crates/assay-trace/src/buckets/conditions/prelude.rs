//! What the conditions speak in.

pub(super) use assay_isa::{Class, Format, Opcode};
pub(super) use assay_spec::trace::{AccessKind, InteractionKind};

pub(super) use super::super::{
    bucket::{
        Backend::{OpenVm, Reference, Risc0, Sp1},
        Bucket, Bug, Category, Rule,
    },
    facts::Facts,
    state::{State, touched},
    views::{Content, Executed, Message, Row},
    zkvm::{Chip, Column},
};

/// Every chip of interest.
pub(super) const ANY_CHIP: &[Chip] = &[
    Chip::Alu,
    Chip::AluImmediate,
    Chip::Mul,
    Chip::MulHigh,
    Chip::DivRem,
    Chip::LoadStore,
    Chip::Load,
    Chip::Store,
    Chip::UpperImmediate,
    Chip::Auipc,
    Chip::JalLui,
    Chip::Jal,
    Chip::Jalr,
    Chip::Branch,
    Chip::Call,
    Chip::Connector,
    Chip::MemoryBoundary,
    Chip::MemoryTree,
    Chip::BitwiseTable,
    Chip::Other,
];

/// Every kind of interaction.
pub(super) const ANY_KIND: &[InteractionKind] = &[
    InteractionKind::Execution,
    InteractionKind::Program,
    InteractionKind::Memory,
    InteractionKind::RangeCheck,
    InteractionKind::Bitwise,
    InteractionKind::Lookup,
    InteractionKind::Other,
];

/// Classes whose instructions may write a register.
pub(super) const WRITERS: &[Class] =
    &[Class::Alu, Class::AluImm, Class::Shift, Class::MulDiv, Class::Load, Class::Jump, Class::Upper, Class::Atomic];

pub(super) const ALL_BACKENDS: &[super::super::Backend] = &[Reference, OpenVm, Sp1, Risc0];

pub(super) const RISC0_THREE_REGISTERS: Bug = Bug {
    what: "RISC Zero 2.0.0 to 2.0.2: in instructions with three registers a prover could pass one source register's \
           value off as the other's (CVE-2025-52484)",
    reference: "https://github.com/risc0/risc0/security/advisories/GHSA-g3qg-6746-3mg9",
};

pub(super) const RISC0_DIVISION: Bug = Bug {
    what: "RISC Zero before 2.2: some signed divisions had two accepted results, and the result of a division by zero \
           was not fixed (CVE-2025-54873)",
    reference: "https://github.com/risc0/risc0/security/advisories/GHSA-f6rc-24x4-ppxp",
};

pub(super) const OPENVM_AUIPC: Bug = Bug {
    what: "OpenVM 1.0.0: the topmost limb of the pc in AUIPC rows was checked for too wide a range, so that the \
           decomposition could overflow (CVE-2025-46723)",
    reference: "https://github.com/openvm-org/openvm/security/advisories/GHSA-jf2r-x3j4-23m7",
};

pub(super) const OPENVM_ADDRESS_SPACES: Bug = Bug {
    what: "OpenVM before 1.0, internal audit of the RV32IM extension, finding 2.1: address spaces of loads and stores \
           were not constrained",
    reference: "https://github.com/openvm-org/openvm/blob/main/audits/v1-internal/extension-rv32im.md",
};

pub(super) const OPENVM_STORE_HALF: Bug = Bug {
    what: "OpenVM before 1.0, internal audit of the RV32IM extension, finding on STORE: the upper cells of a stored \
           half-word were not constrained as intended",
    reference: "https://github.com/openvm-org/openvm/blob/main/audits/v1-internal/extension-rv32im.md",
};
