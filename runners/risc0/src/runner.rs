//! The requests, answered by RISC Zero.

use std::time::Instant;

use assay_runner_kit::{Context, Prepared, Proof, Records, Run, Runner, VerifiedProof, error};
use assay_spec::{
    Capability, GuestLimits, Platform, RunReport, RunnerDescription,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::TraceSummary,
};
use risc0_circuit_rv32im::execute::CycleLimit;

use crate::{
    execute::{self, End, Keep, MEMORY_BYTES_MAX, Want},
    guest::{Guest, Kernel},
    host::JOURNAL_BYTES_MAX,
    kinds, prove, report,
    stop::Stop,
    trace::Writer,
    verify,
    watch::Bounds,
};

/// Most instructions that one trace covers; a longer run's trace is marked truncated.
pub(crate) const TRACE_INSTRUCTIONS_MAX: u64 = 1 << 22;

/// Most cycles, the kernel's included, that one trace covers.
const TRACE_CYCLES_MAX: u64 = 4 * TRACE_INSTRUCTIONS_MAX;

/// What people should know of this backend.
const NOTES: [&str; 10] = [
    "Input is what file descriptor 0 reads; the journal is file descriptor 3; descriptors 1 and 2 and SYS_LOG go to the guest's \
     log, of which 64 KiB are kept. There are no arguments and no environment.",
    "User memory is 0x00010000 to 0xc0000000, of which a guest may touch 1 GiB. Its first 276 bytes hold the entry point and the \
     ELF header of RISC Zero's kernel where the guest's ELF has nothing.",
    "SYS_RANDOM gives SplitMix64 from state 0, eight bytes little-endian at a time, so that runs can be repeated. SYS_KECCAK, \
     SYS_PIPE and SYS_VERIFY_INTEGRITY are not served: the run is Unsupported.",
    "An exit code is the second byte of a0 at halt. A guest that pauses (halt type 1) ends there, and cannot be proved.",
    "A receipt needs a guest that halts with the `risc0.Output` digest of its journal; where it is another, the run has a message \
     that says so.",
    "Runs of up to 1048576 instructions are watched; of longer ones that halt `instructions` and `registers` are absent. The step \
     limit is exact up to 16777216; a greater one counts RISC Zero's cycles, which include its kernel's.",
    "`cycles` are RISC Zero's user cycles (guest, kernel and calls), by segment; `proof_cycles` are the rows of all segments. A \
     short run has them only if its cost is asked for.",
    "Segments have at most 2^18 rows, not RISC Zero's default of 2^20, so that proving fits into some 3 GiB.",
    "An instruction record spans the cycles up to the guest's next instruction, the kernel's included; the kernel's own \
     instructions are not shown.",
    "There are no chip rows: what the SDK's prover makes of a segment (PreflightTrace, WitnessGenerator, LAYOUT_TOP of \
     risc0-circuit-rv32im 4.0.5) is private to its crate, and TapSet has no names.",
];

/// The runner.
#[derive(Default)]
pub(crate) struct Risc0 {
    kernel: Option<Kernel>,
}

impl Runner for Risc0 {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        RunnerDescription {
            name: "risc0".to_owned(),
            sdk_version: env!("RISC0_VERSION").to_owned(),
            platforms: vec![Platform::Risc0],
            isa: "rv32im".to_owned(),
            capabilities: vec![
                Capability::Execute,
                Capability::TraceInstructions,
                Capability::Cost,
                Capability::Prove,
                Capability::Verify,
                Capability::ProveFailure,
            ],
            proof_kinds: kinds::kinds(),
            limits: GuestLimits {
                output_bytes: Some(JOURNAL_BYTES_MAX as u64),
                memory_bytes: Some(MEMORY_BYTES_MAX),
                trace_instructions: Some(TRACE_INSTRUCTIONS_MAX),
                misaligned_access: false,
            },
            notes: NOTES.map(str::to_owned).to_vec(),
        }
    }

    fn load(&mut self, elf: &[u8], _: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        let kernel = self.kernel.get_or_insert_with(Kernel::load);
        let guest =
            Guest::from_elf(elf, kernel).map_err(|reason| error(ErrorKind::UnsupportedGuest, reason.to_string()))?;
        let (image_id, instructions) = (Some(guest.image_id.to_string()), guest.instructions);
        Ok(Prepared { guest, image_id, instructions })
    }

    fn execute(&mut self, guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        let start = Instant::now();
        let want = Want { max_steps: run.max_steps, session: run.cost, keep: Keep::default() };
        let execution = execute::execute(guest, run.input, want, cx)?;
        let execute_ms = start.elapsed().as_secs_f64() * 1e3;
        let mut report = report::report(guest, &execution, run.max_steps, run.cost)?;
        report.execute_ms = Some(execute_ms);
        Ok(report)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        _: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let start = Instant::now();
        let writer = Writer::new(guest.image.clone(), records);
        let bounds = Bounds { max_steps: run.max_steps, watched: TRACE_INSTRUCTIONS_MAX, stop_at_halt: false };
        let keep = Keep::default();
        let limit = CycleLimit::Hard(TRACE_CYCLES_MAX);
        let (execution, _) = execute::watched(guest, run.input, bounds, limit, keep, writer, cx)?;
        if matches!(execution.end, End::Stopped(Stop::Watched) | End::CycleLimit) {
            records.mark_truncated();
            return Ok((self.execute(guest, run, cx)?, TraceSummary::default()));
        }
        let execute_ms = start.elapsed().as_secs_f64() * 1e3;
        let mut report = report::report(guest, &execution, run.max_steps, run.cost)?;
        report.execute_ms = Some(execute_ms);
        Ok((report, TraceSummary::default()))
    }

    fn prove(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        prove::prove(guest, run, kind, cx)
    }

    fn identify(&mut self, guest: &Guest, _: &str, _: &Context<'_>) -> Result<String, RunnerError> {
        Ok(guest.image_id.to_string())
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        _: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        Ok(verify::verify(proof, kind, image_id))
    }

    fn recover(&mut self) {
        // Nothing but the kernel's image is kept between requests, and that never changes.
    }
}
