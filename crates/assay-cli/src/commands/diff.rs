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

use super::{keep, keep_subject, print, print_json, reported, with_reported_registers};
use crate::{
    arguments::{DiffArguments, Format},
    failure::Failure,
    report,
    session::{REFERENCE, Session},
    subject::Subject,
    terminal::Progress,
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

    let job = Job { guest: &guest, input: &subject.input, limits: session.limits(), cost: false };
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
            comparison.first_divergence = locate(
                &job,
                [&outcomes[0], &outcomes[target]],
                baseline[0].as_mut(),
                rest[0].as_mut(),
                &mut comparison.notes,
            );
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
        Some(folder) => keep(
            folder,
            |folder| {
                keep_subject(folder, &guest, &subject.input)?;
                folder.write_json("run_log.json", &log).map(drop)
            },
            exit,
        ),
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
        notes: Vec::new(),
    }
}

/// Traces both and compares the traces. What cannot be traced is noted, and takes nothing from the verdict.
fn locate(
    job: &Job<'_>,
    executed: [&Outcome; 2],
    baseline: &mut dyn Backend,
    target: &mut dyn Backend,
    notes: &mut Vec<String>,
) -> Option<FirstDivergence> {
    let options = TraceOptions { records: RecordSelection::Instructions, ..TraceOptions::default() };
    let mut trace = |backend: &mut dyn Backend| {
        let traced = backend.trace(job, &options);
        traced.map_err(|error| notes.push(format!("no trace of {}: {error}", backend.description().name))).ok()
    };
    let (left, right) = (trace(baseline)?, trace(target)?);
    let mut disagrees_with_itself = false;
    for (traced, executed) in [(&left, executed[0]), (&right, executed[1])] {
        let (name, traced, executed) = (&executed.backend.name, &traced.outcome.run, executed.run.status);
        if traced.status != executed {
            disagrees_with_itself = true;
            let trap = traced.trap.as_ref().map_or_else(String::new, |trap| format!(", {trap}"));
            let status = traced.status;
            notes.push(format!(
                "{name} disagrees with itself: {executed} when it is executed, {status} when it is traced{trap}"
            ));
        }
    }
    let found = instructions(&left).and_then(|left| first_divergence(left, instructions(&right)?));
    match found {
        Ok(Some(found)) => Some(found),
        Ok(None) => {
            notes.push(if disagrees_with_itself {
                "the traces agree, so that the difference is between executing and tracing".to_owned()
            } else {
                "the instruction traces do not differ; the difference is not in an instruction".to_owned()
            });
            None
        }
        Err(error) => {
            notes.push(format!("the traces could not be compared: {error}"));
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
