//! Lockfiles for what is built with Assay's own crates beside it: versions for which they were tried, as far as the crate at
//! hand has none of its own.
//!
//! Cargo has the last word: it drops what nothing needs, and chooses anew what does not fit.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::{
    runtime_sources::{self, RUNTIME_CRATE},
    tile_sources::{self, TILE_CRATE},
};

/// The version of the format.
const FORMAT: i64 = 4;

/// A lockfile for a crate `name` in `version` that depends on the runtime and nothing else: the versions of the guests that
/// ship.
pub(crate) fn lock_for(name: &str, version: &str) -> String {
    let mut packages = needed(&packages(&runtime_sources::guests_lock()), &[RUNTIME_CRATE]);
    packages.push(package(name, version, &[RUNTIME_CRATE]));
    written(packages)
}

/// A lockfile for a crate of tiles `name` in `version` that depends on serde besides.
pub(crate) fn lock_for_tiles(name: &str, version: &str) -> String {
    let mut packages = needed(&packages(&tile_sources::tree_lock()), &[TILE_CRATE]);
    packages.push(package(name, version, &[TILE_CRATE, "serde"]));
    written(packages)
}

/// A lockfile for the crate `root`, which has the crate `tiles`, what tiles are written against and the runtime: with the
/// versions in `own`, the lockfile of `tiles`, where it has them.
pub(crate) fn lock_for_programs(root: &str, tiles: &str, own: &Table) -> String {
    let all = [
        packages(own),
        needed(&packages(&runtime_sources::guests_lock()), &[RUNTIME_CRATE]),
        needed(&packages(&tile_sources::tree_lock()), &[TILE_CRATE]),
    ];
    let mut packages = merged(&all);
    packages.push(package(root, "0.0.0", &[RUNTIME_CRATE, TILE_CRATE, tiles, "serde_json"]));
    written(packages)
}

fn packages(lock: &Table) -> Vec<Table> {
    let packages = lock.get("package").and_then(Value::as_array).into_iter().flatten();
    packages.filter_map(Value::as_table).cloned().collect()
}

/// The packages of these names with all that they depend on.
fn needed(all: &[Table], names: &[&str]) -> Vec<Table> {
    let mut wanted: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut taken: Vec<Table> = Vec::new();
    while let Some(next) = wanted.pop() {
        let (next, exactly) = name_and_version(&next);
        let is = |package: &&Table| {
            text(package, "name") == next && exactly.is_none_or(|version| text(package, "version") == version)
        };
        for package in all.iter().filter(is) {
            if !taken.contains(package) {
                wanted.extend(dependencies(package).map(str::to_owned));
                taken.push(package.clone());
            }
        }
    }
    taken
}

/// One set of packages out of several, in which a package gives way to one of the same name and compatible version in a set
/// before it. Dependencies name versions then.
fn merged(sets: &[Vec<Table>]) -> Vec<Table> {
    let mut chosen: BTreeMap<(String, String), Table> = BTreeMap::new();
    for set in sets {
        let before: BTreeSet<_> = chosen.keys().cloned().collect();
        for package in set {
            let key = (text(package, "name").to_owned(), compatible(text(package, "version")));
            if !before.contains(&key) {
                chosen.entry(key).or_insert_with(|| package.clone());
            }
        }
    }
    let versions: BTreeMap<_, _> =
        chosen.iter().map(|(key, package)| (key.clone(), text(package, "version").to_owned())).collect();
    let mut packages: Vec<Table> = Vec::new();
    for package in chosen.values() {
        // The set that it is from says which version a mere name means.
        let set = sets.iter().find(|set| set.contains(package)).expect("it is from one of them");
        let mut package = package.clone();
        let resolved: Vec<Value> = dependencies(&package)
            .map(|dependency| {
                let (name, exactly) = name_and_version(dependency);
                let in_set =
                    || set.iter().find(|other| text(other, "name") == name).map(|other| text(other, "version"));
                let version = exactly.or_else(in_set).unwrap_or_default();
                match versions.get(&(name.to_owned(), compatible(version))) {
                    Some(version) => format!("{name} {version}").into(),
                    None => dependency.into(),
                }
            })
            .collect();
        if !resolved.is_empty() {
            package.insert("dependencies".to_owned(), resolved.into());
        }
        packages.push(package);
    }
    packages
}

/// What versions that cargo takes for one another have in common: the part up to the first number that is not zero.
fn compatible(version: &str) -> String {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    if version.contains('-') {
        return version.to_owned();
    }
    let end = release.split('.').position(|number| number != "0").unwrap_or(usize::MAX).saturating_add(1);
    release.split('.').take(end).collect::<Vec<_>>().join(".")
}

fn package(name: &str, version: &str, dependencies: &[&str]) -> Table {
    Table::from_iter([
        ("name".to_owned(), name.into()),
        ("version".to_owned(), version.into()),
        ("dependencies".to_owned(), dependencies.to_vec().into()),
    ])
}

fn written(mut packages: Vec<Table>) -> String {
    packages.sort_by(|one, other| {
        (text(one, "name"), text(one, "version")).cmp(&(text(other, "name"), text(other, "version")))
    });
    let packages: Vec<Value> = packages.into_iter().map(Value::Table).collect();
    let lock = Table::from_iter([("version".to_owned(), FORMAT.into()), ("package".to_owned(), packages.into())]);
    toml::to_string(&lock).expect("a lockfile is made of what was read from one")
}

/// `NAME`, `NAME VERSION` where there are several of a name, or `NAME VERSION (SOURCE)`.
fn name_and_version(dependency: &str) -> (&str, Option<&str>) {
    match dependency.split_once(' ') {
        Some((name, rest)) => (name, rest.split(' ').next()),
        None => (dependency, None),
    }
}

fn dependencies(package: &Table) -> impl Iterator<Item = &str> {
    package.get("dependencies").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn text<'a>(package: &'a Table, key: &str) -> &'a str {
    package.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lock: &str) -> Vec<String> {
        let lock: Table = lock.parse().unwrap();
        packages(&lock).iter().map(|package| text(package, "name").to_owned()).collect()
    }

    #[test]
    fn a_lockfile_has_what_the_runtime_needs_and_no_other_guest() {
        let names = names(&lock_for("mine", "0.1.0"));
        for name in ["mine", RUNTIME_CRATE, "sha2", "digest"] {
            assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
        }
        assert!(!names.contains(&"fib".to_owned()), "{names:?}");
    }

    #[test]
    fn versions_are_compatible_by_their_first_number_that_is_not_zero() {
        for (version, common) in [
            ("1.2.3", "1"),
            ("0.11.2", "0.11"),
            ("0.0.7", "0.0.7"),
            ("0.0.0", "0.0.0"),
            ("2.0.0-rc.1", "2.0.0-rc.1"),
            ("1.0.0+build", "1"),
        ] {
            assert_eq!(compatible(version), common, "{version}");
        }
    }

    #[test]
    fn a_crates_own_versions_go_before_those_that_are_brought_along() {
        let own = "[[package]]\nname = \"mine\"\nversion = \"0.1.0\"\ndependencies = [\"serde 1.0.1\", \"sha2\"]\n\
                   [[package]]\nname = \"serde\"\nversion = \"1.0.1\"\n\
                   [[package]]\nname = \"serde\"\nversion = \"0.9.1\"\n\
                   [[package]]\nname = \"sha2\"\nversion = \"0.10.1\"\n";
        let lock: Table = lock_for_programs("root", "mine", &own.parse().unwrap()).parse().unwrap();
        let all = packages(&lock);
        let of = |name: &str| all.iter().filter(|package| text(package, "name") == name).collect::<Vec<_>>();
        let versions = |name: &str| of(name).iter().map(|package| text(package, "version")).collect::<Vec<_>>();
        assert_eq!(versions("serde"), ["0.9.1", "1.0.1"]);
        assert_eq!(versions("sha2").len(), 2, "{:?}", versions("sha2"));
        assert_eq!(dependencies(of("mine")[0]).collect::<Vec<_>>(), ["serde 1.0.1", "sha2 0.10.1"]);
        let of_tile: Vec<_> = dependencies(of(TILE_CRATE)[0]).collect();
        assert!(of_tile.contains(&"serde 1.0.1"), "{of_tile:?}");
        assert!(of_tile.iter().any(|dependency| dependency.starts_with("sha2 0.11")), "{of_tile:?}");
        assert_eq!(dependencies(of("root")[0]).collect::<Vec<_>>(), [RUNTIME_CRATE, TILE_CRATE, "mine", "serde_json"]);
    }
}
