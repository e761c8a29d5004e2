//! What stands beside the sources of a snapshot: its manifest and the list of its files; and checking both.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use assay_spec::{
    Digest, SnapshotManifest,
    schema::{self, ReadError},
    snapshot::{SourceDifference, SourceFile, SourceKind},
};

use crate::limits::{DEPTH_MAX, DIFFERENCES_MAX, FILE_BYTES_MAX, FILES_MAX, LISTING_BYTES_MAX, MANIFEST_BYTES_MAX};

/// Name of the manifest in a snapshot's folder. A snapshot without it is none.
pub const MANIFEST_FILE: &str = "snapshot.json";

/// Name of the list of files in a snapshot's folder: a line of JSON per file, sorted by path.
pub const LISTING_FILE: &str = "sources.jsonl";

/// Why a snapshot's own files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The manifest cannot be read as one.
    #[error("{}: {source}; install the snapshot again with --force", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What did not fit.
        source: ReadError,
    },
    /// The list of files is not the one of the manifest.
    #[error("{} is not the list that the snapshot was made with; install the snapshot again with --force", path.display())]
    Listing {
        /// The file.
        path: PathBuf,
    },
    /// It is longer than any.
    #[error("{} has {bytes} bytes, above the limit of {limit}; install the snapshot again with --force", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file system.
    #[error("cannot {what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Of what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Reads the manifest in a snapshot's folder; `None` where there is no snapshot.
pub fn read(folder: &Path) -> Result<Option<SnapshotManifest>, ManifestError> {
    let path = folder.join(MANIFEST_FILE);
    let Some(json) = read_file(&path, MANIFEST_BYTES_MAX)? else { return Ok(None) };
    let read = schema::read(&json).map_err(|source| ManifestError::Format { path, source })?;
    Ok(Some(read.value))
}

/// Writes the manifest, whole or not at all.
pub fn write(folder: &Path, manifest: &SnapshotManifest) -> Result<(), ManifestError> {
    let path = folder.join(MANIFEST_FILE);
    let mut json = serde_json::to_vec_pretty(manifest).map_err(|error| io_error("write", &path)(error.into()))?;
    json.push(b'\n');
    write_file(&path, &json)
}

/// Writes the list of files; its digest goes into the manifest.
pub(crate) fn write_listing(folder: &Path, files: &[SourceFile]) -> Result<Digest, ManifestError> {
    let path = folder.join(LISTING_FILE);
    let mut text = Vec::new();
    for file in files {
        serde_json::to_writer(&mut text, file).map_err(|error| io_error("write", &path)(error.into()))?;
        text.push(b'\n');
    }
    write_file(&path, &text)?;
    Ok(Digest::of(&text))
}

/// The files of a snapshot as they were materialised.
pub fn listing(folder: &Path, manifest: &SnapshotManifest) -> Result<Vec<SourceFile>, ManifestError> {
    let path = folder.join(LISTING_FILE);
    let text = read_file(&path, LISTING_BYTES_MAX)?.unwrap_or_default();
    if Digest::of(&text) != manifest.sources {
        return Err(ManifestError::Listing { path });
    }
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).map_err(|_| ManifestError::Listing { path: path.clone() })).collect()
}

/// What is different from what the manifest says: of the files as they were materialised, and of those that passes
/// touched, as they left them. Says how many files were looked at.
pub fn check(folder: &Path, manifest: &SnapshotManifest) -> Result<(u64, Vec<SourceDifference>), ManifestError> {
    let mut expected: BTreeMap<String, (SourceKind, Digest)> =
        listing(folder, manifest)?.into_iter().map(|file| (file.path, (file.kind, file.sha256))).collect();
    for touched in manifest.patch.iter().flat_map(|patch| &patch.files) {
        let kind = expected.get(&touched.path).map_or(SourceKind::File, |(kind, _)| *kind);
        expected.insert(touched.path.clone(), (kind, touched.after));
    }
    let sources = folder.join(sources_folder(&manifest.zkvm));
    let mut found = Found { differences: Vec::new(), expected, looked_at: 0 };
    found.folder(&sources, "", 0)?;
    let looked_at = found.looked_at;
    let gone: Vec<String> = found.expected.keys().cloned().collect();
    for path in gone {
        found.differs(&path, "is missing");
    }
    Ok((looked_at, found.differences))
}

/// Name of the folder with the sources in a snapshot's folder.
pub fn sources_folder(zkvm: &str) -> String {
    format!("{zkvm}-src")
}

struct Found {
    differences: Vec<SourceDifference>,
    /// Files that were not seen yet.
    expected: BTreeMap<String, (SourceKind, Digest)>,
    looked_at: u64,
}

impl Found {
    fn differs(&mut self, path: &str, what: &str) {
        if self.differences.len() < DIFFERENCES_MAX {
            self.differences.push(SourceDifference { path: path.to_owned(), what: what.to_owned() });
        }
    }

    fn folder(&mut self, folder: &Path, at: &str, depth: usize) -> Result<(), ManifestError> {
        if depth > DEPTH_MAX {
            self.differs(at, "is deeper than sources are");
            return Ok(());
        }
        let entries = fs::read_dir(folder).map_err(io_error("list", folder))?;
        for entry in entries {
            let entry = entry.map_err(io_error("list", folder))?;
            let Ok(name) = entry.file_name().into_string() else {
                self.differs(at, "holds a name that is not UTF-8");
                continue;
            };
            let path = if at.is_empty() { name } else { format!("{at}/{name}") };
            let kind = entry.file_type().map_err(io_error("look at", &entry.path()))?;
            if kind.is_dir() {
                self.folder(&entry.path(), &path, depth + 1)?;
                continue;
            }
            self.looked_at += 1;
            if self.looked_at > 2 * FILES_MAX as u64 {
                self.differs(at, "holds more files than sources have");
                return Ok(());
            }
            match self.expected.remove(&path) {
                None => self.differs(&path, "is new"),
                Some(expected) => {
                    if let Some(what) = difference(&entry.path(), kind, expected)? {
                        self.differs(&path, what);
                    }
                }
            }
        }
        Ok(())
    }
}

/// In what a file is not as expected. Links are not followed.
fn difference(
    path: &Path,
    kind: fs::FileType,
    (expected, digest): (SourceKind, Digest),
) -> Result<Option<&'static str>, ManifestError> {
    if kind.is_symlink() || expected == SourceKind::Link {
        if !kind.is_symlink() || expected != SourceKind::Link {
            return Ok(Some("is of another kind"));
        }
        let target = fs::read_link(path).map_err(io_error("read", path))?;
        let same = Digest::of(target.as_os_str().as_encoded_bytes()) == digest;
        return Ok((!same).then_some("leads elsewhere"));
    }
    if !kind.is_file() {
        return Ok(Some("is of another kind"));
    }
    let metadata = fs::symlink_metadata(path).map_err(io_error("look at", path))?;
    if metadata.len() > FILE_BYTES_MAX {
        return Ok(Some("is changed"));
    }
    let content = fs::read(path).map_err(io_error("read", path))?;
    if Digest::of(&content) != digest {
        return Ok(Some("is changed"));
    }
    let executable = metadata.permissions().mode() & 0o100 != 0;
    Ok((executable != (expected == SourceKind::Executable)).then_some("may be executed, or not, other than before"))
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ManifestError {
    let path = path.to_owned();
    move |source| ManifestError::Io { what, path, source }
}

/// All of a file; `None` where there is none.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, ManifestError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error("read", path)(error)),
    };
    let bytes = file.metadata().map_err(io_error("read", path))?.len();
    if bytes > limit {
        return Err(ManifestError::TooLong { path: path.to_owned(), bytes, limit });
    }
    let mut content = Vec::new();
    file.take(limit).read_to_end(&mut content).map_err(io_error("read", path))?;
    Ok(Some(content))
}

/// Writes a file, whole or not at all.
pub(crate) fn write_file(path: &Path, content: &[u8]) -> Result<(), ManifestError> {
    let folder = path.parent().expect("a file stands in a folder");
    let write = || {
        let mut file = tempfile::Builder::new().prefix(".partial-").tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(io_error("write", path))
}
