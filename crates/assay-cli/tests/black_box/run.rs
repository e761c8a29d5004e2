//! `assay run` on the reference machine.

use std::fs;

use crate::support::{EXAMPLE, assay, complaint, json, stdout};

#[test]
fn the_example_ends_with_the_registers_that_the_specification_gives() {
    let outcome = json(&[&["run"], &EXAMPLE[..]].concat(), 0);
    let registers = &outcome["run"]["registers"];
    assert_eq!(outcome["run"]["status"], "Ok");
    // Two rounds: x14 is 15 + 11, then 15 + 2; x10 is 17 xor 25.
    let text = stdout(&[&["run"], &EXAMPLE[..]].concat(), 0);
    for expected in ["x10/a0   0x00000008", "x14/a4   0x00000011", "x7/t2    0x00000019", "x6/t1    0x0000001c"] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert!(registers.is_object());
    assert!(text.contains("x3/gp is the scratch register and not reported"), "{text}");
}

#[test]
fn every_form_of_a_guest_gives_the_same_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let assembly = path("body.s", "# comment\naddi a0, zero, 6\nloop: addi a0, a0, 1\nli a1, 9\nbne a0, a1, loop\n");
    let words = path("body.hex", "0x00600513\n00150513 # one\n0x00900593\n0xfeb51ce3\n");
    let seed = path(
        "seed.jsonl",
        "{\"instructions\":[1]}\n{\"instructions\":[6292755,1377555,9438611,4273282275],\"metadata\":{\"label\":\"x\"}}\n",
    );
    let seed = format!("{seed}#2");
    let forms: [&[&str]; 5] = [
        &["--asm", "addi a0, zero, 6", "--asm", "addi a0, a0, 1", "--asm", "li a1, 9", "--asm", "bne a0, a1, -8"],
        &["--insts", &assembly],
        &["--insts", &words],
        &["--words", "00600513 0x00150513,00900593 feb51ce3"],
        &["--seed", &seed],
    ];
    let runs: Vec<_> = forms.iter().map(|form| json(&[&["run"], *form].concat(), 0)).collect();
    for run in &runs {
        assert_eq!(run["run"]["registers"]["x10"], "0x9");
        assert_eq!(run["guest"]["digest"], runs[0]["guest"]["digest"]);
    }
}

#[test]
fn rv64_and_atomics_run_when_they_are_asked_for() {
    let text = stdout(&["run", "--isa", "rv64im", "--asm", "li a0, 0x123456789abcdef0", "--asm", "addiw a1, a0, 1"], 0);
    assert!(text.contains("x10/a0   0x123456789abcdef0") && text.contains("x11/a1   0xffffffff9abcdef1"), "{text}");
    let atomics = ["run", "--isa", "rv32ima", "--mem", "0x400000=05000000", "--reg", "a1=0x400000", "--reg", "a2=3"];
    let text = stdout(&[&atomics[..], &["--asm", "amoadd.w a0, a2, (a1)", "--asm", "lw a3, 0(a1)"]].concat(), 0);
    assert!(text.contains("x10/a0   0x00000005") && text.contains("x13/a3   0x00000008"), "{text}");
}

#[test]
fn a_guest_that_fails_is_exit_code_4_with_the_reason() {
    let text = stdout(&["run", "--asm", "lw a0, 0(zero)"], 4);
    assert!(text.contains("Trap") && text.contains("load fault at pc 0x"), "{text}");
    let outcome = json(&["run", "--words", "ffffffff"], 4);
    assert_eq!(outcome["run"]["trap"]["kind"], "illegal_instruction");
    let outcome = json(&["run", "--asm", "li a0, 3", "--asm", "li t0, 0", "--asm", "ecall"], 4);
    assert_eq!((outcome["run"]["status"].as_str(), outcome["run"]["exit_code"].as_u64()), (Some("Failed"), Some(3)));
}

#[test]
fn an_endless_loop_ends_at_the_step_limit_and_is_inconclusive() {
    let outcome = json(&["run", "--asm", "1: j 1b", "--max-steps", "1000"], 5);
    assert_eq!(outcome["run"]["status"], "Timeout");
    assert_eq!(outcome["run"]["instructions"], 1000);
}

#[test]
fn an_endless_loop_ends_at_the_wall_limit() {
    let arguments = ["run", "--asm", "1: j 1b", "--max-steps", "1000000000000000", "--timeout", "300ms"];
    assert_eq!(json(&arguments, 5)["run"]["status"], "Timeout");
}

#[test]
fn the_reference_machine_needs_no_place_for_runners() {
    assay(&["run", "--asm", "nop"]).env_remove("ASSAY_CACHE").env_remove("HOME").assert().code(0);
}

#[test]
fn the_outcome_is_kept_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a/b");
    let printed = json(&["run", "--asm", "nop", "--out", out.to_str().unwrap()], 0);
    let kept: serde_json::Value = serde_json::from_slice(&fs::read(out.join("outcome.json")).unwrap()).unwrap();
    assert_eq!(kept, printed);
}

#[test]
fn a_result_that_cannot_be_kept_is_still_printed_with_exit_code_7() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let output = assay(&["run", "--asm", "nop", "--out", file.join("x").to_str().unwrap()]).assert().code(7);
    let output = output.get_output();
    assert!(String::from_utf8_lossy(&output.stdout).contains("Ok"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not kept"));
}

#[test]
fn input_reaches_the_guest_and_comes_back_as_output() {
    // read_input into two cells, then write_output of the buffer itself, then HALT 0.
    let echo = "li a0, 0x400000; li a1, 0x400004; li t0, 0xf2; ecall; lw t1, 0(a0); lw t2, 0(a1); mv a0, t1; \
                mv a1, t2; li t0, 0x10; ecall; li a0, 0; li t0, 0; ecall";
    let guest = ["run", "--mem", "0x400000=0000000000000000", "--asm", echo];
    let outcome = json(&[&guest[..], &["--input-hex", "00ff10"]].concat(), 0);
    assert_eq!(outcome["run"]["output"], "00ff10");
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input");
    fs::write(&input, b"abc").unwrap();
    let outcome = json(&[&guest[..], &["-i", input.to_str().unwrap()]].concat(), 0);
    assert_eq!(outcome["run"]["output"], "616263");
}

#[test]
fn safe_registers_are_enforced_on_request_with_every_offender_named() {
    let arguments = ["run", "--safe-registers", "--asm", "addi x5, x5, 1", "--asm", "add x8, x9, x5"];
    let text = complaint(&arguments, 1);
    assert!(text.contains("add s0, s1, t0") && text.contains("x8") && text.contains("x9"), "{text}");
    assert!(!text.contains("addi"), "{text}");
    assay(&["run", "--asm", "add x8, x9, x5"]).assert().code(0);
}
