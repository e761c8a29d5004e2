//! `assay replay` and `repro.sh`: what was kept is run again from its own copies, wherever they are.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{assay, complaint, json, stdout};

/// A subtraction that the planted fault strikes once.
const GUEST: [&str; 6] = ["--asm", "li t0, 9; li t1, 3", "--asm", "sub t2, t0, t1", "--plant-fault", "sub:rs2=3:+1"];

/// A store with one finding, and the folder of that finding.
struct Found {
    store: TempDir,
    log: Value,
    folder: PathBuf,
}

impl Found {
    fn new(guest: &[&str]) -> Self {
        let store = tempfile::tempdir().unwrap();
        let place = text(store.path());
        let log = json(&[&["diff", "-b", "reference", "--store", &place], guest].concat(), 2);
        let finding = log["record"]["findings"][0]["finding_id"].as_str().expect("a finding");
        let folder = store.path().join("findings").join(finding);
        Self { store, log, folder }
    }

    fn place(&self) -> String {
        text(self.store.path())
    }

    fn run_id(&self) -> &str {
        self.log["record"]["run_id"].as_str().expect("a run")
    }

    fn finding_id(&self) -> String {
        text(Path::new(self.folder.file_name().expect("it has a name")))
    }

    /// A copy of the finding's folder in a folder of its own; the store is gone.
    fn moved(self) -> (TempDir, PathBuf) {
        let elsewhere = tempfile::tempdir().unwrap();
        let copy = elsewhere.path().join("a copy 'of' $(it)");
        copy_folder(&self.folder, &copy);
        drop(self.store);
        (elsewhere, copy)
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("temporary folders have plain names").to_owned()
}

/// Copied by another process: what this one has open for writing, a child that another test starts at this very moment may
/// still have open when the script in it is to be executed, which is an error then.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").args([from, to]).status().unwrap().success());
}

/// Runs `repro.sh` of that folder, as somebody does who is somewhere else.
fn repro(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(folder.join("repro.sh"))
        .args(arguments)
        .current_dir("/")
        .env("ASSAY", assert_cmd::cargo::cargo_bin!("assay"))
        .env("ASSAY_STORE", "/nowhere")
        .output()
        .unwrap()
}

#[test]
fn a_finding_is_reproduced_by_its_script_from_anywhere_and_without_its_store() {
    let found = Found::new(&GUEST);
    let there = repro(&found.folder, &[]);
    assert_eq!(there.status.code(), Some(0), "{there:?}");
    let said = String::from_utf8(there.stdout).unwrap();
    for expected in ["expected: reference+fault against reference: Diverge", "seen:     reference+fault", "reproduced"]
    {
        assert!(said.contains(expected), "{expected:?} is missing in\n{said}");
    }
    let (_elsewhere, copy) = found.moved();
    assert_eq!(repro(&copy, &[]).status.code(), Some(0));
    assert_eq!(repro(&copy, &["--times", "3"]).status.code(), Some(0));
}

#[test]
fn a_finding_that_is_no_longer_there_is_told() {
    let found = Found::new(&GUEST);
    let gone = repro(&found.folder, &["--without-planted-faults"]);
    assert_eq!(gone.status.code(), Some(2));
    let said = String::from_utf8(gone.stdout).unwrap();
    assert!(said.contains("no longer: finding F") && said.contains("Agree, was Diverge"), "{said}");
    let place = found.place();
    let report = json(&["replay", found.run_id(), "--store", &place, "--without-planted-faults"], 2);
    assert_eq!((&report["result"], &report["reproduced"]), (&"no_longer".into(), &0.into()));
}

#[test]
fn runs_and_findings_of_a_store_are_replayed_by_name_as_often_as_asked() {
    let found = Found::new(&GUEST);
    let (place, finding) = (found.place(), found.finding_id());
    let report = json(&["replay", &finding, "--store", &place, "--times", "4"], 0);
    assert_eq!(report["schema"], "assay.replay/1");
    assert_eq!(
        (&report["result"], &report["times"], &report["reproduced"]),
        (&"reproduced".into(), &4.into(), &4.into())
    );
    assert_eq!(report["finding_id"], finding.as_str());
    assert_eq!(report["seen"], serde_json::json!([{"result": "reproduced", "changes": [], "times": 4}]));
    let said = stdout(&["replay", found.run_id(), "--store", &place, "--times", "2"], 0);
    assert!(said.contains("reproduced 2 of 2 times"), "{said}");
    // The store is looked up in the environment, too.
    assay(&["replay", found.run_id()]).env("ASSAY_STORE", &place).assert().code(0);
}

#[test]
fn a_run_that_agreed_and_one_that_could_not_be_judged_are_reproduced_too() {
    let store = tempfile::tempdir().unwrap();
    let place = text(store.path());
    for (guest, code) in [("li a0, 3", 0), ("1: j 1b", 5)] {
        let diff =
            ["diff", "-b", "reference@openvm", "-b", "reference@risc0", "--max-steps", "1000", "--store", &place];
        let log = json(&[&diff[..], &["--asm", guest, "--reg", "a1=7", "--mem", "0x400000=010203"]].concat(), code);
        let run = log["record"]["run_id"].as_str().unwrap();
        let report = json(&["replay", run, "--store", &place], 0);
        assert_eq!(report["result"], "reproduced", "{guest}: {report}");
        // The same guests, not ones made anew.
        for (before, after) in
            log["outcomes"].as_array().unwrap().iter().zip(report["log"]["outcomes"].as_array().unwrap())
        {
            assert_eq!(before["outcome"]["guest"]["digest"], after["outcome"]["guest"]["digest"]);
            assert_eq!(before["sequence"], after["sequence"]);
        }
    }
}

#[test]
fn an_elf_with_input_and_a_name_that_shells_and_terminals_would_mind_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let out = text(folder.path());
    json(&["run", "--asm", "li a0, 5; sub a1, a0, a0", "--out", &out], 0);
    let odd = folder.path().join("it's `touch oops` $(exit 3)\u{1b}[31m\".elf");
    fs::rename(folder.path().join("guest.elf"), &odd).unwrap();
    let found = Found::new(&[&text(&odd), "--input-hex", "00ff", "--plant-fault", "sub:+1"]);
    assert_eq!(found.log["record"]["input"]["bytes"], 2);
    let script = fs::read_to_string(found.folder.join("repro.sh")).unwrap();
    assert!(!script.contains('\u{1b}'), "{script}");
    let (_elsewhere, copy) = found.moved();
    let again = repro(&copy, &[]);
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    assert!(!String::from_utf8(again.stdout).unwrap().contains('\u{1b}'));
}

#[test]
fn a_damaged_folder_is_refused_and_what_is_damaged_is_named() {
    let (_elsewhere, folder) = Found::new(&GUEST).moved();
    let files = ["run_log.json", "input.json", "finding.json", "guest.elf"];
    for name in files {
        let path = folder.join(name);
        let whole = fs::read(&path).unwrap();
        for damage in [Damage::Gone, Damage::Cut, Damage::Flipped] {
            match damage {
                Damage::Gone => fs::remove_file(&path).unwrap(),
                Damage::Cut => fs::write(&path, &whole[..whole.len() / 2]).unwrap(),
                Damage::Flipped => {
                    let mut bytes = whole.clone();
                    bytes[whole.len() / 2] ^= 1;
                    fs::write(&path, bytes).unwrap();
                }
            }
            let said = complaint(&["replay", &text(&folder)], 1);
            assert!(said.contains(name) && said.contains("cannot be run again"), "{name}, {damage:?}:\n{said}");
            fs::write(&path, &whole).unwrap();
        }
    }
    assert_eq!(repro(&folder, &[]).status.code(), Some(0));
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    Gone,
    Cut,
    Flipped,
}

#[test]
fn what_is_not_there_is_said_to_be_so() {
    let store = tempfile::tempdir().unwrap();
    let place = text(store.path());
    assert!(complaint(&["replay", "nonsense"], 1).contains("neither a run, nor a finding, nor a folder"));
    let run = "20260131_235959_fib_K7Q2MX";
    assert!(complaint(&["replay", run, "--store", &place], 1).contains("not a store"));
    json(&["diff", "-b", "reference", "-b", "reference", "--asm", "nop", "--store", &place], 0);
    assert!(complaint(&["replay", run, "--store", &place], 1).contains(run));
    assert!(complaint(&["replay", "F0123456789abcdef", "--store", &place], 1).contains("no finding F0123456789abcdef"));
    assert!(complaint(&["replay", &place], 1).contains("finding.json"));
}

#[test]
fn only_backends_of_the_kept_run_can_be_stood_in_for() {
    let found = Found::new(&GUEST);
    let place = found.place();
    let said = complaint(&["replay", found.run_id(), "--store", &place, "--with", "sp1=sp1-5"], 1);
    assert!(said.contains("no backend of that name") && said.contains("reference@standard"), "{said}");
    assert!(complaint(&["replay", found.run_id(), "--with", "sp1"], 1).contains("BACKEND=RUNNER"));
    assert!(complaint(&["replay", found.run_id(), "--times", "0"], 1).contains("1.."));
    // A run of one reference machine beside another of the same: the first stands in for itself.
    let again = ["replay", found.run_id(), "--store", &place, "--with", "reference=reference"];
    assay(&again).assert().code(0);
}

#[test]
fn a_script_without_an_assay_says_how_to_name_one() {
    let found = Found::new(&GUEST);
    let script = Command::new("/bin/sh")
        .arg(found.folder.join("repro.sh"))
        .env("PATH", "/nowhere")
        .env_remove("ASSAY")
        .current_dir("/")
        .output()
        .unwrap();
    assert_ne!(script.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&script.stderr).contains("ASSAY="), "{script:?}");
    assert!(found.folder.join("repro.sh").extension() == Some(OsStr::new("sh")));
}
