//! Native guests, good and hostile: each comes to an outcome with its own status, and nothing of it is left.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use std::{fs, path::Path, sync::OnceLock, time::Duration};

use assay_backend::{
    Backend as _, BackendError, CancelToken, Job, Limits, Native, Sandbox, SandboxSettings, Settings, TraceOptions,
};
use assay_guest::{Guest, Harness};
use assay_isa::Isa;
use assay_spec::{Outcome, Platform, RunReport, Status};

const GUEST: &str = env!("CARGO_BIN_EXE_assay-misbehaving-guest");

/// Longer than anything here takes, on a machine under load too, and shorter than the guest hangs.
const LONG: Duration = Duration::from_mins(4);
const SHORT: Duration = Duration::from_millis(300);

fn guest() -> &'static Guest {
    static READ: OnceLock<Guest> = OnceLock::new();
    READ.get_or_init(|| Guest::native("guest", fs::read(GUEST).unwrap()))
}

struct Bench {
    native: Native,
    cancel: CancelToken,
    limits: Limits,
}

impl Bench {
    fn new(mode: Sandbox) -> Self {
        let sandbox = SandboxSettings { mode, launcher: Some(GUEST.into()), ..SandboxSettings::default() };
        let patience = Settings { hello_timeout: LONG, terminate_grace: LONG, sandbox, ..Settings::default() };
        Self::with(patience)
    }

    fn with(settings: Settings) -> Self {
        let cancel = CancelToken::new();
        let native = Native::new(settings, cancel.clone()).unwrap();
        Self { native, cancel, limits: Limits { wall: LONG, ..Limits::default() } }
    }

    fn outcome(&mut self, what: &str) -> Outcome {
        self.run(guest(), what).unwrap()
    }

    fn run(&mut self, guest: &Guest, input: &str) -> Result<Outcome, BackendError> {
        let job = Job { guest, input: input.as_bytes(), limits: &self.limits, cost: false };
        self.native.execute(&job)
    }

    /// The report of a guest without end at the wall limit, by which it has said all of `said`. How long that takes is the
    /// machine's matter, so that a limit that was too short for it is followed by a longer one.
    fn out_of_time(&mut self, what: &str, said: &[u8]) -> RunReport {
        self.limits.wall = SHORT;
        loop {
            let report = self.report(what);
            assert_eq!(report.status, Status::Timeout, "{report:?}");
            let limit = format!("{:.3} s", self.limits.wall.as_secs_f64());
            assert!(message(&report).contains(&limit), "{report:?}");
            if report.output.0 == said {
                return report;
            }
            assert!(said.starts_with(&report.output.0) && self.limits.wall < LONG, "{report:?}");
            self.limits.wall *= 4;
        }
    }

    /// The report, after which nothing of the guest is left and a good one runs.
    fn report(&mut self, what: &str) -> RunReport {
        let report = self.outcome(what).run;
        self.is_well();
        report
    }

    fn is_well(&mut self) {
        let limits = std::mem::replace(&mut self.limits, Limits { wall: LONG, ..Limits::default() });
        let good = self.outcome("good");
        assert_eq!((good.run.status, good.run.output.0.as_slice()), (Status::Ok, &b"output"[..]), "{good:?}");
        assert_eq!(processes_in(self.native.work_folder()), Vec::<String>::new());
        self.limits = limits;
    }
}

/// Live processes that were started in `folder`.
fn processes_in(folder: &Path) -> Vec<String> {
    let folder = folder.canonicalize().unwrap();
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let process = entry.ok()?.path();
        // The link of a zombie cannot be read.
        (fs::read_link(process.join("cwd")).ok()? == folder)
            .then(|| fs::read_to_string(process.join("cmdline")).unwrap_or_default())
    });
    processes.collect()
}

fn status(what: &str) -> RunReport {
    Bench::new(Sandbox::BestEffort).report(what)
}

fn message(report: &RunReport) -> &str {
    report.message.as_deref().unwrap_or("")
}

#[test]
fn a_good_guest_has_its_output_its_log_and_its_memory_measured() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    let outcome = bench.outcome("good");
    assert_eq!((outcome.run.status, outcome.run.exit_code), (Status::Ok, Some(0)));
    assert_eq!(outcome.run.output.0, b"output");
    assert_eq!(outcome.run.guest_log.as_deref(), Some("printed\ncomplained\n"));
    let id = &outcome.backend;
    assert_eq!((id.name.as_str(), id.platform, id.isa.as_str()), ("native", Platform::Native, std::env::consts::ARCH));
    assert_eq!((outcome.run.instructions, outcome.run.registers), (None, None));
    // What is over sooner than anybody can look has no measure.
    let slow = bench.out_of_time("hang", b"out");
    assert!(slow.peak_memory_bytes.unwrap() > 1 << 16, "{slow:?}");
}

#[test]
fn a_guest_that_fails_panics_or_aborts_says_so_and_keeps_its_output() {
    let expected = [
        ("fail", Status::Failed, Some(7), None),
        ("panic", Status::Panic, Some(101), Some("guest.rs:1:2:\nit went wrong")),
        ("abort-in-panic", Status::Panic, None, Some("guest.rs:1:2:\nit went wrong")),
        // Without the text it is an exit like any other; with it and another exit, somebody caught the panic.
        ("exit-like-a-panic", Status::Failed, Some(101), None),
        ("caught-panic", Status::Ok, Some(0), None),
    ];
    for (what, status, exit_code, message) in expected {
        let report = self::status(what);
        assert_eq!(
            (report.status, report.exit_code, report.message.as_deref()),
            (status, exit_code, message),
            "{what}"
        );
        assert_eq!(report.output.0, b"out", "{what}");
    }
}

#[test]
fn a_signal_of_the_processor_is_a_trap_and_one_from_outside_is_not() {
    for what in ["SIGSEGV", "SIGILL", "SIGFPE", "SIGBUS"] {
        let report = status(what);
        assert_eq!((report.status, report.exit_code), (Status::Trap, None), "{what}");
        assert!(message(&report).contains(what), "{report:?}");
        assert_eq!(report.output.0, b"out");
    }
    assert_eq!(status("abort").status, Status::Trap);
    assert_eq!(status("stack").status, Status::Trap);
    let killed = status("SIGKILL");
    assert_eq!(killed.status, Status::RunnerCrash);
    assert!(message(&killed).contains("we did not send"), "{killed:?}");
    assert_eq!(status("SIGTERM").status, Status::RunnerCrash);
}

#[test]
fn a_guest_without_end_is_ended_at_the_wall_limit_by_whichever_signal_it_takes() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    let report = bench.out_of_time("hang", b"out");
    assert!(message(&report).contains("SIGTERM"), "{report:?}");

    let sandbox = SandboxSettings { launcher: Some(GUEST.into()), ..SandboxSettings::default() };
    let grace = Duration::from_millis(100);
    let mut bench =
        Bench::with(Settings { hello_timeout: LONG, terminate_grace: grace, sandbox, ..Settings::default() });
    let report = bench.out_of_time("hang-deaf", b"outdeaf");
    assert!(message(&report).contains("SIGKILL"), "{report:?}");
}

#[test]
fn somebody_who_gives_up_has_no_outcome() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    let cancel = bench.cancel.clone();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(SHORT);
        cancel.cancel();
    });
    assert!(matches!(bench.run(guest(), "hang"), Err(BackendError::Cancelled)));
    canceller.join().unwrap();
}

#[test]
fn a_guest_that_grows_is_ended_at_the_memory_limit_by_us() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    bench.limits.memory_limit_bytes = 64 << 20;
    let report = bench.report("grow");
    assert_eq!(report.status, Status::OutOfMemory);
    assert!(message(&report).contains("we killed"), "{report:?}");
    let peak = report.peak_memory_bytes.unwrap();
    assert!((32 << 20..1 << 30).contains(&peak), "{peak}");
}

#[test]
fn output_beyond_its_limit_is_neither_kept_nor_waited_for() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    bench.limits.output_limit_bytes = 1 << 20;
    let report = bench.report("flood");
    assert_eq!((report.status, report.output.0.len()), (Status::OutputLimit, 0));
    assert!(report.peak_memory_bytes.is_none_or(|bytes| bytes < 1 << 28));
    bench.limits.wall = SHORT;
    assert_eq!(bench.report("empty-records").status, Status::Timeout);
}

#[test]
fn records_that_are_none_are_told_from_a_guest_that_failed() {
    for (what, said) in [
        ("garbage", "kind 127"),
        ("claim-4-gib", "inside of a record"),
        ("claim-a-long-panic", "4294967295"),
        ("half", "inside of a record"),
    ] {
        let report = status(what);
        assert_eq!(report.status, Status::ProtocolError, "{what}");
        assert!(message(&report).contains(said), "{report:?}");
    }
}

#[test]
fn a_guest_that_closes_its_descriptors_ends_as_it_ends() {
    for what in ["shut", "shut-all"] {
        let report = status(what);
        assert_eq!((report.status, report.output.0.as_slice()), (Status::Ok, &b"out"[..]), "{what}");
    }
}

#[test]
fn ten_mebibytes_of_log_are_kept_by_their_ends() {
    let report = status("log");
    let log = report.guest_log.unwrap();
    assert!(log.len() < 2 << 20, "{}", log.len());
    assert!(log.starts_with("0123") && log.contains("bytes left out") && log.contains("the end\n"));
    assert_eq!((report.status, report.output.0), (Status::Ok, b"out".to_vec()));
}

#[test]
fn a_guest_that_leaves_a_process_behind_has_no_output_to_go_by() {
    let report = Bench::new(Sandbox::Off).report("leave");
    assert_eq!(report.status, Status::ProtocolError, "{report:?}");
    assert!(message(&report).contains("left 1 processes behind"), "{report:?}");
}

#[test]
fn a_guest_in_the_sandbox_can_do_nothing_but_compute() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    let report = bench.outcome("probe").run;
    let sandbox = bench.native.sandbox().unwrap();
    if !sandbox.is_complete() {
        eprintln!("NOT TESTED, since this kernel lacks a part of the sandbox:\n{sandbox}");
        return;
    }
    let said = String::from_utf8(report.output.0.clone()).unwrap();
    let said = said.strip_prefix("out").unwrap();
    for line in said.lines().filter(|line| !line.starts_with("environment")) {
        assert!(line.ends_with("refused"), "{said}");
    }
    // The token by which what it leaves behind would be found.
    assert!(said.contains("environment: 1 variables"), "{said}");
    assert_eq!(said.lines().count(), 10, "{said}");
    assert_eq!(report.status, Status::Trap, "{report:?}");
    assert!(message(&report).contains("SIGXFSZ"), "{report:?}");
    assert!(!Path::new("/tmp/assay-native-guest-was-here").exists());

    let refused = Bench::new(Sandbox::Required).report("leave");
    assert_eq!((refused.status, refused.output.0.as_slice()), (Status::Ok, &b"outrefused"[..]));
}

#[test]
fn what_is_no_program_of_this_machine_is_unsupported() {
    for mode in [Sandbox::Off, Sandbox::BestEffort] {
        let mut bench = Bench::new(mode);
        for bytes in [&b""[..], b"garbage", b"\x7fELF\x02\x01\x01", b"#!/bin/sh\nexit 0\n", b"#!/nonexistent\n"] {
            let outcome = bench.run(&Guest::native("guest", bytes.to_vec()), "").unwrap();
            // Where there is no sandbox a shell takes what the system does not, and fails.
            let shell = mode == Sandbox::Off && bytes.starts_with(b"\x7fELF");
            let expected = if shell { Status::Failed } else { Status::Unsupported };
            assert_eq!(outcome.run.status, expected, "{outcome:?}");
        }
        bench.is_well();
    }
}

#[test]
fn a_guest_for_a_hart_is_refused_and_so_is_what_there_is_not() {
    let mut bench = Bench::new(Sandbox::BestEffort);
    let guest = Harness::new(Platform::Standard, Isa::RV32IM, vec![0x13]).build("g").unwrap();
    let outcome = bench.run(&guest, "").unwrap();
    assert_eq!(outcome.run.status, Status::Unsupported);
    assert!(message(&outcome.run).contains("standard"), "{outcome:?}");
    let limits = Limits::default();
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    assert!(matches!(bench.native.trace(&job, &TraceOptions::default()), Err(BackendError::NoTraces { .. })));
    assert!(matches!(bench.native.prove(&job, None), Err(BackendError::NoSuchProofKind { .. })));
    assert!(matches!(bench.native.identify(&guest, "any", &limits), Err(BackendError::NoSuchProofKind { .. })));
}

#[test]
fn a_native_guest_is_nothing_for_a_hart() {
    let guest = Guest::native("guest", b"any".to_vec());
    let limits = Limits::default();
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let error = assay_backend::Reference::new(CancelToken::new()).execute(&job).unwrap_err();
    assert!(error.to_string().contains("-b native"), "{error}");
}
