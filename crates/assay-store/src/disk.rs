//! The system calls by which a store changes, each named, so that tests can make any one of them fail or be the last.
//!
//! Knows files and folders; does not know what is in them. Without a fault plan, which is always so in the product, it
//! is the standard library and nothing else.

use std::{
    fmt,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use nix::{
    errno::Errno,
    fcntl::{AT_FDCWD, RenameFlags, renameat2},
};

use crate::StoreError;

/// What is being done to the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Making a folder.
    MakeFolder,
    /// Making a file.
    Create,
    /// Writing into a new file.
    Write,
    /// Setting permissions.
    Permissions,
    /// Waiting until a file is on the disk.
    Sync,
    /// Giving a file or a folder its name.
    Rename,
    /// Waiting until the names in a folder are on the disk.
    SyncFolder,
    /// Writing at the end of a file.
    Append,
    /// Cutting off the end of a file.
    Truncate,
    /// Removing a file.
    Remove,
    /// Changing the index.
    Index,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MakeFolder => "make the folder",
            Self::Create => "make",
            Self::Write => "write",
            Self::Permissions => "set the permissions of",
            Self::Sync => "sync",
            Self::Rename => "rename into place",
            Self::SyncFolder => "sync the folder",
            Self::Append => "append to",
            Self::Truncate => "cut",
            Self::Remove => "remove",
            Self::Index => "change the index",
        })
    }
}

/// When, with regard to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// It is about to be done.
    Before,
    /// Half of the bytes are written; for [`Step::Write`] and [`Step::Append`] only.
    Halfway,
    /// It is done.
    After,
}

/// What a plan of faults is asked at every moment of every step: an error is what the step then fails with.
pub type FaultPlan = dyn Fn(Step, Moment, &Path) -> io::Result<()> + Send + Sync;

/// Faults that the tests of a store plan. The product has none.
#[derive(Clone, Default)]
pub struct Faults(Option<Arc<FaultPlan>>);

impl Faults {
    /// Asks `plan` at every moment of every step.
    pub fn planned(plan: impl Fn(Step, Moment, &Path) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(plan)))
    }

    fn at(&self, step: Step, moment: Moment, path: &Path) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |plan| plan(step, moment, path))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Faults(planned)" } else { "Faults(none)" })
    }
}

/// Suffix of files and folders that are not yet what they will be.
pub(crate) const PARTIAL: &str = ".partial";

/// The file system under a store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    faults: Faults,
}

impl Disk {
    pub(crate) fn new(faults: Faults) -> Self {
        Self { faults }
    }

    fn step<T>(&self, step: Step, path: &Path, act: impl FnOnce() -> io::Result<T>) -> Result<T, StoreError> {
        let done = self.faults.at(step, Moment::Before, path).and_then(|()| act());
        done.and_then(|done| self.faults.at(step, Moment::After, path).map(|()| done))
            .map_err(|source| StoreError::io(step, path, source))
    }

    /// Makes the folder and those above it; the one above is synced where this one is new.
    pub(crate) fn make_folder(&self, path: &Path) -> Result<(), StoreError> {
        if path.is_dir() {
            return Ok(());
        }
        self.step(Step::MakeFolder, path, || fs::create_dir_all(path))?;
        path.parent().map_or(Ok(()), |parent| self.sync_folder(parent))
    }

    /// Makes a folder that must not exist.
    pub(crate) fn make_new_folder(&self, path: &Path) -> Result<(), StoreError> {
        self.step(Step::MakeFolder, path, || fs::create_dir(path))
    }

    /// Makes a file that must not exist, with `bytes` in it, on the disk before it returns. On failure it is removed.
    pub(crate) fn write_new(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreError> {
        let mut file = self.step(Step::Create, path, || OpenOptions::new().write(true).create_new(true).open(path))?;
        let written = self
            .write_all(Step::Write, &mut file, path, bytes)
            .and_then(|()| self.step(Step::Permissions, path, || file.set_permissions(Permissions::from_mode(mode))))
            .and_then(|()| self.step(Step::Sync, path, || file.sync_all()));
        if written.is_err() {
            // What cannot be removed either is left to the next opener.
            let _ = fs::remove_file(path);
        }
        written
    }

    fn write_all(&self, step: Step, file: &mut File, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.step(step, path, || {
            let (first, second) = bytes.split_at(bytes.len() / 2);
            if self.faults.0.is_none() {
                return file.write_all(bytes);
            }
            file.write_all(first)?;
            self.faults.at(step, Moment::Halfway, path)?;
            file.write_all(second)
        })
    }

    /// Puts `bytes` at `path`, whole or not at all, replacing what stands there.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let partial = partial_name(path);
        // Under the lock of whoever replaces: what lies there is of a process that was killed.
        let _ = fs::remove_file(&partial);
        self.write_new(&partial, bytes, FILE_MODE)?;
        self.rename(&partial, path)
    }

    /// Gives `from` the name `to` and syncs the folder. Where the rename fails, the file `from` is removed.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        if let Err(error) = self.step(Step::Rename, to, || fs::rename(from, to)) {
            let _ = fs::remove_file(from);
            return Err(error);
        }
        to.parent().map_or(Ok(()), |parent| self.sync_folder(parent))
    }

    /// Gives the folder `from` the name `to` in one step; a folder that has it gets the name `from`.
    pub(crate) fn exchange(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        let rename = |flags| renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
        self.step(Step::Rename, to, || match rename(RenameFlags::RENAME_NOREPLACE) {
            Err(Errno::EEXIST) => rename(RenameFlags::RENAME_EXCHANGE).map_err(io::Error::from),
            renamed => renamed.map_err(io::Error::from),
        })?;
        to.parent().map_or(Ok(()), |parent| self.sync_folder(parent))
    }

    pub(crate) fn sync_folder(&self, path: &Path) -> Result<(), StoreError> {
        self.step(Step::SyncFolder, path, || File::open(path)?.sync_all())
    }

    /// Writes at the end of `path`, making it where it does not exist. The caller holds the lock and syncs.
    pub(crate) fn append(&self, path: &Path, bytes: &[u8]) -> Result<File, StoreError> {
        let mut file = self.step(Step::Create, path, || OpenOptions::new().append(true).create(true).open(path))?;
        self.write_all(Step::Append, &mut file, path, bytes)?;
        Ok(file)
    }

    pub(crate) fn truncate(&self, path: &Path, bytes: u64) -> Result<(), StoreError> {
        self.step(Step::Truncate, path, || OpenOptions::new().write(true).open(path)?.set_len(bytes))
    }

    pub(crate) fn sync(&self, file: &File, path: &Path) -> Result<(), StoreError> {
        self.step(Step::Sync, path, || file.sync_all())
    }

    /// Removes a file; that it is gone already is no error.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), StoreError> {
        self.step(Step::Remove, path, || gone(fs::remove_file(path)))
    }

    /// Removes a folder with all that is in it.
    pub(crate) fn remove_folder(&self, path: &Path) -> Result<(), StoreError> {
        self.step(Step::Remove, path, || gone(fs::remove_dir_all(path)))
    }

    /// Something that the index does by its own means.
    pub(crate) fn index<T>(&self, path: &Path, act: impl FnOnce() -> T) -> Result<T, StoreError> {
        self.step(Step::Index, path, || Ok(act()))
    }
}

/// Files of a store are as readable as any file that a program writes.
pub(crate) const FILE_MODE: u32 = 0o644;
/// `repro.sh`.
pub(crate) const SCRIPT_MODE: u32 = 0o755;

fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// `.NAME.partial` beside `path`.
pub(crate) fn partial_name(path: &Path) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}{PARTIAL}"))
}

/// Opens a file. Anything else, which a folder that came from elsewhere may hold, could keep its reader waiting for ever.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    File::open(path)
}

/// Reads a file of at most `bytes_max` bytes.
pub(crate) fn read_file(path: &Path, bytes_max: u64) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    open_file(path)
        .and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
        .map_err(|source| StoreError::read(path, source))?;
    if bytes.len() as u64 > bytes_max {
        return Err(StoreError::TooLarge { path: path.to_owned(), bytes_max });
    }
    Ok(bytes)
}

/// Names of what is in a folder, sorted; none where there is no such folder.
pub(crate) fn names_in(path: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(StoreError::read(path, source)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| StoreError::read(path, source))?;
        // A store has no other names than those that it gives.
        if let Ok(name) = entry.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}
