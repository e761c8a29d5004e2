//! Building the errors that a runner answers with.

use assay_spec::{
    outcome::MESSAGE_BYTES_MAX,
    protocol::{ErrorKind, RunnerError},
};

/// An error of `kind` with `message`, cut at [`MESSAGE_BYTES_MAX`].
pub fn error(kind: ErrorKind, message: impl Into<String>) -> RunnerError {
    RunnerError { kind, message: clip(message.into()), backtrace: None }
}

/// `text`, cut at [`MESSAGE_BYTES_MAX`] on a character border: an SDK may quote megabytes of a guest.
pub(crate) fn clip(mut text: String) -> String {
    if text.len() > MESSAGE_BYTES_MAX {
        text.truncate(text.floor_char_boundary(MESSAGE_BYTES_MAX));
        text.push('…');
    }
    text
}
