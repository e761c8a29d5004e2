//! Chip rows and interactions as matchers see them: by role of chip and column, found by position.
//!
//! Where a column lies is looked up once per chip, and checked by its name each time it is read: rows of hostile or foreign
//! traces may name theirs in any order.

use assay_spec::trace::{Cell, ChipRowRecord, Direction, InteractionRecord};
use indexmap::IndexMap;

use super::zkvm::{Chip, ChipEntry, Column, chips};

type Columns = IndexMap<String, Cell>;

/// A column's name and where it was last seen.
#[derive(Clone, Copy, Debug)]
struct Place {
    name: &'static str,
    index: u32,
}

impl Place {
    #[inline]
    fn read(&self, columns: &Columns) -> Option<u64> {
        match columns.get_index(self.index as usize) {
            Some((name, cell)) if name == self.name => Some(cell.0),
            _ => columns.get(self.name).map(|cell| cell.0),
        }
    }
}

/// A chip, and where its columns lie.
#[derive(Debug)]
pub(super) struct Layout {
    entry: &'static ChipEntry,
    places: [Option<Place>; Column::COUNT],
    selectors: Box<[Place]>,
    /// Whether the places are known.
    seen: bool,
}

impl Layout {
    fn new(entry: &'static ChipEntry) -> Self {
        let mut places = [None; Column::COUNT];
        for (column, name) in entry.columns.iter().copied().flatten() {
            places[*column as usize] = Some(Place { name, index: 0 });
        }
        let selectors = entry.selectors.iter().map(|name| Place { name, index: 0 }).collect();
        Self { entry, places, selectors, seen: false }
    }

    #[cold]
    fn locate(&mut self, columns: &Columns) {
        for place in self.places.iter_mut().flatten().chain(&mut self.selectors) {
            place.index = columns.get_index_of(place.name).unwrap_or(0) as u32;
        }
        self.seen = true;
    }
}

/// Slots of the table of chips: a power of two, well above the number of chips.
const SLOTS: usize = 256;

/// The chips of every zkVM, by name.
#[derive(Debug)]
pub(super) struct Layouts {
    slots: Box<[Option<Layout>]>,
}

impl Layouts {
    pub(super) fn new() -> Self {
        let mut slots: Box<[Option<Layout>]> = std::iter::repeat_with(|| None).take(SLOTS).collect();
        for entry in chips() {
            let mut slot = hash(entry.name);
            while slots[slot].is_some() {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = Some(Layout::new(entry));
        }
        Self { slots }
    }

    /// The chip called `name`.
    #[inline]
    pub(super) fn of(&mut self, row: &ChipRowRecord) -> Option<&Layout> {
        let name = row.base.chip.as_str();
        let mut slot = hash(name);
        // The table is never full, so that an empty slot ends the search.
        while self.slots[slot].as_ref()?.entry.name != name {
            slot = (slot + 1) % SLOTS;
        }
        let layout = self.slots[slot].as_mut()?;
        if !layout.seen {
            layout.locate(&row.columns);
        }
        Some(layout)
    }
}

/// Length and sixteen bytes of a name are enough to tell chips apart; names that share a slot are compared whole.
#[inline]
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let part = |at: usize| {
        let mut word = [0; 8];
        let rest = bytes.get(at..).unwrap_or(&[]);
        let length = rest.len().min(8);
        word[..length].copy_from_slice(&rest[..length]);
        u64::from_le_bytes(word)
    };
    let mixed =
        (part(0) ^ part(bytes.len() / 2).rotate_left(23) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 56) as usize % SLOTS
}

/// A row of a known chip.
pub(super) struct Row<'a> {
    pub(super) record: &'a ChipRowRecord,
    layout: &'a Layout,
    pub(super) selectors: Selectors,
}

/// What the selectors of a row say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selectors {
    /// Whether the row is a real one.
    pub(super) active: bool,
    /// The greatest selector.
    pub(super) greatest: u64,
}

impl<'a> Row<'a> {
    #[inline]
    pub(super) fn new(record: &'a ChipRowRecord, layout: &'a Layout) -> Self {
        let mut row = Self { record, layout, selectors: Selectors { active: true, greatest: 0 } };
        row.selectors = row.read_selectors();
        row
    }

    #[inline]
    pub(super) fn chip(&self) -> Chip {
        self.layout.entry.chip
    }

    /// What is in a column, if the chip has it.
    #[inline]
    pub(super) fn get(&self, column: Column) -> Option<u64> {
        self.layout.places[column as usize].as_ref()?.read(&self.record.columns)
    }

    /// Whether the chip has the column and it is not 0.
    #[inline]
    pub(super) fn is_set(&self, column: Column) -> bool {
        self.get(column).is_some_and(|value| value != 0)
    }

    /// The register index in a column.
    #[inline]
    pub(super) fn register(&self, column: Column) -> Option<u64> {
        self.get(column).map(|value| value / self.layout.entry.register_scale)
    }

    /// What the selectors say. A chip of which none is known has active rows only.
    #[inline]
    fn read_selectors(&self) -> Selectors {
        let greatest = self.layout.selectors.iter().filter_map(|place| place.read(&self.record.columns)).max();
        let active = match self.get(Column::Active) {
            Some(active) => active != 0,
            None => greatest != Some(0),
        };
        Selectors { active: active && self.record.base.valid, greatest: greatest.unwrap_or(0) }
    }

    /// Name of the first selector outside of 0 and 1.
    pub(super) fn selector_outside_bits(&self) -> Option<&'static str> {
        let outside = |place: &&Place| place.read(&self.record.columns).is_some_and(|value| value > 1);
        self.layout.selectors.iter().find(outside).map(|place| place.name)
    }
}

/// An interaction.
pub(super) struct Message<'a> {
    pub(super) record: &'a InteractionRecord,
}

impl Message<'_> {
    /// What is in the field `name`, which is expected at `index`.
    #[inline]
    pub(super) fn field(&self, index: u32, name: &'static str) -> Option<u64> {
        Place { name, index }.read(&self.record.fields)
    }

    #[inline]
    pub(super) fn is_sent(&self) -> bool {
        self.record.base.direction == Direction::Send
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_chip_is_found_by_its_name() {
        let layouts = Layouts::new();
        let names: BTreeSet<&str> = chips().map(|entry| entry.name).collect();
        assert_eq!(names.len(), chips().count(), "names collide");
        assert!(names.len() * 2 < SLOTS);
        let held = layouts.slots.iter().flatten().count();
        assert_eq!(held, names.len());
    }
}
