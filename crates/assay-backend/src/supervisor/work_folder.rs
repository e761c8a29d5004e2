//! Folders in which runners work, and what becomes of them when Assay is killed before it can remove them.
//!
//! Whoever makes one holds a lock on it, which the kernel takes back however the owner ends. A folder that can be
//! locked by somebody else is therefore nobody's, and the next Assay that makes one removes it. What is in it is
//! hostile: links are never followed, and neither depth nor number of entries is trusted.

use std::{
    ffi::CString,
    fs::{self, File, Permissions, TryLockError},
    io,
    os::{
        fd::{AsFd as _, BorrowedFd, OwnedFd},
        unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use nix::{
    dir::Dir,
    errno::Errno,
    fcntl::{OFlag, openat},
    sys::stat::Mode,
    unistd::{Uid, UnlinkatFlags, unlinkat},
};
use tempfile::Builder;

/// How the names of work folders begin. Only folders with such a name are ever removed as left behind.
pub const PREFIX: &str = "assay-work-";

/// Most folders that are removed as left behind in one go.
pub const STALE_MAX: usize = 64;

/// Most entries of the folder for temporary files that are looked at in one go.
pub const LOOKED_AT_MAX: usize = 10_000;

/// Most entries of one work folder that are removed; one with more is left to the user.
pub const ENTRIES_MAX: usize = 100_000;

/// How deep entries that are removed may lie; a descriptor is open for each level.
pub const DEPTH_MAX: usize = 64;

/// Most places in which a process looks for folders that were left behind.
const PLACES_MAX: usize = 64;

/// Attempts at making a folder that nobody takes for left behind before it is locked.
const ATTEMPTS_MAX: usize = 16;

/// A folder of this process, removed with it or, if it is killed, by the next.
#[derive(Debug)]
pub struct WorkFolder {
    path: PathBuf,
    /// Locked as long as it is open. `None` where the file system knows no locks; nobody removes it then.
    lock: Option<File>,
}

impl WorkFolder {
    /// A fresh folder in the system's folder for temporary files.
    pub fn create() -> io::Result<Self> {
        Self::create_in(&std::env::temp_dir())
    }

    /// A fresh folder in `place`, for this user alone. The first time, what was left behind there is removed.
    pub fn create_in(place: &Path) -> io::Result<Self> {
        sweep_once(place);
        for _ in 0..ATTEMPTS_MAX {
            let mut builder = Builder::new();
            builder.prefix(PREFIX).permissions(Permissions::from_mode(0o700));
            let path = builder.tempdir_in(place)?.keep();
            let folder = match open_folder(&path) {
                // Somebody who cleans up was faster, between making and opening.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened?,
            };
            match folder.try_lock() {
                Ok(()) if is_at(&folder, &path) => return Ok(Self { path, lock: Some(folder) }),
                // The same, between opening and locking.
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(_)) => return Ok(Self { path, lock: None }),
            }
        }
        Err(io::Error::other(format!("folders in {} vanish as they are made", place.display())))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        let folder = self.lock.take().map_or_else(|| open_folder(&self.path), Ok);
        // Whoever cannot remove it has nobody to tell.
        let _ = folder.and_then(|folder| remove(&folder, &self.path));
    }
}

/// What came of looking for folders that were left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// They are gone.
    pub removed: Vec<PathBuf>,
    /// They could not be removed, wholly or in part.
    pub left: Vec<PathBuf>,
}

/// Removes folders in `place` that an Assay of this user left behind, at most [`STALE_MAX`].
pub fn sweep(place: &Path) -> Swept {
    let mut swept = Swept::default();
    let Ok(entries) = fs::read_dir(place) else { return swept };
    for entry in entries.take(LOOKED_AT_MAX).filter_map(Result::ok) {
        if swept.removed.len() + swept.left.len() >= STALE_MAX {
            break;
        }
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        let Some(folder) = stale(&path) else { continue };
        match remove(&folder, &path) {
            Ok(()) => swept.removed.push(path),
            Err(_) => swept.left.push(path),
        }
    }
    swept
}

/// Bytes on disk of what is in `folder`, of its first [`LOOKED_AT_MAX`] entries. Holes in files take none.
pub(crate) fn bytes_on_disk(folder: &Path) -> u64 {
    /// What the system counts blocks in, whatever the file system's own are.
    const BLOCK_BYTES: u64 = 512;
    let mut bytes: u64 = 0;
    let mut left = LOOKED_AT_MAX;
    let mut folders = vec![folder.to_owned()];
    while let Some(entries) = folders.pop().map(fs::read_dir) {
        for entry in entries.into_iter().flatten().filter_map(Result::ok) {
            if left == 0 {
                return bytes;
            }
            left -= 1;
            // Of links it is the links themselves.
            let Ok(metadata) = entry.metadata() else { continue };
            bytes = bytes.saturating_add(metadata.blocks().saturating_mul(BLOCK_BYTES));
            if metadata.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    bytes
}

fn sweep_once(place: &Path) {
    static SWEPT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let mut swept = SWEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if swept.len() < PLACES_MAX && !swept.iter().any(|known| known == place) {
        swept.push(place.to_owned());
        drop(swept);
        sweep(place);
    }
}

/// The folder, locked, if it is this user's and nobody holds it.
fn stale(path: &Path) -> Option<File> {
    let folder = open_folder(path).ok()?;
    let own = folder.metadata().ok()?.uid() == Uid::effective().as_raw();
    (own && folder.try_lock().is_ok() && is_at(&folder, path)).then_some(folder)
}

/// Never through a link.
fn open_folder(path: &Path) -> io::Result<File> {
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
    File::options().read(true).custom_flags(flags.bits()).open(path)
}

/// Whether what is open is what is there.
fn is_at(folder: &File, path: &Path) -> bool {
    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let there = fs::symlink_metadata(path).map(id);
    folder.metadata().map(id).is_ok_and(|open| there.is_ok_and(|there| there == open))
}

fn remove(folder: &File, path: &Path) -> io::Result<()> {
    let mut budget = ENTRIES_MAX;
    clear(folder.as_fd(), DEPTH_MAX, &mut budget)?;
    fs::remove_dir(path)
}

/// Removes everything in `folder`.
fn clear(folder: BorrowedFd<'_>, depth: usize, budget: &mut usize) -> io::Result<()> {
    if depth == 0 {
        return Err(io::Error::other("folders within folders without end"));
    }
    for name in names(folder, budget)? {
        match unlinkat(folder, name.as_c_str(), UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => continue,
            Err(Errno::EISDIR | Errno::EPERM) => {}
            Err(errno) => return Err(errno.into()),
        }
        clear(open_within(folder, &name)?.as_fd(), depth - 1, budget)?;
        unlinkat(folder, name.as_c_str(), UnlinkatFlags::RemoveDir)?;
    }
    Ok(())
}

fn names(folder: BorrowedFd<'_>, budget: &mut usize) -> io::Result<Vec<CString>> {
    let mut names = Vec::new();
    // Opened anew: a duplicate would share its place in the list with whoever listed before.
    let mut listed = Dir::from_fd(open_within(folder, c".")?)?;
    for entry in listed.iter() {
        let entry = entry?;
        if matches!(entry.file_name().to_bytes(), b"." | b"..") {
            continue;
        }
        *budget = budget.checked_sub(1).ok_or_else(|| io::Error::other("entries without end"))?;
        names.push(entry.file_name().to_owned());
    }
    Ok(names)
}

fn open_within(folder: BorrowedFd<'_>, name: &std::ffi::CStr) -> io::Result<OwnedFd> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    Ok(openat(folder, name, flags, Mode::empty())?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    fn place() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    /// A folder as a killed owner leaves it: there, and locked by nobody. This process never locks it: a child that
    /// another test starts at that very moment has the lock, too, until it executes its program.
    fn orphan(place: &Path) -> PathBuf {
        Builder::new().prefix(PREFIX).tempdir_in(place).unwrap().keep()
    }

    #[test]
    fn a_folder_is_private_and_goes_with_its_owner_whatever_is_in_it() {
        let place = place();
        let folder = WorkFolder::create_in(place.path()).unwrap();
        let path = folder.path().to_owned();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        fs::create_dir_all(path.join("a/b/c")).unwrap();
        fs::write(path.join("a/b/c/file"), "x").unwrap();
        fs::write(path.join("file"), "x").unwrap();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_owner_left_is_removed_and_what_is_owned_is_not() {
        let place = place();
        let live = WorkFolder::create_in(place.path()).unwrap();
        let left = orphan(place.path());
        fs::create_dir_all(left.join("request-1")).unwrap();
        fs::write(left.join("request-1/input"), "x").unwrap();
        assert_eq!(sweep(place.path()), Swept { removed: vec![left.clone()], left: Vec::new() });
        assert!(!left.exists());
        assert!(live.path().exists());
        assert_eq!(sweep(place.path()), Swept::default());
    }

    #[test]
    fn links_are_removed_and_never_followed() {
        let (place, elsewhere) = (place(), place());
        fs::write(elsewhere.path().join("file"), "x").unwrap();
        // In place of a work folder, and within one.
        symlink(elsewhere.path(), place.path().join("assay-work-link")).unwrap();
        let left = orphan(place.path());
        symlink(elsewhere.path(), left.join("link")).unwrap();
        symlink(elsewhere.path().join("file"), left.join("link-to-file")).unwrap();
        assert_eq!(sweep(place.path()).removed, [left]);
        assert!(elsewhere.path().join("file").exists());
        assert!(place.path().join("assay-work-link").is_symlink());
    }

    #[test]
    fn other_names_and_files_are_left_alone() {
        let place = place();
        fs::create_dir(place.path().join("assay-runner-x")).unwrap();
        fs::create_dir(place.path().join("work")).unwrap();
        fs::write(place.path().join("assay-work-file"), "x").unwrap();
        assert_eq!(sweep(place.path()), Swept::default());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 3);
        assert_eq!(sweep(&place.path().join("absent")), Swept::default());
    }

    #[test]
    fn a_folder_deeper_than_the_limit_is_left_and_said_so() {
        let place = place();
        let left = orphan(place.path());
        let deep: PathBuf = std::iter::repeat_n("d", DEPTH_MAX + 1).collect();
        fs::create_dir_all(left.join(deep)).unwrap();
        assert_eq!(sweep(place.path()).left, [left]);
    }

    #[test]
    fn entries_beyond_the_limit_end_the_removal() {
        let place = place();
        for name in 0..10 {
            fs::write(place.path().join(name.to_string()), "").unwrap();
        }
        let clear = |budget: usize| clear(open_folder(place.path()).unwrap().as_fd(), 2, &mut { budget });
        assert!(clear(9).is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 10);
        clear(10).unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_on_disk_is_counted_and_holes_and_what_links_lead_to_are_not() {
        let (place, elsewhere) = (place(), place());
        fs::write(elsewhere.path().join("file"), vec![1; 1 << 20]).unwrap();
        symlink(elsewhere.path().join("file"), place.path().join("link")).unwrap();
        symlink(elsewhere.path(), place.path().join("links")).unwrap();
        File::create(place.path().join("hole")).unwrap().set_len(1 << 40).unwrap();
        assert!(bytes_on_disk(place.path()) < 1 << 19);
        fs::create_dir_all(place.path().join("a/b")).unwrap();
        let mut file = File::create(place.path().join("a/b/file")).unwrap();
        io::Write::write_all(&mut file, &vec![1; 1 << 20]).unwrap();
        file.sync_all().unwrap();
        let found = bytes_on_disk(place.path());
        assert!((1 << 20..1 << 21).contains(&found), "{found}");
    }

    #[test]
    fn what_was_left_is_removed_by_whoever_comes_first() {
        let place = place();
        let left = place.path().join("assay-work-before");
        fs::create_dir(&left).unwrap();
        let folder = WorkFolder::create_in(place.path()).unwrap();
        assert!(!left.exists() && folder.path().exists());
    }

    #[test]
    fn a_folder_that_is_swept_while_it_is_made_is_made_again() {
        let place = tempfile::tempdir().unwrap();
        let place = place.path();
        // As a process does that has just made one itself.
        drop(WorkFolder::create_in(place).unwrap());
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    sweep(place);
                }
            });
            for _ in 0..3000 {
                let folder = WorkFolder::create_in(place).map(|folder| folder.path().is_dir());
                if !matches!(folder, Ok(true)) {
                    done.store(true, std::sync::atomic::Ordering::Relaxed);
                    panic!("{folder:?}");
                }
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }
}
