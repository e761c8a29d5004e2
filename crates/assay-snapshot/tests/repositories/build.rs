//! Runners that are built with what is on this machine: crates from a folder in place of their registry, and changes of the
//! lockfile that a catalogue asks for. With cargo itself and without a network.

use std::{fs, path::Path, process::Command};

use assay_snapshot::{
    catalogue::Catalogue,
    install::{Snapshot, Snapshots},
    request::{Asked, Request},
    runner::{self, BuildOptions, BuildPlan, RunnerError},
};
use assay_spec::{Deviation, DeviationKind, Digest};
use tempfile::TempDir;

use crate::repository::Repository;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The archives of `left`, of which nothing but the digest is ever seen.
const ARCHIVES: [(&str, &[u8]); 2] = [("0.1.0", b"archive of 0.1.0"), ("0.1.1", b"archive of 0.1.1")];

/// Cargo with folders of its own.
pub(crate) struct Cargo {
    place: TempDir,
}

impl Cargo {
    pub(crate) fn new() -> Self {
        Self { place: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn cache(&self) -> &Path {
        self.place.path()
    }

    fn run(&self, plan: &BuildPlan, arguments: &[String]) -> Result<(), String> {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&plan.folder)
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS")
            .env("CARGO_HOME", self.place.path().join("home"))
            .env("CARGO_TARGET_DIR", &plan.target)
            // Whatever the plan says: a test asks nobody.
            .env("CARGO_NET_OFFLINE", "true")
            .envs(plan.environment.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    /// Does what the plan says, and says what the program prints.
    pub(crate) fn carry_out(&self, plan: &BuildPlan) -> String {
        for arguments in plan.fetch.iter().chain([&plan.build]) {
            self.run(plan, arguments).unwrap_or_else(|said| panic!("{arguments:?}: {said}"));
        }
        let output = Command::new(plan.target.join("release").join(&plan.program)).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }
}

pub(crate) fn options(template: &Path, cache: &Path) -> BuildOptions {
    // A tree that templates would be in; this one is given.
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (template, cache) = (Some(template.to_owned()), cache.to_owned());
    BuildOptions { tree, cache, template, offline: true, ..BuildOptions::default() }
}

/// A snapshot of a commit whose lockfile has `left` 0.1.0, of the catalogue entry `toy@old` that has `more` said.
fn snapshot(out: &Path, more: &str) -> (Snapshot, Catalogue) {
    let repository = Repository::new();
    repository.write("Cargo.toml", b"[package]\nname = \"vm\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
    repository.write("src/lib.rs", b"pub const VM: &str = \"vm\";\n");
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"left\"\nversion = \"0.1.0\"\nsource = \"{REGISTRY}\"\n\
         checksum = \"{}\"\n\n[[package]]\nname = \"vm\"\nversion = \"1.0.0\"\ndependencies = [\n \"left\",\n]\n",
        Digest::of(ARCHIVES[0].1)
    );
    repository.write("Cargo.lock", lock.as_bytes());
    let commit = repository.commit("one");
    let file = out.join("catalogue.toml");
    let text = format!("[[snapshot]]\nzkvm = \"toy\"\nalias = \"old\"\ncommit = \"{commit}\"\n{more}\n");
    fs::write(&file, text).unwrap();
    let catalogue = Catalogue::read(Some(&file)).unwrap();
    let source = repository.path().display().to_string();
    let asked = Asked { zkvm: "toy", commit: Some("old"), source: Some(&source), ..Asked::default() };
    let request = Request::new(&asked, &catalogue, Path::new("/nonexistent")).unwrap();
    let snapshot = Snapshots::new(out).install(&request, false, &|| true).unwrap().snapshot;
    (snapshot, catalogue)
}

/// A runner that prints the version of `left`, which it asks its registry for.
fn template() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[workspace]\n\n[package]\nname = \"toy-runner\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                    [dependencies]\nleft = \"0.1\"\nvm = { path = \"{source}\" }\n";
    fs::write(folder.path().join("Cargo.toml.in"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let text = "fn main() {\n    print!(\"{} {}\", vm::VM, left::VERSION);\n}\n";
    fs::write(folder.path().join("src/main.rs"), text).unwrap();
    folder
}

/// What `cargo vendor` makes of `left` in these versions.
fn vendored(versions: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (version, archive) in versions {
        let at = folder.path().join(format!("left-{version}"));
        fs::create_dir_all(at.join("src")).unwrap();
        let manifest = format!("[package]\nname = \"left\"\nversion = \"{version}\"\nedition = \"2021\"\n");
        fs::write(at.join("Cargo.toml"), manifest).unwrap();
        fs::write(at.join("src/lib.rs"), format!("pub const VERSION: &str = \"{version}\";\n")).unwrap();
        let checksum = format!("{{\"files\":{{}},\"package\":\"{}\"}}", Digest::of(archive));
        fs::write(at.join(".cargo-checksum.json"), checksum).unwrap();
    }
    folder
}

fn details(deviations: &[Deviation], kind: DeviationKind) -> Vec<&str> {
    deviations.iter().filter(|said| said.kind == kind).map(|said| said.detail.as_str()).collect()
}

#[test]
fn vendored_crates_stand_for_their_registry_at_the_locked_version_and_checksum() {
    let (out, template, cargo) = (tempfile::tempdir().unwrap(), template(), Cargo::new());
    let (snapshot, _) = snapshot(out.path(), "");
    let folder = vendored(&ARCHIVES);
    let with = |vendor: Option<&Path>| BuildOptions {
        vendor: vendor.map(Path::to_owned),
        ..options(template.path(), cargo.cache())
    };
    // Without them there is nothing to build with.
    let plan = runner::generate(&snapshot, None, &with(None)).unwrap();
    let said = cargo.run(&plan, plan.fetch.last().unwrap()).unwrap_err();
    assert!(said.contains("left"), "{said}");

    let plan = runner::generate(&snapshot, None, &with(Some(folder.path()))).unwrap();
    assert_eq!(cargo.carry_out(&plan), "vm 0.1.0", "the newer one is there as well");
    let [said] = details(&plan.deviations, DeviationKind::Vendored)[..] else { panic!("{:?}", plan.deviations) };
    assert!(said.contains(folder.path().to_str().unwrap()), "{said}");
    assert_eq!(runner::check_lock(&snapshot).unwrap(), []);

    // A folder with something else under the same version.
    let forged = vendored(&[("0.1.0", b"another archive")]);
    let plan = runner::generate(&snapshot, None, &with(Some(forged.path()))).unwrap();
    let said = cargo.run(&plan, plan.fetch.last().unwrap()).unwrap_err();
    assert!(said.contains("checksum"), "{said}");
}

#[test]
fn a_lockfile_is_updated_as_the_catalogue_asks_and_that_is_said() {
    let (out, template, cargo) = (tempfile::tempdir().unwrap(), template(), Cargo::new());
    let (snapshot, catalogue) = snapshot(out.path(), "updates = [\"left@0.1.0 -> left@0.1.1\"]");
    let folder = vendored(&ARCHIVES);
    let options = BuildOptions { vendor: Some(folder.path().to_owned()), ..options(template.path(), cargo.cache()) };
    let entry = catalogue.find("toy", "old");
    let plan = runner::generate(&snapshot, entry, &options).unwrap();
    assert_eq!(details(&plan.deviations, DeviationKind::LockUpdate), ["left@0.1.0 -> left@0.1.1"]);
    assert_eq!(cargo.carry_out(&plan), "vm 0.1.1");
    let added = runner::check_lock(&snapshot).unwrap();
    assert_eq!(details(&added, DeviationKind::LockAddition), ["left 0.1.1"]);
    // The sources' own lockfile is as the commit has it.
    assert!(fs::read_to_string(snapshot.sources().join("Cargo.lock")).unwrap().contains("0.1.0"));
}

#[test]
fn an_update_of_what_is_not_locked_is_refused_before_anything_is_fetched() {
    let (out, template, cargo) = (tempfile::tempdir().unwrap(), template(), Cargo::new());
    let (snapshot, catalogue) = snapshot(out.path(), "updates = [\"left@0.0.9 -> left@0.1.1\"]");
    let options = options(template.path(), cargo.cache());
    let error = runner::generate(&snapshot, catalogue.find("toy", "old"), &options).unwrap_err();
    assert!(matches!(error, RunnerError::Lock(_)), "{error}");
    assert!(error.to_string().contains("left@0.0.9 -> left@0.1.1"), "{error}");
    assert!(!snapshot.runner().exists());
}
