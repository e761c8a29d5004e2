//! The tiles and sequences of a crate, as they are kept between two runs of Assay.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    schema::{SchemaTag, Versioned},
    tile::{ListedSequence, TileAbi},
};

/// What a crate's own program listed (`assay.kept_tiles/1`). It holds for exactly the sources that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptTiles {
    /// `assay.kept_tiles/1`.
    pub schema: SchemaTag,
    /// SHA-256 over all that the crate is built of.
    pub source_hash: Digest,
    /// The version of the program around tiles.
    pub runtime_version: u32,
    /// The crate.
    pub package: String,
    /// Its tiles and those that it has from others, by id.
    pub tiles: Vec<KeptTile>,
    /// By id.
    pub sequences: Vec<ListedSequence>,
}

impl Versioned for KeptTiles {
    const NAME: &'static str = "assay.kept_tiles";
    const MAJOR: u32 = 1;
}

/// A tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptTile {
    /// Its id.
    pub id: String,
    /// What it does; may be empty.
    pub description: String,
    /// Most cycles that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_cycles: Option<u64>,
    /// The crate that has it.
    pub package: String,
    /// The version of that crate.
    pub package_version: String,
    /// What claims call it.
    pub tile_digest: Digest,
    /// What goes in and comes out.
    pub abi: TileAbi,
}
