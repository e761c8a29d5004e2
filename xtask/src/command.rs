//! Running a command of a stage: output into a log, the end of the log shown when it fails.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

/// Lines of the log that a failure shows: the last ones, and as many about the tests that failed.
const SHOWN_LINES: usize = 120;

/// Runs `program` in `root` with its output in `log`; an error ends with what tests that failed said, and the last lines of it.
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
    let shown = telling_lines(&output).join("\n");
    Err(format!("`{spelled}` failed ({status}):\n{shown}\nThe whole log: {}", log.display()))
}

/// The lines that say what failed: libtest prints them far from the end where more tests come after.
fn telling_lines(output: &str) -> Vec<&str> {
    let lines: Vec<&str> = output.lines().collect();
    let (before, last) = lines.split_at(lines.len().saturating_sub(SHOWN_LINES));
    let mut failing = false;
    let mut shown: Vec<&str> = before
        .iter()
        .copied()
        .filter(|line| {
            let ends = line.starts_with("test result:");
            failing = *line == "failures:" || (failing && !ends);
            failing || (ends && line.contains("FAILED"))
        })
        .take(SHOWN_LINES)
        .collect();
    shown.extend(last);
    shown
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_failed_long_before_the_end_is_shown() {
        let passed = "test a ... ok\n".repeat(3 * SHOWN_LINES);
        let failed =
            "failures:\n\n---- b stdout ----\nit is 3\n\n\nfailures:\n    b\n\ntest result: FAILED. 1 failed\n";
        let output = format!("{passed}{failed}{passed}test result: ok\nerror: 1 target failed\n");
        let shown = telling_lines(&output);
        assert_eq!(shown.len(), SHOWN_LINES + failed.lines().count());
        assert_eq!(shown[..4], ["failures:", "", "---- b stdout ----", "it is 3"]);
        assert_eq!(shown.last(), Some(&"error: 1 target failed"));
        assert_eq!(telling_lines("one\ntwo"), ["one", "two"]);
        assert_eq!(telling_lines(&"failures:\n".repeat(9 * SHOWN_LINES)).len(), 2 * SHOWN_LINES);
    }
}
