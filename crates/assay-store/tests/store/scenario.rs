//! Everything that changes a store, once, in an order in which each has something to do.

use std::path::Path;

use assay_spec::{FindingState, Minimized};
use assay_store::{Faults, PruneOptions, Store, StoreError};
use jiff::SignedDuration;

use crate::support::{agreeing, diverging, finding};

/// Names of what is done, in this order.
pub(crate) const ACTS: [&str; 9] = [
    "passing",
    "new finding",
    "known finding",
    "two findings",
    "label",
    "minimize",
    "minimize again",
    "merge",
    "prune",
];

/// Opens the store at `path` for each act and acts. Tells `told` what was done, or why not.
pub(crate) fn play(path: &Path, faults: &Faults, told: &mut dyn FnMut(Result<String, StoreError>)) {
    for act in ACTS {
        told(Store::open_with_faults(path, faults.clone()).and_then(|store| one(&store, act)));
    }
}

/// Does what `act` names; for a run, the answer ends with its name.
fn one(store: &Store, act: &str) -> Result<String, StoreError> {
    let run = match act {
        "passing" => agreeing("fib", b"passing"),
        "new finding" => diverging("seed", b"new", "zk"),
        "known finding" => diverging("seed", b"known", "zk"),
        "two findings" => {
            let mut run = diverging("seed", b"two", "zk");
            run.findings.push(finding("other", "another"));
            run
        }
        _ => return change(store, act),
    };
    store.record(run).map(|recorded| format!("{act}: {}", recorded.run_id))
}

fn change(store: &Store, act: &str) -> Result<String, StoreError> {
    let [zk, other] = ["zk", "other"].map(|target| finding(target, "").identity.finding_id());
    let minimized = |instructions| Minimized {
        instructions: Some(instructions),
        input_bytes: 0,
        tests: 9,
        complete: true,
        disassembly: vec!["nop".to_owned()],
    };
    let files = |text: &str| [("seed.json".to_owned(), text.as_bytes().to_vec()), ("a.txt".to_owned(), vec![7; 99])];
    match act {
        "label" => drop(store.label(&zk, FindingState::Confirmed, Some("seen".to_owned()))?),
        "minimize" => drop(store.set_minimized(&zk, minimized(2), &files("{}"))?),
        "minimize again" => drop(store.set_minimized(&zk, minimized(1), &files("{\"a\":1}"))?),
        "merge" => drop(store.merge(&other, &zk)?),
        "prune" => {
            let all = PruneOptions { keep_for: SignedDuration::from_secs(-5), bytes_max: None, dry_run: false };
            drop(store.prune(&all)?);
        }
        other => panic!("no act {other}"),
    }
    Ok(act.to_owned())
}
