//! Sources on their way to disk: what a file of them may be called, what may be in it, and where it may lead.
//!
//! Everything that comes from a repository or an archive passes through here, and is written by [`Destination`] alone,
//! below one folder and never through a link. Where it comes from is the business of the modules below.

pub mod beneath;
pub mod crates;
pub mod git;
pub mod links;
pub mod object;
pub mod process;

use std::{collections::HashMap, io, path::PathBuf};

use assay_spec::snapshot::{SourceFile, SourceKind};

use crate::limits::{
    DEPTH_MAX, FILE_BYTES_MAX, FILES_MAX, LINK_BYTES_MAX, NAME_BYTES_MAX, PATH_BYTES_MAX, SOURCE_BYTES_MAX,
};

pub use beneath::Destination;

/// Why sources are not taken.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A name that no file of sources may have.
    #[error("the sources hold {path:?}, which {why}; they are refused")]
    Name {
        /// The path, cut.
        path: String,
        /// What is the matter with it.
        why: &'static str,
    },
    /// Two names that are one on file systems that do not tell case.
    #[error(
        "the sources hold {first:?} and {second:?}, which are one file where case does not count; leave one out with --exclude"
    )]
    CaseClash {
        /// One path.
        first: String,
        /// The other.
        second: String,
    },
    /// Two entries of one name.
    #[error("the sources hold {path:?} twice; they are refused")]
    Twice {
        /// The path.
        path: String,
    },
    /// A link that leads out of the sources.
    #[error(
        "the link {path:?} of the sources leads to {target:?}, which is outside of them; leave it out with --exclude"
    )]
    LinkOut {
        /// The link.
        path: String,
        /// What it names.
        target: String,
    },
    /// More than a limit permits.
    #[error("the sources have {what} {found}, above the limit of {limit}; they are refused")]
    Limit {
        /// Of what.
        what: &'static str,
        /// How much.
        found: u64,
        /// How much there may be.
        limit: u64,
    },
    /// A URL of a lockfile that is not fetched from.
    #[error("{url} is no URL that is fetched from")]
    Scheme {
        /// The URL.
        url: String,
    },
    /// Somebody asked to give up.
    #[error("cancelled")]
    Cancelled,
    /// Git could not be started.
    #[error("cannot run git: {0}; snapshots of commits need the git command line")]
    NoGit(io::Error),
    /// Git failed.
    #[error("git {command} failed in {place}: {said}")]
    Git {
        /// The subcommand.
        command: String,
        /// The repository.
        place: String,
        /// What it said.
        said: String,
    },
    /// The commit is not in the repository.
    #[error("{repository} has no commit {commit}; give another repository with --source")]
    NoCommit {
        /// The repository.
        repository: String,
        /// The commit.
        commit: String,
    },
    /// A commit that has to be fetched is not named wholly.
    #[error("{commit} is no whole id of a commit; {repository} gives commits by their whole ids only")]
    Abbreviated {
        /// The repository.
        repository: String,
        /// What was given.
        commit: String,
    },
    /// An object is not what its id says.
    #[error("the object {id} of {repository} is not what its id says: the repository is damaged or forged")]
    Forged {
        /// The id.
        id: String,
        /// The repository.
        repository: String,
    },
    /// An object is missing, as in a partial clone.
    #[error(
        "{repository} lacks the object {id} ({what}); it is a partial clone: complete it, or give another with --source"
    )]
    Missing {
        /// The id.
        id: String,
        /// What it is.
        what: String,
        /// The repository.
        repository: String,
    },
    /// Something that git or an archive says is not of its form.
    #[error("{place} is damaged: {what}")]
    Damaged {
        /// What.
        what: String,
        /// Where.
        place: String,
    },
    /// A published crate is not what its checksum says.
    #[error("the archive {} has checksum {found}, expected {expected}; remove it, and install again", archive.display())]
    Checksum {
        /// The archive.
        archive: PathBuf,
        /// What it has.
        found: String,
        /// What it should have.
        expected: String,
    },
    /// Cargo could not fetch crates.
    #[error("cargo could not fetch {what}: {said}")]
    Cargo {
        /// Which.
        what: String,
        /// What it said.
        said: String,
    },
    /// A crate is not in cargo's cache after all.
    #[error("{name} {version} is not in {}; fetch it where there is a network, or give a folder of crates with --vendor", cache.display())]
    NoCrate {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
        /// Where it was looked for.
        cache: PathBuf,
    },
    /// The file system.
    #[error("cannot {what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Of what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Refuses a name that leads anywhere but to one entry of its folder, or that git keeps for itself.
pub(crate) fn check_name<'a>(folder: &str, name: &'a [u8]) -> Result<&'a str, SourceError> {
    let refuse = |why| {
        let name: String = String::from_utf8_lossy(name).chars().take(NAME_BYTES_MAX).collect();
        Err(SourceError::Name { path: join(folder, &name), why })
    };
    let Ok(text) = std::str::from_utf8(name) else { return refuse("is not UTF-8") };
    match text {
        "" => refuse("has no name"),
        "." | ".." => refuse("leads elsewhere"),
        _ if text.contains('/') => refuse("holds a path in place of a name"),
        _ if text.contains('\0') => refuse("holds a zero byte"),
        _ if text.eq_ignore_ascii_case(".git") => refuse("is git's own"),
        _ if text.len() > NAME_BYTES_MAX => refuse("is too long"),
        _ => Ok(text),
    }
}

/// `folder/name`, where the folder at the top is the empty text.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Counts what is taken in, and refuses what is too much or clashes.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    files: usize,
    bytes: u64,
    /// Every path so far, folders included, by its lower-case spelling.
    seen: HashMap<String, (String, bool)>,
}

impl Intake {
    /// Takes in a folder; one that is there already is no clash.
    pub(crate) fn folder(&mut self, path: &str) -> Result<(), SourceError> {
        check_path(path)?;
        self.see(path, true)
    }

    /// Takes in a file of `bytes`.
    pub(crate) fn file(&mut self, path: &str, kind: SourceKind, bytes: u64) -> Result<(), SourceError> {
        check_path(path)?;
        let longest = if kind == SourceKind::Link { LINK_BYTES_MAX } else { FILE_BYTES_MAX };
        limit("a file of bytes", bytes, longest)?;
        self.files += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        limit("files", self.files as u64, FILES_MAX as u64)?;
        limit("bytes", self.bytes, SOURCE_BYTES_MAX)?;
        self.see(path, false)
    }

    fn see(&mut self, path: &str, folder: bool) -> Result<(), SourceError> {
        let seen = self.seen.insert(path.to_lowercase(), (path.to_owned(), folder));
        match seen {
            None => Ok(()),
            Some((first, was_folder)) if first == path => {
                if folder && was_folder {
                    Ok(())
                } else {
                    Err(SourceError::Twice { path: path.to_owned() })
                }
            }
            Some((first, _)) => Err(SourceError::CaseClash { first, second: path.to_owned() }),
        }
    }
}

fn check_path(path: &str) -> Result<(), SourceError> {
    limit("a path of bytes", path.len() as u64, PATH_BYTES_MAX as u64)?;
    limit("folders within folders", path.split('/').count() as u64, DEPTH_MAX as u64)
}

pub(crate) fn limit(what: &'static str, found: u64, limit: u64) -> Result<(), SourceError> {
    if found <= limit { Ok(()) } else { Err(SourceError::Limit { what, found, limit }) }
}

/// What was taken in.
#[derive(Debug, Default)]
pub struct Taken {
    /// Every file and link, sorted by path.
    pub files: Vec<SourceFile>,
    /// Submodules that were left out: path and commit.
    pub submodules: Vec<(String, String)>,
    /// Paths that were left out because that was asked for.
    pub excluded: Vec<String>,
}

impl Taken {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_or_are_gits_own_are_refused() {
        for name in [&b""[..], b".", b"..", b"a/b", b"/", b"a\0b", b".git", b".GIT", b"\xff", &[b'a'; 256]] {
            assert!(check_name("x", name).is_err(), "{name:?}");
        }
        for name in [&b"a"[..], b"...", b".github", b"a b", "\u{e4}".as_bytes(), &[b'a'; 255]] {
            assert!(check_name("x", name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn what_is_one_file_elsewhere_is_a_clash_here() {
        let mut intake = Intake::default();
        intake.folder("a").unwrap();
        intake.folder("a").unwrap();
        intake.file("a/readme", SourceKind::File, 1).unwrap();
        assert!(matches!(intake.file("a/README", SourceKind::File, 1), Err(SourceError::CaseClash { .. })));
        assert!(matches!(intake.folder("A"), Err(SourceError::CaseClash { .. })));
        let mut intake = Intake::default();
        intake.file("a", SourceKind::Link, 1).unwrap();
        assert!(matches!(intake.folder("a"), Err(SourceError::Twice { .. })));
        assert!(matches!(intake.file("a", SourceKind::File, 1), Err(SourceError::Twice { .. })));
    }

    #[test]
    fn every_limit_is_one() {
        let refused = |path: &str, bytes| {
            matches!(Intake::default().file(path, SourceKind::File, bytes), Err(SourceError::Limit { .. }))
        };
        assert!(refused("a", FILE_BYTES_MAX + 1) && !refused("a", FILE_BYTES_MAX));
        assert!(refused(&"a/".repeat(DEPTH_MAX), 1));
        assert!(refused(&"a".repeat(PATH_BYTES_MAX + 1), 1));
        let mut intake = Intake { files: FILES_MAX, ..Intake::default() };
        assert!(matches!(intake.file("a", SourceKind::File, 1), Err(SourceError::Limit { what: "files", .. })));
        let mut intake = Intake { bytes: SOURCE_BYTES_MAX, ..Intake::default() };
        assert!(matches!(intake.file("a", SourceKind::File, 1), Err(SourceError::Limit { what: "bytes", .. })));
        let long = Intake::default().file("a", SourceKind::Link, LINK_BYTES_MAX + 1);
        assert!(matches!(long, Err(SourceError::Limit { .. })));
    }
}
