//! Folders of files that only mean something together: put in place at once, and read as they were put.
//!
//! A bundle is made beside its place and exchanged for what was there in one step, so that whoever is killed on the way
//! leaves the old one, the new one or none, and never half of one. A reader holds descriptors of what it has opened,
//! follows no link, and sees no change while it reads. What the files are, and whether they fit each other, is for
//! others to judge.

use std::{
    fs::{self, File, Permissions},
    io::{self, Read as _},
    os::{fd::OwnedFd, unix::fs::PermissionsExt as _},
    path::{Component, Path, PathBuf},
    time::Duration,
};

use assay_spec::schema::Versioned;
use nix::{
    errno::Errno,
    fcntl::{OFlag, openat},
    sys::stat::Mode,
};

use crate::{
    StoreError,
    disk::{Disk, FILE_MODE, Faults, names_in},
    lock::{Hold, LOCK_WAIT_MAX, wait_for},
    seal::{self, from_sealed},
};

/// What bundles are called that are not in their place: none that is has such a name.
const STAGED: &str = ".partial-";

/// Most folders between the root and a bundle, itself included.
const DEPTH_MAX: usize = 4;

/// A folder below which bundles are kept.
#[derive(Clone, Debug)]
pub struct Bundles {
    root: PathBuf,
    disk: Disk,
    wait: Duration,
}

/// A bundle that is open. Nobody puts another in its place as long as it is.
#[derive(Debug)]
pub struct Bundle {
    path: PathBuf,
    folder: OwnedFd,
    /// Held open: the lock goes with it.
    _root: File,
}

impl Bundles {
    /// Those below `root`, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self::with_faults(root, Faults::default())
    }

    /// The same with planned faults, for tests.
    pub fn with_faults(root: impl Into<PathBuf>, faults: Faults) -> Self {
        Self { root: root.into(), disk: Disk::new(faults), wait: LOCK_WAIT_MAX }
    }

    /// The folder that they are below.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the bundle `name` is: a path relative to the root, such as `double/risc0`.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Makes `files` the bundle `name`: all of them, on the disk before it returns, or none.
    pub fn put(&self, name: &str, files: &[(&str, &[u8])]) -> Result<(), StoreError> {
        let place = self.path_of(name);
        let names = plain_names(name, &place)?;
        self.disk.make_folder(&self.root)?;
        let root = File::open(&self.root).map_err(|source| StoreError::read(&self.root, source))?;
        wait_for(&root, &self.root, Hold::Alone, self.wait)?;
        // Whoever made them is gone: makers hold the lock.
        for left in names_in(&self.root)?.iter().filter(|left| left.starts_with(STAGED)) {
            self.disk.remove_folder(&self.root.join(left))?;
        }
        let staged = self.root.join(format!("{STAGED}{}", std::process::id()));
        let put = self.stage(&staged, files).and_then(|()| self.exchange(&staged, &place, &names));
        if put.is_err() {
            // What cannot be removed either is left to the next maker.
            let _ = fs::remove_dir_all(&staged);
        }
        put
    }

    fn stage(&self, staged: &Path, files: &[(&str, &[u8])]) -> Result<(), StoreError> {
        self.disk.make_new_folder(staged)?;
        for (file, bytes) in files {
            let path = staged.join(file);
            plain_names(file, &path)?;
            self.disk.write_new(&path, bytes, FILE_MODE)?;
        }
        fs::set_permissions(staged, Permissions::from_mode(0o755))
            .map_err(|source| StoreError::read(staged, source))?;
        self.disk.sync_folder(staged)
    }

    fn exchange(&self, staged: &Path, place: &Path, names: &[&str]) -> Result<(), StoreError> {
        let mut above = self.root.clone();
        for name in &names[..names.len() - 1] {
            above.push(name);
            match fs::symlink_metadata(&above) {
                Ok(facts) if facts.is_dir() => {}
                Ok(_) => return Err(StoreError::inconsistent(&above, NO_FOLDER)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.disk.make_folder(&above)?,
                Err(source) => return Err(StoreError::read(&above, source)),
            }
        }
        // What was there goes with the name that nobody looks for.
        self.disk.exchange(staged, place)?;
        self.disk.remove_folder(staged)
    }

    /// The bundle `name`; `None` if there is none.
    pub fn open(&self, name: &str) -> Result<Option<Bundle>, StoreError> {
        let path = self.path_of(name);
        let names = plain_names(name, &path)?;
        let root = match File::open(&self.root) {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::read(&self.root, source)),
        };
        wait_for(&root, &self.root, Hold::Shared, self.wait)?;
        let mut folder: Option<OwnedFd> = None;
        let mut at = self.root.clone();
        for name in names {
            at.push(name);
            let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
            let opened = match &folder {
                None => openat(&root, name, flags, Mode::empty()),
                Some(above) => openat(above, name, flags, Mode::empty()),
            };
            match opened {
                Ok(opened) => folder = Some(opened),
                Err(Errno::ENOENT) => return Ok(None),
                Err(Errno::ELOOP | Errno::ENOTDIR) => return Err(StoreError::inconsistent(&at, NO_FOLDER)),
                Err(errno) => return Err(StoreError::read(&at, errno.into())),
            }
        }
        Ok(folder.map(|folder| Bundle { path, folder, _root: root }))
    }

    /// Names of the folders in the folder `name`, sorted; none if there is no such folder.
    pub fn names_in(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let path = self.path_of(name);
        let mut names = names_in(&path)?;
        names.retain(|name| !name.starts_with('.'));
        names.retain(|name| fs::symlink_metadata(path.join(name)).is_ok_and(|facts| facts.is_dir()));
        Ok(names)
    }
}

impl Bundle {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of its file `name`, at most `bytes_max`; more are an error.
    pub fn read(&self, name: &str, bytes_max: u64) -> Result<Vec<u8>, StoreError> {
        let path = self.path.join(name);
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = match openat(&self.folder, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::ELOOP) => return Err(StoreError::inconsistent(&path, NO_FILE)),
            Err(Errno::ENOENT) => return Err(StoreError::inconsistent(&path, "it is missing")),
            Err(errno) => return Err(StoreError::read(&path, errno.into())),
        };
        let facts = file.metadata().map_err(|source| StoreError::read(&path, source))?;
        if !facts.is_file() {
            return Err(StoreError::inconsistent(&path, NO_FILE));
        }
        let mut bytes = Vec::new();
        file.take(bytes_max.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|source| StoreError::read(&path, source))?;
        if bytes.len() as u64 > bytes_max { Err(StoreError::TooLarge { path, bytes_max }) } else { Ok(bytes) }
    }

    /// The value in its sealed file `name` of at most `bytes_max` bytes.
    pub fn read_sealed<T: Versioned>(&self, name: &str, bytes_max: u64) -> Result<T, StoreError> {
        from_sealed(&self.path.join(name), &self.read(name, bytes_max)?)
    }
}

/// `value` as JSON with its checksum as the last field, as [`Bundle::read_sealed`] takes it; `path` is for errors.
pub fn sealed<T: Versioned>(path: &Path, value: &T) -> Result<Vec<u8>, StoreError> {
    seal::sealed(path, value)
}

const NO_FOLDER: &str = "it is a link, or no folder";
const NO_FILE: &str = "it is a link, or no file";

/// The names in a path that has nothing but names, and not too many.
fn plain_names<'a>(path: &'a str, shown: &Path) -> Result<Vec<&'a str>, StoreError> {
    let names: Vec<&str> = path.split('/').collect();
    let plain = |name: &&str| {
        let mut components = Path::new(name).components();
        matches!((components.next(), components.next()), (Some(Component::Normal(_)), None))
            && !name.starts_with(STAGED)
    };
    if names.len() <= DEPTH_MAX && names.iter().all(plain) {
        Ok(names)
    } else {
        Err(StoreError::inconsistent(shown, "it has no name that a bundle can have"))
    }
}

#[cfg(test)]
mod tests;
