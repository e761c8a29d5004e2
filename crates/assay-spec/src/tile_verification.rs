//! What proving a tile and verifying such a proof came to.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    schema::{SchemaTag, Versioned},
    tile::{TileAnswer, TileInput, TileReceipt, TileRun},
    verification::{CheckState, VerificationReport},
};

/// What verifying a tile's proof came to (`assay.tile_verification/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TileVerification {
    /// `assay.tile_verification/1`.
    pub schema: SchemaTag,
    /// What the file beside the receipt says.
    pub envelope: TileReceipt,
    /// The checks of the receipt, which come first.
    pub receipt: VerificationReport,
    /// The checks of what the receipt says about the tile, in the order in which they are made; all of them, made or
    /// not.
    pub checks: Vec<MadeTileCheck>,
    /// What says which program was proved.
    pub program: TileProgramBinding,
    /// The result.
    pub verification: TileVerdict,
}

impl Versioned for TileVerification {
    const NAME: &'static str = "assay.tile_verification";
    const MAJOR: u32 = 1;
}

/// What says which program a proof is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileProgramBinding {
    /// The program itself was given, and what the zkVM calls it was computed anew.
    Elf,
    /// What the zkVM calls the program was given.
    MethodId,
    /// Nothing: any program can say what this proof says.
    Nothing,
}

/// The checks of a tile's proof after those of its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileCheck {
    /// The receipt was verified.
    Receipt,
    /// The file beside the receipt is about this receipt, and about the tile's program where that is known.
    Envelope,
    /// What is public begins with a claim.
    Claim,
    /// The claim is about the tile that was asked for, of its version.
    Tile,
    /// The claim was made by a program that this version understands.
    Runtime,
    /// The claim is about the input that was asked for.
    Input,
    /// The claim says whether there is an output or a failure as the file does.
    Status,
    /// The output or failure is the file's, and what was asked for.
    Output,
}

impl TileCheck {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Receipt,
        Self::Envelope,
        Self::Claim,
        Self::Tile,
        Self::Runtime,
        Self::Input,
        Self::Status,
        Self::Output,
    ];
}

impl fmt::Display for TileCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Receipt => "receipt",
            Self::Envelope => "envelope of the tile",
            Self::Claim => "claim",
            Self::Tile => "tile",
            Self::Runtime => "runtime version",
            Self::Input => "input",
            Self::Status => "status",
            Self::Output => "output",
        })
    }
}

/// One check, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeTileCheck {
    /// Which.
    pub check: TileCheck,
    /// What came of it.
    pub state: CheckState,
    /// For people: what was compared with what, or why not.
    pub detail: String,
}

/// Whether a tile's proof was verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", content = "detail", rename_all = "snake_case")]
pub enum TileVerdict {
    /// Nobody asked.
    NotRequested,
    /// It verified, and this is what it proves.
    Verified(ProvedClaim),
    /// It did not.
    Rejected(TileRejection),
}

/// What a verified proof of a tile proves. A failure of the tile is proved as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProvedClaim {
    /// What claims call the tile; absent in plain mode, where only the program says which tile it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tile_digest: Option<Digest>,
    /// The version of the program around the tile; absent in plain mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_version: Option<u32>,
    /// What the zkVM calls the program.
    pub method_id: String,
    /// How the input is bound.
    pub input: TileInput,
    /// What came of the tile.
    pub answer: TileAnswer,
}

/// Why a tile's proof was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TileRejection {
    /// The check that failed; those after it were not made.
    pub check: TileCheck,
    /// What the check, or the zkVM's verifier, said.
    pub error: String,
}

/// What proving a tile came to (`assay.tile_proof/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TileProofReport {
    /// `assay.tile_proof/1`.
    pub schema: SchemaTag,
    /// The run; its outcome has the facts of the receipt.
    pub run: TileRun,
    /// What stands beside the receipt; absent where there is no proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envelope: Option<TileReceipt>,
    /// The folder that the proof was kept in; absent if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What verifying it came to, where that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<TileVerification>,
}

impl Versioned for TileProofReport {
    const NAME: &'static str = "assay.tile_proof";
    const MAJOR: u32 = 1;
}
