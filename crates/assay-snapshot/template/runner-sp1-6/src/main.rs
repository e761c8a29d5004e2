//! SP1 from patched sources behind Assay's runner protocol.
//!
//! It is Assay's runner of SP1, built over sources that emit records themselves, have guards that can be switched
//! off, and points at which a witness can be changed (`ASSAY_RELAX` and `ASSAY_INJECT`). Only where records come from
//! is here.

mod pipe;

use assay_runner_kit::{Context, Prepared, Proof, RECORDS_MAX, Records, Run, Runner, VerifiedProof, error};
use assay_runner_sp1::{
    Guest, Sp1, TRACE_INSTRUCTIONS_MAX,
    sdk::{Circuit, End},
};
use assay_spec::{
    RunReport, RunnerDescription,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::{BusSummary, ChipSummary, TraceSummary},
};
use fuzzer_utils::{inject, sink};
use sp1_hypercube::assay_rows;

use crate::pipe::Pipe;

/// What people should know of it, besides what they should know of the runner of the published crates.
const NOTES: [&str; 3] = [
    "Built from patched sources: records are emitted by SP1's tracing machine and by its chips. They stand shard by \
     shard: instructions, rows by chip, messages of public values; whether buses balance is not counted.",
    "ASSAY_RELAX switches named guards off, ASSAY_INJECT replaces values of the witness (name:position:value); \
     `assay snapshot status` lists the names. Both are read when the process starts to work.",
    "The verifier has no guards that can be switched off, and no injection points.",
];

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(Patched::default())
}

/// The runner.
#[derive(Default)]
struct Patched {
    sp1: Sp1,
}

impl Runner for Patched {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        let mut description = self.sp1.describe();
        env!("ASSAY_SNAPSHOT_BACKEND").clone_into(&mut description.name);
        description.sdk_version.push_str("+assay");
        description.notes.extend(NOTES.map(str::to_owned));
        description
    }

    fn load(&mut self, elf: &[u8], cx: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        self.sp1.load(elf, cx)
    }

    fn execute(&mut self, guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        self.sp1.execute(guest, run, cx)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let (report, execution) = self.sp1.executed(guest, run, cx)?;
        if execution.instructions > TRACE_INSTRUCTIONS_MAX {
            records.mark_truncated();
            return Ok((report, TraceSummary::default()));
        }
        let rows = selection == RecordSelection::All;
        let named = named_chips(self.sp1.circuit());
        // SP1 traces a run that reached the step limit a few instructions further, and has no rows of it.
        let cut = matches!(execution.end, End::StepLimit);
        let limit = if cut { execution.instructions } else { RECORDS_MAX };
        let pipe = Pipe::new();
        // What a trace that broke off left behind; nobody takes it.
        let _ = assay_rows::end_shard();
        sink::start_with(pipe.writer(), limit);
        let mut failed = None;
        let traced = self.sp1.traced(guest, run, &execution, rows, &mut |shard| {
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
        Ok((report, summary(counts, &named)))
    }

    fn prove(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let before = inject::fired();
        let (mut report, proof) = self.sp1.prove(guest, run, kind, cx)?;
        let replaced = inject::fired() - before;
        if replaced > 0 {
            let said = report.message.take().map(|said| format!("; {said}")).unwrap_or_default();
            report = report.with_message(format!("{replaced} values of the witness were replaced{said}"));
        }
        Ok((report, proof))
    }

    fn identify(&mut self, guest: &Guest, kind: &str, cx: &Context<'_>) -> Result<String, RunnerError> {
        self.sp1.identify(guest, kind, cx)
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        cx: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        self.sp1.verify(proof, kind, image_id, cx)
    }

    fn recover(&mut self) {
        // What a panic left in the sink is of no use.
        let _ = sink::finish();
        self.sp1.recover();
    }
}

/// The chips whose columns SP1 names.
fn named_chips(circuit: &Circuit) -> Vec<String> {
    circuit.chips.iter().filter(|chip| chip.columns.is_some()).map(|chip| chip.name.clone()).collect()
}

fn summary(counts: sink::Counts, named: &[String]) -> TraceSummary {
    let chips = counts.chips.into_iter().map(|chip| ChipSummary {
        columns_named: named.contains(&chip.chip),
        chip: chip.chip,
        rows: chip.rows,
        rows_written: chip.rows_written,
        width: chip.width,
    });
    let buses = counts.buses.into_iter().map(|(bus, interactions)| BusSummary { bus, interactions, unbalanced: None });
    TraceSummary { chips: chips.collect(), buses: buses.collect(), ..TraceSummary::default() }
}

fn sink_error(reason: &std::io::Error) -> RunnerError {
    error(ErrorKind::Sdk, format!("the records of the patched sources could not be taken: {reason}"))
}
