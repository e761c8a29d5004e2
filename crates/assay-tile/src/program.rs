//! What the program around a tile does, from its private input to its public output.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;

use crate::{
    answer::{Answer, Failure, FailureKind},
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

/// In front of a failure in a log.
const LOG_MARKER: &str = "assay-tile failure: ";

/// What a program logs of a failure that it does not make public: a line with the failure in hex.
pub fn failure_log(failure: &Answer) -> String {
    let mut line = String::from(LOG_MARKER);
    for byte in &failure.bytes {
        // Writing to a String cannot fail.
        let _ = write!(line, "{byte:02x}");
    }
    line.push('\n');
    line
}

/// The failure that a log tells of at last, as [`failure_log`] writes it. Any program can write such a line.
pub fn failure_in_log(log: &str) -> Option<Failure> {
    let (_, line) = log.rsplit_once(LOG_MARKER)?;
    let hex = line.lines().next()?.as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let bytes: Option<Vec<u8>> = hex
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
            _ => None,
        })
        .collect();
    postcard::from_bytes(&bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_in_a_log_again() {
        let failure = Answer::failed(FailureKind::Tile, "no \u{e4}pples", Vec::from([1, 2, 255]));
        let log = alloc::format!("working\n{}more\n", failure_log(&failure));
        let found = failure_in_log(&log).expect("it is there");
        assert_eq!((found.message.as_str(), found.error.as_slice()), ("no \u{e4}pples", &[1, 2, 255][..]));
        for no in
            ["", "assay-tile failure: ", "assay-tile failure: 0", "assay-tile failure: zz", "assay-tile failure: ff"]
        {
            assert_eq!(failure_in_log(no), None, "{no}");
        }
    }
}
