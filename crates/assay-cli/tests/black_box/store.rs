//! `assay store`: looking after what is kept.

use std::{fs, path::Path, process::Command};

use crate::support::{assay, complaint, json, stdout};

/// Keeps a run that agrees and one that diverges, and returns the name of the latter's finding.
fn keep_two(store: &str) -> String {
    let agree = ["diff", "-b", "reference", "-b", "reference@sp1", "--asm", "li a0, 7", "--store", store];
    assay(&agree).assert().code(0);
    let diverge = [
        "diff",
        "-b",
        "reference",
        "--plant-fault",
        "add:rs2=3:+1",
        "--asm",
        "li t0, 3; add a0, a0, t0",
        "--store",
        store,
    ];
    assay(&diverge).assert().code(2);
    let runs = json(&["store", "list", "--verdict", "diverge", "--store", store], 0);
    runs["runs"][0]["findings"][0].as_str().expect("it is a finding").to_owned()
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("it is text")
}

#[test]
fn kept_runs_are_listed_shown_exported_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let store = text_of(folder.path());
    let finding = keep_two(store);
    let runs = json(&["store", "list", "--store", store], 0);
    assert_eq!(runs["schema"], "assay.run_list/1");
    assert_eq!(runs["runs"].as_array().unwrap().len(), 2);
    assert_eq!(runs["runs"][0]["verdict"], "Diverge");
    let run = runs["runs"][0]["run_id"].as_str().unwrap();

    let list = stdout(&["store", "list", "--store", store, "--since", "1h", "--backend", "reference"], 0);
    assert!(list.contains(run) && list.contains(&finding), "{list}");
    assert_eq!(stdout(&["store", "list", "--store", store, "--status", "panic"], 0), "no runs\n");
    let shown = stdout(&["store", "show", run, "--store", store], 0);
    for expected in ["Diverge", &finding, "reference+fault", "run it again: assay replay", "planted     add:rs2=3:+1"] {
        assert!(shown.contains(expected), "{expected:?} is missing in\n{shown}");
    }
    assert_eq!(json(&["store", "show", run, "--store", store], 0)["record"]["run_id"], run);
    assert!(stdout(&["store", "show", &finding, "--store", store], 0).contains(&finding));

    let csv = stdout(&["store", "export", "--store", store], 0);
    assert_eq!(csv, fs::read_to_string(folder.path().join("summary.csv")).unwrap());
    let older = stdout(&["store", "export", "--schema", "phase4", "--store", store], 0);
    assert!(older.starts_with("run_id,core,input,native_status,sp1_status,equal,"), "{older}");
    let file = folder.path().join("exported.json");
    let out = ["store", "export", "--format", "json", "--out", text_of(&file), "--store", store];
    assert_eq!(stdout(&out, 0), "");
    let rows: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), csv.lines().count() - 1);
    let check = json(&["store", "check", "--store", store], 0);
    assert_eq!((&check["runs"], &check["findings"]), (&2.into(), &1.into()));
}

#[test]
fn damage_is_named_and_what_can_be_made_again_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = text_of(folder.path());
    keep_two(store);
    let runs = json(&["store", "list", "--store", store], 0);
    let run = runs["runs"][1]["run_id"].as_str().unwrap();
    let log = folder.path().join(format!("runs/{run}.json"));
    let whole = fs::read_to_string(&log).unwrap();
    fs::write(&log, whole.replace("\"Ok\"", "\"Oz\"")).unwrap();
    let text = stdout(&["store", "check", "--store", store], 7);
    assert!(text.contains(&format!("damaged runs/{run}.json: ")), "{text}");
    assert!(complaint(&["store", "show", run, "--store", store], 7).contains("checksum"));
    fs::write(&log, whole).unwrap();

    fs::write(folder.path().join("index.db"), "not a database").unwrap();
    fs::write(folder.path().join("store.json"), "{}").unwrap();
    let listed = assay(&["store", "list", "--store", store]).assert().code(0).get_output().clone();
    assert!(String::from_utf8(listed.stderr).unwrap().contains("for reading only"));
    assert_eq!(stdout(&["store", "rebuild", "--store", store], 0), "the index has 2 runs\n");
    stdout(&["store", "check", "--store", store], 0);
}

#[test]
fn pruning_leaves_findings_and_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let store = text_of(folder.path());
    keep_two(store);
    let prune = ["store", "prune", "--keep", "0s", "--store", store];
    let would = stdout(&[&prune[..], &["--dry-run"]].concat(), 0);
    assert!(would.contains("would remove 1 runs"), "{would}");
    let report = json(&prune, 0);
    assert_eq!((report["runs"].as_array().unwrap().len(), &report["runs_left"]), (1, &1.into()));
    assert_eq!(json(&["store", "list", "--store", store], 0)["runs"][0]["verdict"], "Diverge");
}

#[test]
fn a_folder_that_is_no_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = complaint(&["store", "list", "--store", text_of(folder.path())], 1);
    assert!(text.contains("is not a store"), "{text}");
    let text = complaint(&["store", "list", "--store", text_of(&folder.path().join("none"))], 1);
    assert!(text.contains("there is no store"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_store_of_a_newer_assay_is_read_and_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = text_of(folder.path());
    keep_two(store);
    let marker = folder.path().join("store.json");
    fs::write(&marker, r#"{"schema":"assay.store/2","new":true}"#).unwrap();
    let output = assay(&["store", "list", "--store", store]).assert().code(0).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("assay.store/2"));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
    let refused = assay(&["store", "prune", "--store", store]).assert().code(7).get_output().clone();
    assert!(String::from_utf8(refused.stderr).unwrap().contains("written by a newer Assay"));
    assay(&["store", "rebuild", "--store", store]).assert().code(7);
    assert_eq!(fs::read_to_string(&marker).unwrap(), r#"{"schema":"assay.store/2","new":true}"#);
    // The result of a run is shown all the same.
    let diff = ["diff", "-b", "reference", "-b", "reference@sp1", "--asm", "li a0, 7", "--store", store];
    let output = assay(&diff).assert().code(7).get_output().clone();
    assert!(String::from_utf8(output.stdout).unwrap().contains("Agree"));
}

#[test]
fn a_script_of_a_finding_runs_it_again_from_anywhere_whatever_its_names_are() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store; it's \"here\" $(x)");
    let insts = folder.path().join("=cmd'\"$(touch pwned)\n\u{1b}[31m<b>.s");
    fs::write(&insts, "li t0, 3\nadd a0, a0, t0\n").unwrap();
    let diverge = ["diff", "-b", "reference", "--plant-fault", "add:rs2=3:+1", "--insts"];
    let output = assay(&[&diverge[..], &[text_of(&insts), "--store", text_of(&store)]].concat()).assert().code(2);
    let said = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    assert!(!said.contains('\u{1b}'), "{said}");
    let findings = fs::read_dir(store.join("findings")).unwrap();
    let finding = findings.map(|entry| entry.unwrap().path()).next().unwrap();
    let elsewhere = folder.path().join("else where");
    fs::rename(finding, &elsewhere).unwrap();
    fs::remove_dir_all(&store).unwrap();

    let work = tempfile::tempdir().unwrap();
    let output = Command::new(elsewhere.join("repro.sh"))
        .current_dir(work.path())
        .env("ASSAY", assert_cmd::cargo::cargo_bin!("assay"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("expected: reference+fault against reference: Diverge"), "{text}");
    assert!(text.contains("reproduced") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0, "nothing was run or written here");
}

#[test]
fn nothing_in_a_name_drives_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let insts = folder.path().join("a\u{1b}[31mb\u{7}.s");
    fs::write(&insts, "li a0, 1\n").unwrap();
    let keep =
        ["diff", "-b", "reference", "-b", "reference@sp1", "--insts", text_of(&insts), "--store", text_of(&store)];
    assay(&keep).assert().code(0);
    let run = json(&["store", "list", "--store", text_of(&store)], 0)["runs"][0]["run_id"].as_str().unwrap().to_owned();
    for command in [&["list"][..], &["show", &run]] {
        let text = stdout(&[&["store"], command, &["--store", text_of(&store)]].concat(), 0);
        assert!(text.contains("a\u{fffd}[31mb\u{fffd}.s"), "{text}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text}");
    }
}
