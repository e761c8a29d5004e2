//! From the JSON of another instrumentation to one record.
//!
//! The form expected is ours, `{"type": …, "data": {…}}`. These are understood besides: the data beside the type; the
//! type as the only key; the members of `base` beside the others; names of [`ALIASES`]; numbers where we write `0x…`
//! words and the other way round; a column or field that is a list, as `name__0`, `name__1`, …; kinds that we do not
//! have, as `other`.
//!
//! Where the log does not say: `seq` is the position in the log, `step` of an instruction the number of those before
//! it, `opcode` and `mnemonic` come from the word, timestamps are 0, a row is valid, a multiplicity is 1. Without
//! `pc` and `next_pc`, chip or bus there is no record.

use assay_isa::{Extensions, Isa, Xlen, decode, openvm::canonical, registers};
use assay_spec::MicroOp;
use serde_json::{Map, Value};

/// Why a record could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("no closing mark")]
    NotClosed,
    #[error("too long")]
    TooLong,
    #[error("not a JSON object")]
    NotAnObject,
    #[error("no record type that is known")]
    UnknownType,
    #[error("{record} record without {field}")]
    Missing { record: &'static str, field: &'static str },
    #[error("{record} record whose {field} does not fit")]
    DoesNotFit { record: &'static str, field: &'static str },
    #[error("{record} record that does not fit the schema")]
    Schema { record: &'static str },
}

/// A name of ours and what others call it.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// The field of our records.
    pub ours: &'static str,
    /// Other names, the first that is there counts.
    pub theirs: &'static [&'static str],
}

const fn alias(ours: &'static str, theirs: &'static [&'static str]) -> Alias {
    Alias { ours, theirs }
}

/// Other names of fields, in records of every type.
pub const ALIASES: &[Alias] = &[
    alias("seq", &["sequence", "index"]),
    alias("step", &["step_idx", "step_index", "cycle"]),
    alias("op", &["op_idx", "op_index"]),
    alias("pc", &["from_pc", "address"]),
    alias("next_pc", &["to_pc", "npc"]),
    alias("word", &["instruction", "insn", "instr_word", "raw", "encoding"]),
    alias("opcode", &["op_code"]),
    alias("mnemonic", &["name", "asm"]),
    alias("timestamp", &["ts", "clk", "from_timestamp"]),
    alias("next_timestamp", &["next_ts", "next_clk", "to_timestamp"]),
    alias("rd", &["reg_write"]),
    alias("mem", &["mem_access"]),
    alias("reg", &["register"]),
    alias("addr", &["address"]),
    alias("before", &["prev", "previous", "old"]),
    alias("after", &["value", "new"]),
    alias("chip", &["chip_name", "air", "air_name"]),
    alias("valid", &["is_valid", "is_real"]),
    alias("row", &["row_idx", "row_index"]),
    alias("columns", &["cols"]),
    alias("bus", &["bus_name"]),
    alias("direction", &["dir"]),
    alias("multiplicity", &["mult", "count"]),
    alias("fields", &["message", "payload"]),
];

const ANY_ISA: Isa = Isa { xlen: Xlen::Rv64, ext: Extensions { m: true, a: true, zifencei: true, openvm: true } };

const INSTRUCTION: &str = "an instruction";
const CHIP_ROW: &str = "a chip-row";
const INTERACTION: &str = "an interaction";

/// Kinds of chips and of buses that are ours.
const CHIP_KINDS: &str =
    "alu shift mul div memory branch jump upper_immediate system program boundary hash lookup other";
const BUS_KINDS: &str = "execution program memory range_check bitwise lookup other";

/// The record in `text`, which is number `position`, after so many instructions.
pub(super) fn record(text: &[u8], position: u64, instructions: u64) -> Result<MicroOp, Unreadable> {
    let Ok(Value::Object(object)) = serde_json::from_slice(text) else { return Err(Unreadable::NotAnObject) };
    let (record, data) = split(object)?;
    let mut from = From { record, data };
    let (name, data) = match record {
        INSTRUCTION => ("instruction", from.instruction(position, instructions)?),
        CHIP_ROW => ("chip_row", from.chip_row(position)?),
        _ => ("interaction", from.interaction(position)?),
    };
    let mut tagged = Map::new();
    tagged.insert("type".to_owned(), name.into());
    tagged.insert("data".to_owned(), data.into());
    serde_json::from_value(Value::Object(tagged)).map_err(|_| Unreadable::Schema { record })
}

/// The type of a record and its data.
fn split(mut object: Map<String, Value>) -> Result<(&'static str, Map<String, Value>), Unreadable> {
    let named =
        ["type", "record_type"].into_iter().find_map(|key| Some((key, record_type(object.get(key)?.as_str()?)?)));
    if let Some((key, record)) = named {
        object.remove(key);
        return Ok(match object.remove("data") {
            Some(Value::Object(data)) => (record, data),
            _ => (record, object),
        });
    }
    match object.into_iter().next() {
        Some((key, Value::Object(data))) => {
            record_type(&key).map(|record| (record, data)).ok_or(Unreadable::UnknownType)
        }
        _ => Err(Unreadable::UnknownType),
    }
}

fn record_type(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).take(20).collect();
    match plain.as_str() {
        "instruction" | "insn" | "instr" => Some(INSTRUCTION),
        "chiprow" | "row" => Some(CHIP_ROW),
        "interaction" | "message" => Some(INTERACTION),
        _ => None,
    }
}

type Data = Map<String, Value>;

/// A record that is read.
struct From {
    record: &'static str,
    data: Data,
}

impl From {
    fn instruction(&mut self, position: u64, instructions: u64) -> Result<Data, Unreadable> {
        let mut data = Data::new();
        data.insert("seq".into(), self.number("seq")?.unwrap_or(position).into());
        data.insert("step".into(), self.number("step")?.unwrap_or(instructions).into());
        for name in ["pc", "next_pc"] {
            let word = self.number(name)?.ok_or(Unreadable::Missing { record: self.record, field: name })?;
            data.insert(name.into(), hex(word));
        }
        let word = self.number("word")?;
        let decoded = word
            .and_then(|word| u32::try_from(word).ok())
            .and_then(|word| decode(word, ANY_ISA).or_else(|_| decode(canonical(word), ANY_ISA)).ok());
        if let Some(word) = word {
            data.insert("word".into(), hex(word));
        }
        let opcode = self.number("opcode")?.unwrap_or(word.unwrap_or(0) & 0x7f);
        data.insert("opcode".into(), opcode.into());
        let named = take(&mut self.data, "mnemonic").and_then(|name| Some(name.as_str()?.to_owned()));
        let known = decoded.map(|instruction| instruction.opcode.mnemonic().to_owned());
        data.insert("mnemonic".into(), known.or(named).unwrap_or_default().into());
        let operands = take(&mut self.data, "operands").filter(Value::is_array);
        data.insert("operands".into(), operands.unwrap_or_else(|| Vec::<Value>::new().into()));
        let timestamp = self.number("timestamp")?.unwrap_or(0);
        data.insert("timestamp".into(), timestamp.into());
        data.insert("next_timestamp".into(), self.number("next_timestamp")?.unwrap_or(timestamp).into());
        if let Some(Value::Object(effect)) = take(&mut self.data, "rd") {
            let mut effect = From { record: self.record, data: effect };
            let register = take(&mut effect.data, "reg").and_then(|register| register_name(&register));
            let register = register.ok_or(Unreadable::DoesNotFit { record: self.record, field: "rd" })?;
            // A write to x0 is no effect.
            if register != "x0" {
                let values = effect.before_and_after("rd")?;
                data.insert("rd".into(), [("reg".to_owned(), register.into())].into_iter().chain(values).collect());
            }
        }
        if let Some(Value::Object(access)) = take(&mut self.data, "mem") {
            let mut access = From { record: self.record, data: access };
            let missing = Unreadable::DoesNotFit { record: self.record, field: "mem" };
            let kind = take(&mut access.data, "kind").ok_or(missing.clone())?;
            let address = access.number("addr")?.ok_or(missing.clone())?;
            let size = access.number("size")?.ok_or(missing)?;
            let values = access.before_and_after("mem")?;
            let own = [("kind".to_owned(), kind), ("addr".to_owned(), hex(address)), ("size".to_owned(), size.into())];
            data.insert("mem".into(), own.into_iter().chain(values).collect());
        }
        Ok(data)
    }

    fn chip_row(&mut self, position: u64) -> Result<Data, Unreadable> {
        let mut base = self.base(position, "chip")?;
        let valid = take(&mut self.data, "valid").is_none_or(|valid| valid != Value::Bool(false) && valid != 0);
        base.insert("valid".into(), valid.into());
        let row = self.number("row")?.unwrap_or(0);
        let kind = self.kind(CHIP_KINDS);
        let columns = self.cells("columns")?;
        Ok([("base", base.into()), ("kind", kind), ("row", row.into()), ("columns", columns.into())]
            .map(|(name, value): (&str, Value)| (name.to_owned(), value))
            .into_iter()
            .collect())
    }

    fn interaction(&mut self, position: u64) -> Result<Data, Unreadable> {
        let mut base = self.base(position, "bus")?;
        if let Some(row) = self.number("row")? {
            base.insert("row".into(), row.into());
        }
        let direction =
            take(&mut self.data, "direction").and_then(|direction| Some(direction.as_str()?.to_lowercase()));
        let direction = match direction.as_deref() {
            Some("send" | "sent") => "send",
            Some("receive" | "recv" | "received") => "receive",
            _ => return Err(Unreadable::Missing { record: self.record, field: "direction" }),
        };
        base.insert("direction".into(), direction.into());
        base.insert("multiplicity".into(), self.number("multiplicity")?.unwrap_or(1).into());
        let kind = self.kind(BUS_KINDS);
        let fields = self.cells("fields")?;
        Ok([("base", base.into()), ("kind", kind), ("fields", fields.into())]
            .map(|(name, value): (&str, Value)| (name.to_owned(), value))
            .into_iter()
            .collect())
    }

    /// What rows and interactions share; `place` is the name of the chip or bus.
    fn base(&mut self, position: u64, place: &'static str) -> Result<Data, Unreadable> {
        if let Some(Value::Object(base)) = self.data.remove("base") {
            for (name, value) in base {
                self.data.entry(name).or_insert(value);
            }
        }
        let missing = Unreadable::Missing { record: self.record, field: place };
        let name = take(&mut self.data, place).filter(Value::is_string).ok_or(missing)?;
        let mut base = Data::new();
        base.insert("seq".into(), self.number("seq")?.unwrap_or(position).into());
        base.insert("op".into(), self.number("op")?.unwrap_or(0).into());
        base.insert(place.into(), name);
        for name in ["step", "timestamp"] {
            if let Some(value) = self.number(name)? {
                base.insert(name.into(), value.into());
            }
        }
        Ok(base)
    }

    fn kind(&mut self, known: &str) -> Value {
        let kind = take(&mut self.data, "kind").and_then(|kind| Some(kind.as_str()?.to_lowercase()));
        kind.filter(|kind| known.split(' ').any(|known| known == kind)).unwrap_or_else(|| "other".to_owned()).into()
    }

    fn before_and_after(&mut self, field: &'static str) -> Result<[(String, Value); 2], Unreadable> {
        let missing = Unreadable::DoesNotFit { record: self.record, field };
        let after = self.number("after")?.ok_or(missing)?;
        let before = self.number("before")?.unwrap_or(after);
        Ok([("before".to_owned(), hex(before)), ("after".to_owned(), hex(after))])
    }

    /// Columns or fields: numbers by name.
    fn cells(&mut self, field: &'static str) -> Result<Data, Unreadable> {
        let unfit = Unreadable::DoesNotFit { record: self.record, field };
        let Some(Value::Object(named)) = take(&mut self.data, field) else {
            return Err(Unreadable::Missing { record: self.record, field });
        };
        let mut cells = Data::new();
        for (name, value) in named {
            match value {
                Value::Array(list) => {
                    for (index, value) in list.iter().enumerate() {
                        cells.insert(format!("{name}__{index}"), cell(number(value).ok_or(unfit.clone())?));
                    }
                }
                value => {
                    cells.insert(name, cell(number(&value).ok_or(unfit.clone())?));
                }
            }
        }
        Ok(cells)
    }

    fn number(&mut self, field: &'static str) -> Result<Option<u64>, Unreadable> {
        let value = take(&mut self.data, field).filter(|value| !value.is_null());
        let unfit = Unreadable::DoesNotFit { record: self.record, field };
        value.map(|value| number(&value).ok_or(unfit)).transpose()
    }
}

/// Takes a field out, under our name or under the first of the others that is there.
fn take(data: &mut Data, ours: &str) -> Option<Value> {
    let theirs = ALIASES.iter().find(|alias| alias.ours == ours).map_or(&[][..], |alias| alias.theirs);
    data.remove(ours).or_else(|| theirs.iter().find_map(|name| data.remove(*name)))
}

/// A number, a truth value, or text of a decimal or `0x…` number.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::Bool(truth) => Some((*truth).into()),
        Value::String(text) => match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
            Some(_) => None,
            None => text.parse().ok(),
        },
        _ => None,
    }
}

fn hex(value: u64) -> Value {
    format!("{value:#x}").into()
}

/// As our cells are written: text above 2^53 - 1.
fn cell(value: u64) -> Value {
    if value >> 53 == 0 { value.into() } else { hex(value) }
}

fn register_name(value: &Value) -> Option<String> {
    let index = match value {
        Value::String(text) => registers::parse(text)?,
        value => u8::try_from(number(value)?).ok().filter(|&index| index < 32)?,
    };
    Some(format!("x{index}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<MicroOp, Unreadable> {
        record(json.as_bytes(), 9, 3)
    }

    #[test]
    fn an_instruction_of_another_form_becomes_one_of_ours() {
        let theirs = r#"{"Instruction":{"from_pc":4096,"to_pc":"0x1004","insn":"0x00530293","clk":7,
            "reg_write":{"register":5,"prev":1,"value":6},"colour":"red"}}"#;
        let ours = r#"{"type":"instruction","data":{"seq":9,"step":3,"pc":"0x1000","next_pc":"0x1004","word":"0x530293",
            "opcode":19,"mnemonic":"addi","operands":[],"timestamp":7,"next_timestamp":7,
            "rd":{"reg":"x5","before":"0x1","after":"0x6"}}}"#;
        assert_eq!(read(theirs).unwrap(), serde_json::from_str(ours).unwrap());
    }

    #[test]
    fn rows_and_messages_may_have_their_base_beside_the_rest() {
        let row = read(
            r#"{"type":"chip_row","step_idx":2,"air_name":"Alu","is_valid":false,"cols":{"a":[1,"0x2"],"b":true}}"#,
        );
        let expected = r#"{"type":"chip_row","data":{"base":{"seq":9,"step":2,"op":0,"valid":false,"chip":"Alu"},
            "kind":"other","row":0,"columns":{"a__0":1,"a__1":2,"b":1}}}"#;
        assert_eq!(row.unwrap(), serde_json::from_str(expected).unwrap());
        let message = read(
            r#"{"record_type":"Interaction","data":{"base":{"step":2,"bus_name":"memory"},"dir":"Recv","mult":2,
            "kind":"memory","payload":{"x":18446744073709551615}}}"#,
        );
        let expected = r#"{"type":"interaction","data":{"base":{"seq":9,"step":2,"op":0,"direction":"receive",
            "bus":"memory","multiplicity":2},"kind":"memory","fields":{"x":"0xffffffffffffffff"}}}"#;
        assert_eq!(message.unwrap(), serde_json::from_str(expected).unwrap());
    }

    #[test]
    fn what_is_missing_or_does_not_fit_is_named() {
        for (json, expected) in [
            (r#"{"type":"instruction","pc":4}"#, "an instruction record without next_pc"),
            (r#"{"type":"instruction","pc":-4,"next_pc":0}"#, "an instruction record whose pc does not fit"),
            (
                r#"{"type":"instruction","pc":4,"next_pc":8,"rd":{"reg":40,"after":1}}"#,
                "an instruction record whose rd does not fit",
            ),
            (
                r#"{"type":"instruction","pc":4,"next_pc":8,"operands":["x"]}"#,
                "an instruction record that does not fit the schema",
            ),
            (r#"{"type":"chip_row","columns":{}}"#, "a chip-row record without chip"),
            (r#"{"type":"chip_row","chip":"x","columns":{"a":1.5}}"#, "a chip-row record whose columns does not fit"),
            (r#"{"type":"interaction","bus":"x","fields":{}}"#, "an interaction record without direction"),
            ("[1]", "not a JSON object"),
            ("{}", "no record type that is known"),
        ] {
            assert_eq!(read(json).unwrap_err().to_string(), expected, "{json}");
        }
    }

    #[test]
    fn names_are_not_aliases_of_two_fields_of_one_record() {
        let mut ours: Vec<&str> = ALIASES.iter().map(|alias| alias.ours).collect();
        ours.sort_unstable();
        ours.dedup();
        assert_eq!(ours.len(), ALIASES.len());
        // Only memory accesses and instructions share one, and these are objects of their own.
        let mut theirs: Vec<&str> = ALIASES.iter().flat_map(|alias| alias.theirs).copied().collect();
        theirs.sort_unstable();
        let doubles: Vec<&str> = theirs.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert_eq!(doubles, ["address"]);
    }
}
