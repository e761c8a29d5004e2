//! What a report is made of: values that whoever reads the store hands over. Nothing is read here, no file and no
//! clock.

use assay_spec::{Finding, FindingId, RunId, RunLog, Seed, Status, VerdictName};
use jiff::Timestamp;

use crate::differences;

/// Everything that a report shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportInput {
    /// When the report is made.
    pub generated_at: Timestamp,
    /// Version of the Assay that makes it.
    pub assay_version: String,
    /// What people call the store: its path.
    pub store: String,
    /// The `--store` that commands need to find it; absent for the default one.
    pub store_argument: Option<String>,
    /// What was asked for, where it is not everything, such as `since 2026-01-31`.
    pub selection: Option<String>,
    /// Runs, in any order.
    pub runs: Vec<RunSummary>,
    /// Findings, in any order.
    pub findings: Vec<FindingPage>,
    /// What the selection holds and this value does not, and why; a sentence each, such as files that are damaged.
    pub left_out: Vec<String>,
}

/// A run as far as overviews need it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// Its name.
    pub run_id: RunId,
    /// When it was kept.
    pub recorded_at: Timestamp,
    /// What was run.
    pub subject: String,
    /// What each backend did.
    pub outcomes: Vec<OutcomeSummary>,
    /// What comparing them says.
    pub comparisons: Vec<ComparisonSummary>,
}

/// An outcome as far as overviews need it.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeSummary {
    /// Unique in its run, such as `reference@sp1`.
    pub name: String,
    /// The backend's name.
    pub backend: String,
    /// The backend's version.
    pub version: String,
    /// How the run ended.
    pub status: Status,
    /// Wall time in milliseconds.
    pub elapsed_ms: f64,
}

/// A comparison as far as overviews need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonSummary {
    /// Name of the outcome that is taken as it should be.
    pub baseline: String,
    /// Name of the outcome that is judged.
    pub target: String,
    /// What comparing them says, in one word.
    pub verdict: VerdictName,
    /// In what they differ, or why nobody can say; empty where they agree.
    pub detail: String,
    /// The finding that it was filed under.
    pub finding: Option<FindingId>,
}

impl RunSummary {
    /// The row of a kept run; none for a log that was never kept, which has no name.
    pub fn of(log: &RunLog) -> Option<Self> {
        let record = log.record.as_ref()?;
        let outcomes = log.outcomes.iter().map(|named| OutcomeSummary {
            name: named.name.clone(),
            backend: named.outcome.backend.name.clone(),
            version: named.outcome.backend.version.clone(),
            status: named.outcome.run.status,
            elapsed_ms: named.outcome.elapsed.execute_ms,
        });
        let finding = |at: usize| record.findings.iter().find(|finding| finding.comparison == at);
        let comparisons = log.comparisons.iter().enumerate().map(|(at, comparison)| ComparisonSummary {
            baseline: comparison.baseline.clone(),
            target: comparison.target.clone(),
            verdict: (&comparison.verdict).into(),
            detail: differences::detail(&comparison.verdict),
            finding: finding(at).map(|finding| finding.finding_id.clone()),
        });
        Some(Self {
            run_id: record.run_id.clone(),
            recorded_at: record.recorded_at,
            subject: log.subject.clone(),
            outcomes: outcomes.collect(),
            comparisons: comparisons.collect(),
        })
    }
}

/// A finding and what lies beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingPage {
    /// The finding.
    pub finding: Finding,
    /// The log of its exemplar; absent where it could not be read.
    pub run_log: Option<RunLog>,
    /// The smallest case that shrinking found.
    pub minimized_seed: Option<Seed>,
    /// Path of the script that repeats it.
    pub repro_script: Option<String>,
    /// What could not be read, a sentence each.
    pub problems: Vec<String>,
}
