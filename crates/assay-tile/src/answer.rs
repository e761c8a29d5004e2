//! What a tile says to bytes: its output, or how it failed.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{Tile, claim::Status};

/// Longest message of a failure, in bytes; longer ones are cut.
pub const FAILURE_MESSAGE_BYTES_MAX: usize = 256;

/// What a tile says, before anybody has been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is an output or a failure.
    pub status: Status,
    /// postcard: the output, or a [`Failure`].
    pub bytes: Vec<u8>,
}

/// How a tile failed, as it reaches the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// What is the matter, for people; at most [`FAILURE_MESSAGE_BYTES_MAX`] bytes.
    pub message: String,
    /// The tile's own error in postcard, where it is that; else empty.
    pub error: Vec<u8>,
}

/// Kinds of failure. Their numbers are those of the status in a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// The tile returned an error.
    Tile,
    /// The input is no arguments of the tile.
    Input,
    /// What was given is no frame around an input.
    Frame,
}

impl FailureKind {
    /// The status of a claim about such a failure.
    pub fn status(self) -> Status {
        match self {
            Self::Tile => Status::TileFailed,
            Self::Input => Status::BadInput,
            Self::Frame => Status::BadFrame,
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Tile => "the tile failed",
            Self::Input => "the input does not fit the tile",
            Self::Frame => "the input is not framed",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

/// The error of tiles that have none: there is no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoError {}

impl fmt::Display for NoError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl Answer {
    pub(crate) fn failed(kind: FailureKind, message: &str, error: Vec<u8>) -> Self {
        let mut end = message.len().min(FAILURE_MESSAGE_BYTES_MAX);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        let failure = Failure { kind, message: message[..end].into(), error };
        let bytes = postcard::to_allocvec(&failure).expect("a failure is strings and bytes");
        Self { status: kind.status(), bytes }
    }
}

/// Calls `T` with what `input` says in postcard, all of it. What the entry of a tile does.
pub fn answer<T: Tile>(input: &[u8]) -> Answer {
    let arguments = match postcard::take_from_bytes::<T::Input>(input) {
        Ok((arguments, [])) => arguments,
        Ok((_, rest)) => {
            let used = input.len() - rest.len();
            let message = format!("{} bytes follow the {used} that tile {} takes", rest.len(), T::ID);
            return Answer::failed(FailureKind::Input, &message, Vec::new());
        }
        Err(error) => {
            let message = format!("{} bytes are no input of tile {}: {error}", input.len(), T::ID);
            return Answer::failed(FailureKind::Input, &message, Vec::new());
        }
    };
    match T::call(arguments).map(|output| postcard::to_allocvec(&output)) {
        Ok(Ok(bytes)) => Answer { status: Status::Ok, bytes },
        Ok(Err(error)) => {
            let message = format!("what it returned has no form in postcard: {error}");
            Answer::failed(FailureKind::Tile, &message, Vec::new())
        }
        // An error without a form in postcard still has its message.
        Err(error) => {
            Answer::failed(FailureKind::Tile, &format!("{error}"), postcard::to_allocvec(&error).unwrap_or_default())
        }
    }
}
