//! From postcard to JSON.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use assay_tile::Shape;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_reflection::{ContainerFormat, Format, Named, Registry, VariantFormat};

use super::{DEPTH_MAX, VALUES_MAX, ValueError, container, may_be_null, name};

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Value, ValueError> {
    let reading = Reading { types: &shape.types, left: Cell::new(VALUES_MAX), problem: RefCell::new(None) };
    let seed = Typed { format: &shape.format, depth: 0, reading: &reading };
    let mut deserializer = postcard::Deserializer::from_bytes(bytes);
    let read = seed.deserialize(&mut deserializer).and_then(|value| Ok((value, deserializer.finalize()?)));
    match read {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(ValueError::Trailing { trailing: rest.len(), kind: name(&shape.format) }),
        Err(error) => {
            let reason = reading.problem.take().unwrap_or_else(|| error.to_string());
            Err(ValueError::Bytes { bytes: bytes.len(), kind: name(&shape.format), reason })
        }
    }
}

/// What is common to all values that are read.
struct Reading<'a> {
    types: &'a Registry,
    /// How many values may still be read.
    left: Cell<usize>,
    /// What went wrong: postcard's errors have no words for it.
    problem: RefCell<Option<String>>,
}

/// A value of a type, to be read.
#[derive(Clone, Copy)]
struct Typed<'a> {
    format: &'a Format,
    depth: usize,
    reading: &'a Reading<'a>,
}

impl<'a> Typed<'a> {
    fn inside(self, format: &'a Format) -> Self {
        Self { format, depth: self.depth + 1, ..self }
    }

    fn counted<E: Error>(self) -> Result<(), E> {
        if self.depth > DEPTH_MAX {
            return Err(self.problem(format!("more than {DEPTH_MAX} values inside of one another")));
        }
        let left = self.reading.left.get().checked_sub(1);
        let left = left.ok_or_else(|| self.problem(format!("more than {VALUES_MAX} values")))?;
        self.reading.left.set(left);
        Ok(())
    }

    fn problem<E: Error>(self, problem: impl Into<String>) -> E {
        let problem = problem.into();
        let error = E::custom(&problem);
        self.reading.problem.replace(Some(problem));
        error
    }

    fn container<E: Error>(self, name: &str) -> Result<&'a ContainerFormat, E> {
        container(self.reading.types, name).map_err(|problem| self.problem(problem))
    }
}

impl<'de> DeserializeSeed<'de> for Typed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.counted()?;
        match self.format {
            Format::Variable(_) => Err(self.problem("a type that never showed itself")),
            Format::Unit => deserializer.deserialize_unit(Scalar),
            Format::Bool => deserializer.deserialize_bool(Scalar),
            Format::I8 => deserializer.deserialize_i8(Scalar),
            Format::I16 => deserializer.deserialize_i16(Scalar),
            Format::I32 => deserializer.deserialize_i32(Scalar),
            Format::I64 => deserializer.deserialize_i64(Scalar),
            Format::I128 => deserializer.deserialize_i128(Scalar),
            Format::U8 => deserializer.deserialize_u8(Scalar),
            Format::U16 => deserializer.deserialize_u16(Scalar),
            Format::U32 => deserializer.deserialize_u32(Scalar),
            Format::U64 => deserializer.deserialize_u64(Scalar),
            Format::U128 => deserializer.deserialize_u128(Scalar),
            Format::F32 => deserializer.deserialize_f32(Scalar),
            Format::F64 => deserializer.deserialize_f64(Scalar),
            Format::Char => deserializer.deserialize_char(Scalar),
            Format::Str => deserializer.deserialize_str(Scalar),
            Format::Bytes => deserializer.deserialize_bytes(Scalar),
            Format::Option(_) => deserializer.deserialize_option(Optional(self)),
            Format::Seq(_) => deserializer.deserialize_seq(Items(self, &[])),
            Format::Map { .. } => deserializer.deserialize_map(Items(self, &[])),
            Format::Tuple(formats) => deserializer.deserialize_tuple(formats.len(), Items(self, formats)),
            Format::TupleArray { size, .. } => deserializer.deserialize_tuple(*size, Items(self, &[])),
            Format::TypeName(name) => match self.container(name)? {
                ContainerFormat::UnitStruct => Ok(Value::Null),
                ContainerFormat::NewTypeStruct(inner) => self.inside(inner).deserialize(deserializer),
                ContainerFormat::TupleStruct(formats) => {
                    deserializer.deserialize_tuple(formats.len(), Items(self, formats))
                }
                ContainerFormat::Struct(fields) => deserializer.deserialize_tuple(fields.len(), Fields(self, fields)),
                ContainerFormat::Enum(_) => deserializer.deserialize_enum("", &[], Variants(self)),
            },
        }
    }
}

/// A value without values inside.
struct Scalar;

impl Visitor<'_> for Scalar {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or_else(|_| value.to_string().into(), Value::from))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(u64::try_from(value).map_or_else(|_| value.to_string().into(), Value::from))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number))
    }

    fn visit_char<E>(self, value: char) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(hex::encode(value).into())
    }
}

struct Optional<'a>(Typed<'a>);

impl<'de> Visitor<'de> for Optional<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an option")
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        let Self(typed) = self;
        let Format::Option(inner) = typed.format else { return Ok(Value::Null) };
        Ok(if may_be_null(inner, typed.reading.types) { Value::Array(Vec::new()) } else { Value::Null })
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Self(typed) = self;
        let Format::Option(inner) = typed.format else { return Err(typed.problem("no option")) };
        let value = typed.inside(inner).deserialize(deserializer)?;
        Ok(if may_be_null(inner, typed.reading.types) { Value::Array(vec![value]) } else { value })
    }
}

/// Items one after the other: of these formats, or of the one format that a list or map has.
struct Items<'a>(Typed<'a>, &'a [Format]);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let Self(typed, formats) = self;
        let one = match typed.format {
            Format::Seq(item) => Some(&**item),
            Format::TupleArray { content, .. } => Some(&**content),
            _ => None,
        };
        let mut items = Vec::new();
        while let Some(format) = one.or_else(|| formats.get(items.len())) {
            match sequence.next_element_seed(typed.inside(format))? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        if one == Some(&Format::U8) {
            let bytes: Vec<u8> = items.iter().filter_map(Value::as_u64).map(|byte| byte as u8).collect();
            return Ok(hex::encode(bytes).into());
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let Self(typed, _) = self;
        let Format::Map { key, value } = typed.format else { return Err(typed.problem("no map")) };
        let mut pairs = Vec::new();
        while let Some(found) = map.next_key_seed(typed.inside(key))? {
            pairs.push((found, map.next_value_seed(typed.inside(value))?));
        }
        if **key != Format::Str {
            return Ok(Value::Array(pairs.into_iter().map(|(key, value)| Value::Array(vec![key, value])).collect()));
        }
        let mut object = Map::new();
        for (key, value) in pairs {
            let Value::String(key) = key else { return Err(typed.problem("a key that is no text")) };
            if object.insert(key, value).is_some() {
                return Err(typed.problem("a map with the same key twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

struct Fields<'a>(Typed<'a>, &'a [Named<Format>]);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let Self(typed, fields) = self;
        let mut object = Map::new();
        for field in fields {
            let value = sequence.next_element_seed(typed.inside(&field.value))?;
            object.insert(field.name.clone(), value.ok_or_else(|| typed.problem("fewer fields than the type has"))?);
        }
        Ok(Value::Object(object))
    }
}

struct Variants<'a>(Typed<'a>);

impl<'de> Visitor<'de> for Variants<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a variant")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let Self(typed) = self;
        let Format::TypeName(name) = typed.format else { return Err(typed.problem("no enum")) };
        let ContainerFormat::Enum(variants) = typed.container(name)? else {
            return Err(typed.problem("no enum"));
        };
        let (index, content) = data.variant::<u32>()?;
        let variant = variants.get(&index);
        let variant = variant.ok_or_else(|| typed.problem(format!("{name} has no variant {index}")))?;
        let value = match &variant.value {
            VariantFormat::Variable(_) => return Err(typed.problem("a variant that never showed itself")),
            VariantFormat::Unit => {
                content.unit_variant()?;
                return Ok(variant.name.clone().into());
            }
            VariantFormat::NewType(inner) => content.newtype_variant_seed(typed.inside(inner))?,
            VariantFormat::Tuple(formats) => content.tuple_variant(formats.len(), Items(typed, formats))?,
            VariantFormat::Struct(fields) => content.tuple_variant(fields.len(), Fields(typed, fields))?,
        };
        Ok(Value::Object(Map::from_iter([(variant.name.clone(), value)])))
    }
}
