//! Starting the binary, away from the user's folders.

use std::{fs, path::Path, sync::LazyLock, time::Duration};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The store of this process's tests, which nobody removes when the process ends: those of yesterday are removed first.
static STORE: LazyLock<TempDir> = LazyLock::new(|| {
    const PREFIX: &str = "store-";
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for entry in fs::read_dir(place).expect("cargo makes the folder").flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|then| then.elapsed().ok());
        let old = age.is_some_and(|age| age > Duration::from_hours(24));
        if old && entry.file_name().to_string_lossy().starts_with(PREFIX) {
            // Another process may be removing it, too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    tempfile::Builder::new().prefix(PREFIX).tempdir_in(place).expect("there is room for a store of tests")
});

/// The example of the README: six instructions, a loop that runs twice.
pub(crate) const EXAMPLE: [&str; 24] = [
    "--asm",
    "add x14, x1, x5",
    "--asm",
    "addi x7, x7, 1",
    "--asm",
    "li x5, 2",
    "--asm",
    "bne x7, x5, -16",
    "--asm",
    "li x7, 25",
    "--asm",
    "xor x10, x14, x7",
    "--reg",
    "x6=28",
    "--reg",
    "x7=0",
    "--reg",
    "x1=15",
    "--reg",
    "x5=11",
    "--reg",
    "x10=0",
    "--reg",
    "x14=0",
];

/// `assay` with these arguments. Runs are kept where no other process of tests keeps them, unless `--store` says otherwise.
pub(crate) fn assay(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("assay"));
    command.args(arguments).env_remove("COLUMNS").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.env("ASSAY_STORE", STORE.path());
    command
}

/// Stdout of a run that ended with `code`.
pub(crate) fn stdout(arguments: &[&str], code: i32) -> String {
    let output = assay(arguments).assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).expect("stdout is UTF-8")
}

/// Stderr of a run that ended with `code` and printed no result.
pub(crate) fn complaint(arguments: &[&str], code: i32) -> String {
    let output = assay(arguments).assert().code(code).stdout("").get_output().clone();
    String::from_utf8(output.stderr).expect("stderr is UTF-8")
}

/// The JSON document that a run with `--format json` printed.
pub(crate) fn json(arguments: &[&str], code: i32) -> Value {
    let text = stdout(&[arguments, &["--format", "json"]].concat(), code);
    serde_json::from_str(&text).expect("stdout is one JSON document")
}
