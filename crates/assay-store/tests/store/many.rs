//! Many processes in one store.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use assay_store::{RunFilter, Store};

use crate::faults::fast_folder;

/// Starts `processes`, each of which keeps `runs` runs, every tenth with a finding.
fn crowd(path: &Path, processes: u64, runs: u64) {
    let begin = Instant::now();
    let start = |_| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay-store-child"));
        command.args(["many", &runs.to_string()]).arg(path).stdout(Stdio::piped());
        command.spawn().expect("the child starts")
    };
    let children: Vec<_> = (0..processes).map(start).collect();
    let mut told = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("names are text");
        for line in text.lines() {
            assert!(told.insert(line.to_owned()), "{line} was given twice");
        }
    }
    println!("{processes} processes, {runs} runs each: {:?}", begin.elapsed());

    let store = Store::open(path).expect("it opens");
    let listed: BTreeSet<String> =
        store.runs(&RunFilter::default()).expect("a list").iter().map(|row| row.run_id.to_string()).collect();
    assert_eq!(listed.len() as u64, processes * runs);
    assert_eq!(listed, told);
    let report = store.check().expect("it can be checked");
    assert_eq!((report.damage, report.runs, report.summary_rows), (vec![], processes * runs, processes * runs));
    let finding = store.findings().expect("findings").remove(0);
    assert_eq!(finding.occurrences, processes * runs.div_ceil(10));
}

#[test]
fn sixteen_processes_keep_runs_in_one_store_and_none_is_lost_or_twice() {
    crowd(fast_folder().path(), 16, 200);
}

#[test]
#[ignore = "a minute where syncing takes its time"]
fn sixteen_processes_keep_3200_runs_on_a_disk() {
    let folder = tempfile::tempdir().unwrap();
    crowd(folder.path(), 16, 200);
}
