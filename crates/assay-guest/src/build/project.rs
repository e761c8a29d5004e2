//! Guests of other makers: a copy of their sources, built where nothing of Assay's own is built.
//!
//! There is one folder for the copy, whatever the guest, so that flags name the same folders and the compiler's library is
//! built once. What is built of it may run programs of its maker's (build scripts, macros), which can write nowhere else
//! where the kernel sees to that.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use assay_isa::Isa;
use assay_spec::{Platform, TilePublish};
use serde_json::Value;
use toml::Table;

use super::{
    BuildError, BuiltGuest, Work,
    c::{self, Clang, Compilation},
    cargo::CargoBuild,
    environment::environment,
    give_up::GiveUp,
    io_at, isa_of, lock,
    recipe::Recipe,
    toolchain::Toolchain,
};
use crate::{
    project::{
        Language, Project,
        tiles::{LIST, TileProgram},
    },
    runtime_sources::{self, RUNTIME_CRATE},
    sources::Snapshot,
};

/// Longest description that cargo gives of a workspace, in bytes.
const METADATA_BYTES_MAX: usize = 64 << 20;

/// What the static library is called.
const LIBRARY: &str = "libassay_guest.a";

/// What builds of a kind are called.
const PROJECTS: &str = "project-";
const LIBRARIES: &str = "library-";

/// Builds guests of other makers, and keeps them.
#[derive(Clone, Debug)]
pub struct ProjectBuilder {
    /// The folder that all builds are below.
    folder: PathBuf,
    give_up: Option<Arc<dyn GiveUp>>,
}

/// What guests in C are linked with.
#[derive(Clone, Debug)]
pub struct Library {
    /// The static library.
    pub path: PathBuf,
    /// The linker script; `None` natively.
    pub script: Option<String>,
}

impl ProjectBuilder {
    /// Builds in the folder `guests` of `$ASSAY_CACHE`, else of `$HOME/.cache/assay`.
    pub fn new() -> Result<Self, BuildError> {
        Ok(Self::in_cache(&super::cache()?))
    }

    /// The same in the folder `guests` of `cache`.
    pub fn in_cache(cache: &Path) -> Self {
        Self { folder: cache.join("guests"), give_up: None }
    }

    /// The same in `folder` itself.
    pub(super) fn below(folder: &Path, give_up: Option<Arc<dyn GiveUp>>) -> Self {
        Self { folder: folder.to_owned(), give_up }
    }

    /// Lets builds, and waiting for those of others, end when `give_up` says so.
    #[must_use]
    pub fn given_up_by(self, give_up: impl GiveUp + 'static) -> Self {
        Self { give_up: Some(Arc::new(give_up)), ..self }
    }

    /// The guests in `project` for `platform`: one for each program of a crate. The ISA is the platform's, the 32-bit one
    /// where there are two.
    ///
    /// Lines of the compiler go to `show`; there are none if the guest was built before.
    pub fn build(
        &self,
        project: &Project,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let isa = isa_of(platform, isa)?;
        let toolchain = toolchain(platform, &project.folder)?;
        let clang = match project.language {
            Language::C => Some(Clang::find(platform)?),
            Language::Rust => None,
        };
        let lock = lock(&self.folder, self.give_up.as_deref(), show)?;
        let place = Place::of(&self.folder.join("projects"));
        place.write(&project.files)?;
        if let Some(clang) = clang {
            return self.build_c(project, platform, isa, toolchain, clang, &place, &lock, show);
        }
        let package = package(project, &toolchain, &place.sources)?;
        let what = Programs {
            names: package.programs,
            arguments: ["--bins", "--package", &package.id].map(str::to_owned).to_vec(),
            alone: project.name.clone(),
        };
        self.build_rust(project, what, platform, isa, toolchain, &place, &lock, show)
    }

    /// The program that lists the tiles of the crate in `project`: a native guest whose public output is
    /// `assay_tile::described()` as JSON.
    pub fn build_tile_list(&self, project: &Project, show: &mut dyn FnMut(&str)) -> Result<BuiltGuest, BuildError> {
        let what = Programs {
            names: vec![LIST.to_owned()],
            arguments: ["--bin", LIST, "--features", LIST].map(str::to_owned).to_vec(),
            alone: format!("{}-{LIST}", project.name),
        };
        let built = self.build_crate(project, what, Platform::Native, None, show)?;
        built.into_iter().next().ok_or_else(|| BuildError::NoProgram { name: project.name.clone() })
    }

    /// The programs around `tiles` of the crate in `project`, in order. The input of one is a frame of `assay-tile`, its public
    /// output a claim and the answer, or the output alone.
    pub fn build_tiles(
        &self,
        project: &Project,
        tiles: &[TileProgram],
        publish: TilePublish,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let no_program = || BuildError::NoProgram { name: project.name.clone() };
        let (project, names) = project.with_tile_programs(tiles, publish).ok_or_else(no_program)?;
        if names.is_empty() {
            return Err(no_program());
        }
        let what = Programs {
            arguments: names.iter().flat_map(|name| ["--bin".to_owned(), name.clone()]).collect(),
            alone: format!("{}-tiles", project.name),
            names,
        };
        self.build_crate(&project, what, platform, isa, show)
    }

    /// What builds guests of `project` for `platform`: compiler and linker, with their versions. Nothing is built.
    pub fn toolchain_summary(project: &Project, platform: Platform) -> Result<String, BuildError> {
        Ok(toolchain(platform, &project.folder)?.summary())
    }

    fn build_crate(
        &self,
        project: &Project,
        what: Programs,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let isa = isa_of(platform, isa)?;
        let toolchain = toolchain(platform, &project.folder)?;
        let lock = lock(&self.folder, self.give_up.as_deref(), show)?;
        let place = Place::of(&self.folder.join("projects"));
        place.write(&project.files)?;
        self.build_rust(project, what, platform, isa, toolchain, &place, &lock, show)
    }

    #[expect(clippy::too_many_arguments, reason = "what is built, for what, with what, where")]
    fn build_rust(
        &self,
        project: &Project,
        what: Programs,
        platform: Platform,
        isa: Option<Isa>,
        toolchain: Toolchain,
        place: &Place,
        lock: &File,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let mut recipe = Recipe {
            kind: PROJECTS,
            platform,
            isa,
            toolchain,
            clang: None,
            source_hash: runtime_sources::digest(),
            alone: what.alone,
        };
        let triple = recipe.triple();
        let toolchain = recipe.toolchain.clone();
        let cargo = CargoBuild {
            toolchain: &toolchain,
            workspace: &place.sources,
            remapped: std::slice::from_ref(&place.sources),
            target: &place.target,
            triple: &triple,
            lock,
            confined: Some(&place.folder),
            give_up: self.give_up.as_deref(),
        };
        // Versions that are not in the lockfile are chosen here; what was chosen is part of what is built.
        cargo.fetch(false, show)?;
        let mut files = project.files.clone();
        let chosen = place.sources.join("Cargo.lock");
        files.insert("Cargo.lock".to_owned(), fs::read(&chosen).map_err(io_at(&chosen))?);
        recipe.source_hash = Snapshot { files }.digest();
        let kept = recipe.place(&self.folder);
        if let Some(built) = recipe.load(&kept, &what.names) {
            return Ok(built);
        }
        let mut arguments = vec!["build".to_owned()];
        arguments.extend(what.arguments);
        if platform != Platform::Native {
            arguments.extend(["--features".to_owned(), format!("{}/{platform}", project.runtime)]);
        }
        cargo.build(&arguments, show)?;
        let built = recipe.keep(&place.target.join(&triple).join("release"), &kept, &what.names)?;
        recipe.remove_old(&self.folder);
        Ok(built)
    }

    #[expect(clippy::too_many_arguments, reason = "what is built, for what, with what, where")]
    fn build_c(
        &self,
        project: &Project,
        platform: Platform,
        isa: Option<Isa>,
        toolchain: Toolchain,
        clang: Clang,
        place: &Place,
        lock: &File,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, BuildError> {
        let mut files = project.files.clone();
        // Not a path that a file can have: a guest's own files stay what they are.
        files.insert(format!("/{RUNTIME_CRATE}"), runtime_sources::digest().to_string().into_bytes());
        let recipe = Recipe {
            kind: PROJECTS,
            platform,
            isa,
            toolchain,
            clang: Some(clang),
            source_hash: Snapshot { files }.digest(),
            alone: project.name.clone(),
        };
        let names = [project.name.clone()];
        let kept = recipe.place(&self.folder);
        if let Some(built) = recipe.load(&kept, &names) {
            return Ok(built);
        }
        let headers = place.folder.join("include");
        Snapshot { files: runtime_sources::headers() }.write(&headers).map_err(io_at(&headers))?;
        let compilation = Compilation {
            clang: recipe.clang.as_ref().expect("a guest in C has its compiler"),
            toolchain: &recipe.toolchain,
            isa,
            sources: &place.sources,
            headers: &headers,
            output: &place.target,
            confined: &place.folder,
            give_up: self.give_up.as_deref(),
        };
        let objects = compilation.compile(project, show)?;
        let accelerators = c::uses_accelerators(&objects);
        let library = self.library_locked(platform, isa, &recipe.toolchain, accelerators, lock, show)?;
        compilation.link(&project.name, &objects, &library, show)?;
        let built = recipe.keep(&place.target, &kept, &names)?;
        recipe.remove_old(&self.folder);
        Ok(built)
    }

    /// The static library that guests in C are linked with, with the functions of `zkvm_accelerators.h` or without.
    pub fn library(
        &self,
        platform: Platform,
        isa: Option<Isa>,
        accelerators: bool,
        show: &mut dyn FnMut(&str),
    ) -> Result<Library, BuildError> {
        let isa = isa_of(platform, isa)?;
        let toolchain = toolchain(platform, Path::new("/"))?;
        let lock = lock(&self.folder, self.give_up.as_deref(), show)?;
        self.library_locked(platform, isa, &toolchain, accelerators, &lock, show)
    }

    fn library_locked(
        &self,
        platform: Platform,
        isa: Option<Isa>,
        toolchain: &Toolchain,
        accelerators: bool,
        lock: &File,
        show: &mut dyn FnMut(&str),
    ) -> Result<Library, BuildError> {
        let recipe = Recipe {
            kind: LIBRARIES,
            platform,
            isa,
            toolchain: toolchain.clone(),
            clang: None,
            source_hash: runtime_sources::digest(),
            alone: if accelerators { "accelerators".to_owned() } else { String::new() },
        };
        let script = (platform != Platform::Native).then(|| runtime_sources::linker_script(platform));
        let kept = recipe.place(&self.folder);
        let path = kept.join(LIBRARY);
        if path.is_file() {
            return Ok(Library { path, script });
        }
        // The runtime is Assay's own: it is built apart from what is not trusted.
        let Work { target, all, .. } = &Work::below(&self.folder);
        let [_, workspace] = all;
        Snapshot { files: library_workspace() }.write(workspace).map_err(io_at(workspace))?;
        let triple = recipe.triple();
        let give_up = self.give_up.as_deref();
        let cargo =
            CargoBuild { toolchain, workspace, remapped: all, target, triple: &triple, lock, confined: None, give_up };
        cargo.fetch(false, show)?;
        let mut features = vec!["c".to_owned()];
        features.extend((platform != Platform::Native).then(|| platform.to_string()));
        features.extend(accelerators.then(|| "accelerators".to_owned()));
        let features = features.join(",");
        let arguments =
            ["rustc", "--package", RUNTIME_CRATE, "--lib", "--crate-type", "staticlib", "--features", &features];
        cargo.build(&arguments.map(str::to_owned), show)?;
        Recipe::keep_file(&target.join(&triple).join("release/libassay_guest_rt.a"), &kept, LIBRARY)?;
        recipe.remove_old(&self.folder);
        Ok(Library { path, script })
    }
}

/// Which programs of a crate are built.
struct Programs {
    names: Vec<String>,
    /// How cargo is told.
    arguments: Vec<String>,
    /// What tells this build from others of the same sources.
    alone: String,
}

/// Where guests are built, one after the other.
struct Place {
    folder: PathBuf,
    sources: PathBuf,
    target: PathBuf,
}

impl Place {
    fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), sources: folder.join("src"), target: folder.join("target") }
    }

    /// Lets the folder of sources hold exactly these files.
    fn write(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<(), BuildError> {
        let snapshot = Snapshot { files: files.clone() };
        if snapshot.write(&self.sources).is_err() {
            // A folder may stand where the guest before had a file.
            let _ = fs::remove_dir_all(&self.sources);
            snapshot.write(&self.sources).map_err(io_at(&self.sources))?;
        }
        fs::create_dir_all(&self.target).map_err(io_at(&self.target))
    }
}

fn toolchain(platform: Platform, folder: &Path) -> Result<Toolchain, BuildError> {
    Ok(match platform {
        Platform::Native => Toolchain::for_native(folder)?,
        _ => Toolchain::for_zkvms(folder)?,
    })
}

/// A workspace of the runtime alone.
fn library_workspace() -> BTreeMap<String, Vec<u8>> {
    let files = runtime_sources::files().into_iter();
    let mut files: BTreeMap<_, _> = files.map(|(name, bytes)| (format!("{RUNTIME_CRATE}/{name}"), bytes)).collect();
    let mut workspace = Table::new();
    workspace.insert("resolver".to_owned(), "3".into());
    workspace.insert("members".to_owned(), vec![RUNTIME_CRATE].into());
    let mut manifest = Table::from_iter([("workspace".to_owned(), toml::Value::Table(workspace))]);
    if let Some(profile) = runtime_sources::guests_manifest().remove("profile") {
        manifest.insert("profile".to_owned(), profile);
    }
    let manifest = toml::to_string(&manifest).expect("it is made of a manifest that was read");
    files.insert("Cargo.toml".to_owned(), manifest.into_bytes());
    let lock = toml::to_string(&runtime_sources::guests_lock()).expect("it is a lockfile that was read");
    files.insert("Cargo.lock".to_owned(), lock.into_bytes());
    files
}

/// A crate as cargo knows it.
struct Package {
    id: String,
    /// Names of its programs.
    programs: Vec<String>,
}

/// Asks cargo, which runs nothing of the crate's for that.
fn package(project: &Project, toolchain: &Toolchain, sources: &Path) -> Result<Package, BuildError> {
    let manifest = sources.join(format!("{}Cargo.toml", project.member));
    let not_described = |reason: String| BuildError::NotDescribed { name: project.name.clone(), reason };
    let output = Command::new(toolchain.cargo())
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(&manifest)
        .current_dir(sources)
        .env_clear()
        .envs(environment(std::env::vars_os()))
        .env("RUSTC", toolchain.rustc())
        .stdin(Stdio::null())
        .output()
        .map_err(|source| BuildError::Start { program: toolchain.cargo(), source })?;
    if !output.status.success() || output.stdout.len() > METADATA_BYTES_MAX {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(not_described(said.lines().take(30).collect::<Vec<_>>().join("\n")));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| not_described(error.to_string()))?;
    let manifest = manifest.to_string_lossy();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let package = packages.into_iter().find(|package| package["manifest_path"] == *manifest);
    let package =
        package.ok_or_else(|| not_described("the workspace around it does not have it as a member".to_owned()))?;
    let targets = package["targets"].as_array().into_iter().flatten();
    let is_program = |target: &&Value| target["kind"].as_array().is_some_and(|kinds| kinds.contains(&"bin".into()));
    let names = targets.filter(is_program).filter_map(|target| target["name"].as_str());
    let programs: Vec<String> = names.filter(|name| crate::project::is_name(name)).map(str::to_owned).collect();
    if programs.is_empty() {
        return Err(BuildError::NoProgram { name: project.name.clone() });
    }
    let id = package["id"].as_str().unwrap_or_default().to_owned();
    Ok(Package { id, programs })
}
