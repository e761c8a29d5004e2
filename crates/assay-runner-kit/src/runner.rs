//! What a zkVM's side of a runner has to give.

use assay_spec::{
    description::RunnerDescription,
    outcome::RunReport,
    protocol::{ErrorKind, ProofVerdict, RecordSelection, RunnerError},
    receipt::ProofFacts,
    trace::TraceSummary,
};

use crate::{context::Context, error::error, records::Records};

/// One zkVM SDK behind the requests of the protocol.
///
/// The kit reads files, checks sizes, keeps guests and catches panics; an implementation sees only bytes that
/// are within the limits, one request at a time.
pub trait Runner {
    /// A guest in the form that the SDK executes; kept by the kit between requests.
    type Guest;

    /// What this runner is and can do. Must be cheap: it may not set up the SDK.
    fn describe(&self) -> RunnerDescription;

    /// Turns an ELF into a guest. A guest that the zkVM does not take is
    /// [`ErrorKind::UnsupportedGuest`](assay_spec::protocol::ErrorKind::UnsupportedGuest).
    fn load(&mut self, elf: &[u8], cx: &Context<'_>) -> Result<Prepared<Self::Guest>, RunnerError>;

    /// Executes a guest. However the guest ends is a report, not an error; an error means that nothing can be
    /// said about the guest. A missing `peak_memory_bytes` is filled in by the kit.
    fn execute(&mut self, guest: &Self::Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError>;

    /// Executes a guest and writes what happened to `records`. The kit fills in the summary's record counts and
    /// whether it was truncated; chips and buses are the implementation's.
    fn trace(
        &mut self,
        guest: &Self::Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError>;

    /// Executes a guest and proves the run with proof kind `kind`, one of those that [`Runner::describe`] names. No proof
    /// where the run came to no end that the zkVM can prove; the report says which. Nor where the zkVM's prover does not
    /// take the witness: that is [`RunReport::refusal`], and no error. The kit fills in [`ProofFacts::cpu_ms`].
    fn prove(
        &mut self,
        _guest: &Self::Guest,
        _run: &Run<'_>,
        _kind: &str,
        _cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        Err(error(ErrorKind::BadRequest, "this runner does not prove"))
    }

    /// The zkVM's commitment to a guest, as proofs of kind `kind` carry it. May be as slow as setting up a prover.
    fn identify(&mut self, _guest: &Self::Guest, _kind: &str, _cx: &Context<'_>) -> Result<String, RunnerError> {
        Err(error(ErrorKind::BadRequest, "this runner does not prove"))
    }

    /// Verifies a proof of kind `kind` with the zkVM's own verifier, bound to `image_id`. The proof is hostile: whatever
    /// is wrong with it is [`ProofVerdict::Rejected`]. What SDKs leave out is made up for here: whatever the claims in the
    /// answer say must follow from the proof. A panic within this call is answered by the kit as a rejection.
    fn verify(
        &mut self,
        _proof: &[u8],
        _kind: &str,
        _image_id: &str,
        _cx: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        Err(error(ErrorKind::BadRequest, "this runner does not verify"))
    }

    /// Called after a request panicked: drop whatever the panic may have left half-changed.
    fn recover(&mut self);
}

/// What the SDK made of an ELF.
#[derive(Debug)]
pub struct Prepared<G> {
    /// The guest.
    pub guest: G,
    /// The zkVM's commitment to the program, where loading computes one.
    pub image_id: Option<String>,
    /// Instructions of the program.
    pub instructions: u64,
}

/// A proof and what is to be known of it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// In the runner's own encoding, which [`ProofFacts::encoding`] names.
    pub bytes: Vec<u8>,
    /// What is to be known of it.
    pub facts: ProofFacts,
}

/// What verifying came to, and how long it took.
#[derive(Clone, Debug)]
pub struct VerifiedProof {
    /// What the verifier says.
    pub verdict: ProofVerdict,
    /// Time of the zkVM's verifier itself, in milliseconds.
    pub verify_ms: f64,
    /// Time of setting up the verifier, in milliseconds.
    pub setup_ms: f64,
}

/// What a run takes, files already read.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The private input.
    pub input: &'a [u8],
    /// Most instructions to execute; reaching it is [`Status::Timeout`](assay_spec::Status::Timeout).
    pub max_steps: u64,
    /// Whether the exact cost of proving the run is asked for too.
    pub cost: bool,
}
