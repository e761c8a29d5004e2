//! Tiles from the command line, without a zkVM: natively and on the reference machine.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::{Value, json as value};
use tempfile::TempDir;

use crate::support::{assay, complaint, json, stdout};

/// The crate of tiles that ships, in a folder of its own: what is built is kept beside it.
pub(crate) fn demo() -> &'static str {
    static DEMO: OnceLock<TempDir> = OnceLock::new();
    let folder = DEMO.get_or_init(|| {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tiles-demo");
        let folder = tempfile::Builder::new().prefix("tiles-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        for file in ["Cargo.toml", "Cargo.lock", "src/lib.rs"] {
            fs::copy(from.join(file), folder.path().join(file)).unwrap();
        }
        folder
    });
    folder.path().to_str().unwrap()
}

fn tile<'a>(verb: &'a str, id: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["tile", verb, id, "--path", demo()], more].concat()
}

/// The one run of a report.
fn run(verb: &str, id: &str, more: &[&str], code: i32) -> Value {
    let report = json(&tile(verb, id, more), code);
    assert_eq!(report["schema"], "assay.tile_report/1");
    assert_eq!(report["runs"].as_array().unwrap().len(), 1);
    report["runs"][0].clone()
}

#[test]
fn the_tiles_of_a_crate_are_listed_with_what_goes_in_and_out() {
    let list = json(&["tile", "list", "--path", demo()], 0);
    assert_eq!((&list["schema"], &list["package"]), (&"assay.tile_list/1".into(), &"tiles-demo".into()));
    let ids: Vec<_> = list["tiles"].as_array().unwrap().iter().map(|tile| tile["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["divide", "double", "keccak256", "leaves", "merkle-root"]);
    let text = stdout(&["tile", "list", "--path", demo()], 0);
    for line in
        ["divide  (u64, u64) -> u64", "fails with DivisionError", "budget: 65536 cycles", "tiles: leaves, merkle-root"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn a_tile_gives_the_same_natively_and_on_the_reference_machine() {
    let both = ["-b", "native", "-b", "reference"];
    for (id, input, output) in [
        ("double", "21", value!(42)),
        ("keccak256", "\"\"", value!("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")),
        ("divide", "[7, 2]", value!(3)),
    ] {
        let report = json(&tile("run", id, &[&["--input-json", input], &both[..]].concat()), 0);
        for run in report["runs"].as_array().unwrap() {
            assert_eq!(run["answer"]["value"], output, "{id}: {run:#}");
            assert_eq!(run["input"]["kind"], "digest");
        }
    }
    let text = stdout(&tile("run", "double", &["--input-json", "21"]), 0);
    assert!(text.contains("output: 42"), "{text}");
}

#[test]
fn a_preview_says_what_a_proof_takes_and_whether_the_budget_is_kept() {
    let run = run("preview", "double", &["--input-json", "21"], 0);
    let cycles = run["cycles"].as_u64().unwrap();
    assert!((100..65_536).contains(&cycles), "{cycles}");
    assert_eq!(run["proof_cycles"], 65_536);
    assert_eq!(run["budget"], value!({ "cycles": 65_536, "kept": true }));
    let text = stdout(&tile("preview", "double", &["--input-json", "21"]), 0);
    assert!(text.contains("proof cycles") && text.contains(&format!("{cycles} of 65536 cycles")), "{text}");
}

#[test]
fn a_failure_of_the_tile_reaches_the_terminal_with_its_type() {
    for more in [&[][..], &["--plain"], &["-b", "native"], &["-b", "native", "--plain"]] {
        let run = run("run", "divide", &[&["--input-json", "[7, 0]"], more].concat(), 4);
        let answer = &run["answer"];
        assert_eq!((&answer["result"], &answer["kind"]), (&"failure".into(), &"tile".into()), "{run:#}");
        assert_eq!(answer["message"], "7 cannot be divided by zero");
        assert_eq!(answer["error"], value!({ "ByZero": { "dividend": 7 } }));
    }
}

#[test]
fn bytes_that_are_no_arguments_are_a_failure_and_not_a_panic() {
    // None at all, half a number, a number and more.
    for hex in ["", "80", "2a00"] {
        let run = run("run", "double", &["--input-hex", hex], 4);
        assert_eq!((&run["answer"]["result"], &run["answer"]["kind"]), (&"failure".into(), &"input".into()), "{hex}");
    }
}

#[test]
fn what_is_asked_for_wrongly_is_told() {
    let told = complaint(&tile("run", "duoble", &["--input-json", "1"]), 1);
    assert!(told.contains("did you mean double?"), "{told}");
    let told = complaint(&["tile", "run", "--path", demo(), "--input-json", "1"], 1);
    assert!(told.contains("merkle-root"), "{told}");
    let told = complaint(&tile("run", "double", &[]), 1);
    assert!(told.contains("the tile takes u64"), "{told}");
    let told = complaint(&tile("run", "keccak256", &["--input-json", "hello"]), 1);
    assert!(told.contains("text is quoted"), "{told}");
    let told = complaint(&tile("run", "double", &["--input-json", "-1"]), 1);
    assert!(told.contains("no value of type u64"), "{told}");
    let told = complaint(&tile("run", "double", &["--input-json", "1", "-b", "reference@nowhere"]), 1);
    assert!(told.contains("nowhere"), "{told}");
    let told = complaint(&tile("prove", "double", &["--input-json", "1", "-b", "reference@sp1"]), 6);
    assert!(told.contains("proves nothing"), "{told}");
}

#[test]
fn a_private_input_is_bound_by_a_commitment_that_its_salt_makes() {
    let salt = "07".repeat(32);
    let of = |more: &[&str]| {
        let run = run("run", "double", &[&["--input-json", "21", "-b", "native"], more].concat(), 0);
        assert_eq!(run["answer"]["value"], 42);
        run["input"].clone()
    };
    let one = of(&["--salt", &salt]);
    assert_eq!(one["kind"], "commitment");
    assert_eq!(one, of(&["--salt", &salt]));
    assert_ne!(one, of(&["--private-input"]));
    assert_ne!(of(&["--private-input"]), of(&["--private-input"]));
    assert_eq!(of(&["--plain"])["kind"], "unbound");
}

/// The folder of an artifact that was built.
fn artifact(id: &str, backend: &str) -> PathBuf {
    Path::new(demo()).join("target/assay/tiles").join(id).join(backend)
}

/// A program of another tile in the place of this one's. Plain ones, since other tests use the others.
#[test]
fn a_swapped_program_is_refused_with_both_values_and_nothing_is_run() {
    let leaves = tile("run", "leaves", &["--input-json", "\"a\"", "-b", "native", "--plain"]);
    assay(&leaves).assert().code(0);
    assay(&tile("run", "keccak256", &["--input-json", "\"a\"", "-b", "native", "--plain"])).assert().code(0);
    let [mine, other] = ["leaves", "keccak256"].map(|id| artifact(id, "native-plain").join("guest.elf"));
    let [good, swapped] = [&mine, &other].map(|file| fs::read(file).unwrap());
    fs::write(&mine, &swapped).unwrap();
    let told = complaint(&leaves, 3);
    let both = [&good, &swapped].map(|bytes| (assay_spec::Digest::of(bytes).to_string(), bytes.len().to_string()));
    // Which of them differs is told, of both.
    let told_of = |of: fn(&(String, String)) -> &String| both.iter().all(|values| told.contains(of(values)));
    assert!(told_of(|values| &values.0) || told_of(|values| &values.1), "{told}");
    fs::write(&mine, &good).unwrap();
    assay(&leaves).assert().code(0);
}

#[test]
fn a_folder_that_is_no_proof_is_rejected_and_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let told = complaint(&["tile", "verify", path], 1);
    assert!(told.contains("tile.json"), "{told}");
    fs::write(folder.path().join("tile.json"), "{}").unwrap();
    let told = complaint(&["tile", "verify", path], 3);
    assert!(told.contains("no envelope of a tile's proof"), "{told}");
    let digest = "00".repeat(32);
    let mut envelope = value!({
        "schema": "assay.tile_receipt/1", "tile_id": "double", "package": "tiles-demo", "package_version": "0.1.0",
        "tile_digest": digest, "runtime_version": 1, "backend": "risc0", "backend_version": "1", "method_id": "x",
        "publish": "claim", "input": { "kind": "unbound" }, "answer": { "result": "nothing", "reason": "" },
        "abi": { "input": { "Err": "" }, "output": { "Err": "" }, "error": { "Err": "" } },
        "receipt_file": "../tile.receipt", "receipt_digest": digest,
    });
    fs::write(folder.path().join("tile.json"), envelope.to_string()).unwrap();
    let told = complaint(&["tile", "verify", path], 3);
    assert!(told.contains("no file beside it"), "{told}");
    envelope["receipt_file"] = "tile.receipt".into();
    fs::write(folder.path().join("tile.json"), envelope.to_string()).unwrap();
    fs::write(folder.path().join("tile.receipt"), "no receipt").unwrap();
    let told = complaint(&["tile", "verify", path], 3);
    assert!(told.contains("no receipt"), "{told}");
}
