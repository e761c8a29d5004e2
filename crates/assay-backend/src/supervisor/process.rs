//! One runner process: its pipes, its end, and the end of everything it started.
//!
//! All descriptors are non-blocking and served by one `poll`, so that no thread of ours can be held up by a pipe that
//! a left-over process keeps open. It moves frames and knows nothing of what they say.

use std::{
    fs::File,
    io::{self, PipeReader, PipeWriter, Read, Write},
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Child, ChildStderr, ChildStdout, ExitStatus, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use assay_spec::{
    frame::{FRAME_BYTES_MAX, FrameDecoder, FrameError},
    protocol::{REPLY_FD, REQUEST_FD},
};
use command_fds::{CommandFdExt, FdMapping};
use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::{Signal, kill, killpg},
        wait::{Id, WaitPidFlag, WaitStatus, waitid},
    },
    unistd::Pid,
};

use super::{
    capture::{CapturedOutput, CapturedStream},
    failure::{Exit, RunnerFailure, Stop},
    procfs::{self, Live, TOKEN_VARIABLE},
    settings::{ENVIRONMENT, REAP_LIMIT, RunnerCommand, Settings},
};
use crate::{
    cancel::CancelToken,
    sandbox::{Launched, Launcher, SandboxReport, Tenant, environment},
};

/// Bytes read from one descriptor before the others have their turn.
const READ_BYTES_MAX: usize = 64 * 1024;

/// Reads of what a dead runner left in its pipes: 1 MiB, the most that an unprivileged process can make a pipe hold.
const LAST_WORDS_READS_MAX: usize = 16;

/// Bytes of replies that wait to be taken out as frames before no more are read: there is a whole frame among them, or
/// what is wrong with the first is known.
const REPLIES_PENDING_MAX: usize = 2 * FRAME_BYTES_MAX;

/// How often a process that was signalled is looked at.
const REAP_INTERVAL: Duration = Duration::from_millis(5);

/// What one [`Process::pump`] read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moved {
    /// Bytes of replies.
    pub(crate) replies: bool,
    /// Bytes of stdout or stderr.
    pub(crate) printed: bool,
}

/// A running process. Not reaped until [`Process::end`] or drop, so that its process group id stays ours.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pid: Pid,
    token: String,
    requests: Option<PipeWriter>,
    replies: Option<PipeReader>,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    decoder: FrameDecoder,
    outgoing: Vec<u8>,
    /// What descended from it when that was last looked at.
    descendants: Vec<Live>,
    reaped: Option<Exit>,
}

impl Process {
    /// Starts the program as leader of its own process group, in the sandbox that `settings` ask for, with the
    /// protocol's descriptors and nothing else of ours.
    pub(crate) fn spawn(
        command: &RunnerCommand,
        settings: &Settings,
        cancel: &CancelToken,
    ) -> Result<(Self, SandboxReport), RunnerFailure> {
        Self::spawn_with(command, settings, cancel, None)
    }

    /// The same with `input` in place of the pipe for requests, where there is one.
    pub(crate) fn spawn_with(
        command: &RunnerCommand,
        settings: &Settings,
        cancel: &CancelToken,
        input: Option<File>,
    ) -> Result<(Self, SandboxReport), RunnerFailure> {
        let until = Instant::now() + settings.hello_timeout;
        let launcher = Launcher::new(&settings.sandbox)?;
        let (mut process, report) = Self::start(command, &launcher, input)?;
        let not_executed = |source| RunnerFailure::Spawn { binary: command.binary.clone(), source };
        let Some(report) = report else {
            process.make_nonblocking()?;
            return Ok((process, launcher.report_without()));
        };
        match launcher.read_report(report, &command.binary, until, &|| !cancel.is_cancelled())? {
            Launched::Runner(report) => {
                process.make_nonblocking()?;
                Ok((process, report))
            }
            Launched::NotExecuted(source) => Err(not_executed(source)),
            Launched::GaveUp if cancel.is_cancelled() => {
                process.end_family();
                Err(RunnerFailure::Cancelled { stop: Stop::Killed })
            }
            Launched::GaveUp => {
                process.end_family();
                let limit = settings.hello_timeout;
                Err(RunnerFailure::WallLimit { limit, stop: Stop::Killed })
            }
        }
    }

    /// The process, and where its launcher reports if it has one.
    fn start(
        command: &RunnerCommand,
        launcher: &Launcher<'_>,
        input: Option<File>,
    ) -> Result<(Self, Option<PipeReader>), RunnerFailure> {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        let serial = STARTED.fetch_add(1, Ordering::Relaxed);
        let token = format!("{}-{serial}", Pid::this());

        let (request_end, requests): (OwnedFd, _) = if let Some(file) = input {
            (file.into(), None)
        } else {
            let (end, requests) = io::pipe()?;
            (end.into(), Some(requests))
        };
        let (replies, reply_end) = io::pipe()?;
        let mut descriptors = vec![
            FdMapping { parent_fd: request_end, child_fd: REQUEST_FD },
            FdMapping { parent_fd: reply_end.into(), child_fd: REPLY_FD },
        ];
        let mut report = None;
        if launcher.launches() {
            let (reader, end) = io::pipe()?;
            descriptors.push(FdMapping { parent_fd: end.into(), child_fd: Launcher::REPORT_FD });
            report = Some(reader);
        }
        let visible = match launcher.tenant() {
            Tenant::Runner => &ENVIRONMENT[..],
            // What a guest does may not depend on where it does it.
            Tenant::Guest | Tenant::Build => &[],
        };
        let mut process = launcher.command(&command.binary, &command.arguments);
        process
            .current_dir(&command.work_folder)
            .env_clear()
            .envs(environment(visible, &command.work_folder, launcher.launches()))
            .env(TOKEN_VARIABLE, &token)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .fd_mappings(descriptors)
            .expect("the descriptors differ");
        // A launcher makes itself the leader of a session, which the leader of a group could not.
        if !launcher.launches() {
            process.process_group(0);
        }
        let mut child = process.spawn().or_else(|source| {
            let source = launcher.start_error(source)?;
            Err(RunnerFailure::Spawn { binary: command.binary.clone(), source })
        })?;
        // Our copies of the runner's ends go with the command; without that its death would not close the pipes.
        drop(process);

        let pid = Pid::from_raw(child.id().cast_signed());
        let stdout = child.stdout.take();
        let stderr = child.stderr.take();
        let process = Self {
            child,
            pid,
            token,
            requests,
            replies: Some(replies),
            stdout,
            stderr,
            decoder: FrameDecoder::default(),
            outgoing: Vec::new(),
            descendants: Vec::new(),
            reaped: None,
        };
        Ok((process, report))
    }

    fn make_nonblocking(&self) -> io::Result<()> {
        let ends = [
            self.requests.as_ref().map(AsFd::as_fd),
            self.replies.as_ref().map(AsFd::as_fd),
            self.stdout.as_ref().map(AsFd::as_fd),
            self.stderr.as_ref().map(AsFd::as_fd),
        ];
        for end in ends.into_iter().flatten() {
            fcntl(end, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        Ok(())
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Queues a frame; [`Self::pump`] writes it.
    pub(crate) fn send(&mut self, frame: &[u8]) {
        self.outgoing.extend_from_slice(frame);
    }

    /// The next whole frame that has arrived.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        self.decoder.next_frame()
    }

    /// The bytes that arrived and were not taken yet, from a process that sends no frames.
    pub(crate) fn take_received(&mut self) -> Vec<u8> {
        self.decoder.take_pending()
    }

    /// Whether it closed all that it could say anything with.
    pub(crate) fn is_mute(&self) -> bool {
        self.replies.is_none() && self.stdout.is_none() && self.stderr.is_none()
    }

    /// Live processes that it left behind or has started, itself not among them.
    pub(crate) fn others(&self) -> usize {
        let family = procfs::family(self.pid, &self.token, &self.descendants);
        family.into_iter().filter(|&pid| pid != self.pid).count()
    }

    /// Bytes that arrived and were not taken as frames.
    pub(crate) fn pending_bytes(&self) -> usize {
        self.decoder.pending_bytes()
    }

    /// Whether the runner closed its end of the replies, or of the requests while we still had one to write.
    pub(crate) fn is_closed(&self) -> bool {
        self.replies.is_none() || self.requests.is_none()
    }

    /// Waits at most `wait` for any descriptor and moves what can be moved, a bounded amount. Says what was
    /// read.
    pub(crate) fn pump(&mut self, wait: Duration, output: &mut CapturedOutput) -> io::Result<Moved> {
        let mut polled = Vec::with_capacity(4);
        // Whoever only waits for the end of the process takes no frames out.
        let takes_replies = self.decoder.pending_bytes() < REPLIES_PENDING_MAX;
        if let Some(end) = self.replies.as_ref().filter(|_| takes_replies) {
            polled.push(PollFd::new(end.as_fd(), PollFlags::POLLIN));
        }
        if let Some(end) = &self.stdout {
            polled.push(PollFd::new(end.as_fd(), PollFlags::POLLIN));
        }
        if let Some(end) = &self.stderr {
            polled.push(PollFd::new(end.as_fd(), PollFlags::POLLIN));
        }
        if let Some(end) = self.requests.as_ref().filter(|_| !self.outgoing.is_empty()) {
            polled.push(PollFd::new(end.as_fd(), PollFlags::POLLOUT));
        }
        // Rounded up: a wait of 0 ms for the last fraction of one would spin.
        let wait_ms = wait.as_micros().div_ceil(1000).min(1000) as u16;
        if polled.is_empty() {
            thread::sleep(Duration::from_millis(wait_ms.into()));
            return Ok(Moved::default());
        }
        match poll(&mut polled, PollTimeout::from(wait_ms)) {
            Ok(0) | Err(Errno::EINTR) => return Ok(Moved::default()),
            Ok(_) => {}
            Err(errno) => return Err(errno.into()),
        }
        // Everything is non-blocking: trying all of them is simpler than reading back which were ready.
        self.write_requests();
        let mut buffer = vec![0; READ_BYTES_MAX];
        let replies = takes_replies
            && read_some(&mut self.replies, &mut buffer, |bytes| {
                self.decoder.push(bytes);
            });
        let stdout = read_stream(&mut self.stdout, &mut buffer, &mut output.stdout);
        let stderr = read_stream(&mut self.stderr, &mut buffer, &mut output.stderr);
        Ok(Moved { replies, printed: stdout || stderr })
    }

    fn write_requests(&mut self) {
        while let Some(end) = self.requests.as_mut().filter(|_| !self.outgoing.is_empty()) {
            match end.write(&self.outgoing) {
                Ok(written) => drop(self.outgoing.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // Broken pipe: the runner reads no more. Why is found out by looking at the process.
                Err(_) => self.requests = None,
            }
        }
    }

    /// How the process ended, if it did. It stays a zombie, so that its group id cannot be given to others.
    pub(crate) fn exit(&self) -> Option<Exit> {
        if self.reaped.is_some() {
            return self.reaped;
        }
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        match waitid(Id::Pid(self.pid), flags) {
            Ok(WaitStatus::Exited(_, code)) => Some(Exit::Code(code)),
            Ok(WaitStatus::Signaled(_, signal, _)) => Some(Exit::Signal(signal as i32)),
            Ok(_) | Err(Errno::EINTR) => None,
            Err(_) => Some(Exit::Unknown),
        }
    }

    /// Waits at most `wait` for the process to end, serving its pipes.
    pub(crate) fn wait_for_exit(&mut self, wait: Duration, output: &mut CapturedOutput) -> Option<Exit> {
        let until = Instant::now() + wait;
        loop {
            if let Some(exit) = self.exit() {
                return Some(exit);
            }
            let left = until.checked_duration_since(Instant::now())?;
            self.serve(left.min(REAP_INTERVAL), output);
        }
    }

    /// SIGTERM to the group, `grace`, SIGKILL to whatever is left; then reaped.
    pub(crate) fn terminate(mut self, grace: Duration, output: &mut CapturedOutput) -> Stop {
        self.note_descendants();
        let _ = killpg(self.pid, Signal::SIGTERM);
        let stop = match self.wait_for_exit(grace, output) {
            Some(_) => Stop::Terminated,
            None => Stop::Killed,
        };
        self.end(output);
        stop
    }

    /// SIGKILL to the group and to everything that carries the runner's token; then reaped. Says how the runner ended,
    /// which is by our SIGKILL unless it was dead before.
    pub(crate) fn end(mut self, output: &mut CapturedOutput) -> Exit {
        let exit = self.end_family();
        // What the dead left in the pipes: at most what a pipe holds, unless something survived and still writes.
        for _ in 0..LAST_WORDS_READS_MAX {
            if !self.pump(Duration::ZERO, output).is_ok_and(|moved| moved.printed) {
                break;
            }
        }
        exit
    }

    /// Notes what descends from the process, to be called before it is asked to end: only while it lives can what it left
    /// behind be told by descent.
    pub(crate) fn note_descendants(&mut self) {
        self.descendants.extend(procfs::descendants(self.pid));
    }

    fn end_family(&mut self) -> Exit {
        if let Some(exit) = self.reaped {
            return exit;
        }
        let until = Instant::now() + REAP_LIMIT;
        // The runner dies last, so that what its descendants start meanwhile has somebody to descend from.
        let descendants = procfs::descendants(self.pid);
        procfs::kill_all(&descendants.iter().map(Live::pid).collect::<Vec<_>>());
        self.descendants.extend(descendants);
        self.note_descendants();
        let _ = killpg(self.pid, Signal::SIGKILL);
        // A launcher that has no group of its own yet.
        let _ = kill(self.pid, Signal::SIGKILL);
        loop {
            let left = procfs::family(self.pid, &self.token, &self.descendants);
            if left.is_empty() || Instant::now() >= until {
                break;
            }
            procfs::kill_all(&left);
            thread::sleep(REAP_INTERVAL);
        }
        let exit = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break exit_of(status),
                Ok(None) if Instant::now() < until => thread::sleep(REAP_INTERVAL),
                Ok(None) | Err(_) => break Exit::Unknown,
            }
        };
        self.reaped = Some(exit);
        exit
    }

    fn serve(&mut self, wait: Duration, output: &mut CapturedOutput) {
        // A poll that fails must not turn a wait into a spin.
        if self.pump(wait, output).is_err() {
            thread::sleep(REAP_INTERVAL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end_family();
    }
}

fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Unknown,
    }
}

fn read_stream<R: Read>(end: &mut Option<R>, buffer: &mut [u8], stream: &mut CapturedStream) -> bool {
    read_some(end, buffer, |bytes| stream.push(bytes))
}

/// Reads once; takes the end away when the other side closed it.
fn read_some<R: Read>(end: &mut Option<R>, buffer: &mut [u8], mut sink: impl FnMut(&[u8])) -> bool {
    let Some(reader) = end else { return false };
    match reader.read(buffer) {
        Ok(0) => *end = None,
        Ok(length) => {
            sink(&buffer[..length]);
            return true;
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
        Err(_) => *end = None,
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_without_end_that_nobody_takes_are_not_heaped_up() {
        let work = tempfile::tempdir().unwrap();
        let command = RunnerCommand {
            binary: "/bin/sh".into(),
            arguments: ["-c", "exec cat /dev/zero >&4"].map(Into::into).into(),
            work_folder: work.path().to_owned(),
        };
        let (mut process, _) = Process::spawn(&command, &Settings::default(), &CancelToken::new()).unwrap();
        let mut output = CapturedOutput::default();
        while process.pending_bytes() < REPLIES_PENDING_MAX {
            process.pump(Duration::from_secs(1), &mut output).unwrap();
            assert!(!process.is_closed() && process.exit().is_none());
        }
        for _ in 0..100 {
            process.pump(Duration::from_millis(1), &mut output).unwrap();
        }
        assert!(process.pending_bytes() < REPLIES_PENDING_MAX + READ_BYTES_MAX, "{}", process.pending_bytes());
        process.end(&mut output);
    }
}
