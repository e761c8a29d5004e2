//! Git dependencies from mirrors on this machine: which mirror stands for which URL, and whether it has what is locked.
//!
//! Everything is looked at before a build starts, so that what is missing is named at once and with its URL and revision.
//! Mirrors are made known to git by variables of the one process that needs them; the user's configuration is neither read nor
//! written. Cargo fetches by the git command line then, since its own git reads no such variables.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use assay_spec::{Deviation, DeviationKind};

use crate::{
    lock::{GitDependency, Wants},
    source::{SourceError, git::Repository, process},
};

/// Missing objects that are named.
const OBJECTS_SHOWN: usize = 5;

/// A folder of mirrors, and what else is known about where dependencies are.
#[derive(Clone, Debug, Default)]
pub struct Mirrors {
    folder: PathBuf,
    /// Public equivalents by URL.
    equivalents: BTreeMap<String, String>,
}

/// A dependency and the mirror that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirrored {
    /// The dependency's URL.
    pub url: String,
    /// The repository.
    pub folder: PathBuf,
}

/// One dependency that no mirror has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The dependency.
    pub dependency: GitDependency,
    /// Why.
    pub why: Why,
}

/// Why a mirror does not serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is none of that URL.
    NoMirror,
    /// It lacks the revision.
    NoRevision(PathBuf),
    /// It has the revision, and not all that belongs to it.
    NoObjects(PathBuf, Vec<String>),
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no mirror for {} at {}", self.dependency.url, self.dependency.revision)?;
        match &self.why {
            Why::NoMirror => Ok(()),
            Why::NoRevision(folder) => write!(f, ": {} does not have the revision", folder.display()),
            Why::NoObjects(folder, objects) => {
                write!(f, ": {} lacks objects of it: {}", folder.display(), objects.join(", "))
            }
        }
    }
}

/// Why a build cannot start.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// Dependencies that no mirror has.
    #[error(
        "{}\nput a clone of each into {}, or say in a catalogue where a public equivalent is",
        lines(lacking), folder.display()
    )]
    Lacking {
        /// All of them.
        lacking: Vec<Lacking>,
        /// The folder of mirrors.
        folder: PathBuf,
    },
    /// A mirror cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The folder of a mirror cannot be spelled in git's configuration.
    #[error("the mirror {} has a name that cannot be spelled as a URL; move it", folder.display())]
    Name {
        /// The folder.
        folder: PathBuf,
    },
}

fn lines(lacking: &[Lacking]) -> String {
    lacking.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Mirrors {
    /// The mirrors in `folder`; `equivalents` says which URL may stand for which other.
    pub fn new(folder: &Path, equivalents: &BTreeMap<String, String>) -> Self {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Self { folder, equivalents: equivalents.clone() }
    }

    /// The mirror of each dependency, and in what the build deviates with them. An error names all that is lacking.
    pub fn check(&self, dependencies: &[GitDependency]) -> Result<(Vec<Mirrored>, Vec<Deviation>), MirrorError> {
        let (mut mirrored, mut deviations, mut lacking) = (Vec::new(), Vec::new(), Vec::new());
        for dependency in dependencies {
            let lack = |why| Lacking { dependency: dependency.clone(), why };
            let equivalent = self.equivalents.get(&dependency.url);
            let found = self.find(&dependency.url).or_else(|| self.find(equivalent?));
            let Some(folder) = found else {
                lacking.push(lack(Why::NoMirror));
                continue;
            };
            let repository = Repository::local(&folder)?;
            if !repository.has(&dependency.revision)? {
                lacking.push(lack(Why::NoRevision(folder)));
                continue;
            }
            let objects = repository.missing(&dependency.revision, OBJECTS_SHOWN)?;
            if !objects.is_empty() {
                lacking.push(lack(Why::NoObjects(folder, objects)));
                continue;
            }
            let (url, revision) = (&dependency.url, &dependency.revision);
            let equivalent = equivalent.filter(|_| self.find(url).is_none());
            let standing = equivalent.map_or_else(String::new, |other| format!(", which is of {other}"));
            deviations.push(Deviation {
                kind: DeviationKind::Mirror,
                detail: format!("{url} at {revision} comes from {}{standing}", folder.display()),
            });
            deviations.extend(moved(&repository, dependency)?);
            mirrored.push(Mirrored { url: url.clone(), folder });
        }
        if lacking.is_empty() {
            mirrored.dedup();
            return Ok((mirrored, deviations));
        }
        Err(MirrorError::Lacking { lacking, folder: self.folder.clone() })
    }

    /// The mirror of `url`: by host and path, by path, by the last name, as people lay mirrors out.
    pub fn find(&self, url: &str) -> Option<PathBuf> {
        let names = url_names(url)?;
        let (last, above) = names.split_last()?;
        let owner = above.last().copied().unwrap_or_default();
        let mut places = vec![names.join("/"), names.get(1..).unwrap_or_default().join("/"), (*last).to_owned()];
        places.extend([format!("{owner}-{last}"), format!("{owner}_{last}")]);
        let places = places.iter().filter(|place| !place.is_empty());
        places
            .flat_map(|place| [format!("{place}.git"), place.clone()])
            .map(|place| self.folder.join(place))
            .find(|path| path.join("HEAD").is_file() || path.join(".git").exists())
    }
}

/// Host and path of a URL, name by name, without `.git`; `None` where a name leads elsewhere.
fn url_names(url: &str) -> Option<Vec<&str>> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    // `git@host:path`
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let rest = rest.strip_suffix(".git").unwrap_or(rest);
    let names: Vec<&str> = rest.split(['/', ':']).filter(|name| !name.is_empty()).collect();
    let plain = |name: &&str| !matches!(*name, "." | "..") && !name.contains('\0');
    (!names.is_empty() && names.iter().all(plain)).then_some(names)
}

/// What is to be said of a branch or tag that is elsewhere in the mirror than when it was locked. The lockfile holds.
fn moved(repository: &Repository, dependency: &GitDependency) -> Result<Option<Deviation>, SourceError> {
    let full_name = match &dependency.wants {
        Wants::Branch(name) => format!("refs/heads/{name}"),
        Wants::Tag(name) => format!("refs/tags/{name}"),
        Wants::Default | Wants::Revision(_) => return Ok(None),
    };
    let now = repository.reference(&full_name)?;
    let detail = match now {
        Some(now) if now == dependency.revision => return Ok(None),
        Some(now) => format!("{} of {} is {now} in the mirror", dependency.wants, dependency.url),
        None => format!("{} of {} is not in the mirror", dependency.wants, dependency.url),
    };
    let detail = format!("{detail}; the locked {} is taken", dependency.revision);
    Ok(Some(Deviation { kind: DeviationKind::MovedReference, detail }))
}

/// Variables with which cargo fetches from the mirrors, and from nowhere that they stand for.
pub fn environment(mirrored: &[Mirrored]) -> Result<Vec<(String, String)>, MirrorError> {
    let own = process::variables().into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut variables: Vec<(String, String)> = own.collect();
    variables.push(("CARGO_NET_GIT_FETCH_WITH_CLI".to_owned(), "true".to_owned()));
    let mut settings = vec![("protocol.version".to_owned(), "2".to_owned())];
    for Mirrored { url, folder } in mirrored {
        let path = folder.to_str().filter(|path| !path.contains(['\n', '=', '?', '#', '%', '\0']));
        let path = path.ok_or_else(|| MirrorError::Name { folder: folder.clone() })?;
        settings.push((format!("url.file://{path}.insteadOf"), url.clone()));
    }
    variables.push(("GIT_CONFIG_COUNT".to_owned(), settings.len().to_string()));
    for (index, (key, value)) in settings.into_iter().enumerate() {
        variables.push((format!("GIT_CONFIG_KEY_{index}"), key));
        variables.push((format!("GIT_CONFIG_VALUE_{index}"), value));
    }
    Ok(variables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_every_spelling_have_the_same_names() {
        for url in [
            "https://github.com/owner/repo.git",
            "https://github.com/owner/repo",
            "ssh://git@github.com/owner/repo.git/",
            "git@github.com:owner/repo.git",
        ] {
            assert_eq!(url_names(url).unwrap(), ["github.com", "owner", "repo"], "{url}");
        }
        for url in ["https://host/../../etc", "", "https://"] {
            assert_eq!(url_names(url), None, "{url}");
        }
    }

    #[test]
    fn mirrors_are_found_in_every_usual_layout() {
        for layout in ["github.com/owner/repo.git", "owner/repo", "repo.git", "repo", "owner-repo.git", "owner_repo"] {
            let place = tempfile::tempdir().unwrap();
            let mirrors = Mirrors::new(place.path(), &BTreeMap::new());
            assert_eq!(mirrors.find("https://github.com/owner/repo.git"), None);
            let folder = mirrors.folder.join(layout);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("HEAD"), "").unwrap();
            assert_eq!(mirrors.find("https://github.com/owner/repo.git"), Some(folder), "{layout}");
            assert_eq!(mirrors.find("https://github.com/owner/other"), None);
        }
    }

    #[test]
    fn git_is_told_by_variables_and_a_name_that_cannot_be_spelled_is_refused() {
        let mirrored = |folder: &str| Mirrored { url: "https://h/x.git".into(), folder: folder.into() };
        let variables: BTreeMap<_, _> = environment(&[mirrored("/m/x.git")]).unwrap().into_iter().collect();
        assert_eq!(variables["GIT_CONFIG_COUNT"], "2");
        assert_eq!(variables["GIT_CONFIG_KEY_1"], "url.file:///m/x.git.insteadOf");
        assert_eq!(variables["GIT_CONFIG_VALUE_1"], "https://h/x.git");
        assert_eq!(variables["GIT_CONFIG_GLOBAL"], "/dev/null");
        assert!(matches!(environment(&[mirrored("/m/a=b")]), Err(MirrorError::Name { .. })));
    }
}
