//! What `assay backend list` and the two doctors say, for scripts.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    description::RunnerDescription,
    platform::Platform,
    schema::{SchemaTag, Versioned},
};

/// Every backend (`assay.backend_list/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackendList {
    /// `assay.backend_list/1`.
    pub schema: SchemaTag,
    /// The built-in ones first, then by name.
    pub backends: Vec<ListedBackend>,
}

/// A backend and whether it can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedBackend {
    /// Such as `openvm`.
    pub name: String,
    /// Whether it can be used.
    pub state: InstallState,
    /// Absolute path of its program, where one was installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary: Option<String>,
    /// What it says of itself, where one was installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<RunnerDescription>,
}

/// Whether a backend can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InstallState {
    /// Always there.
    BuiltIn,
    /// Known, and never installed.
    NotInstalled,
    /// Installed, and built from the sources as they are.
    Installed,
    /// Installed and working; its sources have changed since.
    Stale,
    /// Its program is gone.
    BinaryMissing,
    /// Its program is not the one that was installed.
    BinaryChanged,
    /// Its registry file cannot be read.
    Unreadable,
}

impl fmt::Display for InstallState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BuiltIn => "built in",
            Self::NotInstalled => "not installed",
            Self::Installed => "installed",
            Self::Stale => "stale",
            Self::BinaryMissing => "binary missing",
            Self::BinaryChanged => "binary changed",
            Self::Unreadable => "unreadable",
        })
    }
}

/// What a doctor found (`assay.doctor/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DoctorReport {
    /// `assay.doctor/1`.
    pub schema: SchemaTag,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

/// One check of a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was looked at: a tool, a folder, a verb of a backend.
    pub what: String,
    /// What was found.
    pub result: CheckResult,
    /// For people: a version, or what to do.
    pub detail: String,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// It is there and works.
    Ok,
    /// It is not there, and not always needed.
    Absent,
    /// It is not there or does not work, and is needed.
    Failing,
}

/// What trying every verb of backends showed (`assay.backend_doctor/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackendDoctorReport {
    /// `assay.backend_doctor/1`.
    pub schema: SchemaTag,
    /// By backend, platform and verb, in the order in which they were tried.
    pub checks: Vec<VerbCheck>,
}

/// A verb of a backend that was tried, or that the backend does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerbCheck {
    /// Name of the backend.
    pub backend: String,
    /// Platform of the guest; absent where there was none to try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// `execute`, `trace`, `cost`, `prove` or `verify`; `open` for a backend that cannot be opened.
    pub verb: String,
    /// What was found; absent means that the backend says it does not have the verb.
    pub result: CheckResult,
    /// For people: what it did, or why it failed.
    pub detail: String,
    /// The proof kind that was tried, for `prove` and `verify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_kind: Option<String>,
}

impl Versioned for BackendDoctorReport {
    const NAME: &'static str = "assay.backend_doctor";
    const MAJOR: u32 = 1;
}

impl Versioned for BackendList {
    const NAME: &'static str = "assay.backend_list";
    const MAJOR: u32 = 1;
}

impl Versioned for DoctorReport {
    const NAME: &'static str = "assay.doctor";
    const MAJOR: u32 = 1;
}
