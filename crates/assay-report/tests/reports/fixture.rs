//! Made-up runs and findings, of the sizes and shapes that real ones have.

use assay_report::{FindingPage, ReportInput, RunSummary};
use assay_spec::{
    AlignedInstructions, BackendId, Basis, Comparison, Digest, Divergence, Elapsed, Finding, FindingKind, FindingState,
    FirstDivergence, GuestId, Identity, Inconclusive, InputRecord, InstructionClass, MemoryInit, Minimized, Mode,
    NamedOutcome, OperandClass, Outcome, Platform, Provenance, Register, RunId, RunLimits, RunLog, RunRecord,
    RunReport, Seed, SequencePlace, SequenceSource, Source, Status, Verdict, Verification, Word,
    schema::Versioned as _,
    trace::{AccessKind, InstructionRecord, MemoryEffect, RegisterEffect},
    verdict::FirstDifference,
};
use jiff::{Timestamp, ToSpan as _};

/// Text that tries everything: HTML, quotes, ANSI, line ends, bidi overrides, Markdown, XML, shell, spreadsheets.
pub(crate) const HOSTILE: &str = "=1+1|`\\`<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;&#x3c;\
     \u{1b}[31m\r\n# h\n- l \
     \u{202e}gpj.exe\u{2066}\u{200b}\u{feff}\u{fffe}\u{0}]]>--><!-- @everyone #1 [a](javascript:x) *b* ${x} $(x) \
     https://example.com";

const NAME: &str = "mul-chain.s";
const WORDS: [u32; 6] = [0x0053_8733, 0x0013_8393, 0x0020_0293, 0xfe53_98e3, 0x02e7_56b3, 0x00c6_a023];
const START: u64 = 0x0020_0800;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn register(index: u8) -> Register {
    Register::new(index).expect("a register")
}

/// Names and messages of a fixture: what people write, or one and the same text everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a>(pub(crate) Option<&'a str>);

impl Texts<'_> {
    fn or(self, benign: &str) -> String {
        self.0.unwrap_or(benign).to_owned()
    }
}

fn outcome(texts: Texts<'_>, name: &str, backend: &str, version: &str, status: Status) -> NamedOutcome {
    let platform = Platform::OpenVm;
    let mut run = RunReport::new(status);
    run.instructions = Some(63);
    run.output =
        if backend == "reference" { vec![3; 256].into() } else { [vec![3; 52], vec![0xff; 4]].concat().into() };
    run.registers = Some([(register(13), Word(7))].into());
    if status != Status::Ok {
        run = run.with_message(texts.or("the runner gave no answer"));
    }
    NamedOutcome {
        name: texts.or(name),
        sequence: Some(SequencePlace { start: Word(START), end: Word(START + 24), scratch: None }),
        outcome: Outcome {
            schema: Outcome::tag(),
            backend: BackendId {
                name: texts.or(backend),
                version: texts.or(version),
                platform,
                isa: if texts.0.is_some() { texts.or("") } else { "rv32im".to_owned() },
            },
            guest: GuestId { digest: Digest::of(b"guest"), image_id: Some(texts.or("ab12")), name: texts.or(NAME) },
            input_digest: Digest::of(b""),
            mode: Mode::Execute,
            run,
            elapsed: Elapsed { execute_ms: 12.5, ..Elapsed::default() },
            verification: Verification::NotRequested,
            receipt: None,
        },
    }
}

pub(crate) fn record(
    step: u64,
    rd: Option<RegisterEffect>,
    mem: Option<MemoryEffect>,
    next_pc: Option<u64>,
) -> InstructionRecord {
    let at = (step as usize) % WORDS.len();
    let pc = START + 4 * at as u64;
    InstructionRecord {
        seq: step,
        step,
        pc: Word(pc),
        next_pc: Word(next_pc.unwrap_or(pc + 4)),
        word: Some(WORDS[at].into()),
        opcode: u64::from(WORDS[at] & 0x7f),
        mnemonic: "add".to_owned(),
        operands: vec![1, 2, 3],
        timestamp: 3 * step,
        next_timestamp: 3 * step + 3,
        rd,
        mem,
    }
}

fn wrote(index: u8, before: u64, after: u64) -> RegisterEffect {
    RegisterEffect { reg: register(index), before: Word(before), after: Word(after) }
}

fn stored(after: u64) -> MemoryEffect {
    MemoryEffect { kind: AccessKind::Write, addr: Word(0x40_0010), size: 4, before: Word(0), after: Word(after) }
}

/// Where both sides part, and what they did around it.
fn first_divergence(texts: Texts<'_>) -> FirstDivergence {
    let both = |index, record: InstructionRecord| AlignedInstructions {
        index,
        baseline: Some(record.clone()),
        target: Some(record),
    };
    let mut hostile = record(0, Some(wrote(14, 0, 26)), None, None);
    if texts.0.is_some() {
        (hostile.word, hostile.mnemonic) = (None, texts.or(""));
    }
    FirstDivergence {
        index: 40,
        baseline: Some(record(4, Some(wrote(13, 0, 3)), None, None)),
        target: Some(record(4, Some(wrote(13, 0, 0xffff_ffff)), None, None)),
        parts: vec![FirstDifference::Register],
        around: vec![
            both(36, hostile),
            both(37, record(1, Some(wrote(7, 1, 2)), None, None)),
            both(38, record(2, Some(wrote(5, 11, 2)), None, None)),
            both(39, record(3, None, None, None)),
            AlignedInstructions {
                index: 41,
                baseline: Some(record(5, None, Some(stored(3)), None)),
                target: Some(record(5, None, Some(stored(0xffff_ffff)), Some(0x20_0000))),
            },
            AlignedInstructions {
                index: 42,
                baseline: Some(record(0, Some(wrote(14, 26, 28)), None, None)),
                target: None,
            },
        ],
    }
}

fn seed() -> Seed {
    Seed {
        instructions: WORDS.to_vec(),
        registers: [(register(5), Word(11)), (register(1), Word(15)), (register(7), Word(0))].into(),
        memory: vec![MemoryInit { addr: Word(0x40_0000), hex: vec![0xab; 40].into() }],
        ..Seed::default()
    }
}

/// A log in which `verdict` is what comparing the zkVM with its reference machine says.
pub(crate) fn log(texts: Texts<'_>, recorded_at: Timestamp, random: u32, verdict: Verdict, status: Status) -> RunLog {
    let diverges = matches!(verdict, Verdict::Diverge(_));
    RunLog {
        schema: RunLog::tag(),
        record: Some(Box::new(RunRecord {
            run_id: RunId::new(recorded_at, "mul-chain", random),
            recorded_at,
            assay_version: texts.or("0.1.0"),
            rustc_version: texts.or("rustc 1.95.0"),
            source: Source::Sequence(Box::new(SequenceSource {
                name: texts.or(NAME),
                seed: seed(),
                isa: None,
                scratch: register(3),
                safe_registers: false,
            })),
            input: InputRecord { name: texts.or("none"), bytes: 0, json: None },
            backends: vec![texts.or("openvm")],
            limits: RunLimits {
                timeout_ms: 60_000,
                max_steps: 10_000_000,
                memory_limit_bytes: 1 << 32,
                input_base: None,
            },
            planted_faults: vec![],
            provenance: Provenance::default(),
            findings: vec![],
        })),
        subject: texts.or(NAME),
        input_digest: Digest::of(b""),
        baseline: texts.or("reference@openvm"),
        outcomes: vec![
            outcome(texts, "reference@openvm", "reference", "0.1.0", Status::Ok),
            outcome(texts, "openvm", "openvm", "2.0.2", status),
        ],
        comparisons: vec![Comparison {
            baseline: texts.or("reference@openvm"),
            target: texts.or("openvm"),
            basis: Basis::SameGuest,
            first_divergence: diverges.then(|| first_divergence(texts)),
            notes: if diverges { vec![texts.or("the trace of openvm is not complete")] } else { vec![] },
            verdict,
        }],
        through_references: vec![],
    }
}

pub(crate) fn diverge(texts: Texts<'_>) -> Verdict {
    let register = |target| Divergence::Register { register: register(13), baseline: Word(3), target: Word(target) };
    let output = Divergence::Output { first_difference: 52, baseline_bytes: 256, target_bytes: 256 };
    if texts.0.is_none() {
        return Verdict::Diverge(vec![register(0xffff_ffff), output]);
    }
    Verdict::Diverge(vec![
        Divergence::Status { baseline: Status::Ok, target: Status::Panic },
        Divergence::Message { baseline: Some(texts.or("attempt to divide by zero")), target: None },
        register(0),
        output,
    ])
}

pub(crate) fn identity(mnemonic: &str, target: &str, kind: FindingKind) -> Identity {
    Identity {
        kind,
        differs_in: vec!["output".into(), "register".into()],
        instruction: Some(InstructionClass {
            mnemonic: mnemonic.to_owned(),
            operands: vec![OperandClass::Register, OperandClass::Register, OperandClass::SameRegister],
        }),
        baseline: Some("reference".to_owned()),
        target: target.to_owned(),
        platform: "openvm".to_owned(),
        core: None,
        constraint: None,
    }
}

pub(crate) fn finding(
    identity: Identity,
    title: &str,
    state: FindingState,
    first_seen: Timestamp,
    occurrences: u64,
) -> Finding {
    let exemplar = RunId::new(first_seen, "mul-chain", occurrences as u32);
    Finding {
        schema: Finding::tag(),
        finding_id: identity.finding_id(),
        identity,
        title: title.to_owned(),
        state,
        reason: (state == FindingState::FalsePositive).then(|| "the platform says so".to_owned()),
        occurrences,
        first_seen,
        last_seen: first_seen.checked_add(30.hours()).expect("not the end of time"),
        exemplar: exemplar.clone(),
        recent_runs: vec![exemplar],
        merged_into: None,
        minimized: None,
    }
}

/// A finding with everything that one can have.
pub(crate) fn page() -> FindingPage {
    let benign = Texts(None);
    let seen = at("2026-01-28T14:03:11Z");
    let title = "divu x13, x14, x14: openvm writes 0xffffffff where the reference machine writes 0x3";
    let mut finding =
        finding(identity("divu", "openvm", FindingKind::Divergence), title, FindingState::Minimised, seen, 384);
    finding.minimized = Some(Minimized {
        instructions: Some(2),
        input_bytes: 0,
        tests: 214,
        complete: true,
        disassembly: vec!["li a4, 7".into(), "divu a3, a4, a4".into()],
    });
    FindingPage {
        finding,
        run_log: Some(log(benign, seen, 384, diverge(benign), Status::Ok)),
        minimized_seed: Some(Seed { instructions: vec![0x0070_0713, 0x02e7_56b3], ..Seed::default() }),
        repro_script: Some("assay-store/findings/F0123456789abcdef/repro.sh".to_owned()),
        problems: vec![],
    }
}

/// The same where every text that somebody else can choose is `text`.
pub(crate) fn page_of(text: &str) -> FindingPage {
    let texts = Texts(Some(text));
    let seen = at("2026-01-30T09:00:00Z");
    let mut identity = identity(text, text, FindingKind::Crash);
    (identity.platform, identity.baseline, identity.constraint) =
        (texts.or(""), Some(texts.or("")), Some(texts.or("")));
    identity.differs_in = vec![texts.or("")];
    let mut finding = finding(identity, text, FindingState::FalsePositive, seen, 3);
    // The name follows from the identity, which tests vary; where a page is the same for every text, so is the name.
    finding.finding_id = "F00000000000000aa".parse().expect("the name of a finding");
    finding.reason = Some(texts.or(""));
    finding.minimized = Some(Minimized {
        instructions: Some(1),
        input_bytes: 1,
        tests: 1,
        complete: false,
        disassembly: vec![texts.or("")],
    });
    FindingPage {
        finding,
        run_log: Some(log(texts, seen, 3, diverge(texts), Status::RunnerCrash)),
        minimized_seed: Some(Seed { instructions: vec![0x13], ..seed() }),
        repro_script: Some(texts.or("")),
        problems: vec![texts.or("")],
    }
}

fn empty() -> ReportInput {
    ReportInput {
        generated_at: at("2026-01-31T12:00:00Z"),
        assay_version: "0.1.0".to_owned(),
        store: "assay-store".to_owned(),
        store_argument: None,
        selection: None,
        runs: vec![],
        findings: vec![],
        left_out: vec![],
    }
}

/// A store in which nothing has happened.
pub(crate) fn nothing() -> ReportInput {
    empty()
}

/// Only texts that somebody else has chosen.
pub(crate) fn only(text: &str) -> ReportInput {
    let texts = Texts(Some(text));
    let inconclusive = Verdict::Inconclusive(Inconclusive::BackendEnded {
        backend: texts.or(""),
        status: Status::RunnerCrash,
        message: Some(texts.or("")),
    });
    let mut runs: Vec<_> =
        [(1, diverge(texts)), (2, inconclusive), (3, Verdict::SameFailure(vec![])), (4, Verdict::Agree)]
            .into_iter()
            .map(|(random, verdict)| {
                let log = log(texts, at("2026-01-30T09:00:00Z"), random, verdict, Status::RunnerCrash);
                RunSummary::of(&log).expect("the log was kept")
            })
            .collect();
    runs[0].comparisons[0].finding = Some("F00000000000000aa".parse().expect("the name of a finding"));
    ReportInput {
        assay_version: texts.or(""),
        store: texts.or(""),
        store_argument: Some(texts.or("")),
        selection: Some(texts.or("")),
        runs,
        findings: vec![page_of(text)],
        left_out: vec![texts.or("")],
        ..empty()
    }
}

/// A report on one finding.
pub(crate) fn one_finding() -> ReportInput {
    ReportInput { findings: vec![page()], selection: Some("one finding".to_owned()), ..empty() }
}

/// A store after some days: runs of every verdict, findings in every state, and one whose maker meant no good.
pub(crate) fn store() -> ReportInput {
    let mut input = large(60, 5);
    input.findings.push(page());
    input.findings.push(page_of(HOSTILE));
    let hostile =
        log(Texts(Some(HOSTILE)), at("2026-01-30T09:00:00Z"), 3, diverge(Texts(Some(HOSTILE))), Status::RunnerCrash);
    let mut row = RunSummary::of(&hostile).expect("the log was kept");
    row.comparisons[0].finding = Some(input.findings[6].finding.finding_id.clone());
    input.runs.push(row);
    input.left_out = vec!["runs/20260129_101010_fib_ABCDEF.json is damaged: it ends too early".to_owned()];
    input
}

/// A store of that many runs and findings, over ten days.
pub(crate) fn large(runs: u32, findings: u32) -> ReportInput {
    const MNEMONICS: [&str; 12] =
        ["div", "divu", "rem", "remu", "mulh", "mulhsu", "mulhu", "sra", "sll", "lw", "sb", "beq"];
    const TARGETS: [(&str, &str); 3] = [("openvm", "2.0.2"), ("sp1", "6.10.0"), ("risc0", "3.0.6")];
    let benign = Texts(None);
    let begins = at("2026-01-21T06:00:00Z");
    let mut input = empty();
    for number in 0..runs {
        let (verdict, status) = match number % 17 {
            3 => (diverge(benign), Status::Ok),
            9 => {
                let message = Some("no answer within 60 s".to_owned());
                let ended = Inconclusive::BackendEnded { backend: "sp1".into(), status: Status::Timeout, message };
                (Verdict::Inconclusive(ended), Status::Timeout)
            }
            13 => (Verdict::SameFailure(vec![]), Status::Trap),
            _ => (Verdict::Agree, Status::Ok),
        };
        let recorded_at =
            begins.checked_add((i64::from(number) * 864_000 / i64::from(runs)).seconds()).expect("a time");
        let mut row = RunSummary::of(&log(benign, recorded_at, number, verdict, status)).expect("the log was kept");
        let (target, version) = TARGETS[number as usize % 3];
        row.outcomes[0].name = format!("reference@{target}");
        row.outcomes[1].name = target.into();
        row.outcomes[1].backend = target.into();
        row.outcomes[1].version = version.into();
        row.comparisons[0].baseline = format!("reference@{target}");
        row.comparisons[0].target = target.into();
        input.runs.push(row);
    }
    for number in 0..findings {
        let mnemonic = MNEMONICS[number as usize % MNEMONICS.len()];
        let (target, _) = TARGETS[number as usize % 3];
        let kind = match number % 5 {
            2 => FindingKind::Panic,
            4 => FindingKind::Timeout,
            _ => FindingKind::Divergence,
        };
        let mut identity = identity(mnemonic, target, kind);
        identity.constraint = (number >= 5).then(|| format!("constraint {number}"));
        let seen = begins.checked_add((i64::from(number) * 700_000 / i64::from(findings)).seconds()).expect("a time");
        let state = FindingState::ALL[number as usize % 5];
        let title = format!("{mnemonic}: {target} and the reference machine differ");
        let finding = finding(identity, &title, state, seen, u64::from(number) * 7 + 1);
        input.findings.push(FindingPage { finding, ..page() });
    }
    input
}
