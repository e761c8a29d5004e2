//! Guards of the executor and of trace generation that can be switched off.
//!
//! A guard is here because what it refuses is what a malicious prover would do: the constraints must refuse it too.
//! Guards that memory safety hangs on stay.

use std::borrow::Cow;

use super::{EXECUTOR, MACHINE};
use crate::edit::{Action, Anchor, Edit, Named, Pass, PassKind, Text};

/// The guards.
pub(super) const GUARDS: &[Named] = &[
    Named { name: "sp1.executor.load_alignment", about: "Loads from addresses that their size does not divide." },
    Named { name: "sp1.executor.store_alignment", about: "Stores to addresses that their size does not divide." },
    Named {
        name: "sp1.executor.commit_word",
        about: "COMMIT of a value of more than 32 bits; without it the low 32 count.",
    },
    Named {
        name: "sp1.executor.unconstrained_calls",
        about: "System calls other than WRITE and EXIT_UNCONSTRAINED in an unconstrained block.",
    },
    Named {
        name: "sp1.executor.hint_length",
        about: "HINT_READ of another length than the hint has; without it the hint's length counts.",
    },
    Named {
        name: "sp1.memory.timestamp_order",
        about: "Rows with a memory access that is not later than the one before it.",
    },
    Named {
        name: "sp1.memory.address_48_bits",
        about: "Rows with an address of more than 48 bits; without it the low 48 count.",
    },
];

const PORTABLE: &str = "src/minimal/arch/portable/mod.rs";

/// The pass.
pub(super) fn pass() -> Pass {
    let mut edits = Vec::new();
    alignment(&mut edits, "load", &[("lh", 2), ("lw", 4), ("lhu", 2), ("lwu", 4), ("ld", 8)]);
    alignment(&mut edits, "store", &[("sh", 2), ("sw", 4), ("sd", 8)]);
    edits.extend([
        Edit::new(
            "relax.commit_word.executor",
            EXECUTOR,
            "src/minimal/ecall.rs",
            Anchor::expression("fn ecall_handler", "arg2.try_into().expect(__)"),
            truncated("arg2"),
            "The executor refuses it.",
        ),
        Edit::new(
            "relax.commit_word.tracing",
            EXECUTOR,
            "src/vm/syscall/commit.rs",
            Anchor::expression("fn commit_syscall", "public_values_digest_word.try_into().expect(__)"),
            truncated("public_values_digest_word"),
            "The tracing machine refuses it too.",
        ),
        Edit::new(
            "relax.unconstrained_calls",
            EXECUTOR,
            "src/minimal/ecall.rs",
            Anchor::expression(
                "fn ecall_handler",
                "code != SyscallCode::WRITE && code != SyscallCode::EXIT_UNCONSTRAINED",
            ),
            Action::Wrap("!fuzzer_utils::relaxed(\"sp1.executor.unconstrained_calls\") && ".into(), "".into()),
            "The executor refuses them.",
        ),
        Edit::new(
            "relax.hint_length",
            EXECUTOR,
            "src/minimal/hint.rs",
            Anchor::statement("fn hint_read", "assert_eq!(vec.len() as u64, len, __);"),
            unless("sp1.executor.hint_length"),
            "The executor refuses it.",
        ),
        Edit::new(
            "relax.timestamp_order",
            MACHINE,
            "src/memory/consistency/trace.rs",
            Anchor::statement("impl MemoryAccessTimestamp :: fn populate_timestamp", "assert!(__);"),
            unless("sp1.memory.timestamp_order"),
            "Trace generation ends the process where constraints should refuse.",
        ),
        Edit::new(
            "relax.address_48_bits",
            MACHINE,
            "src/operations/addrs_add.rs",
            Anchor::statement("impl AddrAddOperation :: fn populate", "assert!(expected >> 48 == 0);"),
            unless("sp1.memory.address_48_bits"),
            "Trace generation ends the process where constraints should refuse.",
        ),
    ]);
    Pass { kind: PassKind::Relax, edits }
}

/// The alignment of loads or stores, by mnemonic and size: the executor asserts it, the tracing machine answers with
/// an error.
fn alignment(edits: &mut Vec<Edit>, what: &'static str, instructions: &[(&str, u8)]) {
    let guard = format!("sp1.executor.{what}_alignment");
    for (mnemonic, size) in instructions {
        let upper = mnemonic.to_uppercase();
        let shown = if what == "load" { " (addr=0x{addr:x})" } else { "" };
        edits.push(Edit::new(
            format!("relax.alignment.executor.{mnemonic}"),
            EXECUTOR,
            PORTABLE,
            Anchor::statement(
                format!("fn {what}_value"),
                format!("assert!(addr.is_multiple_of({size}), \"{upper} must be aligned to {size} bytes{shown}\");"),
            ),
            unless(&guard),
            "The executor refuses the access.",
        ));
        edits.push(Edit::new(
            format!("relax.alignment.tracing.{mnemonic}"),
            EXECUTOR,
            "src/vm.rs",
            Anchor::statement(
                format!("impl CoreVM<'a, M> #1 :: fn compute_{what}_value"),
                format!("return Err(ExecutionError::InvalidMemoryAccess(Opcode::{upper}, addr));"),
            ),
            unless(&guard),
            "The tracing machine refuses it too.",
        ));
    }
}

/// A statement that is left out while the guard is off.
fn unless(guard: &str) -> Action {
    Action::Wrap(Cow::Owned(format!("if !fuzzer_utils::relaxed({guard:?}) {{ ")), " }".into())
}

/// A conversion to `u32` that cuts while the guard is off.
fn truncated(value: &str) -> Action {
    let prefix: Text =
        format!("if fuzzer_utils::relaxed(\"sp1.executor.commit_word\") {{ {value} as u32 }} else {{ ").into();
    Action::Wrap(prefix, " }".into())
}
