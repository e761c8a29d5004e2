//! The sources of the guest runtime, as they are in this very program: what a guest anywhere is built with.
//!
//! In the source tree the runtime has its versions from the workspace around it. Here it is a crate that needs nothing
//! around it, with the versions of the guests that ship, for which it was tried.

use std::collections::BTreeMap;

use assay_spec::{Digest, Platform};
use toml::{Table, Value};

/// Name of the runtime's crate.
pub(crate) const RUNTIME_CRATE: &str = "assay-guest-rt";

/// Tables of a manifest that name dependencies.
pub(crate) const DEPENDENCY_TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// What [`files`] is made of, by path in the runtime's folder; the manifest and lockfile of the guests besides.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/runtime_files.rs"));

fn embedded(name: &str) -> &'static str {
    let found = EMBEDDED.iter().find(|(file, _)| *file == name);
    found.and_then(|(_, bytes)| str::from_utf8(bytes).ok()).expect("the build script puts it there, and it is text")
}

/// The runtime as a crate of its own: content by path in its folder.
pub(crate) fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<_, _> = EMBEDDED
        .iter()
        .filter(|(name, _)| *name == "build.rs" || name.starts_with("src/") || name.starts_with("link/"))
        .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect();
    files.insert("Cargo.toml".to_owned(), manifest().into_bytes());
    files
}

/// The headers for guests in C: content by path in the folder of headers.
pub fn headers() -> BTreeMap<String, Vec<u8>> {
    let headers = EMBEDDED.iter().filter_map(|(name, bytes)| Some((name.strip_prefix("include/")?, bytes)));
    headers.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect()
}

/// The digest of everything that guests get from the runtime.
pub(crate) fn digest() -> Digest {
    crate::sources::digest_of(EMBEDDED.iter().copied())
}

/// The linker script of a platform that has a hart.
pub(crate) fn linker_script(platform: Platform) -> String {
    let addresses = embedded(&format!("link/{}.x", platform.name()));
    format!("{addresses}\n{}", embedded("link/sections.x"))
}

/// The workspace's manifest of the guests that ship.
pub(crate) fn guests_manifest() -> Table {
    embedded("guests.toml").parse().expect("the guests are built with it")
}

/// The lockfile of the guests that ship.
pub(crate) fn guests_lock() -> Table {
    embedded("guests.lock").parse().expect("the guests are built with it")
}

/// The runtime's manifest with what it has from its workspace written out.
fn manifest() -> String {
    let manifest: Table = embedded("Cargo.toml").parse().expect("the runtime is built with it");
    stand_alone(manifest, &guests_manifest())
}

/// A manifest of Assay's with what it has from `workspace`, the manifest around it, written out.
pub(crate) fn stand_alone(mut manifest: Table, workspace: &Table) -> String {
    let workspace = workspace.get("workspace").and_then(Value::as_table).cloned().unwrap_or_default();
    let inherited = |table: &str| workspace.get(table).and_then(Value::as_table).cloned().unwrap_or_default();
    let of_package = inherited("package");
    if let Some(package) = manifest.get_mut("package").and_then(Value::as_table_mut) {
        for (key, value) in package.iter_mut().filter(|(_, value)| is_inherited(value)) {
            *value = of_package.get(key).cloned().expect("the workspace has it, too");
        }
    }
    let of_workspace = inherited("dependencies");
    for table in DEPENDENCY_TABLES {
        let Some(dependencies) = manifest.get_mut(table).and_then(Value::as_table_mut) else { continue };
        for (name, own) in dependencies.iter_mut().filter(|(_, value)| is_inherited(value)) {
            *own = written_out(own, of_workspace.get(name).expect("the workspace has every dependency of its members"));
        }
    }
    // Lints are for who works on it.
    manifest.remove("lints");
    toml::to_string(&manifest).expect("a manifest that was read can be written")
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// A dependency with what the workspace says of it; features of both are on.
fn written_out(own: &Value, base: &Value) -> Value {
    let mut written = match base {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    for (key, value) in own.as_table().into_iter().flatten().filter(|(key, _)| *key != "workspace") {
        match (written.get_mut(key).and_then(Value::as_array_mut), value.as_array()) {
            (Some(features), Some(more)) => features.extend(more.iter().cloned()),
            _ => drop(written.insert(key.clone(), value.clone())),
        }
    }
    Value::Table(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_a_crate_that_needs_nothing_around_it() {
        let files = files();
        let manifest = String::from_utf8(files["Cargo.toml"].clone()).unwrap();
        assert!(!manifest.contains("workspace"), "{manifest}");
        let manifest: Table = manifest.parse().unwrap();
        assert_eq!(manifest["package"]["name"].as_str(), Some(RUNTIME_CRATE));
        assert_eq!(manifest["dependencies"]["sha2"]["optional"].as_bool(), Some(true));
        assert!(manifest["dependencies"]["sha2"]["version"].is_str());
        for name in ["build.rs", "src/lib.rs", "src/c.rs", "link/standard.x"] {
            assert!(files.contains_key(name), "{name}");
        }
    }

    #[test]
    fn headers_have_the_standards_names() {
        let headers = headers();
        for name in ["zkvm_io.h", "assay_guest.h", "libc/stdlib.h", "libc/string.h", "libc/assert.h"] {
            assert!(headers.contains_key(name), "{name}");
        }
    }

    #[test]
    fn every_platform_has_a_linker_script() {
        for platform in Platform::ALL {
            let script = linker_script(platform);
            assert!(script.contains("_heap_end = ") && script.contains("ENTRY(_start)"), "{platform}");
        }
    }

    #[test]
    fn features_and_versions_of_both_places_count() {
        let parse = |text: &str| text.parse::<Table>().unwrap()["d"].clone();
        let own = parse("d = { workspace = true, optional = true, features = [\"b\"] }");
        assert_eq!(
            written_out(&own, &parse("d = { version = \"1\", features = [\"a\"] }")),
            parse("d = { version = \"1\", features = [\"a\", \"b\"], optional = true }")
        );
        assert_eq!(written_out(&own, &parse("d = \"1\""))["version"].as_str(), Some("1"));
    }
}
