//! Running cargo and compilers: how, with what they may know and do, and what they say.

use std::{
    collections::VecDeque,
    env,
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Read as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{ChildStderr, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use super::{
    BuildError, confine,
    environment::environment,
    give_up::{GiveUp, LOOK_INTERVAL},
    toolchain::Toolchain,
};

/// Lines from the first error on that an error shows, and last lines.
const FIRST_LINES: usize = 30;
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
    /// Folders of workspaces that share the target folder, and so have the same flags.
    pub(crate) remapped: &'a [PathBuf],
    /// The target folder.
    pub(crate) target: &'a Path,
    /// Such as `riscv32im-unknown-none-elf`.
    pub(crate) triple: &'a str,
    /// The lock of the folders. The build inherits it, so that what outlives this process still holds it.
    pub(crate) lock: &'a File,
    /// The only folder that the build may write to, if what is built is not trusted.
    pub(crate) confined: Option<&'a Path>,
    /// Who may give up.
    pub(crate) give_up: Option<&'a dyn GiveUp>,
}

/// How a tool failed.
#[derive(Debug)]
pub(crate) enum ToolError {
    Start { program: PathBuf, source: io::Error },
    Failed { program: String, status: ExitStatus, lines: Vec<String> },
    TookTooLong,
    GivenUp,
}

impl From<ToolError> for BuildError {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::Start { program, source } => Self::Start { program, source },
            ToolError::Failed { program, status, lines } => Self::Failed { program, status, lines },
            ToolError::TookTooLong => Self::TookTooLong,
            ToolError::GivenUp => Self::GivenUp,
        }
    }
}

impl CargoBuild<'_> {
    /// Fetches dependencies, which runs nothing of theirs; each line goes to `show`. It is to be done before anything is
    /// built, because flags name the folders that dependencies are unpacked to.
    pub(crate) fn fetch(&self, locked: bool, show: &mut dyn FnMut(&str)) -> Result<(), ToolError> {
        let mut command = self.command(&["fetch", "--target", self.triple]);
        if locked {
            command.arg("--locked");
        }
        watch(command, None, self.give_up, show)
    }

    /// A release build of what was fetched, by the verb and the arguments that begin with it.
    pub(crate) fn build(&self, arguments: &[String], show: &mut dyn FnMut(&str)) -> Result<(), ToolError> {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = self.command(&arguments);
        command.args(["--release", "--locked", "--target", self.triple]);
        command.env("CARGO_ENCODED_RUSTFLAGS", self.flags(&registry_folders()));
        if self.toolchain.linker.is_some() {
            command.arg("-Zbuild-std=core,alloc").env("RUSTC_BOOTSTRAP", "1");
        }
        if let Some(folder) = self.confined {
            let temporary = folder.join("tmp");
            fs::create_dir_all(&temporary)
                .map_err(|source| ToolError::Start { program: self.toolchain.cargo(), source })?;
            command.arg("--offline").env("TMPDIR", temporary);
            // What a guest ends with is the platform's business, not the crate's.
            command.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
            if self.toolchain.linker.is_some() {
                command.env("CARGO_PROFILE_RELEASE_PANIC", "abort");
            }
        }
        watch(command, self.confined, self.give_up, show)
    }

    fn command(&self, arguments: &[&str]) -> Command {
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
            .stdin(self.lock.try_clone().map_or_else(|_| Stdio::null(), Stdio::from))
            .stdout(Stdio::null());
        command
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
        let without = self.remapped.iter().chain(registries).map(|folder| (folder.as_path(), ""));
        for (folder, to) in [(above_library, ""), (self.target, "target")].into_iter().chain(without) {
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

/// What a tool said, as far as an error shows it: from the first error on, and the end.
#[derive(Default)]
struct Said {
    first: Vec<String>,
    last: VecDeque<String>,
    left_out: usize,
}

impl Said {
    fn line(&mut self, line: String) {
        let about_errors = !self.first.is_empty() || line.starts_with("error") || line.contains("error:");
        if about_errors && self.first.len() < FIRST_LINES {
            self.first.push(line);
            return;
        }
        self.last.push_back(line);
        if self.last.len() > LAST_LINES {
            self.last.pop_front();
            self.left_out += 1;
        }
    }

    fn shown(mut self) -> Vec<String> {
        if self.first.is_empty() || self.first.len() == FIRST_LINES {
            let gap = (self.left_out > 0 && !self.first.is_empty()).then(|| format!("... {} lines ...", self.left_out));
            self.first.extend(gap);
            self.first.extend(self.last);
        }
        self.first
    }
}

/// Runs a tool to its end; it can write below `confined` only, if that is named. Where somebody may give up it leads a
/// process group: what it starts can be ended with it, and a terminal's Ctrl-C reaches only those who give up.
pub(crate) fn watch(
    mut command: Command,
    confined: Option<&Path>,
    give_up: Option<&dyn GiveUp>,
    show: &mut dyn FnMut(&str),
) -> Result<(), ToolError> {
    let program = PathBuf::from(command.get_program());
    command.stderr(Stdio::piped());
    if give_up.is_some() {
        command.process_group(0);
    }
    let started = match confined {
        Some(folder) => confine::spawn(&mut command, folder),
        None => command.spawn().map(|child| (child, true)),
    };
    let (mut child, held) = started.map_err(|source| ToolError::Start { program: program.clone(), source })?;
    if !held {
        show("this kernel has no Landlock, which would keep build scripts from writing elsewhere");
    }
    let (sender, lines) = mpsc::channel();
    let stderr = child.stderr.take();
    // It ends with the stream: when all that inherited it have ended.
    let reader = thread::spawn(move || stderr.map(|stderr| read_lines(stderr, &sender)));
    let until = Instant::now() + BUILD_WALL_MAX;
    let mut said = Said::default();
    let asked = || give_up.filter(|give_up| give_up.is_asked());
    loop {
        if let Some(give_up) = asked() {
            give_up.end(&mut child);
            return Err(ToolError::GivenUp);
        }
        let left = until.saturating_duration_since(Instant::now());
        match lines.recv_timeout(left.min(LOOK_INTERVAL)) {
            Ok(line) => {
                show(&line);
                said.line(line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                if let Some(give_up) = give_up {
                    give_up.end(&mut child);
                } else {
                    // Its compilers are not ours to end; they hold the lock until they have.
                    let _ = child.kill();
                    let _ = child.wait();
                }
                return Err(ToolError::TookTooLong);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    let _ = reader.join();
    let status = child.wait().map_err(|source| ToolError::Start { program: program.clone(), source })?;
    if status.success() {
        return Ok(());
    }
    let program = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(ToolError::Failed { program, status, lines: said.shown() })
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
    use std::{
        process::Child,
        sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    };

    use super::*;

    fn shell(script: &str) -> (Result<(), ToolError>, Vec<String>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null());
        let mut shown = Vec::new();
        let end = watch(command, None, None, &mut |line| shown.push(line.to_owned()));
        (end, shown)
    }

    /// Gives up when it has been asked so often.
    #[derive(Debug)]
    struct After {
        times: AtomicUsize,
        ended: AtomicBool,
    }

    impl GiveUp for After {
        fn is_asked(&self) -> bool {
            self.times.fetch_sub(1, Ordering::Relaxed) == 1
        }

        fn end(&self, leader: &mut Child) {
            self.ended.store(true, Ordering::Relaxed);
            leader.kill().unwrap();
            leader.wait().unwrap();
        }
    }

    #[test]
    fn a_build_ends_when_somebody_gives_up_whether_it_says_anything_or_not() {
        for script in ["exec sleep 600", "while :; do echo line >&2; done"] {
            let mut command = Command::new("sh");
            command.args(["-c", script]).stdin(Stdio::null());
            let give_up = After { times: AtomicUsize::new(3), ended: AtomicBool::new(false) };
            let end = watch(command, None, Some(&give_up), &mut |_| ());
            assert!(matches!(end, Err(ToolError::GivenUp)), "{end:?}");
            assert!(give_up.ended.load(Ordering::Relaxed));
        }
    }

    #[test]
    fn lines_are_shown_and_the_last_ones_kept() {
        let (end, shown) = shell("for i in $(seq 100); do echo line $i >&2; done; printf 'no end' >&2; exit 3");
        let Err(ToolError::Failed { status, lines, .. }) = end else { panic!("{end:?}") };
        assert_eq!((status.code(), shown.len(), lines.len()), (Some(3), 101, LAST_LINES));
        assert_eq!(lines.last().unwrap(), "no end");
    }

    #[test]
    fn the_first_error_is_kept_however_much_follows_it() {
        let (end, _) = shell(
            "echo Compiling >&2; echo 'error: the first' >&2; for i in $(seq 99); do echo line $i >&2; done; exit 1",
        );
        let Err(ToolError::Failed { lines, program, .. }) = end else { panic!("{end:?}") };
        assert_eq!((lines[0].as_str(), program.as_str()), ("error: the first", "sh"));
        assert!(lines.iter().any(|line| line.starts_with("... ")), "{lines:?}");
        assert_eq!(lines.last().unwrap(), "line 99");
        assert_eq!(lines.len(), FIRST_LINES + 1 + LAST_LINES);
        let (end, _) = shell("echo Compiling >&2; echo 'a.c:1:1: error: short' >&2; echo end >&2; exit 1");
        let Err(ToolError::Failed { lines, .. }) = end else { panic!("{end:?}") };
        assert_eq!(lines, ["a.c:1:1: error: short", "end"]);
    }
}
