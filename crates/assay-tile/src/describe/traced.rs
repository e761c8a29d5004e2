//! Descriptions, with the shapes of types as serde shows them.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_reflection::{Format, Registry, Tracer, TracerConfig};

use crate::{Sequence, Tile, claim::digest_of};

/// A tile or a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Description {
    /// A tile.
    Tile(TileDescription),
    /// A sequence.
    Sequence(SequenceDescription),
}

/// A tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileDescription {
    /// Its id.
    pub id: String,
    /// What it does; may be empty.
    pub description: String,
    /// Most cycles that it may take.
    pub budget_cycles: Option<u64>,
    /// Its crate.
    pub package: String,
    /// Its crate's version.
    pub version: String,
    /// What claims call it.
    pub digest: [u8; 32],
    /// What goes in.
    pub input: Result<Shape, String>,
    /// What comes out.
    pub output: Result<Shape, String>,
    /// How it fails.
    pub error: Result<Shape, String>,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceDescription {
    /// Its id.
    pub id: String,
    /// What it does; may be empty.
    pub description: String,
    /// Ids of its tiles, in order.
    pub tiles: Vec<String>,
    /// What goes into the first.
    pub input: Result<Shape, String>,
    /// What comes out of the last.
    pub output: Result<Shape, String>,
}

/// What a type looks like in postcard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The type.
    pub format: Format,
    /// The named types that it is made of.
    pub types: Registry,
}

pub(super) fn tile<T: Tile>() -> TileDescription {
    TileDescription {
        id: T::ID.to_owned(),
        description: T::DESCRIPTION.to_owned(),
        budget_cycles: T::BUDGET_CYCLES,
        package: T::PACKAGE.to_owned(),
        version: T::VERSION.to_owned(),
        digest: digest_of::<T>(),
        input: shape::<T::Input>(),
        output: shape::<T::Output>(),
        error: shape::<T::Error>(),
    }
}

pub(super) fn sequence<S: Sequence>() -> SequenceDescription {
    SequenceDescription {
        id: S::ID.to_owned(),
        description: S::DESCRIPTION.to_owned(),
        tiles: S::TILES.iter().map(ToString::to_string).collect(),
        input: shape::<S::Input>(),
        output: shape::<S::Output>(),
    }
}

/// The shape, or why a type does not show it: one that looks at what it decodes may refuse the values it is tried with.
fn shape<T: DeserializeOwned>() -> Result<Shape, String> {
    let mut tracer = Tracer::new(TracerConfig::default());
    let (format, _) = tracer.trace_simple_type::<T>().map_err(|error| error.to_string())?;
    let types = tracer.registry().map_err(|error| error.to_string())?;
    Ok(Shape { format, types })
}
