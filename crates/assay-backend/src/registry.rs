//! Which runners are installed, from what they were built, and where.
//!
//! One JSON file per runner under the cache folder, written whole or not at all; programs stand in cargo target folders
//! beside it. The registry knows files and digests. Building is [`install`]'s business, running [`crate::RunnerBackend`]'s.
//!
//! | path under the cache folder | what |
//! |---|---|
//! | `registry/<name>.json` | `assay.installed_runner/1` |
//! | `runners/<name>-<key>/target` | cargo target folder, one per lockfile of the runner |
//! | `runners/<name>-<key>/build.log` | what cargo said when it was last built there |
//! | `runners/<name>.lock` | held while `<name>` is being installed |
//! | `identities/<key>.json` | `assay.known_identity/1`: see [`crate::identities`] |
//! | `snapshots/target`, `snapshots/bin` | what runners of snapshots are built in, and their programs |

mod build;
pub mod foreign;
pub mod install;
mod locate;
mod source;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use assay_spec::{
    Digest, InstalledRunner,
    schema::{self, ReadError, Versioned},
};
use sha2::{Digest as _, Sha256};

pub(crate) use self::build::end_group;
pub use self::{
    install::{InstallError, Installation},
    source::{SOURCE_FILE_BYTES_MAX, SOURCE_FILES_MAX, SourceError},
};

/// Longest name of a runner, in bytes.
pub const NAME_BYTES_MAX: usize = 64;

/// Longest registry file that is read.
pub const RECORD_BYTES_MAX: u64 = 1 << 20;

/// The runners that are installed, and the sources of those that can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    cache: PathBuf,
    runners: Option<PathBuf>,
}

/// Whether a runner can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It never was installed here.
    NotInstalled,
    /// It is installed and built from the sources as they are, or was built elsewhere.
    Installed(InstalledRunner),
    /// It is installed and works, but its sources have changed since.
    Stale(InstalledRunner),
    /// Its program is gone.
    BinaryMissing(InstalledRunner),
    /// Its program is not the one that was installed.
    BinaryChanged(InstalledRunner),
}

impl State {
    /// The runner, if its program is there and is the one that was installed.
    pub fn usable(self) -> Option<InstalledRunner> {
        match self {
            Self::Installed(runner) | Self::Stale(runner) => Some(runner),
            Self::NotInstalled | Self::BinaryMissing(_) | Self::BinaryChanged(_) => None,
        }
    }
}

/// Why the registry cannot say.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Neither `ASSAY_CACHE` nor `HOME` is set.
    #[error("there is no place for installed runners: set ASSAY_CACHE to a folder")]
    NoCache,
    /// Not a name that a runner can have.
    #[error(
        "{0:?} is not the name of a runner: expected at most {NAME_BYTES_MAX} lower-case letters, digits, - and _, such as openvm"
    )]
    BadName(String),
    /// No such sources, and nothing of that name installed.
    #[error("there is no runner {name:?}; known runners: {}", list(known))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// It is installed or was, but there is nothing to build it from.
    #[error(
        "there are no sources of the runner {name} here; run it within Assay's source tree, set ASSAY_RUNNERS_DIR to the tree's folder `runners`, or register a program with --binary"
    )]
    NoSources {
        /// Its name.
        name: String,
    },
    /// It is known but cannot be used.
    #[error("the runner {name} is not installed{}; install it with: assay backend install {name}", because(*.state))]
    NotInstalled {
        /// Its name.
        name: String,
        /// What is the matter with what is there.
        state: Unusable,
    },
    /// Its registry file cannot be read.
    #[error("{}: {source}; install the runner again", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What did not fit.
        source: ReadError,
    },
    /// Its registry file is longer than [`RECORD_BYTES_MAX`].
    #[error("{} has {bytes} bytes, more than any registry file; install the runner again", path.display())]
    RecordTooLong {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// Its sources cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The file system.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Why a known runner cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It never was installed.
    Absent,
    /// Its program is gone.
    BinaryMissing,
    /// Its program is another one now.
    BinaryChanged,
}

fn because(state: Unusable) -> &'static str {
    match state {
        Unusable::Absent => "",
        Unusable::BinaryMissing => " any more (its program is gone)",
        Unusable::BinaryChanged => " any more (its program is not the one that was installed)",
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

impl Registry {
    /// The registry in the folder `cache`; `runners` holds the sources, a folder for each runner, where there are any.
    pub fn new(cache: PathBuf, runners: Option<PathBuf>) -> Self {
        Self { cache, runners }
    }

    /// The registry in `$ASSAY_CACHE`, else in `$HOME/.cache/assay`, with the sources in `runners`, else in
    /// `$ASSAY_RUNNERS_DIR`, else in the source tree around the current folder, else in the one that Assay was built
    /// from.
    pub fn from_environment(runners: Option<PathBuf>) -> Result<Self, RegistryError> {
        let cache = locate::cache().ok_or(RegistryError::NoCache)?;
        Ok(Self::new(cache, locate::runners(runners)))
    }

    /// The folder of the registry.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The folder with the sources of runners, if there is one.
    pub fn runners(&self) -> Option<&Path> {
        self.runners.as_deref()
    }

    /// Names of all runners that are installed or could be built, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        if let Some(runners) = &self.runners {
            let sources = entries(runners).into_iter().filter(|name| runners.join(name).join("Cargo.toml").is_file());
            names.extend(sources);
        }
        let records = entries(&self.cache.join("registry"));
        names.extend(records.iter().filter_map(|file| file.strip_suffix(".json").map(str::to_owned)));
        names.retain(|name| check_name(name).is_ok());
        names.into_iter().collect()
    }

    /// Names of the runners whose sources are at hand, sorted.
    pub fn buildable(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| self.source_of(name).is_some()).collect()
    }

    /// Whether the runner `name` can be used, and what is the matter if not.
    pub fn state(&self, name: &str) -> Result<State, RegistryError> {
        let Some(runner) = self.read(name)? else {
            return Ok(State::NotInstalled);
        };
        let Some(seen) = Stamp::of(Path::new(&runner.binary))? else {
            return Ok(State::BinaryMissing(runner));
        };
        let untouched = seen.bytes == runner.binary_bytes && seen.modified_ms == runner.binary_modified_ms;
        if !untouched && file_digest(Path::new(&runner.binary))? != runner.binary_digest {
            return Ok(State::BinaryChanged(runner));
        }
        // Without sources at hand there is nothing to be staler than.
        let current = self.source_of(name).map(|folder| source::key(&folder)).transpose()?;
        match (runner.source_key, current) {
            (Some(built), Some(current)) if built != current => Ok(State::Stale(runner)),
            _ => Ok(State::Installed(runner)),
        }
    }

    /// The runner `name`, if it can be used.
    pub fn installed(&self, name: &str) -> Result<InstalledRunner, RegistryError> {
        let state = self.state(name)?;
        let why = match &state {
            State::BinaryMissing(_) => Unusable::BinaryMissing,
            State::BinaryChanged(_) => Unusable::BinaryChanged,
            _ => Unusable::Absent,
        };
        if state == State::NotInstalled && self.source_of(name).is_none() {
            return Err(RegistryError::Unknown { name: name.to_owned(), known: self.names() });
        }
        state.usable().ok_or_else(|| RegistryError::NotInstalled { name: name.to_owned(), state: why })
    }

    /// The folder with the sources of `name`, if there is one.
    fn source_of(&self, name: &str) -> Option<PathBuf> {
        let folder = self.runners.as_ref()?.join(name);
        folder.join("Cargo.toml").is_file().then_some(folder)
    }

    fn record_path(&self, name: &str) -> PathBuf {
        self.cache.join("registry").join(format!("{name}.json"))
    }

    /// Fields of the record of `name` that this version does not know: a newer Assay wrote them, and here they are left
    /// out. For whoever shows the registry to people.
    pub fn unknown_fields(&self, name: &str) -> Result<Vec<String>, RegistryError> {
        Ok(self.read_record(name)?.map(|read| read.unknown_fields).unwrap_or_default())
    }

    fn read(&self, name: &str) -> Result<Option<InstalledRunner>, RegistryError> {
        Ok(self.read_record(name)?.map(|read| read.value))
    }

    fn read_record(&self, name: &str) -> Result<Option<schema::Read<InstalledRunner>>, RegistryError> {
        check_name(name)?;
        let path = self.record_path(name);
        let io = |source| RegistryError::Io { path: path.clone(), source };
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
            Ok(metadata) if metadata.len() > RECORD_BYTES_MAX => {
                return Err(RegistryError::RecordTooLong { path, bytes: metadata.len() });
            }
            Ok(_) => {}
        }
        let json = fs::read(&path).map_err(io)?;
        schema::read(&json).map(Some).map_err(|source| RegistryError::Record { path, source })
    }

    /// Writes the record of a runner, whole or not at all.
    fn write(&self, runner: &InstalledRunner) -> Result<(), RegistryError> {
        let path = self.record_path(&runner.name);
        let folder = path.parent().expect("a record stands in a folder");
        let io = |source| RegistryError::Io { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(io)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
        let json = serde_json::to_vec_pretty(runner).map_err(|error| io(error.into()))?;
        file.write_all(&json).and_then(|()| file.as_file().sync_all()).map_err(io)?;
        file.persist(&path).map_err(|error| io(error.error))?;
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
    }
}

/// The record of `binary` as it is now.
fn record(
    name: &str,
    binary: &Path,
    source_key: Option<Digest>,
    description: assay_spec::RunnerDescription,
) -> Result<InstalledRunner, RegistryError> {
    let io = |source| RegistryError::Io { path: binary.to_owned(), source };
    let path = binary
        .to_str()
        .ok_or_else(|| io(io::Error::other("the path is not UTF-8; install under a path that is")))?
        .to_owned();
    let stamp = Stamp::of(binary)?.ok_or_else(|| io(io::ErrorKind::NotFound.into()))?;
    Ok(InstalledRunner {
        schema: InstalledRunner::tag(),
        name: name.to_owned(),
        binary: path,
        binary_digest: file_digest(binary)?,
        binary_bytes: stamp.bytes,
        binary_modified_ms: stamp.modified_ms,
        source_key,
        description,
    })
}

/// What tells at a glance that a file was touched.
struct Stamp {
    bytes: u64,
    modified_ms: u64,
}

impl Stamp {
    /// The stamp of a file; `None` if there is none.
    fn of(path: &Path) -> Result<Option<Self>, RegistryError> {
        let io = |source| RegistryError::Io { path: path.to_owned(), source };
        let metadata = match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        let modified = metadata.modified().map_err(io)?;
        // A time before 1970 is as good as any other for telling "touched".
        let modified_ms = modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        Ok(Some(Self { bytes: metadata.len(), modified_ms }))
    }
}

fn file_digest(path: &Path) -> Result<Digest, RegistryError> {
    let mut hasher = Sha256::new();
    fs::File::open(path)
        .and_then(|mut file| io::copy(&mut file, &mut HashWriter(&mut hasher)))
        .map_err(|source| RegistryError::Io { path: path.to_owned(), source })?;
    Ok(Digest(hasher.finalize().into()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A name becomes part of paths and of a program's name. The runner of a snapshot is called after its zkVM and itself:
/// `openvm@2.0.2`.
pub(crate) fn check_name(name: &str) -> Result<(), RegistryError> {
    let plain = |text: &str, also: &[u8]| {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_') || also.contains(&b))
    };
    let (runner, snapshot) = name.split_once('@').map_or((name, None), |(runner, name)| (runner, Some(name)));
    let well_formed = runner.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= NAME_BYTES_MAX
        && plain(runner, b"")
        && snapshot.is_none_or(|name| {
            name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) && plain(name, b".+")
        });
    if well_formed { Ok(()) } else { Err(RegistryError::BadName(name.chars().take(NAME_BYTES_MAX).collect())) }
}

/// Names in a folder; none if it cannot be read.
fn entries(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}
