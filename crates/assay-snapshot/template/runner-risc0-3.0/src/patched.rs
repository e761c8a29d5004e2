//! Assay's runner of RISC Zero, with records from the patched sources.

use std::time::Instant;

use assay_runner_kit::{Context, Prepared, Proof, RECORDS_MAX, Records, Run, Runner, VerifiedProof, error};
use assay_spec::{
    Capability, RunReport, RunnerDescription,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::{BusSummary, ChipSummary, TraceSummary},
};
use fuzzer_utils::{inject, sink};
use risc0_circuit_rv32im::prove::segment_prover;

use crate::{
    execute::{self, End, Keep, Want},
    guest::Guest,
    pipe::Pipe,
    report,
    runner::Risc0,
};

/// What people should know of it, besides what they should know of the runner of the published crates.
const NOTES: [&str; 3] = [
    "Built from patched sources: records are emitted where the prover replays a segment. Timestamps of instructions are rows \
     of the segment; a row has the fields of a cycle (`RawPreflightCycle`), as the kernels in C++ get them; a memory \
     transaction is two messages. Of a run that does not halt, or has more than 1048576 instructions, there are \
     instructions alone, as the published crates tell of them.",
    "ASSAY_RELAX switches named guards off, ASSAY_INJECT replaces values of the witness (name:position:value); \
     `assay snapshot status` lists the names. Both are read when the process starts to work.",
    "The verifier has no guards that can be switched off, and no injection points.",
];

/// What is not so here.
const NOT_SO: &str = "There are no chip rows";

/// The runner.
#[derive(Default)]
pub(crate) struct Patched {
    risc0: Risc0,
}

impl Runner for Patched {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        let mut description = self.risc0.describe();
        env!("ASSAY_SNAPSHOT_BACKEND").clone_into(&mut description.name);
        description.sdk_version.push_str("+assay");
        description.capabilities.extend([Capability::TraceChipRows, Capability::TraceInteractions]);
        description.notes.retain(|note| !note.starts_with(NOT_SO));
        description.notes.extend(NOTES.map(str::to_owned));
        description
    }

    fn load(&mut self, elf: &[u8], cx: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        self.risc0.load(elf, cx)
    }

    fn execute(&mut self, guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        self.risc0.execute(guest, run, cx)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        if selection != RecordSelection::All {
            return self.risc0.trace(guest, run, selection, records, cx);
        }
        let start = Instant::now();
        let keep = Keep { segments: true, ..Keep::default() };
        let want = Want { max_steps: run.max_steps, session: true, keep };
        let mut execution = execute::execute(guest, run.input, want, cx)?;
        let execute_ms = start.elapsed().as_secs_f64() * 1e3;
        let halted = matches!(execution.end, End::Halted { .. }) && execution.instructions.is_some();
        let session = execution.session.take().filter(|_| halted);
        let Some(session) = session else {
            return self.risc0.trace(guest, run, selection, records, cx);
        };
        let total = session.segments.len() as u64;
        let prover = segment_prover().map_err(|reason| sdk(&reason))?;
        let pipe = Pipe::new();
        sink::start_with(pipe.writer(), RECORDS_MAX);
        let mut failed = None;
        for (done, segment) in (0..).zip(&session.segments) {
            cx.progress("trace", done, Some(total));
            let replayed = cx.check_cancelled().and_then(|()| {
                prover.preflight(segment).map_err(|reason| sdk(&reason))?;
                pipe.drain(records, sink::flush)
            });
            if replayed.is_err() || records.is_full() {
                failed = replayed.err();
                break;
            }
        }
        // Whatever happened, so that nothing is emitted any more.
        let counts = pipe.drain(records, sink::finish);
        if let Some(failed) = failed {
            return Err(failed);
        }
        let counts = counts?;
        if counts.truncated {
            records.mark_truncated();
        }
        execution.session = Some(session);
        let mut report = report::report(guest, &execution, run.max_steps, run.cost)?;
        report.execute_ms = Some(execute_ms);
        Ok((report, summary(counts)))
    }

    fn prove(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let before = inject::fired();
        let (mut report, proof) = self.risc0.prove(guest, run, kind, cx)?;
        let replaced = inject::fired() - before;
        if replaced > 0 {
            let said = report.message.take().map(|said| format!("; {said}")).unwrap_or_default();
            report = report.with_message(format!("{replaced} values of the witness were replaced{said}"));
        }
        Ok((report, proof))
    }

    fn identify(&mut self, guest: &Guest, kind: &str, cx: &Context<'_>) -> Result<String, RunnerError> {
        self.risc0.identify(guest, kind, cx)
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        cx: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        self.risc0.verify(proof, kind, image_id, cx)
    }

    fn recover(&mut self) {
        // What a panic left in the sink is of no use.
        let _ = sink::finish();
        self.risc0.recover();
    }
}

fn summary(counts: sink::Counts) -> TraceSummary {
    let chips = counts.chips.into_iter().map(|chip| ChipSummary {
        columns_named: true,
        chip: chip.chip,
        rows: chip.rows,
        rows_written: chip.rows_written,
        width: chip.width,
    });
    let buses = counts.buses.into_iter().map(|(bus, interactions)| BusSummary { bus, interactions, unbalanced: None });
    TraceSummary { chips: chips.collect(), buses: buses.collect(), ..TraceSummary::default() }
}

fn sdk(reason: &dyn std::fmt::Display) -> RunnerError {
    error(ErrorKind::Sdk, format!("RISC Zero's replay: {reason:#}"))
}
