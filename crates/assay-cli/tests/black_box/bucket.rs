//! `assay bucket` and `assay trace import`, on the reference machine.

use std::{collections::BTreeMap, fs, path::Path};

use assay_spec::{BucketHit, MicroOp};

use crate::support::{assay, complaint, json, stdout};

const SOURCE: &str =
    "li x6, 100 # a comment\nli x7, 0\ndivu x5, x6, x7\nloop: addi x6, x6, -50\nbne x6, x0, loop\n00530293\n";

/// A folder with an instruction file in it.
fn folder() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("insts.s");
    fs::write(&file, SOURCE).unwrap();
    let text = |path: &Path| path.to_str().expect("temporary folders have plain names").to_owned();
    let (file, out) = (text(&file), text(&folder.path().join("out")));
    (folder, file, out)
}

fn names(folder: &str) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_catalogue_is_whole_in_both_forms() {
    let text = stdout(&["bucket", "list"], 0);
    let list = json(&["bucket", "list"], 0);
    assert_eq!(list["schema"], "assay.bucket_list/1");
    let buckets = list["buckets"].as_array().unwrap();
    assert_eq!(buckets.len(), 33);
    for bucket in buckets {
        assert!(text.contains(bucket["id"].as_str().unwrap()), "{bucket}");
    }
    assert!(text.contains("has_load_store"));
}

#[test]
fn a_bucket_is_explained_with_its_bugs_and_a_disassembled_example() {
    let text = stdout(&["bucket", "explain", "sem.arithmetic.special_case_consistency"], 0);
    for part in
        ["division or remainder by 0", "GHSA-f6rc-24x4-ppxp", "backends: reference", "0x10008  027352b3", "divu"]
    {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    let text = stdout(&["bucket", "explain", "sem.control.jalr_low_bit"], 0);
    assert!(text.contains("none on record"), "{text}");
    let json = json(&["bucket", "explain", "sem.control.jalr_low_bit"], 0);
    assert_eq!(json["buckets"][0]["category"], "control");
}

#[test]
fn an_unknown_bucket_names_the_nearest() {
    let text = complaint(&["bucket", "explain", "sem.memory.misaligned_acess"], 1);
    assert!(text.contains("sem.memory.misaligned_access"), "{text}");
    assert!(text.contains("assay bucket list"), "{text}");
}

#[test]
fn a_run_leaves_its_trace_and_its_hits() {
    let (_folder, file, out) = folder();
    let text = stdout(&["bucket", "run", "--insts", &file, "--out", &out], 0);
    assert!(text.contains("sem.arithmetic.special_case_consistency"), "{text}");
    assert!(text.contains("signals:") && text.contains("has_branch_back"), "{text}");
    let expected =
        ["bucket_hits.json", "micro_op_records.json", "reference_run.stderr.txt", "reference_run.stdout.txt"];
    for name in expected {
        assert!(names(&out).contains(&name.to_owned()), "{name}");
    }
    let file = fs::read(Path::new(&out).join("bucket_hits.json")).unwrap();
    let hits: Vec<BucketHit> = serde_json::from_slice(&file).unwrap();
    let hit = hits.iter().find(|hit| hit.bucket == "sem.arithmetic.special_case_consistency").unwrap();
    assert_eq!(hit.details["case"], "division by zero");
    let records: Vec<MicroOp> =
        serde_json::from_slice(&fs::read(Path::new(&out).join("micro_op_records.json")).unwrap()).unwrap();
    let of_hit = |record: &&MicroOp| hit.seq.contains(&record.seq());
    assert!(records.iter().filter(of_hit).any(|r| matches!(r, MicroOp::Instruction(i) if i.mnemonic == "divu")));
}

#[test]
fn trace_only_leaves_no_hits_and_the_default_folder_names_the_backend() {
    let (folder, file, _) = folder();
    assay(&["bucket", "run", "--insts", &file, "--trace-only"]).current_dir(folder.path()).assert().code(0);
    let out = folder.path().join(format!("out/reference-{}/from-insts", env!("CARGO_PKG_VERSION")));
    let names = names(out.to_str().unwrap());
    assert!(names.contains(&"micro_op_records.json".to_owned()), "{names:?}");
    assert!(!names.contains(&"bucket_hits.json".to_owned()), "{names:?}");
}

#[test]
fn a_folder_a_file_of_either_form_and_a_pipe_give_the_same_answer() {
    let (_folder, file, out) = folder();
    let run = json(&["bucket", "run", "--insts", &file, "--out", &out], 0);
    assert_eq!(run["schema"], "assay.bucket_report/1");
    let array = format!("{out}/micro_op_records.json");
    assert_eq!(json(&["bucket", "match", &out], 0), run);
    assert_eq!(json(&["bucket", "match", &array], 0), run);
    let lines = format!("{out}-lines");
    stdout(&["trace", "--insts", &file, "--out", &lines, "--records", "jsonl"], 0);
    assert_eq!(json(&["bucket", "match", &lines], 0), run);
    let piped = assay(&["bucket", "match", "-", "--format", "json"]).write_stdin(fs::read(&array).unwrap()).assert();
    let piped: serde_json::Value = serde_json::from_slice(&piped.code(0).get_output().stdout).unwrap();
    assert_eq!(piped, run);
    let ids: Vec<&str> = run["buckets"].as_array().unwrap().iter().map(|b| b["bucket"].as_str().unwrap()).collect();
    assert_eq!(run["signature"], ids.join(";"));
}

#[test]
fn hits_of_a_match_can_be_kept() {
    let (_folder, file, out) = folder();
    stdout(&["trace", "--insts", &file, "--out", &out], 0);
    let kept = format!("{out}-hits");
    let report = json(&["bucket", "match", &out, "--out", &kept], 0);
    let hits: serde_json::Value =
        serde_json::from_slice(&fs::read(format!("{kept}/bucket_hits.json")).unwrap()).unwrap();
    assert_eq!(hits, report["hits"]);
}

#[test]
fn what_is_no_trace_is_refused_with_what_to_do() {
    let (folder, file, _) = folder();
    let text = complaint(&["bucket", "match", &file], 1);
    assert!(text.contains("is not a trace") && text.contains("assay trace import"), "{text}");
    let text = complaint(&["bucket", "match", folder.path().to_str().unwrap()], 1);
    assert!(text.contains("holds no trace") && text.contains("micro_op_records.json"), "{text}");
    let text = complaint(&["bucket", "match", "no-such-folder"], 1);
    assert!(text.contains("no-such-folder"), "{text}");
}

#[test]
fn a_manifest_cannot_lead_out_of_its_folder() {
    let (_folder, file, out) = folder();
    stdout(&["trace", "--insts", &file, "--out", &out], 0);
    let path = format!("{out}/trace.json");
    let manifest = fs::read_to_string(&path).unwrap().replace("micro_op_records.json", "../insts.s");
    fs::write(&path, manifest).unwrap();
    let text = complaint(&["bucket", "match", &out], 1);
    assert!(text.contains("no file beside it"), "{text}");
}

#[test]
fn a_log_of_another_tool_is_imported_and_matched() {
    let (folder, _, out) = folder();
    let log = folder.path().join("prover.log");
    let text = r#"boot
        [INFO] <record>{"Instruction":{"from_pc":4096,"to_pc":4100,"insn":7476907,"clk":1}}</record> ok
        <record>{"type":"instruction","data":{"pc":"0x1004","next_pc":"0x1008","word":"0xfffff2b7"}}</record>
        <record>{"type":"instruction"}</record> <record>garbage</record>"#;
    fs::write(&log, text).unwrap();
    let report = json(&["trace", "import", log.to_str().unwrap(), "--out", &out], 0);
    assert_eq!(report["schema"], "assay.trace_import/1");
    assert_eq!((&report["instructions"], &report["skipped"]), (&2.into(), &2.into()));
    let reasons: BTreeMap<String, u64> = serde_json::from_value(report["reasons"].clone()).unwrap();
    assert_eq!(reasons["an instruction record without pc"], 1);
    let matched = json(&["bucket", "match", &out], 0);
    assert_eq!(matched["records"], 2);
    assert_eq!(matched["signature"], "sem.decode.upper_immediate_materialization");

    let human = stdout(&["trace", "import", log.to_str().unwrap(), "--out", &out], 0);
    assert!(human.contains("2 instructions") && human.contains("not a JSON object"), "{human}");
}

#[test]
fn a_log_without_records_is_inconclusive() {
    let (folder, file, out) = folder();
    stdout(&["trace", "import", &file, "--out", &out], 5);
    let missing = folder.path().join("missing.log");
    let text = complaint(&["trace", "import", missing.to_str().unwrap(), "--out", &out], 1);
    assert!(text.contains("missing.log"), "{text}");
}

#[test]
fn tracing_still_needs_a_guest_and_help_names_import() {
    let text = complaint(&["trace"], 1);
    assert!(text.contains("required"), "{text}");
    assert!(stdout(&["trace", "--help"], 0).contains("import"));
    assert!(stdout(&["bucket", "--help"], 0).contains("explain"));
}
