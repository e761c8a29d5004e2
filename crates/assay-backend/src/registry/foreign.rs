//! Building runners whose sources nobody vouches for: those of snapshots.
//!
//! Fetching runs no code of the sources and may use the network. Building does run it, in build scripts and macros, and so
//! happens in the sandbox: no network, and no writing but where it builds. What is needed was fetched before.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use assay_guest::build::environment;
use assay_spec::{Digest, InstalledRunner};
use command_fds::{CommandFdExt as _, FdMapping};

use super::{
    Registry, RegistryError,
    build::{BuildEnd, watch, watch_child},
    check_name,
    install::{InstallError, put_in_place},
};
use crate::{
    cancel::CancelToken,
    sandbox::{Launched, Launcher, Sandbox, SandboxError, SandboxReport, SandboxSettings, Tenant},
};

/// Time in which a launcher has become cargo.
const LAUNCH_WALL: Duration = Duration::from_secs(30);

/// What is to be built.
#[derive(Clone, Debug)]
pub struct ForeignBuild {
    /// Name of the runner, such as `openvm@2.0.2`.
    pub name: String,
    /// The folder of its crate, in which cargo is started.
    pub folder: PathBuf,
    /// Name of the program.
    pub program: String,
    /// The folder that cargo builds in.
    pub target: PathBuf,
    /// Variables beside those that every build of ours sees.
    pub environment: Vec<(String, String)>,
    /// What it is built from.
    pub key: Digest,
    /// Whether builds are kept in the sandbox.
    pub sandbox: Sandbox,
}

/// Why nothing was built, beside what keeps other runners from being installed.
#[derive(Debug, thiserror::Error)]
pub enum ForeignError {
    /// As with any runner.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// There is no cargo.
    #[error("there is no cargo in PATH; building a runner needs Rust, see https://rustup.rs")]
    NoCargo,
}

impl From<RegistryError> for ForeignError {
    fn from(error: RegistryError) -> Self {
        Self::Install(error.into())
    }
}

impl Registry {
    /// The folder that builds of snapshots share.
    pub fn snapshots(&self) -> PathBuf {
        self.cache().join("snapshots")
    }

    /// Where the log of the last build of a snapshot's runner is.
    pub fn foreign_log(&self, name: &str) -> PathBuf {
        self.snapshots().join(format!("{name}.log"))
    }

    /// Runs cargo with `arguments`, which fetch what `build` needs. No code of the sources runs.
    pub fn fetch_foreign(
        &self,
        build: &ForeignBuild,
        arguments: &[String],
        cancel: &CancelToken,
        show: &mut dyn FnMut(&str),
    ) -> Result<(), ForeignError> {
        let (log_path, log) = self.log(&build.name)?;
        let mut command = cargo_command(Command::new("cargo"), build, arguments);
        command.process_group(0);
        let end = watch(command, log, cancel, show).map_err(InstallError::Cargo)?;
        ended(&build.name, log_path, end)
    }

    /// Runs cargo with `arguments` in the sandbox, and registers the runner that it builds. Says what the sandbox was.
    ///
    /// # Panics
    ///
    /// Never: the one descriptor that the launcher reports on collides with no other.
    pub fn build_foreign(
        &self,
        build: &ForeignBuild,
        arguments: &[String],
        cancel: &CancelToken,
        show: &mut dyn FnMut(&str),
    ) -> Result<(InstalledRunner, SandboxReport), ForeignError> {
        check_name(&build.name)?;
        // One at a time: programs of snapshots of one zkVM have one name in the target folder.
        let doing = format!("building the runner {}", build.name);
        let _all = self.lock("snapshots", &doing, cancel, show)?;
        let _own = self.lock(&build.name, &doing, cancel, show)?;
        let (log_path, log) = self.log(&build.name)?;
        let temporary = build.target.join("tmp");
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| ForeignError::from(RegistryError::Io { path, source })
        };
        fs::create_dir_all(&temporary).map_err(io(&temporary))?;
        let settings = SandboxSettings {
            mode: build.sandbox,
            tenant: Tenant::Build,
            writable: vec![build.target.clone()],
            ..SandboxSettings::default()
        };
        let launcher = Launcher::new(&settings)?;
        let cargo = cargo_program().ok_or(ForeignError::NoCargo)?;
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let mut command = cargo_command(launcher.command(&cargo, &arguments), build, &[]);
        command.env("TMPDIR", &temporary);
        let mut report = None;
        if launcher.launches() {
            let (reader, end) = io::pipe().map_err(InstallError::Cargo)?;
            let mapping = FdMapping { parent_fd: end.into(), child_fd: Launcher::REPORT_FD };
            command.fd_mappings(vec![mapping]).expect("there is one descriptor");
            report = Some(reader);
        } else {
            command.process_group(0);
        }
        let child = match command.spawn() {
            Ok(child) => child,
            Err(source) => return Err(InstallError::Cargo(launcher.start_error(source)?).into()),
        };
        drop(command);
        let sandbox = match report {
            None => launcher.report_without(),
            Some(report) => {
                let until = Instant::now() + LAUNCH_WALL;
                match launcher.read_report(report, &cargo, until, &|| !cancel.is_cancelled())? {
                    Launched::Runner(report) => report,
                    Launched::NotExecuted(source) => return Err(InstallError::Cargo(source).into()),
                    Launched::GaveUp => return Err(InstallError::Cancelled.into()),
                }
            }
        };
        let end = watch_child(child, log, cancel, show).map_err(InstallError::Cargo)?;
        ended(&build.name, log_path, end)?;
        let built = build.target.join("release").join(&build.program);
        if !built.is_file() {
            return Err(InstallError::NoBinary { binary: built }.into());
        }
        let folder = self.snapshots().join("bin").join(&build.name);
        fs::create_dir_all(&folder).map_err(io(&folder))?;
        let binary = folder.join(&build.program);
        put_in_place(&built, &binary).map_err(io(&binary))?;
        let runner = self.admit(&build.name, &binary, Some(build.key), cancel)?;
        Ok((runner, sandbox))
    }

    /// Forgets a runner, and removes its program where we built it. That it is not there is no error.
    pub fn forget_foreign(&self, name: &str) -> Result<(), RegistryError> {
        check_name(name)?;
        let remove = |path: PathBuf, done: io::Result<()>| match done {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(RegistryError::Io { path, source }),
            _ => Ok(()),
        };
        let record = self.record_path(name);
        remove(record.clone(), fs::remove_file(&record))?;
        let folder = self.snapshots().join("bin").join(name);
        remove(folder.clone(), fs::remove_dir_all(&folder))
    }

    /// The log of a build, for more to be written to.
    fn log(&self, name: &str) -> Result<(PathBuf, File), ForeignError> {
        check_name(name)?;
        let path = self.foreign_log(name);
        let io = |source| RegistryError::Io { path: path.clone(), source };
        fs::create_dir_all(self.snapshots()).map_err(io)?;
        let file = File::create(&path).map_err(io)?;
        Ok((path, file))
    }
}

fn cargo_command(mut command: Command, build: &ForeignBuild, arguments: &[String]) -> Command {
    command
        .args(arguments)
        // rustup chooses the toolchain, and cargo its configuration, by the current folder.
        .current_dir(&build.folder)
        .env_clear()
        .envs(environment(env::vars_os()))
        .envs(build.environment.iter().map(|(name, value)| (name, value)))
        .env("CARGO_TARGET_DIR", &build.target)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Cargo, as it is found in `PATH`: a launcher executes files and looks for none.
fn cargo_program() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join("cargo")).find(|cargo| cargo.is_file())
}

fn ended(name: &str, log: PathBuf, end: BuildEnd) -> Result<(), ForeignError> {
    let name = name.to_owned();
    Err(match end {
        BuildEnd::Exited { status, .. } if status.success() => return Ok(()),
        BuildEnd::Exited { status, last_lines } => InstallError::Build { name, status, log, last_lines },
        BuildEnd::Cancelled => InstallError::Cancelled,
        BuildEnd::TookTooLong => InstallError::TookTooLong { name, log },
    }
    .into())
}
