//! `assay conform` on what is built in: the reference machine of each platform, and native guests.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    conformance,
    support::{assay, complaint, json, stdout},
};

/// Every case of the groups that `docs/conformance.md` is about.
fn report(backend: &str, code: i32) -> Value {
    let mut arguments = vec!["conform", "-b", backend];
    let chosen = conformance::chosen();
    arguments.extend(chosen.iter().map(String::as_str));
    json(&arguments, code)
}

#[test]
fn the_reference_machine_and_native_guests_keep_what_they_promise() {
    for backend in ["reference", "reference@risc0", "reference@sp1", "reference@openvm", "native"] {
        let report = report(backend, 0);
        for run in report["runs"].as_array().unwrap() {
            assert_eq!((&run["counts"]["fail"], &run["counts"]["unjudged"]), (&0.into(), &0.into()), "{run:#}");
            assert!(run["counts"]["pass"].as_u64() > Some(40), "{run:#}");
        }
        conformance::check(backend, &report);
    }
}

#[test]
fn a_case_that_fails_is_a_failure_and_one_that_meets_a_limit_is_none() {
    let limits = json(&["conform", "-b", "reference@openvm", "--case", "output/257-bytes"], 0);
    let case = &limits["runs"][0]["cases"][0];
    assert_eq!(case["result"]["result"], "limit");
    assert!(case["result"]["detail"]["why"].as_str().unwrap().contains("256 bytes"), "{case:#}");
    // An instruction limit that no case of these can keep.
    let unjudged = json(&["conform", "--case", "isa/add", "--max-steps", "3", "--isa", "rv32im"], 5);
    assert_eq!(unjudged["runs"][0]["counts"]["unjudged"], 1);
}

#[test]
fn cases_are_chosen_by_name_and_listed() {
    let list = stdout(&["conform", "--list", "--case", "corner/x0-*", "--isa", "rv64im"], 0);
    assert!(list.contains("corner/x0-addi") && !list.contains("corner/div"), "{list}");
    assert!(complaint(&["conform", "--case", "nothing/*"], 1).contains("--list"));
    assert!(complaint(&["conform", "-b", "reference", "--with-proofs"], 6).contains("proves nothing"));
    assert!(complaint(&["conform", "-b", "reference@openvm", "--isa", "rv64im"], 1).contains("rv32im_xopenvm"));
}

#[test]
fn results_are_for_people_for_scripts_and_for_ci() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new/results.xml");
    let chosen = ["conform", "-b", "reference@risc0", "--case", "misaligned/lh*", "--case", "corner/div-*"];
    let text = stdout(&[&chosen[..], &["--junit", file.to_str().unwrap()]].concat(), 0);
    assert!(text.contains("misaligned/lhu-1") && text.contains("limit") && text.contains("0 FAIL"), "{text}");
    let xml = fs::read_to_string(&file).unwrap();
    assert!(xml.contains("<testcase name=\"misaligned/lhu-1\"") && xml.contains("<skipped message=\"limit: "), "{xml}");
    let run = assay(&[&chosen[..], &["--json"]].concat()).output().unwrap();
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["schema"], "assay.conform/1");
}
