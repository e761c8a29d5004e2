//! A supervisor: one runner at a time, one request at a time, and a typed end for each whatever the runner does.
//!
//! The process is started when it is first needed and kept warm. It is replaced after so many requests, on growth, after
//! a panic it reported, on any breach of the protocol and after any kill. Dropping the supervisor ends the process and
//! everything that it started. What the requests mean is the caller's business; what the runner prints is captured and
//! never read.

pub mod capture;
pub mod failure;
mod outgoing;
pub(crate) mod process;
pub(crate) mod procfs;
pub mod settings;
pub mod work_folder;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use assay_spec::{
    frame::{self, FrameError},
    protocol::{Done, ErrorKind, PROTOCOL, Progress, Reply, ReplyFrame, Request, RequestFrame, RunnerError},
};

pub use self::{
    capture::{CapturedOutput, CapturedStream},
    failure::{Exit, ProtocolViolation, RunnerFailure, Stop},
    settings::{CallLimits, FileLimit, RunnerCommand, Settings},
    work_folder::WorkFolder,
};
use self::{
    outgoing::Outgoing,
    process::Process,
    settings::{
        GROUP_LOOK_EVERY, MONITOR_INTERVAL, PROCESSES_MAX, PROGRESS_FRAMES_MAX, WORK_FOLDER_BYTES_MAX, deadline,
    },
};
use crate::{cancel::CancelToken, sandbox::SandboxReport};

/// Keeps one runner and asks it.
#[derive(Debug)]
pub struct Supervisor {
    command: RunnerCommand,
    settings: Settings,
    cancel: CancelToken,
    live: Option<Live>,
    generation: u64,
    next_id: u64,
    output: CapturedOutput,
    last_retirement: Option<Retirement>,
    sandbox: Option<SandboxReport>,
}

/// A process that came through `hello`.
#[derive(Debug)]
struct Live {
    process: Process,
    /// Requests it has answered, `hello` not counted.
    served: u64,
    /// Resident bytes after `hello`.
    resident_at_start: u64,
}

/// An answer, and what it was taken from.
#[derive(Debug)]
pub struct Answer {
    /// The answer, of the request's own type.
    pub done: Done,
    /// Greatest resident size of the runner so far, where the system tells.
    pub peak_memory_bytes: Option<u64>,
}

/// Why a process was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retirement {
    /// It had answered [`Settings::recycle_after_requests`] requests.
    Served,
    /// It had grown by more than [`Settings::recycle_growth_bytes`].
    Grown,
    /// It reported a panic of the SDK, which leaves the SDK in an unknown state.
    Panicked,
    /// Between two requests it ended by itself.
    DiedIdle(Exit),
    /// Between two requests it wrote something.
    SpokeUnasked(ProtocolViolation),
    /// A request failed in a way that took the process along.
    Failed,
}

/// Why an exchange ended without a reply to go by.
enum Trouble {
    Wall,
    Cancelled,
    Memory { resident_bytes: u64 },
    File { file: FileLimit, bytes: u64 },
    Processes { processes: usize },
    Gone,
    Violation(ProtocolViolation),
    Io(std::io::Error),
}

impl Supervisor {
    /// A supervisor that has started nothing yet.
    pub fn new(command: RunnerCommand, settings: Settings, cancel: CancelToken) -> Self {
        Self {
            command,
            settings,
            cancel,
            live: None,
            generation: 0,
            next_id: 1,
            output: CapturedOutput::default(),
            last_retirement: None,
            sandbox: None,
        }
    }

    /// Makes sure that a process is ready, and says which: the number is greater for each fresh process, which knows
    /// nothing of what was loaded into earlier ones.
    pub fn ensure_started(&mut self) -> Result<u64, RunnerFailure> {
        self.live = Some(self.take_live()?);
        Ok(self.generation)
    }

    /// Sends `request` and waits for its answer, handing each progress reply to `progress`.
    ///
    /// After any failure the next call works, with a fresh process if need be. `request` is not
    /// [`Request::Shutdown`], [`Request::Cancel`] or [`Request::Hello`]: those are the supervisor's own.
    pub fn call(
        &mut self,
        request: Request,
        limits: &CallLimits,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Answer, RunnerFailure> {
        let mut live = self.take_live()?;
        let (request, limits, outgoing) = self.redirect(request, limits);
        let reply = self.exchange(live.process, request, &limits, progress);
        let (process, result) = match reply {
            Ok((process, result)) => (process, result),
            Err(failure) => {
                self.last_retirement = Some(Retirement::Failed);
                return Err(failure);
            }
        };
        live.process = process;
        live.served += 1;
        let peak_memory_bytes = procfs::peak_resident_bytes(live.process.pid());
        let panicked = matches!(&result, Err(RunnerFailure::Answered(error)) if error.kind == ErrorKind::Panic);
        if panicked {
            self.retire(live.process, Retirement::Panicked);
        } else {
            self.live = Some(live);
        }
        let done = result?;
        if let Some(outgoing) = outgoing {
            outgoing.deliver()?;
        }
        Ok(Answer { done, peak_memory_bytes })
    }

    /// Lets a sandboxed runner write the file that `request` names where it can.
    fn redirect(&self, request: Request, limits: &CallLimits) -> (Request, CallLimits, Option<Outgoing>) {
        let (mut request, mut limits) = (request, limits.clone());
        let in_sandbox = self.sandbox.as_ref().is_some_and(SandboxReport::is_any);
        let outgoing = in_sandbox
            .then(|| Outgoing::redirect(&mut request, &mut limits, &self.command.work_folder, self.next_id))
            .flatten();
        (request, limits, outgoing)
    }

    /// What runners printed since the last call of this.
    pub fn take_output(&mut self) -> CapturedOutput {
        std::mem::take(&mut self.output)
    }

    /// Why the last process was replaced or is about to be.
    pub fn last_retirement(&self) -> Option<&Retirement> {
        self.last_retirement.as_ref()
    }

    /// How the layers of the sandbox went when the last process was started; `None` before the first.
    pub fn sandbox(&self) -> Option<&SandboxReport> {
        self.sandbox.as_ref()
    }

    /// Process id of the live runner, which is also its process group's.
    pub fn pid(&self) -> Option<i32> {
        self.live.as_ref().map(|live| live.process.pid().as_raw())
    }

    /// Asks the runner to shut down and ends it if it does not; nothing is left of it then.
    pub fn stop(&mut self) {
        let Some(mut live) = self.live.take() else {
            return;
        };
        let id = self.take_id();
        live.process.note_descendants();
        if let Ok(frame) = frame::encode(&RequestFrame { id, request: Request::Shutdown }) {
            live.process.send(&frame);
        }
        let grace = self.settings.shutdown_grace;
        if live.process.wait_for_exit(grace, &mut self.output).is_some() {
            live.process.end(&mut self.output);
        } else {
            live.process.terminate(self.settings.terminate_grace, &mut self.output);
        }
    }

    /// The process to use next, started if need be. It is the caller's to put back.
    fn take_live(&mut self) -> Result<Live, RunnerFailure> {
        if self.cancel.is_cancelled() {
            return Err(RunnerFailure::Cancelled { stop: Stop::Idle });
        }
        self.retire_if_due();
        if let Some(live) = self.live.take() {
            return Ok(live);
        }
        self.start().map_err(|failure| match failure {
            RunnerFailure::Spawn { .. } | RunnerFailure::Sandbox(_) | RunnerFailure::Cancelled { .. } => failure,
            failure => RunnerFailure::Handshake(Box::new(failure)),
        })
    }

    fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    fn start(&mut self) -> Result<Live, RunnerFailure> {
        let (process, sandbox) = Process::spawn(&self.command, &self.settings, &self.cancel)?;
        self.sandbox = Some(sandbox);
        self.generation += 1;
        let limits = CallLimits { wall: self.settings.hello_timeout, memory_limit_bytes: u64::MAX, file: None };
        let hello = Request::Hello { protocol: PROTOCOL.to_owned() };
        let (process, result) = self.exchange(process, hello, &limits, &mut |_| ())?;
        match result? {
            Done::Hello { protocol } if protocol == PROTOCOL => {}
            Done::Hello { protocol } => {
                process.end(&mut self.output);
                return Err(RunnerFailure::ProtocolVersion { theirs: protocol });
            }
            _ => unreachable!("exchange gives answers of the request's type only"),
        }
        let resident_at_start = procfs::resident_bytes(process.pid()).unwrap_or(0);
        Ok(Live { process, served: 0, resident_at_start })
    }

    /// Looks at the idle process and ends it when it is not to be used again.
    fn retire_if_due(&mut self) {
        let Some(mut live) = self.live.take() else {
            return;
        };
        let pumped = live.process.pump(Duration::ZERO, &mut self.output);
        let resident = procfs::resident_bytes(live.process.pid()).unwrap_or(0);
        let growth = resident.saturating_sub(live.resident_at_start);
        let closed = pumped.is_err() || live.process.is_closed();
        // One that is dying closes its descriptors before its exit can be known.
        let grace = if closed { self.settings.exit_grace } else { Duration::ZERO };
        let due = if let Some(exit) = live.process.wait_for_exit(grace, &mut self.output) {
            Some(Retirement::DiedIdle(exit))
        } else if live.process.pending_bytes() > 0 {
            let id = self.next_id - 1;
            Some(Retirement::SpokeUnasked(ProtocolViolation::ReplyAfterDone { id }))
        } else if closed {
            Some(Retirement::SpokeUnasked(ProtocolViolation::Closed))
        } else if live.served >= self.settings.recycle_after_requests {
            Some(Retirement::Served)
        } else if growth > self.settings.recycle_growth_bytes {
            Some(Retirement::Grown)
        } else {
            None
        };
        match due {
            None => self.live = Some(live),
            Some(why @ (Retirement::Served | Retirement::Grown)) => {
                self.live = Some(live);
                self.stop();
                self.last_retirement = Some(why);
            }
            Some(why) => self.retire(live.process, why),
        }
    }

    fn retire(&mut self, process: Process, why: Retirement) {
        process.end(&mut self.output);
        self.last_retirement = Some(why);
    }

    /// One request and its reply. The process comes back where it can be used on: with an answer, or with a failure
    /// that it lived through. Otherwise it is gone.
    fn exchange(
        &mut self,
        mut process: Process,
        request: Request,
        limits: &CallLimits,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(Process, Result<Done, RunnerFailure>), RunnerFailure> {
        let id = self.take_id();
        let asked = request_name(&request);
        let frame = match frame::encode(&RequestFrame { id, request }) {
            Ok(frame) => frame,
            // Nothing was sent: the process is as it was.
            Err(error) => {
                let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, error);
                return Ok((process, Err(error.into())));
            }
        };
        process.send(&frame);
        match self.wait_for_reply(&mut process, id, asked, limits, progress) {
            Ok(Ok(done)) => Ok((process, Ok(done))),
            Ok(Err(error)) => Ok((process, Err(RunnerFailure::Answered(error)))),
            Err(trouble) => self.make_an_end(process, id, trouble, limits),
        }
    }

    fn wait_for_reply(
        &mut self,
        process: &mut Process,
        id: u64,
        asked: &'static str,
        limits: &CallLimits,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Result<Done, RunnerError>, Trouble> {
        let mut watch = Watch::new(limits, &self.command.work_folder);
        let mut progress_frames = 0;
        loop {
            let exited = process.exit().is_some();
            let wait = if exited { Duration::ZERO } else { watch.patience() };
            let moved = process.pump(wait, &mut self.output).map_err(Trouble::Io)?;
            while let Some(reply) = next_reply(process, id).map_err(Trouble::Violation)? {
                match reply {
                    Reply::Progress(step) => {
                        progress_frames += 1;
                        if progress_frames > PROGRESS_FRAMES_MAX {
                            let limit = PROGRESS_FRAMES_MAX;
                            return Err(Trouble::Violation(ProtocolViolation::ProgressFlood { limit }));
                        }
                        progress(&step);
                    }
                    Reply::Done(done) => {
                        check_type(asked, &done).map_err(Trouble::Violation)?;
                        self.check_silence(process, id)?;
                        return Ok(Ok(*done));
                    }
                    Reply::Error(error) => {
                        self.check_silence(process, id)?;
                        return Ok(Err(error));
                    }
                }
            }
            // A left-over process may hold the pipes open, so the end of the stream alone does not tell. Nor does an
            // exit alone: its last words may still be in the pipe.
            if process.is_closed() || (exited && !moved.replies) {
                return Err(Trouble::Gone);
            }
            if self.cancel.is_cancelled() {
                return Err(Trouble::Cancelled);
            }
            watch.look(process)?;
        }
    }

    /// After an answer: takes in what was printed before it, and finds what came behind it.
    fn check_silence(&mut self, process: &mut Process, id: u64) -> Result<(), Trouble> {
        process.pump(Duration::ZERO, &mut self.output).map_err(Trouble::Io)?;
        if process.pending_bytes() > 0 {
            return Err(Trouble::Violation(ProtocolViolation::ReplyAfterDone { id }));
        }
        Ok(())
    }

    fn make_an_end(
        &mut self,
        mut process: Process,
        id: u64,
        trouble: Trouble,
        limits: &CallLimits,
    ) -> Result<(Process, Result<Done, RunnerFailure>), RunnerFailure> {
        let failure = match trouble {
            Trouble::Wall | Trouble::Cancelled => {
                let gave_up = self.ask_to_give_up(&mut process, id);
                let failure = |stop| match trouble {
                    Trouble::Cancelled => RunnerFailure::Cancelled { stop },
                    _ => RunnerFailure::WallLimit { limit: limits.wall, stop },
                };
                if gave_up {
                    return Ok((process, Err(failure(Stop::Gracefully))));
                }
                failure(process.terminate(self.settings.terminate_grace, &mut self.output))
            }
            Trouble::Memory { resident_bytes } => {
                process.end(&mut self.output);
                RunnerFailure::MemoryLimit { limit_bytes: limits.memory_limit_bytes, resident_bytes }
            }
            Trouble::File { file, bytes } => {
                process.end(&mut self.output);
                RunnerFailure::FileLimit { path: file.path, limit_bytes: file.bytes_max, bytes }
            }
            Trouble::Processes { processes } => {
                process.end(&mut self.output);
                RunnerFailure::ProcessLimit { limit: PROCESSES_MAX, processes }
            }
            Trouble::Gone => self.autopsy(process),
            Trouble::Violation(violation) => {
                process.end(&mut self.output);
                violation.into()
            }
            Trouble::Io(error) => {
                process.end(&mut self.output);
                error.into()
            }
        };
        Err(failure)
    }

    /// Sends `cancel` and waits for both the end of request `id` and the acknowledgement. Says whether both came and
    /// nothing else did: only then is the runner fit for another request.
    fn ask_to_give_up(&mut self, process: &mut Process, id: u64) -> bool {
        let cancel_id = self.take_id();
        let request = Request::Cancel { id };
        let Ok(frame) = frame::encode(&RequestFrame { id: cancel_id, request }) else {
            return false;
        };
        process.send(&frame);
        let until = Instant::now() + self.settings.cancel_grace;
        let (mut ended, mut acknowledged) = (false, false);
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if process.pump(left.min(MONITOR_INTERVAL), &mut self.output).is_err() {
                return false;
            }
            while let Ok(Some(json)) = process.next_frame() {
                let Ok(ReplyFrame { id: found, reply }) = serde_json::from_slice(&json) else {
                    return false;
                };
                match reply {
                    Reply::Progress(_) if found == id && !ended => {}
                    Reply::Done(_) | Reply::Error(_) if found == id && !ended => ended = true,
                    Reply::Done(done) if found == cancel_id && !acknowledged && *done == Done::Acknowledged => {
                        acknowledged = true;
                    }
                    _ => return false,
                }
            }
            if ended && acknowledged {
                return process.pending_bytes() == 0;
            }
            if process.is_closed() || process.exit().is_some() {
                return false;
            }
        }
        false
    }

    /// Finds out why a runner speaks no more, and ends it if it lives.
    fn autopsy(&mut self, mut process: Process) -> RunnerFailure {
        let half_frame = process.pending_bytes();
        let exit = process.wait_for_exit(self.settings.exit_grace, &mut self.output);
        process.end(&mut self.output);
        match exit {
            Some(Exit::Code(0)) | None if half_frame > 0 => ProtocolViolation::HalfFrame { bytes: half_frame }.into(),
            None => ProtocolViolation::Closed.into(),
            Some(exit) => RunnerFailure::Died { exit, stderr: self.output.stderr.quote() },
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The limits of one call, and when to look at them next.
struct Watch<'a> {
    limits: &'a CallLimits,
    work_folder: &'a Path,
    deadline: Instant,
    next_look: Instant,
    looks: u32,
}

impl<'a> Watch<'a> {
    fn new(limits: &'a CallLimits, work_folder: &'a Path) -> Self {
        Self { limits, work_folder, deadline: deadline(limits.wall), next_look: Instant::now(), looks: 0 }
    }

    fn patience(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).min(MONITOR_INTERVAL)
    }

    fn look(&mut self, process: &Process) -> Result<(), Trouble> {
        let now = Instant::now();
        if now >= self.deadline {
            return Err(Trouble::Wall);
        }
        if now < self.next_look {
            return Ok(());
        }
        self.next_look = now + MONITOR_INTERVAL;
        self.looks = self.looks.wrapping_add(1);
        let resident_bytes = if self.looks.is_multiple_of(GROUP_LOOK_EVERY) {
            let all = procfs::footprint(process.pid());
            if all.processes > PROCESSES_MAX {
                return Err(Trouble::Processes { processes: all.processes });
            }
            let bytes = work_folder::bytes_on_disk(self.work_folder);
            // The file with a limit of its own may be among them.
            let asked = self.limits.file.as_ref().map_or(0, |file| file.bytes_max);
            let bytes_max = WORK_FOLDER_BYTES_MAX.saturating_add(asked);
            if bytes > bytes_max {
                let file = FileLimit { path: self.work_folder.to_owned(), bytes_max };
                return Err(Trouble::File { file, bytes });
            }
            all.resident_bytes
        } else {
            procfs::resident_bytes(process.pid()).unwrap_or(0)
        };
        if resident_bytes > self.limits.memory_limit_bytes {
            return Err(Trouble::Memory { resident_bytes });
        }
        if let Some(file) = &self.limits.file {
            let bytes = fs::metadata(&file.path).map_or(0, |metadata| metadata.len());
            if bytes > file.bytes_max {
                let file = file.clone();
                return Err(Trouble::File { file, bytes });
            }
        }
        Ok(())
    }
}

/// The id under which a runner answers what it cannot make out to be a request. Our own ids begin at 1.
const NO_ID: u64 = 0;

/// The next reply to request `id`; `None` when no whole frame is there.
fn next_reply(process: &mut Process, id: u64) -> Result<Option<Reply>, ProtocolViolation> {
    let json = match process.next_frame() {
        Ok(Some(json)) => json,
        Ok(None) => return Ok(None),
        Err(FrameError::TooLong { claimed }) => {
            return Err(ProtocolViolation::FrameTooLong { claimed });
        }
        Err(FrameError::Encode(_)) => unreachable!("taking a frame out encodes nothing"),
    };
    let frame: ReplyFrame = serde_json::from_slice(&json)
        .map_err(|error| ProtocolViolation::NotAReply { bytes: json.len(), error: error.to_string() })?;
    match frame.id {
        NO_ID if let Reply::Error(error) = frame.reply => Err(ProtocolViolation::NotUnderstood { error }),
        found if found == id => Ok(Some(frame.reply)),
        found if (1..id).contains(&found) => Err(ProtocolViolation::ReplyAfterDone { id: found }),
        found => Err(ProtocolViolation::UnknownId { found, expected: id }),
    }
}

fn check_type(asked: &'static str, done: &Done) -> Result<(), ProtocolViolation> {
    let answered = match done {
        Done::Hello { .. } => "hello",
        Done::Describe(_) => "describe",
        Done::Load(_) => "load",
        Done::Execute(_) => "execute",
        Done::Trace(_) => "trace",
        Done::Prove(_) => "prove",
        Done::Identify { .. } => "identify",
        Done::Verify(_) => "verify",
        Done::Acknowledged => "cancel or shutdown",
    };
    if asked == answered { Ok(()) } else { Err(ProtocolViolation::WrongReply { asked, answered }) }
}

fn request_name(request: &Request) -> &'static str {
    match request {
        Request::Hello { .. } => "hello",
        Request::Describe => "describe",
        Request::Load { .. } => "load",
        Request::Execute(_) => "execute",
        Request::Trace(_) => "trace",
        Request::Prove(_) => "prove",
        Request::Identify(_) => "identify",
        Request::Verify(_) => "verify",
        Request::Cancel { .. } | Request::Shutdown => "cancel or shutdown",
    }
}
