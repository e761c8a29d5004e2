//! `assay snapshot`: zkVM sources, pinned; patched; built into backends.

mod build;
mod patching;
mod show;

use std::{cell::Cell, collections::BTreeSet};

use assay_snapshot::{
    catalogue::{Catalogue, Entry},
    install::{Lock, Snapshot, SnapshotError, Snapshots},
    manifest,
    mirror::Mirrors,
    request::{Asked, Request},
    source::{SourceError, git::ABBREVIATION_MIN},
};
use assay_spec::{ExitCode, SnapshotCheck, SnapshotStatus, schema::Versioned as _};

pub(super) use self::build::{built_for_run, mark_measured};
use super::{print, print_json};
use crate::{
    arguments::{Format, PlaceArguments, SnapshotCommand, SnapshotInstallArguments, WhichArguments},
    failure::Failure,
    session::{cancel_on_interrupt, registry, registry_failure},
    terminal::{self, Progress},
};

pub(crate) fn run(command: &SnapshotCommand) -> Result<ExitCode, Failure> {
    match command {
        SnapshotCommand::Install(arguments) => install(arguments),
        SnapshotCommand::List { place, output } => show::list(place, output.format),
        SnapshotCommand::Status { which, measure, output } => {
            let (_, mut snapshot) = open(which)?;
            if *measure {
                mark_measured(&mut snapshot)?;
            }
            show::status(&snapshot, &which.place, output.format)
        }
        SnapshotCommand::Verify { which, output } => verify(which, output.format),
        SnapshotCommand::Patch { which, dry_run, family, output } => {
            patching::patch(which, *dry_run, family.as_deref(), output.format)
        }
        SnapshotCommand::Unpatch { which, output } => patching::unpatch(which, output.format),
        SnapshotCommand::Build(arguments) => build::run(arguments),
        SnapshotCommand::Remove { which, force } => remove(which, *force),
    }
}

fn install(arguments: &SnapshotInstallArguments) -> Result<ExitCode, Failure> {
    let catalogue = catalogue(&arguments.place)?;
    let entry = arguments.commit.as_deref().and_then(|name| entry(&catalogue, &arguments.zkvm, name));
    let known = entry.and_then(|entry| entry.repository.as_deref());
    let mirrored = match (arguments.mirror.as_ref().filter(|_| arguments.source.is_none()), known) {
        (Some(folder), Some(url)) => {
            let equivalents = entry.map(|entry| entry.mirrors.clone()).unwrap_or_default();
            let found = Mirrors::new(folder, &equivalents).find(url);
            let found = found.ok_or_else(|| {
                Failure::usage(format!("no mirror for {url} in {}", folder.display()))
                    .help("put a clone of it there, or give a repository with --source")
            })?;
            Some(found.display().to_string())
        }
        (Some(_), None) => {
            return Err(Failure::usage("--mirror is for what the catalogue knows a URL of; give --source"));
        }
        (None, _) => None,
    };
    let asked = Asked {
        zkvm: &arguments.zkvm,
        commit: arguments.commit.as_deref(),
        crates: arguments.crates.clone(),
        source: arguments.source.as_deref().or(mirrored.as_deref()),
        name: arguments.name.as_deref(),
        exclude: arguments.exclude.iter().cloned().collect::<BTreeSet<_>>(),
        family: arguments.family.as_deref(),
        mirror: arguments.mirror.as_deref(),
    };
    let (snapshot, made) = make(&asked, &catalogue, &arguments.place, arguments.force)?;
    match arguments.output.format {
        Format::Json => print_json(&snapshot.manifest)?,
        Format::Human => print(&show::installed(&snapshot, made))?,
    }
    Ok(ExitCode::Ok)
}

/// Makes the snapshot that is asked for, unless it is there.
pub(super) fn make(
    asked: &Asked<'_>,
    catalogue: &Catalogue,
    place: &PlaceArguments,
    force: bool,
) -> Result<(Snapshot, bool), Failure> {
    let fetched = registry()?.snapshots().join("git");
    let request = Request::new(asked, catalogue, &fetched).map_err(failure)?;
    let cancel = cancel_on_interrupt();
    let snapshots = Snapshots::new(&place.out);
    let lock = lock(&snapshots, &request.zkvm, &request.name)?;
    let progress = Progress::start(format!("installing {}@{}", request.zkvm, request.name));
    let installed = snapshots.install_under(&lock, &request, force, &|| !cancel.is_cancelled()).map_err(failure)?;
    drop(progress);
    Ok((installed.snapshot, installed.made))
}

fn verify(which: &WhichArguments, format: Format) -> Result<ExitCode, Failure> {
    let (_, snapshot) = open(which)?;
    let progress = Progress::start("comparing files".to_owned());
    let (files, differences) =
        manifest::check(&snapshot.folder, &snapshot.manifest).map_err(|error| failure(error.into()))?;
    drop(progress);
    let check =
        SnapshotCheck { schema: SnapshotCheck::tag(), snapshot: snapshot.manifest.backend(), files, differences };
    match format {
        Format::Json => print_json(&check)?,
        Format::Human => print(&show::check(&check))?,
    }
    Ok(if check.differences.is_empty() { ExitCode::Ok } else { ExitCode::Divergence })
}

fn remove(which: &WhichArguments, force: bool) -> Result<ExitCode, Failure> {
    let catalogue = catalogue(&which.place)?;
    let (zkvm, name) = names(which, &catalogue)?;
    let snapshots = Snapshots::new(&which.place.out);
    let lock = lock(&snapshots, &zkvm, &name)?;
    snapshots.remove_under(&lock, &zkvm, &name, force).map_err(|error| not_opened(error, &catalogue, &zkvm, &name))?;
    drop(lock);
    let backend = format!("{zkvm}@{name}");
    registry()?.forget_foreign(&backend).map_err(|error| registry_failure(&error))?;
    print(&format!("{backend} is removed\n"))?;
    Ok(ExitCode::Ok)
}

/// The catalogue, and what is added to it.
pub(super) fn catalogue(place: &PlaceArguments) -> Result<Catalogue, Failure> {
    Catalogue::read(place.catalogue.as_deref())
        .map_err(|error| Failure::usage("the catalogue cannot be used").because(error))
}

/// The entry of an alias or a commit.
pub(super) fn entry<'a>(catalogue: &'a Catalogue, zkvm: &str, name: &str) -> Option<&'a Entry> {
    catalogue.find(zkvm, name).or_else(|| catalogue.find_commit(zkvm, name))
}

/// The names of a snapshot that is meant: `openvm@2.0.2`, or a zkVM and an alias or commit.
pub(super) fn names(which: &WhichArguments, catalogue: &Catalogue) -> Result<(String, String), Failure> {
    if let Some(commit) = &which.commit {
        return Ok((which.snapshot.clone(), name_of(&which.snapshot, commit, catalogue)));
    }
    let (zkvm, name) = which.snapshot.split_once('@').ok_or_else(|| {
        Failure::usage(format!("{:?} is not the name of a snapshot", which.snapshot))
            .help("a snapshot is called such as openvm@2.0.2; or give a zkVM and --commit")
    })?;
    Ok((zkvm.to_owned(), name.to_owned()))
}

/// The name of a snapshot that is asked for by an alias or a commit.
pub(super) fn name_of(zkvm: &str, commit: &str, catalogue: &Catalogue) -> String {
    match entry(catalogue, zkvm, commit) {
        Some(entry) => entry.alias.clone(),
        None if commit.len() >= 40 => commit.chars().take(assay_snapshot::catalogue::COMMIT_NAME_DIGITS).collect(),
        None => commit.to_owned(),
    }
}

/// The snapshot that is meant.
pub(super) fn open(which: &WhichArguments) -> Result<(Snapshots, Snapshot), Failure> {
    let catalogue = catalogue(&which.place)?;
    let (zkvm, name) = names(which, &catalogue)?;
    let snapshots = Snapshots::new(&which.place.out);
    let snapshot = snapshots.open(&zkvm, &name).map_err(|error| not_opened(error, &catalogue, &zkvm, &name))?;
    // What a killed process began is finished, and the manifest is what it says from here on.
    patching::recover(&snapshot)?;
    let snapshot = snapshots.open(&zkvm, &name).map_err(failure)?;
    Ok((snapshots, snapshot))
}

pub(super) fn reopen(snapshots: &Snapshots, snapshot: &Snapshot) -> Result<Snapshot, Failure> {
    snapshots.open(&snapshot.manifest.zkvm, &snapshot.manifest.name).map_err(failure)
}

/// The lock of a snapshot, there or not. Who has to wait for it is told for whom.
pub(super) fn lock(snapshots: &Snapshots, zkvm: &str, name: &str) -> Result<Lock, Failure> {
    let cancel = cancel_on_interrupt();
    let told = Cell::new(false);
    // It is asked only while somebody else has the lock.
    let go_on = || {
        if !told.replace(true) {
            let out = snapshots.out().display();
            terminal::note(&format!("waiting for another assay that works on {zkvm}@{name} in {out}"));
        }
        !cancel.is_cancelled()
    };
    snapshots.lock(zkvm, name, &go_on).map_err(failure)
}

/// The lock of a snapshot that is there.
pub(super) fn locked(snapshots: &Snapshots, snapshot: &Snapshot) -> Result<Lock, Failure> {
    lock(snapshots, &snapshot.manifest.zkvm, &snapshot.manifest.name)
}

/// Why a snapshot cannot be had that should be there, and how it is made if it is not.
pub(super) fn not_opened(error: SnapshotError, catalogue: &Catalogue, zkvm: &str, name: &str) -> Failure {
    if !matches!(error, SnapshotError::NotInstalled { .. }) {
        return failure(error);
    }
    let help = match entry(catalogue, zkvm, name) {
        Some(entry) => format!("make it with: assay snapshot install {zkvm} --commit {}", entry.alias),
        None if name.len() >= ABBREVIATION_MIN && name.chars().all(|c| c.is_ascii_hexdigit()) => {
            format!("make it with: assay snapshot install {zkvm} --commit {name} --source DIR|URL")
        }
        None => "the catalogue has nothing of that name; see assay snapshot list".to_owned(),
    };
    failure(error).help(help)
}

/// Why there is no snapshot.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
pub(super) fn failure(error: SnapshotError) -> Failure {
    if cancel_on_interrupt().is_cancelled() {
        return Failure::interrupted();
    }
    let exit = match &error {
        SnapshotError::Io { .. } => ExitCode::RecordingFailed,
        SnapshotError::NotInstalled { .. } => ExitCode::BackendMissing,
        _ => ExitCode::Usage,
    };
    let failed = Failure::new(exit, error.to_string());
    match error {
        SnapshotError::Source(SourceError::Git { .. }) => failed.help(
            "without a network: give a clone of the repository with --source, or a folder of clones with --mirror",
        ),
        _ => failed,
    }
}

/// How far a snapshot came in its last build; a build of other sources counts for nothing.
pub(super) fn status_of(snapshot: &Snapshot) -> (SnapshotStatus, Option<String>) {
    let build = snapshot.manifest.current_build();
    build.map_or((SnapshotStatus::Untested, None), |build| (build.status, build.blocked.clone()))
}

/// Says on stderr in what a snapshot deviates.
pub(super) fn note_deviations(deviations: &[assay_spec::Deviation]) {
    for deviation in deviations {
        terminal::note(&format!("deviation, {}: {}", deviation.kind, deviation.detail));
    }
}
