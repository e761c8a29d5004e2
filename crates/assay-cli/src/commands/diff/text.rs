//! What `assay diff` shows people: the runs, how each pair compares, and where the traces part.

use std::fmt::Write as _;

use assay_spec::{Basis, RunLog, Verdict};

use super::comparing::Guests;
use crate::{
    commands::reported,
    report::{self, comparison::Side},
    terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

pub(super) fn human(log: &RunLog, guests: &Guests) -> String {
    let mut text = report::named_outcomes(log.outcomes.iter().map(|run| (run.name.as_str(), &run.outcome)));
    for run in &log.outcomes {
        text.push_str(&report::named_details(&run.name, &run.outcome));
        if let Some(hint) =
            guests.get(&run.outcome.backend.platform).and_then(|guest| report::platform_hint(guest, &run.outcome))
        {
            let _ = writeln!(text, "hint: {hint}");
        }
    }
    if let Some(run) = log.outcome(&log.baseline)
        && let Some(guest) = guests.get(&run.outcome.backend.platform)
        && let Some(layout) = &guest.harness
        && let Some(registers) = reported(guest, &run.outcome)
    {
        let _ = writeln!(text, "final registers on {}:", run.name);
        text.push_str(&report::reported_registers(&registers, layout));
    }
    if log.comparisons.len() + log.through_references.len() > 1 {
        text.push_str(&pairs(log));
    }
    for comparison in &log.comparisons {
        let side = |name: &str| {
            let run = log.outcome(name)?;
            Some(Side { name: &run.name, outcome: &run.outcome, guest: guests.get(&run.outcome.backend.platform)? })
        };
        if let Some(sides) = side(&comparison.baseline).zip(side(&comparison.target)) {
            text.push_str(&report::comparison::comparison(comparison, [&sides.0, &sides.1]));
        }
    }
    text
}

/// Every pair in a line, also those that are not compared.
fn pairs(log: &RunLog) -> String {
    let mut table = table(&["baseline", "target", "compared by", "verdict"]);
    for comparison in &log.comparisons {
        let by = match comparison.basis {
            Basis::SameGuest => "the same guest",
            Basis::SameCore => "the same core",
            Basis::SameSequence => "the same sequence",
        };
        let style = match comparison.verdict {
            Verdict::Agree | Verdict::SameFailure(_) => GOOD,
            Verdict::Inconclusive(_) => UNSURE,
            Verdict::Diverge(_) => BAD,
        };
        let verdict = styled(style, &comparison.verdict);
        table.add_row([&comparison.baseline, &comparison.target, by, &verdict]);
    }
    for pair in &log.through_references {
        let width = |name: &str| log.outcome(name).map_or("", |run| run.outcome.backend.isa.get(..4).unwrap_or(""));
        let why = format!("not directly: {} and {}", width(&pair.baseline), width(&pair.target));
        table.add_row([&pair.baseline, &pair.target, "their references", &styled(QUIET, why)]);
    }
    table_text(&table)
}
