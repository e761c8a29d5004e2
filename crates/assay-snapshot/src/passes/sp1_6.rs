//! SP1 6, made for and tested on the published crates of 6.10.0.
//!
//! SP1's prover takes three crates apart: the executor makes events, `sp1-core-machine` fills rows of them,
//! `sp1-hypercube` proves rows. Records are emitted where the prover itself passes: instructions where the tracing
//! machine emits its events, rows and messages where a chip's trace is generated, messages of public values where
//! they are taken out of a shard. SP1's user mode is left alone but for what it shares with supervisor mode.
//!
//! The verifier has no guard that can be switched off and no injection point: what it says of a proof is what the
//! published one says.

mod collect;
mod relax;

use super::infrastructure;
use crate::edit::{Named, Package, PassSet};

const HYPERCUBE: &str = "sp1-hypercube";
const EXECUTOR: &str = "sp1-core-executor";
const MACHINE: &str = "sp1-core-machine";

const PACKAGES: &[Package] = &[
    Package { name: HYPERCUBE, version: "6.10.0" },
    Package { name: EXECUTOR, version: "6.10.0" },
    Package { name: MACHINE, version: "6.10.0" },
];

/// The pass set.
pub(crate) fn passes() -> PassSet {
    PassSet {
        family: "sp1_6",
        zkvm: "sp1",
        about: "Made for SP1 6.10.0 and tested on it; other versions of SP1 6 have not been tried.",
        packages: PACKAGES,
        passes: [infrastructure::pass(PACKAGES), relax::pass(), collect::pass()],
        guards: relax::GUARDS,
        points: POINTS,
    }
}

macro_rules! rows {
    ($($chip:literal),* $(,)?) => {
        [$(Named {
            name: concat!("sp1.row.", $chip),
            about: "A cell of the chip's trace. Position: row × width + column, in each shard.",
        }),*]
    };
}

/// The chips of a guest without precompiles. The points of others are called after them in the same way.
const ROWS: [Named; 37] = rows![
    "program",
    "add",
    "addi",
    "addw",
    "sub",
    "subw",
    "bitwise",
    "div_rem",
    "mul",
    "shift_right",
    "shift_left",
    "lt",
    "alu_x0",
    "load_byte",
    "load_half",
    "load_word",
    "load_double",
    "load_x0",
    "store_byte",
    "store_half",
    "store_word",
    "store_double",
    "u_type",
    "branch",
    "jal",
    "jalr",
    "syscall_instrs",
    "syscall_core",
    "syscall_precompile",
    "memory_bump",
    "state_bump",
    "memory_global_init",
    "memory_global_finalize",
    "memory_local",
    "global",
    "byte",
    "range",
];

const POINTS: &[Named] = &{
    let mut points = [Named { name: "", about: "" }; collect::POINTS.len() + ROWS.len()];
    let mut index = 0;
    while index < points.len() {
        let values = collect::POINTS.len();
        points[index] = if index < values { collect::POINTS[index] } else { ROWS[index - values] };
        index += 1;
    }
    points
};
