//! Records as matchers see them: names resolved to roles, and what matchers read in places of its own.
//!
//! Making one costs a look at each column of interest; all that comes after touches nothing but it. Where the columns
//! of a chip lie is looked up once for a list of names, and that list is kept: a row that shares it has its columns
//! there. Rows of hostile or foreign traces may name theirs in any order, and bring other lists.

#[cfg(test)]
pub(super) mod plain;

use std::sync::{Arc, LazyLock};

use assay_isa::{Class, Extensions, Instruction, Isa, Opcode, Xlen, decode, openvm::canonical};
use assay_spec::{
    MicroOp, Word,
    trace::{
        AccessKind, Cells, ChipRowRecord, Direction, InstructionRecord, InteractionKind, InteractionRecord,
        MemoryEffect, Names, RegisterEffect,
    },
};

use super::zkvm::{BUSES, Chip, ChipEntry, Column, OPENVM_XOR, SP1_XOR, chips};

/// Most columns of interest of one chip.
const CELLS_MAX: usize = 12;

/// Every instruction that any backend may execute.
const ANY_ISA: Isa = Isa { xlen: Xlen::Rv64, ext: Extensions { m: true, a: true, zifencei: true, openvm: true } };

/// A record as matchers see it. Of a fixed size, and without references: a trace that is matched more than once, or at
/// another time than it is read, can be kept like this.
#[derive(Clone, Copy, Debug)]
pub struct Prepared(pub(super) View);

impl Prepared {
    /// Position of the record in its trace; absent for an instruction that cannot be decoded, of which nothing is kept.
    #[inline]
    pub fn seq(&self) -> Option<u64> {
        match &self.0 {
            View::Instruction(executed) => Some(executed.record.seq),
            View::Row(row) => Some(row.seq),
            View::Message(message) => Some(message.seq),
            View::OtherRow(row) => Some(row.seq),
            View::Unknown => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum View {
    Instruction(Executed),
    Row(Row),
    Message(Message),
    OtherRow(OtherRow),
    /// An instruction without a word that can be decoded.
    Unknown,
}

/// An instruction record and what its word means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Executed {
    pub(super) record: Effects,
    pub(super) instruction: Instruction,
}

/// What an instruction record says of effects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effects {
    pub(super) seq: u64,
    pub(super) step: u64,
    pub(super) pc: Word,
    pub(super) next_pc: Word,
    pub(super) timestamp: u64,
    pub(super) next_timestamp: u64,
    pub(super) rd: Option<RegisterEffect>,
    pub(super) mem: Option<MemoryEffect>,
}

impl Executed {
    #[inline]
    pub(super) fn class(&self) -> Class {
        self.instruction.opcode.entry().class
    }

    #[inline]
    pub(super) fn opcode(&self) -> Opcode {
        self.instruction.opcode
    }

    /// The access, if it is of `kind`.
    #[inline]
    pub(super) fn access(&self, kind: AccessKind) -> Option<&MemoryEffect> {
        self.record.mem.as_ref().filter(|effect| effect.kind == kind)
    }

    /// Whether the instruction behind it came next.
    #[inline]
    pub(super) fn goes_on(&self) -> bool {
        self.record.next_pc.0 == self.record.pc.0.wrapping_add(4)
    }
}

/// A row of a known chip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) seq: u64,
    pub(super) step: Option<u64>,
    pub(super) timestamp: Option<u64>,
    chart: &'static Chart,
    cells: [u64; CELLS_MAX],
    /// Which of the cells are there.
    present: u16,
    pub(super) selectors: Selectors,
}

/// A row of a chip that nobody asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct OtherRow {
    pub(super) seq: u64,
    pub(super) stepless: bool,
    /// Whether it is marked as padding.
    pub(super) inactive: bool,
}

/// What the selectors of a row say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selectors {
    /// Whether the row is a real one.
    pub(super) active: bool,
    /// The first selector outside of 0 and 1, if there is one: its number in the table.
    outside: Option<u8>,
    /// Its value.
    pub(super) outside_value: u64,
}

impl Row {
    #[inline]
    pub(super) fn chip(&self) -> Chip {
        self.chart.entry.chip
    }

    #[inline]
    pub(super) fn chip_name(&self) -> &'static str {
        self.chart.entry.name
    }

    /// What is in a column, if the chip has it.
    #[inline]
    pub(super) fn get(&self, column: Column) -> Option<u64> {
        let place = usize::from(self.chart.places[column as usize]);
        let cell = self.cells.get(place)?;
        (self.present >> place & 1 == 1).then_some(*cell)
    }

    /// Whether the chip has the column and it is not 0.
    #[inline]
    pub(super) fn is_set(&self, column: Column) -> bool {
        self.get(column).is_some_and(|value| value != 0)
    }

    /// The register index in a column.
    #[inline]
    pub(super) fn register(&self, column: Column) -> Option<u64> {
        self.get(column).map(|value| value / self.chart.entry.register_scale)
    }

    /// Name of the first selector outside of 0 and 1.
    pub(super) fn selector_outside_bits(&self) -> Option<&'static str> {
        self.chart.entry.selectors.get(usize::from(self.selectors.outside?)).copied()
    }
}

/// An interaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) seq: u64,
    pub(super) step: Option<u64>,
    pub(super) row: Option<u64>,
    pub(super) timestamp: Option<u64>,
    pub(super) multiplicity: u64,
    pub(super) kind: InteractionKind,
    pub(super) is_sent: bool,
    /// Name of the bus, if it is a known one.
    pub(super) bus: Option<&'static str>,
    pub(super) content: Content,
}

/// What of a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing.
    Other,
    /// A node of OpenVM's memory tree.
    TreeNode { expand_direction: u64, height: u64 },
    /// A compression of OpenVM's.
    Compression,
    /// SP1's message between shards.
    Global { is_send: u64, is_receive: u64, kind: u64 },
    /// A lookup of a XOR.
    Xor { x: u64, y: u64 },
    /// An access of the reference machine to memory.
    Access { address: u64 },
}

/// What is in the cell `name`, which is expected at `index`.
#[inline]
fn read(cells: &Cells, index: usize, name: &str) -> Option<u64> {
    match (cells.names().get(index), cells.values().get(index)) {
        (Some(found), Some(cell)) if found == name => Some(cell.0),
        _ => cells.get(name).map(|cell| cell.0),
    }
}

/// A chip, and where its cells stand in a [`Row`].
#[derive(Debug)]
struct Chart {
    entry: &'static ChipEntry,
    /// [`NOWHERE`] for columns that the chip has not.
    places: [u8; Column::COUNT],
    /// Names of the columns, by place.
    names: Box<[&'static str]>,
}

const NOWHERE: u8 = u8::MAX;

/// Slots of the table of chips: a power of two, well above the number of chips, and no more than a byte tells apart.
const SLOTS: usize = 256;

/// The chips of every zkVM by name, as an open hash table.
static CHARTS: LazyLock<Box<[Option<Chart>]>> = LazyLock::new(|| {
    let mut slots: Box<[Option<Chart>]> = std::iter::repeat_with(|| None).take(SLOTS).collect();
    for entry in chips() {
        let mut slot = hash(entry.name);
        while slots[slot].is_some() {
            slot = (slot + 1) % SLOTS;
        }
        let columns = || entry.columns.iter().copied().flatten().take(CELLS_MAX);
        let mut places = [NOWHERE; Column::COUNT];
        for (place, (column, _)) in (0..).zip(columns()) {
            places[*column as usize] = place;
        }
        slots[slot] = Some(Chart { entry, places, names: columns().map(|(_, name)| *name).collect() });
    }
    slots
});

/// Length and sixteen bytes of a name are enough to tell chips apart; names that share a slot are compared whole.
#[inline]
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let part = |at: usize| match bytes.get(at..at + 8) {
        Some(part) => part.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        None => bytes.get(at..).unwrap_or(&[]).iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    let mixed = part(0) ^ part(bytes.len() / 2).rotate_left(23) ^ bytes.len() as u64;
    (mixed.wrapping_mul(MIX) >> 56) as usize % SLOTS
}

/// Spreads low bits over the high ones.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Where the columns of a chip are.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// In rows that have these names. As long as the list is kept here, no other one is in its place in memory.
    names: Option<Arc<Names>>,
    /// By place; beyond the row where the chip has no such column.
    columns: [u32; CELLS_MAX],
    /// By number of selector; beyond the row where there is none.
    selectors: Box<[u32]>,
}

impl Seen {
    #[cold]
    fn locate(&mut self, chart: &Chart, names: &Arc<Names>) {
        // Made by another thread or at another time, the same list is an equal one.
        if self.names.as_ref() != Some(names) {
            let index = |name: &str| names.index_of(name).and_then(|index| index.try_into().ok()).unwrap_or(u32::MAX);
            for (place, name) in self.columns.iter_mut().zip(&chart.names) {
                *place = index(name);
            }
            self.selectors = chart.entry.selectors.iter().map(|name| index(name)).collect();
        }
        self.names = Some(Arc::clone(names));
    }
}

/// Words whose meaning is remembered: a power of two. A loop of so many instructions is decoded once.
const WORDS: usize = 1024;

/// Guesses that are remembered: a power of two.
const GUESSES: usize = 256;

/// Makes records ready for matching.
#[derive(Clone, Debug)]
pub struct Preparer {
    charts: &'static [Option<Chart>],
    /// By slot.
    seen: Box<[Seen]>,
    /// Slots by where in memory a row's names are: what chip it will be. The chip's own name, which decides, is further
    /// away, and nothing of a row would be fetched before it is there.
    guesses: Box<[u8; GUESSES]>,
    /// What words mean, by their digests. That 0 is no instruction is known from the start.
    words: Box<[(u32, Option<Instruction>)]>,
    /// The last row: a place to make the next one in.
    row: Row,
}

impl Default for Preparer {
    fn default() -> Self {
        Self::new()
    }
}

impl Preparer {
    /// At the beginning of a trace.
    #[expect(clippy::missing_panics_doc, reason = "it does not: the table of chips is not empty")]
    pub fn new() -> Self {
        let chart = CHARTS.iter().flatten().next().expect("the table of chips is not empty");
        let row = Row {
            seq: 0,
            step: None,
            timestamp: None,
            chart,
            cells: [0; CELLS_MAX],
            present: 0,
            selectors: Selectors { active: false, outside: None, outside_value: 0 },
        };
        Self {
            charts: &CHARTS,
            seen: vec![Seen::default(); SLOTS].into(),
            guesses: Box::new([0; GUESSES]),
            words: vec![(0, None); WORDS].into(),
            row,
        }
    }

    /// The record as matchers see it.
    #[inline]
    pub fn prepare(&mut self, record: &MicroOp) -> Prepared {
        Prepared(match record {
            MicroOp::Instruction(record) => self.instruction(record).map_or(View::Unknown, View::Instruction),
            MicroOp::ChipRow(record) => self.row(record).map_or_else(View::OtherRow, |row| View::Row(*row)),
            MicroOp::Interaction(record) => View::Message(message(record)),
        })
    }

    #[inline]
    pub(super) fn row(&mut self, record: &ChipRowRecord) -> Result<&Row, OtherRow> {
        let base = &record.base;
        let names = record.columns.names();
        let Some((slot, chart)) = self.chart(names, &base.chip) else {
            return Err(OtherRow { seq: base.seq, stepless: base.step.is_none(), inactive: !base.valid });
        };
        let seen = &mut self.seen[slot];
        if !seen.names.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, names)) {
            seen.locate(chart, names);
        }
        let values = record.columns.values();
        let row = &mut self.row;
        row.present = 0;
        for (place, (index, cell)) in seen.columns[..chart.names.len()].iter().zip(&mut row.cells).enumerate() {
            if let Some(value) = values.get(*index as usize) {
                *cell = value.0;
                row.present |= 1 << place;
            }
        }
        let (mut outside, mut outside_value) = (None, 0);
        // A selector that the row has not may be set.
        let mut any = seen.selectors.is_empty();
        for (number, index) in (0..).zip(&seen.selectors) {
            let Some(value) = values.get(*index as usize) else {
                any = true;
                continue;
            };
            any |= value.0 != 0;
            if value.0 > 1 && outside.is_none() {
                outside = Some(number);
                outside_value = value.0;
            }
        }
        row.seq = base.seq;
        row.step = base.step;
        row.timestamp = base.timestamp;
        row.chart = chart;
        let active = base.valid && row.get(Column::Active).map_or(any, |active| active != 0);
        row.selectors = Selectors { active, outside, outside_value };
        Ok(row)
    }

    /// The chip called `name`, if it is of interest, and its slot.
    #[inline]
    fn chart(&mut self, names: &Arc<Names>, name: &str) -> Option<(usize, &'static Chart)> {
        // Chips that have the same columns differ in the lengths of their names, mostly.
        let mixed = (Arc::as_ptr(names).addr() >> 4).wrapping_add(name.len() << 3) as u64;
        let guess = &mut self.guesses[(mixed.wrapping_mul(MIX) >> 56) as usize % GUESSES];
        let slot = usize::from(*guess);
        if let Some(chart) = &self.charts[slot]
            && chart.entry.name == name
        {
            return Some((slot, chart));
        }
        let (slot, chart) = find(self.charts, name)?;
        *guess = slot as u8;
        Some((slot, chart))
    }

    /// `None` where its word cannot be decoded.
    #[inline]
    pub(super) fn instruction(&mut self, record: &InstructionRecord) -> Option<Executed> {
        let word = u32::try_from(record.word?.0).ok()?;
        // The low bits are the same in most; the fields are spread over all others.
        let known = &mut self.words[(word.wrapping_mul(0x9e37_79b1) >> 22) as usize % WORDS];
        if known.0 != word {
            *known = (word, meaning(word));
        }
        Some(Executed {
            record: Effects {
                seq: record.seq,
                step: record.step,
                pc: record.pc,
                next_pc: record.next_pc,
                timestamp: record.timestamp,
                next_timestamp: record.next_timestamp,
                rd: record.rd,
                mem: record.mem,
            },
            instruction: known.1?,
        })
    }
}

#[inline(never)]
fn find(charts: &'static [Option<Chart>], name: &str) -> Option<(usize, &'static Chart)> {
    let mut slot = hash(name);
    // The table is never full, so that an empty slot ends the search.
    loop {
        match &charts[slot] {
            Some(chart) if chart.entry.name == name => return Some((slot, chart)),
            Some(_) => slot = (slot + 1) % SLOTS,
            None => return None,
        }
    }
}

#[inline(never)]
fn meaning(word: u32) -> Option<Instruction> {
    decode(word, ANY_ISA).or_else(|_| decode(canonical(word), ANY_ISA)).ok()
}

#[inline]
pub(super) fn message(record: &InteractionRecord) -> Message {
    let bus = BUSES.iter().copied().find(|bus| *bus == record.base.bus);
    message_with(record, bus, content(record, bus).unwrap_or(Content::Other))
}

#[inline]
fn message_with(record: &InteractionRecord, bus: Option<&'static str>, content: Content) -> Message {
    let base = &record.base;
    Message {
        seq: base.seq,
        step: base.step,
        row: base.row,
        timestamp: base.timestamp,
        multiplicity: base.multiplicity,
        kind: record.kind,
        is_sent: base.direction == Direction::Send,
        bus,
        content,
    }
}

/// `None` where nothing in it matters, or a field is missing.
#[inline]
fn content(record: &InteractionRecord, bus: Option<&str>) -> Option<Content> {
    let field = |index: usize, name: &str| read(&record.fields, index, name);
    let value = |index: usize, name: &str| field(index, name).unwrap_or(0);
    match (record.kind, bus?) {
        (InteractionKind::Bitwise, _) => {
            (field(3, "op")? == OPENVM_XOR).then(|| Content::Xor { x: value(0, "x"), y: value(1, "y") })
        }
        (InteractionKind::Lookup, "byte") => {
            (field(0, "opcode")? == SP1_XOR).then(|| Content::Xor { x: value(2, "b"), y: value(3, "c") })
        }
        (InteractionKind::Memory, "memory") => Some(Content::Access { address: field(0, "address")? }),
        (InteractionKind::Other, "memory_merkle") => {
            Some(Content::TreeNode { expand_direction: field(0, "expand_direction")?, height: field(1, "height")? })
        }
        (InteractionKind::Other, "compression") => Some(Content::Compression),
        (InteractionKind::Other, "global") => Some(Content::Global {
            is_send: field(8, "field[8]")?,
            is_receive: field(9, "field[9]")?,
            kind: field(10, "field[10]")?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_chip_is_found_by_its_name_and_has_room_for_its_columns() {
        let names: BTreeSet<&str> = chips().map(|entry| entry.name).collect();
        assert_eq!(names.len(), chips().count(), "names collide");
        assert!(names.len() * 2 < SLOTS);
        assert_eq!(CHARTS.iter().flatten().count(), names.len());
        for entry in chips() {
            let columns: Vec<Column> = entry.columns.iter().copied().flatten().map(|(column, _)| *column).collect();
            assert!(columns.len() <= CELLS_MAX, "{}", entry.name);
            let distinct: BTreeSet<usize> = columns.iter().map(|column| *column as usize).collect();
            assert_eq!(distinct.len(), columns.len(), "{} has two columns of one role", entry.name);
        }
    }

    #[test]
    fn a_prepared_record_is_small() {
        assert!(size_of::<Prepared>() <= 192, "{}", size_of::<Prepared>());
    }
}
