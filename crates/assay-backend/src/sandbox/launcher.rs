//! The supervisor's side: the command that starts a launcher, and what it reports.

use std::{
    env,
    ffi::OsString,
    io::{self, PipeReader, Read as _},
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
};

use super::{
    LayerState, READABLE_MAX, Sandbox, SandboxError, SandboxReport, SandboxSettings, Tenant,
    launch::{LAUNCH_WORD, Message, REPORT_FD, error_of},
};

/// Whether this program is a launcher when it is started as one.
pub(super) static THIS_PROGRAM_LAUNCHES: AtomicBool = AtomicBool::new(false);

/// This program, even when its file was replaced since.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Most bytes of a launcher's report: twenty times what one has.
const REPORT_BYTES_MAX: usize = 64 * 1024;

/// How long a wait for the report lasts before the caller is asked whether to go on.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// Starts programs in the sandbox, or without where that is asked for.
#[derive(Debug)]
pub(crate) struct Launcher<'a> {
    settings: &'a SandboxSettings,
    /// `None`: programs are started directly.
    program: Option<PathBuf>,
}

impl<'a> Launcher<'a> {
    /// Descriptor of the launched process that is to be a pipe's write end.
    pub(crate) const REPORT_FD: i32 = REPORT_FD;

    /// The launcher for `settings`; none is an error only if the sandbox is required.
    pub(crate) fn new(settings: &'a SandboxSettings) -> Result<Self, SandboxError> {
        if settings.mode == Sandbox::Off {
            return Ok(Self { settings, program: None });
        }
        let own = || THIS_PROGRAM_LAUNCHES.load(Ordering::Relaxed).then(|| PathBuf::from(THIS_PROGRAM));
        let program = settings.launcher.clone().or_else(own);
        if program.is_none() && settings.mode == Sandbox::Required {
            return Err(SandboxError::NoLauncher);
        }
        Ok(Self { settings, program })
    }

    /// What is launched.
    pub(crate) fn tenant(&self) -> Tenant {
        self.settings.tenant
    }

    /// Whether there is a report to wait for.
    pub(crate) fn launches(&self) -> bool {
        self.program.is_some()
    }

    /// The command that ends up as `binary` with `arguments`.
    pub(crate) fn command(&self, binary: &Path, arguments: &[OsString]) -> Command {
        let Some(program) = &self.program else {
            let mut command = Command::new(binary);
            command.args(arguments);
            return command;
        };
        let readable = &self.settings.readable[..self.settings.readable.len().min(READABLE_MAX)];
        let writable = &self.settings.writable[..self.settings.writable.len().min(READABLE_MAX)];
        let mut command = Command::new(program);
        command
            .args([LAUNCH_WORD, self.settings.mode.name(), self.settings.tenant.name()])
            .arg(readable.len().to_string())
            .args(readable)
            .arg(writable.len().to_string())
            .args(writable)
            .arg(binary)
            .args(arguments);
        command
    }

    /// What a system call says that could not start the command.
    pub(crate) fn start_error(&self, source: io::Error) -> Result<io::Error, SandboxError> {
        match &self.program {
            None => Ok(source),
            Some(launcher) => Err(SandboxError::Start { launcher: launcher.clone(), source }),
        }
    }

    /// The report of a process that was started without the sandbox.
    pub(crate) fn report_without(&self) -> SandboxReport {
        match self.settings.mode {
            Sandbox::Off => SandboxReport::without(LayerState::Off, "not asked for"),
            Sandbox::BestEffort | Sandbox::Required => {
                SandboxReport::without(LayerState::Unavailable, "this program is no launcher of sandboxes")
            }
        }
    }

    /// Reads what a launched process reports until it is the runner, or will not be. Bounded by `until`, and by
    /// `go_on`, which is asked now and then.
    pub(crate) fn read_report(
        &self,
        pipe: PipeReader,
        binary: &Path,
        until: Instant,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Launched, SandboxError> {
        let Some(text) = read_to_end(pipe, until, go_on).map_err(|error| failed(error.to_string()))? else {
            return Ok(Launched::GaveUp);
        };
        judge(&text, self.settings.mode == Sandbox::Required, binary)
    }
}

/// How a launch went.
#[derive(Debug)]
pub(crate) enum Launched {
    /// The process is the runner now.
    Runner(SandboxReport),
    /// The runner could not be executed; nothing to do with the sandbox.
    NotExecuted(io::Error),
    /// Neither, when time was up or the caller wanted no more.
    GaveUp,
}

fn failed(what: impl Into<String>) -> SandboxError {
    SandboxError::Launcher { what: what.into() }
}

fn judge(text: &[u8], required: bool, binary: &Path) -> Result<Launched, SandboxError> {
    let mut report = None;
    for line in text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line)
            .map_err(|error| failed(format!("what it reports is unintelligible: {error}")))?
        {
            Message::Applied(applied) => report = Some(applied),
            Message::Misused(what) => return Err(failed(what)),
            Message::NotExecuted(number) => {
                let source = error_of(number);
                return match source.kind() {
                    io::ErrorKind::PermissionDenied => Err(SandboxError::Execute { binary: binary.to_owned(), source }),
                    _ => Ok(Launched::NotExecuted(source)),
                };
            }
        }
    }
    let report = report.ok_or_else(|| failed("it reported nothing; is it a program that launches sandboxes?"))?;
    match report.first_missing() {
        Some(missing) if required => {
            Err(SandboxError::Missing { layer: missing.layer, state: missing.state, detail: missing.detail })
        }
        _ => Ok(Launched::Runner(report)),
    }
}

/// Everything until the other side closes the pipe; `None` if that takes too long.
fn read_to_end(mut pipe: PipeReader, until: Instant, go_on: &dyn Fn() -> bool) -> io::Result<Option<Vec<u8>>> {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    while text.len() < REPORT_BYTES_MAX {
        let Some(left) = until.checked_duration_since(Instant::now()).filter(|_| go_on()) else {
            return Ok(None);
        };
        let wait_ms = left.min(LOOK_INTERVAL).as_millis() as u16 + 1;
        match poll(&mut [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)], PollTimeout::from(wait_ms)) {
            Ok(0) | Err(Errno::EINTR) => continue,
            Ok(_) => {}
            Err(errno) => return Err(errno.into()),
        }
        match pipe.read(&mut buffer)? {
            0 => return Ok(Some(text)),
            length => text.extend_from_slice(&buffer[..length]),
        }
    }
    Err(io::Error::other("it reports without end"))
}

/// Variables that point a sandboxed program to the only folder where it can write.
pub(crate) const REDIRECTED: [&str; 2] = ["HOME", "TMPDIR"];

/// The environment of a runner: the named variables of ours, and where to write if `launched` in a sandbox.
pub(crate) fn environment<'a>(
    names: &'a [&'a str],
    work_folder: &'a Path,
    launched: bool,
) -> impl Iterator<Item = (&'a str, OsString)> {
    names.iter().filter_map(move |&name| {
        if launched && REDIRECTED.contains(&name) {
            return Some((name, work_folder.as_os_str().to_owned()));
        }
        env::var_os(name).map(|value| (name, value))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::sandbox::Layer;

    fn applied(state: LayerState) -> Vec<u8> {
        let mut report = SandboxReport::without(LayerState::Enforced, "");
        report.layers[5].state = state;
        let mut line = serde_json::to_vec(&Message::Applied(report)).unwrap();
        line.push(b'\n');
        line
    }

    fn judged(text: &[u8], required: bool) -> Result<Launched, SandboxError> {
        judge(text, required, Path::new("/runner"))
    }

    #[test]
    fn a_missing_layer_is_an_error_only_where_all_are_required() {
        let partly = applied(LayerState::Partly);
        assert!(matches!(judged(&partly, false), Ok(Launched::Runner(report)) if !report.is_complete()));
        assert!(matches!(judged(&partly, true), Err(SandboxError::Missing { layer: Layer::Syscalls, .. })));
        assert!(matches!(judged(&applied(LayerState::Enforced), true), Ok(Launched::Runner(_))));
    }

    #[test]
    fn a_program_that_is_no_launcher_is_not_taken_for_one() {
        for text in [&b""[..], b"running 0 tests\n", b"{}\n", b"{\"Applied\":{}}", b"\xff"] {
            assert!(matches!(judged(text, false), Err(SandboxError::Launcher { .. })), "{text:?}");
        }
    }

    #[test]
    fn a_runner_that_may_not_be_executed_is_told_apart_from_one_that_is_not_there() {
        let mut text = applied(LayerState::Enforced);
        text.extend(serde_json::to_vec(&Message::NotExecuted(Errno::EACCES as i32)).unwrap());
        assert!(matches!(judged(&text, false), Err(SandboxError::Execute { .. })));
        let text = serde_json::to_vec(&Message::NotExecuted(Errno::ENOENT as i32)).unwrap();
        assert!(matches!(judged(&text, false), Ok(Launched::NotExecuted(_))));
    }

    #[test]
    fn a_report_without_end_and_one_that_never_comes_are_bounded() {
        let (pipe, mut end) = io::pipe().unwrap();
        let writer = std::thread::spawn(move || while end.write_all(&[b' '; 1024]).is_ok() {});
        let later = Instant::now() + Duration::from_mins(1);
        assert!(read_to_end(pipe, later, &|| true).is_err());
        writer.join().unwrap();

        let (pipe, _end) = io::pipe().unwrap();
        assert!(read_to_end(pipe, Instant::now(), &|| true).unwrap().is_none());
        let (pipe, _end) = io::pipe().unwrap();
        assert!(read_to_end(pipe, later, &|| false).unwrap().is_none());
    }

    #[test]
    fn a_required_sandbox_without_a_launcher_is_an_error() {
        // No test of this crate calls `launch_if_asked`.
        let settings = SandboxSettings { mode: Sandbox::Required, ..SandboxSettings::default() };
        assert!(matches!(Launcher::new(&settings), Err(SandboxError::NoLauncher)));
        let settings = SandboxSettings::default();
        let launcher = Launcher::new(&settings).unwrap();
        assert!(!launcher.launches());
        assert_eq!(launcher.report_without().state(Layer::Files), LayerState::Unavailable);
        assert_eq!(launcher.command(Path::new("/bin/x"), &[]).get_program(), "/bin/x");
    }
}
