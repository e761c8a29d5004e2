//! A runner that keeps the protocol in everything but one thing, named by its first argument.
//!
//! The first process of a work folder leaves a mark there before it answers anything, and misbehaves on its first
//! `execute` (or on `hello`, for the modes that say so). The process that the supervisor starts next behaves well, however
//! early the first was ended.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::symlink,
    path::Path,
    process::{self, Command, Stdio},
    thread,
    time::Duration,
};

use assay_backend::{CancelToken, RunnerCommand, Settings, Supervisor, supervisor::WorkFolder};
use assay_spec::{
    Platform, RunReport, RunnerDescription, Status,
    bytes::Digest,
    description::{Capability, GuestLimits},
    frame::{self, FrameDecoder},
    protocol::{
        Done, ErrorKind, Loaded, PROTOCOL, Progress, ProofVerdict, ProveRequest, Proved, Reply, ReplyFrame, Request,
        RequestFrame, RunnerError, Traced, Verified,
    },
    receipt::{PROOF_BYTES_MAX, ProofClaims, ProofFacts, ProofKind, Security},
    trace::TraceSummary,
};
use nix::{
    sys::{
        signal::{SigHandler, Signal, raise, signal},
        stat::Mode,
    },
    unistd::mkfifo,
};

const MARK: &str = "misbehaved";
/// What a child leaves once it is what it is to be.
const CHILD_MARK: &str = "child";
const PROOF: &[u8] = b"a proof";
const IMAGE_ID: &str = "the image";

mod probes;

fn main() {
    probes::take_away_what_the_name_says();
    assay_backend::sandbox::launch_if_asked();
    let mode = env::args().nth(1).unwrap_or_else(|| "good".to_owned());
    if mode == "child-sleep" {
        let _ = fs::write(CHILD_MARK, "");
        thread::sleep(HANG);
        return;
    }
    if mode == "child-grow" {
        grow();
    }
    if mode == "supervise" {
        return supervise();
    }
    if mode == "own-work-folder" {
        let place = env::args_os().nth(2).expect("where");
        let folder = WorkFolder::create_in(place.as_ref()).expect("a folder");
        fs::write(folder.path().join("ready"), "").expect("a mark");
        hang();
    }
    // Before anybody can send one: the supervisor waits for `hello`.
    if matches!(mode.as_str(), "hang-deaf" | "ignore-shutdown") {
        ignore_sigterm();
    }
    let misbehaves = !is_good(&mode) && set_mark();
    let mut runner = Runner {
        mode,
        misbehaves,
        requests: File::open("/proc/self/fd/3").expect("started by a supervisor"),
        replies: File::options().write(true).open("/proc/self/fd/4").expect("started by a supervisor"),
        decoder: FrameDecoder::default(),
    };
    // The inherited descriptors themselves stay open, so that children inherit them as a careless SDK's would.
    while let Some(frame) = runner.next_request() {
        runner.answer(frame);
    }
}

struct Runner {
    mode: String,
    /// It is the first process of its work folder, and has not misbehaved yet.
    misbehaves: bool,
    requests: File,
    replies: File,
    decoder: FrameDecoder,
}

impl Runner {
    fn next_request(&mut self) -> Option<RequestFrame> {
        let mut buffer = [0; 4096];
        loop {
            if let Some(json) = self.decoder.next_frame().expect("the supervisor frames") {
                return Some(serde_json::from_slice(&json).expect("the supervisor speaks JSON"));
            }
            match self.requests.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(length) => self.decoder.push(&buffer[..length]),
            }
        }
    }

    fn answer(&mut self, frame: RequestFrame) {
        let id = frame.id;
        match frame.request {
            Request::Hello { .. } => {
                self.misbehave_at_hello(id);
                self.done(id, Done::Hello { protocol: PROTOCOL.to_owned() });
            }
            Request::Describe => self.done(id, Done::Describe(description())),
            Request::Load { elf_path } => match fs::read(&elf_path) {
                Ok(elf) => {
                    println!("load");
                    let digest = Digest::of(&elf);
                    let digest = if self.mode == "load-other" { Digest([7; 32]) } else { digest };
                    self.done(id, Done::Load(Loaded { digest, image_id: None, instructions: 1 }));
                }
                Err(error) => self.error(id, ErrorKind::Io, &error.to_string()),
            },
            Request::Execute(run) if self.mode == "as-input" => {
                let input = run.input_path.map_or_else(String::new, |path| fs::read_to_string(path).expect("text"));
                obey(&input);
                let mut report = report();
                report.output = process::id().to_le_bytes().to_vec().into();
                self.done(id, Done::Execute(report));
            }
            Request::Execute(_) => {
                if std::mem::take(&mut self.misbehaves) {
                    self.misbehave(id);
                }
                self.done(id, Done::Execute(report()));
            }
            Request::Trace(request) => {
                if self.mode == "link" {
                    let _ = symlink("/etc/hostname", &request.records_path);
                    let summary = TraceSummary::default();
                    return self.done(id, Done::Trace(Traced { run: report(), summary }));
                }
                let mut file = match File::create(&request.records_path) {
                    Ok(file) => file,
                    Err(error) => return self.error(id, ErrorKind::Io, &error.to_string()),
                };
                let _ = file.write_all(b"{}\n");
                if self.mode == "endless-records" {
                    loop {
                        let _ = file.write_all(&[b'x'; 8192]);
                    }
                }
                let summary = TraceSummary::default();
                self.done(id, Done::Trace(Traced { run: report(), summary }));
            }
            Request::Prove(request) => self.prove(id, &request),
            Request::Identify(_) => self.done(id, Done::Identify { image_id: IMAGE_ID.to_owned() }),
            Request::Verify(request) => {
                if self.mode == "verify-exit" {
                    process::exit(9);
                }
                let proof = fs::read(&request.proof_path).expect("the supervisor's file");
                let verdict = if proof == PROOF && request.image_id == IMAGE_ID {
                    ProofVerdict::Accepted(claims())
                } else {
                    ProofVerdict::Rejected("not the proof".to_owned())
                };
                let verified = Verified { verdict, verify_ms: 1.0, setup_ms: 1.0, peak_memory_bytes: None };
                self.done(id, Done::Verify(verified));
            }
            Request::Cancel { .. } => self.done(id, Done::Acknowledged),
            Request::Shutdown => {
                self.done(id, Done::Acknowledged);
                process::exit(0);
            }
        }
    }

    fn prove(&mut self, id: u64, request: &ProveRequest) {
        let facts = ProofFacts {
            image_id: IMAGE_ID.to_owned(),
            encoding: "text".to_owned(),
            claims: claims(),
            segments: 1,
            prove_ms: 2.0,
            setup_ms: 1.0,
            cpu_ms: 3.0,
        };
        let mut run = report();
        let proof = match self.mode.as_str() {
            "unprovable" => {
                run = RunReport::new(Status::Trap);
                None
            }
            // It says that there is a proof, and there is none.
            "no-proof-file" => Some(facts),
            "linked-proof" => {
                symlink(second_argument(), &request.proof_path).expect("a new link");
                Some(facts)
            }
            "fifo-proof" => {
                mkfifo(Path::new(&request.proof_path), Mode::S_IRWXU).expect("a new FIFO");
                Some(facts)
            }
            "endless-proof" => {
                let mut file = File::create(&request.proof_path).expect("a new file");
                // Past every limit, without the disk being filled.
                file.set_len(PROOF_BYTES_MAX + 1).expect("a sparse file");
                let _ = file.write_all(PROOF);
                hang();
            }
            _ => {
                fs::write(&request.proof_path, PROOF).expect("a new file");
                Some(facts)
            }
        };
        self.done(id, Done::Prove(Proved { run, proof }));
    }

    fn misbehave_at_hello(&mut self, id: u64) {
        if !self.misbehaves {
            return;
        }
        match self.mode.as_str() {
            "hello-hang" => hang(),
            "hello-exit" => process::exit(3),
            "hello-version" => {
                self.done(id, Done::Hello { protocol: "assay.runner/999".to_owned() });
                hang();
            }
            "plant-link" => {
                self.misbehaves = false;
                plant_links();
            }
            // What is there before the request is there however soon that is over.
            "stdout-flood-endless" => {
                println!("the first line");
                eprintln!("the first line");
            }
            "grandchild" | "grandchild-hang" => start("child-sleep", &[]),
            // setsid(1) gives it a session and a process group of its own.
            "grandchild-escaped" => start("child-sleep", &["setsid"]),
            // No token in its environment either, and an orphan: only descent tells whose it is, while the runner lives.
            "grandchild-escaped-nameless" => start("child-sleep", &["setsid", "--fork", "env", "--ignore-environment"]),
            _ => {}
        }
    }

    #[expect(clippy::too_many_lines, reason = "one table of modes")]
    fn misbehave(&mut self, id: u64) {
        match self.mode.clone().as_str() {
            "exit" => {
                eprintln!("the reason, for people");
                process::exit(7);
            }
            "exit-0" => process::exit(0),
            "abort" => process::abort(),
            // Rust's own handler takes the first one and steps aside.
            "segv" => {
                let _ = raise(Signal::SIGSEGV);
                let _ = raise(Signal::SIGSEGV);
            }
            // What the system's out-of-memory killer does.
            "killed" => drop(raise(Signal::SIGKILL)),
            // Children were started at `hello`.
            "hang" | "hang-deaf" | "grandchild-hang" | "grandchild-escaped-nameless" => hang(),
            "grandchild" | "grandchild-escaped" => process::exit(9),
            "cancellable" => self.wait_for_cancel(id),
            "cancel-half" => self.wait_for_cancel_and_only_acknowledge(),
            "garbage" => self.write(b"\x05\0\0\0hello"),
            "not-framed" => self.write(b"Segmentation fault, just kidding\n"),
            "half-frame" => {
                self.write(b"\x40\0\0\0{\"id\":");
                process::exit(0);
            }
            "half-frame-hang" => {
                self.write(b"\x40\0\0\0{\"id\":");
                hang();
            }
            "half-frame-crash" => {
                self.write(b"\x40\0\0\0{\"id\":");
                process::abort();
            }
            "unknown-id" => {
                self.done(id + 1000, Done::Execute(report()));
                hang();
            }
            "not-understood" => {
                self.error(0, ErrorKind::BadRequest, "expected ident at column 3");
                hang();
            }
            "huge-claim" => {
                self.write(&u32::MAX.to_le_bytes());
                hang();
            }
            "wrong-reply" => {
                self.done(id, Done::Describe(description()));
                hang();
            }
            "after-done" => {
                let mut twice = done_frame(id, Done::Execute(report()));
                twice.extend(twice.clone());
                self.write(&twice);
                hang_until_asked();
            }
            "progress-flood" => loop {
                self.progress(id);
            },
            "progress-slow" => loop {
                self.progress(id);
                thread::sleep(Duration::from_millis(5));
            },
            "stdout-flood" => {
                let line = [b'o'; 8192];
                for _ in 0..4096 {
                    let _ = io::stdout().write_all(&line);
                }
                println!("the last line");
            }
            "stdout-flood-endless" => loop {
                let _ = io::stdout().write_all(&[b'o'; 8192]);
                let _ = io::stderr().write_all(&[b'e'; 8192]);
            },
            "closed" => {
                self.close_all();
                hang();
            }
            "closed-deaf" => {
                ignore_sigterm();
                self.close_all();
                hang();
            }
            "grow" => grow(),
            "grandchild-grow" => {
                start("child-grow", &[]);
                hang();
            }
            "leak" => {
                std::mem::forget(vec![1u8; 64 << 20]);
            }
            "panic-reply" => {
                self.error(id, ErrorKind::Panic, "index out of bounds in the SDK");
                self.serve_on();
            }
            "unsupported" => {
                self.error(id, ErrorKind::UnsupportedGuest, "no floats here");
                self.serve_on();
            }
            "forgetful" => {
                self.error(id, ErrorKind::UnknownGuest, "what guest?");
                self.serve_on();
            }
            "die-idle" => {
                self.done(id, Done::Execute(report()));
                process::exit(5);
            }
            "speak-idle" => {
                self.done(id, Done::Execute(report()));
                // Once the request is over on the other side, too.
                wait_for("speak");
                self.progress(id);
                fs::write("spoke", "").expect("the work folder is writable");
                hang();
            }
            "close-idle" => {
                self.done(id, Done::Execute(report()));
                self.close_all();
                fs::write("closed", "").expect("the work folder is writable");
                thread::sleep(Duration::from_millis(100));
                process::exit(5);
            }
            "probes" => probes::run(),
            "link" => {}
            "fork-bomb" => fork_bomb(),
            "environment" => {
                for (name, _) in env::vars() {
                    println!("{name}");
                }
            }
            mode => panic!("no such mode: {mode}"),
        }
    }

    /// Answers the rest without ever coming back to the request at hand.
    fn serve_on(&mut self) -> ! {
        while let Some(frame) = self.next_request() {
            self.answer(frame);
        }
        process::exit(0);
    }

    fn wait_for_cancel(&mut self, id: u64) -> ! {
        while let Some(frame) = self.next_request() {
            if matches!(frame.request, Request::Cancel { id: given_up } if given_up == id) {
                self.error(id, ErrorKind::Cancelled, "as asked");
                self.done(frame.id, Done::Acknowledged);
                self.serve_on();
            }
        }
        process::exit(0);
    }

    fn wait_for_cancel_and_only_acknowledge(&mut self) -> ! {
        if let Some(frame) = self.next_request() {
            self.done(frame.id, Done::Acknowledged);
        }
        hang();
    }

    fn progress(&mut self, id: u64) {
        let reply = Reply::Progress(Progress { stage: "stage".to_owned(), done: 1, total: None });
        let frame = frame::encode(&ReplyFrame { id, reply }).expect("short");
        self.write(&frame);
    }

    fn error(&mut self, id: u64, kind: ErrorKind, message: &str) {
        let message = message.to_owned();
        let reply = Reply::Error(RunnerError { kind, message, backtrace: None });
        let frame = frame::encode(&ReplyFrame { id, reply }).expect("short");
        self.write(&frame);
    }

    fn done(&mut self, id: u64, done: Done) {
        self.write(&done_frame(id, done));
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.replies.write_all(bytes).is_err() {
            process::exit(1);
        }
    }

    fn close_all(&mut self) {
        let null = || File::options().read(true).write(true).open("/dev/null").expect("exists");
        self.requests = null();
        self.replies = null();
        for descriptor in [0, 1, 2, 3, 4] {
            let _ = nix::unistd::close(descriptor);
        }
    }
}

fn done_frame(id: u64, done: Done) -> Vec<u8> {
    let reply = Reply::Done(Box::new(done));
    frame::encode(&ReplyFrame { id, reply }).expect("short")
}

fn description() -> RunnerDescription {
    let security = Security { secure: true, bits: None, basis: "a test".to_owned(), parameters: [].into() };
    RunnerDescription {
        name: "misbehaving".to_owned(),
        sdk_version: "1.2.3".to_owned(),
        platforms: vec![Platform::Standard],
        isa: "rv32im".to_owned(),
        capabilities: vec![Capability::Execute],
        proof_kinds: vec![ProofKind { name: "whole".to_owned(), security }],
        limits: GuestLimits::default(),
        notes: Vec::new(),
    }
}

fn claims() -> ProofClaims {
    ProofClaims::new(0, vec![1, 2, 3])
}

fn report() -> RunReport {
    let mut report = RunReport::new(Status::Ok);
    report.exit_code = Some(0);
    report.output = vec![1, 2, 3].into();
    report
}

fn second_argument() -> OsString {
    env::args_os().nth(2).expect("a second argument")
}

/// Links to the second argument, where Assay is about to make files for this runner.
fn plant_links() {
    for entry in fs::read_dir(".").expect("the work folder") {
        let folder = entry.expect("the work folder").path();
        if folder.is_dir() {
            symlink(second_argument(), folder.join("guest.elf")).expect("a new link");
        }
    }
}

/// Whether it behaves well, in its first process too; some misbehave in other requests than `execute`.
fn is_good(mode: &str) -> bool {
    matches!(mode, "good" | "ignore-shutdown" | "endless-records" | "as-input")
}

/// Whether it was this process that set the mark.
fn set_mark() -> bool {
    File::create_new(MARK).is_ok()
}

/// Waits until that file is in the work folder.
fn wait_for(name: &str) {
    while !Path::new(name).exists() {
        thread::sleep(Duration::from_millis(2));
    }
}

/// Does as Assay itself does: starts a runner, this program, in the sandbox, with this program as the launcher.
fn supervise() {
    let folder = WorkFolder::create().expect("a folder");
    let command = RunnerCommand {
        binary: env::current_exe().expect("known"),
        arguments: vec!["good".into()],
        work_folder: folder.path().to_owned(),
    };
    let settings = Settings { hello_timeout: HANG, ..Settings::default() };
    let mut supervisor = Supervisor::new(command, settings, CancelToken::new());
    supervisor.ensure_started().expect("it starts");
    print!("{}", supervisor.sandbox().expect("it was started"));
}

/// What an input says: `crash`, `hang`, `work` (some milliseconds of it), or `meet FOLDER COUNT`, which takes as many
/// processes at the same time.
fn obey(input: &str) {
    let words: Vec<_> = input.split(' ').collect();
    match words.as_slice() {
        ["crash"] => process::exit(7),
        ["hang"] => hang(),
        ["hang-deaf", mark] => {
            ignore_sigterm();
            fs::write(mark, "").expect("a mark");
            hang();
        }
        ["work"] => {
            let mut bytes = [0; 32];
            for _ in 0..WORK_ROUNDS {
                bytes = Digest::of(&bytes).0;
            }
            println!("{}", bytes[0]);
        }
        ["meet", folder, count] => {
            fs::write(format!("{folder}/{}", process::id()), "").expect("a mark");
            let count: usize = count.parse().expect("a number");
            while fs::read_dir(folder).expect("the folder").count() < count {
                thread::sleep(Duration::from_millis(2));
            }
        }
        _ => {}
    }
}

/// About five milliseconds, optimised.
const WORK_ROUNDS: u32 = 30_000;

/// Longer than any test, and not for ever, as for [`grow`].
const HANG: Duration = Duration::from_mins(5);

fn hang() -> ! {
    thread::sleep(HANG);
    process::exit(0);
}

fn hang_until_asked() {
    thread::sleep(HANG);
}

fn ignore_sigterm() {
    // Ignored signals stay ignored in children, too.
    #[expect(unsafe_code, reason = "nix marks all changes of signal handling unsafe")]
    // SAFETY: SIG_IGN runs no handler.
    unsafe { signal(Signal::SIGTERM, SigHandler::SigIgn) }.expect("SIGTERM can be ignored");
}

#[expect(clippy::zombie_processes, reason = "leaving processes behind is what it is for")]
fn start(mode: &str, through: &[&str]) {
    let own = env::current_exe().expect("known");
    let mut command = match through {
        [] => Command::new(own),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(own);
            command
        }
    };
    command.arg(mode).stdin(Stdio::null()).spawn().expect("a child starts");
    if mode == "child-sleep" {
        wait_for(CHILD_MARK);
    }
}

/// Children upon children, but not for ever: should nothing stop it, the machine is to survive that.
fn fork_bomb() -> ! {
    let own = env::current_exe().expect("known");
    let mut failed = 0;
    for _ in 0..1000 {
        let child = Command::new(&own).arg("child-sleep").stdin(Stdio::null()).spawn();
        failed += u32::from(child.is_err());
        std::mem::forget(child);
    }
    eprintln!("{failed} of 1000 children could not be started");
    if failed == 1000 {
        process::exit(8);
    }
    hang();
}

/// Grows, but not for ever: should a supervisor fail to end it, the machine is to survive that.
fn grow() -> ! {
    for _ in 0..128 {
        std::mem::forget(vec![1u8; 8 << 20]);
        thread::sleep(Duration::from_millis(10));
    }
    hang();
}
