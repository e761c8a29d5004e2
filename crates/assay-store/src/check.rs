//! Whether everything in a store is as it was written, and what is not.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use assay_spec::{
    FindingId, RunId, RunLog, StoreCheckReport, StoreDamage, StoreMarker,
    schema::{ReadError, Versioned as _},
};

use crate::{
    FindingFolder, Store, StoreError,
    disk::{PARTIAL, names_in, read_file},
    export::{SUMMARY_BYTES_MAX, cells},
    finding_folder::read_digests,
    folder::digest_of,
    index::{self, Index, IndexedRun},
    layout::{BlobKind, finding_file},
    list,
    seal::read_sealed,
    summary,
};

/// Columns of `summary.csv` that say what a finding was merged into when the row was written.
const FINDING_COLUMNS: [&str; 2] = ["repro_path", "finding_id"];

/// What a check has come to.
struct Check<'a> {
    store: &'a Store,
    damage: Vec<StoreDamage>,
}

/// What others may change, as it was at one moment.
struct Moment {
    run_ids: Vec<RunId>,
    summary: Vec<u8>,
    /// None where it is not looked at; an error where it cannot be read.
    index: Option<Result<BTreeSet<String>, StoreError>>,
}

impl Store {
    /// Reads everything and says what is not as it was written. Others may keep runs meanwhile.
    pub fn check(&self) -> Result<StoreCheckReport, StoreError> {
        let Moment { run_ids, summary, index } = self.moment()?;
        let mut check = Check { store: self, damage: Vec::new() };
        let marker = self.layout.marker();
        match read_sealed::<StoreMarker>(&marker) {
            // That of a newer version is no damage.
            Err(StoreError::Format { source: ReadError::TooNew { .. }, .. }) => {}
            read => {
                check.note(&marker, read);
            }
        }
        let mut logs = HashMap::new();
        for run_id in &run_ids {
            let path = self.layout.run(run_id);
            if let Some(log) = check.note(&path, self.run(run_id)) {
                check.references(&path, &log);
                logs.insert(run_id.clone(), log);
            }
        }
        check.names();
        let blobs = check.blobs()?;
        let findings = check.findings()?;
        let summary_rows = check.summary(&summary, &run_ids, &logs);
        if let Some(index) = index.and_then(|index| check.note(&self.layout.index(), index)) {
            check.index(&index, &run_ids, &logs)?;
        }
        Ok(StoreCheckReport {
            schema: StoreCheckReport::tag(),
            runs: logs.len() as u64,
            findings,
            blobs,
            summary_rows,
            damage: check.damage,
        })
    }

    fn moment(&self) -> Result<Moment, StoreError> {
        let read_summary = || {
            let path = self.layout.summary();
            if path.exists() { read_file(&path, SUMMARY_BYTES_MAX) } else { Ok(Vec::new()) }
        };
        if self.is_read_only() {
            return Ok(Moment { run_ids: self.run_ids()?, summary: read_summary()?, index: None });
        }
        let lock = self.lock_store()?;
        // So that what others have begun and not ended is not taken for damage.
        self.reconcile_locked(&lock)?;
        let index = self.index.ask(|index| index::content(index)).map_err(|trouble| self.trouble(trouble));
        Ok(Moment { run_ids: self.run_ids()?, summary: read_summary()?, index: Some(index) })
    }
}

impl Check<'_> {
    /// What was read, or none and the damage noted.
    fn note<T>(&mut self, path: &Path, read: Result<T, StoreError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                // Which file it is stands in front already.
                let prefix = format!("{}", path.display());
                let why = error.to_string();
                let why = why.strip_prefix(&prefix).map_or(why.as_str(), |why| why.trim_start_matches([':', ' ']));
                self.damaged(path, why);
                None
            }
        }
    }

    fn damaged(&mut self, path: &Path, why: &str) {
        self.damage.push(StoreDamage { what: self.store.layout.within(path), why: why.to_owned() });
    }

    /// What a run needs must be there; whether it is whole is looked at once for all runs.
    fn references(&mut self, path: &Path, log: &RunLog) {
        let guests = log.outcomes.iter().map(|outcome| (BlobKind::Guest, outcome.outcome.guest.digest));
        let needed: BTreeSet<_> = guests.chain([(BlobKind::Input, log.input_digest)]).collect();
        for (kind, digest) in needed {
            if !self.store.layout.blob(kind, &digest).exists() {
                self.damaged(path, &format!("it needs {}/{digest}, which is missing", kind.folder()));
            }
        }
        for finding in log.record.iter().flat_map(|record| &record.findings) {
            if !self.store.layout.finding(&finding.finding_id).exists() {
                self.damaged(path, &format!("it showed the finding {}, which is missing", finding.finding_id));
            }
        }
    }

    /// Files that are not named as a store names them were not made by one, or their names were damaged.
    fn names(&mut self) {
        let layout = &self.store.layout;
        let is_run = |name: &str| name.strip_suffix(".json").is_some_and(|id| id.parse::<RunId>().is_ok());
        let is_finding = |name: &str| name.parse::<FindingId>().is_ok();
        let of = |folder: PathBuf, is_known: &dyn Fn(&str) -> bool| -> Vec<PathBuf> {
            let names = names_in(&folder).unwrap_or_default();
            names
                .iter()
                .filter(|name| !is_known(name) && !name.ends_with(PARTIAL))
                .map(|name| folder.join(name))
                .collect()
        };
        let strange = [of(layout.runs(), &is_run), of(layout.pending(), &is_run), of(layout.findings(), &is_finding)];
        for path in strange.iter().flatten() {
            self.damaged(path, "no file of a store has such a name");
        }
    }

    fn blobs(&mut self) -> Result<u64, StoreError> {
        let mut whole = 0;
        for kind in BlobKind::ALL {
            let folder = self.store.layout.blobs(kind);
            for name in names_in(&folder)?.iter().filter(|name| !name.ends_with(PARTIAL)) {
                let path = folder.join(name);
                let read = digest_of(&path).map_err(|source| StoreError::read(&path, source));
                match self.note(&path, read) {
                    Some(digest) if digest.to_string() == *name => whole += 1,
                    Some(digest) => self.damaged(&path, &format!("its SHA-256 is {digest}")),
                    None => {}
                }
            }
        }
        Ok(whole)
    }

    fn findings(&mut self) -> Result<u64, StoreError> {
        let mut whole = 0;
        for finding_id in self.store.finding_ids()? {
            let before = self.damage.len();
            let folder = self.store.layout.finding(&finding_id);
            let path = folder.join(finding_file::FINDING);
            if let Some(finding) = self.note(&path, self.store.stored_finding(&finding_id)) {
                if finding.identity.finding_id() != finding_id {
                    self.damaged(&path, "its identity is that of another finding");
                }
                if !self.store.layout.run(&finding.exemplar).exists() {
                    self.damaged(&path, &format!("its run {} is missing", finding.exemplar));
                }
            }
            self.note(&folder, FindingFolder::read(&folder).map(drop));
            self.folder_digests(&folder, &[finding_file::FINDING, finding_file::MINIMIZED]);
            let minimized = folder.join(finding_file::MINIMIZED);
            if !names_in(&minimized)?.is_empty() {
                self.folder_digests(&minimized, &[]);
            }
            whole += u64::from(self.damage.len() == before);
        }
        Ok(whole)
    }

    /// Every file of `folder` but `changing` has the digest that its list of digests says.
    fn folder_digests(&mut self, folder: &Path, changing: &[&str]) {
        let list = folder.join(finding_file::DIGESTS);
        let Some(digests) = self.note(&list, read_digests(&list)) else { return };
        let list_name = self.store.layout.within(&list);
        for (name, expected) in &digests {
            let path = folder.join(name);
            if !path.exists() {
                self.damaged(&path, &format!("it is missing, and {list_name} names it"));
                continue;
            }
            let found = digest_of(&path).map_err(|source| StoreError::read(&path, source));
            if self.note(&path, found).is_some_and(|found| found != *expected) {
                let why = format!("it does not have the SHA-256 that {list_name} says; one of the two is damaged");
                self.damaged(&path, &why);
            }
        }
        let listed = |name: &str| digests.iter().any(|(listed, _)| listed == name);
        for name in names_in(folder).unwrap_or_default() {
            let ours = changing.contains(&name.as_str()) || name == finding_file::DIGESTS || name.ends_with(PARTIAL);
            if !ours && !listed(&name) {
                self.damaged(&folder.join(name), &format!("{list_name} does not name it"));
            }
        }
    }

    /// Compares `summary.csv` with what the run logs say; returns how many rows it has.
    fn summary(&mut self, text: &[u8], run_ids: &[RunId], logs: &HashMap<RunId, RunLog>) -> u64 {
        let path = self.store.layout.summary();
        let mut lines = text.split_inclusive(|&byte| byte == b'\n').zip(1..);
        if let Some((header, _)) = lines.next()
            && header != summary::line(summary::COLUMNS)
        {
            self.damaged(&path, "its first line does not name the columns");
        }
        let mut rows: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        let mut count = 0;
        for (line, number) in lines {
            match cells(line) {
                Some(cells) if cells[0].parse::<RunId>().is_ok() => {
                    count += 1;
                    rows.entry(cells[0].clone()).or_default().push(cells);
                }
                _ => self.damaged(&path, &format!("line {number} is not a row")),
            }
        }
        for run_id in run_ids {
            let Some(log) = logs.get(run_id) else { continue };
            let expected = summary::rows(log, FindingId::clone);
            let found = rows.remove(run_id.as_str()).unwrap_or_default();
            let same = expected.len() == found.len()
                && expected.iter().zip(&found).all(|(expected, found)| self.is_row(expected, found));
            if !same {
                let path = format!("{}: {run_id}", self.store.layout.within(&path));
                let why = "its rows are not what the run log says".to_owned();
                self.damage.push(StoreDamage { what: path, why });
            }
        }
        // What is left is of runs that were pruned, or cannot be read.
        count
    }

    fn is_row(&self, expected: &summary::Row, found: &[String]) -> bool {
        let at = |column| summary::COLUMNS.iter().position(|name| *name == column).expect("it is a column");
        let same = (0..expected.len())
            .filter(|&column| !FINDING_COLUMNS.contains(&summary::COLUMNS[column]))
            .all(|column| expected[column] == found[column]);
        let [repro, finding] = FINDING_COLUMNS.map(at);
        let (own, known) = (&expected[finding], &found[finding]);
        let merged =
            own.parse::<FindingId>().is_ok_and(|own| self.store.merges(&own).iter().any(|id| id.as_str() == known));
        same && (known == own || merged) && found[repro] == summary::repro_path(known)
    }

    /// Compares the index with one that is made of the run logs. Runs that cannot be read are in neither.
    fn index(
        &mut self,
        content: &BTreeSet<String>,
        run_ids: &[RunId],
        logs: &HashMap<RunId, RunLog>,
    ) -> Result<(), StoreError> {
        let made = Index::in_memory();
        made.make_again()?;
        let runs: Vec<IndexedRun> = run_ids.iter().filter_map(|id| list::indexed(logs.get(id)?)).collect();
        let expected = made.ask(|made| {
            let transaction = made.transaction()?;
            for run in &runs {
                index::insert(&transaction, run)?;
            }
            transaction.commit()?;
            index::content(made)
        });
        let expected = expected.map_err(|trouble| self.store.trouble(trouble))?;
        let unread: Vec<&RunId> = run_ids.iter().filter(|id| !logs.contains_key(*id)).collect();
        let surplus = content.difference(&expected);
        let surplus = surplus.filter(|row| !unread.iter().any(|id| row.contains(id.as_str()))).count();
        if surplus > 0 || !content.is_superset(&expected) {
            let path = self.store.layout.index();
            self.damaged(&path, "it is not what the run logs say; make it again: assay store rebuild");
        }
        Ok(())
    }
}
