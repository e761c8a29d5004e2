//! One finding: what it is, where the traces part, the case, what to type, who took part.

use maud::{Markup, html};

use super::{
    escape::{Line, Lines, code, left_out, name, unseen},
    findings::state,
    runs::Listed,
};
use crate::{
    facts::{Case, Facts, Pair},
    input::FindingPage,
    limits::{DIFFERENCES_MAX, NOTES_MAX, RUN_PARTS_MAX},
    traces::{Cell, CellsRow, SideBySide, SideCells},
};

pub(super) fn article(page: &FindingPage, store: Option<&str>, listed: &Listed<'_>) -> Markup {
    let facts = Facts::of(page, store);
    let finding = &page.finding;
    let id = &finding.finding_id;
    html! {
        article id=(id) aria-labelledby={(id) "-title"} {
            h3 id={(id) "-title"} { span.id { (id) } " " (name(&finding.title)) }
            p.tags {
                (state(finding.state)) " " span.tag {
                    (finding.identity.kind)
                }
                " " span.tag { (name(&finding.identity.target)) }
            }
            div.columns {
                (pairs("Finding", &facts.summary))
                (pairs("Identity", &facts.identity))
                @if !facts.versions.is_empty() { (versions(&facts)) }
            }
            @for problem in page.problems.iter().take(NOTES_MAX) {
                p.warning { strong { "Could not be read: " } (name(problem)) }
            }
            @if facts.comparison.is_some() { (differs(&facts)) }
            @if let Some(traces) = &facts.traces { (side_by_side(traces, id.as_str())) }
            @if facts.minimized.is_some() || facts.original.is_some() {
                div.columns {
                    @if let Some(case) = &facts.minimized { (shown_case(case, "Minimised case")) }
                    @if let Some(case) = &facts.original { (shown_case(case, "Case as it was found")) }
                }
            }
            section {
                h4 { "Commands" }
                dl.commands {
                    @for command in &facts.commands {
                        div { dt { (command.what) } dd { code { (Lines(&command.line)) } } }
                    }
                }
            }
            section {
                h4 { "Latest runs" }
                ul.inline {
                    @for run in finding.recent_runs.iter().rev().take(RUN_PARTS_MAX) { li { (listed.run(run)) } }
                }
                (left_out(finding.recent_runs.len().saturating_sub(RUN_PARTS_MAX), "runs"))
            }
            p.back { a href="#findings" { "Back to the findings" } }
        }
    }
}

fn pairs(title: &str, pairs: &[Pair]) -> Markup {
    html! {
        section {
            h4 { (title) }
            dl.pairs { @for (name, value) in pairs { div { dt { (name) } dd { (Line(value)) } } } }
        }
    }
}

fn versions(facts: &Facts<'_>) -> Markup {
    html! {
        section {
            h4 { "Versions" }
            dl.pairs {
                @for row in &facts.versions {
                    div {
                        dt {
                            (name(&row.name))
                        }
                        dd {
                            (Line(&row.version)) @if let Some(machine) = &row.machine { " " small { (name(machine)) } }
                        }
                    }
                }
            }
        }
    }
}

fn differs(facts: &Facts<'_>) -> Markup {
    let Some(comparison) = facts.comparison else { return html! {} };
    html! {
        section {
            h4 { "What differs" }
            @if facts.differences.is_empty() {
                p { (comparison.verdict) ": " (name(&comparison.baseline)) " and " (name(&comparison.target)) }
            } @else {
                div.scroll role="region" tabindex="0" aria-label="What differs" {
                    table.differences {
                        caption.unseen { "What differs" }
                        thead {
                            tr {
                                th scope="col" {
                                    "In"
                                }
                                th scope="col" {
                                    (name(&comparison.baseline))
                                }
                                th scope="col" { (name(&comparison.target)) }
                            }
                        }
                        tbody {
                            @for row in facts.differences.iter().take(DIFFERENCES_MAX) {
                                tr {
                                    th scope="row" {
                                        (row.what)
                                    }
                                    td { (code(&row.baseline)) } td { (code(&row.target)) }
                                }
                            }
                        }
                    }
                }
                (left_out(facts.differences.len().saturating_sub(DIFFERENCES_MAX), "differences"))
            }
            @for note in comparison.notes.iter().take(NOTES_MAX) { p.note { "Note: " (name(note)) } }
            (left_out(comparison.notes.len().saturating_sub(NOTES_MAX), "notes"))
        }
    }
}

fn side_by_side(traces: &SideBySide, id: &str) -> Markup {
    html! {
        section {
            h4 { "Where the traces part" }
            div.scroll role="region" tabindex="0" aria-labelledby={(id) "-traces"} {
                table.traces {
                    caption id={(id) "-traces"} { "Both traces, step by step; what differs is marked ≠" }
                    thead {
                        tr {
                            th scope="col" rowspan="2" { "Step" }
                            @for side in &traces.names { th.side scope="colgroup" colspan="3" { (name(side)) } }
                        }
                        tr {
                            @for _ in &traces.names {
                                th.side scope="col" {
                                    "pc"
                                }
                                th scope="col" { "Instruction" } th scope="col" { "Effect" }
                            }
                        }
                    }
                    tbody { @for row in &traces.rows { (trace_row(row)) } }
                }
            }
            (left_out(traces.left_out, "steps"))
        }
    }
}

fn trace_row(row: &CellsRow) -> Markup {
    html! {
        tr.diverges[row.diverges] {
            th scope="row" {
                (row.index) @if row.diverges { " " span aria-hidden="true" { "≠" } (unseen("the traces part here")) }
            }
            @for side in &row.sides {
                @match side {
                    Some(cells) => (side_cells(cells)),
                    None => td.side.ended colspan="3" { "had ended" },
                }
            }
        }
    }
}

fn side_cells(cells: &SideCells) -> Markup {
    html! {
        td.side { (cell(&cells.pc)) }
        td { (cell(&cells.instruction)) }
        td { @for effect in &cells.effects { div { (cell(effect)) } } }
    }
}

fn cell(cell: &Cell) -> Markup {
    html! { @if cell.differs { mark { "≠ " (Line(&cell.text)) } } @else { (Line(&cell.text)) } }
}

fn shown_case(case: &Case, title: &str) -> Markup {
    html! {
        section {
            h4 { (title) }
            p { (case.size) @if let Some(effort) = &case.effort { "; " (effort) } "." }
            @if !case.listing.is_empty() {
                ol.listing {
                    @for line in &case.listing {
                        li.diverges[line.diverges] {
                            @if let Some(word) = line.word { span.word { (format!("{word:08x}")) } " " }
                            code { (Line(&line.text)) }
                            @if line.diverges { " " span.here { "≠ the traces part here" } }
                        }
                    }
                }
            }
            @if !case.starts_from.is_empty() {
                p.starts { "Starts from:" }
                dl.pairs.values {
                    @for (what, value) in &case.starts_from {
                        div { dt { (Line(what)) } dd { code { (Line(value)) } } }
                    }
                }
            }
            @for sentence in &case.left_out { p.left-out { "Left out here: " (sentence) "." } }
        }
    }
}
