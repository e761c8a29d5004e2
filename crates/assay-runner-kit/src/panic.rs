//! Panics as values: what was said, where, and from where it was called.
//!
//! SDKs use thread pools: a panic on a pool's thread is rethrown on the thread that waits, whose own hook never
//! runs. The note that the hook leaves is therefore one per process, not one per thread. One `catch` runs at a
//! time, so that a note belongs to the work that runs.

use std::{
    any::Any,
    backtrace::Backtrace,
    panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind},
    sync::{Mutex, Once, PoisonError},
};

use assay_spec::protocol::{ErrorKind, RunnerError};

use crate::error::{clip, error};

struct Note {
    message: String,
    location: String,
    backtrace: Backtrace,
}

/// Held by the `catch` that runs.
static TURN: Mutex<()> = Mutex::new(());
static FIRST: Mutex<Option<Note>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// A panic that was caught.
#[derive(Debug)]
pub struct Caught {
    /// What the panic said.
    pub message: String,
    /// File, line and column.
    pub location: String,
    backtrace: Option<Backtrace>,
}

impl From<Caught> for RunnerError {
    fn from(caught: Caught) -> Self {
        let message = format!("{} (at {})", caught.message, caught.location);
        let backtrace = caught.backtrace.map(|backtrace| clip(backtrace.to_string()));
        Self { backtrace, ..error(ErrorKind::Panic, message) }
    }
}

/// Calls `work`; a panic in it, on this thread or on one that it waits for, comes back as a value.
///
/// The first panic counts: those that follow are usually its consequences. What `work` changed stays changed; the
/// caller says what of it can still be used. A second thread waits until the first is done; `work` itself must not
/// call this again.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Caught> {
    HOOK.call_once(|| std::panic::set_hook(Box::new(hook)));
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    *FIRST.lock().unwrap_or_else(PoisonError::into_inner) = None;
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        match FIRST.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(Note { message, location, backtrace }) => Caught { message, location, backtrace: Some(backtrace) },
            // `resume_unwind` runs no hook.
            None => Caught {
                message: text_of(&*payload).to_owned(),
                location: "an unknown place".to_owned(),
                backtrace: None,
            },
        }
    })
}

/// A panic within [`catch`] that somebody looks at before it goes on.
pub(crate) struct Held(Box<dyn Any + Send>);

/// As [`catch`], for `work` within its work: what panicked is noted still, for whoever lets the panic go on.
pub(crate) fn within_catch<T>(work: impl FnOnce() -> T) -> Result<T, Held> {
    catch_unwind(AssertUnwindSafe(work)).map_err(Held)
}

impl Held {
    /// Lets the panic go on as if nobody had held it.
    pub(crate) fn rethrow(self) -> ! {
        resume_unwind(self.0)
    }

    /// What the panic said; it is over with that.
    pub(crate) fn said(self) -> String {
        match FIRST.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(Note { message, location, .. }) => format!("{message} (at {location})"),
            None => text_of(&*self.0).to_owned(),
        }
    }
}

fn hook(info: &PanicHookInfo<'_>) {
    let note = Note {
        message: clip(text_of(info.payload()).to_owned()),
        location: info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string),
        backtrace: Backtrace::force_capture(),
    };
    eprintln!("panic at {}: {}", note.location, note.message);
    FIRST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(note);
}

fn text_of(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}
