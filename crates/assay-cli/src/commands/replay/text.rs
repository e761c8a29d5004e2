//! What `assay replay` shows people: expected and seen, and in what they differ.

use std::fmt::Write as _;

use assay_oracle::title;
use assay_spec::{ReplayReport, ReplayResult, RunLog};

use super::kept::KeptRun;
use crate::{
    report::printable,
    terminal::{BAD, GOOD, QUIET, UNSURE, styled},
};

/// Changes that are shown for each thing that was seen; JSON has more.
const CHANGES_SHOWN: usize = 12;

pub(super) fn human(report: &ReplayReport, kept: &KeptRun) -> String {
    let style = match report.result {
        ReplayResult::Reproduced => GOOD,
        ReplayResult::Changed | ReplayResult::NoLonger => BAD,
        ReplayResult::Inconclusive | ReplayResult::Flaky => UNSURE,
    };
    let what = kept.finding.as_ref().map_or_else(
        || format!("run {}", report.run_id),
        |finding| format!("finding {}: {}", finding.finding_id, title(&finding.identity)),
    );
    let mut text = format!("{}: {}\n", styled(style, report.result), printable(&what));
    if report.times > 1 {
        let _ = writeln!(text, "reproduced {} of {} times", report.reproduced, report.times);
    }
    let _ = writeln!(text, "expected: {}", printable(&verdicts(&kept.saved.log)));
    let _ = writeln!(text, "seen:     {}", printable(&verdicts(&report.log)));
    for seen in &report.seen {
        if report.seen.len() > 1 {
            let _ = writeln!(text, "{} times {}:", seen.times, seen.result);
        }
        for change in seen.changes.iter().take(CHANGES_SHOWN) {
            let _ = writeln!(text, "  {}", printable(change));
        }
        if let Some(more) = seen.changes.len().checked_sub(CHANGES_SHOWN).filter(|&more| more > 0) {
            let _ = writeln!(text, "  … {more} more (--format json has them)");
        }
    }
    for run in &kept.saved.log.outcomes {
        let Some(again) = report.log.outcome(&run.name) else { continue };
        let (before, after) = (&run.outcome.backend, &again.outcome.backend);
        if before.version != after.version || before.name != after.name {
            let line = format!("{} was {before} and is {after} now", run.name);
            let _ = writeln!(text, "{}", styled(QUIET, printable(&line)));
        }
    }
    text
}

/// Each comparison in a few words.
fn verdicts(log: &RunLog) -> String {
    let pairs = log.comparisons.iter();
    let pairs: Vec<_> =
        pairs.map(|pair| format!("{} against {}: {}", pair.target, pair.baseline, pair.verdict)).collect();
    pairs.join("; ")
}
