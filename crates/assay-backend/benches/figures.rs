//! What the installed zkVMs cost, each by the same guests: execution, traces, proofs, verification, in processor time.
//!
//! `cargo bench -p assay-backend --bench figures [-- NAME…] [--kind KIND] [--proofs N,N]` prints one table for each
//! runner. Not by divan: a proof takes minutes, so that one sample of each must do, and on a shared machine processor
//! time of the runner process says more than wall time. `--proofs` gives the lengths of the loops that are proved, in
//! iterations of two instructions; 0 is the shortest guest there is.

use std::{
    env, fs,
    time::{Duration, Instant},
};

use assay_backend::{
    Backend, CancelToken, Expected, Job, Limits, Registry, RunnerBackend, RunnerVerifier, Settings, TraceOptions,
    registry::State, verify_receipt,
};
use assay_guest::{Commitment, Guest, Harness, PlatformFacts};
use assay_isa::{AssembleOptions, assemble};
use assay_spec::{InstalledRunner, Platform, Status, Verification, protocol::RecordSelection};

/// Iterations of the loop for the executor's speed: 50 million instructions.
const LONG: u64 = 25_000_000;
/// Iterations of the loop for the speed of traces.
const TRACED: u64 = 5_000;
/// Seeds for the rate of warm executions.
const SEEDS: u32 = 500;
/// Ticks of `/proc/PID/stat` a second, on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() {
    let mut names = Vec::new();
    let mut kind = None;
    let mut proofs = vec![0];
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--kind" => kind = arguments.next(),
            "--proofs" => {
                let list = arguments.next().unwrap_or_default();
                proofs = list.split(',').map(|n| n.parse().expect("iterations, with commas between")).collect();
            }
            _ => names.push(argument),
        }
    }
    let registry = Registry::from_environment(None).expect("a registry");
    for name in registry.names() {
        let wanted = names.is_empty() || names.contains(&name);
        if let (true, Ok(State::Installed(runner) | State::Stale(runner))) = (wanted, registry.state(&name)) {
            println!("{name} {}", runner.description.sdk_version);
            figures(&runner, kind.as_deref(), &proofs);
        }
    }
}

fn figures(runner: &InstalledRunner, kind: Option<&str>, proofs: &[u64]) {
    let platform = runner.description.platforms[0];
    let started = Instant::now();
    let mut backend = open(runner);
    backend.execute(&job(&looping(platform, 1, Commitment::Absent), &limits())).expect("a run");
    row("start, load, first run", &format!("{:.0} ms", ms(started.elapsed())));

    let long = looping(platform, LONG, Commitment::Absent);
    let limits_of_long = limits();
    let long = job(&long, &limits_of_long);
    let cost = Job { cost: true, ..long };
    for (what, job) in [("executor", long), ("executor with exact cost", cost)] {
        let before = cpu(&backend);
        let outcome = backend.execute(&job).expect("a run");
        let seconds = cpu(&backend) - before;
        // Not every executor counts; the loop is what it is.
        let instructions = outcome.run.instructions.unwrap_or(2 * LONG) as f64;
        let speed = instructions / seconds / 1e6;
        row(
            what,
            &format!("{speed:.1} MHz ({instructions:.0} instructions, {seconds:.2} CPU s, {:?})", outcome.run.status),
        );
    }

    let short = looping(platform, 8, Commitment::Absent);
    let (before, started) = (cpu(&backend), Instant::now());
    for _ in 0..SEEDS {
        assert_eq!(backend.execute(&job(&short, &limits())).expect("a run").run.status, Status::Ok);
    }
    let (wall, seconds) = (started.elapsed().as_secs_f64(), cpu(&backend) - before);
    let count = f64::from(SEEDS);
    row("warm executions", &format!("{:.0}/s by the clock, {:.2} CPU ms each", count / wall, seconds * 1000.0 / count));

    let traced = looping(platform, TRACED, Commitment::Absent);
    for (what, records) in
        [("trace, all records", RecordSelection::All), ("trace, instructions", RecordSelection::Instructions)]
    {
        let options = TraceOptions { records, ..TraceOptions::default() };
        let before = cpu(&backend);
        let run = backend.trace(&job(&traced, &limits()), &options).expect("a run");
        let seconds = cpu(&backend) - before;
        let count = run.summary.instructions + run.summary.chip_rows + run.summary.interactions;
        let bytes = fs::metadata(run.records()).map_or(0, |file| file.len());
        let per_instruction = bytes / run.summary.instructions.max(1);
        let speed = count as f64 / seconds;
        row(what, &format!("{count} records, {speed:.0} records/CPU s, {per_instruction} bytes an instruction"));
    }
    drop(backend);
    if !runner.description.proof_kinds.is_empty() {
        for iterations in proofs {
            prove(runner, kind, *iterations);
        }
    }
}

fn prove(runner: &InstalledRunner, kind: Option<&str>, iterations: u64) {
    let guest = looping(runner.description.platforms[0], iterations, Commitment::Digest);
    let mut backend = open(runner);
    let started = Instant::now();
    let proved = backend.prove(&job(&guest, &limits()), kind).expect("a proof");
    let wall = started.elapsed().as_secs_f64();
    drop(backend);
    let run = &proved.outcome.run;
    let instructions = run.instructions.unwrap_or_default();
    let (Some(receipt), Some(facts)) = (proved.receipt, proved.outcome.receipt) else {
        row("proof", &format!("none: {:?} {}", run.status, run.message.as_deref().unwrap_or_default()));
        return;
    };
    row(
        &format!("proof ({})", facts.kind),
        &format!(
            "{instructions} instructions, {} segments, {:.1} CPU s ({wall:.1} s by the clock, {:.1} s set-up), {} MiB, {} bytes",
            facts.segments,
            facts.cpu_ms as f64 / 1000.0,
            facts.setup_ms as f64 / 1000.0,
            run.peak_memory_bytes.unwrap_or_default() >> 20,
            facts.bytes
        ),
    );
    let mut verifier = RunnerVerifier::new(runner.clone(), Settings::default(), CancelToken::new(), limits());
    let expected = Expected { elf: Some(&guest.elf), insecure: true, ..Expected::default() };
    let report = verify_receipt(&receipt, &expected, &mut verifier).expect("a verifier");
    assert!(matches!(report.verification, Verification::Verified(_)), "{:?}", report.verification);
    let effort = report.effort.expect("it verified");
    row(
        "  verified",
        &format!(
            "{:.0} ms, {:.0} ms set-up, {:.0} ms image id, {} MiB",
            effort.verify_ms,
            effort.setup_ms,
            effort.identify_ms.unwrap_or_default(),
            effort.peak_memory_bytes.unwrap_or_default() >> 20
        ),
    );
}

/// A loop of two instructions.
fn looping(platform: Platform, iterations: u64, commitment: Commitment) -> Guest {
    let isa = PlatformFacts::of(platform).isas[0];
    let source = match iterations {
        0 => "nop".to_owned(),
        n => format!("li x5, {n}\n1: addi x5, x5, -1\nbnez x5, 1b"),
    };
    let body = assemble(&source, &AssembleOptions::new(isa, 0)).expect("it assembles");
    let mut harness = Harness::new(platform, isa, body.words().expect("instructions only"));
    harness.commitment = commitment;
    harness.build("loop").expect("a guest")
}

fn open(runner: &InstalledRunner) -> RunnerBackend {
    RunnerBackend::new(runner.clone(), Settings::default(), CancelToken::new()).expect("a work folder")
}

fn limits() -> Limits {
    Limits { wall: Duration::from_hours(1), memory_limit_bytes: 20 << 30, ..Limits::default() }
}

fn job<'a>(guest: &'a Guest, limits: &'a Limits) -> Job<'a> {
    Job { guest, input: &[], limits, cost: false }
}

/// Processor seconds of the runner process so far.
fn cpu(backend: &RunnerBackend) -> f64 {
    let pid = backend.supervisor().pid().expect("the runner is warm");
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the runner is alive");
    // Fields 14 and 15 of proc_pid_stat(5), user and system time; the name before them may hold anything but `) `.
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("there is a name").split(' ').collect();
    let ticks = |field: usize| fields[field - 3].parse::<f64>().expect("a number");
    (ticks(14) + ticks(15)) / TICKS_PER_SECOND
}

fn row(what: &str, figure: &str) {
    println!("  {what:<28} {figure}");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
