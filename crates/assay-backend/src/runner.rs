//! A zkVM behind a runner process, as a backend.
//!
//! What the supervisor says happened becomes an outcome here. Guests are loaded once per process; files pass through
//! folders that are gone after the request.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use assay_guest::Guest;
use assay_spec::{
    BackendId, Digest, InstalledRunner, Mode, Outcome, Platform, ProofKind, Receipt, ReceiptFacts, ReceiptHeader,
    RunReport, RunnerDescription, Status,
    protocol::{
        Done, ErrorKind, IdentifyRequest, ProveRequest, Proved, Request, RunRequest, TraceRequest, Traced, Verified,
        VerifyRequest,
    },
    receipt::{PROOF_BYTES_MAX, ProofFacts},
    schema::Versioned as _,
    trace::TraceSummary,
};

use crate::{
    backend::{
        Backend, BackendError, Job, Limits, ProgressCallback, ProveRun, TraceOptions, TraceRun, milliseconds, outcome,
        proof_kind, records_folder, records_path, within_output_limit,
    },
    cancel::CancelToken,
    identities::Identities,
    receipts::Verifier,
    registry::Registry,
    request_folder::RequestFolder,
    supervisor::{
        CallLimits, CapturedOutput, FileLimit, ProtocolViolation, RunnerCommand, RunnerFailure, Settings, Supervisor,
        WorkFolder, settings::deadline,
    },
};

/// Name of a proof in the folder of the request that makes or verifies it.
const PROOF_FILE: &str = "proof";

/// A runner and what its process has loaded.
pub struct RunnerBackend {
    description: RunnerDescription,
    /// SHA-256 of its program.
    binary_digest: Digest,
    /// Where image ids are kept, if they are.
    identities: Option<Identities>,
    supervisor: Supervisor,
    /// Of the process with this number, the guests that it has loaded and their image ids.
    generation: u64,
    loaded: HashMap<Digest, Option<String>>,
    captured: CapturedOutput,
    progress: Option<ProgressCallback>,
    // Last, so that it outlives the process that works in it.
    work: WorkFolder,
}

impl RunnerBackend {
    /// The backend `name` as it is installed. Its process is started by the first request.
    pub fn open(registry: &Registry, name: &str, cancel: CancelToken) -> Result<Self, BackendError> {
        Self::new(registry.installed(name)?, Settings::default(), cancel)
    }

    /// The backend of an installed runner.
    pub fn new(runner: InstalledRunner, settings: Settings, cancel: CancelToken) -> Result<Self, BackendError> {
        Self::with_arguments(runner, Vec::new(), settings, cancel)
    }

    /// The same with arguments for the program; real runners take none.
    pub fn with_arguments(
        runner: InstalledRunner,
        arguments: Vec<std::ffi::OsString>,
        settings: Settings,
        cancel: CancelToken,
    ) -> Result<Self, BackendError> {
        let work = WorkFolder::create().map_err(BackendError::io(&std::env::temp_dir()))?;
        let command = RunnerCommand { binary: runner.binary.into(), arguments, work_folder: work.path().to_owned() };
        Ok(Self {
            description: runner.description,
            binary_digest: runner.binary_digest,
            identities: None,
            supervisor: Supervisor::new(command, settings, cancel),
            generation: 0,
            loaded: HashMap::new(),
            captured: CapturedOutput::default(),
            progress: None,
            work,
        })
    }

    /// The same backend, which looks for image ids in `identities` before it computes one, and keeps there what it computes.
    #[must_use]
    pub fn with_identities(self, identities: Identities) -> Self {
        Self { identities: Some(identities), ..self }
    }

    /// Starts the process now instead of with the first request.
    pub fn start(&mut self) -> Result<(), BackendError> {
        self.supervisor.ensure_started().map(drop).map_err(|failure| self.error(failure))
    }

    /// The process behind the backend, if one is warm.
    pub fn supervisor(&self) -> &Supervisor {
        &self.supervisor
    }

    /// Loads the guest if need be and makes the request, which `ask` gives once the guest is loaded.
    fn request(
        &mut self,
        job: &Job<'_>,
        folder: &RequestFolder,
        file: Option<&FileLimit>,
        ask: &dyn Fn(RunRequest) -> Request,
    ) -> Result<Result<Reply, RunnerFailure>, BackendError> {
        let until = deadline(job.limits.wall);
        let run = RunRequest {
            guest: job.guest.digest,
            input_path: write_input(folder, job.input)?,
            max_steps: job.limits.max_steps,
            cost: job.cost,
        };
        let request = ask(run);
        // A runner keeps a limited number of guests and may have dropped this one: then it is loaded again, once.
        let mut attempts = 0;
        loop {
            attempts += 1;
            let image_id = match self.load(job, folder, until)? {
                Ok(image_id) => image_id,
                Err(failure) => return Ok(Err(failure)),
            };
            match self.call(request.clone(), job.limits, until, file.cloned()) {
                Err(RunnerFailure::Answered(error)) if error.kind == ErrorKind::UnknownGuest && attempts == 1 => {
                    self.loaded.remove(&job.guest.digest);
                }
                Ok((done, peak_memory_bytes)) => return Ok(Ok(Reply { done, image_id, peak_memory_bytes })),
                Err(failure) => return Ok(Err(failure)),
            }
        }
    }

    /// Makes sure that the live process has the guest, and gives its image id.
    fn load(
        &mut self,
        job: &Job<'_>,
        folder: &RequestFolder,
        until: Instant,
    ) -> Result<Result<Option<String>, RunnerFailure>, BackendError> {
        match self.supervisor.ensure_started() {
            Ok(generation) if generation == self.generation => {}
            Ok(generation) => {
                self.generation = generation;
                self.loaded.clear();
            }
            Err(failure) => return Ok(Err(failure)),
        }
        let digest = job.guest.digest;
        if let Some(image_id) = self.loaded.get(&digest) {
            return Ok(Ok(image_id.clone()));
        }
        let request = Request::Load { elf_path: put(folder, "guest.elf", &job.guest.elf)? };
        let loaded = match self.call(request, job.limits, until, None) {
            Ok((Done::Load(loaded), _)) => loaded,
            Ok(_) => unreachable!("a supervisor gives answers of the request's type only"),
            Err(failure) => return Ok(Err(failure)),
        };
        if loaded.digest != digest {
            let why = format!("it loaded {}, not {digest}", loaded.digest);
            return Ok(Err(ProtocolViolation::Implausible { asked: "load", why }.into()));
        }
        self.loaded.insert(digest, loaded.image_id.clone());
        Ok(Ok(loaded.image_id))
    }

    fn call(
        &mut self,
        request: Request,
        limits: &Limits,
        until: Instant,
        file: Option<FileLimit>,
    ) -> Result<(Done, Option<u64>), RunnerFailure> {
        let call = CallLimits {
            wall: until.saturating_duration_since(Instant::now()),
            memory_limit_bytes: limits.memory_limit_bytes,
            file,
        };
        let progress = &mut self.progress;
        let answer = self.supervisor.call(request, &call, &mut |step| {
            if let Some(callback) = progress {
                callback(step);
            }
        });
        match answer {
            Ok(answer) => Ok((answer.done, answer.peak_memory_bytes)),
            // What was left of the limit says nothing to people.
            Err(RunnerFailure::WallLimit { stop, .. }) => Err(RunnerFailure::WallLimit { limit: limits.wall, stop }),
            Err(failure) => Err(failure),
        }
    }

    /// The report of a run that failed in the runner, unless there was no run to speak of.
    fn failed(&self, failure: RunnerFailure) -> Result<RunReport, BackendError> {
        match failure.status() {
            Some(status) => Ok(RunReport::new(status).with_message(failure.to_string())),
            None if matches!(failure, RunnerFailure::Cancelled { .. }) => Err(BackendError::Cancelled),
            None => Err(BackendError::Runner { backend: self.description.name.clone(), source: failure }),
        }
    }

    /// Has the zkVM compute the image id.
    fn compute_identity(&mut self, guest: &Guest, kind: &str, limits: &Limits) -> Result<String, BackendError> {
        let job = Job { guest, input: &[], limits, cost: false };
        let folder = self.folder()?;
        let ask = |run: RunRequest| Request::Identify(IdentifyRequest { guest: run.guest, kind: kind.to_owned() });
        let reply = self.request(&job, &folder, None, &ask);
        self.captured = self.supervisor.take_output();
        match reply? {
            Ok(Reply { done: Done::Identify { image_id }, .. }) => Ok(image_id),
            Ok(_) => unreachable!("a supervisor gives answers of the request's type only"),
            Err(failure) => Err(self.error(failure)),
        }
    }

    /// What an act that is no run failed for.
    fn error(&self, failure: RunnerFailure) -> BackendError {
        match failure {
            RunnerFailure::Cancelled { .. } => BackendError::Cancelled,
            failure => BackendError::Runner { backend: self.description.name.clone(), source: failure },
        }
    }

    /// Verifies a proof with the zkVM's own verifier. The proof is all that the process sees.
    pub fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        limits: &Limits,
    ) -> Result<Verified, BackendError> {
        let until = deadline(limits.wall);
        let folder = self.folder()?;
        let proof_path = put(&folder, PROOF_FILE, proof)?;
        let request = VerifyRequest { proof_path, kind: kind.to_owned(), image_id: image_id.to_owned() };
        let answer = self.call(Request::Verify(request), limits, until, None);
        self.captured = self.supervisor.take_output();
        match answer {
            Ok((Done::Verify(mut verified), peak_memory_bytes)) => {
                verified.peak_memory_bytes = verified.peak_memory_bytes.or(peak_memory_bytes);
                Ok(verified)
            }
            Ok(_) => unreachable!("a supervisor gives answers of the request's type only"),
            Err(failure) => Err(self.error(failure)),
        }
    }

    /// A report instead of a run, if the zkVM says itself that it has no such guests.
    fn refusal(&self, job: &Job<'_>) -> Option<RunReport> {
        let platform = job.guest.platform;
        if self.description.platforms.contains(&platform) {
            return None;
        }
        let names: Vec<_> = self.description.platforms.iter().map(ToString::to_string).collect();
        let message = format!(
            "{} runs guests of platform {}, and this one is for {platform}",
            self.description.name,
            names.join(" or ")
        );
        Some(RunReport::new(Status::Unsupported).with_message(message))
    }

    fn folder(&self) -> Result<RequestFolder, BackendError> {
        RequestFolder::create_in(self.work.path()).map_err(BackendError::io(self.work.path()))
    }

    fn outcome(&self, job: &Job<'_>, image_id: Option<String>, run: RunReport, elapsed: Duration) -> Outcome {
        let run = within_output_limit(run, job.limits);
        outcome(self.id(job.guest), job, image_id, run, milliseconds(elapsed))
    }
}

/// An answer of the right type, and what goes with it.
struct Reply {
    done: Done,
    image_id: Option<String>,
    peak_memory_bytes: Option<u64>,
}

impl Backend for RunnerBackend {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError> {
        if let Some(refusal) = self.refusal(job) {
            return Ok(self.outcome(job, None, refusal, Duration::ZERO));
        }
        let started = Instant::now();
        let folder = self.folder()?;
        let reply = self.request(job, &folder, None, &Request::Execute);
        self.captured = self.supervisor.take_output();
        let (run, image_id) = match reply? {
            Ok(Reply { done: Done::Execute(mut run), image_id, peak_memory_bytes }) => {
                run.peak_memory_bytes = run.peak_memory_bytes.or(peak_memory_bytes);
                (run, image_id)
            }
            Ok(_) => unreachable!("a supervisor gives answers of the request's type only"),
            Err(failure) => (self.failed(failure)?, None),
        };
        Ok(self.outcome(job, image_id, run, started.elapsed()))
    }

    fn trace(&mut self, job: &Job<'_>, options: &TraceOptions) -> Result<TraceRun, BackendError> {
        let records = records_folder(options)?;
        let path = records_path(&records);
        let nothing = TraceSummary { truncated: true, ..TraceSummary::default() };
        if let Some(refusal) = self.refusal(job) {
            empty(&path)?;
            let outcome = self.outcome(job, None, refusal, Duration::ZERO);
            return Ok(TraceRun::new(outcome, nothing, records));
        }
        let started = Instant::now();
        let folder = self.folder()?;
        let file = FileLimit { path: path.clone(), bytes_max: options.file_bytes_max };
        let records_path = as_text(&path)?;
        let ask = |run| {
            Request::Trace(TraceRequest {
                run,
                records_path: records_path.clone(),
                records: options.records,
                max_records: options.max_records,
            })
        };
        let reply = self.request(job, &folder, Some(&file), &ask);
        self.captured = self.supervisor.take_output();
        let reply = match reply? {
            Ok(reply) if !path.is_file() => {
                drop(reply);
                let why = "there is no records file".to_owned();
                Err(ProtocolViolation::Implausible { asked: "trace", why }.into())
            }
            reply => reply,
        };
        let (run, image_id, summary) = match reply {
            Ok(Reply { done: Done::Trace(Traced { mut run, summary }), image_id, peak_memory_bytes }) => {
                run.peak_memory_bytes = run.peak_memory_bytes.or(peak_memory_bytes);
                (run, image_id, summary)
            }
            Ok(_) => unreachable!("a supervisor gives answers of the request's type only"),
            Err(failure) => {
                let run = self.failed(failure)?;
                // Whatever is there may end within a record.
                empty(&path)?;
                (run, None, nothing)
            }
        };
        let outcome = self.outcome(job, image_id, run, started.elapsed());
        Ok(TraceRun::new(outcome, summary, records))
    }

    fn prove(&mut self, job: &Job<'_>, kind: Option<&str>) -> Result<ProveRun, BackendError> {
        let kind = proof_kind(&self.description, kind)?.clone();
        let in_mode = |outcome| Outcome { mode: Mode::Prove, ..outcome };
        if let Some(refusal) = self.refusal(job) {
            let outcome = in_mode(self.outcome(job, None, refusal, Duration::ZERO));
            return Ok(ProveRun { outcome, receipt: None });
        }
        let started = Instant::now();
        let folder = self.folder()?;
        let path = folder.path_of(PROOF_FILE);
        let file = FileLimit { path: path.clone(), bytes_max: PROOF_BYTES_MAX };
        let proof_path = as_text(&path)?;
        let ask = |run| Request::Prove(ProveRequest { run, kind: kind.name.clone(), proof_path: proof_path.clone() });
        let reply = self.request(job, &folder, Some(&file), &ask);
        self.captured = self.supervisor.take_output();
        let (mut proved, image_id) = match reply? {
            Ok(Reply { done: Done::Prove(mut proved), image_id, peak_memory_bytes }) => {
                proved.run.peak_memory_bytes = proved.run.peak_memory_bytes.or(peak_memory_bytes);
                (proved, image_id)
            }
            Ok(_) => unreachable!("a supervisor gives answers of the request's type only"),
            Err(failure) => (Proved { run: self.failed(failure)?, proof: None }, None),
        };
        let mut proof = None;
        if let Some(facts) = proved.proof.take() {
            match folder.read(PROOF_FILE, PROOF_BYTES_MAX) {
                Ok(bytes) => proof = Some((facts, bytes)),
                Err(error) => {
                    let why = format!("there is no proof file: {error}");
                    proved.run = self.failed(ProtocolViolation::Implausible { asked: "prove", why }.into())?;
                }
            }
        }
        let image_id = proof.as_ref().map(|(facts, _)| facts.image_id.clone()).or(image_id);
        let mut outcome = in_mode(self.outcome(job, image_id, proved.run, started.elapsed()));
        let receipt = proof.map(|(facts, bytes)| {
            outcome.elapsed.prove_ms = Some(facts.prove_ms);
            let receipt = receipt(&outcome.backend, job.guest, &kind, &facts, bytes);
            let file = receipt.to_bytes();
            outcome.receipt = Some(ReceiptFacts {
                path: None,
                digest: Digest::of(&file),
                bytes: file.len() as u64,
                kind: kind.name.clone(),
                security: kind.security.clone(),
                segments: facts.segments,
                setup_ms: facts.setup_ms.round() as u64,
                cpu_ms: facts.cpu_ms.round() as u64,
            });
            receipt
        });
        Ok(ProveRun { outcome, receipt })
    }

    fn identify(&mut self, guest: &Guest, kind: &str, limits: &Limits) -> Result<String, BackendError> {
        let kind = proof_kind(&self.description, Some(kind))?.name.clone();
        match self.identities.clone() {
            None => self.compute_identity(guest, &kind, limits),
            Some(identities) => {
                identities.of(self.binary_digest, &kind, &guest.elf, || self.compute_identity(guest, &kind, limits))
            }
        }
    }

    fn captured(&self) -> &CapturedOutput {
        &self.captured
    }

    fn on_progress(&mut self, callback: ProgressCallback) {
        self.progress = Some(callback);
    }
}

/// A runner as a verifier. Each act has a process of its own, so that the one that verifies has never proved or
/// identified anything, and a hostile proof meets nothing but the verifier.
pub struct RunnerVerifier {
    runner: InstalledRunner,
    settings: Settings,
    cancel: CancelToken,
    limits: Limits,
}

impl RunnerVerifier {
    /// The verifier of an installed runner.
    pub fn new(runner: InstalledRunner, settings: Settings, cancel: CancelToken, limits: Limits) -> Self {
        Self { runner, settings, cancel, limits }
    }

    fn process(&self) -> Result<RunnerBackend, BackendError> {
        RunnerBackend::new(self.runner.clone(), self.settings.clone(), self.cancel.clone())
    }
}

impl Verifier for RunnerVerifier {
    fn description(&self) -> &RunnerDescription {
        &self.runner.description
    }

    fn identify(&mut self, elf: &[u8], kind: &str) -> Result<String, BackendError> {
        let platform = self.runner.description.platforms.first().copied().unwrap_or(Platform::Standard);
        let guest = Guest::from_elf("guest", elf.to_vec(), platform)?;
        self.process()?.identify(&guest, kind, &self.limits)
    }

    fn verify(&mut self, proof: &[u8], kind: &str, image_id: &str) -> Result<Verified, BackendError> {
        self.process()?.verify(proof, kind, image_id, &self.limits)
    }
}

fn receipt(backend: &BackendId, guest: &Guest, kind: &ProofKind, facts: &ProofFacts, proof: Vec<u8>) -> Receipt {
    let header = ReceiptHeader {
        schema: ReceiptHeader::tag(),
        backend: backend.clone(),
        elf_digest: guest.digest,
        image_id: facts.image_id.clone(),
        claims: facts.claims.clone(),
        kind: kind.name.clone(),
        security: kind.security.clone(),
        encoding: facts.encoding.clone(),
        proof_digest: Digest::of(&proof),
        proof_bytes: proof.len() as u64,
    };
    Receipt::new(header, proof)
}

fn write_input(folder: &RequestFolder, input: &[u8]) -> Result<Option<String>, BackendError> {
    if input.is_empty() { Ok(None) } else { put(folder, "input", input).map(Some) }
}

/// Makes a file for the runner, and says where it is.
fn put(folder: &RequestFolder, name: &str, bytes: &[u8]) -> Result<String, BackendError> {
    let path = folder.path_of(name);
    folder.write(name, bytes).map_err(BackendError::io(&path))?;
    as_text(&path)
}

fn empty(path: &Path) -> Result<(), BackendError> {
    fs::write(path, b"").map_err(BackendError::io(path))
}

/// Paths travel as JSON text.
fn as_text(path: &Path) -> Result<String, BackendError> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        let error = std::io::Error::other("the path is not UTF-8; set TMPDIR to a folder whose path is");
        BackendError::io(path)(error)
    })
}
