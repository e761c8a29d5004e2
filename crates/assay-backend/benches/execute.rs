//! What a seed of 32 instructions costs, end to end: on the reference machine, and on each installed runner once warm.
//!
//! Run with `cargo bench -p assay-backend --bench execute`.

use assay_backend::{
    Backend, CancelToken, Job, Limits, Reference, Registry, RunnerBackend, TraceOptions, registry::State,
};
use assay_guest::{Guest, Harness, PlatformFacts};
use assay_isa::{AssembleOptions, Isa, assemble};
use assay_spec::{Platform, protocol::RecordSelection};
use divan::Bencher;

fn main() {
    divan::main();
}

/// 32 instructions, all different in kind from their neighbours.
fn seed(platform: Platform) -> Guest {
    let eight = "add x5, x6, x7\nxor x10, x5, x6\nmul x11, x10, x5\nsltu x12, x11, x10\nsll x13, x11, x12\n\
                 divu x14, x13, x6\nsub x15, x14, x12\nori x6, x15, 5\n";
    let body = assemble(&eight.repeat(4), &AssembleOptions::new(Isa::RV32IM, 0)).expect("it assembles");
    let body = body.words().expect("instructions only");
    assert_eq!(body.len(), 32);
    let isa = PlatformFacts::of(platform).isas[0];
    Harness::new(platform, isa, body).build("bench").expect("a guest")
}

/// Names of the runners that can be used.
fn runners() -> Vec<String> {
    let registry = Registry::from_environment(None).expect("a registry");
    let usable = |name: &String| matches!(registry.state(name), Ok(State::Installed(_) | State::Stale(_)));
    registry.names().into_iter().filter(usable).collect()
}

fn runner(name: &str) -> (RunnerBackend, Guest) {
    let registry = Registry::from_environment(None).expect("a registry");
    let runner = RunnerBackend::open(&registry, name, CancelToken::new()).expect("it is installed");
    let guest = seed(runner.description().platforms[0]);
    (runner, guest)
}

#[divan::bench(args = Platform::ALL)]
fn reference(bencher: Bencher<'_, '_>, platform: Platform) {
    execute(bencher, &mut Reference::new(CancelToken::new()), &seed(platform));
}

#[divan::bench(args = runners())]
fn warm(bencher: Bencher<'_, '_>, name: &str) {
    let (mut runner, guest) = runner(name);
    execute(bencher, &mut runner, &guest);
}

/// What `assay diff` does with both, without starting processes.
#[divan::bench(args = runners())]
fn diff_with_reference_warm(bencher: Bencher<'_, '_>, name: &str) {
    let (mut runner, guest) = runner(name);
    let limits = Limits::default();
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let mut reference = Reference::new(CancelToken::new());
    runner.execute(&job).expect("a run");
    bencher.bench_local(|| {
        let (left, right) = (reference.execute(&job).expect("a run"), runner.execute(&job).expect("a run"));
        assert_eq!(left.run.output, right.run.output);
    });
}

#[divan::bench(args = runners(), sample_count = 10)]
fn warm_trace_of_all_records(bencher: Bencher<'_, '_>, name: &str) {
    trace(bencher, name, RecordSelection::All);
}

#[divan::bench(args = runners(), sample_count = 20)]
fn warm_trace_of_instructions(bencher: Bencher<'_, '_>, name: &str) {
    trace(bencher, name, RecordSelection::Instructions);
}

fn execute(bencher: Bencher<'_, '_>, backend: &mut dyn Backend, guest: &Guest) {
    let limits = Limits::default();
    let job = Job { guest, input: &[], limits: &limits, cost: false };
    backend.execute(&job).expect("a run");
    bencher.bench_local(|| backend.execute(&job).expect("a run"));
}

fn trace(bencher: Bencher<'_, '_>, name: &str, records: RecordSelection) {
    let (mut runner, guest) = runner(name);
    let limits = Limits::default();
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let options = TraceOptions { records, ..TraceOptions::default() };
    runner.trace(&job, &options).expect("a run");
    bencher.bench_local(|| runner.trace(&job, &options).expect("a run"));
}
