//! From JSON to postcard: first to a value that has the right types, of which every mistake is told with its place, then to
//! bytes.

use std::fmt;

use assay_tile::Shape;
use serde::ser::{
    Serialize, SerializeMap as _, SerializeSeq as _, SerializeTuple as _, SerializeTupleVariant as _, Serializer,
};
use serde_json::Value;
use serde_reflection::{ContainerFormat, Format, Named, Registry, VariantFormat};

use super::{DEPTH_MAX, ValueError, container, may_be_null, name};

/// Most characters of a value that an error shows.
const SHOWN_CHARS_MAX: usize = 40;

pub(super) fn encode(value: &Value, shape: &Shape) -> Result<Vec<u8>, ValueError> {
    let typed = Writing { types: &shape.types, at: &Place::Whole, depth: 0 };
    let typed = typed.value(value, &shape.format).map_err(|reason| ValueError::Json { reason })?;
    postcard::to_allocvec(&typed).map_err(|error| ValueError::Json { reason: error.to_string() })
}

/// A value that is what its type says.
enum Typed {
    Unit,
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    I128(i128),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    U128(u128),
    F32(f32),
    F64(f64),
    Char(char),
    Str(String),
    Bytes(Vec<u8>),
    Option(Option<Box<Typed>>),
    Seq(Vec<Typed>),
    Map(Vec<(Typed, Typed)>),
    Tuple(Vec<Typed>),
    UnitVariant(u32),
    Variant(u32, Vec<Typed>),
}

impl Serialize for Typed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::I8(value) => serializer.serialize_i8(*value),
            Self::I16(value) => serializer.serialize_i16(*value),
            Self::I32(value) => serializer.serialize_i32(*value),
            Self::I64(value) => serializer.serialize_i64(*value),
            Self::I128(value) => serializer.serialize_i128(*value),
            Self::U8(value) => serializer.serialize_u8(*value),
            Self::U16(value) => serializer.serialize_u16(*value),
            Self::U32(value) => serializer.serialize_u32(*value),
            Self::U64(value) => serializer.serialize_u64(*value),
            Self::U128(value) => serializer.serialize_u128(*value),
            Self::F32(value) => serializer.serialize_f32(*value),
            Self::F64(value) => serializer.serialize_f64(*value),
            Self::Char(value) => serializer.serialize_char(*value),
            Self::Str(value) => serializer.serialize_str(value),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::Option(None) => serializer.serialize_none(),
            Self::Option(Some(value)) => serializer.serialize_some(value),
            Self::Seq(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| sequence.serialize_element(item))?;
                sequence.end()
            }
            Self::Map(pairs) => {
                let mut map = serializer.serialize_map(Some(pairs.len()))?;
                pairs.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Self::Tuple(items) => {
                let mut tuple = serializer.serialize_tuple(items.len())?;
                items.iter().try_for_each(|item| tuple.serialize_element(item))?;
                tuple.end()
            }
            Self::UnitVariant(index) => serializer.serialize_unit_variant("", *index, ""),
            Self::Variant(index, items) => {
                let mut tuple = serializer.serialize_tuple_variant("", *index, "", items.len())?;
                items.iter().try_for_each(|item| tuple.serialize_field(item))?;
                tuple.end()
            }
        }
    }
}

/// Where a value stands in the whole.
enum Place<'a> {
    Whole,
    Item(&'a Place<'a>, usize),
    Field(&'a Place<'a>, &'a str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the input"),
            Self::Item(of, index) => write!(f, "{of}[{index}]"),
            Self::Field(of, name) => write!(f, "{of}.{name}"),
        }
    }
}

/// A value to be written, but for the value.
#[derive(Clone, Copy)]
struct Writing<'a> {
    types: &'a Registry,
    at: &'a Place<'a>,
    depth: usize,
}

impl Writing<'_> {
    fn value(self, value: &Value, format: &Format) -> Result<Typed, String> {
        if self.depth > DEPTH_MAX {
            return Err(format!("{} is more than {DEPTH_MAX} values deep", self.at));
        }
        match format {
            Format::Variable(_) => Err(format!("{} is of a type that never showed itself", self.at)),
            Format::Unit => self.null(value, format),
            Format::Bool => match value {
                Value::Bool(value) => Ok(Typed::Bool(*value)),
                _ => Err(self.wrong("true or false", value)),
            },
            Format::I8 => self.integer(value, format, Typed::I8),
            Format::I16 => self.integer(value, format, Typed::I16),
            Format::I32 => self.integer(value, format, Typed::I32),
            Format::I64 => self.integer(value, format, Typed::I64),
            Format::I128 => self.integer(value, format, Typed::I128),
            Format::U8 => self.integer(value, format, Typed::U8),
            Format::U16 => self.integer(value, format, Typed::U16),
            Format::U32 => self.integer(value, format, Typed::U32),
            Format::U64 => self.integer(value, format, Typed::U64),
            Format::U128 => self.integer(value, format, Typed::U128),
            Format::F32 => self.float(value, format).map(|value| Typed::F32(value as f32)),
            Format::F64 => self.float(value, format).map(Typed::F64),
            Format::Char => {
                let mut chars = self.text(value, "one character")?.chars();
                match (chars.next(), chars.next()) {
                    (Some(one), None) => Ok(Typed::Char(one)),
                    _ => Err(self.wrong("one character", value)),
                }
            }
            Format::Str => Ok(Typed::Str(self.text(value, "text")?.to_owned())),
            Format::Bytes => Ok(Typed::Bytes(self.hex(self.text(value, "bytes in hex")?)?)),
            Format::Option(inner) => self.option(value, inner),
            Format::Seq(item) => self.list(value, item, format).map(Typed::Seq),
            Format::Map { key, value: held } => self.map(value, key, held, format),
            Format::Tuple(formats) => self.tuple(value, formats, format).map(Typed::Tuple),
            Format::TupleArray { content, size } => {
                let items = self.list(value, content, format)?;
                if items.len() == *size {
                    Ok(Typed::Tuple(items))
                } else {
                    Err(format!("{} has {} items, and {} has {size}", self.at, items.len(), name(format)))
                }
            }
            Format::TypeName(called) => self.named(value, called, format),
        }
    }

    fn inside<T>(self, place: &Place<'_>, write: impl FnOnce(Writing<'_>) -> T) -> T {
        write(Writing { types: self.types, at: place, depth: self.depth + 1 })
    }

    fn named(self, value: &Value, called: &str, format: &Format) -> Result<Typed, String> {
        match container(self.types, called)? {
            ContainerFormat::UnitStruct => self.null(value, format),
            // It is written as what it holds.
            ContainerFormat::NewTypeStruct(inner) => self.inside(self.at, |inside| inside.value(value, inner)),
            ContainerFormat::TupleStruct(formats) => self.tuple(value, formats, format).map(Typed::Tuple),
            ContainerFormat::Struct(fields) => self.fields(value, fields, called).map(Typed::Tuple),
            ContainerFormat::Enum(variants) => {
                let (chosen, content) = match value {
                    Value::String(chosen) => (chosen, None),
                    Value::Object(object) if object.len() == 1 => {
                        let (chosen, content) = object.iter().next().expect("it has one field");
                        (chosen, Some(content))
                    }
                    _ => {
                        let form =
                            format!("a variant of {called}, as its name or an object of its name and what it holds");
                        return Err(self.wrong(&form, value));
                    }
                };
                let found = variants.iter().find(|(_, variant)| variant.name == *chosen);
                let Some((&index, variant)) = found else {
                    let known: Vec<_> = variants.values().map(|variant| variant.name.as_str()).collect();
                    let chosen = shown(chosen);
                    return Err(format!(
                        "{}: {called} has no variant {chosen:?}; it has {}",
                        self.at,
                        known.join(", ")
                    ));
                };
                self.inside(&Place::Field(self.at, &variant.name), |inside| {
                    inside.variant(index, &variant.value, content)
                })
            }
        }
    }

    fn variant(self, index: u32, format: &VariantFormat, content: Option<&Value>) -> Result<Typed, String> {
        let held = content.ok_or_else(|| format!("{} holds something; give an object of its name and that", self.at));
        match format {
            VariantFormat::Variable(_) => Err(format!("{} is of a type that never showed itself", self.at)),
            VariantFormat::Unit => match content {
                None | Some(Value::Null) => Ok(Typed::UnitVariant(index)),
                Some(value) => Err(self.wrong("nothing", value)),
            },
            VariantFormat::NewType(inner) => Ok(Typed::Variant(index, vec![self.value(held?, inner)?])),
            VariantFormat::Tuple(formats) => {
                let whole = Format::Tuple(formats.clone());
                Ok(Typed::Variant(index, self.tuple(held?, formats, &whole)?))
            }
            VariantFormat::Struct(fields) => Ok(Typed::Variant(index, self.fields(held?, fields, "the variant")?)),
        }
    }

    fn null(self, value: &Value, format: &Format) -> Result<Typed, String> {
        match value {
            Value::Null => Ok(Typed::Unit),
            // No arguments at all are `()`, which a person may write as an empty list.
            Value::Array(items) if items.is_empty() => Ok(Typed::Unit),
            _ => Err(self.wrong(&format!("null, {}", name(format)), value)),
        }
    }

    fn text<'v>(self, value: &'v Value, expected: &str) -> Result<&'v str, String> {
        value.as_str().ok_or_else(|| self.wrong(expected, value))
    }

    fn hex(self, text: &str) -> Result<Vec<u8>, String> {
        hex::decode(text.strip_prefix("0x").unwrap_or(text))
            .map_err(|error| format!("{} is not bytes in hex: {error} in {:?}", self.at, shown(text)))
    }

    fn integer<T: TryFrom<i128> + TryFrom<u128>>(
        self,
        value: &Value,
        format: &Format,
        typed: fn(T) -> Typed,
    ) -> Result<Typed, String> {
        let expected = || format!("an integer, {}", name(format));
        let given = match value {
            Value::Number(number) => number.to_string(),
            // Wider than JSON's numbers are read everywhere.
            Value::String(text) if matches!(format, Format::I128 | Format::U128) => text.clone(),
            _ => return Err(self.wrong(&expected(), value)),
        };
        let fits = match (given.parse::<i128>(), given.parse::<u128>()) {
            (Ok(number), _) => T::try_from(number).ok(),
            (_, Ok(number)) => T::try_from(number).ok(),
            _ => return Err(self.wrong(&expected(), value)),
        };
        fits.map(typed).ok_or_else(|| format!("{} is {}, which no {} is", self.at, shown(&given), name(format)))
    }

    fn float(self, value: &Value, format: &Format) -> Result<f64, String> {
        let float = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => ["NaN", "inf", "-inf"].contains(&text.as_str()).then(|| text.parse().ok()).flatten(),
            _ => None,
        };
        float.ok_or_else(|| self.wrong(&format!("a number, {}", name(format)), value))
    }

    fn option(self, value: &Value, inner: &Format) -> Result<Typed, String> {
        let held = match (may_be_null(inner, self.types), value) {
            (false, Value::Null) => None,
            (false, value) => Some(value),
            (true, Value::Array(items)) if items.len() < 2 => items.first(),
            (true, value) => return Err(self.wrong("[] or a list of the value, since the value may be null", value)),
        };
        let typed = held.map(|value| self.inside(self.at, |inside| inside.value(value, inner))).transpose()?;
        Ok(Typed::Option(typed.map(Box::new)))
    }

    fn list(self, value: &Value, item: &Format, format: &Format) -> Result<Vec<Typed>, String> {
        match value {
            Value::Array(items) => {
                let typed = items.iter().enumerate().map(|(index, value)| {
                    self.inside(&Place::Item(self.at, index), |inside| inside.value(value, item))
                });
                typed.collect()
            }
            Value::String(text) if *item == Format::U8 => Ok(self.hex(text)?.into_iter().map(Typed::U8).collect()),
            _ if *item == Format::U8 => Err(self.wrong(&format!("bytes in hex, {}", name(format)), value)),
            _ => Err(self.wrong(&format!("a list, {}", name(format)), value)),
        }
    }

    fn tuple(self, value: &Value, formats: &[Format], format: &Format) -> Result<Vec<Typed>, String> {
        let expected = || format!("a list of {}, {}", formats.len(), name(format));
        let Value::Array(items) = value else { return Err(self.wrong(&expected(), value)) };
        if items.len() != formats.len() {
            return Err(self.wrong(&expected(), value));
        }
        let typed = items.iter().zip(formats).enumerate().map(|(index, (value, format))| {
            self.inside(&Place::Item(self.at, index), |inside| inside.value(value, format))
        });
        typed.collect()
    }

    fn fields(self, value: &Value, fields: &[Named<Format>], called: &str) -> Result<Vec<Typed>, String> {
        let Value::Object(object) = value else { return Err(self.wrong(&format!("an object, {called}"), value)) };
        let known = || fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ");
        if let Some(unknown) = object.keys().find(|key| fields.iter().all(|field| field.name != **key)) {
            return Err(format!("{} has no field {:?}; its fields are {}", self.at, shown(unknown), known()));
        }
        let typed = fields.iter().map(|field| {
            let value = object.get(&field.name);
            let value = value.ok_or_else(|| format!("{} lacks the field {:?}", self.at, field.name))?;
            self.inside(&Place::Field(self.at, &field.name), |inside| inside.value(value, &field.value))
        });
        typed.collect()
    }

    fn map(self, value: &Value, key: &Format, held: &Format, format: &Format) -> Result<Typed, String> {
        let pair = |index: usize, given: &Value, value: &Value| {
            self.inside(&Place::Item(self.at, index), |inside| {
                Ok((inside.value(given, key)?, inside.value(value, held)?))
            })
        };
        let pairs: Result<Vec<_>, String> = match (key, value) {
            (Format::Str, Value::Object(object)) => {
                let entries = object.iter().enumerate();
                entries.map(|(index, (key, value))| pair(index, &Value::String(key.clone()), value)).collect()
            }
            (_, Value::Array(items)) if *key != Format::Str => {
                let entries = items.iter().enumerate();
                entries
                    .map(|(index, item)| match item.as_array().map(Vec::as_slice) {
                        Some([key, value]) => pair(index, key, value),
                        _ => Err(self.wrong("a list of pairs", item)),
                    })
                    .collect()
            }
            (Format::Str, _) => return Err(self.wrong(&format!("an object, {}", name(format)), value)),
            _ => return Err(self.wrong(&format!("a list of pairs, {}", name(format)), value)),
        };
        pairs.map(Typed::Map)
    }

    fn wrong(self, expected: &str, found: &Value) -> String {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Bool(bool) => bool.to_string(),
            Value::Number(number) => shown(&number.to_string()),
            Value::String(text) => format!("the text {:?}", shown(text)),
            Value::Array(items) => format!("a list of {}", items.len()),
            Value::Object(fields) => format!("an object of {} fields", fields.len()),
        };
        format!("{} must be {expected}, but it is {found}", self.at)
    }
}

/// The beginning of a text that came from outside.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARS_MAX).collect()
}
