//! `assay findings`: seen, labelled, merged.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{assay, complaint, json, stdout};

/// A store in which `sub` was found wrong twice, with other registers and values, and `mul` once.
struct Stored {
    store: TempDir,
}

impl Stored {
    fn new() -> Self {
        let stored = Self { store: tempfile::tempdir().unwrap() };
        stored.find("li t0, 9; li t1, 3; sub t2, t0, t1", "sub:+1");
        stored.find("li a0, -700; li a1, 3; nop; sub s2, a1, a0; add a2, s2, s2", "sub:+8");
        stored.find("li t0, 9; mul t2, t0, t0", "mul:+1");
        stored
    }

    fn find(&self, asm: &str, fault: &str) {
        let diff = ["diff", "-b", "reference", "--store", self.place(), "--asm", asm, "--plant-fault", fault];
        assay(&diff).assert().code(2);
    }

    fn place(&self) -> &str {
        self.store.path().to_str().expect("temporary folders have plain names")
    }

    fn list(&self, filters: &[&str]) -> Vec<Value> {
        let list = json(&[&["findings", "list", "--store", self.place()], filters].concat(), 0);
        assert_eq!(list["schema"], "assay.finding_list/1");
        list["findings"].as_array().unwrap().clone()
    }

    fn id(&self, mnemonic: &str) -> String {
        let all = self.list(&[]);
        let found = all.iter().find(|finding| finding["identity"]["instruction"]["mnemonic"] == mnemonic);
        found.unwrap()["finding_id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn one_bug_is_one_finding_whatever_registers_and_values_show_it() {
    let stored = Stored::new();
    let all = stored.list(&[]);
    assert_eq!(all.len(), 2, "{all:?}");
    // The latest comes first.
    assert_eq!((&all[0]["identity"]["instruction"]["mnemonic"], &all[0]["occurrences"]), (&"mul".into(), &1.into()));
    assert_eq!((&all[1]["identity"]["instruction"]["mnemonic"], &all[1]["occurrences"]), (&"sub".into(), &2.into()));
    assert_eq!(all[1]["recent_runs"].as_array().unwrap().len(), 2);
    let text = stdout(&["findings", "list", "--store", stored.place()], 0);
    assert!(text.contains("`sub` differs from reference in register"), "{text}");
}

#[test]
fn findings_are_filtered_by_state_backend_and_kind() {
    let stored = Stored::new();
    let sub = stored.id("sub");
    json(&["findings", "label", &sub, "fixed", "--store", stored.place()], 0);
    let names = |filters: &[&str]| stored.list(filters).len();
    assert_eq!(names(&["--state", "fixed"]), 1);
    assert_eq!(names(&["--state", "fixed", "--state", "new"]), 2);
    assert_eq!(names(&["--backend", "reference+fault"]), 2);
    assert_eq!(names(&["--backend", "sp1"]), 0);
    assert_eq!(names(&["--kind", "divergence", "--state", "new"]), 1);
    assert_eq!(names(&["--kind", "crash"]), 0);
    assert_eq!(stdout(&["findings", "list", "--kind", "crash", "--store", stored.place()], 0), "no findings\n");
    assert!(complaint(&["findings", "list", "--state", "odd"], 1).contains("false-positive"));
    assert!(complaint(&["findings", "list", "--kind", "odd"], 1).contains("soundness"));
}

#[test]
fn a_finding_is_shown_with_what_diverges_and_how_to_run_it_again() {
    let stored = Stored::new();
    let sub = stored.id("sub");
    let text = stdout(&["findings", "show", &sub, "--store", stored.place()], 0);
    for expected in [
        "state        new",
        "instruction  sub register, register, register",
        "seen         2 times",
        "first diverging instruction",
        "> 0x",
        &format!("assay replay {sub} --store"),
        "repro.sh",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
    let finding = json(&["findings", "show", &sub, "--store", stored.place()], 0);
    assert_eq!(finding["schema"], "assay.finding/1");
    // What is known of it is shown also where its exemplar is damaged.
    fs::remove_file(stored.store.path().join("findings").join(&sub).join("run_log.json")).unwrap();
    let text = stdout(&["findings", "show", &sub, "--store", stored.place()], 0);
    assert!(text.contains("seen         2 times") && text.contains("run_log.json"), "{text}");
}

#[test]
fn a_false_positive_needs_a_reason_and_states_have_one_spelling() {
    let stored = Stored::new();
    let sub = stored.id("sub");
    let label = |state: &str, more: &[&str], code| {
        let label = ["findings", "label", &sub, state, "--store", stored.place()];
        assay(&[&label[..], more].concat()).assert().code(code);
    };
    label("false-positive", &[], 1);
    label("false-positive", &["--reason", "  "], 1);
    label("odd", &[], 1);
    assert_eq!(stored.list(&["--state", "new"]).len(), 2);
    label("false-positive", &["--reason", "the fault\u{1b}[2J is ours"], 0);
    let text = stdout(&["findings", "show", &sub, "--store", stored.place()], 0);
    assert!(text.contains("false-positive (the fault\u{fffd}[2J is ours)"), "{text}");
    // Seen again it stays what somebody said it is.
    stored.find("li t0, 1; sub t2, t0, zero; sub t3, t0, t2", "sub:rs1=1:+1");
    for state in ["confirmed", "minimised", "fixed", "new"] {
        label(state, &[], 0);
        assert_eq!(json(&["findings", "show", &sub, "--store", stored.place()], 0)["state"], state);
    }
    assert!(
        complaint(&["findings", "label", "F0123456789abcdef", "fixed", "--store", stored.place()], 1)
            .contains("no finding")
    );
}

#[test]
fn a_merged_finding_is_counted_where_it_went() {
    let stored = Stored::new();
    let (sub, mul) = (stored.id("sub"), stored.id("mul"));
    let text = stdout(&["findings", "merge", &mul, &sub, "--store", stored.place()], 0);
    assert_eq!(text, format!("{mul} is counted as {sub}, seen 3 times\n"));
    assert_eq!(stored.list(&[]).len(), 1);
    let text = stdout(&["findings", "show", &mul, "--store", stored.place()], 0);
    assert!(text.contains(&format!("merged into  {sub}")), "{text}");
    // Found again under its old identity, it is the one that it was merged into.
    stored.find("li a0, 3; mul a1, a0, a0", "mul:+1");
    assert_eq!(stored.list(&[])[0]["occurrences"], 4);
    assert!(complaint(&["findings", "merge", &sub, &mul, "--store", stored.place()], 1).contains("merged"));
    assert!(complaint(&["findings", "merge", &sub, &sub, "--store", stored.place()], 1).contains("into itself"));
}

#[test]
fn a_finding_that_cannot_be_read_is_not_passed_over_in_silence() {
    let stored = Stored::new();
    let (sub, mul) = (stored.id("sub"), stored.id("mul"));
    fs::write(stored.store.path().join("findings").join(&sub).join("finding.json"), "{").unwrap();
    let output = assay(&["findings", "list", "--store", stored.place()]).assert().code(0).get_output().clone();
    let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.contains(&mul) && !out.contains(&sub), "{out}");
    assert!(said.contains(&sub) && !said.contains(&mul) && said.contains("assay store check"), "{said}");
}

#[test]
fn where_there_is_no_store_there_are_no_findings_to_be_listed() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("none");
    let text = complaint(&["findings", "list", "--store", place.to_str().unwrap()], 1);
    assert!(text.contains("there is no store"), "{text}");
    assert!(!place.exists());
}
