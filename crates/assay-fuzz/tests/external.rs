//! Predicates that are commands of the user's own.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use assay_backend::CancelToken;
use assay_fuzz::shrink::{Answer, Case, ExternalPredicate, Options, Predicate as _, Unobserved, shrink};
use assay_isa::Isa;
use serde_json::json;

/// Far more than any command here takes, unless it is to be killed.
const LONG: Duration = Duration::from_mins(1);

fn case() -> Case {
    let case = Case { instructions: vec![0x13, 0x0273_02b3, 0x13], ..Case::empty(Isa::RV32IM) };
    Case { fields: Some(json!({"n": 3})), ..case }.with_input(vec![1, 2, 3])
}

fn shell(command: &str, wall: Duration) -> ExternalPredicate {
    ExternalPredicate::shell(command, wall, CancelToken::new())
}

fn unresolved(answer: Answer) -> String {
    match answer {
        Answer::Unresolved(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_exit_code_is_the_answer() {
    for (command, answer) in [("true", Answer::Interesting), ("false", Answer::Boring), ("exit 3; :", Answer::Boring)] {
        assert_eq!(shell(command, LONG).test(&case()), answer, "{command}");
    }
    assert!(unresolved(shell("exit 125; :", LONG).test(&case())).contains("125"));
    assert!(unresolved(shell("/no/such/program", LONG).test(&case())).contains("could not be run"));
    assert!(unresolved(shell("kill -9 $$; :", LONG).test(&case())).contains("signal"));
    let missing = ExternalPredicate::new("/nonexistent/command", vec![], LONG, CancelToken::new());
    assert!(unresolved(missing.test(&case())).contains("/nonexistent/command"));
}

#[test]
fn the_command_gets_seed_input_and_fields_in_a_folder_of_its_own() {
    let scratch = tempfile::tempdir().unwrap();
    let copy = scratch.path().join("a copy");
    let command = format!("cp -r . '{}' && grep -q instructions", copy.display());
    assert_eq!(shell(&command, LONG).test(&case()), Answer::Interesting);
    let seeds = assay_guest::read_seeds(&fs::read(copy.join("seed.jsonl")).unwrap()).unwrap().value;
    assert_eq!(seeds, [case().seed()]);
    assert_eq!(fs::read(copy.join("input.bin")).unwrap(), [1, 2, 3]);
    assert_eq!(fs::read_to_string(copy.join("fields.json")).unwrap(), r#"{"n":3}"#);
    let command = format!("pwd > '{}'; :", copy.join("where").display());
    assert_eq!(shell(&command, LONG).test(&case()), Answer::Interesting);
    let folder = fs::read_to_string(copy.join("where")).unwrap();
    assert!(!Path::new(folder.trim()).exists(), "it is removed afterwards");
}

/// Whether the process whose id is in the file is gone, or a zombie that only waits for its reaper.
fn gone(file: &Path) -> bool {
    // A command that was killed before it got that far has left nothing behind.
    let pid = fs::read_to_string(file).unwrap_or_default();
    let Ok(pid) = pid.trim().parse::<u32>() else { return true };
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status.rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with('Z'))
}

fn wait_until_gone(file: &Path) {
    let deadline = Instant::now() + LONG;
    while !gone(file) {
        assert!(Instant::now() < deadline, "it is still there");
        thread::yield_now();
    }
}

#[test]
fn a_command_that_takes_too_long_is_killed_with_all_its_processes() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("pid");
    let command = format!("sleep 1000 & echo $! > '{}'; wait; :", file.display());
    let reason = unresolved(shell(&command, Duration::from_secs(2)).test(&case()));
    assert!(reason.contains("did not end within 2s"), "{reason}");
    wait_until_gone(&file);
}

#[test]
fn what_a_command_leaves_behind_is_killed() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("pid");
    let command = format!("sleep 1000 & echo $! > '{}'; :", file.display());
    assert_eq!(shell(&command, LONG).test(&case()), Answer::Interesting);
    wait_until_gone(&file);
}

#[test]
fn a_command_is_killed_when_somebody_gives_up() {
    let cancel = CancelToken::new();
    let predicate = ExternalPredicate::shell("sleep 1000; :", LONG, cancel.clone());
    cancel.cancel();
    assert_eq!(predicate.test(&case()), Answer::Unresolved("cancelled".to_owned()));
}

#[test]
fn a_script_shrinks_a_case() {
    let predicate = shell(r"grep -Eq '(\[|,)41091763(\]|,)'", LONG);
    let mut original = case();
    original.instructions = [vec![0x13; 12], original.instructions, vec![0x0073_0333; 12]].concat();
    let shrunk = shrink(original, &predicate, &Options::default(), &mut Unobserved).unwrap();
    assert_eq!(shrunk.best.disassembly(), ["mul t0, t1, t2"]);
    assert_eq!((shrunk.best.input.len(), shrunk.best.fields), (0, Some(json!({"n": 0}))));
}
