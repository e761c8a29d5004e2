//! The command line of reports.

use std::{path::PathBuf, str::FromStr, time::Duration};

use assay_spec::FindingId;
use clap::{Args, ValueEnum};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::StoreArguments;

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Where the report goes, - for stdout [default: a new file in the store's folder `reports`]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// What it is
    #[arg(long, value_name = "FORM", default_value = "html")]
    pub(crate) format: ReportForm,
    /// Only this finding and the latest runs that showed it
    #[arg(long, value_name = "FINDING")]
    pub(crate) finding: Option<FindingId>,
    /// Only runs, and findings seen, since a time in UTC such as 2026-01-31 or 2026-01-31T12:00:00Z, or within 30m,
    /// 12h, 7d
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Since>,
    /// Most runs that are read, the newest ones
    #[arg(long, value_name = "N", default_value_t = 10_000,
        value_parser = clap::value_parser!(u64).range(1..=RUNS_MAX))]
    pub(crate) limit: u64,
}

/// Greatest `--limit`: each run is some hundred bytes of memory while the report is made.
const RUNS_MAX: u64 = 1_000_000;

/// Longest `--since` that is a span: a hundred years. Longer ones are a slip of the hand.
const DAYS_MAX: u64 = 36_525;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// One page that needs no network
    Html,
    /// For a pull request or a chat
    Markdown,
    /// XML that CI systems read: a case for each comparison
    Junit,
}

/// From when on, or how long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    /// As it was written.
    pub(crate) text: String,
    begin: Begin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    At(Timestamp),
    Ago(Duration),
}

impl Since {
    /// The time that it means at `now`.
    pub(crate) fn before(&self, now: Timestamp) -> Timestamp {
        match self.begin {
            Begin::At(at) => at,
            Begin::Ago(span) => now.checked_sub(span).unwrap_or(Timestamp::MIN),
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let begin = span(text)
            .map(Begin::Ago)
            .or_else(|| text.parse().ok().map(Begin::At))
            .or_else(|| Some(Begin::At(text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp())));
        begin.map(|begin| Self { text: text.to_owned(), begin }).ok_or_else(|| {
            format!(
                "{text:?} is neither a time such as 2026-01-31 or 2026-01-31T12:00:00Z, nor a span such as 30m, 12h or 7d"
            )
        })
    }
}

/// `30m`, `12h`, `7d`.
fn span(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return None,
    };
    let number: u64 = number.parse().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    let span = number.checked_mul(seconds).filter(|span| (1..=DAYS_MAX * 24 * 3600).contains(span))?;
    Some(Duration::from_secs(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_time_or_a_span_and_nothing_else() {
        let now: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-01-30", "2026-01-30T00:00:00Z"),
            ("2026-01-30T10:00:00+02:00", "2026-01-30T08:00:00Z"),
            ("30m", "2026-01-31T11:30:00Z"),
            ("12h", "2026-01-31T00:00:00Z"),
            ("7d", "2026-01-24T12:00:00Z"),
        ] {
            assert_eq!(text.parse::<Since>().unwrap().before(now).to_string(), expected, "{text}");
        }
        for bad in ["", "d", "7", "-7d", "+7d", "7w", "0d", "2026-13-01", "yesterday", "99999999999999d", "é"] {
            assert!(bad.parse::<Since>().is_err(), "{bad}");
        }
    }
}
