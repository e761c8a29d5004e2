//! Cores: built by name, natively and for the reference machine's platforms, and compared in what they say.

use std::fs;

use assay_spec::RunLog;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{complaint, json, stdout};

/// The outcome of that name in a run log.
fn outcome<'a>(log: &'a Value, name: &str) -> &'a Value {
    let found =
        log["outcomes"].as_array().expect("a run log has outcomes").iter().find(|outcome| outcome["name"] == name);
    &found.unwrap_or_else(|| panic!("{name}: {log:#}"))["outcome"]
}

/// Native against the reference machine on `platforms`.
fn diff(core: &str, more: &[&str], code: i32) -> Value {
    let backends = ["-b", "native", "-b", "reference@standard", "-b", "reference@sp1", "-b", "reference@openvm"];
    json(&[&["diff", "--no-store", "--core", core], &backends[..], more].concat(), code)
}

#[test]
fn each_core_does_natively_what_it_does_on_every_platform() {
    for core in ["fib", "io_echo", "arithmetic", "simple_struct", "alloc_heavy", "sort", "sha256"] {
        let log = diff(core, &[], 0);
        assert_eq!(log["subject"], core);
        assert_eq!(log["baseline"], "native");
        let comparisons = log["comparisons"].as_array().unwrap();
        assert_eq!(comparisons.len(), 3);
        for comparison in comparisons {
            assert_eq!(
                (&comparison["basis"], &comparison["verdict"]["result"]),
                (&"same_core".into(), &"agree".into())
            );
        }
        let native = outcome(&log, "native");
        assert_eq!((&native["backend"]["platform"], &native["run"]["status"]), (&"native".into(), &"Ok".into()));
        assert_ne!(native["run"]["output"], "", "{core} says nothing");
        assert_eq!(outcome(&log, "reference@sp1")["backend"]["isa"], "rv64im");
    }
}

/// On every platform, and with the core in Rust that takes the same input.
#[test]
fn a_core_in_c_does_what_the_one_in_rust_does() {
    for n in [0, 1, 24, 93, 127, 128] {
        let input = format!("{{\"n\": {n}}}");
        let logs = ["c_fib", "fib"].map(|core| diff(core, &["--input-json", &input, "-b", "reference@risc0"], 0));
        let [c, rust] = logs.each_ref().map(|log| &outcome(log, "native")["run"]["output"]);
        assert_eq!(c, rust, "{n}");
        assert!(c.as_str().unwrap().len() == 16 && logs[0]["comparisons"].as_array().unwrap().len() == 4);
    }
}

#[test]
fn a_core_in_c_ends_alike_everywhere() {
    for (end, status, code, message) in [
        (r#"{"return": {"code": 0}}"#, "Ok", 0, ""),
        (r#"{"return": {"code": 255}}"#, "Failed", 255, ""),
        (r#"{"exit": {"code": 42}}"#, "Failed", 42, ""),
        (r#""abort""#, "Failed", 134, ""),
        (r#""assert""#, "Panic", 101, "assertion failed: end == RETURN"),
        (r#""panic""#, "Panic", 101, "as asked"),
    ] {
        let input = format!("{{\"data\": \"0102\", \"end\": {end}}}");
        let log = diff("c_echo", &["--input-json", &input, "-b", "reference@risc0"], 0);
        for run in log["outcomes"].as_array().unwrap() {
            let report = &run["outcome"]["run"];
            assert_eq!(
                (&report["status"], &report["output"].as_str().unwrap()[..4]),
                (&status.into(), "0102"),
                "{run:#}"
            );
            // RISC Zero has a panic of its own, without an exit code.
            if status != "Panic" {
                assert_eq!(report["exit_code"], code, "{run:#}");
            }
            let said = report["message"].as_str().unwrap_or_default();
            assert!(said.ends_with(message) && (message.is_empty() || said.starts_with("main.c:")), "{run:#}");
        }
    }
}

#[test]
fn a_panic_is_the_same_panic_everywhere_with_what_was_said_before_it() {
    let log =
        diff("panic_test", &["--input-json", r#"{"output": "0102", "end": {"message": {"text": "went wrong"}}}"#], 0);
    for run in log["outcomes"].as_array().unwrap() {
        let report = &run["outcome"]["run"];
        assert_eq!(report["status"], "Panic", "{run:#}");
        let message = report["message"].as_str().unwrap();
        assert!(message.starts_with("panic_test/src/main.rs:") && message.ends_with("\nwent wrong"), "{message}");
        assert!(report["output"].as_str().unwrap().starts_with("0102"), "{run:#}");
    }
}

#[test]
fn a_core_that_depends_on_the_width_of_usize_is_found_where_usize_is_narrow() {
    let log = diff("usize_width", &[], 2);
    let verdict = |target: &str| {
        let comparisons = log["comparisons"].as_array().unwrap();
        comparisons.iter().find(|comparison| comparison["target"] == target).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("reference@sp1")["result"], "agree");
    for narrow in ["reference@standard", "reference@openvm"] {
        let verdict = verdict(narrow);
        assert_eq!(
            (&verdict["result"], &verdict["detail"][0]["kind"]),
            (&"diverge".into(), &"output".into()),
            "{narrow}"
        );
    }
    assert!(log["comparisons"][0]["notes"][0].as_str().unwrap().contains("the core itself"), "{log:#}");
}

#[test]
fn a_divergence_of_a_core_is_a_finding_about_the_core_and_is_reproduced() {
    let place = TempDir::new().unwrap();
    let store = ["--store", place.path().to_str().unwrap()];
    let run = ["diff", "--core", "usize_width", "-b", "native", "-b", "reference"];
    let text = stdout(&[&run[..], &store].concat(), 2);
    assert!(text.contains("the core usize_width does otherwise on standard than on native"), "{text}");
    let findings: Vec<_> = fs::read_dir(place.path().join("findings")).unwrap().map(Result::unwrap).collect();
    assert_eq!(findings.len(), 1);
    let folder = findings[0].path();
    let log = fs::read(folder.join("run_log.json")).unwrap();
    let log: RunLog = serde_json::from_slice(&log).unwrap();
    let record = log.record.unwrap();
    assert_eq!(serde_json::to_value(&record.source).unwrap()["detail"]["name"], "usize_width");
    assert_eq!(record.input.json.unwrap()["count"], 65537);
    assert_eq!(record.backends, ["native", "reference@standard"]);
    let text = stdout(&[&["replay", folder.to_str().unwrap()], &store[..]].concat(), 0);
    assert!(text.contains("reproduced"), "{text}");
}

#[test]
fn inputs_are_encoded_by_the_core_whichever_way_they_come() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (text, raw) = (path("input.json", br#"{"n": 10}"#), path("input.bin", &[10]));
    for input in [["--input", &text], ["--input", &raw], ["--input-hex", "0a"], ["--input-json", r#"{"n": 10}"#]] {
        for backend in ["native", "reference"] {
            let run = json(&[&["run", "--core", "fib", "-b", backend], &input[..]].concat(), 0);
            assert_eq!(run["run"]["output"], "3700000000000000", "{input:?} {backend}");
        }
    }
    for (input, said) in
        [(r#"{"m": 1}"#, "no field \"m\""), (r#"{"n": -1}"#, "n"), ("{", "not JSON"), ("[]", "none for the core fib")]
    {
        let text = complaint(&["run", "--core", "fib", "--input-json", input], 1);
        assert!(text.contains(said) && text.contains("{\"n\":24}"), "{input}: {text}");
    }
}

#[test]
fn a_core_without_an_end_is_ended_natively_and_on_the_machine() {
    let forever = ["--input-json", r#"{"iterations": 1, "forever": true}"#, "--timeout", "1s", "--max-steps", "10000"];
    let log = diff("timeout_test", &forever, 5);
    for run in log["outcomes"].as_array().unwrap() {
        assert_eq!(run["outcome"]["run"]["status"], "Timeout", "{run:#}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_can() {
    for (arguments, said) in [
        (&["run", "--core", "fibb"][..], "--core fib"),
        (&["run", "--core", "Panic-Test"], "--core panic_test"),
        (&["run", "-b", "native", "--asm", "nop"], "--core fib"),
        (&["run", "-b", "native", "--core", "fib", "--platform", "sp1"], "--platform"),
        (&["run", "--core", "fib", "--reg", "x5=1"], "--reg"),
        (&["run", "--asm", "nop", "--input-json", "{}"], "--core"),
        (&["diff", "--no-store", "-b", "native", "-b", "reference", "--asm", "nop"], "--core fib"),
        (&["backend", "install", "native"], "built in"),
        (&["backend", "install", "native", "--binary", "/bin/true"], "built in"),
    ] {
        let text = complaint(arguments, 1);
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
    for verb in ["trace", "prove"] {
        complaint(&[verb, "--core", "fib", "-b", "native"], 6);
    }
}

#[test]
fn a_machine_that_is_wrong_on_purpose_is_wrong_about_cores_too() {
    let fault = ["--plant-fault", "add:+1"];
    let log =
        json(&[&["diff", "--no-store", "--core", "fib", "-b", "native", "-b", "reference"], &fault[..]].concat(), 2);
    let found = |target: &str, basis: &str| {
        let comparisons = log["comparisons"].as_array().unwrap();
        let found =
            comparisons.iter().find(|comparison| comparison["target"] == target && comparison["basis"] == basis);
        found.unwrap_or_else(|| panic!("{target} {basis}: {log:#}"))["verdict"]["result"].clone()
    };
    assert_eq!(found("reference", "same_core"), "agree");
    assert_eq!(found("reference+fault", "same_guest"), "diverge");
}

#[test]
fn the_native_backend_is_listed_and_examined() {
    let list = json(&["backend", "list"], 0);
    let native = list["backends"].as_array().unwrap().iter().find(|row| row["name"] == "native").unwrap();
    assert_eq!((&native["state"], &native["description"]["platforms"][0]), (&"built_in".into(), &"native".into()));
    let report = json(&["backend", "doctor", "native"], 0);
    let checks = report["checks"].as_array().unwrap();
    let result = |verb: &str| checks.iter().find(|check| check["verb"] == verb).unwrap()["result"].clone();
    assert_eq!((result("execute"), result("prove")), ("ok".into(), "absent".into()));
}
