//! Lists of runs.

use assay_spec::{FindingId, RowOutcome, RunLog, RunRow, Status, VerdictName};
use jiff::Timestamp;

use crate::{Store, StoreError};

/// Which runs are wanted: those that every condition holds for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Of this core, sequence or ELF.
    pub core: Option<String>,
    /// With an outcome of this backend.
    pub backend: Option<String>,
    /// With an outcome of this status; of that backend, where one is given.
    pub status: Option<Status>,
    /// With this verdict as the one that asks for the most attention.
    pub verdict: Option<VerdictName>,
    /// Kept at this time or later.
    pub since: Option<Timestamp>,
    /// That showed this finding.
    pub finding: Option<FindingId>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl RunFilter {
    fn takes(&self, row: &RunRow) -> bool {
        let backend = |outcome: &RowOutcome| self.backend.as_ref().is_none_or(|backend| *backend == outcome.backend);
        let status = |outcome: &RowOutcome| self.status.is_none_or(|status| status == outcome.status);
        let any = self.backend.is_none() && self.status.is_none();
        self.core.as_ref().is_none_or(|core| *core == row.core)
            && (any || row.outcomes.iter().any(|outcome| backend(outcome) && status(outcome)))
            && self.verdict.is_none_or(|verdict| row.verdict == Some(verdict))
            && self.since.is_none_or(|since| row.recorded_at >= since)
            && self.finding.as_ref().is_none_or(|finding| row.findings.contains(finding))
    }
}

impl Store {
    /// The runs that `filter` takes, the newest first. Damaged ones are left out; [`Store::check`] names them.
    pub fn runs(&self, filter: &RunFilter) -> Result<Vec<RunRow>, StoreError> {
        let mut rows: Vec<RunRow> = self
            .run_ids()?
            .iter()
            .filter_map(|run_id| row(&self.run(run_id).ok()?))
            .filter(|row| filter.takes(row))
            .collect();
        rows.sort_by(|a, b| (b.recorded_at, &b.run_id).cmp(&(a.recorded_at, &a.run_id)));
        rows.truncate(filter.limit.unwrap_or(usize::MAX));
        Ok(rows)
    }
}

/// A run as lists have it; none for a log that is not kept.
pub(crate) fn row(log: &RunLog) -> Option<RunRow> {
    let record = log.record.as_ref()?;
    let outcomes = log
        .outcomes
        .iter()
        .map(|named| RowOutcome {
            name: named.name.clone(),
            backend: named.outcome.backend.name.clone(),
            version: named.outcome.backend.version.clone(),
            status: named.outcome.run.status,
        })
        .collect();
    let mut findings: Vec<FindingId> = record.findings.iter().map(|finding| finding.finding_id.clone()).collect();
    findings.sort_unstable();
    findings.dedup();
    Some(RunRow {
        run_id: record.run_id.clone(),
        recorded_at: record.recorded_at,
        core: record.source.name().to_owned(),
        input: record.input.name.clone(),
        outcomes,
        verdict: log.comparisons.iter().map(|comparison| VerdictName::from(&comparison.verdict)).max(),
        findings,
    })
}
