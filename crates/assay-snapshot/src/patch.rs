//! Passes applied to the sources of a snapshot, and taken back.
//!
//! A pass set is planned as a whole, from the sources as they were materialised, and written as a whole: when any
//! anchor fails, not a byte changes. What files were is kept beside the sources and in the manifest by digest, so that
//! taking a patch back gives the same bytes, patching again changes nothing, and a newer pass set replaces an older one
//! in one step. Files that somebody else changed meanwhile are never overwritten.

mod layout;
mod plan;
mod transaction;
mod tree;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use assay_spec::{
    Digest, SnapshotManifest,
    snapshot::{AppliedPass, PatchRecord, SourceDifference, TouchedFile},
};
use similar::TextDiff;

use self::{
    plan::Originals,
    transaction::{Change, Held, Side},
    tree::Tree,
};
pub use self::{
    plan::{EDITS_MAX, Failures},
    transaction::STATE_FOLDER,
    tree::TreeError,
};
use crate::{
    edit::PassSet,
    engine::{TEXT_BYTES_MAX, with_stack},
    manifest::{self, MANIFEST_FILE, ManifestError, sources_folder},
};

/// Where originals are kept, below [`STATE_FOLDER`], by digest.
const ORIGINALS: &str = "originals";

/// Files that a message names.
const NAMED_MAX: usize = 20;

/// Lines around a change in a diff.
const DIFF_CONTEXT: usize = 3;

/// Why sources were not patched. They are as they were before.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// Edits whose places are not there, or not as they should be.
    #[error("the sources are not what the passes expect; nothing was changed:\n{0}")]
    Anchors(Failures),
    /// A package of the family is not there, or there more than once.
    #[error("expected one package {name} (the family is made for {version}), found {}", places_text(places))]
    Package {
        /// Its name.
        name: &'static str,
        /// The version that the family is made for.
        version: &'static str,
        /// Folders that it was found in.
        places: Vec<String>,
    },
    /// An edit of a package that the family does not declare.
    #[error("edit {edit} is about package {package}, which its family does not declare")]
    Undeclared {
        /// The edit.
        edit: String,
        /// The package.
        package: String,
    },
    /// The pass set is none.
    #[error("the pass set {family} is wrong: {what}")]
    PassSet {
        /// Its family.
        family: &'static str,
        /// In what.
        what: String,
    },
    /// A family of another zkVM.
    #[error("{family} is made for {expected}; the snapshot is of {found}")]
    OtherZkvm {
        /// The family.
        family: &'static str,
        /// Its zkVM.
        expected: &'static str,
        /// The snapshot's.
        found: String,
    },
    /// There is no snapshot.
    #[error("{} holds no snapshot; install one first", folder.display())]
    NoSnapshot {
        /// Where.
        folder: PathBuf,
    },
    /// Somebody changed files since they were materialised or patched.
    #[error("changed by somebody else: {}; undo that, or install the snapshot again with --force", named(paths))]
    Modified {
        /// Files, below the sources.
        paths: Vec<String>,
    },
    /// A file to be edited is not UTF-8.
    #[error("{path} is not UTF-8 text, so it cannot be edited")]
    NotText {
        /// The file, below the sources.
        path: String,
    },
    /// What is kept of a file is not what it was.
    #[error("the kept original of {path} is missing or damaged; install the snapshot again with --force")]
    Original {
        /// The file, below the sources.
        path: String,
    },
    /// Another process patches the same snapshot.
    #[error("another command patches {}; wait for it to end", folder.display())]
    Busy {
        /// The snapshot's folder.
        folder: PathBuf,
    },
    /// What a killed process left cannot be read.
    #[error("{}: {source}; install the snapshot again with --force", path.display())]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file of the sources or beside them.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The snapshot's manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The system gave no thread.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

/// One file that passes touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFile {
    /// Its path below the sources, with `/` between names.
    pub path: String,
    /// Its text as it was materialised; `None`: the passes make it.
    pub before: Option<String>,
    /// Its text with the passes applied.
    pub after: Option<String>,
    mode: u32,
}

/// What patching did, or would do.
#[derive(Clone, Debug)]
pub struct Patched {
    /// Whether anything changed, or would.
    pub changed: bool,
    /// What is recorded in the manifest.
    pub record: PatchRecord,
    /// Every file that the passes touch, by path.
    pub files: Vec<PlannedFile>,
}

impl Patched {
    /// The unified diff from the sources as they were materialised.
    pub fn diff(&self) -> String {
        self.files.iter().map(PlannedFile::diff).collect()
    }
}

impl PlannedFile {
    /// The unified diff of this file.
    pub fn diff(&self) -> String {
        let (old, new) = (self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default());
        let name =
            |side: char, there: bool| if there { format!("{side}/{}", self.path) } else { "/dev/null".to_owned() };
        TextDiff::from_lines(old, new)
            .unified_diff()
            .context_radius(DIFF_CONTEXT)
            .header(&name('a', self.before.is_some()), &name('b', self.after.is_some()))
            .to_string()
    }
}

/// What `set` makes of the sources in the folder `sources`, which are as they were materialised. Nothing is written.
pub fn preview(sources: &Path, set: &PassSet) -> Result<Vec<PlannedFile>, PatchError> {
    let tree = Tree::open(sources)?;
    let originals = Originals::new();
    let set = plan::completed(&tree, &originals, set)?;
    with_stack(|| plan::plan(&tree, &originals, &set)).map_err(PatchError::Thread)?
}

/// The folder of each package that `set` edits, below the sources.
pub fn locate(sources: &Path, set: &PassSet) -> Result<BTreeMap<&'static str, String>, PatchError> {
    layout::locate(&Tree::open(sources)?, set.packages)
}

/// The folders of packages of these names, below the sources; a name that has none is left out.
pub fn places(sources: &Path, names: &BTreeSet<&str>) -> Result<BTreeMap<String, BTreeSet<String>>, PatchError> {
    layout::find(&Tree::open(sources)?, names)
}

/// Applies `set` to the snapshot in `folder`, or, for a dry run, says what that would change.
///
/// A snapshot that has the very same patch is left alone; one that has another has it replaced.
pub fn patch(folder: &Path, set: &PassSet, dry_run: bool) -> Result<Patched, PatchError> {
    patch_until(folder, set, dry_run, &mut || {})
}

/// As [`patch`]; `point` is called before each step that can be seen from outside.
fn patch_until(folder: &Path, set: &PassSet, dry_run: bool, point: &mut impl FnMut()) -> Result<Patched, PatchError> {
    let (held, mut manifest) = take(folder)?;
    if set.zkvm != manifest.zkvm {
        let found = manifest.zkvm;
        return Err(PatchError::OtherZkvm { family: set.family, expected: set.zkvm, found });
    }
    let known = manifest.patch.take();
    check_unmodified(&held, known.as_ref())?;
    let originals = originals(&held, known.as_ref())?;
    let set = &plan::completed(&held.sources, &originals, set)?;
    let files = with_stack(|| plan::plan(&held.sources, &originals, set)).map_err(PatchError::Thread)??;
    let record = record(set, &files);
    check_materialised(folder, &manifest, &record)?;
    let changed = known.as_ref() != Some(&record);
    if changed && !dry_run {
        let mut changes = Vec::new();
        restore(known.as_ref(), &originals, &held, &record, &mut changes)?;
        for file in &files {
            let after = file.after.clone().unwrap_or_default().into_bytes();
            if let Some(before) = &file.before {
                changes.push(Change {
                    side: Side::Snapshot,
                    path: original_path(Digest::of(before.as_bytes())),
                    new: Some((before.clone().into_bytes(), 0o644)),
                });
            }
            let new = Some((after, file.mode));
            changes.push(Change { side: Side::Sources, path: file.path.clone(), new });
        }
        manifest.patch = Some(record.clone());
        // The template of the runner goes with the passes.
        manifest.family = Some(set.family.to_owned());
        // The runner that was built is of other sources.
        changes.push(manifest_change(folder, &manifest)?);
        held.commit(&changes, point)?;
    }
    Ok(Patched { changed, record, files })
}

/// Takes the patch of the snapshot in `folder` back; `None` if it has none.
pub fn unpatch(folder: &Path) -> Result<Option<PatchRecord>, PatchError> {
    unpatch_until(folder, &mut || {})
}

fn unpatch_until(folder: &Path, point: &mut impl FnMut()) -> Result<Option<PatchRecord>, PatchError> {
    let (held, mut manifest) = take(folder)?;
    let Some(known) = manifest.patch.take() else { return Ok(None) };
    check_unmodified(&held, Some(&known))?;
    let originals = originals(&held, Some(&known))?;
    let nothing = PatchRecord { family: String::new(), passes: Vec::new(), files: Vec::new() };
    let mut changes = Vec::new();
    restore(Some(&known), &originals, &held, &nothing, &mut changes)?;
    changes.push(manifest_change(folder, &manifest)?);
    held.commit(&changes, point)?;
    Ok(Some(known))
}

/// Files of the snapshot in `folder` that are not as its patch left them, or whose originals are not kept any more.
pub fn verify_passes(folder: &Path) -> Result<Vec<SourceDifference>, PatchError> {
    let (held, manifest) = take(folder)?;
    let mut differences = Vec::new();
    for touched in manifest.patch.iter().flat_map(|patch| &patch.files) {
        let mut differs = |what: &str| {
            differences.push(SourceDifference { path: touched.path.clone(), what: what.to_owned() });
        };
        match held.sources.read(&touched.path, TEXT_BYTES_MAX as u64) {
            Ok(Some(file)) if Digest::of(&file.content) == touched.after => {}
            Ok(None) => differs("is missing"),
            Ok(Some(_)) | Err(_) => differs("is not as the passes left it"),
        }
        if let Some(before) = touched.before
            && original(&held, &touched.path, before).is_err()
        {
            differs("has lost its original");
        }
    }
    Ok(differences)
}

/// Finishes what a killed command began with the snapshot in `folder`. Everything here does so first; a command that
/// reads sources or manifest by other ways does well to call it.
pub fn recover(folder: &Path) -> Result<(), PatchError> {
    take(folder).map(drop)
}

fn take(folder: &Path) -> Result<(Held, SnapshotManifest), PatchError> {
    // The manifest names the folder of the sources, and may be older than what recovery makes of it.
    let no_snapshot = || PatchError::NoSnapshot { folder: folder.to_owned() };
    let manifest = manifest::read(folder)?.ok_or_else(no_snapshot)?;
    let held = Held::take(folder, &sources_folder(&manifest.zkvm))?;
    let manifest = manifest::read(folder)?.ok_or_else(no_snapshot)?;
    Ok((held, manifest))
}

/// What the manifest says of a patch.
fn record(set: &PassSet, files: &[PlannedFile]) -> PatchRecord {
    let passes = set.passes.iter().map(|pass| AppliedPass {
        name: pass.kind.name().to_owned(),
        edits: pass.edits.iter().map(|edit| edit.id.to_string()).collect(),
    });
    let files = files.iter().map(|file| TouchedFile {
        path: file.path.clone(),
        before: file.before.as_ref().map(|text| Digest::of(text.as_bytes())),
        after: Digest::of(file.after.as_deref().unwrap_or_default().as_bytes()),
    });
    PatchRecord { family: set.family.to_owned(), passes: passes.collect(), files: files.collect() }
}

/// Refuses files that are not as the patch left them.
fn check_unmodified(held: &Held, known: Option<&PatchRecord>) -> Result<(), PatchError> {
    let mut paths = Vec::new();
    for touched in known.iter().flat_map(|record| &record.files) {
        let file = held.sources.read(&touched.path, TEXT_BYTES_MAX as u64)?;
        if file.is_none_or(|file| Digest::of(&file.content) != touched.after) {
            paths.push(touched.path.clone());
        }
    }
    if paths.is_empty() { Ok(()) } else { Err(PatchError::Modified { paths }) }
}

/// Refuses files that were not as they were materialised before the patch.
fn check_materialised(folder: &Path, manifest: &SnapshotManifest, record: &PatchRecord) -> Result<(), PatchError> {
    let listed: BTreeMap<String, Digest> =
        manifest::listing(folder, manifest)?.into_iter().map(|file| (file.path, file.sha256)).collect();
    let changed = record.files.iter().filter(|file| listed.get(&file.path) != file.before.as_ref());
    let paths: Vec<String> = changed.map(|file| file.path.clone()).collect();
    if paths.is_empty() { Ok(()) } else { Err(PatchError::Modified { paths }) }
}

/// What the files of a patch were before it.
fn originals(held: &Held, known: Option<&PatchRecord>) -> Result<Originals, PatchError> {
    let touched = known.iter().flat_map(|record| &record.files);
    let originals = touched.map(|file| {
        let content = file.before.map(|before| original(held, &file.path, before)).transpose()?;
        Ok((file.path.clone(), content))
    });
    originals.collect()
}

fn original(held: &Held, path: &str, digest: Digest) -> Result<Vec<u8>, PatchError> {
    let kept = held.snapshot.read(&original_path(digest), TEXT_BYTES_MAX as u64)?;
    kept.map(|file| file.content)
        .filter(|content| Digest::of(content) == digest)
        .ok_or_else(|| PatchError::Original { path: path.to_owned() })
}

fn original_path(digest: Digest) -> String {
    format!("{STATE_FOLDER}/{ORIGINALS}/{digest}")
}

/// Gives back files that `known` touched and `next` does not, and forgets originals that are not needed any more.
fn restore(
    known: Option<&PatchRecord>,
    originals: &Originals,
    held: &Held,
    next: &PatchRecord,
    changes: &mut Vec<Change>,
) -> Result<(), PatchError> {
    let still: BTreeSet<&str> = next.files.iter().map(|file| file.path.as_str()).collect();
    let needed: BTreeSet<String> = next.files.iter().filter_map(|file| file.before).map(original_path).collect();
    let mut forgotten = BTreeSet::new();
    for file in known.iter().flat_map(|record| &record.files) {
        if !still.contains(file.path.as_str()) {
            let mode = held.sources.read(&file.path, TEXT_BYTES_MAX as u64)?.map_or(0o644, |file| file.mode & 0o777);
            let content = originals.get(&file.path).cloned().flatten();
            let new = content.map(|content| (content, mode));
            changes.push(Change { side: Side::Sources, path: file.path.clone(), new });
        }
        forgotten.extend(file.before.map(original_path).filter(|path| !needed.contains(path)));
    }
    changes.extend(forgotten.into_iter().map(|path| Change { side: Side::Snapshot, path, new: None }));
    Ok(())
}

fn manifest_change(folder: &Path, manifest: &SnapshotManifest) -> Result<Change, PatchError> {
    let mut json = serde_json::to_vec_pretty(manifest).map_err(|error| TreeError {
        what: "write",
        path: folder.join(MANIFEST_FILE),
        source: error.into(),
    })?;
    json.push(b'\n');
    Ok(Change { side: Side::Snapshot, path: MANIFEST_FILE.to_owned(), new: Some((json, 0o644)) })
}

fn named(paths: &[String]) -> String {
    let more = paths.len().saturating_sub(NAMED_MAX);
    let names = paths[..paths.len() - more].join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

fn places_text(places: &[String]) -> String {
    match places {
        [] => "none".to_owned(),
        places => format!("it in {}", named(places)),
    }
}

#[cfg(test)]
mod tests;
