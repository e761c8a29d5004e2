//! `assay backend list`: every backend, what it can do, and whether it is installed.

use std::fmt::Write as _;

use assay_backend::{Backend as _, Native, Reference, registry::State};
use assay_guest::PlatformFacts;
use assay_spec::{
    BackendList, ExitCode, InstallState, ListedBackend, Platform, RunnerDescription, Security, schema::Versioned as _,
};

use crate::{
    arguments::Format,
    commands::{print, print_json},
    failure::Failure,
    report::printable,
    session::{cancel_on_interrupt, registry},
    terminal::{self, table, table_text},
};

pub(super) fn run(format: Format) -> Result<ExitCode, Failure> {
    let registry = registry()?;
    let built_in = [Reference::new(cancel_on_interrupt()).description().clone(), Native::describe()];
    let mut rows: Vec<_> = built_in
        .into_iter()
        .map(|description| ListedBackend {
            name: description.name.clone(),
            state: InstallState::BuiltIn,
            binary: None,
            description: Some(description),
        })
        .collect();
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

/// A line for each backend, and below what else it says of itself, each in lines of at most [`WIDTH`] characters.
fn list_text(rows: &[ListedBackend]) -> String {
    let mut table = table(&["backend", "version", "isa", "platform", "verbs", "state"]);
    let mut details = String::new();
    for row in rows {
        let Some(description) = &row.description else {
            table.add_row([&row.name, "-", "-", "-", "-", &row.state.to_string()]);
            continue;
        };
        let platforms = match &description.platforms[..] {
            platforms if platforms == Platform::ALL => "all".to_owned(),
            platforms => list(platforms.iter()),
        };
        table.add_row([
            row.name.clone(),
            printable(&description.sdk_version),
            printable(&isas(description)),
            platforms,
            verbs(description),
            row.state.to_string(),
        ]);
        let facts = facts(description);
        if !facts.is_empty() {
            let _ = writeln!(details, "{}", row.name);
        }
        for fact in facts {
            details.push_str(&indented(&printable(&fact)));
        }
    }
    let mut text = table_text(&table);
    text.push_str(&details);
    for row in rows.iter().filter(|row| !matches!(row.state, InstallState::BuiltIn | InstallState::Installed)) {
        let _ = writeln!(text, "{}: {} it with: assay backend install {}", row.name, verb(row.state), row.name);
    }
    text
}

/// Widest line of what stands below the table.
const WIDTH: usize = 96;

/// The instruction sets as outcomes name them: those of the platforms, with registers as wide as the backend says.
fn isas(description: &RunnerDescription) -> String {
    let facts = description.platforms.iter().filter_map(|&platform| PlatformFacts::find(platform));
    let mut names: Vec<String> = Vec::new();
    for isa in facts.flat_map(|facts| facts.isas).filter(|isa| description.isa.contains(&isa.xlen.to_string())) {
        let name = isa.to_string();
        // What one platform has on top is shown for a backend of that platform, not for one of all.
        if !names.iter().any(|shorter| name.starts_with(shorter.as_str())) {
            names.push(name);
        }
    }
    if names.is_empty() { description.isa.clone() } else { names.join(", ") }
}

/// What a backend can do, in the words of the command line.
fn verbs(description: &RunnerDescription) -> String {
    let mut verbs: Vec<String> = Vec::new();
    for capability in &description.capabilities {
        let spelled = capability.to_string();
        let verb = spelled.split(' ').next().unwrap_or_default().to_owned();
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    verbs.join(" ")
}

/// Records that it traces, proof kinds, limits, and its notes.
fn facts(description: &RunnerDescription) -> Vec<String> {
    let mut facts = Vec::new();
    if description.platforms == Platform::ALL {
        facts.push(format!("platforms: {}", list(description.platforms.iter())));
    }
    let capabilities = description.capabilities.iter().map(ToString::to_string);
    let records: Vec<_> =
        capabilities.filter_map(|spelled| spelled.strip_prefix("trace ").map(str::to_owned)).collect();
    if !records.is_empty() {
        facts.push(format!("traces: {}", records.join(", ")));
    }
    for (at, kind) in description.proof_kinds.iter().enumerate() {
        let Security { secure, bits, basis, .. } = &kind.security;
        let bits = bits.map_or_else(String::new, |bits| format!("{bits} bits, "));
        let default = if at == 0 { ", the default" } else { "" };
        let worth = if *secure { "" } else { "INSECURE, " };
        facts.push(format!("proof {}{default}: {worth}{bits}{basis}", kind.name));
    }
    facts.extend(limits(description).into_iter().map(|limit| format!("limit: {limit}")));
    facts.extend(description.notes.iter().map(|note| format!("note: {note}")));
    facts
}

/// Two blanks before the first line and four before the others, broken between words.
fn indented(text: &str) -> String {
    let mut lines = vec!["  ".to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.trim().is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(format!("    {word}"));
        }
    }
    lines.join("\n") + "\n"
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

fn list<'a>(items: impl Iterator<Item = &'a Platform>) -> String {
    items.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_notes_are_broken_between_words() {
        let text = indented(&"word ".repeat(60));
        assert!(text.lines().count() > 3 && text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.split_whitespace().count(), 60);
        // What cannot be broken is left whole.
        assert_eq!(indented(&"x".repeat(200)).trim_end().len(), 202);
    }
}
