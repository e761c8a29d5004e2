//! Whole reports, to be read when they change.

use assay_report::{FindingMarkdownInput, finding_markdown, html, junit, markdown};

use crate::fixture;

#[test]
fn markdown_of_a_store() {
    insta::assert_snapshot!(markdown(&fixture::store()));
}

#[test]
fn markdown_of_one_finding() {
    insta::assert_snapshot!(markdown(&fixture::one_finding()));
}

#[test]
fn a_finding_as_the_file_beside_it() {
    let page = fixture::page();
    let mut log = page.run_log.expect("the finding has one");
    let record = log.record.take().expect("it was kept");
    let input = FindingMarkdownInput {
        identity: &page.finding.identity,
        title: &page.finding.title,
        run_log: &log,
        comparison: 0,
        source: &record.source,
        input_bytes: record.input.bytes,
        input_json: None,
        assay_version: "0.1.0",
        rustc_version: "rustc 1.95.0",
        repro_script: "./repro.sh",
    };
    insta::assert_snapshot!(finding_markdown(&input));
}

#[test]
fn page_of_a_store() {
    insta::assert_snapshot!(html(&fixture::store()));
}

#[test]
fn page_of_an_empty_store() {
    insta::assert_snapshot!(html(&fixture::nothing()));
}

#[test]
fn junit_of_a_store() {
    insta::assert_snapshot!(junit(&fixture::store()));
}
