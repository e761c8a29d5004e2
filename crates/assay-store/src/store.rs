//! The store: opening it, and reading what is in it.

use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
};

use assay_spec::{
    Digest, FindingId, RunId, RunLog, StoreMarker,
    schema::{ReadError, Versioned as _, read},
};
use jiff::Timestamp;

use crate::{
    StoreError,
    disk::{Disk, Faults, names_in, partial_name, read_file},
    index::Index,
    layout::{BLOB_BYTES_MAX, BlobKind, JSON_BYTES_MAX, Layout},
    lock::{Hold, LOCK_WAIT_MAX, Lock},
    seal::{read_sealed, sealed},
};

/// A folder in which runs and findings are kept. Several processes may have it open.
#[derive(Debug)]
pub struct Store {
    pub(crate) layout: Layout,
    pub(crate) disk: Disk,
    /// Why it is not written to, where it is not.
    read_only: Option<String>,
    pub(crate) index: Index,
    /// Guests and inputs that are known to be on the disk, name included.
    pub(crate) durable: Mutex<HashSet<(BlobKind, Digest)>>,
}

/// A kept run with all that it takes to run it again.
#[derive(Clone, Debug)]
pub struct SavedRun {
    /// What it showed, and how it was asked for.
    pub log: RunLog,
    /// The ELFs that the outcomes name, by digest.
    pub guests: BTreeMap<Digest, Vec<u8>>,
    /// The input.
    pub input: Vec<u8>,
}

impl Store {
    /// Opens the store at `path`; where there is nothing, or an empty folder, a new one.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::open_with_faults(path, Faults::default())
    }

    /// Opens the store at `path`, which must be one.
    pub fn open_existing(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = path.into();
        if !(Layout { root: path.clone() }).marker().exists() {
            let nothing = fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
            return Err(if nothing { StoreError::NoStore(path) } else { StoreError::NotAStore(path) });
        }
        Self::open(path)
    }

    /// The same as [`Store::open`] on a file system that fails as planned: for tests of a store and of what uses one.
    #[doc(hidden)]
    pub fn open_with_faults(path: impl Into<PathBuf>, faults: Faults) -> Result<Self, StoreError> {
        let (layout, disk) = (Layout { root: path.into() }, Disk::new(faults));
        let index = Index::at(layout.index());
        let mut store = Self { layout, disk, read_only: None, index, durable: Mutex::default() };
        if store.layout.marker().exists() {
            store.read_only = store.why_read_only()?;
        } else {
            store.make()?;
        }
        if store.read_only.is_none() {
            match store.ready() {
                // A full or failing disk is no reason not to show what is on it.
                Err(error @ (StoreError::Write { .. } | StoreError::Index { .. })) => {
                    store.read_only = Some(error.to_string());
                }
                other => other?,
            }
        }
        if store.is_read_only() {
            store.index = Index::in_memory();
        }
        Ok(store)
    }

    /// Makes what is missing of an existing store.
    fn ready(&self) -> Result<(), StoreError> {
        for folder in self.layout.folders() {
            self.disk.make_folder(&folder)?;
        }
        self.reconcile()
    }

    /// Makes an empty store where there is none.
    fn make(&self) -> Result<(), StoreError> {
        let root = &self.layout.root;
        let (marker, locks) = (self.layout.marker(), self.layout.locks());
        let partial = partial_name(&marker);
        // What a process that was killed here leaves behind is no reason to refuse.
        let is_ours = |name: &String| [&marker, &locks, &partial].iter().any(|path| path.ends_with(name));
        // Whoever makes the store at this moment marks it before anything else gets there.
        if !names_in(root)?.iter().all(is_ours) && !marker.exists() {
            return Err(StoreError::NotEmpty(root.clone()));
        }
        self.disk.make_folder(&locks)?;
        let _lock = self.lock_store()?;
        if marker.exists() {
            return Ok(());
        }
        self.disk.replace(&marker, &new_marker(&marker)?)
    }

    /// Why an existing store is not to be written to, where it is not.
    fn why_read_only(&self) -> Result<Option<String>, StoreError> {
        let path = self.layout.marker();
        match read_sealed::<StoreMarker>(&path) {
            Ok(_) => {}
            Err(StoreError::Format { source, .. }) => return Ok(Some(source.to_string())),
            Err(error @ StoreError::Damaged { .. }) => {
                // A newer version may seal in another way: its tag is worth more than its seal.
                return Ok(Some(match read::<StoreMarker>(&read_file(&path, JSON_BYTES_MAX)?) {
                    Err(newer @ ReadError::TooNew { .. }) => newer.to_string(),
                    _ => format!("{error}; to have it written anew: assay store rebuild"),
                }));
            }
            Err(error) => return Err(error),
        }
        let probe = fs::OpenOptions::new().write(true).create(true).truncate(false).open(self.layout.store_lock());
        Ok(match probe {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied) =>
            {
                Some(error.to_string())
            }
            _ => None,
        })
    }

    /// Writes the marker of the store at `path` anew where it is damaged; one of a newer version is left alone.
    pub fn repair_marker(path: &Path) -> Result<bool, StoreError> {
        let (layout, disk) = (Layout { root: path.to_owned() }, Disk::default());
        let marker = layout.marker();
        let damaged = matches!(read_sealed::<StoreMarker>(&marker), Err(error) if error.is_damage());
        let newer = || {
            let bytes = read_file(&marker, JSON_BYTES_MAX)?;
            Ok(matches!(read::<StoreMarker>(&bytes), Err(ReadError::TooNew { .. })))
        };
        if !damaged || newer()? {
            return Ok(false);
        }
        let _lock = Lock::take(&layout.store_lock(), Hold::Alone, LOCK_WAIT_MAX)?;
        disk.replace(&marker, &new_marker(&marker)?)?;
        Ok(true)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.layout.root
    }

    /// Where reports go.
    pub fn reports(&self) -> PathBuf {
        self.layout.reports()
    }

    /// Whether it can only be read: a newer version made it, or its file system does not let us write.
    pub fn is_read_only(&self) -> bool {
        self.read_only.is_some()
    }

    /// Why [`Store::is_read_only`], for people.
    pub fn read_only_because(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// An error where it can only be read.
    pub fn writable(&self) -> Result<(), StoreError> {
        match &self.read_only {
            None => Ok(()),
            Some(why) => Err(StoreError::ReadOnly { path: self.layout.root.clone(), why: why.clone() }),
        }
    }

    pub(crate) fn lock_store(&self) -> Result<Lock, StoreError> {
        Lock::take(&self.layout.store_lock(), Hold::Alone, LOCK_WAIT_MAX)
    }

    /// The run of that name.
    pub fn run(&self, run_id: &RunId) -> Result<RunLog, StoreError> {
        let path = self.layout.run(run_id);
        if !path.exists() {
            return Err(StoreError::NoSuchRun { run_id: run_id.clone(), store: self.layout.root.clone() });
        }
        let log: RunLog = read_sealed(&path)?;
        match &log.record {
            Some(record) if record.run_id == *run_id => Ok(log),
            _ => Err(StoreError::inconsistent(&path, "it is the log of another run")),
        }
    }

    /// Where the log of that run is, or would be.
    pub fn run_path(&self, run_id: &RunId) -> PathBuf {
        self.layout.run(run_id)
    }

    /// The run of that name with its guests and its input.
    pub fn saved_run(&self, run_id: &RunId) -> Result<SavedRun, StoreError> {
        let log = self.run(run_id)?;
        let mut guests = BTreeMap::new();
        for outcome in &log.outcomes {
            let digest = outcome.outcome.guest.digest;
            if let std::collections::btree_map::Entry::Vacant(entry) = guests.entry(digest) {
                entry.insert(self.guest(&digest)?);
            }
        }
        let input = self.input(&log.input_digest)?;
        Ok(SavedRun { log, guests, input })
    }

    /// Names of every run whose log is there, whole or not, the oldest first.
    pub fn run_ids(&self) -> Result<Vec<RunId>, StoreError> {
        let mut ids: Vec<RunId> =
            names_in(&self.layout.runs())?.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Names of every finding, sorted.
    pub fn finding_ids(&self) -> Result<Vec<FindingId>, StoreError> {
        Ok(names_in(&self.layout.findings())?.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The ELF with that SHA-256.
    pub fn guest(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        self.blob(BlobKind::Guest, digest)
    }

    /// The input with that SHA-256.
    pub fn input(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        self.blob(BlobKind::Input, digest)
    }

    /// The receipt file with that SHA-256.
    pub fn receipt(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        self.blob(BlobKind::Receipt, digest)
    }

    /// Where the trace records with that SHA-256 are, or would be. Traces are too large to be read whole.
    pub fn trace_path(&self, digest: &Digest) -> PathBuf {
        self.layout.blob(BlobKind::Trace, digest)
    }

    fn blob(&self, kind: BlobKind, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        let path = self.layout.blob(kind, digest);
        let bytes = read_file(&path, BLOB_BYTES_MAX)?;
        let found = Digest::of(&bytes);
        if found == *digest { Ok(bytes) } else { Err(StoreError::WrongDigest { path, found }) }
    }
}

fn new_marker(path: &Path) -> Result<Vec<u8>, StoreError> {
    let marker = StoreMarker {
        schema: StoreMarker::tag(),
        created_at: Timestamp::now(),
        assay_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    sealed(path, &marker)
}
