//! The runner of a snapshot: a small crate, generated from the template of its family, and what cargo is to be told when
//! it is built.
//!
//! Nothing is run here. A [`BuildPlan`] says which commands there are, with which variables, and which of them run code of
//! the sources; whoever runs them keeps those in a sandbox.

mod inputs;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use assay_spec::{Deviation, DeviationKind, Digest, SnapshotOrigin};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::{
    catalogue::Entry,
    checkout::{Checkout, CheckoutError},
    install::Snapshot,
    limits::LOCKFILE_BYTES_MAX,
    lock::{LockError, Lockfile, Update},
    manifest::{self, ManifestError},
    mirror::{self, MirrorError, Mirrors},
    passes,
    patch::{self, PatchError},
    source::crates::cargo_home,
    toolchain,
};

/// Where the templates stand in Assay's source tree.
const TEMPLATES: &str = "crates/assay-snapshot/template";

/// Files whose names end so have what stands in braces replaced, and lose the end.
const TEMPLATE_END: &str = ".in";

/// Most files of a template.
const TEMPLATE_FILES_MAX: usize = 200;

/// Longest file of a template.
const TEMPLATE_FILE_BYTES_MAX: u64 = 4 << 20;

/// How a snapshot's runner is to be built.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// Assay's source tree.
    pub tree: PathBuf,
    /// The folder that builds of snapshots share.
    pub cache: PathBuf,
    /// A folder with a template in place of the family's.
    pub template: Option<PathBuf>,
    /// The toolchain in place of the one that builds Assay.
    pub toolchain: Option<String>,
    /// A folder of mirrors of git dependencies.
    pub mirror: Option<PathBuf>,
    /// A folder of vendored crates in place of the registry.
    pub vendor: Option<PathBuf>,
    /// Nothing is asked of the network.
    pub offline: bool,
}

/// What is to be done to build a runner.
#[derive(Clone, Debug)]
pub struct BuildPlan {
    /// The folder of the generated crate, in which commands are started.
    pub folder: PathBuf,
    /// The name of its program.
    pub program: String,
    /// The folder that cargo builds in.
    pub target: PathBuf,
    /// Variables beside the usual ones.
    pub environment: Vec<(String, String)>,
    /// Arguments of cargo that fetch what is needed; no code of the sources runs.
    pub fetch: Vec<Vec<String>>,
    /// Arguments of cargo that build, without the network.
    pub build: Vec<String>,
    /// What it is built from.
    pub key: Digest,
    /// What of Assay is among that.
    pub assay: Digest,
    /// In what the build is not as the sources say.
    pub deviations: Vec<Deviation>,
}

/// Why there is nothing to build.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// No family, no template.
    #[error(
        "{snapshot} has no family of pass sets, so that there is no template of a runner for it; give one with --template"
    )]
    NoFamily {
        /// The snapshot.
        snapshot: String,
    },
    /// The family's template is not there.
    #[error("there is no template {}; run assay in its source tree, or set ASSAY_RUNNERS_DIR to the tree's folder `runners`", folder.display())]
    NoTemplate {
        /// Where it should be.
        folder: PathBuf,
    },
    /// The template is not one.
    #[error("the template {} is of no use: {what}", folder.display())]
    Template {
        /// Where it is.
        folder: PathBuf,
        /// What is the matter.
        what: String,
    },
    /// A path that cannot be written into a manifest of cargo's.
    #[error("{} cannot be named in a Cargo.toml; move it to a path of plain characters", path.display())]
    Path {
        /// The path.
        path: PathBuf,
    },
    /// A toolchain of no name.
    #[error("{0:?} is not the name of a toolchain, such as 1.95.0 or nightly-2025-01-01")]
    Toolchain(String),
    /// The lockfile.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// Mirrors.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// A package of the family is not in the sources.
    #[error(transparent)]
    Packages(#[from] PatchError),
    /// The checkout cannot stand in for published crates.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// A package that is locked as the commit does not lock it.
    #[error(
        "{package} {version} from {source_url} would be built, and the commit's lockfile has no such: what it was cannot be known"
    )]
    Unlocked {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// Where it is from.
        source_url: String,
    },
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

/// The folder of a family's template: `openvm_2_0` has `runner-openvm-2.0`.
pub fn template_name(family: &str) -> String {
    let (zkvm, version) = family.split_once('_').unwrap_or((family, ""));
    format!("runner-{zkvm}-{}", version.replace('_', "."))
}

/// Generates the runner of `snapshot` and says how it is built. To be called under the snapshot's lock.
pub fn generate(snapshot: &Snapshot, entry: Option<&Entry>, options: &BuildOptions) -> Result<BuildPlan, RunnerError> {
    let manifest = &snapshot.manifest;
    let template = template(snapshot, &options.tree, options.template.as_deref())?;
    let sources = absolute(&snapshot.sources())?;
    let mut deviations = Vec::new();
    let mut environment = Vec::new();

    let mut files = template_files(&template)?;
    let assay = inputs::digest(&absolute(&options.tree)?, &files)?;
    fill_in(&mut files, &template, snapshot, &sources, &options.tree)?;
    let program = program_of(&files, &template)?;
    if matches!(manifest.origin, SnapshotOrigin::Git(_)) {
        // What the commit locked, and nothing that anybody locked since.
        let lock = commit_lock(snapshot, entry, options, &mut files, &mut deviations, &mut environment)?;
        files.insert("Cargo.lock".to_owned(), lock);
    } else if !files.contains_key("Cargo.lock") {
        return Err(RunnerError::Template { folder: template, what: "it has no Cargo.lock".to_owned() });
    }
    let folder = snapshot.runner();
    put(&folder, &files)?;

    if let Some(name) = &options.toolchain {
        if !toolchain::is_name(name) {
            return Err(RunnerError::Toolchain(name.clone()));
        }
        environment.push(("RUSTUP_TOOLCHAIN".to_owned(), name.clone()));
    }
    if let Some(asked) = manifest.toolchain.as_ref().filter(|asked| options.toolchain.as_ref() != Some(asked)) {
        let with = options.toolchain.as_deref().unwrap_or("the one that is installed");
        let detail = format!("the sources ask for {asked}; {with} builds them");
        deviations.push(Deviation { kind: DeviationKind::Toolchain, detail });
    }
    let entry_list = |list: fn(&Entry) -> &Vec<String>| entry.map(list).into_iter().flatten();
    let updates: Vec<Update> = entry_list(|entry| &entry.updates).filter_map(|update| Update::parse(update)).collect();
    for update in &updates {
        deviations.push(Deviation { kind: DeviationKind::LockUpdate, detail: update.to_string() });
    }
    let mut config = Vec::new();
    for setting in entry_list(|entry| &entry.profile) {
        config.extend(["--config".to_owned(), format!("profile.release.{setting}")]);
        deviations.push(Deviation { kind: DeviationKind::Profile, detail: format!("profile.release.{setting}") });
    }
    let mut features = Vec::new();
    for feature in entry_list(|entry| &entry.features) {
        features.extend(["--features".to_owned(), feature.clone()]);
        deviations.push(Deviation { kind: DeviationKind::Features, detail: format!("with the feature {feature}") });
    }
    if let Some(vendor) = &options.vendor {
        let vendor = plain(&absolute(vendor)?)?;
        config.extend(["--config".to_owned(), "source.crates-io.replace-with=\"vendored\"".to_owned()]);
        config.extend(["--config".to_owned(), format!("source.vendored.directory=\"{vendor}\"")]);
        let detail = format!("crates of the registry come from {vendor}");
        deviations.push(Deviation { kind: DeviationKind::Vendored, detail });
    }

    let with = |words: &[&str]| {
        let words = words.iter().map(|&word| word.to_owned());
        words.chain(config.iter().cloned()).collect::<Vec<String>>()
    };
    let offline = options.offline || options.vendor.is_some();
    let mut fetch: Vec<Vec<String>> = Vec::new();
    for Update { name, old, new } in &updates {
        fetch.push(with(&["update", "--precise", new, &format!("{name}@{old}")]));
    }
    // The commit's lockfile knows nothing of Assay's own crates, which a fetch adds; what it added is looked at by
    // `check_lock` before anything is built.
    let locked = !matches!(manifest.origin, SnapshotOrigin::Git(_));
    let mut words = vec!["fetch"];
    words.extend(locked.then_some("--locked"));
    // A mirror is fetched from by a file: URL, which `--offline` forbids.
    words.extend((offline && options.mirror.is_none()).then_some("--offline"));
    fetch.push(with(&words));
    let mut build = with(&["build", "--release", "--locked", "--offline"]);
    build.extend(features);
    let key = key(snapshot, &files, options.toolchain.as_deref(), assay);
    let target = options.cache.join("target");
    Ok(BuildPlan { folder, program, target, environment, fetch, build, key, assay, deviations })
}

/// What of Assay a runner of `snapshot` would be built from now: its template, the crates and files of the source tree that it
/// names, and what those use. A runner that was built from something else is of an older Assay, or a newer one.
pub fn assay_digest(snapshot: &Snapshot, tree: &Path, other: Option<&Path>) -> Result<Digest, RunnerError> {
    let files = template_files(&template(snapshot, tree, other)?)?;
    inputs::digest(&absolute(tree)?, &files)
}

/// The folder of the template: the `other` that was asked for, or the family's.
fn template(snapshot: &Snapshot, tree: &Path, other: Option<&Path>) -> Result<PathBuf, RunnerError> {
    let template = match (other, &snapshot.manifest.family) {
        (Some(other), _) => other.to_owned(),
        (None, Some(family)) => tree.join(TEMPLATES).join(template_name(family)),
        (None, None) => return Err(RunnerError::NoFamily { snapshot: snapshot.manifest.backend() }),
    };
    if !template.is_dir() {
        return Err(RunnerError::NoTemplate { folder: template });
    }
    Ok(template)
}

/// Looks at the lockfile that a fetch left in a runner of a commit: every git dependency must be locked as the commit
/// locks it. What else the commit does not have is said.
pub fn check_lock(snapshot: &Snapshot) -> Result<Vec<Deviation>, RunnerError> {
    if !matches!(snapshot.manifest.origin, SnapshotOrigin::Git(_)) {
        return Ok(Vec::new());
    }
    let commits = read_lock(&snapshot.sources().join("Cargo.lock"))?;
    let built = read_lock(&snapshot.runner().join("Cargo.lock"))?;
    Checkout::of(snapshot, &commits, None)?.check(&built)?;
    let mut added = Vec::new();
    for package in built.packages().iter().filter(|package| !commits.has(package)) {
        match package.source.as_deref() {
            Some(source) if source.starts_with("git+") => {
                return Err(RunnerError::Unlocked {
                    package: package.name.clone(),
                    version: package.version.clone(),
                    source_url: source.to_owned(),
                });
            }
            Some(_) => added.push(format!("{} {}", package.name, package.version)),
            // The runner's own, and Assay's.
            None => {}
        }
    }
    let detail = |added: String| Deviation { kind: DeviationKind::LockAddition, detail: added };
    Ok(added.into_iter().map(detail).collect())
}

/// The part of the commit's lockfile that the runner needs; its git dependencies are in the mirrors, where there are any.
/// The manifest among `files` is made to build the packages of the sources.
fn commit_lock(
    snapshot: &Snapshot,
    entry: Option<&Entry>,
    options: &BuildOptions,
    files: &mut BTreeMap<String, Vec<u8>>,
    deviations: &mut Vec<Deviation>,
    environment: &mut Vec<(String, String)>,
) -> Result<Vec<u8>, RunnerError> {
    let text = |files: &BTreeMap<String, Vec<u8>>, name| {
        files.get(name).map(|content: &Vec<u8>| String::from_utf8_lossy(content).into_owned())
    };
    let template = text(files, "Cargo.lock").map(|text| Lockfile::parse(&text)).transpose()?;
    let checkout = Checkout::of(snapshot, &read_lock(&snapshot.sources().join("Cargo.lock"))?, template.as_ref())?;
    let redirected =
        checkout.redirected(&text(files, "Cargo.toml").unwrap_or_default(), &absolute(&snapshot.sources())?)?;
    files.insert("Cargo.toml".to_owned(), redirected.into_bytes());
    let lock = checkout.lock(template.as_ref())?;
    let updates: Vec<Update> =
        entry.into_iter().flat_map(|entry| &entry.updates).filter_map(|update| Update::parse(update)).collect();
    lock.check_updates(&updates)?;
    let dependencies = lock.git_dependencies()?;
    // What stands beside the sources is fetched from nowhere. A folder of cargo's of its own has everything compiled once more.
    if let Some(folder) = options.mirror.as_ref().filter(|_| !dependencies.is_empty()) {
        let none = BTreeMap::new();
        let mirrors = Mirrors::new(folder, entry.map_or(&none, |entry| &entry.mirrors));
        let (mirrored, said) = mirrors.check(&dependencies)?;
        deviations.extend(said);
        environment.extend(mirror::environment(&mirrored, &options.cache)?);
        environment.push(("CARGO_HOME".to_owned(), private_cargo_home(&options.cache)?));
    }
    Ok(lock.to_string().into_bytes())
}

/// A folder of cargo's that is not the user's: what comes from mirrors is kept apart. Crates of registries, which cargo checks
/// against checksums, are shared.
fn private_cargo_home(cache: &Path) -> Result<String, RunnerError> {
    let folder = cache.join("cargo");
    let io = |what, path: &Path| {
        let path = path.to_owned();
        move |source| RunnerError::Io { what, path, source }
    };
    fs::create_dir_all(&folder).map_err(io("make the folder", &folder))?;
    let (own, shared) = (folder.join("registry"), cargo_home().join("registry"));
    if fs::symlink_metadata(&own).is_err() && shared.is_dir() {
        match std::os::unix::fs::symlink(&shared, &own) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(io("make the link", &own)(error)),
            _ => {}
        }
    }
    plain(&absolute(&folder)?)
}

fn read_lock(path: &Path) -> Result<Lockfile, RunnerError> {
    let text = manifest::read_file(path, LOCKFILE_BYTES_MAX)?.ok_or(LockError::Missing)?;
    let text = String::from_utf8(text).map_err(|_| LockError::Unreadable("it is not UTF-8".to_owned()))?;
    Ok(Lockfile::parse(&text)?)
}

/// Files of a template by their path.
fn template_files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, RunnerError> {
    let mut files = BTreeMap::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((at, path)) = open.pop() {
        let io = |source| RunnerError::Io { what: "list", path: at.clone(), source };
        for entry in fs::read_dir(&at).map_err(io)? {
            let entry = entry.map_err(io)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let kind = entry.file_type().map_err(io)?;
            if kind.is_dir() && name != "target" {
                open.push((entry.path(), path));
            } else if kind.is_file() {
                if files.len() >= TEMPLATE_FILES_MAX {
                    let what = format!("it has more than {TEMPLATE_FILES_MAX} files");
                    return Err(RunnerError::Template { folder: folder.to_owned(), what });
                }
                files.insert(path, manifest::read_file(&entry.path(), TEMPLATE_FILE_BYTES_MAX)?.unwrap_or_default());
            }
        }
    }
    Ok(files)
}

/// Puts paths and names into the files that ask for them: `{assay}` is Assay's source tree, `{source}` the sources,
/// `{source}/NAME-VERSION` the folder of a package of the family wherever it is in them, `{backend}` the backend's name.
fn fill_in(
    files: &mut BTreeMap<String, Vec<u8>>,
    template: &Path,
    snapshot: &Snapshot,
    sources: &Path,
    tree: &Path,
) -> Result<(), RunnerError> {
    let (tree, source, backend) = (plain(&absolute(tree)?)?, plain(sources)?, snapshot.manifest.backend());
    // A checkout has its packages where it likes.
    let mut moved = Vec::new();
    let family = snapshot.manifest.family.as_deref().and_then(passes::family);
    if let (Some(family), SnapshotOrigin::Git(_)) = (family, &snapshot.manifest.origin) {
        let folders = patch::locate(sources, &family)?;
        for package in family.packages {
            let folder = folders.get(package.name).map_or("", String::as_str);
            moved.push((format!("{{source}}/{}-{}", package.name, package.version), format!("{{source}}/{folder}")));
        }
    }
    let asking: Vec<String> = files.keys().filter(|name| name.ends_with(TEMPLATE_END)).cloned().collect();
    for name in asking {
        let content = files.remove(&name).unwrap_or_default();
        let text = String::from_utf8(content)
            .map_err(|_| RunnerError::Template { folder: template.to_owned(), what: format!("{name} is not UTF-8") })?;
        let text = moved.iter().fold(text, |text, (published, here)| text.replace(published, here));
        let text = text.replace("{assay}", &tree).replace("{source}", &source).replace("{backend}", &backend);
        let name = name.trim_end_matches(TEMPLATE_END);
        // A folder whose name begins with a dot would not be seen by who reads templates.
        let name = if name == "cargo-config.toml" { ".cargo/config.toml" } else { name };
        files.insert(name.to_owned(), text.into_bytes());
    }
    Ok(())
}

/// The name of the program that the generated crate builds: that of its package.
fn program_of(files: &BTreeMap<String, Vec<u8>>, template: &Path) -> Result<String, RunnerError> {
    #[derive(Deserialize)]
    struct File {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let fault = |what: String| RunnerError::Template { folder: template.to_owned(), what };
    let text = files.get("Cargo.toml").ok_or_else(|| fault("it has no Cargo.toml".to_owned()))?;
    let file: File = toml::from_str(&String::from_utf8_lossy(text)).map_err(|error| fault(error.to_string()))?;
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name = file.package.name;
    if name.is_empty() || !name.chars().all(legal) {
        return Err(fault("its package has no plain name".to_owned()));
    }
    Ok(name)
}

/// Makes the folder what `files` say. What is so already is not touched: cargo goes by times.
fn put(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), RunnerError> {
    for (name, content) in files {
        let path = folder.join(name);
        if manifest::read_file(&path, TEMPLATE_FILE_BYTES_MAX.max(LOCKFILE_BYTES_MAX))?.as_ref() == Some(content) {
            continue;
        }
        let above = path.parent().expect("a file stands in a folder");
        let io = |source| RunnerError::Io { what: "make the folder", path: above.to_owned(), source };
        fs::create_dir_all(above).map_err(io)?;
        manifest::write_file(&path, content)?;
    }
    Ok(())
}

/// What a runner is built from, as one digest.
fn key(snapshot: &Snapshot, files: &BTreeMap<String, Vec<u8>>, toolchain: Option<&str>, assay: Digest) -> Digest {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(&snapshot.manifest.sources.0);
    for touched in snapshot.manifest.patch.iter().flat_map(|patch| &patch.files) {
        part(touched.path.as_bytes());
        part(&touched.after.0);
    }
    for (name, content) in files {
        part(name.as_bytes());
        part(content);
    }
    part(toolchain.unwrap_or_default().as_bytes());
    part(&assay.0);
    Digest(hasher.finalize().into())
}

fn absolute(path: &Path) -> Result<PathBuf, RunnerError> {
    path.canonicalize().map_err(|source| RunnerError::Io { what: "find", path: path.to_owned(), source })
}

/// A path as it can stand in a string of TOML.
fn plain(path: &Path) -> Result<String, RunnerError> {
    let text =
        path.to_str().filter(|text| !text.contains(['"', '\\', '{', '}']) && !text.chars().any(char::is_control));
    text.map(str::to_owned).ok_or_else(|| RunnerError::Path { path: path.to_owned() })
}
