//! Known bugs of zkVMs: what shows each, and what checking them says.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    FindingKind, Platform, Seed,
    schema::{SchemaTag, Versioned},
};

/// A known bug or deviation of a zkVM (`assay.bug/1`), in a TOML file of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bug {
    /// `assay.bug/1`.
    pub schema: SchemaTag,
    /// Its name: that of its file without `.toml`.
    pub id: String,
    /// The backend that it is in, such as `openvm`.
    pub zkvm: String,
    /// One line for people.
    pub title: String,
    /// Versions that have it: `2.0.2`, or `>=2.0, <2.1`; commits by their hashes.
    pub affected: Vec<String>,
    /// Versions or commits from which on it is mended; empty where none is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<String>,
    /// Where it is written down: an advisory, an issue, a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What is to be known besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The platform that the guest is built for; the zkVM's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Instruction set in place of the platform's, such as `rv64im`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isa: Option<String>,
    /// What shows it.
    pub trigger: Trigger,
    /// How it shows.
    pub expected: ExpectedFinding,
}

/// What shows a bug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A line of assembly each; it starts from registers and memory that are 0.
    Asm(Vec<String>),
    /// An instruction sequence with what it starts from.
    Seed(Box<Seed>),
    /// A file of seeds beside the bug's own; `FILE#2` is its second.
    SeedFile(String),
    /// A guest that comes with Assay, and its input.
    Core(CoreTrigger),
}

/// A core that shows a bug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoreTrigger {
    /// Its name, such as `fib`.
    pub name: String,
    /// The fields of its input; the core's example if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<serde_json::Value>,
}

/// How a bug shows: what is given of it must be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExpectedFinding {
    /// What sort of finding it is.
    pub kind: FindingKind,
    /// In what the outcomes differ, as in the identity of a finding; anything if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs_in: Vec<String>,
    /// The first diverging instruction, such as `lw`; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// What the machine that it is run on must be like for it to show, in words. Where it does not show, nothing is said then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_where: Option<String>,
}

/// What checking known bugs says (`assay.bug_report/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BugReport {
    /// `assay.bug_report/1`.
    pub schema: SchemaTag,
    /// By name.
    pub bugs: Vec<CheckedBug>,
}

/// What checking a known bug says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedBug {
    /// Its name.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// The backend that it was looked for on.
    pub backend: String,
    /// That backend's version; absent where it is not installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether that version is said to have it.
    pub affected: bool,
    /// What was seen.
    pub result: BugCheck,
    /// What was seen, in words.
    pub detail: String,
}

/// Whether a known bug shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BugCheck {
    /// It shows as expected.
    Reproduced,
    /// It does not.
    NotReproduced,
    /// A limit or the backend's own machinery ended a run.
    Inconclusive,
    /// It was not run, because the backend is not installed.
    NotRun,
}

impl fmt::Display for BugCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reproduced => "reproduced",
            Self::NotReproduced => "not reproduced",
            Self::Inconclusive => "inconclusive",
            Self::NotRun => "not run",
        })
    }
}

/// Every known bug (`assay.bug_list/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BugList {
    /// `assay.bug_list/1`.
    pub schema: SchemaTag,
    /// By name.
    pub bugs: Vec<Bug>,
}

impl Versioned for Bug {
    const NAME: &'static str = "assay.bug";
    const MAJOR: u32 = 1;
}

impl Versioned for BugReport {
    const NAME: &'static str = "assay.bug_report";
    const MAJOR: u32 = 1;
}

impl Versioned for BugList {
    const NAME: &'static str = "assay.bug_list";
    const MAJOR: u32 = 1;
}
