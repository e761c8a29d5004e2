//! From a guest's name to its executable for a platform.
//!
//! All guests of a platform are built at once, by one cargo build of a copy of their sources, but for those that say that
//! they are to be built alone. They are kept under a name that
//! says of what: sources, compiler, linker, platform, ISA. What is kept is looked at again when it is taken: an executable
//! that is not the one its manifest names is built anew. Processes wait for each other; what one leaves behind when it is
//! killed is a folder under a name that nobody looks for.
//!
//! The library that comes with the compiler is built once for each width of registers, and shared by all platforms that
//! have it.

mod cargo;
mod environment;
mod toolchain;

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::SystemTime,
};

use assay_isa::{Isa, Xlen};
use assay_spec::{
    Digest, Platform,
    guest_manifest::GuestManifest,
    schema::{self, Versioned as _},
};

pub use environment::environment;
pub use toolchain::{Linker, NoToolchain, Toolchain};

use crate::{
    Guest, GuestError,
    cores::{self, Core, CoreError},
    guest::platform_isa,
    platform::PlatformFacts,
    sources::{GuestSources, SourceError},
};
use cargo::{CargoBuild, CargoError};

/// Counts up when what is built from the same sources by the same tools changes: flags, for one.
const RECIPE: u32 = 1;

/// Builds of one platform and ISA that are kept; older ones are removed after a build.
const KEPT_MAX: usize = 8;

/// Longest executable, in bytes.
const EXECUTABLE_BYTES_MAX: u64 = 64 << 20;

/// Longest manifest, in bytes.
const MANIFEST_BYTES_MAX: u64 = 64 << 10;

/// Builds guests, and keeps them.
#[derive(Clone, Debug)]
pub struct GuestBuilder {
    sources: GuestSources,
    /// The folder that all builds are below.
    folder: PathBuf,
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
    /// Cargo could not be started.
    #[error("could not start {}: {source}", cargo.display())]
    Start {
        /// The program.
        cargo: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Cargo failed.
    #[error("the guests do not build ({status}):\n{}", last_lines.join("\n"))]
    Failed {
        /// How cargo ended.
        status: ExitStatus,
        /// What it said last.
        last_lines: Vec<String>,
    },
    /// Cargo was ended.
    #[error("the build of the guests took more than half an hour and was ended")]
    TookTooLong,
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

/// What a build is of.
struct Recipe {
    platform: Platform,
    isa: Option<Isa>,
    toolchain: Toolchain,
    source_hash: Digest,
    group: Group,
}

/// What one cargo build makes.
enum Group {
    /// Every core but those of these names, which are built alone.
    Together(Vec<String>),
    /// One core.
    Alone(String),
}

impl GuestBuilder {
    /// Builds from `sources`, in the folder `guests` of `$ASSAY_CACHE`, else of `$HOME/.cache/assay`.
    pub fn new(sources: GuestSources) -> Result<Self, BuildError> {
        let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let cache = variable("ASSAY_CACHE").or_else(|| Some(variable("HOME")?.join(".cache/assay")));
        Ok(Self::in_cache(sources, &cache.ok_or(BuildError::NoCache)?))
    }

    /// The same in the folder `guests` of `cache`.
    pub fn in_cache(sources: GuestSources, cache: &Path) -> Self {
        Self { sources, folder: cache.join("guests") }
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
        let built = if core.alone {
            self.build_group(vec![core.name.clone()], Group::Alone(core.name.clone()), platform, isa, show)?
        } else {
            self.build_all(platform, isa, show)?
        };
        let built = built.into_iter().find(|built| built.manifest.name == core.name);
        Ok(built.expect("a core that was found is among those of its group, which were all built"))
    }

    /// All guests for `platform` that are built together, by name; see [`Core::alone`].
    pub fn build_all(
        &self,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        // First, because it says what is wrong with the question.
        isa_of(platform, isa)?;
        let (alone, together): (Vec<Core>, Vec<Core>) =
            cores::all(&self.sources)?.into_iter().partition(|core| core.alone);
        let names = |cores: Vec<Core>| cores.into_iter().map(|core| core.name).collect();
        self.build_group(names(together), Group::Together(names(alone)), platform, isa, show)
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
        let (alone, together): (Vec<Core>, Vec<Core>) = cores.into_iter().partition(|core| core.alone);
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

    /// The guests `names`, which are all of `group`.
    fn build_group(
        &self,
        names: Vec<String>,
        group: Group,
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
        let recipe = Recipe { platform, isa, toolchain, source_hash: snapshot.digest(), group };
        let place = self.folder.join(recipe.folder_name());
        if let Some(built) = recipe.load(&place, &names) {
            return Ok(built);
        }
        let lock = self.lock()?;
        // Another process may have built it meanwhile.
        if let Some(built) = recipe.load(&place, &names) {
            return Ok(built);
        }
        let work = self.folder.join("work");
        let workspace = work.join("src");
        snapshot.write(&workspace).map_err(io_at(&workspace))?;
        let target = work.join("target");
        let triple = recipe.triple();
        let feature = (platform != Platform::Native).then(|| platform.name());
        let toolchain = &recipe.toolchain;
        let packages = recipe.group.arguments();
        let build = CargoBuild {
            toolchain,
            workspace: &workspace,
            target: &target,
            triple: &triple,
            feature,
            packages: &packages,
            lock: &lock,
        };
        build.run(show).map_err(|error| match error {
            CargoError::Start(source) => BuildError::Start { cargo: toolchain.cargo(), source },
            CargoError::Failed { status, last_lines } => BuildError::Failed { status, last_lines },
            CargoError::TookTooLong => BuildError::TookTooLong,
        })?;
        let built = recipe.keep(&target.join(&triple).join("release"), &place, &names)?;
        self.remove_old(&recipe.folder_prefix(), &place);
        Ok(built)
    }

    fn lock(&self) -> Result<File, BuildError> {
        let path = self.folder.join("lock");
        fs::create_dir_all(&self.folder).map_err(io_at(&self.folder))?;
        // To be read, because builds have it as their stdin.
        let lock = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let lock = lock.map_err(io_at(&path))?;
        lock.lock().map_err(io_at(&path))?;
        Ok(lock)
    }

    /// Removes builds of the same platform and ISA beyond the newest, and what killed processes left. What cannot be
    /// removed stays.
    fn remove_old(&self, prefix: &str, place: &Path) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let mut old: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in entries.filter(|entry| entry.path() != place) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            } else if name.starts_with(prefix) {
                let modified = entry.metadata().and_then(|facts| facts.modified());
                old.push((modified.unwrap_or(SystemTime::UNIX_EPOCH), entry.path()));
            }
        }
        old.sort();
        for (_, path) in old.iter().rev().skip(KEPT_MAX - 1) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// What a folder is called until it is complete.
const UNFINISHED: &str = "unfinished-";

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
}

impl Recipe {
    fn folder_prefix(&self) -> String {
        match self.isa {
            Some(isa) => format!("{}-{}-", self.platform, width(isa)),
            None => format!("{}-", self.platform),
        }
    }

    fn folder_name(&self) -> String {
        let linker = self.toolchain.linker.as_ref().map_or("", |linker| linker.version.as_str());
        let group = match &self.group {
            Group::Together(_) => "",
            Group::Alone(name) => name,
        };
        let tools = format!("{RECIPE}\n{}\n{linker}\n{}\n{group}", self.toolchain.rustc_version, self.source_hash);
        let key = Digest::of(tools.as_bytes()).to_string();
        format!("{}{}", self.folder_prefix(), &key[..16])
    }

    fn triple(&self) -> String {
        match self.isa {
            Some(isa) => format!("riscv{}im-unknown-none-elf", isa.xlen.bits()),
            None => self.toolchain.host().to_owned(),
        }
    }

    fn manifest(&self, name: &str, executable: &[u8]) -> GuestManifest {
        GuestManifest {
            schema: GuestManifest::tag(),
            name: name.to_owned(),
            platform: self.platform,
            isa: self.isa.map(|isa| isa.to_string()),
            toolchain: self.toolchain.summary(),
            source_hash: self.source_hash,
            elf_digest: Digest::of(executable),
            runtime: true,
        }
    }

    /// Moves what cargo built in `release` to `place`: all or nothing.
    fn keep(&self, release: &Path, place: &Path, names: &[String]) -> Result<Vec<BuiltGuest>, BuildError> {
        let folder = place.parent().unwrap_or(place);
        let unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(folder).map_err(io_at(folder))?;
        let mut built = Vec::new();
        for name in names {
            let executable = read(&release.join(name), EXECUTABLE_BYTES_MAX)?;
            let manifest = self.manifest(name, &executable);
            let json = serde_json::to_vec_pretty(&manifest).expect("a manifest has nothing that JSON lacks");
            for (file, bytes) in [(executable_name(name), &executable), (manifest_name(name), &json)] {
                let path = unfinished.path().join(file);
                fs::write(&path, bytes).map_err(io_at(&path))?;
            }
            let guest = self.guest(name, executable)?;
            built.push(BuiltGuest { path: place.join(executable_name(name)), manifest, guest });
        }
        if self.platform == Platform::Native {
            for name in names {
                let path = unfinished.path().join(executable_name(name));
                make_executable(&path).map_err(io_at(&path))?;
            }
        }
        // What stands there is damaged, or it would have been loaded.
        if place.exists() {
            fs::remove_dir_all(place).map_err(io_at(place))?;
        }
        let unfinished = unfinished.keep();
        fs::rename(&unfinished, place).map_err(io_at(place))?;
        Ok(built)
    }

    /// What was kept in `place`; `None` if it is not there, or not whole.
    fn load(&self, place: &Path, names: &[String]) -> Option<Vec<BuiltGuest>> {
        let load = |name: &String| {
            let path = place.join(executable_name(name));
            let executable = read(&path, EXECUTABLE_BYTES_MAX).ok()?;
            let manifest = read(&place.join(manifest_name(name)), MANIFEST_BYTES_MAX).ok()?;
            let manifest: GuestManifest = schema::read(&manifest).ok()?.value;
            if manifest != self.manifest(name, &executable) {
                return None;
            }
            let guest = self.guest(name, executable).ok()?;
            Some(BuiltGuest { path, manifest, guest })
        };
        names.iter().map(load).collect()
    }

    fn guest(&self, name: &str, executable: Vec<u8>) -> Result<Guest, BuildError> {
        let guest = match self.isa {
            None => Ok(Guest::native(name, executable)),
            Some(_) => Guest::from_elf(name, executable, self.platform),
        };
        let no_guest = |source| BuildError::NoGuest { name: name.to_owned(), platform: self.platform, source };
        guest.map(Guest::on_runtime).map_err(no_guest)
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

fn width(isa: Isa) -> &'static str {
    match isa.xlen {
        Xlen::Rv32 => "rv32",
        Xlen::Rv64 => "rv64",
    }
}

fn executable_name(name: &str) -> String {
    format!("{name}.elf")
}

fn manifest_name(name: &str) -> String {
    format!("{name}.json")
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, BuildError> {
    let bytes = fs::metadata(path).map_err(io_at(path))?.len();
    if bytes > limit {
        return Err(io_at(path)(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has {bytes} bytes"))));
    }
    fs::read(path).map_err(io_at(path))
}

fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> BuildError {
    move |source| BuildError::Io { path: path.to_owned(), source }
}
