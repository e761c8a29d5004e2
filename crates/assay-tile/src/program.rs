//! What the program around a tile does, from its private input to its public output.

use alloc::{string::ToString, vec::Vec};

use crate::{
    answer::{Answer, FailureKind},
    claim::{Claim, InputBinding, RUNTIME_VERSION, Status},
    frame::unframe,
};

/// What of an answer is made public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// A claim, then the answer: a failure is an end like any other.
    Claim,
    /// The output alone. Then a proof says nothing about the input or the tile's version, and a failure has none.
    Plain,
}

/// How the program ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The whole public output.
    pub public: Vec<u8>,
    /// What it exits with.
    pub exit_code: u8,
    /// For the log: how the tile failed, where that is not public.
    pub failure: Option<Answer>,
}

/// The exit code of a plain program whose tile failed.
const FAILED: u8 = 1;

/// Answers `framed` with `entry`, which is the tile whose digest is `tile`.
///
/// # Panics
///
/// If the answer has 4 GiB or more, which no guest has memory for.
pub fn respond(framed: &[u8], tile: [u8; 32], publish: Publish, entry: fn(&[u8]) -> Answer) -> Ended {
    let (answer, input) = match unframe(framed) {
        Ok((input, salt)) => (entry(input), InputBinding::of(input, salt)),
        // What was given is what the failure is about: all of it.
        Err(error) => {
            (Answer::failed(FailureKind::Frame, &error.to_string(), Vec::new()), InputBinding::of(framed, None))
        }
    };
    match publish {
        Publish::Plain if answer.status == Status::Ok => Ended { public: answer.bytes, exit_code: 0, failure: None },
        Publish::Plain => Ended { public: Vec::new(), exit_code: FAILED, failure: Some(answer) },
        Publish::Claim => {
            let length = u32::try_from(answer.bytes.len()).expect("no guest has 4 GiB of memory");
            let claim = Claim { tile, runtime_version: RUNTIME_VERSION, input, status: answer.status, length };
            let mut public = claim.encode().to_vec();
            public.extend_from_slice(&answer.bytes);
            Ended { public, exit_code: 0, failure: None }
        }
    }
}
