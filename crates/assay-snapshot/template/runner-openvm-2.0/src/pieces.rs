//! From the sink of the patched sources to the runner's records.
//!
//! The sink writes when a segment ends, and is emptied right after: what waits here is the text of one segment.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use assay_runner_kit::Records;
use assay_spec::protocol::RunnerError;

/// What the sink wrote: whole lines in each piece.
#[derive(Clone, Default)]
pub(crate) struct Pieces(Arc<Mutex<Vec<Vec<u8>>>>);

impl Pieces {
    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts what was written so far into `records`.
    pub(crate) fn drain(&self, records: &mut Records<'_>) -> Result<(), RunnerError> {
        let pieces = std::mem::take(&mut *self.lock());
        for piece in pieces {
            records.push_lines(&piece)?;
        }
        Ok(())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
