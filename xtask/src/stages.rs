//! The stages of CI, in order of what fails fastest. `.ci/run` is `cargo xtask test` and nothing else.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{command, schemas, tidy};

/// Version of cargo-deny that the stage `deny` installs where there is none.
const CARGO_DENY: &str = "0.20.2";

struct Stage {
    name: &'static str,
    /// Whether it needs a zkVM.
    heavy: bool,
    run: fn(&Context<'_>) -> Result<String, String>,
}

struct Context<'a> {
    root: &'a Path,
    stage: &'static str,
}

const STAGES: &[Stage] = &[
    Stage { name: "tidy", heavy: false, run: |context| tidy::run(context.root) },
    Stage { name: "fmt", heavy: false, run: fmt },
    Stage { name: "clippy", heavy: false, run: clippy },
    Stage { name: "docs", heavy: false, run: docs },
    Stage { name: "schemas", heavy: false, run: |context| schemas::run(context.root, true) },
    Stage { name: "deny", heavy: false, run: deny },
    Stage { name: "unit", heavy: false, run: unit },
    Stage { name: "black-box", heavy: false, run: black_box },
    Stage { name: "runner-openvm", heavy: true, run: runner_openvm },
    Stage { name: "clippy-openvm", heavy: true, run: clippy_openvm },
    Stage { name: "unit-openvm", heavy: true, run: unit_openvm },
    Stage { name: "smoke-openvm", heavy: true, run: smoke_openvm },
];

/// Names the stages.
pub(crate) fn list() {
    for stage in STAGES {
        println!("{}{}", stage.name, if stage.heavy { " (needs a zkVM; left out by --quick)" } else { "" });
    }
}

/// Runs the stages that were asked for, all of them by default. Stops at the first that fails.
pub(crate) fn run(root: &Path, quick: bool, only: &[String]) -> Result<(), String> {
    if let Some(unknown) = only.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        return Err(format!("there is no stage {unknown:?}; `cargo xtask test --list` names them"));
    }
    let mut total = Tally::default();
    for stage in STAGES {
        let chosen = if only.is_empty() { !(quick && stage.heavy) } else { only.iter().any(|name| name == stage.name) };
        if !chosen {
            continue;
        }
        let started = Instant::now();
        let done = (stage.run)(&Context { root, stage: stage.name });
        let seconds = started.elapsed().as_secs();
        match done {
            Ok(summary) => {
                println!("{:<14} ok      {seconds:>5} s  {summary}", stage.name);
                total.add(&summary);
            }
            Err(message) => {
                println!("{:<14} FAILED  {seconds:>5} s", stage.name);
                println!("{message}");
                return Err(format!("stage {} failed", stage.name));
            }
        }
    }
    println!("{}", total.line());
    Ok(())
}

/// Builds a runner and registers it: the product's own command, so that CI takes the way that users take.
pub(crate) fn build_runner(root: &Path, name: &str) -> Result<(), String> {
    install(&Context { root, stage: "build-runner" }, name).map(|summary| println!("{summary}"))
}

impl Context<'_> {
    /// Runs cargo with its output in the stage's log.
    fn cargo(&self, part: &str, arguments: &[&str]) -> Result<String, String> {
        command::run(self.root, &self.log(part), &cargo(), arguments)
    }

    fn log(&self, part: &str) -> PathBuf {
        self.root.join("target/xtask").join(format!("{}{part}.log", self.stage))
    }
}

fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

fn fmt(context: &Context<'_>) -> Result<String, String> {
    context.cargo("", &["fmt", "--all", "--check"])?;
    context.cargo("-openvm", &["fmt", "--all", "--check", "--manifest-path", "runners/openvm/Cargo.toml"])?;
    Ok("workspace and runners".to_owned())
}

fn clippy(context: &Context<'_>) -> Result<String, String> {
    context.cargo("", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    Ok("no warnings".to_owned())
}

fn docs(context: &Context<'_>) -> Result<String, String> {
    let arguments = ["--config", "build.rustdocflags=['-Dwarnings']", "doc", "--workspace", "--no-deps", "--locked"];
    context.cargo("", &arguments)?;
    Ok("no warnings".to_owned())
}

/// Licences, sources and bans of both lockfiles. Advisories need their database from the network: `deny.toml` says
/// how to check them by hand.
fn deny(context: &Context<'_>) -> Result<String, String> {
    let tool = deny_tool(context)?;
    let checks = ["check", "licenses", "bans", "sources"];
    let graphs = [("", "Cargo.toml", "deny.toml"), ("-openvm", "runners/openvm/Cargo.toml", "runners/deny.toml")];
    for (part, manifest, config) in graphs {
        let mut arguments = vec!["--locked", "--manifest-path", manifest, "--config", config];
        arguments.extend(checks);
        command::run(context.root, &context.log(part), &tool, &arguments)?;
    }
    Ok("licences, bans, sources".to_owned())
}

fn deny_tool(context: &Context<'_>) -> Result<String, String> {
    let works = |tool: &str| command::run(context.root, &context.log("-version"), tool, &["--version"]).is_ok();
    if works("cargo-deny") {
        return Ok("cargo-deny".to_owned());
    }
    let tools = cache()?.join("tools");
    let tool = tools.join("bin/cargo-deny").display().to_string();
    if !works(&tool) {
        let tools = tools.display().to_string();
        context.cargo("-install", &["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--root", &tools])?;
    }
    Ok(tool)
}

/// The folder that outlives a clone, as the product itself finds it: empty variables count as unset.
fn cache() -> Result<PathBuf, String> {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(cache) = variable("ASSAY_CACHE") {
        return Ok(cache.into());
    }
    let home = variable("HOME").ok_or("neither ASSAY_CACHE nor HOME is set; set ASSAY_CACHE to a folder")?;
    Ok(PathBuf::from(home).join(".cache/assay"))
}

fn unit(context: &Context<'_>) -> Result<String, String> {
    let output = context.cargo("", &["test", "--workspace", "--exclude", "assay-cli", "--locked"])?;
    Tally::of(&output).expect_tests()
}

fn black_box(context: &Context<'_>) -> Result<String, String> {
    let output = context.cargo("", &["test", "--package", "assay-cli", "--locked"])?;
    Tally::of(&output).expect_tests()
}

fn runner_openvm(context: &Context<'_>) -> Result<String, String> {
    install(context, "openvm")
}

/// Builds the command line as the README does, and lets it install the runner.
fn install(context: &Context<'_>, name: &str) -> Result<String, String> {
    context.cargo("", &["run", "--release", "--locked", "--", "backend", "install", name])?;
    Ok(format!("{name} installed"))
}

/// The runner's own workspace, built where its installed build is, so that nothing is compiled twice.
fn clippy_openvm(context: &Context<'_>) -> Result<String, String> {
    let target = target_of(context, "openvm")?;
    let manifest = ["--manifest-path", "runners/openvm/Cargo.toml", "--target-dir", &target];
    let clippy = ["clippy", "--workspace", "--all-targets", "--release", "--locked"];
    context.cargo("", &[&clippy[..], &manifest, &["--", "-D", "warnings"]].concat())?;
    Ok("no warnings".to_owned())
}

/// The runner's own tests, in process and with the real SDK.
fn unit_openvm(context: &Context<'_>) -> Result<String, String> {
    let target = target_of(context, "openvm")?;
    let manifest = ["--manifest-path", "runners/openvm/Cargo.toml", "--target-dir", &target];
    let output = context.cargo("", &[&["test", "--workspace", "--release", "--locked"][..], &manifest].concat())?;
    Tally::of(&output).expect_tests()
}

/// The cargo target folder of the installed build of runner `name`: two folders above its program.
fn target_of(context: &Context<'_>, name: &str) -> Result<String, String> {
    let output = Command::new(cargo())
        .args(["run", "--quiet", "--release", "--locked", "--", "backend", "list", "--format", "json"])
        .current_dir(context.root)
        .output()
        .map_err(|error| format!("could not start cargo: {error}"))?;
    let list: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`assay backend list` printed no JSON: {error}"))?;
    let rows = list["backends"].as_array().into_iter().flatten();
    let binary = rows.filter(|row| row["name"] == name).find_map(|row| row["binary"].as_str());
    let target = binary.and_then(|binary| Path::new(binary).ancestors().nth(2));
    let target =
        target.ok_or_else(|| format!("the runner {name} is not installed; run the stage runner-{name} first"))?;
    Ok(target.display().to_string())
}

/// The black-box tests that need the runner, against the build that the stage before made.
fn smoke_openvm(context: &Context<'_>) -> Result<String, String> {
    let arguments = ["test", "--package", "assay-cli", "--locked", "--test", "openvm", "--", "--ignored"];
    let output = context.cargo("", &arguments)?;
    Tally::of(&output).expect_tests()
}

/// What libtest's closing lines say.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Tally {
    fn of(output: &str) -> Self {
        let mut tally = Self::default();
        output.lines().filter(|line| line.starts_with("test result:")).for_each(|line| tally.add(line));
        tally
    }

    /// Adds the counts of a line such as `3 passed; 0 failed; 1 ignored`.
    fn add(&mut self, line: &str) {
        let words: Vec<&str> = line.split([' ', ';', ',']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<u64>() else { continue };
            match pair[1] {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }

    fn line(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }

    /// A stage of tests that ran none has not tested anything.
    fn expect_tests(self) -> Result<String, String> {
        if self.passed == 0 {
            return Err("no test ran".to_owned());
        }
        Ok(format!("{}, {} ignored", self.line(), self.ignored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_add_up_over_test_binaries_and_stages() {
        let tally = Tally::of(
            "running 2 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
             5 passed elsewhere\ntest result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured\n",
        );
        assert_eq!((tally.passed, tally.failed, tally.ignored), (5, 1, 1));
        let mut total = Tally::default();
        total.add(&tally.expect_tests().unwrap());
        assert_eq!(total.line(), "5 passed, 1 failed");
    }

    #[test]
    fn a_stage_without_tests_fails() {
        assert!(Tally::of("test result: ok. 0 passed; 0 failed; 3 ignored;").expect_tests().is_err());
    }
}
