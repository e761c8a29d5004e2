//! What the registry of installed runners keeps about each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    description::RunnerDescription,
    schema::{SchemaTag, Versioned},
};

/// An installed runner (`assay.installed_runner/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InstalledRunner {
    /// `assay.installed_runner/1`.
    pub schema: SchemaTag,
    /// Name of the backend, such as `openvm`.
    pub name: String,
    /// Absolute path of its program.
    pub binary: String,
    /// SHA-256 of the program when it was installed.
    pub binary_digest: Digest,
    /// Length of the program when it was installed.
    pub binary_bytes: u64,
    /// Modification time of the program when it was installed, in milliseconds since 1970. While length and time are the
    /// same the program is taken to be the same, so that not every start of Assay reads all of it.
    pub binary_modified_ms: u64,
    /// What it was built from: SHA-256 over its sources; absent for a program that was built elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_key: Option<Digest>,
    /// What it said of itself when it was installed.
    pub description: RunnerDescription,
}

impl Versioned for InstalledRunner {
    const NAME: &'static str = "assay.installed_runner";
    const MAJOR: u32 = 1;
}
