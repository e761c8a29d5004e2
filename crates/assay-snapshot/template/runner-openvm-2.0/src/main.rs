//! OpenVM from patched sources behind Assay's runner protocol.
//!
//! It is Assay's runner of OpenVM, built over sources that emit records themselves, have guards that can be switched off, and
//! points at which a witness can be changed (`ASSAY_RELAX` and `ASSAY_INJECT`). Only where records come from is here.
//!
//! - `vocabulary`: what records say that OpenVM's sources do not know.

mod vocabulary;

use assay_runner_kit::{
    Context, RECORDS_MAX, Records, Run, Runner as _,
    patched::{Patched, Patches, Pipe},
};
use assay_runner_openvm::{Guest, OpenVm, sdk::Circuit};
use assay_spec::{
    RunReport,
    protocol::{RecordSelection, RunnerError},
    trace::{BusSummary, ChipSummary, TraceSummary},
};
use fuzzer_utils::{inject, sink};
use openvm_circuit::assay_records;

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(Patched::new(env!("ASSAY_SNAPSHOT_BACKEND"), OpenVmPatches, OpenVm::default()))
}

/// Where records come from.
struct OpenVmPatches;

impl Patches for OpenVmPatches {
    type Runner = OpenVm;

    const NOTES: &'static [&'static str] = &[
        "Built from patched sources: records are emitted by OpenVM's preflight interpreter and where it makes the rows of \
         chips. Messages are computed by the AIRs' own code, which checks the constraints of each row on the way.",
        "A row that violates a constraint ends a trace with an error that names chip and row, unless the guard \
         openvm.debug.constraints is off; what then does not balance, the trace's summary says.",
        "A witness whose messages do not balance is refused by the prover, unless the guard openvm.prover.logup_sum is off: \
         then a proof of it is made, for a verifier to judge.",
    ];

    fn trace(
        &mut self,
        openvm: &mut OpenVm,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let report = openvm.execute(guest, run, cx)?;
        let circuit = openvm.circuit(cx)?;
        let rows = selection == RecordSelection::All;
        assay_records::begin(vocabulary::of(guest, &circuit), rows);
        let pipe = Pipe::default();
        sink::start_with(pipe.writer(), RECORDS_MAX);
        let mut failed = None;
        let traced = openvm.traced(guest, run, report, rows, cx, &mut |segment| {
            cx.progress("trace", segment.first_step, None);
            failed = pipe.drain(records, sink::flush).err();
            failed.is_none() && !records.is_full()
        });
        assay_records::end();
        // Whatever happened, so that nothing is emitted any more.
        let counts = pipe.drain(records, sink::finish);
        if let Some(failed) = failed {
            return Err(failed);
        }
        let (report, whole) = traced?;
        let counts = counts?;
        if !whole || counts.truncated {
            records.mark_truncated();
        }
        Ok((report, if rows { summary(&counts, &circuit) } else { TraceSummary::default() }))
    }

    fn replaced(&self) -> u64 {
        inject::fired()
    }

    fn discard(&mut self) {
        // What a panic left in the sink is of no use.
        let _ = sink::finish();
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
