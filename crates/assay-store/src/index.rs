//! The index: an `SQLite` database of what lists and filters ask for, derived from the run logs.
//!
//! Nothing is in it that is not in the files, so it may be lost, stale or damaged at any time: it is made again, and then
//! gives the same answers byte for byte. It is not synced to the disk, which costs more than all the rest of it; for that
//! it is trusted only as long as the system that it was written under is up. A killed process leaves it whole: `SQLite`'s
//! journal is there for that.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use assay_spec::{FindingId, RunId, RunRow};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Transaction, params};

use crate::{RunFilter, StoreError};

/// Counts up with every change of the tables: an index of another version is made again.
const VERSION: i64 = 1;

/// How long `SQLite` waits for another process in the midst of a commit.
const BUSY_WAIT_MAX: Duration = Duration::from_mins(1);

const TABLES: &str = "
    CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE runs (
        run_id TEXT PRIMARY KEY, recorded_at INTEGER NOT NULL, core TEXT NOT NULL, verdict TEXT,
        comparisons INTEGER NOT NULL, row TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX runs_by_time ON runs (recorded_at, run_id);
    CREATE INDEX runs_by_core ON runs (core, recorded_at);
    CREATE TABLE outcomes (
        run_id TEXT NOT NULL, position INTEGER NOT NULL, backend TEXT NOT NULL, status TEXT NOT NULL,
        PRIMARY KEY (run_id, position)
    ) WITHOUT ROWID;
    CREATE TABLE findings (
        finding_id TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (finding_id, run_id)
    ) WITHOUT ROWID;
";

/// A run as it is put into the index.
#[derive(Clone, Debug)]
pub(crate) struct IndexedRun {
    pub(crate) row: RunRow,
    /// How many rows of `summary.csv` it has.
    pub(crate) comparisons: u32,
}

/// The index of a store.
#[derive(Debug)]
pub(crate) struct Index {
    /// Absent for one in memory, of a store that cannot be written to.
    path: Option<PathBuf>,
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    /// Which file it is of.
    inode: Option<u64>,
}

/// Why the index did not answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It is not there, is of another version or another system, or is damaged: to be made again.
    Lost,
    /// Something that making it again does not help against.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // None: what is in it is not of the type that it was written with.
            Some(
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SchemaChanged | ErrorCode::Unknown,
            )
            | None => Self::Lost,
            Some(_) => Self::Sqlite(error),
        }
    }
}

impl Index {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path: Some(path), open: Mutex::default() }
    }

    pub(crate) fn in_memory() -> Self {
        Self { path: None, open: Mutex::default() }
    }

    /// Asks the index, opening it where that is to be done. The answer is [`Trouble::Lost`] where there is none.
    pub(crate) fn ask<T>(&self, act: impl FnOnce(&mut Connection) -> Result<T, rusqlite::Error>) -> Result<T, Trouble> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_some_and(|open| open.inode != self.inode()) {
            *open = None;
        }
        if open.is_none() {
            *open = Some(self.connect()?);
        }
        let connection = &mut open.as_mut().expect("it was just opened").connection;
        let answer = act(connection).map_err(Trouble::from);
        if answer.is_err() {
            *open = None;
        }
        answer
    }

    fn inode(&self) -> Option<u64> {
        self.path.as_ref().and_then(|path| fs::metadata(path).ok()).map(|metadata| metadata.ino())
    }

    fn connect(&self) -> Result<Open, Trouble> {
        let Some(path) = &self.path else { return Err(Trouble::Lost) };
        if !path.exists() {
            return Err(Trouble::Lost);
        }
        let connection = Connection::open(path)?;
        prepare(&connection)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let system: Option<String> = fact(&connection, "system")?;
        if version != VERSION || system != Some(system_id()) {
            return Err(Trouble::Lost);
        }
        Ok(Open { inode: self.inode(), connection })
    }

    /// Puts an empty index in place of what is there. The caller holds the store's lock.
    pub(crate) fn make_again(&self) -> Result<(), StoreError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        *open = None;
        let connection = match &self.path {
            None => Connection::open_in_memory(),
            Some(path) => {
                // The journal first: with the database gone, it would be taken for that of the next.
                for path in [&journal(path), path] {
                    match fs::remove_file(path) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(StoreError::io(crate::Step::Remove, path, error));
                        }
                        _ => {}
                    }
                }
                Connection::open(path)
            }
        };
        let made = connection.and_then(|connection| {
            prepare(&connection)?;
            connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION};"))?;
            connection.execute("INSERT INTO facts VALUES ('system', ?1)", [system_id()])?;
            connection.execute_batch("COMMIT")?;
            Ok(connection)
        });
        let connection = made.map_err(|source| self.error(source))?;
        *open = Some(Open { inode: self.inode(), connection });
        Ok(())
    }

    /// The error for `source`.
    pub(crate) fn error(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Index { path: self.place().to_owned(), source }
    }

    /// Where it is.
    pub(crate) fn place(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(":memory:"))
    }
}

fn journal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-journal");
    name.into()
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_WAIT_MAX)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    // Not WAL: whoever closes a database that was removed would remove the log of the one that took its place.
    connection.pragma_update_and_check(None, "journal_mode", "TRUNCATE", |_| Ok(()))?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// The system since it was started: what it has not written to the disk is lost with it.
fn system_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".to_owned(), |id| id.trim().to_owned())
}

fn fact<T: rusqlite::types::FromSql>(connection: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    connection.query_row("SELECT value FROM facts WHERE name = ?1", [name], |row| row.get(0)).optional()
}

/// How long `summary.csv` was after the last rows that the index knows of.
pub(crate) fn summary_bytes(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    fact(connection, "summary_bytes")
}

/// Notes how long `summary.csv` is.
pub(crate) fn set_summary_bytes(connection: &Connection, bytes: i64) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO facts VALUES ('summary_bytes', ?1)", [bytes]).map(drop)
}

/// Whether the run is in the index.
pub(crate) fn has(connection: &Connection, run_id: &RunId) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM runs WHERE run_id = ?1")?.exists([run_id.as_str()])
}

/// Names of every run in the index and how many rows of `summary.csv` each has, sorted.
pub(crate) fn comparisons(connection: &Connection) -> rusqlite::Result<Vec<(String, u32)>> {
    let mut query = connection.prepare("SELECT run_id, comparisons FROM runs ORDER BY run_id")?;
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Puts a run into the index.
pub(crate) fn insert(transaction: &Transaction<'_>, run: &IndexedRun) -> rusqlite::Result<()> {
    let row = &run.row;
    remove(transaction, row.run_id.as_str())?;
    transaction.prepare_cached("INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        row.run_id.as_str(),
        instant(row.recorded_at),
        row.core,
        row.verdict.map(|verdict| verdict.to_string()),
        run.comparisons,
        serde_json::to_string(row).expect("a row is text, lists and enums"),
    ])?;
    let mut outcomes = transaction.prepare_cached("INSERT INTO outcomes VALUES (?1, ?2, ?3, ?4)")?;
    for (position, outcome) in (0_u32..).zip(&row.outcomes) {
        outcomes.execute(params![row.run_id.as_str(), position, outcome.backend, outcome.status.to_string()])?;
    }
    let mut findings = transaction.prepare_cached("INSERT OR IGNORE INTO findings VALUES (?1, ?2)")?;
    for finding_id in &row.findings {
        findings.execute([finding_id.as_str(), row.run_id.as_str()])?;
    }
    Ok(())
}

/// Takes a run out of the index.
pub(crate) fn remove(transaction: &Transaction<'_>, run_id: &str) -> rusqlite::Result<()> {
    for table in ["runs", "outcomes", "findings"] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE run_id = ?1"))?.execute([run_id])?;
    }
    Ok(())
}

/// The runs that `filter` takes, the newest first. In place of its finding stand `findings`, any one of which will do.
pub(crate) fn select(
    connection: &Connection,
    filter: &RunFilter,
    findings: Option<&[FindingId]>,
) -> rusqlite::Result<Vec<RunRow>> {
    let mut query = connection.prepare_cached(
        "SELECT row FROM runs
         WHERE (?1 IS NULL OR core = ?1)
           AND (?2 IS NULL OR verdict = ?2)
           AND (?3 IS NULL OR recorded_at >= ?3)
           AND ((?4 IS NULL AND ?5 IS NULL) OR EXISTS (
               SELECT 1 FROM outcomes
               WHERE outcomes.run_id = runs.run_id
                 AND (?4 IS NULL OR backend = ?4) AND (?5 IS NULL OR status = ?5)))
           AND (?6 IS NULL OR EXISTS (
               SELECT 1 FROM findings
               WHERE findings.run_id = runs.run_id AND finding_id IN (SELECT value FROM json_each(?6))))
         ORDER BY recorded_at DESC, run_id DESC
         LIMIT ?7",
    )?;
    let rows = query.query_map(
        params![
            filter.core,
            filter.verdict.map(|verdict| verdict.to_string()),
            filter.since.map(instant),
            filter.backend,
            filter.status.map(|status| status.to_string()),
            findings.map(|findings| serde_json::to_string(findings).expect("names are text")),
            filter.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(-1)),
        ],
        |row| {
            let text: String = row.get(0)?;
            serde_json::from_str(&text).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
            })
        },
    )?;
    rows.collect()
}

/// Every row of every table as text: what two indexes of the same files have in common, and a damaged one has not.
pub(crate) fn content(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut content = BTreeSet::new();
    // What lists are found by besides the rows: where that is whole, it adds nothing.
    let whole: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if whole != "ok" {
        content.insert(whole);
    }
    for table in ["runs", "outcomes", "findings"] {
        let mut query = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let mut text = table.to_owned();
            for column in 0..columns {
                let _ = write!(text, " {:?}", row.get_ref(column)?);
            }
            content.insert(text);
        }
    }
    Ok(content)
}

/// Nanoseconds since 1970. Years beyond those of the type are its ends: they sort as they should and are nobody's.
fn instant(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}
