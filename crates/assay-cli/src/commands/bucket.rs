//! `assay bucket`: named conditions over traces, and which of them a run hits.

mod explain;

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, BufReader},
    os::fd::AsFd as _,
    path::{Component, Path, PathBuf},
};

use assay_spec::{BucketHit, BucketList, BucketReport, ExitCode, schema, schema::Versioned as _, trace::TraceManifest};
use assay_store::{Folder, MANIFEST_FILE, RecordsFormat, StoreError};
use assay_trace::{
    TraceError, TraceReader,
    buckets::{ALL, Matching, SIGNALS, find},
};

use super::{exit_code_of, keep, print, print_json, snapshot, trace};
use crate::{
    arguments::{BucketCommand, BucketRunArguments, Format, PlaceArguments},
    failure::Failure,
    report::printable,
    subject::read_file,
    terminal::{table, table_text},
};

/// Name of the hits in a trace folder.
const HITS_FILE: &str = "bucket_hits.json";

/// Largest manifest of a trace, in bytes.
const MANIFEST_BYTES_MAX: u64 = 16 << 20;

/// Hits of each bucket that are shown to a person.
const HITS_SHOWN: usize = 1;

pub(crate) fn run(command: &BucketCommand) -> Result<ExitCode, Failure> {
    match command {
        BucketCommand::List { output } => list(output.format),
        BucketCommand::Explain { id, output } => {
            let bucket = find(id)
                .map_err(|unknown| Failure::usage(unknown.to_string()).help("see them all with: assay bucket list"))?;
            explain::run(bucket, output.format)
        }
        BucketCommand::Match { trace, out, output } => {
            let report = match_trace(trace)?;
            let exit = match out {
                Some(folder) => keep(folder, |folder| keep_hits(folder, &report.hits), ExitCode::Ok),
                None => ExitCode::Ok,
            };
            show(&report, output.format)?;
            Ok(exit)
        }
        BucketCommand::Run(arguments) => run_guest(arguments),
    }
}

fn list(format: Format) -> Result<ExitCode, Failure> {
    if format == Format::Json {
        let list = BucketList {
            schema: BucketList::tag(),
            buckets: ALL.iter().map(|bucket| explain::listed(bucket)).collect(),
            signals: SIGNALS.map(str::to_owned).to_vec(),
        };
        return print_json(&list).map(|()| ExitCode::Ok);
    }
    let mut buckets = table(&["bucket", "backends", "known bugs"]);
    for bucket in ALL {
        let bugs = if bucket.bugs.is_empty() { "-".to_owned() } else { bucket.bugs.len().to_string() };
        buckets.add_row([bucket.id.to_owned(), explain::backends(bucket), bugs]);
    }
    let signals = SIGNALS.join(", ");
    print(&format!("{}input signals, which are no buckets: {signals}\n", table_text(&buckets)))?;
    Ok(ExitCode::Ok)
}

fn run_guest(arguments: &BucketRunArguments) -> Result<ExitCode, Failure> {
    let on = on_snapshot(arguments)?;
    let kept = trace::trace_and_keep_on(&arguments.trace, on.as_ref())?;
    let format = arguments.trace.run.output.format;
    if arguments.trace_only {
        return trace::show(&arguments.trace, kept);
    }
    let records = kept.traced.records();
    let report = match_records(&mut BufReader::new(open(&records)?), &records)?;
    let exit = exit_code_of(&kept.traced.outcome);
    // Without the records there is nothing that the hits would speak of; `trace::show` says that they are missing.
    let exit =
        if kept.records.is_ok() { keep(&kept.folder, |folder| keep_hits(folder, &report.hits), exit) } else { exit };
    match format {
        Format::Json => {
            print_json(&report)?;
            kept.records.map_err(trace::not_kept)?;
            Ok(exit)
        }
        Format::Human => {
            // What could not be kept is a failure either way.
            let shown = trace::show(&arguments.trace, kept)?;
            show(&report, format)?;
            Ok(if exit == ExitCode::RecordingFailed { exit } else { shown })
        }
    }
}

/// The backend and the folder of records of the snapshot that is asked for, where one is.
fn on_snapshot(arguments: &BucketRunArguments) -> Result<Option<trace::On>, Failure> {
    let (Some(zkvm), Some(commit)) = (&arguments.zkvm, &arguments.commit) else { return Ok(None) };
    let place = PlaceArguments { out: arguments.snapshots.clone(), catalogue: arguments.catalogue.clone() };
    let run = &arguments.trace.run;
    let snapshot = snapshot::built_for_run(zkvm, commit, &place, run.install, run.sandbox)?;
    Ok(Some(trace::On { backend: snapshot.manifest.backend(), beside: snapshot.folder }))
}

/// The hits as a plain JSON array, a hit a line.
fn keep_hits(folder: &Folder, hits: &[BucketHit]) -> Result<(), StoreError> {
    let path = folder.path().join(HITS_FILE);
    let mut text = String::from("[");
    for (index, hit) in hits.iter().enumerate() {
        let encoded = |source| StoreError::Encode { path: path.clone(), source };
        let json = serde_json::to_string(hit).map_err(encoded)?;
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&json);
    }
    text.push_str("\n]\n");
    folder.write(HITS_FILE, text.as_bytes()).map(drop)
}

fn match_trace(trace: &Path) -> Result<BucketReport, Failure> {
    if trace.as_os_str() == "-" {
        return match_records(&mut io::stdin().lock(), Path::new("standard input"));
    }
    let file = if trace.is_dir() { records_of(trace)? } else { trace.to_owned() };
    match_records(&mut BufReader::new(open(&file)?), &file)
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| {
        let failure = Failure::usage(format!("could not read {}", path.display())).because(error);
        failure.help("give a folder that `assay trace` made, or a file of records")
    })
}

fn match_records(reader: &mut impl io::BufRead, name: &Path) -> Result<BucketReport, Failure> {
    let failed = |error: TraceError| {
        Failure::usage(format!("{} is not a trace", name.display()))
            .because(error)
            .help("records of another tool's log are read with: assay trace import")
    };
    let mut matching = Matching::new();
    for record in TraceReader::new(reader).map_err(failed)? {
        matching.record(&record.map_err(failed)?);
    }
    Ok(matching.finish())
}

/// The records file of a trace folder: what its manifest says, or one with a usual name.
fn records_of(folder: &Path) -> Result<PathBuf, Failure> {
    let manifest = folder.join(MANIFEST_FILE);
    if manifest.is_file() {
        let bytes = read_file(&manifest, MANIFEST_BYTES_MAX)?;
        let read = schema::read::<TraceManifest>(&bytes);
        let read =
            read.map_err(|error| Failure::usage(format!("{} cannot be read", manifest.display())).because(error))?;
        let name = PathBuf::from(read.value.records_file);
        // A manifest is as hostile as the rest: its file is beside it or nowhere.
        let mut parts = name.components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
            let text = printable(&name.display().to_string());
            return Err(Failure::usage(format!("{} names {text:?}, which is no file beside it", manifest.display())));
        }
        return Ok(folder.join(name));
    }
    let names = [RecordsFormat::Json, RecordsFormat::Jsonl].map(RecordsFormat::file_name);
    let found = names.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    found.ok_or_else(|| {
        Failure::usage(format!("{} holds no trace", folder.display()))
            .help(format!("a trace folder has {MANIFEST_FILE} or {}", names.join(" or ")))
    })
}

fn show(report: &BucketReport, format: Format) -> Result<(), Failure> {
    if format == Format::Json {
        return print_json(report);
    }
    let mut text = String::new();
    if report.buckets.is_empty() {
        let _ = writeln!(text, "{} records hit no bucket", report.records);
    } else {
        let mut buckets = table(&["bucket", "hits", "first", "details"]);
        for count in &report.buckets {
            for hit in report.hits.iter().filter(|hit| hit.bucket == count.bucket).take(HITS_SHOWN) {
                let first = hit.step.map_or_else(
                    || hit.seq.first().map_or_else(String::new, |seq| format!("record {seq}")),
                    |step| format!("step {step}"),
                );
                let details = hit.details.iter().map(|(name, value)| format!("{name} {value}"));
                let details = printable(&details.collect::<Vec<_>>().join(", "));
                buckets.add_row([count.bucket.clone(), count.hits.to_string(), first, details]);
            }
        }
        text.push_str(&table_text(&buckets));
    }
    if !report.signals.is_empty() {
        let _ = writeln!(text, "signals: {}", report.signals.join(", "));
    }
    let _ = writeln!(text, "signature: {}", if report.signature.is_empty() { "(empty)" } else { &report.signature });
    print(&text)
}

/// What a log is read from: a file, or standard input.
pub(super) fn log(path: &Path) -> Result<File, Failure> {
    if path.as_os_str() != "-" {
        return open(path);
    }
    let input = io::stdin().as_fd().try_clone_to_owned();
    input.map(File::from).map_err(|error| Failure::usage("could not read standard input").because(error))
}
