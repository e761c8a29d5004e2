//! The requests, answered by SP1.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use assay_runner_kit::{Context, Prepared, Proof, Records, Run, Runner, VerifiedProof, error};
use assay_sp1_sdk::{
    Circuit, CompressError, End, Execution, Keys, Limits, OUTPUT_BYTES_MAX, Program, Progress, ProofKind, ProveError,
    Prover, Rejection, Shard, ShardError, Verifier,
};
use assay_spec::{
    Capability, Cycles, GuestLimits, Platform, RunReport, RunnerDescription,
    protocol::{ErrorKind, ProofVerdict, RecordSelection, RunnerError},
    receipt::{ProofClaims, ProofFacts},
    trace::TraceSummary,
};

use crate::{kinds, records::Writer, report};

/// Most instructions that one trace covers; a longer run has none.
pub const TRACE_INSTRUCTIONS_MAX: u64 = 1 << 22;

/// Most bytes of memory that a guest may touch. SP1's interpreter takes three times as many for them, and more where
/// they are scattered.
pub(crate) const MEMORY_BYTES_MAX: u64 = 512 << 20;

/// What people should know of this backend.
const NOTES: [&str; 10] = [
    "Input is one entry of the hint stream: HINT_LEN gives its length, HINT_READ moves it to memory that the ELF does not \
     fill (into such memory a run cannot be proved).",
    "Public values are what WRITE to file descriptor 13 takes, at most 131072 bytes; file descriptors 1 and 2 go to the guest's \
     log, of which 64 KiB are kept.",
    "`execute` is SP1's portable interpreter: its native one cannot be stopped, has no bounds on memory and ends the process where \
     this one says what is wrong. The step limit is exact, but in unconstrained blocks, which SP1 neither counts nor records.",
    "A run is proved only if the guest committed the SHA-256 of its public values (COMMIT, eight words) and zeros for deferred \
     proofs (COMMIT_DEFERRED_PROOFS) before HALT; where it did not, the run has a message that says so.",
    "SP1's executor goes on where no proof can follow: accesses below address 65536, jumps to addresses that are not multiples of \
     four, hints read into the ELF's memory.",
    "Exit codes other than 0 are proved and verified with SP1's feature `experimental`.",
    "A proof of kind `compressed` is one proof of 1.3 MB that proofs of shards were verified, whatever the run was. Making it takes \
     8 GiB of memory (raise the memory limit) and some 200 CPU seconds for each shard and for each four of such proofs.",
    "An instruction is a cycle. `segments` and gas are exact and asked for as cost: shards are those of a core proof here, of 2^24 \
     trace cells instead of SP1's default, which saves memory.",
    "A row belongs to the instruction whose clock its columns hold. Rows of chips whose columns SP1 does not name are not written; \
     their messages are.",
    "A trace of a run that reached the step limit has instructions only.",
];

static GUESTS: AtomicU64 = AtomicU64::new(0);

/// A loaded guest.
#[derive(Debug)]
pub struct Guest {
    program: Program,
    /// Tells guests apart in caches.
    number: u64,
}

/// The runner. Circuit, prover and verifier are made when they are first needed.
#[derive(Default)]
pub struct Sp1 {
    circuit: Option<Circuit>,
    prover: Option<(ProofKind, Prover)>,
    /// Keys of the guest that was proved or identified last: they take hundreds of megabytes.
    keys: Option<(ProofKind, u64, Keys)>,
    verifier: Option<(ProofKind, Verifier)>,
}

impl std::fmt::Debug for Sp1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sp1").field("circuit", &self.circuit).finish_non_exhaustive()
    }
}

impl Sp1 {
    /// Executes a guest: the report that [`Runner::execute`] gives, and what it was made of.
    pub fn executed(
        &self,
        guest: &Guest,
        request: &Run<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Execution), RunnerError> {
        run(guest, request, cx)
    }

    /// Has SP1 trace the run that came to `execution`, at most [`TRACE_INSTRUCTIONS_MAX`] instructions of it, with the rows of
    /// all chips if `rows` says so. Each shard is handed to `sink` when it is complete, which answers whether to go on.
    pub fn traced(
        &mut self,
        guest: &Guest,
        request: &Run<'_>,
        execution: &Execution,
        rows: bool,
        sink: &mut dyn FnMut(&Shard<'_>) -> bool,
    ) -> Result<(), RunnerError> {
        let traced = guest.program.trace(request.input, execution, self.circuit(), rows, sink);
        traced.map_err(|reason| shard_error(&reason))
    }

    /// The chips of SP1's machine and its buses.
    pub fn circuit(&mut self) -> &Circuit {
        self.circuit.get_or_insert_with(Circuit::new)
    }

    /// The prover of `kind`, the keys of `guest`, and how long making them took.
    fn keyed(
        &mut self,
        kind: ProofKind,
        guest: &Guest,
        cx: &Context<'_>,
    ) -> Result<(&Prover, &Keys, Duration), RunnerError> {
        let start = Instant::now();
        if self.prover.as_ref().is_none_or(|(of, _)| *of != kind) {
            self.keys = None;
            self.prover = Some((kind, Prover::new(kind).map_err(prove_error)?));
        }
        let (_, prover) = self.prover.as_ref().expect("it was just made");
        if self.keys.as_ref().is_none_or(|(of, number, _)| (*of, *number) != (kind, guest.number)) {
            cx.progress("setup", 0, Some(1));
            // Before the new ones, so that memory holds one pair.
            self.keys = None;
            self.keys = Some((kind, guest.number, prover.keys(&guest.program)));
            cx.progress("setup", 1, Some(1));
        }
        let (.., keys) = self.keys.as_ref().expect("they were just made");
        Ok((prover, keys, start.elapsed()))
    }

    fn verifier(&mut self, kind: ProofKind) -> &Verifier {
        if self.verifier.as_ref().is_none_or(|(of, _)| *of != kind) {
            self.verifier = Some((kind, Verifier::new(kind)));
        }
        &self.verifier.as_ref().expect("it was just made").1
    }
}

fn run(guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<(RunReport, Execution), RunnerError> {
    let start = Instant::now();
    let limits = Limits { instructions: run.max_steps, memory_bytes: MEMORY_BYTES_MAX };
    let execution = guest.program.execute(run.input, limits, &|done| {
        cx.progress("execute", done, None);
        cx.cancelled()
    });
    let execute_ms = start.elapsed().as_secs_f64() * 1e3;
    let mut report = report::report(&guest.program, &execution, MEMORY_BYTES_MAX)?;
    report.execute_ms = Some(execute_ms);
    if run.cost && matches!(execution.end, End::Exit { .. }) {
        let cost = guest.program.cost(run.input, &execution).map_err(|reason| shard_error(&reason))?;
        report.cost.sp1_gas = Some(cost.gas);
        report.cost.segments = Some(cost.shard_instructions.len() as u64);
        report.cycles = Some(Cycles { total: execution.instructions, by_segment: cost.shard_instructions });
    }
    Ok((report, execution))
}

impl Runner for Sp1 {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        RunnerDescription {
            name: "sp1".to_owned(),
            sdk_version: env!("SP1_VERSION").to_owned(),
            platforms: vec![Platform::Sp1],
            isa: "rv64im".to_owned(),
            capabilities: vec![
                Capability::Execute,
                Capability::TraceInstructions,
                Capability::TraceChipRows,
                Capability::TraceInteractions,
                Capability::Cost,
                Capability::Prove,
                Capability::Verify,
                Capability::ProveFailure,
            ],
            proof_kinds: kinds::kinds(),
            limits: GuestLimits {
                output_bytes: Some(OUTPUT_BYTES_MAX),
                memory_bytes: Some(MEMORY_BYTES_MAX),
                trace_instructions: Some(TRACE_INSTRUCTIONS_MAX),
                misaligned_access: false,
            },
            notes: NOTES.map(str::to_owned).to_vec(),
        }
    }

    fn load(&mut self, elf: &[u8], _: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        let program =
            Program::from_elf(elf).map_err(|reason| error(ErrorKind::UnsupportedGuest, reason.to_string()))?;
        let instructions = program.words().len() as u64;
        let number = GUESTS.fetch_add(1, Ordering::Relaxed);
        Ok(Prepared { guest: Guest { program, number }, image_id: None, instructions })
    }

    fn execute(&mut self, guest: &Guest, request: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        Ok(run(guest, request, cx)?.0)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        request: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let (report, execution) = run(guest, request, cx)?;
        if execution.instructions > TRACE_INSTRUCTIONS_MAX {
            records.mark_truncated();
            return Ok((report, TraceSummary::default()));
        }
        let rows = selection == RecordSelection::All;
        let ends = matches!(execution.end, End::Exit { .. });
        let extent = (execution.instructions, ends);
        let circuit = rows.then(|| self.circuit());
        let mut writer = Writer::new(&guest.program, circuit, records, extent, cx);
        let traced = self.traced(guest, request, &execution, rows, &mut |shard| writer.shard(shard));
        let summary = writer.finish();
        traced?;
        let summary = summary?;
        if matches!(execution.end, End::MemoryLimit | End::OutputLimit) {
            records.mark_truncated();
        }
        Ok((report, summary))
    }

    fn prove(
        &mut self,
        guest: &Guest,
        request: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let kind = known(kind)?;
        let (mut report, execution) = run(guest, request, cx)?;
        let End::Exit { code } = execution.end else { return Ok((report, None)) };
        if !execution.is_committed() {
            let said = report.message.take().map(|said| format!(" (the guest said: {said})")).unwrap_or_default();
            let message = format!(
                "the run cannot be proved: the guest did not COMMIT the SHA-256 of its public values before HALT{said}"
            );
            return Ok((report.with_message(message), None));
        }
        let (prover, keys, setup) = self.keyed(kind, guest, cx)?;
        let progress = |progress| {
            match progress {
                Progress::Shards(done) => cx.progress("proving", done, None),
                Progress::Circuits(done, total) => cx.progress("compressing", done, Some(total)),
            }
            !cx.cancelled()
        };
        let proof = match prover.prove(&guest.program, keys, request.input, &execution.output, &progress) {
            Ok(proof) => proof,
            Err(ProveError::Rejected(rejection)) => return Ok((unprovable(report, &rejection), None)),
            Err(reason) => return Err(prove_error(reason)),
        };
        cx.progress("proving", proof.shards, Some(proof.shards));
        let image_id = keys.image_id();
        report.cost.segments = Some(proof.shards);
        report.cycles = Some(Cycles { total: execution.instructions, by_segment: proof.shard_instructions.clone() });
        // Whether a run can be proved is not known before: the prover proves the unprovable, and nobody accepts it.
        let (verdict, _) = self.verifier(kind).verify(&proof.bytes, &image_id);
        if let Err(rejection) = verdict {
            return Ok((unprovable(report, &rejection), None));
        }
        let facts = ProofFacts {
            image_id,
            encoding: kinds::encoding(kind).to_owned(),
            claims: ProofClaims::new(code, execution.output),
            segments: proof.shards,
            prove_ms: proof.prove.as_secs_f64() * 1e3,
            setup_ms: setup.as_secs_f64() * 1e3,
            cpu_ms: 0.0,
        };
        Ok((report, Some(Proof { bytes: proof.bytes, facts })))
    }

    fn identify(&mut self, guest: &Guest, kind: &str, cx: &Context<'_>) -> Result<String, RunnerError> {
        let kind = known(kind)?;
        Ok(self.keyed(kind, guest, cx)?.1.image_id())
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        _: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        let kind = known(kind)?;
        let start = Instant::now();
        let verifier = self.verifier(kind);
        let setup_ms = start.elapsed().as_secs_f64() * 1e3;
        let (verdict, took) = verifier.verify(proof, image_id);
        let verdict = match verdict {
            Ok(accepted) => ProofVerdict::Accepted(ProofClaims::new(accepted.exit_code, accepted.output)),
            Err(rejection) => ProofVerdict::Rejected(rejection.to_string()),
        };
        Ok(VerifiedProof { verdict, verify_ms: took.as_secs_f64() * 1e3, setup_ms })
    }

    fn recover(&mut self) {
        *self = Self::default();
    }
}

fn unprovable(report: RunReport, rejection: &Rejection) -> RunReport {
    let reason = format!("its proof is rejected ({rejection})");
    let message =
        format!("the run cannot be proved: {reason}; see what SP1's executor lets pass in this runner's notes");
    report.with_message(message).refused(reason)
}

fn known(kind: &str) -> Result<ProofKind, RunnerError> {
    kinds::kind(kind).ok_or_else(|| error(ErrorKind::BadRequest, format!("there is no proof kind {kind:?}")))
}

fn shard_error(reason: &ShardError) -> RunnerError {
    let kind = if matches!(reason, ShardError::Interrupted) { ErrorKind::Cancelled } else { ErrorKind::Sdk };
    error(kind, reason.to_string())
}

fn prove_error(reason: ProveError) -> RunnerError {
    match reason {
        ProveError::Shards(reason) => shard_error(&reason),
        ProveError::Compress(CompressError::Interrupted) => error(ErrorKind::Cancelled, "interrupted"),
        reason => error(ErrorKind::Sdk, reason.to_string()),
    }
}
