//! What `assay snapshot` says to people.

use std::fmt::Write as _;

use assay_snapshot::{
    edit::PassSet,
    install::{Snapshot, Snapshots, shown},
    passes,
};
use assay_spec::{
    ExitCode, ListedSnapshot, SnapshotCheck, SnapshotList, SnapshotOrigin, SnapshotStatus, schema::Versioned as _,
};

use super::{build::current_build, catalogue, status_of};
use crate::{
    arguments::{Format, PlaceArguments},
    commands::{print, print_json},
    failure::Failure,
    report::printable,
    terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

/// Digits of a commit that are shown.
const COMMIT_SHOWN: usize = 12;

pub(super) fn list(place: &PlaceArguments, format: Format) -> Result<ExitCode, Failure> {
    let catalogue = catalogue(place)?;
    let mut here = Snapshots::new(&place.out).list();
    let mut snapshots = Vec::new();
    for entry in catalogue.entries() {
        let named = |one: &Snapshot| one.manifest.zkvm == entry.zkvm && one.manifest.name == entry.alias;
        let found = here.iter().position(named).map(|at| here.remove(at));
        let crates = entry.crates.iter().map(|one| format!("{}@{}", one.name, one.version));
        let of = entry.commit.clone().unwrap_or_else(|| crates.collect::<Vec<_>>().join(", "));
        let (status, blocked) = found.as_ref().map_or((SnapshotStatus::Untested, None), status_of);
        snapshots.push(ListedSnapshot {
            zkvm: entry.zkvm.clone(),
            name: entry.alias.clone(),
            of,
            family: entry.family.clone(),
            root_cause: entry.root_cause.clone(),
            references: entry.references.clone(),
            installed: found.is_some(),
            patched: found.is_some_and(|found| found.manifest.patch.is_some()),
            status,
            blocked,
        });
    }
    for found in here {
        let (status, blocked) = status_of(&found);
        let manifest = found.manifest;
        snapshots.push(ListedSnapshot {
            of: shown(&manifest.origin),
            zkvm: manifest.zkvm,
            name: manifest.name,
            family: manifest.family,
            root_cause: None,
            references: Vec::new(),
            installed: true,
            patched: manifest.patch.is_some(),
            status,
            blocked,
        });
    }
    let list = SnapshotList { schema: SnapshotList::tag(), snapshots };
    if format == Format::Json {
        print_json(&list)?;
        return Ok(ExitCode::Ok);
    }
    let mut table = table(&["snapshot", "of", "passes", "here", "status"]);
    for one in &list.snapshots {
        let of = if one.of.len() == 40 { one.of.chars().take(COMMIT_SHOWN).collect() } else { one.of.clone() };
        let here = match (one.installed, one.patched) {
            (false, _) => styled(QUIET, "-"),
            (true, false) => "installed".to_owned(),
            (true, true) => "patched".to_owned(),
        };
        table.add_row([
            printable(&format!("{}@{}", one.zkvm, one.name)),
            printable(&of),
            printable(one.family.as_deref().unwrap_or("-")),
            here,
            status_text(one.status),
        ]);
    }
    print(&table_text(&table))?;
    Ok(ExitCode::Ok)
}

fn status_text(status: SnapshotStatus) -> String {
    let style = match status {
        SnapshotStatus::Untested => QUIET,
        SnapshotStatus::Blocked => BAD,
        SnapshotStatus::Builds => UNSURE,
        SnapshotStatus::Runs | SnapshotStatus::Proves => GOOD,
    };
    styled(style, status)
}

pub(super) fn status(snapshot: &Snapshot, place: &PlaceArguments, format: Format) -> Result<ExitCode, Failure> {
    if format == Format::Json {
        print_json(&snapshot.manifest)?;
        return Ok(ExitCode::Ok);
    }
    let manifest = &snapshot.manifest;
    let catalogue = catalogue(place)?;
    let entry = catalogue.find(&manifest.zkvm, &manifest.name);
    let mut text = String::new();
    let mut line = |what: &str, said: &str| {
        let _ = writeln!(text, "{what:<12}{}", printable(said));
    };
    line("snapshot", &manifest.backend());
    match &manifest.origin {
        SnapshotOrigin::Git(git) => {
            line("commit", &git.commit);
            line("tree", &git.tree);
            line("repository", &git.repository);
        }
        SnapshotOrigin::Crates(crates) => {
            for one in crates {
                line("crate", &format!("{}@{} {}", one.name, one.version, one.checksum));
            }
        }
    }
    for dependency in &manifest.dependencies {
        line("beside", &format!("{} in {}", shown(&dependency.origin), dependency.folder));
    }
    if let Some(cause) = entry.and_then(|entry| entry.root_cause.as_deref()) {
        line("root cause", cause);
    }
    for reference in entry.iter().flat_map(|entry| &entry.references) {
        line("reference", reference);
    }
    line("sources", &format!("{} ({} files, {} bytes)", snapshot.sources().display(), manifest.files, manifest.bytes));
    if let Some(toolchain) = &manifest.toolchain {
        line("toolchain", &format!("{toolchain}, as the sources ask"));
    }
    let (status, blocked) = status_of(snapshot);
    match &blocked {
        None => line("status", &status.to_string()),
        Some(why) => line("status", &format!("{status}: {why}")),
    }
    if let Some((build, current)) = current_build(snapshot) {
        line("built", &format!("in {:.0} s by {}", build.seconds, build.toolchain));
        if !current {
            line(
                "stale",
                &format!("built by another Assay; build it again: assay snapshot build {}", manifest.backend()),
            );
        }
        line("sandbox", &build.sandbox);
    }
    let build = manifest.current_build().into_iter().flat_map(|build| &build.deviations);
    for deviation in manifest.deviations.iter().chain(build) {
        line("deviation", &format!("{}: {}", deviation.kind, deviation.detail));
    }
    let family = manifest.patch.as_ref().map(|patch| patch.family.as_str()).or(manifest.family.as_deref());
    let set = family.and_then(passes::family);
    line("passes", family.unwrap_or("-"));
    match &manifest.patch {
        None => line("patched", "no"),
        Some(patch) => {
            for pass in &patch.passes {
                line("pass", &format!("{}, {} edits", pass.name, pass.edits.len()));
            }
            line("touched", &format!("{} files", patch.files.len()));
        }
    }
    if let Some(set) = set {
        for guard in set.guards {
            line("guard", &format!("{}: {}", guard.name, guard.about));
        }
        for point in set.points {
            line("inject", &format!("{}: {}", point.name, point.about));
        }
    }
    print(&text)?;
    Ok(ExitCode::Ok)
}

pub(super) fn installed(snapshot: &Snapshot, made: bool) -> String {
    let manifest = &snapshot.manifest;
    let name = manifest.backend();
    let mut text = format!(
        "{name} {}: {} files, {} bytes in {}\n",
        if made { "is installed" } else { "was there" },
        manifest.files,
        manifest.bytes,
        printable(&snapshot.sources().display().to_string())
    );
    for deviation in &manifest.deviations {
        let _ = writeln!(text, "deviation, {}: {}", deviation.kind, printable(&deviation.detail));
    }
    if manifest.family.as_deref().is_some_and(|family| passes::family(family).is_some()) {
        let _ = writeln!(text, "next: assay snapshot patch {name}, then assay snapshot build {name}");
    }
    text
}

pub(super) fn check(check: &SnapshotCheck) -> String {
    let mut text = String::new();
    for difference in &check.differences {
        let _ = writeln!(text, "{} {} {}", styled(BAD, "differs"), printable(&difference.path), difference.what);
    }
    let _ = match check.differences.len() {
        0 => writeln!(text, "{}: all {} files are as they should be", check.snapshot, check.files),
        _ => writeln!(text, "{}: {} files looked at", check.snapshot, check.files),
    };
    text
}

pub(super) fn patched(snapshot: &Snapshot, set: &PassSet, changed: bool) -> String {
    let manifest = &snapshot.manifest;
    let name = manifest.backend();
    let Some(patch) = &manifest.patch else { return format!("{name} is not patched\n") };
    let mut text = if changed {
        format!("{name} is patched with {}: {} files\n", patch.family, patch.files.len())
    } else {
        format!("{name} was patched with {} already: {} files\n", patch.family, patch.files.len())
    };
    for pass in &patch.passes {
        let _ = writeln!(text, "  {}: {} edits", pass.name, pass.edits.len());
    }
    let _ = writeln!(
        text,
        "{} guards can be switched off, and values replaced at {} points; assay snapshot status {name} lists them",
        set.guards.len(),
        set.points.len()
    );
    let _ = writeln!(text, "next: assay snapshot build {name}");
    text
}
