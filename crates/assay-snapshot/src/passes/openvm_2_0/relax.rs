//! Guards of execution and of trace generation, made switchable.
//!
//! A guard that is off lets a run go on that OpenVM would have stopped. Whether its proof then verifies is for the
//! constraints to say, which are as they were.

use super::{BACKEND, CIRCUIT, RV32IM};
use crate::edit::{Action, Anchor, Edit, Named, Pass, PassKind};

/// The guards.
pub(super) const GUARDS: &[Named] = &[
    Named {
        name: "openvm.debug.constraints",
        about: "Rows that violate a constraint of their AIR, where the builder for debugging evaluates it: while records \
                are collected.",
    },
    Named {
        name: "openvm.memory.aligned",
        about: "Accesses to blocks of memory whose pointer is no multiple of the block's size.",
    },
    Named {
        name: "openvm.load_store.aligned",
        about: "Loads and stores of half-words and words whose address is no multiple of their size. Off: the address is \
                rounded down, as the pure interpreter does.",
    },
    Named {
        name: "openvm.load_store.address_range",
        about: "Loads and stores outside of memory. Off: the address is taken modulo the size of memory.",
    },
    Named { name: "openvm.jalr.pc_range", about: "JALR to an address of more than 30 bits." },
    Named {
        name: "openvm.trace.heights",
        about: "Traces of a segment that are together so high that the buses' sums may wrap around.",
    },
    Named {
        name: "openvm.prover.logup_sum",
        about: "Witnesses whose messages on buses do not balance, before they are proved. Off: a proof of them is made, for \
                a verifier to judge.",
    },
];

const LOAD_STORE: &str = "impl AdapterTraceExecutor for Rv32LoadStoreAdapterExecutor";

/// The pass.
pub(super) fn pass() -> Pass {
    let debug = "src/air_builders/debug/mod.rs";
    let builder = "impl AirBuilder for DebugConstraintBuilder";
    let unless = |guard: &str| format!("if !fuzzer_utils::relaxed(\"{guard}\") {{\n");
    let constraints = |function: &str| {
        Edit::new(
            format!("relax.debug.{function}"),
            BACKEND,
            debug,
            Anchor::body_start(format!("{builder} :: fn {function}")),
            Action::Before("if fuzzer_utils::relaxed(\"openvm.debug.constraints\") {\n    return;\n}".into()),
            "Rows that violate a constraint are to be seen, too.",
        )
    };
    let within_memory = |function: &str, pointer: &str, statement: &'static str| {
        Edit::new(
            format!("relax.load_store.address_range.{function}"),
            RV32IM,
            "src/adapters/loadstore.rs",
            Anchor::statement(format!("{LOAD_STORE} :: fn {function}"), statement),
            Action::After(
                format!(
                    "let {pointer} = if fuzzer_utils::relaxed(\"openvm.load_store.address_range\") {{\n    \
                     {pointer} & (u32::MAX >> (32 - self.pointer_max_bits))\n\
                     }} else {{\n    \
                     {pointer}\n\
                     }};"
                )
                .into(),
            ),
            "An address beyond memory has no cell: one within stands in for it.",
        )
    };
    let edits = vec![
        constraints("assert_zero"),
        constraints("assert_eq"),
        Edit::new(
            "relax.memory.aligned",
            CIRCUIT,
            "src/system/memory/online.rs",
            Anchor::statement("impl TracingMemory :: fn assert_valid_access", "assert_eq!(__);"),
            Action::Wrap(unless("openvm.memory.aligned").into(), "\n}".into()),
            "Memory that is accessed elsewhere than at its blocks is what the memory argument takes for impossible.",
        ),
        Edit::new(
            "relax.load_store.aligned",
            RV32IM,
            "src/adapters/loadstore.rs",
            Anchor::statement(format!("{LOAD_STORE} :: fn read"), "let shift_amount = ptr_val & 3;"),
            Action::Before(
                "let ptr_val = if fuzzer_utils::relaxed(\"openvm.load_store.aligned\") {\n    \
                 match local_opcode {\n        \
                 LOADW | STOREW => ptr_val & !3,\n        \
                 LOADH | LOADHU | STOREH => ptr_val & !1,\n        \
                 _ => ptr_val,\n    \
                 }\n\
                 } else {\n    \
                 ptr_val\n\
                 };"
                .into(),
            ),
            "The executor takes the address apart here; the row takes it apart anew from register and immediate.",
        ),
        within_memory("read", "ptr_val", "let ptr_val = ptr_val - shift_amount;"),
        within_memory("write", "ptr", "let ptr = record.rs1_val.wrapping_add(imm_extended) & !3;"),
        Edit::new(
            "relax.jalr.pc_range",
            RV32IM,
            "src/jalr/core.rs",
            Anchor::statement("fn run_jalr", "assert!(to_pc < (1 << PC_BITS));"),
            Action::Wrap(unless("openvm.jalr.pc_range").into(), "\n}".into()),
            "Where a jump may go is for the constraints to say.",
        ),
        Edit::new(
            "relax.trace.heights",
            CIRCUIT,
            "src/arch/vm.rs",
            Anchor::expression(
                "impl VirtualMachine #1 :: fn generate_proving_ctx",
                "value >= constraint.threshold as u64",
            ),
            Action::Wrap(String::new().into(), " && !fuzzer_utils::relaxed(\"openvm.trace.heights\")".into()),
            "The verifier checks heights by itself.",
        ),
        Edit::new(
            "relax.prover.logup_sum",
            BACKEND,
            "src/prover/logup_zerocheck/fractional_sumcheck_gkr.rs",
            Anchor::expression("fn fractional_sumcheck", "frac_sum.p != SC::EF::ZERO"),
            Action::Wrap(String::new().into(), " && !fuzzer_utils::relaxed(\"openvm.prover.logup_sum\")".into()),
            "A prover of a bad witness does not refuse itself: whether the verifier does is the question.",
        ),
    ];
    Pass { kind: PassKind::Relax, edits }
}
