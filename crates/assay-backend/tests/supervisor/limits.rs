//! Limits that we enforce, and cancellation.

use std::{thread, time::Duration};

use assay_backend::{
    RunnerFailure,
    supervisor::{FileLimit, Stop},
};
use assay_spec::{
    Status,
    bytes::Digest,
    protocol::{RecordSelection, Request, RunRequest, TraceRequest},
};

use crate::bench::{Bench, LONG, SHORT, deaf};

fn wall_stop(failure: &RunnerFailure) -> Stop {
    assert_eq!(failure.status(), Some(Status::Timeout), "{failure}");
    match failure {
        RunnerFailure::WallLimit { stop, .. } => *stop,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_hanging_runner_is_ended_by_sigterm() {
    let mut bench = Bench::new("hang").wall(SHORT);
    assert_eq!(wall_stop(&bench.fails()), Stop::Terminated);
    bench.recovers();
}

#[test]
fn a_hanging_runner_that_ignores_sigterm_is_killed() {
    let mut bench = Bench::with("hang-deaf", deaf()).wall(SHORT);
    assert_eq!(wall_stop(&bench.fails()), Stop::Killed);
    bench.recovers();
}

#[test]
fn a_runner_that_gives_up_when_asked_lives_on() {
    let mut bench = Bench::new("cancellable").wall(SHORT);
    let failure = bench.execute().unwrap_err();
    // Under load the runner may miss the grace; that it then is ended is another test's matter.
    if wall_stop(&failure) == Stop::Gracefully {
        let pid = bench.supervisor.pid().unwrap();
        bench.limits.wall = LONG;
        bench.execute().unwrap();
        assert_eq!(bench.supervisor.pid(), Some(pid));
    }
    bench.recovers();
}

#[test]
fn an_acknowledged_cancel_without_the_end_of_the_request_is_not_enough() {
    let mut bench = Bench::new("cancel-half").wall(SHORT);
    assert_eq!(wall_stop(&bench.fails()), Stop::Terminated);
    bench.recovers();
}

#[test]
fn a_hanging_runner_takes_its_children_along() {
    let mut bench = Bench::new("grandchild-hang").wall(Duration::from_millis(600));
    wall_stop(&bench.fails());
    bench.recovers();
}

#[test]
fn a_runner_above_the_memory_limit_is_killed_and_it_was_us() {
    let mut bench = Bench::new("grow");
    bench.limits.memory_limit_bytes = 100 << 20;
    let failure = bench.fails();
    assert_eq!(failure.status(), Some(Status::OutOfMemory));
    assert!(
        matches!(failure, RunnerFailure::MemoryLimit { limit_bytes, resident_bytes }
            if limit_bytes == 100 << 20 && resident_bytes > limit_bytes),
        "{failure:?}"
    );
    bench.recovers();
}

#[test]
fn memory_of_a_runners_children_counts() {
    let mut bench = Bench::new("grandchild-grow");
    bench.limits.memory_limit_bytes = 100 << 20;
    assert_eq!(bench.fails().status(), Some(Status::OutOfMemory));
    bench.recovers();
}

#[test]
fn a_records_file_without_end_is_cut_off() {
    let mut bench = Bench::new("endless-records");
    let path = bench.path().join("records");
    bench.limits.file = Some(FileLimit { path: path.clone(), bytes_max: 1 << 20 });
    let request = Request::Trace(TraceRequest {
        run: RunRequest { guest: Digest::of(b""), input_path: None, max_steps: 1, cost: false },
        records_path: path.to_str().unwrap().to_owned(),
        records: RecordSelection::All,
        max_records: 1,
    });
    let failure = bench.supervisor.call(request, &bench.limits, &mut |_| ()).unwrap_err();
    assert!(matches!(failure, RunnerFailure::FileLimit { bytes, .. } if bytes > 1 << 20), "{failure:?}");
    assert_eq!(failure.status(), Some(Status::OutputLimit));
    std::fs::remove_file(path).unwrap();
    bench.limits.file = None;
    bench.recovers();
}

#[test]
fn a_flood_on_stdout_is_counted_capped_and_harmless() {
    let mut bench = Bench::new("stdout-flood");
    bench.execute().unwrap();
    let stdout = bench.supervisor.take_output().stdout;
    assert_eq!(stdout.total_bytes(), 4096 * 8192 + "the last line\n".len() as u64);
    assert!(stdout.to_bytes().ends_with(b"the last line\n"));
    assert!(stdout.to_bytes().len() < 1 << 20);
    bench.recovers();
}

#[test]
fn a_flood_on_stdout_without_end_is_the_wall_limit() {
    let mut bench = Bench::new("stdout-flood-endless").wall(SHORT);
    assert_eq!(bench.fails().status(), Some(Status::Timeout));
    let output = bench.supervisor.take_output();
    assert!(output.stdout.total_bytes() > 0 && output.stderr.total_bytes() > 0);
    bench.recovers();
}

#[test]
fn cancelling_from_another_thread_ends_the_wait_and_the_runner() {
    let mut bench = Bench::new("hang");
    let cancel = bench.cancel.clone();
    let other = thread::spawn(move || {
        thread::sleep(SHORT);
        cancel.cancel();
    });
    let failure = bench.fails();
    other.join().unwrap();
    assert!(matches!(failure, RunnerFailure::Cancelled { .. }), "{failure:?}");
    assert_eq!(failure.status(), None);
    // Cancelled stays cancelled: nothing more is started.
    let failure = bench.execute().unwrap_err();
    assert!(matches!(failure, RunnerFailure::Cancelled { stop: Stop::Idle }), "{failure:?}");
    bench.ends();
}
