//! What is kept is what comes back.

use std::{fs, process::Command};

use assay_spec::{FindingId, FindingState, Status, VerdictName};
use assay_store::{FindingFolder, NewRun, Recorded, RunFilter, Store, StoreError};

use crate::support::{GUEST, agreeing, diverging, finding};

/// Keeps a run and expects that to succeed.
pub(crate) fn keep(store: &Store, run: NewRun<'_>) -> Recorded {
    store.record(run).expect("the run is kept")
}

#[test]
fn a_run_comes_back_with_all_that_it_takes_to_run_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("store")).unwrap();
    let recorded = keep(&store, agreeing("fib", b"input"));
    assert_eq!(recorded.log.record.as_ref().unwrap().source.name(), "fib");
    let saved = Store::open_existing(store.path()).unwrap().saved_run(&recorded.run_id).unwrap();
    assert_eq!(saved.log, recorded.log);
    assert_eq!(saved.guests.values().collect::<Vec<_>>(), [GUEST]);
    assert_eq!(saved.input, b"input");

    let rows = store.runs(&RunFilter::default()).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].verdict, rows[0].outcomes[1].status), (Some(VerdictName::Agree), Status::Ok));
}

#[test]
fn a_finding_has_a_folder_that_can_be_read_anywhere_and_counts_its_occurrences() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("store")).unwrap();
    let first = keep(&store, diverging("it's a \"test\"\n", b"1", "zk"));
    let second = keep(&store, diverging("other", b"2", "zk"));
    let (first, second) = (&first.findings[0], &second.findings[0]);
    assert_eq!((first.is_new, second.is_new), (true, false));
    assert_eq!(first.finding_id, second.finding_id);
    let known = store.finding(&first.finding_id).unwrap();
    assert_eq!((known.occurrences, known.recent_runs.len(), known.state), (2, 2, FindingState::New));

    let mut names: Vec<_> = fs::read_dir(&first.folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let expected = [
        "SHA256SUMS",
        "finding.json",
        "guest.elf",
        "input.json",
        "minimized",
        "report.md",
        "repro.sh",
        "run_log.json",
        "seed.json",
    ];
    assert_eq!(names, expected);
    let elsewhere = folder.path().join("else where");
    assert!(Command::new("cp").arg("-r").arg(&first.folder).arg(&elsewhere).status().unwrap().success());
    let read = FindingFolder::read(&elsewhere).unwrap();
    assert_eq!(read.exemplar.input, b"1");
    assert_eq!(read.exemplar.guests.values().collect::<Vec<_>>(), [GUEST]);
    assert_eq!(read.seed.unwrap().instructions, [0x13, 0x0010_0073]);
    assert_eq!(read.report_md, "# output differs\n");

    // The script finds its folder from any directory, and hands it to whatever assay it is told.
    let output = Command::new(elsewhere.join("repro.sh")).current_dir("/").env("ASSAY", "echo").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("expected: zk against reference: Diverge\n"), "{said}");
    assert!(said.ends_with(&format!("replay -- {}\n", elsewhere.display())), "{said}");
}

#[test]
fn a_pipe_in_a_folder_that_came_from_elsewhere_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let finding = keep(&store, diverging("seed", b"1", "zk")).findings.remove(0).folder;
    for name in ["guest.elf", "finding.json", "report.md"] {
        let (path, aside) = (finding.join(name), finding.join("aside"));
        fs::rename(&path, &aside).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert!(matches!(FindingFolder::read(&finding), Err(StoreError::Read { .. })), "{name}");
        assert!(!store.check().unwrap().damage.is_empty(), "{name}");
        fs::rename(&aside, &path).unwrap();
    }
    FindingFolder::read(&finding).unwrap();
}

#[test]
fn a_store_is_not_made_among_other_files_and_nothing_is_opened_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open_existing(folder.path()), Err(StoreError::NotAStore(_))));
    fs::write(folder.path().join("thesis.tex"), "").unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::NotEmpty(_))));
}

#[test]
fn labels_and_merges_are_kept_and_merged_findings_are_counted_in() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let [a, b] = ["a", "b"].map(|target| keep(&store, diverging("x", b"", target)).findings[0].finding_id.clone());
    assert!(matches!(
        store.label(&a, FindingState::FalsePositive, Some(" ".to_owned())),
        Err(StoreError::ReasonMissing(_))
    ));
    store.label(&a, FindingState::FalsePositive, Some("documented".to_owned())).unwrap();
    assert_eq!(store.finding(&a).unwrap().reason.as_deref(), Some("documented"));

    assert_eq!(store.merge(&b, &a).unwrap().occurrences, 2);
    assert!(matches!(store.merge(&a, &b), Err(StoreError::MergedInCircle { .. })));
    let again = keep(&store, diverging("x", b"", "b"));
    assert_eq!(again.findings[0].finding_id, a);
    let shown =
        |id: &FindingId| store.runs(&RunFilter { finding: Some(id.clone()), ..RunFilter::default() }).unwrap().len();
    assert_eq!((shown(&a), shown(&b)), (3, 2));
    assert_eq!(store.findings().unwrap().iter().map(|finding| finding.occurrences).collect::<Vec<_>>(), [3]);
    assert_eq!(store.finding(&b).unwrap().merged_into, Some(a));
}

#[test]
fn a_run_that_could_not_be_run_again_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut without_guest = agreeing("fib", b"");
    without_guest.guests.clear();
    assert!(matches!(store.record(without_guest), Err(StoreError::GuestMissing { .. })));
    let mut other_input = agreeing("fib", b"1");
    other_input.input = b"2";
    assert!(matches!(store.record(other_input), Err(StoreError::OtherInput { .. })));
    let mut other_comparison = diverging("fib", b"1", "zk");
    other_comparison.findings[0].comparison = 1;
    assert!(matches!(store.record(other_comparison), Err(StoreError::NoSuchComparison { .. })));
    let mut twice = diverging("fib", b"1", "zk");
    twice.findings.push(finding("zk", "again"));
    assert_eq!(store.runs(&RunFilter::default()).unwrap(), []);
    let recorded = keep(&store, twice);
    assert_eq!(store.finding(&recorded.findings[0].finding_id).unwrap().occurrences, 1);
}
