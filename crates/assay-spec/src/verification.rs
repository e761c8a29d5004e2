//! What verifying a receipt came to, check by check.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    outcome::Verification,
    receipt::{Check, ReceiptHeader},
    schema::{SchemaTag, Versioned},
};

/// What verifying a receipt came to (`assay.verification/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerificationReport {
    /// `assay.verification/1`.
    pub schema: SchemaTag,
    /// SHA-256 of the receipt file.
    pub receipt_digest: Digest,
    /// What the receipt says of itself; absent where that could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<ReceiptHeader>,
    /// The result.
    pub verification: Verification,
    /// The checks, in the order in which they are made; all of them, made or not.
    pub checks: Vec<MadeCheck>,
    /// What the verifier took, where it was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<VerifierEffort>,
}

impl Versioned for VerificationReport {
    const NAME: &'static str = "assay.verification";
    const MAJOR: u32 = 1;
}

/// One check, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeCheck {
    /// Which.
    pub check: Check,
    /// What came of it.
    pub state: CheckState,
    /// For people: what was compared with what, or why not.
    pub detail: String,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It held.
    Passed,
    /// It did not hold.
    Failed,
    /// There was nothing to compare with.
    NotAsked,
    /// A check before it failed.
    NotReached,
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::NotAsked => "not asked",
            Self::NotReached => "not reached",
        })
    }
}

/// What a verifier took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerifierEffort {
    /// Time of the zkVM's verifier itself, in milliseconds.
    pub verify_ms: f64,
    /// Time of setting it up, in milliseconds.
    pub setup_ms: f64,
    /// Time for computing the image id from the ELF, in milliseconds; absent where no ELF was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identify_ms: Option<f64>,
    /// Greatest resident size of the process that verified, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
}
