//! What a seed of 32 instructions costs, end to end: on the reference machine, and on each installed runner once warm.
//!
//! A runner that is not installed is left out, and said so. Run with `cargo bench -p assay-backend`.

use assay_backend::{Backend, CancelToken, Job, Limits, Reference, Registry, RunnerBackend, TraceOptions};
use assay_guest::{Guest, Harness};
use assay_isa::{AssembleOptions, Isa, assemble};
use assay_spec::{Platform, protocol::RecordSelection};
use divan::Bencher;

fn main() {
    divan::main();
}

/// 32 instructions, all different in kind from their neighbours.
fn seed() -> Guest {
    let eight = "add x5, x6, x7\nxor x10, x5, x6\nmul x11, x10, x5\nsltu x12, x11, x10\nsll x13, x11, x12\n\
                 divu x14, x13, x6\nsub x15, x14, x12\nori x6, x15, 5\n";
    let body = assemble(&eight.repeat(4), &AssembleOptions::new(Isa::RV32IM, 0)).expect("it assembles");
    let body = body.words().expect("instructions only");
    assert_eq!(body.len(), 32);
    Harness::new(Platform::OpenVm, Isa::RV32IM_OPENVM, body).build("bench").expect("a guest")
}

#[divan::bench]
fn reference(bencher: Bencher<'_, '_>) {
    execute(bencher, &mut Reference::new(CancelToken::new()));
}

#[divan::bench]
fn openvm_warm(bencher: Bencher<'_, '_>) {
    if let Some(mut runner) = openvm() {
        execute(bencher, &mut runner);
    }
}

/// What `assay diff` does with both, without starting processes.
#[divan::bench]
fn diff_reference_openvm_warm(bencher: Bencher<'_, '_>) {
    let Some(mut runner) = openvm() else { return };
    let (guest, limits) = (seed(), Limits::default());
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let mut reference = Reference::new(CancelToken::new());
    runner.execute(&job).expect("a run");
    bencher.bench_local(|| {
        let (left, right) = (reference.execute(&job).expect("a run"), runner.execute(&job).expect("a run"));
        assert_eq!(left.run.output, right.run.output);
    });
}

#[divan::bench(sample_count = 10)]
fn openvm_warm_trace_of_all_records(bencher: Bencher<'_, '_>) {
    trace(bencher, RecordSelection::All);
}

#[divan::bench(sample_count = 20)]
fn openvm_warm_trace_of_instructions(bencher: Bencher<'_, '_>) {
    trace(bencher, RecordSelection::Instructions);
}

fn openvm() -> Option<RunnerBackend> {
    let registry = Registry::from_environment(None).expect("a registry");
    let runner = RunnerBackend::open(&registry, "openvm", CancelToken::new());
    runner.inspect_err(|error| eprintln!("left out: {error}")).ok()
}

fn execute(bencher: Bencher<'_, '_>, backend: &mut dyn Backend) {
    let (guest, limits) = (seed(), Limits::default());
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    backend.execute(&job).expect("a run");
    bencher.bench_local(|| backend.execute(&job).expect("a run"));
}

fn trace(bencher: Bencher<'_, '_>, records: RecordSelection) {
    let Some(mut runner) = openvm() else { return };
    let (guest, limits) = (seed(), Limits::default());
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let options = TraceOptions { records, ..TraceOptions::default() };
    runner.trace(&job, &options).expect("a run");
    bencher.bench_local(|| runner.trace(&job, &options).expect("a run"));
}
