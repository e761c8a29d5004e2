//! Cargo's lockfiles: what a set of packages needs of one, which git revisions those are, and single changes of it.
//!
//! A commit's lockfile says what its dependencies were; without it, a tag or branch that has moved since gives other code
//! without a word. Read as data, never by running anything.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use assay_spec::Digest;
use serde::Deserialize;

/// Most packages of a lockfile.
pub const PACKAGES_MAX: usize = 20_000;

/// What separates packages in the text.
const HEADER: &str = "[[package]]";

/// A lockfile.
#[derive(Clone, Debug)]
pub struct Lockfile {
    /// What stands before the first package.
    preamble: String,
    packages: Vec<Locked>,
}

/// One package of a lockfile.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is from; `None` for what is in the workspace.
    pub source: Option<String>,
    /// SHA-256 of its archive, where it is a published crate.
    pub checksum: Option<Digest>,
    /// What it needs: indices of packages.
    needs: Vec<usize>,
    /// As it stands in the file.
    text: String,
}

/// A git dependency at its locked revision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitDependency {
    /// Its URL, as the manifest that asks for it spells it.
    pub url: String,
    /// What the manifest asks for there.
    pub wants: Wants,
    /// What it was when it was locked: the id of a commit.
    pub revision: String,
}

/// What a manifest asks for in a repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wants {
    /// Whatever is the default branch.
    Default,
    /// A branch.
    Branch(String),
    /// A tag.
    Tag(String),
    /// A revision.
    Revision(String),
}

impl fmt::Display for Wants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the default branch"),
            Self::Branch(name) => write!(f, "the branch {name}"),
            Self::Tag(name) => write!(f, "the tag {name}"),
            Self::Revision(name) => write!(f, "the revision {name}"),
        }
    }
}

/// A change of a lockfile: `crate@old -> crate@new`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The crate.
    pub name: String,
    /// The version that is locked.
    pub old: String,
    /// The version that is to be.
    pub new: String,
}

impl Update {
    /// Reads `crate@old -> crate@new`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("->")?;
        let (name, old) = from.trim().split_once('@')?;
        let (same, new) = to.trim().split_once('@')?;
        let word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
        };
        let plain = [name, old, new].into_iter().all(word) && !name.starts_with('-');
        (plain && name == same).then(|| Self { name: name.into(), old: old.into(), new: new.into() })
    }
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{0}@{1} -> {0}@{2}", self.name, self.old, self.new)
    }
}

/// Why a lockfile is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Not a lockfile.
    #[error("the lockfile cannot be read: {0}")]
    Unreadable(String),
    /// More packages than [`PACKAGES_MAX`].
    #[error("the lockfile has {0} packages, above the limit of {PACKAGES_MAX}")]
    TooMany(usize),
    /// It depends on a package that it does not have.
    #[error("the lockfile is damaged: {package} needs {needs:?}, which it does not have")]
    Dangling {
        /// The package.
        package: String,
        /// What it needs.
        needs: String,
    },
    /// A package that is asked for is not in it.
    #[error("the lockfile has no package {0:?}: it is of other sources")]
    NoPackage(String),
    /// A git dependency without a revision.
    #[error("the lockfile has {0:?} without a revision: what it was cannot be known")]
    NoRevision(String),
    /// There is no lockfile.
    #[error(
        "there is no Cargo.lock in the sources: what its branches and tags were cannot be known, and they may have moved"
    )]
    Missing,
    /// An update of a package that is not locked so.
    #[error("the update {0} does not fit: the lockfile has no such package")]
    NoUpdate(Update),
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Entries {
    #[serde(default)]
    package: Vec<Entry>,
}

impl Lockfile {
    /// Reads the text of a lockfile of cargo's formats 3 and 4.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let mut blocks = text.split(HEADER);
        let preamble = blocks.next().unwrap_or_default().to_owned();
        let blocks: Vec<&str> = blocks.collect();
        if blocks.len() > PACKAGES_MAX {
            return Err(LockError::TooMany(blocks.len()));
        }
        // Each block by itself: its text is kept as it stands.
        let mut entries = Vec::new();
        for block in &blocks {
            let read: Entries = toml::from_str(&format!("{HEADER}{block}"))
                .map_err(|error| LockError::Unreadable(error.message().to_owned()))?;
            entries.extend(read.package);
        }
        if entries.len() != blocks.len() {
            return Err(LockError::Unreadable("it is not of the form that cargo writes".to_owned()));
        }
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            by_name.entry(&entry.name).or_default().push(index);
        }
        let find = |needs: &str| {
            let mut words = needs.split(' ');
            let (name, version, source) = (words.next()?, words.next(), words.next());
            let source = source.map(|source| source.trim_matches(['(', ')']));
            let fits = |&&index: &&usize| {
                let entry: &Entry = &entries[index];
                version.is_none_or(|version| entry.version == version)
                    && source.is_none_or(|source| entry.source.as_deref() == Some(source))
            };
            by_name.get(name)?.iter().find(fits).copied()
        };
        let mut packages = Vec::new();
        for (entry, block) in entries.iter().zip(blocks) {
            let mut needs = Vec::new();
            for wanted in &entry.dependencies {
                let dangling = || LockError::Dangling { package: entry.name.clone(), needs: wanted.clone() };
                needs.push(find(wanted).ok_or_else(dangling)?);
            }
            packages.push(Locked {
                name: entry.name.clone(),
                version: entry.version.clone(),
                source: entry.source.clone(),
                checksum: entry.checksum.as_ref().and_then(|checksum| checksum.parse().ok()),
                needs,
                text: block.to_owned(),
            });
        }
        Ok(Self { preamble, packages })
    }

    /// All packages.
    pub fn packages(&self) -> &[Locked] {
        &self.packages
    }

    /// What the packages `roots` of the workspace need, themselves included.
    pub fn pruned(&self, roots: &[&str]) -> Result<Self, LockError> {
        let mut open = Vec::new();
        for root in roots {
            let own = |package: &&Locked| package.source.is_none() && package.name == *root;
            let found = self.packages.iter().find(own).ok_or_else(|| LockError::NoPackage((*root).to_owned()))?;
            open.push(self.packages.iter().position(|package| std::ptr::eq(package, found)).unwrap_or_default());
        }
        let mut kept = BTreeSet::new();
        while let Some(index) = open.pop() {
            if kept.insert(index) {
                open.extend(&self.packages[index].needs);
            }
        }
        let places: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let packages = kept.iter().map(|&index| {
            let mut package = self.packages[index].clone();
            package.needs = package.needs.iter().map(|need| places[need]).collect();
            package
        });
        Ok(Self { preamble: self.preamble.clone(), packages: packages.collect() })
    }

    /// The same, with the packages that `is_local` names taken for such of this machine: without a source, as cargo locks
    /// what stands in a folder.
    #[must_use]
    pub fn localised(&self, is_local: &dyn Fn(&Locked) -> bool) -> Self {
        let mut lock = self.clone();
        for package in lock.packages.iter_mut().filter(|package| package.source.is_some()) {
            if !is_local(package) {
                continue;
            }
            let elsewhere = |line: &&str| !line.starts_with("source = ") && !line.starts_with("checksum = ");
            package.text = package.text.split_inclusive('\n').filter(elsewhere).collect();
            package.source = None;
            package.checksum = None;
        }
        lock
    }

    /// The same, and those packages of `other` of which there is no compatible version here. What is locked here stays as
    /// it is; what is needed beside it is what `other` locks, and not whatever is the newest. What is added may name versions
    /// that are not there: cargo takes a lockfile as what to prefer, and writes it anew.
    #[must_use]
    pub fn with_additions(&self, other: &Self) -> Self {
        let known: BTreeSet<(&str, &str)> =
            self.packages.iter().map(|package| (package.name.as_str(), compatible(&package.version))).collect();
        let lacks = |package: &&Locked| !known.contains(&(package.name.as_str(), compatible(&package.version)));
        let own = self.packages.len();
        let added: Vec<usize> =
            other.packages.iter().enumerate().filter(|(_, package)| lacks(package)).map(|(index, _)| index).collect();
        let mut lock = self.clone();
        for &index in &added {
            let mut package = other.packages[index].clone();
            let place = |need: &usize| added.iter().position(|index| index == need).map(|place| own + place);
            package.needs = package.needs.iter().filter_map(place).collect();
            lock.packages.push(package);
        }
        lock
    }

    /// The git dependencies, each once.
    pub fn git_dependencies(&self) -> Result<Vec<GitDependency>, LockError> {
        let mut found = BTreeSet::new();
        for source in self.packages.iter().filter_map(|package| package.source.as_deref()) {
            found.extend(git_dependency(source)?);
        }
        Ok(found.into_iter().collect())
    }

    /// Whether a package of that name, version and source is locked.
    pub fn has(&self, package: &Locked) -> bool {
        self.packages
            .iter()
            .any(|own| (&own.name, &own.version, &own.source) == (&package.name, &package.version, &package.source))
    }

    /// Refuses updates of what is not locked.
    pub fn check_updates(&self, updates: &[Update]) -> Result<(), LockError> {
        let locked = |update: &Update| {
            self.packages.iter().any(|package| package.name == update.name && package.version == update.old)
        };
        updates.iter().find(|update| !locked(update)).map_or(Ok(()), |update| Err(LockError::NoUpdate(update.clone())))
    }
}

impl fmt::Display for Lockfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.preamble)?;
        for package in &self.packages {
            write!(f, "{HEADER}{}", package.text)?;
        }
        Ok(())
    }
}

/// The part of a version that versions have in common which may stand for each other.
fn compatible(version: &str) -> &str {
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let end = numbers.split('.').scan(0, |end, number| {
        *end += number.len() + 1;
        Some((*end - 1, number != "0"))
    });
    let end = end.into_iter().find_map(|(end, counts)| counts.then_some(end));
    &numbers[..end.unwrap_or(numbers.len())]
}

/// What `git+https://host/x.git?branch=main#<revision>` says; `None` for another kind of source.
pub(crate) fn git_dependency(source: &str) -> Result<Option<GitDependency>, LockError> {
    let Some(text) = source.strip_prefix("git+") else { return Ok(None) };
    let none = || LockError::NoRevision(text.chars().take(200).collect());
    let (place, revision) = text.rsplit_once('#').ok_or_else(none)?;
    if !crate::source::object::is_id(revision) {
        return Err(none());
    }
    let (url, query) = place.split_once('?').unwrap_or((place, ""));
    let wants = query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = percent_decoded(value);
        Some(match key {
            "branch" => Wants::Branch(value),
            "tag" => Wants::Tag(value),
            "rev" => Wants::Revision(value),
            _ => return None,
        })
    });
    let wants = wants.unwrap_or(Wants::Default);
    Ok(Some(GitDependency { url: url.to_owned(), wants, revision: revision.to_owned() }))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        if let (b'%', Some(code)) = (byte, code) {
            bytes.push(code);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REVISION: &str = "0123456789abcdef0123456789abcdef01234567";

    fn sample() -> String {
        let git = format!("git+https://host/p3.git?tag=v1%2F2#{REVISION}");
        format!(
            "# made by cargo\nversion = 4\n\n\
             [[package]]\nname = \"vm\"\nversion = \"1.0.0\"\ndependencies = [\n \"field\",\n \"rand 0.8.5\",\n]\n\n\
             [[package]]\nname = \"cli\"\nversion = \"1.0.0\"\ndependencies = [\n \"rand 0.9.0\",\n \"vm\",\n]\n\n\
             [[package]]\nname = \"field\"\nversion = \"0.1.0\"\nsource = \"{git}\"\n\n\
             [[package]]\nname = \"rand\"\nversion = \"0.8.5\"\nsource = \"registry+https://x\"\nchecksum = \"00\"\n\n\
             [[package]]\nname = \"rand\"\nversion = \"0.9.0\"\nsource = \"registry+https://x\"\nchecksum = \"00\"\n"
        )
    }

    #[test]
    fn what_is_not_needed_is_pruned_and_the_rest_is_as_it_stands() {
        let text = sample();
        let lock = Lockfile::parse(&text).unwrap();
        assert_eq!(lock.to_string(), text);
        let pruned = lock.pruned(&["vm"]).unwrap();
        let names: Vec<_> = pruned.packages().iter().map(|p| format!("{} {}", p.name, p.version)).collect();
        assert_eq!(names, ["vm 1.0.0", "field 0.1.0", "rand 0.8.5"]);
        assert!(pruned.packages().iter().all(|package| lock.has(package)));
        let again = Lockfile::parse(&pruned.to_string()).unwrap();
        assert_eq!(again.packages().len(), 3);
        assert_eq!(lock.pruned(&["cli"]).unwrap().packages().len(), 5);
        assert_eq!(lock.pruned(&["rand"]).unwrap_err(), LockError::NoPackage("rand".into()));
    }

    #[test]
    fn a_package_that_stands_in_a_folder_is_locked_without_a_source() {
        let lock = Lockfile::parse(&sample()).unwrap();
        let local = lock.localised(&|package| package.name == "field");
        let expected = sample().replace(&format!("source = \"git+https://host/p3.git?tag=v1%2F2#{REVISION}\"\n"), "");
        assert_eq!(local.to_string(), expected);
        assert_eq!(local.git_dependencies().unwrap(), []);
        assert_eq!(local.pruned(&["field"]).unwrap().packages().len(), 1);
    }

    #[test]
    fn what_is_added_is_of_no_compatible_version_here() {
        assert_eq!(
            [compatible("1.2.3"), compatible("0.8.5"), compatible("0.0.4-rc.1"), compatible("0.0.0")],
            ["1", "0.8", "0.0.4", "0.0.0"]
        );
        let lock = Lockfile::parse(&sample()).unwrap().pruned(&["vm"]).unwrap();
        let other = sample().replace("0.8.5", "0.8.6").replace("0.1.0", "0.1.1").replace("\"vm\"", "\"kit\"");
        let both = lock.with_additions(&Lockfile::parse(&other).unwrap());
        let names: Vec<_> = both.packages().iter().map(|p| format!("{} {}", p.name, p.version)).collect();
        assert_eq!(names, ["vm 1.0.0", "field 0.1.0", "rand 0.8.5", "kit 1.0.0", "cli 1.0.0", "rand 0.9.0"]);
        assert_eq!(both.pruned(&["cli"]).unwrap().packages().len(), 3);
    }

    #[test]
    fn git_dependencies_have_their_url_what_was_asked_for_and_the_locked_revision() {
        let found = Lockfile::parse(&sample()).unwrap().git_dependencies().unwrap();
        let expected = GitDependency {
            url: "https://host/p3.git".into(),
            wants: Wants::Tag("v1/2".into()),
            revision: REVISION.into(),
        };
        assert_eq!(found, [expected]);
        let unlocked = sample().replace(&format!("#{REVISION}"), "");
        let error = Lockfile::parse(&unlocked).unwrap().git_dependencies().unwrap_err();
        assert!(matches!(error, LockError::NoRevision(_)));
    }

    #[test]
    fn updates_are_of_one_crate_that_is_locked() {
        let update = Update::parse("rand@0.8.5 -> rand@0.8.6").unwrap();
        let lock = Lockfile::parse(&sample()).unwrap();
        assert_eq!(lock.check_updates(std::slice::from_ref(&update)), Ok(()));
        let other = Update { old: "0.7.0".into(), ..update };
        assert_eq!(lock.check_updates(std::slice::from_ref(&other)), Err(LockError::NoUpdate(other)));
        for bad in ["", "a@1", "a@1 -> b@2", "a@1 -> a", "--x@1 -> --x@2", "a@1 2 -> a@3"] {
            assert_eq!(Update::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn damage_is_an_error() {
        for text in ["[[package]]\nname = 1", "[[package]]\n", "version = 4\n[[package]]\nname = \"a\""] {
            assert!(matches!(Lockfile::parse(text), Err(LockError::Unreadable(_))), "{text}");
        }
        let dangling = sample().replace("\"field\"", "\"feld\"");
        let dangling = dangling.replacen("name = \"feld\"", "name = \"field\"", 1);
        assert!(matches!(Lockfile::parse(&dangling), Err(LockError::Dangling { .. })));
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "(\\[\\[package\\]\\]|name = |\"a\"|\n|version|#|\\?|%|.){0,60}") {
            let _ = Lockfile::parse(&text).map(|lock| lock.git_dependencies());
            let _ = git_dependency(&format!("git+{text}"));
            let _ = compatible(&text);
            let _ = Update::parse(&text);
        }
    }
}
