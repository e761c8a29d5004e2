//! Retention: what is removed, and what never is.
//!
//! Findings stay, with the runs that they name, and so do reports and the rows of `summary.csv`. Other runs stay for a
//! time, or until the store is too large; a run that diverged and became no finding counts as one that is named. Guests and
//! inputs go with the last run that needs them; receipts and traces, which are kept for their own sake, too, after the same
//! time. What cannot be read is not judged: it stays, and so does everything that it might need.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
};

use assay_spec::{Digest, Finding, FindingId, RunId, RunLog, StorePruneReport, Verdict, schema::Versioned as _};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Store, StoreError,
    disk::names_in,
    layout::BlobKind,
    lock::{Hold, LOCK_WAIT_MAX, Lock},
};

/// What is to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PruneOptions {
    /// Runs that may go are removed when they are older.
    pub keep_for: SignedDuration,
    /// Beyond so many bytes of runs and what is named by digest, runs that may go are removed however young, the oldest
    /// first.
    pub bytes_max: Option<u64>,
    /// Only say what would be removed.
    pub dry_run: bool,
}

impl Default for PruneOptions {
    /// Seven days, of any size.
    fn default() -> Self {
        Self { keep_for: SignedDuration::from_hours(7 * 24), bytes_max: None, dry_run: false }
    }
}

/// A run and what goes with it.
struct StoredRun {
    run_id: RunId,
    recorded_at: Timestamp,
    bytes: u64,
    may_go: bool,
    needs: Vec<(BlobKind, Digest)>,
}

struct StoredBlob {
    bytes: u64,
    /// Seconds since 1970.
    modified: i64,
    users: u64,
}

impl Store {
    /// Removes what may go. Nobody else keeps anything meanwhile.
    pub fn prune(&self, options: &PruneOptions) -> Result<StorePruneReport, StoreError> {
        self.writable()?;
        // In this order: who keeps a run ends with waiting for the store, so that the content comes free.
        let store = self.lock_store()?;
        let _content = Lock::take(&self.layout.content_lock(), Hold::Alone, LOCK_WAIT_MAX)?;
        let oldest = Timestamp::now().saturating_sub(options.keep_for).unwrap_or(Timestamp::MIN);

        let (mut runs, unreadable) = self.stored_runs()?;
        runs.sort_by(|a, b| (a.recorded_at, &a.run_id).cmp(&(b.recorded_at, &b.run_id)));
        let mut blobs = self.stored_blobs()?;
        for need in runs.iter().flat_map(|run| &run.needs) {
            if let Some(blob) = blobs.get_mut(need) {
                blob.users += 1;
            }
        }
        let mut notes = Vec::new();
        if unreadable > 0 {
            notes.push(format!(
                "{unreadable} run logs cannot be read: they stay, and with them every guest, input, receipt and trace; see: \
                 assay store check"
            ));
        }
        let mut bytes_left = runs.iter().map(|run| run.bytes).chain(blobs.values().map(|blob| blob.bytes)).sum();
        let mut bytes = 0;
        let mut gone_blobs = Vec::new();
        let mut take = |bytes_left: &mut u64, size: u64| {
            *bytes_left = u64::saturating_sub(*bytes_left, size);
            bytes += size;
        };
        // What nobody has needed for long goes first, so that it takes no run with it.
        if unreadable == 0 {
            for (&(kind, digest), blob) in &blobs {
                let for_its_own_sake = matches!(kind, BlobKind::Receipt | BlobKind::Trace);
                if blob.users == 0 && (!for_its_own_sake || blob.modified < oldest.as_second()) {
                    take(&mut bytes_left, blob.bytes);
                    gone_blobs.push((kind, digest));
                }
            }
        }
        let mut gone_runs = Vec::new();
        for run in &runs {
            let too_large = options.bytes_max.is_some_and(|max| bytes_left > max);
            if !run.may_go || (run.recorded_at >= oldest && !too_large) {
                continue;
            }
            take(&mut bytes_left, run.bytes);
            gone_runs.push(run.run_id.clone());
            for need in run.needs.iter().filter(|_| unreadable == 0) {
                if let Some(blob) = blobs.get_mut(need) {
                    blob.users -= 1;
                    if blob.users == 0 {
                        take(&mut bytes_left, blob.bytes);
                        gone_blobs.push(*need);
                    }
                }
            }
        }
        if !options.dry_run {
            self.remove_runs(&store, &gone_runs, &gone_blobs)?;
        }
        Ok(StorePruneReport {
            schema: StorePruneReport::tag(),
            dry_run: options.dry_run,
            runs_left: (runs.len() - gone_runs.len()) as u64 + unreadable,
            runs: gone_runs,
            blobs: gone_blobs.len() as u64,
            bytes,
            bytes_left,
            notes,
        })
    }

    /// Runs first: what is left of them after a crash is nothing that anything refers to.
    fn remove_runs(&self, store: &Lock, runs: &[RunId], blobs: &[(BlobKind, Digest)]) -> Result<(), StoreError> {
        for run_id in runs {
            self.disk.remove(&self.layout.run(run_id))?;
        }
        if !runs.is_empty() {
            self.disk.sync_folder(&self.layout.runs())?;
            let ids: Vec<&str> = runs.iter().map(RunId::as_str).collect();
            self.or_rebuild(store, self.index_runs(&ids, &[], None))?;
        }
        if let Ok(mut durable) = self.durable.lock() {
            for blob in blobs {
                durable.remove(blob);
            }
        }
        for (kind, digest) in blobs {
            self.disk.remove(&self.layout.blob(*kind, digest))?;
        }
        Ok(())
    }

    /// Every run that can be read, and how many cannot.
    fn stored_runs(&self) -> Result<(Vec<StoredRun>, u64), StoreError> {
        let findings: HashMap<FindingId, Finding> = self
            .finding_ids()?
            .into_iter()
            .filter_map(|finding_id| Some((finding_id.clone(), self.stored_finding(&finding_id).ok()?)))
            .collect();
        let (mut runs, mut unreadable) = (Vec::new(), 0);
        for run_id in self.run_ids()? {
            let Ok(log) = self.run(&run_id) else {
                unreadable += 1;
                continue;
            };
            let path = self.layout.run(&run_id);
            let bytes = fs::metadata(&path).map_err(|source| StoreError::read(&path, source))?.len();
            let Some(record) = &log.record else { continue };
            runs.push(StoredRun {
                recorded_at: record.recorded_at,
                bytes,
                may_go: may_go(&run_id, &log, &findings) && !self.layout.pending_of(&run_id).exists(),
                needs: needs(&log),
                run_id,
            });
        }
        Ok((runs, unreadable))
    }

    fn stored_blobs(&self) -> Result<BTreeMap<(BlobKind, Digest), StoredBlob>, StoreError> {
        let mut blobs = BTreeMap::new();
        for kind in BlobKind::ALL {
            for name in names_in(&self.layout.blobs(kind))? {
                let Ok(digest) = name.parse::<Digest>() else { continue };
                let path = self.layout.blob(kind, &digest);
                let metadata = fs::metadata(&path).map_err(|source| StoreError::read(&path, source))?;
                let modified = std::os::unix::fs::MetadataExt::mtime(&metadata);
                blobs.insert((kind, digest), StoredBlob { bytes: metadata.len(), modified, users: 0 });
            }
        }
        Ok(blobs)
    }
}

/// Whether nothing is lost with the run: it passed, or the findings that it showed have newer runs to show.
fn may_go(run_id: &RunId, log: &RunLog, findings: &HashMap<FindingId, Finding>) -> bool {
    let shown = log.record.as_ref().map_or(&[][..], |record| &record.findings);
    if shown.is_empty() {
        return !log.comparisons.iter().any(|comparison| matches!(comparison.verdict, Verdict::Diverge(_)));
    }
    shown.iter().all(|shown| {
        let finding = findings.get(&shown.finding_id);
        finding.is_some_and(|finding| finding.exemplar != *run_id && !finding.recent_runs.contains(run_id))
    })
}

/// What it takes to run it again, and what it made; each once.
fn needs(log: &RunLog) -> Vec<(BlobKind, Digest)> {
    let mut needs = HashSet::from([(BlobKind::Input, log.input_digest)]);
    for outcome in &log.outcomes {
        needs.insert((BlobKind::Guest, outcome.outcome.guest.digest));
        needs.extend(outcome.outcome.receipt.as_ref().map(|receipt| (BlobKind::Receipt, receipt.digest)));
    }
    needs.into_iter().collect()
}
