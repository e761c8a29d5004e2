//! The table of findings.

use std::collections::BTreeSet;

use assay_spec::FindingState;
use maud::{Markup, html};

use super::escape::{Line, Short, left_out};
use crate::{
    facts,
    input::FindingPage,
    limits::CELL_CHARS_MAX,
    summary::Summary,
    text::{grouped, line},
};

pub(super) fn section(pages: &[&FindingPage], rest: usize, summary: &Summary<'_>) -> Markup {
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            @if pages.is_empty() { p { "None." } } @else {
                (filters(pages, summary))
                div.scroll role="region" tabindex="0" aria-labelledby="findings-table-title" {
                    table #findings-table {
                        caption #findings-table-title { "Findings, those that were seen last first" }
                        thead {
                            tr {
                                th scope="col" { "Finding" }
                                th scope="col" { "State" }
                                th scope="col" { "Kind" }
                                th scope="col" { "Target" }
                                th scope="col" { "Instruction" }
                                th.number scope="col" { "Seen" }
                                th scope="col" { "First seen" }
                                th scope="col" { "Last seen" }
                                th.number scope="col" { "Smallest case" }
                            }
                        }
                        tbody { @for page in pages { (row(page)) } }
                    }
                }
                (left_out(rest, "findings, which were seen before these"))
            }
        }
    }
}

fn filters(pages: &[&FindingPage], summary: &Summary<'_>) -> Markup {
    let kinds: BTreeSet<_> = pages.iter().map(|page| page.finding.identity.kind).collect();
    let targets: BTreeSet<_> = pages.iter().map(|page| target(page)).collect();
    let states = FindingState::ALL.into_iter().zip(summary.states).filter(|&(_, count)| count > 0);
    html! {
        form.filters hidden data-section="findings" data-table="findings-table" {
            label { "Text " input type="search" name="text" autocomplete="off"; }
            label {
                "State " select name="state" {
                    option value="" { "all" } @for (state, _) in states { option value=(state) { (state) } }
                }
            }
            label {
                "Kind " select name="kind" {
                    option value="" { "all" } @for kind in &kinds { option value=(kind) { (kind) } }
                }
            }
            label {
                "Target " select name="target" {
                    option value="" { "all" } @for target in &targets { option value=(target) { (target) } }
                }
            }
            output aria-live="polite" {}
        }
    }
}

/// The target as options and rows of the table name it.
fn target(page: &FindingPage) -> String {
    line(&page.finding.identity.target, CELL_CHARS_MAX)
}

fn row(page: &FindingPage) -> Markup {
    let finding = &page.finding;
    let smallest = finding.minimized.as_ref().and_then(|minimized| minimized.instructions);
    html! {
        tr data-state=(finding.state) data-kind=(finding.identity.kind) data-target=(target(page)) {
            th scope="row" {
                a.id href={"#" (finding.finding_id)} { (finding.finding_id) }
                div.title { (Line(&finding.title)) }
            }
            td { (state(finding.state)) }
            td.time { (finding.identity.kind) }
            td.name { (Short(&finding.identity.target)) }
            td.name {
                @if let Some(instruction) = facts::instruction(&finding.identity) {
                    code { (Short(&instruction)) }
                } @else { "–" }
            }
            td.number { (grouped(finding.occurrences)) }
            td.time { (finding.first_seen.strftime("%Y-%m-%d %H:%M")) }
            td.time { (finding.last_seen.strftime("%Y-%m-%d %H:%M")) }
            td.number { @match smallest { Some(count) => (grouped(count)), None => "–" } }
        }
    }
}

/// A state with its sign.
pub(super) fn state(state: FindingState) -> Markup {
    let (class, sign) = match state {
        FindingState::New => ("new", "●"),
        FindingState::Confirmed => ("confirmed", "!"),
        FindingState::Minimised => ("minimised", "▾"),
        FindingState::Fixed => ("fixed", "✓"),
        FindingState::FalsePositive => ("false-positive", "–"),
    };
    html! { span class={"state " (class)} { span aria-hidden="true" { (sign) " " } (state) } }
}
