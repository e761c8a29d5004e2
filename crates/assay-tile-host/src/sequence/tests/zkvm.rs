//! A zkVM of tests: its guests are functions of this process, its proofs are what they claim, in the open.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use assay_backend::{
    Backend, BackendError, CapturedOutput, Job, Limits, ProgressCallback, ProveRun, TraceOptions, TraceRun, Verifier,
};
use assay_guest::Guest;
use assay_spec::{
    Digest, Elapsed, HexBytes, Mode, Outcome, Platform, ProofClaims, ProofKind, Receipt, ReceiptHeader, RunReport,
    RunnerDescription, Security, Status, TileAbi, TileManifest, TilePublish, Verification,
    description::GuestLimits,
    outcome::Cycles,
    protocol::{ProofVerdict, Verified},
    schema::Versioned as _,
};
use assay_tile::{Answer, Failure, FailureKind, Publish, RUNTIME_VERSION, Status as TileStatus, respond, tile_digest};

use crate::artifact::Artifact;

pub(super) const PACKAGE: &str = "numbers";
pub(super) const VERSION: &str = "0.1.0";

/// Cycles of every run.
pub(super) const CYCLES: u64 = 70_000;

/// What the tile `id` says to a number.
fn entry(id: &str) -> fn(&[u8]) -> Answer {
    match id {
        "double" => |input| number(input, |n| Some(n * 2)),
        "increment" => |input| number(input, |n| Some(n + 1)),
        "below-ten" => |input| number(input, |n| (n < 10).then_some(n)),
        _ => panic!("no tile {id}"),
    }
}

fn number(input: &[u8], of: fn(u32) -> Option<u32>) -> Answer {
    let given: u32 = postcard::from_bytes(input).unwrap();
    if let Some(given) = of(given) {
        return Answer { status: TileStatus::Ok, bytes: postcard::to_allocvec(&given).unwrap() };
    }
    let failure = Failure { kind: FailureKind::Tile, message: format!("{given} is too great"), error: vec![1] };
    Answer { status: TileStatus::TileFailed, bytes: postcard::to_allocvec(&failure).unwrap() }
}

/// The program of the tile `id` for the zkVM `name`.
pub(super) fn artifact(name: &str, id: &str) -> Artifact {
    let guest = Guest::native(id, format!("{id} for {name}").into_bytes());
    let unknown = || Err("not described".to_owned());
    let manifest = TileManifest {
        schema: TileManifest::tag(),
        tile_id: id.into(),
        description: String::new(),
        package: PACKAGE.into(),
        package_version: VERSION.into(),
        tile_digest: Digest(tile_digest(PACKAGE, VERSION, id)),
        budget_cycles: None,
        backend: name.into(),
        backend_version: "1".into(),
        platform: Platform::Native,
        isa: None,
        method_id: guest.digest.to_string(),
        elf_digest: guest.digest,
        elf_size: guest.elf.len() as u64,
        source_hash: Digest::of(b"sources"),
        toolchain: "none".into(),
        runtime_version: RUNTIME_VERSION,
        publish: TilePublish::Claim,
        abi: TileAbi { input: unknown(), output: unknown(), error: unknown() },
    };
    Artifact { folder: PathBuf::from(id), guest, manifest }
}

/// What all zkVMs of a test did, such as `execute double`.
pub(super) type Acts = Arc<Mutex<Vec<String>>>;

pub(super) struct Zkvm {
    description: RunnerDescription,
    captured: CapturedOutput,
    acts: Acts,
    /// A tile whose program does not end well, and how it ends.
    ends: Option<(&'static str, Status)>,
}

pub(super) fn description(name: &str) -> RunnerDescription {
    let security = Security { secure: true, bits: Some(100), basis: "for tests".into(), parameters: [].into() };
    RunnerDescription {
        name: name.into(),
        sdk_version: "1".into(),
        platforms: vec![Platform::Native],
        isa: "none".into(),
        capabilities: Vec::new(),
        proof_kinds: vec![ProofKind { name: "open".into(), security }],
        limits: GuestLimits::default(),
        notes: Vec::new(),
    }
}

impl Zkvm {
    pub(super) fn new(name: &str, acts: &Acts) -> Self {
        let (description, captured) = (description(name), CapturedOutput::default());
        Self { description, captured, acts: Arc::clone(acts), ends: None }
    }

    pub(super) fn trapping(self, tile: &'static str) -> Self {
        Self { ends: Some((tile, Status::Trap)), ..self }
    }

    pub(super) fn without_room_for(self, tile: &'static str) -> Self {
        Self { ends: Some((tile, Status::OutputLimit)), ..self }
    }

    fn act(&self, what: &str, job: &Job<'_>) {
        self.acts.lock().unwrap().push(format!("{what} {} on {}", job.guest.name, self.description.name));
    }

    fn outcome(&self, job: &Job<'_>, mode: Mode) -> Outcome {
        let id = &job.guest.name;
        let ends = self.ends.filter(|(tile, _)| tile == id).map(|(_, status)| status);
        let mut run = RunReport::new(ends.unwrap_or(Status::Ok));
        if ends.is_none() {
            let ended = respond(job.input, tile_digest(PACKAGE, VERSION, id), Publish::Claim, entry(id));
            run.exit_code = Some(u32::from(ended.exit_code));
            run.output = HexBytes(ended.public);
            run.cycles = Some(Cycles { total: CYCLES, by_segment: Vec::new() });
            run.peak_memory_bytes = Some(id.len() as u64);
        }
        Outcome {
            schema: Outcome::tag(),
            backend: self.id(job.guest),
            guest: job.guest.id(),
            input_digest: Digest::of(job.input),
            mode,
            run,
            elapsed: Elapsed::default(),
            receipt: None,
            verification: Verification::NotRequested,
        }
    }
}

impl Backend for Zkvm {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError> {
        self.act("execute", job);
        Ok(self.outcome(job, Mode::Execute))
    }

    fn trace(&mut self, _: &Job<'_>, _: &TraceOptions) -> Result<TraceRun, BackendError> {
        Err(BackendError::NoTraces { backend: self.description.name.clone() })
    }

    fn prove(&mut self, job: &Job<'_>, _: Option<&str>) -> Result<ProveRun, BackendError> {
        self.act("prove", job);
        let outcome = self.outcome(job, Mode::Prove);
        let claims = ProofClaims::new(0, outcome.run.output.0.clone());
        let image_id = job.guest.digest.to_string();
        let proof = serde_json::to_vec(&(&image_id, &claims)).unwrap();
        let kind = self.description.proof_kinds[0].clone();
        let header = ReceiptHeader {
            schema: ReceiptHeader::tag(),
            backend: outcome.backend.clone(),
            elf_digest: job.guest.digest,
            image_id,
            claims,
            kind: kind.name,
            security: kind.security,
            encoding: "JSON".into(),
            proof_digest: Digest::of(b""),
            proof_bytes: 0,
        };
        Ok(ProveRun { outcome, receipt: Some(Receipt::new(header, proof)) })
    }

    fn identify(&mut self, guest: &Guest, _: &str, _: &Limits) -> Result<String, BackendError> {
        Ok(guest.digest.to_string())
    }

    fn captured(&self) -> &CapturedOutput {
        &self.captured
    }

    fn on_progress(&mut self, _: ProgressCallback) {}
}

/// The verifier of the zkVM `name`.
pub(super) struct Checker(RunnerDescription);

impl Checker {
    pub(super) fn new(name: &str) -> Self {
        Self(description(name))
    }
}

impl Verifier for Checker {
    fn description(&self) -> &RunnerDescription {
        &self.0
    }

    fn identify(&mut self, elf: &[u8], _: &str) -> Result<String, BackendError> {
        Ok(Digest::of(elf).to_string())
    }

    fn verify(&mut self, proof: &[u8], _: &str, image_id: &str) -> Result<Verified, BackendError> {
        let verdict = match serde_json::from_slice::<(String, ProofClaims)>(proof) {
            Ok((of, claims)) if of == image_id => ProofVerdict::Accepted(claims),
            Ok(_) => ProofVerdict::Rejected("it is a proof of another program".into()),
            Err(error) => ProofVerdict::Rejected(error.to_string()),
        };
        Ok(Verified { verdict, verify_ms: 0.0, setup_ms: 0.0, peak_memory_bytes: None })
    }
}
