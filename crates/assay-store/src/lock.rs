//! Locks between processes: who may change what at the same time, and who waits how long.
//!
//! Two lock files. Whoever makes files (guests, inputs, run logs) holds `content` together with others that do; whoever
//! removes files holds it alone, so that a file that nothing refers to yet is not taken for one that nothing refers to any
//! more. Whoever changes findings, `summary.csv` or the index holds `store` alone. Who needs both takes `store` first and
//! never while holding `content` together with others. The system gives a lock up with its process, however that ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::{StoreError, disk::Step};

/// How long a lock is waited for.
pub const LOCK_WAIT_MAX: Duration = Duration::from_mins(1);

/// Between two attempts at first; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_micros(200);
const PAUSE_MAX: Duration = Duration::from_millis(10);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    /// Held open: the lock goes with it.
    _file: File,
}

/// Alone or together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    Shared,
    Alone,
}

impl Lock {
    /// Waits for the lock file at `path` for at most `wait`.
    pub(crate) fn take(path: &Path, hold: Hold, wait: Duration) -> Result<Self, StoreError> {
        Self::attempt(path, hold, wait)?.ok_or_else(|| StoreError::Busy { path: path.to_owned(), waited: wait })
    }

    /// The lock, unless somebody else has it for longer than `wait`.
    pub(crate) fn attempt(path: &Path, hold: Hold, wait: Duration) -> Result<Option<Self>, StoreError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|source| StoreError::io(Step::Create, path, source))?;
        Ok(try_for(&file, path, hold, wait)?.then_some(Self { _file: file }))
    }
}

/// Waits until `file`, which may be a folder and is at `path`, is locked, for at most `wait`.
pub(crate) fn wait_for(file: &File, path: &Path, hold: Hold, wait: Duration) -> Result<(), StoreError> {
    let busy = || StoreError::Busy { path: path.to_owned(), waited: wait };
    try_for(file, path, hold, wait)?.then_some(()).ok_or_else(busy)
}

/// Whether `file` could be locked within `wait`.
fn try_for(file: &File, path: &Path, hold: Hold, wait: Duration) -> Result<bool, StoreError> {
    let (begin, mut pause) = (Instant::now(), PAUSE_MIN);
    loop {
        let tried = match hold {
            Hold::Shared => file.try_lock_shared(),
            Hold::Alone => file.try_lock(),
        };
        match tried {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(source)) => return Err(StoreError::read(path, source)),
            Err(TryLockError::WouldBlock) if begin.elapsed() >= wait => return Ok(false),
            Err(TryLockError::WouldBlock) => thread::sleep(pause),
        }
        pause = PAUSE_MAX.min(pause * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_held_alone_is_waited_for_and_then_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let wait = Duration::from_millis(5);
        let held = Lock::take(&path, Hold::Alone, wait).unwrap();
        for hold in [Hold::Alone, Hold::Shared] {
            assert!(matches!(Lock::take(&path, hold, wait), Err(StoreError::Busy { .. })));
        }
        drop(held);
        let shared = [Lock::take(&path, Hold::Shared, wait).unwrap(), Lock::take(&path, Hold::Shared, wait).unwrap()];
        assert!(Lock::attempt(&path, Hold::Alone, wait).unwrap().is_none());
        drop(shared);
        Lock::take(&path, Hold::Alone, wait).unwrap();
    }
}
