//! Installing a runner: build it with cargo, or take a program that was built elsewhere; ask it who it is; register it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    process::ExitStatus,
    thread,
    time::Duration,
};

use assay_spec::{
    Digest, InstalledRunner, RunnerDescription,
    protocol::{Done, Request},
};

use super::{
    Registry, RegistryError, SourceError, State,
    build::{self, BUILD_WALL_MAX, BuildEnd},
    check_name, record, source,
};
use crate::{
    cancel::CancelToken,
    supervisor::{CallLimits, RunnerCommand, RunnerFailure, Settings, Supervisor},
};

/// Time for `describe`, which runners answer without setting up their SDK: as much as for `hello`.
const DESCRIBE_WALL: Duration = Duration::from_mins(1);

/// Memory for `hello` and `describe`.
const DESCRIBE_MEMORY_BYTES: u64 = 4 << 30;

const LOCK_INTERVAL: Duration = Duration::from_millis(100);

/// Longest text in a lock file that is read: who holds it, and what for.
const HOLDER_BYTES_MAX: u64 = 300;

/// What installing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The runner.
    pub runner: InstalledRunner,
    /// Whether it was built; `false` if what was there was up to date.
    pub built: bool,
}

/// Why a runner was not installed. What was installed before is still there.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The registry could not be read or written, or has no such runner.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Cargo could not be started.
    #[error("cannot run cargo: {0}; building a runner needs Rust, see https://rustup.rs")]
    Cargo(io::Error),
    /// Cargo failed.
    #[error("building the runner {name} failed ({status}); the log is {}; it ends with:\n{}", log.display(), last_lines.join("\n"))]
    Build {
        /// The runner.
        name: String,
        /// How cargo ended.
        status: ExitStatus,
        /// All that cargo said.
        log: PathBuf,
        /// The end of it.
        last_lines: Vec<String>,
    },
    /// Cargo went on for longer than a build may.
    #[error("building the runner {name} took more than {} minutes; the log is {}", BUILD_WALL_MAX.as_secs() / 60, log.display())]
    TookTooLong {
        /// The runner.
        name: String,
        /// All that cargo said.
        log: PathBuf,
    },
    /// Somebody asked to give up.
    #[error("cancelled")]
    Cancelled,
    /// The build gave no program of the expected name.
    #[error("the build succeeded, but there is no program {}; a runner's binary is called assay-runner-<name>", binary.display())]
    NoBinary {
        /// Where it should be.
        binary: PathBuf,
    },
    /// The program does not behave as a runner.
    #[error("{} is not a working runner: {source}", binary.display())]
    NotARunner {
        /// The program.
        binary: PathBuf,
        /// What it did.
        source: RunnerFailure,
    },
    /// The program is another runner.
    #[error("{} says that it is the runner {found:?}, not {expected:?}; install it under its own name", binary.display())]
    OtherRunner {
        /// The program.
        binary: PathBuf,
        /// What it says it is.
        found: String,
        /// What it should be.
        expected: String,
    },
}

impl From<SourceError> for InstallError {
    fn from(error: SourceError) -> Self {
        Self::Registry(error.into())
    }
}

impl Registry {
    /// Builds the runner `name` from its sources and registers it, unless what is installed is up to date and `force`
    /// is not set. Each line that cargo prints goes to `show`. Two installers of one runner wait for each other.
    pub fn install(
        &self,
        name: &str,
        force: bool,
        cancel: &CancelToken,
        show: &mut dyn FnMut(&str),
    ) -> Result<Installation, InstallError> {
        check_name(name)?;
        let folder = self.source_of(name).ok_or_else(|| match self.names() {
            known if known.iter().any(|known| known == name) => RegistryError::NoSources { name: name.to_owned() },
            known => RegistryError::Unknown { name: name.to_owned(), known },
        })?;
        let _lock = self.lock(name, &format!("installing the runner {name}"), cancel, show)?;
        // Taken before the build: sources that change under it leave the runner stale, not wrongly fresh.
        let source_key = source::key(&folder)?;
        match self.state(name) {
            Ok(State::Installed(runner)) if !force && runner.source_key == Some(source_key) => {
                return Ok(Installation { runner, built: false });
            }
            // A registry file that cannot be read is about to be replaced.
            Ok(_) | Err(RegistryError::Record { .. } | RegistryError::RecordTooLong { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let place = self.cache.join("runners").join(format!("{name}-{}", source::lock_key(&folder)?.short()));
        let binary = cargo_build(name, &folder, &place, cancel, show)?;
        let runner = self.admit(name, &binary, Some(source_key), cancel)?;
        Ok(Installation { runner, built: true })
    }

    /// Registers the program `binary`, which was built elsewhere, as the runner `name`.
    pub fn register(&self, name: &str, binary: &Path, cancel: &CancelToken) -> Result<InstalledRunner, InstallError> {
        self.register_showing(name, binary, cancel, &mut |_| ())
    }

    /// As [`Registry::register`]; for whom it waits, if it does, goes to `show`.
    pub fn register_showing(
        &self,
        name: &str,
        binary: &Path,
        cancel: &CancelToken,
        show: &mut dyn FnMut(&str),
    ) -> Result<InstalledRunner, InstallError> {
        check_name(name)?;
        let io = |source| RegistryError::Io { path: binary.to_owned(), source };
        let binary = binary.canonicalize().map_err(io)?;
        let _lock = self.lock(name, &format!("registering the runner {name}"), cancel, show)?;
        self.admit(name, &binary, None, cancel)
    }

    /// Asks the program who it is and writes its record.
    pub(super) fn admit(
        &self,
        name: &str,
        binary: &Path,
        source_key: Option<Digest>,
        cancel: &CancelToken,
    ) -> Result<InstalledRunner, InstallError> {
        let description = ask(binary, cancel)?;
        if description.name != name {
            return Err(InstallError::OtherRunner {
                binary: binary.to_owned(),
                found: description.name,
                expected: name.to_owned(),
            });
        }
        let runner = record(name, binary, source_key, description)?;
        self.write(&runner)?;
        Ok(runner)
    }

    /// The lock of one runner's installation; given up when it is dropped, also by a crash. It says in its file who holds it
    /// and what that process is `doing`; whoever has to wait shows that, once.
    pub(super) fn lock(
        &self,
        name: &str,
        doing: &str,
        cancel: &CancelToken,
        show: &mut dyn FnMut(&str),
    ) -> Result<File, InstallError> {
        let folder = self.cache.join("runners");
        let path = folder.join(format!("{name}.lock"));
        let io = |source| InstallError::from(RegistryError::Io { path: path.clone(), source });
        fs::create_dir_all(&folder).map_err(io)?;
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
        let mut file = options.open(&path).map_err(io)?;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(io(error)),
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => return Err(InstallError::Cancelled),
                Err(TryLockError::WouldBlock) => {}
            }
            if !told {
                show(&waiting(&mut file, name, &path));
                told = true;
            }
            thread::sleep(LOCK_INTERVAL);
        }
        // For people: who cannot write it has the lock as well.
        let _ = file.rewind().and_then(|()| file.set_len(0));
        let _ = write!(file, "process {}, {doing}", std::process::id());
        Ok(file)
    }
}

/// Who waits for whom, in words.
fn waiting(file: &mut File, name: &str, path: &Path) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(HOLDER_BYTES_MAX).read_to_string(&mut text));
    let holder = match read {
        Ok(_) if !text.trim().is_empty() => text.trim(),
        _ => "another process",
    };
    format!("{name} waits for {holder} ({} is locked)", path.display())
}

fn cargo_build(
    name: &str,
    folder: &Path,
    place: &Path,
    cancel: &CancelToken,
    show: &mut dyn FnMut(&str),
) -> Result<PathBuf, InstallError> {
    let target = place.join("target");
    let log = place.join("build.log");
    let io = |path: &Path, source| InstallError::from(RegistryError::Io { path: path.to_owned(), source });
    fs::create_dir_all(&target).map_err(|error| io(&target, error))?;
    let log_file = File::create(&log).map_err(|error| io(&log, error))?;
    match build::build(folder, &target, log_file, cancel, show).map_err(InstallError::Cargo)? {
        BuildEnd::Exited { status, .. } if status.success() => {}
        BuildEnd::Exited { status, last_lines } => {
            return Err(InstallError::Build { name: name.to_owned(), status, log, last_lines });
        }
        BuildEnd::Cancelled => return Err(InstallError::Cancelled),
        BuildEnd::TookTooLong => return Err(InstallError::TookTooLong { name: name.to_owned(), log }),
    }
    let built = target.join("release").join(format!("assay-runner-{name}"));
    if !built.is_file() {
        return Err(InstallError::NoBinary { binary: built });
    }
    // Beside the target folder: whoever runs the runner's tests there builds the program anew, with what tests need.
    let folder = place.join("bin");
    fs::create_dir_all(&folder).map_err(|error| io(&folder, error))?;
    let binary = folder.join(format!("assay-runner-{name}"));
    put_in_place(&built, &binary).map_err(|error| io(&binary, error))?;
    Ok(binary)
}

/// Makes `to` the file that `from` is now, in one step. A link and not a copy where the file system has links: what was
/// written by this process cannot be executed while a child that another thread starts still holds it open.
pub(super) fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    let partial = to.with_extension(format!("partial-{}", std::process::id()));
    let _ = fs::remove_file(&partial);
    fs::hard_link(from, &partial).or_else(|_| fs::copy(from, &partial).map(drop))?;
    fs::rename(&partial, to)?;
    // Renaming a link to where the same file is already does nothing, and leaves the link.
    let _ = fs::remove_file(&partial);
    Ok(())
}

/// `hello` and `describe`.
fn ask(binary: &Path, cancel: &CancelToken) -> Result<RunnerDescription, InstallError> {
    let not_a_runner = |source| match source {
        RunnerFailure::Cancelled { .. } => InstallError::Cancelled,
        source => InstallError::NotARunner { binary: binary.to_owned(), source },
    };
    let work = tempfile::tempdir().map_err(|error| not_a_runner(error.into()))?;
    let command =
        RunnerCommand { binary: binary.to_owned(), arguments: Vec::new(), work_folder: work.path().to_owned() };
    let limits = CallLimits { wall: DESCRIBE_WALL, memory_limit_bytes: DESCRIBE_MEMORY_BYTES, file: None };
    let mut supervisor = Supervisor::new(command, Settings::default(), cancel.clone());
    match supervisor.call(Request::Describe, &limits, &mut |_| ()).map_err(not_a_runner)?.done {
        Done::Describe(description) => Ok(description),
        _ => unreachable!("a supervisor gives answers of the request's type only"),
    }
}
