//! What a pass set makes of sources: every file that it touches, before and after, and nothing written.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{
    PatchError, PlannedFile,
    layout::{locate, nearest_file, way_to_root},
    tree::{ReadFile, Tree},
};
use crate::{
    dependency::DEPENDENCIES_FOLDER,
    edit::{Action, Anchor, Edit, Pass, PassKind, PassSet, ROOT_PLACEHOLDER, Text},
    engine::{AnchorError, Failure, TEXT_BYTES_MAX, edit_file},
};

/// Most edits of a pass set.
pub const EDITS_MAX: usize = 4000;

/// The manifest of the sources' workspace.
const MANIFEST: &str = "Cargo.toml";

/// Originals of files that are patched already: what is planned is planned from them.
pub(super) type Originals = BTreeMap<String, Option<Vec<u8>>>;

/// The files that `set` touches, by path. Needs a large stack.
pub(super) fn plan(tree: &Tree, originals: &Originals, set: &PassSet) -> Result<Vec<PlannedFile>, PatchError> {
    check(set)?;
    let folders = locate(tree, set.packages)?;
    let mut files: BTreeMap<String, PlannedFile> = BTreeMap::new();
    for pass in &set.passes {
        let edits: Vec<(String, Edit)> =
            pass.edits.iter().map(|edit| resolve(edit, &folders)).collect::<Result<_, _>>()?;
        let mut by_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for (path, edit) in &edits {
            by_file.entry(path).or_default().push(edit);
        }
        let mut failures = Vec::new();
        for (path, edits) in by_file {
            if !files.contains_key(path) {
                files.insert(path.to_owned(), read(tree, originals, path)?);
            }
            let file = files.get_mut(path).expect("it was just put there");
            match edit_file(path, file.after.as_deref(), &edits) {
                Ok(after) => file.after = Some(after),
                Err(found) => failures.extend(found),
            }
        }
        if !failures.is_empty() {
            for failure in &mut failures {
                if let AnchorError::NoFile { nearest } = &mut failure.error {
                    *nearest = nearest_file(tree, &failure.file);
                }
            }
            return Err(PatchError::Anchors(Failures(failures)));
        }
    }
    Ok(files.into_values().collect())
}

/// `set`, and where a workspace of its own stands beside that of the sources an edit by which the sources' workspace
/// excludes it. Cargo looks for the workspace of a package among those that it has read already, even where another one
/// is nearer.
pub(super) fn completed(tree: &Tree, originals: &Originals, set: &PassSet) -> Result<PassSet, PatchError> {
    let mut set = set.clone();
    let beside = tree.entries("")?.into_iter().any(|entry| entry.is_folder && entry.name == DEPENDENCIES_FOLDER);
    let manifest = if beside { read(tree, originals, MANIFEST)?.before } else { None };
    // What is no manifest has no workspace; cargo says so.
    let manifest: Option<Table> = manifest.and_then(|text| toml::from_str(&text).ok());
    let Some(Value::Table(workspace)) = manifest.and_then(|mut manifest| manifest.remove("workspace")) else {
        return Ok(set);
    };
    let mut excluded = workspace.get("exclude").and_then(Value::as_array).cloned().unwrap_or_default();
    excluded.push(DEPENDENCIES_FOLDER.into());
    let infrastructure = set.passes.iter_mut().find(|pass| pass.kind == PassKind::Infrastructure);
    if let Some(pass) = infrastructure {
        pass.edits.push(Edit {
            id: "infrastructure.exclude".into(),
            package: None,
            file: MANIFEST.into(),
            anchor: Anchor::toml("workspace", "exclude"),
            action: Action::Set(Value::Array(excluded).to_string().into()),
            why: "What stands beside the sources is no part of their workspace.".into(),
        });
    }
    Ok(set)
}

/// Edits that cannot be made: all of the first pass that has any.
#[derive(Debug)]
pub struct Failures(pub Vec<Failure>);

impl std::fmt::Display for Failures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Failure::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// Whether the pass set is one: three passes in order, no id twice.
fn check(set: &PassSet) -> Result<(), PatchError> {
    let wrong = |what: String| Err(PatchError::PassSet { family: set.family, what });
    if set.passes.iter().map(|pass: &Pass| pass.kind).ne(PassKind::ALL) {
        return wrong("its passes are not infrastructure, relax, collect".to_owned());
    }
    let mut ids: Vec<&str> = set.passes.iter().flat_map(|pass| &pass.edits).map(|edit| &*edit.id).collect();
    if ids.len() > EDITS_MAX {
        return wrong(format!("it has over {EDITS_MAX} edits"));
    }
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => wrong(format!("two edits are called {}", pair[0])),
        None => Ok(()),
    }
}

/// The edit's file below the root, and the edit with its texts completed.
fn resolve(edit: &Edit, folders: &BTreeMap<&'static str, String>) -> Result<(String, Edit), PatchError> {
    let folder = match edit.package {
        None => "",
        Some(package) => folders
            .get(package)
            .ok_or_else(|| PatchError::Undeclared { edit: edit.id.to_string(), package: package.to_owned() })?,
    };
    let path = if folder.is_empty() { edit.file.to_string() } else { format!("{folder}/{}", edit.file) };
    let way = way_to_root(folder);
    let complete = |text: &Text| -> Text {
        if text.contains(ROOT_PLACEHOLDER) { text.replace(ROOT_PLACEHOLDER, &way).into() } else { text.clone() }
    };
    let mut edit = edit.clone();
    edit.action = match &edit.action {
        Action::Create(text) => Action::Create(complete(text)),
        Action::Before(text) => Action::Before(complete(text)),
        Action::After(text) => Action::After(complete(text)),
        Action::Replace(text) => Action::Replace(complete(text)),
        Action::Wrap(prefix, suffix) => Action::Wrap(complete(prefix), complete(suffix)),
        Action::Set(value) => Action::Set(complete(value)),
    };
    if matches!(edit.action, Action::Create(_)) != (edit.anchor == Anchor::NewFile) {
        let error = AnchorError::BadEdit("its action does not suit its anchor".to_owned());
        let failure = Failure { edit: edit.id.to_string(), file: path, error };
        return Err(PatchError::Anchors(Failures(vec![failure])));
    }
    Ok((path, edit))
}

fn read(tree: &Tree, originals: &Originals, path: &str) -> Result<PlannedFile, PatchError> {
    let there = tree.read(path, TEXT_BYTES_MAX as u64)?;
    let mode = there.as_ref().map_or(0o644, |file| file.mode & 0o777);
    let content = match originals.get(path) {
        Some(original) => original.clone(),
        None => there.map(|ReadFile { content, .. }| content),
    };
    let before = content.map(String::from_utf8).transpose();
    let before = before.map_err(|_| PatchError::NotText { path: path.to_owned() })?;
    Ok(PlannedFile { path: path.to_owned(), after: before.clone(), before, mode })
}
