//! Sequences of tiles: what running one said, and what its proofs say together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    schema::{SchemaTag, Versioned},
    tile::{TileAnswer, TileReceipt, TileRun},
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
