//! What the conformance kit found, for people: in lines of at most [`WIDTH`] characters, what has one reason under it.

use std::fmt::Write as _;

use anstyle::Style;
use assay_spec::{ConformCase, ConformList, ConformReport, ConformResult, ConformRun};

use crate::{
    report::printable,
    terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

/// Longest line, in characters. A name or a word that is longer stays whole.
const WIDTH: usize = 100;

/// Where the text beside the results begins, and where the cases below it do.
const TEXT_AT: usize = 9;
const CASES_AT: usize = 11;

/// Groups with their counts, and the cases that did not pass, by what is the matter with them.
pub(super) fn human(report: &ConformReport) -> String {
    report.runs.iter().map(run).collect::<Vec<_>>().join("\n")
}

/// Each case with what is tried, and below it what must come out.
pub(super) fn list(list: &ConformList) -> String {
    let isa = list.isa.as_deref().unwrap_or("this machine");
    let mut text = format!("platform {}, {isa}: {} cases\n", list.platform, list.cases.len());
    let width = list.cases.iter().map(|case| case.name.chars().count()).max().unwrap_or(0) + 3;
    for case in &list.cases {
        let _ = write!(text, " {:<width$}", printable(&case.name), width = width - 1);
        push_wrapped(&mut text, &case.about, width);
        let _ = write!(text, "{:width$}", "");
        push_wrapped(&mut text, &format!("-> {}", case.expected), width);
    }
    text
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
    text.push_str(&others(&run.cases));
    let counts = &run.counts;
    let failed = if counts.fail > 0 { styled(BAD, format!("{} FAIL", counts.fail)) } else { "0 FAIL".to_owned() };
    let known = if counts.known_bug > 0 { format!(" ({} known)", counts.known_bug) } else { String::new() };
    let unjudged = match counts.unjudged {
        0 => String::new(),
        count => styled(UNSURE, format!(" ({count} could not be judged)")),
    };
    let _ = writeln!(
        text,
        "\n{}, {} limit, {failed}{known}, {} skipped{unjudged}, in {:.1} s",
        styled(GOOD, format!("{} pass", counts.pass)),
        counts.limit,
        counts.skipped,
        run.elapsed_ms / 1000.0
    );
    text
}

/// Cases that did not pass and have one reason.
struct Reason<'a> {
    style: Style,
    result: &'a ConformResult,
    lines: Vec<String>,
    /// Names, and what came out.
    cases: Vec<(&'a str, &'a str)>,
}

impl<'a> Reason<'a> {
    /// What is the matter with a case; `None` if nothing is.
    fn of(case: &'a ConformCase) -> Option<Self> {
        let (style, seen, lines) = match &case.result {
            ConformResult::Limit(limit) => {
                (UNSURE, limit.seen.as_str(), vec![limit.why.clone(), format!("source: {}", limit.source)])
            }
            ConformResult::Fail(failed) => {
                let mut lines = vec![format!("expected: {}", case.expected)];
                lines.extend(failed.bug.as_ref().map(|bug| format!("known bug: {bug}")));
                (BAD, failed.seen.as_str(), lines)
            }
            ConformResult::Skipped(skipped) if skipped.unjudged => {
                (UNSURE, "", skipped.reason.lines().map(str::to_owned).collect())
            }
            ConformResult::Pass | ConformResult::Skipped(_) => return None,
        };
        Some(Self { style, result: &case.result, lines, cases: vec![(&case.name, seen)] })
    }

    fn push_to(&self, text: &mut String) {
        let name = self.result.to_string();
        let padding = TEXT_AT.saturating_sub(name.chars().count() + 1);
        let _ = write!(text, "\n {}{:padding$}", styled(self.style, name), "");
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                let _ = write!(text, "{:TEXT_AT$}", "");
            }
            push_wrapped(text, line, TEXT_AT);
        }
        let width = self.cases.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, seen) in &self.cases {
            let _ = write!(text, "{:CASES_AT$}{:<width$}", "", printable(name));
            if !seen.is_empty() {
                text.push_str("  ");
            }
            push_wrapped(text, seen, CASES_AT + width + 2);
        }
    }
}

/// The cases that did not pass, by reason, in the order in which each came first.
fn others(cases: &[ConformCase]) -> String {
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    for reason in cases.iter().filter_map(Reason::of) {
        let is_same = |other: &&mut Reason<'_>| {
            (other.result.to_string(), &other.lines) == (reason.result.to_string(), &reason.lines)
        };
        match reasons.iter_mut().find(is_same) {
            Some(same) => same.cases.extend(reason.cases),
            None => reasons.push(reason),
        }
    }
    let mut text = String::new();
    for reason in &reasons {
        reason.push_to(&mut text);
    }
    text
}

/// Adds `said` with a line end, in lines that do not pass [`WIDTH`]; the first begins where the text ends, which is at
/// `indent`, as the others do.
fn push_wrapped(text: &mut String, said: &str, indent: usize) {
    let said = printable(said);
    let mut used = indent;
    for word in said.split_whitespace() {
        let length = word.chars().count();
        if used > indent {
            if used + 1 + length > WIDTH {
                let _ = write!(text, "\n{:indent$}", "");
                used = indent;
            } else {
                text.push(' ');
                used += 1;
            }
        }
        text.push_str(word);
        used += length;
    }
    text.push('\n');
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

#[cfg(test)]
mod tests {
    use assay_spec::{BackendId, ConformCounts, Failed, KnownLimit, Platform, SkippedCase, schema::Versioned as _};

    use super::*;

    #[test]
    fn what_has_one_reason_stands_under_it_in_lines_that_fit() {
        let seen = "trap misaligned access at pc 0x10084: at 0x10084, address 0x400001: bad access: its address is not a \
                    multiple of its size";
        let limit = || {
            let why = "It has no misaligned loads and stores: they end the run.".to_owned();
            ConformResult::Limit(KnownLimit { seen: seen.to_owned(), why, source: "a crate 1.0, a file".to_owned() })
        };
        let skipped =
            |reason: &str, unjudged| ConformResult::Skipped(SkippedCase { reason: reason.to_owned(), unjudged });
        let results = [
            ("one/first", limit()),
            ("one/second", ConformResult::Pass),
            ("one/third", limit()),
            (
                "one/fourth",
                ConformResult::Fail(Failed { seen: "ok\x1b[31m".to_owned(), bug: Some("a-bug".to_owned()) }),
            ),
            ("two/fifth", skipped("it does not build:\nerror: on another line", true)),
            ("two/sixth", skipped("it does not build:\nerror: on another line", true)),
            ("two/seventh", skipped("no hart", false)),
        ];
        let counts = ConformCounts::of(results.iter().map(|(_, result)| result));
        let case = |(name, result): (&str, ConformResult)| ConformCase {
            name: name.to_owned(),
            about: "Something".to_owned(),
            expected: "exit code 0".to_owned(),
            result,
            elapsed_ms: 1.0,
        };
        let backend = BackendId {
            name: "z".to_owned(),
            version: "1.0".to_owned(),
            platform: Platform::Standard,
            isa: "rv32im".to_owned(),
        };
        let cases = results.into_iter().map(case).collect();
        let run = ConformRun { backend, cases, counts, elapsed_ms: 7.0 };
        let text = human(&ConformReport { schema: ConformReport::tag(), runs: vec![run] });
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        insta::assert_snapshot!(text);
    }
}
