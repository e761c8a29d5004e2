//! What is a finding and what is none, and that a finding is the same whatever bytes trigger it.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use std::convert::Infallible;

use assay_isa::{Instruction, Isa, Opcode, encode};
use assay_machine::{Config, Fault, Image, Permissions, Recorder, Records, Segment, run};
use assay_oracle::{Observation, Sighting, compare, first_divergence, sightings, title};
use assay_spec::{
    BackendId, Basis, Comparison, Digest, Divergence, Elapsed, FindingKind, GuestId, Identity, Inconclusive,
    InstructionClass, MicroOp, Mode, NamedOutcome, OperandClass, Outcome, Platform, Register, RunLog, RunReport,
    Status, Trap, TrapKind, Verdict, Verification, Word, schema::Versioned as _, trace::InstructionRecord,
};
use proptest::prelude::*;

/// An outcome of the backend in `name` up to `@` or `#`, on a platform that fits it.
fn outcome(name: &str, edit: impl FnOnce(&mut RunReport)) -> NamedOutcome {
    let backend = name.split(['@', '#']).next().unwrap_or(name);
    let platform = match name.split_once('@').map_or(backend, |(_, platform)| platform) {
        "risc0" => Platform::Risc0,
        "openvm" => Platform::OpenVm,
        "sp1" => Platform::Sp1,
        "native" => Platform::Native,
        _ => Platform::Standard,
    };
    let mut run = RunReport { exit_code: Some(0), instructions: Some(100), ..RunReport::new(Status::Ok) };
    edit(&mut run);
    let isa = if platform == Platform::Sp1 { "rv64im" } else { "rv32im" };
    let outcome = Outcome {
        schema: Outcome::tag(),
        backend: BackendId { name: backend.into(), version: "1".into(), platform, isa: isa.into() },
        guest: GuestId { digest: Digest::of(platform.name().as_bytes()), image_id: None, name: "asm".into() },
        input_digest: Digest::of(b""),
        mode: Mode::Execute,
        run,
        elapsed: Elapsed::default(),
        receipt: None,
        verification: Verification::NotRequested,
    };
    NamedOutcome { name: name.to_owned(), sequence: None, outcome }
}

fn ok(_: &mut RunReport) {}

fn ended(status: Status) -> impl Fn(&mut RunReport) {
    move |run| {
        run.status = status;
        run.exit_code = None;
    }
}

fn log(outcomes: Vec<NamedOutcome>, comparisons: Vec<Comparison>) -> RunLog {
    RunLog {
        schema: RunLog::tag(),
        record: None,
        subject: "asm".into(),
        input_digest: Digest::of(b""),
        baseline: outcomes[0].name.clone(),
        outcomes,
        comparisons,
        through_references: vec![],
    }
}

fn pair(basis: Basis, baseline: &str, target: &str, verdict: Verdict) -> Comparison {
    let (baseline, target) = (baseline.to_owned(), target.to_owned());
    Comparison { baseline, target, basis, verdict, first_divergence: None, notes: vec![] }
}

fn output_differs() -> Verdict {
    Verdict::Diverge(vec![Divergence::Output { first_difference: 0, baseline_bytes: 4, target_bytes: 4 }])
}

/// Judged as `assay diff` judges: everything against the first outcome, one guest.
fn judged(outcomes: Vec<NamedOutcome>) -> RunLog {
    let observe =
        |run: &NamedOutcome| Observation { outcome: Box::leak(Box::new(run.outcome.clone())), reported: None };
    let comparisons = outcomes[1..]
        .iter()
        .map(|target| {
            let verdict = compare(observe(&outcomes[0]), observe(target));
            pair(Basis::SameGuest, &outcomes[0].name, &target.name, verdict)
        })
        .collect();
    log(outcomes, comparisons)
}

fn found(log: &RunLog) -> Vec<Sighting> {
    sightings(log, |_, _| None)
}

fn only(log: &RunLog) -> Identity {
    let found = found(log);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap().identity
}

fn kinds(log: &RunLog) -> Vec<(FindingKind, String)> {
    found(log).into_iter().map(|found| (found.identity.kind, found.target)).collect()
}

#[test]
fn agreement_and_the_same_failure_are_no_findings() {
    assert_eq!(found(&judged(vec![outcome("reference", ok), outcome("risc0", ok)])), []);
    let panic = |text: &str| {
        let text = text.to_owned();
        move |run: &mut RunReport| {
            run.status = Status::Panic;
            run.message = Some(text);
        }
    };
    let log = judged(vec![outcome("reference", panic("x")), outcome("risc0", panic("y"))]);
    assert!(matches!(log.comparisons[0].verdict, Verdict::SameFailure(_)));
    assert_eq!(found(&log), []);
}

#[test]
fn a_core_that_does_otherwise_elsewhere_is_a_finding_about_the_core_unless_a_backend_is_at_fault() {
    let runs = || vec![outcome("native", ok), outcome("reference@risc0", ok), outcome("risc0", ok)];
    let across = pair(Basis::SameCore, "native", "risc0", output_differs());
    let as_its_reference = pair(Basis::SameGuest, "reference@risc0", "risc0", Verdict::Agree);
    let identity = only(&log(runs(), vec![as_its_reference.clone(), across.clone()]));
    assert_eq!((identity.core.as_deref(), identity.kind), (Some("asm"), FindingKind::Divergence));
    assert_eq!(title(&identity), "the core asm does otherwise on risc0 than on native: output");
    // A core is wrong on the reference machine of a platform, too, in the same way.
    let reference = pair(Basis::SameCore, "native", "reference@risc0", output_differs());
    assert_eq!(only(&log(runs(), vec![reference.clone()])), identity);
    assert_eq!(only(&log(runs(), vec![as_its_reference.clone(), reference, across.clone()])), identity);
    // Of another core it is another finding.
    let mut other = runs();
    other[2].outcome.guest.name = "other".to_owned();
    assert_ne!(only(&log(other, vec![as_its_reference, across.clone()])), identity);

    let wrong = pair(Basis::SameGuest, "reference@risc0", "risc0", output_differs());
    let identity = only(&log(runs(), vec![wrong, across]));
    assert_eq!((identity.core, identity.baseline.as_deref()), (None, Some("reference")));
}

#[test]
fn a_divergence_is_of_the_target_and_never_of_the_reference_machine() {
    let other = |run: &mut RunReport| run.output = vec![1].into();
    let log = judged(vec![outcome("reference@risc0", ok), outcome("risc0", other)]);
    let identity = only(&log);
    assert_eq!((identity.kind, identity.target.as_str()), (FindingKind::Divergence, "risc0"));
    assert_eq!((identity.baseline.as_deref(), identity.platform.as_str()), (Some("reference"), "risc0"));
    assert_eq!(identity.differs_in, ["output"]);
    assert_eq!(title(&identity), "risc0 differs from reference in output");

    let fault = judged(vec![outcome("reference", ok), outcome("reference+fault", other)]);
    assert_eq!(only(&fault).target, "reference+fault");
    assert_eq!(found(&judged(vec![outcome("reference", ok), outcome("reference#2", other)])), []);
}

#[test]
fn who_differs_from_the_reference_machine_is_named_once_whatever_it_is_compared_with() {
    // Two versions of one zkVM: the second is as it should be, the first is the baseline and is not.
    let outcomes = vec![outcome("reference@sp1", ok), outcome("sp1", ok), outcome("sp1-next@sp1", ok)];
    let comparisons = vec![
        pair(Basis::SameGuest, "reference@sp1", "sp1", output_differs()),
        pair(Basis::SameGuest, "reference@sp1", "sp1-next@sp1", Verdict::Agree),
        pair(Basis::SameGuest, "sp1", "sp1-next@sp1", output_differs()),
    ];
    assert_eq!(kinds(&log(outcomes.clone(), comparisons)), [(FindingKind::Divergence, "sp1".to_owned())]);
    // Where the reference machine cannot say, the pair is all there is.
    let why = || Verdict::Inconclusive(Inconclusive::NotComparable { why: "a call".into() });
    let comparisons = vec![
        pair(Basis::SameGuest, "reference@sp1", "sp1", why()),
        pair(Basis::SameGuest, "reference@sp1", "sp1-next@sp1", why()),
        pair(Basis::SameGuest, "sp1", "sp1-next@sp1", output_differs()),
    ];
    let log = log(outcomes, comparisons);
    assert_eq!(only(&log).baseline.as_deref(), Some("sp1"));
    assert_eq!(only(&log).target, "sp1-next");
}

#[test]
fn what_two_platforms_do_differently_is_no_finding() {
    let outcomes = || {
        let names = ["reference@risc0", "risc0", "reference@openvm", "openvm"];
        names.into_iter().map(|name| outcome(name, ok)).collect::<Vec<_>>()
    };
    let pairs = |risc0: Verdict, openvm: Verdict| {
        vec![
            pair(Basis::SameGuest, "reference@risc0", "risc0", risc0),
            pair(Basis::SameGuest, "reference@openvm", "openvm", openvm),
            pair(Basis::SameSequence, "risc0", "openvm", output_differs()),
        ]
    };
    assert_eq!(found(&log(outcomes(), pairs(Verdict::Agree, Verdict::Agree))), []);
    let wrong = log(outcomes(), pairs(Verdict::Agree, output_differs()));
    assert_eq!(kinds(&wrong), [(FindingKind::Divergence, "openvm".to_owned())]);
    assert_eq!(only(&wrong).baseline.as_deref(), Some("reference"));
    let unknown = Verdict::Inconclusive(Inconclusive::NotComparable { why: "a call".into() });
    let open = log(outcomes(), pairs(Verdict::Agree, unknown));
    assert_eq!((only(&open).baseline.as_deref(), only(&open).target), (Some("risc0"), "openvm".to_owned()));
}

#[test]
fn a_panic_that_the_reference_machine_does_not_have_is_a_panic() {
    let log = judged(vec![outcome("reference@sp1", ok), outcome("sp1", ended(Status::Panic))]);
    assert_eq!(only(&log).kind, FindingKind::Panic);
    // The other way round it is the guest that panics, and the zkVM misses it.
    let log = judged(vec![outcome("reference@sp1", ended(Status::Panic)), outcome("sp1", ok)]);
    assert_eq!(only(&log).kind, FindingKind::Divergence);
}

#[test]
fn a_run_without_an_end_is_a_finding_only_where_the_reference_machine_ended() {
    for (status, name) in [(Status::Timeout, "timeout"), (Status::OutOfMemory, "out_of_memory")] {
        let log = judged(vec![outcome("reference@sp1", ok), outcome("sp1", ended(status))]);
        let identity = only(&log);
        assert_eq!((identity.kind, identity.differs_in.as_slice()), (FindingKind::Timeout, &[name.to_owned()][..]));
        assert_eq!(found(&judged(vec![outcome("reference@sp1", ended(status)), outcome("sp1", ended(status))])), []);
    }
    for status in [Status::OutputLimit, Status::Unsupported] {
        assert_eq!(found(&judged(vec![outcome("reference@sp1", ok), outcome("sp1", ended(status))])), []);
    }
    // A slow zkVM beside a native run of the same core says nothing.
    let outcomes = vec![outcome("native", ok), outcome("sp1", ended(Status::Timeout))];
    assert_eq!(found(&judged(outcomes)), []);
}

#[test]
fn an_end_before_the_instructions_that_the_reference_machine_ran_is_a_finding() {
    let stopped = |run: &mut RunReport| {
        ended(Status::Timeout)(run);
        run.instructions = Some(100);
    };
    let after = |instructions| move |run: &mut RunReport| run.instructions = instructions;
    let judge = |instructions| judged(vec![outcome("reference@sp1", stopped), outcome("sp1", after(instructions))]);
    assert_eq!(title(&only(&judge(Some(99)))), "sp1 ends where reference does not");
    // It may be right: the reference machine was stopped before it came that far.
    assert_eq!(found(&judge(Some(100))), []);
    assert_eq!(found(&judge(None)), []);
}

#[test]
fn a_runner_that_dies_is_a_finding_by_what_it_died_of() {
    let died = |message: &str| {
        let message = message.to_owned();
        judged(vec![
            outcome("reference@sp1", ok),
            outcome("sp1", move |run| {
                ended(Status::RunnerCrash)(run);
                run.message = Some(message);
            }),
        ])
    };
    let at = |file: &str, index: u32| {
        only(&died(&format!(
            "the runner died without an answer: exit code 101; the end of its stderr:\nINFO started\n\
             thread 'main' panicked at {file}:17:5:\nindex out of bounds: the len is 0x{index:x} but the index is {index}\nnote: run with …"
        )))
    };
    let one = at("/home/a/src/alu.rs", 3);
    assert_eq!(one.kind, FindingKind::Crash);
    assert_eq!(
        one.constraint.as_deref(),
        Some("panicked at alu.rs:#:#: index out of bounds: the len is # but the index is #")
    );
    assert_eq!(one, at("/elsewhere/alu.rs", 92_000));
    assert_ne!(one, at("/home/a/src/memory.rs", 3));
    let aborted = |said: &str| {
        only(&died(&format!(
            "the runner died without an answer: signal 6 (SIGABRT); the end of its stderr:\nINFO started\n{said}\nnote: …"
        )))
    };
    let memory = aborted("memory allocation of 137438953440 bytes failed");
    assert_eq!(memory.constraint.as_deref(), Some("memory allocation of # bytes failed"));
    assert_eq!(memory, aborted("memory allocation of 64 bytes failed"));
    assert_ne!(memory, aborted("thread 'main' (7) has overflowed its stack"));
    let signal = only(&died("the runner died without an answer: signal 11 (SIGSEGV)"));
    assert_eq!(title(&signal), "the runner of sp1 failed: the runner died without an answer: signal # (SIGSEGV)");
    let hostile = only(&died(&format!("\n {}\u{1b}[31m", "é".repeat(10_000))));
    assert!(hostile.constraint.unwrap().chars().count() <= 160);
}

#[test]
fn the_instruction_that_trapped_on_one_side_only_is_named_without_a_trace() {
    let trapped = |run: &mut RunReport| {
        ended(Status::Trap)(run);
        run.trap = Some(Trap { kind: TrapKind::MisalignedAccess, pc: Word(0x1_0080), address: Some(Word(3)) });
    };
    let log = judged(vec![outcome("reference@openvm", trapped), outcome("openvm", ok)]);
    let word = encode(&Instruction { rd: 5, rs1: 6, imm: -1, ..Instruction::new(Opcode::Lw) }).unwrap();
    let found = sightings(&log, |run, pc| {
        assert_eq!(run.name, "reference@openvm");
        (pc == Word(0x1_0080)).then_some(word)
    });
    let identity = &found[0].identity;
    let class = InstructionClass {
        mnemonic: "lw".into(),
        operands: vec![OperandClass::Register, OperandClass::NegativeImmediate, OperandClass::Register],
    };
    assert_eq!(identity.instruction, Some(class));
    assert_eq!(identity.differs_in, ["misaligned_access", "status"]);
    assert_eq!(title(identity), "openvm: `lw` differs from reference in misaligned access, status");
}

#[test]
fn what_follows_from_the_first_diverging_instruction_is_no_part_of_the_finding() {
    let words = [encode(&Instruction { rd: 10, rs1: 11, rs2: 12, ..Instruction::new(Opcode::Mul) }).unwrap()];
    let [left, right] = [&[][..], &["mul:+1"]].map(|faults| execute(&words, [0, 64, 96, 0], faults).1);
    let all = |records: Vec<InstructionRecord>| records.into_iter().map(Ok::<_, Infallible>);
    let first = first_divergence(all(left), all(right)).unwrap_or_else(|never| match never {});
    let identity = |edit: &dyn Fn(&mut RunReport)| {
        let mut log = judged(vec![outcome("reference@sp1", ok), outcome("sp1", |run| edit(run))]);
        log.comparisons[0].first_divergence.clone_from(&first);
        only(&log)
    };
    let late = identity(&|run| run.output = vec![1].into());
    assert_eq!(late.differs_in, ["register"]);
    // The same wrong value, where the code behind it stores through it, and where it counts a loop with it.
    assert_eq!(identity(&ended(Status::Trap)), late);
    assert_eq!(identity(&|run| run.instructions = Some(7)), late);
}

const TEXT: u64 = 0x1_0000;
const DATA: u64 = 0x40_0000;

fn execute(words: &[u32], registers: [u16; 4], faults: &[&str]) -> (RunReport, Vec<InstructionRecord>) {
    let set = (0..4u8).map(|at| {
        let imm = i32::from(registers[usize::from(at)] >> 5);
        encode(&Instruction { rd: 10 + at, imm, ..Instruction::new(Opcode::Addi) }).unwrap()
    });
    let data = encode(&Instruction { rd: 31, imm: DATA as i32, ..Instruction::new(Opcode::Lui) }).unwrap();
    let code: Vec<u8> = set.chain([data]).chain(words.iter().copied()).flat_map(u32::to_le_bytes).collect();
    let segment = |address, bytes: Vec<u8>, write, execute| Segment {
        address,
        size: bytes.len() as u64,
        bytes,
        permissions: Permissions { read: true, write, execute },
    };
    let image = Image {
        entry: TEXT,
        segments: vec![segment(TEXT, code, false, true), segment(DATA, vec![7; 4096], true, false)],
    };
    let faults: Vec<Fault> = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let config = Config { max_steps: 200, faults, ..Config::new(Isa::RV32IM, Platform::Standard) };
    let mut records = Vec::new();
    let mut sink = |record: MicroOp| {
        if let MicroOp::Instruction(record) = record {
            records.push(record);
        }
        std::ops::ControlFlow::Continue(())
    };
    let run = run(&image, b"", &config, &mut Recorder::new(&mut sink, Records::Instructions)).unwrap();
    // The code ends in a fetch fault: every run ends well that gets there.
    let mut report = RunReport { exit_code: Some(0), ..RunReport::new(Status::Ok) };
    report.registers = Some(Register::all().zip(run.registers.map(Word)).collect());
    report.instructions = Some(run.instructions);
    (report, records)
}

/// What a machine with `faults` does otherwise than one without, if anything.
fn finding(words: &[u32], registers: [u16; 4], faults: &[&str]) -> Option<Identity> {
    let ((right, left), (wrong, other)) = (execute(words, registers, &[]), execute(words, registers, faults));
    let mut log =
        judged(vec![outcome("reference", |run| *run = right), outcome("reference+fault", |run| *run = wrong)]);
    let ok = |records: Vec<InstructionRecord>| records.into_iter().map(Ok::<_, Infallible>);
    let first = first_divergence(ok(left), ok(other)).unwrap_or_else(|never| match never {});
    log.comparisons[0].first_divergence = first;
    let found = found(&log);
    assert!(found.len() <= 1);
    found.into_iter().next().map(|found| found.identity)
}

/// Registers x10 to x13, and loads and stores at x31.
fn instructions() -> impl Strategy<Value = Vec<Instruction>> {
    let register = || 10u8..14;
    let alu = prop::sample::select(vec![Opcode::Add, Opcode::Xor, Opcode::Mul, Opcode::Divu, Opcode::Sltu]);
    let alu = (alu, register(), register(), register());
    let instruction = prop_oneof![
        5 => alu.prop_map(|(opcode, rd, rs1, rs2)| Instruction { opcode, rd, rs1, rs2, imm: 0 }),
        2 => (register(), register(), 1..2048i32)
            .prop_map(|(rd, rs1, imm)| Instruction { opcode: Opcode::Addi, rd, rs1, rs2: 0, imm }),
        1 => (register(), 1..512i32)
            .prop_map(|(rd, slot)| Instruction { opcode: Opcode::Lw, rd, rs1: 31, rs2: 0, imm: slot * 4 }),
        1 => (register(), 1..512i32)
            .prop_map(|(rs2, slot)| Instruction { opcode: Opcode::Sw, rd: 0, rs1: 31, rs2, imm: slot * 4 }),
        1 => (register(), register()).prop_map(|(rs1, rs2)| Instruction { opcode: Opcode::Beq, rd: 0, rs1, rs2, imm: 8 }),
    ];
    prop::collection::vec(instruction, 1..12)
}

fn words(instructions: &[Instruction]) -> Vec<u32> {
    instructions.iter().map(|instruction| encode(instruction).unwrap()).collect()
}

proptest! {
    #[test]
    fn a_finding_is_the_same_for_other_registers(
        body in instructions(),
        names in Just([10u8, 11, 12, 13]).prop_shuffle(),
        values in any::<[u16; 4]>(),
    ) {
        let rename = |register: u8| if (10..14).contains(&register) { names[usize::from(register - 10)] } else { register };
        let renamed: Vec<_> = body
            .iter()
            .map(|&it| Instruction { rd: rename(it.rd), rs1: rename(it.rs1), rs2: rename(it.rs2), ..it })
            .collect();
        let mut permuted = [0; 4];
        for (at, value) in values.into_iter().enumerate() {
            permuted[usize::from(names[at] - 10)] = value;
        }
        let faults = ["mul:+1"];
        let one = finding(&words(&body), values, &faults);
        prop_assert_eq!(&one, &finding(&words(&renamed), permuted, &faults));
        if let Some(one) = one {
            prop_assert_eq!(&one.instruction.as_ref().unwrap().mnemonic, "mul");
            prop_assert_eq!(one.differs_in, ["register"]);
        }
    }

    #[test]
    fn a_finding_is_the_same_for_other_values_and_constants(
        body in instructions(),
        a in any::<[u16; 4]>(),
        b in any::<[u16; 4]>(),
        constant in 1..500i32,
    ) {
        // Branches may lead to another multiplication, which is another finding if it names its operands otherwise.
        let straight: Vec<_> = body.into_iter().filter(|it| it.opcode != Opcode::Beq).collect();
        let other: Vec<_> =
            straight.iter().map(|&it| Instruction { imm: if it.imm == 0 { 0 } else { constant * 4 }, ..it }).collect();
        // A wrong value that is overwritten with a right one shows in no outcome.
        let found = (finding(&words(&straight), a, &["mul:+1"]), finding(&words(&other), b, &["mul:+1"]));
        if let (Some(one), Some(other)) = found {
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn hostile_messages_and_words_never_panic(message in any::<String>(), word in any::<u32>()) {
        let trapped = |run: &mut RunReport| {
            ended(Status::Trap)(run);
            run.trap = Some(Trap { kind: TrapKind::Executor, pc: Word(0), address: None });
        };
        let crashed = |run: &mut RunReport| {
            ended(Status::RunnerCrash)(run);
            run.message = Some(message);
        };
        let log = judged(vec![outcome("reference", ok), outcome("risc0", trapped), outcome("sp1", crashed)]);
        prop_assert_eq!(sightings(&log, |_, _| Some(word)).len(), 2);
    }
}
