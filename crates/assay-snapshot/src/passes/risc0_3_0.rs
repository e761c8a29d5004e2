//! RISC Zero 3.0.1, the older release line: made for and tested on `risc0-circuit-rv32im` 4.0.1, which is its circuit.
//!
//! 3.0.1 is known to be vulnerable: CVE-2025-61588 (GHSA-jqq4-c7wq-36h7), a memory safety failure in `sys_read`, which
//! guests are compiled with; 3.0.3 has the fix. And its executor's check of addresses of big integers binds as
//! `(a && kernel) || b`, so that a guest may use page zero; 4.0.5 has the brackets. Of the older lines it is the one
//! that builds best: it differs from the current one in its executor alone, so that the kernels in C++ and most crates
//! are those of the current runner and are compiled once for both.
//!
//! Everything that is patched is in one crate. Records are emitted where the prover replays a segment (`preflight`),
//! before the kernels in C++ turn cycles into the columns of the circuit: a row has the fields of `RawPreflightCycle`.
//! The trait for calls gets the shape that it has in 4.0.5, so that the runner of the current line serves this one. The
//! verifier has no guard that can be switched off and no injection point.

mod collect;
mod relax;

use super::infrastructure;
use crate::edit::{Action, Anchor, Edit, Nth, Package, PassSet};

const CIRCUIT: &str = "risc0-circuit-rv32im";

const PACKAGES: &[Package] = &[Package { name: CIRCUIT, version: "4.0.1" }];

/// The pass set.
pub(crate) fn passes() -> PassSet {
    let mut infrastructure = infrastructure::pass(PACKAGES);
    infrastructure.edits.extend(calls());
    PassSet {
        family: "risc0_3_0",
        zkvm: "risc0",
        about: "Made for risc0-circuit-rv32im 4.0.1, the circuit of RISC Zero 3.0.1, and tested on it.",
        packages: PACKAGES,
        passes: [infrastructure, relax::pass(), collect::pass()],
        guards: &relax::GUARDS,
        points: &collect::POINTS,
    }
}

/// The trait for calls as 4.0.5 has it.
fn calls() -> Vec<Edit> {
    const WHY: &str = "The runner answers calls through the trait of 4.0.5.";
    let replace = |id: &'static str, file: &'static str, context: &'static str, new: &'static str| {
        Edit::new(id, CIRCUIT, file, Anchor::literal(context), Action::Replace(new.into()), WHY)
    };
    vec![
        replace(
            "infrastructure.calls.read",
            "src/execute/syscall.rs",
            "host_read(&self, ctx: &mut dyn",
            "host_read(&self, ctx: &mut impl",
        ),
        replace(
            "infrastructure.calls.write",
            "src/execute/syscall.rs",
            "host_write(&self, ctx: &mut dyn",
            "host_write(&self, ctx: &mut impl",
        ),
        Edit::new(
            "infrastructure.calls.region",
            CIRCUIT,
            "src/execute/syscall.rs",
            Anchor::body_end("trait SyscallContext"),
            Action::Before(
                "/// Provides a reader for the given region of memory.\n\
                 fn read_region(&mut self, addr: ByteAddr, size: usize) -> Result<impl std::io::Read>\n\
                 where\n    Self: Sized,\n{\n    \
                 Ok(std::io::Cursor::new(self.peek_region(addr, size)?))\n}"
                    .into(),
            ),
            WHY,
        ),
        replace(
            "infrastructure.calls.segment_read",
            "src/execute/segment.rs",
            "host_read(&self, _ctx: &mut dyn",
            "host_read(&self, _ctx: &mut impl",
        ),
        replace(
            "infrastructure.calls.segment_write",
            "src/execute/segment.rs",
            "host_write(&self, _ctx: &mut dyn",
            "host_write(&self, _ctx: &mut impl",
        ),
        replace(
            "infrastructure.calls.test_read",
            "src/execute/testutil.rs",
            "host_read(&self, _ctx: &mut dyn",
            "host_read(&self, _ctx: &mut impl",
        ),
        replace(
            "infrastructure.calls.test_write",
            "src/execute/testutil.rs",
            "host_write(&self, _ctx: &mut dyn",
            "host_write(&self, _ctx: &mut impl",
        ),
    ]
}

/// A statement or expression that is there `of` times.
const fn at(index: usize, of: usize) -> Nth {
    Nth::At { index, of }
}
