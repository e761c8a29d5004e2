//! Several files changed as one: all of them or none, wherever the process is killed.
//!
//! New contents are written beside the sources first, then a journal that says where each goes. The journal's own
//! renaming is the point of decision: before it the sources are untouched, after it they are finished by whoever comes
//! next. Finishing is renaming and removing, each of which can be done again.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use super::{
    PatchError,
    tree::{Tree, TreeError},
};
use crate::limits::MANIFEST_BYTES_MAX;

/// Name of the folder, in a snapshot's folder, with what patching needs to know.
pub const STATE_FOLDER: &str = "passes";

const JOURNAL: &str = "journal.json";
const STAGED: &str = "new";

/// Which folder a file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    /// The sources.
    Sources,
    /// The snapshot's own folder.
    Snapshot,
}

/// One file that a transaction changes.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) side: Side,
    /// Path below that folder.
    pub(super) path: String,
    /// New content and permission bits; `None`: it is removed.
    pub(super) new: Option<(Vec<u8>, u32)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Step {
    side: Side,
    path: String,
    /// Name of the staged file; absent where the file is removed.
    staged: Option<String>,
}

/// The files of a snapshot, held by one process at a time.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) sources: Tree,
    pub(super) snapshot: Tree,
    state: PathBuf,
    _lock: Flock<File>,
}

impl Held {
    /// Takes the snapshot in `folder` and finishes what a killed process began.
    pub(super) fn take(folder: &Path, sources: &str) -> Result<Self, PatchError> {
        let snapshot = Tree::open(folder)?;
        let state = folder.join(STATE_FOLDER);
        match fs::create_dir(&state) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(io_error("make", &state)(error)),
            _ => {}
        }
        // Refuses a link in its place.
        Tree::open(&state)?;
        let file = File::open(&state).map_err(io_error("open", &state))?;
        let lock = Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, errno)| match errno {
            nix::errno::Errno::EWOULDBLOCK => PatchError::Busy { folder: folder.to_owned() },
            errno => io_error("lock", &state)(errno.into()),
        })?;
        let held = Self { sources: Tree::open(&folder.join(sources))?, snapshot, state, _lock: lock };
        held.recover(&mut || {})?;
        Ok(held)
    }

    /// Makes all changes. `point` is called before each step that can be seen from outside, for tests that stop there.
    pub(super) fn commit(&self, changes: &[Change], point: &mut impl FnMut()) -> Result<(), PatchError> {
        let staged = self.state.join(STAGED);
        point();
        fs::create_dir(&staged).map_err(io_error("make", &staged))?;
        let mut steps = Vec::new();
        for (index, change) in changes.iter().enumerate() {
            point();
            let name = change.new.as_ref().map(|_| index.to_string());
            if let (Some((content, mode)), Some(name)) = (&change.new, &name) {
                let path = staged.join(name);
                write_new(&path, content, *mode).map_err(io_error("write", &path))?;
            }
            steps.push(Step { side: change.side, path: change.path.clone(), staged: name });
        }
        sync(&staged)?;
        let journal = serde_json::to_vec(&steps).map_err(|error| io_error("write", &self.state)(error.into()))?;
        let partial = self.state.join(format!("{JOURNAL}.partial"));
        write_new(&partial, &journal, 0o644).map_err(io_error("write", &partial))?;
        point();
        let path = self.state.join(JOURNAL);
        fs::rename(&partial, &path).map_err(io_error("write", &path))?;
        sync(&self.state)?;
        self.finish(&steps, point)
    }

    /// Finishes or forgets what is there of a transaction.
    fn recover(&self, point: &mut impl FnMut()) -> Result<(), PatchError> {
        let state = Tree::open(&self.state)?;
        match state.read(JOURNAL, MANIFEST_BYTES_MAX)? {
            Some(journal) => {
                let path = self.state.join(JOURNAL);
                let steps: Vec<Step> = serde_json::from_slice(&journal.content)
                    .map_err(|error| PatchError::Journal { path, source: error })?;
                self.finish(&steps, point)
            }
            None => self.clear(),
        }
    }

    fn finish(&self, steps: &[Step], point: &mut impl FnMut()) -> Result<(), PatchError> {
        let staged = Tree::open(&self.state.join(STAGED))?;
        let waiting = staged.entries("")?;
        for step in steps {
            point();
            let tree = match step.side {
                Side::Sources => &self.sources,
                Side::Snapshot => &self.snapshot,
            };
            match &step.staged {
                None => tree.remove(&step.path)?,
                // Not there any more: it was moved before the process was killed.
                Some(name) if waiting.iter().any(|entry| entry.name == *name) => {
                    tree.take(&step.path, &staged, name)?;
                }
                Some(_) => {}
            }
        }
        point();
        let path = self.state.join(JOURNAL);
        fs::remove_file(&path).map_err(io_error("remove", &path))?;
        sync(&self.state)?;
        point();
        self.clear()
    }

    fn clear(&self) -> Result<(), PatchError> {
        let staged = self.state.join(STAGED);
        let partial = self.state.join(format!("{JOURNAL}.partial"));
        for (path, removed) in [(&staged, fs::remove_dir_all(&staged)), (&partial, fs::remove_file(&partial))] {
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error("remove", path)(error)),
                _ => {}
            }
        }
        Ok(())
    }
}

fn write_new(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    // Whatever the umask says.
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    file.sync_all()
}

fn sync(folder: &Path) -> Result<(), PatchError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error("sync", folder))
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PatchError {
    let path = path.to_owned();
    move |source| PatchError::Tree(TreeError { what, path, source })
}
