//! The state of a shrink (`assay.shrink/1`): what was tested, what the best case is. Enough to go on after a kill.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Digest, FindingId, HexBytes, Minimized, Seed,
    schema::{SchemaTag, Versioned},
};

/// Most tested cases of a state; a reader may refuse more.
pub const TESTED_CASES_MAX: usize = 1 << 20;

/// Everything that a shrink knows, written after each accepted step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShrinkState {
    /// `assay.shrink/1`.
    pub schema: SchemaTag,
    /// Digest of the way of shrinking: the generation of the engine and the options that decide which cases are tested. Only a
    /// shrink with the same one takes the same steps again.
    pub settings: Digest,
    /// What the instructions are written in, such as `rv32im`.
    pub isa: String,
    /// The case that the shrink began with.
    pub original: ReducibleCase,
    /// The smallest case so far that is interesting.
    pub best: ReducibleCase,
    /// How the best case came about, in order.
    pub steps: Vec<ShrinkStep>,
    /// Every case that was tested, in the order of the tests; at most [`TESTED_CASES_MAX`].
    pub tested: Vec<TestedCase>,
    /// Why the shrink ended; absent while it goes on, and where it was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<ShrinkEnd>,
}

/// What a shrink reduces. Of guests that are no instruction sequences, the seed has no instructions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReducibleCase {
    /// Instructions, registers, memory; its metadata is kept as it is.
    pub seed: Seed,
    /// The guest's private input.
    #[serde(default, skip_serializing_if = "no_bytes")]
    pub input: HexBytes,
    /// The fields of a core's input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<serde_json::Value>,
}

/// A change that made the best case smaller and kept it interesting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShrinkStep {
    /// What was changed, in words.
    pub change: String,
    /// The case that it led to.
    pub case: Digest,
    /// Instructions of that case.
    pub instructions: u64,
    /// Tests that the shrink had needed by then, this case's included and those before a resumption, too.
    pub tests: u64,
}

/// A case that was tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestedCase {
    /// The case.
    pub case: Digest,
    /// What came of it.
    pub answer: ShrinkAnswer,
    /// How often the predicate was asked: more than once where answers are confirmed.
    pub tests: u32,
}

/// What came of testing a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShrinkAnswer {
    /// It shows what is looked for, as often as was asked for.
    Interesting,
    /// It does not.
    Boring,
    /// It did at first, and then not often enough.
    Unconfirmed,
    /// Nobody could say.
    Unresolved,
}

/// Why a shrink ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShrinkEnd {
    /// Nothing that it knows to try makes the best case smaller.
    Minimal,
    /// The most tests were made.
    TestBudget,
    /// The time is up.
    Deadline,
    /// Somebody asked for the end.
    Cancelled,
}

fn no_bytes(bytes: &HexBytes) -> bool {
    bytes.0.is_empty()
}

/// What `assay shrink` says of a finding (`assay.shrink_report/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShrinkReport {
    /// `assay.shrink_report/1`.
    pub schema: SchemaTag,
    /// The finding.
    pub finding_id: FindingId,
    /// Why it ended.
    pub end: ShrinkEnd,
    /// Instructions that it began with.
    pub instructions_before: u64,
    /// Bytes of input that it began with.
    pub input_bytes_before: u64,
    /// What it came to.
    pub minimized: Minimized,
    /// The smallest case.
    pub best: ReducibleCase,
    /// Cases that were asked for again and not tested again.
    pub cache_hits: u64,
    /// Cases that an interrupted shrink had tested before.
    pub remembered: u64,
    /// Where the smallest case is kept; absent if it could not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

impl Versioned for ShrinkReport {
    const NAME: &'static str = "assay.shrink_report";
    const MAJOR: u32 = 1;
}

impl Versioned for ShrinkState {
    const NAME: &'static str = "assay.shrink";
    const MAJOR: u32 = 1;
}

impl std::fmt::Display for ShrinkEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Minimal => "nothing that is left to try makes it smaller",
            Self::TestBudget => "the most tests were made",
            Self::Deadline => "the time is up",
            Self::Cancelled => "cancelled",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ReadError, read};

    fn state() -> ShrinkState {
        let seed = Seed { instructions: vec![0x13], ..Seed::default() };
        let case = ReducibleCase { seed, input: vec![7].into(), fields: Some(serde_json::json!({"n": 24})) };
        ShrinkState {
            schema: ShrinkState::tag(),
            settings: Digest::of(b"settings"),
            isa: "rv32im".into(),
            original: case.clone(),
            best: case,
            steps: vec![ShrinkStep { change: "cut".into(), case: Digest::of(b"a"), instructions: 1, tests: 2 }],
            tested: vec![TestedCase { case: Digest::of(b"a"), answer: ShrinkAnswer::Unconfirmed, tests: 4 }],
            end: Some(ShrinkEnd::TestBudget),
        }
    }

    #[test]
    fn a_state_reads_back_as_it_was_written() {
        let json = serde_json::to_string(&state()).unwrap();
        assert!(json.contains(r#""answer":"unconfirmed""#) && json.contains(r#""end":"test_budget""#), "{json}");
        assert_eq!(read::<ShrinkState>(json.as_bytes()).unwrap().value, state());
    }

    #[test]
    fn a_state_of_a_newer_major_version_is_refused() {
        let json = serde_json::to_string(&state()).unwrap().replace("assay.shrink/1", "assay.shrink/2");
        assert!(matches!(read::<ShrinkState>(json.as_bytes()), Err(ReadError::TooNew { .. })));
    }
}
