//! Runs as `JUnit` XML, which CI systems read: a suite for each run, a case for each comparison. A divergence is a
//! failure;
//! what could not be judged is skipped, with the reason, because it is neither a bug nor a pass.

use std::{fmt::Write as _, io};

use assay_spec::VerdictName;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
    writer::ElementWriter,
};

use crate::{
    input::{ComparisonSummary, ReportInput, RunSummary},
    limits::{JUNIT_CASES_MAX, LINE_CHARS_MAX, NOTES_MAX, TEXT_CHARS_MAX},
    summary::newest_runs,
    text::{counted, line, lines},
};

type Xml = Writer<Vec<u8>>;

/// Cases, and those of them that failed or were skipped.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
}

/// The runs of a report as `JUnit` XML, the newest first. Whole runs: at most [`JUNIT_CASES_MAX`] comparisons of them.
///
/// # Panics
///
/// Never: writing to memory does not fail.
pub fn junit(input: &ReportInput) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    fill(&mut xml, input).expect("writing to memory does not fail");
    let mut text = String::from_utf8(xml.into_inner()).expect("only text was written");
    text.push('\n');
    text
}

fn fill(xml: &mut Xml, input: &ReportInput) -> io::Result<()> {
    let (all, _) = newest_runs(input, usize::MAX);
    let mut cases = 0;
    let runs: Vec<_> = all
        .iter()
        .take_while(|run| {
            cases += run.comparisons.len();
            cases <= JUNIT_CASES_MAX
        })
        .collect();
    let counts = runs.iter().flat_map(|run| &run.comparisons).collect::<Counts>();
    let mut left_out: Vec<_> =
        input.left_out.iter().take(NOTES_MAX).map(|sentence| line(sentence, LINE_CHARS_MAX)).collect();
    if runs.len() < all.len() {
        left_out.push(format!("{}, which are older", counted((all.len() - runs.len()) as u64, "run")));
    }

    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = counts.attributes(xml.create_element("testsuites").with_attribute(("name", "assay")));
    let suites = suites.with_attribute(("timestamp", input.generated_at.to_string().as_str()));
    if runs.is_empty() && left_out.is_empty() {
        suites.write_empty()?;
        return Ok(());
    }
    suites.write_inner_content(|xml| {
        for run in runs {
            suite(xml, run)?;
        }
        // A suite without cases is the one place that readers keep where a remark on the whole can stand.
        if !left_out.is_empty() {
            let suite = xml.create_element("testsuite").with_attribute(("name", "left out"));
            Counts::default().attributes(suite).write_inner_content(|xml| {
                let text = left_out.join("\n");
                xml.create_element("system-out").write_text_content(BytesText::new(&text)).map(drop)
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn suite(xml: &mut Xml, run: &RunSummary) -> io::Result<()> {
    let seconds = run.outcomes.iter().map(|outcome| outcome.elapsed_ms).sum::<f64>() / 1000.0;
    let suite = xml
        .create_element("testsuite")
        .with_attribute(("name", run.run_id.as_str()))
        .with_attribute(("timestamp", run.recorded_at.to_string().as_str()))
        .with_attribute(("time", spelled(seconds).as_str()));
    let suite = run.comparisons.iter().collect::<Counts>().attributes(suite);
    if run.comparisons.is_empty() {
        return suite.write_empty().map(drop);
    }
    suite
        .write_inner_content(|xml| run.comparisons.iter().try_for_each(|comparison| case(xml, run, comparison)))
        .map(drop)
}

fn case(xml: &mut Xml, run: &RunSummary, comparison: &ComparisonSummary) -> io::Result<()> {
    let ran = run.outcomes.iter().find(|outcome| outcome.name == comparison.target);
    let seconds = ran.map_or(0.0, |outcome| outcome.elapsed_ms / 1000.0);
    let name = format!("{} against {}", comparison.target, comparison.baseline);
    let detail = line(&comparison.detail, LINE_CHARS_MAX);
    let case = xml
        .create_element("testcase")
        .with_attribute(("name", line(&name, LINE_CHARS_MAX).as_str()))
        .with_attribute(("classname", line(&run.subject, LINE_CHARS_MAX).as_str()))
        .with_attribute(("time", spelled(seconds).as_str()));
    match comparison.verdict {
        VerdictName::Agree | VerdictName::SameFailure => case.write_empty().map(drop),
        VerdictName::Inconclusive => case
            .write_inner_content(|xml| {
                xml.create_element("skipped").with_attribute(("message", detail.as_str())).write_empty().map(drop)
            })
            .map(drop),
        VerdictName::Diverge => case
            .write_inner_content(|xml| {
                let failure = xml
                    .create_element("failure")
                    .with_attribute(("type", comparison.verdict.to_string().as_str()))
                    .with_attribute(("message", detail.as_str()));
                let mut text = lines(&comparison.detail.replace("; ", "\n"), TEXT_CHARS_MAX);
                if let Some(finding) = &comparison.finding {
                    let _ = write!(text, "\nfinding {finding}");
                }
                failure.write_text_content(BytesText::new(&text)).map(drop)
            })
            .map(drop),
    }
}

/// Seconds, as `xs:decimal` has them: no exponent, no infinity.
fn spelled(seconds: f64) -> String {
    let seconds = if seconds.is_finite() { seconds.clamp(0.0, 1e9) } else { 0.0 };
    format!("{seconds:.3}")
}

impl Counts {
    fn attributes(self, element: ElementWriter<'_, Vec<u8>>) -> ElementWriter<'_, Vec<u8>> {
        element
            .with_attribute(("tests", self.tests.to_string().as_str()))
            .with_attribute(("failures", self.failures.to_string().as_str()))
            .with_attribute(("errors", "0"))
            .with_attribute(("skipped", self.skipped.to_string().as_str()))
    }
}

impl<'a> FromIterator<&'a ComparisonSummary> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a ComparisonSummary>>(comparisons: I) -> Self {
        let mut counts = Self::default();
        for comparison in comparisons {
            counts.tests += 1;
            counts.failures += usize::from(comparison.verdict == VerdictName::Diverge);
            counts.skipped += usize::from(comparison.verdict == VerdictName::Inconclusive);
        }
        counts
    }
}
