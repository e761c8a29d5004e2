//! The command line of looking after a store.
#![expect(clippy::doc_markdown, reason = "what stands here is read in a terminal, not in rendered Markdown")]

use std::path::PathBuf;

use assay_spec::{FindingId, RunId, Status, VerdictName};
use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use super::{OutputArguments, StoreArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Show runs, the newest first
    List(StoreListArguments),
    /// Show a run or a finding
    Show {
        /// Such as 20260131_235959_fib_K7Q2MX, or F0123456789abcdef
        #[arg(value_name = "RUN|FINDING", value_parser = parse_kept)]
        what: Kept,
        #[command(flatten)]
        common: StoreCommonArguments,
    },
    /// Remove runs that passed and have become old, and what only they needed
    ///
    /// Findings stay, with the runs that they name; reports and summary.csv stay, too.
    Prune(StorePruneArguments),
    /// Write summary.csv, a row for each compared pair of outcomes
    Export(StoreExportArguments),
    /// Make the index from the files, and complete rows of summary.csv that were lost
    Rebuild {
        #[command(flatten)]
        common: StoreCommonArguments,
    },
    /// Read everything and name what is not as it was written
    ///
    /// Exit codes: 0 all is as it was written, 7 something is not.
    Check {
        #[command(flatten)]
        common: StoreCommonArguments,
    },
}

/// Which store, and how things are shown.
#[derive(Debug, Args)]
pub(crate) struct StoreCommonArguments {
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, Args)]
pub(crate) struct StoreListArguments {
    /// Only runs of this core, sequence or ELF
    #[arg(long, value_name = "NAME")]
    pub(crate) core: Option<String>,
    /// Only runs on this backend
    #[arg(short, long, value_name = "NAME")]
    pub(crate) backend: Option<String>,
    /// Only runs with this verdict: Agree, SameFailure, Inconclusive, Diverge
    #[arg(long, value_name = "VERDICT", value_parser = parse_verdict)]
    pub(crate) verdict: Option<VerdictName>,
    /// Only runs with an outcome of this status, such as Panic; on that backend, where one is named
    #[arg(long, value_name = "STATUS", value_parser = parse_status)]
    pub(crate) status: Option<Status>,
    /// Only runs since then: 2026-01-31, 2026-01-31T23:59:59Z, or so long ago: 90m, 12h, 7d
    #[arg(long, value_name = "TIME", value_parser = parse_since)]
    pub(crate) since: Option<Since>,
    /// Only runs that showed this finding
    #[arg(long, value_name = "FINDING")]
    pub(crate) finding: Option<FindingId>,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) common: StoreCommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct StorePruneArguments {
    /// Keep runs that passed for so long, such as 12h or 30d
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = parse_age)]
    pub(crate) keep: SignedDuration,
    /// Beyond this size remove runs that passed however young, the oldest first; such as 500M or 20G
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) max_size: Option<u64>,
    /// Only say what would be removed
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) common: StoreCommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct StoreExportArguments {
    /// Which columns
    #[arg(long, value_name = "NAME", default_value = "current")]
    pub(crate) schema: ExportColumns,
    /// In which form
    #[arg(long, value_name = "FORM", default_value = "csv")]
    pub(crate) format: ExportFormat,
    /// Write to this file, whole or not at all [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportColumns {
    /// Those of summary.csv
    Current,
    /// The 18 columns of older files, with their names
    Phase4,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Comma-separated values
    Csv,
    /// An array of objects, whose values are the cells as text
    Json,
}

/// Something in a store that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Run(RunId),
    Finding(FindingId),
}

/// A time, or so long before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    At(Timestamp),
    Ago(SignedDuration),
}

impl Since {
    /// The time, seen from `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(ago) => now.saturating_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }
}

fn parse_kept(text: &str) -> Result<Kept, String> {
    let run = text.parse().map(Kept::Run);
    run.or_else(|_| text.parse().map(Kept::Finding)).map_err(|_| {
        format!("{text:?} is neither a run such as 20260131_235959_fib_K7Q2MX nor a finding such as F0123456789abcdef")
    })
}

fn parse_verdict(text: &str) -> Result<VerdictName, String> {
    spelled_alike(text, &VerdictName::ALL, "a verdict")
}

fn parse_status(text: &str) -> Result<Status, String> {
    spelled_alike(text, &Status::ALL, "a status")
}

/// The one of `all` that is spelled like `text`, but for capitals.
fn spelled_alike<T: Copy + ToString>(text: &str, all: &[T], what: &str) -> Result<T, String> {
    let names: Vec<String> = all.iter().map(ToString::to_string).collect();
    let at = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    at.map(|at| all[at]).ok_or_else(|| format!("{text:?} is not {what}; expected {}", names.join(", ")))
}

fn parse_since(text: &str) -> Result<Since, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Since::At(at));
    }
    if let Ok(date) = text.parse::<civil::Date>()
        && let Ok(at) = date.to_zoned(TimeZone::UTC)
    {
        return Ok(Since::At(at.timestamp()));
    }
    parse_age(text)
        .map(Since::Ago)
        .map_err(|_| format!("{text:?} is not a time such as 2026-01-31, 2026-01-31T23:59:59Z, 90m, 12h or 7d"))
}

/// Longest time that can be asked for, in days: a century.
const AGE_DAYS_MAX: i64 = 36_525;

fn parse_age(text: &str) -> Result<SignedDuration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(format!("{text:?} is not a time such as 90m, 12h or 7d")),
    };
    let number: i64 = number.parse().map_err(|_| format!("{text:?} is not a time such as 90m, 12h or 7d"))?;
    let seconds = number.checked_mul(seconds).filter(|&seconds| seconds <= AGE_DAYS_MAX * 24 * 60 * 60);
    seconds.map(SignedDuration::from_secs).ok_or_else(|| format!("{text:?} is longer than a century"))
}

fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim_end_matches("iB").trim_end_matches('B') {
        "" => 0,
        "K" | "k" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(format!("{unit:?} is not a unit of size; expected K, M, G or T")),
    };
    let number: u64 = number.parse().map_err(|_| format!("{text:?} is not a size such as 500M or 20G"))?;
    number.checked_mul(1 << shift).ok_or_else(|| format!("{text:?} is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_dates_instants_or_so_long_ago() {
        let now: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        let since = |text: &str| parse_since(text).unwrap().before(now).to_string();
        assert_eq!(since("2026-01-31"), "2026-01-31T00:00:00Z");
        assert_eq!(since("2026-01-31T12:00:00+02:00"), "2026-01-31T10:00:00Z");
        assert_eq!((since("90m"), since("7d")), ("2026-01-31T22:30:00Z".into(), "2026-01-25T00:00:00Z".into()));
        for bad in ["", "7", "d", "-7d", "7w", "2026-13-01", "99999999999999999999d", "9223372036854775807d", "36526d"]
        {
            assert!(parse_since(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_verdicts_and_statuses_are_read_as_people_write_them() {
        assert_eq!((parse_size("0"), parse_size("2K"), parse_size("20GiB")), (Ok(0), Ok(2048), Ok(20 << 30)));
        for bad in ["", "G", "1X", "99999999T", "-1"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_verdict("diverge"), Ok(VerdictName::Diverge));
        assert_eq!(parse_status("RUNNERCRASH"), Ok(Status::RunnerCrash));
        assert!(parse_status("Bad").unwrap_err().contains("OutOfMemory"));
    }
}
