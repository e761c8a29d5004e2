//! Where the packages of a family are in the sources: folders of published crates, or members of a checkout's
//! workspaces.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    PatchError,
    tree::{Tree, split},
};
use crate::{edit::Package, engine::TOML_BYTES_MAX};

/// Folders that are looked into for a package that no workspace names.
const FOLDERS_MAX: usize = 20_000;

/// Folders of sources down to which is looked.
const SEARCH_DEPTH_MAX: usize = 6;

/// Folders that hold no sources.
const SKIPPED: &[&str] = &["target", "node_modules"];

/// What is read of a manifest.
#[derive(Debug, Default, Deserialize)]
struct Manifest {
    package: Option<ManifestPackage>,
    workspace: Option<Workspace>,
}

#[derive(Debug, Deserialize)]
struct ManifestPackage {
    name: String,
}

#[derive(Debug, Default, Deserialize)]
struct Workspace {
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
}

/// The folder of each package, below the root of the sources; "" is the root itself.
pub(super) fn locate(tree: &Tree, packages: &[Package]) -> Result<BTreeMap<&'static str, String>, PatchError> {
    let names: BTreeSet<&str> = packages.iter().map(|package| package.name).collect();
    let mut found = find(tree, &names)?;
    let mut folders = BTreeMap::new();
    for package in packages {
        let mut places: Vec<String> = found.remove(package.name).unwrap_or_default().into_iter().collect();
        // Of several published versions, the family's own.
        let own = format!("{}-{}", package.name, package.version);
        if places.contains(&own) {
            places = vec![own];
        }
        match <[String; 1]>::try_from(places) {
            Ok([place]) => folders.insert(package.name, place),
            Err(places) => {
                return Err(PatchError::Package { name: package.name, version: package.version, places });
            }
        };
    }
    Ok(folders)
}

/// The folders of packages of these names: published crates and members of the root's workspace, and for names that
/// none of those has whatever else is there.
pub(super) fn find(tree: &Tree, names: &BTreeSet<&str>) -> Result<BTreeMap<String, BTreeSet<String>>, PatchError> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in candidates(tree, names)? {
        if let Some(name) = name_at(tree, &folder)?.filter(|name| names.contains(name.as_str())) {
            found.entry(name).or_default().insert(folder);
        }
    }
    let lacking: BTreeSet<&str> = names.iter().copied().filter(|name| !found.contains_key(*name)).collect();
    if !lacking.is_empty() {
        search(tree, &mut |folder, name| {
            if lacking.contains(name) {
                found.entry(name.to_owned()).or_default().insert(folder.to_owned());
            }
        })?;
    }
    Ok(found)
}

/// Folders that are likely to hold packages: of published crates, and the members of the root's workspace.
fn candidates(tree: &Tree, names: &BTreeSet<&str>) -> Result<Vec<String>, PatchError> {
    let mut folders: Vec<String> = Vec::new();
    for entry in tree.entries("")? {
        let published = |name: &&str| {
            let version = entry.name.strip_prefix(*name).and_then(|rest| rest.strip_prefix('-'));
            version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        };
        if entry.is_folder && names.iter().any(published) {
            folders.push(entry.name);
        }
    }
    let Some(manifest) = manifest_at(tree, "")? else { return Ok(folders) };
    folders.push(String::new());
    let workspace = manifest.workspace.unwrap_or_default();
    for member in &workspace.members {
        folders.extend(expand(tree, member.trim_end_matches('/'))?);
    }
    folders.retain(|folder| !workspace.exclude.iter().any(|excluded| excluded.trim_end_matches('/') == folder));
    Ok(folders)
}

/// Folders that a member of a workspace names: `crates/*` is every folder of `crates`.
fn expand(tree: &Tree, member: &str) -> Result<Vec<String>, PatchError> {
    let mut folders = vec![String::new()];
    for name in member.split('/').filter(|name| !name.is_empty() && *name != ".") {
        let mut next = Vec::new();
        for folder in folders {
            let join = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some((before, after)) = name.split_once('*') {
                let entries = tree.entries(&folder)?.into_iter().filter(|entry| entry.is_folder);
                let entries = entries.filter(|entry| entry.name.starts_with(before) && entry.name.ends_with(after));
                next.extend(entries.map(|entry| join(&entry.name)));
            } else if name != ".." {
                next.push(join(name));
            }
        }
        folders = next;
        folders.truncate(FOLDERS_MAX);
    }
    Ok(folders)
}

/// Every package of the sources, folder by folder.
fn search(tree: &Tree, found: &mut impl FnMut(&str, &str)) -> Result<(), PatchError> {
    let mut waiting = vec![(String::new(), 0)];
    let mut looked_at = 0;
    while let Some((folder, depth)) = waiting.pop() {
        looked_at += 1;
        if looked_at > FOLDERS_MAX {
            break;
        }
        let entries = tree.entries(&folder)?;
        if entries.iter().any(|entry| entry.name == "Cargo.toml" && !entry.is_folder)
            && let Some(name) = name_at(tree, &folder)?
        {
            found(&folder, &name);
        }
        if depth < SEARCH_DEPTH_MAX {
            let inner = entries.into_iter().filter(|entry| {
                entry.is_folder && !entry.name.starts_with('.') && !SKIPPED.contains(&entry.name.as_str())
            });
            let join = |name: String| if folder.is_empty() { name } else { format!("{folder}/{name}") };
            waiting.extend(inner.map(|entry| (join(entry.name), depth + 1)));
        }
    }
    Ok(())
}

fn name_at(tree: &Tree, folder: &str) -> Result<Option<String>, PatchError> {
    Ok(manifest_at(tree, folder)?.and_then(|manifest| manifest.package).map(|package| package.name))
}

/// The manifest in a folder, if there is one that can be read: sources have broken ones among their tests.
fn manifest_at(tree: &Tree, folder: &str) -> Result<Option<Manifest>, PatchError> {
    let path = if folder.is_empty() { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") };
    let file = match tree.read(&path, TOML_BYTES_MAX as u64) {
        Ok(Some(file)) => file,
        Err(error) if folder.is_empty() => return Err(error.into()),
        Ok(None) | Err(_) => return Ok(None),
    };
    Ok(std::str::from_utf8(&file.content).ok().and_then(|text| toml::from_str(text).ok()))
}

/// The way from a folder of the sources to their root.
pub(super) fn way_to_root(folder: &str) -> String {
    if folder.is_empty() { ".".to_owned() } else { vec![".."; folder.split('/').count()].join("/") }
}

/// The file of `folder` whose name is most like that of `path`.
pub(super) fn nearest_file(tree: &Tree, path: &str) -> Option<String> {
    let (folder, name) = split(path);
    let entries = tree.entries(folder).ok()?.into_iter().filter(|entry| !entry.is_folder);
    let alike = entries.map(|entry| (strsim::jaro_winkler(name, &entry.name), entry.name));
    let (_, nearest) = alike.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    Some(if folder.is_empty() { nearest } else { format!("{folder}/{nearest}") })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    const PACKAGES: &[Package] =
        &[Package { name: "vm", version: "2.0.2" }, Package { name: "vm-core", version: "2.0.2" }];

    fn package(root: &Path, folder: &str, name: &str) {
        fs::create_dir_all(root.join(folder)).unwrap();
        fs::write(root.join(folder).join("Cargo.toml"), format!("[package]\nname = \"{name}\"\n")).unwrap();
    }

    fn folders(root: &Path) -> Result<Vec<String>, PatchError> {
        Ok(locate(&Tree::open(root).unwrap(), PACKAGES)?.into_values().collect())
    }

    #[test]
    fn published_crates_are_found_by_their_folders() {
        let root = tempfile::tempdir().unwrap();
        package(root.path(), "vm-2.0.2", "vm");
        package(root.path(), "vm-1.0.0", "vm");
        package(root.path(), "vm-core-2.0.2", "vm-core");
        assert_eq!(folders(root.path()).unwrap(), ["vm-2.0.2", "vm-core-2.0.2"]);
    }

    #[test]
    fn members_of_a_checkout_are_found_by_their_names_and_others_by_searching() {
        let root = tempfile::tempdir().unwrap();
        fs::write(
            root.path().join("Cargo.toml"),
            "[workspace]\nmembers = ['crates/*', 'examples/x']\nexclude = ['crates/old']\n",
        )
        .unwrap();
        package(root.path(), "crates/machine", "vm");
        package(root.path(), "crates/old", "vm");
        package(root.path(), "crates/broken", "\"");
        package(root.path(), "other/deep/core", "vm-core");
        assert_eq!(folders(root.path()).unwrap(), ["crates/machine", "other/deep/core"]);
        assert_eq!(way_to_root("other/deep/core"), "../../..");
    }

    #[test]
    fn a_package_that_is_missing_or_there_twice_is_refused() {
        let root = tempfile::tempdir().unwrap();
        package(root.path(), "a", "vm");
        assert!(matches!(folders(root.path()), Err(PatchError::Package { name: "vm-core", .. })));
        package(root.path(), "b", "vm-core");
        package(root.path(), "c", "vm");
        let Err(PatchError::Package { name: "vm", places, .. }) = folders(root.path()) else { panic!() };
        assert_eq!(places, ["a", "c"]);
    }
}
