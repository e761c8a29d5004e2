//! One cargo build, watched: its lines shown as they come, all of it logged, and ended when somebody gives up.

use std::{
    collections::VecDeque,
    env,
    fs::File,
    io::{self, BufWriter, Read, Write},
    os::{fd::AsFd, unix::process::CommandExt},
    path::Path,
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use assay_guest::build::environment;
use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::cancel::CancelToken;

/// Last lines of a build that an error shows.
pub(crate) const LAST_LINES: usize = 30;

/// Longest line that is shown or kept; the log has all of it.
const LINE_BYTES_MAX: usize = 4096;

/// Longest build. The slowest known takes about 20 minutes on two cores.
pub(crate) const BUILD_WALL_MAX: Duration = Duration::from_hours(3);

/// From SIGTERM to SIGKILL.
const TERMINATE_GRACE: Duration = Duration::from_secs(5);

const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// How a build ended.
#[derive(Debug)]
pub(crate) enum BuildEnd {
    /// Cargo ended by itself.
    Exited {
        status: ExitStatus,
        last_lines: Vec<String>,
    },
    Cancelled,
    TookTooLong,
}

/// Runs `cargo build --release --locked` on the workspace in `folder`, with its target folder in `target` and its log
/// in `log`; each line goes to `show`, without its end.
pub(crate) fn build(
    folder: &Path,
    target: &Path,
    log: File,
    cancel: &CancelToken,
    show: &mut dyn FnMut(&str),
) -> io::Result<BuildEnd> {
    let mut command = Command::new("cargo");
    command
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        // rustup chooses the toolchain, and cargo its configuration, by the current folder.
        .current_dir(folder)
        .env_clear()
        .envs(environment(env::vars_os()))
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    watch(command, log, cancel, show)
}

/// Runs `command`, whose stderr is a pipe, to its end.
pub(crate) fn watch(
    mut command: Command,
    log: File,
    cancel: &CancelToken,
    show: &mut dyn FnMut(&str),
) -> io::Result<BuildEnd> {
    let child = command.spawn()?;
    // Its ends of pipes go with it.
    drop(command);
    watch_child(child, log, cancel, show)
}

/// Goes on with a process that was started, the leader of its own group, to its end.
pub(crate) fn watch_child(
    mut child: Child,
    log: File,
    cancel: &CancelToken,
    show: &mut dyn FnMut(&str),
) -> io::Result<BuildEnd> {
    let mut lines = Lines::new(log, show);
    let mut stderr = child.stderr.take();
    let until = Instant::now() + BUILD_WALL_MAX;
    let watched = loop {
        if cancel.is_cancelled() {
            break Ok(BuildEnd::Cancelled);
        }
        if Instant::now() >= until {
            break Ok(BuildEnd::TookTooLong);
        }
        // The exit is asked for first, so that what was written before it is read after it. Waiting for the end of the
        // stream instead would wait for compiler daemons, which inherit it and live on.
        let exited = match child.try_wait() {
            Ok(exited) => exited,
            Err(error) => break Err(error),
        };
        let wait = if exited.is_some() { Duration::ZERO } else { LOOK_INTERVAL };
        let read = match read_some(&mut stderr, wait, &mut lines) {
            Ok(read) => read,
            Err(error) => break Err(error),
        };
        if let Some(status) = exited.filter(|_| !read) {
            return lines.finish().map(|last_lines| BuildEnd::Exited { status, last_lines });
        }
    };
    end_group(&mut child);
    lines.finish()?;
    watched
}

/// SIGTERM to the process group that `leader` leads, such as cargo and its compilers; a grace, SIGKILL; reaped.
pub(crate) fn end_group(leader: &mut Child) {
    let group = Pid::from_raw(leader.id().cast_signed());
    let _ = killpg(group, Signal::SIGTERM);
    let until = Instant::now() + TERMINATE_GRACE;
    while Instant::now() < until {
        if !matches!(leader.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let _ = killpg(group, Signal::SIGKILL);
    let _ = leader.wait();
}

/// Reads once, waiting at most `wait`; says whether anything came.
fn read_some(stderr: &mut Option<ChildStderr>, wait: Duration, lines: &mut Lines<'_>) -> io::Result<bool> {
    let Some(end) = stderr else {
        thread::sleep(wait);
        return Ok(false);
    };
    fcntl(end.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    let mut polled = [PollFd::new(end.as_fd(), PollFlags::POLLIN)];
    match poll(&mut polled, PollTimeout::from(wait.as_millis() as u16)) {
        Ok(0) | Err(Errno::EINTR) => return Ok(false),
        Ok(_) => {}
        Err(errno) => return Err(errno.into()),
    }
    let mut buffer = [0; 8192];
    match end.read(&mut buffer) {
        Ok(0) => *stderr = None,
        Ok(length) => {
            lines.push(&buffer[..length])?;
            return Ok(true);
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
        Err(error) => return Err(error),
    }
    Ok(false)
}

/// Bytes on their way to the log, the screen and the last lines.
struct Lines<'a> {
    log: BufWriter<File>,
    show: &'a mut dyn FnMut(&str),
    line: Vec<u8>,
    last: VecDeque<String>,
}

impl<'a> Lines<'a> {
    fn new(log: File, show: &'a mut dyn FnMut(&str)) -> Self {
        Self { log: BufWriter::new(log), show, line: Vec::new(), last: VecDeque::new() }
    }

    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.log.write_all(bytes)?;
        // A build takes minutes, and the log is where one looks meanwhile.
        self.log.flush()?;
        for &byte in bytes {
            if byte == b'\n' || byte == b'\r' {
                self.end_line();
            } else if self.line.len() < LINE_BYTES_MAX {
                self.line.push(byte);
            }
        }
        Ok(())
    }

    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line).trim_end().to_owned();
        self.line.clear();
        if line.is_empty() {
            return;
        }
        (self.show)(&line);
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    fn finish(mut self) -> io::Result<Vec<String>> {
        self.end_line();
        self.log.flush()?;
        Ok(self.last.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, cancel: &CancelToken) -> (BuildEnd, Vec<String>, String) {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", script]).process_group(0).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut shown = Vec::new();
        let end = watch(command, log.reopen().unwrap(), cancel, &mut |line: &str| shown.push(line.to_owned())).unwrap();
        (end, shown, std::fs::read_to_string(log.path()).unwrap())
    }

    #[test]
    fn lines_are_shown_logged_and_the_last_ones_kept() {
        let script = "for i in $(seq 100); do echo line $i >&2; done; printf 'no end' >&2; exit 3";
        let (end, shown, log) = shell(script, &CancelToken::new());
        let BuildEnd::Exited { status, last_lines } = end else { panic!("{end:?}") };
        assert_eq!(status.code(), Some(3));
        assert_eq!((shown.len(), last_lines.len()), (101, LAST_LINES));
        assert_eq!(last_lines.last().unwrap(), "no end");
        assert!(log.starts_with("line 1\n") && log.ends_with("no end"));
    }

    #[test]
    fn the_log_has_each_line_before_it_is_shown() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one >&2"]).process_group(0).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut seen = Vec::new();
        let mut show = |_: &str| seen.push(std::fs::read_to_string(log.path()).unwrap());
        watch(command, log.reopen().unwrap(), &CancelToken::new(), &mut show).unwrap();
        assert_eq!(seen, ["one\n"]);
    }

    #[test]
    fn a_daemon_that_keeps_stderr_open_does_not_hold_the_build_up() {
        let (end, shown, _) = shell("sleep 600 & echo $! >&2", &CancelToken::new());
        assert!(matches!(end, BuildEnd::Exited { status, .. } if status.success()));
        let daemon = Pid::from_raw(shown[0].parse().unwrap());
        // It still runs, so the build did not wait for it.
        nix::sys::signal::kill(daemon, Signal::SIGKILL).unwrap();
    }

    #[test]
    fn a_cancelled_build_is_ended() {
        let cancel = CancelToken::new();
        let other = cancel.clone();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            other.cancel();
        });
        let (end, ..) = shell("echo started >&2; sleep 600", &cancel);
        thread.join().unwrap();
        assert!(matches!(end, BuildEnd::Cancelled), "{end:?}");
    }
}
