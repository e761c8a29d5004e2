//! Git dependencies from mirrors, with cargo itself and without a network: by branch, by tag, by revision; a moved tag; one
//! that is missing; one that is not whole.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::repository::Repository;
use assay_snapshot::{
    lock::Lockfile,
    mirror::{MirrorError, Mirrors, environment},
};
use assay_spec::DeviationKind;
use tempfile::TempDir;

const URL: &str = "https://git.invalid/owner/field.git";

/// A repository of a crate whose function gives `answer`.
fn field(answer: u32) -> (Repository, String) {
    let repository = Repository::new();
    repository.write("Cargo.toml", b"[package]\nname = \"field\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    let commit = answering(&repository, answer);
    (repository, commit)
}

fn answering(repository: &Repository, answer: u32) -> String {
    repository.write("src/lib.rs", format!("pub const ANSWER: u32 = {answer};\n").as_bytes());
    repository.commit("answer")
}

/// A folder of mirrors with a bare clone of `repository`, whose objects are given away.
fn mirrors(repository: &Repository, place: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join(place);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    repository.git(&[
        "clone",
        "--quiet",
        "--bare",
        &repository.path().display().to_string(),
        &to.display().to_string(),
    ]);
    folder
}

/// A crate that depends on `field` as `wants` says, with a lockfile that says `revision`.
fn sources(wants: &str, query: &str, revision: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = format!(
        "[package]\nname = \"vm\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n\
         [dependencies]\nfield = {{ git = \"{URL}\"{wants} }}\n\n[workspace]\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {\n    print!(\"{}\", field::ANSWER);\n}\n").unwrap();
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"field\"\nversion = \"0.1.0\"\nsource = \"git+{URL}{query}#{revision}\"\n\n\
         [[package]]\nname = \"vm\"\nversion = \"0.1.0\"\ndependencies = [\n \"field\",\n]\n"
    );
    fs::write(folder.path().join("Cargo.lock"), lock).unwrap();
    folder
}

fn locked(sources: &Path) -> Lockfile {
    Lockfile::parse(&fs::read_to_string(sources.join("Cargo.lock")).unwrap()).unwrap()
}

/// What the crate prints, fetched from the mirrors and then built offline, in a folder of its own.
fn answer(sources: &Path, variables: &[(String, String)]) -> String {
    let home = tempfile::tempdir().unwrap();
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(sources)
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS")
            .env("CARGO_HOME", home.path())
            .env("CARGO_TARGET_DIR", home.path().join("target"))
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    cargo(&["fetch", "--locked", "--quiet"]);
    cargo(&["run", "--offline", "--locked", "--quiet"])
}

#[test]
fn a_branch_a_tag_and_a_revision_are_taken_at_what_was_locked_also_where_they_have_moved() {
    let (repository, old) = field(1);
    repository.git(&["tag", "v1"]);
    repository.git(&["branch", "side"]);
    let new = answering(&repository, 2);
    // The tag has moved, the branch is gone.
    repository.git(&["tag", "--force", "v1"]);
    repository.git(&["branch", "--delete", "--force", "side"]);
    let folder = mirrors(&repository, "git.invalid/owner/field.git");
    let mirrors = Mirrors::new(folder.path(), &BTreeMap::new());
    let by_revision = (format!(", rev = \"{old}\""), format!("?rev={old}"));
    let cases = [
        (", tag = \"v1\"", "?tag=v1", &old, "1", Some(&new)),
        (", branch = \"side\"", "?branch=side", &old, "1", None),
        (by_revision.0.as_str(), by_revision.1.as_str(), &old, "1", None),
        ("", "", &new, "2", None),
    ];
    for (wants, query, revision, expected, moved_to) in cases {
        let sources = sources(wants, query, revision);
        let dependencies = locked(sources.path()).pruned(&["vm"]).unwrap().git_dependencies().unwrap();
        let (mirrored, said) = mirrors.check(&dependencies).unwrap();
        assert_eq!(said[0].kind, DeviationKind::Mirror);
        assert!(said[0].detail.contains(URL) && said[0].detail.contains(revision.as_str()));
        let moved: Vec<_> = said.iter().filter(|said| said.kind == DeviationKind::MovedReference).collect();
        assert_eq!(moved.len(), usize::from(query.contains("tag") || query.contains("branch")), "{said:?}");
        if let Some(moved_to) = moved_to {
            assert!(moved[0].detail.contains(moved_to.as_str()), "{moved:?}");
        }
        let cache = tempfile::tempdir().unwrap();
        assert_eq!(answer(sources.path(), &environment(&mirrored, cache.path()).unwrap()), expected, "{query}");
    }
}

#[test]
fn what_no_mirror_has_is_named_with_url_and_revision_before_anything_is_fetched() {
    let (repository, commit) = field(1);
    let absent = "0123456789abcdef0123456789abcdef01234567";
    let folder = mirrors(&repository, "other.git");
    let none = Mirrors::new(folder.path(), &BTreeMap::new());
    let dependencies = |revision: &str| locked(sources("", "", revision).path()).git_dependencies().unwrap();
    let error = none.check(&dependencies(&commit)).unwrap_err().to_string();
    assert!(error.contains(&format!("no mirror for {URL} at {commit}")), "{error}");

    // A public equivalent stands for a private dependency, and is said to.
    let equivalents = BTreeMap::from([(URL.to_owned(), "https://elsewhere.invalid/x/other".to_owned())]);
    let mapped = Mirrors::new(folder.path(), &equivalents);
    let (mirrored, said) = mapped.check(&dependencies(&commit)).unwrap();
    assert!(said[0].detail.contains("which is of https://elsewhere.invalid/x/other"), "{said:?}");
    let sources = sources("", "", &commit);
    let cache = tempfile::tempdir().unwrap();
    assert_eq!(answer(sources.path(), &environment(&mirrored, cache.path()).unwrap()), "1");

    let error = mapped.check(&dependencies(absent)).unwrap_err().to_string();
    assert!(error.contains(absent) && error.contains("does not have the revision"), "{error}");
}

#[test]
fn a_mirror_that_lacks_objects_names_them() {
    let (repository, commit) = field(1);
    let folder = mirrors(&repository, "field.git");
    // As a partial clone: the commit is there, a file of it is not.
    let blob = repository.git(&["rev-parse", &format!("{commit}:src/lib.rs")]);
    let object = folder.path().join("field.git/objects").join(&blob[..2]).join(&blob[2..]);
    fs::remove_file(object).unwrap();
    let dependencies = locked(sources("", "", &commit).path()).git_dependencies().unwrap();
    let error = Mirrors::new(folder.path(), &BTreeMap::new()).check(&dependencies).unwrap_err();
    assert!(matches!(error, MirrorError::Lacking { .. }));
    assert!(error.to_string().contains(&blob), "{error}");
}
