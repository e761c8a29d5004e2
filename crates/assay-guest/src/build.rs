//! From a guest's sources to its executable for a platform.
//!
//! The cores of a platform are built at once, by one cargo build of a copy of their sources, but for those that say that
//! they are to be built alone ([`GuestBuilder`]). Guests of other makers are built one by one ([`ProjectBuilder`]). What is
//! built is kept under a name that says of what: sources, compiler, linker, platform, ISA. What is kept is looked at again
//! when it is taken: an executable that is not the one its manifest names is built anew. Processes wait for each other;
//! what one leaves behind when it is killed is a folder under a name that nobody looks for.
//!
//! The library that comes with the compiler is built once for each width of registers, and shared by all platforms that
//! have it; once for cores and once for other guests, whose build scripts are not trusted with what cores are made of.

mod c;
mod cargo;
mod confine;
mod environment;
mod give_up;
mod project;
mod recipe;
mod toolchain;

use std::{
    env,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::Arc,
    thread,
};

use assay_isa::{Isa, Xlen};
use assay_spec::{Digest, Platform, guest_manifest::GuestManifest};

pub use c::{Clang, NoClang};
pub use environment::environment;
pub use give_up::GiveUp;
pub use project::{Library, ProjectBuilder};
pub use toolchain::{Linker, NoToolchain, Toolchain};

use crate::{
    Guest, GuestError,
    cores::{self, Core, CoreError},
    demos::{self, Demo},
    guest::platform_isa,
    platform::PlatformFacts,
    project::{Language, Project, ProjectError},
    sources::{GuestSources, SourceError},
};
use cargo::CargoBuild;
use give_up::LOOK_INTERVAL;
use recipe::Recipe;

/// What is shown while another process builds in the same cache.
const WAITING: &str = "waiting for another build of guests";

/// Builds guests, and keeps them.
#[derive(Clone, Debug)]
pub struct GuestBuilder {
    sources: GuestSources,
    /// The folder that all builds are below.
    folder: PathBuf,
    give_up: Option<Arc<dyn GiveUp>>,
}

/// A guest that was built.
#[derive(Clone, Debug)]
pub struct BuiltGuest {
    /// The executable.
    pub path: PathBuf,
    /// What it was built from.
    pub manifest: GuestManifest,
    /// The executable as a guest.
    pub guest: Guest,
}

/// Why a guest was not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Sources cannot be had.
    #[error(transparent)]
    Sources(#[from] SourceError),
    /// The description of a guest cannot be read.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// No compiler.
    #[error(transparent)]
    Toolchain(#[from] NoToolchain),
    /// No compiler for C.
    #[error(transparent)]
    Clang(#[from] NoClang),
    /// The sources of a guest of another maker.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A crate without a program.
    #[error("{name} has no program; a guest is a crate with src/main.rs")]
    NoProgram {
        /// The crate.
        name: String,
    },
    /// Cargo does not say what a crate is made of.
    #[error("cargo does not understand {name}: {reason}")]
    NotDescribed {
        /// The crate.
        name: String,
        /// What it said instead.
        reason: String,
    },
    /// Neither `ASSAY_CACHE` nor `HOME` is set.
    #[error("there is no folder to build guests in; set ASSAY_CACHE or HOME")]
    NoCache,
    /// The platform has no such guests.
    #[error(transparent)]
    Guest(#[from] GuestError),
    /// A native guest has no ISA to choose.
    #[error("a native guest is built for this machine; leave out the ISA {isa}")]
    NativeIsa {
        /// What was asked for.
        isa: Isa,
    },
    /// A file or folder of the cache.
    #[error("cannot build guests in {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A tool could not be started.
    #[error("could not start {}: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A tool failed.
    #[error("it does not build ({program}, {status}):\n{}", lines.join("\n"))]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// What it said: the first error and what follows it, and the end.
        lines: Vec<String>,
    },
    /// A tool was ended.
    #[error("the build took more than half an hour and was ended")]
    TookTooLong,
    /// Somebody gave up.
    #[error("the build was given up")]
    GivenUp,
    /// Cargo built something that is no guest.
    #[error("{name} was built, but is no guest for {platform}: {source}")]
    NoGuest {
        /// The guest.
        name: String,
        /// The platform.
        platform: Platform,
        /// Why not.
        source: GuestError,
    },
}

/// What one cargo build makes.
enum Group {
    /// Every core but those of these names, which are built alone.
    Together(Vec<String>),
    /// One core.
    Alone(String),
}

impl Group {
    /// Cargo's choice of packages.
    fn arguments(&self) -> Vec<String> {
        let option = |option: &str, name: &String| [option.to_owned(), name.clone()];
        match self {
            Self::Together(without) => {
                let excluded = without.iter().flat_map(|name| option("--exclude", name));
                std::iter::once("--workspace".to_owned()).chain(excluded).collect()
            }
            Self::Alone(name) => option("--package", name).into(),
        }
    }

    fn alone(&self) -> &str {
        match self {
            Self::Together(_) => "",
            Self::Alone(name) => name,
        }
    }
}

impl GuestBuilder {
    /// Builds from `sources`, in the folder `guests` of `$ASSAY_CACHE`, else of `$HOME/.cache/assay`.
    pub fn new(sources: GuestSources) -> Result<Self, BuildError> {
        Ok(Self::in_cache(sources, &cache()?))
    }

    /// The same in the folder `guests` of `cache`.
    pub fn in_cache(sources: GuestSources, cache: &Path) -> Self {
        Self { sources, folder: cache.join("guests"), give_up: None }
    }

    /// Lets builds, and waiting for those of others, end when `give_up` says so.
    #[must_use]
    pub fn given_up_by(self, give_up: impl GiveUp + 'static) -> Self {
        Self { give_up: Some(Arc::new(give_up)), ..self }
    }

    /// The guest `name` for `platform`; the ISA is the platform's, the 32-bit one where there are two.
    ///
    /// Lines of the compiler go to `show`; there are none if the guest was built before.
    ///
    /// # Panics
    ///
    /// Never: a build makes every core of its group, and so the one that was found.
    pub fn build_core(
        &self,
        name: &str,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<BuiltGuest, BuildError> {
        let core = cores::find(&self.sources, name)?;
        let built = if core.language == Language::C {
            let project = Project::open(&self.sources.folder().join(&core.name))?;
            ProjectBuilder::below(&self.folder, self.give_up.clone()).build(&project, platform, isa, show)?
        } else if core.alone {
            self.build_group(std::slice::from_ref(&core.name), &Group::Alone(core.name.clone()), platform, isa, show)?
        } else {
            self.build_all(platform, isa, show)?
        };
        let built = built.into_iter().find(|built| built.manifest.name == core.name);
        Ok(built.expect("a core that was found is among those of its group, which were all built"))
    }

    /// All guests in Rust for `platform` that are built together, by name; see [`Core::alone`].
    pub fn build_all(
        &self,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        // First, because it says what is wrong with the question.
        isa_of(platform, isa)?;
        let crates = cores::all(&self.sources)?.into_iter().filter(|core| core.language == Language::Rust);
        let (alone, together): (Vec<Core>, Vec<Core>) = crates.partition(|core| core.alone);
        let names = |cores: Vec<Core>| -> Vec<String> { cores.into_iter().map(|core| core.name).collect() };
        self.build_group(&names(together), &Group::Together(names(alone)), platform, isa, show)
    }

    /// The guests `names` for `platform`, with as few builds as that takes.
    pub fn build_cores(
        &self,
        names: &[String],
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let cores: Vec<Core> =
            names.iter().map(|name| cores::find(&self.sources, name)).collect::<Result<_, CoreError>>()?;
        let by_itself = |core: &Core| core.alone || core.language == Language::C;
        let (alone, together): (Vec<Core>, Vec<Core>) = cores.into_iter().partition(by_itself);
        let mut built = Vec::new();
        if !together.is_empty() {
            let all = self.build_all(platform, isa, show)?;
            built.extend(all.into_iter().filter(|built| names.contains(&built.manifest.name)));
        }
        for core in alone {
            built.push(self.build_core(&core.name, platform, isa, show)?);
        }
        Ok(built)
    }

    /// The core `name` for `platform` as it comes with Assay, if it was built of the very sources that are here.
    pub fn demo(&self, name: &str, platform: Platform, isa: Option<Isa>) -> Result<Option<Demo>, BuildError> {
        let isa = isa_of(platform, isa)?;
        Ok(demos::find(name, platform, isa, self.sources.snapshot()?.digest_of_core(name)))
    }

    /// The digest of the sources that the core `name` is built of, leaving out other cores.
    pub fn core_source_hash(&self, name: &str) -> Result<Digest, BuildError> {
        Ok(self.sources.snapshot()?.digest_of_core(name))
    }

    /// The guests `names`, which are all of `group`.
    fn build_group(
        &self,
        names: &[String],
        group: &Group,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let isa = isa_of(platform, isa)?;
        let snapshot = self.sources.snapshot()?;
        let toolchain = match platform {
            Platform::Native => Toolchain::for_native(self.sources.folder())?,
            _ => Toolchain::for_zkvms(self.sources.folder())?,
        };
        let recipe = Recipe {
            kind: "",
            platform,
            isa,
            toolchain,
            clang: None,
            source_hash: snapshot.digest(),
            alone: group.alone().to_owned(),
        };
        let place = recipe.place(&self.folder);
        if let Some(built) = recipe.load(&place, names) {
            return Ok(built);
        }
        let give_up = self.give_up.as_deref();
        let lock = lock(&self.folder, give_up, show)?;
        // Another process may have built it meanwhile.
        if let Some(built) = recipe.load(&place, names) {
            return Ok(built);
        }
        let Work { cores: workspace, target, all } = &Work::below(&self.folder);
        snapshot.write(workspace).map_err(io_at(workspace))?;
        let triple = recipe.triple();
        let toolchain = &recipe.toolchain;
        let cargo = CargoBuild {
            toolchain,
            workspace,
            remapped: all,
            target,
            triple: &triple,
            lock: &lock,
            confined: None,
            give_up,
        };
        cargo.fetch(true, show)?;
        let mut arguments = vec!["build".to_owned(), "--bins".to_owned()];
        arguments.extend(group.arguments());
        if platform != Platform::Native {
            arguments.extend(["--features".to_owned(), format!("assay-guest-rt/{platform}")]);
        }
        cargo.build(&arguments, show)?;
        let built = recipe.keep(&target.join(&triple).join("release"), &place, names)?;
        recipe.remove_old(&self.folder);
        Ok(built)
    }
}

/// Where Assay's own code is built, cores and the library for guests in C: with one target folder, so that what is below
/// them is built once.
struct Work {
    cores: PathBuf,
    target: PathBuf,
    /// Folders of sources, with that of the library at the end.
    all: [PathBuf; 2],
}

impl Work {
    fn below(folder: &Path) -> Self {
        let work = folder.join("work");
        let cores = work.join("src");
        Self { target: work.join("target"), all: [cores.clone(), work.join("library")], cores }
    }
}

/// The folder of everything that is kept between runs.
fn cache() -> Result<PathBuf, BuildError> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = variable("ASSAY_CACHE").or_else(|| Some(variable("HOME")?.join(".cache/assay")));
    cache.ok_or(BuildError::NoCache)
}

/// The lock of all builds in `folder`: builds have it as their stdin. Whoever waits for another is told so.
fn lock(folder: &Path, give_up: Option<&dyn GiveUp>, show: &mut dyn FnMut(&str)) -> Result<File, BuildError> {
    let path = folder.join("lock");
    fs::create_dir_all(folder).map_err(io_at(folder))?;
    let lock = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let lock = lock.map_err(io_at(&path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            show(WAITING);
            match give_up {
                Some(give_up) => wait_for(&lock, &path, give_up)?,
                None => lock.lock().map_err(io_at(&path))?,
            }
        }
        Err(TryLockError::Error(error)) => return Err(io_at(&path)(error)),
    }
    Ok(lock)
}

/// Locks as soon as nobody else does, unless somebody gives up.
fn wait_for(lock: &File, path: &Path, give_up: &dyn GiveUp) -> Result<(), BuildError> {
    loop {
        if give_up.is_asked() {
            return Err(BuildError::GivenUp);
        }
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK_INTERVAL),
            Err(TryLockError::Error(error)) => return Err(io_at(path)(error)),
        }
    }
}

/// The ISA that guests for `platform` are built for.
fn isa_of(platform: Platform, asked: Option<Isa>) -> Result<Option<Isa>, BuildError> {
    match (platform, asked) {
        (Platform::Native, None) => Ok(None),
        (Platform::Native, Some(isa)) => Err(BuildError::NativeIsa { isa }),
        // What guests have beyond the base, such as OpenVM's own instructions, is the platform's business.
        (_, Some(isa)) => Ok(Some(platform_isa(platform, isa.xlen)?)),
        (_, None) => {
            let facts = PlatformFacts::of(platform);
            Ok(Some(facts.isa(Xlen::Rv32).unwrap_or(facts.isas[0])))
        }
    }
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> BuildError {
    move |source| BuildError::Io { path: path.to_owned(), source }
}
