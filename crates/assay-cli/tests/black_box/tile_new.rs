//! Beginning a crate of tiles, and comparing what its tiles do.

use crate::{
    support::{assay, complaint, json, stdout},
    tile::demo,
};

#[test]
fn a_new_crate_of_tiles_is_previewed_as_its_own_message_says() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("mine");
    let folder = folder.to_str().unwrap();
    let text = stdout(&["tile", "new", folder], 0);
    for line in [format!("assay tile list --path {folder}"), format!("assay tile preview double --path {folder}")] {
        assert!(text.contains(&line), "{text}");
    }
    let again = complaint(&["tile", "new", folder], 1);
    assert!(again.contains("not empty"), "{again}");
    for bad in ["1st", "assay-tile", "core", "a b"] {
        let told = complaint(&["tile", "new", place.path().join(bad).to_str().unwrap()], 1);
        assert!(told.contains("no name for a crate of tiles"), "{told}");
        assert!(!place.path().join(bad).exists());
    }

    let report = json(&["tile", "preview", "double", "--path", folder, "--input-json", "21"], 0);
    assert_eq!(report["runs"][0]["answer"]["value"], 42, "{report:#}");
    let report = json(&["sequence", "preview", "quadruple", "--path", folder, "--input-json", "5"], 0);
    assert_eq!(report["answer"]["value"], 20, "{report:#}");
    let input = u64::MAX.to_string();
    let report = json(&["tile", "run", "double", "--path", folder, "--input-json", &input], 4);
    assert_eq!(report["runs"][0]["answer"]["error"]["TooLarge"]["number"], u64::MAX, "{report:#}");
}

#[test]
fn a_tile_is_compared_as_guests_are_and_its_run_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let store = place.path().join("store");
    // A hash has 32 bytes.
    let told = complaint(
        &["tile", "diff", "merkle-root", "--path", demo(), "--no-store", "--input-json", "[\"00\"]", "-b", "native"],
        1,
    );
    assert!(told.contains("32"), "{told}");

    let leaves = format!("[\"{}\", \"{}\"]", "00".repeat(32), "01".repeat(32));
    let of = |more: &[&str], code: i32| {
        let all = [
            &[
                "tile",
                "diff",
                "merkle-root",
                "--path",
                demo(),
                "--store",
                store.to_str().unwrap(),
                "--input-json",
                &leaves,
            ],
            more,
        ];
        json(&all.concat(), code)
    };
    let log = of(&["-b", "native", "-b", "reference", "-b", "reference@openvm"], 0);
    let verdicts = log["comparisons"].as_array().unwrap();
    assert!(verdicts.len() >= 2, "{log:#}");
    assert!(verdicts.iter().all(|comparison| comparison["verdict"]["result"] == "agree"), "{log:#}");
    assert_eq!(log["record"]["source"]["detail"]["name"], "tiles-demo/merkle-root");
    let run = log["record"]["run_id"].as_str().unwrap();
    assay(&["replay", run, "--store", store.to_str().unwrap()]).assert().code(0);

    let log = of(&["-b", "reference", "--plant-fault", "mul:+1", "--plant-fault", "xor:+1"], 2);
    let diverged = log["comparisons"].as_array().unwrap().iter();
    assert_eq!(diverged.filter(|comparison| comparison["verdict"]["result"] == "diverge").count(), 1, "{log:#}");
}
