//! `assay backend`: list, install, doctor.

pub(super) mod doctor;
mod list;

use std::path::Path;

use assay_spec::{ExitCode, InstalledRunner};

use super::print;
use crate::{
    arguments::BackendCommand,
    failure::Failure,
    report::printable,
    session::{NATIVE, REFERENCE, cancel_on_interrupt, install, install_failure, registry},
    terminal,
};

pub(crate) fn run(command: &BackendCommand) -> Result<ExitCode, Failure> {
    match command {
        BackendCommand::List { output } => list::run(output.format),
        BackendCommand::Install { names, .. } if let Some(name) = names.iter().find(|name| is_built_in(name)) => {
            Err(Failure::usage(format!("`{name}` is built in: there is nothing to install")))
        }
        BackendCommand::Install { names, all, binary, force } => match binary {
            Some(binary) => register(names, binary),
            None => install_all(names, *all, *force),
        },
        BackendCommand::Doctor { names, output } => doctor::run(names, output.format),
    }
}

fn is_built_in(name: &str) -> bool {
    [REFERENCE, NATIVE].contains(&name)
}

fn install_all(names: &[String], all: bool, force: bool) -> Result<ExitCode, Failure> {
    let (registry, cancel) = (registry()?, cancel_on_interrupt());
    let names = if all { registry.buildable() } else { names.to_vec() };
    if names.is_empty() {
        return Err(Failure::new(ExitCode::BackendMissing, "there are no sources of runners here to build")
            .help("run it within Assay's source tree, or set ASSAY_RUNNERS_DIR to the tree's folder `runners`"));
    }
    let mut failures = Vec::new();
    for name in &names {
        match install(&registry, name, force, &cancel) {
            Ok(runner) => say_done(&runner, "installed")?,
            // One runner that does not build is no reason to leave the others out.
            Err(failure) if names.len() > 1 && !cancel.is_cancelled() => {
                terminal::note(&failure.report());
                failures.push(name.as_str());
            }
            Err(failure) => return Err(failure),
        }
    }
    if failures.is_empty() {
        return Ok(ExitCode::Ok);
    }
    let (failed, all) = (failures.len(), names.len());
    Err(Failure::new(
        ExitCode::BackendMissing,
        format!("{failed} of {all} runners could not be installed: {}", failures.join(", ")),
    ))
}

fn register(names: &[String], binary: &Path) -> Result<ExitCode, Failure> {
    let [name] = names else {
        return Err(Failure::usage("--binary takes exactly one NAME"));
    };
    let cancel = cancel_on_interrupt();
    let runner = registry()?
        .register_showing(name, binary, &cancel, &mut |line| terminal::note(&line))
        .map_err(|error| install_failure(error, format!("{} could not be registered", binary.display()), &cancel))?;
    say_done(&runner, "registered")?;
    Ok(ExitCode::Ok)
}

fn say_done(runner: &InstalledRunner, what: &str) -> Result<(), Failure> {
    let line = format!("{} {} is {what}: {}", runner.name, runner.description.sdk_version, runner.binary);
    // Cargo's target folder stands beside the log of the build in it.
    let log = Path::new(&runner.binary).ancestors().nth(3).map(|place| place.join("build.log"));
    let log = log.filter(|log| runner.source_key.is_some() && log.is_file());
    let log = log.map_or_else(String::new, |log| format!("\n  build log: {}", printable(&log.display().to_string())));
    print(&(printable(&line) + &log + "\n"))
}
