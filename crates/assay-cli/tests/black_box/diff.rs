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
    assert_eq!(kept["schema"], "assay.run/1.1");
}

#[test]
fn a_machine_agrees_with_itself() {
    let text = stdout(&[&["diff", "-b", "reference", "-b", "reference"], &EXAMPLE[..]].concat(), 0);
    assert!(text.contains("Agree: reference and reference#2"), "{text}");
}

/// The comparison of these two, from a run log.
fn pair<'a>(log: &'a serde_json::Value, baseline: &str, target: &str) -> &'a serde_json::Value {
    let comparisons = log["comparisons"].as_array().expect("a run log");
    let found = comparisons.iter().find(|pair| pair["baseline"] == baseline && pair["target"] == target);
    found.unwrap_or_else(|| panic!("{baseline} and {target} are not compared: {log:#}"))
}

#[test]
fn one_sequence_becomes_a_guest_for_each_platform_and_what_it_does_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let backends = ["diff", "-b", "reference@openvm", "-b", "reference@risc0", "-b", "reference@sp1"];
    let guest = ["--asm", "auipc s0, 0", "--asm", "li a2, -5", "--asm", "mulhu a3, a2, a2", "--out"];
    let out = folder.path().to_str().unwrap();
    let log = json(&[&backends[..], &guest[..], &[out]].concat(), 0);
    let names: Vec<_> = log["outcomes"].as_array().unwrap().iter().map(|run| run["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["reference@openvm", "reference@risc0", "reference@sp1"]);
    assert_eq!(log["baseline"], "reference@openvm");
    let across = pair(&log, "reference@openvm", "reference@risc0");
    assert_eq!((&across["basis"], &across["verdict"]["result"]), (&"same_sequence".into(), &"agree".into()));
    // Registers of other widths hold other values: nothing is compared, and that is said.
    assert_eq!(log["comparisons"].as_array().unwrap().len(), 1);
    assert_eq!(log["through_references"][0]["target"], "reference@sp1");
    for run in log["outcomes"].as_array().unwrap() {
        let platform = run["outcome"]["backend"]["platform"].as_str().unwrap();
        assert!(folder.path().join(format!("guest@{platform}.elf")).is_file(), "{platform}");
        assert!(run["sequence"]["start"].is_string());
    }
    let text = stdout(&[&backends[..], &guest[..6]].concat(), 0);
    assert!(text.contains("not directly: rv32 and rv64"), "{text}");
    assert!(text.contains("Agree: reference@openvm and reference@risc0, as far as the sequence goes"), "{text}");
}

/// Code of `standard` begins at 0x10080 there, code of `sp1` at 0x78000080.
const TWO_PLACES: [&str; 7] = ["diff", "-b", "reference@standard", "-b", "reference@sp1", "--isa", "rv64im"];

#[test]
fn addresses_in_the_code_are_no_difference_between_platforms() {
    let guest = ["--asm", "auipc a0, 0", "--asm", "jal a1, 1f", "--asm", "1: li a2, 7"];
    let log = json(&[&TWO_PLACES[..], &guest[..]].concat(), 0);
    let across = pair(&log, "reference@standard", "reference@sp1");
    assert_eq!(across["verdict"]["result"], "agree");
    assert!(across["notes"][0].as_str().unwrap().ends_with("x10, x11"), "{across}");
}

#[test]
fn what_is_computed_from_an_address_in_the_code_cannot_be_judged_between_platforms() {
    let guest = ["--asm", "auipc a0, 0", "--asm", "slli a1, a0, 1"];
    let text = stdout(&[&TWO_PLACES[..], &guest[..]].concat(), 5);
    assert!(text.contains("Inconclusive") && text.contains("where its code lies"), "{text}");
    assert!(!text.contains("first diverging"), "{text}");
}

#[test]
fn a_wrong_machine_is_found_on_the_platform_of_the_first_backend() {
    let guest = ["--asm", "auipc a0, 0", "--asm", "li a1, 5", "--asm", "mul a2, a1, a1", "--plant-fault", "mul:+1"];
    let log = json(&[&TWO_PLACES[..], &guest[..]].concat(), 2);
    assert_eq!(pair(&log, "reference@standard", "reference@sp1")["verdict"]["result"], "agree");
    let wrong = pair(&log, "reference@standard", "reference+fault");
    assert_eq!((&wrong["basis"], &wrong["verdict"]["result"]), (&"same_guest".into(), &"diverge".into()));
    assert_eq!(wrong["first_divergence"]["baseline"]["mnemonic"], "mul");
}

#[test]
fn a_difference_of_the_platforms_is_said_to_be_one() {
    // OpenVM has no memory there, RISC Zero has.
    let guest = ["--asm", "sw a1, 0(a0)", "--reg", "a0=0x2000000"];
    let log = json(&[&["diff", "-b", "reference@risc0", "-b", "reference@openvm"], &guest[..]].concat(), 2);
    let across = pair(&log, "reference@risc0", "reference@openvm");
    assert_eq!(across["first_divergence"]["parts"], serde_json::json!(["end"]));
    assert!(across["notes"].to_string().contains("one of the platforms"), "{across}");
}

#[test]
fn an_elf_is_compared_on_one_platform_only() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    json(&["diff", "-b", "reference@risc0", "-b", "reference@risc0", "--asm", "li a0, 3", "--out", out], 0);
    let elf = folder.path().join("guest.elf");
    let elf = elf.to_str().unwrap();
    let text = stdout(&["diff", "-b", "reference@risc0", "-b", "reference", elf], 0);
    assert!(text.contains("Agree: reference and reference#2"), "{text}");
    let text = complaint(&["diff", "-b", "reference@risc0", "-b", "reference@openvm", elf], 1);
    assert!(text.contains("built for one platform") && text.contains("openvm"), "{text}");
    let text = complaint(&["diff", "-b", "reference@moon", "-b", "reference", elf], 1);
    assert!(text.contains("moon") && text.contains("risc0"), "{text}");
}

#[test]
fn an_output_that_differs_is_shown_around_its_first_difference() {
    let text = stdout(&planted("sub:rs2=3:+1"), 2);
    // x5's slot is at byte 20.
    assert!(text.contains("output from byte 20"), "{text}");
    let lines: Vec<_> = text.lines().filter(|line| line.contains("at byte 12: …")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines.iter().all(|line| line.contains('|')) && lines[0] != lines[1], "{text}");
}

#[test]
fn a_guest_of_openvm_on_the_wrong_platform_is_told_the_right_flag() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    json(&["run", "--platform", "openvm", "--asm", "li a0, 3", "--out", out], 0);
    let elf = folder.path().join("guest.elf");
    let text = stdout(&["run", elf.to_str().unwrap()], 4);
    assert!(text.contains("an instruction of OpenVM") && text.contains("--platform openvm"), "{text}");
    assert!(!stdout(&["run", "--words", "ffffffff"], 4).contains("--platform"));
}

#[test]
fn what_a_limit_ended_is_inconclusive_and_not_a_pass() {
    let arguments = ["diff", "-b", "reference", "-b", "reference", "--asm", "1: j 1b", "--max-steps", "100"];
    let text = stdout(&arguments, 5);
    assert!(text.contains("Inconclusive") && !text.contains("Agree"), "{text}");
    let platforms =
        ["diff", "-b", "reference@risc0", "-b", "reference@openvm", "--asm", "1: j 1b", "--max-steps", "100"];
    let text = stdout(&platforms, 5);
    assert!(text.contains("reference@risc0 ended with Timeout"), "{text}");
}

#[test]
fn what_a_call_does_is_the_platforms_own() {
    let platforms =
        ["diff", "-b", "reference@standard", "-b", "reference@openvm", "--asm", "li a0, 3; li t0, 0; ecall"];
    let text = stdout(&platforms, 5);
    assert!(text.contains("Inconclusive") && text.contains("a call of the platform"), "{text}");
}

#[test]
fn one_backend_is_not_a_comparison_and_a_bad_fault_is_a_usage_error() {
    assert!(complaint(&["diff", "-b", "reference", "--asm", "nop"], 1).contains("two backends"));
    let text = complaint(&["diff", "-b", "reference", "--asm", "nop", "--plant-fault", "nonsense"], 1);
    assert!(text.contains("sub:rs2=7:+1"), "{text}");
    assay(&["diff", "--help"]).assert().code(0).stdout(predicates::str::contains("plant-fault").count(0));
}

#[test]
fn a_run_is_kept_unless_somebody_says_otherwise_and_a_divergence_becomes_a_finding() {
    let store = tempfile::tempdir().unwrap();
    let place = store.path().join("store");
    let at = place.to_str().unwrap();
    assay(&[&planted("sub:rs2=3:+1")[..], &["--no-store"]].concat()).env("ASSAY_STORE", at).assert().code(2);
    assert!(!place.exists());
    let text = stdout(&[&planted("sub:rs2=3:+1")[..], &["--store", at]].concat(), 2);
    assert!(text.contains("\nrun 2") && text.contains("(new): reference+fault: `sub` differs"), "{text}");
    assert!(text.contains("repro.sh"), "{text}");
    let log = json(&[&planted("sub:rs2=3:+1")[..], &["--store", at]].concat(), 2);
    let record = &log["record"];
    assert_eq!(record["backends"], serde_json::json!(["reference@standard"]));
    assert_eq!(record["planted_faults"], serde_json::json!(["sub:rs2=3:+1"]));
    assert_eq!(record["source"]["detail"]["seed"]["registers"]["x7"], "0x6");
    assert_eq!(record["limits"]["max_steps"], 10_000_000);
    assert!(record["rustc_version"].as_str().unwrap().starts_with("rustc "), "{record}");
    // Passing runs are kept too, and are no findings.
    json(&[&planted("sub:rs2=77:+1")[..], &["--store", at]].concat(), 0);
    let rows = fs::read_to_string(place.join("summary.csv")).unwrap();
    assert_eq!(rows.lines().count(), 4, "{rows}");
    assert_eq!(fs::read_dir(place.join("findings")).unwrap().count(), 1);
}

#[test]
fn a_run_that_cannot_be_kept_is_shown_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "not a store").unwrap();
    let place = file.to_str().unwrap();
    let diff = [&planted("sub:rs2=3:+1")[..], &["--store", place]].concat();
    let output = assay(&diff).assert().code(7).get_output().clone();
    let (text, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(text.contains("Diverge") && text.contains("first diverging instruction"), "{text}");
    assert!(said.contains("was not kept") && said.contains(place), "{said}");
    let log = json(&diff, 7);
    assert_eq!(
        (&log["record"], &log["comparisons"][0]["verdict"]["result"]),
        (&serde_json::Value::Null, &"diverge".into())
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a store");
}

#[test]
fn a_difference_of_the_platforms_is_no_finding() {
    let guest = ["--asm", "sw a1, 0(a0)", "--reg", "a0=0x2000000"];
    let log = json(&[&["diff", "-b", "reference@risc0", "-b", "reference@openvm"], &guest[..]].concat(), 2);
    assert!(log["record"]["run_id"].is_string());
    assert_eq!(log["record"]["findings"], serde_json::Value::Null);
}
