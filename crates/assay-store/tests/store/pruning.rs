//! What goes and what stays.

use std::{fs, path::Path};

use assay_spec::RunId;
use assay_store::{PruneOptions, Recorded, RunFilter, Store};
use jiff::SignedDuration;

use crate::{
    keeping::keep,
    support::{agreeing, diverging},
};

/// Everything that may go goes.
const ALL: PruneOptions = PruneOptions { keep_for: SignedDuration::ZERO, bytes_max: None, dry_run: false };

fn ids(store: &Store) -> Vec<RunId> {
    let mut ids: Vec<_> =
        store.runs(&RunFilter::default()).expect("a list").into_iter().map(|row| row.run_id).collect();
    ids.reverse();
    ids
}

fn inputs(path: &Path) -> usize {
    fs::read_dir(path.join("inputs")).expect("a folder").count()
}

#[test]
fn passing_runs_go_with_their_inputs_and_findings_stay_with_all_that_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    keep(&store, agreeing("fib", b"1"));
    let kept: Vec<Recorded> = [b"2", b"3"].map(|input| keep(&store, diverging("seed", input, "zk"))).into();
    keep(&store, agreeing("fib", b"3"));
    let summary = fs::read(folder.path().join("summary.csv")).unwrap();

    let untouched = store.prune(&PruneOptions::default()).unwrap();
    assert_eq!((untouched.runs.len(), untouched.blobs, untouched.runs_left), (0, 0, 4));
    let would = store.prune(&PruneOptions { dry_run: true, ..ALL }).unwrap();
    assert_eq!(ids(&store).len(), 4);
    let report = store.prune(&ALL).unwrap();
    assert_eq!((would.runs, would.bytes, would.bytes_left), (report.runs, report.bytes, report.bytes_left));
    // Input 3 is still needed, input 1 is not.
    assert_eq!((report.blobs, report.runs_left, inputs(folder.path())), (1, 2, 2));
    assert_eq!(ids(&store), [kept[0].run_id.clone(), kept[1].run_id.clone()]);
    for run in &kept {
        store.saved_run(&run.run_id).unwrap();
    }
    assert_eq!(fs::read(folder.path().join("summary.csv")).unwrap(), summary);
    assert_eq!(store.check().unwrap().damage, []);
    // What was pruned can be kept again.
    keep(&store, agreeing("fib", b"1"));
    assert_eq!(store.check().unwrap().damage, []);
}

#[test]
fn beyond_a_size_the_oldest_passing_runs_go() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let runs: Vec<_> = (0..6u8).map(|input| keep(&store, agreeing("fib", &[input; 100])).run_id).collect();
    let size = store.prune(&PruneOptions::default()).unwrap().bytes_left;
    let report = store.prune(&PruneOptions { bytes_max: Some(size / 2), ..PruneOptions::default() }).unwrap();
    assert!(report.bytes_left <= size / 2 && report.bytes_left + report.bytes == size, "{report:?}");
    assert_eq!(report.runs, runs[..report.runs.len()]);
    assert_eq!(ids(&store), runs[report.runs.len()..]);
}

#[test]
fn where_a_run_cannot_be_read_nothing_that_it_might_need_goes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let damaged = keep(&store, agreeing("fib", b"1")).run_path;
    keep(&store, agreeing("fib", b"2"));
    fs::write(&damaged, "").unwrap();
    let report = store.prune(&ALL).unwrap();
    assert_eq!((report.runs.len(), report.blobs, report.notes.len()), (1, 0, 1));
    assert!(damaged.exists());
    assert_eq!(inputs(folder.path()), 2);
}

#[test]
fn receipts_and_traces_stay_as_long_as_runs_do() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let receipt = store.put_receipt(b"receipt").unwrap();
    let records = folder.path().join("records.jsonl");
    fs::write(&records, "{}\n").unwrap();
    let trace = store.put_trace(&records).unwrap();
    assert_eq!(store.prune(&PruneOptions::default()).unwrap().blobs, 0);
    assert_eq!(store.receipt(&receipt).unwrap(), b"receipt");
    assert_eq!(fs::read(store.trace_path(&trace)).unwrap(), b"{}\n");
    let later = PruneOptions { keep_for: SignedDuration::from_secs(-5), ..ALL };
    assert_eq!(store.prune(&later).unwrap().blobs, 2);
}
