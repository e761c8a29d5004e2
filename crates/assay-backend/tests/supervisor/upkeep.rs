//! When a process is replaced, and what it sees of us.

use assay_backend::{Settings, supervisor::Retirement};

use crate::bench::{Bench, settings};

#[test]
fn a_process_is_replaced_after_so_many_requests() {
    let mut bench = Bench::with("good", Settings { recycle_after_requests: 2, ..settings() });
    let mut pids = Vec::new();
    for _ in 0..4 {
        bench.execute().unwrap();
        pids.push(bench.supervisor.pid().unwrap());
    }
    assert_eq!((pids[0], pids[2]), (pids[1], pids[3]));
    assert_ne!(pids[0], pids[2]);
    assert_eq!(bench.supervisor.last_retirement(), Some(&Retirement::Served));
    assert_eq!(bench.processes().len(), 1);
    bench.ends();
}

#[test]
fn a_process_that_grew_is_replaced() {
    let mut bench = Bench::with("leak", Settings { recycle_growth_bytes: 32 << 20, ..settings() });
    let first = bench.supervisor.ensure_started().unwrap();
    bench.execute().unwrap();
    assert_eq!(bench.supervisor.ensure_started().unwrap(), first + 1);
    assert_eq!(bench.supervisor.last_retirement(), Some(&Retirement::Grown));
    bench.recovers();
}

#[test]
fn a_runner_sees_the_named_variables_only() {
    let mut bench = Bench::new("environment");
    bench.execute().unwrap();
    let seen = bench.supervisor.take_output().stdout.to_bytes();
    let seen = String::from_utf8(seen).unwrap();
    let mut allowed = assay_backend::supervisor::settings::ENVIRONMENT.to_vec();
    allowed.push("ASSAY_RUNNER_TOKEN");
    assert!(seen.contains("PATH\n"), "{seen}");
    // Cargo sets it for every test; it must not come through.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    for name in seen.lines() {
        assert!(allowed.contains(&name), "{name}");
    }
    bench.recovers();
}
