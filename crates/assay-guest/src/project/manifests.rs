//! The manifests of a crate and of the workspace that it is in.
//!
//! The copy that is built has the runtime inside of it, and what else Assay brings along, because cargo names a crate that is
//! elsewhere after its absolute path, which would be in the guest's bytes. So each manifest that names such a crate is changed
//! to name that one, and a dependency by path to anywhere else outside is refused before cargo trips over it.

use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use super::{Language, Project, ProjectError, Reading, name_of, read};
use crate::{
    lockfile,
    runtime_sources::{self, DEPENDENCY_TABLES, RUNTIME_CRATE},
};

/// What cargo calls a manifest.
pub(super) const MANIFEST: &str = "Cargo.toml";

/// What cargo calls a lockfile.
pub(super) const LOCK: &str = "Cargo.lock";

/// Where a dependency comes from, all of which the path in the copy takes the place of.
const ORIGINS: [&str; 8] = ["version", "path", "git", "branch", "tag", "rev", "registry", "registry-index"];

/// What a crate is built with that Assay brings along.
pub(super) struct Brought {
    /// The crate that it must depend on.
    pub(super) needed: &'static str,
    /// All crates that stand beside it in the copy, each in a folder of its name.
    pub(super) all: &'static [&'static str],
    /// How many folders deeper it stands in the copy than they do.
    pub(super) below: usize,
}

/// A crate with the workspace that it is in.
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) version: String,
    /// Its own manifest.
    pub(super) manifest: Table,
    /// The manifest of the workspace, which may be the same.
    pub(super) root: Table,
    /// What it calls the crate that it must depend on.
    pub(super) needed: String,
    /// Its folder in the workspace's: empty, or with a `/` at its end.
    pub(super) member: String,
    pub(super) reading: Reading,
}

/// Reads the guest in `folder`.
pub(super) fn open(folder: PathBuf) -> Result<Project, ProjectError> {
    let brought = Brought { needed: RUNTIME_CRATE, all: &[RUNTIME_CRATE], below: 0 };
    let Crate { name, version, needed: runtime, member, mut reading, .. } = Crate::read(&folder, &brought)?;
    let locked = reading.files.contains_key(LOCK);
    if !locked {
        // Versions that are known to work, as far as the crate has the same dependencies.
        reading.files.insert(LOCK.to_owned(), lockfile::lock_for(&name, &version).into_bytes());
    }
    for (file, bytes) in runtime_sources::files() {
        reading.files.insert(format!("{RUNTIME_CRATE}/{file}"), bytes);
    }
    let (files, links) = (reading.files, reading.links);
    Ok(Project { language: Language::Rust, name, files, member, runtime, locked, folder, links })
}

impl Crate {
    /// Reads the crate in `folder`, with the workspace that it is in. Crates that are brought along are not in what is read,
    /// and are named by manifests where they will be.
    pub(super) fn read(folder: &Path, brought: &Brought) -> Result<Self, ProjectError> {
        let own = folder.join(MANIFEST);
        let manifest = parse(&own, &read(&own)?)?;
        let Some(package) = manifest.get("package").and_then(Value::as_table) else {
            return Err(ProjectError::Workspace { path: own });
        };
        let name = name_of(package.get("name").and_then(Value::as_str).map(AsRef::as_ref))?;
        let (root, root_manifest) = root_of(folder, &manifest)?;
        let workspace = root_manifest.get("workspace").and_then(Value::as_table).cloned().unwrap_or_default();
        let Some(needed) = dependency_on(brought.needed, &manifest, &workspace) else {
            return Err(ProjectError::NoRuntime { path: own, needed: brought.needed });
        };
        let of_workspace = || workspace.get("package")?.get("version")?.as_str();
        let version = package.get("version").and_then(Value::as_str).or_else(of_workspace).unwrap_or("0.0.0");
        let member = folder.strip_prefix(&root).ok().and_then(Path::to_str).unwrap_or_default();
        let member = if member.is_empty() { String::new() } else { format!("{member}/") };

        let mut reading = Reading::of(&root)?;
        // Those are the ones that are in this program.
        reading.files.retain(|file, _| {
            !brought.all.iter().any(|&name| file.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')))
        });
        let names: Vec<String> = reading
            .files
            .keys()
            .filter(|file| Path::new(file).file_name().is_some_and(|n| n == MANIFEST))
            .cloned()
            .collect();
        for file in names {
            let path = root.join(&file);
            let mut manifest = parse(&path, &reading.files[&file])?;
            let above = "../".repeat(file.matches('/').count() + brought.below);
            if point_to_brought(&mut manifest, brought, &path, &root, &above)? {
                let text = toml::to_string(&manifest).map_err(|error| not(&path, &error))?;
                reading.files.insert(file, text.into_bytes());
            }
        }
        let version = version.to_owned();
        Ok(Self { name, version, manifest, root: root_manifest, needed, member, reading })
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Table, ProjectError> {
    let text = str::from_utf8(bytes).map_err(|error| not(path, &error))?;
    text.parse().map_err(|error: toml::de::Error| not(path, &error.message()))
}

fn not(path: &Path, reason: &dyn ToString) -> ProjectError {
    ProjectError::Manifest { path: path.to_owned(), reason: reason.to_string() }
}

/// What a crate calls its dependency `on`, if it has it; it may have it from its workspace.
fn dependency_on(on: &str, manifest: &Table, workspace: &Table) -> Option<String> {
    let dependencies = manifest.get(DEPENDENCY_TABLES[0]).and_then(Value::as_table)?;
    let shared = workspace.get(DEPENDENCY_TABLES[0]);
    let is = |name: &str, dependency: &Value| {
        let inherited = dependency.get("workspace").and(shared).and_then(|shared| shared.get(name));
        package_of(name, inherited.unwrap_or(dependency)) == on
    };
    dependencies.iter().find(|(name, value)| is(name, value)).map(|(name, _)| name.clone())
}

fn package_of<'a>(name: &'a str, dependency: &'a Value) -> &'a str {
    dependency.get("package").and_then(Value::as_str).unwrap_or(name)
}

/// The folder of the workspace that the crate is in and its manifest, by cargo's rules: the nearest one upwards that does
/// not exclude it.
fn root_of(folder: &Path, manifest: &Table) -> Result<(PathBuf, Table), ProjectError> {
    if manifest.get("workspace").is_some_and(Value::is_table) {
        return Ok((folder.to_owned(), manifest.clone()));
    }
    for above in folder.ancestors().skip(1) {
        let path = above.join(MANIFEST);
        if !path.is_file() {
            continue;
        }
        let root = parse(&path, &read(&path)?)?;
        let Some(workspace) = root.get("workspace").and_then(Value::as_table) else { continue };
        let excluded = workspace.get("exclude").and_then(Value::as_array).into_iter().flatten();
        if !excluded.filter_map(Value::as_str).any(|excluded| folder.starts_with(above.join(excluded))) {
            return Ok((above.to_owned(), root));
        }
    }
    Ok((folder.to_owned(), manifest.clone()))
}

/// Lets the manifest at `path`, which in the copy finds what is brought along in the folder `above`, name that; whether it
/// changed.
fn point_to_brought(
    manifest: &mut Table,
    brought: &Brought,
    path: &Path,
    root: &Path,
    above: &str,
) -> Result<bool, ProjectError> {
    let mut changed = false;
    for dependencies in tables(manifest) {
        for (name, dependency) in dependencies.iter_mut() {
            let package = package_of(name, dependency);
            if let Some(brought) = brought.all.iter().find(|&&brought| brought == package) {
                if dependency.get("workspace").is_none() {
                    *dependency = at(dependency, format!("{above}{brought}"));
                    changed = true;
                }
            } else if let Some(to) = dependency.get("path").and_then(Value::as_str)
                && !is_below(path.parent().unwrap_or(root), to, root)
            {
                let (path, root) = (path.to_owned(), root.to_owned());
                return Err(ProjectError::Outside { path, name: name.clone(), to: to.to_owned(), root });
            }
        }
    }
    Ok(changed)
}

/// Every table of dependencies in a manifest.
fn tables(manifest: &mut Table) -> Vec<&mut Table> {
    let mut found = Vec::new();
    for (key, value) in manifest.iter_mut() {
        let Some(table) = value.as_table_mut() else { continue };
        if DEPENDENCY_TABLES.contains(&key.as_str()) {
            found.push(table);
        } else if key == "workspace" {
            found.extend(table.get_mut("dependencies").and_then(Value::as_table_mut));
        } else if key == "target" {
            for (_, of_target) in table.iter_mut() {
                let of_target = of_target.as_table_mut().into_iter().flat_map(|table| table.iter_mut());
                found.extend(
                    of_target
                        .filter(|(key, _)| DEPENDENCY_TABLES.contains(&key.as_str()))
                        .filter_map(|(_, dependencies)| dependencies.as_table_mut()),
                );
            }
        } else if key == "patch" {
            found.extend(table.iter_mut().filter_map(|(_, of_source)| of_source.as_table_mut()));
        }
    }
    found
}

/// The dependency with its features, at `path`.
fn at(dependency: &Value, path: String) -> Value {
    let mut table = dependency.as_table().cloned().unwrap_or_default();
    for origin in ORIGINS {
        table.remove(origin);
    }
    table.insert("path".to_owned(), path.into());
    Value::Table(table)
}

/// Whether the path `to`, as it is spelled in `folder`, is below `root`.
fn is_below(folder: &Path, to: &str, root: &Path) -> bool {
    let mut place = folder.to_owned();
    for component in Path::new(to).components() {
        match component {
            Component::Normal(name) => place.push(name),
            Component::ParentDir => {
                place.pop();
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    place.starts_with(root)
}
