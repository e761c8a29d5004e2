//! What OpenVM's chips and buses are for, and what the fields of messages are called.

use std::collections::HashSet;

use assay_openvm_sdk::{Bus, BusRole, Chip};
use assay_runner_kit::circuit::{self, indexed, literal, names_or_numbers};
use assay_spec::trace::{ChipKind, InteractionKind};

/// Kind of a chip by a part of its name, the first that fits (`openvm-circuit`, `openvm-rv32im-circuit` 2.0.2).
const KINDS: [(&str, ChipKind); 22] = [
    ("ProgramAir", ChipKind::Program),
    ("VmConnectorAir", ChipKind::Boundary),
    ("PersistentBoundaryAir", ChipKind::Boundary),
    ("MemoryMerkleAir", ChipKind::Boundary),
    ("Poseidon2", ChipKind::Hash),
    ("RangeChecker", ChipKind::Lookup),
    ("RangeTuple", ChipKind::Lookup),
    ("BitwiseOperationLookup", ChipKind::Lookup),
    ("Phantom", ChipKind::System),
    ("HintStore", ChipKind::System),
    ("LoadSignExtend", ChipKind::Memory),
    ("LoadStore", ChipKind::Memory),
    ("BaseAlu", ChipKind::Alu),
    ("Shift", ChipKind::Shift),
    ("BranchLessThan", ChipKind::Branch),
    ("BranchEqual", ChipKind::Branch),
    ("LessThan", ChipKind::Alu),
    ("DivRem", ChipKind::Div),
    ("Mul", ChipKind::Mul),
    ("JalLui", ChipKind::Jump),
    ("Jalr", ChipKind::Jump),
    ("Auipc", ChipKind::UpperImmediate),
];

/// What a chip is for. The core's name decides where a chip is `VmAirWrapper<adapter, core>`: adapters are shared.
fn kind(chip: &Chip) -> ChipKind {
    let core = chip.name.rsplit_once(", ").map_or(chip.name.as_str(), |(_, core)| core);
    let kind_of = |name: &str| KINDS.iter().find(|(part, _)| name.contains(part)).map(|(_, kind)| *kind);
    kind_of(core).or_else(|| kind_of(&chip.name)).unwrap_or(ChipKind::Other)
}

/// The chip as records have it. Columns that OpenVM does not name get numbers, and so do those that it gives one name.
pub fn recorded(chip: &Chip) -> circuit::Chip {
    let mut columns = chip.columns.clone().unwrap_or_else(|| indexed("column", chip.width));
    let mut seen = HashSet::new();
    for (index, name) in columns.iter_mut().enumerate() {
        if seen.contains(name) {
            *name = format!("{name}[{index}]");
        }
        seen.insert(name.clone());
    }
    circuit::Chip {
        name: chip.name.clone(),
        kind: kind(chip),
        columns,
        columns_named: chip.columns.is_some(),
        width: chip.width as u64,
    }
}

/// A bus as records have it.
#[derive(Clone, Copy, Debug)]
pub struct RecordedBus(pub Bus);

impl circuit::Bus for RecordedBus {
    fn name(&self) -> String {
        bus_name(self.0)
    }

    fn kind(&self) -> InteractionKind {
        interaction_kind(self.0.role)
    }

    fn field_names(&self, length: usize) -> Vec<String> {
        field_names(self.0.role, length)
    }

    fn timestamp(&self, fields: &[u32]) -> Option<u64> {
        let timed = matches!(self.0.role, BusRole::Execution | BusRole::Memory);
        fields.last().copied().filter(|_| timed).map(u64::from)
    }

    fn balances(&self) -> bool {
        true
    }
}

/// Name of a bus.
fn bus_name(bus: Bus) -> String {
    match bus.role {
        BusRole::Execution => "execution".to_owned(),
        BusRole::Memory => "memory".to_owned(),
        BusRole::Program => "program".to_owned(),
        BusRole::RangeCheck => "range_check".to_owned(),
        BusRole::Bitwise => "bitwise".to_owned(),
        BusRole::RangeTuple => "range_tuple".to_owned(),
        BusRole::Merkle => "memory_merkle".to_owned(),
        BusRole::Compression => "compression".to_owned(),
        BusRole::Other => format!("bus[{}]", bus.index),
    }
}

/// Kind of a bus.
fn interaction_kind(role: BusRole) -> InteractionKind {
    match role {
        BusRole::Execution => InteractionKind::Execution,
        BusRole::Memory => InteractionKind::Memory,
        BusRole::Program => InteractionKind::Program,
        BusRole::RangeCheck => InteractionKind::RangeCheck,
        BusRole::Bitwise => InteractionKind::Bitwise,
        BusRole::RangeTuple => InteractionKind::Lookup,
        BusRole::Merkle | BusRole::Compression | BusRole::Other => InteractionKind::Other,
    }
}

/// Names of a message's fields, as OpenVM 2.0.2 orders them.
fn field_names(role: BusRole, length: usize) -> Vec<String> {
    let names = match role {
        BusRole::Execution => literal(&["pc", "timestamp"]),
        BusRole::Memory if length > 3 => {
            [literal(&["address_space", "pointer"]), indexed("data", length - 3), literal(&["timestamp"])].concat()
        }
        BusRole::Program => literal(&["pc", "opcode", "a", "b", "c", "d", "e", "f", "g"]),
        BusRole::RangeCheck => literal(&["value", "max_bits"]),
        BusRole::Bitwise => literal(&["x", "y", "z", "op"]),
        BusRole::RangeTuple => indexed("value", length),
        BusRole::Merkle if length > 4 => [
            literal(&["expand_direction", "height", "address_space_label", "address_label"]),
            indexed("hash", length - 4),
        ]
        .concat(),
        BusRole::Compression if length.is_multiple_of(3) => {
            let third = length / 3;
            [indexed("left", third), indexed("right", third), indexed("output", third)].concat()
        }
        _ => Vec::new(),
    };
    names_or_numbers(names, length)
}
