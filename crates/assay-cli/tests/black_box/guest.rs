//! `assay guest`: what comes with Assay.

use std::fs;

use crate::support::{complaint, json, stdout};

#[test]
fn guests_are_listed_with_inputs_that_they_take() {
    let list = json(&["guest", "list"], 0);
    assert_eq!(list["schema"], "assay.guest_list/1");
    let fib = list["guests"].as_array().unwrap().iter().find(|guest| guest["name"] == "fib").unwrap();
    assert_eq!(fib["example"], serde_json::json!({"n": 24}));
    assert_eq!((&fib["input"][0]["name"], &fib["input"][0]["type"]), (&"n".into(), &"u32".into()));

    let text = stdout(&["guest", "list"], 0);
    for expected in ["fib", "n (u32): which number", "example: {\"n\":24}", "Kind is one of", "savings with"] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
}

#[test]
fn a_guest_that_there_is_not_is_told_which_there_are() {
    let text = complaint(&["guest", "build", "fob", "--platform", "standard"], 1);
    assert!(
        text.contains("fob") && text.contains("alloc_heavy, arithmetic, fib") && text.contains("guest list"),
        "{text}"
    );
    let text = complaint(&["guest", "build", "fib", "--platform", "sp1", "--isa", "rv32im"], 1);
    assert!(text.contains("sp1"), "{text}");
}

#[test]
fn a_built_guest_runs_and_has_its_manifest_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let text = stdout(&["guest", "build", "fib", "panic_test", "--platform", "standard", "--out", out], 0);
    assert!(text.contains("fib-standard-rv32.elf"), "{text}");
    let manifest = fs::read(folder.path().join("fib-standard-rv32.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["schema"], "assay.guest/1");

    let elf = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let outcome = json(&["run", &elf("fib-standard-rv32.elf"), "--input-hex", "18"], 0);
    assert_eq!(outcome["run"]["output"], "20b5000000000000");
    assert_eq!(outcome["guest"]["digest"], manifest["elf_digest"]);

    let outcome = json(&["run", &elf("panic_test-standard-rv32.elf"), "--input-hex", "000107"], 4);
    assert_eq!((&outcome["run"]["status"], &outcome["run"]["exit_code"]), (&"Failed".into(), &7.into()));
    let outcome = json(&["run", &elf("panic_test-standard-rv32.elf"), "--input-hex", "0002"], 4);
    assert_eq!(outcome["run"]["exit_code"], 134);
}
