//! A runner process as a backend: everything that it does is an outcome.

use std::{ffi::OsString, path::Path, time::Duration};

use assay_backend::{
    Backend, BackendError, CancelToken, Identities, Job, Limits, Registry, RunnerBackend, Settings, TraceOptions,
};
use assay_guest::{Guest, Harness};
use assay_isa::Isa;
use assay_spec::{Outcome, Platform, Status};

/// Longer than anything here takes, on a machine under load too, and shorter than the runner hangs.
const LONG: Duration = Duration::from_mins(4);

fn settings() -> Settings {
    Settings { hello_timeout: LONG, exit_grace: LONG, ..Settings::default() }
}

fn limits() -> Limits {
    Limits { wall: LONG, ..Limits::default() }
}

struct Bench {
    backend: RunnerBackend,
    limits: Limits,
    guest: Guest,
}

/// A guest of one instruction, which the test runner does not look at.
fn guest(platform: Platform, isa: Isa, word: u32) -> Guest {
    Harness::new(platform, isa, vec![word]).build("test").expect("a guest")
}

impl Bench {
    fn new(mode: &str) -> Self {
        Self::with(mode, settings(), CancelToken::new())
    }

    fn with(mode: &str, settings: Settings, cancel: CancelToken) -> Self {
        Self::with_all(vec![mode.into()], settings, cancel)
    }

    fn with_arguments(arguments: Vec<OsString>) -> Self {
        Self::with_all(arguments, settings(), CancelToken::new())
    }

    fn with_all(arguments: Vec<OsString>, settings: Settings, cancel: CancelToken) -> Self {
        let cache = tempfile::tempdir().expect("a temporary folder");
        let registry = Registry::new(cache.path().to_owned(), None);
        let binary = Path::new(env!("CARGO_BIN_EXE_assay-misbehaving-runner"));
        registry.register("misbehaving", binary, &CancelToken::new()).expect("it says who it is");
        let runner = registry.installed("misbehaving").expect("just registered");
        let backend = RunnerBackend::with_arguments(runner, arguments, settings, cancel).expect("a work folder");
        Self { backend, limits: limits(), guest: guest(Platform::Standard, Isa::RV32IM, 0x13) }
    }

    fn try_execute(&mut self) -> Result<Outcome, BackendError> {
        self.backend.execute(&Job { guest: &self.guest, input: b"input", limits: &self.limits, cost: false })
    }

    fn execute(&mut self) -> Outcome {
        self.try_execute().expect("an outcome")
    }

    fn stdout(&self) -> String {
        String::from_utf8(self.backend.captured().stdout.to_bytes()).expect("text")
    }

    /// The first run ends so, with a message that holds `text`; the next one is well.
    fn ends(mut self, status: Status, text: &str) {
        let outcome = self.execute();
        let message = outcome.run.message.unwrap_or_default();
        assert_eq!(outcome.run.status, status, "{message}");
        assert!(message.contains(text), "{message}");
        assert_eq!(outcome.backend.name, "misbehaving");
        self.limits = limits();
        assert_eq!(self.execute().run.status, Status::Ok);
    }
}

#[test]
fn an_outcome_names_the_runners_sdk_and_the_guest() {
    let mut bench = Bench::new("good");
    let outcome = bench.execute();
    assert_eq!(outcome.run.status, Status::Ok);
    assert_eq!(outcome.run.output.0, [1, 2, 3]);
    assert_eq!((outcome.backend.name.as_str(), outcome.backend.version.as_str()), ("misbehaving", "1.2.3"));
    assert_eq!((outcome.backend.platform, outcome.backend.isa.as_str()), (Platform::Standard, "rv32im"));
    assert_eq!(outcome.guest.digest, bench.guest.digest);
    assert_eq!(outcome.input_digest, assay_spec::Digest::of(b"input"));
    assert!(outcome.run.peak_memory_bytes.unwrap() > 0);
    assert!(outcome.elapsed.execute_ms > 0.0);
}

#[test]
fn a_guest_is_loaded_once_per_process() {
    let mut bench = Bench::with("good", Settings { recycle_after_requests: 3, ..settings() }, CancelToken::new());
    let mut loads = Vec::new();
    for _ in 0..4 {
        bench.execute();
        loads.push(bench.stdout());
    }
    // A load and two runs, then a fresh process.
    assert_eq!(loads, ["load\n", "", "load\n", ""]);
    bench.guest = guest(Platform::Standard, Isa::RV32IM, 0x93);
    bench.execute();
    assert_eq!(bench.stdout(), "load\n");
}

#[test]
fn a_guest_that_the_runner_forgot_is_loaded_again() {
    let mut bench = Bench::new("forgetful");
    assert_eq!(bench.execute().run.status, Status::Ok);
    assert_eq!(bench.stdout(), "load\nload\n");
}

#[test]
fn a_wall_limit_beyond_all_clocks_is_as_good_as_none() {
    let mut bench = Bench::new("good");
    bench.limits.wall = Duration::MAX;
    assert_eq!(bench.execute().run.status, Status::Ok);
}

#[test]
fn a_link_that_a_runner_plants_where_files_are_made_for_it_is_not_written_through() {
    let elsewhere = tempfile::tempdir().unwrap();
    let precious = elsewhere.path().join("precious");
    std::fs::write(&precious, "precious").unwrap();
    let mut bench = Bench::with_arguments(vec!["plant-link".into(), precious.clone().into()]);
    assert_eq!(bench.execute().run.status, Status::Ok);
    assert_eq!(std::fs::read(precious).unwrap(), b"precious");
}

#[test]
fn a_crash_is_an_outcome_with_the_reason_on_stderr() {
    Bench::new("exit").ends(Status::RunnerCrash, "the reason, for people");
}

#[test]
fn a_panic_of_the_sdk_is_a_crash_with_its_text() {
    Bench::new("panic-reply").ends(Status::RunnerCrash, "index out of bounds in the SDK");
}

#[test]
fn a_guest_that_the_zkvm_does_not_take_is_unsupported() {
    Bench::new("unsupported").ends(Status::Unsupported, "no floats here");
}

#[test]
fn a_breach_of_the_protocol_is_an_outcome() {
    Bench::new("unknown-id").ends(Status::ProtocolError, "never made");
}

#[test]
fn a_hang_is_a_timeout_that_names_the_whole_limit() {
    let mut bench = Bench::new("hang");
    // The limit holds for starting and loading, too, and those take their time under load.
    bench.backend.identify(&bench.guest, "whole", &limits()).unwrap();
    bench.limits.wall = Duration::from_millis(700);
    bench.ends(Status::Timeout, "0.700 s");
}

#[test]
fn an_image_id_that_is_known_asks_no_process() {
    let cache = tempfile::tempdir().unwrap();
    let identities = Identities::in_cache(cache.path());
    let identified = |guest: &Guest| {
        let mut backend = Bench::new("good").backend.with_identities(identities.clone());
        let id = backend.identify(guest, "whole", &limits()).unwrap();
        (id, backend.supervisor().pid().is_some())
    };
    let one = guest(Platform::Standard, Isa::RV32IM, 0x13);
    let (id, started) = identified(&one);
    assert!(started);
    assert_eq!(identified(&one), (id, false));
    // Another guest by the name and the digest of the first: its bytes count.
    let other = guest(Platform::Standard, Isa::RV32IM, 0x33);
    assert!(identified(&Guest { digest: other.digest, elf: other.elf, ..one }).1);
    let error = Bench::new("good").backend.with_identities(identities).identify(
        &guest(Platform::Standard, Isa::RV32IM, 0x13),
        "none",
        &Limits::default(),
    );
    assert!(matches!(error, Err(BackendError::NoSuchProofKind { .. })));
}

#[test]
fn growth_is_out_of_memory() {
    let mut bench = Bench::new("grow");
    bench.limits.memory_limit_bytes = 100 << 20;
    bench.ends(Status::OutOfMemory, "memory limit");
}

#[test]
fn too_much_output_is_not_passed_on() {
    let mut bench = Bench::new("good");
    bench.limits.output_limit_bytes = 2;
    let run = bench.execute().run;
    assert_eq!((run.status, run.exit_code, run.output.0.len()), (Status::OutputLimit, None, 0));
}

#[test]
fn a_runner_that_loads_another_guest_is_not_believed() {
    let outcome = Bench::new("load-other").execute();
    assert_eq!(outcome.run.status, Status::ProtocolError);
    assert!(outcome.run.message.unwrap().contains(&"07".repeat(32)));
}

#[test]
fn a_guest_of_another_platform_is_unsupported_without_asking() {
    let mut bench = Bench::new("good");
    bench.guest = guest(Platform::OpenVm, Isa::RV32IM_OPENVM, 0x13);
    let outcome = bench.execute();
    assert_eq!(outcome.run.status, Status::Unsupported);
    assert!(outcome.run.message.unwrap().contains("openvm"));
    assert_eq!(bench.backend.supervisor().pid(), None);
}

#[test]
fn a_trace_that_grows_without_end_is_cut_off_and_holds_nothing() {
    let mut bench = Bench::new("endless-records");
    let options = TraceOptions { file_bytes_max: 1 << 20, ..TraceOptions::default() };
    let job = Job { guest: &bench.guest, input: &[], limits: &bench.limits, cost: false };
    let traced = bench.backend.trace(&job, &options).unwrap();
    assert_eq!(traced.outcome.run.status, Status::OutputLimit);
    assert!(traced.summary.truncated);
    assert_eq!(std::fs::metadata(traced.records()).unwrap().len(), 0);
}

#[test]
fn a_trace_is_an_outcome_a_summary_and_a_file() {
    let mut bench = Bench::new("good");
    let job = Job { guest: &bench.guest, input: &[], limits: &bench.limits, cost: false };
    let traced = bench.backend.trace(&job, &TraceOptions::default()).unwrap();
    assert_eq!(traced.outcome.run.status, Status::Ok);
    assert!(!traced.summary.truncated);
    let path = traced.records();
    assert!(path.is_file());
    drop(traced);
    assert!(!path.exists());
}

#[test]
fn a_cancelled_run_and_a_missing_program_are_no_outcomes() {
    let cancel = CancelToken::new();
    let mut bench = Bench::with("good", settings(), cancel.clone());
    cancel.cancel();
    assert!(matches!(bench.try_execute(), Err(BackendError::Cancelled)));

    let cache = tempfile::tempdir().unwrap();
    let registry = Registry::new(cache.path().to_owned(), None);
    let error = RunnerBackend::open(&registry, "openvm", CancelToken::new()).err().unwrap();
    assert!(matches!(error, BackendError::Registry(_)), "{error:?}");
}
