//! The guests that Assay ships ("cores"): what each does, what its input is, and how an input is encoded.
//!
//! A core is a crate in the folder of guests with a `core.toml` beside its manifest, which describes it. The fields of its
//! input are there in the order and with the types that the core itself has them; it decodes them with postcard, and
//! [`Core::encode`] makes from a JSON object the bytes that postcard would. Nothing here knows any core by name.

mod encode;
mod schema;

use std::{
    io,
    path::{Path, PathBuf},
};

use assay_spec::guest_manifest::{GuestList, ListedField, ListedGuest};
use assay_spec::schema::Versioned as _;
use serde_json::Value;

pub use encode::{INPUT_BYTES_MAX, INPUT_DEPTH_MAX, InputError};
pub use schema::{Definition, Field, SchemaError, Type, Variant};

use crate::{
    project::Language,
    sources::{self, GuestSources, SourceError},
};

/// What describes a core, in its folder.
const DESCRIPTION: &str = "core.toml";

/// Most cores in a folder.
pub const CORES_MAX: usize = 256;

/// Longest `core.toml`, in bytes.
pub const DESCRIPTION_BYTES_MAX: u64 = 64 << 10;

/// Longest input in JSON, in bytes.
pub const JSON_BYTES_MAX: usize = 64 << 20;

/// A guest that can be built by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Core {
    /// Its name, which is its folder's.
    pub name: String,
    /// What it does, in a sentence.
    pub description: String,
    /// What its output is, in a sentence.
    pub output: String,
    /// The fields of its input, in the order in which they are encoded.
    pub input: Vec<Field>,
    /// Types that fields name.
    pub types: Vec<(String, Definition)>,
    /// An input that it takes.
    pub example: Value,
    /// Built by itself and only when it is asked for: what it is made of takes long to compile.
    pub alone: bool,
    /// What it is written in.
    pub language: Language,
}

/// Why there is no such core.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The folder of guests cannot be read.
    #[error(transparent)]
    Sources(#[from] SourceError),
    /// No core has this name.
    #[error("there is no core {name:?}; there are {}", known.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// Every core.
        known: Vec<String>,
    },
    /// More cores than [`CORES_MAX`].
    #[error("{} holds more than {CORES_MAX} cores", folder.display())]
    TooMany {
        /// Where.
        folder: PathBuf,
    },
    /// A name that cannot be a crate's and a file's.
    #[error("{name:?} is no name for a core; use a-z, 0-9 and _, at most 40 of them, beginning with a letter")]
    Name {
        /// The folder's name.
        name: String,
    },
    /// A `core.toml` is wrong.
    #[error("{}: {source}", path.display())]
    Description {
        /// Which.
        path: PathBuf,
        /// Why.
        source: SchemaError,
    },
}

/// Every core in the folder of guests, by name.
pub fn all(sources: &GuestSources) -> Result<Vec<Core>, CoreError> {
    let mut cores = Vec::new();
    for (name, folder) in sources::folders(sources.folder())? {
        if !folder.join(DESCRIPTION).is_file() {
            continue;
        }
        if cores.len() >= CORES_MAX {
            return Err(CoreError::TooMany { folder: sources.folder().to_owned() });
        }
        if !is_name(&name) {
            return Err(CoreError::Name { name });
        }
        cores.extend(describe(&folder, &name)?);
    }
    Ok(cores)
}

/// What the guest `name` in `folder` says of itself in `core.toml`, if it has one.
pub fn describe(folder: &Path, name: &str) -> Result<Option<Core>, CoreError> {
    let path = folder.join(DESCRIPTION);
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = sources::read(&path)?;
    if bytes.len() as u64 > DESCRIPTION_BYTES_MAX {
        return Err(CoreError::Sources(SourceError::TooLong { path, bytes: bytes.len() as u64 }));
    }
    let text = String::from_utf8(bytes).map_err(|_| SourceError::Io {
        path: path.clone(),
        source: io::Error::new(io::ErrorKind::InvalidData, "it is not text"),
    })?;
    let core = Core::parse(name, &text).map_err(|source| CoreError::Description { path, source })?;
    let language = if folder.join("Cargo.toml").is_file() { Language::Rust } else { Language::C };
    Ok(Some(Core { language, ..core }))
}

/// The core `name`.
pub fn find(sources: &GuestSources, name: &str) -> Result<Core, CoreError> {
    let mut cores = all(sources)?;
    if let Some(index) = cores.iter().position(|core| core.name == name) {
        return Ok(cores.swap_remove(index));
    }
    let known = cores.into_iter().map(|core| core.name).collect();
    Err(CoreError::Unknown { name: name.chars().take(80).collect(), known })
}

/// The list of cores as it is printed in JSON.
pub fn listing(cores: &[Core]) -> GuestList {
    let field = |field: &Field| ListedField {
        name: field.name.clone(),
        type_name: field.kind.to_string(),
        about: field.about.clone(),
    };
    let guest = |core: &Core| ListedGuest {
        name: core.name.clone(),
        description: core.description.clone(),
        input: core.input.iter().map(field).collect(),
        output: core.output.clone(),
        example: core.example.clone(),
    };
    GuestList { schema: GuestList::tag(), guests: cores.iter().map(guest).collect() }
}

impl Core {
    /// The input as the core decodes it.
    pub fn encode(&self, input: &Value) -> Result<Vec<u8>, InputError> {
        encode::encode(self, input)
    }

    /// The input, a JSON object such as `{"n": 24}`, as the core decodes it.
    pub fn encode_json(&self, json: &[u8]) -> Result<Vec<u8>, InputError> {
        if json.len() > JSON_BYTES_MAX {
            return Err(InputError::JsonTooLong { bytes: json.len() });
        }
        self.encode(&serde_json::from_slice(json).map_err(InputError::Json)?)
    }
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> GuestSources {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        GuestSources::find(Some(tree.join("guests"))).unwrap()
    }

    #[test]
    fn the_cores_that_ship_are_described_and_their_examples_encode() {
        let cores = all(&sources()).unwrap();
        let names: Vec<_> = cores.iter().map(|core| core.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "accelerators",
                "alloc_heavy",
                "arithmetic",
                "c_echo",
                "c_fib",
                "conform",
                "conform_silent",
                "fib",
                "io_echo",
                "panic_test",
                "sha256",
                "simple_struct",
                "sort",
                "timeout_test",
                "usize_width"
            ]
        );
        for core in &cores {
            assert!(core.encode(&core.example).is_ok(), "{}", core.name);
            assert!(core.description.ends_with('.') && core.output.ends_with('.'), "{}", core.name);
        }
    }

    #[test]
    fn the_list_of_cores_says_what_goes_in_and_comes_out() {
        insta::assert_json_snapshot!(listing(&all(&sources()).unwrap()));
    }

    #[test]
    fn an_unknown_core_is_told_which_there_are() {
        let error = find(&sources(), "fob").unwrap_err().to_string();
        assert!(
            error.contains("\"fob\"")
                && error.contains("alloc_heavy, arithmetic, c_echo, c_fib, conform, conform_silent, fib"),
            "{error}"
        );
    }

    #[test]
    fn a_cores_name_is_a_crates_and_a_files() {
        for (name, good) in [("fib", true), ("a_1", true), ("", false), ("_a", false), ("1a", false), ("a/b", false)] {
            assert_eq!(is_name(name), good, "{name}");
        }
        assert!(!is_name(&"a".repeat(41)));
    }
}
