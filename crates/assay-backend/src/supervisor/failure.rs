//! Why a request has no answer: one type per cause, and who was behind it.

use std::{fmt, io, path::PathBuf, time::Duration};

use assay_spec::{
    Status,
    frame::FRAME_BYTES_MAX,
    protocol::{ErrorKind, PROTOCOL, RunnerError},
};
use nix::sys::signal::Signal;

use crate::sandbox::SandboxError;

/// Why a request has no answer. What we did (limits, cancellation) and what happened to the runner (its death by
/// itself or by the system) are different variants.
#[derive(Debug, thiserror::Error)]
pub enum RunnerFailure {
    /// The program could not be started.
    #[error("cannot start the runner {}: {source}; install it again", binary.display())]
    Spawn {
        /// The program.
        binary: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It was not started, for want of the sandbox around it.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The process started but did not come through `hello`.
    #[error("the runner did not come up: {0}")]
    Handshake(Box<RunnerFailure>),
    /// It speaks another protocol.
    #[error("the runner speaks {theirs}, not {PROTOCOL}; install a runner of this version of Assay")]
    ProtocolVersion {
        /// What it speaks.
        theirs: String,
    },
    /// The wall limit was reached; we stopped it.
    #[error("no answer within the wall limit of {:.3} s; {stop}", limit.as_secs_f64())]
    WallLimit {
        /// The limit.
        limit: Duration,
        /// How it was stopped.
        stop: Stop,
    },
    /// The memory limit was reached; we killed it.
    #[error("{resident_bytes} bytes resident, above the memory limit of {limit_bytes}; we killed the runner")]
    MemoryLimit {
        /// The limit.
        limit_bytes: u64,
        /// What was seen.
        resident_bytes: u64,
    },
    /// A file that it writes grew beyond its limit; we killed it.
    #[error("{} has {bytes} bytes, above the limit of {limit_bytes}; we killed the runner", path.display())]
    FileLimit {
        /// The file.
        path: PathBuf,
        /// The limit.
        limit_bytes: u64,
        /// What was seen.
        bytes: u64,
    },
    /// It started processes without end; we killed them.
    #[error("{processes} processes of the runner, above the limit of {limit}; we killed them")]
    ProcessLimit {
        /// The limit.
        limit: usize,
        /// What was seen.
        processes: usize,
    },
    /// Someone asked us to give up.
    #[error("cancelled; {stop}")]
    Cancelled {
        /// How the runner was stopped.
        stop: Stop,
    },
    /// The process ended without our doing.
    #[error("the runner died without an answer: {exit}{}", quoted(stderr))]
    Died {
        /// How it ended.
        exit: Exit,
        /// The end of what it wrote to stderr.
        stderr: String,
    },
    /// It did not keep the protocol; we killed it.
    #[error("the runner broke the protocol: {0}")]
    Protocol(#[from] ProtocolViolation),
    /// It answered with an error.
    #[error("{0}")]
    Answered(RunnerError),
    /// Our own end of the pipes failed.
    #[error("cannot talk to the runner: {0}")]
    Io(#[from] io::Error),
}

fn quoted(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!("; the end of its stderr:\n{stderr}") }
}

impl RunnerFailure {
    /// The status of the run that failed so; `None` where nothing was run and it is no statement about the guest
    /// or the runner (start, cancellation, our own I/O).
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Spawn { .. } | Self::Sandbox(_) | Self::Cancelled { .. } | Self::Io(_) => None,
            Self::Handshake(cause) => match **cause {
                // The limit on `hello` is ours; a guest had no part in it.
                Self::WallLimit { .. } => Some(Status::RunnerCrash),
                ref cause => cause.status(),
            },
            Self::WallLimit { .. } => Some(Status::Timeout),
            Self::MemoryLimit { .. } => Some(Status::OutOfMemory),
            Self::FileLimit { .. } => Some(Status::OutputLimit),
            Self::Died { .. } | Self::ProcessLimit { .. } => Some(Status::RunnerCrash),
            Self::ProtocolVersion { .. } | Self::Protocol(_) => Some(Status::ProtocolError),
            Self::Answered(error) => answered_status(error.kind),
        }
    }
}

/// A caught panic of the SDK is a crash that happened to be caught; requests that the runner says were wrong or out
/// of order are a failure of the conversation.
fn answered_status(kind: ErrorKind) -> Option<Status> {
    match kind {
        ErrorKind::UnsupportedGuest | ErrorKind::Limit => Some(Status::Unsupported),
        ErrorKind::Panic | ErrorKind::Sdk => Some(Status::RunnerCrash),
        // `Cancelled`: when we cancel, the failure is another variant; here the runner gave up unasked.
        ErrorKind::BadRequest | ErrorKind::ProtocolVersion | ErrorKind::UnknownGuest | ErrorKind::Cancelled => {
            Some(Status::ProtocolError)
        }
        ErrorKind::Io => None,
    }
}

/// What a runner did that the protocol does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolViolation {
    /// A length above the cap.
    #[error("a frame claims {claimed} bytes; the limit is {FRAME_BYTES_MAX}")]
    FrameTooLong {
        /// Bytes that the length claims.
        claimed: usize,
    },
    /// A frame that is not a reply.
    #[error("a frame of {bytes} bytes is not a reply: {error}")]
    NotAReply {
        /// Length of the frame.
        bytes: usize,
        /// What did not fit.
        error: String,
    },
    /// The stream ended inside of a frame.
    #[error("it ended inside of a frame, after {bytes} bytes of it")]
    HalfFrame {
        /// Bytes that came.
        bytes: usize,
    },
    /// A reply to a request that was never made.
    #[error("a reply to request {found}, which was never made; {expected} was open")]
    UnknownId {
        /// The reply's id.
        found: u64,
        /// The open request.
        expected: u64,
    },
    /// It says that what we sent is no request.
    #[error("it did not understand a request: {error}")]
    NotUnderstood {
        /// What it says.
        error: RunnerError,
    },
    /// More replies to a request that had its answer.
    #[error("more replies after the answer to request {id}")]
    ReplyAfterDone {
        /// The answered request.
        id: u64,
    },
    /// An answer of another request's type.
    #[error("{asked} was answered as if it were {answered}")]
    WrongReply {
        /// What was asked.
        asked: &'static str,
        /// What was answered.
        answered: &'static str,
    },
    /// An answer of the right type that cannot be true.
    #[error("the answer to {asked} cannot be: {why}")]
    Implausible {
        /// What was asked.
        asked: &'static str,
        /// Why not.
        why: String,
    },
    /// Progress without end.
    #[error("more than {limit} progress replies to one request")]
    ProgressFlood {
        /// The limit.
        limit: u64,
    },
    /// It closed a descriptor of the protocol and lived on.
    #[error("it closed its end of the protocol and lived on")]
    Closed,
}

/// How we stopped a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nothing was running.
    Idle,
    /// It gave the request up when asked, and lives.
    Gracefully,
    /// It was sent SIGTERM and went.
    Terminated,
    /// It was sent SIGKILL.
    Killed,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Idle => "nothing was running",
            Self::Gracefully => "the runner gave it up when asked",
            Self::Terminated => "we ended the runner (SIGTERM)",
            Self::Killed => "we killed the runner (SIGKILL)",
        })
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// It could not be learnt.
    Unknown,
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(number) => {
                match Signal::try_from(number) {
                    Ok(signal) => write!(f, "signal {number} ({signal})")?,
                    Err(_) => write!(f, "signal {number}")?,
                }
                if number == Signal::SIGKILL as i32 {
                    f.write_str(", which we did not send: perhaps the system was out of memory (see dmesg)")?;
                }
                Ok(())
            }
            Self::Unknown => f.write_str("for an unknown reason"),
        }
    }
}
