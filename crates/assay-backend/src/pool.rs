//! Several warm runners of one backend, lent to whoever asks.
//!
//! A runner is one process that does one thing at a time; a pool is how threads get several. Each runner is supervised
//! for itself: what kills one is nothing to the others, and its next request starts it anew. The pool knows when a
//! runner is free, and nothing of what is asked of it.

use std::{
    ffi::OsString,
    num::NonZeroUsize,
    ops::{Deref, DerefMut},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use assay_spec::InstalledRunner;

use crate::{
    backend::{Backend as _, BackendError},
    cancel::CancelToken,
    runner::RunnerBackend,
    supervisor::Settings,
};

/// How long a wait for a free runner lasts before the cancel token is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// Runners of one backend. Dropping the pool ends them all, and every process that they started.
pub struct Pool {
    runner: InstalledRunner,
    arguments: Vec<OsString>,
    settings: Settings,
    cancel: CancelToken,
    size: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    /// Free runners; the one that was used last is last, and used first: it is the warmest.
    free: Vec<RunnerBackend>,
    /// Runners that are lent or being made.
    lent: usize,
}

/// Why no runner was lent.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// All are lent, and none came back in time.
    #[error("all {size} runners of {backend} are in use, and none was free within {:.3} s", patience.as_secs_f64())]
    Busy {
        /// Name of the backend.
        backend: String,
        /// Runners of the pool.
        size: usize,
        /// How long was waited.
        patience: Duration,
    },
    /// Somebody asked to give up.
    #[error("cancelled")]
    Cancelled,
    /// A runner could not be made.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl Pool {
    /// A pool of at most `size` runners. Each is made when it is first needed, its process by its first request.
    pub fn new(runner: InstalledRunner, size: NonZeroUsize, settings: Settings, cancel: CancelToken) -> Self {
        Self::with_arguments(runner, Vec::new(), size, settings, cancel)
    }

    /// The same with arguments for the program; real runners take none.
    pub fn with_arguments(
        runner: InstalledRunner,
        arguments: Vec<OsString>,
        size: NonZeroUsize,
        settings: Settings,
        cancel: CancelToken,
    ) -> Self {
        let (state, freed) = (Mutex::default(), Condvar::new());
        Self { runner, arguments, settings, cancel, size: size.get(), state, freed }
    }

    /// Most runners at a time.
    pub fn size(&self) -> usize {
        self.size
    }

    /// A runner for the caller alone until it is dropped, waiting at most `patience` for one to be free.
    ///
    /// It may be any of them: what it has loaded, and what its process was before, is unknown.
    pub fn check_out(&self, patience: Duration) -> Result<Lent<'_>, PoolError> {
        let started = Instant::now();
        let mut state = self.state();
        loop {
            if self.cancel.is_cancelled() {
                return Err(PoolError::Cancelled);
            }
            if let Some(backend) = state.free.pop() {
                state.lent += 1;
                return Ok(Lent { pool: self, backend: Some(backend) });
            }
            if state.lent < self.size {
                state.lent += 1;
                drop(state);
                return self.make();
            }
            let Some(left) = patience.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) else {
                let backend = self.runner.name.clone();
                return Err(PoolError::Busy { backend, size: self.size, patience });
            };
            let waited = self.freed.wait_timeout(state, left.min(LOOK_INTERVAL));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Runners that are lent at this moment.
    pub fn lent(&self) -> usize {
        self.state().lent
    }

    /// A fresh runner, which is counted as lent already.
    fn make(&self) -> Result<Lent<'_>, PoolError> {
        // Gives the place back if making fails.
        let mut lent = Lent { pool: self, backend: None };
        let (runner, arguments) = (self.runner.clone(), self.arguments.clone());
        let made = RunnerBackend::with_arguments(runner, arguments, self.settings.clone(), self.cancel.clone())?;
        lent.backend = Some(made);
        Ok(lent)
    }

    /// The lock is held for moments only, in which nothing can panic; should something all the same, the counts hold.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A runner that is lent to one caller; dropping it gives it back.
pub struct Lent<'a> {
    pool: &'a Pool,
    /// Absent only while it is being made.
    backend: Option<RunnerBackend>,
}

const LENT: &str = "whoever holds it got it with a runner in it";

impl Deref for Lent<'_> {
    type Target = RunnerBackend;

    fn deref(&self) -> &RunnerBackend {
        self.backend.as_ref().expect(LENT)
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut RunnerBackend {
        self.backend.as_mut().expect(LENT)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // A caller that panicked may have left it amid anything: its end costs a start, and its like is made anew.
        let mut backend = self.backend.take().filter(|_| !thread::panicking());
        if let Some(backend) = &mut backend {
            // The next caller's progress is nothing to this one.
            backend.on_progress(Box::new(|_| ()));
        }
        let mut state = self.pool.state();
        state.lent -= 1;
        state.free.extend(backend);
        drop(state);
        self.pool.freed.notify_one();
    }
}
