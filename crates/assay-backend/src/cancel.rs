//! Giving up from outside, such as on Ctrl-C.

use std::{
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use assay_guest::GiveUp;

use crate::registry::end_group;

/// Shared by whoever asks for the end and whoever waits. Once cancelled, it stays so.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everyone who holds a clone to give up. Safe to call from a signal-handling thread.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Builds of guests are ended as those of runners are.
impl GiveUp for CancelToken {
    fn is_asked(&self) -> bool {
        self.is_cancelled()
    }

    fn end(&self, leader: &mut Child) {
        end_group(leader);
    }
}
