//! Git dependencies from mirrors on this machine: which mirror stands for which URL, and whether it has what is locked.
//!
//! Everything is looked at before a build starts, so that what is missing is named at once and with its URL and revision.
//! Cargo fetches branches and tags, and finds a locked revision only where one of them leads to it; so it is shown a repository
//! of ours in place of each mirror, which borrows the mirror's objects and has a branch for each locked revision and nothing else.
//! These are made known to git by variables of the one process that needs them; the user's configuration is neither read nor
//! written. Cargo fetches by the git command line then, since its own git reads no such variables.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::{Error, ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use assay_spec::{Deviation, DeviationKind, Digest};

use crate::{
    limits::SHALLOW_BYTES_MAX,
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
    /// The locked revisions.
    pub revisions: Vec<String>,
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
            let (url, revision) = (url.clone(), revision.clone());
            match mirrored.iter_mut().find(|known: &&mut Mirrored| known.url == url) {
                Some(known) if known.revisions.contains(&revision) => {}
                Some(known) => known.revisions.push(revision),
                None => mirrored.push(Mirrored { url, folder, revisions: vec![revision] }),
            }
        }
        if lacking.is_empty() {
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

/// Variables with which cargo fetches from the mirrors, and from nowhere that they stand for. What it is shown of them is
/// made in the folder `cache`.
pub fn environment(mirrored: &[Mirrored], cache: &Path) -> Result<Vec<(String, String)>, MirrorError> {
    let own = process::variables().into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut variables: Vec<(String, String)> = own.collect();
    variables.push(("CARGO_NET_GIT_FETCH_WITH_CLI".to_owned(), "true".to_owned()));
    let mut settings = vec![("protocol.version".to_owned(), "2".to_owned())];
    for one in mirrored {
        let shown = view(one, cache)?;
        let path = shown.to_str().filter(|path| !path.contains(['\n', '=', '?', '#', '%', '\0']));
        let path = path.ok_or_else(|| MirrorError::Name { folder: shown.clone() })?;
        settings.push((format!("url.file://{path}.insteadOf"), one.url.clone()));
    }
    variables.push(("GIT_CONFIG_COUNT".to_owned(), settings.len().to_string()));
    for (index, (key, value)) in settings.into_iter().enumerate() {
        variables.push((format!("GIT_CONFIG_KEY_{index}"), key));
        variables.push((format!("GIT_CONFIG_VALUE_{index}"), value));
    }
    Ok(variables)
}

/// A bare repository below `cache` with the objects of a mirror and a branch for each locked revision.
fn view(mirrored: &Mirrored, cache: &Path) -> Result<PathBuf, MirrorError> {
    let Mirrored { url, folder, revisions } = mirrored;
    let git_dir = process::git_dir(folder)?;
    let objects = git_dir.join("objects");
    // One path a line; what git would read as something else cannot be borrowed from.
    let plain = objects.to_str().filter(|path| !path.contains(['\n', '"']) && !path.starts_with('#'));
    let plain = plain.ok_or_else(|| MirrorError::Name { folder: folder.clone() })?;
    let cache = cache.canonicalize().unwrap_or_else(|_| cache.to_owned()).join("mirrors");
    let name = Digest::of(format!("{url}\n{plain}\n{}", revisions.join("\n")).as_bytes()).short();
    let place = cache.join(format!("{name}.git"));
    if place.join("HEAD").is_file() {
        return Ok(place);
    }
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| MirrorError::from(SourceError::Io { what: "make", path, source })
    };
    fs::create_dir_all(&cache).map_err(io(&cache))?;
    let staged = tempfile::Builder::new().prefix(".partial-").tempdir_in(&cache).map_err(io(&cache))?;
    let format = if revisions.iter().all(|id| id.len() == 40) { "sha1" } else { "sha256" };
    let mut init = process::git(None);
    init.args(["init", "--quiet", "--bare", "--template=", "--initial-branch=locked-0"]);
    init.arg(format!("--object-format={format}")).arg(staged.path());
    process::output(init, "init", &place.display().to_string())?;
    let write = |name: &str, text: &str| {
        let path = staged.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder"))
            .and_then(|()| fs::write(&path, text))
            .map_err(io(&path))
    };
    write("objects/info/alternates", &format!("{plain}\n"))?;
    for (index, revision) in revisions.iter().enumerate() {
        write(&format!("refs/heads/locked-{index}"), &format!("{revision}\n"))?;
    }
    // Where a shallow mirror's history ends.
    let shallow = git_dir.join("shallow");
    if let Ok(file) = File::open(&shallow) {
        let mut ends = String::new();
        file.take(SHALLOW_BYTES_MAX + 1).read_to_string(&mut ends).map_err(io(&shallow))?;
        if ends.len() as u64 > SHALLOW_BYTES_MAX {
            let limit = format!("it has more bytes than the limit of {SHALLOW_BYTES_MAX}");
            return Err(io(&shallow)(Error::new(ErrorKind::FileTooLarge, limit)));
        }
        write("shallow", &ends)?;
    }
    match fs::rename(staged.path(), &place) {
        // Somebody else was faster, and made the same.
        Err(_) if place.join("HEAD").is_file() => {}
        done => done.map_err(io(&place))?,
    }
    Ok(place)
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
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("HEAD"), "").unwrap();
            assert_eq!(mirrors.find("https://github.com/owner/repo.git"), Some(folder), "{layout}");
            assert_eq!(mirrors.find("https://github.com/owner/other"), None);
        }
    }

    #[test]
    fn git_is_told_by_variables_of_one_process_and_reads_no_file_of_the_users() {
        let variables: BTreeMap<_, _> = environment(&[], Path::new("/nonexistent")).unwrap().into_iter().collect();
        assert_eq!(variables["GIT_CONFIG_COUNT"], "1");
        assert_eq!(variables["GIT_CONFIG_GLOBAL"], "/dev/null");
        assert_eq!(variables["CARGO_NET_GIT_FETCH_WITH_CLI"], "true");
    }
}
