//! How long it takes to materialise a repository of 50,000 files with OpenVM's crates among them, to patch it, to look through
//! it and to remove it, beside what git takes to write the same files.
//!
//! The crates are those of the catalogue's `openvm@2.0.2`, from cargo's cache.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has nothing to say")]

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
};

use assay_snapshot::{
    catalogue::Catalogue,
    install::{Snapshot, Snapshots},
    manifest, passes, patch,
    request::{Asked, Request},
};
use tempfile::TempDir;

/// Files of the repository.
const FILES: usize = 50_000;

/// Bytes of each: the middle of what sources have.
const BYTES: usize = 6_000;

/// The catalogue's crates, and where a checkout of OpenVM has them.
const PLACES: [(&str, &str); 3] = [
    ("openvm-circuit-2.0.2", "crates/vm"),
    ("openvm-rv32im-circuit-2.0.2", "extensions/rv32im/circuit"),
    ("openvm-stark-backend-2.0.1", "crates/stark-backend"),
];

/// The name that every snapshot here has.
const NAME: &str = "bench";

/// The repository and its commit. Nobody removes it when the process ends: it is in a folder of temporary files.
static REPOSITORY: LazyLock<(TempDir, String)> = LazyLock::new(repository);

fn main() {
    divan::main();
}

fn git(folder: &Path, arguments: &[&str], input: Option<&[u8]>) -> String {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(folder).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.unwrap_or_default()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn snapshots(asked: &Asked<'_>, out: &Path) -> Snapshot {
    let request = Request::new(asked, &Catalogue::read(None).unwrap(), Path::new("/nonexistent")).unwrap();
    Snapshots::new(out).install(&request, false, &|| true).unwrap().snapshot
}

/// A repository and its commit.
fn repository() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--bare"], None);
    let mut stream = Vec::new();
    stream.extend(b"commit refs/heads/main\ncommitter B <b@example.com> 0 +0000\ndata 0\n");
    let mut add = |path: &str, content: &[u8]| {
        stream.extend(format!("M 100644 inline {path}\ndata {}\n", content.len()).bytes());
        stream.extend(content);
        stream.push(b'\n');
    };
    let parts = tempfile::tempdir().unwrap();
    let published = snapshots(&Asked { zkvm: "openvm", commit: Some("2.0.2"), ..Asked::default() }, parts.path());
    let listing = manifest::listing(&published.folder, &published.manifest).unwrap();
    let mut files = 1;
    for file in &listing {
        let (folder, rest) = file.path.split_once('/').unwrap();
        let (_, place) = PLACES.iter().find(|(name, _)| *name == folder).unwrap();
        add(&format!("{place}/{rest}"), &fs::read(published.sources().join(&file.path)).unwrap());
        files += 1;
    }
    let members = PLACES.map(|(_, place)| format!("{place:?}")).join(", ");
    add("Cargo.toml", format!("[workspace]\nmembers = [{members}]\n").as_bytes());
    for file in files..FILES {
        let line = format!("pub const NUMBER_{file}: u64 = {};\n", file * file);
        let content: String = line.repeat(BYTES / line.len());
        add(&format!("more/c{}/src/m{}/f{file}.rs", file / 500, file / 50), content.as_bytes());
    }
    git(folder.path(), &["fast-import", "--quiet"], Some(&stream));
    let commit = git(folder.path(), &["rev-parse", "refs/heads/main"], None);
    (folder, commit)
}

/// Git's own way, without the snapshot's checks.
fn checked_out(place: &Path) {
    let (repository, commit) = &*REPOSITORY;
    let git_dir = format!("--git-dir={}", repository.path().display());
    let work_tree = format!("--work-tree={}", place.display());
    git(place, &[&git_dir, &work_tree, "checkout", "--quiet", "--force", commit], None);
}

fn installed(place: &Path) -> Snapshot {
    let (repository, commit) = &*REPOSITORY;
    let source = repository.path().display().to_string();
    let asked =
        Asked { zkvm: "openvm", commit: Some(commit), source: Some(&source), name: Some(NAME), ..Asked::default() };
    let snapshot = snapshots(&asked, place);
    assert_eq!(snapshot.manifest.files, FILES as u64);
    snapshot
}

fn patched(snapshot: &Snapshot, dry_run: bool) {
    let set = passes::family("openvm_2_0").unwrap();
    assert!(patch::patch(&snapshot.folder, &set, dry_run).unwrap().changed);
}

fn place() -> TempDir {
    LazyLock::force(&REPOSITORY);
    tempfile::tempdir().unwrap()
}

fn place_with_snapshot() -> (TempDir, Snapshot) {
    let place = place();
    let snapshot = installed(place.path());
    (place, snapshot)
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_git_checks_out(bencher: divan::Bencher) {
    bencher.with_inputs(place).bench_values(|place| {
        checked_out(place.path());
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn b_snapshot_is_installed(bencher: divan::Bencher) {
    bencher.with_inputs(place).bench_values(|place| {
        installed(place.path());
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn c_snapshot_is_installed_and_patched(bencher: divan::Bencher) {
    bencher.with_inputs(place).bench_values(|place| {
        patched(&installed(place.path()), false);
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn d_dry_run_of_the_passes(bencher: divan::Bencher) {
    bencher.with_inputs(place_with_snapshot).bench_values(|(place, snapshot)| {
        patched(&snapshot, true);
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn e_snapshot_is_verified(bencher: divan::Bencher) {
    bencher.with_inputs(place_with_snapshot).bench_values(|(place, snapshot)| {
        assert!(manifest::check(&snapshot.folder, &snapshot.manifest).unwrap().1.is_empty());
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn f_snapshot_is_removed(bencher: divan::Bencher) {
    bencher.with_inputs(place_with_snapshot).bench_values(|(place, _)| {
        Snapshots::new(place.path()).remove("openvm", NAME, false, &|| true).unwrap();
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn g_rm_removes_what_git_checked_out(bencher: divan::Bencher) {
    let input = || {
        let place = place();
        checked_out(place.path());
        place
    };
    bencher.with_inputs(input).bench_values(|place| {
        assert!(Command::new("rm").arg("-rf").arg(place.path()).status().unwrap().success());
        place
    });
}
