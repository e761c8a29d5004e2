//! A snapshot of a commit must do what the published crates do: OpenVM's crates as a checkout has them, in a workspace, with
//! its proof system in a repository of its own, and a lockfile that says at which revision.
//!
//! The repositories are made here, from the published crates, laid out as those say that they were. It needs
//! `assay backend install openvm`, and compiles OpenVM's crates once more: under three minutes of one core where what they
//! depend on is compiled already, as it is after `assay snapshot build openvm@2.0.2`.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

#[path = "black_box/git.rs"]
mod git;
#[expect(dead_code, reason = "what the other tests need of it stands beside what these do")]
#[path = "black_box/support.rs"]
mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use git::git;
use support::{assay, json, stdout};
use toml::{Table, Value};

/// Where OpenVM has its proof system.
const PROOF_SYSTEM: &str = "https://github.com/openvm-org/stark-backend.git";

/// What OpenVM asks for there.
const TAG: &str = "v2.0.1";

/// The name of the snapshot.
const SNAPSHOT: &str = "openvm@of-a-commit";

/// Instructions of several chips, memory, a jump and a loop.
const GUEST: &str = "li a0, 100\n li a1, -7\n mul a2, a0, a1\n div a3, a0, a1\n add t1, a0, a1\n slt t3, a1, a0\n\
    lui s2, 0x400\n sw a1, 0(s2)\n lb t2, 3(s2)\n lhu t1, 0(s2)\n li t2, 3\n again: addi t2, t2, -1\n\
    bne t2, x0, again\n jal t3, next\n addi t3, x0, 2\n next: auipc t1, 0\n jalr t3, t1, 8\n xor t1, t1, t2\n";

fn read(path: &Path) -> Table {
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A published crate, and where in which repository it says that it was.
struct Published {
    name: String,
    version: String,
    commit: String,
    place: String,
}

/// OpenVM's crates as the family's template locks them, unpacked into `folder`.
fn published(folder: &Path, lock: &Table) -> Vec<Published> {
    let packages = lock["package"].as_array().unwrap().iter().map(|package| package.as_table().unwrap());
    let text = |package: &Table, key: &str| package[key].as_str().unwrap().to_owned();
    let ours = packages.filter(|package| text(package, "name").starts_with("openvm-"));
    let named: Vec<(String, String)> = ours.map(|one| (text(one, "name"), text(one, "version"))).collect();
    let mut install = vec!["snapshot".to_owned(), "install".into(), "openvm".into(), "--name".into(), "parts".into()];
    install.extend(["--family", "none", "--out", folder.to_str().unwrap()].map(str::to_owned));
    for (name, version) in &named {
        install.extend(["--crate".to_owned(), format!("{name}@{version}")]);
    }
    stdout(&install.iter().map(String::as_str).collect::<Vec<_>>(), 0);
    let parts = folder.join("openvm-parts/openvm-src");
    let of = |(name, version): (String, String)| {
        let said = fs::read_to_string(parts.join(format!("{name}-{version}/.cargo_vcs_info.json"))).unwrap();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let (commit, place) = (said["git"]["sha1"].as_str().unwrap(), said["path_in_vcs"].as_str().unwrap());
        Published { name, version, commit: commit.to_owned(), place: place.to_owned() }
    };
    named.into_iter().map(of).collect()
}

/// A workspace of `members`, whose dependencies on each other are of the workspace, as are those on `others`, which are asked
/// for at a tag.
fn workspace(root: &Path, parts: &Path, members: &[&Published], others: &[&Published]) {
    let mut dependencies = Table::new();
    for one in members {
        copy(&parts.join(format!("{}-{}", one.name, one.version)), &root.join(&one.place));
        dependencies.insert(one.name.clone(), Table::from_iter([("path".into(), one.place.clone().into())]).into());
    }
    for one in others {
        let of = [("git".into(), PROOF_SYSTEM.into()), ("tag".into(), TAG.into())];
        dependencies.insert(one.name.clone(), Table::from_iter(of).into());
    }
    for (_, of) in &mut dependencies {
        of.as_table_mut().unwrap().insert("default-features".into(), false.into());
    }
    for one in members {
        let path = root.join(&one.place).join("Cargo.toml");
        let mut manifest = read(&path);
        let inherited = || Value::from(Table::from_iter([("workspace".to_owned(), true.into())]));
        manifest["package"].as_table_mut().unwrap().insert("version".into(), inherited());
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let table = manifest.get_mut(kind).and_then(Value::as_table_mut).into_iter().flatten();
            for (_, of) in table.filter(|(name, _)| dependencies.contains_key(name.as_str())) {
                let of = of.as_table_mut().unwrap();
                of.remove("version");
                let plain = of.remove("default-features").is_some();
                of.insert("workspace".into(), true.into());
                if !plain {
                    of.insert("default-features".into(), true.into());
                }
            }
        }
        fs::write(path, manifest.to_string()).unwrap();
    }
    let places = members.iter().map(|one| Value::from(one.place.clone())).collect::<Vec<_>>();
    let version = Table::from_iter([("version".to_owned(), members[0].version.clone().into())]);
    let workspace = Table::from_iter([
        ("resolver".to_owned(), Value::from("2")),
        ("members".to_owned(), places.into()),
        ("package".to_owned(), version.into()),
        ("dependencies".to_owned(), dependencies.into()),
    ]);
    fs::write(root.join("Cargo.toml"), Table::from_iter([("workspace".to_owned(), workspace.into())]).to_string())
        .unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else if !["Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"].contains(&name.to_str().unwrap()) {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

fn commit(root: &Path) -> String {
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    git(root, &["add", "--all", "--force"]);
    git(root, &["commit", "--quiet", "--message", "as published"]);
    git(root, &["rev-parse", "HEAD"])
}

/// The lockfile of a commit: what `members` are stands beside it, what `others` are is in git.
fn locked(mut lock: Table, members: &[&Published], others: &[&Published], revision: &str) -> String {
    let names = |of: &[&Published]| of.iter().map(|one| one.name.clone()).collect::<BTreeSet<_>>();
    let (members, others) = (names(members), names(others));
    for package in lock["package"].as_array_mut().unwrap() {
        let package = package.as_table_mut().unwrap();
        let name = package["name"].as_str().unwrap().to_owned();
        if let Some(needs) = package.get_mut("dependencies").and_then(Value::as_array_mut) {
            needs.retain(|need| need.as_str() != Some("fuzzer_utils"));
        }
        if members.contains(&name) || others.contains(&name) {
            package.remove("source");
            package.remove("checksum");
        }
        if others.contains(&name) {
            package.insert("source".into(), format!("git+{PROOF_SYSTEM}?tag={TAG}#{revision}").into());
        }
    }
    lock["package"].as_array_mut().unwrap().retain(|one| {
        let name = one["name"].as_str().unwrap();
        !name.starts_with("assay-") && name != "fuzzer_utils"
    });
    lock.to_string()
}

/// The records of a guest's run.
fn records(backend: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let guest = folder.path().join("guest.s");
    fs::write(&guest, GUEST).unwrap();
    let (out, guest) = (folder.path().to_str().unwrap(), guest.to_str().unwrap());
    assay(&["trace", "-b", backend, "--records", "jsonl", "--out", out, "--insts", guest]).assert().code(0);
    fs::read_to_string(folder.path().join("micro_op_records.jsonl")).unwrap()
}

#[test]
#[ignore = "needs the runner of OpenVM, and compiles OpenVM"]
fn a_commit_in_a_workspace_emits_what_the_runner_derives_from_the_published_crates() {
    let place = tempfile::tempdir().unwrap();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assay-snapshot/template/runner-openvm-2.0");
    let lock = read(&template.join("Cargo.lock"));
    let crates = published(place.path(), &lock);
    let mut by_commit: BTreeMap<&str, Vec<&Published>> = BTreeMap::new();
    for one in &crates {
        by_commit.entry(&one.commit).or_default().push(one);
    }
    let is_proof_system = |of: &[&Published]| of.iter().any(|one| one.name == "openvm-stark-backend");
    let (others, members): (Vec<_>, Vec<_>) = by_commit.into_values().partition(|of| is_proof_system(of));
    let ([others], [members]) = (&others[..], &members[..]) else { panic!("crates of two repositories") };

    let parts = place.path().join("openvm-parts/openvm-src");
    let [proof_system, openvm, mirrors] = ["stark-backend", "openvm", "mirrors"].map(|name| place.path().join(name));
    workspace(&proof_system, &parts, others, &[]);
    let revision = commit(&proof_system);
    fs::create_dir(&mirrors).unwrap();
    git(&mirrors, &["clone", "--quiet", "--bare", proof_system.to_str().unwrap(), "stark-backend.git"]);
    workspace(&openvm, &parts, members, others);
    fs::write(openvm.join("Cargo.lock"), locked(lock, members, others, &revision)).unwrap();
    let id = commit(&openvm);

    let (out, source, mirrors) = (place.path(), openvm.to_str().unwrap(), mirrors.to_str().unwrap());
    let out = ["--out", out.to_str().unwrap()];
    let name = SNAPSHOT.split_once('@').unwrap().1;
    let install = ["snapshot", "install", "openvm", "--commit", &id, "--source", source, "--name", name];
    let manifest = json(&[&install[..], &["--mirror", mirrors], &out].concat(), 0);
    assert_eq!(manifest["family"], "openvm_2_0");
    assert_eq!(manifest["dependencies"][0]["origin"]["git"]["commit"], revision);
    stdout(&[&["snapshot", "patch", SNAPSHOT][..], &out].concat(), 0);
    let built = json(&[&["snapshot", "build", SNAPSHOT, "--mirror", mirrors, "--offline"][..], &out].concat(), 0);
    println!("built in {} s", built["build"]["seconds"]);
    assert_eq!(built["build"]["status"], "builds");

    let [plain, checkout] = ["openvm", SNAPSHOT].map(records);
    assert!(checkout.lines().count() > 500, "{}", checkout.lines().count());
    let differs = plain.lines().zip(checkout.lines()).find(|(one, other)| one != other);
    assert_eq!(differs, None);
    assert_eq!(plain.len(), checkout.len());
    stdout(&[&["snapshot", "verify", SNAPSHOT][..], &out].concat(), 0);
    stdout(&[&["snapshot", "remove", SNAPSHOT, "--force"][..], &out].concat(), 0);
}
