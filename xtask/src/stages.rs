//! The stages of CI, in order of what fails fastest. `.ci/run` is `cargo xtask test` and nothing else.

mod snapshot;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{command, schemas, tidy};

/// Version of cargo-deny that the stage `deny` installs where there is none.
const CARGO_DENY: &str = "0.20.2";

/// The workspace of the guests that Assay ships.
const GUESTS: &str = "guests/Cargo.toml";
/// The crate of tiles that Assay ships, which is a workspace of its own as those of others are.
const TILES: &str = "guests/tiles-demo/Cargo.toml";

struct Stage {
    name: String,
    run: Run,
    /// The runner that it is about; the stages without one need no zkVM.
    runner: Option<String>,
    /// It is run only where it is named or all are asked for.
    extra: bool,
}

struct Context<'a> {
    root: &'a Path,
    stage: &'a str,
    /// The runner of the stage; empty for the stages without one.
    runner: &'a str,
}

type Run = fn(&Context<'_>) -> Result<String, String>;

/// Stages that need no zkVM.
const LIGHT: &[(&str, Run)] = &[
    ("tidy", |context| tidy::run(context.root)),
    ("fmt", fmt),
    ("clippy", clippy),
    ("docs", docs),
    ("schemas", |context| schemas::run(context.root, true)),
    ("deny", deny),
    ("unit", unit),
    ("black-box", black_box),
];

/// Stages of each runner; its name is put behind theirs.
const PER_RUNNER: &[(&str, Run)] =
    &[("runner", runner), ("clippy", clippy_runner), ("unit", unit_runner), ("smoke", smoke)];

/// All stages, in their order. A folder in runners/ is a runner: nothing else names it.
fn stages(root: &Path) -> Result<Vec<Stage>, String> {
    let light =
        LIGHT.iter().map(|(name, run)| Stage { name: (*name).to_owned(), run: *run, runner: None, extra: false });
    let runners = runners(root)?;
    let heavy = runners.iter().flat_map(|runner| {
        let snapshot: &[(&str, Run)] = if snapshot::has(runner) { &[("snapshot", snapshot::run)] } else { &[] };
        PER_RUNNER.iter().chain(snapshot).map(move |(name, run)| Stage {
            name: format!("{name}-{runner}"),
            run: *run,
            runner: Some(runner.clone()),
            extra: *name == "snapshot" && snapshot::is_extra(runner),
        })
    });
    Ok(light.chain(heavy).collect())
}

/// Names of the runners, in alphabetical order.
fn runners(root: &Path) -> Result<Vec<String>, String> {
    let folder = root.join("runners");
    let io = |error: std::io::Error| format!("could not read {}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Names the stages.
pub(crate) fn list(root: &Path) -> Result<(), String> {
    for stage in stages(root)? {
        let note = match (stage.runner, stage.extra) {
            (_, true) => " (needs a zkVM; only with --all)",
            (Some(_), false) => " (needs a zkVM; left out by --quick)",
            (None, false) => "",
        };
        println!("{}{note}", stage.name);
    }
    Ok(())
}

/// Which stages are run.
#[derive(Clone, Copy)]
pub(crate) enum Choice<'a> {
    /// Those that need no zkVM.
    Quick,
    /// All but the extra ones.
    Usual,
    /// All.
    All,
    /// Those of these names.
    Named(&'a [String]),
}

impl Choice<'_> {
    fn has(self, stage: &Stage) -> bool {
        match self {
            Self::Quick => stage.runner.is_none(),
            Self::Usual => !stage.extra,
            Self::All => true,
            Self::Named(names) => names.contains(&stage.name),
        }
    }
}

/// Runs the stages that were asked for. Stops at the first that fails.
pub(crate) fn run(root: &Path, choice: Choice<'_>) -> Result<(), String> {
    let stages = stages(root)?;
    if let Choice::Named(only) = choice
        && let Some(unknown) = only.iter().find(|name| stages.iter().all(|stage| stage.name != **name))
    {
        return Err(format!("there is no stage {unknown:?}; `cargo xtask test --list` names them"));
    }
    let mut total = Tally::default();
    for stage in &stages {
        let name = &stage.name;
        if !choice.has(stage) {
            continue;
        }
        let started = Instant::now();
        let runner = stage.runner.as_deref().unwrap_or_default();
        let done = (stage.run)(&Context { root, stage: name, runner });
        let seconds = started.elapsed().as_secs();
        match done {
            Ok(summary) => {
                println!("{name:<14} ok      {seconds:>5} s  {summary}");
                total.add(&summary);
            }
            Err(message) => {
                println!("{name:<14} FAILED  {seconds:>5} s");
                println!("{message}");
                return Err(format!("stage {name} failed"));
            }
        }
    }
    println!("{}", total.line());
    Ok(())
}

/// Builds a runner and registers it: the product's own command, so that CI takes the way that users take.
pub(crate) fn build_runner(root: &Path, name: &str) -> Result<(), String> {
    runner(&Context { root, stage: "build-runner", runner: name }).map(|summary| println!("{summary}"))
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
    context.cargo("-guests", &["fmt", "--all", "--check", "--manifest-path", GUESTS])?;
    context.cargo("-tiles", &["fmt", "--check", "--manifest-path", TILES])?;
    let runners = runners(context.root)?;
    for runner in &runners {
        let manifest = manifest(runner);
        context.cargo(&format!("-{runner}"), &["fmt", "--all", "--check", "--manifest-path", &manifest])?;
    }
    Ok(format!("workspace, guests and {} runners", runners.len()))
}

fn clippy(context: &Context<'_>) -> Result<String, String> {
    let arguments = |manifest| {
        ["clippy", "--manifest-path", manifest, "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]
    };
    context.cargo("", &arguments("Cargo.toml"))?;
    // As processes of this machine: what they are on a zkVM's platform needs the toolchain of guests.
    let target = context.root.join("target").display().to_string();
    for (part, manifest) in [("-guests", GUESTS), ("-tiles", TILES)] {
        let arguments = [&["clippy", "--target-dir", &target], &arguments(manifest)[1..]].concat();
        context.cargo(part, &arguments)?;
    }
    Ok("no warnings, guests included".to_owned())
}

fn docs(context: &Context<'_>) -> Result<String, String> {
    let arguments = ["--config", "build.rustdocflags=['-Dwarnings']", "doc", "--workspace", "--no-deps", "--locked"];
    context.cargo("", &arguments)?;
    Ok("no warnings".to_owned())
}

fn manifest(runner: &str) -> String {
    format!("runners/{runner}/Cargo.toml")
}

/// Licences, sources and bans of every lockfile. Advisories need their database from the network: `deny.toml` says
/// how to check them by hand.
fn deny(context: &Context<'_>) -> Result<String, String> {
    let tool = deny_tool(context)?;
    let checks = ["check", "licenses", "bans", "sources"];
    let check = |part: &str, manifest: &str, config: &str| {
        let arguments = [&["--locked", "--manifest-path", manifest, "--config", config][..], &checks].concat();
        command::run(context.root, &context.log(part), &tool, &arguments)
    };
    check("", "Cargo.toml", "deny.toml")?;
    check("-guests", GUESTS, "deny.toml")?;
    check("-tiles", TILES, "deny.toml")?;
    for runner in runners(context.root)? {
        check(&format!("-{runner}"), &manifest(&runner), "runners/deny.toml")?;
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
        // Not optimised: it compiles in a fifth of the time, and a check takes seconds either way.
        let arguments = ["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--debug", "--root", &tools];
        let variables = [("CARGO_PROFILE_DEV_DEBUG", "0")];
        command::run_with(context.root, &context.log("-install"), &cargo(), &arguments, &variables)?;
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

/// One failure does not hide the others: whoever reads a log of CI may have waited long for it.
const TEST: [&str; 3] = ["test", "--no-fail-fast", "--locked"];

fn unit(context: &Context<'_>) -> Result<String, String> {
    let mut output = context.cargo("", &[&TEST[..], &["--workspace", "--exclude", "assay-cli"]].concat())?;
    // Tiles are functions, and tested as such.
    let target = context.root.join("target").display().to_string();
    let tiles = ["--manifest-path", TILES, "--target-dir", &target];
    output += &context.cargo("-tiles", &[&TEST[..], &tiles].concat())?;
    Tally::of(&output).expect_tests()
}

fn black_box(context: &Context<'_>) -> Result<String, String> {
    let output = context.cargo("", &[&TEST[..], &["--package", "assay-cli"]].concat())?;
    Tally::of(&output).expect_tests()
}

/// The command line as the tests have it: optimising it takes minutes, and what is heavy is done by runners.
const ASSAY: [&str; 4] = ["run", "--package", "assay-cli", "--locked"];

/// Lets the command line install the runner.
fn runner(context: &Context<'_>) -> Result<String, String> {
    let name = context.runner;
    context.cargo("", &[&ASSAY[..], &["--", "backend", "install", name]].concat())?;
    Ok(format!("{name} installed"))
}

/// The runner's own workspace, built where its installed build is, so that nothing is compiled twice.
fn clippy_runner(context: &Context<'_>) -> Result<String, String> {
    in_runner(context, &["clippy", "--workspace", "--all-targets", "--release", "--locked", "--", "-D", "warnings"])?;
    Ok("no warnings".to_owned())
}

/// The runner's own tests, in process and with the real SDK.
fn unit_runner(context: &Context<'_>) -> Result<String, String> {
    let output = in_runner(context, &[&TEST[..], &["--workspace", "--release"]].concat())?;
    Tally::of(&output).expect_tests()
}

/// Runs cargo in the runner's folder, where its cargo configuration holds.
fn in_runner(context: &Context<'_>, arguments: &[&str]) -> Result<String, String> {
    let target = target_of(context)?;
    let folder = context.root.join("runners").join(context.runner);
    let arguments = [&arguments[..1], &["--target-dir", &target], &arguments[1..]].concat();
    command::run(&folder, &context.log(""), &cargo(), &arguments)
}

/// The cargo target folder that the stage's runner was installed from: beside the folder of its program.
fn target_of(context: &Context<'_>) -> Result<String, String> {
    let name = context.runner;
    let output = Command::new(cargo())
        .args(ASSAY)
        .args(["--quiet", "--", "backend", "list", "--format", "json"])
        .current_dir(context.root)
        .output()
        .map_err(|error| format!("could not start cargo: {error}"))?;
    let list: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`assay backend list` printed no JSON: {error}"))?;
    let rows = list["backends"].as_array().into_iter().flatten();
    let binary = rows.filter(|row| row["name"] == name).find_map(|row| row["binary"].as_str());
    let target = binary.and_then(|binary| Some(Path::new(binary).ancestors().nth(2)?.join("target")));
    let target =
        target.ok_or_else(|| format!("the runner {name} is not installed; run the stage runner-{name} first"))?;
    Ok(target.display().to_string())
}

/// The black-box tests that need the runner, against the build that the stage before made: those that every runner
/// passes, and those that are about this one.
fn smoke(context: &Context<'_>) -> Result<String, String> {
    let name = context.runner;
    let own = context.root.join("crates/assay-cli/tests").join(format!("{name}.rs"));
    let mut arguments = [&TEST[..], &["--package", "assay-cli", "--test", "every_runner"]].concat();
    if own.is_file() {
        arguments.extend(["--test", name]);
    }
    // Each of them may have a prover at work, which takes all cores and gigabytes.
    arguments.extend(["--", "--ignored", "--test-threads=2"]);
    let variables = [("ASSAY_TEST_RUNNER", name)];
    let output = command::run_with(context.root, &context.log(""), &cargo(), &arguments, &variables)?;
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
