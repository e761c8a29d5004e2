//! Which sources are taken for a guest, and which are refused.

use std::os::unix::fs::symlink;

use toml::{Table, Value};

use super::*;

fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    // What is hidden has no name for a guest.
    let tree = tempfile::Builder::new().prefix("guest-").tempdir().unwrap();
    for (path, text) in files {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    tree
}

fn crate_with(dependencies: &str) -> String {
    format!("[package]\nname = \"mine\"\nversion = \"0.1.0\"\n[dependencies]\n{dependencies}")
}

fn manifest(project: &Project, file: &str) -> Table {
    String::from_utf8(project.files[file].clone()).unwrap().parse().unwrap()
}

#[test]
fn a_crate_gets_the_runtime_of_this_program_wherever_it_says_that_its_own_is() {
    for spelled in
        ["\"*\"", "{ path = \"../elsewhere/assay-guest-rt\", features = [\"x\"] }", "{ git = \"https://x\" }"]
    {
        let tree = tree(&[
            ("Cargo.toml", &crate_with(&format!("assay-guest-rt = {spelled}"))),
            ("src/main.rs", ""),
            ("assay-guest-rt/src/lib.rs", "of another version"),
            ("target/debug/x", ""),
            (".git/HEAD", ""),
        ]);
        let project = Project::open(tree.path()).unwrap();
        assert_eq!((project.language(), project.name(), project.is_locked()), (Language::Rust, "mine", false));
        let dependency = &manifest(&project, "Cargo.toml")["dependencies"]["assay-guest-rt"];
        assert_eq!(dependency["path"].as_str(), Some("assay-guest-rt"));
        assert_eq!(dependency.get("git"), None);
        assert_eq!(dependency.get("features").is_some(), spelled.contains("features"));
        assert_ne!(project.files["assay-guest-rt/src/lib.rs"], b"of another version");
        let outside: Vec<_> = project.files.keys().filter(|file| !file.starts_with("assay-guest-rt/")).collect();
        assert_eq!(outside, ["Cargo.lock", "Cargo.toml", "src/main.rs"]);
    }
}

#[test]
fn a_crate_is_copied_with_the_workspace_that_it_is_in() {
    let tree = tree(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"a/*\"]\n[workspace.dependencies]\nrt = { package = \"assay-guest-rt\", version = \"9\" }",
        ),
        ("Cargo.lock", "version = 4"),
        ("a/guest/Cargo.toml", &crate_with("rt.workspace = true\nshared = { path = \"../shared\" }")),
        ("a/shared/Cargo.toml", "[package]\nname = \"shared\""),
    ]);
    let project = Project::open(&tree.path().join("a/guest")).unwrap();
    assert_eq!((project.member.as_str(), project.runtime.as_str(), project.is_locked()), ("a/guest/", "rt", true));
    let root = manifest(&project, "Cargo.toml");
    assert_eq!(root["workspace"]["dependencies"]["rt"]["path"].as_str(), Some("assay-guest-rt"));
    assert_eq!(project.files["Cargo.lock"], b"version = 4");
    assert!(matches!(Project::open(tree.path()), Err(ProjectError::Workspace { .. })));
}

#[test]
fn a_manifest_below_the_root_points_upwards_to_the_runtime() {
    let tree = tree(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]"),
        ("g/Cargo.toml", &crate_with("assay-guest-rt = \"*\"")),
    ]);
    let project = Project::open(&tree.path().join("g")).unwrap();
    let dependency = &manifest(&project, "g/Cargo.toml")["dependencies"]["assay-guest-rt"];
    assert_eq!(dependency["path"], Value::from("../assay-guest-rt"));
}

#[test]
fn a_dependency_outside_of_what_is_copied_is_named() {
    for (dependency, outside) in
        [("../x", true), ("/etc", true), ("a/../../x", true), ("x", false), ("./x/../y", false)]
    {
        let tree = tree(&[(
            "Cargo.toml",
            &crate_with(&format!(
                "assay-guest-rt = \"*\"\n[target.'cfg(unix)'.dev-dependencies]\nd = {{ path = {dependency:?} }}"
            )),
        )]);
        let opened = Project::open(tree.path());
        assert_eq!(matches!(&opened, Err(ProjectError::Outside { name, .. }) if name == "d"), outside, "{dependency}");
        assert_eq!(opened.is_ok(), !outside);
    }
}

#[test]
fn what_is_no_guest_is_told_why() {
    let told = |files: &[(&str, &str)], path: &str| {
        let tree = tree(files);
        Project::open(&tree.path().join(path)).unwrap_err()
    };
    assert!(matches!(told(&[("a.txt", "")], ""), ProjectError::NoProject { .. }));
    assert!(matches!(told(&[("a.txt", "")], "a.txt"), ProjectError::NoProject { .. }));
    assert!(matches!(told(&[], "nowhere"), ProjectError::Io { .. }));
    assert!(matches!(told(&[("Cargo.toml", &crate_with("serde = \"1\""))], ""), ProjectError::NoRuntime { .. }));
    assert!(matches!(told(&[("Cargo.toml", "not = [toml")], ""), ProjectError::Manifest { .. }));
    assert!(matches!(told(&[("a b.c", "")], "a b.c"), ProjectError::Name { .. }));
    let bad = "[package]\nname = \"../x\"\n[dependencies]\nassay-guest-rt = \"*\"";
    assert!(matches!(told(&[("Cargo.toml", bad)], ""), ProjectError::Name { .. }));
}

#[test]
fn c_is_a_file_alone_or_a_folder() {
    let tree =
        tree(&[("guest/main.c", "int main"), ("guest/src/more.c", ""), ("guest/x.h", ""), ("guest/out/old.c", "")]);
    let folder = Project::open(&tree.path().join("guest")).unwrap();
    assert_eq!((folder.language(), folder.name()), (Language::C, "guest"));
    assert_eq!(folder.files.keys().collect::<Vec<_>>(), ["main.c", "src/more.c", "x.h"]);
    let file = Project::open(&tree.path().join("guest/main.c")).unwrap();
    assert_eq!((file.name(), file.files.len()), ("main", 1));
}

#[test]
fn links_are_left_out_and_named() {
    let tree = tree(&[("guest/main.c", "")]);
    let guest = tree.path().join("guest");
    symlink("/etc/passwd", guest.join("secret.h")).unwrap();
    symlink("..", guest.join("circle")).unwrap();
    let project = Project::open(&guest).unwrap();
    assert_eq!(project.files.len(), 1);
    let mut links: Vec<_> = project.links().iter().map(|link| link.file_name().unwrap().to_owned()).collect();
    links.sort();
    assert_eq!(links, ["circle", "secret.h"]);
}

#[test]
fn proofs_that_are_kept_in_the_folder_are_no_sources_of_it() {
    let tile = "{\n  \"schema\": \"assay.tile_receipt/1\",\n";
    let sequence = "{\n  \"schema\": \"assay.sequence_receipt/1\",\n";
    let tree = tree(&[
        ("guest/main.c", ""),
        ("guest/proof/tile.json", tile),
        ("guest/proof/tile-0123456789abcdef.receipt", "long"),
        ("guest/proof/guest.elf", ""),
        ("guest/all/proofs/sequence.json", sequence),
        ("guest/all/proofs/001.receipt", ""),
        // What is called so and is none is a source like others.
        ("guest/data/tile.json", "{ \"tiles\": [] }"),
    ]);
    let project = Project::open(&tree.path().join("guest")).unwrap();
    assert_eq!(project.files.keys().collect::<Vec<_>>(), ["data/tile.json", "main.c"]);
}

#[test]
fn huge_trees_and_files_are_refused() {
    let deep = format!("{}a.c", "d/".repeat(DEPTH_MAX));
    assert!(matches!(Project::open(tree(&[(&deep, "")]).path()), Err(ProjectError::TooMuch { .. })));
    let long = tree(&[("a.c", "")]);
    let file = File::options().write(true).open(long.path().join("a.c")).unwrap();
    // A hole: it takes no room.
    file.set_len(PROJECT_FILE_BYTES_MAX + 1).unwrap();
    assert!(matches!(Project::open(long.path()), Err(ProjectError::TooLong { .. })));
    let many = tree(&[("a.c", "")]);
    for number in 0..=PROJECT_FILES_MAX {
        fs::write(many.path().join(format!("{number}.h")), "").unwrap();
    }
    assert!(matches!(Project::open(many.path()), Err(ProjectError::TooMuch { .. })));
}

#[test]
fn what_is_no_crate_of_tiles_is_told_why() {
    let told = |files: &[(&str, &str)]| Project::open_tiles(tree(files).path()).unwrap_err();
    assert!(matches!(told(&[("main.c", "")]), ProjectError::NoTiles { .. }));
    let with_tile = crate_with("assay-tile = \"*\"");
    assert!(matches!(told(&[("Cargo.toml", &with_tile), ("src/main.rs", "")]), ProjectError::NoLibrary { .. }));
    let error = told(&[("Cargo.toml", &crate_with("serde = \"1\"")), ("src/lib.rs", "")]);
    assert!(error.to_string().contains("assay-tile = \"*\""), "{error}");
}

#[test]
fn a_crate_of_tiles_stands_beside_what_assay_brings_along() {
    let manifest_text = crate_with("assay-tile = { path = \"../../crates/assay-tile\" }");
    let tree = tree(&[("Cargo.toml", &manifest_text), ("src/lib.rs", ""), ("assay-tile/src/lib.rs", "another")]);
    let project = Project::open_tiles(tree.path()).unwrap();
    let dependency = &manifest(&project, "crate/Cargo.toml")["dependencies"]["assay-tile"];
    assert_eq!(dependency["path"].as_str(), Some("../assay-tile"));
    assert_ne!(project.files["assay-tile/src/lib.rs"], b"another");
    assert!(!project.files.contains_key("crate/assay-tile/src/lib.rs"));
    let other = Project::open_tiles(tree.path()).unwrap();
    assert_eq!(project.digest(), other.digest());
    fs::write(tree.path().join("src/lib.rs"), "// changed").unwrap();
    assert_ne!(project.digest(), Project::open_tiles(tree.path()).unwrap().digest());
}
