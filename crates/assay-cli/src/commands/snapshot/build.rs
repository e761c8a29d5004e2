//! `assay snapshot build`: from sources to a backend, and finding out how far it comes.

use std::{path::Path, process::Command, time::Instant};

use assay_backend::{
    Registry, Sandbox,
    registry::foreign::{ForeignBuild, ForeignError},
    sandbox::{Layer, LayerState, SandboxReport},
};
use assay_snapshot::{
    install::{Snapshot, Snapshots},
    manifest,
    request::Asked,
    runner::{self, BuildOptions, BuildPlan, RunnerError},
};
use assay_spec::{CheckResult, Deviation, ExitCode, InstalledRunner, SnapshotBuild, SnapshotStatus, VerbCheck};

use super::{catalogue, entry, failure, locked, make, name_of, not_opened, note_deviations, open};
use crate::{
    arguments::{BuildWithArguments, Format, PlaceArguments, SnapshotBuildArguments},
    commands::{backend::doctor, print, print_json},
    failure::Failure,
    report::printable,
    session::{cancel_on_interrupt, install_failure, registry},
    terminal::{self, Progress},
};

/// Longest reason that is kept of a build that failed, in characters: the log has the rest.
const BLOCKED_CHARS_MAX: usize = 500;

pub(super) fn run(arguments: &SnapshotBuildArguments) -> Result<ExitCode, Failure> {
    let (snapshots, snapshot) = open(&arguments.which)?;
    let (snapshot, runner) = build(&snapshots, snapshot, &arguments.with, &arguments.which.place, arguments.sandbox)?;
    match arguments.output.format {
        Format::Json => print_json(&snapshot.manifest)?,
        Format::Human => {
            let name = snapshot.manifest.backend();
            let seconds = snapshot.manifest.build.as_ref().map_or(0.0, |build| build.seconds);
            let version = printable(&runner.description.sdk_version);
            print(&format!(
                "{name} {version} is built in {seconds:.0} s and registered: {}\nnext: assay trace -b {name} …, \
                 assay snapshot status {name} --measure\n",
                printable(&runner.binary)
            ))?;
        }
    }
    Ok(ExitCode::Ok)
}

/// Builds the runner of `snapshot` and remembers how that went.
fn build(
    snapshots: &Snapshots,
    mut snapshot: Snapshot,
    with: &BuildWithArguments,
    place: &PlaceArguments,
    sandbox: Sandbox,
) -> Result<(Snapshot, InstalledRunner), Failure> {
    let _lock = locked(snapshots, &snapshot)?;
    note_edits(&snapshot)?;
    let catalogue = catalogue(place)?;
    let entry = entry(&catalogue, &snapshot.manifest.zkvm, &snapshot.manifest.name);
    let registry = registry()?;
    let tree = tree(&registry).ok_or_else(|| {
        Failure::new(ExitCode::BackendMissing, "the sources of Assay are not found, which runners are built with")
            .help("run it within Assay's source tree, or set ASSAY_RUNNERS_DIR to the tree's folder `runners`")
    })?;
    let options = BuildOptions {
        tree: tree.to_owned(),
        cache: registry.snapshots(),
        template: with.template.clone(),
        toolchain: with.toolchain.clone(),
        mirror: with.mirror.clone(),
        vendor: with.vendor.clone(),
        offline: with.offline,
    };
    let plan = runner::generate(&snapshot, entry, &options).map_err(runner_failure)?;
    note_deviations(&plan.deviations);
    let started = Instant::now();
    let toolchain = toolchain(&plan);
    let done = carry_out(&registry, &snapshot, &plan, sandbox);
    if cancel_on_interrupt().is_cancelled() {
        return Err(Failure::interrupted());
    }
    let (status, blocked, sandbox, more) = match &done {
        Ok((_, report, more)) => (SnapshotStatus::Builds, None, sandbox_text(report), more.clone()),
        Err(failed) => {
            let why: String = failed.in_a_line().chars().take(BLOCKED_CHARS_MAX).collect();
            (SnapshotStatus::Blocked, Some(why), "nothing was built".to_owned(), Vec::new())
        }
    };
    note_deviations(&more);
    let mut deviations = plan.deviations.clone();
    deviations.extend(more);
    let seconds = started.elapsed().as_secs_f64();
    let (key, assay, state) = (plan.key, Some(plan.assay), snapshot.manifest.state());
    let template = options.template.map(|template| template.display().to_string());
    let build = SnapshotBuild { key, assay, template, state, toolchain, deviations, status, blocked, seconds, sandbox };
    snapshot.manifest.build = Some(build);
    manifest::write(&snapshot.folder, &snapshot.manifest).map_err(|error| failure(error.into()))?;
    let (runner, ..) = done?;
    Ok((snapshot, runner))
}

/// Says of which files the runner will be otherwise than the snapshot's manifest says. That is nothing to refuse: trying
/// something out in the sources is what they are there for.
fn note_edits(snapshot: &Snapshot) -> Result<(), Failure> {
    let (_, differences) =
        manifest::check(&snapshot.folder, &snapshot.manifest).map_err(|error| failure(error.into()))?;
    let Some(first) = differences.first() else { return Ok(()) };
    let name = snapshot.manifest.backend();
    let more = match differences.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    terminal::note(&format!(
        "{name} is built of sources that were edited: {} {}{more}; see assay snapshot verify {name}",
        first.path, first.what
    ));
    Ok(())
}

/// Assay's source tree.
fn tree(registry: &Registry) -> Option<&Path> {
    registry.runners().and_then(Path::parent)
}

/// The last build of the sources as they are, and whether it was of what Assay is now, as far as its sources are at hand.
pub(super) fn current_build(snapshot: &Snapshot) -> Option<(&SnapshotBuild, bool)> {
    let build = snapshot.manifest.current_build()?;
    let Ok(registry) = registry() else { return Some((build, true)) };
    let Some(tree) = tree(&registry) else { return Some((build, true)) };
    let now = runner::assay_digest(snapshot, tree, build.template.as_deref().map(Path::new));
    Some((build, now.is_ok_and(|now| build.assay == Some(now))))
}

fn carry_out(
    registry: &Registry,
    snapshot: &Snapshot,
    plan: &BuildPlan,
    sandbox: Sandbox,
) -> Result<(InstalledRunner, SandboxReport, Vec<Deviation>), Failure> {
    let name = snapshot.manifest.backend();
    let build = ForeignBuild {
        name: name.clone(),
        folder: plan.folder.clone(),
        program: plan.program.clone(),
        target: plan.target.clone(),
        environment: plan.environment.clone(),
        key: plan.key,
        sandbox,
    };
    let cancel = cancel_on_interrupt();
    let progress = Progress::start(format!("building the runner {name}"));
    let mut show = |line: &str| progress.say(line.trim());
    let failed = |error: ForeignError| {
        let what = format!("the runner {name} could not be built");
        match error {
            ForeignError::Install(error) => install_failure(error, what, &cancel),
            error => Failure::new(ExitCode::BackendMissing, what).because(error),
        }
    };
    for arguments in &plan.fetch {
        registry.fetch_foreign(&build, arguments, &cancel, &mut show).map_err(failed)?;
    }
    let added = runner::check_lock(snapshot).map_err(runner_failure)?;
    // Cargo at work, or who else is.
    let note = |line: &str| format!("building the runner {name}, which may take some minutes: {line}");
    let mut show = |line: &str| progress.say_of_build(line, note);
    let (runner, report) = registry.build_foreign(&build, &plan.build, &cancel, &mut show).map_err(failed)?;
    drop(progress);
    Ok((runner, report, added))
}

/// The compiler that builds, as it names itself.
fn toolchain(plan: &BuildPlan) -> String {
    let mut command = Command::new("rustc");
    command.arg("--version").current_dir(&plan.folder);
    command.envs(plan.environment.iter().filter(|(name, _)| name == "RUSTUP_TOOLCHAIN").map(|(n, v)| (n, v)));
    let output = command.output().ok().filter(|output| output.status.success());
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_else(|| "an unknown compiler".to_owned())
}

fn sandbox_text(report: &SandboxReport) -> String {
    let needed = [Layer::Files, Layer::Syscalls];
    if needed.iter().all(|&layer| report.state(layer) == LayerState::Enforced) {
        return "built without the network, and writing only where it is built".to_owned();
    }
    let missing = report.layers.iter().filter(|layer| layer.state != LayerState::Enforced);
    let missing = missing.map(|layer| format!("{} {}", layer.layer, layer.state)).collect::<Vec<_>>();
    format!("not all of the sandbox: {}", missing.join(", "))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn runner_failure(error: RunnerError) -> Failure {
    Failure::new(ExitCode::BackendMissing, error.to_string())
}

/// Runs a built-in guest through every verb of the snapshot's runner, and remembers how far it came.
pub(in crate::commands) fn mark_measured(snapshot: &mut Snapshot) -> Result<(), Failure> {
    let name = snapshot.manifest.backend();
    let is_built = snapshot.manifest.current_build().is_some_and(|build| build.status != SnapshotStatus::Blocked);
    let Some(build) = snapshot.manifest.build.as_mut().filter(|_| is_built) else {
        terminal::note(&format!("{name} is not built; build it with: assay snapshot build {name}"));
        return Ok(());
    };
    let checks = doctor::check(&registry()?, &name)?;
    for check in checks.iter().filter(|check| check.result == CheckResult::Failing) {
        terminal::note(&format!("{} of {name} fails: {}", check.verb, check.detail));
    }
    build.status = measured(&checks);
    manifest::write(&snapshot.folder, &snapshot.manifest).map_err(|error| failure(error.into()))
}

fn measured(checks: &[VerbCheck]) -> SnapshotStatus {
    let works = |verb: &str| {
        let mut tried = checks.iter().filter(|check| check.verb == verb).peekable();
        tried.peek().is_some() && tried.all(|check| check.result == CheckResult::Ok)
    };
    match (works("execute"), works("prove") && works("verify")) {
        (false, _) => SnapshotStatus::Builds,
        (true, false) => SnapshotStatus::Runs,
        (true, true) => SnapshotStatus::Proves,
    }
}

/// The snapshot that a run is to be on, its runner built: with `install` whatever of that is missing is done.
pub(in crate::commands) fn built_for_run(
    zkvm: &str,
    commit: &str,
    place: &PlaceArguments,
    install: bool,
    sandbox: Sandbox,
) -> Result<Snapshot, Failure> {
    let catalogue = catalogue(place)?;
    let snapshots = Snapshots::new(&place.out);
    let name = name_of(zkvm, commit, &catalogue);
    let snapshot = match snapshots.open(zkvm, &name) {
        Ok(snapshot) => snapshot,
        Err(_) if install => {
            let asked = Asked { zkvm, commit: Some(commit), ..Asked::default() };
            make(&asked, &catalogue, place, false)?.0
        }
        Err(error) => {
            let failed = not_opened(error, &catalogue, zkvm, &name);
            return Err(match entry(&catalogue, zkvm, &name) {
                Some(_) => failed.help(format!(
                    "make it with: assay snapshot install {zkvm} --commit {name}; or add --install to this command"
                )),
                None => failed,
            });
        }
    };
    let backend = snapshot.manifest.backend();
    let lacks = match (registry()?.installed(&backend), current_build(&snapshot)) {
        (Err(_), _) => "is not built",
        (Ok(_), None) => "is of other sources than are there now",
        (Ok(_), Some((_, false))) => "was built by another Assay",
        (Ok(runner), Some((build, true))) if runner.source_key != Some(build.key) => {
            "is of a snapshot of that name in another folder"
        }
        (Ok(_), Some(_)) => return Ok(snapshot),
    };
    if install {
        let snapshot = super::patching::patched_for_run(&snapshots, snapshot)?;
        return Ok(build(&snapshots, snapshot, &BuildWithArguments::default(), place, sandbox)?.0);
    }
    Err(Failure::new(ExitCode::BackendMissing, format!("the runner of {backend} {lacks}"))
        .help(format!("build it with: assay snapshot build {backend}; or add --install to this command")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verb: &str, result: CheckResult) -> VerbCheck {
        VerbCheck {
            backend: "z@1".into(),
            platform: None,
            verb: verb.into(),
            result,
            detail: String::new(),
            proof_kind: None,
        }
    }

    #[test]
    fn a_snapshot_is_as_far_as_what_was_tried_worked() {
        let ok = |verb| check(verb, CheckResult::Ok);
        assert_eq!(measured(&[]), SnapshotStatus::Builds);
        assert_eq!(measured(&[check("execute", CheckResult::Failing)]), SnapshotStatus::Builds);
        assert_eq!(measured(&[ok("execute"), check("prove", CheckResult::Absent)]), SnapshotStatus::Runs);
        let half = [ok("execute"), ok("prove"), check("verify", CheckResult::Failing)];
        assert_eq!(measured(&half), SnapshotStatus::Runs);
        assert_eq!(measured(&[ok("execute"), ok("prove"), ok("verify")]), SnapshotStatus::Proves);
        let two = [ok("execute"), check("execute", CheckResult::Failing), ok("prove"), ok("verify")];
        assert_eq!(measured(&two), SnapshotStatus::Builds);
    }
}
