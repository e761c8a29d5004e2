//! `assay report`: what a store holds, in every form.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::support::{EXAMPLE, assay, complaint, stdout};

/// A store with a run that agrees and one that does not, which is a finding.
fn store() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    diff(folder.path(), &[], 0);
    diff(folder.path(), &["--plant-fault", "add:+1"], 2);
    folder
}

fn diff(folder: &Path, more: &[&str], code: i32) {
    let place = place(folder);
    let backends = ["-b", "reference", "-b", "reference@openvm"];
    stdout(&[&["diff", "--store", &place][..], &backends, &EXAMPLE, more].concat(), code);
}

fn place(folder: &Path) -> String {
    folder.join("store").display().to_string()
}

fn report(folder: &Path, arguments: &[&str]) -> String {
    stdout(&[&["report", "--store", &place(folder)][..], arguments].concat(), 0)
}

/// The one finding of the store.
fn finding(folder: &Path) -> String {
    let names: Vec<_> = fs::read_dir(folder.join("store/findings")).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    names[0].as_ref().unwrap().file_name().into_string().unwrap()
}

#[test]
fn a_page_goes_into_the_store_and_its_path_is_printed() {
    let folder = store();
    let path = report(folder.path(), &[]);
    let path = Path::new(path.trim_end());
    assert_eq!(path.parent().unwrap(), folder.path().join("store/reports"));
    let page = fs::read_to_string(path).unwrap();
    let finding = finding(folder.path());
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("2 runs and 1 finding"), "{page}");
    assert!(page.contains(&format!("<article id=\"{finding}\"")));
    // Both traces are there, with the instructions before those at which they part.
    assert!(page.contains("Where the traces part") && page.contains("<mark>"));
    assert!(page.matches("class=\"diverges\"").count() >= 2, "the trace and the sequence have it");
    let script = folder.path().canonicalize().unwrap().join("store/findings").join(&finding).join("repro.sh");
    assert!(page.contains(&script.display().to_string()));
    assert!(page.contains(&format!("assay replay {finding} --store ")));
    let again = report(folder.path(), &[]);
    assert_ne!(Path::new(again.trim_end()), path, "a report is never written over another");
}

#[test]
fn a_finding_is_told_in_the_file_beside_it() {
    let folder = store();
    let finding = finding(folder.path());
    let text = fs::read_to_string(folder.path().join("store/findings").join(&finding).join("report.md")).unwrap();
    assert!(text.starts_with(&format!("# {finding}: ")), "{text}");
    for section in ["What differs", "First diverging instruction", "Case as it was found", "Commands", "Versions"] {
        assert!(text.contains(&format!("\n## {section}\n")), "{section}: {text}");
    }
    assert!(text.contains("\n./repro.sh\n") && text.contains("6 instructions, 0 bytes of input"), "{text}");
}

#[test]
fn markdown_and_junit_go_where_they_are_asked_for() {
    let folder = store();
    let markdown = report(folder.path(), &["--format", "markdown", "--out", "-"]);
    assert!(markdown.starts_with("# Assay report\n\n2 runs and 1 finding of "), "{markdown}");
    assert!(
        markdown.contains("## First diverging instruction") || markdown.contains("### First diverging instruction")
    );
    let file = folder.path().join("sub/junit.xml");
    let printed = report(folder.path(), &["--format", "junit", "--out", &file.display().to_string()]);
    assert_eq!(printed.trim_end(), file.display().to_string());
    let xml = fs::read_to_string(&file).unwrap();
    assert!(xml.starts_with("<?xml") && xml.contains("<failure type=\"Diverge\""), "{xml}");
    assert!(xml.contains(&format!("finding {}", finding(folder.path()))));
}

#[test]
fn a_report_can_be_about_one_finding_some_time_or_some_runs() {
    let folder = store();
    let finding = finding(folder.path());
    let one = report(folder.path(), &["--format", "markdown", "--out", "-", "--finding", &finding]);
    assert!(one.contains("1 run and 1 finding of ") && one.contains(&format!("only {finding}")), "{one}");
    let none = report(folder.path(), &["--format", "markdown", "--out", "-", "--since", "2999-01-01"]);
    assert!(none.contains("0 runs and 0 findings of ") && none.contains("since 2999"), "{none}");
    let all = report(folder.path(), &["--format", "markdown", "--out", "-", "--since", "1h"]);
    assert!(all.contains("2 runs and 1 finding of "), "{all}");
    let limited = report(folder.path(), &["--format", "markdown", "--out", "-", "--limit", "1"]);
    assert!(limited.contains("1 run and 1 finding of ") && limited.contains("1 runs, which are older"), "{limited}");
}

#[test]
fn what_is_damaged_is_named_and_takes_nothing_else_along() {
    let folder = store();
    let mut runs: Vec<_> =
        fs::read_dir(folder.path().join("store/runs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    runs.sort();
    let text = fs::read(&runs[0]).unwrap();
    fs::write(&runs[0], &text[..text.len() / 2]).unwrap();
    let finding_file = folder.path().join("store/findings").join(finding(folder.path())).join("finding.json");
    fs::write(finding_file, "{}").unwrap();
    let markdown = report(folder.path(), &["--format", "markdown", "--out", "-"]);
    let name = runs[0].file_stem().unwrap().to_str().unwrap().replace('_', "\\_");
    assert!(markdown.contains("1 run and 0 findings of "), "{markdown}");
    assert!(markdown.contains(&format!("**Left out:** run {name}")), "{markdown}");
    assert!(markdown.contains("**Left out:** finding F"), "{markdown}");
}

#[test]
fn names_that_mean_something_in_html_or_a_terminal_are_only_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("<img src=x onerror=alert(1)>\u{202e}\u{1b}[31m'\".s");
    fs::write(&file, "addi x5, x0, 1\n").unwrap();
    let place = place(folder.path());
    let insts = file.display().to_string();
    stdout(&["diff", "--store", &place, "-b", "reference", "-b", "reference@openvm", "--insts", &insts], 0);
    let page = report(folder.path(), &["--out", "-"]);
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;<span class=\"spelled\">⟨U+202E⟩</span>"), "{page}");
    assert!(!page.contains("<img") && !page.contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = store();
    let place = place(folder.path());
    let missing = complaint(&["report", "--store", &folder.path().join("none").display().to_string()], 1);
    assert!(missing.contains("none"), "{missing}");
    let unknown = complaint(&["report", "--store", &place, "--finding", "F0000000000000000"], 1);
    assert!(unknown.contains("F0000000000000000"), "{unknown}");
    let since = complaint(&["report", "--store", &place, "--since", "yesterday"], 1);
    assert!(since.contains("yesterday") && since.contains("7d"), "{since}");
    let nowhere = complaint(&["report", "--store", &place, "--out", "/proc/report.html"], 7);
    assert!(nowhere.contains("--out -"), "{nowhere}");
    assay(&["report", "--store", &place, "--out", ".."]).assert().code(1);
}
