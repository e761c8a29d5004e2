//! Descriptions, with the shapes of types as serde shows them.

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_reflection::{Error, Format, FormatHolder as _, Registry, Samples, Tracer, TracerConfig};

use super::{Describe, Descriptions};
use crate::{Sequence, Tile, tile_digest};

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

/// The list is never empty, so that the linker has its borders: this one describes nothing.
#[expect(unsafe_code, reason = "its section is what the linker makes the list of")]
#[used]
#[unsafe(link_section = "assay_tiles")]
static NOTHING: Describe = |_| ();

/// Every tile and sequence that is linked into this program, by id, tiles first.
pub fn described() -> Vec<Description> {
    #[expect(unsafe_code, reason = "the linker makes these symbols for the section's borders")]
    unsafe extern "Rust" {
        #[link_name = "__start_assay_tiles"]
        static START: Describe;
        #[link_name = "__stop_assay_tiles"]
        static STOP: Describe;
    }
    let (start, stop) = (&raw const START, &raw const STOP);
    let length = (stop.addr() - start.addr()) / size_of::<Describe>();
    // SAFETY: all that is in the section are values of this type: each static in it is declared as one, with its size and
    // alignment, so that they stand one behind the other from its start to its end, and live as long as the program.
    #[expect(unsafe_code, reason = "see above")]
    let listed = unsafe { core::slice::from_raw_parts(start, length) };
    let mut descriptions = Descriptions::default();
    for describe in listed {
        describe(&mut descriptions);
    }
    descriptions.all.sort_by(|one, other| one.key().cmp(&other.key()));
    descriptions.all
}

impl Description {
    /// What they are sorted by.
    fn key(&self) -> (bool, &str) {
        match self {
            Self::Tile(tile) => (false, &tile.id),
            Self::Sequence(sequence) => (true, &sequence.id),
        }
    }
}

pub(super) fn tile<T: Tile>() -> TileDescription {
    TileDescription {
        id: T::ID.to_owned(),
        description: T::DESCRIPTION.to_owned(),
        budget_cycles: T::BUDGET_CYCLES,
        package: T::PACKAGE.to_owned(),
        version: T::VERSION.to_owned(),
        digest: tile_digest(T::PACKAGE, T::VERSION, T::ID),
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

/// Most times that a type is looked at: an enum shows one variant at a time.
const LOOKS_MAX: usize = 1 << 14;

/// The shape, or why a type does not show it: one that looks at what it decodes may refuse the values it is tried with.
fn shape<T: DeserializeOwned>() -> Result<Shape, String> {
    let samples = Samples::new();
    // Enums inside of other types are looked at until they are whole, too, as soon as they are known by name.
    let mut enums: BTreeSet<String> = BTreeSet::new();
    let mut looks = 0;
    loop {
        let mut tracer = Tracer::new(TracerConfig::default());
        let format = loop {
            looks += 1;
            if looks > LOOKS_MAX {
                return Err(format!("its enums have more variants than {LOOKS_MAX} looks at it show"));
            }
            let (format, _) = tracer.trace_type_once::<T>(&samples).map_err(|error| error.to_string())?;
            if let Format::TypeName(name) = &format {
                enums.insert(name.clone());
            }
            let incomplete = enums.iter().filter(|name| tracer.check_incomplete_enum(name).is_some()).count();
            if incomplete == 0 {
                break format;
            }
        };
        match tracer.registry() {
            Ok(types) => {
                let mut format = format;
                let mut with_arrays = |inner: &mut Format| {
                    bytes_as_array(inner);
                    Ok(())
                };
                format.visit_mut(&mut with_arrays).map_err(|error| error.to_string())?;
                return Ok(Shape { format, types });
            }
            Err(Error::MissingVariants(names)) if names.iter().any(|name| !enums.contains(name)) => enums.extend(names),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// An array is a tuple to serde. The registry writes one of equal types as an array, everywhere in named types; outside of them
/// it is left to do, and done for bytes alone: `(u64, u64)` is how the arguments of a tile are shown best.
fn bytes_as_array(format: &mut Format) {
    if let Format::Tuple(items) = format
        && items.len() > 1
        && items.iter().all(|item| *item == Format::U8)
    {
        *format = Format::TupleArray { content: Box::new(Format::U8), size: items.len() };
    }
}
