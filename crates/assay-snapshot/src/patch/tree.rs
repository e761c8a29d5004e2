//! Files below one folder, whose content is hostile: no name and no link leads out of it.
//!
//! Every name of a path is opened relative to a descriptor of the folder above it and never through a link, which for
//! single names is what `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS` are for whole paths, and needs no recent kernel.

use std::{
    fs::File,
    io::{self, Read as _},
    os::fd::{AsFd as _, AsRawFd as _, OwnedFd},
    path::{Path, PathBuf},
};

use nix::{
    dir::{Dir, Type},
    errno::Errno,
    fcntl::{OFlag, open, openat, renameat},
    sys::stat::{Mode, SFlag, fstat, mkdirat},
    unistd::{UnlinkatFlags, fsync, unlinkat},
};

use crate::limits::{DEPTH_MAX, PATH_BYTES_MAX};

/// Entries of a folder that are listed before the rest is not looked at.
const ENTRIES_MAX: usize = 100_000;

/// A file of the sources cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} {}: {source}", path.display())]
pub struct TreeError {
    /// What was tried.
    pub what: &'static str,
    /// Of what.
    pub path: PathBuf,
    /// What the system said, or what is wrong with the file.
    pub source: io::Error,
}

/// A folder.
#[derive(Debug)]
pub(super) struct Tree {
    path: PathBuf,
    root: OwnedFd,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReadFile {
    pub(super) content: Vec<u8>,
    /// Permission bits.
    pub(super) mode: u32,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_folder: bool,
}

const FOLDER: OFlag = OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

impl Tree {
    /// The folder `path`, which must be there and no link.
    pub(super) fn open(path: &Path) -> Result<Self, TreeError> {
        let root = open(path, FOLDER, Mode::empty()).map_err(|errno| TreeError {
            what: "open",
            path: path.to_owned(),
            source: errno.into(),
        })?;
        Ok(Self { path: path.to_owned(), root })
    }

    /// A file of at most `bytes_max`; `None` if it is not there.
    pub(super) fn read(&self, path: &str, bytes_max: u64) -> Result<Option<ReadFile>, TreeError> {
        let (folder, name) = split(path);
        let Some(folder) = self.folder(folder, false)? else { return Ok(None) };
        // A pipe without a writer would wait for one.
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        check_name(name).map_err(|source| self.error("read", path, source))?;
        let file = match openat(folder.as_fd(), name, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::ENOENT) => return Ok(None),
            Err(Errno::ELOOP) => return Err(self.refuse("read", path, "it is a link")),
            Err(errno) => return Err(self.error("read", path, errno.into())),
        };
        let status = fstat(&file).map_err(|errno| self.error("read", path, errno.into()))?;
        if SFlag::from_bits_truncate(status.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
            return Err(self.refuse("read", path, "it is no file"));
        }
        let mut content = Vec::new();
        let read = File::from(file).take(bytes_max.saturating_add(1)).read_to_end(&mut content);
        read.map_err(|source| self.error("read", path, source))?;
        if content.len() as u64 > bytes_max {
            return Err(self.refuse("read", path, &format!("it has over {bytes_max} bytes")));
        }
        Ok(Some(ReadFile { content, mode: status.st_mode & 0o7777 }))
    }

    /// What is in a folder, sorted; nothing if it is not there. Names that are not UTF-8 are left out.
    pub(super) fn entries(&self, path: &str) -> Result<Vec<Entry>, TreeError> {
        let Some(folder) = self.folder(path, false)? else { return Ok(Vec::new()) };
        let list = || -> nix::Result<Vec<Entry>> {
            let mut entries = Vec::new();
            for entry in Dir::from_fd(folder)?.iter().take(ENTRIES_MAX) {
                let entry = entry?;
                let Ok(name) = entry.file_name().to_str() else { continue };
                if !matches!(name, "." | "..") {
                    entries
                        .push(Entry { name: name.to_owned(), is_folder: entry.file_type() == Some(Type::Directory) });
                }
            }
            entries.sort();
            Ok(entries)
        };
        list().map_err(|errno| self.error("list", path, errno.into()))
    }

    /// Moves a file of `from` to `path` of this tree, over what is there. Folders above it are made.
    pub(super) fn take(&self, path: &str, from: &Self, name: &str) -> Result<(), TreeError> {
        let (above, last) = split(path);
        check_name(last).map_err(|source| self.error("write", path, source))?;
        let folder = self.folder(above, true)?.ok_or_else(|| self.refuse("write", path, "its folder is gone"))?;
        let moved = renameat(from.root.as_fd(), name, folder.as_fd(), last);
        moved.and_then(|()| fsync(&folder)).map_err(|errno| self.error("write", path, errno.into()))
    }

    /// Removes a file if it is there, and folders above it that are empty then.
    pub(super) fn remove(&self, path: &str) -> Result<(), TreeError> {
        let (mut above, mut last) = split(path);
        let mut flag = UnlinkatFlags::NoRemoveDir;
        loop {
            check_name(last).map_err(|source| self.error("remove", path, source))?;
            let Some(folder) = self.folder(above, false)? else { return Ok(()) };
            match unlinkat(folder.as_fd(), last, flag) {
                Ok(()) => {}
                Err(Errno::ENOENT) if matches!(flag, UnlinkatFlags::NoRemoveDir) => {}
                Err(Errno::ENOTEMPTY | Errno::EEXIST | Errno::ENOENT) => return Ok(()),
                Err(errno) => return Err(self.error("remove", path, errno.into())),
            }
            fsync(&folder).map_err(|errno| self.error("remove", path, errno.into()))?;
            if above.is_empty() {
                return Ok(());
            }
            (above, last) = split(above);
            flag = UnlinkatFlags::RemoveDir;
        }
    }

    /// A descriptor of a folder; `None` if it is not there and not to be made.
    fn folder(&self, path: &str, make: bool) -> Result<Option<OwnedFd>, TreeError> {
        let wrong = |source| self.error("open", path, source);
        if path.len() > PATH_BYTES_MAX || path.split('/').count() > DEPTH_MAX {
            return Err(self.refuse("open", path, "the path is too long"));
        }
        let mut folder = self.root.try_clone().map_err(wrong)?;
        for name in path.split('/').filter(|_| !path.is_empty()) {
            check_name(name).map_err(wrong)?;
            if make {
                match mkdirat(folder.as_fd(), name, Mode::from_bits_truncate(0o755)) {
                    Ok(()) | Err(Errno::EEXIST) => {}
                    Err(errno) => return Err(wrong(errno.into())),
                }
            }
            folder = match openat(folder.as_fd(), name, FOLDER, Mode::empty()) {
                Ok(inner) => inner,
                Err(Errno::ENOENT) => return Ok(None),
                Err(Errno::ELOOP | Errno::ENOTDIR) => {
                    return Err(self.refuse("open", path, "it leads through a link or a file"));
                }
                Err(errno) => return Err(wrong(errno.into())),
            };
        }
        debug_assert!(folder.as_raw_fd() >= 0);
        Ok(Some(folder))
    }

    fn refuse(&self, what: &'static str, path: &str, why: &str) -> TreeError {
        self.error(what, path, io::Error::other(why.to_owned()))
    }

    fn error(&self, what: &'static str, path: &str, source: io::Error) -> TreeError {
        TreeError { what, path: self.path.join(path), source }
    }
}

/// The folder and the name of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn check_name(name: &str) -> io::Result<()> {
    if matches!(name, "" | "." | "..") || name.contains(['/', '\0']) {
        return Err(io::Error::other(format!("{name:?} is no name of a file")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn nothing_is_read_or_written_elsewhere() {
        let (place, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(elsewhere.path().join("secret"), "s").unwrap();
        symlink(elsewhere.path(), place.path().join("folder")).unwrap();
        symlink(elsewhere.path().join("secret"), place.path().join("file")).unwrap();
        fs::create_dir(place.path().join("a")).unwrap();
        nix::unistd::mkfifo(&place.path().join("pipe"), Mode::from_bits_truncate(0o600)).unwrap();
        let tree = Tree::open(place.path()).unwrap();
        for path in ["folder/secret", "file", "a/../file", "../x", "/etc/passwd", "", "a", "a//b", "pipe"] {
            assert!(!matches!(tree.read(path, 100), Ok(Some(_))), "{path}");
        }
        fs::write(place.path().join("new"), "n").unwrap();
        for path in ["folder/new", "../new", "a/../../new"] {
            assert!(tree.take(path, &tree, "new").is_err(), "{path}");
            assert!(tree.remove(path).is_err(), "{path}");
        }
        tree.take("file", &tree, "new").unwrap();
        assert_eq!(fs::read_to_string(elsewhere.path().join("secret")).unwrap(), "s");
        assert_eq!(tree.read("file", 100).unwrap().unwrap().content, b"n", "the link was replaced, not followed");
        assert!(tree.read("file", 0).is_err());
    }

    #[test]
    fn folders_come_and_go_with_their_files() {
        let place = tempfile::tempdir().unwrap();
        let tree = Tree::open(place.path()).unwrap();
        fs::create_dir_all(place.path().join("a/keep")).unwrap();
        fs::write(place.path().join("x"), "x").unwrap();
        tree.take("a/b/c/x", &tree, "x").unwrap();
        assert_eq!(tree.entries("a").unwrap().len(), 2);
        tree.remove("a/b/c/x").unwrap();
        tree.remove("a/b/c/x").unwrap();
        assert_eq!(tree.entries("a").unwrap(), [Entry { name: "keep".to_owned(), is_folder: true }]);
    }
}
