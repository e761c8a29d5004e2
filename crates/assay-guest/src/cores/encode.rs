//! From JSON to the bytes that postcard has for a core's input.
//!
//! Postcard's wire format, version 1: integers of 8 bits are a byte, wider ones seven bits at a time with the lowest first,
//! signed ones zigzag; lengths and the numbers of variants are such integers; nothing says what it is.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Core, Definition, Field, JSON_BYTES_MAX, Type, Variant};

/// Longest encoded input, in bytes.
pub const INPUT_BYTES_MAX: usize = 32 << 20;

/// Most values inside of one another.
pub const INPUT_DEPTH_MAX: usize = 64;

/// Most characters of a value that an error shows.
const SHOWN_CHARS_MAX: usize = 40;

/// Why a JSON value is no input of a core. Places are spelled as `account.tags[2]`.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Not JSON.
    #[error("the input is not JSON: {0}; write an object with the fields of the core, such as {{\"n\": 24}}")]
    Json(serde_json::Error),
    /// More JSON than [`JSON_BYTES_MAX`].
    #[error("the input has {bytes} bytes of JSON; at most {JSON_BYTES_MAX} are read")]
    JsonTooLong {
        /// How many.
        bytes: usize,
    },
    /// A field that the type does not have.
    #[error("{} has no field {field:?}; its fields are {}", place(at), list(known))]
    UnknownField {
        /// Where.
        at: String,
        /// The field.
        field: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A field that the type has, and the value has not.
    #[error("{} lacks the field {field:?}, a value of type {expected}", place(at))]
    MissingField {
        /// Where.
        at: String,
        /// The field.
        field: String,
        /// Its type.
        expected: String,
    },
    /// A value of another type.
    #[error("{} must be {expected}, but it is {found}", place(at))]
    WrongType {
        /// Where.
        at: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// An integer that the type cannot hold.
    #[error("{} is {value}, which is out of the range of {expected}", place(at))]
    OutOfRange {
        /// Where.
        at: String,
        /// The value.
        value: String,
        /// Its type.
        expected: String,
    },
    /// A name that no variant has.
    #[error("{} has no variant {found:?}; there are {}", place(at), list(known))]
    UnknownVariant {
        /// Where.
        at: String,
        /// The name.
        found: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Bytes that are not hex.
    #[error("{} must be bytes in hex, two digits each, but it is {found:?}", place(at))]
    NotHex {
        /// Where.
        at: String,
        /// The text.
        found: String,
    },
    /// More bytes than [`INPUT_BYTES_MAX`].
    #[error("the encoded input has more than {INPUT_BYTES_MAX} bytes; give less")]
    TooLong,
    /// Deeper than [`INPUT_DEPTH_MAX`].
    #[error("{} is more than {INPUT_DEPTH_MAX} values deep; give less", place(at))]
    TooDeep {
        /// Where.
        at: String,
    },
}

pub(super) fn encode(core: &Core, input: &Value) -> Result<Vec<u8>, InputError> {
    let mut encoder = Encoder { core, bytes: Vec::new(), path: Vec::new() };
    encoder.fields(&core.input, input, "an object with the fields of the core")?;
    Ok(encoder.bytes)
}

/// A step from a value to one inside of it.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

struct Encoder<'a> {
    core: &'a Core,
    bytes: Vec<u8>,
    path: Vec<Step<'a>>,
}

impl<'a> Encoder<'a> {
    fn value(&mut self, kind: &'a Type, value: &Value) -> Result<(), InputError> {
        match kind {
            Type::Unsigned(bits) => {
                let number = self.integer(kind, value)?;
                let fits = u64::try_from(number).ok().filter(|&number| number <= u64::MAX >> (64 - bits));
                let number = fits.ok_or_else(|| self.out_of_range(kind, number))?;
                if *bits == 8 { self.push(&[number as u8]) } else { self.varint(number) }
            }
            Type::Signed(bits) => {
                let number = self.integer(kind, value)?;
                let half = 1i128 << (bits - 1);
                let fits = (-half..half).contains(&number).then_some(number as i64);
                let number = fits.ok_or_else(|| self.out_of_range(kind, number))?;
                if *bits == 8 { self.push(&[number as u8]) } else { self.varint((number << 1 ^ number >> 63) as u64) }
            }
            Type::Bool => match value {
                Value::Bool(bool) => self.push(&[u8::from(*bool)]),
                _ => Err(self.wrong_type("true or false", value)),
            },
            Type::String => match value {
                Value::String(text) => self.sized(text.as_bytes()),
                _ => Err(self.wrong_type("text", value)),
            },
            Type::Bytes => match value {
                Value::String(text) => {
                    let bytes: Result<assay_spec::HexBytes, _> = text.parse();
                    let not_hex = |_| InputError::NotHex { at: self.at(), found: shown(text) };
                    self.sized(&bytes.map_err(not_hex)?.0)
                }
                _ => Err(self.wrong_type("bytes in hex", value)),
            },
            Type::List(item) => {
                let Value::Array(items) = value else { return Err(self.wrong_type("a list", value)) };
                self.varint(items.len() as u64)?;
                for (index, value) in items.iter().enumerate() {
                    self.within(Step::Item(index), |encoder| encoder.value(item, value))?;
                }
                Ok(())
            }
            Type::Option(item) => match value {
                Value::Null => self.push(&[0]),
                value => {
                    self.push(&[1])?;
                    self.value(item, value)
                }
            },
            Type::Named(name) => {
                let core = self.core;
                let definition = core.types.iter().find(|(known, _)| known == name);
                let (_, definition) = definition.expect("names of types were looked up when the core was read");
                match definition {
                    Definition::Struct(fields) => self.fields(fields, value, &format!("an object, {name}")),
                    Definition::Enum(variants) => self.variant(name, variants, value),
                }
            }
        }
    }

    fn fields(&mut self, fields: &'a [Field], value: &Value, expected: &str) -> Result<(), InputError> {
        let Value::Object(object) = value else { return Err(self.wrong_type(expected, value)) };
        self.check_known(fields, object)?;
        for field in fields {
            let missing = || InputError::MissingField {
                at: self.at(),
                field: field.name.clone(),
                expected: field.kind.to_string(),
            };
            let value = match (object.get(&field.name), &field.kind) {
                (Some(value), _) => value,
                // What may be null may be left out.
                (None, Type::Option(_)) => &Value::Null,
                (None, _) => return Err(missing()),
            };
            self.within(Step::Field(&field.name), |encoder| encoder.value(&field.kind, value))?;
        }
        Ok(())
    }

    fn check_known(&self, fields: &[Field], object: &Map<String, Value>) -> Result<(), InputError> {
        match object.keys().find(|key| fields.iter().all(|field| field.name != **key)) {
            Some(field) => Err(InputError::UnknownField {
                at: self.at(),
                field: shown(field),
                known: fields.iter().map(|field| field.name.clone()).collect(),
            }),
            None => Ok(()),
        }
    }

    /// A name, or an object whose only field is the name of the variant and holds its fields.
    fn variant(&mut self, name: &str, variants: &'a [Variant], value: &Value) -> Result<(), InputError> {
        let no_fields = Value::Object(Map::new());
        let (chosen, content) = match value {
            Value::String(chosen) => (chosen, &no_fields),
            Value::Object(object) if object.len() == 1 => object.iter().next().expect("it has one field"),
            _ => {
                return Err(
                    self.wrong_type(&format!("a variant of {name}, as its name or {{name: {{fields}}}}"), value)
                );
            }
        };
        let Some(index) = variants.iter().position(|variant| variant.name == *chosen) else {
            let known = variants.iter().map(|variant| variant.name.clone()).collect();
            return Err(InputError::UnknownVariant { at: self.at(), found: shown(chosen), known });
        };
        self.varint(index as u64)?;
        let variant = &variants[index];
        self.within(Step::Field(&variant.name), |encoder| {
            encoder.fields(&variant.fields, content, "an object with the fields of the variant")
        })
    }

    fn within(
        &mut self,
        step: Step<'a>,
        encode: impl FnOnce(&mut Self) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        if self.path.len() >= INPUT_DEPTH_MAX {
            return Err(InputError::TooDeep { at: self.at() });
        }
        self.path.push(step);
        encode(self)?;
        self.path.pop();
        Ok(())
    }

    fn integer(&self, kind: &Type, value: &Value) -> Result<i128, InputError> {
        let Value::Number(number) = value else {
            return Err(self.wrong_type(&format!("an integer, {kind}"), value));
        };
        match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Ok(number.into()),
            (_, Some(number)) => Ok(number.into()),
            // A fraction, or more than 64 bits.
            _ => Err(self.wrong_type(&format!("an integer of at most 64 bits, {kind}"), value)),
        }
    }

    fn sized(&mut self, bytes: &[u8]) -> Result<(), InputError> {
        self.varint(bytes.len() as u64)?;
        self.push(bytes)
    }

    fn varint(&mut self, mut number: u64) -> Result<(), InputError> {
        const MORE: u8 = 0x80;
        while number >= u64::from(MORE) {
            self.push(&[number as u8 | MORE])?;
            number >>= 7;
        }
        self.push(&[number as u8])
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), InputError> {
        if bytes.len() > INPUT_BYTES_MAX - self.bytes.len() {
            return Err(InputError::TooLong);
        }
        self.bytes.extend(bytes);
        Ok(())
    }

    fn wrong_type(&self, expected: &str, found: &Value) -> InputError {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Bool(bool) => bool.to_string(),
            Value::Number(number) => shown(&number.to_string()),
            Value::String(text) => format!("the text {:?}", shown(text)),
            Value::Array(items) => format!("a list of {}", items.len()),
            Value::Object(fields) => format!("an object of {} fields", fields.len()),
        };
        InputError::WrongType { at: self.at(), expected: expected.to_owned(), found }
    }

    fn out_of_range(&self, kind: &Type, value: i128) -> InputError {
        InputError::OutOfRange { at: self.at(), value: value.to_string(), expected: kind.to_string() }
    }

    /// The place; empty for the whole.
    fn at(&self) -> String {
        let mut at = String::new();
        for step in &self.path {
            // Writing into a string does not fail.
            let _ = match step {
                Step::Item(index) => write!(at, "[{index}]"),
                Step::Field(name) if at.is_empty() => write!(at, "{name}"),
                Step::Field(name) => write!(at, ".{name}"),
            };
        }
        at
    }
}

fn place(at: &str) -> &str {
    if at.is_empty() { "the input" } else { at }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The beginning of a text that came from outside.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARS_MAX).collect()
}
