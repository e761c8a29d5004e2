//! The runner protocol (`assay.runner/1`): what the supervisor asks and what a runner answers.
//!
//! Frames are JSON behind a length (see [`crate::frame`]) on two inherited file descriptors. Every request has
//! an id; its replies carry the same id: any number of `progress`, then exactly one `done` or `error`. Bulk data
//! (ELFs, inputs, traces) travels by file in a folder that the supervisor makes for the request.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    description::RunnerDescription,
    outcome::RunReport,
    receipt::{ProofClaims, ProofFacts},
    trace::TraceSummary,
};

/// Name and major version of the protocol, said in `hello` by both sides.
pub const PROTOCOL: &str = "assay.runner/1";

/// File descriptor on which a runner reads requests.
pub const REQUEST_FD: i32 = 3;

/// File descriptor on which a runner writes replies.
pub const REPLY_FD: i32 = 4;

/// A request and its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestFrame {
    /// Chosen by the supervisor; never used twice in the life of a runner.
    pub id: u64,
    /// What is asked.
    pub request: Request,
}

/// A reply and the id of its request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyFrame {
    /// Id of the request.
    pub id: u64,
    /// What is answered.
    pub reply: Reply,
}

/// What a supervisor asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Request {
    /// First request: which protocol.
    Hello {
        /// [`PROTOCOL`].
        protocol: String,
    },
    /// What the runner is and can do.
    Describe,
    /// Read a guest and keep it for later requests.
    Load {
        /// Path of the ELF.
        elf_path: String,
    },
    /// Execute a loaded guest.
    Execute(RunRequest),
    /// Execute a loaded guest and write its trace.
    Trace(TraceRequest),
    /// Execute a loaded guest and prove the run.
    Prove(ProveRequest),
    /// Compute what a loaded guest's proofs of one kind are bound to.
    Identify(IdentifyRequest),
    /// Verify a proof. Needs no guest.
    Verify(VerifyRequest),
    /// Give up the request `id` as soon as possible: it answers with [`ErrorKind::Cancelled`].
    Cancel {
        /// Id of the request to give up.
        id: u64,
    },
    /// Answer, then exit.
    Shutdown,
}

/// What a run takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunRequest {
    /// Digest of a loaded guest's ELF.
    pub guest: Digest,
    /// Path of the input bytes; absent for an empty input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_path: Option<String>,
    /// Most instructions to execute; reaching it is [`crate::Status::Timeout`].
    pub max_steps: u64,
    /// Whether the exact cost of proving the run is asked for too, which may take a second, slower execution.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost: bool,
}

/// What a proved run takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProveRequest {
    /// The run.
    pub run: RunRequest,
    /// Name of a [`ProofKind`](crate::receipt::ProofKind) that the runner describes.
    pub kind: String,
    /// File to write the proof to, in the runner's own encoding. It does not exist yet.
    pub proof_path: String,
}

/// Whose commitment is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IdentifyRequest {
    /// Digest of a loaded guest's ELF.
    pub guest: Digest,
    /// Name of the proof kind.
    pub kind: String,
}

/// What verifying a proof takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyRequest {
    /// File of the proof, in the runner's own encoding. Hostile until it is verified.
    pub proof_path: String,
    /// Name of the proof kind that it is said to be.
    pub kind: String,
    /// What the proof must be bound to, as `identify` and `prove` spell it.
    pub image_id: String,
}

/// What a traced run takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TraceRequest {
    /// The run.
    pub run: RunRequest,
    /// File to write the records to, one JSON record a line. It does not exist yet.
    pub records_path: String,
    /// Which record types to write.
    pub records: RecordSelection,
    /// Most records to write; the trace is marked truncated when it is reached.
    pub max_records: u64,
}

/// Which records a trace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordSelection {
    /// Every type that the backend gives.
    All,
    /// Instruction records only: what finding the first diverging instruction needs.
    Instructions,
}

/// What a runner answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Reply {
    /// Still at work.
    Progress(Progress),
    /// The answer.
    Done(Box<Done>),
    /// There is none, and why.
    Error(RunnerError),
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// What is being done, such as `keygen`.
    pub stage: String,
    /// Units done.
    pub done: u64,
    /// Units in all, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// Answers by request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Done {
    /// To `hello`.
    Hello {
        /// [`PROTOCOL`] as the runner speaks it.
        protocol: String,
    },
    /// To `describe`.
    Describe(RunnerDescription),
    /// To `load`.
    Load(Loaded),
    /// To `execute`.
    Execute(RunReport),
    /// To `trace`.
    Trace(Traced),
    /// To `prove`.
    Prove(Proved),
    /// To `identify`.
    Identify {
        /// The zkVM's commitment to the program, as proofs of that kind carry it.
        image_id: String,
    },
    /// To `verify`.
    Verify(Verified),
    /// To `cancel` and `shutdown`.
    Acknowledged,
}

/// A loaded guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loaded {
    /// SHA-256 of the ELF, the handle for later requests.
    pub digest: Digest,
    /// The zkVM's commitment to the program, where loading computes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<String>,
    /// Instructions of the program.
    pub instructions: u64,
}

/// A traced run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Traced {
    /// What the run did.
    pub run: RunReport,
    /// What was written.
    pub summary: TraceSummary,
}

/// A run and its proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proved {
    /// What the run did.
    pub run: RunReport,
    /// The proof that was written; absent where the run came to no end that the zkVM can prove, as `run` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofFacts>,
}

/// What verifying a proof came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verified {
    /// What the verifier says.
    pub verdict: ProofVerdict,
    /// Time of the zkVM's verifier itself, without reading the file and setting up, in milliseconds.
    pub verify_ms: f64,
    /// Time of setting up the verifier, in milliseconds.
    pub setup_ms: f64,
    /// Greatest resident size of the process, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
}

/// What a verifier says of a proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", content = "detail", rename_all = "snake_case")]
pub enum ProofVerdict {
    /// It holds, and says this.
    Accepted(ProofClaims),
    /// It does not hold, in the words of the zkVM's verifier. A panic of the verifier on a hostile proof is one too, and
    /// says so.
    Rejected(String),
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct RunnerError {
    /// Of which sort.
    pub kind: ErrorKind,
    /// For people.
    pub message: String,
    /// Where, for [`ErrorKind::Panic`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtrace: Option<String>,
}

/// Sorts of errors that a runner answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The request was not understood, or out of order.
    BadRequest,
    /// Another protocol version.
    ProtocolVersion,
    /// The zkVM does not take this guest (format, instruction set, memory map).
    UnsupportedGuest,
    /// No guest with that digest is loaded.
    UnknownGuest,
    /// A file of the request could not be read or written.
    Io,
    /// A named limit of the runner was exceeded.
    Limit,
    /// The zkVM's SDK returned an error that is not the guest's doing.
    Sdk,
    /// The zkVM's SDK panicked.
    Panic,
    /// The request was cancelled.
    Cancelled,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BadRequest => "bad request",
            Self::ProtocolVersion => "protocol version",
            Self::UnsupportedGuest => "unsupported guest",
            Self::UnknownGuest => "unknown guest",
            Self::Io => "file error",
            Self::Limit => "limit exceeded",
            Self::Sdk => "zkVM error",
            Self::Panic => "zkVM panic",
            Self::Cancelled => "cancelled",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_replies_keep_their_wire_form() {
        let request = RequestFrame { id: 7, request: Request::Load { elf_path: "g.elf".into() } };
        let json = r#"{"id":7,"request":{"type":"load","data":{"elf_path":"g.elf"}}}"#;
        assert_eq!(serde_json::to_string(&request).unwrap(), json);

        let reply = ReplyFrame { id: 7, reply: Reply::Done(Box::new(Done::Acknowledged)) };
        let json = r#"{"id":7,"reply":{"type":"done","data":{"type":"acknowledged"}}}"#;
        assert_eq!(serde_json::to_string(&reply).unwrap(), json);
        assert_eq!(serde_json::from_str::<ReplyFrame>(json).unwrap(), reply);
    }
}
