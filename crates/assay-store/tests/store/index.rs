//! The index is derived: lost, stale or damaged, it is made again and answers as before.

use std::{fs, path::Path};

use assay_spec::{FindingId, Status, VerdictName};
use assay_store::{RunFilter, Store};

use crate::{
    keeping::keep,
    support::{agreeing, diverging, outcome},
};

/// What every sort of question is answered, as bytes.
pub(crate) fn answers(store: &Store) -> String {
    let all = store.runs(&RunFilter::default()).expect("the store is whole");
    let mut filters = vec![
        RunFilter::default(),
        RunFilter { core: Some("fib".to_owned()), ..RunFilter::default() },
        RunFilter { backend: Some("zk".to_owned()), status: Some(Status::Panic), ..RunFilter::default() },
        RunFilter { status: Some(Status::Panic), ..RunFilter::default() },
        RunFilter { verdict: Some(VerdictName::Diverge), ..RunFilter::default() },
        RunFilter { limit: Some(2), ..RunFilter::default() },
        RunFilter { since: all.get(1).map(|row| row.recorded_at), ..RunFilter::default() },
    ];
    filters.extend(
        store
            .findings()
            .expect("the store is whole")
            .into_iter()
            .map(|finding| RunFilter { finding: Some(finding.finding_id), ..RunFilter::default() }),
    );
    filters
        .iter()
        .map(|filter| {
            serde_json::to_string(&store.runs(filter).expect("the store is whole")).expect("the store is whole") + "\n"
        })
        .collect()
}

/// A store with a run of each sort.
pub(crate) fn mixed(path: &Path) -> Store {
    let store = Store::open(path).expect("the store is whole");
    keep(&store, agreeing("fib", b"1"));
    keep(&store, diverging("seed", b"2", "zk"));
    let mut panicked = agreeing("panic_test", b"3");
    panicked.log.outcomes[1] = outcome("zk", crate::support::GUEST, b"3", Status::Panic);
    keep(&store, panicked);
    keep(&store, diverging("seed", b"4", "zk"));
    keep(&store, diverging("other", b"5", "other"));
    store
}

#[test]
fn filters_take_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let store = mixed(folder.path());
    let cores = |filter: RunFilter| {
        let rows = store.runs(&filter).unwrap();
        rows.into_iter().map(|row| row.core).collect::<Vec<_>>()
    };
    let all = RunFilter::default;
    assert_eq!(cores(all()), ["other", "seed", "panic_test", "seed", "fib"]);
    assert_eq!(cores(RunFilter { core: Some("fib".into()), ..all() }), ["fib"]);
    assert_eq!(cores(RunFilter { status: Some(Status::Panic), ..all() }), ["panic_test"]);
    let on = |backend: &str, status| RunFilter { backend: Some(backend.into()), status: Some(status), ..all() };
    assert_eq!(cores(on("zk", Status::Panic)), ["panic_test"]);
    assert!(cores(on("reference", Status::Panic)).is_empty());
    assert_eq!(cores(RunFilter { verdict: Some(VerdictName::Agree), ..all() }), ["panic_test", "fib"]);
    assert_eq!(cores(RunFilter { limit: Some(1), ..all() }), ["other"]);
    let newest = store.runs(&all()).unwrap()[0].recorded_at;
    assert_eq!(cores(RunFilter { since: Some(newest), ..all() }), ["other"]);
    let finding_id = store.runs(&RunFilter { core: Some("other".into()), ..all() }).unwrap()[0].findings[0].clone();
    assert_eq!(cores(RunFilter { finding: Some(finding_id), ..all() }), ["other"]);
    let unknown: FindingId = "F0123456789abcdef".parse().unwrap();
    assert!(cores(RunFilter { finding: Some(unknown), ..all() }).is_empty());
}

#[test]
fn a_lost_index_is_made_again_with_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let store = mixed(folder.path());
    let (before, summary) = (answers(&store), fs::read(folder.path().join("summary.csv")).unwrap());
    let index = folder.path().join("index.db");
    // Under the feet of a store that is open, and between two openings.
    fs::remove_file(&index).unwrap();
    assert_eq!(answers(&store), before);
    assert!(index.exists());
    drop(store);
    fs::remove_file(&index).unwrap();
    assert_eq!(answers(&Store::open(folder.path()).unwrap()), before);
    assert_eq!(fs::read(folder.path().join("summary.csv")).unwrap(), summary);
    assert_eq!(Store::open(folder.path()).unwrap().findings().unwrap().len(), 2);
}

#[test]
fn a_stale_index_catches_up() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index.db");
    let store = mixed(folder.path());
    let old = fs::read(&index).unwrap();
    let more = keep(&store, agreeing("later", b"6"));
    let removed = store.runs(&RunFilter { core: Some("fib".into()), ..RunFilter::default() }).unwrap().remove(0);
    drop(store);
    fs::write(&index, old).unwrap();
    fs::remove_file(folder.path().join(format!("runs/{}.json", removed.run_id))).unwrap();
    let store = Store::open(folder.path()).unwrap();
    let ids: Vec<_> = store.runs(&RunFilter::default()).unwrap().into_iter().map(|row| row.run_id).collect();
    assert!(ids.contains(&more.run_id) && !ids.contains(&removed.run_id));
    let caught_up = answers(&store);
    store.rebuild().unwrap();
    assert_eq!(answers(&store), caught_up);
}

#[test]
fn a_damaged_index_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let before = answers(&mixed(folder.path()));
    let index = folder.path().join("index.db");
    let good = fs::read(&index).unwrap();
    let mut blank = good.clone();
    blank[4096..].fill(0);
    let mut scrambled = good.clone();
    scrambled[4096..].iter_mut().for_each(|byte| *byte ^= 0x55);
    for bad in [&b""[..], b"not a database", &good[..good.len() / 2], &blank, &scrambled, &[0xff; 8192]] {
        fs::write(&index, bad).unwrap();
        let _ = fs::remove_file(folder.path().join("index.db-journal"));
        let store = Store::open(folder.path()).unwrap();
        assert!(!store.is_read_only(), "{:?}", store.read_only_because());
        assert_eq!(answers(&store), before);
    }
}
