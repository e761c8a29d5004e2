//! Faults amid a request: whatever happens, a typed failure, a fresh process, and nothing left.

#![expect(clippy::unwrap_used, reason = "what tests share is test code, too")]

use std::{fs, path::Path, process::Stdio, thread};

use assay_backend::{
    RunnerFailure,
    supervisor::{Answer, Exit, Stop, work_folder},
};
use assay_spec::{
    Status,
    bytes::Digest,
    protocol::{Request, RunRequest},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::bench::{Bench, RUNNER, deaf, until};

/// Executes what `input` says; see the test runner.
fn execute(bench: &mut Bench, input: &str) -> Result<Answer, RunnerFailure> {
    let path = bench.path().join("input");
    fs::write(&path, input).unwrap();
    let input_path = Some(path.to_str().unwrap().to_owned());
    let request = Request::Execute(RunRequest { guest: Digest::of(b""), input_path, max_steps: 1, cost: false });
    bench.supervisor.call(request, &bench.limits, &mut |_| ())
}

#[test]
fn a_sigkill_from_outside_amid_a_request_is_a_crash_and_the_next_request_has_a_fresh_process() {
    let mut bench = Bench::new("as-input");
    bench.supervisor.ensure_started().unwrap();
    let pid = bench.supervisor.pid().unwrap();
    let mark = bench.path().join("mark");
    let input = format!("hang-deaf {}", mark.display());
    let failure = thread::scope(|scope| {
        scope.spawn(|| {
            until(|| mark.exists());
            kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
        });
        execute(&mut bench, &input).unwrap_err()
    });
    assert!(matches!(failure, RunnerFailure::Died { exit: Exit::Signal(9), .. }), "{failure:?}");
    assert_eq!(failure.status(), Some(Status::RunnerCrash));
    assert_eq!(bench.processes(), Vec::<String>::new());
    execute(&mut bench, "").unwrap();
    assert_ne!(bench.supervisor.pid(), Some(pid));
    bench.ends();
}

#[test]
fn cancelling_a_request_that_ignores_it_kills_the_runner() {
    let mut bench = Bench::with("as-input", deaf());
    let (mark, cancel) = (bench.path().join("mark"), bench.cancel.clone());
    let input = format!("hang-deaf {}", mark.display());
    let failure = thread::scope(|scope| {
        scope.spawn(|| {
            until(|| mark.exists());
            cancel.cancel();
        });
        execute(&mut bench, &input).unwrap_err()
    });
    // Asked to cancel, then SIGTERM, both in vain: each has its grace, and this is what comes behind them.
    assert!(matches!(failure, RunnerFailure::Cancelled { stop: Stop::Killed }), "{failure:?}");
    assert_eq!(bench.processes(), Vec::<String>::new());
    bench.ends();
}

#[test]
fn the_work_folder_of_an_owner_that_was_killed_is_removed_by_the_next() {
    let place = tempfile::tempdir().unwrap();
    let mut owner = std::process::Command::new(RUNNER)
        .arg("own-work-folder")
        .arg(place.path())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let folders = || -> Vec<_> { fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().path()).collect() };
    until(|| folders().pop().is_some_and(|path| path.join("ready").exists()));
    let path = folders().pop().unwrap();
    assert_eq!(work_folder::sweep(place.path()).removed, [""; 0].map(Path::new));
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(path.exists());
    assert_eq!(work_folder::sweep(place.path()).removed, [path]);
    assert_eq!(folders().len(), 0);
}
