//! The records of one part of a run, as patched code emits them.
//!
//! What depends on the records of other parts (sequence numbers, steps, positions within a step) is left out here and
//! filled in when sections are written in order.

use super::json;
use super::{CHIPS_MAX, Key};

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'a> {
    /// Its address.
    pub pc: u64,
    /// The address of the next one.
    pub next_pc: u64,
    /// The RISC-V word, where it is known.
    pub word: Option<u64>,
    /// The zkVM's own opcode number.
    pub opcode: u64,
    /// RISC-V mnemonic where the word is known, else the zkVM's name of the opcode.
    pub mnemonic: &'a str,
    /// Operands as the zkVM encodes them.
    pub operands: &'a [i64],
    /// The zkVM's clock before it.
    pub timestamp: u64,
    /// The zkVM's clock after it.
    pub next_timestamp: u64,
    /// The register that it wrote (none for x0): number, value before, value after.
    pub rd: Option<(u8, u64, u64)>,
    /// The memory that it read or wrote.
    pub mem: Option<Memory>,
}

/// A memory access of an instruction. Of a read, `before` and `after` are equal.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Write, or read.
    pub write: bool,
    /// Address of the first byte.
    pub addr: u64,
    /// Bytes: 1, 2, 4 or 8.
    pub size: u8,
    /// The bytes before, as a little-endian number.
    pub before: u64,
    /// The bytes after, as a little-endian number.
    pub after: u64,
}

/// Which instruction a row or a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To none alone.
    None,
    /// To the instruction of that number in its segment, from 0.
    Is(u64),
    /// To the instruction of the same segment whose time (`timestamp <= t < next_timestamp`) holds `t`, if there is
    /// one.
    OfTimestamp(u64),
}

/// A row of a chip.
#[derive(Clone, Copy, Debug)]
pub struct ChipRow<'a> {
    /// The chip's name in the zkVM.
    pub chip: &'a str,
    /// What it is for, as Assay spells it: `alu`, `shift`, `mul`, `div`, `memory`, `branch`, `jump`, `upper_immediate`,
    /// `system`, `program`, `boundary`, `hash`, `lookup`, `other`.
    pub kind: &'static str,
    /// Row index in the chip's matrix.
    pub row: u64,
    /// A real row, as opposed to padding.
    pub valid: bool,
    /// The instruction that it belongs to.
    pub step: Step,
}

/// A message on a bus.
#[derive(Clone, Copy, Debug)]
pub struct Interaction<'a> {
    /// The bus.
    pub bus: &'a str,
    /// What it carries, as Assay spells it: `execution`, `program`, `memory`, `range_check`, `bitwise`, `lookup`,
    /// `other`.
    pub kind: &'static str,
    /// Sent, or received.
    pub send: bool,
    /// How often it counts.
    pub multiplicity: u64,
    /// The time that the message states.
    pub timestamp: Option<u64>,
    /// The row that it belongs to, of the same section.
    pub row: Option<RowRef>,
    /// The instruction that it belongs to; of a message with a row, the row's.
    pub step: Step,
}

/// A row that was emitted to the same section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRef(pub(super) u32);

/// Records of one part of a run, handed to the sink when it is dropped.
#[derive(Debug)]
pub struct Section {
    key: Key,
    records: Records,
}

/// What a section holds.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) heads: Vec<Head>,
    /// Tails of the records, one after another.
    pub(super) tails: Vec<u8>,
    /// Chips, indexed by heads.
    pub(super) chips: Vec<Chip>,
    /// Names of buses, indexed by heads.
    pub(super) buses: Vec<String>,
}

/// A chip of a section.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) name: String,
    pub(super) rows: u64,
    pub(super) width: u64,
}

/// What is known of a record before sections are in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) record: Record,
    pub(super) tail_bytes: u32,
}

/// The part that its type decides.
#[derive(Clone, Copy, Debug)]
pub(super) enum Record {
    Instruction { timestamp: u64, next_timestamp: u64 },
    ChipRow { chip: u32, valid: bool, step: Step },
    Interaction { bus: u32, row: Option<RowRef>, step: Step },
}

impl Section {
    pub(super) fn new(key: Key) -> Self {
        Self { key, records: Records::default() }
    }

    /// Emits an instruction.
    pub fn instruction(&mut self, instruction: &Instruction<'_>) {
        let start = self.records.tails.len();
        let out = &mut self.records.tails;
        out.extend_from_slice(b",\"pc\":");
        json::word(out, instruction.pc);
        out.extend_from_slice(b",\"next_pc\":");
        json::word(out, instruction.next_pc);
        if let Some(word) = instruction.word {
            out.extend_from_slice(b",\"word\":");
            json::word(out, word);
        }
        out.extend_from_slice(b",\"opcode\":");
        json::unsigned(out, instruction.opcode);
        out.extend_from_slice(b",\"mnemonic\":");
        json::string(out, instruction.mnemonic);
        out.extend_from_slice(b",\"operands\":[");
        for (index, operand) in instruction.operands.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            json::signed(out, *operand);
        }
        out.extend_from_slice(b"],\"timestamp\":");
        json::unsigned(out, instruction.timestamp);
        out.extend_from_slice(b",\"next_timestamp\":");
        json::unsigned(out, instruction.next_timestamp);
        if let Some((register, before, after)) = instruction.rd {
            out.extend_from_slice(b",\"rd\":{\"reg\":\"x");
            json::unsigned(out, register.into());
            out.push(b'"');
            change(out, before, after);
        }
        if let Some(memory) = instruction.mem {
            let kind: &[u8] = if memory.write { b"write" } else { b"read" };
            out.extend_from_slice(b",\"mem\":{\"kind\":\"");
            out.extend_from_slice(kind);
            out.extend_from_slice(b"\",\"addr\":");
            json::word(out, memory.addr);
            out.extend_from_slice(b",\"size\":");
            json::unsigned(out, memory.size.into());
            change(out, memory.before, memory.after);
        }
        out.extend_from_slice(b"}}\n");
        let (timestamp, next_timestamp) = (instruction.timestamp, instruction.next_timestamp);
        self.records.push(start, Record::Instruction { timestamp, next_timestamp });
    }

    /// Emits a row; `columns` says its cells, in matrix order. What is returned names it for its messages.
    pub fn chip_row(&mut self, row: &ChipRow<'_>, columns: impl FnOnce(&mut Cells<'_>)) -> RowRef {
        let start = self.records.tails.len();
        let out = &mut self.records.tails;
        out.extend_from_slice(b",\"chip\":");
        json::string(out, row.chip);
        out.extend_from_slice(b"},\"kind\":\"");
        out.extend_from_slice(row.kind.as_bytes());
        out.extend_from_slice(b"\",\"row\":");
        json::unsigned(out, row.row);
        out.extend_from_slice(b",\"columns\":{");
        columns(&mut Cells { out, first: true });
        out.extend_from_slice(b"}}}\n");
        let chip = self.records.chip_index(row.chip);
        let index = RowRef(self.records.heads.len() as u32);
        self.records.push(start, Record::ChipRow { chip, valid: row.valid, step: row.step });
        index
    }

    /// Emits a message; `fields` says its fields, in message order.
    pub fn interaction(&mut self, message: &Interaction<'_>, fields: impl FnOnce(&mut Cells<'_>)) {
        let start = self.records.tails.len();
        let out = &mut self.records.tails;
        out.extend_from_slice(b",\"direction\":");
        json::string(out, if message.send { "send" } else { "receive" });
        out.extend_from_slice(b",\"bus\":");
        json::string(out, message.bus);
        if let Some(timestamp) = message.timestamp {
            out.extend_from_slice(b",\"timestamp\":");
            json::unsigned(out, timestamp);
        }
        out.extend_from_slice(b",\"multiplicity\":");
        json::unsigned(out, message.multiplicity);
        out.extend_from_slice(b"},\"kind\":\"");
        out.extend_from_slice(message.kind.as_bytes());
        out.extend_from_slice(b"\",\"fields\":{");
        fields(&mut Cells { out, first: true });
        out.extend_from_slice(b"}}}\n");
        let bus = self.records.bus_index(message.bus);
        self.records.push(start, Record::Interaction { bus, row: message.row, step: message.step });
    }

    /// Says how many rows, padding included, and columns a chip has in this part of the run. Rows add up over sections.
    pub fn chip(&mut self, chip: &str, rows: u64, width: u64) {
        let index = self.records.chip_index(chip);
        self.records.chips[index as usize].rows += rows;
        self.records.chips[index as usize].width = width;
    }
}

impl Records {
    /// Bytes that the section holds.
    pub(super) fn bytes(&self) -> usize {
        self.tails.len() + self.heads.len() * std::mem::size_of::<Head>()
    }

    fn push(&mut self, start: usize, record: Record) {
        self.heads.push(Head { record, tail_bytes: (self.tails.len() - start) as u32 });
    }

    fn chip_index(&mut self, name: &str) -> u32 {
        // Nearly always the last one.
        if let Some(index) = self.chips.iter().rposition(|chip| chip.name == name) {
            return index as u32;
        }
        assert!(self.chips.len() < CHIPS_MAX, "a section has records of over {CHIPS_MAX} chips: names are made up");
        self.chips.push(Chip { name: name.to_owned(), rows: 0, width: 0 });
        self.chips.len() as u32 - 1
    }

    fn bus_index(&mut self, name: &str) -> u32 {
        if let Some(index) = self.buses.iter().position(|bus| bus == name) {
            return index as u32;
        }
        assert!(self.buses.len() < CHIPS_MAX, "a section has messages of over {CHIPS_MAX} buses: names are made up");
        self.buses.push(name.to_owned());
        self.buses.len() as u32 - 1
    }
}

impl Drop for Section {
    fn drop(&mut self) {
        super::submit(self.key, std::mem::take(&mut self.records));
    }
}

/// Cells of a row or fields of a message.
#[derive(Debug)]
pub struct Cells<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl Cells<'_> {
    /// A cell by its name: a canonical field element. No name twice.
    pub fn cell(&mut self, name: &str, value: u64) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        json::string(self.out, name);
        self.out.push(b':');
        json::cell(self.out, value);
    }

    /// Cells whose names are known beforehand.
    pub fn all<N: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (N, u64)>) {
        for (name, value) in cells {
            self.cell(name.as_ref(), value);
        }
    }
}

fn change(out: &mut Vec<u8>, before: u64, after: u64) {
    out.extend_from_slice(b",\"before\":");
    json::word(out, before);
    out.extend_from_slice(b",\"after\":");
    json::word(out, after);
    out.push(b'}');
}
