//! Snapshots of published crates, by the commands that users have: installed, patched, built, compared with the runner of the
//! same crates.

use std::{fs, path::Path};

use super::{ASSAY, Context, TEST, Tally, cache, target_of};

/// zkVM and alias of the snapshots that have tests: `crates/assay-cli/tests/snapshot_ZKVM.rs`.
const SNAPSHOTS: &[(&str, &str)] = &[("openvm", "2.0.2"), ("risc0", "3.0.1"), ("sp1", "6.10.0")];

/// Where snapshots of CI are.
const OUT: &str = "target/xtask/snapshots";

/// The one whose stage is always run. The others compile most of a zkVM once more: minutes that a machine with two cores and
/// nothing built does not have.
const ALWAYS: &str = "openvm";

/// Whether there is a snapshot of what the runner is of.
pub(super) fn has(runner: &str) -> bool {
    SNAPSHOTS.iter().any(|(zkvm, _)| *zkvm == runner)
}

/// Whether its stage is run only where all are asked for.
pub(super) fn is_extra(runner: &str) -> bool {
    runner != ALWAYS
}

/// Installs, patches and builds the snapshot, and tests it against the runner, which was installed before.
pub(super) fn run(context: &Context<'_>) -> Result<String, String> {
    let zkvm = context.runner;
    let Some((_, alias)) = SNAPSHOTS.iter().find(|(known, _)| *known == zkvm) else {
        return Err(format!("there is no snapshot of {zkvm}"));
    };
    let backend = format!("{zkvm}@{alias}");
    seed(Path::new(&target_of(context)?))?;
    let assay = |part: &str, arguments: &[&str]| {
        context.cargo(part, &[&ASSAY[..], &["--", "snapshot"], arguments, &["--out", OUT]].concat())
    };
    // What an earlier run left may be of an older pass set.
    if context.root.join(OUT).join(format!("{zkvm}-{alias}")).exists() {
        assay("-remove", &["remove", &backend, "--force"])?;
    }
    assay("-install", &["install", zkvm, "--commit", alias])?;
    assay("-patch", &["patch", &backend])?;
    assay("-build", &["build", &backend])?;
    let test = format!("snapshot_{zkvm}");
    let arguments = [&TEST[..], &["--package", "assay-cli", "--test", &test]].concat();
    // Each of them may have a prover at work, which takes all cores and gigabytes.
    let output = context.cargo("", &[&arguments[..], &["--", "--ignored", "--test-threads=1"]].concat())?;
    Tally::of(&output).expect_tests()
}

/// Puts what was compiled for the runner where snapshots are built: all that is not patched is of the same crates, features
/// and flags, and is compiled once. What is there already stays.
fn seed(runner: &Path) -> Result<(), String> {
    let target = cache()?.join("snapshots/target/release");
    fs::create_dir_all(&target).map_err(|error| format!("could not make {}: {error}", target.display()))?;
    for folder in ["deps", "build", ".fingerprint"] {
        let from = runner.join("release").join(folder);
        copy(&from, &target.join(folder)).map_err(|error| format!("could not copy {}: {error}", from.display()))?;
    }
    Ok(())
}

/// Copies files that are not there, with their times, by which cargo tells whether they are up to date.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, kind) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind)))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&from, &to)?;
        } else if kind.is_file() && !to.exists() {
            fs::copy(&from, &to)?;
            let modified = fs::metadata(&from)?.modified()?;
            fs::File::options().write(true).open(&to)?.set_modified(modified)?;
        }
    }
    Ok(())
}
