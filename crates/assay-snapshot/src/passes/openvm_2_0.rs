//! OpenVM 2.0, made for and tested on the published crates of 2.0.2 (and 2.0.1 of its proof system).
//!
//! OpenVM executes a segment with its preflight interpreter, which leaves a record per row in the arenas of chips, and then has
//! chips fill their rows in place of the records. Records are emitted at these two places, which proving passes too. Messages
//! on buses are no cells of a trace: the AIRs' own code is evaluated over each row, by the builder that OpenVM has for
//! debugging, which checks the row's constraints on the way.
//!
//! Proving and verifying themselves are left alone: no guard of the verifier can be switched off, and what it says of a proof is
//! what the published one says.

mod collect;
mod points;
mod relax;

use super::infrastructure;
use crate::edit::{Package, PassSet};

const BACKEND: &str = "openvm-stark-backend";
const CIRCUIT: &str = "openvm-circuit";
const RV32IM: &str = "openvm-rv32im-circuit";

const PACKAGES: &[Package] = &[
    Package { name: BACKEND, version: "2.0.1" },
    Package { name: CIRCUIT, version: "2.0.2" },
    Package { name: RV32IM, version: "2.0.2" },
];

/// The pass set.
pub(crate) fn passes() -> PassSet {
    PassSet {
        family: "openvm_2_0",
        zkvm: "openvm",
        about: "Made for OpenVM 2.0.2 and tested on it; other versions of OpenVM have not been tried.",
        packages: PACKAGES,
        passes: [infrastructure::pass(PACKAGES), relax::pass(), collect::pass()],
        guards: relax::GUARDS,
        points: points::POINTS,
    }
}
