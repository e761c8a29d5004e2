//! Running a command of a stage: output into a log, the end of the log shown when it fails.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

/// Lines of the log that a failure shows.
const SHOWN_LINES: usize = 120;

/// Runs `program` in `root` with its output in `log`; an error ends with the last lines of it.
pub(crate) fn run(root: &Path, log: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    run_with(root, log, program, arguments, &[])
}

/// The same with variables in its environment.
pub(crate) fn run_with(
    root: &Path,
    log: &Path,
    program: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<String, String> {
    let spelled = format!("{program} {}", arguments.join(" "));
    let file = log
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| File::create(log))
        .and_then(|file| Ok((file.try_clone()?, file)));
    let (stdout, stderr) = file.map_err(|error| format!("could not write {}: {error}", log.display()))?;
    let status = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .status()
        .map_err(|error| format!("could not start `{spelled}`: {error}"))?;
    let output = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    if status.success() {
        return Ok(output);
    }
    let lines: Vec<&str> = output.lines().collect();
    let shown = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
    Err(format!("`{spelled}` failed ({status}):\n{shown}\nThe whole log: {}", log.display()))
}

/// Files that git tracks or would track, relative to `root`.
pub(crate) fn source_files(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("could not start git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let names = String::from_utf8(output.stdout).map_err(|error| format!("a file name is not UTF-8: {error}"))?;
    Ok(names.split('\0').filter(|name| !name.is_empty() && root.join(name).is_file()).map(str::to_owned).collect())
}
