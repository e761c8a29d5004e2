//! `assay findings`: what the store knows of each finding, and what people think of it.

use std::fmt::Write as _;

use assay_spec::{ExitCode, Finding, FindingId, FindingList, FindingState, Identity, schema::Versioned as _};
use assay_store::Store;

use super::{diff::comparing::found, print, print_json, replay::kept::KeptRun, store_failure};
use crate::{
    arguments::{FindingsArguments, FindingsCommand, FindingsListArguments, Format},
    failure::Failure,
    report::{self, printable},
    terminal::{self, BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

pub(crate) fn run(command: &FindingsCommand) -> Result<ExitCode, Failure> {
    match command {
        FindingsCommand::List(arguments) => list(arguments),
        FindingsCommand::Show { finding, common } => show(finding, common),
        FindingsCommand::Label { finding, state, reason, common } => {
            let labelled = open(common)?.label(finding, *state, reason.clone()).map_err(store_failure)?;
            said(&labelled, common, &format!("{finding} is {state}\n"))
        }
        FindingsCommand::Merge { from, into, common } => {
            let merged = open(common)?.merge(from, into).map_err(store_failure)?;
            let line = format!("{from} is counted as {}, seen {} times\n", merged.finding_id, merged.occurrences);
            said(&merged, common, &line)
        }
    }
}

fn open(common: &FindingsArguments) -> Result<Store, Failure> {
    Store::open_existing(common.store.place()).map_err(store_failure)
}

fn said(finding: &Finding, common: &FindingsArguments, line: &str) -> Result<ExitCode, Failure> {
    match common.output.format {
        Format::Json => print_json(finding)?,
        Format::Human => print(line)?,
    }
    Ok(ExitCode::Ok)
}

fn list(arguments: &FindingsListArguments) -> Result<ExitCode, Failure> {
    let store = open(&arguments.common)?;
    let (mut findings, unreadable) = store.findings_and_unreadable().map_err(store_failure)?;
    if !unreadable.is_empty() {
        let names: Vec<_> = unreadable.iter().map(ToString::to_string).collect();
        terminal::note(&format!(
            "warning: left out, because they cannot be read: {}; see: assay store check",
            names.join(", ")
        ));
    }
    findings.retain(|finding| {
        let identity = &finding.identity;
        let about = |name: &String| *name == identity.target || Some(name) == identity.baseline.as_ref();
        (arguments.state.is_empty() || arguments.state.contains(&finding.state))
            && (arguments.backend.is_empty() || arguments.backend.iter().any(about))
            && (arguments.kind.is_empty() || arguments.kind.contains(&identity.kind))
    });
    findings.sort_by(|one, other| (other.last_seen, &one.finding_id).cmp(&(one.last_seen, &other.finding_id)));
    match arguments.common.output.format {
        Format::Json => print_json(&FindingList { schema: FindingList::tag(), findings })?,
        Format::Human if findings.is_empty() => print("no findings\n")?,
        Format::Human => print(&table_of(&findings))?,
    }
    Ok(ExitCode::Ok)
}

fn table_of(findings: &[Finding]) -> String {
    let mut table = table(&["finding", "state", "kind", "seen", "last", "what"]);
    for finding in findings {
        table.add_row([
            finding.finding_id.to_string(),
            state(finding.state),
            finding.identity.kind.to_string(),
            finding.occurrences.to_string(),
            finding.last_seen.strftime("%Y-%m-%d %H:%M").to_string(),
            printable(&finding.title),
        ]);
    }
    table_text(&table)
}

fn state(state: FindingState) -> String {
    let style = match state {
        FindingState::New => UNSURE,
        FindingState::Confirmed | FindingState::Minimised => BAD,
        FindingState::Fixed => GOOD,
        FindingState::FalsePositive => QUIET,
    };
    styled(style, state)
}

fn show(finding_id: &FindingId, common: &FindingsArguments) -> Result<ExitCode, Failure> {
    let store = open(common)?;
    let finding = store.finding(finding_id).map_err(store_failure)?;
    if common.output.format == Format::Json {
        print_json(&finding)?;
        return Ok(ExitCode::Ok);
    }
    let mut text = format!("{}\n", printable(&finding.title));
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<12} {}", printable(&value));
    };
    line("finding", finding.finding_id.to_string());
    let reason = finding.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
    line("state", format!("{}{reason}", finding.state));
    if let Some(other) = &finding.merged_into {
        line("merged into", other.to_string());
    }
    for (name, value) in identity(&finding.identity) {
        line(name, value);
    }
    line("seen", format!("{} times, {} to {}", finding.occurrences, finding.first_seen, finding.last_seen));
    line("exemplar", finding.exemplar.to_string());
    let recent: Vec<_> = finding.recent_runs.iter().rev().take(RECENT_SHOWN).map(ToString::to_string).collect();
    line("recent runs", recent.join(", "));
    if let Some(minimized) = &finding.minimized {
        let size = minimized.instructions.map_or_else(String::new, |count| format!("{count} instructions, "));
        line("minimised", format!("{size}{} bytes of input, {} tests", minimized.input_bytes, minimized.tests));
        for instruction in &minimized.disassembly {
            line("", instruction.clone());
        }
    }
    let folder = store.finding_path(finding_id);
    match KeptRun::read(finding_id.as_str(), &common.store).and_then(|kept| exemplar(&kept, &finding)) {
        Ok(shown) => text.push_str(&shown),
        // What is known of it is worth showing all the same.
        Err(failure) => {
            let _ = writeln!(text, "{}: {}", styled(BAD, "its exemplar cannot be shown"), failure.in_a_line());
        }
    }
    let _ =
        writeln!(text, "run it again:\n  {}", printable(&format!("assay replay {finding_id}{}", store_option(common))));
    let _ = writeln!(text, "  {}", printable(&folder.join("repro.sh").display().to_string()));
    print(&text)?;
    Ok(ExitCode::Ok)
}

/// Runs of a finding that are shown.
const RECENT_SHOWN: usize = 5;

/// ` --store DIR` where it was said.
fn store_option(common: &FindingsArguments) -> String {
    let place = common.store.store.as_ref();
    place.map_or_else(String::new, |place| format!(" --store '{}'", place.display().to_string().replace('\'', r"'\''")))
}

fn identity(identity: &Identity) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("kind", identity.kind.to_string())];
    if !identity.differs_in.is_empty() {
        pairs.push(("differs in", identity.differs_in.join(", ").replace('_', " ")));
    }
    if let Some(class) = &identity.instruction {
        pairs.push(("instruction", class.to_string()));
    }
    pairs.push(("target", format!("{} on platform {}", identity.target, identity.platform)));
    let others = [("baseline", &identity.baseline), ("core", &identity.core), ("constraint", &identity.constraint)];
    pairs.extend(others.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    pairs
}

/// The comparison that showed the finding first, as `assay diff` showed it.
fn exemplar(kept: &KeptRun, finding: &Finding) -> Result<String, Failure> {
    let (log, guests) = (&kept.saved.log, kept.guests()?);
    let filed = kept.record.findings.iter().find(|filed| filed.finding_id == finding.finding_id);
    let shown = filed.map(|filed| filed.comparison).or_else(|| {
        let sightings = found(log, &guests);
        Some(sightings.into_iter().find(|sighting| sighting.identity == finding.identity)?.comparison)
    });
    let Some(comparison) = shown.and_then(|at| log.comparisons.get(at)) else { return Ok(String::new()) };
    let side = |name: &str| {
        let run = log.outcome(name)?;
        let guest = guests.get(&run.outcome.backend.platform)?;
        Some(report::comparison::Side { name: &run.name, outcome: &run.outcome, guest })
    };
    let sides = side(&comparison.baseline).zip(side(&comparison.target));
    let Some((left, right)) = sides else { return Ok(String::new()) };
    let pair = [(left.name, left.outcome), (right.name, right.outcome)];
    Ok(report::named_outcomes(pair.into_iter()) + &report::comparison::comparison(comparison, [&left, &right]))
}
