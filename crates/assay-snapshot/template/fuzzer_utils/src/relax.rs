//! Guards that can be switched off by name.
//!
//! A guard is an assertion or a check that the relax pass made conditional. Which ones are off is set by [`set`], or by
//! the environment variable `ASSAY_RELAX` (names with commas between them) if nobody called it before the first guard
//! is met.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

const UNREAD: u8 = 0;
const NONE: u8 = 1;
const SOME: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNREAD);
static OFF: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The environment variable.
pub const VARIABLE: &str = "ASSAY_RELAX";

/// Whether the guard of that name is off.
#[inline]
pub fn relaxed(name: &str) -> bool {
    STATE.load(Ordering::Relaxed) != NONE && look_up(name)
}

/// Switches off the guards that are named, with commas between them, and all others on.
pub fn set(names: &str) {
    let mut off = OFF.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *off = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    STATE.store(if off.is_empty() { NONE } else { SOME }, Ordering::Relaxed);
}

#[cold]
fn look_up(name: &str) -> bool {
    if STATE.load(Ordering::Relaxed) == UNREAD {
        set(&std::env::var(VARIABLE).unwrap_or_default());
    }
    let off = OFF.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    off.iter().any(|known| known == name)
}
