//! The list of runs.

use std::collections::BTreeSet;

use assay_spec::{FindingId, RunId, VerdictName};
use maud::{Markup, html};

use super::{
    charts::{class_of, verdict},
    escape::{Short, left_out, name, short},
};
use crate::{
    input::{ComparisonSummary, FindingPage, RunSummary},
    limits::RUN_PARTS_MAX,
    text::counted,
};

/// What the page has, so that nothing points to what it left out.
pub(super) struct Listed<'a> {
    runs: BTreeSet<&'a RunId>,
    findings: BTreeSet<&'a FindingId>,
}

impl<'a> Listed<'a> {
    pub(super) fn of(runs: &[&'a RunSummary], pages: &[&'a FindingPage]) -> Self {
        Self {
            runs: runs.iter().map(|run| &run.run_id).collect(),
            findings: pages.iter().map(|page| &page.finding.finding_id).collect(),
        }
    }

    /// The name of a run, and the way to it.
    pub(super) fn run(&self, id: &RunId) -> Markup {
        html! { @if self.runs.contains(id) { a.id href={"#" (id)} { (id) } } @else { code { (id) } } }
    }

    /// The name of a finding, and the way to it.
    pub(super) fn finding(&self, id: &FindingId) -> Markup {
        html! { @if self.findings.contains(id) { a.id href={"#" (id)} { (id) } } @else { code { (id) } } }
    }
}

pub(super) fn section(runs: &[&RunSummary], rest: usize, listed: &Listed<'_>) -> Markup {
    html! {
        section #runs aria-labelledby="runs-title" {
            h2 #runs-title { "Runs" }
            @if runs.is_empty() { p { "None." } } @else {
                @if rest > 0 {
                    p.left-out { "The newest " (counted(runs.len() as u64, "run")) "; the numbers above count all." }
                }
                (filters())
                div.scroll role="region" tabindex="0" aria-labelledby="runs-table-title" {
                    table #runs-table {
                        caption #runs-table-title { "Runs, the newest first" }
                        thead {
                            tr {
                                th scope="col" { "Kept (UTC)" }
                                th scope="col" { "Run" }
                                th scope="col" { "Subject" }
                                th scope="col" { "Outcomes" }
                                th scope="col" { "Verdicts" }
                            }
                        }
                        tbody { @for run in runs { (row(run, listed)) } }
                    }
                }
                (left_out(rest, "runs, which are older"))
            }
        }
    }
}

fn filters() -> Markup {
    html! {
        form.filters hidden data-section="runs" data-table="runs-table" {
            label { "Text " input type="search" name="text" autocomplete="off"; }
            label {
                "Verdict "
                select name="verdict" {
                    option value="" { "all" }
                    @for word in VerdictName::ALL { option value=(word) { (word) } }
                }
            }
            output aria-live="polite" {}
        }
    }
}

fn row(run: &RunSummary, listed: &Listed<'_>) -> Markup {
    let worst = run.comparisons.iter().map(|comparison| comparison.verdict).max();
    html! {
        tr id=(run.run_id) data-verdict=(worst.map_or_else(String::new, |verdict| verdict.to_string())) {
            td.time { time datetime=(run.recorded_at.to_string()) { (run.recorded_at.strftime("%Y-%m-%d %H:%M:%S")) } }
            th.id scope="row" { (run.run_id) }
            td.name { (Short(&run.subject)) }
            td {
                ul.plain {
                    @for outcome in run.outcomes.iter().take(RUN_PARTS_MAX) {
                        li {
                            (short(&outcome.name)) " " span class={"status " (class_of(outcome.status))} {
                                (outcome.status)
                            }
                        }
                    }
                }
                (left_out(run.outcomes.len().saturating_sub(RUN_PARTS_MAX), "outcomes"))
            }
            td {
                ul.plain {
                    @for comparison in run.comparisons.iter().take(RUN_PARTS_MAX) {
                        (compared(comparison, run, listed))
                    }
                }
                (left_out(run.comparisons.len().saturating_sub(RUN_PARTS_MAX), "comparisons"))
            }
        }
    }
}

fn compared(comparison: &ComparisonSummary, run: &RunSummary, listed: &Listed<'_>) -> Markup {
    html! {
        li {
            (verdict(comparison.verdict))
            // With one pair it is plain what was compared.
            @if run.comparisons.len() > 1 { " " (short(&comparison.target)) " against " (short(&comparison.baseline)) }
            @if let Some(finding) = &comparison.finding { " " (listed.finding(finding)) }
            @if !comparison.detail.is_empty() { " " small { (name(&comparison.detail)) } }
        }
    }
}
