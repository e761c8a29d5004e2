//! The manifests of a crate and of the workspace that it is in.
//!
//! The copy that is built has the runtime inside of it, because cargo names a crate that is elsewhere after its absolute
//! path, which would be in the guest's bytes. So each manifest that names the runtime is changed to name that one, and a
//! dependency by path to anywhere else outside is refused before cargo trips over it.

use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use super::{Language, Project, ProjectError, Reading, name_of, read};
use crate::runtime_sources::{self, DEPENDENCY_TABLES, RUNTIME_CRATE};

/// What cargo calls a manifest.
pub(super) const MANIFEST: &str = "Cargo.toml";

/// What cargo calls a lockfile.
const LOCK: &str = "Cargo.lock";

/// Where a dependency comes from, all of which the path of the runtime takes the place of.
const ORIGINS: [&str; 8] = ["version", "path", "git", "branch", "tag", "rev", "registry", "registry-index"];

/// Reads the crate in `folder`, with the workspace that it is in.
pub(super) fn open(folder: PathBuf) -> Result<Project, ProjectError> {
    let own = folder.join(MANIFEST);
    let manifest = parse(&own, &read(&own)?)?;
    let Some(package) = manifest.get("package").and_then(Value::as_table) else {
        return Err(ProjectError::Workspace { path: own });
    };
    let name = name_of(package.get("name").and_then(Value::as_str).map(AsRef::as_ref))?;
    let (root, workspace) = root_of(&folder, &manifest)?;
    let Some(runtime) = runtime_of(&manifest, &workspace) else { return Err(ProjectError::NoRuntime { path: own }) };
    let member = folder.strip_prefix(&root).ok().and_then(Path::to_str).unwrap_or_default();
    let member = if member.is_empty() { String::new() } else { format!("{member}/") };

    let mut reading = Reading::of(&root)?;
    // The runtime is the one that is in this program.
    let staged = format!("{RUNTIME_CRATE}/");
    reading.files.retain(|file, _| !file.starts_with(&staged));
    let names: Vec<String> = reading
        .files
        .keys()
        .filter(|file| Path::new(file).file_name().is_some_and(|n| n == MANIFEST))
        .cloned()
        .collect();
    for file in names {
        let path = root.join(&file);
        let mut manifest = parse(&path, &reading.files[&file])?;
        if point_to_runtime(&mut manifest, &path, &root, file.matches('/').count())? {
            let text = toml::to_string(&manifest).map_err(|error| not(&path, &error))?;
            reading.files.insert(file, text.into_bytes());
        }
    }
    let locked = reading.files.contains_key(LOCK);
    if !locked {
        // Versions that are known to work, as far as the crate has the same dependencies.
        let version = package.get("version").and_then(Value::as_str).unwrap_or("0.0.0");
        reading.files.insert(LOCK.to_owned(), runtime_sources::lock_for(&name, version).into_bytes());
    }
    for (file, bytes) in runtime_sources::files() {
        reading.files.insert(format!("{staged}{file}"), bytes);
    }
    let (files, links) = (reading.files, reading.links);
    Ok(Project { language: Language::Rust, name, files, member, runtime, locked, folder, links })
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Table, ProjectError> {
    let text = str::from_utf8(bytes).map_err(|error| not(path, &error))?;
    text.parse().map_err(|error: toml::de::Error| not(path, &error.message()))
}

fn not(path: &Path, reason: &dyn ToString) -> ProjectError {
    ProjectError::Manifest { path: path.to_owned(), reason: reason.to_string() }
}

/// What the crate calls the runtime, if it depends on it; it may have the dependency from its workspace.
fn runtime_of(manifest: &Table, workspace: &Table) -> Option<String> {
    let dependencies = manifest.get(DEPENDENCY_TABLES[0]).and_then(Value::as_table)?;
    let shared = workspace.get(DEPENDENCY_TABLES[0]);
    let is = |name: &str, dependency: &Value| {
        let inherited = dependency.get("workspace").and(shared).and_then(|shared| shared.get(name));
        is_runtime(name, inherited.unwrap_or(dependency))
    };
    dependencies.iter().find(|(name, value)| is(name, value)).map(|(name, _)| name.clone())
}

fn is_runtime(name: &str, dependency: &Value) -> bool {
    dependency.get("package").and_then(Value::as_str).unwrap_or(name) == RUNTIME_CRATE
}

/// The folder of the workspace that the crate is in and its table `workspace`, by cargo's rules: the nearest one upwards
/// that does not exclude it.
fn root_of(folder: &Path, manifest: &Table) -> Result<(PathBuf, Table), ProjectError> {
    let table = |manifest: &Table| manifest.get("workspace").and_then(Value::as_table).cloned();
    if let Some(workspace) = table(manifest) {
        return Ok((folder.to_owned(), workspace));
    }
    for above in folder.ancestors().skip(1) {
        let path = above.join(MANIFEST);
        if !path.is_file() {
            continue;
        }
        let Some(workspace) = table(&parse(&path, &read(&path)?)?) else { continue };
        let excluded = workspace.get("exclude").and_then(Value::as_array).into_iter().flatten();
        if !excluded.filter_map(Value::as_str).any(|excluded| folder.starts_with(above.join(excluded))) {
            return Ok((above.to_owned(), workspace));
        }
    }
    Ok((folder.to_owned(), Table::new()))
}

/// Lets the manifest at `path`, `depth` folders below `root`, name the runtime in the copy; whether that changed it.
fn point_to_runtime(manifest: &mut Table, path: &Path, root: &Path, depth: usize) -> Result<bool, ProjectError> {
    let mut changed = false;
    for dependencies in tables(manifest) {
        for (name, dependency) in dependencies.iter_mut() {
            if is_runtime(name, dependency) {
                if dependency.get("workspace").is_none() {
                    *dependency = at_runtime(dependency, depth);
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

/// The dependency with its features, on the runtime in the copy.
fn at_runtime(dependency: &Value, depth: usize) -> Value {
    let mut table = dependency.as_table().cloned().unwrap_or_default();
    for origin in ORIGINS {
        table.remove(origin);
    }
    table.insert("path".to_owned(), format!("{}{RUNTIME_CRATE}", "../".repeat(depth)).into());
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
