//! What every runner must pass, whichever zkVM it holds: `ASSAY_TEST_RUNNER` names the one to test.
//!
//! They need it installed: `assay backend install NAME`. What is special about one zkVM is in the file of its name.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

#[path = "black_box/conformance.rs"]
mod conformance;
#[path = "black_box/support.rs"]
mod support;
#[path = "every_runner/tiles.rs"]
mod tiles;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use assay_spec::{MicroOp, Receipt, trace::InstructionRecord};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use support::{EXAMPLE, assay, complaint, json, stdout};
use tempfile::TempDir;

/// Bits of a receipt that are flipped, spread over all of it.
const POSITIONS: usize = 100;

/// Runs that take longer than this hang.
const PATIENCE: Duration = Duration::from_mins(5);

fn runner() -> &'static str {
    static RUNNER: OnceLock<String> = OnceLock::new();
    RUNNER.get_or_init(|| env::var("ASSAY_TEST_RUNNER").expect("ASSAY_TEST_RUNNER names the runner to test"))
}

/// What the runner says of itself.
fn description() -> Value {
    let list = json(&["backend", "list"], 0);
    let row = list["backends"].as_array().unwrap().iter().find(|row| row["name"] == runner());
    row.unwrap_or_else(|| panic!("{} is not installed: {list}", runner()))["description"].clone()
}

fn can(capability: &str) -> bool {
    description()["capabilities"].as_array().unwrap().iter().any(|found| found == capability)
}

/// The proof kind that tests use: the cheapest that is a real proof.
fn kind() -> (String, bool) {
    let kinds = description()["proof_kinds"].as_array().unwrap().clone();
    let fast = kinds.iter().find(|kind| kind["name"].as_str().unwrap().ends_with("-insecure-fast"));
    let kind = fast.unwrap_or(&kinds[0]);
    (kind["name"].as_str().unwrap().to_owned(), kind["security"]["secure"] == true)
}

/// A sequence that was proved, once for all tests.
struct Proved {
    folder: TempDir,
    outcome: Value,
    secure: bool,
}

impl Proved {
    fn receipt(&self) -> PathBuf {
        self.folder.path().join("proof.receipt")
    }

    fn elf(&self) -> String {
        text(&self.folder.path().join("guest.elf"))
    }

    /// `assay verify FILE …`, with insecure proofs accepted where the proof is one.
    fn verify<'a>(&self, file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let insecure: &[&str] = if self.secure { &[] } else { &["--accept-insecure"] };
        [&["verify", file], insecure, more].concat()
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("temporary folders have plain names").to_owned()
}

fn proved() -> &'static Proved {
    static PROVED: OnceLock<Proved> = OnceLock::new();
    PROVED.get_or_init(|| {
        let (kind, secure) = kind();
        let folder = tempfile::tempdir().unwrap();
        let out = text(folder.path());
        let guest = ["--asm", "li a0, 6", "--asm", "li a1, 7", "--asm", "mul a0, a0, a1"];
        let prove = ["prove", "-b", runner(), "--kind", &kind, "--out", &out];
        let outcome = json(&[&prove[..], &guest].concat(), 0);
        Proved { folder, outcome, secure }
    })
}

#[test]
#[ignore = "needs a runner"]
fn the_example_agrees_with_the_reference_machine() {
    let log = json(&[&["diff", "-b", "reference", "-b", runner()], &EXAMPLE[..]].concat(), 0);
    for comparison in log["comparisons"].as_array().unwrap() {
        assert_eq!(comparison["verdict"]["result"], "agree", "{comparison}");
    }
    let outcome = json(&[&["run", "-b", runner()], &EXAMPLE[..]].concat(), 0);
    assert_eq!(outcome["run"]["registers"]["x10"], "0x8");
    assert!(outcome["run"]["instructions"].as_u64() > Some(40), "{outcome}");
    assert!(outcome["run"]["peak_memory_bytes"].as_u64() > Some(1 << 20), "{outcome}");
    if can("cost") {
        assert!(outcome["run"]["cost"].as_object().unwrap().values().any(|cost| !cost.is_null()), "{outcome}");
    }
}

/// Each build is judged twice: natively by what the core says, and against the reference machine by the very same ELF.
#[test]
#[ignore = "needs a runner"]
fn cores_do_on_it_what_they_do_natively_and_on_the_reference_machine() {
    for core in ["fib", "io_echo", "panic_test", "sha256", "c_fib", "c_echo"] {
        let log = json(&["diff", "--no-store", "--core", core, "-b", "native", "-b", runner()], 0);
        let comparisons: Vec<_> = log["comparisons"].as_array().unwrap().iter().collect();
        let bases: Vec<_> = comparisons.iter().map(|comparison| comparison["basis"].as_str().unwrap()).collect();
        assert_eq!(bases, ["same_guest", "same_core"], "{log:#}");
        for comparison in comparisons {
            assert_eq!(comparison["verdict"]["result"], "agree", "{core}: {comparison:#}");
        }
        let status = if core == "panic_test" { "Panic" } else { "Ok" };
        for outcome in log["outcomes"].as_array().unwrap() {
            assert_eq!(outcome["outcome"]["run"]["status"], status, "{core}: {outcome:#}");
        }
    }
}

/// Native code is of 64 bits: where registers are narrower, a core that depends on their width does otherwise, and the
/// zkVM is not at fault.
#[test]
#[ignore = "needs a runner"]
fn a_core_that_depends_on_the_width_of_usize_differs_where_registers_are_narrow() {
    let is_narrow = description()["isa"].as_str().unwrap().starts_with("rv32");
    let code = if is_narrow { 2 } else { 0 };
    let log = json(&["diff", "--no-store", "--core", "usize_width", "-b", "native", "-b", runner()], code);
    let comparisons = log["comparisons"].as_array().unwrap();
    let found: Vec<_> =
        comparisons.iter().map(|comparison| comparison["verdict"]["result"].as_str().unwrap()).collect();
    assert_eq!(found, ["agree", if is_narrow { "diverge" } else { "agree" }], "{log:#}");
}

/// What it does otherwise than its platform promises is a declared limit or a known bug.
#[test]
#[ignore = "needs a runner"]
fn it_keeps_what_its_platform_promises_guests_but_for_what_is_known() {
    let chosen = conformance::chosen();
    let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
    let run = assay(&[&["conform", "-b", runner(), "--json"], &chosen[..]].concat()).output().unwrap();
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let counts = &report["runs"][0]["counts"];
    assert!(counts["pass"].as_u64() > Some(100), "{counts}");
    assert_eq!((&counts["fail"], &counts["unjudged"]), (&counts["known_bug"], &0.into()), "{report:#}");
    assert_eq!(run.status.code(), Some(if counts["fail"] == 0 { 0 } else { 2 }));
    conformance::check(runner(), &report);
}

/// Proofs of a run that fails, of claims that were changed, and of every instruction in one run.
#[test]
#[ignore = "needs a runner"]
fn its_proofs_bind_exit_code_output_and_image_id() {
    let report = json(&["conform", "-b", runner(), "--with-proofs", "--case", "proof/*"], 0);
    let counts = &report["runs"][0]["counts"];
    assert_eq!((&counts["pass"], &counts["skipped"]), (&8.into(), &0.into()), "{report:#}");
    conformance::check_programs(runner(), &report);
}

#[test]
#[ignore = "needs a runner"]
fn a_planted_fault_is_located_at_its_instruction() {
    let guest = ["--asm", "li x5, 8", "--asm", "li x6, 3", "--asm", "sub x7, x5, x6", "--asm", "sub x7, x7, x6"];
    let log = json(&[&["diff", "-b", runner(), "--plant-fault", "sub:rs1=5:+1"], &guest[..]].concat(), 2);
    let comparisons = log["comparisons"].as_array().unwrap();
    let first = comparisons.iter().find(|comparison| !comparison["first_divergence"].is_null());
    let first = &first.unwrap_or_else(|| panic!("{log:#}"))["first_divergence"];
    assert_eq!((&first["baseline"]["rd"]["after"], &first["target"]["rd"]["after"]), (&"0x2".into(), &"0x3".into()));
}

#[test]
#[ignore = "needs a runner"]
fn a_trace_holds_the_sequence_and_names_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let guest = ["--asm", "mul x5, x6, x7", "--asm", "sub x10, x5, x6", "--reg", "x6=5", "--reg", "x7=9"];
    stdout(&[&["trace", "-b", runner(), "--out", &text(folder.path())], &guest[..]].concat(), 0);
    let records: Vec<MicroOp> =
        serde_json::from_slice(&fs::read(folder.path().join("micro_op_records.json")).unwrap()).unwrap();
    let mut instructions: Vec<&InstructionRecord> = Vec::new();
    let mut rows = 0;
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record.seq(), index as u64);
        match record {
            MicroOp::Instruction(instruction) => {
                assert_eq!(instruction.step, instructions.len() as u64);
                if let Some(before) = instructions.last() {
                    assert_eq!(before.next_pc, instruction.pc, "{before:?} {instruction:?}");
                }
                instructions.push(instruction);
            }
            MicroOp::ChipRow(row) => {
                rows += 1;
                for name in row.columns.keys() {
                    let number = name.trim_start_matches("col").trim_start_matches('_');
                    assert!(number.parse::<u32>().is_err(), "{}: a column called {name}", row.base.chip);
                }
            }
            MicroOp::Interaction(_) => {}
        }
    }
    let mul = instructions.iter().find(|instruction| instruction.mnemonic == "mul").expect("the sequence has a mul");
    let rd = mul.rd.expect("it writes a register");
    assert_eq!((rd.reg.index(), rd.after.0), (5, 45));
    assert_eq!(rows > 0, can("trace_chip_rows"));
}

#[test]
#[ignore = "needs a runner"]
fn an_endless_loop_ends_at_the_step_limit_and_at_the_wall_limit() {
    let outcome = json(&["run", "-b", runner(), "--asm", "1: j 1b", "--max-steps", "100000"], 5);
    assert_eq!(outcome["run"]["status"], "Timeout");
    let forever = ["run", "-b", runner(), "--asm", "1: j 1b", "--max-steps", "1000000000000", "--timeout", "3s"];
    assert_eq!(json(&forever, 5)["run"]["status"], "Timeout");
}

/// Some zkVMs refuse such a program, others stop when they come to the word.
#[test]
#[ignore = "needs a runner"]
fn a_word_that_is_no_instruction_does_not_end_well() {
    let run = assay(&["run", "-b", runner(), "--words", "ffffffff", "--format", "json"]).output().unwrap();
    let outcome: Value = serde_json::from_slice(&run.stdout).unwrap();
    match run.status.code() {
        Some(4) => assert_eq!(outcome["run"]["status"], "Trap"),
        Some(6) => assert_eq!(outcome["run"]["status"], "Unsupported"),
        other => panic!("{other:?}: {outcome}"),
    }
    stdout(&["run", "-b", runner(), "--asm", "nop"], 0);
}

#[test]
#[ignore = "needs a runner"]
fn files_that_are_no_guests_are_refused_by_what_is_wrong_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let elf = fs::read(proved().elf()).unwrap();
    let mut wrong_machine = elf.clone();
    // e_machine is x86-64.
    wrong_machine[18] = 62;
    for (name, bytes) in [("cut.elf", &elf[..elf.len() / 2]), ("x86.elf", &wrong_machine), ("empty.elf", &[])] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let text = complaint(&["run", "-b", runner(), &text(&path)], 1);
        assert!(text.contains(name), "{text}");
    }
}

#[test]
#[ignore = "needs a runner"]
fn a_receipt_verifies_against_its_guest_and_says_what_the_guest_made_public() {
    let proved = proved();
    assert_eq!(proved.outcome["verification"]["result"], "verified");
    assert_eq!(proved.outcome["mode"], "prove");
    let receipt = text(&proved.receipt());
    let report = json(&proved.verify(&receipt, &["--elf", &proved.elf()]), 0);
    let image_id = report["header"]["image_id"].as_str().unwrap();
    assert_eq!(proved.outcome["guest"]["image_id"], image_id);
    assert!(report["checks"].as_array().unwrap().iter().all(|check| check["state"] == "passed"), "{report:#}");
    assert_eq!(report["verification"]["detail"]["output"], proved.outcome["run"]["output"]);

    let output = proved.outcome["run"]["output"].as_str().unwrap();
    json(&proved.verify(&receipt, &["--image-id", image_id, "--expect-output", output]), 0);
}

#[test]
#[ignore = "needs a runner"]
fn a_receipt_of_something_else_is_rejected_by_the_check_that_is_about_it() {
    let proved = proved();
    let receipt = text(&proved.receipt());
    let rejected = |more: &[&str]| {
        let report = json(&proved.verify(&receipt, more), 3);
        report["verification"]["detail"]["check"].as_str().unwrap().to_owned()
    };
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.elf");
    let mut elf = fs::read(proved.elf()).unwrap();
    *elf.last_mut().unwrap() ^= 1;
    fs::write(&other, elf).unwrap();
    assert_eq!(rejected(&["--elf", &text(&other)]), "elf_digest");
    assert_eq!(rejected(&["--image-id", &"ab".repeat(32)]), "image_id");
    assert_eq!(rejected(&["--expect-exit-code", "1"]), "claims");
    assert_eq!(rejected(&["--expect-output", "00"]), "claims");
    if !proved.secure {
        let report = json(&["verify", &receipt], 3);
        assert_eq!(report["verification"]["detail"]["check"], "envelope");
    }
}

#[test]
#[ignore = "needs a runner"]
fn a_receipt_that_claims_another_guest_or_output_is_rejected() {
    let proved = proved();
    let folder = tempfile::tempdir().unwrap();
    let path = text(&folder.path().join("forged.receipt"));
    let good = Receipt::from_bytes(&fs::read(proved.receipt()).unwrap()).unwrap();
    let rejected = |change: &dyn Fn(&mut Receipt)| {
        let mut forged = good.clone();
        change(&mut forged);
        fs::write(&path, Receipt::new(forged.header, forged.proof).to_bytes()).unwrap();
        let report = json(&proved.verify(&path, &[]), 3);
        report["verification"]["detail"]["check"].as_str().unwrap().to_owned()
    };
    assert_eq!(rejected(&|receipt| receipt.header.claims.exit_code = 7), "claims");
    assert_eq!(rejected(&|receipt| receipt.header.claims.output.0.push(0)), "claims");
    assert_eq!(rejected(&|receipt| receipt.proof.truncate(receipt.proof.len() / 2)), "proof");
    assert_eq!(rejected(&|receipt| receipt.proof.clear()), "proof");
    assert_eq!(rejected(&|receipt| receipt.proof.push(0)), "proof");
    // One hexadecimal digit of the image id.
    let other = |receipt: &mut Receipt| {
        let last = receipt.header.image_id.pop().unwrap();
        receipt.header.image_id.push(if last == '0' { '1' } else { '0' });
    };
    assert_eq!(rejected(&other), "proof");
    // The proof's digest in the header is made anew above: these reach the zkVM's verifier.
    for part in 1..5 {
        let at = good.proof.len() * part / 5;
        assert_eq!(rejected(&|receipt| receipt.proof[at] ^= 1 << part), "proof", "byte {at}");
    }
}

#[test]
#[ignore = "needs a runner"]
fn a_receipt_with_a_flipped_bit_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let path = text(&folder.path().join("flipped.receipt"));
    let good = fs::read(proved().receipt()).unwrap();
    for position in 0..POSITIONS {
        let mut bytes = good.clone();
        bytes[position * good.len() / POSITIONS] ^= 1 << (position % 8);
        fs::write(&path, bytes).unwrap();
        let report = json(&proved().verify(&path, &[]), 3);
        assert_eq!(report["verification"]["result"], "rejected", "position {position}");
    }
}

/// A proof that has begun and will take a while, with its temporary files in `folder`.
fn begun(folder: &TempDir) -> Child {
    let child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args(["prove", "-b", runner(), "--asm", "nop", "--no-verify", "--format", "json", "--out"])
        .arg(folder.path().join("out"))
        .env("TMPDIR", folder.path().join("tmp"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let child = child.unwrap();
    // The guest lies in the folder of the request that loads it or proves it.
    let until = Instant::now() + PATIENCE;
    while !contains(&folder.path().join("tmp"), "guest.elf") {
        assert!(Instant::now() < until, "the proof does not begin");
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(300));
    child
}

fn contains(folder: &Path, name: &str) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| {
        entry.file_name() == *name || entry.file_type().is_ok_and(|kind| kind.is_dir()) && contains(&entry.path(), name)
    })
}

/// Processes whose parent is `pid`.
fn children(pid: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|child| {
        let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
        status.lines().any(|line| line.strip_prefix("PPid:").is_some_and(|parent| parent.trim() == pid.to_string()))
    })
    .collect()
}

fn proving_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tmp")).unwrap();
    folder
}

#[test]
#[ignore = "needs a runner"]
fn a_runner_that_is_killed_in_the_midst_of_a_proof_is_an_outcome() {
    let folder = proving_folder();
    let child = begun(&folder);
    let runners = children(child.id());
    assert!(!runners.is_empty());
    for runner in &runners {
        kill(Pid::from_raw(runner.cast_signed()), Signal::SIGKILL).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stdout));
    let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["run"]["status"], "RunnerCrash");
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0, "temporary files are left");
    stdout(&["run", "-b", runner(), "--asm", "nop"], 0);
}

#[test]
#[ignore = "needs a runner"]
fn ctrl_c_in_the_midst_of_a_proof_leaves_no_process_and_no_file() {
    let folder = proving_folder();
    let mut child = begun(&folder);
    let runners = children(child.id());
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    for runner in runners {
        assert!(!Path::new(&format!("/proc/{runner}")).exists(), "the runner is left");
    }
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0, "temporary files are left");
    assert!(!folder.path().join("out/proof.receipt").exists());
}

#[test]
#[ignore = "needs a runner"]
fn a_proof_kind_that_there_is_not_is_a_usage_error() {
    let text = complaint(&["prove", "-b", runner(), "--kind", "half", "--asm", "nop"], 1);
    assert!(text.contains("half") && text.contains(&kind().0), "{text}");
}

#[test]
#[ignore = "needs a runner"]
fn doctor_finds_every_verb_working() {
    let report = json(&["backend", "doctor", runner()], 0);
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.len() >= 4, "{report:#}");
    assert!(checks.iter().all(|check| check["result"] != "failing"), "{report:#}");
}

#[test]
#[ignore = "needs a runner"]
fn every_known_bug_of_the_zkvm_shows_as_it_is_written_down() {
    let list = json(&["bugs", "list"], 0);
    let of_some_machines: Vec<_> = list["bugs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|bug| bug["expected"]["only_where"].is_string())
        .map(|bug| &bug["id"])
        .collect();
    let output = assay(&["bugs", "check", "-b", runner(), "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    for bug in report["bugs"].as_array().unwrap() {
        if bug["result"] == "inconclusive" && of_some_machines.contains(&&bug["id"]) {
            continue;
        }
        assert_eq!((&bug["result"], &bug["affected"]), (&"reproduced".into(), &true.into()), "{bug:#}");
    }
}

#[test]
#[ignore = "needs a runner"]
fn a_kept_run_of_the_zkvm_is_reproduced() {
    let log = json(&[&["diff", "-b", runner()], &EXAMPLE[..]].concat(), 0);
    let run = log["record"]["run_id"].as_str().unwrap();
    let report = json(&["replay", run, "--times", "3"], 0);
    assert_eq!((&report["result"], &report["reproduced"]), (&"reproduced".into(), &3.into()), "{:#}", report["seen"]);
}
