//! Lists of runs.

use assay_spec::{FindingId, RowOutcome, RunLog, RunRow, Status, VerdictName};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    index::{self, IndexedRun, Trouble},
};

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
    /// That showed this finding, or one that was merged into it.
    pub finding: Option<FindingId>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl Store {
    /// The runs that `filter` takes, the newest first. Damaged ones are left out; [`Store::check`] names them.
    pub fn runs(&self, filter: &RunFilter) -> Result<Vec<RunRow>, StoreError> {
        let findings = filter.finding.as_ref().map(|finding_id| self.with_merged_ids(finding_id)).transpose()?;
        let select = |index: &mut rusqlite::Connection| index::select(index, filter, findings.as_deref());
        match self.index.ask(select) {
            Ok(rows) => return Ok(rows),
            Err(Trouble::Lost) => {}
            Err(trouble) => return Err(self.trouble(trouble)),
        }
        self.rebuild()?;
        self.index.ask(select).map_err(|trouble| self.trouble(trouble))
    }

    /// Makes the index from the files, and completes rows of `summary.csv` that were lost.
    pub fn rebuild(&self) -> Result<(), StoreError> {
        if self.is_read_only() {
            return self.rebuild_index(None);
        }
        let lock = self.lock_store()?;
        self.rebuild_index(Some(&lock))
    }
}

/// A run as the index has it; none for a log that is not kept.
pub(crate) fn indexed(log: &RunLog) -> Option<IndexedRun> {
    row(log).map(|row| IndexedRun { row, comparisons: log.comparisons.len() as u32 })
}

/// A run as lists have it; none for a log that is not kept.
fn row(log: &RunLog) -> Option<RunRow> {
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
