//! Smoke tests with the real OpenVM. They need its runner: `assay backend install openvm`.

#[path = "black_box/support.rs"]
mod support;

#[path = "openvm/differential.rs"]
mod differential;
#[path = "openvm/sequence.rs"]
mod sequence;

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use assay_spec::{MicroOp, trace::Direction};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use support::{EXAMPLE, complaint, json, stdout};

const BOTH: [&str; 5] = ["diff", "-b", "reference", "-b", "openvm"];

fn diff(guest: &[&str], code: i32) -> serde_json::Value {
    json(&[&BOTH[..], guest].concat(), code)
}

#[test]
#[ignore = "needs the openvm runner"]
fn the_example_agrees_on_both_backends() {
    let text = stdout(&[&BOTH[..], &EXAMPLE[..]].concat(), 0);
    assert!(text.contains("Agree: reference and openvm"), "{text}");
    assert!(text.contains("x10/a0   0x00000008"), "{text}");
    let log = diff(&EXAMPLE, 0);
    let (reference, openvm) = (&log["outcomes"][0]["outcome"]["run"], &log["outcomes"][1]["outcome"]["run"]);
    assert_eq!(reference["instructions"], openvm["instructions"]);
    assert_eq!(reference["output"].as_str().map(str::len), Some(512));
    assert!(openvm["peak_memory_bytes"].as_u64() > Some(0));
}

#[test]
#[ignore = "needs the openvm runner"]
fn a_trace_ties_instructions_named_chip_rows_and_balanced_buses_together() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let guest = ["trace", "-b", "openvm", "--asm", "mul x5, x6, x7", "--asm", "sub x10, x5, x6", "--reg", "x6=5"];
    let text = stdout(&[&guest[..], &["--reg", "x7=9", "--out", out]].concat(), 0);
    assert!(text.contains("interactions"), "{text}");

    let records: Vec<MicroOp> =
        serde_json::from_slice(&fs::read(folder.path().join("micro_op_records.json")).unwrap()).unwrap();
    let mut steps = BTreeSet::new();
    let mut rows = BTreeSet::new();
    let mut mul = None;
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record.seq(), index as u64);
        match record {
            MicroOp::Instruction(instruction) => {
                if instruction.mnemonic == "mul" {
                    mul = Some(instruction.clone());
                }
                steps.insert(instruction.step);
            }
            MicroOp::ChipRow(row) => {
                assert!(row.base.step.is_none_or(|step| steps.contains(&step)), "{row:?}");
                rows.insert(row.base.seq);
            }
            MicroOp::Interaction(interaction) => {
                assert!(interaction.base.row.is_some_and(|row| rows.contains(&row)), "{interaction:?}");
            }
        }
    }
    let mul = mul.expect("the sequence has a mul");
    assert_eq!((mul.rd.unwrap().reg.index(), mul.rd.unwrap().after.0), (5, 45));

    // The row of that very instruction: named columns, and messages on the execution and memory buses both ways.
    let row = records.iter().find_map(|record| match record {
        MicroOp::ChipRow(row) if row.base.step == Some(mul.step) => Some(row),
        _ => None,
    });
    let row = row.expect("the mul has a chip row");
    assert!(row.base.chip.contains("Mul"), "{}", row.base.chip);
    assert!(row.columns.keys().all(|name| !name.starts_with("column[")), "{:?}", row.columns);
    let buses: BTreeSet<_> = records
        .iter()
        .filter_map(|record| match record {
            MicroOp::Interaction(i) if i.base.row == Some(row.base.seq) => {
                Some((i.kind as u8, i.base.direction == Direction::Send))
            }
            _ => None,
        })
        .collect();
    assert!(buses.len() >= 4, "{buses:?}");

    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("trace.json")).unwrap()).unwrap();
    let unbalanced: Vec<_> =
        manifest["summary"]["buses"].as_array().unwrap().iter().map(|bus| &bus["unbalanced"]).collect();
    assert!(!unbalanced.is_empty() && unbalanced.iter().all(|count| **count == 0), "{unbalanced:?}");
    for name in ["openvm_run.stdout.txt", "openvm_run.stderr.txt", "outcome.json"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
}

#[test]
#[ignore = "needs the openvm runner"]
fn guests_that_fail_do_so_on_both_backends() {
    // Exit code 3 by OpenVM's own terminate.
    let log = diff(&["--asm", ".insn i 0x0b, 0, x0, x0, 3"], 0);
    for outcome in log["outcomes"].as_array().unwrap() {
        assert_eq!(
            (&outcome["outcome"]["run"]["status"], &outcome["outcome"]["run"]["exit_code"]),
            (&"Failed".into(), &3.into())
        );
    }
    // No memory above 2^24, no code outside of the program.
    for guest in
        [["--asm", "sw x5, 0(x6)", "--reg", "x6=0x7ffffffc"], ["--asm", "jalr x5, 0(x6)", "--reg", "x6=0x800000"]]
    {
        let log = diff(&guest, 0);
        for outcome in log["outcomes"].as_array().unwrap() {
            assert_eq!(outcome["outcome"]["run"]["status"], "Trap", "{guest:?}: {outcome}");
        }
    }
}

/// OpenVM 2.0.2 itself disagrees here: its pure interpreter rounds the address down and goes on, its preflight
/// interpreter, which proving uses, stops. The reference machine stops.
#[test]
#[ignore = "needs the openvm runner"]
fn a_misaligned_load_diverges_because_the_pure_interpreter_of_openvm_rounds_its_address_down() {
    let guest = ["--asm", "lw x5, 1(x6)", "--reg", "x6=0x400000", "--mem", "0x400000=0102030405060708"];
    let log = diff(&guest, 2);
    let (reference, openvm) = (&log["outcomes"][0]["outcome"]["run"], &log["outcomes"][1]["outcome"]["run"]);
    assert_eq!(reference["trap"]["kind"], "misaligned_access");
    let notes = log["comparisons"][0]["notes"].to_string();
    assert!(notes.contains("openvm disagrees with itself: Ok when it is executed, Trap when it is traced"), "{notes}");
    assert_eq!((&openvm["status"], &openvm["registers"]["x5"]), (&"Ok".into(), &"0x4030201".into()));

    let folder = tempfile::tempdir().unwrap();
    let trace = ["trace", "-b", "openvm", "--out", folder.path().to_str().unwrap()];
    let text = stdout(&[&trace[..], &guest[..]].concat(), 4);
    assert!(text.contains("Trap"), "{text}");
}

/// Another disagreement of OpenVM's interpreters: a jump to an address with bit 1 set.
#[test]
#[ignore = "needs the openvm runner"]
fn a_run_that_ends_before_the_other_says_how() {
    let guest = ["--asm", "auipc x6, 0", "--asm", "jalr x5, 14(x6)", "--asm", "nop", "--asm", "li x7, 1"];
    let text = stdout(&[&BOTH[..], &guest[..]].concat(), 2);
    assert!(text.contains("reference  ended before it: misaligned fetch"), "{text}");
    assert!(text.contains("openvm     went on"), "{text}");
}

#[test]
#[ignore = "needs the openvm runner"]
fn limits_end_an_endless_loop_and_nothing_is_concluded() {
    let log = diff(&["--asm", "1: j 1b", "--max-steps", "5000"], 5);
    for outcome in log["outcomes"].as_array().unwrap() {
        assert_eq!(outcome["outcome"]["run"]["status"], "Timeout");
    }
    let run = ["run", "-b", "openvm", "--asm", "1: j 1b", "--max-steps", "1000000000000", "--timeout", "4s"];
    assert_eq!(json(&run, 5)["run"]["status"], "Timeout");
}

#[test]
#[ignore = "needs the openvm runner"]
fn a_guest_that_openvm_cannot_load_is_said_to_be_unsupported() {
    let outcome = json(&["run", "-b", "openvm", "--words", "ffffffff"], 6);
    assert_eq!(outcome["run"]["status"], "Unsupported");
    assert!(outcome["run"]["message"].as_str().unwrap().contains("0xffffffff"), "{outcome}");
    let text = stdout(&[&BOTH[..], &["--words", "ffffffff"]].concat(), 5);
    assert!(text.contains("Inconclusive"), "{text}");
}

#[test]
#[ignore = "needs the openvm runner"]
fn a_platform_or_isa_that_the_zkvm_does_not_have_is_a_usage_error() {
    let text = complaint(&["run", "-b", "openvm", "--asm", "nop", "--platform", "standard"], 1);
    assert!(text.contains("does not run guests of platform standard"), "{text}");
    let text = complaint(&["run", "-b", "openvm", "--asm", "nop", "--isa", "rv64im"], 1);
    assert!(text.contains("rv64"), "{text}");
}

#[test]
#[ignore = "needs the openvm runner"]
fn a_fault_planted_in_the_reference_machine_is_located_against_openvm() {
    let guest = ["--asm", "li x5, 8", "--asm", "li x6, 3", "--asm", "sub x7, x5, x6", "--asm", "sub x7, x7, x6"];
    let log = json(&[&["diff", "-b", "openvm", "--plant-fault", "sub:rs1=5:+1"], &guest[..]].concat(), 2);
    // openvm as its reference machine, the wrong machine not, and with openvm it disagrees.
    assert_eq!(log["comparisons"][0]["verdict"]["result"], "agree");
    let comparison = &log["comparisons"][2];
    assert_eq!((&comparison["baseline"], &comparison["target"]), (&"openvm".into(), &"reference+fault".into()));
    let first = &comparison["first_divergence"];
    assert_eq!((&first["baseline"]["rd"]["after"], &first["target"]["rd"]["after"]), (&"0x2".into(), &"0x3".into()));
    assert_eq!(first["target"]["mnemonic"], "sub");
}

#[test]
#[ignore = "needs the openvm runner"]
fn the_guests_input_is_read_alike() {
    // hint_input, then the length and the first word into memory, then registers.
    let guest = "lui x6, 0x400; .insn i 0x0b, 3, x0, x0, 0; .insn i 0x0b, 1, x6, x0, 0; lw x10, 0(x6); \
                 .insn i 0x0b, 1, x6, x0, 0; lw x11, 0(x6)";
    let text = stdout(&[&BOTH[..], &["--asm", guest, "--input-hex", "0102030405"]].concat(), 0);
    assert!(text.contains("x10/a0   0x00000005") && text.contains("x11/a1   0x04030201"), "{text}");
}

#[test]
#[ignore = "needs the openvm runner"]
fn ctrl_c_leaves_no_process_and_no_folder_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args(["run", "-b", "openvm", "--asm", "1: j 1b", "--max-steps", "1000000000000"])
        .env("TMPDIR", folder.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let work = || fs::read_dir(folder.path()).unwrap().next().map(|entry| entry.unwrap().path());
    while work().is_none() && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(10));
    }
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(work(), None);
}

#[test]
#[ignore = "needs the openvm runner"]
fn doctor_finds_every_verb_of_openvm_working() {
    let text = stdout(&["backend", "doctor", "openvm"], 0);
    assert!(
        text.contains("execute on openvm") && text.contains("trace on openvm") && !text.contains("FAILED"),
        "{text}"
    );
}
