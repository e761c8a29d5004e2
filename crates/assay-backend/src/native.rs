//! Native guests as a backend: a program of this machine, run as a process of its own.
//!
//! The process has its input on descriptor 3 (a file, to be read to its end) and writes records of output and of panics
//! on descriptor 4; what it prints is its log. That is all of the convention, and it makes the `native` platform one among
//! others: an outcome has the same words, and whoever compares outcomes need not know that no hart was there.
//!
//! The program is as hostile as what a runner executes, and is started the same way: by the launcher, in the sandbox of a
//! [`Tenant::Guest`], which may write no file and start nothing. Limits are the supervisor's: wall time, memory as it
//! is seen, output as it is read. What this backend does not have is absent: there are no instructions to trace, no
//! registers, no program counter of a trap (the message names the signal), and nothing to prove.

mod records;

use std::{
    fs::{self, File},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use assay_guest::Guest;
use assay_spec::{Capability, Digest, GuestLimits, Outcome, Platform, RunReport, RunnerDescription, Status};
use nix::{errno::Errno, sys::signal::Signal};

use self::records::{Breach, Records};
use crate::{
    backend::{
        Backend, BackendError, Job, Limits, ProgressCallback, ProveRun, TraceOptions, TraceRun, milliseconds, outcome,
        proof_kind,
    },
    cancel::CancelToken,
    request_folder::RequestFolder,
    sandbox::{SandboxError, SandboxReport, Tenant},
    supervisor::{
        CapturedOutput, Exit, RunnerCommand, RunnerFailure, Settings, Stop, WorkFolder,
        process::Process,
        procfs,
        settings::{PROCESSES_MAX, deadline},
    },
};

/// How often a running guest is looked at: it may take memory as fast as the machine has it.
const LOOK_INTERVAL: Duration = Duration::from_millis(5);

/// How soon a guest is looked at that has nothing more to say, and is about to end.
const END_INTERVAL: Duration = Duration::from_millis(1);

/// What it has started is looked for on every n-th look, which reads all of `/proc`. In the sandbox there is nothing.
const GROUP_LOOK_EVERY: u32 = 20;

/// Attempts at executing what was just written: a process that another thread starts meanwhile holds it open for writing
/// until it executes its own program, which under load may take a while.
const BUSY_ATTEMPTS: u32 = 1000;
const BUSY_INTERVAL: Duration = Duration::from_millis(10);

/// What a program of this system begins with.
const ELF_MAGIC: [u8; 4] = *b"\x7fELF";

/// Exit code of a guest whose runtime reported a panic.
const PANIC_EXIT_CODE: i32 = assay_guest::runtime::PANIC_EXIT_CODE as i32;

/// Runs native guests.
#[derive(Debug)]
pub struct Native {
    description: RunnerDescription,
    settings: Settings,
    cancel: CancelToken,
    captured: CapturedOutput,
    sandbox: Option<SandboxReport>,
    /// The guest that was run last, as a file.
    executable: Option<(Digest, PathBuf)>,
    work: WorkFolder,
}

/// Why a run is over.
enum End {
    Exited(Exit),
    /// It ended, and others that it started go on.
    LeftBehind(usize),
    Wall(Stop),
    Cancelled,
    Memory {
        resident_bytes: u64,
    },
    Processes(usize),
    Breach(Breach),
}

impl Native {
    /// Name of the backend.
    pub const NAME: &'static str = "native";

    /// The backend, with the sandbox and the patience of `settings`.
    pub fn new(settings: Settings, cancel: CancelToken) -> Result<Self, BackendError> {
        let work = WorkFolder::create().map_err(BackendError::io(&std::env::temp_dir()))?;
        let mut settings = settings;
        settings.sandbox.tenant = Tenant::Guest;
        Ok(Self {
            description: Self::describe(),
            settings,
            cancel,
            captured: CapturedOutput::default(),
            sandbox: None,
            executable: None,
            work,
        })
    }

    /// What it is and can do, whatever its settings.
    pub fn describe() -> RunnerDescription {
        RunnerDescription {
            name: Self::NAME.to_owned(),
            sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
            platforms: vec![Platform::Native],
            isa: std::env::consts::ARCH.to_owned(),
            capabilities: vec![Capability::Execute],
            proof_kinds: Vec::new(),
            limits: GuestLimits { misaligned_access: true, ..GuestLimits::default() },
            notes: vec!["runs cores (--core), built for this machine, in a sandbox".to_owned()],
        }
    }

    /// The folder that guests are started in. It goes with the backend.
    pub fn work_folder(&self) -> &Path {
        self.work.path()
    }

    /// How the layers of the sandbox went for the last guest; `None` before the first.
    pub fn sandbox(&self) -> Option<&SandboxReport> {
        self.sandbox.as_ref()
    }

    /// The guest as a file that can be executed.
    fn executable(&mut self, guest: &Guest) -> Result<PathBuf, BackendError> {
        if let Some((digest, path)) = &self.executable
            && *digest == guest.digest
        {
            return Ok(path.clone());
        }
        if let Some((_, path)) = self.executable.take() {
            fs::remove_file(&path).map_err(BackendError::io(&path))?;
        }
        let path = self.work.path().join(format!("guest-{}", guest.digest.short()));
        let made = File::options().write(true).create_new(true).mode(0o500).open(&path);
        made.and_then(|mut file| io::Write::write_all(&mut file, &guest.elf)).map_err(BackendError::io(&path))?;
        self.executable = Some((guest.digest, path.clone()));
        Ok(path)
    }

    fn start(&mut self, binary: PathBuf, input: &[u8]) -> Result<Result<Process, RunReport>, BackendError> {
        // It is gone after the start: the process has it open.
        let folder = RequestFolder::create_in(self.work.path()).map_err(BackendError::io(self.work.path()))?;
        let path = folder.path_of("input");
        folder.write("input", input).map_err(BackendError::io(&path))?;
        let command = RunnerCommand { binary, arguments: Vec::new(), work_folder: self.work.path().to_owned() };
        for attempt in 1.. {
            let input = File::open(&path).map_err(BackendError::io(&path))?;
            match Process::spawn_with(&command, &self.settings, &self.cancel, Some(input)) {
                Ok((process, sandbox)) => {
                    self.sandbox = Some(sandbox);
                    return Ok(Ok(process));
                }
                Err(RunnerFailure::Spawn { source, .. })
                    if source.raw_os_error() == Some(Errno::ETXTBSY as i32) && attempt < BUSY_ATTEMPTS =>
                {
                    thread::sleep(BUSY_INTERVAL);
                }
                Err(RunnerFailure::Cancelled { .. }) => return Err(BackendError::Cancelled),
                // What the system makes of bytes that are no program of it, or one for a system with other libraries.
                Err(
                    RunnerFailure::Spawn { source, .. } | RunnerFailure::Sandbox(SandboxError::Execute { source, .. }),
                ) => {
                    let message = format!("it is no program that this machine executes: {source}");
                    return Ok(Err(RunReport::new(Status::Unsupported).with_message(message)));
                }
                Err(source) => return Err(BackendError::Runner { backend: Self::NAME.to_owned(), source }),
            }
        }
        unreachable!("the last attempt is final")
    }

    /// Runs the guest to whatever end.
    fn run(&mut self, job: &Job<'_>) -> Result<RunReport, BackendError> {
        let until = deadline(job.limits.wall);
        let binary = self.executable(job.guest)?;
        self.captured = CapturedOutput::default();
        let process = match self.start(binary, job.input)? {
            Ok(process) => process,
            Err(refusal) => return Ok(refusal),
        };
        let started = Instant::now();
        let mut watch = Watch {
            process,
            captured: &mut self.captured,
            records: Records::new(job.limits.output_limit_bytes),
            peak_memory_bytes: None,
            looks: 0,
        };
        let end = watch.until_the_end(until, job.limits, &self.cancel);
        let elapsed = started.elapsed();
        let Watch { process, records, peak_memory_bytes, .. } = watch;
        let end = match end {
            End::Wall(_) => End::Wall(process.terminate(self.settings.terminate_grace, &mut self.captured)),
            end => {
                process.end(&mut self.captured);
                end
            }
        };
        if matches!(end, End::Cancelled) {
            return Err(BackendError::Cancelled);
        }
        let mut report = report(&end, &records, job.limits);
        if report.status != Status::OutputLimit {
            report.output = records.output.into();
        }
        report.guest_log = log(&self.captured);
        report.peak_memory_bytes = peak_memory_bytes;
        report.execute_ms = Some(milliseconds(elapsed));
        Ok(report)
    }

    /// A report instead of a run, for what is no native guest.
    fn refusal(job: &Job<'_>) -> Option<RunReport> {
        let platform = job.guest.platform;
        let message = if platform != Platform::Native {
            format!("native runs programs of this machine, and this guest is for platform {platform}")
        } else if !job.guest.elf.starts_with(&ELF_MAGIC) {
            // The C library hands what the system does not execute to a shell.
            "it is no ELF program".to_owned()
        } else {
            return None;
        };
        Some(RunReport::new(Status::Unsupported).with_message(message))
    }
}

/// A running guest.
struct Watch<'a> {
    process: Process,
    captured: &'a mut CapturedOutput,
    records: Records,
    peak_memory_bytes: Option<u64>,
    looks: u32,
}

impl Watch<'_> {
    fn until_the_end(&mut self, until: Instant, limits: &Limits, cancel: &CancelToken) -> End {
        loop {
            // Asked for first: what was said before it is read after it.
            let exit = self.process.exit();
            if exit.is_some() {
                // What comes now cannot be told from what the guest said itself.
                let others = self.process.others();
                if others > 0 {
                    return End::LeftBehind(others);
                }
            }
            let wait = match exit {
                Some(_) => Duration::ZERO,
                None if self.process.is_mute() => END_INTERVAL,
                None => LOOK_INTERVAL,
            };
            let left = until.saturating_duration_since(Instant::now());
            // A poll that fails is a wait, too: the process is looked at again.
            let moved = self.process.pump(wait.min(left), self.captured).unwrap_or_default();
            if let Err(breach) = self.records.push(&self.process.take_received()) {
                return End::Breach(breach);
            }
            if let Some(exit) = exit {
                if moved.replies || moved.printed {
                    continue;
                }
                return End::Exited(exit);
            }
            if cancel.is_cancelled() {
                return End::Cancelled;
            }
            // Before the clock, so that whoever is out of time has been looked at once.
            if let Some(end) = self.look(limits) {
                return end;
            }
            if Instant::now() >= until {
                return End::Wall(Stop::Killed);
            }
        }
    }

    fn look(&mut self, limits: &Limits) -> Option<End> {
        let pid = self.process.pid();
        self.peak_memory_bytes = self.peak_memory_bytes.max(procfs::peak_resident_bytes(pid));
        self.looks = self.looks.wrapping_add(1);
        let mut resident_bytes = procfs::resident_bytes(pid).unwrap_or(0);
        if self.looks.is_multiple_of(GROUP_LOOK_EVERY) {
            let all = procfs::footprint(pid);
            if all.processes > PROCESSES_MAX {
                return Some(End::Processes(all.processes));
            }
            resident_bytes = all.resident_bytes;
        }
        (resident_bytes > limits.memory_limit_bytes).then_some(End::Memory { resident_bytes })
    }
}

/// What the end of the process means.
fn report(end: &End, records: &Records, limits: &Limits) -> RunReport {
    let with = |status, message: String| RunReport::new(status).with_message(message);
    match end {
        End::Exited(exit) => exited(*exit, records),
        End::LeftBehind(others) => with(
            Status::ProtocolError,
            format!("the guest ended and left {others} processes behind, whose output cannot be told from its own"),
        ),
        End::Wall(stop) => {
            let how = if *stop == Stop::Terminated { "ended it (SIGTERM)" } else { "killed it (SIGKILL)" };
            let seconds = limits.wall.as_secs_f64();
            with(Status::Timeout, format!("the guest did not end within {seconds:.3} s; we {how}"))
        }
        End::Memory { resident_bytes } => {
            let limit = limits.memory_limit_bytes;
            let message =
                format!("{resident_bytes} bytes resident, above the memory limit of {limit}; we killed the guest");
            with(Status::OutOfMemory, message)
        }
        End::Processes(count) => with(
            Status::RunnerCrash,
            format!("{count} processes of the guest, above the limit of {PROCESSES_MAX}; we killed them"),
        ),
        End::Breach(breach @ Breach::OutputLimit { .. }) => with(Status::OutputLimit, breach.to_string()),
        End::Breach(breach) => with(Status::ProtocolError, breach.to_string()),
        End::Cancelled => unreachable!("a cancelled run has no report"),
    }
}

fn exited(exit: Exit, records: &Records) -> RunReport {
    let panic = records.panic();
    match exit {
        Exit::Code(code) => {
            if let Err(breach) = records.finish() {
                return RunReport::new(Status::ProtocolError).with_message(format!("{breach}, with exit code {code}"));
            }
            let report = |status| RunReport { exit_code: Some(code.cast_unsigned()), ..RunReport::new(status) };
            match panic {
                Some(message) if code == PANIC_EXIT_CODE => report(Status::Panic).with_message(message),
                // A panic that was caught is none.
                _ => report(if code == 0 { Status::Ok } else { Status::Failed }),
            }
        }
        Exit::Signal(number) => match (trap(number), panic) {
            (Some(_), Some(message)) if number == Signal::SIGABRT as i32 => {
                RunReport::new(Status::Panic).with_message(message)
            }
            (Some(why), _) => RunReport::new(Status::Trap).with_message(format!("{why} ({exit})")),
            (None, _) => RunReport::new(Status::RunnerCrash).with_message(format!("the guest died: {exit}")),
        },
        Exit::Unknown => RunReport::new(Status::RunnerCrash).with_message("the guest ended for an unknown reason"),
    }
}

/// What a signal says that the processor, or the guest itself, ends it with. Others come from outside.
fn trap(number: i32) -> Option<&'static str> {
    Some(match Signal::try_from(number).ok()? {
        Signal::SIGSEGV => "access to memory that it does not have",
        Signal::SIGBUS => "access to memory that is not there",
        Signal::SIGILL => "illegal instruction",
        Signal::SIGFPE => "arithmetic that the processor does not do",
        Signal::SIGTRAP => "breakpoint",
        Signal::SIGABRT => "the guest aborted",
        Signal::SIGSYS => "a system call that is refused",
        Signal::SIGXFSZ => "an attempt at writing a file",
        _ => return None,
    })
}

/// What it printed, as far as it is kept.
fn log(captured: &CapturedOutput) -> Option<String> {
    let bytes = [captured.stdout.to_bytes(), captured.stderr.to_bytes()].concat();
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

impl Backend for Native {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError> {
        let started = Instant::now();
        let run = match Self::refusal(job) {
            Some(refusal) => refusal,
            None => self.run(job)?,
        };
        Ok(outcome(self.id(job.guest), job, None, run, milliseconds(started.elapsed())))
    }

    fn trace(&mut self, _: &Job<'_>, _: &TraceOptions) -> Result<TraceRun, BackendError> {
        Err(BackendError::NoTraces { backend: Self::NAME.to_owned() })
    }

    fn prove(&mut self, _: &Job<'_>, kind: Option<&str>) -> Result<ProveRun, BackendError> {
        Err(proof_kind(&self.description, kind).expect_err("the native backend has no proof kinds"))
    }

    fn identify(&mut self, _: &Guest, kind: &str, _: &Limits) -> Result<String, BackendError> {
        Err(proof_kind(&self.description, Some(kind)).expect_err("the native backend has no proof kinds"))
    }

    fn captured(&self) -> &CapturedOutput {
        &self.captured
    }

    fn on_progress(&mut self, _: ProgressCallback) {}
}
