//! Keeping a run.
//!
//! In this order, so that whatever happens in between, nothing that was said to be kept is lost and nothing half is seen:
//! guest and input (named by digest, so that they are the same whoever writes them); the findings of the run, aside; the run
//! log. From here on the run is kept. Then, alone in the store: the folders of findings, the rows in `summary.csv`, the
//! index. What is missing of these after a crash is completed by the next that opens the store.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    path::Path,
};

use assay_spec::{
    Digest, InputRecord, RunFinding, RunId, RunLog, RunRecord,
    schema::{SchemaTag, Versioned},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    NewFinding, NewRun, Recorded, RecordedFinding, Store, StoreError,
    disk::{FILE_MODE, PARTIAL, partial_name, read_file},
    layout::{BLOB_BYTES_MAX, BlobKind},
    lock::{Hold, LOCK_WAIT_MAX, Lock},
    seal::sealed,
};

/// Findings of a run that is being kept, until they are in their folders (`assay.pending_findings/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PendingFindings {
    pub(crate) schema: SchemaTag,
    pub(crate) run_id: RunId,
    pub(crate) findings: Vec<NewFinding>,
}

impl Versioned for PendingFindings {
    const NAME: &'static str = "assay.pending_findings";
    const MAJOR: u32 = 1;
}

/// How many names are tried for a run before something is taken to be wrong: each has 30 random bits.
const RUN_ID_ATTEMPTS: usize = 16;

impl Store {
    /// Keeps a run: its log, its guests, its input, and what it showed.
    ///
    /// Once it returns, the run is on the disk. With [`StoreError::Unsettled`] the run is, too, and what belongs to it comes
    /// later; with any other error nothing of it is to be seen.
    pub fn record(&self, run: NewRun<'_>) -> Result<Recorded, StoreError> {
        self.writable()?;
        check(&run)?;
        let NewRun { input, guests, findings, .. } = &run;
        let content = Lock::take(&self.layout.content_lock(), Hold::Shared, LOCK_WAIT_MAX)?;
        let mut given = HashSet::new();
        for guest in guests {
            given.insert(self.put_blob(BlobKind::Guest, guest)?);
        }
        for outcome in &run.log.outcomes {
            let digest = outcome.outcome.guest.digest;
            if !given.contains(&digest) && !self.layout.blob(BlobKind::Guest, &digest).exists() {
                return Err(StoreError::GuestMissing { outcome: outcome.name.clone(), digest });
            }
        }
        self.put_blob(BlobKind::Input, input)?;
        let findings = findings.clone();
        let (log, run_id) = self.put_log(run, &findings)?;
        drop(content);

        let settled = self.settle_own(&run_id, &log, &findings);
        let findings =
            settled.map_err(|error| StoreError::Unsettled { run_id: run_id.clone(), source: Box::new(error) })?;
        Ok(Recorded { run_path: self.layout.run(&run_id), run_id, log, findings })
    }

    /// Keeps a receipt file; returns its SHA-256, by which [`Store::receipt`] finds it.
    pub fn put_receipt(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        self.writable()?;
        let _content = Lock::take(&self.layout.content_lock(), Hold::Shared, LOCK_WAIT_MAX)?;
        self.put_blob(BlobKind::Receipt, bytes)
    }

    /// Keeps trace records; returns their SHA-256, by which [`Store::trace_path`] finds them.
    pub fn put_trace(&self, records: &Path) -> Result<Digest, StoreError> {
        self.writable()?;
        let _content = Lock::take(&self.layout.content_lock(), Hold::Shared, LOCK_WAIT_MAX)?;
        self.put_blob(BlobKind::Trace, &read_file(records, BLOB_BYTES_MAX)?)
    }

    /// Puts `bytes` under their digest. The caller holds the content lock with others.
    fn put_blob(&self, kind: BlobKind, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        let path = self.layout.blob(kind, &digest);
        let known = |store: &Self| store.durable.lock().is_ok_and(|durable| durable.contains(&(kind, digest)));
        // A damaged one is replaced.
        let whole = read_file(&path, bytes.len() as u64).is_ok_and(|found| found == bytes);
        if whole && known(self) {
            return Ok(digest);
        }
        if whole {
            // Somebody else's, whose name may not be on the disk yet.
            self.disk.sync_folder(&self.layout.blobs(kind))?;
        } else {
            // Others may be writing the same at this moment.
            let partial = path.with_file_name(format!(".{digest}.{:016x}{PARTIAL}", random()));
            self.disk.write_new(&partial, bytes, FILE_MODE)?;
            self.disk.rename(&partial, &path)?;
        }
        if let Ok(mut durable) = self.durable.lock() {
            durable.insert((kind, digest));
        }
        Ok(digest)
    }

    /// Gives the run a name and puts its findings aside and its log in place: from then on the run is kept.
    fn put_log(&self, run: NewRun<'_>, findings: &[NewFinding]) -> Result<(RunLog, RunId), StoreError> {
        let core = run.source.name().to_owned();
        let mut log = run.log;
        log.schema = RunLog::tag();
        let mut record = RunRecord {
            run_id: RunId::new(Timestamp::UNIX_EPOCH, &core, 0),
            recorded_at: Timestamp::UNIX_EPOCH,
            assay_version: run.assay_version,
            rustc_version: run.rustc_version,
            source: run.source,
            input: InputRecord { name: run.input_name, bytes: run.input.len() as u64, json: run.input_json },
            backends: run.backends,
            limits: run.limits,
            planted_faults: run.planted_faults,
            provenance: run.provenance,
            findings: findings
                .iter()
                .map(|finding| RunFinding { comparison: finding.comparison, finding_id: finding.identity.finding_id() })
                .collect(),
        };
        for attempt in 1.. {
            record.recorded_at = Timestamp::now();
            record.run_id = RunId::new(record.recorded_at, &core, random() as u32);
            log.record = Some(Box::new(record.clone()));
            let run_id = &record.run_id;
            let path = self.layout.run(run_id);
            let bytes = sealed(&path, &log)?;
            // Only one can make a file of this name, and nobody else gives this name to a log: nothing is replaced.
            let partial = partial_name(&path);
            match self.disk.write_new(&partial, &bytes, FILE_MODE) {
                Ok(()) => {}
                Err(error) if error.is_taken() && attempt < RUN_ID_ATTEMPTS => continue,
                Err(error) => return Err(error),
            }
            if path.exists() && attempt < RUN_ID_ATTEMPTS {
                self.disk.remove(&partial)?;
                continue;
            }
            if !findings.is_empty()
                && let Err(error) = self.put_pending(run_id, findings)
            {
                let _ = self.disk.remove(&partial);
                return Err(error);
            }
            if let Err(error) = self.disk.rename(&partial, &path) {
                if path.exists() {
                    // It has its name, and nobody can say whether the disk knows: it is kept, and its owner told.
                    return Err(StoreError::Unsettled { run_id: run_id.clone(), source: Box::new(error) });
                }
                let _ = self.disk.remove(&self.layout.pending_of(run_id));
                return Err(error);
            }
            break;
        }
        Ok((log, record.run_id))
    }

    fn put_pending(&self, run_id: &RunId, findings: &[NewFinding]) -> Result<(), StoreError> {
        let path = self.layout.pending_of(run_id);
        let pending =
            PendingFindings { schema: PendingFindings::tag(), run_id: run_id.clone(), findings: findings.to_vec() };
        self.disk.replace(&path, &sealed(&path, &pending)?)
    }

    /// Completes a run that this process has just kept.
    fn settle_own(
        &self,
        run_id: &RunId,
        log: &RunLog,
        findings: &[NewFinding],
    ) -> Result<Vec<RecordedFinding>, StoreError> {
        let lock = self.lock_store()?;
        let appended = self.settle(&lock, run_id, log, findings)?;
        drop(lock);
        // Others may append meanwhile: whoever waits for the disk does not keep them waiting.
        if let Some(summary) = appended {
            self.disk.sync(&summary, &self.layout.summary())?;
        }
        findings.iter().map(|finding| self.recorded_finding(run_id, finding)).collect()
    }
}

fn check(run: &NewRun<'_>) -> Result<(), StoreError> {
    let (expected, found) = (run.log.input_digest, Digest::of(run.input));
    if expected != found {
        return Err(StoreError::OtherInput { expected, found });
    }
    let comparisons = run.log.comparisons.len();
    match run.findings.iter().map(|finding| finding.comparison).find(|&comparison| comparison >= comparisons) {
        Some(comparison) => Err(StoreError::NoSuchComparison { comparison, comparisons }),
        None => Ok(()),
    }
}

/// Different in every process and every call: the keys come from the system.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}
