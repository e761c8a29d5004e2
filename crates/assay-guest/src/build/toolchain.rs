//! What compiles guests on this machine.
//!
//! A guest for a zkVM needs a compiler whose own library comes as sources, because that is built along with the guest, and
//! LLD. Stable compilers do it when they are asked to be lenient (`RUSTC_BOOTSTRAP`). Candidates in their order: the folder
//! that `ASSAY_GUEST_SYSROOT` names, the toolchain that rustup chooses for the source tree, Debian's in `/usr`.

use std::{
    env, fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::environment::environment;

/// Where the library's sources are in a toolchain.
const LIBRARY: &str = "lib/rustlib/src/rust/library";

/// Names of LLD as packages install it, the newest first.
const LINKERS: [&str; 11] = [
    "ld.lld-23",
    "ld.lld-22",
    "ld.lld-21",
    "ld.lld-20",
    "ld.lld-19",
    "ld.lld-18",
    "ld.lld-17",
    "ld.lld-16",
    "ld.lld-15",
    "ld.lld",
    "rust-lld",
];

/// A compiler, and for zkVMs its linker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The folder with `bin/cargo` and `bin/rustc`.
    pub sysroot: PathBuf,
    /// All that `rustc -vV` says.
    pub rustc_version: String,
    /// LLD; `None` for native builds, which link as the compiler does by itself.
    pub linker: Option<Linker>,
}

/// A linker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linker {
    /// Its program.
    pub path: PathBuf,
    /// What it says of itself.
    pub version: String,
}

/// No toolchain builds guests here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoToolchain {
    /// Each candidate and what it lacks.
    pub tried: Vec<(PathBuf, String)>,
}

impl std::error::Error for NoToolchain {}

impl fmt::Display for NoToolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no toolchain here builds guests for zkVMs")?;
        for (sysroot, lacks) in &self.tried {
            write!(f, "; {}: {lacks}", sysroot.display())?;
        }
        f.write_str(
            "; install one with scripts/setup.sh, or by hand: `apt-get install rustc-web cargo-web rust-web-src lld-19`, or \
             `rustup component add rust-src` and LLD",
        )
    }
}

impl Toolchain {
    /// The one that builds guests for zkVMs; rustup is asked for its choice in `folder`.
    pub fn for_zkvms(folder: &Path) -> Result<Self, NoToolchain> {
        let mut tried = Vec::new();
        // A name that is given is meant: no other is taken instead.
        let named = env::var_os("ASSAY_GUEST_SYSROOT").filter(|value| !value.is_empty()).map(PathBuf::from);
        for sysroot in named.map_or_else(|| candidates(folder), |named| vec![named]) {
            match Self::at(&sysroot).and_then(Self::with_sources).and_then(Self::with_linker) {
                Ok(toolchain) => return Ok(toolchain),
                Err(lacks) => tried.push((sysroot, lacks)),
            }
        }
        Err(NoToolchain { tried })
    }

    /// The one that builds native guests: the ordinary one.
    pub fn for_native(folder: &Path) -> Result<Self, NoToolchain> {
        let mut tried = Vec::new();
        for sysroot in candidates(folder) {
            match Self::at(&sysroot) {
                Ok(toolchain) => return Ok(toolchain),
                Err(lacks) => tried.push((sysroot, lacks)),
            }
        }
        Err(NoToolchain { tried })
    }

    /// Its cargo.
    pub fn cargo(&self) -> PathBuf {
        self.sysroot.join("bin/cargo")
    }

    /// Its compiler.
    pub fn rustc(&self) -> PathBuf {
        self.sysroot.join("bin/rustc")
    }

    /// The folder above the library's sources.
    pub(crate) fn library(&self) -> PathBuf {
        self.sysroot.join(LIBRARY)
    }

    /// The target that it builds for by itself.
    pub fn host(&self) -> &str {
        self.rustc_version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("x86_64-unknown-linux-gnu")
    }

    /// Compiler and linker in a line.
    pub fn summary(&self) -> String {
        let rustc = self.rustc_version.lines().next().unwrap_or_default();
        match &self.linker {
            Some(linker) => format!("{rustc}, {}", linker.version),
            None => rustc.to_owned(),
        }
    }

    fn at(sysroot: &Path) -> Result<Self, String> {
        let toolchain = Self { sysroot: sysroot.to_owned(), rustc_version: String::new(), linker: None };
        if !toolchain.cargo().is_file() {
            return Err("it has no bin/cargo".to_owned());
        }
        let rustc_version = said(Command::new(toolchain.rustc()).arg("-vV"))?;
        Ok(Self { rustc_version, ..toolchain })
    }

    fn with_sources(self) -> Result<Self, String> {
        if self.library().join("core/Cargo.toml").is_file() {
            return Ok(self);
        }
        Err("it lacks the sources of its library (rust-src)".to_owned())
    }

    fn with_linker(self) -> Result<Self, String> {
        let own = self.sysroot.join("lib/rustlib").join(self.host()).join("bin/rust-lld");
        let path = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = env::split_paths(&path).chain(["/usr/bin".into()]).collect();
        let installed = LINKERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        for linker in std::iter::once(own).chain(installed).filter(|path| path.is_file()) {
            if let Ok(version) = said(Command::new(&linker).args(["-flavor", "gnu", "--version"]))
                && let Some(line) = version.lines().find(|line| line.contains("LLD"))
            {
                let linker = Some(Linker { path: linker, version: line.trim().to_owned() });
                return Ok(Self { linker, ..self });
            }
        }
        Err("there is no LLD for it (ld.lld, rust-lld)".to_owned())
    }
}

/// Folders to look in, each once.
fn candidates(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    let chosen = said(Command::new("rustc").args(["--print", "sysroot"]).current_dir(folder)).ok();
    for candidate in [chosen.map(|path| PathBuf::from(path.trim())), Some("/usr".into())].into_iter().flatten() {
        if !all.contains(&candidate) {
            all.push(candidate);
        }
    }
    all
}

/// What a command prints, if it succeeds.
fn said(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .env_clear()
        .envs(environment(env::vars_os()))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("could not start {program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program} ended with {}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_candidate_lacks_is_named_with_what_to_install() {
        let empty = tempfile::tempdir().unwrap();
        let lacks = Toolchain::at(empty.path()).unwrap_err();
        let error = NoToolchain { tried: vec![(empty.path().to_owned(), lacks)] }.to_string();
        assert!(error.contains("bin/cargo") && error.contains("rust-web-src"), "{error}");
    }

    #[test]
    fn the_ordinary_toolchain_is_found_and_says_what_it_is() {
        let toolchain = Toolchain::for_native(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(toolchain.summary().starts_with("rustc 1."), "{toolchain:?}");
        assert!(toolchain.rustc_version.contains(&format!("host: {}", toolchain.host())));
    }
}
