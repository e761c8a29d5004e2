//! Runs in numbers: by backend and status, by pair and verdict. Every run counts, whatever a form shows of it.

use std::collections::BTreeMap;

use assay_spec::{FindingState, Status, VerdictName};

use crate::input::ReportInput;

/// Runs in numbers.
pub(crate) struct Summary<'a> {
    pub(crate) backends: Vec<BackendCounts<'a>>,
    pub(crate) pairs: Vec<PairCounts<'a>>,
    /// Comparisons by verdict, as [`VerdictName::ALL`] has them.
    pub(crate) verdicts: [u64; VerdictName::ALL.len()],
    /// Findings by state, as [`FindingState::ALL`] has them.
    pub(crate) states: [u64; FindingState::ALL.len()],
}

/// The outcomes of one version of a backend.
pub(crate) struct BackendCounts<'a> {
    pub(crate) backend: &'a str,
    pub(crate) version: &'a str,
    /// As [`Status::ALL`] has them.
    pub(crate) statuses: [u64; Status::ALL.len()],
}

/// The comparisons of one pair of outcomes.
pub(crate) struct PairCounts<'a> {
    pub(crate) baseline: &'a str,
    pub(crate) target: &'a str,
    /// As [`VerdictName::ALL`] has them.
    pub(crate) verdicts: [u64; VerdictName::ALL.len()],
}

impl<'a> Summary<'a> {
    pub(crate) fn of(input: &'a ReportInput) -> Self {
        let mut backends: BTreeMap<_, [u64; Status::ALL.len()]> = BTreeMap::new();
        let mut pairs: BTreeMap<_, [u64; VerdictName::ALL.len()]> = BTreeMap::new();
        let mut verdicts = [0; VerdictName::ALL.len()];
        for run in &input.runs {
            for outcome in &run.outcomes {
                let counts = backends.entry((outcome.backend.as_str(), outcome.version.as_str())).or_default();
                counts[index(&Status::ALL, outcome.status)] += 1;
            }
            for comparison in &run.comparisons {
                let at = index(&VerdictName::ALL, comparison.verdict);
                pairs.entry((comparison.baseline.as_str(), comparison.target.as_str())).or_default()[at] += 1;
                verdicts[at] += 1;
            }
        }
        let mut states = [0; FindingState::ALL.len()];
        for page in &input.findings {
            states[index(&FindingState::ALL, page.finding.state)] += 1;
        }
        let mut summary = Self {
            backends: backends
                .into_iter()
                .map(|((backend, version), statuses)| BackendCounts { backend, version, statuses })
                .collect(),
            pairs: pairs
                .into_iter()
                .map(|((baseline, target), verdicts)| PairCounts { baseline, target, verdicts })
                .collect(),
            verdicts,
            states,
        };
        // Those with the most first: a limit then leaves out what matters least.
        summary.backends.sort_by_key(|counts| std::cmp::Reverse(counts.total()));
        summary.pairs.sort_by_key(|counts| std::cmp::Reverse(counts.total()));
        summary
    }

    /// Statuses that some outcome has, by their place in [`Status::ALL`].
    pub(crate) fn statuses_seen(&self) -> Vec<usize> {
        (0..Status::ALL.len()).filter(|&at| self.backends.iter().any(|counts| counts.statuses[at] > 0)).collect()
    }
}

impl BackendCounts<'_> {
    pub(crate) fn total(&self) -> u64 {
        self.statuses.iter().sum()
    }
}

impl PairCounts<'_> {
    pub(crate) fn total(&self) -> u64 {
        self.verdicts.iter().sum()
    }
}

fn index<T: Copy + PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|other| *other == one).expect("the table has every value")
}

/// The newest `max` runs first, and how many there are besides.
pub(crate) fn newest_runs(input: &ReportInput, max: usize) -> (Vec<&crate::RunSummary>, usize) {
    let mut runs: Vec<_> = input.runs.iter().collect();
    runs.sort_by(|one, other| (other.recorded_at, &other.run_id).cmp(&(one.recorded_at, &one.run_id)));
    let left_out = runs.len().saturating_sub(max);
    runs.truncate(max);
    (runs, left_out)
}

/// The `max` findings that were seen last, first, and how many there are besides.
pub(crate) fn latest_findings(input: &ReportInput, max: usize) -> (Vec<&crate::FindingPage>, usize) {
    let mut pages: Vec<_> = input.findings.iter().collect();
    pages.sort_by(|one, other| {
        let key = |page: &crate::FindingPage| (page.finding.last_seen, page.finding.finding_id.clone());
        key(other).cmp(&key(one))
    });
    let left_out = pages.len().saturating_sub(max);
    pages.truncate(max);
    (pages, left_out)
}
