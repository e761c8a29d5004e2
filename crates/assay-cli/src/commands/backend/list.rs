//! `assay backend list`: every backend, what it can do, and whether it is installed.

use std::fmt::Write as _;

use assay_backend::{Backend as _, Reference, registry::State};
use assay_spec::{
    BackendList, ExitCode, InstallState, ListedBackend, Platform, RunnerDescription, schema::Versioned as _,
};

use crate::{
    arguments::Format,
    commands::{print, print_json},
    failure::Failure,
    report::printable,
    session::{REFERENCE, cancel_on_interrupt, registry},
    terminal::{self, table, table_text},
};

pub(super) fn run(format: Format) -> Result<ExitCode, Failure> {
    let registry = registry()?;
    let mut rows = vec![ListedBackend {
        name: REFERENCE.to_owned(),
        state: InstallState::BuiltIn,
        binary: None,
        description: Some(Reference::new(cancel_on_interrupt()).description().clone()),
    }];
    for name in registry.names() {
        let (state, runner) = match registry.state(&name) {
            Ok(State::NotInstalled) => (InstallState::NotInstalled, None),
            Ok(State::Installed(runner)) => (InstallState::Installed, Some(runner)),
            Ok(State::Stale(runner)) => (InstallState::Stale, Some(runner)),
            Ok(State::BinaryMissing(runner)) => (InstallState::BinaryMissing, Some(runner)),
            Ok(State::BinaryChanged(runner)) => (InstallState::BinaryChanged, Some(runner)),
            Err(error) => {
                terminal::note(&format!("warning: {name}: {error}"));
                (InstallState::Unreadable, None)
            }
        };
        let unknown = registry.unknown_fields(&name).unwrap_or_default();
        if !unknown.is_empty() {
            let fields = printable(&unknown.join(", "));
            terminal::note(&format!("warning: {name}: a newer Assay noted what this one does not know: {fields}"));
        }
        rows.push(ListedBackend {
            name,
            state,
            binary: runner.as_ref().map(|runner| runner.binary.clone()),
            description: runner.map(|runner| runner.description),
        });
    }
    match format {
        Format::Json => print_json(&BackendList { schema: BackendList::tag(), backends: rows })?,
        Format::Human => print(&list_text(&rows))?,
    }
    Ok(ExitCode::Ok)
}

fn list_text(rows: &[ListedBackend]) -> String {
    let mut table = table(&["backend", "version", "isa", "platforms", "capabilities", "state"]);
    let mut notes = String::new();
    for row in rows {
        let Some(description) = &row.description else {
            table.add_row([&row.name, "-", "-", "-", "-", &row.state.to_string()]);
            continue;
        };
        let capabilities: Vec<String> = description.capabilities.iter().map(ToString::to_string).collect();
        table.add_row([
            row.name.clone(),
            printable(&description.sdk_version),
            printable(&description.isa),
            platforms(&description.platforms),
            capabilities.join(", "),
            row.state.to_string(),
        ]);
        for note in limits(description).into_iter().chain(description.notes.iter().map(|note| printable(note))) {
            let _ = writeln!(notes, "{}: {note}", row.name);
        }
    }
    let mut text = table_text(&table);
    text.push_str(&notes);
    for row in rows.iter().filter(|row| !matches!(row.state, InstallState::BuiltIn | InstallState::Installed)) {
        let _ = writeln!(text, "{}: {} it with: assay backend install {}", row.name, verb(row.state), row.name);
    }
    text
}

fn verb(state: InstallState) -> &'static str {
    match state {
        InstallState::NotInstalled => "install",
        InstallState::Stale => "update",
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
