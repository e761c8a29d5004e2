//! A folder of artifacts, each written whole or not at all.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use assay_spec::{
    Digest,
    schema::{self, Versioned},
};
use sha2::{Digest as _, Sha256};

use crate::{
    StoreError,
    disk::{open_file, read_file},
    layout::JSON_BYTES_MAX,
};

/// A folder of artifacts.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder, and those above it, where they do not exist.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = path.into();
        fs::create_dir_all(&path).map_err(|source| StoreError::Io {
            what: "make the folder",
            path: path.clone(),
            source,
        })?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `bytes` as the artifact `name`.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<Digest, StoreError> {
        let path = self.path.join(name);
        let written = self.write_with(name, |writer| writer.write_all(bytes))?;
        written.map_err(|source| StoreError::Io { what: "write", path, source })
    }

    /// Removes the artifact `name`; that there is none is no error.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Io { what: "remove", path, source })
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Writes a versioned value as pretty JSON with a line end.
    pub fn write_json<T: Versioned>(&self, name: &str, value: &T) -> Result<Digest, StoreError> {
        let path = self.path.join(name);
        let mut bytes = serde_json::to_vec_pretty(value).map_err(|source| StoreError::Encode { path, source })?;
        bytes.push(b'\n');
        self.write(name, &bytes)
    }

    /// Reads a versioned value back; `None` if there is no such artifact.
    pub fn read_json<T: Versioned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let path = self.path.join(name);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = read_file(&path, JSON_BYTES_MAX)?;
        let read = schema::read(&bytes).map_err(|source| StoreError::Format { path, source })?;
        Ok(Some(read.value))
    }

    /// Writes what `fill` writes as the artifact `name`; the digest is that of the file.
    ///
    /// The outer error is the folder's, the inner one `fill`'s own; in both cases the artifact is untouched.
    pub fn write_with<E>(
        &self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Result<Digest, E>, StoreError> {
        let path = self.path.join(name);
        let failed = |what| {
            let path = path.clone();
            move |source| StoreError::Io { what, path, source }
        };
        let file = tempfile::Builder::new()
            .prefix(&format!(".{name}."))
            .suffix(".partial")
            .tempfile_in(&self.path)
            .map_err(failed("write beside"))?;
        let mut writer = Digesting { inner: BufWriter::new(file), hasher: Sha256::new() };
        if let Err(error) = fill(&mut writer) {
            return Ok(Err(error));
        }
        let file = writer.inner.into_inner().map_err(|error| failed("write")(error.into_error()))?;
        file.as_file().sync_all().map_err(failed("sync"))?;
        make_readable(file.as_file()).map_err(failed("set the permissions of"))?;
        file.persist(&path).map_err(|error| failed("rename into place")(error.error))?;
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(failed("sync the folder of"))?;
        Ok(Ok(Digest(writer.hasher.finalize().into())))
    }
}

/// Temporary files are private to their owner; artifacts are as readable as any file that a program writes.
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

/// SHA-256 of a file of any size.
pub(crate) fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut digesting = Digesting { inner: io::sink(), hasher: Sha256::new() };
    io::copy(&mut open_file(path)?, &mut digesting)?;
    Ok(Digest(digesting.hasher.finalize().into()))
}

struct Digesting<W> {
    inner: W,
    hasher: Sha256,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn an_artifact_is_replaced_whole_and_its_digest_is_that_of_the_file() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::create(temporary.path().join("a/b")).unwrap();
        folder.write("x.txt", b"first").unwrap();
        let digest = folder.write("x.txt", b"second").unwrap();
        assert_eq!(fs::read(folder.path().join("x.txt")).unwrap(), b"second");
        assert_eq!(digest, Digest::of(b"second"));
        assert_eq!(names(folder.path()), ["x.txt"]);
    }

    #[test]
    fn a_failure_half_way_leaves_what_was_there_and_no_temporary_file() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::create(temporary.path()).unwrap();
        folder.write("x.txt", b"first").unwrap();
        let inner = folder
            .write_with("x.txt", |writer| {
                writer.write_all(b"half").unwrap();
                Err("failed")
            })
            .unwrap();
        assert_eq!(inner, Err("failed"));
        assert_eq!(fs::read(folder.path().join("x.txt")).unwrap(), b"first");
        assert_eq!(names(folder.path()), ["x.txt"]);
    }

    #[test]
    fn an_artifact_is_removed_once_and_what_cannot_be_removed_is_told() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::create(temporary.path()).unwrap();
        folder.write("x.txt", b"first").unwrap();
        folder.remove("x.txt").unwrap();
        folder.remove("x.txt").unwrap();
        assert!(names(folder.path()).is_empty());
        fs::create_dir(folder.path().join("sub")).unwrap();
        assert!(matches!(folder.remove("sub"), Err(StoreError::Io { what: "remove", .. })));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let temporary = tempfile::tempdir().unwrap();
        let file = temporary.path().join("file");
        fs::write(&file, b"").unwrap();
        let error = Folder::create(file.join("sub")).unwrap_err();
        assert!(error.to_string().contains("file/sub"), "{error}");
    }

    #[test]
    fn an_artifact_in_a_folder_that_is_gone_is_an_error() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::create(temporary.path().join("gone")).unwrap();
        fs::remove_dir(folder.path()).unwrap();
        assert!(matches!(folder.write("x", b""), Err(StoreError::Io { .. })));
    }
}
