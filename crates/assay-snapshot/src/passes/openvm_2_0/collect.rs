//! Records, where OpenVM's prover passes; the points at which its witness can be changed are [`points`].

use super::{BACKEND, CIRCUIT, points};
use crate::edit::{Action, Anchor, Edit, Pass, PassKind, Place};

/// The pass.
pub(super) fn pass() -> Pass {
    let mut edits = messages();
    edits.extend(files());
    edits.extend(instructions());
    edits.extend(rows());
    edits.extend(points::edits());
    Pass { kind: PassKind::Collect, edits }
}

/// Messages on buses, as AIRs compute them.
fn messages() -> Vec<Edit> {
    let file = "src/air_builders/debug/mod.rs";
    vec![
        Edit::new(
            "collect.messages",
            BACKEND,
            "src/air_builders/debug/assay_messages.rs",
            Anchor::NewFile,
            Action::Create(include_str!("../../../template/openvm-2.0/messages.rs").into()),
            "What is kept of messages, and how.",
        ),
        Edit::new(
            "collect.messages.module",
            BACKEND,
            file,
            Anchor::File(Place::Start),
            Action::Before("pub mod assay_messages;".into()),
            "Rows are evaluated in another crate.",
        ),
        Edit::new(
            "collect.messages.push",
            BACKEND,
            file,
            Anchor::body_start("impl InteractionBuilder for DebugConstraintBuilder :: fn push_interaction"),
            Action::Before(
                "assay_messages::push(_bus_index, _fields.into_iter().map(Into::into), _count.into());".into(),
            ),
            "The builder for debugging has the message in numbers and drops it.",
        ),
    ]
}

/// The code that is added.
fn files() -> Vec<Edit> {
    let create = |id, file, text: &'static str, why| {
        Edit::new(id, CIRCUIT, file, Anchor::NewFile, Action::Create(text.into()), why)
    };
    vec![
        create(
            "collect.records",
            "src/assay_records.rs",
            include_str!("../../../template/openvm-2.0/records.rs"),
            "What is kept of instructions, and how they are emitted.",
        ),
        create(
            "collect.records.rows",
            "src/assay_records/rows.rs",
            include_str!("../../../template/openvm-2.0/rows.rs"),
            "How rows are emitted, and messages.",
        ),
        Edit::new(
            "collect.records.module",
            CIRCUIT,
            "src/lib.rs",
            Anchor::File(Place::Start),
            Action::Before("pub mod assay_records;".into()),
            "The runner calls it too.",
        ),
    ]
}

/// Instructions, as the preflight interpreter retires them.
fn instructions() -> Vec<Edit> {
    let interpreter =
        |id, anchor, action, why| Edit::new(id, CIRCUIT, "src/arch/interpreter_preflight.rs", anchor, action, why);
    let arena = |id, anchor, text: &'static str, why| {
        Edit::new(id, CIRCUIT, "src/arch/record_arena.rs", anchor, Action::Before(text.into()), why)
    };
    let execute = || {
        Anchor::statement(
            "impl PreflightInterpretedInstance #2 :: fn execute_from_state",
            "self.execute_instruction(state)?;",
        )
    };
    vec![
        arena(
            "collect.arena.rows",
            Anchor::body_end("trait Arena"),
            "/// Rows that are used, of an arena that is a matrix of rows.\n\
             fn assay_rows(&self) -> usize {\n    0\n}",
            "How far an arena grew says which rows an instruction made.",
        ),
        arena(
            "collect.arena.matrix_rows",
            Anchor::body_end("impl Arena for MatrixRecordArena"),
            "fn assay_rows(&self) -> usize {\n    \
             self.trace_offset.checked_div(self.width).unwrap_or_default()\n}",
            "The one kind of arena that is a matrix of rows.",
        ),
        interpreter(
            "collect.segment",
            Anchor::body_end("impl PreflightInterpretedInstance #1 :: fn reset_execution_frequencies"),
            Action::Before("crate::assay_records::begin_segment();".into()),
            "Each segment begins here.",
        ),
        interpreter(
            "collect.instruction.before",
            execute(),
            Action::Before(
                "let assay_before = crate::assay_records::Before::of(state, |pc| {\n    \
                 let entry = self.pc_handler.get(get_pc_index(pc))?;\n    \
                 self.executor_idx_to_air_idx.get(entry.executor_idx as usize).copied()\n\
                 });"
                .into(),
            ),
            "What an instruction changes is gone after it.",
        ),
        interpreter(
            "collect.instruction.after",
            execute(),
            Action::After(
                "let assay_entry = |before: &crate::assay_records::Before| self.pc_handler.get(get_pc_index(before.pc()));\n\
                 if let Some((before, entry)) =\n    \
                 assay_before.and_then(|before| assay_entry(&before).map(|entry| (before, entry)))\n\
                 {\n    \
                 before.retired(state, &entry.insn, || {\n        \
                 let executor = self.inventory.executors.get(entry.executor_idx as usize);\n        \
                 let name = executor.map(|executor| executor.get_opcode_name(entry.insn.opcode.as_usize()));\n        \
                 name.unwrap_or_default()\n    \
                 });\n\
                 }"
                .into(),
            ),
            "An instruction that fails is not retired, and does not come here.",
        ),
        Edit::new(
            "collect.register",
            CIRCUIT,
            "src/system/memory/online.rs",
            Anchor::statement("impl TracingMemory :: fn write", "self.data.write(address_space, pointer, values);"),
            Action::After(
                "crate::assay_records::written(address_space, pointer, &values_prev, &values);".into(),
            ),
            "The register that an instruction writes is what it writes to the address space of registers.",
        ),
    ]
}

/// Rows, when all of a segment are made.
fn rows() -> Vec<Edit> {
    let system = |id, anchor, text: &'static str, why| {
        Edit::new(id, CIRCUIT, "src/system/mod.rs", anchor, Action::Before(text.into()), why)
    };
    vec![
        Edit::new(
            "collect.rows",
            CIRCUIT,
            "src/arch/extensions.rs",
            Anchor::body_end("impl VmChipComplex :: fn generate_proving_ctx"),
            Action::Before(
                "if fuzzer_utils::sink::enabled() {\n    \
                 let mut airs: Vec<AirRefWithColumns<SC>> = self.inventory.airs.system().clone().into_airs();\n    \
                 airs.extend(self.inventory.airs.ext_airs().iter().rev().cloned());\n    \
                 self.system.assay_rows(&airs, &ctx_without_empties);\n\
                 }"
                .into(),
            ),
            "Chips fill their rows one after another, lookup tables last; here all are full.",
        ),
        system(
            "collect.rows.backend",
            Anchor::body_end("trait SystemChipComplex"),
            "/// Emits the rows of a segment. `airs` are those of the circuit, a `Vec<AirRefWithColumns<SC>>`.\n\
             fn assay_rows(&self, _airs: &dyn std::any::Any, _contexts: &[(usize, AirProvingContext<PB>)]) {}",
            "Rows are somewhere else with every backend; this trait knows the backend.",
        ),
        system(
            "collect.rows.cpu",
            Anchor::body_end("impl SystemChipComplex for SystemChipInventory"),
            "fn assay_rows(&self, airs: &dyn std::any::Any, contexts: &[(usize, AirProvingContext<CpuBackend<SC>>)]) {\n    \
             crate::assay_records::rows(airs, contexts);\n}",
            "With this one they are in memory.",
        ),
    ]
}
