//! Sequences of tiles from the command line, without a zkVM: natively and on the reference machine.

use std::fs;

use assay_spec::Digest;
use assay_tile::InputBinding;
use serde_json::{Value, json as value};

use crate::{
    support::{complaint, json, stdout},
    tile::demo,
};

fn sequence<'a>(verb: &'a str, id: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["sequence", verb, id, "--path", demo()], more].concat()
}

/// What a claim says of an input.
fn digest(input: &[u8]) -> Value {
    value!({ "kind": "digest", "digest": Digest(*InputBinding::of(input, None).bytes()).to_string() })
}

#[test]
fn the_sequences_of_a_crate_are_listed_with_their_tiles() {
    let text = stdout(&["sequence", "list", "--path", demo()], 0);
    for line in ["eightfold", "tiles: double, double, double", "document-root", "tiles: leaves, merkle-root"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let list = json(&["sequence", "list", "--path", demo()], 0);
    assert_eq!(list["schema"], "assay.tile_list/1");
    assert_eq!(list["sequences"].as_array().unwrap().len(), 2);
}

#[test]
fn what_comes_out_of_a_tile_goes_into_the_next_whatever_backend_it_is_on() {
    let report =
        json(&sequence("preview", "eightfold", &["--input-json", "100", "-b", "reference", "-b", "2=native"]), 0);
    assert_eq!((&report["schema"], &report["answer"]["value"]), (&"assay.sequence_report/1".into(), &value!(800)));
    let steps = report["steps"].as_array().unwrap();
    let backends: Vec<_> = steps.iter().map(|step| step["outcome"]["backend"]["name"].as_str().unwrap()).collect();
    assert_eq!(backends, ["reference", "native", "reference"]);
    // 100, 200 and 400 in postcard.
    let inputs = [&[100][..], &[0xc8, 1], &[0x90, 3]];
    for ((step, input), output) in steps.iter().zip(inputs).zip([200, 400, 800]) {
        assert_eq!((&step["input"], &step["answer"]["value"]), (&digest(input), &value!(output)), "{step:#}");
    }
    let cycles = |step: &Value| step["cycles"].as_u64();
    assert!(cycles(&steps[0]) > Some(100), "{report:#}");
    assert_eq!(report["total"]["cycles"], Value::Null, "a native step has none, and so has the sum");
    assert_eq!(report["tiles"], 3);
}

#[test]
fn the_figures_of_the_tiles_are_added_up() {
    let report = json(&sequence("preview", "eightfold", &["--input-json", "5"]), 0);
    let steps = report["steps"].as_array().unwrap();
    let sum: u64 = steps.iter().map(|step| step["cycles"].as_u64().unwrap()).sum();
    assert_eq!((&report["total"]["cycles"], &report["total"]["proof_cycles"]), (&value!(sum), &value!(3 * 65_536)));
    let text = stdout(&sequence("preview", "eightfold", &["--input-json", "5"]), 0);
    assert!(text.contains("output: 40") && text.contains(&sum.to_string()), "{text}");
}

#[test]
fn a_tile_that_fails_ends_the_sequence_with_its_typed_error() {
    let report = json(&sequence("preview", "document-root", &["--input-json", "\"  \""]), 4);
    let answer = &report["answer"];
    assert_eq!(
        (&answer["result"], &answer["kind"], &answer["error"]),
        (&"failure".into(), &"tile".into(), &"NoLeaves".into())
    );
    assert_eq!((report["steps"].as_array().unwrap().len(), &report["steps"][1]["answer"]), (2, answer));
    let text = stdout(&sequence("preview", "document-root", &["--input-json", "\"  \""]), 4);
    assert!(text.contains("ended at tile 2 of 2, merkle-root"), "{text}");
    // Arguments that are none end it at once, and what follows is not run.
    let report = json(&sequence("preview", "document-root", &["--input-hex", "ff"]), 4);
    assert_eq!((report["steps"].as_array().unwrap().len(), &report["answer"]["kind"]), (1, &"input".into()));
}

#[test]
fn what_is_asked_for_wrongly_is_told() {
    for (arguments, code, expected) in [
        (sequence("preview", "eigthfold", &["--input-json", "1"]), 1, "did you mean eightfold?"),
        (sequence("preview", "double", &["--input-json", "1"]), 1, "no sequence"),
        (sequence("preview", "eightfold", &[]), 1, "u64"),
        (sequence("preview", "eightfold", &["--input-json", "1", "-b", "4=native"]), 1, "they are 1 to 3"),
        (
            sequence("preview", "eightfold", &["--input-json", "1", "-b", "2=native", "-b", "double=native"]),
            1,
            "has one already",
        ),
        (sequence("preview", "eightfold", &["--input-json", "1", "-b", "=native"]), 1, "TILE=NAME"),
        (sequence("prove", "eightfold", &["--input-json", "1", "-b", "reference"]), 6, "reference proves nothing"),
        (sequence("prove", "eightfold", &["--input-json", "1", "-b", "native"]), 6, "native proves nothing"),
    ] {
        let told = complaint(&arguments, code);
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}

#[test]
fn what_ties_no_proofs_together_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let verify = |more: &[&'static str]| [&["sequence", "verify", path], more].concat();
    let told = complaint(&verify(&[]), 1);
    assert!(told.contains("sequence.json"), "{told}");
    let file = folder.path().join("sequence.json");
    for (text, expected) in [
        ("", "ties no proofs together"),
        ("{}", "ties no proofs together"),
        (r#"{"schema":"assay.sequence_receipt/2"}"#, "newer Assay"),
        (r#"{"schema":"assay.tile_receipt/1"}"#, "not assay.sequence_receipt"),
    ] {
        fs::write(&file, text).unwrap();
        let told = complaint(&verify(&[]), 3);
        assert!(told.contains(expected), "{text}: {told}");
    }
    let nothing = value!({
        "schema": "assay.sequence_receipt/1", "sequence_id": "eightfold", "package": "tiles-demo",
        "package_version": "0.1.0", "tiles": [], "steps": [], "commitment": "00".repeat(32),
    });
    fs::write(&file, nothing.to_string()).unwrap();
    let done = json(&verify(&[]), 3);
    assert_eq!(done["verification"]["detail"]["check"], "chain", "{done:#}");
    let told = complaint(&verify(&["--sequence", "document-root"]), 3);
    assert!(told.contains("document-root was asked for"), "{told}");
}
