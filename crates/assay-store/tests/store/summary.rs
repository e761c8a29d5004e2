//! `summary.csv` and its exports.

use std::fs;

use assay_spec::{Divergence, Inconclusive, Verdict};
use assay_store::{COLUMNS, ExportForm, ExportSchema, Exported, Store, StoreError};

use crate::{
    keeping::keep,
    support::{agreeing, diverging, log},
};

fn export(store: &Store, schema: ExportSchema, form: ExportForm) -> String {
    let mut text = Vec::new();
    store.export(schema, form, &mut text).expect("a vector takes every byte");
    String::from_utf8(text).expect("rows are text")
}

#[test]
fn a_compared_pair_is_a_row_with_every_column() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let run = keep(&store, diverging("seed", b"1", "zk"));
    let text = fs::read_to_string(folder.path().join("summary.csv")).unwrap();
    let finding_id = &run.findings[0].finding_id;
    let expected = format!(
        "run_id,core,input,baseline_status,target_status,equal,reason,elapsed_baseline_ms,elapsed_target_ms,\
         timing_delta_ms,repro_path,generator,base_seed,mutation_ops,rng_seed,zkvm_target,target_version,rustc_version,\
         baseline,verdict,finding_id\n\
         {},seed,n.json,Ok,Ok,false,output from byte 3 (4 / 4 bytes),1.500,1.500,0.000,findings/{finding_id}/repro.sh,\
         mutated,seed-1,swap;flip,7,zk,1.2.3,rustc 1.95.0,reference,Diverge,{finding_id}\n",
        run.run_id
    );
    assert_eq!(text, expected);
    assert_eq!(export(&store, ExportSchema::Current, ExportForm::Csv), expected);
}

#[test]
fn the_older_export_has_18_columns_with_their_older_names() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    keep(&store, agreeing("fib", b"1"));
    let text = export(&store, ExportSchema::Phase4, ExportForm::Csv);
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "run_id,core,input,native_status,sp1_status,equal,reason,elapsed_native_ms,elapsed_sp1_ms,timing_delta_ms,\
         repro_path,generator,base_seed,mutation_ops,rng_seed,zkvm_target,sp1_version,rustc_version"
    );
    assert!(lines.next().unwrap().ends_with(",mutated,seed-1,swap;flip,7,zk,1.2.3,rustc 1.95.0"));
    let json: serde_json::Value =
        serde_json::from_str(&export(&store, ExportSchema::Phase4, ExportForm::Json)).unwrap();
    assert_eq!(json[0]["native_status"], "Ok");
    assert_eq!(json[0].as_object().unwrap().len(), 18);
}

#[test]
fn what_cannot_be_said_is_neither_equal_nor_unequal() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let message = Divergence::Message { baseline: Some("a".into()), target: None };
    for verdict in [
        Verdict::Agree,
        Verdict::SameFailure(vec![]),
        Verdict::SameFailure(vec![message]),
        Verdict::Inconclusive(Inconclusive::NotComparable { why: "two programs".into() }),
    ] {
        let mut run = agreeing("fib", b"");
        run.log = log(b"", verdict);
        keep(&store, run);
    }
    let json: Vec<serde_json::Value> =
        serde_json::from_str(&export(&store, ExportSchema::Current, ExportForm::Json)).unwrap();
    let cells: Vec<_> =
        json.iter().map(|row| (row["equal"].as_str().unwrap(), row["reason"].as_str().unwrap())).collect();
    assert_eq!(cells, [("true", ""), ("true", ""), ("false", "message a / none"), ("", "two programs")]);
}

#[test]
fn no_cell_is_a_formula_or_breaks_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\nb", "\"q\",'r'", "\u{1b}[31m", "<b>", "é"];
    for name in names {
        let mut run = agreeing(name, b"");
        run.input_name = format!("{name}{name}");
        keep(&store, run);
    }
    let text = fs::read_to_string(folder.path().join("summary.csv")).unwrap();
    assert_eq!(text.lines().count(), names.len() + 1);
    assert!(!text.contains(['\u{1b}', '\r', '\t']));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cores: Vec<String> = reader.records().map(|record| record.unwrap()[1].to_owned()).collect();
    let expected =
        ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\\t=1", "'\\r=1", "a\\nb", "\"q\",'r'", "\\u{1b}[31m", "<b>", "é"];
    assert_eq!(cores, expected);
    assert_eq!(store.check().unwrap().damage, []);
    // A number below zero is a number.
    let mut run = agreeing("fib", b"");
    run.log.outcomes[0].outcome.elapsed.execute_ms = 2.0;
    keep(&store, run);
    let text = fs::read_to_string(folder.path().join("summary.csv")).unwrap();
    assert!(text.lines().last().unwrap().contains(",2.000,1.500,-0.500,"), "{text}");
}

#[test]
fn a_torn_last_line_is_healed_by_the_next_and_no_other_row_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.csv");
    let store = Store::open(folder.path()).unwrap();
    keep(&store, agreeing("a", b""));
    let one = fs::read(&path).unwrap();
    keep(&store, agreeing("b", b""));
    let two = fs::read(&path).unwrap();
    for cut in one.len()..two.len() {
        fs::write(&path, &two[..cut]).unwrap();
        drop(Store::open(folder.path()).unwrap());
        assert_eq!(fs::read(&path).unwrap(), two, "cut at {cut}");
    }
    // A store that is open sees it, too.
    fs::write(&path, &two[..two.len() - 1]).unwrap();
    keep(&store, agreeing("c", b""));
    let third = fs::read(&path).unwrap();
    assert!(third.starts_with(&one) && third.ends_with(b"\n"));
    drop(Store::open(folder.path()).unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
    assert_eq!(store.check().unwrap().damage, []);
}

#[test]
fn a_file_with_other_columns_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.csv");
    let store = Store::open(folder.path()).unwrap();
    let ours = "my,own,table\n1,2,3\n".repeat(100);
    fs::write(&path, &ours).unwrap();
    let error = store.record(agreeing("a", b"")).unwrap_err();
    assert!(matches!(&error, StoreError::Unsettled { source, .. } if matches!(**source, StoreError::OtherHeader(_))));
    assert_eq!(fs::read_to_string(&path).unwrap(), ours);
    // The run is kept all the same, and gets its row when the file is moved away.
    fs::remove_file(&path).unwrap();
    drop(Store::open(folder.path()).unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
}

#[test]
fn lines_that_are_no_rows_are_counted_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    keep(&store, agreeing("a", b""));
    let path = folder.path().join("summary.csv");
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("rubbish\n");
    fs::write(&path, text).unwrap();
    let exported = store.export(ExportSchema::Current, ExportForm::Csv, &mut Vec::new()).unwrap();
    assert_eq!(exported, Exported { rows: 1, left_out: 1 });
    let damage = store.check().unwrap().damage;
    assert_eq!(
        (damage.len(), damage[0].what.as_str(), damage[0].why.as_str()),
        (1, "summary.csv", "line 3 is not a row")
    );
    assert_eq!(COLUMNS.len(), 21);
}
