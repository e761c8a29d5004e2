//! Records, where the prover replays a segment, and the points at which what it replays can be changed.

use super::CIRCUIT;
use crate::edit::{Action, Anchor, Edit, Named, Pass, PassKind};

/// The points. They change what the witness generator gets, not what was executed.
pub(super) const POINTS: [Named; 5] = [
    Named {
        name: "risc0.txn.word",
        about: "What a memory transaction leaves. Position: the transaction, from 0 in each segment.",
    },
    Named { name: "risc0.txn.prev_word", about: "What a memory transaction finds. Position: the transaction." },
    Named { name: "risc0.txn.addr", about: "The word that a memory transaction is of. Position: the transaction." },
    Named { name: "risc0.cycle.pc", about: "Where a cycle goes. Position: the row, from 0 in each segment." },
    Named { name: "risc0.cycle.minor", about: "Which instruction of its group a cycle is. Position: the row." },
];

/// The pass.
pub(super) fn pass() -> Pass {
    const REPLAY: &str = "src/prove/witgen/preflight.rs";
    const SEGMENT: &str = "impl Segment :: fn preflight";
    let call = |id: &'static str, anchor: Anchor, call: &'static str, why: &'static str| {
        Edit::new(id, CIRCUIT, REPLAY, anchor, Action::After(call.into()), why)
    };
    let context = |name: &str| Anchor::body_start(format!("impl Risc0Context for Preflight :: fn {name}"));
    let edits = vec![
        Edit::new(
            "collect.records",
            CIRCUIT,
            "src/prove/witgen/assay_records.rs",
            Anchor::NewFile,
            Action::Create(include_str!("../../../template/risc0-3.0/records.rs").into()),
            "How records are made of what is replayed.",
        ),
        Edit::new(
            "collect.module",
            CIRCUIT,
            "src/prove/witgen/mod.rs",
            Anchor::item("mod bigint"),
            Action::Before("pub(crate) mod assay_records;".into()),
            "The prover's replay calls it.",
        ),
        call(
            "collect.begins",
            Anchor::statement(SEGMENT, "let mut preflight = __;"),
            "super::assay_records::begins(self.index);",
            "Clocks begin anew with each segment.",
        ),
        call(
            "collect.starts",
            context("on_insn_start"),
            "super::assay_records::starts(&self.trace, self.pc.0, self.machine_mode, kind, decoded.insn);",
            "A guest's instruction begins.",
        ),
        call(
            "collect.ends",
            context("on_insn_end"),
            "super::assay_records::ends(&self.trace, self.pc.0);",
            "Its transactions are known.",
        ),
        call(
            "collect.terminates",
            context("on_terminate"),
            "super::assay_records::terminates(&self.trace);",
            "The guest's last call ends here.",
        ),
        call(
            "collect.replace",
            Anchor::statement(SEGMENT, "preflight.wrap_memory_txns()?;"),
            "super::assay_records::replace(&mut preflight.trace);",
            "The trace is whole, and what is derived from it is derived from what was put there.",
        ),
        call(
            "collect.rows",
            Anchor::statement(SEGMENT, "preflight.update_p2_zcheck()?;"),
            "super::assay_records::rows(self.index, &preflight.trace);",
            "Rows and messages as the witness generator gets them.",
        ),
    ];
    Pass { kind: PassKind::Collect, edits }
}
