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
    let mut manifest: Table = embedded("Cargo.toml").parse().expect("the runtime is built with it");
    let workspace = guests_manifest();
    let workspace = workspace.get("workspace").and_then(Value::as_table).cloned().unwrap_or_default();
    let inherited = |table: &str| workspace.get(table).and_then(Value::as_table).cloned().unwrap_or_default();
    let of_package = inherited("package");
    if let Some(package) = manifest.get_mut("package").and_then(Value::as_table_mut) {
        for (key, value) in package.iter_mut().filter(|(_, value)| is_inherited(value)) {
            *value = of_package.get(key).cloned().expect("the guests have it, too");
        }
    }
    let of_workspace = inherited("dependencies");
    for table in DEPENDENCY_TABLES {
        let Some(dependencies) = manifest.get_mut(table).and_then(Value::as_table_mut) else { continue };
        for (name, own) in dependencies.iter_mut().filter(|(_, value)| is_inherited(value)) {
            *own = written_out(own, of_workspace.get(name).expect("the guests have every dependency of the runtime"));
        }
    }
    // Lints are for who works on the runtime.
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

/// A lockfile for a crate `name` in `version` that depends on the runtime and nothing else: the versions of the guests that
/// ship.
pub(crate) fn lock_for(name: &str, version: &str) -> String {
    let all = guests_lock();
    let all = all.get("package").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut wanted = vec![RUNTIME_CRATE.to_owned()];
    let mut taken: Vec<Value> = Vec::new();
    while let Some(next) = wanted.pop() {
        // `NAME`, or `NAME VERSION` where there are several of a name.
        let (next, exactly) =
            next.split_once(' ').map_or((next.as_str(), None), |(name, version)| (name, Some(version)));
        let is = |package: &&Value| {
            text(package, "name") == next && exactly.is_none_or(|version| text(package, "version") == version)
        };
        for package in all.iter().filter(is).filter(|package| !taken.contains(package)).cloned().collect::<Vec<_>>() {
            let more = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
            wanted.extend(more.filter_map(Value::as_str).map(str::to_owned));
            taken.push(package);
        }
    }
    taken.push(Value::Table(Table::from_iter([
        ("name".to_owned(), name.into()),
        ("version".to_owned(), version.into()),
        ("dependencies".to_owned(), vec![RUNTIME_CRATE].into()),
    ])));
    taken.sort_by(|one, other| {
        (text(one, "name"), text(one, "version")).cmp(&(text(other, "name"), text(other, "version")))
    });
    let lock = Table::from_iter([("version".to_owned(), Value::Integer(4)), ("package".to_owned(), taken.into())]);
    toml::to_string(&lock).expect("a lockfile is made of what was read from one")
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package.get(key).and_then(Value::as_str).unwrap_or_default()
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

    #[test]
    fn a_lockfile_has_what_the_runtime_needs_and_no_other_guest() {
        let lock: Table = lock_for("mine", "0.1.0").parse().unwrap();
        let names: Vec<_> = lock["package"].as_array().unwrap().iter().map(|package| text(package, "name")).collect();
        for name in ["mine", RUNTIME_CRATE, "sha2", "digest"] {
            assert!(names.contains(&name), "{name}: {names:?}");
        }
        assert!(!names.contains(&"fib"), "{names:?}");
    }
}
