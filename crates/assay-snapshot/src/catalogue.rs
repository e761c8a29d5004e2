//! The catalogue: snapshots by name, and what is known about each.
//!
//! One TOML file comes with Assay; another one may add to it. It holds facts and no results: whether a snapshot builds is
//! measured on a machine and kept beside the snapshot.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    limits::CATALOGUE_BYTES_MAX,
    source::{
        crates::CrateRequest,
        object::{is_hex, is_id},
    },
};

/// The catalogue that comes with Assay.
const BUILT_IN: &str = include_str!("../catalogue/snapshots.toml");

/// Longest name of a zkVM or a snapshot.
pub const NAME_BYTES_MAX: usize = 48;

/// Digits of a commit that name a snapshot without an alias.
pub const COMMIT_NAME_DIGITS: usize = 12;

/// One snapshot that can be had by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The zkVM.
    pub zkvm: String,
    /// Its name among those of the zkVM.
    pub alias: String,
    /// The whole id of a commit; else it is of published crates.
    #[serde(default)]
    pub commit: Option<String>,
    /// Where the commit is from.
    #[serde(default)]
    pub repository: Option<String>,
    /// Published crates.
    #[serde(default)]
    pub crates: Vec<CrateRequest>,
    /// The family of pass sets.
    #[serde(default)]
    pub family: Option<String>,
    /// What is wrong with the code there, where it is written down.
    #[serde(default)]
    pub root_cause: Option<String>,
    /// Where.
    #[serde(default)]
    pub references: Vec<String>,
    /// Paths that are left out.
    #[serde(default)]
    pub exclude: BTreeSet<String>,
    /// Changes of the lockfile: `crate@old -> crate@new`.
    #[serde(default)]
    pub updates: Vec<String>,
    /// URLs of dependencies, and where they can be had instead.
    #[serde(default)]
    pub mirrors: BTreeMap<String, String>,
    /// Features that differ.
    #[serde(default)]
    pub features: Vec<String>,
    /// Settings of the release profile that differ: `lto = "off"`.
    #[serde(default)]
    pub profile: Vec<String>,
}

/// Snapshots by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    snapshot: Vec<Entry>,
}

/// Why a catalogue is not taken.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// It cannot be read.
    #[error("cannot read the catalogue {}: {what}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        what: String,
    },
    /// An entry is not of its form.
    #[error("the catalogue {}: {zkvm}@{alias} {what}", path.display())]
    Entry {
        /// The file.
        path: PathBuf,
        /// The entry's zkVM.
        zkvm: String,
        /// Its alias.
        alias: String,
        /// What is the matter.
        what: &'static str,
    },
}

/// Whether `name` can be the name of a snapshot: it becomes one of folders and files.
pub fn is_name(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | '+');
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.chars().all(legal)
}

/// Whether `name` can be the name of a zkVM: in a folder's name, the snapshot's follows behind a `-`.
pub fn is_zkvm(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl Catalogue {
    /// The catalogue that comes with Assay, with the entries of the file `more` before it.
    pub fn read(more: Option<&Path>) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        if let Some(path) = more {
            let unreadable = |what: String| CatalogueError::Unreadable { path: path.to_owned(), what };
            let mut text = String::new();
            let read =
                fs::File::open(path).and_then(|file| file.take(CATALOGUE_BYTES_MAX + 1).read_to_string(&mut text));
            let bytes = read.map_err(|error| unreadable(error.to_string()))? as u64;
            if bytes > CATALOGUE_BYTES_MAX {
                return Err(unreadable(format!("it has more bytes than the limit of {CATALOGUE_BYTES_MAX}")));
            }
            catalogue.add(&text, path)?;
        }
        catalogue.add(BUILT_IN, Path::new("that comes with Assay"))?;
        Ok(catalogue)
    }

    fn add(&mut self, text: &str, path: &Path) -> Result<(), CatalogueError> {
        let file: File = toml::from_str(text)
            .map_err(|error| CatalogueError::Unreadable { path: path.to_owned(), what: error.to_string() })?;
        for entry in file.snapshot {
            if let Some(what) = fault(&entry) {
                let cut = |name: &str| name.chars().take(NAME_BYTES_MAX).collect();
                return Err(CatalogueError::Entry {
                    path: path.to_owned(),
                    zkvm: cut(&entry.zkvm),
                    alias: cut(&entry.alias),
                    what,
                });
            }
            // Of two of one name the first holds: a file of one's own is before ours.
            if self.find(&entry.zkvm, &entry.alias).is_none() {
                self.entries.push(entry);
            }
        }
        Ok(())
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that name.
    pub fn find(&self, zkvm: &str, alias: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.zkvm == zkvm && entry.alias == alias)
    }

    /// The entry of a commit, which may be abbreviated as far as nothing else begins like it.
    pub fn find_commit(&self, zkvm: &str, commit: &str) -> Option<&Entry> {
        let of =
            |entry: &&Entry| entry.zkvm == zkvm && entry.commit.as_deref().is_some_and(|id| id.starts_with(commit));
        let mut found = self.entries.iter().filter(of);
        let first = found.next().filter(|_| is_hex(commit) && commit.len() >= crate::source::git::ABBREVIATION_MIN)?;
        found.next().is_none().then_some(first)
    }
}

fn fault(entry: &Entry) -> Option<&'static str> {
    if !is_zkvm(&entry.zkvm) || !is_name(&entry.alias) {
        return Some("has a name that snapshots cannot have: lower-case letters, digits, and - _ . + behind the first");
    }
    match (&entry.commit, entry.crates.is_empty()) {
        (Some(_), false) | (None, true) => return Some("needs either a commit or crates"),
        (Some(commit), true) if !is_id(commit) => return Some("needs the whole id of its commit, in lower case"),
        _ => {}
    }
    let named =
        |request: &CrateRequest| format!("{}@{}", request.name, request.version).parse::<CrateRequest>().is_ok();
    if !entry.crates.iter().all(named) {
        return Some("names a crate without an exact version");
    }
    if entry.updates.iter().any(|update| crate::lock::Update::parse(update).is_none()) {
        return Some("has an update that is not of the form crate@old -> crate@new");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_that_comes_with_assay_is_whole() {
        let catalogue = Catalogue::read(None).unwrap();
        let pinned = [
            ("openvm", "bmk-regzero", "d7eab708f43487b2e7c00524ffd611f835e8e6b5"),
            ("openvm", "bmk-336f", "336f1a475e5aa3513c4c5a266399f4128c119bba"),
            ("openvm", "bmk-f038", "f038f61d21db3aecd3029e1a23ba1ba0bb314800"),
            ("sp1", "s26", "7f643da16813af4c0fbaad4837cd7409386cf38c"),
            ("sp1", "s27", "f3326e6d0bf78d6b4650ea1e26c501d72fb3c90b"),
            ("sp1", "s29", "811a3f2c03914088c7c9e1774266934a3f9f5359"),
        ];
        for (zkvm, alias, commit) in pinned {
            let entry = catalogue.find(zkvm, alias).unwrap();
            assert_eq!(entry.commit.as_deref(), Some(commit));
            assert!(!entry.references.is_empty() && entry.repository.is_some());
            assert_eq!(catalogue.find_commit(zkvm, &commit[..8]), Some(entry));
        }
        // What is published is pinned by its checksum.
        let published = catalogue.entries().iter().flat_map(|entry| &entry.crates);
        assert!(published.clone().count() >= 3 && published.into_iter().all(|request| request.checksum.is_some()));
    }

    #[test]
    fn entries_that_cannot_be_are_refused_with_their_name() {
        let entry = |rest: &str| {
            let text = format!("[[snapshot]]\nzkvm = \"z\"\n{rest}");
            Catalogue::default().add(&text, Path::new("x.toml")).map_err(|error| error.to_string())
        };
        let id = "a".repeat(40);
        assert!(entry(&format!("alias = \"a\"\ncommit = \"{id}\"")).is_ok());
        for (bad, word) in [
            (format!("alias = \"../a\"\ncommit = \"{id}\""), "name"),
            (format!("alias = \"A\"\ncommit = \"{id}\""), "name"),
            ("alias = \"a\"".to_owned(), "either"),
            ("alias = \"a\"\ncommit = \"abc\"".to_owned(), "whole id"),
            ("alias = \"a\"\ncrates = [{ name = \"x\", version = \"^1\" }]".to_owned(), "exact"),
            (format!("alias = \"a\"\ncommit = \"{id}\"\nupdates = [\"x\"]"), "update"),
            (format!("alias = \"a\"\ncommit = \"{id}\"\ncolour = 1"), "colour"),
        ] {
            let error = entry(&bad).unwrap_err();
            assert!(error.contains(word), "{bad}: {error}");
        }
    }

    #[test]
    fn a_file_of_ones_own_comes_first() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("more.toml");
        let id = "b".repeat(40);
        fs::write(&path, format!("[[snapshot]]\nzkvm = \"sp1\"\nalias = \"s26\"\ncommit = \"{id}\"\n")).unwrap();
        let catalogue = Catalogue::read(Some(&path)).unwrap();
        assert_eq!(catalogue.find("sp1", "s26").unwrap().commit, Some(id));
        assert!(catalogue.find("sp1", "s27").is_some());
    }

    #[test]
    fn no_more_of_a_file_is_read_than_a_catalogue_may_have() {
        let error = Catalogue::read(Some(Path::new("/dev/zero"))).unwrap_err().to_string();
        assert!(error.contains("limit"), "{error}");
    }
}
