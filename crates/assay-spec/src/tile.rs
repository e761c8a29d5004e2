//! Tiles: what is kept beside a program that a tile was built into, and what running one said.
//!
//! The bytes that go in and come out of such a program are not described here but by `assay-tile`, which guests are linked with.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    bytes::{Digest, HexBytes},
    outcome::Outcome,
    platform::Platform,
    schema::{SchemaTag, Versioned},
};

/// What a tile's program makes public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TilePublish {
    /// A claim about tile, version, input and status, and then the output or the failure.
    Claim,
    /// The output bytes alone: a proof then says nothing about the input, and a failure has none.
    Plain,
}

impl fmt::Display for TilePublish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Claim => "claim",
            Self::Plain => "plain",
        })
    }
}

/// What a type looks like in postcard: `serde-reflection`'s format of it and the registry of the types that it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TileShape {
    /// How it is called in Rust, for people.
    pub name: String,
    /// The type.
    pub format: serde_json::Value,
    /// The named types that it is made of, by name.
    pub types: serde_json::Value,
}

/// The shapes of what goes into a tile and comes out of it. One that could not be had says why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TileAbi {
    /// The arguments: none as `()`, one as itself, several as a tuple.
    pub input: Result<TileShape, String>,
    /// What it returns.
    pub output: Result<TileShape, String>,
    /// Its own error.
    pub error: Result<TileShape, String>,
}

/// What a tile was built into for a backend (`assay.tile_manifest/1`): `manifest.json` beside `guest.elf` and `method_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TileManifest {
    /// `assay.tile_manifest/1`.
    pub schema: SchemaTag,
    /// The tile.
    pub tile_id: String,
    /// What it does; may be empty.
    pub description: String,
    /// The crate that has it.
    pub package: String,
    /// The version of that crate.
    pub package_version: String,
    /// What claims call it: the digest of id, crate and version.
    pub tile_digest: Digest,
    /// Most cycles that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_cycles: Option<u64>,
    /// The backend that the program was built for, such as `risc0`.
    pub backend: String,
    /// The version of that backend, which the method id belongs to.
    pub backend_version: String,
    /// What the program sees.
    pub platform: Platform,
    /// Its ISA, such as `rv32im`; absent for a native program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isa: Option<String>,
    /// What the zkVM calls the program; where nothing proves, the ELF's digest.
    pub method_id: String,
    /// SHA-256 of `guest.elf`.
    pub elf_digest: Digest,
    /// Bytes of `guest.elf`.
    pub elf_size: u64,
    /// SHA-256 over all that it was built of: sources, dependencies' versions, what Assay brings along.
    pub source_hash: Digest,
    /// Compiler and linker, with their versions.
    pub toolchain: String,
    /// The version of the program around the tile: frames, answers, claims.
    pub runtime_version: u32,
    /// What is made public.
    pub publish: TilePublish,
    /// What goes in and comes out.
    pub abi: TileAbi,
}

impl Versioned for TileManifest {
    const NAME: &'static str = "assay.tile_manifest";
    const MAJOR: u32 = 1;
}

/// The tiles and sequences of a crate (`assay.tile_list/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TileList {
    /// `assay.tile_list/1`.
    pub schema: SchemaTag,
    /// The crate.
    pub package: String,
    /// Its version.
    pub package_version: String,
    /// By id.
    pub tiles: Vec<ListedTile>,
    /// By id.
    pub sequences: Vec<ListedSequence>,
}

impl Versioned for TileList {
    const NAME: &'static str = "assay.tile_list";
    const MAJOR: u32 = 1;
}

/// A tile of a crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedTile {
    /// Its id.
    pub id: String,
    /// What it does; may be empty.
    pub description: String,
    /// Most cycles that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_cycles: Option<u64>,
    /// What claims call it.
    pub tile_digest: Digest,
    /// What goes in and comes out.
    pub abi: TileAbi,
    /// The backends that there are artifacts for.
    pub built_for: Vec<String>,
}

/// A sequence of a crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedSequence {
    /// Its id.
    pub id: String,
    /// What it does; may be empty.
    pub description: String,
    /// Its tiles, in order.
    pub tiles: Vec<String>,
    /// What goes into the first.
    pub input: Result<TileShape, String>,
    /// What comes out of the last.
    pub output: Result<TileShape, String>,
}

/// How a tile's input is bound to what it made public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "digest", rename_all = "snake_case")]
pub enum TileInput {
    /// By its digest: who can guess the input can check the guess.
    Digest(Digest),
    /// By a salted commitment: only who has the salt can show which input it was.
    Commitment(Digest),
    /// Not at all: the program makes its output alone public.
    Unbound,
}

/// What came of a tile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum TileAnswer {
    /// It returned a value.
    Output {
        /// The value, where its shape is known. `null` is a value.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        value: Option<serde_json::Value>,
        /// The value in postcard.
        bytes: HexBytes,
    },
    /// It failed, in a way that can be proved.
    Failure {
        /// `tile`, `input` or `frame`.
        kind: TileFailureKind,
        /// What is the matter, for people.
        message: String,
        /// The tile's own error, where it is one and its shape is known. `null` is a value.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        error: Option<serde_json::Value>,
        /// The tile's own error in postcard, where it is one.
        bytes: HexBytes,
    },
    /// The program came to no answer: it trapped, panicked, met a limit, or said what no such program says. The run says how.
    Nothing {
        /// Why.
        reason: String,
    },
}

/// Reads a value that is there, so that `null` is not taken for none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// Kinds of failure of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileFailureKind {
    /// It returned an error.
    Tile,
    /// Its input is no arguments of its.
    Input,
    /// Its input is in no frame.
    Frame,
}

/// What a tile may take, and what it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TileBudget {
    /// Most cycles that it may take.
    pub cycles: u64,
    /// Whether it took no more.
    pub kept: bool,
}

/// What proofs are made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofDevice {
    /// The processor.
    Cpu,
    /// A GPU.
    Gpu,
}

impl fmt::Display for ProofDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cpu => "CPU",
            Self::Gpu => "GPU",
        })
    }
}

/// One run of a tile on one backend, not proved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TileRun {
    /// The tile.
    pub tile_id: String,
    /// What the zkVM calls the program.
    pub method_id: String,
    /// What is made public.
    pub publish: TilePublish,
    /// How the input is bound.
    pub input: TileInput,
    /// What came of it.
    pub answer: TileAnswer,
    /// Cycles that a proof is about: the backend's own, where it counts them, else instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<u64>,
    /// What a proof of so many cycles takes: 65,536 up to that many, else the next power of two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_cycles: Option<u64>,
    /// The tile's budget, if it has one and the cycles are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<TileBudget>,
    /// What makes proofs on that backend, by its own word; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_device: Option<ProofDevice>,
    /// Time from the request to the answer, loading included, in milliseconds.
    pub elapsed_ms: f64,
    /// What ran, and all that it said: exact cost, memory, log.
    pub outcome: Outcome,
}

/// Least cycles that a proof takes.
pub const PROOF_CYCLES_MIN: u64 = 1 << 16;

/// What a proof of `cycles` takes: [`PROOF_CYCLES_MIN`] up to that many, else the next power of two; the greatest number
/// where there is none.
pub fn proof_cycles(cycles: u64) -> u64 {
    cycles.max(PROOF_CYCLES_MIN).checked_next_power_of_two().unwrap_or(u64::MAX)
}

/// Runs of a tile (`assay.tile_report/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TileReport {
    /// `assay.tile_report/1`.
    pub schema: SchemaTag,
    /// One per backend, in the order that was asked for.
    pub runs: Vec<TileRun>,
}

impl Versioned for TileReport {
    const NAME: &'static str = "assay.tile_report";
    const MAJOR: u32 = 1;
}

/// What a proof of a tile says (`assay.tile_receipt/1`): the file `tile.json` beside the receipt.
///
/// Nothing in it is believed: the receipt is verified, and what it claims is compared with this and with what was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TileReceipt {
    /// `assay.tile_receipt/1`.
    pub schema: SchemaTag,
    /// The tile.
    pub tile_id: String,
    /// The crate that has it.
    pub package: String,
    /// The version of that crate.
    pub package_version: String,
    /// What claims call it.
    pub tile_digest: Digest,
    /// The version of the program around it.
    pub runtime_version: u32,
    /// What proved.
    pub backend: String,
    /// The version of that backend.
    pub backend_version: String,
    /// What the zkVM calls the program.
    pub method_id: String,
    /// What is made public. In plain mode the proof binds neither input nor tile, and this says so.
    pub publish: TilePublish,
    /// How the input is bound.
    pub input: TileInput,
    /// What came of it.
    pub answer: TileAnswer,
    /// What goes in and comes out, so that a stranger can read the answer.
    pub abi: TileAbi,
    /// The receipt's file, in the same folder.
    pub receipt_file: String,
    /// SHA-256 of that file.
    pub receipt_digest: Digest,
    /// What made the proof, by the word of who did. A proof is worth the same whatever made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_device: Option<ProofDevice>,
}

impl Versioned for TileReceipt {
    const NAME: &'static str = "assay.tile_receipt";
    const MAJOR: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_null_is_read_as_it_was_written() {
        for value in [None, Some(serde_json::Value::Null), Some(serde_json::json!(3))] {
            let answer = TileAnswer::Output { value, bytes: HexBytes(vec![6]) };
            let text = serde_json::to_string(&answer).unwrap();
            assert_eq!(serde_json::from_str::<TileAnswer>(&text).unwrap(), answer, "{text}");
        }
    }

    #[test]
    fn a_proof_takes_a_power_of_two_of_cycles() {
        for (cycles, proved) in
            [(0, 65_536), (1, 65_536), (65_536, 65_536), (65_537, 131_072), (1 << 40, 1 << 40), (u64::MAX, u64::MAX)]
        {
            assert_eq!(proof_cycles(cycles), proved, "{cycles}");
        }
    }
}
