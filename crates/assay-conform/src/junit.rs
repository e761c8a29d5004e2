//! A report as `JUnit` XML, which CI systems read: a suite for each instruction set, a case for each case. A limit is
//! skipped, with what it is, so that it is neither taken for a pass nor for a failure.
//!
//! Nobody owns the format, and CI systems check files by one of two schemas: Ant's, as Windy Road wrote it down (`JUnit.xsd`),
//! and the one of Jenkins' xUnit plugin (`junit-10.xsd`). What is written here is valid by both; `junit/rules.rs` holds their rules.

use std::io;

use assay_spec::{ConformCase, ConformReport, ConformResult, ConformRun};
use jiff::Timestamp;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
    writer::ElementWriter,
};

type Xml = Writer<Vec<u8>>;

/// What groups the suites of the kit where there are others.
const PACKAGE: &str = "assay.conform";

/// What the schema asks for where the name of the machine is not said; it is nobody's business here.
const HOST: &str = "localhost";

/// The report as `JUnit` XML. The kit was `started` then, which is written in UTC and whole seconds.
///
/// # Panics
///
/// Never: writing to memory does not fail.
pub fn junit(report: &ConformReport, started: Timestamp) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    fill(&mut xml, report, started).expect("writing to memory does not fail");
    let mut text = String::from_utf8(xml.into_inner()).expect("only text was written");
    text.push('\n');
    text
}

fn fill(xml: &mut Xml, report: &ConformReport, started: Timestamp) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites");
    if report.runs.is_empty() {
        return suites.write_empty().map(drop);
    }
    let started = started.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut runs = report.runs.iter().enumerate();
    suites.write_inner_content(|xml| runs.try_for_each(|(id, run)| suite(xml, id, run, &started))).map(drop)
}

fn suite(xml: &mut Xml, id: usize, run: &ConformRun, started: &str) -> io::Result<()> {
    let backend = &run.backend;
    let name = line(&format!("{} {}, {} {}", backend.name, backend.version, backend.platform, backend.isa));
    let skipped = run.counts.skipped + run.counts.limit;
    let suite = xml
        .create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("package", PACKAGE))
        .with_attribute(("id", id.to_string().as_str()))
        .with_attribute(("timestamp", started))
        .with_attribute(("hostname", HOST))
        .with_attribute(("time", seconds(run.elapsed_ms).as_str()))
        .with_attribute(("tests", run.cases.len().to_string().as_str()))
        .with_attribute(("failures", run.counts.fail.to_string().as_str()))
        .with_attribute(("errors", "0"))
        .with_attribute(("skipped", skipped.to_string().as_str()));
    suite
        .write_inner_content(|xml| {
            xml.create_element("properties").write_inner_content(|xml| properties(xml, run))?;
            run.cases.iter().try_for_each(|row| case(xml, run, row))?;
            // What a backend says stands in the cases that it is about.
            xml.create_element("system-out").write_empty()?;
            xml.create_element("system-err").write_empty().map(drop)
        })
        .map(drop)
}

fn properties(xml: &mut Xml, run: &ConformRun) -> io::Result<()> {
    let backend = &run.backend;
    let platform = backend.platform.name();
    let mut of_it = [
        ("backend", backend.name.as_str()),
        ("version", &backend.version),
        ("platform", platform),
        ("isa", &backend.isa),
    ]
    .into_iter();
    of_it.try_for_each(|(name, value)| {
        let property = xml.create_element("property").with_attribute(("name", name));
        property.with_attribute(("value", line(value).as_str())).write_empty().map(drop)
    })
}

fn case(xml: &mut Xml, run: &ConformRun, row: &ConformCase) -> io::Result<()> {
    let class = line(&format!("{}.{}", run.backend.name, run.backend.isa));
    let case: ElementWriter<'_, Vec<u8>> = xml
        .create_element("testcase")
        .with_attribute(("name", line(&row.name).as_str()))
        .with_attribute(("classname", class.as_str()))
        .with_attribute(("time", seconds(row.elapsed_ms).as_str()));
    let skipped = |xml: &mut Xml, why: &str| {
        xml.create_element("skipped").with_attribute(("message", line(why).as_str())).write_empty().map(drop)
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
                    .with_attribute(("message", line(&failed.seen).as_str()));
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

/// The same in one line, as an attribute: whoever reads it takes ends of lines for blanks anyway.
fn line(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}

/// Without a sign or an exponent, which not all readers know.
fn seconds(ms: f64) -> String {
    let seconds = if ms.is_finite() { (ms / 1000.0).max(0.0).abs() } else { 0.0 };
    format!("{seconds:.3}")
}

#[cfg(test)]
mod rules;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use assay_spec::{BackendId, ConformCounts, Failed, KnownLimit, Platform, SkippedCase, schema::Versioned as _};
    use proptest::prelude::*;

    use super::*;

    fn started() -> Timestamp {
        "2026-02-03T04:05:06.789Z".parse().unwrap()
    }

    fn report(backend: &BackendId, cases: Vec<ConformCase>, suites: usize) -> ConformReport {
        let counts = ConformCounts::of(cases.iter().map(|case| &case.result));
        let run = ConformRun { backend: backend.clone(), cases, counts, elapsed_ms: 6.0 };
        ConformReport { schema: ConformReport::tag(), runs: vec![run; suites] }
    }

    fn backend() -> BackendId {
        let [name, version, isa] = ["z", "1.0", "rv32im"].map(str::to_owned);
        BackendId { name, version, platform: Platform::Standard, isa }
    }

    #[test]
    fn each_result_is_what_ci_systems_call_it() {
        let results = [
            ConformResult::Pass,
            ConformResult::Limit(KnownLimit { seen: "panic".into(), why: "256 bytes.".into(), source: "docs".into() }),
            ConformResult::Fail(Failed { seen: "ok, <x> & \"\u{1}\"\nno".into(), bug: Some("a-bug".into()) }),
            ConformResult::Skipped(SkippedCase { reason: "no hart".into(), unjudged: false }),
        ];
        let case = |(index, result): (usize, ConformResult)| ConformCase {
            name: format!("group/case-{index}"),
            about: "Something".to_owned(),
            expected: "exit code 0".to_owned(),
            result,
            elapsed_ms: 1.5,
        };
        let xml = junit(&report(&backend(), results.into_iter().enumerate().map(case).collect(), 1), started());
        insta::assert_snapshot!(xml);
        rules::check(&xml).unwrap();
    }

    #[test]
    fn a_report_of_nothing_and_one_of_two_suites_are_valid() {
        for (cases, suites) in [(Vec::new(), 0), (Vec::new(), 1), (vec![case("a/b", ConformResult::Pass, 0.0)], 2)] {
            rules::check(&junit(&report(&backend(), cases, suites), started())).unwrap();
        }
    }

    #[test]
    fn times_are_decimals_whatever_was_measured() {
        for (ms, expected) in [
            (0.0, "0.000"),
            (-0.0, "0.000"),
            (-5.0, "0.000"),
            (1.5, "0.002"),
            (3_600_000.0, "3600.000"),
            (f64::NAN, "0.000"),
            (f64::INFINITY, "0.000"),
        ] {
            assert_eq!(seconds(ms), expected, "{ms}");
        }
        assert!(!seconds(f64::MAX).contains('e'));
    }

    fn case(name: &str, result: ConformResult, elapsed_ms: f64) -> ConformCase {
        let [about, expected] = ["Something", "exit code 0"].map(str::to_owned);
        ConformCase { name: name.to_owned(), about, expected, result, elapsed_ms }
    }

    /// What guests and zkVMs may say: markup, and characters that XML cannot hold or that readers change.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            (0u8..0x20).prop_map(|byte| char::from(byte).to_string()),
            prop::sample::select(vec![
                "]]>",
                "<![CDATA[",
                "<!--",
                "-->",
                "&amp;",
                "&#0;",
                "&#x1b;",
                "&",
                "\"",
                "'",
                "</failure>",
                "<?xml ?>",
                "\r\n",
                "\u{7f}",
                "\u{85}",
                "\u{2028}",
                "\u{fffe}",
                "\u{ffff}",
                "\u{feff}",
                "\u{10ffff}",
                "  ",
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    fn result() -> impl Strategy<Value = ConformResult> {
        prop_oneof![
            Just(ConformResult::Pass),
            (hostile(), hostile(), hostile()).prop_map(|(seen, why, source)| ConformResult::Limit(KnownLimit {
                seen,
                why,
                source
            })),
            (hostile(), prop::option::of(hostile())).prop_map(|(seen, bug)| ConformResult::Fail(Failed { seen, bug })),
            (hostile(), any::<bool>())
                .prop_map(|(reason, unjudged)| ConformResult::Skipped(SkippedCase { reason, unjudged })),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_anybody_says_leaves_a_file_valid_and_is_read_back(
            (name, version, isa) in (hostile(), hostile(), hostile()),
            said in prop::collection::vec((hostile(), result(), any::<f64>()), 0..6),
            suites in 0usize..3,
        ) {
            let backend = BackendId { name, version, isa, ..backend() };
            let mut names = BTreeSet::new();
            let mut cases: Vec<_> =
                said.into_iter().map(|(name, result, elapsed_ms)| case(&name, result, elapsed_ms)).collect();
            // The kit has no two cases of one name.
            cases.retain(|case| names.insert(line(&case.name)));
            let xml = junit(&report(&backend, cases.clone(), suites), started());
            let read = rules::check(&xml);
            prop_assert!(read.is_ok(), "{:?}\n{xml}", read);
            let root = read.unwrap();
            prop_assert_eq!(root.children.len(), suites);
            for suite in &root.children {
                let read: Vec<_> = suite.children.iter().filter(|child| child.name == "testcase").collect();
                prop_assert_eq!(read.len(), cases.len());
                for (read, case) in read.into_iter().zip(&cases) {
                    prop_assert_eq!(&read.attributes["name"], &line(&case.name));
                    let ConformResult::Fail(failed) = &case.result else { continue };
                    let [failure] = read.children.as_slice() else { panic!("{read:?}") };
                    prop_assert_eq!(&failure.attributes["message"], &line(&failed.seen));
                    prop_assert!(failure.text.contains(&plain(&failed.seen)), "{:?}", failure.text);
                }
            }
        }
    }
}
