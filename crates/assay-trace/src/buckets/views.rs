//! Records as matchers see them: names resolved to roles, and what matchers read in places of its own.
//!
//! Making one costs a look at each column of interest; all that comes after touches nothing but it. Where a column
//! lies is looked up once per chip and checked by its name each time it is read: rows of hostile or foreign traces
//! may name theirs in any order.

use std::sync::LazyLock;

use assay_isa::{Class, Extensions, Instruction, Isa, Opcode, Xlen, decode, openvm::canonical};
use assay_spec::{
    MicroOp, Word,
    trace::{
        AccessKind, Cell, ChipRowRecord, Direction, InstructionRecord, InteractionKind, InteractionRecord,
        MemoryEffect, RegisterEffect,
    },
};
use indexmap::IndexMap;

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
            View::OtherRow { seq, .. } => Some(*seq),
            View::Unknown => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum View {
    Instruction(Executed),
    Row(Row),
    Message(Message),
    /// A row of a chip that nobody asks for. `inactive` says that it is marked as padding.
    OtherRow {
        seq: u64,
        stepless: bool,
        inactive: bool,
    },
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

type Cells = IndexMap<String, Cell>;

/// What is in the column `name`, which is expected at `index`.
#[inline]
fn read(cells: &Cells, index: usize, name: &str) -> Option<u64> {
    match cells.get_index(index) {
        Some((found, cell)) if found == name => Some(cell.0),
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

/// Slots of the table of chips: a power of two, well above the number of chips.
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
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % SLOTS
}

/// Where the columns of a chip were last seen, by place and by number of selector.
#[derive(Clone, Debug, Default)]
struct Seen {
    known: bool,
    columns: [u32; CELLS_MAX],
    selectors: Vec<u32>,
}

/// Makes records ready for matching.
#[derive(Clone, Debug)]
pub struct Preparer {
    seen: Box<[Seen]>,
}

impl Default for Preparer {
    fn default() -> Self {
        Self::new()
    }
}

impl Preparer {
    /// At the beginning of a trace.
    pub fn new() -> Self {
        Self { seen: vec![Seen::default(); SLOTS].into_boxed_slice() }
    }

    /// The record as matchers see it.
    #[inline]
    pub fn prepare(&mut self, record: &MicroOp) -> Prepared {
        Prepared(match record {
            MicroOp::Instruction(record) => instruction(record),
            MicroOp::ChipRow(record) => self.row(record),
            MicroOp::Interaction(record) => View::Message(message(record)),
        })
    }

    fn row(&mut self, record: &ChipRowRecord) -> View {
        let base = &record.base;
        let mut slot = hash(&base.chip);
        // The table is never full, so that an empty slot ends the search.
        let chart = loop {
            match &CHARTS[slot] {
                Some(chart) if chart.entry.name == base.chip => break chart,
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return View::OtherRow { seq: base.seq, stepless: base.step.is_none(), inactive: !base.valid },
            }
        };
        let seen = &mut self.seen[slot];
        if !seen.known {
            locate(seen, chart, &record.columns);
        }
        let mut cells = [0; CELLS_MAX];
        let mut present = 0;
        for (place, (name, index)) in chart.names.iter().zip(&seen.columns).enumerate() {
            if let Some(cell) = read(&record.columns, *index as usize, name) {
                cells[place] = cell;
                present |= 1 << place;
            }
        }
        let mut selectors = Selectors { active: true, outside: None, outside_value: 0 };
        let mut any = chart.entry.selectors.is_empty();
        for (number, (name, index)) in (0..).zip(chart.entry.selectors.iter().zip(&seen.selectors)) {
            let Some(value) = read(&record.columns, *index as usize, name) else {
                any = true;
                continue;
            };
            any |= value != 0;
            if value > 1 && selectors.outside.is_none() {
                selectors.outside = Some(number);
                selectors.outside_value = value;
            }
        }
        let mut row =
            Row { seq: base.seq, step: base.step, timestamp: base.timestamp, chart, cells, present, selectors };
        row.selectors.active = base.valid && row.get(Column::Active).map_or(any, |active| active != 0);
        View::Row(row)
    }
}

#[cold]
fn locate(seen: &mut Seen, chart: &Chart, columns: &Cells) {
    let index = |name: &str| columns.get_index_of(name).unwrap_or(0) as u32;
    for (place, name) in seen.columns.iter_mut().zip(&chart.names) {
        *place = index(name);
    }
    seen.selectors = chart.entry.selectors.iter().map(|name| index(name)).collect();
    seen.known = true;
}

#[inline]
fn instruction(record: &InstructionRecord) -> View {
    let word = record.word.and_then(|word| u32::try_from(word.0).ok());
    let Some(instruction) =
        word.and_then(|word| decode(word, ANY_ISA).or_else(|_| decode(canonical(word), ANY_ISA)).ok())
    else {
        return View::Unknown;
    };
    View::Instruction(Executed {
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
        instruction,
    })
}

#[inline]
fn message(record: &InteractionRecord) -> Message {
    let base = &record.base;
    let bus = BUSES.iter().copied().find(|bus| *bus == base.bus);
    Message {
        seq: base.seq,
        step: base.step,
        row: base.row,
        timestamp: base.timestamp,
        multiplicity: base.multiplicity,
        kind: record.kind,
        is_sent: base.direction == Direction::Send,
        bus,
        content: content(record, bus).unwrap_or(Content::Other),
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
