//! What a bucket is: a name for ever, words for people, and the rules that match it.

use std::fmt;

use assay_isa::Class;
use assay_spec::trace::InteractionKind;

use super::{
    facts::Facts,
    state::State,
    views::{Executed, Message, Row},
    zkvm::Chip,
};

/// A named condition over a trace.
#[derive(Debug)]
pub struct Bucket {
    /// Its id, stable for ever.
    pub id: &'static str,
    /// What sort of circuit logic it is about.
    pub category: Category,
    /// What it matches, in terms of instruction records, chip rows and interactions.
    pub matches: &'static str,
    /// Backends whose traces hold what it needs.
    pub backends: &'static [Backend],
    /// Public bugs of that territory.
    pub bugs: &'static [Bug],
    /// Assembly that reaches it on one of the backends.
    pub example: &'static str,
    /// How it is recognised; a hit of any rule is a hit of the bucket.
    pub(super) rules: &'static [Rule],
}

/// What sort of circuit logic a bucket is about: the first or second part of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Accelerators (precompiles).
    Accelerator,
    /// Addition, logic, comparison, shifts.
    Alu,
    /// Multiplication, division, sign extension.
    Arithmetic,
    /// Jumps, branches, calls.
    Control,
    /// From the instruction word to operands.
    Decode,
    /// Buses.
    Interaction,
    /// Names from before the categories.
    Legacy,
    /// Lookup tables.
    Lookup,
    /// Loads, stores, memory boundaries.
    Memory,
    /// Rows as such, padding above all.
    Row,
    /// Where a run is cut into segments or shards.
    Shard,
    /// Clocks.
    Time,
}

impl Category {
    /// As it stands in ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accelerator => "accelerator",
            Self::Alu => "alu",
            Self::Arithmetic => "arithmetic",
            Self::Control => "control",
            Self::Decode => "decode",
            Self::Interaction => "interaction",
            Self::Legacy => "legacy",
            Self::Lookup => "lookup",
            Self::Memory => "memory",
            Self::Row => "row",
            Self::Shard => "shard",
            Self::Time => "time",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A backend whose traces are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// The reference machine: instructions and one interaction per access, no chip rows.
    Reference,
    /// OpenVM 2.0.2: all three record types.
    OpenVm,
    /// SP1 6.10.0: all three record types; the columns of its `AluX0` and `Global` chips have no names.
    Sp1,
    /// RISC Zero 3.0.6: instructions only.
    Risc0,
}

impl Backend {
    /// Every backend.
    pub const ALL: &[Self] = &[Self::Reference, Self::OpenVm, Self::Sp1, Self::Risc0];

    /// As `--backend` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::OpenVm => "openvm",
            Self::Sp1 => "sp1",
            Self::Risc0 => "risc0",
        }
    }
}

/// A public bug.
#[derive(Clone, Copy, Debug)]
pub struct Bug {
    /// Which zkVM, and what was wrong.
    pub what: &'static str,
    /// Where that is said: a URL.
    pub reference: &'static str,
}

/// How a bucket is recognised in one type of record. Only records of the classes named are looked at.
#[derive(Debug)]
pub(super) enum Rule {
    /// In an instruction record, registers and memory being as they were before it.
    Instruction(&'static [Class], fn(&Executed, &State) -> Option<Facts>),
    /// In a chip row.
    Row(&'static [Chip], fn(&Row, &State) -> Option<Facts>),
    /// Rows of such chips that an instruction made belong to the hit that the instruction is.
    RowsOfHit(&'static [Chip]),
    /// In an interaction.
    Message(&'static [InteractionKind], fn(&Message, &State) -> Option<Facts>),
}
