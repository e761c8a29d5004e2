//! Giving up a build from outside, such as on Ctrl-C.
//!
//! How processes are ended is not known here: whoever may give up says it.

use std::{fmt::Debug, process::Child, time::Duration};

/// How often a build asks whether somebody wants to give up.
pub(super) const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// Whether to give up, and how a build that runs is ended.
pub trait GiveUp: Debug + Send + Sync {
    /// Whether somebody wants to. Asked often.
    fn is_asked(&self) -> bool;

    /// Ends `leader` with all of the process group that it leads, and reaps it.
    fn end(&self, leader: &mut Child);
}
