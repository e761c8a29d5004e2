//! `assay backend`: list, install, doctor.

use std::{fmt::Write as _, path::Path};

use assay_backend::{
    Backend, Job, Limits, Reference, Registry, RunnerBackend, Settings, TraceOptions, registry::State,
};
use assay_spec::{Capability, ExitCode, InstalledRunner, Platform, RunnerDescription, Status};
use serde::Serialize;

use super::print;
use crate::{
    arguments::{BackendCommand, Format},
    failure::Failure,
    report::{self, printable},
    session::{REFERENCE, cancel_on_interrupt, install, install_failure, registry, registry_failure},
    smoke,
    terminal::{self, BAD, GOOD, Progress, styled, table, table_text},
};

pub(crate) fn run(command: &BackendCommand) -> Result<ExitCode, Failure> {
    match command {
        BackendCommand::List { output } => list(output.format),
        BackendCommand::Install { names, all, binary, force } => match binary {
            Some(binary) => register(names, binary),
            None => install_all(names, *all, *force),
        },
        BackendCommand::Doctor { names, output } => doctor(names, output.format),
    }
}

/// A row of the list.
#[derive(Serialize)]
struct Listed {
    name: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<RunnerDescription>,
}

fn list(format: Format) -> Result<ExitCode, Failure> {
    let registry = registry()?;
    let mut rows = vec![Listed {
        name: REFERENCE.to_owned(),
        state: "built in",
        binary: None,
        description: Some(Reference::new(cancel_on_interrupt()).description().clone()),
    }];
    for name in registry.names() {
        let (state, runner) = match registry.state(&name) {
            Ok(State::NotInstalled) => ("not installed", None),
            Ok(State::Installed(runner)) => ("installed", Some(runner)),
            Ok(State::Stale(runner)) => ("stale", Some(runner)),
            Ok(State::BinaryMissing(runner)) => ("binary missing", Some(runner)),
            Ok(State::BinaryChanged(runner)) => ("binary changed", Some(runner)),
            Err(error) => {
                terminal::note(&format!("warning: {name}: {error}"));
                ("unreadable", None)
            }
        };
        rows.push(Listed {
            name,
            state,
            binary: runner.as_ref().map(|runner| runner.binary.clone()),
            description: runner.map(|runner| runner.description),
        });
    }
    match format {
        Format::Json => print(&json(&rows)?)?,
        Format::Human => print(&list_text(&rows))?,
    }
    Ok(ExitCode::Ok)
}

fn list_text(rows: &[Listed]) -> String {
    let mut table = table(&["backend", "version", "isa", "platforms", "capabilities", "state"]);
    let mut notes = String::new();
    for row in rows {
        let Some(description) = &row.description else {
            table.add_row([&row.name, "-", "-", "-", "-", row.state]);
            continue;
        };
        let capabilities: Vec<String> = description.capabilities.iter().map(ToString::to_string).collect();
        table.add_row([
            row.name.clone(),
            printable(&description.sdk_version),
            printable(&description.isa),
            platforms(&description.platforms),
            capabilities.join(", "),
            row.state.to_owned(),
        ]);
        for note in limits(description).into_iter().chain(description.notes.iter().map(|note| printable(note))) {
            let _ = writeln!(notes, "{}: {note}", row.name);
        }
    }
    let mut text = table_text(&table);
    text.push_str(&notes);
    for row in rows.iter().filter(|row| !matches!(row.state, "built in" | "installed")) {
        let _ = writeln!(text, "{}: {} it with: assay backend install {}", row.name, verb(row.state), row.name);
    }
    text
}

fn verb(state: &str) -> &'static str {
    match state {
        "not installed" => "install",
        "stale" => "update",
        _ => "repair",
    }
}

fn limits(description: &RunnerDescription) -> Vec<String> {
    let limits = &description.limits;
    let mut said = Vec::new();
    if let Some(bytes) = limits.output_bytes {
        said.push(format!("public output is {bytes} bytes"));
    }
    if let Some(bytes) = limits.memory_bytes {
        said.push(format!("guest memory is {} MiB", bytes >> 20));
    }
    if let Some(count) = limits.trace_instructions {
        said.push(format!("a trace covers at most {count} instructions"));
    }
    if !limits.misaligned_access {
        said.push("misaligned loads and stores trap".to_owned());
    }
    said
}

fn platforms(platforms: &[Platform]) -> String {
    platforms.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn install_all(names: &[String], all: bool, force: bool) -> Result<ExitCode, Failure> {
    let (registry, cancel) = (registry()?, cancel_on_interrupt());
    let names = if all { registry.buildable() } else { names.to_vec() };
    if names.is_empty() {
        return Err(Failure::new(ExitCode::BackendMissing, "there are no sources of runners here to build")
            .help("run it within Assay's source tree, or set ASSAY_RUNNERS_DIR to the tree's folder `runners`"));
    }
    if names.iter().any(|name| name == REFERENCE) {
        return Err(Failure::usage("`reference` is built in: there is nothing to install"));
    }
    for name in &names {
        let runner = install(&registry, name, force, &cancel)?;
        say_done(&runner, "installed")?;
    }
    Ok(ExitCode::Ok)
}

fn register(names: &[String], binary: &Path) -> Result<ExitCode, Failure> {
    let [name] = names else {
        return Err(Failure::usage("--binary takes exactly one NAME"));
    };
    let cancel = cancel_on_interrupt();
    let runner = registry()?
        .register(name, binary, &cancel)
        .map_err(|error| install_failure(error, format!("{} could not be registered", binary.display()), &cancel))?;
    say_done(&runner, "registered")?;
    Ok(ExitCode::Ok)
}

fn say_done(runner: &InstalledRunner, what: &str) -> Result<(), Failure> {
    let line = format!("{} {} is {what}: {}", runner.name, runner.description.sdk_version, runner.binary);
    print(&(printable(&line) + "\n"))
}

/// One check of `doctor`.
#[derive(Serialize)]
struct Check {
    backend: String,
    verb: String,
    ok: bool,
    detail: String,
}

fn doctor(names: &[String], format: Format) -> Result<ExitCode, Failure> {
    let registry = registry()?;
    let asked = !names.is_empty();
    let names = if asked { names.to_vec() } else { installed(&registry) };
    let mut checks = Vec::new();
    for name in &names {
        let _progress = Progress::start(format!("trying {name}"));
        match registry.installed(name) {
            Err(error) if name != REFERENCE && !asked => checks.push(Check {
                backend: name.clone(),
                verb: "open".to_owned(),
                ok: false,
                detail: printable(&error.to_string()),
            }),
            _ => checks.extend(check(&registry, name)?),
        }
    }
    match format {
        Format::Json => print(&json(&checks)?)?,
        Format::Human => {
            let mut table = table(&["backend", "verb", "result", "detail"]);
            for check in &checks {
                let result = if check.ok { styled(GOOD, "works") } else { styled(BAD, "FAILS") };
                table.add_row([check.backend.clone(), check.verb.clone(), result, printable(&check.detail)]);
            }
            print(&table_text(&table))?;
        }
    }
    Ok(if checks.iter().all(|check| check.ok) { ExitCode::Ok } else { ExitCode::BackendMissing })
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
        let job = Job { guest: &guest, input: &[], limits: &limits };
        let mut push = |verb: String, (ok, detail): (bool, String)| {
            checks.push(Check { backend: name.to_owned(), verb: format!("{verb} ({platform})"), ok, detail });
        };
        if description.capabilities.contains(&Capability::Execute) {
            push("execute".to_owned(), execute(backend.as_mut(), &job));
        }
        let traces = [Capability::TraceInstructions, Capability::TraceChipRows, Capability::TraceInteractions];
        if traces.iter().any(|capability| description.capabilities.contains(capability)) {
            push("trace".to_owned(), trace(backend.as_mut(), &job, &description));
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

fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(ExitCode::Bug, "the result could not be encoded").because(error))?;
    Ok(text + "\n")
}
