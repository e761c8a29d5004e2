//! The run log: one guest, one input, every outcome, every verdict (`assay.run/1`).

use crate::{
    Digest, FirstDivergence, GuestId, Outcome, RegisterFile, Verdict,
    schema::{SchemaTag, Versioned},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one `assay run` or `assay diff` did and found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunLog {
    /// `assay.run/1`.
    pub schema: SchemaTag,
    /// What was run.
    pub guest: GuestId,
    /// SHA-256 of the input.
    pub input_digest: Digest,
    /// What each backend did; the first is the baseline.
    pub outcomes: Vec<Outcome>,
    /// Each target against the baseline, in order.
    pub comparisons: Vec<Comparison>,
}

/// A target against the baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// Name of the baseline backend.
    pub baseline: String,
    /// Name of the target backend.
    pub target: String,
    /// What comparing them says.
    pub verdict: Verdict,
    /// Registers that the baseline's guest reported, where a harness made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registers: Option<RegisterFile>,
    /// Where the traces part, for a divergence whose traces could be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_divergence: Option<FirstDivergence>,
    /// What looking for it showed besides, or why it was not found; a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Versioned for RunLog {
    const NAME: &'static str = "assay.run";
    const MAJOR: u32 = 1;
}
