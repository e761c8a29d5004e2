//! Files as each released version wrote them: they stay readable, and the version of today writes them back unchanged.
//!
//! A file here is never edited. A new version of a format adds files of its own.

use assay_spec::{
    InstalledRunner, MicroOp, Outcome, RunLog, Seed, ShrinkState,
    schema::{Versioned, from_json, read},
    trace::TraceManifest,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn stays_readable<T: Versioned>(json: &str) {
    let read = read::<T>(json.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", T::NAME));
    assert_eq!(read.unknown_fields, [""; 0], "{}", T::NAME);
    let written = serde_json::to_value(&read.value).expect("what was read can be written");
    assert_eq!(written, serde_json::from_str::<Value>(json).expect("what was read is JSON"), "{}", T::NAME);
}

fn lines_stay_readable<T: Serialize + DeserializeOwned>(lines: &str) {
    for line in lines.lines() {
        let mut unknown_fields = Vec::new();
        let value: T =
            from_json(line.as_bytes(), &mut unknown_fields).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(unknown_fields, [""; 0], "{line}");
        assert_eq!(serde_json::to_string(&value).expect("what was read can be written"), line);
    }
}

#[test]
fn outcomes_stay_readable() {
    stays_readable::<Outcome>(include_str!("golden/assay.outcome-1.json"));
    stays_readable::<Outcome>(include_str!("golden/assay.outcome-1.least.json"));
}

#[test]
fn run_logs_stay_readable() {
    stays_readable::<RunLog>(include_str!("golden/assay.run-1.json"));
}

#[test]
fn records_of_installed_runners_stay_readable() {
    stays_readable::<InstalledRunner>(include_str!("golden/assay.installed_runner-1.json"));
}

#[test]
fn trace_manifests_and_records_stay_readable() {
    stays_readable::<TraceManifest>(include_str!("golden/assay.trace-1.json"));
    lines_stay_readable::<MicroOp>(include_str!("golden/assay.micro_op-1.jsonl"));
}

#[test]
fn seeds_stay_readable() {
    lines_stay_readable::<Seed>(include_str!("golden/assay.seed-1.jsonl"));
}

#[test]
fn states_of_shrinks_stay_readable() {
    stays_readable::<ShrinkState>(include_str!("golden/assay.shrink-1.json"));
}
