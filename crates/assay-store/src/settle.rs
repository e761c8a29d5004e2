//! What follows once a run is kept: its findings, its rows in `summary.csv`, its place in the index.
//!
//! Whoever began it may have been killed, so each step can be done again without being done twice, and whoever opens the
//! store next looks for what is missing.

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    time::Duration,
};

use assay_spec::{RunId, RunLog};

use crate::{
    NewFinding, Store, StoreError,
    disk::{PARTIAL, names_in},
    index::{self, IndexedRun, Trouble},
    list,
    lock::{Hold, Lock},
    record::PendingFindings,
    seal::read_sealed,
    summary,
};

/// How many runs go into the index in one transaction.
const BATCH: usize = 1000;

/// Says in the index that `summary.csv` is to be looked at by the next opener.
const LOOK_AGAIN: i64 = -1;

impl Store {
    /// Completes a run that this process has just kept. Returns `summary.csv` where it was appended to: it is still to be
    /// synced. The caller holds the store's lock.
    pub(crate) fn settle(
        &self,
        lock: &Lock,
        run_id: &RunId,
        log: &RunLog,
        findings: &[NewFinding],
    ) -> Result<Option<File>, StoreError> {
        let asked = self.index.ask(|index| Ok((index::has(index, run_id)?, index::summary_bytes(index)?)));
        let known = match asked {
            // Somebody else opened the store in between and completed it.
            Ok((true, _)) => return self.forget_pending(run_id, findings).map(|()| None),
            Ok((false, known)) => known.unwrap_or(LOOK_AGAIN),
            Err(Trouble::Lost) => {
                self.rebuild_index(Some(lock))?;
                return Ok(None);
            }
            Err(Trouble::Sqlite(source)) => return Err(self.index.error(source)),
        };
        let whole = self.whole_summary_bytes()?;
        let (present, intact) = match u64::try_from(known) {
            Ok(known) if known == whole => (0, true),
            // Somebody appended and was killed before the index knew of it; perhaps for this very run.
            Ok(known) if known < whole => (self.summary_rows(known)?.get(run_id.as_str()).copied().unwrap_or(0), true),
            _ => (self.summary_rows(0)?.get(run_id.as_str()).copied().unwrap_or(0), false),
        };
        let appended = self.complete(run_id, log, findings, present)?;
        let bytes = if intact { self.whole_summary_bytes()? as i64 } else { LOOK_AGAIN };
        let indexed = self.index_runs(&[], list::indexed(log).as_slice(), Some(bytes));
        self.or_rebuild(lock, indexed)?;
        self.forget_pending(run_id, findings)?;
        Ok(appended)
    }

    /// Findings and rows of a run of whose rows the first `present` are in `summary.csv`.
    fn complete(
        &self,
        run_id: &RunId,
        log: &RunLog,
        findings: &[NewFinding],
        present: usize,
    ) -> Result<Option<File>, StoreError> {
        // Rows come after findings: where they are, the findings were counted.
        if present < log.comparisons.len() {
            for finding in findings {
                self.count_finding(run_id, log, finding)?;
            }
        }
        let rows = summary::rows(log, |finding_id| self.resolve(finding_id));
        self.append_summary(rows.get(present..).unwrap_or_default())
    }

    fn forget_pending(&self, run_id: &RunId, findings: &[NewFinding]) -> Result<(), StoreError> {
        if findings.is_empty() { Ok(()) } else { self.disk.remove(&self.layout.pending_of(run_id)) }
    }

    /// Completes what others left undone, makes the index what the files are, and removes what nobody will finish.
    pub(crate) fn reconcile(&self) -> Result<(), StoreError> {
        let lock = self.lock_store()?;
        self.reconcile_locked(&lock)?;
        // Whoever is writing files at this moment still needs them. The next opener will do.
        if let Some(_alone) = Lock::attempt(&self.layout.content_lock(), Hold::Alone, Duration::ZERO)? {
            self.remove_leftovers()?;
        }
        Ok(())
    }

    /// The same but for what is to be removed. The caller holds the store's lock.
    pub(crate) fn reconcile_locked(&self, lock: &Lock) -> Result<(), StoreError> {
        let asked = self.index.ask(|index| Ok((index::comparisons(index)?, index::summary_bytes(index)?)));
        let caught_up = match asked {
            Ok((indexed, summary_bytes)) => self.catch_up(indexed, summary_bytes.unwrap_or(LOOK_AGAIN)),
            Err(trouble) => Err(self.trouble(trouble)),
        };
        self.or_rebuild(lock, caught_up)
    }

    /// Makes the index from the files where `done` is that it is lost. The caller holds the store's lock.
    pub(crate) fn or_rebuild(&self, lock: &Lock, done: Result<(), StoreError>) -> Result<(), StoreError> {
        match done {
            Err(StoreError::IndexLost(_)) => self.rebuild_index(Some(lock)),
            done => done,
        }
    }

    /// Makes the index from the files. The caller holds the store's lock; nobody needs one for an index in memory.
    pub(crate) fn rebuild_index(&self, _lock: Option<&Lock>) -> Result<(), StoreError> {
        self.disk.index(self.index.place(), || self.index.make_again())??;
        self.catch_up(Vec::new(), LOOK_AGAIN)
    }

    /// Brings the index, which has the runs `indexed`, and `summary.csv`, which was `summary_bytes` long, to what the files
    /// say.
    fn catch_up(&self, indexed: Vec<(String, u32)>, summary_bytes: i64) -> Result<(), StoreError> {
        let stored: BTreeSet<String> = self.run_ids()?.iter().map(ToString::to_string).collect();
        let indexed: HashMap<String, u32> = indexed.into_iter().collect();
        let gone: Vec<&str> = indexed.keys().filter(|id| !stored.contains(*id)).map(String::as_str).collect();
        let (pending, whole) = if self.is_read_only() {
            (BTreeSet::new(), 0)
        } else {
            let pending = self.pending_ids()?.into_iter().filter(|id| stored.contains(id));
            (pending.collect(), self.whole_summary_bytes()?)
        };
        let complete = u64::try_from(summary_bytes) == Ok(whole);
        let is_new = |id: &&String| !indexed.contains_key(*id);
        if complete && gone.is_empty() && pending.is_empty() && !stored.iter().any(|id| is_new(&id)) {
            return Ok(());
        }
        let present = if self.is_read_only() { HashMap::new() } else { self.summary_rows(0)? };
        let present = |id: &str| present.get(id).copied().unwrap_or(0);
        let lacks_rows = |id: &str| indexed.get(id).is_some_and(|&rows| rows as usize > present(id));
        let mut runs = Vec::new();
        for id in stored.iter().filter(|id| is_new(id) || pending.contains(*id) || lacks_rows(id)) {
            let run_id: RunId = id.parse().expect("it was the name of a run");
            // A damaged one is left out; checking the store names it.
            let Ok(log) = self.run(&run_id) else { continue };
            if !self.is_read_only() {
                self.catch_up_run(&run_id, &log, present(id))?;
            }
            runs.extend(list::indexed(&log));
            if runs.len() == BATCH {
                self.index_runs(&[], &runs, None)?;
                runs.clear();
            }
        }
        let whole = if self.is_read_only() { LOOK_AGAIN } else { self.whole_summary_bytes()? as i64 };
        self.index_runs(&gone, &runs, Some(whole))?;
        for id in &pending {
            let run_id: RunId = id.parse().expect("it was the name of a run");
            self.disk.remove(&self.layout.pending_of(&run_id))?;
        }
        Ok(())
    }

    fn catch_up_run(&self, run_id: &RunId, log: &RunLog, present: usize) -> Result<(), StoreError> {
        let pending = self.layout.pending_of(run_id);
        let findings = if pending.exists() {
            read_sealed::<PendingFindings>(&pending).map(|pending| pending.findings)
        } else {
            Ok(Vec::new())
        };
        let appended = self.complete(run_id, log, &findings.unwrap_or_default(), present);
        match appended {
            Ok(Some(summary)) => self.disk.sync(&summary, &self.layout.summary()),
            Ok(None) => Ok(()),
            // A damaged finding is no reason to keep nothing any more; checking the store names it.
            Err(error) if error.is_damage() => self.complete(run_id, log, &[], present).map(drop),
            Err(error) => Err(error),
        }
    }

    fn pending_ids(&self) -> Result<Vec<String>, StoreError> {
        let names = names_in(&self.layout.pending())?;
        let is_run = |id: &&str| id.parse::<RunId>().is_ok();
        Ok(names.iter().filter_map(|name| name.strip_suffix(".json")).filter(is_run).map(str::to_owned).collect())
    }

    /// Takes runs out of the index and puts others in, in one transaction.
    pub(crate) fn index_runs(
        &self,
        gone: &[&str],
        runs: &[IndexedRun],
        summary_bytes: Option<i64>,
    ) -> Result<(), StoreError> {
        let changed = self.disk.index(self.index.place(), || {
            self.index.ask(|index| {
                let transaction = index.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                for id in gone {
                    index::remove(&transaction, id)?;
                }
                for run in runs {
                    index::insert(&transaction, run)?;
                }
                if let Some(bytes) = summary_bytes {
                    index::set_summary_bytes(&transaction, bytes)?;
                }
                transaction.commit()
            })
        })?;
        changed.map_err(|trouble| self.trouble(trouble))
    }

    /// The error for a `trouble` that is not got rid of here.
    pub(crate) fn trouble(&self, trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::Sqlite(source) => self.index.error(source),
            Trouble::Lost => StoreError::IndexLost(self.index.place().to_owned()),
        }
    }

    /// How many rows each run has in `summary.csv` from byte `from` on, which is where a line begins.
    pub(crate) fn summary_rows(&self, from: u64) -> Result<HashMap<String, usize>, StoreError> {
        let path = self.layout.summary();
        match File::open(&path) {
            Ok(file) => rows_of(file, from).map_err(|source| StoreError::read(&path, source)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(HashMap::new()),
            Err(source) => Err(StoreError::read(&path, source)),
        }
    }

    /// Removes temporary files of processes that were killed. The caller holds both locks alone.
    fn remove_leftovers(&self) -> Result<(), StoreError> {
        let mut folders = self.layout.folders();
        folders.push(self.layout.root.clone());
        for finding_id in self.finding_ids()? {
            folders.push(self.layout.finding(&finding_id));
        }
        for folder in folders {
            for name in names_in(&folder)?.iter().filter(|name| name.starts_with('.') && name.ends_with(PARTIAL)) {
                let path = folder.join(name);
                if path.is_dir() {
                    self.disk.remove_folder(&path)?;
                } else {
                    self.disk.remove(&path)?;
                }
            }
        }
        for id in self.pending_ids()? {
            let run_id: RunId = id.parse().expect("it was the name of a run");
            if !self.layout.run(&run_id).exists() {
                self.disk.remove(&self.layout.pending_of(&run_id))?;
            }
        }
        Ok(())
    }
}

/// Longest begin of a line that is looked at for the name of a run, in bytes. Names are shorter.
const LINE_BEGIN_BYTES_MAX: u64 = 1024;

/// How many lines from byte `from` on begin with the name of each run. The file may have any length, and its lines, too.
fn rows_of(mut file: File, from: u64) -> io::Result<HashMap<String, usize>> {
    file.seek(SeekFrom::Start(from))?;
    let mut lines = BufReader::new(file);
    let mut rows = HashMap::new();
    let mut begin = Vec::new();
    loop {
        begin.clear();
        if (&mut lines).take(LINE_BEGIN_BYTES_MAX).read_until(b'\n', &mut begin)? == 0 {
            return Ok(rows);
        }
        if begin.last() != Some(&b'\n') {
            lines.skip_until(b'\n')?;
        }
        // Names of runs have no commas and no quotes: whatever the rest of the line is, this is its first cell.
        let cell = begin.split(|&byte| matches!(byte, b',' | b'\n')).next().unwrap_or_default();
        if let Some(id) = str::from_utf8(cell).ok().filter(|id| id.parse::<RunId>().is_ok()) {
            *rows.entry(id.to_owned()).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn rows_are_counted_however_long_their_lines_are() {
        let (one, other) = ("20260131_235959_fib_K7Q2MX", "20260131_235959_fib_K7Q2MY");
        let long = "x".repeat(3 * LINE_BEGIN_BYTES_MAX as usize);
        let mut file = tempfile::tempfile().unwrap();
        let head = "run_id,core\n";
        write!(file, "{head}{one},a\n{one},{long}\n{long},{one}\n\n{other}\n{other},cut").unwrap();
        let rows = rows_of(file.try_clone().unwrap(), 0).unwrap();
        assert_eq!(rows, HashMap::from([(one.to_owned(), 2), (other.to_owned(), 2)]));
        let rows = rows_of(file, (head.len() + one.len() + ",a\n".len()) as u64).unwrap();
        assert_eq!(rows, HashMap::from([(one.to_owned(), 1), (other.to_owned(), 2)]));
    }
}
