//! The verdict on a pair of runs, and where their traces part.

use std::{fs::File, io::BufReader};

use assay_backend::{Backend, TraceOptions, TraceRun};
use assay_guest::Guest;
use assay_isa::Isa;
use assay_oracle::{Observation, Sequence, align, compare, compare_cores, compare_sequences, first_divergence};
use assay_spec::{
    Basis, Capability, Comparison, FirstDivergence, Inconclusive, MicroOp, NamedOutcome, Outcome, Verdict,
    protocol::RecordSelection, trace::InstructionRecord,
};
use assay_trace::{JsonlReader, TraceError};

use crate::{commands::reported, report::printable, session::Session, terminal::Progress};

/// One side of a comparison: what ran, on what, and what it did.
pub(super) struct Side<'a> {
    pub(super) guest: &'a Guest,
    pub(super) run: &'a NamedOutcome,
}

/// Judges; a divergence is not yet located.
pub(super) fn judge(basis: Basis, baseline: &Side<'_>, target: &Side<'_>) -> Comparison {
    let (left, right) = (reported(baseline.guest, &baseline.run.outcome), reported(target.guest, &target.run.outcome));
    let observations = [
        Observation { outcome: &baseline.run.outcome, reported: left.as_ref() },
        Observation { outcome: &target.run.outcome, reported: right.as_ref() },
    ];
    let mut notes = Vec::new();
    let mut verdict = match (basis, Body::of(baseline.guest).zip(Body::of(target.guest))) {
        (Basis::SameSequence, Some((left, right))) => {
            let [left, right] = [left.sequence(), right.sequence()];
            let found = compare_sequences(observations[0], observations[1], [&left, &right]);
            if !found.relative.is_empty() {
                let registers: Vec<_> = found.relative.iter().map(ToString::to_string).collect();
                notes.push(format!(
                    "addresses in the code, which begins at {:#x} and {:#x}, are the same places in it: {}",
                    left.start,
                    right.start,
                    registers.join(", ")
                ));
            }
            found.verdict
        }
        (Basis::SameCore, _) => compare_cores(&baseline.run.outcome, &target.run.outcome),
        _ => compare(observations[0], observations[1]),
    };
    // The oracle knows backends; here two runs may be of one backend.
    if let Verdict::Inconclusive(Inconclusive::BackendEnded { backend, .. }) = &mut verdict {
        let mut runs = [baseline.run, target.run].into_iter();
        if let Some(ended) = runs.find(|run| !run.outcome.run.status.is_guest_verdict()) {
            backend.clone_from(&ended.name);
        }
    }
    Comparison {
        baseline: baseline.run.name.clone(),
        target: target.run.name.clone(),
        basis,
        verdict,
        first_divergence: None,
        notes,
    }
}

/// Traces both and compares the traces. What cannot be traced is noted, and takes nothing from the verdict of one guest;
/// across platforms the traces also tell what only follows from the platforms.
pub(super) fn locate(
    comparison: &mut Comparison,
    session: &Session,
    input: &[u8],
    sides: [&Side<'_>; 2],
    backends: [&mut Box<dyn Backend>; 2],
) {
    if comparison.basis == Basis::SameCore {
        // Two compilations of one source have no steps in common.
        return;
    }
    let _progress = Progress::start("looking for the first diverging instruction");
    let mut traces = Vec::new();
    for (side, backend) in sides.into_iter().zip(backends) {
        match trace(session, input, side, backend.as_mut()) {
            Ok(traced) => traces.push(traced),
            Err(why) => comparison.notes.push(format!("no trace of {}: {why}", side.run.name)),
        }
    }
    let Ok([left, right]) = <[TraceRun; 2]>::try_from(traces) else { return };
    let mut consistent = true;
    for (side, traced) in sides.into_iter().zip([&left, &right]) {
        if let Some(note) = disagrees_with_itself(&side.run.name, &side.run.outcome, &traced.outcome) {
            consistent = false;
            comparison.notes.push(note);
        }
        if traced.summary.truncated {
            comparison.notes.push(format!("the trace of {} is not complete", side.run.name));
            consistent = false;
        }
    }
    let found = match comparison.basis {
        Basis::SameGuest | Basis::SameCore => {
            instructions(&left).and_then(|left| first_divergence(left, instructions(&right)?))
        }
        Basis::SameSequence => across(comparison, sides, [&left, &right]),
    };
    match found {
        Ok(Some(found)) if breaks_off(&found, sides, [&left, &right]) => {
            comparison.notes.push("a trace breaks off before the first diverging instruction".to_owned());
        }
        Ok(Some(found)) => comparison.first_divergence = Some(found),
        Ok(None) if !matches!(comparison.verdict, Verdict::Diverge(_)) => {}
        Ok(None) if consistent => comparison
            .notes
            .push("the instruction traces do not differ; the difference is not in an instruction".to_owned()),
        Ok(None) => comparison
            .notes
            .push("the traces agree, so that the difference is between executing and tracing".to_owned()),
        Err(error) => comparison.notes.push(format!("the traces could not be compared: {error}")),
    }
}

/// Aligns over the sequence, and takes back of the verdict what only follows from the platforms.
fn across(
    comparison: &mut Comparison,
    sides: [&Side<'_>; 2],
    [left, right]: [&TraceRun; 2],
) -> Result<Option<FirstDivergence>, TraceError> {
    let [Some(one), Some(other)] = sides.map(|side| Body::of(side.guest)) else { return Ok(None) };
    let (one, other) = (one.sequence(), other.sequence());
    let alignment = align(instructions(left)?, instructions(right)?, [&one, &other])?;
    let (verdict, first) = alignment.conclude(comparison.verdict.clone());
    comparison.verdict = verdict;
    Ok(first)
}

fn trace(session: &Session, input: &[u8], side: &Side<'_>, backend: &mut dyn Backend) -> Result<TraceRun, String> {
    let description = backend.description();
    if !description.capabilities.contains(&Capability::TraceInstructions) {
        return Err("it does not trace instructions".to_owned());
    }
    let options = TraceOptions { records: RecordSelection::Instructions, ..TraceOptions::default() };
    let job = assay_backend::Job { guest: side.guest, input, limits: session.limits(), cost: false };
    backend.trace(&job, &options).map_err(|error| printable(&error.to_string()))
}

/// Whether the traces part only because one of them ends where its run did not.
fn breaks_off(found: &FirstDivergence, sides: [&Side<'_>; 2], traces: [&TraceRun; 2]) -> bool {
    let ends = [&found.baseline, &found.target].map(Option::is_none);
    sides.into_iter().zip(traces).zip(ends).any(|((side, traced), ends)| {
        ends && (traced.summary.truncated || traced.outcome.run.status != side.run.outcome.run.status)
    })
}

fn disagrees_with_itself(name: &str, executed: &Outcome, traced: &Outcome) -> Option<String> {
    let (executed, traced) = (&executed.run, &traced.run);
    let trap = traced.trap.as_ref().map_or_else(String::new, |trap| format!(", {trap}"));
    (traced.status != executed.status).then(|| {
        format!(
            "{name} disagrees with itself: {} when it is executed, {} when it is traced{trap}",
            executed.status, traced.status
        )
    })
}

fn instructions(traced: &TraceRun) -> Result<impl Iterator<Item = Result<InstructionRecord, TraceError>>, TraceError> {
    let records = JsonlReader::new(BufReader::new(File::open(traced.records())?));
    Ok(records.filter_map(|record| match record {
        Ok(MicroOp::Instruction(instruction)) => Some(Ok(instruction)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }))
}

/// The instruction sequence that a guest was made of.
struct Body {
    start: u64,
    words: Vec<u32>,
    isa: Isa,
}

impl Body {
    /// `None` if the guest is no sequence in a harness.
    fn of(guest: &Guest) -> Option<Self> {
        let layout = guest.harness.as_ref()?;
        let words = (layout.body_start..layout.body_end).step_by(4).map(|address| guest.read_word(address));
        Some(Self { start: layout.body_start, words: words.collect::<Option<_>>()?, isa: guest.isa()? })
    }

    fn sequence(&self) -> Sequence<'_> {
        Sequence { start: self.start, words: &self.words, isa: self.isa }
    }
}
