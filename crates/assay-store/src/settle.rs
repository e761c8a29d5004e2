//! What follows once a run is kept: its findings, its rows in `summary.csv`, its place in the index.
//!
//! Each of them can be done again without being done twice, because whoever begins it may be killed and somebody else
//! completes it.

use std::fs::File;

use assay_spec::{RunId, RunLog};

use crate::{NewFinding, Store, StoreError, summary};

impl Store {
    /// Completes the run. The caller holds the store's lock and syncs the returned `summary.csv`, where there is one.
    pub(crate) fn settle(
        &self,
        run_id: &RunId,
        log: &RunLog,
        findings: &[NewFinding],
    ) -> Result<Option<File>, StoreError> {
        for finding in findings {
            self.count_finding(run_id, log, finding)?;
        }
        let rows = summary::rows(log, |finding_id| self.resolve(finding_id));
        let appended = self.append_summary(&rows)?;
        if !findings.is_empty() {
            self.disk.remove(&self.layout.pending_of(run_id))?;
        }
        Ok(appended)
    }
}
