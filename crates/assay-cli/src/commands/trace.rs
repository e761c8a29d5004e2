//! `assay trace`: one guest on one backend, every micro-op kept.

mod import;

use std::{fmt::Write as _, path::PathBuf};

use assay_backend::{Job, TraceOptions, TraceRun};
use assay_guest::Guest;
use assay_spec::{ExitCode, protocol::RecordSelection, trace::TraceSummary};
use assay_store::{Folder, MANIFEST_FILE, RecordsFormat, StoreError, TraceArtifacts, write_trace};

use super::{default_folder, exit_code_of, keep_subject, kind_folder, print, print_json};
use crate::{
    arguments::{Format, RecordsForm, TraceArguments, TraceCommand, TraceSubcommand},
    failure::Failure,
    report::{self, printable},
    session::Session,
    subject::Subject,
    terminal::{Progress, table, table_text},
};

pub(crate) fn run(command: &TraceCommand) -> Result<ExitCode, Failure> {
    match &command.other {
        Some(TraceSubcommand::Import(arguments)) => import::run(arguments),
        None => show(&command.run, trace_and_keep(&command.run)?),
    }
}

/// A traced run, and whether it could be kept.
pub(crate) struct KeptTrace {
    pub(crate) traced: TraceRun,
    guest: Guest,
    pub(crate) folder: PathBuf,
    /// The records file.
    pub(crate) records: Result<PathBuf, StoreError>,
}

/// A backend in place of the one that the arguments name, and the folder beside whose files its traces are kept.
pub(crate) struct On {
    pub(crate) backend: String,
    pub(crate) beside: PathBuf,
}

/// Runs a guest and keeps what it did.
pub(crate) fn trace_and_keep(arguments: &TraceArguments) -> Result<KeptTrace, Failure> {
    trace_and_keep_on(arguments, None)
}

/// The same on another backend than the arguments name, where there is one.
pub(crate) fn trace_and_keep_on(arguments: &TraceArguments, on: Option<&On>) -> Result<KeptTrace, Failure> {
    let subject = Subject::read(&arguments.guest)?;
    let session = Session::open(&arguments.run);
    let name = on.map_or(&arguments.backend, |on| &on.backend);
    let platform = session.platform(name, arguments.guest.platform)?;
    let guest = subject.guest(platform)?;
    let mut backend = session.backend(name)?;

    let progress = Progress::start(format!("tracing on {name}"));
    backend.on_progress(progress.callback());
    let job = Job { guest: &guest, input: &subject.input, limits: session.limits(), cost: false };
    let records = if arguments.instructions_only { RecordSelection::Instructions } else { RecordSelection::All };
    let options = TraceOptions { records, max_records: arguments.max_records, ..TraceOptions::default() };
    let traced = backend.trace(&job, &options).map_err(|error| session.failure(error))?;
    progress.say("keeping the records");
    let usual = || match on {
        Some(on) => on.beside.join(kind_folder(subject.is_sequence())),
        None => default_folder(&traced.outcome, subject.is_sequence()),
    };
    let folder = arguments.out.clone().unwrap_or_else(usual);
    let printed = backend.captured();
    let artifacts = TraceArtifacts {
        outcome: &traced.outcome,
        summary: &traced.summary,
        records: &traced.records(),
        stdout: &printed.stdout.to_bytes(),
        stderr: &printed.stderr.to_bytes(),
    };
    let format = match arguments.records {
        RecordsForm::Json => RecordsFormat::Json,
        RecordsForm::Jsonl => RecordsFormat::Jsonl,
    };
    let kept = Folder::create(&folder).and_then(|folder| {
        keep_subject(&folder, &guest, &subject.input)?;
        write_trace(&folder, &artifacts, format)
    });
    drop(progress);
    Ok(KeptTrace { traced, guest, folder, records: kept })
}

/// Says what was traced and kept.
pub(crate) fn show(arguments: &TraceArguments, kept: KeptTrace) -> Result<ExitCode, Failure> {
    let KeptTrace { traced, guest, folder, records: kept } = kept;
    let exit = exit_code_of(&traced.outcome);
    match arguments.run.output.format {
        Format::Json if kept.is_ok() => {
            let manifest = folder.join(MANIFEST_FILE);
            let json = std::fs::read_to_string(&manifest).map_err(|error| {
                Failure::new(ExitCode::RecordingFailed, format!("could not read {} back", manifest.display()))
                    .because(error)
            })?;
            print(&json)?;
        }
        // There is no manifest without records; what the run did is known all the same.
        Format::Json => print_json(&traced.outcome)?,
        Format::Human => {
            let mut text = report::outcomes(std::slice::from_ref(&traced.outcome));
            text.push_str(&report::details(&traced.outcome));
            if let Some(hint) = report::platform_hint(&guest, &traced.outcome) {
                let _ = writeln!(text, "hint: {hint}");
            }
            text.push_str(&summary(&traced.summary));
            if let Ok(path) = &kept {
                let _ = writeln!(text, "records: {}", printable(&path.display().to_string()));
            }
            print(&text)?;
        }
    }
    kept.map(|_| exit).map_err(not_kept)
}

pub(crate) fn not_kept(error: StoreError) -> Failure {
    Failure::new(ExitCode::RecordingFailed, "the trace was not kept").because(error)
}

fn summary(summary: &TraceSummary) -> String {
    let mut text = format!(
        "{} instructions, {} chip rows, {} interactions{}\n",
        summary.instructions,
        summary.chip_rows,
        summary.interactions,
        if summary.truncated { " (truncated: see --max-records)" } else { "" }
    );
    if !summary.chips.is_empty() {
        let mut chips = table(&["chip", "rows", "written", "columns"]);
        for chip in summary.chips.iter().filter(|chip| chip.rows > 0) {
            let columns = if chip.columns_named { chip.width.to_string() } else { format!("{} unnamed", chip.width) };
            chips.add_row([printable(&chip.chip), chip.rows.to_string(), chip.rows_written.to_string(), columns]);
        }
        text.push_str(&table_text(&chips));
    }
    if !summary.buses.is_empty() {
        let mut buses = table(&["bus", "interactions", "unbalanced"]);
        for bus in &summary.buses {
            let unbalanced = bus.unbalanced.map_or_else(|| "-".to_owned(), |count| count.to_string());
            buses.add_row([printable(&bus.bus), bus.interactions.to_string(), unbalanced]);
        }
        text.push_str(&table_text(&buses));
    }
    text
}
