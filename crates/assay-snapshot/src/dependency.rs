//! Packages that passes edit and that a commit takes from elsewhere: their sources, put beside the commit's own.
//!
//! zkVMs keep their proof systems in repositories of their own, so that a commit does not hold all that its passes edit. What
//! such a package was is for the commit's lockfile to say: a git dependency is materialised at its locked revision, a
//! published crate by its locked checksum, each checked as the commit itself is. Which of them a runner is built with is
//! none of this module's business.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use assay_spec::{
    Deviation, SnapshotOrigin,
    snapshot::{GitOrigin, SnapshotDependency},
};

use crate::{
    edit::PassSet,
    install::SnapshotError,
    limits::LOCKFILE_BYTES_MAX,
    lock::{GitDependency, Locked, Lockfile, git_dependency},
    manifest,
    mirror::Mirrors,
    patch,
    source::{
        Destination, SourceError, Taken,
        crates::{self, CrateRequest},
        git::Repository,
    },
};

/// The folder below the sources that dependencies are in.
pub const DEPENDENCIES_FOLDER: &str = "assay-dependencies";

/// Digits of a revision that name its folder.
const REVISION_DIGITS: usize = 12;

/// Beginnings of URLs that a lockfile may name. What is on this machine is for its user to name, as a mirror.
const FETCHED: &[&str] = &["https://", "http://", "ssh://", "git://"];

/// The registry of published crates, as lockfiles name it.
const REGISTRIES: &[&str] =
    &["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

/// Where dependencies are looked for.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// Mirrors in place of URLs.
    pub mirrors: Option<Mirrors>,
    /// The folder that keeps what is fetched from URLs.
    pub cache: PathBuf,
}

/// What was put beside the sources.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) dependencies: Vec<SnapshotDependency>,
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) taken: Taken,
}

/// One place that packages are taken from.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Git { url: String, revision: String },
    Crate { name: String, version: String },
}

/// Materialises what `set` edits and the sources in `sources`, of which `own` was taken, do not hold. Without a lockfile
/// that names it there is nothing that could be materialised: what is missing is then for the passes to say.
pub(crate) fn materialise(
    set: &PassSet,
    elsewhere: &Elsewhere,
    sources: &Path,
    own: &Taken,
    destination: &mut Destination,
    go_on: &dyn Fn() -> bool,
) -> Result<Beside, SnapshotError> {
    let names: BTreeSet<&str> = set.packages.iter().map(|package| package.name).collect();
    let there = patch::places(sources, &names).map_err(Box::new)?;
    let lacking: Vec<&str> = names.into_iter().filter(|name| !there.contains_key(*name)).collect();
    let mut beside = Beside::default();
    if lacking.is_empty() || there.is_empty() {
        return Ok(beside);
    }
    let Some(lock) = lockfile(sources)? else { return Ok(beside) };
    // Of several versions, the one that the packages need which are there.
    let roots: Vec<&str> = there.keys().map(String::as_str).collect();
    let lock = lock.pruned(&roots)?;
    let mut places: BTreeMap<Place, &Locked> = BTreeMap::new();
    for name in lacking {
        let mut found = lock.packages().iter().filter(|package| package.name == name);
        if let Some((place, locked)) = found.find_map(|locked| Some((place_of(locked)?, locked))) {
            places.insert(place, locked);
        }
    }
    if !places.is_empty() {
        refuse_clash(own)?;
    }
    for (place, locked) in places {
        match place {
            Place::Crate { name, version } => {
                let request = CrateRequest { name, version, checksum: locked.checksum };
                destination.put_below(DEPENDENCIES_FOLDER)?;
                let published = crates::unpack(&request, destination)?;
                let folder = crates::folder_name(&published.name, &published.version);
                let origin = SnapshotOrigin::Crates(vec![published]);
                let folder = format!("{DEPENDENCIES_FOLDER}/{folder}");
                beside.dependencies.push(SnapshotDependency { folder, url: None, origin });
            }
            Place::Git { url, revision } => {
                let failed = |why: SnapshotError| match why {
                    SnapshotError::Source(SourceError::Cancelled) => SnapshotError::Cancelled,
                    why => SnapshotError::Dependency {
                        family: set.family,
                        package: locked.name.clone(),
                        url: url.clone(),
                        revision: revision.clone(),
                        why: Box::new(why),
                    },
                };
                let source = locked.source.as_deref().unwrap_or_default();
                let wanted = git_dependency(source).ok().flatten().expect("its place was read from it");
                check_out(&wanted, elsewhere, destination, go_on, &mut beside).map_err(failed)?;
            }
        }
    }
    beside.taken.files.append(&mut destination.files);
    Ok(beside)
}

fn check_out(
    wanted: &GitDependency,
    elsewhere: &Elsewhere,
    destination: &mut Destination,
    go_on: &dyn Fn() -> bool,
    beside: &mut Beside,
) -> Result<(), SnapshotError> {
    let (url, revision) = (&wanted.url, &wanted.revision);
    let repository = match &elsewhere.mirrors {
        Some(mirrors) => {
            let (mirrored, said) = mirrors.check(std::slice::from_ref(wanted))?;
            beside.deviations.extend(said);
            let folder = mirrored.first().map(|one| one.folder.clone()).unwrap_or_default();
            Repository::local(&folder)?
        }
        None if FETCHED.iter().any(|scheme| url.starts_with(scheme)) => {
            Repository::fetched(url, revision, &elsewhere.cache)?
        }
        None => {
            let url = url.chars().take(200).collect();
            return Err(SourceError::Scheme { url }.into());
        }
    };
    let folder = format!("{DEPENDENCIES_FOLDER}/{}", folder_name(url, revision));
    destination.put_below(&folder)?;
    let checkout = repository.check_out(revision, &BTreeSet::new(), destination, go_on)?;
    beside.taken.files.extend(checkout.taken.files);
    let below = |(path, commit): (String, String)| (format!("{folder}/{path}"), commit);
    beside.taken.submodules.extend(checkout.taken.submodules.into_iter().map(below));
    let origin = GitOrigin { commit: checkout.commit, tree: checkout.tree, repository: repository.shown().to_owned() };
    let origin = SnapshotOrigin::Git(origin);
    beside.dependencies.push(SnapshotDependency { folder, url: Some(url.clone()), origin });
    Ok(())
}

/// The lockfile of the sources; `None` where there is none.
fn lockfile(sources: &Path) -> Result<Option<Lockfile>, SnapshotError> {
    let text = manifest::read_file(&sources.join("Cargo.lock"), LOCKFILE_BYTES_MAX)?;
    Ok(text.map(|text| Lockfile::parse(&String::from_utf8_lossy(&text))).transpose()?)
}

fn place_of(locked: &Locked) -> Option<Place> {
    let source = locked.source.as_deref()?;
    if REGISTRIES.contains(&source) {
        // Its name and version become a folder's.
        let named: CrateRequest = format!("{}@{}", locked.name, locked.version).parse().ok()?;
        return Some(Place::Crate { name: named.name, version: named.version });
    }
    let GitDependency { url, revision, .. } = git_dependency(source).ok()??;
    Some(Place::Git { url, revision })
}

/// The folder of a repository: its last name and the first digits of the revision.
fn folder_name(url: &str, revision: &str) -> String {
    let name = url.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next().unwrap_or_default();
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name: String = name.chars().filter(plain).take(REVISION_DIGITS * 4).collect();
    let name = if name.is_empty() { "repository".to_owned() } else { name };
    format!("{name}-{}", revision.chars().take(REVISION_DIGITS).collect::<String>())
}

/// Refuses sources that hold something where dependencies are put.
fn refuse_clash(own: &Taken) -> Result<(), SourceError> {
    let first = |path: &str| path.split('/').next().unwrap_or_default().to_lowercase();
    let clash = own.files.iter().find(|file| first(&file.path) == DEPENDENCIES_FOLDER);
    clash.map_or(Ok(()), |file| {
        Err(SourceError::CaseClash { first: file.path.clone(), second: DEPENDENCIES_FOLDER.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_after_repositories_whatever_their_urls_hold() {
        let revision = "0123456789abcdef0123456789abcdef01234567";
        for (url, expected) in [
            ("https://github.com/owner/stark-backend.git", "stark-backend-0123456789ab"),
            ("git@host:owner/repo", "repo-0123456789ab"),
            ("https://host/../..", "repository-0123456789ab"),
            ("https://host/a\u{e4}.git/", "a-0123456789ab"),
        ] {
            assert_eq!(folder_name(url, revision), expected, "{url}");
        }
    }
}
