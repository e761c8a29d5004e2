//! The page around its sections: head, policy, title, what was left out.

use assay_spec::Digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, html};

use super::{
    escape::{code, left_out, name, verbatim},
    finding, findings, overview, runs,
};
use crate::{
    facts::time,
    input::ReportInput,
    limits::{NOTES_MAX, PAGE_FINDINGS_MAX, PAGE_RUNS_MAX},
    summary::{Summary, latest_findings, newest_runs},
    text::counted,
};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The report as one page. Of runs and findings it lists at most [`PAGE_RUNS_MAX`] and [`PAGE_FINDINGS_MAX`], and
/// counts all.
pub fn html(input: &ReportInput) -> String {
    let summary = Summary::of(input);
    let (pages, findings_left_out) = latest_findings(input, PAGE_FINDINGS_MAX);
    let (rows, runs_left_out) = newest_runs(input, PAGE_RUNS_MAX);
    let listed = runs::Listed::of(&rows, &pages);
    html! {
        (DOCTYPE)
        html lang="en" {
            (head())
            body {
                a.skip href="#content" { "To the content" }
                header {
                    h1 { "Assay report" }
                    nav aria-label="Sections" {
                        a href="#overview" { "Overview" }
                        a href="#time-line" { "Time line" }
                        a href="#findings" { "Findings" }
                        a href="#runs" { "Runs" }
                    }
                }
                main #content {
                    (about(input))
                    (overview::section(input, &summary))
                    (overview::time_line(input))
                    (findings::section(&pages, findings_left_out, &summary))
                    @for page in &pages { (finding::article(page, input.store_argument.as_deref(), &listed)) }
                    (runs::section(&rows, runs_left_out, &listed))
                }
                footer {
                    "Made by assay " (name(&input.assay_version))
                    ". This page needs no network and no script for reading."
                }
                script { (verbatim(SCRIPT)) }
            }
        }
    }
    .into_string()
}

fn head() -> Markup {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { "Assay report" }
            // Without one, browsers ask whoever serves the page for an icon.
            link rel="icon" href="data:,";
            style { (verbatim(STYLE)) }
        }
    }
}

/// How a policy names a text that may be part of the page.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Digest::of(text.as_bytes()).0))
}

fn about(input: &ReportInput) -> Markup {
    html! {
        p.about {
            (counted(input.runs.len() as u64, "run")) " and " (counted(input.findings.len() as u64, "finding")) " of "
            (code(&input.store))
            @if let Some(selection) = &input.selection { ", " (name(selection)) }
            ". Made " time datetime=(input.generated_at.to_string()) { (time(input.generated_at)) } "."
        }
        @if !input.left_out.is_empty() {
            aside.warning aria-label="Left out" {
                strong { "Not in this report:" }
                ul { @for sentence in input.left_out.iter().take(NOTES_MAX) { li { (name(sentence)) } } }
                (left_out(input.left_out.len().saturating_sub(NOTES_MAX), "things"))
            }
        }
    }
}
