//! The run log: one subject, one input, every outcome, every verdict (`assay.run/1.1`).

use crate::{
    Digest, FirstDivergence, Outcome, Register, RunRecord, Verdict, Word,
    schema::{SchemaTag, Versioned},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one `assay diff` did and found.
///
/// Outcomes have names of their own, because one backend may stand there twice: the reference machine runs once for each
/// platform. A name is the backend's; where two would be the same, each gets its platform (`reference@sp1`), and where they
/// still are, the later ones get a number (`openvm#2`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunLog {
    /// `assay.run/1.1`.
    pub schema: SchemaTag,
    /// Its name and all that it takes to run it again; absent from a log that is not in a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<RunRecord>>,
    /// What people call that which was run: a file name, or `asm`. Each outcome says which guest was made of it.
    pub subject: String,
    /// SHA-256 of the input.
    pub input_digest: Digest,
    /// Name of the outcome that the others are compared with, besides their own reference machines.
    pub baseline: String,
    /// What each backend did; the reference machine of a platform stands before the backends of that platform.
    pub outcomes: Vec<NamedOutcome>,
    /// Each backend against the reference machine of its platform, and against the baseline where that can be compared.
    pub comparisons: Vec<Comparison>,
    /// Pairs with the baseline that are not compared, because their registers have different widths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through_references: Vec<ThroughReferences>,
}

impl RunLog {
    /// The outcome of that name.
    pub fn outcome(&self, name: &str) -> Option<&NamedOutcome> {
        self.outcomes.iter().find(|outcome| outcome.name == name)
    }
}

/// An outcome and what it is called in its log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NamedOutcome {
    /// Unique in the log.
    pub name: String,
    /// Where the instruction sequence stands in the guest; absent for guests that are no sequence in a harness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<SequencePlace>,
    /// What the backend did, and with which guest.
    pub outcome: Outcome,
}

/// Where an instruction sequence stands in the guest that was made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SequencePlace {
    /// Address of its first instruction.
    pub start: Word,
    /// Address behind its last one.
    pub end: Word,
    /// The register whose final value is not reported; gp where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scratch: Option<Register>,
}

/// A target against a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// Name of the outcome that is taken as it should be.
    pub baseline: String,
    /// Name of the outcome that is judged.
    pub target: String,
    /// What the two have in common, and with that what can be compared.
    pub basis: Basis,
    /// What comparing them says.
    pub verdict: Verdict,
    /// Where the traces part, for a divergence whose traces could be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_divergence: Option<FirstDivergence>,
    /// What looking for it showed besides, or why it was not found; a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What two outcomes have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// One and the same ELF on one platform: everything that both observed is compared.
    SameGuest,
    /// One core, built for two platforms: how the runs ended, panic messages and the public output are compared. What
    /// compilers and platforms make of it (registers, instructions, traps) is not.
    SameCore,
    /// One instruction sequence in guests of two platforms, with registers of one width: how the runs ended and the
    /// registers that the sequence left behind are compared, and traces within the sequence. What belongs to a platform
    /// (prologue, layout of the output, calls, counts) is not.
    SameSequence,
}

/// Two outcomes that are compared with their reference machines only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ThroughReferences {
    /// Name of the baseline.
    pub baseline: String,
    /// Name of the reference machine that it is judged against; its own where it is one.
    pub baseline_reference: String,
    /// Name of the other outcome.
    pub target: String,
    /// Name of the reference machine that it is judged against; its own where it is one.
    pub target_reference: String,
}

impl Versioned for RunLog {
    const NAME: &'static str = "assay.run";
    const MAJOR: u32 = 1;
    /// 1: `record` and `sequence.scratch`.
    const MINOR: u32 = 1;
}
