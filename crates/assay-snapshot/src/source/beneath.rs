//! Writing files below one folder, wherever their names and the links among them would lead.
//!
//! Every name is one component, checked before; it is opened relative to a descriptor of its folder with `openat2` and
//! `RESOLVE_BENEATH`, `RESOLVE_NO_SYMLINKS`, and only ever made new. A kernel without `openat2` gets `openat` with
//! `O_NOFOLLOW`, which for one component is the same.

use std::{
    fs::File,
    io::{self, Write as _},
    os::fd::{AsFd as _, BorrowedFd, OwnedFd},
    path::{Path, PathBuf},
};

use assay_spec::{
    Digest,
    snapshot::{SourceFile, SourceKind},
};
use nix::{
    errno::Errno,
    fcntl::{OFlag, OpenHow, ResolveFlag, open, openat, openat2},
    sys::stat::{Mode, fchmod, mkdirat},
    unistd::symlinkat,
};

use super::{SourceError, check_name, join};

/// A folder that sources are written into.
#[derive(Debug)]
pub struct Destination {
    path: PathBuf,
    root: OwnedFd,
    /// Folders from the root down to the one that was written in last: files come folder by folder.
    open: Vec<(String, OwnedFd)>,
    /// The folder that paths are below; the empty text is the root.
    below: String,
    /// What was written.
    pub(crate) files: Vec<SourceFile>,
}

impl Destination {
    /// The folder `path`, which must be there.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let root = open(path, flags, Mode::empty()).map_err(|errno| io_error("open", path, errno))?;
        Ok(Self { path: path.to_owned(), root, open: Vec::new(), below: String::new(), files: Vec::new() })
    }

    /// Has all that is written from now on be below `folder`, which is made.
    pub(crate) fn put_below(&mut self, folder: &str) -> Result<(), SourceError> {
        self.below.clear();
        self.make_folder(folder)?;
        folder.clone_into(&mut self.below);
        Ok(())
    }

    /// Writes a new file or link at `path`, with `/` between names, and the folders above it.
    pub fn write(&mut self, path: &str, kind: SourceKind, content: &[u8]) -> Result<(), SourceError> {
        let path = &join(&self.below, path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = check_name(folder, name.as_bytes())?;
        let shown = self.path.join(path);
        let folder = self.folder(folder)?;
        match kind {
            SourceKind::Link => {
                symlinkat(content, folder, name).map_err(|errno| io_error("make the link", &shown, errno))?;
            }
            SourceKind::File | SourceKind::Executable => {
                let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL;
                let file = open_within(folder, name, flags).map_err(|errno| io_error("make", &shown, errno))?;
                // Whatever the umask says: the same sources have the same modes everywhere.
                let mode = if kind == SourceKind::Executable { 0o755 } else { 0o644 };
                fchmod(&file, Mode::from_bits_truncate(mode)).map_err(|errno| io_error("make", &shown, errno))?;
                File::from(file).write_all(content).map_err(|source| SourceError::Io {
                    what: "write",
                    path: shown.clone(),
                    source,
                })?;
            }
        }
        self.files.push(SourceFile {
            path: path.to_owned(),
            kind,
            bytes: content.len() as u64,
            sha256: Digest::of(content),
        });
        Ok(())
    }

    /// Makes a folder and those above it.
    pub fn make_folder(&mut self, path: &str) -> Result<(), SourceError> {
        let path = join(&self.below, path);
        self.folder(&path).map(drop)
    }

    /// A descriptor of the folder at `path`, made where it is not.
    fn folder(&mut self, path: &str) -> Result<BorrowedFd<'_>, SourceError> {
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let shared = self.open.iter().zip(&names).take_while(|((open, _), name)| open == *name).count();
        self.open.truncate(shared);
        let mut at = names[..shared].join("/");
        for name in &names[shared..] {
            let name = check_name(&at, name.as_bytes())?;
            at = join(&at, name);
            let shown = self.path.join(&at);
            let above = self.open.last().map_or(self.root.as_fd(), |(_, folder)| folder.as_fd());
            match mkdirat(above, name, Mode::from_bits_truncate(0o755)) {
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(errno) => return Err(io_error("make the folder", &shown, errno)),
            }
            let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY;
            let folder = open_within(above, name, flags).map_err(|errno| io_error("open", &shown, errno))?;
            self.open.push((name.to_owned(), folder));
        }
        Ok(self.open.last().map_or(self.root.as_fd(), |(_, folder)| folder.as_fd()))
    }
}

/// Opens `name` in `folder`, never through a link and never elsewhere.
fn open_within(folder: BorrowedFd<'_>, name: &str, flags: OFlag) -> Result<OwnedFd, Errno> {
    let flags = flags | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
    let mode = if flags.contains(OFlag::O_CREAT) { Mode::from_bits_truncate(0o644) } else { Mode::empty() };
    let resolve = ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_SYMLINKS | ResolveFlag::RESOLVE_NO_MAGICLINKS;
    match openat2(folder, name, OpenHow::new().flags(flags).mode(mode).resolve(resolve)) {
        // Old kernels, and container engines that know no such call.
        Err(Errno::ENOSYS | Errno::EPERM) => openat(folder, name, flags, mode),
        opened => opened,
    }
}

fn io_error(what: &'static str, path: &Path, errno: Errno) -> SourceError {
    SourceError::Io { what, path: path.to_owned(), source: io::Error::from(errno) }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;

    #[test]
    fn files_come_with_their_folders_and_fixed_modes() {
        let place = tempfile::tempdir().unwrap();
        let mut destination = Destination::open(place.path()).unwrap();
        destination.write("a/b/c", SourceKind::File, b"c").unwrap();
        destination.write("a/b/run", SourceKind::Executable, b"x").unwrap();
        destination.write("a/d/e", SourceKind::File, b"e").unwrap();
        destination.write("top", SourceKind::Link, b"a/b").unwrap();
        assert_eq!(fs::read(place.path().join("top/c")).unwrap(), b"c");
        let mode = |path: &str| fs::metadata(place.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("a/b/c"), mode("a/b/run")), (0o644, 0o755));
        assert_eq!(destination.files.len(), 4);
    }

    #[test]
    fn nothing_is_written_through_a_link_or_over_a_file() {
        let (place, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let inner = place.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let mut destination = Destination::open(&inner).unwrap();
        symlink(elsewhere.path(), inner.join("out")).unwrap();
        symlink(elsewhere.path().join("new"), inner.join("file")).unwrap();
        fs::write(inner.join("there"), "old").unwrap();
        for path in ["out/x", "file", "there", "../x", "a/../../x", "/x/..", ".git/config"] {
            assert!(destination.write(path, SourceKind::File, b"x").is_err(), "{path}");
        }
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        assert_eq!(fs::read(inner.join("there")).unwrap(), b"old");
        assert!(!place.path().join("x").exists());
    }
}
