//! The folder of one request: what Assay puts there for a runner, and what it takes from there.
//!
//! The runner can write in it and around it, and may have done so before: a link in place of a file would have Assay
//! itself write or read what the runner must not touch, and a FIFO would have it wait for ever. Files are therefore made
//! and opened by way of a descriptor of the folder and never through links, and only plain files are read. What is in
//! the files is for others to judge.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    os::{fd::OwnedFd, unix::fs::OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{OFlag, openat},
    sys::stat::Mode,
    unistd::{UnlinkatFlags, unlinkat},
};
use tempfile::TempDir;

/// A fresh folder within a work folder. It is removed with this.
#[derive(Debug)]
pub(crate) struct RequestFolder {
    folder: TempDir,
    descriptor: OwnedFd,
}

impl RequestFolder {
    /// A folder in `work`.
    pub(crate) fn create_in(work: &Path) -> io::Result<Self> {
        let folder = TempDir::with_prefix_in("request-", work)?;
        // What the runner puts in its place is a link at most, since it can bring no folder in from elsewhere.
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
        let descriptor = File::options().read(true).custom_flags(flags.bits()).open(folder.path())?.into();
        Ok(Self { folder, descriptor })
    }

    /// Where the runner finds the file `name`.
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes the file `name` anew, whatever was in its place.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match unlinkat(&self.descriptor, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(errno) => return Err(errno.into()),
        }
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = openat(&self.descriptor, name, flags, Mode::S_IRUSR | Mode::S_IWUSR)?;
        File::from(file).write_all(bytes)
    }

    /// The bytes of the plain file `name`, at most `limit`; more are an error.
    pub(crate) fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = match openat(&self.descriptor, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::ELOOP) => return Err(not_plain()),
            Err(errno) => return Err(errno.into()),
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(not_plain());
        }
        let too_long = || io::Error::other(format!("it has more than {limit} bytes"));
        if metadata.len() > limit {
            return Err(too_long());
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        // It may grow while it is read.
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(too_long()) } else { Ok(bytes) }
    }
}

fn not_plain() -> io::Error {
    io::Error::other("it is no plain file")
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use nix::unistd::mkfifo;

    use super::*;

    struct Bench {
        work: TempDir,
        elsewhere: TempDir,
        folder: RequestFolder,
    }

    impl Bench {
        fn new() -> Self {
            let work = tempfile::tempdir().unwrap();
            let folder = RequestFolder::create_in(work.path()).unwrap();
            Self { work, elsewhere: tempfile::tempdir().unwrap(), folder }
        }

        fn secret(&self) -> PathBuf {
            let secret = self.elsewhere.path().join("secret");
            fs::write(&secret, "secret").unwrap();
            secret
        }
    }

    #[test]
    fn what_is_written_is_read_and_goes_with_the_folder() {
        let Bench { work, folder, .. } = Bench::new();
        folder.write("input", b"one").unwrap();
        folder.write("input", b"two").unwrap();
        assert_eq!(fs::read(folder.path_of("input")).unwrap(), b"two");
        assert_eq!(folder.read("input", 3).unwrap(), b"two");
        assert!(folder.read("input", 2).unwrap_err().to_string().contains("more than 2 bytes"));
        assert_eq!(folder.read("absent", 3).unwrap_err().kind(), io::ErrorKind::NotFound);
        drop(folder);
        assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_link_in_place_of_a_file_is_neither_written_nor_read_through() {
        let bench = Bench::new();
        let secret = bench.secret();
        symlink(&secret, bench.folder.path_of("proof")).unwrap();
        assert!(bench.folder.read("proof", 9).unwrap_err().to_string().contains("no plain file"));
        bench.folder.write("proof", b"proof").unwrap();
        assert_eq!(bench.folder.read("proof", 9).unwrap(), b"proof");
        assert_eq!(fs::read(secret).unwrap(), b"secret");
    }

    #[test]
    fn a_link_in_place_of_the_folder_leads_nowhere() {
        let bench = Bench::new();
        let secret = bench.secret();
        let folder = bench.folder.path_of("x").parent().unwrap().to_owned();
        fs::rename(&folder, bench.work.path().join("moved")).unwrap();
        symlink(bench.elsewhere.path(), &folder).unwrap();
        bench.folder.write("secret", b"ours").unwrap();
        assert_eq!(bench.folder.read("secret", 9).unwrap(), b"ours");
        drop(bench.folder);
        assert_eq!(fs::read(secret).unwrap(), b"secret");
    }

    #[test]
    fn a_fifo_and_a_folder_are_no_files_and_nobody_waits_for_them() {
        let bench = Bench::new();
        mkfifo(&bench.folder.path_of("fifo"), Mode::S_IRWXU).unwrap();
        fs::create_dir(bench.folder.path_of("folder")).unwrap();
        for name in ["fifo", "folder"] {
            assert!(bench.folder.read(name, 9).unwrap_err().to_string().contains("no plain file"), "{name}");
        }
        bench.folder.write("folder", b"x").unwrap_err();
    }
}
