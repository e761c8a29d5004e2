//! What comparing outcomes says.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Word,
    outcome::{Status, Trap},
    registers::Register,
    trace::InstructionRecord,
};

/// What comparing a target's outcome with the baseline's says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", content = "detail", rename_all = "snake_case")]
pub enum Verdict {
    /// Same end, same output, same registers.
    Agree,
    /// Both failed in the same way; what differs in how they say so, if anything.
    SameFailure(Vec<Divergence>),
    /// It cannot be judged: never a bug and never a pass.
    Inconclusive(Inconclusive),
    /// They differ, in these ways.
    Diverge(Vec<Divergence>),
}

impl fmt::Display for Verdict {
    /// The verdict's name in one word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Agree => "Agree",
            Self::SameFailure(_) => "SameFailure",
            Self::Inconclusive(_) => "Inconclusive",
            Self::Diverge(_) => "Diverge",
        })
    }
}

/// Why something could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", content = "detail", rename_all = "snake_case")]
pub enum Inconclusive {
    /// A backend ended by a limit or in its own machinery, not by the guest.
    BackendEnded {
        /// Which backend.
        backend: String,
        /// How it ended.
        status: Status,
        /// What it said.
        message: Option<String>,
    },
    /// The two did not run the same thing.
    NotComparable {
        /// In which way.
        why: String,
    },
}

impl fmt::Display for Inconclusive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BackendEnded { backend, status, message: None } => write!(f, "{backend} ended with {status}"),
            Self::BackendEnded { backend, status, message: Some(message) } => {
                write!(f, "{backend} ended with {status}: {message}")
            }
            Self::NotComparable { why } => f.write_str(why),
        }
    }
}

/// One way in which two outcomes differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Divergence {
    /// How the run ended.
    Status {
        /// The baseline's.
        baseline: Status,
        /// The target's.
        target: Status,
    },
    /// The exit code.
    ExitCode {
        /// The baseline's.
        baseline: Option<u32>,
        /// The target's.
        target: Option<u32>,
    },
    /// Where or why the hart stopped.
    Trap {
        /// The baseline's.
        baseline: Option<Trap>,
        /// The target's.
        target: Option<Trap>,
    },
    /// The text of a guest panic.
    Message {
        /// The baseline's.
        baseline: Option<String>,
        /// The target's.
        target: Option<String>,
    },
    /// The public output.
    Output {
        /// First byte that differs or that only one of them has.
        first_difference: u64,
        /// Length of the baseline's output in bytes.
        baseline_bytes: u64,
        /// Length of the target's output in bytes.
        target_bytes: u64,
    },
    /// A final register.
    Register {
        /// Which.
        register: Register,
        /// What the baseline holds.
        baseline: Word,
        /// What the target holds.
        target: Word,
    },
    /// The number of retired instructions of one and the same ELF.
    Instructions {
        /// The baseline's.
        baseline: u64,
        /// The target's.
        target: u64,
    },
}

/// The first instruction at which two traces part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FirstDivergence {
    /// Position in the aligned instruction streams, from 0.
    pub index: u64,
    /// What the baseline did there; absent when it had ended.
    pub baseline: Option<InstructionRecord>,
    /// What the target did there; absent when it had ended.
    pub target: Option<InstructionRecord>,
    /// What parts them.
    pub parts: Vec<FirstDifference>,
    /// What both did just before and after it, in order and without it; a few instructions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub around: Vec<AlignedInstructions>,
}

/// What both sides did at one position of the aligned instruction streams; a side that had ended did nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlignedInstructions {
    /// Position in the aligned instruction streams, from 0.
    pub index: u64,
    /// What the baseline did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<InstructionRecord>,
    /// What the target did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<InstructionRecord>,
}

/// What two instruction records at the same position differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FirstDifference {
    /// Address of the instruction.
    Pc,
    /// Address of the next instruction.
    NextPc,
    /// Which register was written, or with what.
    Register,
    /// What was loaded or stored, or where.
    Memory,
    /// One trace ends here.
    End,
}
