//! Sources from a commit of a git repository: a folder, bare or not, or a URL.
//!
//! Nothing is checked out: objects are read by `git cat-file`, checked against their ids and written by us, so that no
//! hook, filter, attribute or line-end conversion has a say and the bytes are the same every time. Submodules are left out and
//! said to be.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use assay_spec::{Digest, snapshot::SourceKind};

use super::{
    Destination, Intake, SourceError, Taken, check_name, join, limit, links,
    object::{Kind, Objects, is_hex, is_id, tree_entries},
    process,
};
use crate::limits::{DEPTH_MAX, FILE_BYTES_MAX, FILES_MAX, LINK_BYTES_MAX, TREE_BYTES_MAX};

/// Fewest digits of a commit's id that are taken for it.
pub const ABBREVIATION_MIN: usize = 7;

/// A repository that objects can be read from.
#[derive(Clone, Debug)]
pub struct Repository {
    git_dir: PathBuf,
    /// As people know it.
    shown: String,
}

/// What a commit holds.
#[derive(Debug)]
pub struct Checkout {
    /// Its whole id.
    pub commit: String,
    /// The id of its tree.
    pub tree: String,
    /// The files.
    pub taken: Taken,
}

/// An entry that is to be written.
struct Entry {
    path: String,
    kind: SourceKind,
    id: String,
}

impl Repository {
    /// The repository in a folder.
    pub fn local(folder: &Path) -> Result<Self, SourceError> {
        Ok(Self { git_dir: process::git_dir(folder)?, shown: folder.display().to_string() })
    }

    /// The repository at `url`, with `commit` fetched into the folder `cache`.
    pub fn fetched(url: &str, commit: &str, cache: &Path) -> Result<Self, SourceError> {
        let git_dir = cache.join(format!("{}.git", Digest::of(url.as_bytes()).short()));
        let repository = Self { git_dir: git_dir.clone(), shown: url.to_owned() };
        if !git_dir.join("HEAD").is_file() {
            let io = |source| SourceError::Io { what: "make the folder", path: cache.to_owned(), source };
            fs::create_dir_all(cache).map_err(io)?;
            let mut init = process::git(None);
            init.args(["init", "--quiet", "--bare", "--template="]).arg(&git_dir);
            process::output(init, "init", &repository.shown)?;
        }
        if repository.has(commit)? {
            return Ok(repository);
        }
        let fetch = |what: &[&str]| {
            let mut command = process::git(Some(&git_dir));
            command.args(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"]);
            command.args(&what[..what.len() - 1]).arg("--end-of-options").arg(url).arg(what[what.len() - 1]);
            process::output(command, "fetch", url)
        };
        // The one commit, where the server gives it by its id; else whatever there is.
        if fetch(&["--depth=1", commit]).is_err() {
            fetch(&["+refs/*:refs/fetched/*"])?;
        }
        Ok(repository)
    }

    /// As people know it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether `commit` is there, whole id or not.
    pub fn has(&self, commit: &str) -> Result<bool, SourceError> {
        match self.resolve(commit) {
            Ok(_) => Ok(true),
            Err(SourceError::NoCommit { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The whole id of the commit that `text` abbreviates.
    pub fn resolve(&self, text: &str) -> Result<String, SourceError> {
        let none = || SourceError::NoCommit { repository: self.shown.clone(), commit: text.chars().take(80).collect() };
        // Names of branches and tags are no commits: they move.
        if !is_hex(text) || text.len() < ABBREVIATION_MIN {
            return Err(none());
        }
        let mut command = process::git(Some(&self.git_dir));
        command.args(["rev-parse", "--verify", "--quiet", "--end-of-options"]).arg(format!("{text}^{{commit}}"));
        let printed = command.output().map_err(SourceError::NoGit)?;
        if !printed.status.success() {
            let said = String::from_utf8_lossy(&printed.stderr);
            // Quiet about what is not there, not about a repository that it does not read.
            return Err(if said.contains("fatal:") && !said.contains("Needed a single revision") {
                process::failed("rev-parse", &self.shown, &said)
            } else {
                none()
            });
        }
        let id = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
        if is_id(&id) && id.starts_with(text) { Ok(id) } else { Err(none()) }
    }

    /// The objects that the commit `id` needs and the repository lacks, as in a partial clone; at most `most`.
    pub fn missing(&self, id: &str, most: usize) -> Result<Vec<String>, SourceError> {
        let mut command = process::git(Some(&self.git_dir));
        command.args(["rev-list", "--objects", "--no-object-names", "--missing=print", "--no-walk=unsorted"]).arg(id);
        let printed = process::output(command, "rev-list", &self.shown)?;
        let printed = String::from_utf8_lossy(&printed);
        Ok(printed.lines().filter_map(|line| line.strip_prefix('?')).take(most).map(str::to_owned).collect())
    }

    /// The id of the commit that a branch or tag names now; `None` where there is no such.
    pub fn reference(&self, full_name: &str) -> Result<Option<String>, SourceError> {
        let mut command = process::git(Some(&self.git_dir));
        command.args(["rev-parse", "--verify", "--quiet", "--end-of-options"]).arg(format!("{full_name}^{{commit}}"));
        let printed = command.output().map_err(SourceError::NoGit)?;
        let id = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
        Ok((printed.status.success() && is_id(&id)).then_some(id))
    }

    /// One file of a commit; `None` where there is none.
    pub fn file(&self, commit: &str, path: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let mut objects = Objects::open(&self.git_dir, &self.shown, false)?;
        let mut id = self.tree_of(&mut objects, commit)?;
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            let content = objects.get(&id, Kind::Tree, TREE_BYTES_MAX)?;
            let entries = tree_entries(&content, commit.len()).ok_or_else(|| self.damaged(&id))?;
            let Some(entry) = entries.into_iter().find(|entry| entry.name == name.as_bytes()) else { return Ok(None) };
            id = entry.id;
            match (names.peek(), entry.mode) {
                (Some(_), 0o040_000) => {}
                (None, 0o100_644 | 0o100_755) => return objects.get(&id, Kind::Blob, bytes_max).map(Some),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Writes the files of the commit `id` into `destination`, without those at or below a path of `exclude`, while `go_on`
    /// says so.
    pub fn check_out(
        &self,
        id: &str,
        exclude: &BTreeSet<String>,
        destination: &mut Destination,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Checkout, SourceError> {
        let mut objects = Objects::open(&self.git_dir, &self.shown, false)?;
        let tree = self.tree_of(&mut objects, id)?;
        let (mut taken, mut entries, mut intake) = (Taken::default(), Vec::new(), Intake::default());
        let mut walk = Walk { exclude, taken: &mut taken, entries: &mut entries, intake: &mut intake, folders: 0 };
        self.walk(&mut objects, &tree, "", &mut walk)?;

        // All links before any file: one that leads out is found while nothing is written.
        let (link_entries, files): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| entry.kind == SourceKind::Link);
        let mut link_table = Vec::new();
        for Entry { path, kind, id } in link_entries {
            let target = objects.get(&id, Kind::Blob, LINK_BYTES_MAX)?;
            intake.file(&path, kind, target.len() as u64)?;
            let target = String::from_utf8(target)
                .map_err(|_| SourceError::Name { path: path.clone(), why: "is a link to what is not UTF-8" })?;
            link_table.push((path, target));
        }
        links::check(&link_table)?;
        drop(objects);

        let objects = Objects::open(&self.git_dir, &self.shown, true)?;
        let ids = files.iter().map(|entry| entry.id.clone()).collect();
        objects.stream(ids, FILE_BYTES_MAX, &mut |index, content| {
            let entry = &files[index];
            if !go_on() {
                return Err(SourceError::Cancelled);
            }
            intake.file(&entry.path, entry.kind, content.len() as u64)?;
            destination.write(&entry.path, entry.kind, &content)
        })?;
        for (path, target) in link_table {
            destination.write(&path, SourceKind::Link, target.as_bytes())?;
        }
        taken.files = std::mem::take(&mut destination.files);
        taken.files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Checkout { commit: id.to_owned(), tree, taken })
    }

    /// The id of a commit's tree.
    fn tree_of(&self, objects: &mut Objects, id: &str) -> Result<String, SourceError> {
        let commit = objects.get(id, Kind::Commit, TREE_BYTES_MAX)?;
        let tree = commit.strip_prefix(b"tree ").and_then(|rest| rest.split(|&byte| byte == b'\n').next());
        let tree = tree.map(|tree| String::from_utf8_lossy(tree).into_owned());
        tree.filter(|tree| is_id(tree) && tree.len() == id.len()).ok_or_else(|| self.damaged(id))
    }

    fn damaged(&self, id: &str) -> SourceError {
        SourceError::Damaged { what: format!("the object {id} is not of its form"), place: self.shown.clone() }
    }

    fn walk(&self, objects: &mut Objects, tree: &str, at: &str, walk: &mut Walk<'_>) -> Result<(), SourceError> {
        // A folder object may be the content of many folders: the walk has limits, not only what it finds.
        walk.folders += 1;
        limit("folders", walk.folders, FILES_MAX as u64)?;
        limit("folders within folders", at.split('/').count() as u64, DEPTH_MAX as u64)?;
        let content = objects.get(tree, Kind::Tree, TREE_BYTES_MAX)?;
        let entries = tree_entries(&content, tree.len()).ok_or_else(|| self.damaged(tree))?;
        for entry in entries {
            let path = join(at, check_name(at, &entry.name)?);
            if walk.exclude.contains(&path) {
                walk.taken.excluded.push(path);
                continue;
            }
            let kind = match entry.mode {
                0o040_000 => {
                    walk.intake.folder(&path)?;
                    self.walk(objects, &entry.id, &path, walk)?;
                    continue;
                }
                0o160_000 => {
                    walk.intake.folder(&path)?;
                    walk.taken.submodules.push((path, entry.id));
                    continue;
                }
                0o120_000 => SourceKind::Link,
                0o100_755 => SourceKind::Executable,
                // 100664 is what git wrote long ago.
                0o100_644 | 0o100_664 => SourceKind::File,
                _ => return Err(SourceError::Name { path, why: "is of no kind that git knows" }),
            };
            limit("files", walk.entries.len() as u64 + 1, FILES_MAX as u64)?;
            walk.entries.push(Entry { path, kind, id: entry.id });
        }
        Ok(())
    }
}

/// What a walk through folders carries.
struct Walk<'a> {
    exclude: &'a BTreeSet<String>,
    taken: &'a mut Taken,
    entries: &'a mut Vec<Entry>,
    intake: &'a mut Intake,
    folders: u64,
}
