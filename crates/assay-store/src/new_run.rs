//! What is given to a store to keep, and what it says of it.

use std::path::PathBuf;

use assay_spec::{FindingId, Identity, Provenance, RunId, RunLimits, RunLog, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A run that is to be kept: its log, and all that it takes to run it again.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// What the run showed. Its `record` is the store's to fill in.
    pub log: RunLog,
    /// What was run.
    pub source: Source,
    /// What people call the input: a file name, `hex`, or `none`.
    pub input_name: String,
    /// The fields that the input is the encoding of, for a core.
    pub input_json: Option<serde_json::Value>,
    /// The input. Its SHA-256 is the log's `input_digest`.
    pub input: &'a [u8],
    /// The bytes of every guest that an outcome names, in any order, each once.
    pub guests: Vec<&'a [u8]>,
    /// The backends as they were asked for.
    pub backends: Vec<String>,
    /// How far each run could go.
    pub limits: RunLimits,
    /// Faults that were planted on purpose.
    pub planted_faults: Vec<String>,
    /// Where guest and input came from.
    pub provenance: Provenance,
    /// Version of Assay.
    pub assay_version: String,
    /// `rustc --version` of what built it.
    pub rustc_version: String,
    /// What the run showed that is worth a finding.
    pub findings: Vec<NewFinding>,
}

/// Something that a run showed and that is worth a finding: a new one, or one more occurrence of a known one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewFinding {
    /// What makes it the same as another.
    pub identity: Identity,
    /// One line for people.
    pub title: String,
    /// Position of the comparison in the log, from 0.
    pub comparison: usize,
    /// What `report.md` says, for the first occurrence.
    pub report_md: String,
}

/// A run that is kept.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its name.
    pub run_id: RunId,
    /// Where its log is.
    pub run_path: PathBuf,
    /// The log as it is kept, `record` included.
    pub log: RunLog,
    /// The findings that it showed, in the order in which they were given.
    pub findings: Vec<RecordedFinding>,
}

/// A finding that a kept run showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFinding {
    /// Its name. Where the finding was merged into another, this is the other.
    pub finding_id: FindingId,
    /// Whether this run is its first occurrence.
    pub is_new: bool,
    /// Its folder.
    pub folder: PathBuf,
}
