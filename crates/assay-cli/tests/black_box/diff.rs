//! `assay diff` between reference machines, one of them with a planted fault.

use std::fs;

use crate::support::{EXAMPLE, assay, complaint, json, stdout};

/// A subtraction that the planted fault strikes once, in its third round.
const COUNTDOWN: [&str; 10] = [
    "--asm",
    "li t0, 9",
    "--asm",
    "li t1, 1",
    "--asm",
    "1: sub t0, t0, t1; addi t1, t1, 1",
    "--asm",
    "blt t1, t2, 1b",
    "--reg",
    "t2=6",
];

fn planted(fault: &str) -> Vec<&str> {
    [&["diff", "-b", "reference", "--plant-fault", fault], &COUNTDOWN[..]].concat()
}

#[test]
fn a_planted_fault_is_found_and_its_first_instruction_named() {
    let text = stdout(&planted("sub:rs2=3:+1"), 2);
    // t0: 9, 8, 6, then 3 or, with the fault, 4.
    for expected in [
        "Diverge",
        "register x5/t0",
        "first diverging instruction",
        "sub\tt0, t0, t1",
        "x5 0x6 -> 0x3",
        "x5 0x6 -> 0x4",
    ] {
        let expected = expected.replace('\t', " ");
        assert!(text.contains(&expected), "{expected:?} is missing in\n{text}");
    }
    let listing: Vec<&str> =
        text.lines().map(str::trim_start).filter(|line| line.trim_start_matches("> ").starts_with("0x00010")).collect();
    assert_eq!(listing.len(), 5, "five lines around it:\n{text}");
    assert!(listing[2].starts_with('>') && listing[2].contains("sub"), "{text}");
}

#[test]
fn the_first_divergence_is_the_instruction_and_not_the_symptom() {
    let log = json(&planted("sub:rs2=3:+1"), 2);
    let first = &log["comparisons"][0]["first_divergence"];
    assert_eq!(first["baseline"]["mnemonic"], "sub");
    assert_eq!(first["parts"], serde_json::json!(["register"]));
    assert_eq!((&first["baseline"]["rd"]["after"], &first["target"]["rd"]["after"]), (&"0x3".into(), &"0x4".into()));
    assert_eq!(log["comparisons"][0]["target"], "reference+fault");
    assert_eq!(log["comparisons"][0]["verdict"]["result"], "diverge");
}

#[test]
fn a_fault_that_nothing_touches_is_not_found() {
    let text = stdout(&planted("sub:rs2=77:+1"), 0);
    assert!(text.contains("Agree"), "{text}");
}

#[test]
fn a_fault_in_control_flow_diverges_in_the_instruction_count_too() {
    let log = json(&planted("addi:rs1=3:+1"), 2);
    let differences = log["comparisons"][0]["verdict"]["detail"].as_array().unwrap();
    assert!(differences.iter().any(|difference| difference["kind"] == "instructions"), "{differences:?}");
}

#[test]
fn a_fault_that_ends_in_a_trap_is_named_where_it_struck() {
    // With the fault the address is no longer mapped.
    let guest =
        ["--asm", "addi a0, a0, 16", "--asm", "lw a1, 0(a0)", "--reg", "a0=0x400000", "--mem", "0x400010=00000000"];
    let text =
        stdout(&[&["diff", "-b", "reference", "--plant-fault", "addi:imm=16:-0x400000"], &guest[..]].concat(), 2);
    assert!(text.contains("status") && text.contains("reference Ok, reference+fault Trap"), "{text}");
    assert!(text.contains("first diverging instruction") && text.contains("addi a0, a0, 16"), "{text}");
}

#[test]
fn the_run_log_is_kept_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let printed = json(&[&planted("sub:rs2=3:+1")[..], &["--out", out]].concat(), 2);
    let kept: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("run_log.json")).unwrap()).unwrap();
    assert_eq!(kept, printed);
    assert_eq!(kept["schema"], "assay.run/1");
}

#[test]
fn a_machine_agrees_with_itself() {
    let text = stdout(&[&["diff", "-b", "reference", "-b", "reference"], &EXAMPLE[..]].concat(), 0);
    assert!(text.contains("Agree: reference and reference"), "{text}");
}

#[test]
fn what_a_limit_ended_is_inconclusive_and_not_a_pass() {
    let arguments = ["diff", "-b", "reference", "-b", "reference", "--asm", "1: j 1b", "--max-steps", "100"];
    let text = stdout(&arguments, 5);
    assert!(text.contains("Inconclusive") && !text.contains("Agree"), "{text}");
}

#[test]
fn one_backend_is_not_a_comparison_and_a_bad_fault_is_a_usage_error() {
    assert!(complaint(&["diff", "-b", "reference", "--asm", "nop"], 1).contains("two backends"));
    let text = complaint(&["diff", "-b", "reference", "--asm", "nop", "--plant-fault", "nonsense"], 1);
    assert!(text.contains("sub:rs2=7:+1"), "{text}");
    assay(&["diff", "--help"]).assert().code(0).stdout(predicates::str::contains("plant-fault").count(0));
}
