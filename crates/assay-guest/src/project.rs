//! A guest of somebody else: a crate, a C file or a folder of C files, anywhere.
//!
//! What is there is hostile. It is read into memory, as far as limits allow, and what is built is a copy of it: links are
//! not followed, hidden folders, build outputs and proofs are not sources, and a crate gets the runtime that is in this program,
//! whatever it says where its runtime is. How it is built is not known here.

mod manifests;
pub(crate) mod tiles;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use assay_spec::{Digest, SequenceReceipt, TileReceipt, schema::Versioned as _};

/// Most files of a guest.
pub const PROJECT_FILES_MAX: usize = 4096;

/// Longest file, in bytes.
pub const PROJECT_FILE_BYTES_MAX: u64 = 4 << 20;

/// Most bytes of all files together.
pub const PROJECT_BYTES_MAX: u64 = 64 << 20;

/// Most entries of folders that are looked at.
const ENTRIES_MAX: usize = 1 << 16;

/// Most nested folders.
const DEPTH_MAX: usize = 16;

/// Folders that hold what was built, not what is built.
const OUTPUT_FOLDERS: [&str; 2] = ["target", "out"];

/// What is in a folder that a proof is kept in, by the schema that it begins with: such folders are no sources either.
const PROOFS: [(&str, &str); 2] = [("tile.json", TileReceipt::NAME), ("sequence.json", SequenceReceipt::NAME)];

/// Bytes of a file that has its schema in them.
const SCHEMA_BYTES: u64 = 64;

/// Longest name of a guest.
const NAME_BYTES_MAX: usize = 64;

/// What a guest is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A crate.
    Rust,
    /// C files.
    C,
}

/// A guest's sources.
#[derive(Clone, Debug)]
pub struct Project {
    pub(crate) language: Language,
    /// What people call it; a crate may have several programs, each with a name of its own.
    pub(crate) name: String,
    /// Content by path, with `/` between names.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// The folder of the crate in it: empty, or with a `/` at its end.
    pub(crate) member: String,
    /// What the crate calls the runtime.
    pub(crate) runtime: String,
    /// Whether it came with a lockfile.
    pub(crate) locked: bool,
    /// Where it stands: rustup's choice of a toolchain depends on it.
    pub(crate) folder: PathBuf,
    /// Links, which were left out.
    pub(crate) links: Vec<PathBuf>,
}

/// Why there are no sources of a guest.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Neither a crate nor C.
    #[error("{} is no guest: it is neither a folder with Cargo.toml, nor a C file, nor a folder with C files", path.display())]
    NoProject {
        /// What was named.
        path: PathBuf,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Too much of everything.
    #[error(
        "{} has more than {PROJECT_FILES_MAX} files, more than {} MiB or too deep folders; put the guest into a folder of \
         its own",
        folder.display(),
        PROJECT_BYTES_MAX >> 20
    )]
    TooMuch {
        /// Where.
        folder: PathBuf,
    },
    /// A file longer than [`PROJECT_FILE_BYTES_MAX`].
    #[error("{} is longer than {} MiB, too long for a source file; move it away", path.display(), PROJECT_FILE_BYTES_MAX >> 20)]
    TooLong {
        /// Which.
        path: PathBuf,
    },
    /// A name that makes no file name.
    #[error(
        "{name:?} is no name for a guest; rename the file or folder: letters, digits, _ and -, at most {NAME_BYTES_MAX}"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// A manifest that is none.
    #[error("{} is no manifest: {reason}", path.display())]
    Manifest {
        /// Which.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A workspace without a crate of its own.
    #[error("{} is the manifest of a workspace and not of a crate; name the folder of one of its crates", path.display())]
    Workspace {
        /// The manifest.
        path: PathBuf,
    },
    /// A crate that is no guest.
    #[error(
        "{} does not depend on {needed}; add `{needed} = \"*\"` to its [dependencies]: Assay brings it along",
        path.display()
    )]
    NoRuntime {
        /// The manifest.
        path: PathBuf,
        /// The crate that it is to depend on.
        needed: &'static str,
    },
    /// No crate where tiles are looked for.
    #[error(
        "{} is no crate of tiles: it has no Cargo.toml; name the crate with --path, or make one with `assay tile new`",
        path.display()
    )]
    NoTiles {
        /// What was named.
        path: PathBuf,
    },
    /// A crate of tiles without a library.
    #[error("{} has no library: tiles stand in src/lib.rs, and programs are made for them", folder.display())]
    NoLibrary {
        /// The crate.
        folder: PathBuf,
    },
    /// A dependency that is not in what is copied.
    #[error(
        "{}: the dependency {name} is at {to:?}, outside of what is built ({}); move it there, or make both one workspace",
        path.display(),
        root.display()
    )]
    Outside {
        /// The manifest.
        path: PathBuf,
        /// The dependency.
        name: String,
        /// Its path as it is spelled.
        to: String,
        /// The folder that is built.
        root: PathBuf,
    },
}

impl Project {
    /// Reads the guest at `path`: a folder with `Cargo.toml`, a C file, or a folder with C files.
    pub fn open(path: &Path) -> Result<Self, ProjectError> {
        let path = fs::canonicalize(path).map_err(io_at(path))?;
        let facts = fs::metadata(&path).map_err(io_at(&path))?;
        if facts.is_dir() {
            if path.join(manifests::MANIFEST).is_file() { manifests::open(path) } else { Self::open_c_folder(path) }
        } else if facts.is_file() && path.extension().is_some_and(|extension| extension == "c") {
            Self::open_c_file(&path)
        } else {
            Err(ProjectError::NoProject { path })
        }
    }

    /// Reads the crate of tiles in the folder `path`: a library that depends on `assay-tile`. What is built of it are the
    /// programs around its tiles ([`ProjectBuilder::build_tiles`](crate::ProjectBuilder::build_tiles)).
    pub fn open_tiles(path: &Path) -> Result<Self, ProjectError> {
        let path = fs::canonicalize(path).map_err(io_at(path))?;
        if !path.join(manifests::MANIFEST).is_file() {
            return Err(ProjectError::NoTiles { path });
        }
        tiles::open(path)
    }

    /// SHA-256 over all sources: of the guest, its lockfile as it came or was made, and of what Assay brings along.
    pub fn digest(&self) -> Digest {
        crate::sources::digest_of(self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
    }

    /// What it is written in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The folder of the crate or of the C files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it came with a lockfile: without one, versions of its dependencies are chosen when it is built.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// Links in its folder, which were left out.
    pub fn links(&self) -> &[PathBuf] {
        &self.links
    }

    fn open_c_file(path: &Path) -> Result<Self, ProjectError> {
        let name = name_of(path.file_stem())?;
        let mut reading = Reading::default();
        reading.take(path, format!("{name}.c"))?;
        let folder = path.parent().unwrap_or(path).to_owned();
        Ok(Self::c(name, reading, folder))
    }

    fn open_c_folder(path: PathBuf) -> Result<Self, ProjectError> {
        let reading = Reading::of(&path)?;
        if !reading.files.keys().any(|file| is_c(file)) {
            return Err(ProjectError::NoProject { path });
        }
        let name = name_of(path.file_name())?;
        Ok(Self::c(name, reading, path))
    }

    fn c(name: String, reading: Reading, folder: PathBuf) -> Self {
        Self {
            language: Language::C,
            name,
            files: reading.files,
            member: String::new(),
            runtime: String::new(),
            locked: true,
            folder,
            links: reading.links,
        }
    }
}

pub(crate) fn is_c(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "c")
}

/// The name of a guest, if it makes a file name.
fn name_of(name: Option<&std::ffi::OsStr>) -> Result<String, ProjectError> {
    let name = name.unwrap_or_default().to_string_lossy().into_owned();
    if is_name(&name) { Ok(name) } else { Err(ProjectError::Name { name }) }
}

/// Whether a guest can have this name: it becomes a file's.
pub fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('-')
}

/// Files that have been read, within limits.
#[derive(Default)]
struct Reading {
    files: BTreeMap<String, Vec<u8>>,
    links: Vec<PathBuf>,
    bytes: u64,
    entries: usize,
}

impl Reading {
    fn of(folder: &Path) -> Result<Self, ProjectError> {
        let mut reading = Self::default();
        reading.collect(folder, folder, "", 0)?;
        Ok(reading)
    }

    fn collect(&mut self, root: &Path, folder: &Path, prefix: &str, depth: usize) -> Result<(), ProjectError> {
        let too_much = || ProjectError::TooMuch { folder: root.to_owned() };
        if depth >= DEPTH_MAX {
            return Err(too_much());
        }
        for entry in fs::read_dir(folder).map_err(io_at(folder))? {
            let entry = entry.map_err(io_at(folder))?;
            self.entries += 1;
            if self.entries > ENTRIES_MAX || self.files.len() >= PROJECT_FILES_MAX || self.bytes > PROJECT_BYTES_MAX {
                return Err(too_much());
            }
            // What is not UTF-8 no source names.
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type().map_err(io_at(&path))?;
            if kind.is_symlink() {
                self.links.push(path);
            } else if kind.is_dir() {
                if !OUTPUT_FOLDERS.contains(&name.as_str()) && !is_proof(&path) {
                    self.collect(root, &path, &format!("{prefix}{name}/"), depth + 1)?;
                }
            } else if kind.is_file() {
                self.take(&path, format!("{prefix}{name}"))?;
            }
        }
        Ok(())
    }

    fn take(&mut self, path: &Path, name: String) -> Result<(), ProjectError> {
        let bytes = read(path)?;
        self.bytes += bytes.len() as u64;
        self.files.insert(name, bytes);
        Ok(())
    }
}

/// Whether Assay keeps a proof in a folder. What is proved there would else be a change of what it is a proof of.
fn is_proof(folder: &Path) -> bool {
    PROOFS.iter().any(|(file, schema)| {
        let path = folder.join(file);
        if !fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_file()) {
            return false;
        }
        let mut head = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(SCHEMA_BYTES).read_to_end(&mut head));
        read.is_ok() && String::from_utf8_lossy(&head).contains(&format!("\"{schema}/"))
    })
}

/// A whole file, of at most [`PROJECT_FILE_BYTES_MAX`].
fn read(path: &Path) -> Result<Vec<u8>, ProjectError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(PROJECT_FILE_BYTES_MAX + 1).read_to_end(&mut bytes));
    read.map_err(io_at(path))?;
    if bytes.len() as u64 > PROJECT_FILE_BYTES_MAX {
        return Err(ProjectError::TooLong { path: path.to_owned() });
    }
    Ok(bytes)
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> ProjectError {
    move |source| ProjectError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
