//! `assay trace` on the reference machine.

use std::{fs, path::Path};

use assay_spec::{Digest, MicroOp, schema, trace::TraceManifest};

use crate::support::{assay, json, stdout};

const GUEST: [&str; 6] = ["--asm", "addi x5, x6, 1", "--asm", "sw x5, 0(x7)", "--asm", "lbu x10, 0(x7)"];

fn trace(folder: &Path, more: &[&str]) -> String {
    let out = folder.to_str().expect("temporary folders have plain names");
    let memory = ["--mem", "0x400000=00000000", "--reg", "x7=0x400000", "--reg", "x6=0x1fe", "--out", out];
    stdout(&[&["trace"], &GUEST[..], &memory[..], more].concat(), 0)
}

fn records(folder: &Path) -> Vec<MicroOp> {
    let file = fs::read(folder.join("micro_op_records.json")).expect("the records are there");
    serde_json::from_slice(&file).expect("the records are one JSON array")
}

#[test]
fn a_trace_holds_every_instruction_with_its_effects_and_every_access() {
    let folder = tempfile::tempdir().unwrap();
    let text = trace(folder.path(), &[]);
    let records = records(folder.path());
    assert!(records.iter().enumerate().all(|(index, record)| record.seq() == index as u64));
    let instructions: Vec<_> = records
        .iter()
        .filter_map(|record| match record {
            MicroOp::Instruction(instruction) => Some(instruction),
            _ => None,
        })
        .collect();
    let find = |mnemonic: &str| *instructions.iter().find(|i| i.mnemonic == mnemonic).unwrap();
    let add = instructions.iter().find(|i| i.operands == [5, 6, 1]).unwrap().rd.unwrap();
    assert_eq!((add.reg.index(), add.after.0), (5, 0x1ff));
    let load = find("lbu");
    assert_eq!(load.rd.unwrap().after.0, 0xff);
    assert_eq!((load.mem.unwrap().addr.0, load.mem.unwrap().size), (0x40_0000, 1));
    let store = instructions.iter().find(|i| i.mnemonic == "sw" && i.mem.unwrap().addr.0 == 0x40_0000).unwrap();
    assert_eq!((store.mem.unwrap().before.0, store.mem.unwrap().after.0), (0, 0x1ff));
    assert!(records.iter().any(|record| matches!(record, MicroOp::Interaction(i) if i.base.step == Some(load.step))));
    assert!(text.contains(&format!("{} instructions", instructions.len())), "{text}");
}

#[test]
fn the_manifest_says_where_the_trace_came_from_and_what_file_it_is() {
    let folder = tempfile::tempdir().unwrap();
    trace(folder.path(), &[]);
    let manifest: TraceManifest = schema::read(&fs::read(folder.path().join("trace.json")).unwrap()).unwrap().value;
    let file = fs::read(folder.path().join(&manifest.records_file)).unwrap();
    assert_eq!(manifest.records_digest, Digest::of(&file));
    assert_eq!(manifest.backend.name, "reference");
    let total = manifest.summary.instructions + manifest.summary.interactions;
    assert_eq!(total, records(folder.path()).len() as u64);
    for name in ["reference_run.stdout.txt", "reference_run.stderr.txt", "outcome.json"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn what_was_run_is_kept_beside_its_trace_and_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    trace(folder.path(), &["--input-hex", "0102"]);
    let elf = folder.path().join("guest.elf");
    let again = tempfile::tempdir().unwrap();
    let out = again.path().to_str().unwrap();
    let input = folder.path().join("input.bin");
    stdout(&["trace", elf.to_str().unwrap(), "-i", input.to_str().unwrap(), "--out", out], 0);
    assert_eq!(records(again.path()), records(folder.path()));
}

#[test]
fn the_default_folder_names_backend_and_version() {
    let folder = tempfile::tempdir().unwrap();
    assay(&["trace", "--asm", "nop"]).current_dir(folder.path()).assert().code(0);
    let expected = format!("out/reference-{}/from-insts/micro_op_records.json", env!("CARGO_PKG_VERSION"));
    assert!(folder.path().join(expected).is_file());
}

#[test]
fn a_trace_that_cannot_be_kept_is_exit_code_7_and_its_outcome_is_printed_in_either_form() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let arguments = ["trace", "--asm", "nop", "--out", file.to_str().unwrap()];
    assert!(stdout(&arguments, 7).contains("reference"));
    let outcome = json(&arguments, 7);
    assert_eq!((&outcome["schema"], &outcome["run"]["status"]), (&"assay.outcome/1".into(), &"Ok".into()));
}

#[test]
fn instructions_only_and_json_lines_and_a_record_limit() {
    let folder = tempfile::tempdir().unwrap();
    trace(folder.path(), &["--instructions-only"]);
    assert!(records(folder.path()).iter().all(|record| matches!(record, MicroOp::Instruction(_))));

    let text = trace(folder.path(), &["--records", "jsonl", "--max-records", "5"]);
    let lines = fs::read_to_string(folder.path().join("micro_op_records.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 5);
    assert!(text.contains("truncated"), "{text}");
}

#[test]
fn the_trace_of_a_guest_that_traps_is_kept_up_to_the_trap() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    stdout(&["trace", "--asm", "li x5, 1", "--asm", "lw x5, 0(zero)", "--out", out], 4);
    let last = records(folder.path()).into_iter().rev().find_map(|record| match record {
        MicroOp::Instruction(instruction) => Some(instruction),
        _ => None,
    });
    assert_eq!(last.unwrap().operands, [5, 0, 1]);
}
