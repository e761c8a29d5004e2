//! Backends that are not installed.

use std::fs;

use crate::support::assay;

fn with_cache(cache: &std::path::Path, arguments: &[&str]) -> assert_cmd::Command {
    let mut command = assay(arguments);
    command.env("ASSAY_CACHE", cache);
    command
}

#[test]
fn a_missing_runner_is_exit_code_6_with_the_command_that_installs_it() {
    let cache = tempfile::tempdir().unwrap();
    for verb in [&["run"][..], &["trace"], &["diff", "-b", "reference"]] {
        let arguments = [verb, &["-b", "openvm", "--asm", "nop"]].concat();
        let output = with_cache(cache.path(), &arguments).assert().code(6).stdout("").get_output().clone();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("assay backend install openvm"), "{verb:?}: {text}");
    }
}

#[test]
fn the_list_shows_what_is_installed_and_what_is_not() {
    let cache = tempfile::tempdir().unwrap();
    let output = with_cache(cache.path(), &["backend", "list"]).assert().code(0).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("reference") && text.contains("built in"), "{text}");
    assert!(text.contains("openvm") && text.contains("not installed"), "{text}");
    let output =
        with_cache(cache.path(), &["backend", "list", "--format", "json"]).assert().code(0).get_output().clone();
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        list["schema"] == "assay.backend_list/1" && list["backends"].as_array().is_some_and(|list| list.len() >= 2),
        "{list}"
    );
}

#[test]
fn what_a_newer_version_noted_about_a_runner_is_read_and_its_unknown_fields_are_named() {
    let cache = tempfile::tempdir().unwrap();
    fs::create_dir(cache.path().join("registry")).unwrap();
    let record = |version: &str| {
        format!(
            r#"{{"schema":"assay.installed_runner/{version}","name":"mine","binary":"/gone","binary_digest":"{}",
            "binary_bytes":1,"binary_modified_ms":1,"colour":"red","description":{{"name":"mine","sdk_version":"1",
            "platforms":[],"isa":"rv32im","capabilities":[],"limits":{{"misaligned_access":true}},"notes":[]}}}}"#,
            "0".repeat(64)
        )
    };
    let list = |version: &str| {
        fs::write(cache.path().join("registry/mine.json"), record(version)).unwrap();
        let output = with_cache(cache.path(), &["backend", "list"]).assert().code(0).get_output().clone();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (text, warning) = list("1.7");
    assert!(text.contains("binary missing") && warning.contains("colour"), "{text}\n{warning}");
    let (text, warning) = list("2");
    assert!(text.contains("unreadable") && warning.contains("newer Assay"), "{text}\n{warning}");
}

#[test]
fn a_binary_that_does_not_speak_the_protocol_is_not_registered() {
    let cache = tempfile::tempdir().unwrap();
    let arguments = ["backend", "install", "mine", "--binary", "/bin/true"];
    let output = with_cache(cache.path(), &arguments).assert().code(6).get_output().clone();
    assert!(!String::from_utf8(output.stderr).unwrap().is_empty());
    let left = fs::read_dir(cache.path().join("registry")).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

#[test]
fn doctor_of_the_reference_machine_runs_a_guest_through_every_verb_on_every_platform() {
    let cache = tempfile::tempdir().unwrap();
    let output = with_cache(cache.path(), &["backend", "doctor"]).assert().code(0).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    for platform in ["standard", "openvm", "risc0", "sp1"] {
        let row = text.lines().find(|line| line.split_whitespace().nth(1) == Some(platform));
        let cells: Vec<_> = row.unwrap_or_else(|| panic!("{platform}: {text}")).split_whitespace().skip(2).collect();
        assert_eq!(cells, ["works", "works", "absent", "absent", "absent"], "{text}");
    }
    let output = with_cache(cache.path(), &["backend", "doctor", "reference", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&{ output }.assert().code(0).get_output().stdout).unwrap();
    assert_eq!(report["schema"], "assay.backend_doctor/1");
    assert_eq!(report["checks"].as_array().map(Vec::len), Some(4 * 5));
    assert_eq!(report["checks"][0]["verb"], "execute");
}

#[test]
fn doctor_shows_an_installation_that_is_broken() {
    let cache = tempfile::tempdir().unwrap();
    fs::create_dir(cache.path().join("registry")).unwrap();
    fs::write(cache.path().join("registry/openvm.json"), "damaged").unwrap();
    let output = with_cache(cache.path(), &["backend", "doctor"]).assert().code(6).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("openvm open: FAILED") && text.contains("install the runner again"), "{text}");
    // The others are tried all the same.
    assert!(text.contains("reference execute on standard"), "{text}");
}

#[test]
fn installing_all_goes_on_after_a_failure_and_says_which_failed() {
    let folder = tempfile::tempdir().unwrap();
    let sources = folder.path().join("runners");
    for name in ["first", "second"] {
        fs::create_dir_all(sources.join(name)).unwrap();
        fs::write(sources.join(name).join("Cargo.toml"), "not a manifest").unwrap();
        fs::write(sources.join(name).join("Cargo.lock"), "").unwrap();
    }
    let mut command = with_cache(&folder.path().join("cache"), &["backend", "install", "--all"]);
    let output = command.env("ASSAY_RUNNERS_DIR", &sources).assert().code(6).stdout("").get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("2 of 2 runners could not be installed: first, second"), "{text}");
    assert!(text.contains("the runner first could not") && text.contains("the runner second could not"), "{text}");
    let logs = fs::read_dir(folder.path().join("cache/runners")).unwrap();
    let logs = logs.filter(|entry| entry.as_ref().unwrap().path().join("build.log").is_file()).count();
    assert_eq!(logs, 2, "{text}");
}

#[test]
fn the_list_fits_a_terminal_and_says_what_proofs_are_worth() {
    let cache = tempfile::tempdir().unwrap();
    fs::create_dir(cache.path().join("registry")).unwrap();
    let record = format!(
        r#"{{"schema":"assay.installed_runner/1","name":"mine","binary":"/gone","binary_digest":"{}","binary_bytes":1,
        "binary_modified_ms":1,"description":{{"name":"mine","sdk_version":"1.2.3","platforms":["openvm"],"isa":"rv32im",
        "capabilities":["execute","trace_instructions","trace_chip_rows","cost","prove","verify"],
        "proof_kinds":[{{"name":"app","security":{{"secure":true,"bits":100,"basis":"proven"}}}},
        {{"name":"app-insecure-fast","security":{{"secure":false,"basis":"few queries"}}}}],
        "limits":{{"output_bytes":256,"misaligned_access":true}},"notes":["{}"]}}}}"#,
        "0".repeat(64),
        "many words ".repeat(40)
    );
    fs::write(cache.path().join("registry/mine.json"), record).unwrap();
    let output = with_cache(cache.path(), &["backend", "list"]).assert().code(0).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in [
        "rv32im_xopenvm",
        "execute trace cost prove verify",
        "traces: instructions, chip rows",
        "proof app, the default: 100 bits, proven",
        "proof app-insecure-fast: INSECURE, few queries",
        "limit: public output is 256 bytes",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn doctor_says_that_there_is_no_place_for_runners() {
    let output = assay(&["doctor"]).env_remove("ASSAY_CACHE").env_remove("HOME").assert().code(1).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("FAILS") && text.contains("ASSAY_CACHE"), "{text}");
}

#[test]
fn installing_without_sources_says_where_they_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("registry")).unwrap();
    fs::write(folder.path().join("registry/openvm.json"), "installed once").unwrap();
    for what in ["--all", "openvm"] {
        let mut command = with_cache(folder.path(), &["backend", "install", what]);
        let output = command.env("ASSAY_RUNNERS_DIR", folder.path()).assert().code(6).stdout("").get_output().clone();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("no sources") && text.contains("ASSAY_RUNNERS_DIR"), "{what}: {text}");
    }
}

#[test]
fn installing_what_does_not_exist_names_what_does() {
    let cache = tempfile::tempdir().unwrap();
    let output = with_cache(cache.path(), &["backend", "install", "nosuch"]).assert().code(6).get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("nosuch") && text.contains("openvm"), "{text}");
}
