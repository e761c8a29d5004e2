//! A report as Markdown, short enough for a comment: numbers, the table of findings, and where a single one was asked
//! for,
//! all of it.

use std::fmt::Write as _;

use assay_spec::{Status, VerdictName};

use super::{
    escape::{code, inline, table},
    finding,
};
use crate::{
    facts::{self, Facts},
    input::ReportInput,
    limits::{MARKDOWN_FINDINGS_MAX, NOTES_MAX, OVERVIEW_ROWS_MAX},
    summary::{Summary, latest_findings},
    text::{counted, grouped},
};

/// The report as Markdown.
pub fn markdown(input: &ReportInput) -> String {
    let summary = Summary::of(input);
    let mut text = String::from("# Assay report\n\n");
    let selection = input.selection.as_ref().map_or_else(String::new, |selection| format!(", {}", inline(selection)));
    let _ = writeln!(
        text,
        "{} and {} of {}{selection}; made {} by assay {}.\n",
        counted(input.runs.len() as u64, "run"),
        counted(input.findings.len() as u64, "finding"),
        code(&input.store),
        facts::time(input.generated_at),
        inline(&input.assay_version),
    );
    for sentence in input.left_out.iter().take(NOTES_MAX) {
        let _ = writeln!(text, "> **Left out:** {}\n", inline(sentence));
    }
    finding::left_out(&mut text, input.left_out.len().saturating_sub(NOTES_MAX), "things");
    backends(&mut text, &summary);
    pairs(&mut text, &summary);
    findings(&mut text, input);
    if let [page] = input.findings.as_slice() {
        text.push('\n');
        finding::write(&mut text, &Facts::of(page, input.store_argument.as_deref()), 2);
        for problem in page.problems.iter().take(NOTES_MAX) {
            let _ = writeln!(text, "\n> **Could not be read:** {}", inline(problem));
        }
    }
    text
}

fn backends(text: &mut String, summary: &Summary<'_>) {
    if summary.backends.is_empty() {
        return;
    }
    text.push_str("## Outcomes by backend and status\n\n");
    let seen = summary.statuses_seen();
    let mut header = vec!["backend".to_owned(), "version".to_owned()];
    header.extend(seen.iter().map(|&at| Status::ALL[at].to_string()));
    let rows = summary.backends.iter().take(OVERVIEW_ROWS_MAX).map(|counts| {
        let mut row = vec![inline(counts.backend), inline(counts.version)];
        row.extend(seen.iter().map(|&at| grouped(counts.statuses[at])));
        row
    });
    text.push_str(&table(&header, rows));
    finding::left_out(text, summary.backends.len().saturating_sub(OVERVIEW_ROWS_MAX), "backends");
    text.push('\n');
}

fn pairs(text: &mut String, summary: &Summary<'_>) {
    if summary.pairs.is_empty() {
        return;
    }
    text.push_str("## Verdicts\n\n");
    let mut header = vec!["baseline".to_owned(), "target".to_owned()];
    header.extend(VerdictName::ALL.map(|verdict| verdict.to_string()));
    let rows = summary.pairs.iter().take(OVERVIEW_ROWS_MAX).map(|counts| {
        let mut row = vec![inline(counts.baseline), inline(counts.target)];
        row.extend(counts.verdicts.map(grouped));
        row
    });
    text.push_str(&table(&header, rows));
    finding::left_out(text, summary.pairs.len().saturating_sub(OVERVIEW_ROWS_MAX), "pairs");
    text.push('\n');
}

fn findings(text: &mut String, input: &ReportInput) {
    text.push_str("## Findings\n\n");
    if input.findings.is_empty() {
        text.push_str("None.\n");
        return;
    }
    let (pages, rest) = latest_findings(input, MARKDOWN_FINDINGS_MAX);
    let header = ["finding", "state", "kind", "target", "instruction", "seen", "last seen", "title"].map(str::to_owned);
    let rows = pages.iter().map(|page| {
        let finding = &page.finding;
        vec![
            code(finding.finding_id.as_str()),
            finding.state.to_string(),
            finding.identity.kind.to_string(),
            inline(&finding.identity.target),
            facts::instruction(&finding.identity).map_or_else(|| "–".to_owned(), |instruction| code(&instruction)),
            grouped(finding.occurrences),
            finding.last_seen.strftime("%Y-%m-%d").to_string(),
            inline(&finding.title),
        ]
    });
    text.push_str(&table(&header, rows));
    finding::left_out(text, rest, "findings");
}
