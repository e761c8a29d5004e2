//! How much a report shows, and that it says what it does not.

use assay_report::{
    RunSummary, html, junit,
    limits::{JUNIT_CASES_MAX, PAGE_FINDINGS_MAX, PAGE_RUNS_MAX},
    markdown,
};
use assay_spec::FindingState;

use crate::fixture;

/// Most bytes of a page of 10,000 runs and 300 findings: a mail can carry it.
const LARGE_PAGE_BYTES_MAX: usize = 8 << 20;

#[test]
fn a_page_counts_every_run_and_finding_and_says_how_many_it_leaves_out() {
    let mut input = fixture::large(PAGE_RUNS_MAX as u32 + 5, 0);
    let page = fixture::page();
    input.findings = vec![page; PAGE_FINDINGS_MAX + 3];
    let page = html(&input);
    assert!(page.contains("1,005 runs and 503 findings"));
    assert!(page.contains("The newest 1,000 runs") && page.contains("Left out here: 5 more runs"));
    assert!(page.contains("Left out here: 3 more findings"));
    assert_eq!(page.matches("<article").count(), PAGE_FINDINGS_MAX);
}

#[test]
fn a_large_page_is_of_a_sane_size() {
    let page = html(&fixture::large(10_000, 300));
    assert!(page.len() < LARGE_PAGE_BYTES_MAX, "{} bytes", page.len());
}

#[test]
fn markdown_fits_into_a_comment() {
    let text = markdown(&fixture::large(10_000, 300));
    assert!(text.contains("Left out: 260 more findings") && text.len() < 65_536, "{} bytes", text.len());
}

#[test]
fn junit_keeps_whole_runs_of_the_newest() {
    let input = fixture::large(3, 0);
    let mut runs = input.runs.clone();
    // The newest alone are nearly too many; the oldest, which is small, is left out with the one before it.
    let comparison = runs[0].comparisons[0].clone();
    runs[2].comparisons = vec![comparison.clone(); JUNIT_CASES_MAX - 1];
    runs[1].comparisons = vec![comparison; 2];
    let text = junit(&assay_report::ReportInput { runs, ..input });
    assert_eq!(text.matches("<testcase").count(), JUNIT_CASES_MAX - 1);
    assert!(text.contains("2 runs, which are older"));
}

#[test]
fn times_at_the_ends_of_time_and_many_backends_are_no_trouble() {
    let mut input = fixture::large(300, 2);
    input.findings[0].finding.first_seen = jiff::Timestamp::MIN;
    input.findings[1].finding.last_seen = jiff::Timestamp::MAX;
    input.runs[0].recorded_at = jiff::Timestamp::MAX;
    for (at, run) in input.runs.iter_mut().enumerate() {
        run.outcomes[0].backend = format!("backend {at}");
        run.outcomes[0].elapsed_ms = f64::NAN;
        run.comparisons[0].target = format!("target {at}");
    }
    let page = html(&input);
    assert!(page.contains("more backends") && page.contains("more pairs"));
    assert!(!junit(&input).contains("NaN"));
    assert!(markdown(&input).contains("more backends"));
}

#[test]
fn a_finding_without_anything_beside_it_still_has_a_page() {
    let mut input = fixture::one_finding();
    let page = &mut input.findings[0];
    (page.run_log, page.minimized_seed, page.repro_script) = (None, None, None);
    page.finding.minimized = None;
    page.finding.state = FindingState::New;
    let text = html(&input);
    assert!(text.contains("assay shrink F") && text.contains("assay findings label F"));
    assert!(markdown(&input).contains("assay shrink F"));
}

#[test]
fn a_log_that_was_never_kept_has_no_row() {
    let page = fixture::page();
    let mut log = page.run_log.expect("the finding has one");
    assert_eq!(RunSummary::of(&log).expect("it was kept").comparisons.len(), 1);
    log.record = None;
    assert_eq!(RunSummary::of(&log), None);
}

#[test]
fn a_time_line_of_a_moment_has_room_before_it() {
    let mut input = fixture::nothing();
    input.runs = fixture::large(1, 0).runs;
    let page = html(&input);
    assert!(
        page.contains(r#"<svg class="time-line" viewBox="0 0 24 100""#)
            && page.contains("<span>2026-01-20 07:00</span>")
    );
}
