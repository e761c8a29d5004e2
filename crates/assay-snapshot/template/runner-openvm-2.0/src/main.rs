//! OpenVM from patched sources behind Assay's runner protocol.
//!
//! It is Assay's runner of OpenVM, built over sources that emit records themselves, have guards that can be switched off, and
//! points at which a witness can be changed (`ASSAY_RELAX` and `ASSAY_INJECT`). Only where records come from is here.
//!
//! - `vocabulary`: what records say that OpenVM's sources do not know.
//! - `pieces`: from the sink of the patched sources to the runner's records.

mod pieces;
mod vocabulary;

use assay_runner_kit::{Context, Prepared, Proof, RECORDS_MAX, Records, Run, Runner, VerifiedProof, error};
use assay_runner_openvm::{Guest, OpenVm, sdk::Circuit};
use assay_spec::{
    RunReport, RunnerDescription,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::{BusSummary, ChipSummary, TraceSummary},
};
use fuzzer_utils::{inject, sink};
use openvm_circuit::assay_records;

use crate::pieces::Pieces;

/// What people should know of it, besides what they should know of the runner of the published crates.
const NOTES: [&str; 4] = [
    "Built from patched sources: records are emitted by OpenVM's preflight interpreter and where it makes the rows of chips. \
     Messages are computed by the AIRs' own code, which checks the constraints of each row on the way.",
    "A row that violates a constraint ends a trace with an error that names chip and row, unless the guard \
     openvm.debug.constraints is off; what then does not balance, the trace's summary says.",
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
    openvm: OpenVm,
}

impl Runner for Patched {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        let mut description = self.openvm.describe();
        env!("ASSAY_SNAPSHOT_BACKEND").clone_into(&mut description.name);
        description.sdk_version.push_str("+assay");
        description.notes.extend(NOTES.map(str::to_owned));
        description
    }

    fn load(&mut self, elf: &[u8], cx: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        self.openvm.load(elf, cx)
    }

    fn execute(&mut self, guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        self.openvm.execute(guest, run, cx)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let report = self.openvm.execute(guest, run, cx)?;
        let circuit = self.openvm.circuit(cx)?;
        let rows = selection == RecordSelection::All;
        assay_records::begin(vocabulary::of(guest, &circuit), rows);
        let pieces = Pieces::default();
        sink::start_with(Box::new(pieces.clone()), RECORDS_MAX);
        let mut failed = None;
        let traced = self.openvm.traced(guest, run, report, rows, cx, &mut |segment| {
            cx.progress("trace", segment.first_step, None);
            let written = sink::flush().map_err(|reason| sink_error(&reason)).and_then(|()| pieces.drain(records));
            failed = written.err();
            failed.is_none() && !records.is_full()
        });
        assay_records::end();
        // Whatever happened, so that nothing is emitted any more.
        let counts = sink::finish().map_err(|reason| sink_error(&reason));
        if let Some(failed) = failed {
            return Err(failed);
        }
        let (report, whole) = traced?;
        let counts = counts?;
        pieces.drain(records)?;
        if !whole || counts.truncated {
            records.mark_truncated();
        }
        Ok((report, if rows { summary(&counts, &circuit) } else { TraceSummary::default() }))
    }

    fn prove(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let before = inject::fired();
        let (mut report, proof) = self.openvm.prove(guest, run, kind, cx)?;
        let replaced = inject::fired() - before;
        if replaced > 0 {
            let said = report.message.take().map(|said| format!("; {said}")).unwrap_or_default();
            report = report.with_message(format!("{replaced} values of the witness were replaced{said}"));
        }
        Ok((report, proof))
    }

    fn identify(&mut self, guest: &Guest, kind: &str, cx: &Context<'_>) -> Result<String, RunnerError> {
        self.openvm.identify(guest, kind, cx)
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        cx: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        self.openvm.verify(proof, kind, image_id, cx)
    }

    fn recover(&mut self) {
        // What a panic left in the sink is of no use.
        let _ = sink::finish();
        self.openvm.recover();
    }
}

/// What was recorded, in the circuit's order.
fn summary(counts: &sink::Counts, circuit: &Circuit) -> TraceSummary {
    let chips = circuit.chips.iter().map(|chip| {
        let counted = counts.chips.iter().find(|counted| counted.chip == chip.name);
        ChipSummary {
            chip: chip.name.clone(),
            rows: counted.map_or(0, |chip| chip.rows),
            rows_written: counted.map_or(0, |chip| chip.rows_written),
            width: chip.width as u64,
            columns_named: chip.columns.is_some(),
        }
    });
    let buses = circuit.buses.iter().map(|&bus| {
        let name = vocabulary::bus_name(bus);
        let interactions = counts.buses.iter().find(|(bus, _)| *bus == name).map_or(0, |(_, count)| *count);
        BusSummary { bus: name, interactions, unbalanced: Some(assay_records::unbalanced(bus.index)) }
    });
    TraceSummary { chips: chips.collect(), buses: buses.collect(), ..TraceSummary::default() }
}

fn sink_error(reason: &std::io::Error) -> RunnerError {
    error(ErrorKind::Sdk, format!("the records of the patched sources could not be taken: {reason}"))
}
