//! `assay bugs` without any zkVM: what is read, what is refused, what cannot be looked for.

use std::fs;

use tempfile::TempDir;

use crate::support::{assay, complaint, json, stdout};

fn bug(id: &str) -> String {
    format!(
        "schema = \"assay.bug/1\"\nid = \"{id}\"\nzkvm = \"openvm\"\ntitle = \"it\\u001b[31m goes on\"\naffected = [\"2.0.2\"]\n\
         [trigger]\nasm = [\"nop\"]\n[expected]\nkind = \"divergence\"\n"
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().expect("temporary folders have plain names")
}

#[test]
fn the_bugs_that_are_shipped_are_read() {
    let list = json(&["bugs", "list"], 0);
    assert_eq!(list["schema"], "assay.bug_list/1");
    let bugs = list["bugs"].as_array().unwrap();
    assert!(bugs.len() >= 9, "{bugs:?}");
    for bug in bugs {
        let (id, zkvm) = (bug["id"].as_str().unwrap(), bug["zkvm"].as_str().unwrap());
        assert!(id.starts_with(zkvm) && bug["notes"].is_string() && bug["reference"].is_string(), "{bug}");
    }
    assert!(stdout(&["bugs", "list"], 0).contains("openvm-misaligned-load"));
}

#[test]
fn a_backend_that_is_not_installed_is_passed_over_unless_it_was_asked_for() {
    let bugs = folder(&[("openvm-a.toml", &bug("openvm-a")), ("openvm-b.toml", &bug("openvm-b"))]);
    let cache = tempfile::tempdir().unwrap();
    let check = |more: &[&str]| {
        let mut command = assay(&[&["bugs", "check", "--bugs", path(&bugs)], more].concat());
        command.env("ASSAY_CACHE", cache.path());
        command.assert()
    };
    let output = check(&["--format", "json"]).code(0).get_output().stdout.clone();
    let report: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(report["schema"], "assay.bug_report/1");
    assert_eq!(report["bugs"].as_array().unwrap().len(), 2);
    assert_eq!(report["bugs"][0]["result"], "not_run");
    let output = check(&["openvm-b"]).code(0).get_output().stdout.clone();
    let text = String::from_utf8(output).unwrap();
    assert!(text.contains("openvm-b") && text.contains("not run") && !text.contains("openvm-a"), "{text}");
    check(&["-b", "openvm"]).code(6).stdout("");
    check(&["-b", "sp1"]).code(0).stdout("no known bugs\n");
    let said = |more: &[&str], code| String::from_utf8(check(more).code(code).stdout("").get_output().stderr.clone());
    assert!(said(&["-b", "opnvm"], 6).unwrap().contains("there is no runner \"opnvm\""));
    assert!(said(&["-b", "openvm@2.0.2"], 1).unwrap().contains("-b openvm --with openvm=openvm@2.0.2"));
}

#[test]
fn what_is_no_bug_is_refused_by_the_name_of_its_file() {
    let refused = |name: &str, text: &str, expected: &str| {
        let bugs = folder(&[("openvm-good.toml", &bug("openvm-good")), (name, text)]);
        let said = complaint(&["bugs", "list", "--bugs", path(&bugs)], 1);
        assert!(said.contains(name) && said.contains(expected), "{said}");
    };
    refused("a.toml", "not toml at all", "a.toml");
    refused("b.toml", &bug("other"), "name the file after it");
    refused("c.toml", &bug("c").replace("assay.bug/1", "assay.bug/9"), "newer Assay");
    refused("d.toml", &bug("d").replace("asm = [", "hex = ["), "hex");
    refused("e.toml", &bug("e").replace("asm = [\"nop\"]", "core = { input = { n = 1 } }"), "name");
    let odd = folder(&[("openvm-odd.toml", &bug("openvm-odd").replace("title", "colour = 1\ntitle"))]);
    let output = assay(&["bugs", "list", "--bugs", path(&odd)]).assert().code(0).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("colour"));
    assert!(!String::from_utf8(output.stdout).unwrap().contains('\u{1b}'));
    assert!(complaint(&["bugs", "list", "--bugs", "/nowhere/at/all"], 1).contains("/nowhere/at/all"));
    assert!(complaint(&["bugs", "check", "no-such-bug"], 1).contains("no-such-bug"));
}
