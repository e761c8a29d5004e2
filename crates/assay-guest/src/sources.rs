//! The sources of the guests that Assay ships, and of the runtime that they are built on.
//!
//! They are found as the sources of runners are: in the source tree. What is built is a copy of them (`Snapshot`) in
//! which the runtime stands inside of the workspace: cargo names a crate outside of it after its absolute path, which
//! would be in the guest's symbols, and so in its bytes.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use assay_spec::Digest;

/// Most source files of all guests together.
pub const SOURCE_FILES_MAX: usize = 4096;

/// Longest source file, in bytes.
pub const SOURCE_FILE_BYTES_MAX: u64 = 4 << 20;

/// Most nested folders of sources.
const DEPTH_MAX: usize = 16;

/// Where the runtime stands in the source tree, and how the guests' manifest spells it from its own folder.
const RUNTIME: &str = "crates/assay-guest-rt";
const RUNTIME_FROM_GUESTS: &str = "../crates/assay-guest-rt";
/// Where it stands in a snapshot.
const RUNTIME_STAGED: &str = "assay-guest-rt";

/// The crate that cores read their input with.
const CORE_INPUT: &str = "core-input";

/// What of a crate's folder is built.
const FOLDERS: [&str; 2] = ["src", "link"];
const FILES: [&str; 2] = ["Cargo.toml", "build.rs"];

/// A folder `guests` with a source tree around it.
#[derive(Clone, Debug)]
pub struct GuestSources {
    guests: PathBuf,
}

/// Why sources cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No source tree.
    #[error(
        "the sources of the guests are not found; run assay in its source tree, or set ASSAY_GUESTS_DIR to the folder guests of one"
    )]
    NotFound,
    /// A file or folder cannot be read.
    #[error("cannot read the sources of the guests: {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// More files than [`SOURCE_FILES_MAX`], or folders too deep.
    #[error("{} holds more than {SOURCE_FILES_MAX} files or too deep folders; it is no folder of guests", folder.display())]
    TooMany {
        /// Where.
        folder: PathBuf,
    },
    /// A file longer than [`SOURCE_FILE_BYTES_MAX`].
    #[error("{} has {bytes} bytes, too many for a source file; move it out of the folder of guests", path.display())]
    TooLong {
        /// Which.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// The workspace does not name the runtime.
    #[error("{} does not have assay-guest-rt at {RUNTIME_FROM_GUESTS}; put it back into [workspace.dependencies]", path.display())]
    NoRuntime {
        /// The workspace's manifest.
        path: PathBuf,
    },
}

/// Everything that guests are built from: content by path, with `/` between names.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl GuestSources {
    /// The folder `explicit`, else `$ASSAY_GUESTS_DIR`, else `guests` in the first source tree upwards of the current
    /// folder, else the one of the source tree that this program was built from.
    pub fn find(explicit: Option<PathBuf>) -> Result<Self, SourceError> {
        let variable = env::var_os("ASSAY_GUESTS_DIR").filter(|value| !value.is_empty()).map(PathBuf::from);
        let guests = explicit
            .or(variable)
            .or_else(|| upwards_of(&env::current_dir().ok()?))
            .or_else(|| upwards_of(Path::new(env!("CARGO_MANIFEST_DIR"))))
            .ok_or(SourceError::NotFound)?;
        Ok(Self { guests })
    }

    /// The folder of guests.
    pub fn folder(&self) -> &Path {
        &self.guests
    }

    /// Reads everything that guests are built from.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, SourceError> {
        let mut files = BTreeMap::new();
        let manifest = self.guests.join("Cargo.toml");
        let text = String::from_utf8_lossy(&read(&manifest)?).into_owned();
        if !text.contains(RUNTIME_FROM_GUESTS) {
            return Err(SourceError::NoRuntime { path: manifest });
        }
        files.insert("Cargo.toml".to_owned(), text.replace(RUNTIME_FROM_GUESTS, RUNTIME_STAGED).into_bytes());
        files.insert("Cargo.lock".to_owned(), read(&self.guests.join("Cargo.lock"))?);
        for (name, folder) in crates(&self.guests)? {
            collect_crate(&folder, &name, &mut files)?;
        }
        let runtime = self.guests.parent().map_or_else(|| RUNTIME.into(), |tree| tree.join(RUNTIME));
        collect_crate(&runtime, RUNTIME_STAGED, &mut files)?;
        Ok(Snapshot { files })
    }
}

impl Snapshot {
    /// The digest of all files with their paths.
    pub(crate) fn digest(&self) -> Digest {
        digest_of(self.files.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
    }

    /// The digest of what the core `name` alone is built of: its own files, those of crates that are no cores, and the
    /// versions of all that is below.
    pub(crate) fn digest_of_core(&self, name: &str) -> Digest {
        let is_of = |file: &str| match file.split_once('/') {
            None => true,
            Some((folder, _)) => [name, RUNTIME_STAGED, CORE_INPUT].contains(&folder),
        };
        let files = self.files.iter().filter(|(file, _)| is_of(file));
        digest_of(files.map(|(name, content)| (name.as_str(), content.as_slice())))
    }

    /// Makes `folder` hold exactly these files. One that is right already stays as it is, so that cargo sees no change.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut there = Vec::new();
        list(folder, folder, &mut there)?;
        for name in there.iter().filter(|name| !self.files.contains_key(*name)) {
            fs::remove_file(folder.join(name))?;
        }
        for (name, content) in &self.files {
            let path = folder.join(name);
            if fs::read(&path).is_ok_and(|old| old == *content) {
                continue;
            }
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, content)?;
        }
        Ok(())
    }
}

/// The digest of files with their paths, in this order.
pub(crate) fn digest_of<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Digest {
    let mut bytes = Vec::new();
    for (name, content) in files {
        // With lengths, so that no two lists of files spell alike.
        for part in [name.as_bytes(), content] {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
    }
    Digest::of(&bytes)
}

/// Crates directly in `folder`, by name.
fn crates(folder: &Path) -> Result<BTreeMap<String, PathBuf>, SourceError> {
    Ok(folders(folder)?.into_iter().filter(|(_, path)| path.join("Cargo.toml").is_file()).collect())
}

/// Folders directly in `folder`, by name, without hidden ones and build outputs.
pub(crate) fn folders(folder: &Path) -> Result<BTreeMap<String, PathBuf>, SourceError> {
    let io = |source| SourceError::Io { path: folder.to_owned(), source };
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || name == "target" || !entry.path().is_dir() {
            continue;
        }
        if found.len() >= SOURCE_FILES_MAX {
            return Err(SourceError::TooMany { folder: folder.to_owned() });
        }
        found.insert(name, entry.path());
    }
    Ok(found)
}

fn collect_crate(folder: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), SourceError> {
    for file in FILES {
        let path = folder.join(file);
        if path.is_file() {
            files.insert(format!("{name}/{file}"), read(&path)?);
        }
    }
    for inner in FOLDERS {
        let path = folder.join(inner);
        if path.is_dir() {
            collect(&path, &format!("{name}/{inner}"), 0, files)?;
        }
    }
    Ok(())
}

fn collect(folder: &Path, name: &str, depth: usize, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), SourceError> {
    let io = |source| SourceError::Io { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let kind = entry.file_type().map_err(io)?;
        let Ok(file) = entry.file_name().into_string() else { continue };
        if files.len() >= SOURCE_FILES_MAX || depth >= DEPTH_MAX {
            return Err(SourceError::TooMany { folder: folder.to_owned() });
        }
        let name = format!("{name}/{file}");
        // Links are not followed: they may lead in circles. Hidden files are an editor's.
        if file.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), &name, depth + 1, files)?;
        } else if kind.is_file() {
            files.insert(name, read(&entry.path())?);
        }
    }
    Ok(())
}

/// Files in `folder` and below, relative to `root`.
fn list(root: &Path, folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, names)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            names.push(name.to_owned());
        }
    }
    Ok(())
}

/// A whole file, of at most [`SOURCE_FILE_BYTES_MAX`].
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, SourceError> {
    let io = |source| SourceError::Io { path: path.to_owned(), source };
    let bytes = fs::metadata(path).map_err(io)?.len();
    if bytes > SOURCE_FILE_BYTES_MAX {
        return Err(SourceError::TooLong { path: path.to_owned(), bytes });
    }
    fs::read(path).map_err(io)
}

/// A folder `guests` counts only beside the runtime: a folder of that name may hold anything.
fn upwards_of(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .filter(|tree| tree.join(RUNTIME).join("Cargo.toml").is_file())
        .map(|tree| tree.join("guests"))
        .find(|guests| guests.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> (tempfile::TempDir, GuestSources) {
        let tree = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("guests/Cargo.toml", "assay-guest-rt = { path = \"../crates/assay-guest-rt\" }"),
            ("guests/Cargo.lock", "lock"),
            ("guests/fib/Cargo.toml", "fib"),
            ("guests/fib/core.toml", "schema"),
            ("guests/fib/src/main.rs", "main"),
            ("guests/fib/src/deep/er.rs", "er"),
            ("guests/target/x/Cargo.toml", "no"),
            ("crates/assay-guest-rt/Cargo.toml", "rt"),
            ("crates/assay-guest-rt/build.rs", "build"),
            ("crates/assay-guest-rt/link/link.x", "x"),
            ("crates/assay-guest-rt/tests/t.rs", "t"),
        ] {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let sources = GuestSources { guests: tree.path().join("guests") };
        (tree, sources)
    }

    #[test]
    fn a_snapshot_has_what_is_built_with_the_runtime_inside() {
        let (_tree, sources) = tree();
        let snapshot = sources.snapshot().unwrap();
        let names: Vec<_> = snapshot.files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "Cargo.lock",
                "Cargo.toml",
                "assay-guest-rt/Cargo.toml",
                "assay-guest-rt/build.rs",
                "assay-guest-rt/link/link.x",
                "fib/Cargo.toml",
                "fib/src/deep/er.rs",
                "fib/src/main.rs",
            ]
        );
        assert_eq!(snapshot.files["Cargo.toml"], b"assay-guest-rt = { path = \"assay-guest-rt\" }");
    }

    #[test]
    fn the_digest_is_of_what_is_built_and_not_of_where_it_stands() {
        let ((one_tree, one), (_other_tree, other)) = (tree(), tree());
        let before = one.snapshot().unwrap().digest();
        assert_eq!(before, other.snapshot().unwrap().digest());
        for (path, counts) in [
            ("guests/fib/core.toml", false),
            ("crates/assay-guest-rt/tests/t.rs", false),
            ("guests/fib/src/main.rs", true),
            ("guests/Cargo.lock", true),
            ("crates/assay-guest-rt/link/link.x", true),
        ] {
            let path = one_tree.path().join(path);
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, "changed").unwrap();
            assert_eq!(one.snapshot().unwrap().digest() != before, counts, "{}", path.display());
            fs::write(&path, text).unwrap();
        }
    }

    #[test]
    fn writing_a_snapshot_changes_what_differs_and_nothing_else() {
        let (_tree, sources) = tree();
        let snapshot = sources.snapshot().unwrap();
        let stage = tempfile::tempdir().unwrap();
        snapshot.write(stage.path()).unwrap();
        let main = stage.path().join("fib/src/main.rs");
        let lock = stage.path().join("Cargo.lock");
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        for path in [&main, &lock] {
            fs::File::open(path).unwrap().set_modified(long_ago).unwrap();
        }
        fs::write(&lock, "other").unwrap();
        fs::write(stage.path().join("fib/src/left.rs"), "over").unwrap();
        snapshot.write(stage.path()).unwrap();
        assert_eq!(modified(&main), long_ago);
        assert_eq!(fs::read(&lock).unwrap(), b"lock");
        assert!(!stage.path().join("fib/src/left.rs").exists());
    }

    #[test]
    fn sources_are_found_from_within_the_source_tree_and_not_from_elsewhere() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let guests = upwards_of(&here.join("src")).unwrap();
        assert_eq!(guests, here.ancestors().nth(2).unwrap().join("guests"));
        let elsewhere = tempfile::tempdir().unwrap();
        fs::create_dir_all(elsewhere.path().join("guests")).unwrap();
        assert_eq!(upwards_of(elsewhere.path()), None);
    }

    #[test]
    fn a_workspace_without_the_runtime_is_named() {
        let (tree, sources) = tree();
        fs::write(tree.path().join("guests/Cargo.toml"), "").unwrap();
        assert!(matches!(sources.snapshot(), Err(SourceError::NoRuntime { .. })));
    }
}
