//! What a zkVM's side of a runner has to give.

use assay_spec::{
    description::RunnerDescription,
    outcome::RunReport,
    protocol::{RecordSelection, RunnerError},
    trace::TraceSummary,
};

use crate::{context::Context, records::Records};

/// One zkVM SDK behind four requests.
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

/// What a run takes, files already read.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The private input.
    pub input: &'a [u8],
    /// Most instructions to execute; reaching it is [`Status::Timeout`](assay_spec::Status::Timeout).
    pub max_steps: u64,
}
