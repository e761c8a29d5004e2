//! Runs and proofs on a backend of tests, whose programs are functions of this process.

use std::{collections::BTreeMap, path::PathBuf};

use assay_backend::{
    Backend, BackendError, CapturedOutput, Job, Limits, ProgressCallback, ProveRun, TraceOptions, TraceRun,
};
use assay_guest::Guest;
use assay_spec::{
    BackendId, Capability, Digest, Elapsed, Mode, Outcome, Platform, ProofClaims, ProofKind, Receipt, ReceiptHeader,
    RunReport, RunnerDescription, Security, Status, TileAbi, TileAnswer, TileFailureKind, TileManifest, TilePublish,
    TileShape, Verification, description::GuestLimits, outcome::Cycles, schema::Versioned as _,
};
use assay_tile::{Answer, CLAIM_BYTES, Publish, RUNTIME_VERSION, Tile, failure_log, respond, tile_digest};
use serde_json::json;

use super::*;
use crate::{TileError, artifact::Artifact, input::TileInputBytes, proofs::receipt_name, prove::prove_tile};

/// What `#[tile]` makes of a function; the macro would list it with the tiles of other tests.
struct Double;

impl Tile for Double {
    type Input = u64;
    type Output = u64;
    type Error = String;

    const ID: &'static str = "double";
    const DESCRIPTION: &'static str = "";
    const BUDGET_CYCLES: Option<u64> = Some(70_000);
    const PACKAGE: &'static str = "demo";
    const VERSION: &'static str = "0.1.0";

    fn call(number: u64) -> Result<u64, String> {
        number.checked_mul(2).ok_or_else(|| "too big".to_owned())
    }
}

fn entry(input: &[u8]) -> Answer {
    assay_tile::answer::<Double>(input)
}

const DIGEST: fn() -> [u8; 32] = || tile_digest("demo", "0.1.0", "double");

/// How a program ends that is what it was built to be.
fn honest(publish: Publish) -> impl Fn(&[u8]) -> RunReport {
    move |input| {
        let ended = respond(input, DIGEST(), publish, entry);
        RunReport {
            exit_code: Some(ended.exit_code.into()),
            output: ended.public.into(),
            guest_log: ended.failure.map(|failure| format!("said before\n{}", failure_log(&failure))),
            ..RunReport::new(if ended.exit_code == 0 { Status::Ok } else { Status::Failed })
        }
    }
}

/// What a program does with its private bytes.
type Program<'a> = Box<dyn Fn(&[u8]) -> RunReport + Send + 'a>;

struct Toy<'a> {
    description: RunnerDescription,
    platform: Platform,
    captured: CapturedOutput,
    program: Program<'a>,
    /// How often something was proved.
    proved: usize,
    image_id: &'static str,
}

fn security() -> Security {
    Security { secure: true, bits: None, basis: "a test".into(), parameters: BTreeMap::new() }
}

impl<'a> Toy<'a> {
    fn new(program: impl Fn(&[u8]) -> RunReport + Send + 'a) -> Self {
        let kind = |name: &str| ProofKind { name: name.into(), security: security() };
        Self {
            description: RunnerDescription {
                name: "toy".into(),
                sdk_version: "1".into(),
                platforms: vec![Platform::Native],
                isa: "none".into(),
                capabilities: Vec::new(),
                proof_kinds: vec![kind("whole"), kind("quick")],
                limits: GuestLimits::default(),
                notes: Vec::new(),
            },
            platform: Platform::Native,
            captured: CapturedOutput::default(),
            program: Box::new(program),
            proved: 0,
            image_id: "id",
        }
    }

    fn outcome(&self, job: &Job<'_>, mode: Mode) -> Outcome {
        Outcome {
            schema: Outcome::tag(),
            backend: BackendId { name: "toy".into(), version: "1".into(), platform: self.platform, isa: "none".into() },
            guest: job.guest.id(),
            input_digest: Digest::of(job.input),
            mode,
            run: (self.program)(job.input),
            elapsed: Elapsed { execute_ms: 1.5, ..Elapsed::default() },
            receipt: None,
            verification: Verification::NotRequested,
        }
    }
}

impl Backend for Toy<'_> {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError> {
        Ok(self.outcome(job, Mode::Execute))
    }

    fn trace(&mut self, _: &Job<'_>, _: &TraceOptions) -> Result<TraceRun, BackendError> {
        Err(BackendError::NoTraces { backend: "toy".into() })
    }

    fn prove(&mut self, job: &Job<'_>, kind: Option<&str>) -> Result<ProveRun, BackendError> {
        self.proved += 1;
        let outcome = self.outcome(job, Mode::Prove);
        let header = ReceiptHeader {
            schema: ReceiptHeader::tag(),
            backend: outcome.backend.clone(),
            elf_digest: job.guest.digest,
            image_id: format!("{}{}", self.image_id, kind.map_or(String::new(), |kind| format!("-{kind}"))),
            claims: ProofClaims::new(0, outcome.run.output.0.clone()),
            kind: kind.unwrap_or("whole").into(),
            security: security(),
            encoding: "none".into(),
            proof_digest: Digest::of(b""),
            proof_bytes: 0,
        };
        let receipt = (outcome.run.status == Status::Ok).then(|| Receipt::new(header, b"proof".to_vec()));
        Ok(ProveRun { outcome, receipt })
    }

    fn identify(&mut self, _: &Guest, _: &str, _: &Limits) -> Result<String, BackendError> {
        Ok(self.image_id.to_owned())
    }

    fn captured(&self) -> &CapturedOutput {
        &self.captured
    }

    fn on_progress(&mut self, _: ProgressCallback) {}
}

fn artifact(publish: TilePublish) -> Artifact {
    let shape = |name: &str, format| Ok(TileShape { name: name.into(), format, types: json!({}) });
    let guest = Guest::native("double", b"the program".to_vec());
    let manifest = TileManifest {
        schema: TileManifest::tag(),
        tile_id: "double".into(),
        description: String::new(),
        package: "demo".into(),
        package_version: "0.1.0".into(),
        tile_digest: Digest(DIGEST()),
        budget_cycles: Double::BUDGET_CYCLES,
        backend: "toy".into(),
        backend_version: "1".into(),
        platform: Platform::Native,
        isa: None,
        method_id: "id".into(),
        elf_digest: guest.digest,
        elf_size: guest.elf.len() as u64,
        source_hash: Digest::of(b"sources"),
        toolchain: "rustc".into(),
        runtime_version: RUNTIME_VERSION,
        publish,
        abi: TileAbi {
            input: shape("u64", json!("U64")),
            output: shape("u64", json!("U64")),
            error: shape("String", json!("STR")),
        },
    };
    Artifact { folder: PathBuf::from("double/toy"), guest, manifest }
}

fn number(number: u64) -> TileInputBytes {
    TileInputBytes::public(postcard::to_allocvec(&number).unwrap())
}

fn run(toy: &mut Toy<'_>, publish: TilePublish, input: &TileInputBytes) -> TileRun {
    run_tile(toy, &artifact(publish), input, &Limits::default(), false).unwrap()
}

/// What came of a program that ends like this.
fn answer_to(publish: TilePublish, program: impl Fn(&[u8]) -> RunReport + Send) -> TileAnswer {
    run(&mut Toy::new(program), publish, &number(21)).answer
}

fn reason(answer: &TileAnswer) -> &str {
    match answer {
        TileAnswer::Nothing { reason } => reason,
        other => panic!("{other:?}"),
    }
}

const FORTY_TWO: fn() -> TileAnswer = || TileAnswer::Output { value: Some(json!(42)), bytes: vec![42].into() };

#[test]
fn a_tile_answers_in_either_mode_and_with_a_private_input() {
    for (publish, mode) in [(TilePublish::Claim, Publish::Claim), (TilePublish::Plain, Publish::Plain)] {
        let run = run(&mut Toy::new(honest(mode)), publish, &number(21));
        assert_eq!((run.answer, run.elapsed_ms), (FORTY_TWO(), 1.5));
    }
    let private = TileInputBytes { salt: Some([3; 32]), ..number(21) };
    let run = run(&mut Toy::new(honest(Publish::Claim)), TilePublish::Claim, &private);
    assert_eq!((run.answer, run.input), (FORTY_TWO(), private.bound(TilePublish::Claim)));
}

#[test]
fn a_failure_is_typed_in_either_mode() {
    for (publish, mode) in [(TilePublish::Claim, Publish::Claim), (TilePublish::Plain, Publish::Plain)] {
        let of = |input: &TileInputBytes| run(&mut Toy::new(honest(mode)), publish, input).answer;
        let TileAnswer::Failure { kind: TileFailureKind::Tile, message, error, .. } = of(&number(u64::MAX)) else {
            panic!("{publish}");
        };
        assert_eq!((message.as_str(), error), ("too big", Some(json!("too big"))));
        // Nothing at all, one byte too many, one too few.
        for wrong in [vec![], vec![42, 0], vec![0x80]] {
            let answer = of(&TileInputBytes::public(wrong.clone()));
            assert!(matches!(answer, TileAnswer::Failure { kind: TileFailureKind::Input, .. }), "{wrong:?} {answer:?}");
        }
    }
}

#[test]
fn cycles_are_the_backends_or_instructions_and_the_budget_is_kept_up_to_its_last_cycle() {
    let with = |cycles: Option<u64>, instructions| {
        let program = move |input: &[u8]| RunReport {
            cycles: cycles.map(|total| Cycles { total, by_segment: Vec::new() }),
            instructions,
            ..honest(Publish::Claim)(input)
        };
        run(&mut Toy::new(program), TilePublish::Claim, &number(1))
    };
    let kept = |run: &TileRun| run.budget.as_ref().map(|budget| budget.kept);
    let run = with(Some(70_000), Some(5));
    assert_eq!((run.cycles, run.proof_cycles, kept(&run)), (Some(70_000), Some(131_072), Some(true)));
    let run = with(None, Some(70_001));
    assert_eq!((run.cycles, run.proof_cycles, kept(&run)), (Some(70_001), Some(131_072), Some(false)));
    let run = with(None, None);
    assert_eq!((run.cycles, run.proof_cycles, kept(&run)), (None, None, None));
}

#[test]
fn a_program_that_claims_something_else_has_not_answered() {
    let claims = |tile: [u8; 32], input: Option<&'static [u8]>| {
        answer_to(TilePublish::Claim, move |framed| {
            let output = respond(input.unwrap_or(framed), tile, Publish::Claim, entry).public.into();
            RunReport { exit_code: Some(0), output, ..RunReport::new(Status::Ok) }
        })
    };
    assert_eq!(claims(DIGEST(), None), FORTY_TWO());
    assert!(reason(&claims([0; 32], None)).contains("another tile"));
    assert!(reason(&claims(DIGEST(), Some(&[1, 0, 0, 0, 22]))).contains("another input"));
    // No frame: a claim about all that the program was given.
    assert!(reason(&claims(DIGEST(), Some(&[9]))).contains("another input"));
    let older = answer_to(TilePublish::Claim, |framed| {
        let mut output = respond(framed, DIGEST(), Publish::Claim, entry).public;
        output[40] = 9;
        RunReport { output: output.into(), ..RunReport::new(Status::Ok) }
    });
    assert!(reason(&older).contains("runtime version 9"));
    let plain = answer_to(TilePublish::Claim, honest(Publish::Plain));
    assert!(reason(&plain).contains(&format!("{CLAIM_BYTES} bytes in front")));
}

#[test]
fn a_program_without_an_answer_says_why() {
    let ends = |run: RunReport| answer_to(TilePublish::Claim, move |_| run.clone());
    let panicked =
        RunReport { exit_code: Some(101), ..RunReport::new(Status::Panic) }.with_message("src/lib.rs:1:1:\nno");
    assert_eq!(reason(&ends(panicked)), "it panicked: src/lib.rs:1:1:\nno");
    let failed = RunReport { exit_code: Some(3), guest_log: Some(" why\n".into()), ..RunReport::new(Status::Failed) };
    assert_eq!(reason(&ends(failed)), "it exited with 3: why");
    assert_eq!(reason(&ends(RunReport::new(Status::Timeout).with_message("60 s"))), "Timeout: 60 s");
    // A failure in the log of a program that makes claims is no failure of the tile.
    let log = failure_log(&entry(&[]));
    let logged = RunReport { exit_code: Some(1), guest_log: Some(log), ..RunReport::new(Status::Failed) };
    assert!(reason(&ends(logged)).starts_with("it exited with 1"));
}

#[test]
fn an_output_over_the_limit_is_said_by_the_run_and_refused_before_it_is_proved() {
    let panic = "src/embedded/openvm.rs:70:9:\nan output of 300 bytes passes OpenVM's 256 bytes of public values";
    for (platform, status, message) in [
        (Platform::OpenVm, Status::Panic, panic),
        (Platform::Risc0, Status::OutputLimit, "300 bytes of public output, above the limit of 256"),
    ] {
        let mut toy = Toy::new(move |_| RunReport::new(status).with_message(message));
        toy.platform = platform;
        let answer = run(&mut toy, TilePublish::Claim, &number(1)).answer;
        assert!(reason(&answer).starts_with("toy has no room for the public output of tile double"), "{answer:?}");
        assert!(reason(&answer).contains("300 bytes") && reason(&answer).contains("--plain"), "{answer:?}");
        let artifact = artifact(TilePublish::Claim);
        let refused = prove_tile(&mut toy, &artifact, &number(1), &Limits::default(), None).unwrap_err();
        assert!(matches!(refused, TileError::OutputLimit(_)), "{refused}");
        assert_eq!(toy.proved, 0);
    }
    // Elsewhere, and with other words, a panic is a panic.
    for (platform, message) in [(Platform::Risc0, panic), (Platform::OpenVm, "an output of hatred")] {
        let mut toy = Toy::new(move |_| RunReport::new(Status::Panic).with_message(message));
        toy.platform = platform;
        assert!(reason(&run(&mut toy, TilePublish::Claim, &number(1)).answer).starts_with("it panicked"));
    }
}

#[test]
fn a_proof_says_what_was_made_public_and_where_it_lies() {
    let artifact = artifact(TilePublish::Claim);
    let mut toy = Toy::new(honest(Publish::Claim));
    let proved = prove_tile(&mut toy, &artifact, &number(21), &Limits::default(), None).unwrap();
    let (envelope, receipt) = (proved.envelope.unwrap(), proved.receipt.unwrap());
    assert_eq!(envelope.answer, FORTY_TWO());
    assert_eq!(envelope.receipt_digest, Digest::of(&receipt.to_bytes()));
    assert_eq!(envelope.receipt_file, receipt_name("tile", &envelope.receipt_digest));
    assert_eq!((envelope.method_id.as_str(), envelope.proof_device), ("id", Some(ProofDevice::Cpu)));
    toy.description.capabilities.push(Capability::ProveGpu);
    let on_gpu = prove_tile(&mut toy, &artifact, &number(21), &Limits::default(), None).unwrap();
    let said = (on_gpu.run.proof_device, on_gpu.envelope.unwrap().proof_device);
    assert_eq!(said, (Some(ProofDevice::Gpu), Some(ProofDevice::Gpu)));
    toy.description.capabilities.clear();
    assert_eq!(proved.run.outcome.mode, Mode::Prove);
    // Of another kind, ids may be others.
    let proved = prove_tile(&mut toy, &artifact, &number(21), &Limits::default(), Some("quick")).unwrap();
    assert_eq!(proved.envelope.unwrap().method_id, "id-quick");
    assert_eq!(proved.run.method_id, "id-quick");
}

#[test]
fn a_failure_is_proved_with_a_claim_and_not_in_plain_mode() {
    let prove = |mode, publish, program: Option<RunReport>| {
        let mut toy = Toy::new(move |input: &[u8]| program.clone().unwrap_or_else(|| honest(mode)(input)));
        let proved = prove_tile(&mut toy, &artifact(publish), &number(u64::MAX), &Limits::default(), None).unwrap();
        (proved.envelope.map(|envelope| envelope.answer), proved.run.answer, toy.proved)
    };
    let (proved, ran, times) = prove(Publish::Claim, TilePublish::Claim, None);
    assert_eq!((proved.as_ref(), times), (Some(&ran), 1));
    assert!(matches!(ran, TileAnswer::Failure { .. }));
    let (proved, ran, times) = prove(Publish::Plain, TilePublish::Plain, None);
    assert_eq!((proved, times), (None, 0));
    assert!(matches!(ran, TileAnswer::Failure { .. }));
    let (proved, ran, times) = prove(Publish::Claim, TilePublish::Claim, Some(RunReport::new(Status::Trap)));
    assert_eq!((proved, times), (None, 0));
    assert!(matches!(ran, TileAnswer::Nothing { .. }));
}

#[test]
fn a_proof_of_another_program_is_refused_with_both_names() {
    let mut toy = Toy::new(honest(Publish::Claim));
    toy.image_id = "another";
    let artifact = artifact(TilePublish::Claim);
    let error = prove_tile(&mut toy, &artifact, &number(21), &Limits::default(), None).unwrap_err();
    let TileError::Identity { kept, computed, .. } = &error else { panic!("{error}") };
    assert_eq!((kept.as_str(), computed.as_str()), ("id", "another"));
}

#[test]
fn an_unknown_kind_of_proof_is_refused_before_anything_runs() {
    let mut toy = Toy::new(|_| panic!("nothing is to be run"));
    let artifact = artifact(TilePublish::Claim);
    let error = prove_tile(&mut toy, &artifact, &number(21), &Limits::default(), Some("slow")).unwrap_err();
    assert!(error.to_string().contains("whole, quick"), "{error}");
    toy.description.proof_kinds.clear();
    let error = prove_tile(&mut toy, &artifact, &number(21), &Limits::default(), None).unwrap_err();
    assert!(error.to_string().contains("no proofs at all"), "{error}");
}
