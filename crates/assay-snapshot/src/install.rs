//! Snapshots on disk: made whole or not at all, listed, removed.
//!
//! Sources are written below a name that nobody looks for and take their place in one step, in exchange for what was
//! there. Snapshots of one name are made one after the other, under a lock that the kernel takes back however its owner
//! ends. What a killed process leaves is removed by the next one, except for what is not the snapshot's own: records of
//! runs are brought back to their place first.

mod removal;

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use assay_spec::{
    Deviation, DeviationKind, SnapshotManifest, SnapshotOrigin,
    schema::Versioned as _,
    snapshot::{GitOrigin, PublishedCrate},
};
use nix::{
    errno::Errno,
    fcntl::{AT_FDCWD, RenameFlags, renameat2},
};

use crate::{
    catalogue::{is_name, is_zkvm},
    dependency,
    lock::LockError,
    manifest::{self, LISTING_FILE, MANIFEST_FILE, ManifestError, sources_folder},
    mirror::MirrorError,
    passes,
    patch::{PatchError, STATE_FOLDER},
    request::Request,
    source::{Destination, SourceError, Taken, crates},
    toolchain,
};

/// Folder of a snapshot's generated runner.
pub const RUNNER_FOLDER: &str = "runner";

/// How often a lock that somebody holds is tried.
const LOCK_INTERVAL: Duration = Duration::from_millis(50);

/// Snapshots that a folder may hold before the rest is not looked at.
const SNAPSHOTS_MAX: usize = 1000;

/// A folder that holds snapshots.
#[derive(Clone, Debug)]
pub struct Snapshots {
    out: PathBuf,
}

/// One snapshot that is there.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Its folder.
    pub folder: PathBuf,
    /// What it is of and what was done to it.
    pub manifest: SnapshotManifest,
}

/// What installing did.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Whether it was made; `false` if it was there.
    pub made: bool,
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Not a name of a snapshot.
    #[error("{0:?} is not the name of a snapshot, such as openvm@2.0.2")]
    BadName(String),
    /// Nothing of that name is there.
    #[error("there is no snapshot {zkvm}@{name} in {}", out.display())]
    NotInstalled {
        /// The zkVM.
        zkvm: String,
        /// The name.
        name: String,
        /// Where it was looked for.
        out: PathBuf,
    },
    /// Something else has the snapshot's name.
    #[error("{zkvm}@{name} is there and of {found}, not of {asked}; remove it first, or take another name with --name")]
    Other {
        /// The zkVM.
        zkvm: String,
        /// The name.
        name: String,
        /// What is there.
        found: String,
        /// What was asked for.
        asked: String,
    },
    /// It was changed, and would be lost.
    #[error(
        "{zkvm}@{name} is patched; take the patch back with `assay snapshot unpatch {zkvm}@{name}`, or give --force"
    )]
    Patched {
        /// The zkVM.
        zkvm: String,
        /// The name.
        name: String,
    },
    /// Neither an alias nor a commit.
    #[error("{zkvm} has no snapshot {alias:?} in the catalogue, and no commit has such an id; {known}")]
    NoSuchAlias {
        /// The zkVM.
        zkvm: String,
        /// What was asked for.
        alias: String,
        /// What there is instead.
        known: String,
    },
    /// The commit's repository is not known.
    #[error("it is not known where {commit} of {zkvm} is from; say so with --source DIR or URL")]
    NoRepository {
        /// The zkVM.
        zkvm: String,
        /// The commit.
        commit: String,
    },
    /// No family of that name.
    #[error("there is no family {family:?} of pass sets for {zkvm}; say {known}")]
    NoSuchFamily {
        /// The zkVM.
        zkvm: String,
        /// What was asked for.
        family: String,
        /// What can be said instead.
        known: String,
    },
    /// A package that passes edit, and that the commit takes from elsewhere, cannot be had.
    #[error(
        "the passes of {family} edit {package}, which the commit takes from {url} at {revision}: {why}; give a folder \
         of mirrors with --mirror, or do without the passes with --family none"
    )]
    Dependency {
        /// The family.
        family: &'static str,
        /// The package.
        package: String,
        /// Where the commit takes it from.
        url: String,
        /// What it is there.
        revision: String,
        /// Why it cannot be had.
        why: Box<SnapshotError>,
    },
    /// The sources' lockfile, which says what is to stand beside them.
    #[error("{0}; without passes it is not needed: --family none")]
    Lock(#[from] LockError),
    /// No mirror.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// The sources cannot be looked through for packages.
    #[error(transparent)]
    Packages(#[from] Box<PatchError>),
    /// Neither a folder nor a URL.
    #[error("there is no folder {0:?}, and it is no URL of a repository")]
    NoSource(String),
    /// Somebody asked to give up.
    #[error("cancelled")]
    Cancelled,
    /// The sources are not taken.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The snapshot's own files.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
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

/// Held while a snapshot is made, changed or removed.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Snapshot {
    /// The folder with its sources.
    pub fn sources(&self) -> PathBuf {
        self.folder.join(sources_folder(&self.manifest.zkvm))
    }

    /// The folder of its generated runner, which need not be there.
    pub fn runner(&self) -> PathBuf {
        self.folder.join(RUNNER_FOLDER)
    }
}

impl Snapshots {
    /// The snapshots in `out`, which need not be there.
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self { out: out.into() }
    }

    /// Where they are.
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// The folder of a snapshot, there or not.
    pub fn folder(&self, zkvm: &str, name: &str) -> PathBuf {
        self.out.join(format!("{zkvm}-{name}"))
    }

    /// The snapshot of that name.
    pub fn open(&self, zkvm: &str, name: &str) -> Result<Snapshot, SnapshotError> {
        check_names(zkvm, name)?;
        let folder = self.folder(zkvm, name);
        let none = || SnapshotError::NotInstalled { zkvm: zkvm.into(), name: name.into(), out: self.out.clone() };
        let manifest = manifest::read(&folder)?.ok_or_else(none)?;
        // A manifest that was moved here from elsewhere speaks of another snapshot.
        if (manifest.zkvm.as_str(), manifest.name.as_str()) != (zkvm, name) {
            return Err(none());
        }
        Ok(Snapshot { folder, manifest })
    }

    /// Every snapshot that is there, sorted by name; those that cannot be read are left out.
    pub fn list(&self) -> Vec<Snapshot> {
        let Ok(entries) = fs::read_dir(&self.out) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut found: Vec<Snapshot> = names
            .take(SNAPSHOTS_MAX)
            .filter_map(|folder| {
                let (zkvm, name) = folder.split_once('-')?;
                self.open(zkvm, name).ok()
            })
            .collect();
        found.sort_by_key(|snapshot| snapshot.manifest.backend());
        found
    }

    /// The lock of a snapshot of that name, waited for while `go_on` says so. What killed processes left is put in order.
    pub fn lock(&self, zkvm: &str, name: &str, go_on: &dyn Fn() -> bool) -> Result<Lock, SnapshotError> {
        check_names(zkvm, name)?;
        let io = |what, path: &Path| {
            let path = path.to_owned();
            move |source| SnapshotError::Io { what, path, source }
        };
        fs::create_dir_all(&self.out).map_err(io("make the folder", &self.out))?;
        let path = self.out.join(format!(".{zkvm}-{name}.lock"));
        let file = File::create(&path).map_err(io("make", &path))?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(io("lock", &path)(error)),
                Err(TryLockError::WouldBlock) if !go_on() => return Err(SnapshotError::Cancelled),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_INTERVAL),
            }
        }
        let lock = Lock { _file: file };
        self.sweep(zkvm, name)?;
        Ok(lock)
    }

    /// Makes the snapshot that is asked for, unless it is there. With `force` what is there is replaced.
    pub fn install(
        &self,
        request: &Request,
        force: bool,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Installed, SnapshotError> {
        let lock = self.lock(&request.zkvm, &request.name, go_on)?;
        self.install_under(&lock, request, force, go_on)
    }

    /// The same for who has the snapshot's lock, which is the lock of that name and no other.
    pub fn install_under(
        &self,
        _: &Lock,
        request: &Request,
        force: bool,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Installed, SnapshotError> {
        let (zkvm, name) = (request.zkvm.as_str(), request.name.as_str());
        match self.open(zkvm, name) {
            Ok(there) if !force => {
                if !request.is_of(&there.manifest.origin) {
                    let (found, asked) = (shown(&there.manifest.origin), request.shown());
                    return Err(SnapshotError::Other { zkvm: zkvm.into(), name: name.into(), found, asked });
                }
                return Ok(Installed { snapshot: there, made: false });
            }
            Ok(_) | Err(SnapshotError::NotInstalled { .. }) => {}
            // What cannot be read is about to be replaced, where that was asked for.
            Err(SnapshotError::Manifest(_)) if force => {}
            Err(error) => return Err(error),
        }
        let staged = self.stage(zkvm, name)?;
        let made = Self::fill(request, staged.path(), go_on);
        let manifest = match made {
            Ok(manifest) => manifest,
            Err(_) if !go_on() => return Err(SnapshotError::Cancelled),
            Err(error) => return Err(error),
        };
        let folder = self.folder(zkvm, name);
        put_in_place(&staged.keep(), &folder)?;
        // What was there before has the staged name now.
        self.sweep(zkvm, name)?;
        Ok(Installed { snapshot: Snapshot { folder, manifest }, made: true })
    }

    /// Removes a snapshot. What is in its folder and not its own stays.
    pub fn remove(&self, zkvm: &str, name: &str, force: bool, go_on: &dyn Fn() -> bool) -> Result<(), SnapshotError> {
        let lock = self.lock(zkvm, name, go_on)?;
        self.remove_under(&lock, zkvm, name, force)
    }

    /// The same for who has the snapshot's lock, which is the lock of that name and no other.
    pub fn remove_under(&self, _: &Lock, zkvm: &str, name: &str, force: bool) -> Result<(), SnapshotError> {
        match self.open(zkvm, name) {
            Ok(there) if there.manifest.patch.is_some() && !force => {
                return Err(SnapshotError::Patched { zkvm: zkvm.into(), name: name.into() });
            }
            Ok(_) => {}
            Err(SnapshotError::Manifest(_)) if force => {}
            Err(error) => return Err(error),
        }
        let staged = self.stage(zkvm, name)?.keep();
        put_in_place(&staged, &self.folder(zkvm, name))?;
        self.sweep(zkvm, name)?;
        // Nothing stayed: an empty folder is no snapshot and of no use.
        let _ = fs::remove_dir(self.folder(zkvm, name));
        Ok(())
    }

    /// A fresh folder beside the snapshots.
    fn stage(&self, zkvm: &str, name: &str) -> Result<tempfile::TempDir, SnapshotError> {
        use std::os::unix::fs::PermissionsExt as _;
        let mut builder = tempfile::Builder::new();
        let prefix = staged_prefix(zkvm, name);
        builder.prefix(&prefix).permissions(fs::Permissions::from_mode(0o755));
        let io = |source| SnapshotError::Io { what: "make a folder in", path: self.out.clone(), source };
        builder.tempdir_in(&self.out).map_err(io)
    }

    /// Everything of a snapshot but its place.
    fn fill(request: &Request, staged: &Path, go_on: &dyn Fn() -> bool) -> Result<SnapshotManifest, SnapshotError> {
        let sources = staged.join(sources_folder(&request.zkvm));
        fs::create_dir(&sources).map_err(|source| SnapshotError::Io {
            what: "make the folder",
            path: sources.clone(),
            source,
        })?;
        let mut destination = Destination::open(&sources)?;
        let (mut dependencies, mut deviations) = (Vec::new(), Vec::new());
        let (origin, taken) = match &request.of {
            crate::request::Of::Commit { commit, from } => {
                let repository = from.open(commit)?;
                let commit = repository.resolve(commit)?;
                let checkout = repository.check_out(&commit, &request.exclude, &mut destination, go_on)?;
                let origin = GitOrigin {
                    commit: checkout.commit,
                    tree: checkout.tree,
                    repository: repository.shown().to_owned(),
                };
                let mut taken = checkout.taken;
                if let Some(set) = request.family.as_deref().and_then(passes::family) {
                    let from = &request.elsewhere;
                    let beside = dependency::materialise(&set, from, &sources, &taken, &mut destination, go_on)?;
                    taken.files.extend(beside.taken.files);
                    taken.files.sort_by(|left, right| left.path.cmp(&right.path));
                    taken.submodules.extend(beside.taken.submodules);
                    (dependencies, deviations) = (beside.dependencies, beside.deviations);
                }
                (SnapshotOrigin::Git(origin), taken)
            }
            crate::request::Of::Crates(requests) => {
                let unpacked = requests.iter().map(|request| crates::unpack(request, &mut destination));
                let unpacked: Vec<PublishedCrate> = unpacked.collect::<Result<_, _>>()?;
                let mut taken = Taken { files: std::mem::take(&mut destination.files), ..Taken::default() };
                taken.files.sort_by(|left, right| left.path.cmp(&right.path));
                (SnapshotOrigin::Crates(unpacked), taken)
            }
        };
        let digest = manifest::write_listing(staged, &taken.files)?;
        let manifest = SnapshotManifest {
            schema: SnapshotManifest::tag(),
            zkvm: request.zkvm.clone(),
            name: request.name.clone(),
            origin,
            dependencies,
            family: request.family.clone(),
            files: taken.files.len() as u64,
            bytes: taken.bytes(),
            sources: digest,
            toolchain: toolchain::asked_for(&sources),
            deviations: left_out(&taken).chain(deviations).collect(),
            patch: None,
            build: None,
        };
        manifest::write(staged, &manifest)?;
        Ok(manifest)
    }

    /// Puts in order what processes left that were killed, or that replaced a snapshot: what is not the snapshot's own
    /// goes back to its place, the rest is removed. Only to be done under the lock.
    fn sweep(&self, zkvm: &str, name: &str) -> Result<(), SnapshotError> {
        let prefix = staged_prefix(zkvm, name);
        let Ok(entries) = fs::read_dir(&self.out) else { return Ok(()) };
        for entry in entries.filter_map(Result::ok) {
            if !entry.file_name().to_string_lossy().starts_with(&prefix) {
                continue;
            }
            let left = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.bring_back(&left, zkvm, name)?;
                removal::remove_folder(&left).map_err(|source| SnapshotError::Io {
                    what: "remove",
                    path: left,
                    source,
                })?;
            }
        }
        Ok(())
    }

    /// Moves what is not the snapshot's own from `left` to the snapshot's folder, unless something is there.
    fn bring_back(&self, left: &Path, zkvm: &str, name: &str) -> Result<(), SnapshotError> {
        let own = [
            sources_folder(zkvm),
            MANIFEST_FILE.into(),
            LISTING_FILE.into(),
            RUNNER_FOLDER.into(),
            STATE_FOLDER.into(),
        ];
        let folder = self.folder(zkvm, name);
        let Ok(entries) = fs::read_dir(left) else { return Ok(()) };
        for entry in entries.filter_map(Result::ok) {
            let file_name = entry.file_name();
            let file_name = file_name.to_string_lossy();
            if own.iter().any(|own| *own == file_name) || file_name.starts_with('.') {
                continue;
            }
            let io = |source| SnapshotError::Io { what: "bring back", path: entry.path(), source };
            fs::create_dir_all(&folder).map_err(io)?;
            let to = folder.join(entry.file_name());
            match renameat2(AT_FDCWD, &entry.path(), AT_FDCWD, &to, RenameFlags::RENAME_NOREPLACE) {
                Ok(()) => {}
                // Never lost: it goes beside the newer one.
                Err(Errno::EEXIST) => {
                    let beside =
                        (1..=u32::MAX).map(|n| folder.join(format!("{file_name}.{n}"))).find(|path| !path.exists());
                    let beside = beside.expect("some number is free");
                    fs::rename(entry.path(), beside).map_err(io)?;
                }
                Err(errno) => return Err(io(errno.into())),
            }
        }
        Ok(())
    }
}

/// Makes `folder` what `staged` is, in one step; what was there is at `staged` then.
fn put_in_place(staged: &Path, folder: &Path) -> Result<(), SnapshotError> {
    let rename = |flags| renameat2(AT_FDCWD, staged, AT_FDCWD, folder, flags);
    let done = match rename(RenameFlags::RENAME_NOREPLACE) {
        Err(Errno::EEXIST) => rename(RenameFlags::RENAME_EXCHANGE),
        done => done,
    };
    done.map_err(|errno| {
        let _ = fs::remove_dir_all(staged);
        SnapshotError::Io { what: "put in place", path: folder.to_owned(), source: errno.into() }
    })
}

/// How the names of folders begin that a snapshot is made in. No name has a `~`: nobody sweeps what is another's.
fn staged_prefix(zkvm: &str, name: &str) -> String {
    format!(".{zkvm}-{name}~partial-")
}

fn left_out(taken: &Taken) -> impl Iterator<Item = Deviation> {
    let excluded = taken
        .excluded
        .iter()
        .map(|path| Deviation { kind: DeviationKind::ExcludedPath, detail: format!("{path} is left out") });
    let submodules = taken.submodules.iter().map(|(path, commit)| Deviation {
        kind: DeviationKind::Submodule,
        detail: format!("the submodule {path} at {commit} is left out"),
    });
    excluded.chain(submodules)
}

/// What an origin is, in a word or two.
pub fn shown(origin: &SnapshotOrigin) -> String {
    match origin {
        SnapshotOrigin::Git(git) => git.commit.clone(),
        SnapshotOrigin::Crates(crates) => {
            crates.iter().map(|one| format!("{}@{}", one.name, one.version)).collect::<Vec<_>>().join(", ")
        }
    }
}

fn check_names(zkvm: &str, name: &str) -> Result<(), SnapshotError> {
    if is_zkvm(zkvm) && is_name(name) {
        return Ok(());
    }
    Err(SnapshotError::BadName(format!("{zkvm}@{name}").chars().take(100).collect()))
}
