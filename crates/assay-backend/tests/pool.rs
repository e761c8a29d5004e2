//! Several warm runners: at work at the same time, and nothing to each other.

use std::{
    fs,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, LazyLock},
    thread,
    time::Duration,
};

use assay_backend::{
    Backend as _, BackendError, CancelToken, Job, Lent, Limits, Pool, PoolError, Registry, SandboxSettings, Settings,
};
use assay_guest::{Guest, Harness};
use assay_isa::Isa;
use assay_spec::{InstalledRunner, Outcome, Platform, Status};

const RUNNER: &str = env!("CARGO_BIN_EXE_assay-misbehaving-runner");

/// Longer than anything here takes, on a machine under load too.
const PATIENCE: Duration = Duration::from_mins(4);

/// Registered once: the digest of a large program is slow to compute without optimisation.
static INSTALLED: LazyLock<InstalledRunner> = LazyLock::new(|| {
    let cache = tempfile::tempdir().expect("a temporary folder");
    let registry = Registry::new(cache.path().to_owned(), None);
    registry.register("misbehaving", Path::new(RUNNER), &CancelToken::new()).expect("it says who it is");
    registry.installed("misbehaving").expect("just registered")
});

fn settings() -> Settings {
    Settings {
        hello_timeout: PATIENCE,
        exit_grace: PATIENCE,
        cancel_grace: Duration::from_millis(200),
        terminate_grace: Duration::from_millis(200),
        ..Settings::default()
    }
}

fn pool_with(size: usize, settings: Settings, cancel: CancelToken) -> Pool {
    let size = NonZeroUsize::new(size).expect("not empty");
    Pool::with_arguments(INSTALLED.clone(), vec!["as-input".into()], size, settings, cancel)
}

fn pool(size: usize) -> Pool {
    pool_with(size, settings(), CancelToken::new())
}

fn guest() -> Guest {
    Harness::new(Platform::Standard, Isa::RV32IM, vec![0x13]).build("test").expect("a guest")
}

fn try_execute(lent: &mut Lent<'_>, input: &str) -> Result<Outcome, BackendError> {
    let (guest, limits) = (guest(), Limits { wall: PATIENCE, ..Limits::default() });
    lent.execute(&Job { guest: &guest, input: input.as_bytes(), limits: &limits, cost: false })
}

/// The process that executed it.
#[track_caller]
fn execute(lent: &mut Lent<'_>, input: &str) -> i32 {
    let run = try_execute(lent, input).expect("an outcome").run;
    assert_eq!(run.status, Status::Ok, "{:?}", run.message);
    i32::from_le_bytes(run.output.0.try_into().expect("four bytes"))
}

/// Whether the process is gone; what is reaped leaves no entry.
fn is_gone(pid: i32) -> bool {
    !Path::new("/proc").join(pid.to_string()).exists()
}

#[test]
fn as_many_guests_run_at_the_same_time_as_there_are_runners_and_none_is_left() {
    let pool = pool(3);
    let place = tempfile::tempdir().unwrap();
    let meet = format!("meet {} 3", place.path().display());
    let mut pids: Vec<i32> = thread::scope(|scope| {
        let work = || execute(&mut pool.check_out(PATIENCE).unwrap(), &meet);
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 3);
    assert!(!pids.iter().any(|&pid| is_gone(pid)));
    drop(pool);
    assert!(pids.iter().all(|&pid| is_gone(pid)), "{pids:?}");
}

#[test]
fn many_threads_share_a_few_processes() {
    let pool = pool(2);
    let mut pids: Vec<i32> = thread::scope(|scope| {
        let work = || execute(&mut pool.check_out(PATIENCE).unwrap(), "");
        let threads: Vec<_> = (0..12).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    pids.sort_unstable();
    pids.dedup();
    assert!(pids.len() <= 2, "{pids:?}");
    assert_eq!(pool.lent(), 0);
}

#[test]
fn a_crash_of_one_is_nothing_to_the_others_and_it_is_replaced() {
    let pool = pool(3);
    let place = tempfile::tempdir().unwrap();
    let meet = format!("meet {} 2", place.path().display());
    let mut crashing = pool.check_out(PATIENCE).unwrap();
    let first = execute(&mut crashing, "");
    thread::scope(|scope| {
        let others: Vec<_> =
            (0..2).map(|_| scope.spawn(|| execute(&mut pool.check_out(PATIENCE).unwrap(), &meet))).collect();
        let run = try_execute(&mut crashing, "crash").unwrap().run;
        assert_eq!(run.status, Status::RunnerCrash);
        assert!(is_gone(first));
        for other in others {
            other.join().unwrap();
        }
    });
    assert_ne!(execute(&mut crashing, ""), first);
}

#[test]
fn a_runner_that_was_given_back_is_warm_for_the_next() {
    let pool = pool(2);
    let first = execute(&mut pool.check_out(PATIENCE).unwrap(), "");
    assert_eq!(execute(&mut pool.check_out(PATIENCE).unwrap(), ""), first);
}

#[test]
fn waiting_is_bounded_and_ends_when_one_is_given_back() {
    let pool = pool(1);
    let mut lent = pool.check_out(PATIENCE).unwrap();
    let pid = execute(&mut lent, "");
    assert!(matches!(pool.check_out(Duration::ZERO), Err(PoolError::Busy { size: 1, .. })));
    let error = pool.check_out(Duration::from_millis(60)).err().unwrap();
    assert!(error.to_string().contains("misbehaving"), "{error}");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| execute(&mut pool.check_out(PATIENCE).unwrap(), ""));
        drop(lent);
        assert_eq!(waiting.join().unwrap(), pid);
    });
}

#[test]
fn cancelling_ends_waits_and_work_and_processes() {
    let cancel = CancelToken::new();
    let pool = pool_with(1, settings(), cancel.clone());
    let mut lent = pool.check_out(PATIENCE).unwrap();
    let pid = execute(&mut lent, "");
    let place = tempfile::tempdir().unwrap();
    let mark = place.path().join("mark");
    let input = format!("hang-deaf {}", mark.display());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pool.check_out(PATIENCE).err());
        let working = scope.spawn(move || try_execute(&mut lent, &input).err());
        while !mark.exists() {
            thread::sleep(Duration::from_millis(2));
        }
        cancel.cancel();
        assert!(matches!(waiting.join().unwrap(), Some(PoolError::Cancelled)));
        assert!(matches!(working.join().unwrap(), Some(BackendError::Cancelled)));
    });
    assert!(is_gone(pid));
}

#[test]
fn a_caller_that_panics_costs_the_runner_and_not_the_pool() {
    let pool = pool(1);
    let mut pid = 0;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut lent = pool.check_out(PATIENCE).unwrap();
        pid = execute(&mut lent, "");
        panic!("as callers do");
    }));
    assert!(panicked.is_err());
    assert!(is_gone(pid));
    assert_ne!(execute(&mut pool.check_out(PATIENCE).unwrap(), ""), pid);
}

#[test]
fn runners_of_a_pool_are_recycled_as_others_are() {
    let pool = pool_with(1, Settings { recycle_after_requests: 3, ..settings() }, CancelToken::new());
    // The guest is loaded, which is the first request of a process.
    let pids: Vec<i32> = (0..4).map(|_| execute(&mut pool.check_out(PATIENCE).unwrap(), "")).collect();
    assert_eq!((pids[0], pids[2]), (pids[1], pids[3]));
    assert_ne!(pids[0], pids[2]);
    assert!(is_gone(pids[0]));
}

#[test]
fn what_is_written_down_of_progress_is_the_lenders_own() {
    let pool = pool(1);
    let count = Arc::new(());
    let mut lent = pool.check_out(PATIENCE).unwrap();
    let held = count.clone();
    lent.on_progress(Box::new(move |_| drop(Arc::clone(&held))));
    drop(lent);
    assert_eq!(Arc::strong_count(&count), 1);
}

#[test]
fn runners_of_a_pool_are_sandboxed_as_the_settings_say() {
    let sandbox = SandboxSettings { launcher: Some(RUNNER.into()), ..SandboxSettings::default() };
    let pool = pool_with(2, Settings { sandbox, ..settings() }, CancelToken::new());
    let mut lent = pool.check_out(PATIENCE).unwrap();
    let pid = execute(&mut lent, "");
    assert!(lent.supervisor().sandbox().unwrap().is_any());
    drop(lent);
    drop(pool);
    assert!(is_gone(pid));
}

#[test]
fn an_empty_work_folder_is_all_that_a_pool_leaves_of_a_crash_and_with_the_pool_that_goes() {
    let pool = pool(1);
    let mut lent = pool.check_out(PATIENCE).unwrap();
    let pid = execute(&mut lent, "");
    let work = fs::read_link(format!("/proc/{pid}/cwd")).unwrap();
    try_execute(&mut lent, "crash").unwrap();
    assert_eq!(fs::read_dir(&work).unwrap().count(), 0);
    drop(lent);
    drop(pool);
    assert!(!work.exists());
}
