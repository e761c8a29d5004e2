//! What SP1's chips and buses are for, and what the fields of messages are called.

use assay_runner_kit::circuit::{self, literal, names_or_numbers};
use assay_sp1_sdk::{Bus, Chip};
use assay_spec::trace::{ChipKind, InteractionKind};

/// Kind of a chip by its name's beginning, the first that fits (`sp1-core-machine` 6.10.0, `RiscvAir`).
const KINDS: [(&str, ChipKind); 40] = [
    ("Program", ChipKind::Program),
    ("Instruction", ChipKind::Program),
    ("Addi", ChipKind::Alu),
    ("Addw", ChipKind::Alu),
    ("AddSub", ChipKind::Alu),
    ("Add", ChipKind::Alu),
    ("Subw", ChipKind::Alu),
    ("Sub", ChipKind::Alu),
    ("Bitwise", ChipKind::Alu),
    ("Lt", ChipKind::Alu),
    ("AluX0", ChipKind::Alu),
    ("Mul", ChipKind::Mul),
    ("DivRem", ChipKind::Div),
    ("ShiftLeft", ChipKind::Shift),
    ("ShiftRight", ChipKind::Shift),
    ("Load", ChipKind::Memory),
    ("Store", ChipKind::Memory),
    ("UType", ChipKind::UpperImmediate),
    ("Branch", ChipKind::Branch),
    ("Jalr", ChipKind::Jump),
    ("Jal", ChipKind::Jump),
    ("Syscall", ChipKind::System),
    ("Trap", ChipKind::System),
    ("Mprotect", ChipKind::System),
    ("SigReturn", ChipKind::System),
    ("Byte", ChipKind::Lookup),
    ("Range", ChipKind::Lookup),
    ("MemoryGlobal", ChipKind::Boundary),
    ("PageProtGlobal", ChipKind::Boundary),
    ("MemoryLocal", ChipKind::Boundary),
    ("PageProt", ChipKind::Boundary),
    ("MemoryBump", ChipKind::Boundary),
    ("StateBump", ChipKind::Boundary),
    ("Global", ChipKind::Boundary),
    ("Sha", ChipKind::Hash),
    ("Keccak", ChipKind::Hash),
    ("Poseidon2", ChipKind::Hash),
    ("Uint256", ChipKind::System),
    ("Secp256", ChipKind::System),
    ("Ed", ChipKind::System),
];

/// What a chip is for.
fn kind(name: &str) -> ChipKind {
    KINDS.iter().find(|(part, _)| name.starts_with(part)).map_or(ChipKind::Other, |(_, kind)| *kind)
}

/// The chip as records have it; SP1 does not name the columns of each.
pub(crate) fn recorded(chip: &Chip) -> circuit::Chip {
    circuit::Chip {
        name: chip.name.clone(),
        kind: kind(&chip.name),
        columns: chip.columns.clone().unwrap_or_default(),
        columns_named: chip.columns.is_some(),
        width: chip.width as u64,
    }
}

/// A bus as records have it.
#[derive(Clone, Debug)]
pub struct RecordedBus(pub Bus);

impl circuit::Bus for RecordedBus {
    fn name(&self) -> String {
        bus_name(&self.0.name, self.0.local)
    }

    fn kind(&self) -> InteractionKind {
        interaction_kind(&self.0.name)
    }

    fn field_names(&self, length: usize) -> Vec<String> {
        field_names(&self.0.name, length)
    }

    fn timestamp(&self, fields: &[u32]) -> Option<u64> {
        match (self.0.name.as_str(), fields) {
            ("Memory" | "State", [high, low, ..]) => Some(u64::from(*high) << 24 | u64::from(*low)),
            _ => None,
        }
    }

    fn balances(&self) -> bool {
        self.0.local
    }
}

/// Name of a bus, from SP1's name of its kind: words joined by underscores. One that is not local to a shard says so.
fn bus_name(name: &str, local: bool) -> String {
    let mut text = String::from(if local { "" } else { "global_" });
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Kind of a bus.
fn interaction_kind(name: &str) -> InteractionKind {
    match name {
        "Memory" => InteractionKind::Memory,
        "Program" => InteractionKind::Program,
        "State" => InteractionKind::Execution,
        // One bus for bitwise operations and range checks, told apart by its first field.
        "Byte" => InteractionKind::Lookup,
        _ => InteractionKind::Other,
    }
}

/// Names of a message's fields, in SP1's order (`sp1-core-machine` 6.10.0 `air`, `sp1-hypercube` 6.10.0 `air/builder.rs`).
fn field_names(name: &str, length: usize) -> Vec<String> {
    let names = match name {
        "Memory" => literal(&[
            "clk_high", "clk_low", "addr[0]", "addr[1]", "addr[2]", "value[0]", "value[1]", "value[2]", "value[3]",
        ]),
        "State" => literal(&["clk_high", "clk_low", "pc[0]", "pc[1]", "pc[2]"]),
        "Byte" => literal(&["opcode", "a", "b", "c"]),
        _ => Vec::new(),
    };
    names_or_numbers(names, length)
}
