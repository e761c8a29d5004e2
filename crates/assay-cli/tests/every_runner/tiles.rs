//! Tiles on a zkVM: previewed, proved, and every wrong use of a proof rejected.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::{Value, json as value};
use tempfile::TempDir;

use crate::{
    kind, runner,
    support::{assay, json, stdout},
    text,
};

/// The crate of tiles that ships, and two proofs of it.
struct Proofs {
    demo: TempDir,
    /// `double` of 21.
    double: TempDir,
    /// `divide` of 7 and 0, which fails, with a private input.
    divide: TempDir,
    secure: bool,
}

fn proofs() -> &'static Proofs {
    static PROOFS: OnceLock<Proofs> = OnceLock::new();
    PROOFS.get_or_init(|| {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tiles-demo");
        let [demo, double, divide] = [(); 3].map(|()| tempfile::tempdir().unwrap());
        fs::create_dir(demo.path().join("src")).unwrap();
        for file in ["Cargo.toml", "Cargo.lock", "src/lib.rs"] {
            fs::copy(from.join(file), demo.path().join(file)).unwrap();
        }
        let (kind, secure) = kind();
        let path = text(demo.path());
        let prove = |id: &str, more: &[&str], out: &TempDir, code| {
            let out = text(out.path());
            let prove = ["tile", "prove", id, "--path", &path, "-b", runner(), "--kind", &kind, "--out", &out];
            let report = json(&[&prove[..], more].concat(), code);
            assert_eq!(report["verification"]["verification"]["result"], "verified", "{report:#}");
        };
        prove("double", &["--input-json", "21"], &double, 0);
        let salt = text(&divide.path().join("salt"));
        // Its own, so that the folder of the proof has nothing of it.
        prove("divide", &["--input-json", "[7, 0]", "--private-input", "--salt-out", &salt], &divide, 4);
        Proofs { demo, double, divide, secure }
    })
}

impl Proofs {
    /// `assay tile verify FOLDER …` in JSON, with insecure proofs accepted where the proofs are.
    fn verify(&self, folder: &Path, more: &[&str], code: i32) -> Value {
        let (folder, path) = (text(folder), text(self.demo.path()));
        let insecure: &[&str] = if self.secure { &[] } else { &["--accept-insecure"] };
        let bound: &[&str] =
            if more.iter().any(|&word| word == "--elf" || word == "--method-id") { &[] } else { &["--path", &path] };
        json(&[&["tile", "verify", &folder], bound, insecure, more].concat(), code)
    }

    /// That it is rejected by this check.
    fn rejected(&self, folder: &Path, more: &[&str], check: &str) {
        let done = self.verify(folder, more, 3);
        assert_eq!(done["verification"]["detail"]["check"], check, "{more:?}: {:#}", done["verification"]);
    }
}

/// A copy of a proof, with the receipt of another one in the place of its own.
fn with_receipt_of(proof: &TempDir, other: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(proof.path().join("tile.json"), copy.path().join("tile.json")).unwrap();
    fs::copy(receipt(other), copy.path().join(receipt(proof).file_name().unwrap())).unwrap();
    copy
}

/// The receipt of a proof.
fn receipt(proof: &TempDir) -> PathBuf {
    let said: Value = serde_json::from_slice(&fs::read(proof.path().join("tile.json")).unwrap()).unwrap();
    proof.path().join(said["receipt_file"].as_str().unwrap())
}

#[test]
#[ignore = "needs a runner"]
fn a_preview_of_a_tile_has_the_zkvms_own_figures() {
    let path = text(proofs().demo.path());
    let report = json(
        &["tile", "preview", "double", "--path", &path, "--input-json", "21", "-b", runner(), "-b", "reference"],
        0,
    );
    let run = &report["runs"][0];
    assert_eq!((&run["answer"]["value"], &run["outcome"]["backend"]["name"]), (&value!(42), &runner().into()));
    assert!(run["cycles"].as_u64() > Some(100), "{run:#}");
    assert!(run["outcome"]["run"]["cost"].as_object().unwrap().values().any(|cost| !cost.is_null()), "{run:#}");
    assert!(run["outcome"]["run"]["peak_memory_bytes"].as_u64() > Some(1 << 20));
    let manifest: PathBuf = proofs().demo.path().join("target/assay/tiles/double").join(runner()).join("manifest.json");
    let manifest: Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
    assert_eq!(manifest["method_id"], run["method_id"]);
}

#[test]
#[ignore = "needs a runner"]
fn a_proof_of_a_tile_is_bound_to_program_tile_input_and_output() {
    let proofs = proofs();
    let double = proofs.double.path();
    let all = ["--input-json", "21", "--expect-output", "42", "--tile", "double"];
    let done = proofs.verify(double, &all, 0);
    assert_eq!((&done["program"], &done["verification"]["detail"]["answer"]["value"]), (&"elf".into(), &value!(42)));
    let states: Vec<_> = done["checks"].as_array().unwrap().iter().map(|made| &made["state"]).collect();
    assert!(states.iter().all(|&state| state == "passed"), "{done:#}");
    proofs.rejected(double, &["--input-json", "22"], "input");
    proofs.rejected(double, &["--expect-output", "43"], "output");
    proofs.rejected(double, &["--tile", "divide"], "tile");
    let elf = text(&proofs.divide.path().join("guest.elf"));
    proofs.rejected(double, &["--elf", &elf], "receipt");
    proofs.rejected(double, &["--method-id", "00"], "receipt");
    let elf = text(&double.join("guest.elf"));
    assert_eq!(proofs.verify(double, &["--elf", &elf, "--tile", "double"], 0)["program"], "elf");
    let swapped = with_receipt_of(&proofs.double, &proofs.divide);
    proofs.rejected(swapped.path(), &[], "receipt");
    let elf = text(&proofs.divide.path().join("guest.elf"));
    proofs.rejected(swapped.path(), &["--elf", &elf], "envelope");
}

#[test]
#[ignore = "needs a runner"]
fn a_proof_that_nothing_binds_to_a_program_says_so() {
    let folder = text(proofs().double.path());
    let nowhere = tempfile::tempdir().unwrap();
    let output = assay(&["tile", "verify", &folder, "--accept-insecure"]).current_dir(nowhere.path()).assert().code(0);
    let said = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    assert!(said.contains("nothing says which program"), "{said}");
}

#[test]
#[ignore = "needs a runner"]
fn a_failure_is_proved_as_one_and_its_private_input_shown_with_the_salt_only() {
    let proofs = proofs();
    let divide = proofs.divide.path();
    let done = proofs.verify(divide, &[], 0);
    let proved = &done["verification"]["detail"];
    assert_eq!(proved["answer"]["error"], value!({ "ByZero": { "dividend": 7 } }), "{done:#}");
    assert_eq!(proved["input"]["kind"], "commitment");
    let salt = text(&divide.join("salt"));
    proofs.verify(divide, &["--input-json", "[7, 0]", "--salt", &salt], 0);
    proofs.rejected(divide, &["--input-json", "[7, 0]"], "input");
    proofs.rejected(divide, &["--input-json", "[8, 0]", "--salt", &salt], "input");
    proofs.rejected(divide, &["--input-json", "[7, 0]", "--salt", &"11".repeat(32)], "input");
    proofs.rejected(divide, &["--expect-output", "3"], "output");
}

#[test]
#[ignore = "needs a runner"]
fn a_gpu_is_not_promised_by_a_runner_that_has_none() {
    let path = text(proofs().demo.path());
    let prove = ["tile", "prove", "double", "--path", &path, "-b", runner(), "--input-json", "1", "--gpu", "on"];
    let told = assay(&prove).assert().code(6).stdout("").get_output().stderr.clone();
    assert!(String::from_utf8(told).unwrap().contains("does not prove on a GPU"));
    let said: Value = serde_json::from_slice(&fs::read(proofs().double.path().join("tile.json")).unwrap()).unwrap();
    assert_eq!(said["proof_device"], "cpu");
    let prove = ["sequence", "prove", "eightfold", "--path", &path, "-b", runner(), "--input-json", "1", "--gpu", "on"];
    let told = assay(&prove).assert().code(6).stdout("").get_output().stderr.clone();
    assert!(String::from_utf8(told).unwrap().contains("does not prove on a GPU"));
}

/// 200 hashes are more than the 256 bytes of public values that OpenVM has, and nothing to the others.
#[test]
#[ignore = "needs a runner"]
fn an_output_that_does_not_fit_is_refused_before_it_is_proved() {
    let path = text(proofs().demo.path());
    let words = format!("{:?}", "word ".repeat(200));
    let more = ["--path", &path, "-b", runner(), "--input-json", &words];
    if runner() != "openvm" {
        stdout(&[&["tile", "run", "leaves"], &more[..]].concat(), 0);
        return;
    }
    let report = json(&[&["tile", "run", "leaves"], &more[..]].concat(), 4);
    let reason = report["runs"][0]["answer"]["reason"].as_str().unwrap();
    assert!(reason.contains("no room for the public output"), "{reason}");
    let out = tempfile::tempdir().unwrap();
    let kept = text(out.path());
    let prove = [&["tile", "prove", "leaves", "--out", &kept], &more[..]].concat();
    let told = assay(&prove).assert().code(6).stdout("").get_output().stderr.clone();
    assert!(String::from_utf8(told).unwrap().contains("no room for the public output"));
    assert!(!out.path().join("tile.json").exists());
}

/// The cheapest kind of proof of a runner, of its own or of none's worth.
fn cheapest(kinds: &Value) -> Option<&str> {
    let names: Vec<_> = kinds.as_array()?.iter().filter_map(|kind| kind["name"].as_str()).collect();
    let cheap = |end: &str| names.iter().find(|name| name.ends_with(end)).copied();
    cheap("fake").or_else(|| cheap("-insecure-fast"))
}

/// One proof of two zkVMs. The runner that was installed first has no other beside it, and so nothing to try this with.
#[test]
#[ignore = "needs a runner, and tries nothing without a second one"]
fn the_tiles_of_one_sequence_are_proved_by_two_zkvms_and_verified_as_one() {
    let list = json(&["backend", "list"], 0);
    let rows = list["backends"].as_array().unwrap().iter();
    // Those of snapshots are for looking into a zkVM.
    let of = |row: &'_ Value| {
        Some((row["name"].as_str()?.to_owned(), cheapest(&row["description"]["proof_kinds"])?.to_owned()))
    };
    let (mine, others): (Vec<_>, Vec<_>) =
        rows.filter_map(of).filter(|(name, _)| !name.contains('@')).partition(|(name, _)| name == runner());
    // One whose proofs cost nothing, if there is one.
    let other = others.iter().find(|(_, kind)| kind == "fake").or(others.first());
    let (Some((one, one_kind)), Some((two, two_kind))) = (other, mine.first()) else { return };

    let path = text(proofs().demo.path());
    let place = tempfile::tempdir().unwrap();
    let out = text(place.path());
    let [first, second] = [format!("leaves={one}"), format!("merkle-root={two}")];
    let [first_kind, second_kind] = [format!("1={one_kind}"), format!("2={two_kind}")];
    let kinds = ["--kind", &first_kind, "--kind", &second_kind];
    let prove = ["sequence", "prove", "document-root", "--path", &path, "-b", &first, "-b", &second, "--out", &out];
    let report = json(&[&prove[..], &kinds, &["--input-json", "\"to be\""]].concat(), 0);
    let backends: Vec<_> =
        report["envelope"]["steps"].as_array().unwrap().iter().map(|link| &link["tile"]["backend"]).collect();
    assert_eq!(backends, [one, two]);

    let verify = ["sequence", "verify", &out, "--path", &path, "--accept-insecure"];
    let done = json(&[&verify[..], &["--input-json", "\"to be\""]].concat(), 0);
    assert_eq!(done["bound"], value!({ "sources": true, "commitment": false, "programs": "elf" }));
    let states: Vec<_> = done["steps"].as_array().unwrap().iter().map(|step| &step["verification"]["result"]).collect();
    assert_eq!(states, ["verified", "verified"], "{done:#}");
    assert_eq!(done["verification"]["detail"]["commitment"], report["envelope"]["commitment"]);

    // Neither zkVM takes the other's word for its own.
    let file = place.path().join("sequence.json");
    let honest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    for (step, other) in [(0, two), (1, one)] {
        let mut swapped = honest.clone();
        swapped["steps"][step]["tile"]["backend"] = other.as_str().into();
        fs::write(&file, swapped.to_string()).unwrap();
        let done = json(&verify, 3);
        assert_eq!(done["verification"]["result"], "rejected", "{done:#}");
    }
}
