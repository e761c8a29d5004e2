//! What is to be made a snapshot: which commit from where, or which crates, under which name.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use assay_spec::SnapshotOrigin;

use crate::{
    catalogue::{COMMIT_NAME_DIGITS, Catalogue, Entry, is_name, is_zkvm},
    dependency::Elsewhere,
    install::SnapshotError,
    mirror::Mirrors,
    passes,
    source::{
        SourceError,
        crates::CrateRequest,
        git::Repository,
        object::{is_hex, is_id},
    },
};

/// What is said in place of a family where no passes are wanted.
pub const NO_FAMILY: &str = "none";

/// A snapshot that is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The zkVM.
    pub zkvm: String,
    /// Its name among those of the zkVM.
    pub name: String,
    /// Of what.
    pub of: Of,
    /// The family of pass sets.
    pub family: Option<String>,
    /// Paths that are left out.
    pub exclude: BTreeSet<String>,
    /// Where packages are that passes edit and a commit takes from elsewhere.
    pub elsewhere: Elsewhere,
}

/// Of what a snapshot is.
#[derive(Clone, Debug)]
pub enum Of {
    /// A commit.
    Commit {
        /// Its id, which may be abbreviated where it is read from a folder.
        commit: String,
        /// Where it is.
        from: From,
    },
    /// Published crates.
    Crates(Vec<CrateRequest>),
}

/// Where a commit is.
#[derive(Clone, Debug)]
pub enum From {
    /// In a repository of this machine, bare or not.
    Folder(PathBuf),
    /// At a URL; what is fetched is kept in a folder.
    Url {
        /// The URL.
        url: String,
        /// The folder.
        cache: PathBuf,
    },
}

impl From {
    /// What `--source` says: a folder where there is one of that name, else a URL, which has a `:` behind its scheme or host.
    pub fn source(text: &str, cache: &Path) -> Result<Self, SnapshotError> {
        if Path::new(text).is_dir() {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        if !text.contains(':') || text.starts_with(['/', '.', '-']) {
            return Err(SnapshotError::NoSource(text.chars().take(200).collect()));
        }
        Ok(Self::Url { url: text.to_owned(), cache: cache.to_owned() })
    }

    /// The whole id of a commit that may be abbreviated: in a folder it can be looked up.
    fn whole(&self, commit: String) -> Result<String, SourceError> {
        match self {
            _ if is_id(&commit) => Ok(commit),
            Self::Folder(folder) => Repository::local(folder)?.resolve(&commit),
            Self::Url { url, .. } => Err(SourceError::Abbreviated { repository: url.clone(), commit }),
        }
    }

    pub(crate) fn open(&self, commit: &str) -> Result<Repository, SourceError> {
        match self {
            Self::Folder(folder) => Repository::local(folder),
            Self::Url { url, cache } => Repository::fetched(url, commit, cache),
        }
    }
}

/// Most names that are said in place of one that there is not.
const KNOWN_SHOWN_MAX: usize = 12;

/// What a command line says of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// The zkVM.
    pub zkvm: &'a str,
    /// An alias of the catalogue, or a commit.
    pub commit: Option<&'a str>,
    /// Crates.
    pub crates: Vec<CrateRequest>,
    /// A folder or URL.
    pub source: Option<&'a str>,
    /// Another name than the usual.
    pub name: Option<&'a str>,
    /// Paths that are left out beside those of the catalogue.
    pub exclude: BTreeSet<String>,
    /// The family of pass sets, where it is not to be the catalogue's or the zkVM's only one; `none` for no passes.
    pub family: Option<&'a str>,
    /// A folder of mirrors.
    pub mirror: Option<&'a Path>,
}

impl Request {
    /// What is asked for, by the catalogue; what is fetched is kept in the folder `cache`.
    pub fn new(asked: &Asked<'_>, catalogue: &Catalogue, cache: &Path) -> Result<Self, SnapshotError> {
        let zkvm = asked.zkvm.to_owned();
        if !is_zkvm(&zkvm) {
            return Err(SnapshotError::BadName(zkvm.chars().take(100).collect()));
        }
        let entry = asked
            .commit
            .and_then(|commit| catalogue.find(&zkvm, commit).or_else(|| catalogue.find_commit(&zkvm, commit)));
        let of = match (entry, asked.commit) {
            (Some(Entry { commit: None, crates, .. }), _) => Of::Crates(crates.clone()),
            (None, None) => Of::Crates(asked.crates.clone()),
            (entry, commit) => {
                let commit = entry.and_then(|entry| entry.commit.as_deref()).or(commit).unwrap_or_default();
                if entry.is_none() && !is_hex(commit) {
                    let (alias, known) = (commit.chars().take(100).collect(), known(catalogue, &zkvm));
                    return Err(SnapshotError::NoSuchAlias { zkvm, alias, known });
                }
                let known = entry.and_then(|entry| entry.repository.as_deref());
                let from = asked.source.or(known).map(|source| From::source(source, cache)).transpose()?;
                let commit = commit.to_owned();
                let from = from.ok_or_else(|| SnapshotError::NoRepository { zkvm, commit: commit.clone() })?;
                let commit = from.whole(commit)?;
                Of::Commit { commit, from }
            }
        };
        let usual = || match (&of, entry) {
            (_, Some(entry)) => entry.alias.clone(),
            (Of::Commit { commit, .. }, None) => commit.chars().take(COMMIT_NAME_DIGITS).collect(),
            (Of::Crates(crates), None) => crates.first().map(|one| one.version.clone()).unwrap_or_default(),
        };
        let name = asked.name.map_or_else(usual, str::to_owned);
        if !is_name(&name) {
            return Err(SnapshotError::BadName(format!("{}@{name}", asked.zkvm).chars().take(100).collect()));
        }
        let mut exclude = asked.exclude.clone();
        exclude.extend(entry.into_iter().flat_map(|entry| entry.exclude.iter().cloned()));
        let family = family(asked, entry)?;
        let equivalents = entry.map(|entry| entry.mirrors.clone()).unwrap_or_default();
        let mirrors = asked.mirror.map(|folder| Mirrors::new(folder, &equivalents));
        let elsewhere = Elsewhere { mirrors, cache: cache.to_owned() };
        Ok(Self { zkvm: asked.zkvm.to_owned(), name, of, family, exclude, elsewhere })
    }

    /// Whether what is there is what is asked for.
    pub(crate) fn is_of(&self, origin: &SnapshotOrigin) -> bool {
        match (&self.of, origin) {
            (Of::Commit { commit, .. }, SnapshotOrigin::Git(git)) => git.commit.starts_with(commit.as_str()),
            (Of::Crates(asked), SnapshotOrigin::Crates(there)) => {
                asked.len() == there.len()
                    && asked.iter().zip(there).all(|(asked, there)| {
                        (&asked.name, &asked.version) == (&there.name, &there.version)
                            && asked.checksum.is_none_or(|checksum| checksum == there.checksum)
                    })
            }
            _ => false,
        }
    }

    pub(crate) fn shown(&self) -> String {
        match &self.of {
            Of::Commit { commit, .. } => commit.clone(),
            Of::Crates(crates) => {
                crates.iter().map(|one| format!("{}@{}", one.name, one.version)).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// The family of pass sets: as asked, else the catalogue's, else the only one that the zkVM has.
fn family(asked: &Asked<'_>, entry: Option<&Entry>) -> Result<Option<String>, SnapshotError> {
    match (asked.family, entry) {
        (Some(NO_FAMILY), _) => Ok(None),
        (Some(name), _) => match passes::family(name) {
            Some(set) if set.zkvm == asked.zkvm => Ok(Some(name.to_owned())),
            _ => {
                let of_zkvm = passes::families().filter(|name| is_of_zkvm(name, asked.zkvm));
                let known = of_zkvm.chain([NO_FAMILY]).collect::<Vec<_>>().join(" or ");
                let (zkvm, family) = (asked.zkvm.to_owned(), name.chars().take(100).collect());
                Err(SnapshotError::NoSuchFamily { zkvm, family, known })
            }
        },
        (None, Some(entry)) => Ok(entry.family.clone()),
        (None, None) => {
            let mut of_zkvm = passes::families().filter(|name| is_of_zkvm(name, asked.zkvm));
            let only = of_zkvm.next().filter(|_| of_zkvm.next().is_none());
            Ok(only.map(str::to_owned))
        }
    }
}

/// What of a zkVM is in the catalogue; which zkVMs are, where there is nothing of that one.
fn known(catalogue: &Catalogue, zkvm: &str) -> String {
    let of_zkvm = catalogue.entries().iter().filter(|entry| entry.zkvm == zkvm).map(|entry| entry.alias.as_str());
    let (what, names): (_, Vec<&str>) = match of_zkvm.collect::<Vec<_>>() {
        none if none.is_empty() => {
            let zkvms: BTreeSet<&str> = catalogue.entries().iter().map(|entry| entry.zkvm.as_str()).collect();
            ("the catalogue is about", zkvms.into_iter().collect())
        }
        names => ("there are", names),
    };
    let (shown, more) = names.split_at(names.len().min(KNOWN_SHOWN_MAX));
    let more = if more.is_empty() { "" } else { ", and more" };
    format!("{what} {}{more}: see assay snapshot list", shown.join(", "))
}

/// Families are named after their zkVM and its version: `openvm_2_0`.
fn is_of_zkvm(family: &str, zkvm: &str) -> bool {
    family.strip_prefix(zkvm).is_some_and(|version| version.starts_with('_'))
}
