//! What the conformance kit found of a backend, case by case.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    outcome::BackendId,
    platform::Platform,
    schema::{SchemaTag, Versioned},
};

/// What the conformance kit found of a backend (`assay.conform/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConformReport {
    /// `assay.conform/1`.
    pub schema: SchemaTag,
    /// One per instruction set that the platform has; a native backend has one.
    pub runs: Vec<ConformRun>,
}

impl Versioned for ConformReport {
    const NAME: &'static str = "assay.conform";
    const MAJOR: u32 = 1;
}

/// What a backend did with guests of one instruction set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConformRun {
    /// What ran them.
    pub backend: BackendId,
    /// The results, in the order in which cases were run.
    pub cases: Vec<ConformCase>,
    /// How many there are of each.
    pub counts: ConformCounts,
    /// Wall time of all of them, without building guests, in milliseconds.
    pub elapsed_ms: f64,
}

/// The result of one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConformCase {
    /// Its name, which is the same on every backend: `GROUP/WHAT`.
    pub name: String,
    /// What is tried, in a sentence.
    pub about: String,
    /// What must come out, for people.
    pub expected: String,
    /// The result.
    pub result: ConformResult,
    /// Wall time of the run, in milliseconds; 0 for a case that was not run.
    pub elapsed_ms: f64,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", content = "detail", rename_all = "snake_case")]
pub enum ConformResult {
    /// What must come out came out.
    Pass,
    /// Something else came out, which is a declared limit of the backend.
    Limit(KnownLimit),
    /// Something else came out.
    Fail(Failed),
    /// The case was not run, or says nothing about the backend.
    Skipped(SkippedCase),
}

/// What came out where a limit is declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownLimit {
    /// What came out.
    pub seen: String,
    /// What the limit is.
    pub why: String,
    /// Where it is documented or can be read in the sources.
    pub source: String,
}

/// What came out instead of what must.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    /// What came out.
    pub seen: String,
    /// The known bug of the zkVM that it is, as `assay bugs list` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bug: Option<String>,
}

/// Why a case has no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SkippedCase {
    /// Why.
    pub reason: String,
    /// Whether it was run and could not be judged; else it does not apply, or was not asked for.
    pub unjudged: bool,
}

/// How many cases had each result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConformCounts {
    /// Passed.
    pub pass: u64,
    /// Met a declared limit.
    pub limit: u64,
    /// Failed, known bugs included.
    pub fail: u64,
    /// Failed in a way that is a known bug.
    pub known_bug: u64,
    /// Without a result.
    pub skipped: u64,
    /// Of those, run and not judged.
    pub unjudged: u64,
}

impl ConformCounts {
    /// Counts `results`.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a ConformResult>) -> Self {
        let mut counts = Self::default();
        for result in results {
            match result {
                ConformResult::Pass => counts.pass += 1,
                ConformResult::Limit(_) => counts.limit += 1,
                ConformResult::Fail(failed) => {
                    counts.fail += 1;
                    counts.known_bug += u64::from(failed.bug.is_some());
                }
                ConformResult::Skipped(skipped) => {
                    counts.skipped += 1;
                    counts.unjudged += u64::from(skipped.unjudged);
                }
            }
        }
        counts
    }
}

impl fmt::Display for ConformResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Limit(_) => "limit",
            Self::Fail(_) => "FAIL",
            Self::Skipped(_) => "skipped",
        })
    }
}

/// The cases of the conformance kit for a platform (`assay.conform_list/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConformList {
    /// `assay.conform_list/1`.
    pub schema: SchemaTag,
    /// The platform that they are for.
    pub platform: Platform,
    /// The instruction set that they are for; absent for native guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isa: Option<String>,
    /// The cases, in the order in which they are run.
    pub cases: Vec<ListedCase>,
}

impl Versioned for ConformList {
    const NAME: &'static str = "assay.conform_list";
    const MAJOR: u32 = 1;
}

/// One case of the conformance kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedCase {
    /// Its name.
    pub name: String,
    /// What is tried, in a sentence.
    pub about: String,
    /// What must come out, for people.
    pub expected: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_is_counted_once_and_spelled_apart() {
        let failed =
            |bug: Option<&str>| ConformResult::Fail(Failed { seen: String::new(), bug: bug.map(str::to_owned) });
        let skipped = |unjudged| ConformResult::Skipped(SkippedCase { reason: String::new(), unjudged });
        let limit = KnownLimit { seen: String::new(), why: String::new(), source: String::new() };
        let results = [
            ConformResult::Pass,
            ConformResult::Limit(limit),
            failed(None),
            failed(Some("a")),
            skipped(false),
            skipped(true),
        ];
        let counts = ConformCounts::of(&results);
        let expected = ConformCounts { pass: 1, limit: 1, fail: 2, known_bug: 1, skipped: 2, unjudged: 1 };
        assert_eq!(counts, expected);
        let spelled: Vec<_> = results.iter().map(ToString::to_string).collect();
        assert_eq!(spelled, ["pass", "limit", "FAIL", "FAIL", "skipped", "skipped"]);
    }
}
