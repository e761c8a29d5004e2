//! What a runner says of itself.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{platform::Platform, receipt::ProofKind};

/// The answer to `describe`. What a zkVM does not give is absent here, never invented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunnerDescription {
    /// Name of the backend, such as `openvm`.
    pub name: String,
    /// Version of the zkVM's SDK.
    pub sdk_version: String,
    /// Platforms that its guests are built for.
    pub platforms: Vec<Platform>,
    /// Such as `rv32im`.
    pub isa: String,
    /// Requests that it serves.
    pub capabilities: Vec<Capability>,
    /// Proofs that it makes and verifies, the default first; empty without [`Capability::Prove`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof_kinds: Vec<ProofKind>,
    /// Bounds that the zkVM or its configuration here sets.
    pub limits: GuestLimits,
    /// What people should know, a sentence each.
    pub notes: Vec<String>,
}

/// A request that a runner serves, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Executes.
    Execute,
    /// Traces with `instruction` records.
    TraceInstructions,
    /// Traces with `chip_row` records.
    TraceChipRows,
    /// Traces with `interaction` records.
    TraceInteractions,
    /// Says exactly what proving a run would cost, without proving it.
    Cost,
    /// Proves.
    Prove,
    /// Verifies proofs.
    Verify,
    /// Proves runs that ended with another exit code than 0, bound to that code (type 2 of the zkVM standards); without it
    /// such runs have no proof (type 1).
    ProveFailure,
    /// Proves on a GPU.
    ProveGpu,
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Execute => "execute",
            Self::TraceInstructions => "trace instructions",
            Self::TraceChipRows => "trace chip rows",
            Self::TraceInteractions => "trace interactions",
            Self::Cost => "cost",
            Self::Prove => "prove",
            Self::Verify => "verify",
            Self::ProveFailure => "prove failure",
            Self::ProveGpu => "prove on a GPU",
        })
    }
}

/// Bounds on guests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuestLimits {
    /// Size of the public output, where it is bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_bytes: Option<u64>,
    /// Size of guest memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Most instructions that one trace may cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_instructions: Option<u64>,
    /// Whether misaligned loads and stores work.
    pub misaligned_access: bool,
}
