//! What running a kept run again showed (`assay.replay/1`).

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    FindingId, RunId, RunLog,
    schema::{SchemaTag, Versioned},
};

/// What running a kept run again showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayReport {
    /// `assay.replay/1`.
    pub schema: SchemaTag,
    /// The run that was kept.
    pub run_id: RunId,
    /// The finding that was looked for; absent where everything that the run showed was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding_id: Option<FindingId>,
    /// What all repetitions together say.
    pub result: ReplayResult,
    /// How often it was run again.
    pub times: u64,
    /// How often it was reproduced.
    pub reproduced: u64,
    /// What was seen, each once, in the order in which it was seen first.
    pub seen: Vec<SeenAgain>,
    /// Runners that stood in for those of the kept run, by what they stood in for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stand_ins: BTreeMap<String, String>,
    /// The log of the last repetition.
    pub log: RunLog,
}

/// What one or more repetitions showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeenAgain {
    /// What it means.
    pub result: ReplayResult,
    /// In what it differs from the kept run, a sentence each; at most [`CHANGES_MAX`].
    pub changes: Vec<String>,
    /// How often.
    pub times: u64,
}

/// Most sentences about one repetition.
pub const CHANGES_MAX: usize = 64;

/// What a repetition says of a kept run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayResult {
    /// What was looked for is there again.
    Reproduced,
    /// Something else is there.
    Changed,
    /// What was looked for is not there, and nothing else is in its place.
    NoLonger,
    /// A limit or a backend's own machinery ended a run that it did not end before.
    Inconclusive,
    /// The repetitions do not agree.
    Flaky,
}

impl fmt::Display for ReplayResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reproduced => "reproduced",
            Self::Changed => "changed",
            Self::NoLonger => "no longer",
            Self::Inconclusive => "inconclusive",
            Self::Flaky => "flaky",
        })
    }
}

impl Versioned for ReplayReport {
    const NAME: &'static str = "assay.replay";
    const MAJOR: u32 = 1;
}
