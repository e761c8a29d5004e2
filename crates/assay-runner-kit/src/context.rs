//! What a request can say and hear while it runs.

use std::{
    cell::{Cell, RefCell},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use assay_spec::protocol::{ErrorKind, Progress, Reply, ReplyFrame, RunnerError};

use crate::{error::error, outbox::Outbox};

/// Shortest time between two `progress` replies of one stage.
pub const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

static NEVER: AtomicBool = AtomicBool::new(false);

/// The running request, as its runner sees it.
#[derive(Debug)]
pub struct Context<'a> {
    id: u64,
    outbox: Option<&'a Outbox>,
    cancel: &'a AtomicBool,
    sent_at: Cell<Option<Instant>>,
    stage: RefCell<String>,
}

impl Context<'static> {
    /// A context that nobody listens to and nobody cancels: for calling a runner without a supervisor.
    pub fn detached() -> Self {
        Self::new(0, None, &NEVER)
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(id: u64, outbox: Option<&'a Outbox>, cancel: &'a AtomicBool) -> Self {
        Self { id, outbox, cancel, sent_at: Cell::new(None), stage: RefCell::new(String::new()) }
    }

    /// Says how far the request is, in units of the stage's own. Cheap to call often: within a stage at most one
    /// reply per [`PROGRESS_INTERVAL`] is sent. Stage names are few and short, such as `keygen`.
    pub fn progress(&self, stage: &str, done: u64, total: Option<u64>) {
        let Some(outbox) = self.outbox else { return };
        let now = Instant::now();
        let new_stage = *self.stage.borrow() != stage;
        let due = self.sent_at.get().is_none_or(|at| now.duration_since(at) >= PROGRESS_INTERVAL);
        if !new_stage && !due {
            return;
        }
        self.sent_at.set(Some(now));
        if new_stage {
            stage.clone_into(&mut self.stage.borrow_mut());
        }
        let progress = Progress { stage: stage.to_owned(), done, total };
        outbox.send(&ReplyFrame { id: self.id, reply: Reply::Progress(progress) });
    }

    /// Whether the supervisor no longer wants the answer, or is gone.
    pub fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// [`ErrorKind::Cancelled`] if the request was cancelled: for `?` at a place where stopping is safe.
    pub fn check_cancelled(&self) -> Result<(), RunnerError> {
        if self.cancelled() { Err(error(ErrorKind::Cancelled, "the request was cancelled")) } else { Ok(()) }
    }
}
