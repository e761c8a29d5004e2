//! What the compiler and clippy cannot say: file sizes, floors between crates, words that do not belong in the tree.

use std::{fs, path::Path};

use crate::command::source_files;

/// Lines of a Rust file beyond which it is about two things.
const FILE_LINES_MAX: usize = 620;

/// Crates by floor, as ARCHITECTURE.md has them: a crate depends on crates of lower floors only.
const FLOORS: &[(&str, u32)] = &[
    ("assay-isa", 0),
    ("assay-spec", 0),
    ("assay-guest-rt", 0),
    ("assay-runner-build", 0),
    ("assay-tile-macros", 0),
    ("assay-tile", 1),
    ("assay-accelerators", 1),
    ("assay-machine", 1),
    ("assay-trace", 1),
    ("assay-oracle", 1),
    ("assay-guest", 1),
    ("assay-runner-kit", 2),
    ("assay-backend", 2),
    ("assay-store", 2),
    ("assay-snapshot", 2),
    ("assay-fuzz", 3),
    ("assay-report", 3),
    ("assay-conform", 3),
    ("assay-tile-host", 3),
    ("assay-cli", 4),
];

/// Crates that do no I/O and read no clock or environment outside of their tests.
const PURE: &[&str] =
    &["assay-accelerators", "assay-isa", "assay-spec", "assay-machine", "assay-oracle", "assay-report"];

/// What a pure crate does not name.
const IMPURE: &[&str] = &["std::fs", "std::net", "std::env", "std::process::Command", "Instant::now", "SystemTime"];

/// Modules of std that a pure crate does not import in a group either.
const IMPURE_MODULES: &[&str] = &["env", "fs", "net", "process"];

/// Prefixes of packages that only runners may depend on.
const ZKVM_PACKAGES: &[&str] = &["openvm", "risc0-", "sp1-"];
/// Packages of zkVMs that are no SDK: programs for an accelerator, as data of guests.
const ZKVM_DATA: &[&str] = &["risc0-bigint2"];

/// Checks the tree; returns a summary, or every complaint, a line each.
pub(crate) fn run(root: &Path) -> Result<String, String> {
    let files = source_files(root)?;
    let mut complaints = Vec::new();
    for name in &files {
        let Ok(text) = fs::read_to_string(root.join(name)) else { continue };
        complaints.extend(check_text(name, &text).into_iter().map(|complaint| format!("{name}{complaint}")));
        if name.ends_with("Cargo.toml") {
            complaints.extend(check_manifest(name, &text));
        }
        if name == "Cargo.lock" {
            complaints.extend(zkvm_packages(&text));
        }
    }
    if complaints.is_empty() { Ok(format!("{} files", files.len())) } else { Err(complaints.join("\n")) }
}

fn check_text(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if generated(name) {
        return complaints;
    }
    let rust = has_extension(name, "rs");
    if rust && text.lines().count() > FILE_LINES_MAX {
        complaints.push(format!(": over {FILE_LINES_MAX} lines; it is about two things: split it"));
    }
    if rust && name.ends_with("/mod.rs") {
        complaints.push(": write foo.rs beside foo/ instead of foo/mod.rs".to_owned());
    }
    if rust && name.contains("/src/") && !text.starts_with("//!") && !text.starts_with("#!") {
        complaints.push(":1: begin with module docs (//!) that say why the file exists".to_owned());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        complaints.push(": the last line has no end".to_owned());
    }
    let pure = PURE.iter().any(|krate| name.starts_with(&format!("crates/{krate}/src/")));
    for (index, line) in text.lines().enumerate() {
        let mut complain = |what: &str| complaints.push(format!(":{}: {what}", index + 1));
        if line.ends_with([' ', '\t']) {
            complain("white space at the end of the line");
        }
        // Here and below, spelled in two halves so that this file passes its own check.
        if [concat!("/ro", "ot/"), concat!("/wo", "rk/")].iter().any(|path| line.contains(path)) {
            complain("a path of one machine");
        }
        // What macros make stands in the crates of others, where an expectation may go unfulfilled.
        let generated = name.starts_with("crates/assay-tile-macros/");
        if rust
            && !generated
            && [concat!("#[", "allow("), concat!("#![", "allow(")].iter().any(|attribute| line.contains(attribute))
        {
            complain("use #[expect(…, reason = \"…\")]");
        }
        if [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")].iter().any(|word| line.contains(word)) {
            complain("finish it, or leave it out");
        }
        if pure && name != "crates/assay-spec/src/exit.rs" && IMPURE.iter().any(|path| line.contains(path)) {
            complain("this crate does no I/O and reads no clock or environment");
        }
    }
    if pure && let Some(module) = imported_from_std(text).find(|module| IMPURE_MODULES.contains(module)) {
        complaints.push(format!(": imports std::{module}: this crate does no I/O and reads no clock or environment"));
    }
    complaints
}

/// Modules that `use std::{…};` names at its first level, however it is broken into lines.
fn imported_from_std(text: &str) -> impl Iterator<Item = &str> {
    let groups = text.split("use std::{").skip(1).filter_map(|rest| rest.split_once(';'));
    groups
        .flat_map(|(group, _)| {
            let mut depth = 0;
            group.split(move |c: char| {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                c == ',' && depth == 0
            })
        })
        .map(|path| path.trim_start().split([':', ' ', '}', '\n']).next().unwrap_or(""))
}

fn check_manifest(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let Some(krate) = name.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml")) else {
        return complaints;
    };
    if krate.contains('/') {
        return complaints;
    }
    if !text.contains("[lints]\nworkspace = true") {
        complaints.push(format!("{name}: [lints] workspace = true is missing"));
    }
    let floor = |krate: &str| FLOORS.iter().find(|(name, _)| *name == krate).map(|(_, floor)| *floor);
    let Some(own) = floor(krate) else {
        complaints.push(format!("{name}: give {krate} its floor in ARCHITECTURE.md and in tidy"));
        return complaints;
    };
    let dependencies = text.split("\n[").find_map(|section| section.strip_prefix("dependencies]")).unwrap_or("");
    for line in dependencies.lines() {
        let dependency = line.split(['.', ' ', '=']).next().unwrap_or("");
        if dependency.starts_with("assay-") && floor(dependency).is_none_or(|floor| floor >= own) {
            complaints.push(format!("{name}: {krate} (floor {own}) must not depend on {dependency}"));
        }
    }
    complaints
}

fn zkvm_packages(lock: &str) -> Vec<String> {
    lock.lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .filter(|name| ZKVM_PACKAGES.iter().any(|prefix| name.starts_with(prefix)))
        .filter(|name| !ZKVM_DATA.contains(name))
        .map(|name| format!("Cargo.lock: {name}: zkVM SDKs live in runners, not in the main workspace"))
        .collect()
}

fn generated(name: &str) -> bool {
    name.ends_with("Cargo.lock")
        || has_extension(name, "snap")
        || name.contains("/data/")
        || name.starts_with("docs/schemas/")
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_finds_its_fault() {
        let faults = [
            ("crates/a/src/lib.rs", "fn f() {}\n".to_owned(), "module docs"),
            ("crates/a/src/x/mod.rs", "//! x\n".to_owned(), "mod.rs"),
            ("crates/a/src/lib.rs", "//! x\n".repeat(FILE_LINES_MAX + 1), "two things"),
            ("README.md", "x".to_owned(), "no end"),
            ("README.md", "x \n".to_owned(), "white space"),
            ("README.md", concat!("see /ro", "ot/x\n").to_owned(), "one machine"),
            ("crates/a/src/lib.rs", concat!("//! x\n#[", "allow(dead_code)]\n").to_owned(), "expect"),
            ("README.md", concat!("TO", "DO\n").to_owned(), "finish"),
            ("crates/assay-isa/src/lib.rs", "//! x\nuse std::fs::File;\n".to_owned(), "no I/O"),
            (
                "crates/assay-isa/src/lib.rs",
                "//! x\nuse std::{\n    fmt::{self, Write},\n    fs,\n};\n".to_owned(),
                "std::fs",
            ),
        ];
        for (name, text, expected) in faults {
            let complaints = check_text(name, &text).join("\n");
            assert!(complaints.contains(expected), "{name}: {complaints:?} lacks {expected:?}");
        }
        assert!(check_text("crates/a/src/lib.rs", "//! x\nfn f() {}\n").is_empty());
        assert!(check_text("crates/assay-isa/src/lib.rs", "//! x\nuse std::{fmt, str::FromStr};\n").is_empty());
    }

    #[test]
    fn a_crate_may_not_depend_on_its_own_floor_or_above() {
        let manifest = |dependency: &str| {
            format!("[package]\n\n[lints]\nworkspace = true\n\n[dependencies]\n{dependency}.workspace = true\n")
        };
        let check = |dependency| check_manifest("crates/assay-machine/Cargo.toml", &manifest(dependency));
        assert!(check("assay-isa").is_empty());
        assert!(check("serde").is_empty());
        assert_eq!(check("assay-guest").len(), 1);
        assert_eq!(check("assay-cli").len(), 1);
        assert_eq!(check_manifest("crates/assay-new/Cargo.toml", &manifest("serde")).len(), 1);
    }

    #[test]
    fn a_zkvm_sdk_in_the_main_lockfile_is_found() {
        assert_eq!(zkvm_packages("[[package]]\nname = \"openvm-circuit\"\n").len(), 1);
        assert!(zkvm_packages("[[package]]\nname = \"serde\"\n").is_empty());
    }
}
