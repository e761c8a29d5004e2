//! Runs and findings over time, in bars of an hour, a day or longer.

use assay_spec::VerdictName;
use jiff::Timestamp;

use crate::{
    input::ReportInput,
    limits::{TIME_LINE_BINS_MAX, TIME_LINE_BINS_MIN},
};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Widths of a bar in seconds, and what people call them.
const WIDTHS: [(i64, &str); 7] = [
    (HOUR, "hour"),
    (6 * HOUR, "6 hours"),
    (DAY, "day"),
    (7 * DAY, "week"),
    (28 * DAY, "4 weeks"),
    (364 * DAY, "52 weeks"),
    (1000 * 364 * DAY, "52,000 weeks"),
];

/// Runs and findings over time.
pub(crate) struct TimeLine {
    /// How long a bar is, such as `day`.
    pub(crate) width: &'static str,
    /// Whether bars begin within days, so that their hour matters.
    pub(crate) hours: bool,
    /// Without gaps, the earliest first.
    pub(crate) bins: Vec<Bin>,
}

/// What happened in one bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bin {
    pub(crate) begins: Timestamp,
    /// Runs by the worst of their verdicts, as [`VerdictName::ALL`] has them; those without comparisons are agreement.
    pub(crate) runs: [u64; VerdictName::ALL.len()],
    /// Findings that were first seen.
    pub(crate) findings: u64,
}

impl TimeLine {
    /// None where nothing has happened.
    pub(crate) fn of(input: &ReportInput) -> Option<Self> {
        let runs = input.runs.iter().map(|run| run.recorded_at.as_second());
        let findings = input.findings.iter().map(|page| page.finding.first_seen.as_second());
        let (first, last) = runs.chain(findings).fold(None, |span: Option<(i64, i64)>, at| {
            Some(span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))))
        })?;
        let count = |width: i64| (last.div_euclid(width) - first.div_euclid(width) + 1) as usize;
        let (width, name) = WIDTHS
            .into_iter()
            .find(|&(width, _)| count(width) <= TIME_LINE_BINS_MAX)
            .unwrap_or(WIDTHS[WIDTHS.len() - 1]);
        // One bar as wide as the page says nothing.
        let count = count(width).max(TIME_LINE_BINS_MIN);
        let origin = last.div_euclid(width) + 1 - count as i64;
        let mut bins: Vec<_> = (0..count)
            .map(|at| Bin { begins: begins((origin + at as i64) * width), runs: Default::default(), findings: 0 })
            .collect();
        let bin_of = |at: Timestamp| (at.as_second().div_euclid(width) - origin) as usize;
        for run in &input.runs {
            let worst = run.comparisons.iter().map(|comparison| comparison.verdict).max().unwrap_or(VerdictName::Agree);
            bins[bin_of(run.recorded_at)].runs[worst as usize] += 1;
        }
        for page in &input.findings {
            bins[bin_of(page.finding.first_seen)].findings += 1;
        }
        Some(Self { width: name, hours: width < DAY, bins })
    }

    /// When a bar begins, as people write it.
    pub(crate) fn label(&self, bin: &Bin) -> String {
        bin.begins.strftime(if self.hours { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" }).to_string()
    }
}

impl Bin {
    pub(crate) fn total(&self) -> u64 {
        self.runs.iter().sum()
    }
}

/// The beginning of a bar, or of time where that would be before it.
fn begins(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
}
