//! What is proved.

use super::act::{self, Act};

pub(crate) use super::act::{CORE, SILENT_CORE as OTHER_CORE};

/// What the run that fails exits with.
pub(crate) const EXIT_CODE: u8 = 42;

/// What both runs write before they exit.
pub(crate) const OUTPUT: &[u8] = b"before";

/// The input of a run that exits with `code`.
pub(crate) fn exit_input(code: u8) -> Vec<u8> {
    act::input(Act::Exit, &[code])
}
