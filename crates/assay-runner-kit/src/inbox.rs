//! Requests that wait, the one that runs, and which of them were cancelled.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use assay_spec::protocol::RequestFrame;

/// Most requests that wait behind the running one.
pub const WAITING_REQUESTS_MAX: usize = 16;

/// A request taken from the inbox.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) frame: RequestFrame,
    pub(crate) cancel: Arc<AtomicBool>,
}

/// Why a request was not taken in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// [`WAITING_REQUESTS_MAX`] wait already.
    Full,
    /// The id is that of a request that waits or runs.
    DuplicateId,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Job>,
    running: Option<(u64, Arc<AtomicBool>)>,
    closed: bool,
}

/// The queue between the thread that reads and the thread that works.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a request.
    pub(crate) fn push(&self, frame: RequestFrame) -> Result<(), Refused> {
        let mut state = self.lock();
        let waits = state.waiting.iter().any(|job| job.frame.id == frame.id);
        let runs = state.running.as_ref().is_some_and(|(id, _)| *id == frame.id);
        if waits || runs {
            return Err(Refused::DuplicateId);
        }
        if state.waiting.len() >= WAITING_REQUESTS_MAX {
            return Err(Refused::Full);
        }
        state.waiting.push_back(Job { frame, cancel: Arc::default() });
        self.changed.notify_all();
        Ok(())
    }

    /// The next request, which from now on runs, and ends the one before; blocks while none waits. `None` when
    /// the inbox is closed.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        state.running = None;
        self.changed.notify_all();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.waiting.pop_front() {
                state.running = Some((job.frame.id, Arc::clone(&job.cancel)));
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Marks the request `id` as cancelled, if it waits or runs.
    pub(crate) fn cancel(&self, id: u64) {
        let state = self.lock();
        let waiting = state.waiting.iter().filter(|job| job.frame.id == id).map(|job| &job.cancel);
        let running = state.running.iter().filter(|(running, _)| *running == id).map(|(_, c)| c);
        for cancel in waiting.chain(running) {
            cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Drops what waits, cancels what runs, and lets [`Inbox::next`] return `None`.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.waiting.clear();
        if let Some((_, cancel)) = &state.running {
            cancel.store(true, Ordering::Relaxed);
        }
        self.changed.notify_all();
    }

    /// Waits until nothing runs, but not longer than `limit`; whether that came to be.
    pub(crate) fn idle_within(&self, limit: Duration) -> bool {
        let (state, _) = self
            .changed
            .wait_timeout_while(self.lock(), limit, |state| state.running.is_some())
            .unwrap_or_else(PoisonError::into_inner);
        state.running.is_none()
    }
}
