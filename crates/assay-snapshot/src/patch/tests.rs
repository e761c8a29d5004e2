//! Snapshots of a few files, patched, patched again, taken back, and killed in between.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use assay_spec::{
    SnapshotOrigin,
    schema::Versioned as _,
    snapshot::{SourceFile, SourceKind},
};

use super::*;
use crate::{
    edit::{Action, Anchor, Edit, Named, Package, Pass, PassKind},
    manifest::write_listing,
    passes::infrastructure,
};

const PACKAGES: &[Package] = &[Package { name: "vm", version: "1.0.0" }, Package { name: "chips", version: "1.0.0" }];

const GUARDS: &[Named] = &[Named { name: "toy.run.steps", about: "The program ends." }];

const RUN: &str = "//! Runs.\n\npub fn run(steps: u32) -> u32 {\n    assert!(steps < 10);\n    steps + 1\n}\n";
const CHIP: &str =
    "pub struct Chip;\n\nimpl Chip {\n    pub fn rows(&self) -> Vec<u32> {\n        vec![1, 2]\n    }\n}\n";

fn toy() -> PassSet {
    let relax = Edit::new(
        "relax.steps",
        "vm",
        "src/lib.rs",
        Anchor::statement("fn run", "assert!(steps < 10);"),
        Action::Wrap("if !fuzzer_utils::relaxed(\"toy.run.steps\") { ".into(), " }".into()),
        "Longer programs.",
    );
    let collect = Edit::new(
        "collect.rows",
        "chips",
        "src/lib.rs",
        Anchor::body_start("impl Chip :: fn rows"),
        Action::After("fuzzer_utils::sink::section(Default::default(), |_| {});".into()),
        "Rows.",
    );
    PassSet {
        family: "toy-1.0",
        zkvm: "toy",
        about: "For tests.",
        packages: PACKAGES,
        passes: [
            infrastructure::pass(PACKAGES),
            Pass { kind: PassKind::Relax, edits: vec![relax] },
            Pass { kind: PassKind::Collect, edits: vec![collect] },
        ],
        guards: GUARDS,
        points: &[],
    }
}

/// A snapshot in the shape of a checkout.
fn snapshot() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fill(place.path());
    place
}

fn fill(folder: &Path) {
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = ['crates/*']\n"),
        ("README.md", "Toy.\n"),
        ("crates/chips/Cargo.toml", "[package]\nname = 'chips'\nversion = '1.0.0'\n"),
        ("crates/chips/src/lib.rs", CHIP),
        ("crates/vm/Cargo.toml", "[package]\nname = 'vm'\nversion = '1.0.0'\n\n[dependencies]\nchips = '1'\n"),
        ("crates/vm/src/lib.rs", RUN),
    ];
    let sources = folder.join("toy-src");
    let mut listed = Vec::new();
    for (path, text) in files {
        let file = sources.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let (bytes, sha256) = (text.len() as u64, Digest::of(text.as_bytes()));
        listed.push(SourceFile { path: path.to_owned(), kind: SourceKind::File, bytes, sha256 });
    }
    let script = sources.join("crates/vm/src/lib.rs");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    let manifest = SnapshotManifest {
        schema: SnapshotManifest::tag(),
        zkvm: "toy".to_owned(),
        name: "test".to_owned(),
        origin: SnapshotOrigin::Crates(Vec::new()),
        dependencies: Vec::new(),
        family: Some("toy-1.0".to_owned()),
        files: files.len() as u64,
        bytes: 0,
        sources: write_listing(folder, &listed).unwrap(),
        toolchain: None,
        deviations: Vec::new(),
        patch: None,
        build: None,
    };
    manifest::write(folder, &manifest).unwrap();
}

/// Every file and folder with its mode and content, but for the state of patching.
fn tree(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    fn walk(folder: &Path, at: &str, found: &mut BTreeMap<String, (u32, Vec<u8>)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{at}/{}", entry.file_name().to_str().unwrap());
            if path == "/passes" {
                continue;
            }
            let is_folder = entry.file_type().unwrap().is_dir();
            let content = if is_folder { Vec::new() } else { fs::read(entry.path()).unwrap() };
            found.insert(path.clone(), (entry.metadata().unwrap().permissions().mode(), content));
            if is_folder {
                walk(&entry.path(), &path, found);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

#[test]
fn a_patch_is_recorded_verified_and_taken_back_to_the_same_bytes() {
    let place = snapshot();
    let before = tree(place.path());
    let patched = patch(place.path(), &toy(), false).unwrap();
    assert!(patched.changed);
    let after = tree(place.path());
    assert_ne!(before, after);
    assert_eq!(after["/toy-src/crates/vm/src/lib.rs"].0 & 0o777, 0o755, "permissions stay");
    assert_eq!(manifest::read(place.path()).unwrap().unwrap().patch, Some(patched.record.clone()));
    assert_eq!(verify_passes(place.path()).unwrap(), []);
    let again = patch(place.path(), &toy(), false).unwrap();
    assert!(!again.changed);
    assert_eq!(tree(place.path()), after);
    assert_eq!(unpatch(place.path()).unwrap(), Some(patched.record));
    assert_eq!(tree(place.path()), before);
    assert_eq!(unpatch(place.path()).unwrap(), None);
    assert_eq!(fs::read_dir(place.path().join("passes")).unwrap().count(), 0, "nothing is left of it");
}

#[test]
fn a_dry_run_says_the_diff_and_changes_nothing() {
    let place = snapshot();
    let before = tree(place.path());
    let patched = patch(place.path(), &toy(), true).unwrap();
    assert!(patched.changed);
    assert_eq!(tree(place.path()), before);
    let of_sources = patched.files.iter().filter(|file| !file.path.starts_with("fuzzer_utils/"));
    insta::assert_snapshot!(of_sources.map(PlannedFile::diff).collect::<String>());
    assert!(patched.diff().contains("--- /dev/null\n+++ b/fuzzer_utils/src/lib.rs\n"));
}

#[test]
fn a_failed_anchor_leaves_every_byte_and_says_where_to_look() {
    let place = snapshot();
    let before = tree(place.path());
    let mut set = toy();
    set.passes[2].edits[0].anchor = Anchor::body_start("impl Chip :: fn row");
    set.passes[1].edits[0].file = "src/libs.rs".into();
    let error = patch(place.path(), &set, false).unwrap_err().to_string();
    assert!(error.contains("crates/vm/src/libs.rs: relax.steps"), "{error}");
    assert!(error.contains("nearest is crates/vm/src/lib.rs"), "{error}");
    set.passes[1].edits[0].file = "src/lib.rs".into();
    let error = patch(place.path(), &set, false).unwrap_err().to_string();
    assert!(error.contains("crates/chips/src/lib.rs: collect.rows: expected impl Chip :: fn row"), "{error}");
    assert!(error.contains("nearest is line 4: `impl Chip :: fn rows`"), "{error}");
    assert_eq!(tree(place.path()), before);
}

#[test]
fn another_pass_set_replaces_the_one_that_is_applied() {
    let place = snapshot();
    let before = tree(place.path());
    patch(place.path(), &toy(), false).unwrap();
    let mut set = toy();
    set.passes[2].edits.clear();
    set.passes[1].edits[0].action = Action::Before("// relaxed".into());
    assert!(patch(place.path(), &set, false).unwrap().changed);
    let text = fs::read_to_string(place.path().join("toy-src/crates/chips/src/lib.rs")).unwrap();
    assert_eq!(text, CHIP, "no edit touches it any more");
    let text = fs::read_to_string(place.path().join("toy-src/crates/vm/src/lib.rs")).unwrap();
    assert_eq!(text, RUN.replace("    assert", "    // relaxed\n    assert"));
    assert_eq!(verify_passes(place.path()).unwrap(), []);
    unpatch(place.path()).unwrap();
    assert_eq!(tree(place.path()), before);
}

#[test]
fn files_that_somebody_else_changed_are_never_overwritten() {
    let place = snapshot();
    let file = place.path().join("toy-src/crates/vm/src/lib.rs");
    fs::write(&file, RUN.replace("steps + 1", "steps + 2")).unwrap();
    let error = patch(place.path(), &toy(), false).unwrap_err();
    assert!(matches!(&error, PatchError::Modified { paths } if paths == &["crates/vm/src/lib.rs"]), "{error}");
    fs::write(&file, RUN).unwrap();
    patch(place.path(), &toy(), false).unwrap();
    let patched = fs::read_to_string(&file).unwrap();
    fs::write(&file, patched.replace("steps + 1", "steps + 2")).unwrap();
    let before = tree(place.path());
    assert_eq!(verify_passes(place.path()).unwrap().len(), 1);
    for error in [patch(place.path(), &toy(), false).unwrap_err(), unpatch(place.path()).unwrap_err()] {
        assert!(matches!(&error, PatchError::Modified { .. }), "{error}");
    }
    assert_eq!(tree(place.path()), before);
    fs::write(&file, &patched).unwrap();
    let originals = place.path().join("passes/originals");
    for entry in fs::read_dir(&originals).unwrap() {
        fs::write(entry.unwrap().path(), "damaged").unwrap();
    }
    assert_eq!(verify_passes(place.path()).unwrap().len(), 4);
    assert!(matches!(unpatch(place.path()), Err(PatchError::Original { .. })));
}

#[test]
fn hostile_trees_and_wrong_sets_are_refused() {
    let place = snapshot();
    let elsewhere = tempfile::tempdir().unwrap();
    let source = place.path().join("toy-src/crates/vm/src");
    fs::rename(&source, elsewhere.path().join("src")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("src"), &source).unwrap();
    assert!(matches!(patch(place.path(), &toy(), false), Err(PatchError::Tree(_))));
    assert_eq!(fs::read_to_string(elsewhere.path().join("src/lib.rs")).unwrap(), RUN);

    let place = snapshot();
    let before = tree(place.path());
    let mut set = toy();
    set.zkvm = "other";
    assert!(matches!(patch(place.path(), &set, false), Err(PatchError::OtherZkvm { .. })));
    let mut set = toy();
    set.passes.swap(0, 1);
    assert!(matches!(patch(place.path(), &set, false), Err(PatchError::PassSet { .. })));
    let mut set = toy();
    let twice = set.passes[1].edits[0].clone();
    set.passes[2].edits.push(twice);
    assert!(matches!(patch(place.path(), &set, false), Err(PatchError::PassSet { .. })));
    let mut set = toy();
    set.passes[1].edits[0].file = "../../../escaped.rs".into();
    assert!(patch(place.path(), &set, false).is_err());
    let mut set = toy();
    set.passes[0].edits.push(Edit::create("out", "../../escaped.rs", "x", "Elsewhere."));
    assert!(patch(place.path(), &set, false).is_err());
    assert!(matches!(patch(elsewhere.path(), &toy(), false), Err(PatchError::NoSnapshot { .. })));
    assert_eq!(tree(place.path()), before);
}

#[test]
fn one_command_patches_a_snapshot_at_a_time() {
    let place = snapshot();
    let _held = take(place.path()).unwrap();
    assert!(matches!(patch(place.path(), &toy(), false), Err(PatchError::Busy { .. })));
}

/// The same with less to add, for what is done often.
fn small() -> PassSet {
    let mut set = toy();
    set.passes[0].edits.retain(|edit| edit.file != "Cargo.toml" && !edit.file.contains("sink"));
    set
}

/// Where the process that is to be killed finds its snapshot, and before which step it ends.
const KILLED: &str = "ASSAY_TEST_KILLED_PATCH";

/// Not a test by itself: what the next one runs in a process of its own.
#[test]
#[ignore = "kills its process"]
fn killed_on_the_way() {
    let Ok(order) = std::env::var(KILLED) else { return };
    let [verb, left, folder] = <[&str; 3]>::try_from(order.splitn(3, ':').collect::<Vec<_>>()).unwrap();
    let mut left: usize = left.parse().unwrap();
    let mut point = || {
        if left == 0 {
            nix::sys::signal::kill(nix::unistd::getpid(), nix::sys::signal::Signal::SIGKILL).unwrap();
        }
        left -= 1;
    };
    match verb {
        "patch" => drop(patch_until(Path::new(folder), &small(), false, &mut point).unwrap()),
        _ => drop(unpatch_until(Path::new(folder), &mut point).unwrap()),
    }
}

/// How many steps a patch of the toy, and taking it back, have: staged files, the journal, renamings, the end.
fn steps(verb: &str) -> usize {
    let place = snapshot();
    let mut steps = 0;
    if verb == "unpatch" {
        patch(place.path(), &small(), false).unwrap();
        unpatch_until(place.path(), &mut || steps += 1).unwrap();
    } else {
        patch_until(place.path(), &small(), false, &mut || steps += 1).unwrap();
    }
    steps
}

#[test]
fn a_killed_command_leaves_the_old_sources_or_the_new() {
    let (old, new) = {
        let place = snapshot();
        let old = tree(place.path());
        patch(place.path(), &small(), false).unwrap();
        (old, tree(place.path()))
    };
    for verb in ["patch", "unpatch"] {
        let (mut before, mut after) = (0, 0);
        for step in 0..steps(verb) {
            let place = snapshot();
            let (from, to) = if verb == "patch" { (&old, &new) } else { (&new, &old) };
            if verb == "unpatch" {
                patch(place.path(), &small(), false).unwrap();
            }
            let status = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--ignored", "patch::tests::killed_on_the_way"])
                .env(KILLED, format!("{verb}:{step}:{}", place.path().display()))
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .status()
                .unwrap();
            assert!(!status.success(), "{verb} {step}: it was not killed");
            recover(place.path()).unwrap();
            let found = tree(place.path());
            before += usize::from(found == *from);
            after += usize::from(found == *to);
            assert!(found == *from || found == *to, "{verb} {step}: neither the old sources nor the new");
            assert_eq!(verify_passes(place.path()).unwrap(), [], "{verb} {step}");
            // And the command can be given again.
            match verb {
                "patch" => drop(patch(place.path(), &small(), false).unwrap()),
                _ => drop(unpatch(place.path()).unwrap()),
            }
            assert_eq!(&tree(place.path()), to, "{verb} {step}");
        }
        assert!(before > 5 && after > 5, "{verb}: {before} before, {after} after");
    }
}
