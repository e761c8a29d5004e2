//! `assay report`: what a store holds, as a page, as Markdown or as `JUnit` XML.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use assay_report::{FindingPage, ReportInput, RunSummary};
use assay_spec::{ExitCode, Finding, RunId, RunLog, Seed};
use assay_store::{FindingFolder, Folder, Store, StoreError};
use jiff::{Timestamp, tz::TimeZone};

use super::{print, store_failure};
use crate::{
    arguments::{ReportArguments, ReportForm},
    failure::Failure,
    report::printable,
};

/// Largest smallest case that is read, in bytes.
const SEED_BYTES_MAX: u64 = 16 << 20;

/// Most things that could not be read and that are named one by one.
const DAMAGED_NAMED_MAX: usize = 20;

pub(crate) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    let store = Store::open_existing(arguments.store.place()).map_err(store_failure)?;
    let now = Timestamp::now();
    let input = gather(&store, arguments, now)?;
    let text = match arguments.format {
        ReportForm::Html => assay_report::html(&input),
        ReportForm::Markdown => assay_report::markdown(&input),
        ReportForm::Junit => assay_report::junit(&input),
    };
    match &arguments.out {
        Some(out) if out.as_os_str() == "-" => print(&text)?,
        Some(out) => write(out, &text)?,
        None => write(&store.reports().join(default_name(arguments, now)), &text)?,
    }
    Ok(ExitCode::Ok)
}

/// `20260131_235959_042.html`: two reports of one second are two files.
fn default_name(arguments: &ReportArguments, now: Timestamp) -> String {
    let ending = match arguments.format {
        ReportForm::Html => "html",
        ReportForm::Markdown => "md",
        ReportForm::Junit => "xml",
    };
    let finding = arguments.finding.as_ref().map_or_else(String::new, |finding| format!("_{finding}"));
    format!("{}_{:03}{finding}.{ending}", now.strftime("%Y%m%d_%H%M%S"), now.subsec_millisecond())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let usage = || Failure::usage(format!("--out {}: this names no file", path.display()));
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(usage)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = Folder::create(folder).and_then(|folder| folder.write(name, text.as_bytes()));
    written.map_err(|error| store_failure(error).help("--out - prints it"))?;
    print(&format!("{}\n", printable(&path.display().to_string())))
}

/// What was asked for, as far as it can be read; what cannot is named.
fn gather(store: &Store, arguments: &ReportArguments, now: Timestamp) -> Result<ReportInput, Failure> {
    let since = arguments.since.as_ref().map(|since| since.before(now));
    let mut left_out = LeftOut::default();
    let findings = match &arguments.finding {
        Some(finding) => vec![store.finding(finding).map_err(store_failure)?],
        None => findings(store, since, &mut left_out)?,
    };
    let mut names = match &arguments.finding {
        Some(_) => findings[0].recent_runs.clone(),
        None => store.run_ids().map_err(store_failure)?,
    };
    // Names of runs sort by time.
    names.sort_unstable_by(|one, other| other.cmp(one));
    if let Some(since) = since {
        let since = since.to_zoned(TimeZone::UTC).strftime("%Y%m%d_%H%M%S").to_string();
        names.retain(|name| name.as_str() >= since.as_str());
    }
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    if names.len() > limit {
        left_out.add(format!("{} runs, which are older: --limit is {limit}", names.len() - limit));
        names.truncate(limit);
    }
    let runs = names.iter().filter_map(|name| run_summary(store, name, arguments.finding.is_some(), &mut left_out));
    let runs = runs.collect();
    let root = fs::canonicalize(store.path()).unwrap_or_else(|_| store.path().to_owned());
    Ok(ReportInput {
        generated_at: now,
        assay_version: env!("CARGO_PKG_VERSION").to_owned(),
        store: store.path().display().to_string(),
        // A report is read anywhere.
        store_argument: Some(root.display().to_string()),
        selection: selection(arguments),
        runs,
        findings: findings.into_iter().map(|finding| page(store, &root, finding)).collect(),
        left_out: left_out.sentences(),
    })
}

fn selection(arguments: &ReportArguments) -> Option<String> {
    let finding =
        arguments.finding.as_ref().map(|finding| format!("only {finding} and the latest runs that showed it"));
    let since = arguments.since.as_ref().map(|since| format!("since {}", since.text));
    let selected: Vec<_> = [finding, since].into_iter().flatten().collect();
    (!selected.is_empty()).then(|| selected.join(", "))
}

/// What could not be read: the first of it by name, the rest by number.
#[derive(Default)]
struct LeftOut {
    named: Vec<String>,
    more: usize,
}

impl LeftOut {
    fn add(&mut self, sentence: String) {
        if self.named.len() < DAMAGED_NAMED_MAX { self.named.push(sentence) } else { self.more += 1 }
    }

    fn sentences(mut self) -> Vec<String> {
        if self.more > 0 {
            self.named.push(format!("{} more that could not be read: assay store check names them", self.more));
        }
        self.named
    }
}

fn findings(store: &Store, since: Option<Timestamp>, left_out: &mut LeftOut) -> Result<Vec<Finding>, Failure> {
    let mut findings = store.findings().map_err(store_failure)?;
    for name in store.finding_ids().map_err(store_failure)? {
        if !findings.iter().any(|finding| finding.finding_id == name)
            && let Err(error) = store.finding(&name)
        {
            left_out.add(format!("finding {name}: {error}"));
        }
    }
    findings.retain(|finding| since.is_none_or(|since| finding.last_seen >= since));
    Ok(findings)
}

fn run_summary(store: &Store, name: &RunId, may_be_gone: bool, left_out: &mut LeftOut) -> Option<RunSummary> {
    match store.run(name) {
        Ok(log) => RunSummary::of(&log),
        // Runs that passed are pruned; findings remember the names of theirs.
        Err(StoreError::NoSuchRun { .. }) if may_be_gone => None,
        Err(error) => {
            left_out.add(format!("run {name}: {error}"));
            None
        }
    }
}

/// A finding with what lies beside it, as far as that can be read.
fn page(store: &Store, root: &Path, finding: Finding) -> FindingPage {
    let folder = store.finding_path(&finding.finding_id);
    let mut problems = Vec::new();
    let run_log = exemplar(store, &finding, &folder).map_err(|error| problems.push(error.to_string())).ok();
    let minimized_seed = finding.minimized.as_ref().and_then(|_| match minimized_seed(&folder) {
        Ok(seed) => seed,
        Err(why) => {
            problems.push(why);
            None
        }
    });
    let script = folder.strip_prefix(store.path()).map_or_else(|_| folder.clone(), |within| root.join(within));
    FindingPage {
        finding,
        run_log,
        minimized_seed,
        repro_script: Some(script.join("repro.sh").display().to_string()),
        problems,
    }
}

/// The log of the run that showed it first. The store has it as a run, and that is less to read than the whole folder.
fn exemplar(store: &Store, finding: &Finding, folder: &Path) -> Result<RunLog, StoreError> {
    store.run(&finding.exemplar).or_else(|_| Ok(FindingFolder::read(folder)?.exemplar.log))
}

/// The smallest case, where it is an instruction sequence.
fn minimized_seed(folder: &Path) -> Result<Option<Seed>, String> {
    let path: PathBuf = folder.join("minimized").join("seed.json");
    if !path.exists() {
        return Ok(None);
    }
    let read = || {
        let mut bytes = Vec::new();
        File::open(&path)?.take(SEED_BYTES_MAX).read_to_end(&mut bytes)?;
        serde_json::from_slice(&bytes).map_err(std::io::Error::other)
    };
    read().map(Some).map_err(|error| format!("{}: {error}", path.display()))
}
