//! How long it takes to materialise a repository of 50,000 files, beside what git takes to write them itself.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has nothing to say")]

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use assay_snapshot::{
    catalogue::Catalogue,
    install::Snapshots,
    request::{Asked, Request},
};
use tempfile::TempDir;

/// Files of the repository.
const FILES: usize = 50_000;

/// Bytes of each: the middle of what sources have.
const BYTES: usize = 6_000;

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

/// A repository and its commit.
fn repository() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--bare"], None);
    let mut stream = Vec::new();
    stream.extend(b"commit refs/heads/main\ncommitter B <b@example.com> 0 +0000\ndata 0\n");
    for file in 0..FILES {
        let line = format!("pub const NUMBER_{file}: u64 = {};\n", file * file);
        let content: String = line.repeat(BYTES / line.len());
        let path = format!("crates/c{}/src/m{}/f{file}.rs", file / 500, file / 50);
        stream.extend(format!("M 100644 inline {path}\ndata {}\n{content}\n", content.len()).bytes());
    }
    git(folder.path(), &["fast-import", "--quiet"], Some(&stream));
    let commit = git(folder.path(), &["rev-parse", "refs/heads/main"], None);
    (folder, commit)
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn git_checks_out_50_000_files(bencher: divan::Bencher) {
    let (repository, commit) = repository();
    let repository = repository.path().display().to_string();
    bencher.with_inputs(|| tempfile::tempdir().unwrap()).bench_values(|place| {
        let git_dir = format!("--git-dir={repository}");
        let work_tree = format!("--work-tree={}", place.path().display());
        git(place.path(), &[&git_dir, &work_tree, "checkout", "--quiet", "--force", &commit], None);
        place
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_snapshot_of_50_000_files(bencher: divan::Bencher) {
    let (repository, commit) = repository();
    let source = repository.path().display().to_string();
    let asked = Asked { zkvm: "toy", commit: Some(&commit), source: Some(&source), ..Asked::default() };
    let request = Request::new(&asked, &Catalogue::default(), Path::new("/nonexistent")).unwrap();
    bencher.with_inputs(|| tempfile::tempdir().unwrap()).bench_values(|place| {
        Snapshots::new(place.path()).install(&request, false, &|| true).unwrap();
        place
    });
}
