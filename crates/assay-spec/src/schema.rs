//! Names and versions of formats, and reading what another version wrote.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, de::DeserializeOwned};

use crate::bytes::spelled_as_text;

/// Name and version of a format, spelled `assay.outcome/1`, or `assay.outcome/1.2` from minor version 1 on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SchemaTag {
    /// Such as `assay.outcome`.
    pub name: Cow<'static, str>,
    /// Readers refuse a greater one than they know.
    pub major: u32,
    /// Readers read a greater one than they know, without its new fields.
    pub minor: u32,
}

/// A type with a `schema` field that says which version wrote it.
pub trait Versioned: Serialize + DeserializeOwned + JsonSchema {
    /// Name of the format.
    const NAME: &'static str;
    /// Major version that this code writes and the greatest that it reads.
    const MAJOR: u32;
    /// Minor version that this code writes.
    const MINOR: u32 = 0;

    /// The tag that this code writes.
    fn tag() -> SchemaTag {
        SchemaTag { name: Cow::Borrowed(Self::NAME), major: Self::MAJOR, minor: Self::MINOR }
    }
}

/// A value that was read, and the fields that this version does not know, each named once by its path.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// The value, without the unknown fields.
    pub value: T,
    /// Paths of the fields that were left out, such as `guest.colour`; at most [`UNKNOWN_FIELDS_MAX`].
    pub unknown_fields: Vec<String>,
}

/// How many unknown fields are named before the rest is dropped: a hostile file may hold millions.
pub const UNKNOWN_FIELDS_MAX: usize = 64;

/// Why a versioned text could not be read. The file it came from is to be left as it is.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or not an object with a `schema` field.
    #[error("not a versioned Assay file ({0}); expected a JSON object with a \"schema\" field")]
    NotVersioned(serde_json::Error),
    /// Another format.
    #[error("this is {found}, not {expected}; give it to the command that reads {found}")]
    OtherFormat {
        /// The format that it says it is.
        found: String,
        /// The format that was asked for.
        expected: &'static str,
    },
    /// A newer major version.
    #[error(
        "written by a newer Assay ({found}; this one reads up to {name}/{supported}); the file was left alone: upgrade Assay to read it"
    )]
    TooNew {
        /// Tag of the file.
        found: SchemaTag,
        /// Name of the format.
        name: &'static str,
        /// Greatest major version that this code reads.
        supported: u32,
    },
    /// The version is known, the content is not what it promises.
    #[error("damaged {name}: {source}")]
    Damaged {
        /// Name of the format.
        name: &'static str,
        /// What did not fit.
        source: serde_json::Error,
    },
}

/// Reads `json` as a `T` of this or an older version, or of a newer minor version.
pub fn read<T: Versioned>(json: &[u8]) -> Result<Read<T>, ReadError> {
    #[derive(Deserialize)]
    struct Header {
        schema: SchemaTag,
    }

    let Header { schema } = serde_json::from_slice(json).map_err(ReadError::NotVersioned)?;
    if schema.name != T::NAME {
        return Err(ReadError::OtherFormat { found: schema.to_string(), expected: T::NAME });
    }
    if schema.major > T::MAJOR {
        return Err(ReadError::TooNew { found: schema, name: T::NAME, supported: T::MAJOR });
    }
    let mut unknown_fields = Vec::new();
    let value = from_json(json, &mut unknown_fields).map_err(|source| ReadError::Damaged { name: T::NAME, source })?;
    Ok(Read { value, unknown_fields })
}

/// Reads `json` as a `T` that has no `schema` field of its own, such as a line of a file, and adds the fields that it
/// does not know to `unknown_fields`: each path once, at most [`UNKNOWN_FIELDS_MAX`] altogether.
pub fn from_json<T: DeserializeOwned>(json: &[u8], unknown_fields: &mut Vec<String>) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_ignored::deserialize(&mut deserializer, |path| {
        if unknown_fields.len() < UNKNOWN_FIELDS_MAX {
            let path = path.to_string();
            if !unknown_fields.contains(&path) {
                unknown_fields.push(path);
            }
        }
    })?;
    deserializer.end()?;
    Ok(value)
}

/// Not a `name/major` or `name/major.minor` tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a schema tag such as assay.outcome/1, found {0:?}")]
pub struct NotATag(String);

impl fmt::Display for SchemaTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.name, self.major)?;
        if self.minor > 0 { write!(f, ".{}", self.minor) } else { Ok(()) }
    }
}

impl FromStr for SchemaTag {
    type Err = NotATag;

    fn from_str(text: &str) -> Result<Self, NotATag> {
        let parsed = text.rsplit_once('/').and_then(|(name, version)| {
            let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
            Some(Self { name: Cow::Owned(name.to_owned()), major: major.parse().ok()?, minor: minor.parse().ok()? })
        });
        parsed.ok_or_else(|| NotATag(text.chars().take(80).collect()))
    }
}

spelled_as_text!(SchemaTag, "SchemaTag", r"^[a-z.]+/[0-9]+(\.[0-9]+)?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct Sample {
        schema: SchemaTag,
        count: u32,
    }

    impl Versioned for Sample {
        const NAME: &'static str = "assay.sample";
        const MAJOR: u32 = 2;
    }

    #[test]
    fn a_newer_minor_version_is_read_and_its_new_fields_are_named_once() {
        let json = br#"{"schema":"assay.sample/2.7","count":3,"colour":"red","deep":{"a":1}}"#;
        let read = read::<Sample>(json).unwrap();
        assert_eq!(read.value.count, 3);
        assert_eq!(read.unknown_fields, ["colour", "deep"]);
    }

    #[test]
    fn a_newer_major_version_is_refused_with_both_versions() {
        let error = read::<Sample>(br#"{"schema":"assay.sample/3","count":3}"#).unwrap_err();
        assert!(matches!(error, ReadError::TooNew { .. }));
        let text = error.to_string();
        assert!(text.contains("assay.sample/3") && text.contains("assay.sample/2"), "{text}");
    }

    #[test]
    fn other_formats_damage_and_trailing_bytes_are_told_apart() {
        let error = |json: &[u8]| read::<Sample>(json).unwrap_err();
        assert!(matches!(error(br#"{"schema":"assay.other/1"}"#), ReadError::OtherFormat { .. }));
        assert!(matches!(error(br#"{"count":1}"#), ReadError::NotVersioned(_)));
        assert!(matches!(error(br#"{"schema":"assay.sample/2","count":-1}"#), ReadError::Damaged { .. }));
        assert!(matches!(error(b""), ReadError::NotVersioned(_)));
        assert!(matches!(error(br#"{"schema":"assay.sample/2","count":1} x"#), ReadError::NotVersioned(_)));
    }
}
