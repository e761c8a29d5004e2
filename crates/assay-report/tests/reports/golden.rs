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
    let input = FindingMarkdownInput {
        finding: &page.finding,
        run_log: page.run_log.as_ref(),
        minimized_seed: page.minimized_seed.as_ref(),
        repro_script: Some("./repro.sh"),
        store_argument: None,
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
