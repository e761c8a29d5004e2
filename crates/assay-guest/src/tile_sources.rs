//! The sources of what tiles are written against, as they are in this very program: crates that need nothing around them.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::runtime_sources::{DEPENDENCY_TABLES, stand_alone};

/// Name of the crate that a crate of tiles depends on.
pub(crate) const TILE_CRATE: &str = "assay-tile";

/// Name of the crate with its macros.
pub(crate) const MACROS_CRATE: &str = "assay-tile-macros";

/// What [`files`] is made of, by path in a folder with both crates; the tree's manifest and lockfile besides.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/tile_files.rs"));

fn table(name: &str) -> Table {
    let found = EMBEDDED.iter().find(|(file, _)| *file == name);
    let text = found.and_then(|(_, bytes)| str::from_utf8(bytes).ok()).expect("the build script puts it there");
    text.parse().expect("this program was built with it")
}

/// Both crates: content by path in a folder that has each in a folder of its name.
pub(crate) fn files() -> BTreeMap<String, Vec<u8>> {
    let is_source = |name: &str| name.contains("/src/");
    let sources = EMBEDDED.iter().filter(|(name, _)| is_source(name));
    let mut files: BTreeMap<_, _> = sources.map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    for name in [TILE_CRATE, MACROS_CRATE] {
        let file = format!("{name}/Cargo.toml");
        let manifest = manifest(table(&file));
        files.insert(file, manifest.into_bytes());
    }
    files
}

/// The lockfile of the source tree.
pub(crate) fn tree_lock() -> Table {
    table("workspace.lock")
}

/// A manifest of the two, for a folder that has both and nothing else of the tree.
fn manifest(mut manifest: Table) -> String {
    manifest.remove("dev-dependencies");
    let mut manifest: Table =
        stand_alone(manifest, &table("workspace.toml")).parse().expect("it was written a moment ago");
    for dependencies in DEPENDENCY_TABLES {
        let Some(dependencies) = manifest.get_mut(dependencies).and_then(Value::as_table_mut) else { continue };
        for (name, dependency) in dependencies.iter_mut() {
            if let Some(path) = dependency.as_table_mut().and_then(|dependency| dependency.get_mut("path")) {
                *path = format!("../{name}").into();
            }
        }
    }
    toml::to_string(&manifest).expect("a manifest that was read can be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_crates_need_nothing_around_them() {
        let files = files();
        for name in ["assay-tile/src/lib.rs", "assay-tile/src/describe/traced.rs", "assay-tile-macros/src/lib.rs"] {
            assert!(files.contains_key(name), "{name}");
        }
        for name in [TILE_CRATE, MACROS_CRATE] {
            let text = String::from_utf8(files[&format!("{name}/Cargo.toml")].clone()).unwrap();
            assert!(!text.contains("workspace"), "{text}");
            let manifest: Table = text.parse().unwrap();
            assert_eq!(manifest["package"]["name"].as_str(), Some(name));
            assert_eq!(manifest.get("dev-dependencies"), None);
        }
        let tile: Table = String::from_utf8(files["assay-tile/Cargo.toml"].clone()).unwrap().parse().unwrap();
        assert_eq!(tile["dependencies"][MACROS_CRATE]["path"].as_str(), Some("../assay-tile-macros"));
    }
}
