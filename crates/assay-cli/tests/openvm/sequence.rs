//! A sequence proved with the real OpenVM, and everything that its proofs are not.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json as value};
use tempfile::TempDir;

use crate::support::{assay, json};

/// The cheapest kind of proof that is a real one.
const KIND: &str = "app-insecure-fast";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The crate of tiles that ships, in a folder of its own.
fn demo() -> TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tiles-demo");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    for file in ["Cargo.toml", "Cargo.lock", "src/lib.rs"] {
        fs::copy(from.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// Proofs of a run, in a folder of their own.
struct Proofs {
    folder: TempDir,
    commitment: String,
}

fn prove(demo: &Path, input: &str) -> Proofs {
    let folder = tempfile::tempdir().unwrap();
    let place = ["--path", text(demo), "--out", text(folder.path())];
    let report = json(
        &[&["sequence", "prove", "document-root", "-b", "openvm", "--kind", KIND, "--input-json", input][..], &place]
            .concat(),
        0,
    );
    assert_eq!(report["verification"]["verification"]["result"], "verified", "{report:#}");
    Proofs { folder, commitment: report["envelope"]["commitment"].as_str().unwrap().to_owned() }
}

/// A copy of the folder, changed.
fn changed(proofs: &Proofs, change: impl FnOnce(&Path, &mut Value)) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(proofs.folder.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let file = copy.path().join("sequence.json");
    let mut json: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(copy.path(), &mut json);
    fs::write(&file, json.to_string()).unwrap();
    copy
}

/// The receipt of a step, as a folder's file names it.
fn receipt(folder: &Path, step: usize) -> PathBuf {
    let file: Value = serde_json::from_slice(&fs::read(folder.join("sequence.json")).unwrap()).unwrap();
    folder.join(file["steps"][step]["tile"]["receipt_file"].as_str().unwrap())
}

#[test]
#[ignore = "needs the openvm runner"]
fn the_proofs_of_a_sequence_are_one_run_of_it_and_nothing_else_is() {
    let demo = demo();
    let proofs = prove(demo.path(), "\"to be or\"");
    let other = prove(demo.path(), "\"to be\"");
    let verify = |folder: &Path, more: &[&str], code| {
        let (folder, place) = (text(folder), ["--path", text(demo.path())]);
        json(&[&["sequence", "verify", folder, "--accept-insecure"], &place[..], more].concat(), code)
    };
    let rejected = |folder: &TempDir| {
        let done = verify(folder.path(), &[], 3);
        done["verification"]["detail"]["check"].as_str().unwrap().to_owned()
    };

    let here = proofs.folder.path();
    let done = verify(here, &["--input-json", "\"to be or\"", "--commitment", &proofs.commitment], 0);
    assert_eq!(done["bound"], value!({ "sources": true, "commitment": true, "programs": "elf" }));
    let answer = &done["verification"]["detail"]["answer"];
    let (root, bytes) = (answer["value"].to_string(), answer["bytes"].as_str().unwrap());
    verify(here, &["--expect-output", &root], 0);
    verify(here, &["--expect-output-hex", bytes], 0);
    for wrong in [
        &["--input-json", "\"to be\""][..],
        &["--expect-output-hex", &"00".repeat(32)],
        &["--commitment", &other.commitment],
    ] {
        verify(here, wrong, 3);
    }
    // Who has nothing but the commitment is bound by it; who has nothing at all is told so.
    let empty = tempfile::tempdir().unwrap();
    let nowhere = |more: &[&str]| {
        let bare = ["sequence", "verify", text(here), "--accept-insecure"];
        let done = assay(&[&bare[..], more].concat()).current_dir(empty.path()).assert().code(0);
        String::from_utf8(done.get_output().stdout.clone()).unwrap()
    };
    assert!(nowhere(&["--commitment", &proofs.commitment]).contains("programs by their method ids"));
    assert!(nowhere(&[]).contains("no programs"));

    let swapped = changed(&proofs, |folder, _| {
        let (one, two) = (receipt(folder, 0), receipt(folder, 1));
        let bytes = fs::read(&one).unwrap();
        fs::copy(&two, &one).unwrap();
        fs::write(&two, bytes).unwrap();
    });
    assert_eq!(rejected(&swapped), "chain");
    let reordered = changed(&proofs, |_, file| {
        file["steps"].as_array_mut().unwrap().swap(0, 1);
        file["tiles"].as_array_mut().unwrap().swap(0, 1);
    });
    assert_eq!(rejected(&reordered), "chain");
    let dropped = changed(&proofs, |_, file| drop(file["steps"].as_array_mut().unwrap().pop()));
    assert_eq!(rejected(&dropped), "chain");
    let missing = changed(&proofs, |folder, _| fs::remove_file(receipt(folder, 1)).unwrap());
    assert_eq!(rejected(&missing), "receipts");
    for step in 0..2 {
        let mixed = changed(&proofs, |folder, _| {
            fs::copy(receipt(other.folder.path(), step), receipt(folder, step)).unwrap();
        });
        assert_eq!(rejected(&mixed), "chain", "{step}");
    }
    let elsewhere = changed(&proofs, |_, file| file["steps"][0]["tile"]["receipt_file"] = "../x".into());
    assert_eq!(rejected(&elsewhere), "receipts");
    let damaged = changed(&proofs, |folder, _| {
        let path = receipt(folder, 0);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(path, bytes).unwrap();
    });
    assert_eq!(rejected(&damaged), "receipts");
}
