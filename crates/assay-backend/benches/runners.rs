//! What starting a runner costs with and without the sandbox, and what a second runner gains.
//!
//! With the test runner, whose request takes some milliseconds of one core, and with each installed runner; one that is
//! not installed is left out, and said so. Run with `cargo bench -p assay-backend --bench runners`.

use std::{num::NonZeroUsize, path::Path, thread, time::Duration};

use assay_backend::{
    Backend as _, CancelToken, Job, Limits, Pool, Registry, RunnerCommand, Sandbox, SandboxSettings, Settings,
    Supervisor,
};
use assay_guest::{Guest, Harness};
use assay_isa::Isa;
use assay_spec::{InstalledRunner, Platform};
use divan::{Bencher, counter::ItemsCount};

const TEST_RUNNER: &str = env!("CARGO_BIN_EXE_assay-misbehaving-runner");

/// Requests that are made together, so that both runners have work until the end.
const REQUESTS: usize = 40;

fn main() {
    divan::main();
}

fn settings(mode: Sandbox) -> Settings {
    let sandbox = SandboxSettings { mode, launcher: Some(TEST_RUNNER.into()), ..SandboxSettings::default() };
    Settings { sandbox, ..Settings::default() }
}

/// The test runner, registered in a registry of its own.
fn test_runner() -> InstalledRunner {
    let cache = tempfile::tempdir().expect("a temporary folder");
    let registry = Registry::new(cache.path().to_owned(), None);
    registry.register("misbehaving", Path::new(TEST_RUNNER), &CancelToken::new()).expect("it says who it is");
    registry.installed("misbehaving").expect("just registered")
}

fn openvm() -> Option<InstalledRunner> {
    let registry = Registry::from_environment(None).expect("a registry");
    registry.installed("openvm").inspect_err(|error| eprintln!("left out: {error}")).ok()
}

#[divan::bench(args = [Sandbox::Off, Sandbox::Required])]
fn start_test_runner(bencher: Bencher<'_, '_>, mode: Sandbox) {
    start(bencher, test_runner(), "good", mode);
}

#[divan::bench(args = [Sandbox::Off, Sandbox::Required])]
fn start_openvm(bencher: Bencher<'_, '_>, mode: Sandbox) {
    if let Some(runner) = openvm() {
        start(bencher, runner, "", mode);
    }
}

/// From nothing to the answer to `hello`; its end is not counted.
fn start(bencher: Bencher<'_, '_>, runner: InstalledRunner, argument: &str, mode: Sandbox) {
    let work = tempfile::tempdir().expect("a temporary folder");
    let command = RunnerCommand {
        binary: runner.binary.into(),
        arguments: Some(argument.into()).filter(|_| !argument.is_empty()).into_iter().collect(),
        work_folder: work.path().to_owned(),
    };
    bencher.with_inputs(|| Supervisor::new(command.clone(), settings(mode), CancelToken::new())).bench_local_values(
        |mut supervisor| {
            supervisor.ensure_started().expect("it starts");
            supervisor
        },
    );
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn pool_of_test_runners(bencher: Bencher<'_, '_>, size: usize) {
    let guest = Harness::new(Platform::Standard, Isa::RV32IM, vec![0x13]).build("bench").expect("a guest");
    share(bencher, test_runner(), "as-input", size, &guest, b"work");
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn pool_of_openvm(bencher: Bencher<'_, '_>, size: usize) {
    let Some(runner) = openvm() else { return };
    let guest = Harness::new(Platform::OpenVm, Isa::RV32IM_OPENVM, vec![0x13; 32]).build("bench").expect("a guest");
    share(bencher, runner, "", size, &guest, b"");
}

/// [`REQUESTS`] requests by as many threads as there are warm runners.
fn share(bencher: Bencher<'_, '_>, runner: InstalledRunner, argument: &str, size: usize, guest: &Guest, input: &[u8]) {
    let arguments = Some(argument.into()).filter(|_| !argument.is_empty()).into_iter().collect();
    let count = NonZeroUsize::new(size).expect("not empty");
    let pool = Pool::with_arguments(runner, arguments, count, settings(Sandbox::Required), CancelToken::new());
    let limits = Limits::default();
    let job = Job { guest, input, limits: &limits, cost: false };
    let work = |requests: usize| {
        let mut lent = pool.check_out(Duration::from_mins(1)).expect("a runner for each thread");
        for _ in 0..requests {
            lent.execute(&job).expect("a run");
        }
    };
    let round = |requests: usize| {
        thread::scope(|scope| (0..size).for_each(|_| drop(scope.spawn(|| work(requests / size)))));
    };
    round(2 * size);
    bencher.counter(ItemsCount::new(REQUESTS)).bench_local(|| round(REQUESTS));
}
