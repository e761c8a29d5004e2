//! Assay's runner of RISC Zero, with records from the patched sources.

use std::time::Instant;

use assay_runner_kit::{
    Context, RECORDS_MAX, Records, Run, Runner as _, error,
    patched::{Patches, Pipe},
};
use assay_spec::{
    Capability, RunReport,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::{BusSummary, ChipSummary, TraceSummary},
};
use fuzzer_utils::{inject, sink};
use risc0_circuit_rv32im::prove::segment_prover;

use crate::{
    execute::{self, End, Keep, Want},
    guest::Guest,
    report,
    runner::Risc0,
};

/// Where records come from.
pub(crate) struct Risc0Patches;

impl Patches for Risc0Patches {
    type Runner = Risc0;

    const NOTES: &'static [&'static str] = &[
        "Built from patched sources: records are emitted where the prover replays a segment. Timestamps of instructions are \
         rows of the segment; a row has the fields of a cycle (`RawPreflightCycle`), as the kernels in C++ get them; a \
         memory transaction is two messages. Of a run that does not halt, or has more than 1048576 instructions, there are \
         instructions alone, as the published crates tell of them.",
    ];

    const CAPABILITIES: &'static [Capability] = &[Capability::TraceChipRows, Capability::TraceInteractions];

    const NOT_SO: &'static [&'static str] = &["There are no chip rows"];

    fn trace(
        &mut self,
        risc0: &mut Risc0,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        if selection != RecordSelection::All {
            return risc0.trace(guest, run, selection, records, cx);
        }
        let start = Instant::now();
        let keep = Keep { segments: true, ..Keep::default() };
        let want = Want { max_steps: run.max_steps, session: true, keep };
        let mut execution = execute::execute(guest, run.input, want, cx)?;
        let execute_ms = start.elapsed().as_secs_f64() * 1e3;
        let halted = matches!(execution.end, End::Halted { .. }) && execution.instructions.is_some();
        let session = execution.session.take().filter(|_| halted);
        let Some(session) = session else {
            return risc0.trace(guest, run, selection, records, cx);
        };
        let total = session.segments.len() as u64;
        let prover = segment_prover().map_err(|reason| sdk(&reason))?;
        let pipe = Pipe::default();
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

    fn replaced(&self) -> u64 {
        inject::fired()
    }

    fn discard(&mut self) {
        // What a panic left in the sink is of no use.
        let _ = sink::finish();
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
