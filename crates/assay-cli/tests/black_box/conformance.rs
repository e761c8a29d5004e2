//! What the kit finds on each backend, written by the tests that find it: `docs/conformance.md`, and
//! `docs/conformance-isa.md`, which has a row for each program of the group `isa` and columns for backends and modes.
//!
//! With `ASSAY_WRITE_DOCS` set they write them; without, they fail where one is out of date.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use assay_conform::isa;
use assay_isa::Xlen;
use serde_json::Value;

/// What stands in the table of programs where a backend has no such program, or a mode leaves it out.
const NOT_TRIED: &str = "-";

/// Tests that write a page wait for each other.
static WRITING: Mutex<()> = Mutex::new(());

/// The groups that the page is about. Known answers of accelerators are tested where accelerators are.
const GROUPS: [&str; 11] =
    ["input", "output", "exit", "trap", "misaligned", "corner", "isa", "elf", "stack", "hostile", "call"];

/// Longer than a case takes anywhere. The default is too short for the longest where it runs unoptimised on a busy machine,
/// and no case is about the clock.
const TIMEOUT: [&str; 2] = ["--timeout", "10m"];

/// The arguments that choose these groups, and let no case run out of time.
pub(crate) fn chosen() -> Vec<String> {
    let cases = GROUPS.iter().flat_map(|group| ["--case".to_owned(), format!("{group}/*")]);
    cases.chain(TIMEOUT.map(str::to_owned)).collect()
}

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn is_writing() -> bool {
    env::var_os("ASSAY_WRITE_DOCS").is_some()
}

/// Holds the section of `backend` against `report`, or writes it; and its columns in the table of programs.
pub(crate) fn check(backend: &str, report: &Value) {
    check_section(backend, report);
    check_programs(backend, report);
}

/// The same for the table of programs: what ran by itself, and what ran in one and was proved.
pub(crate) fn check_programs(backend: &str, report: &Value) {
    for run in report["runs"].as_array().expect("a report has runs") {
        let width = word(&run["backend"]["isa"]);
        let cases = run["cases"].as_array().expect("a run has cases").iter();
        let tried: Vec<_> = cases.filter(|case| case["result"]["result"] != "skipped").collect();
        let own = tried
            .iter()
            .filter_map(|case| Some((case["name"].as_str()?.strip_prefix("isa/")?.to_owned(), shown(&case["result"]))));
        let column = if backend == "reference" { format!("{backend} {width}") } else { backend.to_owned() };
        check_column(&format!("{column} execute"), &own.collect::<Vec<_>>());
        if let Some(proof) = tried.iter().find(|case| case["name"] == "proof/every-instruction") {
            let xlen = if width.starts_with("rv64") { Xlen::Rv64 } else { Xlen::Rv32 };
            let names = isa::tests(xlen).into_iter().map(|test| test.name).filter(|name| name != isa::FENCE);
            let results: Vec<_> = names.map(|name| (name, shown(&proof["result"]))).collect();
            check_column(&format!("{column} prove"), &results);
        }
    }
}

/// A result as the table has it.
fn shown(result: &Value) -> String {
    match word(&result["result"]).as_str() {
        "fail" if result["detail"]["bug"].is_null() => "FAIL".to_owned(),
        "fail" => "FAIL (known)".to_owned(),
        other => other.to_owned(),
    }
}

/// Holds a column of the table of programs against `results`, or writes it, with rows for programs that are new.
fn check_column(title: &str, results: &[(String, String)]) {
    // A report without any is of a choice of cases, or of native guests, which have no hart.
    if results.is_empty() {
        return;
    }
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = docs("conformance-isa.md");
    let page = fs::read_to_string(&path).expect("docs/conformance-isa.md is there");
    let start = page.find("| program |").expect("the page has its table");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut rows: Vec<Vec<String>> = page[start..].lines().map(cells).collect();
    let column = rows[0].iter().position(|cell| cell == title);
    let column = column.unwrap_or_else(|| panic!("{} has no column {title}", path.display()));
    let width = rows[0].len();
    for (name, _) in results {
        if rows.iter().all(|row| row[0].trim_matches('`') != *name) {
            rows.push([vec![format!("`{name}`")], vec![NOT_TRIED.to_owned(); width - 1]].concat());
        }
    }
    for row in &mut rows[2..] {
        let result = results.iter().find(|(name, _)| row[0].trim_matches('`') == name);
        row[column] = result.map_or_else(|| NOT_TRIED.to_owned(), |(_, result)| result.clone());
    }
    let lines: Vec<_> = rows.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect();
    let new = format!("{}{}", &page[..start], lines.concat());
    if is_writing() {
        fs::write(&path, new).expect("the page can be written");
        return;
    }
    assert_eq!(page, new, "docs/conformance-isa.md is out of date for {title}: set ASSAY_WRITE_DOCS");
}

fn check_section(backend: &str, report: &Value) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = docs("conformance.md");
    let page = fs::read_to_string(&path).expect("docs/conformance.md is there");
    let (begin, end) = (format!("<!-- {backend} -->\n"), format!("<!-- end of {backend} -->"));
    let start =
        page.find(&begin).unwrap_or_else(|| panic!("{} has no section {backend}", path.display())) + begin.len();
    let stop = start + page[start..].find(&end).expect("a section has its end");
    let section = section(report);
    if is_writing() {
        fs::write(&path, format!("{}{section}{}", &page[..start], &page[stop..])).expect("the page can be written");
        return;
    }
    assert_eq!(&page[start..stop], section, "docs/conformance.md is out of date for {backend}: set ASSAY_WRITE_DOCS");
}

fn section(report: &Value) -> String {
    let mut text = String::new();
    for run in report["runs"].as_array().expect("a report has runs") {
        let counts = |name: &str| run["counts"][name].as_u64().expect("a count is a number");
        let _ = write!(
            text,
            "\n{} {}, platform {}, {}: **{} pass, {} limit, {} FAIL** ({} known bugs), {} do not apply.\n\n",
            word(&run["backend"]["name"]),
            word(&run["backend"]["version"]),
            word(&run["backend"]["platform"]),
            word(&run["backend"]["isa"]),
            counts("pass"),
            counts("limit"),
            counts("fail"),
            counts("known_bug"),
            counts("skipped"),
        );
        let mut rows: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for case in run["cases"].as_array().expect("a run has cases") {
            let detail = &case["result"]["detail"];
            let why = match word(&case["result"]["result"]).as_str() {
                "limit" => {
                    ("limit".to_owned(), format!("{} Source: {}.", word(&detail["why"]), word(&detail["source"])))
                }
                "fail" if detail["bug"].is_null() => ("FAIL".to_owned(), word(&detail["seen"])),
                "fail" => ("FAIL".to_owned(), format!("known bug `{}`", word(&detail["bug"]))),
                _ => continue,
            };
            rows.entry(why).or_default().push(format!("`{}`", word(&case["name"])));
        }
        if !rows.is_empty() {
            text.push_str("| cases | result | why |\n|---|---|---|\n");
        }
        for ((result, why), names) in rows {
            let _ = writeln!(text, "| {} | {result} | {} |", names.join(", "), why.replace('|', "\\|"));
        }
    }
    text.push('\n');
    text
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
