//! Guards of the executor and of the replay that precedes proving, each behind a name.

use super::{CIRCUIT, at};
use crate::edit::{Action, Anchor, Edit, Named, Nth, Pass, PassKind};

/// The guards.
pub(super) const GUARDS: [Named; 8] = [
    Named {
        name: "risc0.fetch.address",
        about: "Instructions are neither in page zero nor, of a guest, in the kernel.",
    },
    Named { name: "risc0.data.address", about: "Loads and stores are not in page zero, and of a guest in its memory." },
    Named { name: "risc0.load.alignment", about: "LH, LHU and LW are aligned." },
    Named { name: "risc0.store.alignment", about: "SH and SW are aligned." },
    Named { name: "risc0.bigint.address", about: "Big integers are where the executor lets them be." },
    Named { name: "risc0.mret.mode", about: "MRET is the kernel's." },
    Named { name: "risc0.txn.order", about: "No transaction of a word is at the time of the one before it." },
    Named { name: "risc0.segment.threshold", about: "A segment that goes on has reached its threshold." },
];

/// The pass.
pub(super) fn pass() -> Pass {
    let mut edits = machine();
    edits.extend(emulator());
    edits.extend(statements());
    Pass { kind: PassKind::Relax, edits }
}

/// A condition that must hold holds too when the guard is off.
fn holds(id: &'static str, anchor: Anchor, name: &str, why: &'static str) -> Edit {
    let action = Action::Wrap(format!("fuzzer_utils::relaxed(\"{name}\") || (").into(), ")".into());
    Edit::new(id, CIRCUIT, MACHINE, anchor, action, why)
}

/// A condition that refuses does not when the guard is off.
fn refuses(id: &'static str, file: &'static str, anchor: Anchor, name: &str, why: &'static str) -> Edit {
    let action = Action::Wrap("(".into(), format!(") && !fuzzer_utils::relaxed(\"{name}\")").into());
    Edit::new(id, CIRCUIT, file, anchor, action, why)
}

/// A statement that refuses is left out when the guard is off.
fn left_out(id: &'static str, file: &'static str, anchor: Anchor, name: &str, why: &'static str) -> Edit {
    let action = Action::Wrap(format!("if !fuzzer_utils::relaxed(\"{name}\") {{ ").into(), " }".into());
    Edit::new(id, CIRCUIT, file, anchor, action, why)
}

fn expression(item: &'static str, like: &'static str, nth: Nth) -> Anchor {
    Anchor::Expression { item: item.into(), like: like.into(), nth }
}

const MACHINE: &str = "src/execute/r0vm.rs";
const EMULATOR: &str = "src/execute/rv32im.rs";
const REPLAY: &str = "src/prove/witgen/preflight.rs";

fn machine() -> Vec<Edit> {
    vec![
        holds(
            "relax.fetch.address",
            expression("impl EmuContext for Risc0Machine :: fn check_insn_load", "!(__)", Nth::Only),
            "risc0.fetch.address",
            "Code of the kernel, or of page zero, runs in a guest.",
        ),
        holds(
            "relax.data.address",
            expression(
                "impl EmuContext for Risc0Machine :: fn check_data_load",
                "__ || is_user_memory(addr)",
                Nth::Only,
            ),
            "risc0.data.address",
            "A guest reads and writes memory of the kernel.",
        ),
        refuses(
            "relax.mret.mode",
            MACHINE,
            expression("impl EmuContext for Risc0Machine :: fn mret", "!self.is_machine_mode()", Nth::Only),
            "risc0.mret.mode",
            "A guest goes where the kernel would.",
        ),
    ]
}

fn emulator() -> Vec<Edit> {
    vec![
        refuses(
            "relax.load.half",
            EMULATOR,
            expression("impl Emulator :: fn step_load", "addr.0 & 0x01 != 0", at(0, 2)),
            "risc0.load.alignment",
            "LH of an odd address.",
        ),
        refuses(
            "relax.load.half_unsigned",
            EMULATOR,
            expression("impl Emulator :: fn step_load", "addr.0 & 0x01 != 0", at(1, 2)),
            "risc0.load.alignment",
            "LHU of an odd address.",
        ),
        refuses(
            "relax.load.word",
            EMULATOR,
            expression("impl Emulator :: fn step_load", "addr.0 & 0x03 != 0", Nth::Only),
            "risc0.load.alignment",
            "LW of an address that no word begins at.",
        ),
        refuses(
            "relax.store.half",
            EMULATOR,
            expression("impl Emulator :: fn step_store", "addr.0 & 0x01 != 0", Nth::Only),
            "risc0.store.alignment",
            "SH to an odd address.",
        ),
        refuses(
            "relax.store.word",
            EMULATOR,
            expression("impl Emulator :: fn step_store", "addr.0 & 0x03 != 0", Nth::Only),
            "risc0.store.alignment",
            "SW to an address that no word begins at.",
        ),
    ]
}

fn statements() -> Vec<Edit> {
    vec![
        left_out(
            "relax.bigint.address",
            "src/execute/bigint.rs",
            Anchor::statement("fn check_bigint_addr", "ensure!(__, \"Invalid bigint address\");"),
            "risc0.bigint.address",
            "Big integers anywhere.",
        ),
        left_out(
            "relax.txn.order",
            REPLAY,
            Anchor::statement("impl Preflight :: fn wrap_memory_txns", "ensure!(txn.cycle != txn.prev_cycle);"),
            "risc0.txn.order",
            "The circuit itself has to refuse it.",
        ),
        left_out(
            "relax.segment.threshold",
            REPLAY,
            Anchor::statement("impl Preflight :: fn fini", "bail!(\"Stopping segment too early\");"),
            "risc0.segment.threshold",
            "A segment stops where it likes.",
        ),
    ]
}
