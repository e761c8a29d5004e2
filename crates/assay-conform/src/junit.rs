//! A report as `JUnit` XML, which CI systems read: a suite for each instruction set, a case for each case. A limit is
//! skipped, with what it is, so that it is neither taken for a pass nor for a failure.

use std::io;

use assay_spec::{ConformCase, ConformReport, ConformResult, ConformRun};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
    writer::ElementWriter,
};

type Xml = Writer<Vec<u8>>;

/// The report as `JUnit` XML.
///
/// # Panics
///
/// Never: writing to memory does not fail.
pub fn junit(report: &ConformReport) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    fill(&mut xml, report).expect("writing to memory does not fail");
    let mut text = String::from_utf8(xml.into_inner()).expect("only text was written");
    text.push('\n');
    text
}

fn fill(xml: &mut Xml, report: &ConformReport) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites").with_attribute(("name", "assay conform"));
    if report.runs.is_empty() {
        return suites.write_empty().map(drop);
    }
    suites.write_inner_content(|xml| report.runs.iter().try_for_each(|run| suite(xml, run))).map(drop)
}

fn suite(xml: &mut Xml, run: &ConformRun) -> io::Result<()> {
    let name =
        plain(&format!("{} {}, {} {}", run.backend.name, run.backend.version, run.backend.platform, run.backend.isa));
    let skipped = run.counts.skipped + run.counts.limit;
    let suite = xml
        .create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("time", seconds(run.elapsed_ms).as_str()))
        .with_attribute(("tests", run.cases.len().to_string().as_str()))
        .with_attribute(("failures", run.counts.fail.to_string().as_str()))
        .with_attribute(("errors", "0"))
        .with_attribute(("skipped", skipped.to_string().as_str()));
    if run.cases.is_empty() {
        return suite.write_empty().map(drop);
    }
    suite.write_inner_content(|xml| run.cases.iter().try_for_each(|row| case(xml, run, row))).map(drop)
}

fn case(xml: &mut Xml, run: &ConformRun, row: &ConformCase) -> io::Result<()> {
    let class = plain(&format!("{}.{}", run.backend.name, run.backend.isa));
    let case: ElementWriter<'_, Vec<u8>> = xml
        .create_element("testcase")
        .with_attribute(("name", row.name.as_str()))
        .with_attribute(("classname", class.as_str()))
        .with_attribute(("time", seconds(row.elapsed_ms).as_str()));
    let skipped = |xml: &mut Xml, why: &str| {
        xml.create_element("skipped").with_attribute(("message", plain(why).as_str())).write_empty().map(drop)
    };
    match &row.result {
        ConformResult::Pass => case.write_empty().map(drop),
        ConformResult::Limit(limit) => {
            let why = format!("limit: {} ({}); seen: {}", limit.why, limit.source, limit.seen);
            case.write_inner_content(|xml| skipped(xml, &why)).map(drop)
        }
        ConformResult::Skipped(reason) => case.write_inner_content(|xml| skipped(xml, &reason.reason)).map(drop),
        ConformResult::Fail(failed) => {
            let kind = if failed.bug.is_some() { "known bug" } else { "failure" };
            let bug = failed.bug.as_ref().map_or_else(String::new, |bug| format!("\nknown bug: {bug}"));
            let text = plain(&format!("{}\nexpected: {}\nseen: {}{bug}", row.about, row.expected, failed.seen));
            case.write_inner_content(|xml| {
                let failure = xml
                    .create_element("failure")
                    .with_attribute(("type", kind))
                    .with_attribute(("message", plain(&failed.seen).as_str()));
                failure.write_text_content(BytesText::new(&text)).map(drop)
            })
            .map(drop)
        }
    }
}

/// What XML can hold: messages quote what guests and zkVMs say.
fn plain(text: &str) -> String {
    let sound =
        |c: char| matches!(c, '\n' | '\t' | ' '..) && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if sound(c) { c } else { '\u{fffd}' }).collect()
}

fn seconds(ms: f64) -> String {
    format!("{:.3}", ms / 1000.0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use assay_spec::{BackendId, ConformCounts, Failed, KnownLimit, Platform, SkippedCase, schema::Versioned as _};

    use super::*;

    #[test]
    fn each_result_is_what_ci_systems_call_it() {
        let results = [
            ConformResult::Pass,
            ConformResult::Limit(KnownLimit { seen: "panic".into(), why: "256 bytes.".into(), source: "docs".into() }),
            ConformResult::Fail(Failed { seen: "ok, <x> & \"\u{1}\"".into(), bug: Some("a-bug".into()) }),
            ConformResult::Skipped(SkippedCase { reason: "no hart".into(), unjudged: false }),
        ];
        let counts = ConformCounts::of(&results);
        let case = |(index, result): (usize, ConformResult)| ConformCase {
            name: format!("group/case-{index}"),
            about: "Something".to_owned(),
            expected: "exit code 0".to_owned(),
            result,
            elapsed_ms: 1.5,
        };
        let backend = BackendId {
            name: "z".to_owned(),
            version: "1.0".to_owned(),
            platform: Platform::Standard,
            isa: "rv32im".to_owned(),
        };
        let cases = results.into_iter().enumerate().map(case).collect();
        let run = ConformRun { backend, cases, counts, elapsed_ms: 6.0 };
        let xml = junit(&ConformReport { schema: ConformReport::tag(), runs: vec![run] });
        insta::assert_snapshot!(xml);
        are_as_many_as_it_says(&xml);
    }

    /// The counts of a suite are those of its elements, and each case has what CI systems ask for.
    fn are_as_many_as_it_says(xml: &str) {
        let mut reader = quick_xml::Reader::from_str(xml);
        let mut said = BTreeMap::new();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        loop {
            let element = match reader.read_event().unwrap() {
                Event::Start(element) | Event::Empty(element) => element,
                Event::Eof => break,
                _ => continue,
            };
            let attribute = |name: &str| {
                let value =
                    element.try_get_attribute(name).unwrap().unwrap_or_else(|| panic!("{element:?} has no {name}"));
                value.value.into_owned()
            };
            match element.name().as_ref() {
                "testsuite" => {
                    for name in ["tests", "failures", "errors", "skipped"] {
                        said.insert(name, attribute(name).parse::<usize>().unwrap());
                    }
                    assert!(!attribute("name").is_empty() && attribute("time").parse::<f64>().is_ok());
                }
                "testcase" => {
                    *found.entry("tests").or_default() += 1;
                    assert!(!attribute("name").is_empty() && !attribute("classname").is_empty());
                }
                "failure" => *found.entry("failures").or_default() += 1,
                "error" => *found.entry("errors").or_default() += 1,
                "skipped" => {
                    *found.entry("skipped").or_default() += 1;
                    assert!(!attribute("message").is_empty());
                }
                _ => {}
            }
        }
        for (name, count) in said {
            assert_eq!(count, found.get(name).copied().unwrap_or(0), "{name}");
        }
    }
}
