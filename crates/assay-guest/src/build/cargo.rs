//! One cargo build of all guests for one target.

use std::{
    collections::VecDeque,
    env,
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{ChildStderr, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use super::{environment::environment, toolchain::Toolchain};

/// Last lines of a build that an error shows.
const LAST_LINES: usize = 30;

/// Longest line that is looked at, in bytes.
const LINE_BYTES_MAX: u64 = 4096;

/// Longest build. All guests for one target take about a minute on two cores.
const BUILD_WALL_MAX: Duration = Duration::from_mins(30);

/// Between two flags in `CARGO_ENCODED_RUSTFLAGS`.
const FLAG_SEPARATOR: &str = "\x1f";

/// What is to be built, and where.
pub(crate) struct CargoBuild<'a> {
    pub(crate) toolchain: &'a Toolchain,
    /// The folder of the workspace.
    pub(crate) workspace: &'a Path,
    /// The target folder.
    pub(crate) target: &'a Path,
    /// Such as `riscv32im-unknown-none-elf`.
    pub(crate) triple: &'a str,
    /// The runtime's feature for the platform; `None` for a native build.
    pub(crate) feature: Option<&'a str>,
    /// Cargo's choice of packages.
    pub(crate) packages: &'a [String],
    /// The lock of the folders. The build inherits it, so that what outlives this process still holds it.
    pub(crate) lock: &'a File,
}

/// How a build failed.
#[derive(Debug)]
pub(crate) enum CargoError {
    Start(io::Error),
    Failed { status: ExitStatus, last_lines: Vec<String> },
    TookTooLong,
}

impl CargoBuild<'_> {
    /// Fetches dependencies and builds the guests; each line goes to `show`.
    pub(crate) fn run(&self, show: &mut dyn FnMut(&str)) -> Result<(), CargoError> {
        // First, because flags name the folders that dependencies are unpacked to.
        self.command(&["fetch", "--locked", "--target", self.triple], None, show)?;
        let feature = self.feature.map(|feature| format!("assay-guest-rt/{feature}"));
        let mut arguments = vec!["build", "--release", "--bins", "--locked", "--target", self.triple];
        arguments.extend(self.packages.iter().map(String::as_str));
        if let Some(feature) = &feature {
            arguments.extend(["--features", feature, "-Zbuild-std=core,alloc"]);
        }
        let flags = self.flags(&registry_folders());
        self.command(&arguments, Some(flags), show)
    }

    fn command(
        &self,
        arguments: &[&str],
        flags: Option<OsString>,
        show: &mut dyn FnMut(&str),
    ) -> Result<(), CargoError> {
        let mut command = Command::new(self.toolchain.cargo());
        command
            .args(arguments)
            .current_dir(self.workspace)
            .env_clear()
            .envs(environment(env::vars_os()))
            .env("RUSTC", self.toolchain.rustc())
            .env("CARGO_TARGET_DIR", self.target)
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .stdin(self.lock.try_clone().map_err(CargoError::Start)?)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if let Some(flags) = flags {
            command.env("CARGO_ENCODED_RUSTFLAGS", flags);
        }
        if self.feature.is_some() {
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        watch(command, show)
    }

    /// Flags of all guests of a target, whatever their platform, so that its library is built once. Paths of this
    /// machine are taken out: the same sources are to give the same bytes wherever they are built.
    fn flags(&self, registries: &[PathBuf]) -> OsString {
        let mut flags: Vec<OsString> = Vec::new();
        if let Some(linker) = &self.toolchain.linker {
            let mut own = OsString::from("-Clinker=");
            own.push(&linker.path);
            flags.push(own);
            flags.extend(
                ["-Clinker-flavor=ld.lld", "-Clink-arg=-Tlink.x", "-Clink-arg=--build-id=none"].map(Into::into),
            );
        }
        let library = self.toolchain.library();
        let above_library = library.parent().unwrap_or(&library);
        for (folder, to) in [(above_library, ""), (self.workspace, ""), (self.target, "target")]
            .into_iter()
            .chain(registries.iter().map(|folder| (folder.as_path(), "")))
        {
            let mut flag = OsString::from("--remap-path-prefix=");
            flag.push(folder);
            flag.push("=");
            flag.push(to);
            flags.push(flag);
        }
        flags.join(OsStr::new(FLAG_SEPARATOR))
    }
}

/// Folders that cargo unpacks dependencies to, one per registry.
fn registry_folders() -> Vec<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = folder("CARGO_HOME").or_else(|| Some(folder("HOME")?.join(".cargo")));
    let entries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let mut folders: Vec<_> = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    folders
}

fn watch(mut command: Command, show: &mut dyn FnMut(&str)) -> Result<(), CargoError> {
    let mut child = command.spawn().map_err(CargoError::Start)?;
    let (sender, lines) = mpsc::channel();
    let stderr = child.stderr.take();
    // It ends with the stream: when all that inherited it have ended.
    let reader = thread::spawn(move || stderr.map(|stderr| read_lines(stderr, &sender)));
    let until = Instant::now() + BUILD_WALL_MAX;
    let mut last = VecDeque::new();
    loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                show(&line);
                if last.len() == LAST_LINES {
                    last.pop_front();
                }
                last.push_back(line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                // Its compilers are not ours to end; they hold the lock until they have.
                let _ = child.kill();
                let _ = child.wait();
                return Err(CargoError::TookTooLong);
            }
        }
    }
    let _ = reader.join();
    let status = child.wait().map_err(CargoError::Start)?;
    if status.success() { Ok(()) } else { Err(CargoError::Failed { status, last_lines: last.into() }) }
}

fn read_lines(stderr: ChildStderr, lines: &mpsc::Sender<String>) {
    let mut stderr = BufReader::new(stderr);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match (&mut stderr).take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end();
        if !line.is_empty() && lines.send(line.to_owned()).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> (Result<(), CargoError>, Vec<String>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut shown = Vec::new();
        let end = watch(command, &mut |line| shown.push(line.to_owned()));
        (end, shown)
    }

    #[test]
    fn lines_are_shown_and_the_last_ones_kept() {
        let (end, shown) = shell("for i in $(seq 100); do echo line $i >&2; done; printf 'no end' >&2; exit 3");
        let Err(CargoError::Failed { status, last_lines }) = end else { panic!("{end:?}") };
        assert_eq!((status.code(), shown.len(), last_lines.len()), (Some(3), 101, LAST_LINES));
        assert_eq!(last_lines.last().unwrap(), "no end");
    }
}
