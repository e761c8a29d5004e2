//! The calls of the platform `standard` by their raw ECALL: what its page in the docs promises, and what it refuses.

use assay_spec::{Platform, TrapKind};

use crate::case::{Case, Expect, Group, Target};

/// What must come of a call.
enum Outcome {
    Trap(TrapKind),
    /// The sequence halts by itself, and this is its output.
    Output(&'static [u8]),
}

use Outcome::{Output, Trap};

/// Halts with 0.
const HALT: &str = "li t0, 0\nli a0, 0\necall";

/// Puts the bytes 1, 2, 3, 4 at 0x400000.
const FOUR_BYTES: &str = "lui a3, 0x400\nli a4, 0x04030201\nsw a4, 0(a3)";

/// The name, what it is about, the sequence, and what must come out.
const CALLS: [(&str, &str, &str, Outcome); 19] = [
    ("retired-hint-len", "The retired HINT_LEN", "li t0, 0xf0\necall", Trap(TrapKind::RetiredCall)),
    ("retired-hint-read", "The retired HINT_READ", "li t0, 0xf1\necall", Trap(TrapKind::RetiredCall)),
    ("unknown", "A selector that nothing has", "li t0, 0x113\necall", Trap(TrapKind::UnknownCall)),
    ("unknown-near", "A selector between two that there are", "li t0, 0x11\necall", Trap(TrapKind::UnknownCall)),
    (
        "write-13",
        "WRITE to fd 13 is output",
        "BYTES\nli t0, 2\nli a0, 13\nmv a1, a3\nli a2, 4\necall\nEND",
        Output(&[1, 2, 3, 4]),
    ),
    (
        "write-log",
        "WRITE to fd 1 is no output",
        "BYTES\nli t0, 2\nli a0, 1\nmv a1, a3\nli a2, 4\necall\nEND",
        Output(&[]),
    ),
    (
        "write-nowhere",
        "WRITE to fd 7 does nothing, whatever the range",
        "li t0, 2\nli a0, 7\nli a1, -1\nli a2, -1\necall\nEND",
        Output(&[]),
    ),
    (
        "write-order",
        "WRITE and write_output make one output",
        "BYTES\nli t0, 2\nli a0, 13\nmv a1, a3\nli a2, 2\necall\nli t0, 0x10\naddi a0, a3, 2\nli a1, 2\necall\nEND",
        Output(&[1, 2, 3, 4]),
    ),
    ("write-null", "write_output of nothing at NULL", "li t0, 0x10\nli a0, 0\nli a1, 0\necall\nEND", Output(&[])),
    (
        "write-nothing-unmapped",
        "write_output of nothing at an address without memory",
        "li t0, 0x10\nli a0, -8\nli a1, 0\necall\nEND",
        Output(&[]),
    ),
    (
        "write-unmapped",
        "write_output of memory that is not there",
        "li t0, 0x10\nli a0, -64\nli a1, 8\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "write-wrapping",
        "write_output of a range that goes on at 0",
        "li t0, 0x10\nli a0, -8\nli a1, 16\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "write-everything",
        "write_output of all addresses but one",
        "lui a0, 0x400\nli t0, 0x10\nli a1, -1\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "write-log-unmapped",
        "WRITE to fd 2 of memory that is not there",
        "li t0, 2\nli a0, 2\nli a1, -64\nli a2, 8\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "read-cell-misaligned",
        "read_input into a misaligned cell",
        "lui a3, 0x400\naddi a0, a3, 1\naddi a1, a3, 8\nli t0, 0xf2\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "read-cell-unmapped",
        "read_input into a cell without memory",
        "lui a0, 0x400\nli a1, -8\nli t0, 0xf2\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "read-cell-in-code",
        "read_input into a cell that is code",
        "auipc a0, 0\nandi a0, a0, -8\nmv a1, a0\nli t0, 0xf2\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "read-cell-in-input",
        "read_input into a cell in the input buffer",
        "lui a0, 0x400\naddi a1, a0, 8\nli t0, 0xf2\necall\nLOAD a0, 0(a0)\necall",
        Trap(TrapKind::BadCallArgument),
    ),
    (
        "store-into-input",
        "A store by an instruction into the input buffer",
        "lui a0, 0x400\naddi a1, a0, 8\nli t0, 0xf2\necall\nLOAD a0, 0(a0)\nsb a0, 0(a0)",
        Trap(TrapKind::StoreFault),
    ),
];

pub(super) fn cases(target: Target) -> Vec<Case> {
    if target.platform != Platform::Standard {
        return Vec::new();
    }
    let load = if target.xlen() == Some(assay_isa::Xlen::Rv64) { "ld" } else { "lw" };
    let case = |(name, about, text, outcome): &(&str, &str, &str, Outcome)| {
        let text = text.replace("BYTES", FOUR_BYTES).replace("END", HALT).replace("LOAD", load);
        let expect = match outcome {
            Trap(kind) => Expect::Trap(vec![*kind]),
            Output(bytes) => Expect::ok(*bytes),
        };
        Case::sequence(Group::Call, name, about, text, expect).with_input(b"an input".to_vec())
    };
    CALLS.iter().map(case).collect()
}
