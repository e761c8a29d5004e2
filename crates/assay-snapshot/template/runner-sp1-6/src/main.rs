//! SP1 from patched sources behind Assay's runner protocol.
//!
//! It is Assay's runner of SP1, built over sources that emit records themselves, have guards that can be switched
//! off, and points at which a witness can be changed (`ASSAY_RELAX` and `ASSAY_INJECT`). Only where records come from
//! is here.

use assay_runner_kit::{
    Context, RECORDS_MAX, Records, Run,
    circuit::Bus as _,
    patched::{Patched, Patches, Pipe},
};
use assay_runner_sp1::{
    Guest, RecordedBus, Sp1, TRACE_INSTRUCTIONS_MAX,
    sdk::{Circuit, End},
};
use assay_spec::{
    RunReport,
    protocol::{RecordSelection, RunnerError},
    trace::{BusSummary, ChipSummary, TraceSummary},
};
use fuzzer_utils::{inject, sink};
use sp1_hypercube::assay_rows;

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(Patched::new(env!("ASSAY_SNAPSHOT_BACKEND"), Sp1Patches, Sp1::default()))
}

/// Where records come from.
struct Sp1Patches;

impl Patches for Sp1Patches {
    type Runner = Sp1;

    const NOTES: &'static [&'static str] = &[
        "Built from patched sources: records are emitted by SP1's tracing machine and by its chips. They stand shard by \
         shard: instructions, rows by chip, messages of public values.",
    ];

    fn trace(
        &mut self,
        sp1: &mut Sp1,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let (report, execution) = sp1.executed(guest, run, cx)?;
        if execution.instructions > TRACE_INSTRUCTIONS_MAX {
            records.mark_truncated();
            return Ok((report, TraceSummary::default()));
        }
        let rows = selection == RecordSelection::All;
        // SP1 traces a run that reached the step limit a few instructions further, and has no rows of it.
        let cut = matches!(execution.end, End::StepLimit);
        let limit = if cut { execution.instructions } else { RECORDS_MAX };
        let pipe = Pipe::default();
        assay_rows::begin();
        sink::start_with(pipe.writer(), limit);
        let mut failed = None;
        let traced = sp1.traced(guest, run, &execution, rows, &mut |shard| {
            cx.progress("trace", shard.first_step, Some(execution.instructions));
            let written = cx.check_cancelled().and_then(|()| pipe.drain(records, assay_rows::end_shard));
            failed = written.err();
            failed.is_none() && !records.is_full()
        });
        // Whatever happened, so that nothing is emitted any more.
        let counts = pipe.drain(records, sink::finish);
        if let Some(failed) = failed {
            return Err(failed);
        }
        traced?;
        let counts = counts?;
        let stopped = matches!(execution.end, End::MemoryLimit | End::OutputLimit);
        if stopped || counts.instructions < execution.instructions || (counts.truncated && !cut) {
            records.mark_truncated();
        }
        if !rows {
            return Ok((report, TraceSummary::default()));
        }
        let balanced = matches!(execution.end, End::Exit { .. }) && !records.is_full();
        Ok((report, summary(&counts, sp1.circuit(), balanced)))
    }

    fn replaced(&self) -> u64 {
        inject::fired()
    }

    fn discard(&mut self) {
        // What a panic left in the sink is of no use.
        let _ = sink::finish();
    }
}

/// What was recorded, in the circuit's order. `balanced` says that every shard was recorded to its end, so that balances mean
/// something.
fn summary(counts: &sink::Counts, circuit: &Circuit, balanced: bool) -> TraceSummary {
    let chips = circuit.chips.iter().filter_map(|chip| {
        let counted = counts.chips.iter().find(|counted| counted.chip == chip.name)?;
        Some(ChipSummary {
            chip: chip.name.clone(),
            rows: counted.rows,
            rows_written: counted.rows_written,
            width: counted.width,
            columns_named: chip.columns.is_some(),
        })
    });
    let buses = circuit.buses.iter().cloned().map(RecordedBus).filter_map(|bus| {
        let name = bus.name();
        let &(_, interactions) = counts.buses.iter().find(|(counted, _)| *counted == name)?;
        let unbalanced = (balanced && bus.balances()).then(|| assay_rows::unbalanced(&name));
        Some(BusSummary { bus: name, interactions, unbalanced })
    });
    TraceSummary { chips: chips.collect(), buses: buses.collect(), ..TraceSummary::default() }
}
