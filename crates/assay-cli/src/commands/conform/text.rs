//! What the conformance kit found, for people.

use std::fmt::Write as _;

use assay_spec::{ConformCase, ConformList, ConformReport, ConformResult, ConformRun};

use crate::{
    report::printable,
    terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

/// Groups with their counts, and a line for each case that did not pass.
pub(super) fn human(report: &ConformReport) -> String {
    report.runs.iter().map(run).collect::<Vec<_>>().join("\n")
}

pub(super) fn list(list: &ConformList) -> String {
    let mut table = table(&["case", "what is tried", "what must come out"]);
    for case in &list.cases {
        table.add_row([&case.name, &case.about, &case.expected].map(|cell| printable(cell)));
    }
    let isa = list.isa.as_deref().unwrap_or("this machine");
    format!("platform {}, {isa}: {} cases\n{}", list.platform, list.cases.len(), table_text(&table))
}

fn run(run: &ConformRun) -> String {
    let backend = &run.backend;
    let mut text = format!(
        "{} {}, platform {}, {}\n",
        printable(&backend.name),
        printable(&backend.version),
        backend.platform,
        printable(&backend.isa)
    );
    text.push_str(&groups(&run.cases));
    let mut others = table(&["case", "result", "what came out", "why"]);
    let mut rows = 0;
    for case in &run.cases {
        let (style, seen, why) = match &case.result {
            ConformResult::Limit(limit) => (UNSURE, limit.seen.as_str(), format!("{} ({})", limit.why, limit.source)),
            ConformResult::Fail(failed) => {
                let known = failed.bug.as_ref().map_or_else(String::new, |bug| format!("; known bug {bug}"));
                (BAD, failed.seen.as_str(), format!("expected {}{known}", case.expected))
            }
            ConformResult::Skipped(skipped) if skipped.unjudged => (UNSURE, "", skipped.reason.clone()),
            ConformResult::Pass | ConformResult::Skipped(_) => continue,
        };
        rows += 1;
        let result = styled(style, &case.result);
        others.add_row([printable(&case.name), result, printable(seen), printable(&why)]);
    }
    if rows > 0 {
        text.push('\n');
        text.push_str(&table_text(&others));
    }
    let counts = &run.counts;
    let failed = if counts.fail > 0 { styled(BAD, format!("{} FAIL", counts.fail)) } else { "0 FAIL".to_owned() };
    let known = if counts.known_bug > 0 { format!(" ({} known)", counts.known_bug) } else { String::new() };
    let _ = writeln!(
        text,
        "\n{}, {} limit, {failed}{known}, {} skipped, in {:.1} s",
        styled(GOOD, format!("{} pass", counts.pass)),
        counts.limit,
        counts.skipped,
        run.elapsed_ms / 1000.0
    );
    text
}

/// A line for each group: how many cases of it had each result.
fn groups(cases: &[ConformCase]) -> String {
    let mut table = table(&["group", "pass", "limit", "FAIL", "skipped"]);
    let group = |case: &ConformCase| case.name.split('/').next().unwrap_or_default().to_owned();
    for cases in cases.chunk_by(|one, other| group(one) == group(other)) {
        let counts = assay_spec::ConformCounts::of(cases.iter().map(|case| &case.result));
        let shown = |count: u64, style| if count > 0 { styled(style, count) } else { "-".to_owned() };
        table.add_row([
            printable(&group(&cases[0])),
            shown(counts.pass, GOOD),
            shown(counts.limit, UNSURE),
            shown(counts.fail, BAD),
            shown(counts.skipped, QUIET),
        ]);
    }
    table_text(&table)
}
