//! Sequences of tiles: what running one said, what its proofs say together, and what verifying them came to.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    schema::{SchemaTag, Versioned},
    tile::{TileAnswer, TileInput, TileReceipt, TileRun},
    tile_verification::{TileProgramBinding, TileVerification},
};

/// A run of a sequence (`assay.sequence_report/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceReport {
    /// `assay.sequence_report/1`.
    pub schema: SchemaTag,
    /// The sequence.
    pub sequence_id: String,
    /// One per tile that was run, in order; a tile that failed is the last.
    pub steps: Vec<TileRun>,
    /// Tiles that the sequence has.
    pub tiles: u64,
    /// What came of the last tile that was run.
    pub answer: TileAnswer,
    /// The steps together.
    pub total: SequenceTotal,
}

impl Versioned for SequenceReport {
    const NAME: &'static str = "assay.sequence_report";
    const MAJOR: u32 = 1;
}

/// What all steps of a sequence took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceTotal {
    /// The sum of cycles; absent if a step has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<u64>,
    /// The sum of proof cycles; absent if a step has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_cycles: Option<u64>,
    /// Time from the request to the answer, in milliseconds.
    pub elapsed_ms: f64,
    /// The greatest peak of a step, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
}

/// What proofs of a sequence's tiles say together (`assay.sequence_receipt/1`): the file `sequence.json` beside the receipts.
///
/// Nothing in it is believed: every receipt is verified, the chain is computed anew from what the receipts claim, and compared
/// with what was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceReceipt {
    /// `assay.sequence_receipt/1`.
    pub schema: SchemaTag,
    /// The sequence.
    pub sequence_id: String,
    /// The crate that has it.
    pub package: String,
    /// The version of that crate.
    pub package_version: String,
    /// All tiles of the sequence, in order. Where one failed, those after it have no link.
    pub tiles: Vec<SequenceTile>,
    /// The links of the chain, in order.
    pub steps: Vec<SequenceLink>,
    /// The chain over all links.
    pub commitment: Digest,
}

impl Versioned for SequenceReceipt {
    const NAME: &'static str = "assay.sequence_receipt";
    const MAJOR: u32 = 1;
}

/// A tile of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceTile {
    /// Its id.
    pub tile_id: String,
    /// What claims call it.
    pub tile_digest: Digest,
}

/// One tile in the chain of a sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceLink {
    /// The tile's proof; its receipt is a file in the same folder.
    pub tile: TileReceipt,
    /// Digest of the output bytes, or of the failure, as the next tile's claim has it for its input.
    pub output_digest: Digest,
    /// The chain up to this link: of the one before, the tile's digest, the method id, the input's digest, whether the tile
    /// answered, the output's digest.
    pub chain: Digest,
}

/// What proving a sequence came to (`assay.sequence_proof/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceProofReport {
    /// `assay.sequence_proof/1`.
    pub schema: SchemaTag,
    /// The runs that were proved; their outcomes have the facts of the receipts.
    pub run: SequenceReport,
    /// What the proofs say together; absent where a tile came to no end that was proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envelope: Option<SequenceReceipt>,
    /// The folder that the proofs were kept in; absent if they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What verifying them came to, where that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<SequenceVerification>,
}

impl Versioned for SequenceProofReport {
    const NAME: &'static str = "assay.sequence_proof";
    const MAJOR: u32 = 1;
}

/// What verifying the proofs of a sequence came to (`assay.sequence_verification/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceVerification {
    /// `assay.sequence_verification/1`.
    pub schema: SchemaTag,
    /// What the file beside the receipts says.
    pub envelope: SequenceReceipt,
    /// What says which sequence was proved.
    pub bound: SequenceBinding,
    /// What verifying each proof came to, in order, up to the first that was rejected.
    pub steps: Vec<TileVerification>,
    /// The result.
    pub verification: SequenceVerdict,
}

impl Versioned for SequenceVerification {
    const NAME: &'static str = "assay.sequence_verification";
    const MAJOR: u32 = 1;
}

/// What says which sequence proofs are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceBinding {
    /// Whether the sequence and its tiles were compared with those of a crate.
    pub sources: bool,
    /// Whether the commitment was given, which stands for sequence, programs, input and output.
    pub commitment: bool,
    /// What says which programs were proved: the least of what is so for all of them.
    pub programs: TileProgramBinding,
}

/// The checks of a sequence's proofs, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SequenceCheck {
    /// Every receipt that the file names is there, and is one.
    Receipts,
    /// What the receipts claim is one run of the sequence, and the chain is theirs.
    Chain,
    /// It is the sequence that was asked for.
    Sequence,
    /// It has the commitment that was asked for.
    Commitment,
    /// Each proof is what its receipt says, and of the program that was asked for.
    Proofs,
}

impl fmt::Display for SequenceCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Receipts => "receipts",
            Self::Chain => "chain",
            Self::Sequence => "sequence",
            Self::Commitment => "commitment",
            Self::Proofs => "proofs",
        })
    }
}

/// Whether the proofs of a sequence were verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", content = "detail", rename_all = "snake_case")]
pub enum SequenceVerdict {
    /// Nobody asked.
    NotRequested,
    /// They verified, and this is what they prove.
    Verified(ProvedRun),
    /// They did not.
    Rejected(SequenceRejection),
}

/// What verified proofs of a sequence prove: from this input came this answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProvedRun {
    /// How the first tile's input is bound.
    pub input: TileInput,
    /// What came of the last tile that was run: the sequence's output, or the failure that ended it.
    pub answer: TileAnswer,
    /// Tiles that were proved.
    pub proved: u64,
    /// Tiles that the sequence has.
    pub tiles: u64,
    /// The chain over all of it.
    pub commitment: Digest,
}

/// Why the proofs of a sequence were rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceRejection {
    /// The check that failed; those after it were not made.
    pub check: SequenceCheck,
    /// The step whose proof was rejected, counted from 1, where it is about a single one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// What the check, or the zkVM's verifier, said.
    pub error: String,
}
