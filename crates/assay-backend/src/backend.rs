//! What every backend can do, and what it is asked with.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use assay_guest::{Guest, GuestError, panic_report, runtime::PANIC_EXIT_CODE};
use assay_spec::{
    BackendId, Digest, Elapsed, Mode, Outcome, Receipt, RunReport, RunnerDescription, Status, Verification,
    protocol::{Progress, RecordSelection},
    receipt::ProofKind,
    schema::Versioned,
    trace::TraceSummary,
};

use crate::{
    registry::RegistryError,
    supervisor::{CapturedOutput, RunnerFailure, WorkFolder},
};

/// Something that executes guests.
///
/// Everything that the guest, the zkVM or the runner process does is an [`Outcome`]; an error means that there was no
/// run to speak of.
pub trait Backend: Send {
    /// What it is and can do.
    fn description(&self) -> &RunnerDescription;

    /// Executes a guest.
    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError>;

    /// Executes a guest and keeps its micro-ops.
    fn trace(&mut self, job: &Job<'_>, options: &TraceOptions) -> Result<TraceRun, BackendError>;

    /// Executes a guest and proves the run with a proof kind that the description names, its first if none is named.
    ///
    /// No receipt where there is nothing to prove: the outcome's status says how the run ended instead.
    fn prove(&mut self, job: &Job<'_>, kind: Option<&str>) -> Result<ProveRun, BackendError>;

    /// The zkVM's commitment to a guest, as proofs of `kind` carry it.
    fn identify(&mut self, guest: &Guest, kind: &str, limits: &Limits) -> Result<String, BackendError>;

    /// What the process behind the last request printed; empty for backends without one.
    fn captured(&self) -> &CapturedOutput;

    /// Where to report progress from now on. Backends that have none to report never call it.
    fn on_progress(&mut self, callback: ProgressCallback);

    /// How outcomes of `guest` name this backend.
    fn id(&self, guest: &Guest) -> BackendId {
        let description = self.description();
        BackendId {
            name: description.name.clone(),
            version: description.sdk_version.clone(),
            platform: guest.platform,
            isa: guest.isa().map_or_else(|| std::env::consts::ARCH.to_owned(), |isa| isa.to_string()),
        }
    }
}

/// Called with each progress report.
pub type ProgressCallback = Box<dyn FnMut(&Progress) + Send>;

/// What is to be run.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The guest.
    pub guest: &'a Guest,
    /// Its private bytes.
    pub input: &'a [u8],
    /// How far it may go.
    pub limits: &'a Limits,
    /// Whether the exact cost of proving the run is asked for too; backends without one ignore it.
    pub cost: bool,
}

/// How far a run may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time of a request, loading included. Ends as [`Status::Timeout`].
    pub wall: Duration,
    /// Instructions. Ends as [`Status::Timeout`].
    pub max_steps: u64,
    /// Reference machine: bytes of guest memory that are held. Runners: resident bytes of the process with its children,
    /// the zkVM's own memory included. Ends as [`Status::OutOfMemory`].
    pub memory_limit_bytes: u64,
    /// Bytes of public output. Ends as [`Status::OutputLimit`].
    pub output_limit_bytes: u64,
}

impl Limits {
    /// Two minutes: several times what the slowest known backend needs to set up and trace a small guest.
    pub const DEFAULT_WALL: Duration = Duration::from_mins(2);
    /// 10^10 instructions, about as many as the reference machine executes in [`Self::DEFAULT_WALL`].
    pub const DEFAULT_MAX_STEPS: u64 = 10_000_000_000;
    /// 4 GiB.
    pub const DEFAULT_MEMORY_LIMIT_BYTES: u64 = 4 << 30;
    /// 16 MiB.
    pub const DEFAULT_OUTPUT_LIMIT_BYTES: u64 = 16 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Self::DEFAULT_WALL,
            max_steps: Self::DEFAULT_MAX_STEPS,
            memory_limit_bytes: Self::DEFAULT_MEMORY_LIMIT_BYTES,
            output_limit_bytes: Self::DEFAULT_OUTPUT_LIMIT_BYTES,
        }
    }
}

/// What of a run is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceOptions {
    /// Which record types.
    pub records: RecordSelection,
    /// Most records; the summary says so when there were more.
    pub max_records: u64,
    /// Longest records file that a runner may write.
    pub file_bytes_max: u64,
    /// Folder in which the records are put; the system's own for temporary files if absent.
    pub scratch: Option<PathBuf>,
}

impl TraceOptions {
    /// 20 million records.
    pub const DEFAULT_MAX_RECORDS: u64 = 20_000_000;
    /// 16 GiB.
    pub const DEFAULT_FILE_BYTES_MAX: u64 = 16 << 30;
}

impl Default for TraceOptions {
    fn default() -> Self {
        Self {
            records: RecordSelection::All,
            max_records: Self::DEFAULT_MAX_RECORDS,
            file_bytes_max: Self::DEFAULT_FILE_BYTES_MAX,
            scratch: None,
        }
    }
}

/// A traced run. Its records are removed with it.
#[derive(Debug)]
pub struct TraceRun {
    /// What the run did.
    pub outcome: Outcome,
    /// What was recorded. Nothing, and marked as truncated, if the run broke off in the backend.
    pub summary: TraceSummary,
    folder: WorkFolder,
}

impl TraceRun {
    /// The records, one JSON record a line.
    pub fn records(&self) -> PathBuf {
        records_path(&self.folder)
    }

    pub(crate) fn new(outcome: Outcome, summary: TraceSummary, folder: WorkFolder) -> Self {
        Self { outcome, summary, folder }
    }
}

/// A proved run.
#[derive(Debug)]
pub struct ProveRun {
    /// What the run did.
    pub outcome: Outcome,
    /// Its receipt, if it came to an end that the zkVM can prove.
    pub receipt: Option<Receipt>,
}

pub(crate) fn records_path(folder: &WorkFolder) -> PathBuf {
    folder.path().join("records.jsonl")
}

/// A fresh folder for the records of one trace.
pub(crate) fn records_folder(options: &TraceOptions) -> Result<WorkFolder, BackendError> {
    let place = options.scratch.clone().unwrap_or_else(std::env::temp_dir);
    WorkFolder::create_in(&place).map_err(BackendError::io(&place))
}

/// What prevented a run.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The file that was given as the guest's ELF is none for the zkVM.
    #[error(transparent)]
    Guest(#[from] GuestError),
    /// It is not installed, or the registry cannot say.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Its runner could not be started or talked to.
    #[error("backend {backend}: {source}")]
    Runner {
        /// Name of the backend.
        backend: String,
        /// Why not.
        source: RunnerFailure,
    },
    /// The guest is a native program, and the backend runs harts.
    #[error("{guest} is a program of this machine; it runs with -b native only")]
    NoHart {
        /// The guest.
        guest: String,
    },
    /// It records no micro-ops.
    #[error("{backend} traces nothing; choose another backend: assay backend list shows which of them trace")]
    NoTraces {
        /// Name of the backend.
        backend: String,
    },
    /// It does not prove, or not like that.
    #[error("{backend} does not prove with kind {kind:?}; {known}")]
    NoSuchProofKind {
        /// Name of the backend.
        backend: String,
        /// What was asked for.
        kind: String,
        /// What there is, in words.
        known: String,
    },
    /// Somebody asked to give up.
    #[error("cancelled")]
    Cancelled,
    /// A file of ours.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl BackendError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }
}

/// The outcome of a job: what the executor reported, in its frame.
pub(crate) fn outcome(id: BackendId, job: &Job<'_>, image_id: Option<String>, run: RunReport, ms: f64) -> Outcome {
    let run = with_panic_told_in_log(job.guest, run);
    Outcome {
        schema: Outcome::tag(),
        backend: id,
        guest: assay_spec::GuestId { image_id, ..job.guest.id() },
        input_digest: Digest::of(job.input),
        mode: Mode::Execute,
        run,
        elapsed: Elapsed { execute_ms: ms, ..Elapsed::default() },
        receipt: None,
        verification: Verification::NotRequested,
    }
}

/// A panic as such, where a guest can only exit and log what it panicked with: so do those that are built on Assay's
/// runtime, wherever the zkVM knows no panics. Any guest may do the same and is believed, since it is the guest that
/// says how it failed; an instruction sequence that happens to is none.
fn with_panic_told_in_log(guest: &Guest, run: RunReport) -> RunReport {
    if run.status != Status::Failed || run.exit_code != Some(PANIC_EXIT_CODE) || guest.harness.is_some() {
        return run;
    }
    match run.guest_log.as_deref().and_then(panic_report) {
        Some(message) => RunReport { status: Status::Panic, ..run }.with_message(message),
        None => run,
    }
}

/// The proof kind that is meant by `asked`, of those that `description` names.
pub(crate) fn proof_kind<'a>(
    description: &'a RunnerDescription,
    asked: Option<&str>,
) -> Result<&'a ProofKind, BackendError> {
    let kinds = &description.proof_kinds;
    let found = match asked {
        None => kinds.first(),
        Some(asked) => kinds.iter().find(|kind| kind.name == asked),
    };
    found.ok_or_else(|| BackendError::NoSuchProofKind {
        backend: description.name.clone(),
        kind: asked.unwrap_or("default").to_owned(),
        known: match kinds.as_slice() {
            [] => "it makes no proofs at all".to_owned(),
            kinds => {
                let names: Vec<_> = kinds.iter().map(|kind| kind.name.as_str()).collect();
                format!("its kinds are {}", names.join(", "))
            }
        },
    })
}

/// A report that the output limit was passed, in place of one with too much output.
pub(crate) fn within_output_limit(run: RunReport, limits: &Limits) -> RunReport {
    let bytes = run.output.0.len() as u64;
    if bytes <= limits.output_limit_bytes {
        return run;
    }
    let limit = limits.output_limit_bytes;
    RunReport { output: Vec::new().into(), exit_code: None, ..run_status(run, Status::OutputLimit) }
        .with_message(format!("{bytes} bytes of public output, above the limit of {limit}"))
}

fn run_status(run: RunReport, status: Status) -> RunReport {
    RunReport { status, ..run }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
