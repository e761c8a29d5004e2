//! What records say that OpenVM's sources do not know: RISC-V words, and what Assay calls chips, buses and fields.

use std::sync::OnceLock;

use assay_runner_kit::circuit::Bus as _;
use assay_runner_openvm::{
    Guest, RecordedBus, mnemonic, recorded,
    sdk::{Bus, Circuit},
};
use assay_spec::trace::{ChipKind, InteractionKind};
use openvm_circuit::assay_records::{self, Access, Vocabulary, Word};

/// Fields of the longest message that is named.
const FIELDS_MAX: usize = 32;

/// Of a guest and the circuit that it is run on.
pub(crate) fn of(guest: &Guest, circuit: &Circuit) -> Vocabulary {
    let program = guest.program();
    let words = program.words().iter().zip(guest.watches()).map(|(&word, watch)| Word {
        word,
        mnemonic: mnemonic(word),
        access: watch.access.map(|access| Access {
            base: access.base,
            offset: access.offset,
            size: access.size,
            write: access.write,
        }),
    });
    let words = words.collect();
    // The circuit is the same in every run of this process.
    static KNOWN: OnceLock<(Vec<assay_records::Chip>, Vec<assay_records::Bus>)> = OnceLock::new();
    let (chips, buses) = KNOWN.get_or_init(|| (chips(circuit), buses(circuit))).clone();
    Vocabulary { base: program.base(), words, chips, buses }
}

/// Name of a bus.
pub(crate) fn bus_name(bus: Bus) -> String {
    RecordedBus(bus).name()
}

fn chips(circuit: &Circuit) -> Vec<assay_records::Chip> {
    let chips = circuit.chips.iter().map(recorded);
    chips.map(|chip| assay_records::Chip { kind: chip_kind(chip.kind), columns: chip.columns }).collect()
}

fn buses(circuit: &Circuit) -> Vec<assay_records::Bus> {
    let count = circuit.buses.iter().map(|bus| usize::from(bus.index) + 1).max().unwrap_or_default();
    let numbered = |index| circuit.buses.iter().find(|bus| usize::from(bus.index) == index);
    (0..count)
        .map(|index| {
            let Some(bus) = numbered(index).copied().map(RecordedBus) else {
                let name = format!("bus[{index}]");
                return assay_records::Bus { name, kind: "other", timed: false, fields: Vec::new() };
            };
            assay_records::Bus {
                name: bus.name(),
                kind: interaction_kind(bus.kind()),
                timed: bus.timestamp(&[0]).is_some(),
                fields: (0..=FIELDS_MAX).map(|length| bus.field_names(length)).collect(),
            }
        })
        .collect()
}

fn chip_kind(kind: ChipKind) -> &'static str {
    match kind {
        ChipKind::Alu => "alu",
        ChipKind::Shift => "shift",
        ChipKind::Mul => "mul",
        ChipKind::Div => "div",
        ChipKind::Memory => "memory",
        ChipKind::Branch => "branch",
        ChipKind::Jump => "jump",
        ChipKind::UpperImmediate => "upper_immediate",
        ChipKind::System => "system",
        ChipKind::Program => "program",
        ChipKind::Boundary => "boundary",
        ChipKind::Hash => "hash",
        ChipKind::Lookup => "lookup",
        ChipKind::Other => "other",
    }
}

fn interaction_kind(kind: InteractionKind) -> &'static str {
    match kind {
        InteractionKind::Execution => "execution",
        InteractionKind::Program => "program",
        InteractionKind::Memory => "memory",
        InteractionKind::RangeCheck => "range_check",
        InteractionKind::Bitwise => "bitwise",
        InteractionKind::Lookup => "lookup",
        InteractionKind::Other => "other",
    }
}
