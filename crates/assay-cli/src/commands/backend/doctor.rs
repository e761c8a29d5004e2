//! `assay backend doctor`: the built-in guest through every verb that a backend says it has.

use assay_backend::{
    Backend, Job, Limits, Reference, Registry, RunnerBackend, Settings, TraceOptions, registry::State,
};
use assay_spec::{Capability, Check, CheckResult, ExitCode, RunnerDescription, Status};

use crate::{
    arguments::Format,
    commands::print_checks,
    failure::Failure,
    report,
    session::{REFERENCE, cancel_on_interrupt, registry, registry_failure},
    smoke,
    terminal::Progress,
};

pub(super) fn run(names: &[String], format: Format) -> Result<ExitCode, Failure> {
    let registry = registry()?;
    let asked = !names.is_empty();
    let names = if asked { names.to_vec() } else { installed(&registry) };
    let mut checks = Vec::new();
    for name in &names {
        let _progress = Progress::start(format!("trying {name}"));
        match registry.installed(name) {
            Err(error) if name != REFERENCE && !asked => {
                checks.push(new_check(name, "open", (false, error.to_string())));
            }
            _ => checks.extend(check(&registry, name)?),
        }
    }
    let works = checks.iter().all(|check| check.result == CheckResult::Ok);
    print_checks(checks, format)?;
    Ok(if works { ExitCode::Ok } else { ExitCode::BackendMissing })
}

fn new_check(backend: &str, verb: &str, (ok, detail): (bool, String)) -> Check {
    let result = if ok { CheckResult::Ok } else { CheckResult::Failing };
    Check { what: format!("{backend}: {verb}"), result, detail }
}

/// All but those that were never installed: an installation that is broken is what a doctor is asked about.
fn installed(registry: &Registry) -> Vec<String> {
    let there = |name: &String| !matches!(registry.state(name), Ok(State::NotInstalled));
    std::iter::once(REFERENCE.to_owned()).chain(registry.names().into_iter().filter(there)).collect()
}

/// Runs the built-in guest through every verb that the backend says it has.
fn check(registry: &Registry, name: &str) -> Result<Vec<Check>, Failure> {
    let cancel = cancel_on_interrupt();
    let mut backend: Box<dyn Backend> = if name == REFERENCE {
        Box::new(Reference::new(cancel.clone()))
    } else {
        let runner = registry.installed(name).map_err(|error| registry_failure(&error))?;
        let backend = RunnerBackend::new(runner, Settings::default(), cancel.clone());
        Box::new(backend.map_err(|error| Failure::new(ExitCode::BackendMissing, error.to_string()))?)
    };
    let description = backend.description().clone();
    let limits = Limits::default();
    let mut checks = Vec::new();
    for &platform in &description.platforms {
        let guest = smoke::guest(platform);
        let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
        let mut push = |verb: &str, found| checks.push(new_check(name, &format!("{verb} ({platform})"), found));
        if description.capabilities.contains(&Capability::Execute) {
            push("execute", execute(backend.as_mut(), &job));
        }
        let traces = [Capability::TraceInstructions, Capability::TraceChipRows, Capability::TraceInteractions];
        if traces.iter().any(|capability| description.capabilities.contains(capability)) {
            push("trace", trace(backend.as_mut(), &job, &description));
        }
        if cancel.is_cancelled() {
            return Err(Failure::interrupted());
        }
    }
    Ok(checks)
}

fn execute(backend: &mut dyn Backend, job: &Job<'_>) -> (bool, String) {
    match backend.execute(job) {
        Err(error) => (false, error.to_string()),
        Ok(outcome) if outcome.run.status != Status::Ok => {
            (false, format!("{} {}", outcome.run.status, report::details(&outcome).replace('\n', " ")))
        }
        Ok(outcome) if !smoke::is_right(job.guest, &outcome.run.output.0) => {
            (false, format!("wrong registers: output {}", outcome.run.output))
        }
        Ok(outcome) => {
            let count = outcome.run.instructions.unwrap_or_default();
            (true, format!("{count} instructions in {:.1} ms", outcome.elapsed.execute_ms))
        }
    }
}

fn trace(backend: &mut dyn Backend, job: &Job<'_>, description: &RunnerDescription) -> (bool, String) {
    let traced = match backend.trace(job, &TraceOptions::default()) {
        Ok(traced) => traced,
        Err(error) => return (false, error.to_string()),
    };
    let summary = &traced.summary;
    let expected = [
        (Capability::TraceInstructions, summary.instructions),
        (Capability::TraceChipRows, summary.chip_rows),
        (Capability::TraceInteractions, summary.interactions),
    ];
    let missing =
        expected.iter().find(|(capability, count)| description.capabilities.contains(capability) && *count == 0);
    let unbalanced: u64 = summary.buses.iter().filter_map(|bus| bus.unbalanced).sum();
    match missing {
        _ if traced.outcome.run.status != Status::Ok => (false, traced.outcome.run.status.to_string()),
        Some((capability, _)) => (false, format!("{capability}: no records")),
        None if unbalanced > 0 => (false, format!("{unbalanced} bus messages do not balance")),
        None => (
            true,
            format!(
                "{} instructions, {} chip rows, {} interactions",
                summary.instructions, summary.chip_rows, summary.interactions
            ),
        ),
    }
}
