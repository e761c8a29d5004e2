//! `assay store`: what is kept, and looking after it.

use std::{fmt::Write as _, path::Path};

use assay_spec::{ExitCode, RunId, RunList, RunLog, RunRow, VerdictName, schema::Versioned as _};
use assay_store::{ExportForm, ExportSchema, Folder, PruneOptions, RunFilter, Store};
use jiff::Timestamp;

use super::{findings, print, print_json, store_failure};
use crate::{
    arguments::{
        ExportColumns, ExportFormat, FindingsArguments, FindingsCommand, Format, Kept, OutputArguments, StoreArguments,
        StoreCommand, StoreCommonArguments, StoreExportArguments, StoreListArguments, StorePruneArguments,
    },
    failure::Failure,
    report::{self, printable},
    terminal::{self, BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

pub(crate) fn run(command: &StoreCommand) -> Result<ExitCode, Failure> {
    match command {
        StoreCommand::List(arguments) => list(arguments),
        StoreCommand::Show { what: Kept::Run(run_id), common } => show(run_id, common),
        StoreCommand::Show { what: Kept::Finding(finding), common } => findings::run(&FindingsCommand::Show {
            finding: finding.clone(),
            common: FindingsArguments {
                store: StoreArguments { store: common.store.store.clone() },
                output: OutputArguments { format: common.output.format },
            },
        }),
        StoreCommand::Prune(arguments) => prune(arguments),
        StoreCommand::Export(arguments) => export(arguments),
        StoreCommand::Rebuild { common } => rebuild(common),
        StoreCommand::Check { common } => check(common),
    }
}

/// Opens the store, and says so where it can only be read.
fn open(arguments: &StoreArguments) -> Result<Store, Failure> {
    let store = Store::open_existing(arguments.place()).map_err(store_failure)?;
    if let Some(why) = store.read_only_because() {
        terminal::note(&format!("warning: the store is open for reading only: {why}"));
    }
    Ok(store)
}

fn list(arguments: &StoreListArguments) -> Result<ExitCode, Failure> {
    let filter = RunFilter {
        core: arguments.core.clone(),
        backend: arguments.backend.clone(),
        status: arguments.status,
        verdict: arguments.verdict,
        since: arguments.since.map(|since| since.before(Timestamp::now())),
        finding: arguments.finding.clone(),
        // One more, to know whether there are more.
        limit: arguments.limit.checked_add(1),
    };
    let mut runs = open(&arguments.common.store)?.runs(&filter).map_err(store_failure)?;
    let more = runs.len() > arguments.limit;
    runs.truncate(arguments.limit);
    match arguments.common.output.format {
        Format::Json => print_json(&RunList { schema: RunList::tag(), runs })?,
        Format::Human if runs.is_empty() => print("no runs\n")?,
        Format::Human => print(&table_of(&runs))?,
    }
    if more {
        terminal::note(&format!("there are more than {}; show them with --limit, or narrow the list", arguments.limit));
    }
    Ok(ExitCode::Ok)
}

fn table_of(runs: &[RunRow]) -> String {
    let mut table = table(&["run", "verdict", "outcomes", "finding", "core", "input"]);
    for run in runs {
        let outcomes = run.outcomes.iter().map(|outcome| format!("{} {}", outcome.name, outcome.status));
        let findings: Vec<_> = run.findings.iter().map(ToString::to_string).collect();
        table.add_row([
            run.run_id.to_string(),
            run.verdict.map_or_else(|| "-".to_owned(), verdict),
            printable(&outcomes.collect::<Vec<_>>().join(", ")),
            if findings.is_empty() { "-".to_owned() } else { findings.join(" ") },
            printable(&run.core),
            printable(&run.input),
        ]);
    }
    table_text(&table)
}

fn verdict(verdict: VerdictName) -> String {
    let style = match verdict {
        VerdictName::Agree => GOOD,
        VerdictName::SameFailure => QUIET,
        VerdictName::Inconclusive => UNSURE,
        VerdictName::Diverge => BAD,
    };
    styled(style, verdict)
}

fn show(run_id: &RunId, common: &StoreCommonArguments) -> Result<ExitCode, Failure> {
    let store = open(&common.store)?;
    let log = store.run(run_id).map_err(store_failure)?;
    match common.output.format {
        Format::Json => print_json(&log)?,
        Format::Human => print(&run_text(&log, &store.run_path(run_id), &common.store))?,
    }
    Ok(ExitCode::Ok)
}

fn run_text(log: &RunLog, path: &Path, store: &StoreArguments) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<11} {}", printable(value));
    };
    line("subject", &log.subject);
    if let Some(record) = &log.record {
        line("run", record.run_id.as_str());
        line("kept", &format!("{} by Assay {}, {}", record.recorded_at, record.assay_version, record.rustc_version));
        line("source", record.source.name());
        line("input", &format!("{}, {} bytes, SHA-256 {}", record.input.name, record.input.bytes, log.input_digest));
        if let Some(json) = &record.input.json {
            line("fields", &json.to_string());
        }
        let limits = &record.limits;
        line(
            "limits",
            &format!(
                "{} ms, {} instructions, {} MiB",
                limits.timeout_ms,
                limits.max_steps,
                limits.memory_limit_bytes >> 20
            ),
        );
        if !record.planted_faults.is_empty() {
            line("planted", &record.planted_faults.join(", "));
        }
    }
    line("log", &path.display().to_string());
    text.push_str(&report::named_outcomes(log.outcomes.iter().map(|named| (named.name.as_str(), &named.outcome))));
    for named in &log.outcomes {
        text.push_str(&report::named_details(&named.name, &named.outcome));
    }
    for (at, comparison) in log.comparisons.iter().enumerate() {
        let finding = log.record.iter().flat_map(|record| &record.findings).find(|finding| finding.comparison == at);
        let finding = finding.map_or_else(String::new, |finding| format!("  {}", finding.finding_id));
        let reason = assay_store::reason(&comparison.verdict);
        let reason = if reason.is_empty() { reason } else { format!("  {reason}") };
        let _ = writeln!(
            text,
            "{} against {}: {}{}{finding}",
            printable(&comparison.target),
            printable(&comparison.baseline),
            verdict(VerdictName::from(&comparison.verdict)),
            printable(&reason),
        );
    }
    if let Some(record) = &log.record {
        let option = store.store.as_ref().map_or_else(String::new, |place| format!(" --store {}", place.display()));
        let _ = writeln!(text, "run it again: {}", printable(&format!("assay replay {}{option}", record.run_id)));
    }
    text
}

fn prune(arguments: &StorePruneArguments) -> Result<ExitCode, Failure> {
    let options = PruneOptions { keep_for: arguments.keep, bytes_max: arguments.max_size, dry_run: arguments.dry_run };
    let report = open(&arguments.common.store)?.prune(&options).map_err(store_failure)?;
    if arguments.common.output.format == Format::Json {
        print_json(&report)?;
        return Ok(ExitCode::Ok);
    }
    let done = if report.dry_run { "would remove" } else { "removed" };
    let mut text = String::new();
    for run_id in &report.runs {
        let _ = writeln!(text, "{done} {run_id}");
    }
    let _ = writeln!(
        text,
        "{done} {} runs and {} guests, inputs, receipts and traces, {}; {} runs and {} {}",
        report.runs.len(),
        report.blobs,
        size(report.bytes),
        report.runs_left,
        size(report.bytes_left),
        if report.dry_run { "would be left" } else { "are left" },
    );
    for note in &report.notes {
        let _ = writeln!(text, "{}", printable(note));
    }
    print(&text)?;
    Ok(ExitCode::Ok)
}

/// `bytes` with a unit that people read.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let unit = (bytes.max(1).ilog2() / 10).min(4);
    if unit == 0 {
        return format!("{bytes} bytes");
    }
    format!("{:.1} {}", bytes as f64 / (1_u64 << (10 * unit)) as f64, UNITS[unit as usize])
}

fn export(arguments: &StoreExportArguments) -> Result<ExitCode, Failure> {
    let store = open(&arguments.store)?;
    let schema = match arguments.schema {
        ExportColumns::Current => ExportSchema::Current,
        ExportColumns::Phase4 => ExportSchema::Phase4,
    };
    let form = match arguments.format {
        ExportFormat::Csv => ExportForm::Csv,
        ExportFormat::Json => ExportForm::Json,
    };
    let mut text = Vec::new();
    let exported = store.export(schema, form, &mut text).map_err(store_failure)?;
    match &arguments.out {
        None => print(&String::from_utf8_lossy(&text))?,
        Some(path) => {
            let (Some(name), folder) = (path.file_name().and_then(|name| name.to_str()), path.parent()) else {
                return Err(Failure::usage(format!("{} is not the name of a file", path.display())));
            };
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Folder::create(folder).and_then(|folder| folder.write(name, &text)).map_err(store_failure)?;
        }
    }
    if exported.left_out > 0 {
        terminal::note(&format!(
            "warning: {} lines of summary.csv are no rows and were left out; see: assay store check",
            exported.left_out
        ));
    }
    Ok(ExitCode::Ok)
}

fn rebuild(common: &StoreCommonArguments) -> Result<ExitCode, Failure> {
    let place = common.store.place();
    if place.join("store.json").exists() && Store::repair_marker(&place).map_err(store_failure)? {
        terminal::note(&"store.json was damaged and has been written anew");
    }
    let store = open(&common.store)?;
    store.writable().map_err(store_failure)?;
    store.rebuild().map_err(store_failure)?;
    let runs = store.runs(&RunFilter::default()).map_err(store_failure)?;
    match common.output.format {
        Format::Json => print_json(&RunList { schema: RunList::tag(), runs })?,
        Format::Human => print(&format!("the index has {} runs\n", runs.len()))?,
    }
    Ok(ExitCode::Ok)
}

fn check(common: &StoreCommonArguments) -> Result<ExitCode, Failure> {
    let report = open(&common.store)?.check().map_err(store_failure)?;
    match common.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => {
            let mut text = String::new();
            for damage in &report.damage {
                let _ = writeln!(
                    text,
                    "{} {}: {}",
                    styled(BAD, "damaged"),
                    printable(&damage.what),
                    printable(&damage.why)
                );
            }
            let _ = writeln!(
                text,
                "{} runs, {} findings, {} guests, inputs, receipts and traces, {} rows of summary.csv are as they were \
                 written",
                report.runs, report.findings, report.blobs, report.summary_rows
            );
            print(&text)?;
        }
    }
    Ok(if report.damage.is_empty() { ExitCode::Ok } else { ExitCode::RecordingFailed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_that_people_read() {
        assert_eq!([size(0), size(1023), size(1024)], ["0 bytes", "1023 bytes", "1.0 KiB"]);
        assert_eq!([size(1_572_864), size(u64::MAX)], ["1.5 MiB", "16777216.0 TiB"]);
    }
}
