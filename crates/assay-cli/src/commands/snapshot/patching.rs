//! `assay snapshot patch` and `unpatch`.

use assay_snapshot::{
    install::{Snapshot, Snapshots},
    passes,
    patch::{self as engine, PatchError},
};
use assay_spec::ExitCode;

use super::{locked, open, reopen, show};
use crate::{
    arguments::{Format, WhichArguments},
    commands::{print, print_json},
    failure::Failure,
    terminal,
};

pub(super) fn patch(
    which: &WhichArguments,
    dry_run: bool,
    family: Option<&str>,
    format: Format,
) -> Result<ExitCode, Failure> {
    let (snapshots, snapshot) = open(which)?;
    let _lock = locked(&snapshots, &snapshot)?;
    let name = family.or(snapshot.manifest.family.as_deref()).ok_or_else(|| {
        let known = passes::families().collect::<Vec<_>>().join(", ");
        Failure::usage(format!("{} has no family of pass sets", snapshot.manifest.backend()))
            .help(format!("say which with --family; there are {known}"))
    })?;
    let set = passes::family(name).ok_or_else(|| {
        let known = passes::families().collect::<Vec<_>>().join(", ");
        Failure::usage(format!("there is no family {name:?} of pass sets; there are {known}"))
    })?;
    let done = engine::patch(&snapshot.folder, &set, dry_run).map_err(patch_failure)?;
    let snapshot = if dry_run { snapshot } else { reopen(&snapshots, &snapshot)? };
    match format {
        Format::Json => {
            let mut manifest = snapshot.manifest;
            manifest.patch = Some(done.record);
            print_json(&manifest)?;
        }
        Format::Human if dry_run => {
            if !done.changed {
                terminal::note(&format!(
                    "{} is patched so already; this is what was changed",
                    snapshot.manifest.backend()
                ));
            }
            print(&done.diff())?;
        }
        Format::Human => print(&show::patched(&snapshot, &set, done.changed))?,
    }
    Ok(ExitCode::Ok)
}

/// The snapshot with the passes of its family, where it has one.
pub(super) fn patched_for_run(snapshots: &Snapshots, snapshot: Snapshot) -> Result<Snapshot, Failure> {
    let set = snapshot.manifest.family.as_deref().and_then(passes::family);
    let Some(set) = set.filter(|_| snapshot.manifest.patch.is_none()) else { return Ok(snapshot) };
    let _lock = locked(snapshots, &snapshot)?;
    engine::patch(&snapshot.folder, &set, false).map_err(patch_failure)?;
    reopen(snapshots, &snapshot)
}

pub(super) fn unpatch(which: &WhichArguments, format: Format) -> Result<ExitCode, Failure> {
    let (snapshots, snapshot) = open(which)?;
    let _lock = locked(&snapshots, &snapshot)?;
    let undone = engine::unpatch(&snapshot.folder).map_err(unpatch_failure)?;
    let snapshot = reopen(&snapshots, &snapshot)?;
    match format {
        Format::Json => print_json(&snapshot.manifest)?,
        Format::Human => {
            let name = snapshot.manifest.backend();
            print(&undone.map_or_else(
                || format!("{name} is not patched\n"),
                |record| format!("{name}: {} files are as they were\n", record.files.len()),
            ))?;
        }
    }
    Ok(ExitCode::Ok)
}

/// Finishes what a process began that was killed while it patched.
pub(super) fn recover(snapshot: &Snapshot) -> Result<(), Failure> {
    engine::recover(&snapshot.folder).map_err(patch_failure)
}

fn patch_failure(error: PatchError) -> Failure {
    failure_of("the snapshot was not patched", error)
}

fn unpatch_failure(error: PatchError) -> Failure {
    failure_of("the patch was not taken back", error)
}

fn failure_of(what: &str, error: PatchError) -> Failure {
    let exit = match &error {
        PatchError::Anchors(_) | PatchError::Package { .. } | PatchError::Modified { .. } => ExitCode::Divergence,
        PatchError::Busy { .. } => ExitCode::Inconclusive,
        _ => ExitCode::Usage,
    };
    let lacks = matches!(&error, PatchError::Package { places, .. } if places.is_empty());
    let failure = Failure::new(exit, what).because(error);
    if lacks {
        return failure.help(
            "a commit may take it from another repository: install the snapshot again with --force and --family NAME, \
             which puts it beside the commit",
        );
    }
    failure
}
