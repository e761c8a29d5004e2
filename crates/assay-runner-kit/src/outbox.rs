//! The reply stream, shared by the thread that works and the thread that reads.

use std::{
    fmt,
    io::Write,
    sync::{Mutex, PoisonError},
};

use assay_spec::{
    frame,
    protocol::{Done, ErrorKind, Reply, ReplyFrame, RunnerError},
};

use crate::error::error;

/// Writes whole frames. When the other side is gone writing does nothing: the reader sees the end of the request
/// stream and ends the process.
pub(crate) struct Outbox {
    stream: Mutex<Option<Box<dyn Write + Send>>>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl Outbox {
    pub(crate) fn new(stream: impl Write + Send + 'static) -> Self {
        Self { stream: Mutex::new(Some(Box::new(stream))) }
    }

    /// Sends `reply`; one that is longer than a frame may be is answered as [`ErrorKind::Limit`] instead.
    pub(crate) fn send(&self, reply: &ReplyFrame) {
        let bytes = frame::encode(reply).or_else(|reason| {
            let message = format!("the answer does not fit into a frame: {reason}");
            frame::encode(&ReplyFrame { id: reply.id, reply: Reply::Error(error(ErrorKind::Limit, message)) })
        });
        let bytes = bytes.expect("an error with a clipped message fits into a frame");
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = stream.as_mut().is_some_and(|s| s.write_all(&bytes).and_then(|()| s.flush()).is_ok());
        if !sent {
            *stream = None;
        }
    }

    /// Sends the one answer to request `id`.
    pub(crate) fn answer(&self, id: u64, answer: Result<Done, RunnerError>) {
        let reply = match answer {
            Ok(done) => Reply::Done(Box::new(done)),
            Err(error) => Reply::Error(error),
        };
        self.send(&ReplyFrame { id, reply });
    }
}
