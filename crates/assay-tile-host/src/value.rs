//! Arguments and results as JSON: from and to postcard, by the shape that a type showed when its tile was described.
//!
//! | Rust | JSON |
//! |---|---|
//! | integers of up to 64 bits, floats | numbers; a float that is none is `"NaN"`, `"inf"`, `"-inf"` |
//! | `i128`, `u128` | numbers where they fit 64 bits, else text |
//! | `bool`, `char`, `String` | themselves |
//! | `Vec<u8>`, `[u8; N]` | hex, as text; lists of numbers are read too |
//! | other lists, tuples | lists |
//! | `Option<T>` | `null` or the value; `[]` or `[value]` where the value may be `null` itself |
//! | maps | objects where keys are text, else lists of pairs |
//! | structs | objects, lists, or the value of a newtype |
//! | enums | the name of the variant, or an object of it and what it holds |
//! | `()` and empty structs | `null` |
//!
//! Bytes on the wire are postcard's business. Both sides are hostile: bytes come from guests, JSON from anywhere, shapes from
//! the author's crate.

mod decode;
mod encode;

use std::fmt;

use assay_tile::Shape;
use serde_json::Value;
use serde_reflection::{ContainerFormat, Format, Registry};

/// Most values inside of one another.
pub const DEPTH_MAX: usize = 64;

/// Most values in all.
pub const VALUES_MAX: usize = 1 << 22;

/// Longest encoded value, in bytes.
pub const ENCODED_BYTES_MAX: usize = 32 << 20;

/// Why a value cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The bytes are no such value.
    #[error("{bytes} bytes are no value of type {kind}: {reason}")]
    Bytes {
        /// How many.
        bytes: usize,
        /// What they should be.
        kind: String,
        /// Why they are not.
        reason: String,
    },
    /// More bytes than the value has.
    #[error("{trailing} bytes follow a value of type {kind}")]
    Trailing {
        /// How many.
        trailing: usize,
        /// What was read.
        kind: String,
    },
    /// The JSON value is no such value.
    #[error("{reason}")]
    Json {
        /// What is wrong, and where.
        reason: String,
    },
    /// More bytes than [`ENCODED_BYTES_MAX`].
    #[error("the value has {bytes} bytes; the limit is {ENCODED_BYTES_MAX}")]
    TooLong {
        /// How many.
        bytes: usize,
    },
}

/// The value of shape `shape` that `bytes` are, all of them.
pub fn decode(bytes: &[u8], shape: &Shape) -> Result<Value, ValueError> {
    decode::decode(bytes, shape)
}

/// The bytes of `value`, which is of shape `shape`.
pub fn encode(value: &Value, shape: &Shape) -> Result<Vec<u8>, ValueError> {
    let bytes = encode::encode(value, shape)?;
    if bytes.len() > ENCODED_BYTES_MAX {
        return Err(ValueError::TooLong { bytes: bytes.len() });
    }
    Ok(bytes)
}

/// How a type is called in messages and lists: as in Rust.
pub fn name(format: &Format) -> String {
    Name(format).to_string()
}

struct Name<'a>(&'a Format);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Format::Variable(_) => f.write_str("?"),
            Format::TypeName(name) => f.write_str(name),
            Format::Unit => f.write_str("()"),
            Format::Bool => f.write_str("bool"),
            Format::I8 => f.write_str("i8"),
            Format::I16 => f.write_str("i16"),
            Format::I32 => f.write_str("i32"),
            Format::I64 => f.write_str("i64"),
            Format::I128 => f.write_str("i128"),
            Format::U8 => f.write_str("u8"),
            Format::U16 => f.write_str("u16"),
            Format::U32 => f.write_str("u32"),
            Format::U64 => f.write_str("u64"),
            Format::U128 => f.write_str("u128"),
            Format::F32 => f.write_str("f32"),
            Format::F64 => f.write_str("f64"),
            Format::Char => f.write_str("char"),
            Format::Str => f.write_str("String"),
            Format::Bytes => f.write_str("bytes"),
            Format::Option(inner) => write!(f, "Option<{}>", Name(inner)),
            Format::Seq(item) => write!(f, "Vec<{}>", Name(item)),
            Format::Map { key, value } => write!(f, "Map<{}, {}>", Name(key), Name(value)),
            Format::Tuple(items) => {
                f.write_str("(")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { ", " }, Name(item))?;
                }
                f.write_str(")")
            }
            Format::TupleArray { content, size } => write!(f, "[{}; {size}]", Name(content)),
        }
    }
}

/// What a named type is.
fn container<'a>(types: &'a Registry, name: &str) -> Result<&'a ContainerFormat, String> {
    types.get(name).ok_or_else(|| format!("nothing is known of the type {name}"))
}

/// Whether a value of this type can be `null`, so that an option of it needs another way to say that there is none.
fn may_be_null(format: &Format, types: &Registry) -> bool {
    match format {
        Format::Option(_) | Format::Unit => true,
        Format::TypeName(name) => match types.get(name) {
            Some(ContainerFormat::UnitStruct) => true,
            Some(ContainerFormat::NewTypeStruct(inner)) => match &**inner {
                // A newtype of itself has no value; it ends here.
                Format::TypeName(same) if same == name => false,
                inner => may_be_null(inner, types),
            },
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests;
