//! `assay shrink`: the smallest case that still shows a finding, kept so that a stranger can run it.

use std::{fs, path::PathBuf, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    replay::copy_folder,
    support::{assay, complaint, json, stdout},
};

/// Sixty instructions that do not matter, and one multiplication in their midst that the planted fault strikes.
fn long_guest() -> Vec<String> {
    let filler = |at: usize| format!("addi x{}, x{}, {at}", 5 + at % 3, 5 + (at + 1) % 3);
    let text: Vec<String> = (0..30)
        .map(filler)
        .chain(["li a1, 77".to_owned(), "mul a0, a1, a1".to_owned()])
        .chain((30..60).map(filler))
        .collect();
    ["--asm".to_owned(), text.join("\n"), "--plant-fault".to_owned(), "mul:+1".to_owned()].into()
}

/// A store with a finding of a long sequence.
struct Found {
    store: TempDir,
    finding: String,
}

impl Found {
    fn new(guest: &[&str]) -> Self {
        let store = tempfile::tempdir().unwrap();
        let place = store.path().to_str().unwrap();
        let log = json(&[&["diff", "--store", place, "-b", "reference"], guest].concat(), 2);
        let finding = log["record"]["findings"][0]["finding_id"].as_str().unwrap().to_owned();
        Self { store, finding }
    }

    fn long() -> Self {
        let guest = long_guest();
        Self::new(&guest.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn place(&self) -> &str {
        self.store.path().to_str().unwrap()
    }

    fn shrink<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["shrink", "--store", self.place(), &self.finding], more].concat()
    }

    fn minimized(&self) -> PathBuf {
        self.store.path().join("findings").join(&self.finding).join("minimized")
    }

    fn shown(&self) -> Value {
        json(&["findings", "show", "--store", self.place(), &self.finding], 0)
    }
}

#[test]
fn a_long_sequence_comes_down_to_the_instruction_that_is_wrong() {
    let found = Found::long();
    let report = json(&found.shrink(&[]), 0);
    assert_eq!(report["end"], "minimal");
    assert_eq!(report["instructions_before"], 62);
    assert_eq!(report["minimized"]["instructions"], 1);
    let line = report["minimized"]["disassembly"][0].as_str().unwrap();
    assert!(line.starts_with("mul "), "{line}");

    // The finding says so, and a second shrink has nothing left to test.
    let shown = found.shown().to_string();
    assert!(shown.contains("minimised") && shown.contains(line), "{shown}");
    let again = json(&found.shrink(&[]), 0);
    assert_eq!(again["best"], report["best"]);
    assert!(again["remembered"].as_u64() > Some(0), "{again}");
    stdout(&["store", "check", "--store", found.place()], 0);
}

#[test]
fn the_smallest_case_is_run_again_by_its_own_script_wherever_it_is() {
    let found = Found::long();
    stdout(&found.shrink(&[]), 0);
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("it's here");
    copy_folder(&found.minimized(), &copy);
    drop(found);
    let output = Command::new(copy.join("repro.sh"))
        .env("ASSAY", assert_cmd::cargo::cargo_bin!("assay"))
        .current_dir(elsewhere.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("reproduced"), "{text}");
}

#[test]
fn a_budget_ends_it_with_the_best_so_far_and_the_next_one_goes_on_to_the_same_end() {
    let (interrupted, whole) = (Found::long(), Found::long());
    let part = json(&interrupted.shrink(&["--max-tests", "4", "--workers", "1"]), 0);
    assert_eq!(part["end"], "test_budget");
    let rest = json(&interrupted.shrink(&["--workers", "2"]), 0);
    assert_eq!(rest["end"], "minimal");
    assert!(rest["remembered"].as_u64() > Some(0), "{rest}");
    let anew = json(&interrupted.shrink(&["--restart"]), 0);
    let at_once = json(&whole.shrink(&[]), 0);
    assert_eq!((&rest["best"], &anew["best"]), (&at_once["best"], &at_once["best"]));
    assert_eq!(anew["remembered"], 0);
}

#[test]
fn a_command_of_the_users_own_decides_what_is_interesting() {
    let found = Found::long();
    let out = found.store.path().join("by-command");
    let command = r#"grep -Eq '"instructions":.[0-9]+(,[0-9]+){2}'"#;
    let report =
        json(&found.shrink(&["--interesting", command, "--out", out.to_str().unwrap(), "--max-tests", "400"]), 0);
    assert_eq!(report["minimized"]["instructions"], 3, "{report}");
    assert!(out.join("seed.json").is_file());
    // Neither is there anything in the store that another shrink would take for its own.
    assert!(!found.store.path().join("shrinks").exists());
    // The finding itself is as it was.
    assert!(found.shown().to_string().contains("\"new\""));
    // Not even an instruction that runs is needed.
    let all = json(&found.shrink(&["--interesting", "true", "--out", out.to_str().unwrap(), "--restart"]), 0);
    assert_eq!(all["minimized"]["instructions"], 0, "{all}");
    let text = complaint(&found.shrink(&["--interesting", "false", "--restart"]), 1);
    assert!(text.contains("exit code 0"), "{text}");
}

#[test]
fn what_cannot_be_shrunk_is_said() {
    let found = Found::long();
    let log = json(&["store", "list", "--store", found.place()], 0);
    let run = log["runs"][0]["run_id"].as_str().expect("a run").to_owned();
    let text = complaint(&["shrink", "--store", found.place(), &run], 1);
    assert!(text.contains("assay findings list"), "{text}");
    let text = complaint(&["shrink", "--store", found.place(), "F0000000000000000"], 1);
    assert!(text.contains("F0000000000000000"), "{text}");
    complaint(&["shrink", "--store", found.place(), "no/such/folder"], 1);
    assay(&found.shrink(&["--workers", "0"])).assert().code(1);

    let state = found.store.path().join("shrinks").join(format!("{}.json", found.finding));
    stdout(&found.shrink(&["--max-tests", "3"]), 0);
    fs::write(&state, "{\"schema\":").unwrap();
    let text = complaint(&found.shrink(&[]), 1);
    assert!(text.contains("--restart"), "{text}");
    stdout(&found.shrink(&["--restart"]), 0);
}
