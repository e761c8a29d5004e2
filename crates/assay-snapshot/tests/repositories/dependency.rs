//! Packages that a commit takes from other repositories: materialised beside it, patched with it, and built in place of what
//! a registry has of the same names. With cargo itself and without a network.

use std::{fs, path::Path};

use assay_snapshot::{
    catalogue::Catalogue,
    dependency::DEPENDENCIES_FOLDER,
    edit::{Package, Pass, PassKind, PassSet},
    install::{Snapshot, SnapshotError, Snapshots},
    manifest,
    mirror::MirrorError,
    passes::infrastructure,
    patch,
    request::{Asked, Request},
    runner,
    source::SourceError,
};
use assay_spec::{DeviationKind, SnapshotManifest, SnapshotOrigin};
use tempfile::TempDir;

use crate::{
    build::{Cargo, options},
    repository::Repository,
};

const URL: &str = "https://git.invalid/owner/proof-system.git";

/// Packages that the passes of OpenVM edit, of which these sources have no more than the names.
const PACKAGES: &[Package] = &[
    Package { name: "openvm-stark-backend", version: "2.0.1" },
    Package { name: "openvm-circuit", version: "2.0.2" },
    Package { name: "openvm-rv32im-circuit", version: "2.0.2" },
];

/// A proof system in a workspace of its own, whose version its package inherits; and the folder of its mirror.
fn proof_system() -> (Repository, String, TempDir) {
    let repository = Repository::new();
    repository.write(
        "Cargo.toml",
        b"[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n\n[workspace.package]\nversion = \"2.0.1\"\n",
    );
    repository.write(
        "crates/backend/Cargo.toml",
        b"[package]\nname = \"openvm-stark-backend\"\nversion.workspace = true\nedition = \"2021\"\n\n[dependencies]\n",
    );
    repository.write("crates/backend/src/lib.rs", b"pub static NAME: &str = \"locked\";\n");
    let locked = repository.commit("locked");
    repository.git(&["tag", "v2.0.1"]);
    repository.write("crates/backend/src/lib.rs", b"pub static NAME: &str = \"moved\";\n");
    repository.commit("moved");
    repository.git(&["tag", "--force", "v2.0.1"]);
    let mirrors = tempfile::tempdir().unwrap();
    let to = mirrors.path().join("proof-system.git");
    let from = repository.path().display().to_string();
    repository.git(&["clone", "--quiet", "--bare", &from, &to.display().to_string()]);
    (repository, locked, mirrors)
}

/// A zkVM in a workspace, whose packages need each other by path and the proof system by its URL.
fn zkvm(revision: &str) -> Repository {
    let repository = Repository::new();
    repository.write(
        "Cargo.toml",
        format!(
            "[workspace]\nmembers = [\"crates/vm\", \"extensions/rv32im/circuit\"]\nresolver = \"2\"\n\n\
             [workspace.package]\nversion = \"2.0.2\"\n\n[workspace.dependencies]\n\
             openvm-circuit = {{ path = \"crates/vm\" }}\n\
             openvm-stark-backend = {{ git = \"{URL}\", tag = \"v2.0.1\" }}\n"
        )
        .as_bytes(),
    );
    let package = |folder: &str, name: &str, needs: &str, text: &str| {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion.workspace = true\nedition = \"2021\"\n\n[dependencies]\n{needs}"
        );
        repository.write(&format!("{folder}/Cargo.toml"), manifest.as_bytes());
        repository.write(&format!("{folder}/src/lib.rs"), text.as_bytes());
    };
    let backend = "openvm-stark-backend.workspace = true\n";
    package("crates/vm", "openvm-circuit", backend, "pub use openvm_stark_backend::NAME;\n");
    let needs = format!("openvm-circuit.workspace = true\n{backend}");
    let text = "pub fn same() -> bool { std::ptr::eq(openvm_circuit::NAME, openvm_stark_backend::NAME) }\n";
    package("extensions/rv32im/circuit", "openvm-rv32im-circuit", &needs, text);
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"openvm-circuit\"\nversion = \"2.0.2\"\n\
         dependencies = [\n \"openvm-stark-backend\",\n]\n\n\
         [[package]]\nname = \"openvm-rv32im-circuit\"\nversion = \"2.0.2\"\n\
         dependencies = [\n \"openvm-circuit\",\n \"openvm-stark-backend\",\n]\n\n\
         [[package]]\nname = \"openvm-stark-backend\"\nversion = \"2.0.1\"\n\
         source = \"git+{URL}?tag=v2.0.1#{revision}\"\n"
    );
    repository.write("Cargo.lock", lock.as_bytes());
    repository
}

fn request(repository: &Path, commit: &str, mirror: Option<&Path>, family: Option<&str>) -> Request {
    let source = repository.display().to_string();
    let commit = Some(commit);
    let asked = Asked { zkvm: "openvm", commit, source: Some(&source), mirror, family, ..Asked::default() };
    Request::new(&asked, &Catalogue::default(), Path::new("/nonexistent")).unwrap()
}

fn install(out: &Path, request: &Request) -> Result<Snapshot, SnapshotError> {
    Snapshots::new(out).install(request, false, &|| true).map(|installed| installed.snapshot)
}

/// The infrastructure pass of OpenVM's family, and nothing of the others.
fn passes() -> PassSet {
    let none = |kind| Pass { kind, edits: Vec::new() };
    let passes = [infrastructure::pass(PACKAGES), none(PassKind::Relax), none(PassKind::Collect)];
    let about = "The infrastructure pass alone.";
    PassSet { family: "openvm_2_0", zkvm: "openvm", about, packages: PACKAGES, passes, guards: &[], points: &[] }
}

#[test]
fn a_commit_is_built_with_its_own_packages_and_the_locked_ones_of_another_repository() {
    let (_proof_system, revision, mirrors) = proof_system();
    let repository = zkvm(&revision);
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let snapshot = install(out.path(), &request(repository.path(), &commit, Some(mirrors.path()), None)).unwrap();

    // The one that was locked, although its tag is elsewhere now, and that is said.
    let [dependency] = &snapshot.manifest.dependencies[..] else { panic!("{:?}", snapshot.manifest.dependencies) };
    assert_eq!(dependency.folder, format!("{DEPENDENCIES_FOLDER}/proof-system-{}", &revision[..12]));
    assert_eq!(dependency.url.as_deref(), Some(URL));
    let SnapshotOrigin::Git(origin) = &dependency.origin else { panic!("{dependency:?}") };
    assert_eq!(origin.commit, revision);
    let source = snapshot.sources().join(&dependency.folder).join("crates/backend/src/lib.rs");
    assert!(fs::read_to_string(source).unwrap().contains("\"locked\""));
    let kinds: Vec<_> = snapshot.manifest.deviations.iter().map(|deviation| deviation.kind).collect();
    assert_eq!(kinds, [DeviationKind::Mirror, DeviationKind::MovedReference]);
    assert_eq!(manifest::check(&snapshot.folder, &snapshot.manifest).unwrap(), (9, Vec::new()));

    // A commit of whose family nobody knew is of the one that is applied.
    let unknown = SnapshotManifest { family: None, ..snapshot.manifest.clone() };
    manifest::write(&snapshot.folder, &unknown).unwrap();
    patch::patch(&snapshot.folder, &passes(), false).unwrap();
    assert_eq!(manifest::read(&snapshot.folder).unwrap().unwrap().family.as_deref(), Some("openvm_2_0"));
    let root = fs::read_to_string(snapshot.sources().join("Cargo.toml")).unwrap();
    assert!(root.contains(&format!("exclude = [\"{DEPENDENCIES_FOLDER}\"]")), "{root}");
    let snapshots = Snapshots::new(out.path());
    let snapshot = snapshots.open("openvm", &snapshot.manifest.name).unwrap();

    // Assay's side asks the registry; there is none.
    let template = tempfile::tempdir().unwrap();
    fs::write(
        template.path().join("Cargo.toml.in"),
        "[workspace]\n\n[package]\nname = \"toy-runner\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         openvm-circuit = \"=2.0.2\"\nopenvm-rv32im-circuit = \"=2.0.2\"\nopenvm-stark-backend = \"=2.0.1\"\n",
    )
    .unwrap();
    fs::create_dir(template.path().join("src")).unwrap();
    let text = "fn main() {\n    assert!(openvm_rv32im_circuit::same());\n    \
                print!(\"{}\", openvm_stark_backend::NAME);\n}\n";
    fs::write(template.path().join("src/main.rs"), text).unwrap();
    let cargo = Cargo::new();
    let plan = runner::generate(&snapshot, None, &options(template.path(), cargo.cache())).unwrap();
    assert_eq!(cargo.carry_out(&plan), "locked");
    assert_eq!(runner::check_lock(&snapshot).unwrap(), []);
    patch::unpatch(&snapshot.folder).unwrap();
    let snapshot = snapshots.open("openvm", &snapshot.manifest.name).unwrap();
    assert_eq!(manifest::check(&snapshot.folder, &snapshot.manifest).unwrap(), (9, Vec::new()));
}

#[test]
fn a_dependency_that_cannot_be_had_is_named_and_nothing_is_left() {
    let (_proof_system, revision, _mirrors) = proof_system();
    let repository = zkvm(&revision);
    let commit = repository.commit("one");
    let (out, none) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let error = install(out.path(), &request(repository.path(), &commit, Some(none.path()), None)).unwrap_err();
    let SnapshotError::Dependency { package, why, .. } = &error else { panic!("{error}") };
    assert_eq!(package, "openvm-stark-backend");
    assert!(matches!(**why, SnapshotError::Mirror(MirrorError::Lacking { .. })));
    let said = error.to_string();
    assert!(said.contains(URL) && said.contains(&revision) && said.contains("--family none"), "{said}");
    assert!(Snapshots::new(out.path()).list().is_empty());

    // Without passes it is not needed.
    let snapshot = install(out.path(), &request(repository.path(), &commit, None, Some("none"))).unwrap();
    assert_eq!((snapshot.manifest.family, snapshot.manifest.dependencies), (None, Vec::new()));
}

#[test]
fn a_lockfile_names_no_repository_of_this_machine() {
    let (proof_system, revision, _mirrors) = proof_system();
    let repository = zkvm(&revision);
    let path = repository.path().join("Cargo.lock");
    for url in [format!("file://{}", proof_system.path().display()), "ext::sh -c true".to_owned(), "-x".to_owned()] {
        let lock = zkvm(&revision);
        let text = fs::read_to_string(lock.path().join("Cargo.lock")).unwrap();
        fs::write(&path, text.replace(URL, &url)).unwrap();
        let commit = repository.commit("hostile");
        let out = tempfile::tempdir().unwrap();
        let error = install(out.path(), &request(repository.path(), &commit, None, None)).unwrap_err();
        let SnapshotError::Dependency { why, .. } = &error else { panic!("{url}: {error}") };
        assert!(matches!(**why, SnapshotError::Source(SourceError::Scheme { .. })), "{url}: {error}");
    }
}

#[test]
fn sources_that_have_something_where_dependencies_go_are_refused() {
    let (_proof_system, revision, mirrors) = proof_system();
    let repository = zkvm(&revision);
    repository.link("Assay-Dependencies", "crates");
    let commit = repository.commit("hostile");
    let out = tempfile::tempdir().unwrap();
    let error = install(out.path(), &request(repository.path(), &commit, Some(mirrors.path()), None)).unwrap_err();
    assert!(matches!(error, SnapshotError::Source(SourceError::CaseClash { .. })), "{error}");
}

#[test]
fn a_published_package_that_would_be_built_in_place_of_the_sources_is_refused() {
    let (_proof_system, revision, mirrors) = proof_system();
    let repository = zkvm(&revision);
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let snapshot = install(out.path(), &request(repository.path(), &commit, Some(mirrors.path()), None)).unwrap();
    // As a fetch leaves it where the runner wants another version than the sources have.
    fs::create_dir(snapshot.runner()).unwrap();
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"openvm-circuit\"\nversion = \"2.0.3\"\nsource = \"{registry}\"\n\
         checksum = \"{}\"\n",
        "0".repeat(64)
    );
    fs::write(snapshot.runner().join("Cargo.lock"), lock).unwrap();
    let error = runner::check_lock(&snapshot).unwrap_err().to_string();
    assert!(error.contains("openvm-circuit 2.0.3") && error.contains("--template"), "{error}");
}

#[test]
fn a_family_is_the_one_that_is_asked_for_the_catalogues_or_the_zkvms_only_one() {
    let repository = Repository::new();
    repository.write("a", b"x");
    let commit = repository.commit("one");
    let family = |zkvm: &str, family: Option<&str>| {
        let source = repository.path().display().to_string();
        let asked = Asked { zkvm, commit: Some(&commit), source: Some(&source), family, ..Asked::default() };
        Request::new(&asked, &Catalogue::default(), Path::new("/nonexistent")).map(|request| request.family)
    };
    assert_eq!(family("sp1", None).unwrap().as_deref(), Some("sp1_6"));
    assert_eq!(family("sp1", Some("none")).unwrap(), None);
    assert_eq!(family("toy", None).unwrap(), None);
    for (zkvm, wrong) in [("sp1", "openvm_2_0"), ("sp1", "sp1_9")] {
        let error = family(zkvm, Some(wrong)).unwrap_err().to_string();
        assert!(error.contains(wrong) && error.contains("say sp1_6 or none"), "{error}");
    }
}
