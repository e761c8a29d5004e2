//! What a store holds besides run logs and findings, and what its commands say for scripts.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Digest, FindingId, HexBytes, RunId, Status, Verdict,
    schema::{SchemaTag, Versioned},
};

/// Marks a folder as a store and says how it is laid out (`assay.store/1`). A greater version is read and not written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreMarker {
    /// `assay.store/1`.
    pub schema: SchemaTag,
    /// When it was made.
    pub created_at: Timestamp,
    /// Version of Assay that made it.
    pub assay_version: String,
}

/// The input of a finding, as a file of its own (`assay.input/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SavedInput {
    /// `assay.input/1`.
    pub schema: SchemaTag,
    /// What people call it.
    pub name: String,
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// The bytes that the guest reads.
    pub bytes: HexBytes,
    /// The fields that the bytes are the encoding of, for a core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<serde_json::Value>,
}

/// A verdict without what led to it. Ordered by how much attention it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum VerdictName {
    /// [`Verdict::Agree`].
    Agree,
    /// [`Verdict::SameFailure`].
    SameFailure,
    /// [`Verdict::Inconclusive`].
    Inconclusive,
    /// [`Verdict::Diverge`].
    Diverge,
}

impl VerdictName {
    /// Every one, the least attention first.
    pub const ALL: [Self; 4] = [Self::Agree, Self::SameFailure, Self::Inconclusive, Self::Diverge];
}

impl From<&Verdict> for VerdictName {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Agree => Self::Agree,
            Verdict::SameFailure(_) => Self::SameFailure,
            Verdict::Inconclusive(_) => Self::Inconclusive,
            Verdict::Diverge(_) => Self::Diverge,
        }
    }
}

impl fmt::Display for VerdictName {
    /// As [`Verdict`] spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Agree => "Agree",
            Self::SameFailure => "SameFailure",
            Self::Inconclusive => "Inconclusive",
            Self::Diverge => "Diverge",
        })
    }
}

/// Runs of a store (`assay.run_list/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunList {
    /// `assay.run_list/1`.
    pub schema: SchemaTag,
    /// The newest first.
    pub runs: Vec<RunRow>,
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunRow {
    /// Its name.
    pub run_id: RunId,
    /// When it was kept.
    pub recorded_at: Timestamp,
    /// The core, the sequence or the ELF that was run.
    pub core: String,
    /// What its input is called.
    pub input: String,
    /// What each backend did, in the order of the run log.
    pub outcomes: Vec<RowOutcome>,
    /// The verdict of its comparisons that asks for the most attention; absent where nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictName>,
    /// The findings that it showed, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingId>,
}

/// What one backend did, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowOutcome {
    /// What it is called in the run log, such as `reference@sp1`.
    pub name: String,
    /// The backend, such as `reference`.
    pub backend: String,
    /// Its version.
    pub version: String,
    /// How the run ended.
    pub status: Status,
}

/// What `assay store check` found (`assay.store_check/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreCheckReport {
    /// `assay.store_check/1`.
    pub schema: SchemaTag,
    /// How many runs are whole.
    pub runs: u64,
    /// How many findings are whole.
    pub findings: u64,
    /// How many guests, inputs, receipts and traces are whole.
    pub blobs: u64,
    /// How many rows `summary.csv` has.
    pub summary_rows: u64,
    /// What is not as it was written.
    pub damage: Vec<StoreDamage>,
}

/// Something in a store that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreDamage {
    /// Path of the file within the store; for `summary.csv` with the run, such as `summary.csv: 2026…`.
    pub what: String,
    /// What is wrong, in a sentence.
    pub why: String,
}

/// What `assay store prune` removed, or would (`assay.store_prune/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StorePruneReport {
    /// `assay.store_prune/1`.
    pub schema: SchemaTag,
    /// Whether nothing was removed.
    pub dry_run: bool,
    /// The runs, the oldest first.
    pub runs: Vec<RunId>,
    /// How many guests, inputs, receipts and traces.
    pub blobs: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// How many runs are left.
    pub runs_left: u64,
    /// Bytes that runs, guests, inputs, receipts and traces still take.
    pub bytes_left: u64,
    /// What kept more from being removed; a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Versioned for StoreMarker {
    const NAME: &'static str = "assay.store";
    const MAJOR: u32 = 1;
}

impl Versioned for SavedInput {
    const NAME: &'static str = "assay.input";
    const MAJOR: u32 = 1;
}

impl Versioned for RunList {
    const NAME: &'static str = "assay.run_list";
    const MAJOR: u32 = 1;
}

impl Versioned for StoreCheckReport {
    const NAME: &'static str = "assay.store_check";
    const MAJOR: u32 = 1;
}

impl Versioned for StorePruneReport {
    const NAME: &'static str = "assay.store_prune";
    const MAJOR: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_spelled_alike_in_json_and_text_and_with_and_without_detail() {
        for name in VerdictName::ALL {
            assert_eq!(serde_json::to_value(name).unwrap(), name.to_string());
        }
        for verdict in [Verdict::Agree, Verdict::SameFailure(vec![]), Verdict::Diverge(vec![])] {
            assert_eq!(VerdictName::from(&verdict).to_string(), verdict.to_string());
        }
    }
}
