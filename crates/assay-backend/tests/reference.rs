//! The reference machine as a backend.

use std::{fs, io::BufReader, thread, time::Duration};

use assay_backend::{Backend, BackendError, CancelToken, Job, Limits, Reference, TraceOptions};
use assay_guest::{Guest, Harness, body_from_text};
use assay_isa::Isa;
use assay_spec::{
    MicroOp, Outcome, Platform, Register, RegisterFile, Status, Word, protocol::RecordSelection, trace::TraceSummary,
};
use assay_trace::JsonlReader;

const EXAMPLE: &str = "add x14, x1, x5\naddi x7, x7, 1\nli x5, 2\nbne x7, x5, -16\nli x7, 25\nxor x10, x14, x7\n";

fn x(index: u8) -> Register {
    Register::new(index).expect("below 32")
}

fn guest(platform: Platform, isa: Isa, text: &str, registers: &[(u8, u64)]) -> Guest {
    let mut harness = Harness::new(platform, isa, Vec::new());
    harness.registers = registers.iter().map(|&(index, value)| (x(index), Word(value))).collect();
    harness.body = body_from_text(text, isa, "test", harness.body_start()).expect("it assembles");
    harness.build("test").expect("a guest")
}

fn example(platform: Platform, isa: Isa) -> Guest {
    guest(platform, isa, EXAMPLE, &[(6, 28), (7, 0), (1, 15), (5, 11), (10, 0), (14, 0)])
}

fn standard(text: &str) -> Guest {
    guest(Platform::Standard, Isa::RV32IM, text, &[])
}

fn execute(guest: &Guest, limits: &Limits) -> Outcome {
    let mut reference = Reference::new(CancelToken::new());
    reference.execute(&Job { guest, input: &[], limits, cost: false }).expect("a run")
}

fn reported(guest: &Guest, outcome: &Outcome) -> RegisterFile {
    guest.harness.as_ref().expect("harnessed").registers(&outcome.run.output.0).expect("the harness reports")
}

fn records(path: &std::path::Path) -> Vec<MicroOp> {
    let file = BufReader::new(fs::File::open(path).expect("a records file"));
    JsonlReader::new(file).collect::<Result<_, _>>().expect("records")
}

#[test]
fn the_example_ends_alike_on_every_platform() {
    for (platform, isa) in
        [(Platform::Standard, Isa::RV32IM), (Platform::Standard, Isa::RV64IM), (Platform::OpenVm, Isa::RV32IM_OPENVM)]
    {
        let guest = example(platform, isa);
        let outcome = execute(&guest, &Limits::default());
        assert_eq!((outcome.run.status, outcome.run.exit_code), (Status::Ok, Some(0)), "{:?}", outcome.run.message);
        let registers = reported(&guest, &outcome);
        // The loop ends in its second round, where x5 is 2: x14 = 15 + 2, x10 = 17 ^ 25.
        for (register, value) in [(1, 15), (5, 2), (6, 28), (7, 25), (10, 8), (14, 17)] {
            assert_eq!(registers[&x(register)], Word(value), "x{register} on {platform} {isa}");
        }
        assert_eq!(outcome.backend.name, "reference");
        assert_eq!(outcome.backend.version, env!("CARGO_PKG_VERSION"));
        assert_eq!((outcome.backend.platform, outcome.backend.isa), (platform, isa.to_string()));
        assert_eq!(outcome.guest.digest, guest.digest);
        assert!(outcome.run.instructions.unwrap() > 10);
        assert_eq!(outcome.run.registers.unwrap()[&x(0)], Word(0));
    }
}

#[test]
fn a_planted_fault_changes_the_outcome_and_is_told_by_the_backends_name() {
    let guest = example(Platform::Standard, Isa::RV32IM);
    let limits = Limits::default();
    let fault = "xor:rs1=17:+1".parse().unwrap();
    let mut faulty = Reference::with_faults(vec![fault], CancelToken::new());
    let outcome = faulty.execute(&Job { guest: &guest, input: &[], limits: &limits, cost: false }).unwrap();
    assert_eq!(outcome.backend.name, "reference+fault");
    let (right, wrong) = (reported(&guest, &execute(&guest, &limits)), reported(&guest, &outcome));
    let differing: Vec<_> = right.keys().filter(|register| right[register] != wrong[register]).collect();
    assert_eq!(differing, [&x(10)]);
    assert_eq!(wrong[&x(10)], Word(9));

    let none = Reference::with_faults(Vec::new(), CancelToken::new());
    assert_eq!(none.description().name, "reference");
}

#[test]
fn how_a_guest_ends_is_told_by_status_and_exit_code() {
    let limits = Limits { max_steps: 1000, output_limit_bytes: 4, ..Limits::default() };
    let halt = "li t0, 0\necall\n";
    for (text, status, exit_code) in [
        (format!("li a0, 0\n{halt}"), Status::Ok, Some(0)),
        (format!("li a0, 42\n{halt}"), Status::Failed, Some(42)),
        ("ebreak\n".to_owned(), Status::Trap, None),
        ("j .\n".to_owned(), Status::Timeout, None),
        // The harness writes 128 bytes.
        ("nop\n".to_owned(), Status::OutputLimit, None),
    ] {
        let outcome = execute(&standard(&text), &limits);
        assert_eq!((outcome.run.status, outcome.run.exit_code), (status, exit_code), "{text}");
        assert_eq!(outcome.run.trap.is_some(), status == Status::Trap);
    }
}

#[test]
fn a_guest_beyond_the_memory_limit_from_the_start_is_out_of_memory_and_not_unsupported() {
    let limits = Limits { memory_limit_bytes: 4096, ..Limits::default() };
    let outcome = execute(&standard("nop"), &limits);
    assert_eq!(outcome.run.status, Status::OutOfMemory, "{outcome:?}");
    assert!(outcome.run.message.unwrap().contains("4096"));
}

#[test]
fn a_guest_that_does_not_end_is_stopped_by_the_clock() {
    let limits = Limits { wall: Duration::from_millis(200), max_steps: u64::MAX, ..Limits::default() };
    // The second one leaves the machine's fast loop all the time.
    for text in ["j .\n", "1: li t0, 2\nli a0, 1\nli a2, 0\necall\nj 1b\n"] {
        let guest = standard(text);
        let outcome = execute(&guest, &limits);
        assert_eq!(outcome.run.status, Status::Timeout, "{text}");
        assert!(outcome.run.message.unwrap().contains("0.200 s"));

        let options = TraceOptions { max_records: 10, ..TraceOptions::default() };
        let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
        let traced = Reference::new(CancelToken::new()).trace(&job, &options).unwrap();
        assert_eq!(traced.outcome.run.status, Status::Timeout, "{text}");
    }
}

#[test]
fn a_cancelled_run_is_no_outcome() {
    let guest = standard("j .\n");
    let limits = Limits { wall: Duration::from_mins(10), max_steps: u64::MAX, ..Limits::default() };
    let cancel = CancelToken::new();
    let other = cancel.clone();
    let thread = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        other.cancel();
    });
    let result = Reference::new(cancel).execute(&Job { guest: &guest, input: &[], limits: &limits, cost: false });
    thread.join().unwrap();
    assert!(matches!(result, Err(BackendError::Cancelled)), "{result:?}");
}

#[test]
fn a_trace_holds_every_instruction_and_what_its_summary_says() {
    let guest = example(Platform::Standard, Isa::RV32IM);
    let limits = Limits::default();
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let mut reference = Reference::new(CancelToken::new());

    let traced = reference.trace(&job, &TraceOptions::default()).unwrap();
    let all = records(&traced.records());
    let instructions = all.iter().filter(|record| matches!(record, MicroOp::Instruction(_))).count() as u64;
    let TraceSummary { interactions, chip_rows, truncated, .. } = traced.summary;
    assert_eq!(Some(instructions), traced.outcome.run.instructions);
    assert_eq!((instructions + interactions, chip_rows), (all.len() as u64, 0));
    assert!(!truncated && interactions > instructions);
    let on_buses: u64 = traced.summary.buses.iter().map(|bus| bus.interactions).sum();
    assert_eq!(on_buses, interactions);
    assert!(all.iter().zip(0..).all(|(record, seq)| record.seq() == seq));

    // Traced or not, a run is the same.
    let untraced = reference.execute(&job).unwrap();
    assert_eq!(untraced.run.output, traced.outcome.run.output);
    assert_eq!(untraced.run.instructions, traced.outcome.run.instructions);

    let options = TraceOptions { records: RecordSelection::Instructions, ..TraceOptions::default() };
    let traced = reference.trace(&job, &options).unwrap();
    assert_eq!(records(&traced.records()).len() as u64, instructions);
    assert_eq!(traced.summary.interactions, 0);
}

#[test]
fn a_trace_beyond_the_record_limit_is_cut_and_says_so_while_its_outcome_is_whole() {
    let guest = example(Platform::Standard, Isa::RV32IM);
    let limits = Limits::default();
    let scratch = tempfile::tempdir().unwrap();
    let options = TraceOptions { max_records: 5, scratch: Some(scratch.path().to_owned()), ..TraceOptions::default() };
    let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
    let traced = Reference::new(CancelToken::new()).trace(&job, &options).unwrap();
    assert_eq!(records(&traced.records()).len(), 5);
    assert!(traced.summary.truncated);
    assert_eq!(traced.outcome.run.status, Status::Ok);
    drop(traced);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "records go with their trace");
}
