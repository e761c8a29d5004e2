//! Trace records: an ordered stream of micro-ops of three types, whatever the backend.

mod cells;
mod names;

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    bytes::{Digest, Word},
    outcome::{BackendId, GuestId},
    registers::Register,
    schema::{SchemaTag, Versioned},
};

pub use cells::Cells;
pub use names::Names;

/// One record of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum MicroOp {
    /// One retired instruction.
    Instruction(InstructionRecord),
    /// One row of a chip's (AIR's) main trace.
    ChipRow(ChipRowRecord),
    /// One message on a bus.
    Interaction(InteractionRecord),
}

impl MicroOp {
    /// Position in the trace, from 0, over records of all types.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Instruction(record) => record.seq,
            Self::ChipRow(record) => record.base.seq,
            Self::Interaction(record) => record.base.seq,
        }
    }
}

/// One retired instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InstructionRecord {
    /// Position in the trace, from 0.
    pub seq: u64,
    /// Position among the instructions, from 0.
    pub step: u64,
    /// Address of the instruction.
    pub pc: Word,
    /// Address of the instruction after it.
    pub next_pc: Word,
    /// The RISC-V word at `pc`, where the backend knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
    /// The backend's own opcode number (reference machine: the word's low seven bits).
    pub opcode: u64,
    /// RISC-V mnemonic where `word` is known, else the backend's own name of the opcode.
    pub mnemonic: String,
    /// Operands as the backend encodes them (reference machine: rd, rs1, rs2, imm as the format has them).
    pub operands: Vec<i64>,
    /// The backend's memory timestamp before the instruction.
    pub timestamp: u64,
    /// The backend's memory timestamp after it.
    pub next_timestamp: u64,
    /// The register that it wrote; a write to x0 is not an effect and is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rd: Option<RegisterEffect>,
    /// The memory that it read or wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mem: Option<MemoryEffect>,
}

/// A register write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterEffect {
    /// Which register.
    pub reg: Register,
    /// Its value before.
    pub before: Word,
    /// Its value after.
    pub after: Word,
}

/// A memory access. For a read `before` and `after` are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemoryEffect {
    /// Read or write.
    pub kind: AccessKind,
    /// Address of the first byte.
    pub addr: Word,
    /// Bytes: 1, 2, 4 or 8.
    pub size: u8,
    /// The bytes before, as a little-endian number.
    pub before: Word,
    /// The bytes after, as a little-endian number.
    pub after: Word,
}

/// Direction of a memory access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// Load.
    Read,
    /// Store, or the store half of an atomic.
    Write,
}

/// What chip rows have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChipRowBase {
    /// Position in the trace.
    pub seq: u64,
    /// The instruction that made the row; absent for rows that no single instruction makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Position among the rows of its step (of its chip, where there is no step), from 0.
    pub op: u64,
    /// Whether the row is a real one, as opposed to padding.
    pub valid: bool,
    /// Memory timestamp at which the step began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
    /// The chip's (AIR's) name in the zkVM.
    pub chip: String,
}

/// One row of a chip's main trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChipRowRecord {
    /// Where it belongs.
    pub base: ChipRowBase,
    /// What sort of chip.
    pub kind: ChipKind,
    /// Row index in the chip's matrix.
    pub row: u64,
    /// Columns by the zkVM's own names, in matrix order; values are canonical field elements.
    pub columns: Cells,
}

/// What a chip is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChipKind {
    /// Addition, subtraction, logic, comparison.
    Alu,
    /// Shifts.
    Shift,
    /// Multiplication.
    Mul,
    /// Division and remainder.
    Div,
    /// Loads and stores.
    Memory,
    /// Conditional branches.
    Branch,
    /// Jumps.
    Jump,
    /// LUI and AUIPC.
    UpperImmediate,
    /// Host input and other calls.
    System,
    /// The program table.
    Program,
    /// First and last state of a segment, memory boundary, Merkle tree.
    Boundary,
    /// Hash permutations.
    Hash,
    /// Range checks, bitwise tables and other lookups.
    Lookup,
    /// None of these.
    Other,
}

/// What interactions have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InteractionBase {
    /// Position in the trace.
    pub seq: u64,
    /// The instruction that caused it; absent where no single instruction does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Position among the interactions of its row (of its step, where there is no row), from 0.
    pub op: u64,
    /// `seq` of the chip row that made it; absent on backends without chip rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Into the bus or out of it.
    pub direction: Direction,
    /// Name of the bus.
    pub bus: String,
    /// Memory timestamp, where the message carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
    /// How often the message counts; the direction holds the sign.
    pub multiplicity: u64,
}

/// One message on a bus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InteractionRecord {
    /// Where it belongs.
    pub base: InteractionBase,
    /// What sort of bus.
    pub kind: InteractionKind,
    /// The message by field, in message order.
    pub fields: Cells,
}

/// Into a bus or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Counts positive.
    Send,
    /// Counts negative.
    Receive,
}

/// What a bus carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InteractionKind {
    /// pc and timestamp from one instruction to the next.
    Execution,
    /// Instruction fetch.
    Program,
    /// Register and memory accesses.
    Memory,
    /// Range checks.
    RangeCheck,
    /// Bitwise lookups.
    Bitwise,
    /// Other lookups.
    Lookup,
    /// None of these.
    Other,
}

/// Largest integer that every JSON reader holds exactly, 2^53 - 1.
const EXACT_MAX: u64 = (1 << 53) - 1;

/// A cell of a trace: a number, or a `0x…` string above 2^53 - 1, where JSON numbers stop being exact for many readers.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub u64);

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 <= EXACT_MAX { serializer.serialize_u64(self.0) } else { Word(self.0).serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Cell;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an unsigned number or a 0x… string")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Cell, E> {
                Ok(Cell(value))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Cell, E> {
                text.parse::<Word>().map(|word| Cell(word.0)).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Cell {
    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "minimum": 0, "pattern": "^0x[0-9a-f]{14,16}$" })
    }
}

/// What a trace file holds and where it came from (`assay.trace/1`); stands beside the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TraceManifest {
    /// `assay.trace/1`.
    pub schema: SchemaTag,
    /// What ran.
    pub backend: BackendId,
    /// What was run.
    pub guest: GuestId,
    /// SHA-256 of the input.
    pub input_digest: Digest,
    /// Name of the records file, beside this one.
    pub records_file: String,
    /// SHA-256 of the records file.
    pub records_digest: Digest,
    /// What the records are.
    pub summary: TraceSummary,
}

impl Versioned for TraceManifest {
    const NAME: &'static str = "assay.trace";
    const MAJOR: u32 = 1;
}

/// What a trace holds, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TraceSummary {
    /// Instruction records.
    pub instructions: u64,
    /// Chip-row records.
    pub chip_rows: u64,
    /// Interaction records.
    pub interactions: u64,
    /// Per chip, in the zkVM's order.
    pub chips: Vec<ChipSummary>,
    /// Per bus.
    pub buses: Vec<BusSummary>,
    /// Whether the record limit ended the trace early.
    pub truncated: bool,
}

/// One chip of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChipSummary {
    /// The chip's name in the zkVM.
    pub chip: String,
    /// Rows of its matrix, padding included, over all segments.
    pub rows: u64,
    /// Rows that the trace holds. The others are padding, or lookup-table rows that nothing looked up.
    pub rows_written: u64,
    /// Columns of its main trace.
    pub width: u64,
    /// Whether the zkVM names its columns; if not, they are `column[i]`.
    pub columns_named: bool,
}

/// One bus of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusSummary {
    /// Name of the bus.
    pub bus: String,
    /// Messages with a multiplicity other than 0.
    pub interactions: u64,
    /// Distinct messages whose sends and receives do not cancel; absent where that was not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unbalanced: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_above_2_53_are_strings_and_both_forms_are_read() {
        assert_eq!(serde_json::to_string(&Cell(EXACT_MAX)).unwrap(), "9007199254740991");
        assert_eq!(serde_json::to_string(&Cell(EXACT_MAX + 1)).unwrap(), "\"0x20000000000000\"");
        for value in [0, EXACT_MAX, EXACT_MAX + 1, u64::MAX] {
            let json = serde_json::to_string(&Cell(value)).unwrap();
            assert_eq!(serde_json::from_str::<Cell>(&json).unwrap(), Cell(value));
        }
        for bad in ["-1", "1.5", "\"12\"", "null"] {
            assert!(serde_json::from_str::<Cell>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn records_are_tagged_with_type_and_data() {
        let json = r#"{"type":"instruction","data":{"seq":0,"step":0,"pc":"0x200800","next_pc":"0x200804","opcode":19,"mnemonic":"addi","operands":[7,7,1],"timestamp":1,"next_timestamp":4,"rd":{"reg":"x7","before":"0x0","after":"0x1"}}}"#;
        let record: MicroOp = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
        assert_eq!(record.seq(), 0);
    }
}
