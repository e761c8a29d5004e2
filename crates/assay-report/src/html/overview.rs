//! The overview: runs in numbers, and over time.

use assay_spec::{FindingState, Status, VerdictName};
use maud::{Markup, html};

use super::{
    charts::{class_of, class_of_verdict, status_bar, time_line as drawing, verdict, verdict_bar},
    escape::{left_out, short},
};
use crate::{
    input::ReportInput,
    limits::OVERVIEW_ROWS_MAX,
    summary::Summary,
    text::{counted, grouped},
    time_line::TimeLine,
};

pub(super) fn section(input: &ReportInput, summary: &Summary<'_>) -> Markup {
    let states = FindingState::ALL.into_iter().zip(summary.states).filter(|&(_, count)| count > 0);
    html! {
        section #overview aria-labelledby="overview-title" {
            h2 #overview-title { "Overview" }
            dl.tiles {
                div { dt { "Runs" } dd { (grouped(input.runs.len() as u64)) } }
                @for (word, count) in VerdictName::ALL.into_iter().zip(summary.verdicts) {
                    div { dt { (verdict(word)) } dd { (grouped(count)) } }
                }
                div { dt { "Findings" } dd { (grouped(input.findings.len() as u64)) } }
                @for (state, count) in states {
                    div.small { dt { (state) } dd { (grouped(count)) } }
                }
            }
            @if input.runs.is_empty() { p { "No run has been kept." } }
            @if !summary.backends.is_empty() { (backends(summary)) }
            @if !summary.pairs.is_empty() { (pairs(summary)) }
        }
    }
}

fn backends(summary: &Summary<'_>) -> Markup {
    let seen = summary.statuses_seen();
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby="by-status" {
            table {
                caption #by-status { "Outcomes by backend and status" }
                thead {
                    tr {
                        th scope="col" { "Backend" }
                        th scope="col" { "Version" }
                        @for &at in &seen {
                            th.number scope="col" {
                                span class={"swatch " (class_of(Status::ALL[at]))} aria-hidden="true" {} (Status::ALL[at])
                            }
                        }
                        th.number scope="col" { "All" }
                        th.share scope="col" { "Share" }
                    }
                }
                tbody {
                    @for counts in summary.backends.iter().take(OVERVIEW_ROWS_MAX) {
                        tr {
                            th.name scope="row" { (short(counts.backend)) }
                            td.name { (short(counts.version)) }
                            @for &at in &seen { (number(counts.statuses[at])) }
                            (number(counts.total()))
                            td.share { (status_bar(&counts.statuses)) }
                        }
                    }
                }
            }
        }
        (left_out(summary.backends.len().saturating_sub(OVERVIEW_ROWS_MAX), "backends"))
    }
}

fn pairs(summary: &Summary<'_>) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby="by-verdict" {
            table {
                caption #by-verdict { "Comparisons by pair and verdict" }
                thead {
                    tr {
                        th scope="col" { "Target" }
                        th scope="col" { "Baseline" }
                        @for word in VerdictName::ALL {
                            th.number scope="col" {
                                span class={"swatch " (class_of_verdict(word))} aria-hidden="true" {} (word)
                            }
                        }
                        th.share scope="col" { "Share" }
                    }
                }
                tbody {
                    @for counts in summary.pairs.iter().take(OVERVIEW_ROWS_MAX) {
                        tr {
                            th.name scope="row" { (short(counts.target)) }
                            td.name { (short(counts.baseline)) }
                            @for count in counts.verdicts { (number(count)) }
                            td.share { (verdict_bar(&counts.verdicts)) }
                        }
                    }
                }
            }
        }
        (left_out(summary.pairs.len().saturating_sub(OVERVIEW_ROWS_MAX), "pairs"))
    }
}

/// A zero is there, and does not catch the eye.
fn number(count: u64) -> Markup {
    html! { td.number.zero[count == 0] { (grouped(count)) } }
}

pub(super) fn time_line(input: &ReportInput) -> Markup {
    let line = TimeLine::of(input);
    html! {
        section #time-line aria-labelledby="time-line-heading" {
            h2 #time-line-heading { "Time line" }
            @match &line {
                None => p { "Nothing has happened yet." },
                Some(line) => (drawn(line)),
            }
        }
    }
}

fn drawn(line: &TimeLine) -> Markup {
    let highest = line.bins.iter().map(crate::time_line::Bin::total).max().unwrap_or(0);
    let ends = [line.bins.first(), line.bins.last()];
    html! {
        figure {
            figcaption {
                span {
                    "Runs by their worst verdict, a bar for each " (line.width)
                    "; the highest stands for " (counted(highest, "run")) "."
                }
                span.legend {
                    @for word in VerdictName::ALL {
                        span { span class={"swatch " (class_of_verdict(word))} aria-hidden="true" {} (word) }
                    }
                    span { span.swatch.finding aria-hidden="true" {} "new finding" }
                }
            }
            (drawing(line))
            p.axis { @for bin in ends.into_iter().flatten() { span { (line.label(bin)) } } }
        }
        details {
            summary { "The same as a table" }
            div.scroll role="region" tabindex="0" aria-labelledby="time-line-table" {
                table {
                    caption #time-line-table { "Runs by their worst verdict, and new findings" }
                    thead {
                        tr {
                            th scope="col" { "From (UTC)" }
                            @for word in VerdictName::ALL { th.number scope="col" { (word) } }
                            th.number scope="col" { "New findings" }
                        }
                    }
                    tbody {
                        @for bin in line.bins.iter().filter(|bin| bin.total() + bin.findings > 0) {
                            tr {
                                th scope="row" { (line.label(bin)) }
                                @for count in bin.runs { (number(count)) }
                                (number(bin.findings))
                            }
                        }
                    }
                }
            }
        }
    }
}
