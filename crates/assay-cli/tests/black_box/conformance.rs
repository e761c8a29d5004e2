//! `docs/conformance.md`: what the kit finds on each backend, written by the tests that find it.
//!
//! With `ASSAY_WRITE_DOCS` set they write it; without, they fail where it is out of date.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::PathBuf};

use serde_json::Value;

/// The groups that the page is about. Known answers of accelerators are tested where accelerators are.
const GROUPS: [&str; 11] =
    ["input", "output", "exit", "trap", "misaligned", "corner", "isa", "elf", "stack", "hostile", "call"];

/// The arguments that choose these groups.
pub(crate) fn chosen() -> Vec<String> {
    GROUPS.iter().flat_map(|group| ["--case".to_owned(), format!("{group}/*")]).collect()
}

/// Holds the section of `backend` against `report`, or writes it.
pub(crate) fn check(backend: &str, report: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/conformance.md");
    let page = fs::read_to_string(&path).expect("docs/conformance.md is there");
    let (begin, end) = (format!("<!-- {backend} -->\n"), format!("<!-- end of {backend} -->"));
    let start =
        page.find(&begin).unwrap_or_else(|| panic!("{} has no section {backend}", path.display())) + begin.len();
    let stop = start + page[start..].find(&end).expect("a section has its end");
    let section = section(report);
    if env::var_os("ASSAY_WRITE_DOCS").is_some() {
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
