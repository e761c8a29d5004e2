//! Findings: counted, labelled, merged.
//!
//! Each finding's `finding.json` counts its own occurrences only. Merging notes where a finding went and moves nothing;
//! whoever reads a finding sees it with those that were merged into it. So each change is a change of one file.

use assay_spec::{
    Finding, FindingId, FindingState, Minimized, RunId, RunLog, finding::RECENT_RUNS_MAX, schema::Versioned as _,
};

use crate::{
    NewFinding, RecordedFinding, Store, StoreError,
    disk::{FILE_MODE, SCRIPT_MODE, partial_name},
    finding_folder,
    layout::finding_file,
    seal::{read_sealed, sealed},
};

/// How many merges are followed: a longer way is a circle, which only damage can make.
const MERGES_MAX: usize = 64;

impl Store {
    /// Every finding that was not merged into another, sorted by name, with those merged into it counted in. Those that
    /// cannot be read are left out: [`Store::findings_and_unreadable`].
    pub fn findings(&self) -> Result<Vec<Finding>, StoreError> {
        self.findings_and_unreadable().map(|(findings, _)| findings)
    }

    /// As [`Store::findings`], and those that cannot be read; [`Store::check`] says why.
    pub fn findings_and_unreadable(&self) -> Result<(Vec<Finding>, Vec<FindingId>), StoreError> {
        let (all, unreadable) = self.stored_findings()?;
        let roots = all.iter().filter(|finding| finding.merged_into.is_none());
        Ok((roots.map(|root| with_merged(root, &all)).collect(), unreadable))
    }

    /// The finding of that name, with those merged into it counted in. One that was merged says so in `merged_into`.
    pub fn finding(&self, finding_id: &FindingId) -> Result<Finding, StoreError> {
        let finding = self.stored_finding(finding_id)?;
        Ok(if finding.merged_into.is_some() { finding } else { with_merged(&finding, &self.stored_findings()?.0) })
    }

    /// Where that finding's folder is, or would be.
    pub fn finding_path(&self, finding_id: &FindingId) -> std::path::PathBuf {
        self.layout.finding(finding_id)
    }

    /// Says what somebody thinks of a finding. A false positive needs a reason; no reason keeps none.
    pub fn label(
        &self,
        finding_id: &FindingId,
        state: FindingState,
        reason: Option<String>,
    ) -> Result<Finding, StoreError> {
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        if state == FindingState::FalsePositive && reason.is_none() {
            return Err(StoreError::ReasonMissing(finding_id.clone()));
        }
        self.change_finding(finding_id, |finding| {
            finding.state = state;
            finding.reason = reason;
        })
    }

    /// Says that `from` is the same bug as `into`; returns `into` with `from` counted in.
    pub fn merge(&self, from: &FindingId, into: &FindingId) -> Result<Finding, StoreError> {
        self.writable()?;
        let lock = self.lock_store()?;
        let root = self.resolve(&self.stored_finding(into)?.finding_id);
        if root == *from {
            return Err(StoreError::MergedInCircle { from: from.clone(), into: into.clone() });
        }
        let mut finding = self.stored_finding(from)?;
        finding.merged_into = Some(root.clone());
        self.put_finding(&finding)?;
        drop(lock);
        self.finding(&root)
    }

    /// Keeps what shrinking came to: `files` (name and bytes) become `minimized/`, whole and in place of what was there.
    /// A finding that nobody has looked at, or that is confirmed, becomes minimised.
    pub fn set_minimized(
        &self,
        finding_id: &FindingId,
        minimized: Minimized,
        files: &[(String, Vec<u8>)],
    ) -> Result<Finding, StoreError> {
        self.writable()?;
        for (name, _) in files {
            let plain = !name.is_empty()
                && !name.starts_with('.')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'));
            if !plain || name == finding_file::DIGESTS {
                return Err(StoreError::BadFileName(name.clone()));
            }
        }
        let lock = self.lock_store()?;
        let mut finding = self.stored_finding(finding_id)?;
        let folder = self.layout.finding(finding_id).join(finding_file::MINIMIZED);
        let (partial, old) = (partial_name(&folder), folder.with_file_name(format!(".old{}", crate::disk::PARTIAL)));
        self.disk.remove_folder(&partial)?;
        self.disk.remove_folder(&old)?;
        self.disk.make_new_folder(&partial)?;
        for (name, bytes) in files {
            let mode = if name == finding_file::REPRO { SCRIPT_MODE } else { FILE_MODE };
            self.disk.write_new(&partial.join(name), bytes, mode)?;
        }
        let digests = finding_folder::digests(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
        self.disk.write_new(&partial.join(finding_file::DIGESTS), digests.as_bytes(), FILE_MODE)?;
        self.disk.sync_folder(&partial)?;
        if folder.exists() {
            self.disk.rename(&folder, &old)?;
        }
        self.disk.rename(&partial, &folder)?;
        finding.minimized = Some(minimized);
        if matches!(finding.state, FindingState::New | FindingState::Confirmed) {
            finding.state = FindingState::Minimised;
        }
        self.put_finding(&finding)?;
        self.disk.remove_folder(&old)?;
        drop(lock);
        self.finding(finding_id)
    }

    fn change_finding(&self, finding_id: &FindingId, change: impl FnOnce(&mut Finding)) -> Result<Finding, StoreError> {
        self.writable()?;
        let lock = self.lock_store()?;
        let mut finding = self.stored_finding(finding_id)?;
        change(&mut finding);
        self.put_finding(&finding)?;
        drop(lock);
        self.finding(finding_id)
    }

    fn put_finding(&self, finding: &Finding) -> Result<(), StoreError> {
        let path = self.layout.finding(&finding.finding_id).join(finding_file::FINDING);
        self.disk.replace(&path, &sealed(&path, finding)?)
    }

    /// The finding as its own file has it.
    pub(crate) fn stored_finding(&self, finding_id: &FindingId) -> Result<Finding, StoreError> {
        let folder = self.layout.finding(finding_id);
        if !folder.exists() {
            return Err(StoreError::NoSuchFinding { finding_id: finding_id.clone(), store: self.layout.root.clone() });
        }
        let path = folder.join(finding_file::FINDING);
        let finding: Finding = read_sealed(&path)?;
        if finding.finding_id != *finding_id {
            return Err(StoreError::inconsistent(&path, "it is another finding"));
        }
        Ok(finding)
    }

    /// Every finding by itself, and the names of those that cannot be read.
    fn stored_findings(&self) -> Result<(Vec<Finding>, Vec<FindingId>), StoreError> {
        let (mut findings, mut unreadable) = (Vec::new(), Vec::new());
        for finding_id in self.finding_ids()? {
            match self.stored_finding(&finding_id) {
                Ok(finding) => findings.push(finding),
                Err(_) => unreadable.push(finding_id),
            }
        }
        Ok((findings, unreadable))
    }

    /// The finding that `finding_id` was merged into, or itself.
    pub(crate) fn resolve(&self, finding_id: &FindingId) -> FindingId {
        self.merges(finding_id).pop().unwrap_or_else(|| finding_id.clone())
    }

    /// The findings that `finding_id` was merged into, one into the next.
    pub(crate) fn merges(&self, finding_id: &FindingId) -> Vec<FindingId> {
        let mut way: Vec<FindingId> = Vec::new();
        while let Ok(Finding { merged_into: Some(into), .. }) = self.stored_finding(way.last().unwrap_or(finding_id)) {
            if into == *finding_id || way.contains(&into) || way.len() == MERGES_MAX {
                return Vec::new();
            }
            way.push(into);
        }
        way
    }

    /// The finding and those that were merged into it, directly or by way of others.
    pub(crate) fn with_merged_ids(&self, finding_id: &FindingId) -> Result<Vec<FindingId>, StoreError> {
        let all = self.finding_ids()?;
        let merged = all.into_iter().filter(|other| self.merges(other).contains(finding_id));
        Ok(std::iter::once(finding_id.clone()).chain(merged).collect())
    }

    /// Counts an occurrence: makes the finding's folder, or adds to its `finding.json`. A run is counted once, however
    /// often this is called while its findings are pending. The caller holds the store's lock.
    pub(crate) fn count_finding(&self, run_id: &RunId, log: &RunLog, finding: &NewFinding) -> Result<(), StoreError> {
        let finding_id = finding.identity.finding_id();
        let folder = self.layout.finding(&finding_id);
        let seen = log.record.as_ref().map_or_else(jiff::Timestamp::now, |record| record.recorded_at);
        if folder.exists() {
            let mut known = self.stored_finding(&finding_id)?;
            if known.recent_runs.contains(run_id) {
                return Ok(());
            }
            known.occurrences += 1;
            known.first_seen = known.first_seen.min(seen);
            known.last_seen = known.last_seen.max(seen);
            known.recent_runs.push(run_id.clone());
            let surplus = known.recent_runs.len().saturating_sub(RECENT_RUNS_MAX);
            known.recent_runs.drain(..surplus);
            return self.put_finding(&known);
        }
        let known = Finding {
            schema: Finding::tag(),
            finding_id,
            identity: finding.identity.clone(),
            title: finding.title.clone(),
            state: FindingState::New,
            reason: None,
            occurrences: 1,
            first_seen: seen,
            last_seen: seen,
            exemplar: run_id.clone(),
            recent_runs: vec![run_id.clone()],
            merged_into: None,
            minimized: None,
        };
        self.make_finding_folder(&folder, &known, log, finding)
    }

    /// What is to be said of a finding that `run_id` showed.
    pub(crate) fn recorded_finding(&self, run_id: &RunId, finding: &NewFinding) -> Result<RecordedFinding, StoreError> {
        let own = finding.identity.finding_id();
        let is_new = self.stored_finding(&own)?.exemplar == *run_id;
        let finding_id = self.resolve(&own);
        Ok(RecordedFinding { folder: self.layout.finding(&finding_id), finding_id, is_new })
    }
}

/// `root` with the occurrences of those in `all` that were merged into it, directly or by way of others.
fn with_merged(root: &Finding, all: &[Finding]) -> Finding {
    let mut sum = root.clone();
    let mut into = vec![&root.finding_id];
    // Each is taken once: a circle, which only damage can make, comes to an end.
    let mut left: Vec<&Finding> = all.iter().filter(|finding| finding.finding_id != root.finding_id).collect();
    while let Some(at) =
        left.iter().position(|finding| finding.merged_into.as_ref().is_some_and(|id| into.contains(&id)))
    {
        let merged = left.swap_remove(at);
        into.push(&merged.finding_id);
        sum.occurrences = sum.occurrences.saturating_add(merged.occurrences);
        sum.first_seen = sum.first_seen.min(merged.first_seen);
        sum.last_seen = sum.last_seen.max(merged.last_seen);
        sum.recent_runs.extend(merged.recent_runs.iter().cloned());
    }
    // Names of runs sort by time.
    sum.recent_runs.sort_unstable();
    sum.recent_runs.dedup();
    let surplus = sum.recent_runs.len().saturating_sub(RECENT_RUNS_MAX);
    sum.recent_runs.drain(..surplus);
    sum
}
