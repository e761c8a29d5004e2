//! What the snapshot of SP1's published crates must do: what the runner of the same crates does, with records that the
//! patched sources emit; and what patched sources are for: guards that are off, and witnesses that are changed.
//!
//! They need both: `assay backend install sp1`; `assay snapshot install sp1 --commit 6.10.0`, `patch` and `build`.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

#[expect(dead_code, reason = "what the other tests need of it stands beside what these do")]
#[path = "black_box/support.rs"]
mod support;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use serde_json::Value;
use support::assay;

const PLAIN: &str = "sp1";
const PATCHED: &str = "sp1@6.10.0";

/// One instruction of nearly every chip, a loop, jumps, and memory that is written and read at every width.
const GUEST: &str = "li a0, 100\n li a1, -7\n mul a2, a0, a1\n div a3, a0, a1\n remu a4, a0, a1\n mulhu a7, a0, a1\n\
    add t1, a0, a1\n sub t2, a0, a1\n addw t3, a0, a1\n subw t4, a0, a1\n xor t1, t1, t2\n andi t2, t2, 0x55\n\
    slli t4, a0, 3\n srl t1, a1, a0\n sraiw t2, a1, 3\n sllw t3, a1, a0\n slt t4, a1, a0\n sltiu t1, a0, 5\n\
    add x0, a0, a1\n lui s2, 0x78200\n sd a1, 0(s2)\n sw a0, 8(s2)\n sh a0, 12(s2)\n sb a0, 15(s2)\n ld t1, 0(s2)\n\
    lwu t2, 8(s2)\n lh t4, 12(s2)\n lb t2, 15(s2)\n ld x0, 0(s2)\n auipc t1, 0\n li t2, 3\n\
    again: addi t2, t2, -1\n bne t2, x0, again\n beq t2, x0, over\n addi t3, x0, 1\n\
    over: jal t4, next\n addi t3, x0, 2\n next: divw t3, a0, a1\n mulw t1, a1, a0\n";

/// Loads four bytes from an address that four does not divide.
const MISALIGNED: [&str; 6] = ["--asm", "lui s2, 0x78200", "--asm", "sd a0, 0(s2)", "--asm", "lw t1, 2(s2)"];

/// A trace, without what depends on the order of its records.
#[derive(Default)]
struct Trace {
    instructions: Vec<Value>,
    /// Rows by their text, and how often each is there.
    rows: BTreeMap<String, u64>,
    /// Messages likewise; the row of each by chip and index.
    messages: BTreeMap<String, u64>,
    /// What there was of chips and buses, and what does not balance.
    summary: Value,
}

impl Trace {
    /// What `backend` records of the guest in `file`, values replaced.
    fn of(backend: &str, file: &Path, injected: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let arguments = ["trace", "-b", backend, "--records", "jsonl", "--out", out, "--insts", file.to_str().unwrap()];
        assay(&arguments).env("ASSAY_INJECT", injected).assert().success();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let trace: Value = serde_json::from_str(&read("trace.json")).unwrap();
        Self { summary: trace["summary"].clone(), ..Self::read(&read("micro_op_records.jsonl")) }
    }

    /// Distinct messages that do not cancel in their shard, by bus; none of buses that go beyond it.
    fn unbalanced(&self) -> BTreeMap<&str, Option<u64>> {
        let buses = self.summary["buses"].as_array().unwrap();
        buses.iter().map(|bus| (bus["bus"].as_str().unwrap(), bus["unbalanced"].as_u64())).collect()
    }

    fn read(text: &str) -> Self {
        let mut trace = Self::default();
        let mut rows: HashMap<u64, (Value, Value)> = HashMap::new();
        for (line, seq) in text.lines().zip(0..) {
            let record: Value = serde_json::from_str(line).unwrap();
            let mut data = record["data"].clone();
            match record["type"].as_str().unwrap() {
                "instruction" => {
                    assert_eq!(data.as_object_mut().unwrap().remove("seq").unwrap(), seq);
                    trace.instructions.push(data);
                }
                "chip_row" => {
                    let base = data["base"].as_object_mut().unwrap();
                    assert_eq!(base.remove("seq").unwrap(), seq);
                    rows.insert(seq, (base["chip"].clone(), data["row"].clone()));
                    *trace.rows.entry(data.to_string()).or_default() += 1;
                }
                _ => {
                    let base = data["base"].as_object_mut().unwrap();
                    assert_eq!(base.remove("seq").unwrap(), seq);
                    match base.get("row").map(|row| rows[&row.as_u64().unwrap()].clone()) {
                        Some((chip, row)) => base["row"] = format!("{chip} {row}").into(),
                        // Numbered within the row that is not written, or within the instruction.
                        None => drop(base.remove("op")),
                    }
                    *trace.messages.entry(data.to_string()).or_default() += 1;
                }
            }
        }
        trace
    }
}

/// What is in one and not, or not as often, in the other.
fn difference(one: &BTreeMap<String, u64>, other: &BTreeMap<String, u64>) -> Vec<String> {
    let more = |(text, count): &(&String, &u64)| other.get(*text).is_none_or(|others| others < count);
    one.iter().filter(more).map(|(text, _)| text.clone()).take(3).collect()
}

#[test]
#[ignore = "needs a snapshot"]
fn patched_sources_emit_what_the_runner_derives_from_the_published_ones() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guest.s");
    fs::write(&file, GUEST).unwrap();
    let (plain, patched) = (Trace::of(PLAIN, &file, ""), Trace::of(PATCHED, &file, ""));
    assert!(plain.instructions.len() > 60 && plain.rows.len() > 500 && plain.messages.len() > 3000);
    assert_eq!(plain.instructions, patched.instructions);
    for (one, other) in [(&plain, &patched), (&patched, &plain)] {
        assert_eq!(difference(&one.rows, &other.rows), [] as [&str; 0]);
        assert_eq!(difference(&one.messages, &other.messages), [] as [&str; 0]);
    }
    assert_eq!(plain.summary, patched.summary);
    let balance = patched.unbalanced();
    assert!(balance.len() > 5 && balance.values().all(|open| open.is_none_or(|open| open == 0)), "{balance:?}");
    assert_eq!(balance["memory"], Some(0), "{balance:?}");

    // A cell of a row that is another: what the row sends is not what is received.
    let changed = Trace::of(PATCHED, &file, "sp1.row.mul:3:12345");
    assert!(changed.unbalanced().values().any(|open| open.is_some_and(|open| open > 0)), "{:?}", changed.unbalanced());
}

/// How a run ends with guards off.
fn status(backend: &str, relaxed: &str) -> String {
    let arguments = [&["run", "-b", backend, "--format", "json"], &MISALIGNED[..]].concat();
    let output = assay(&arguments).env("ASSAY_RELAX", relaxed).output().unwrap();
    let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
    outcome["run"]["status"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs a snapshot"]
fn a_guard_is_on_unless_it_is_named() {
    assert_eq!(status(PATCHED, ""), "Trap");
    assert_eq!(status(PATCHED, "sp1.executor.store_alignment"), "Trap");
    assert_eq!(status(PATCHED, "sp1.executor.load_alignment"), "Ok");
    assert_eq!(status(PLAIN, "sp1.executor.load_alignment"), "Trap");
}

/// A sequence in which one instruction multiplies.
const PRODUCT: [&str; 6] = ["--asm", "li a0, 6", "--asm", "li a1, 7", "--asm", "mul a0, a0, a1"];

/// Proves the product with a value replaced: the exit code, the outcome, and whether there is a proof.
fn proved(injected: &str) -> (Option<i32>, Value, bool) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let prove = ["prove", "-b", PATCHED, "--kind", "core-insecure-fast", "--out", out, "--format", "json"];
    let output = assay(&[&prove[..], &PRODUCT[..]].concat()).env("ASSAY_INJECT", injected).output().unwrap();
    let outcome = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), outcome, folder.path().join("proof.receipt").is_file())
}

/// SP1's clock before the multiplication.
fn clock() -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let trace = ["trace", "-b", PATCHED, "--instructions-only", "--records", "jsonl", "--out", out];
    assay(&[&trace[..], &PRODUCT[..]].concat()).assert().success();
    let text = fs::read_to_string(folder.path().join("micro_op_records.jsonl")).unwrap();
    let records = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let product = records.into_iter().find(|record| record["data"]["mnemonic"] == "mul").unwrap();
    product["data"]["timestamp"].as_u64().unwrap()
}

#[test]
#[ignore = "needs a snapshot"]
fn a_proof_of_a_changed_witness_is_rejected() {
    let (code, outcome, kept) = proved("");
    assert!((code, kept) == (Some(0), true), "{outcome}");
    for injected in [format!("sp1.core.alu:{}:5", clock()), "sp1.row.mul:3:12345".to_owned()] {
        let (code, outcome, kept) = proved(&injected);
        assert_eq!((code, &outcome["run"]["status"], kept), (Some(5), &"Ok".into(), false), "{injected}: {outcome}");
        let [message, refusal] = ["message", "refusal"].map(|text| outcome["run"][text].as_str().unwrap());
        assert!(message.contains("of the witness w") && message.contains("replaced"), "{injected}: {message}");
        assert!(refusal.contains("its proof is rejected"), "{injected}: {refusal}");
    }
}
