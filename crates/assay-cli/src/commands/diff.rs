//! `assay diff`: one guest on several backends, and where they disagree.

use std::{fmt::Write as _, fs::File, io::BufReader};

use assay_backend::{Backend, Job, TraceOptions, TraceRun};
use assay_guest::Guest;
use assay_oracle::{Observation, compare, first_divergence};
use assay_spec::{
    Comparison, ExitCode, FirstDivergence, MicroOp, Outcome, RunLog, Verdict, protocol::RecordSelection,
    schema::Versioned as _, trace::InstructionRecord,
};
use assay_trace::{JsonlReader, TraceError};

use super::{keep, print, print_json, reported, with_reported_registers};
use crate::{
    arguments::{DiffArguments, Format},
    failure::Failure,
    report,
    session::{REFERENCE, Session},
    subject::Subject,
    terminal::{self, Progress},
};

pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let subject = Subject::read(&arguments.guest)?;
    let session = Session::open(&arguments.run);
    let names = backend_names(arguments);
    let platform = session.common_platform(&names, arguments.guest.platform)?;
    let guest = subject.guest(platform)?;
    let mut backends = names.iter().map(|name| session.backend(name)).collect::<Result<Vec<_>, _>>()?;
    if !arguments.plant_fault.is_empty() {
        backends.push(session.planted(&arguments.plant_fault)?);
    }
    if backends.len() < 2 {
        return Err(Failure::usage("diff needs two backends").help("repeat -b, such as -b reference -b openvm"));
    }

    let job = Job { guest: &guest, input: &subject.input, limits: session.limits() };
    let mut outcomes = Vec::new();
    for backend in &mut backends {
        let progress = Progress::start(format!("running on {}", backend.description().name));
        backend.on_progress(progress.callback());
        let outcome = backend.execute(&job).map_err(|error| session.failure(error))?;
        outcomes.push(with_reported_registers(&guest, outcome));
    }
    let mut comparisons = Vec::new();
    for target in 1..outcomes.len() {
        let mut comparison = judge(&guest, &outcomes[0], &outcomes[target]);
        if matches!(comparison.verdict, Verdict::Diverge(_)) {
            let _progress = Progress::start("looking for the first diverging instruction");
            let (baseline, rest) = backends.split_at_mut(target);
            comparison.first_divergence =
                locate(&job, [&outcomes[0], &outcomes[target]], baseline[0].as_mut(), rest[0].as_mut());
        }
        comparisons.push(comparison);
    }

    let exit = exit_code(&comparisons);
    let log = RunLog {
        schema: RunLog::tag(),
        guest: guest.id(),
        input_digest: outcomes[0].input_digest,
        outcomes,
        comparisons,
    };
    match arguments.run.output.format {
        Format::Json => print_json(&log)?,
        Format::Human => print(&human(&log, &guest))?,
    }
    Ok(match &arguments.out {
        Some(folder) => keep(folder, |folder| folder.write_json("run_log.json", &log).map(drop), exit),
        None => exit,
    })
}

/// A lone backend is compared with the reference machine; a lone reference machine with what is planted.
fn backend_names(arguments: &DiffArguments) -> Vec<String> {
    let mut names = arguments.backend.clone();
    if names.len() == 1 && names[0] != REFERENCE && arguments.plant_fault.is_empty() {
        names.insert(0, REFERENCE.to_owned());
    }
    names
}

fn judge(guest: &Guest, baseline: &Outcome, target: &Outcome) -> Comparison {
    let (left, right) = (reported(guest, baseline), reported(guest, target));
    let verdict = compare(
        Observation { outcome: baseline, reported: left.as_ref() },
        Observation { outcome: target, reported: right.as_ref() },
    );
    Comparison {
        baseline: baseline.backend.name.clone(),
        target: target.backend.name.clone(),
        verdict,
        registers: left,
        first_divergence: None,
    }
}

/// Traces both and compares the traces. What cannot be traced is said, and takes nothing from the verdict.
fn locate(
    job: &Job<'_>,
    executed: [&Outcome; 2],
    baseline: &mut dyn Backend,
    target: &mut dyn Backend,
) -> Option<FirstDivergence> {
    let options = TraceOptions { records: RecordSelection::Instructions, ..TraceOptions::default() };
    let trace = |backend: &mut dyn Backend| {
        let traced = backend.trace(job, &options);
        traced
            .map_err(|error| terminal::note(&format!("warning: no trace of {}: {error}", backend.description().name)))
            .ok()
    };
    let (left, right) = (trace(baseline)?, trace(target)?);
    for (traced, executed) in [(&left, executed[0]), (&right, executed[1])] {
        let traced = &traced.outcome;
        if traced.run.status != executed.run.status {
            terminal::note(&format!(
                "note: {} ended with {} when it was executed and with {} when it was traced: it disagrees with itself",
                executed.backend.name, executed.run.status, traced.run.status
            ));
        }
    }
    let found = instructions(&left).and_then(|left| first_divergence(left, instructions(&right)?));
    match found {
        Ok(Some(found)) => Some(found),
        Ok(None) => {
            terminal::note(&"warning: the instruction traces do not differ; the difference is not in an instruction");
            None
        }
        Err(error) => {
            terminal::note(&format!("warning: the traces could not be compared: {error}"));
            None
        }
    }
}

fn instructions(traced: &TraceRun) -> Result<impl Iterator<Item = Result<InstructionRecord, TraceError>>, TraceError> {
    let records = JsonlReader::new(BufReader::new(File::open(traced.records())?));
    Ok(records.filter_map(|record| match record {
        Ok(MicroOp::Instruction(instruction)) => Some(Ok(instruction)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }))
}

/// A divergence outweighs what could not be judged, which outweighs agreement.
fn exit_code(comparisons: &[Comparison]) -> ExitCode {
    let any = |test: fn(&Verdict) -> bool| comparisons.iter().any(|comparison| test(&comparison.verdict));
    if any(|verdict| matches!(verdict, Verdict::Diverge(_))) {
        ExitCode::Divergence
    } else if any(|verdict| matches!(verdict, Verdict::Inconclusive(_))) {
        ExitCode::Inconclusive
    } else {
        ExitCode::Ok
    }
}

fn human(log: &RunLog, guest: &Guest) -> String {
    let mut text = report::outcomes(&log.outcomes);
    for outcome in &log.outcomes {
        text.push_str(&report::details(outcome));
    }
    if let (Some(layout), Some(registers)) =
        (&guest.harness, log.comparisons.first().and_then(|comparison| comparison.registers.as_ref()))
    {
        let _ = writeln!(text, "final registers on {}:", log.outcomes[0].backend.name);
        text.push_str(&report::reported_registers(registers, layout));
    }
    for (comparison, target) in log.comparisons.iter().zip(&log.outcomes[1..]) {
        text.push_str(&report::comparison(comparison, [&log.outcomes[0], target], guest));
    }
    text
}
