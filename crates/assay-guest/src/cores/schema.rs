//! `core.toml`: what a core's input is, in words that a person can write.
//!
//! A type is one of the integers `u8` to `u64` and `i8` to `i64`, `bool`, `string`, `bytes`, `list of T`, `option of T`, or
//! the name of a struct or an enum in the same file.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::{Core, InputError};
use crate::project::Language;

/// Most types of a file, fields of a struct and variants of an enum; [`SchemaError::TooMany`] says so.
const ITEMS_MAX: usize = 64;

/// Most `list of` and `option of` in one type.
const WRAPPERS_MAX: usize = 8;

/// A field of the input, of a struct or of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in JSON.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// What it means; may be empty.
    pub about: String,
}

/// A type of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// An integer without a sign, of so many bits.
    Unsigned(u32),
    /// An integer with a sign, of so many bits.
    Signed(u32),
    /// `true` or `false`.
    Bool,
    /// Text.
    String,
    /// Bytes, in JSON as hex.
    Bytes,
    /// Any number of values.
    List(Box<Type>),
    /// A value, or `null`.
    Option(Box<Type>),
    /// A type that the file defines.
    Named(String),
}

/// What a named type is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// Fields, one after the other; in JSON an object.
    Struct(Vec<Field>),
    /// One of several; in JSON its name, or an object with its name and its fields.
    Enum(Vec<Variant>),
}

/// One of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name in JSON.
    pub name: String,
    /// Its fields; none for a plain name.
    pub fields: Vec<Field>,
}

/// Why a `core.toml` is wrong.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not TOML, or not of this shape.
    #[error("it is not a description of a core: {0}")]
    Toml(#[from] toml::de::Error),
    /// A type that is neither known nor defined.
    #[error(
        "{at}: there is no type {name:?}; types are u8 to u64, i8 to i64, bool, string, bytes, `list of T`, `option of T` and those in [[types]]"
    )]
    UnknownType {
        /// Which field.
        at: String,
        /// Its type.
        name: String,
    },
    /// Two of one name.
    #[error("{name:?} is there twice; give each its own name")]
    Twice {
        /// The name.
        name: String,
    },
    /// A type must be one of the two.
    #[error("the type {name:?} must have either fields or variants")]
    NeitherNor {
        /// The type.
        name: String,
    },
    /// More than 64 types, fields or variants.
    #[error("{name:?} has more than {ITEMS_MAX} of its kind")]
    TooMany {
        /// Of what.
        name: String,
    },
    /// The example is not JSON.
    #[error("the example is not JSON: {0}")]
    ExampleJson(serde_json::Error),
    /// The example is no input.
    #[error("the example is no input of the core: {0}")]
    Example(InputError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    description: String,
    output: String,
    example: String,
    #[serde(default)]
    alone: bool,
    #[serde(default)]
    input: Vec<FileField>,
    #[serde(default)]
    types: Vec<FileType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileField {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileType {
    name: String,
    fields: Option<Vec<FileField>>,
    variants: Option<Vec<FileVariant>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileVariant {
    name: String,
    #[serde(default)]
    fields: Vec<FileField>,
}

impl Core {
    /// The core that a `core.toml` describes.
    pub fn parse(name: &str, text: &str) -> Result<Self, SchemaError> {
        let file: File = toml::from_str(text)?;
        let names: Vec<String> = file.types.iter().map(|definition| definition.name.clone()).collect();
        distinct("types", &names)?;
        let types = file.types.into_iter().map(|definition| define(definition, &names)).collect::<Result<_, _>>()?;
        let core = Self {
            name: name.to_owned(),
            description: file.description,
            output: file.output,
            input: fields("input", file.input, &names)?,
            types,
            example: serde_json::from_str::<Value>(&file.example).map_err(SchemaError::ExampleJson)?,
            alone: file.alone,
            language: Language::Rust,
        };
        core.encode(&core.example).map_err(SchemaError::Example)?;
        Ok(core)
    }
}

fn define(given: FileType, names: &[String]) -> Result<(String, Definition), SchemaError> {
    let name = given.name;
    let definition = match (given.fields, given.variants) {
        (Some(given), None) => Definition::Struct(fields(&name, given, names)?),
        (None, Some(given)) if !given.is_empty() => {
            distinct(&name, &given.iter().map(|variant| variant.name.clone()).collect::<Vec<_>>())?;
            let variants = given.into_iter().map(|variant| {
                let at = format!("{name}.{}", variant.name);
                Ok(Variant { fields: fields(&at, variant.fields, names)?, name: variant.name })
            });
            Definition::Enum(variants.collect::<Result<_, SchemaError>>()?)
        }
        _ => return Err(SchemaError::NeitherNor { name }),
    };
    Ok((name, definition))
}

fn fields(of: &str, given: Vec<FileField>, names: &[String]) -> Result<Vec<Field>, SchemaError> {
    distinct(of, &given.iter().map(|field| field.name.clone()).collect::<Vec<_>>())?;
    let field = |field: FileField| {
        let kind = Type::parse(&field.kind, names, 0);
        let unknown = || SchemaError::UnknownType { at: format!("{of}.{}", field.name), name: field.kind.clone() };
        Ok(Field { kind: kind.ok_or_else(unknown)?, name: field.name, about: field.about })
    };
    given.into_iter().map(field).collect()
}

fn distinct(of: &str, names: &[String]) -> Result<(), SchemaError> {
    if names.len() > ITEMS_MAX {
        return Err(SchemaError::TooMany { name: of.to_owned() });
    }
    match names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        Some((_, name)) => Err(SchemaError::Twice { name: name.clone() }),
        None => Ok(()),
    }
}

impl Type {
    fn parse(text: &str, names: &[String], wrappers: usize) -> Option<Self> {
        if wrappers > WRAPPERS_MAX {
            return None;
        }
        let inner = |text| Self::parse(text, names, wrappers + 1).map(Box::new);
        if let Some(item) = text.strip_prefix("list of ") {
            return inner(item).map(Self::List);
        }
        if let Some(item) = text.strip_prefix("option of ") {
            return inner(item).map(Self::Option);
        }
        Some(match text {
            "u8" => Self::Unsigned(8),
            "u16" => Self::Unsigned(16),
            "u32" => Self::Unsigned(32),
            "u64" => Self::Unsigned(64),
            "i8" => Self::Signed(8),
            "i16" => Self::Signed(16),
            "i32" => Self::Signed(32),
            "i64" => Self::Signed(64),
            "bool" => Self::Bool,
            "string" => Self::String,
            "bytes" => Self::Bytes,
            name if names.iter().any(|known| known == name) => Self::Named(name.to_owned()),
            _ => return None,
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(bits) => write!(f, "u{bits}"),
            Self::Signed(bits) => write!(f, "i{bits}"),
            Self::Bool => f.write_str("bool"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::List(item) => write!(f, "list of {item}"),
            Self::Option(item) => write!(f, "option of {item}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const HEAD: &str = "description = 'd'\noutput = 'o'\nexample = '{}'\n";

    #[test]
    fn types_are_read_as_they_are_shown() {
        let names = ["Kind".to_owned()];
        for text in ["u8", "i64", "bool", "string", "bytes", "list of option of Kind", "Kind"] {
            assert_eq!(Type::parse(text, &names, 0).unwrap().to_string(), text);
        }
        for text in ["u128", "usize", "f64", "list of", "List of u8", "Other", ""] {
            assert_eq!(Type::parse(text, &names, 0), None, "{text}");
        }
        assert_eq!(Type::parse(&("list of ".repeat(9) + "u8"), &names, 0), None);
    }

    #[test]
    fn each_mistake_in_a_description_is_named() {
        let mut errors = String::new();
        for text in [
            "description = 'd'".to_owned(),
            format!("{HEAD}colour = 1"),
            format!("{HEAD}[[input]]\nname = 'n'\ntype = 'usize'"),
            format!("{HEAD}[[input]]\nname = 'n'\ntype = 'u8'\n[[input]]\nname = 'n'\ntype = 'u8'"),
            format!("{HEAD}[[input]]\nname = 'n'\ntype = 'u8'"),
            format!("{HEAD}[[types]]\nname = 'T'"),
            format!("{HEAD}[[types]]\nname = 'T'\nvariants = []"),
            HEAD.replace("{}", "{"),
        ] {
            let error = Core::parse("c", &text).unwrap_err();
            writeln!(errors, "{error}\n").unwrap();
        }
        insta::assert_snapshot!(errors);
    }
}
