//! Guests in C: clang compiles them, LLD links them with the runtime as a static library.
//!
//! Clang is the one compiler that is for every RISC-V target as it is installed. What it is told is the same for every
//! guest, and spells no path of this machine.

use std::{
    env,
    ffi::OsString,
    fmt, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use assay_isa::{Isa, Xlen};
use assay_spec::Platform;
use object::{Object as _, ObjectSymbol as _};

use super::{
    BuildError, Library, cargo::watch, environment::environment, give_up::GiveUp, io_at, toolchain::Toolchain,
};
use crate::project::{Project, is_c};

/// Names of clang as packages install it, the newest first.
const COMPILERS: [&str; 9] =
    ["clang-23", "clang-22", "clang-21", "clang-20", "clang-19", "clang-18", "clang-17", "clang-16", "clang"];

/// Largest object file that is looked into, in bytes.
const OBJECT_BYTES_MAX: u64 = 64 << 20;

/// What the functions of `zkvm_accelerators.h` are called.
const ACCELERATOR_PREFIX: &str = "zkvm_";

/// What a compiler does for every guest: C without a C library, in sections that the linker can leave out.
const FLAGS: [&str; 12] = [
    "-std=gnu17",
    "-O2",
    "-Wall",
    "-ffreestanding",
    "-nostdlibinc",
    "-fno-stack-protector",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-color-diagnostics",
    "-fno-ident",
];

/// The same for a hart: code that runs wherever it is placed, and no data that takes a register to reach.
const HART_FLAGS: [&str; 3] = ["-fno-pic", "-mcmodel=medany", "-msmall-data-limit=0"];

/// What the linker makes of a file beyond a platform's script; any other section would be placed where nobody looks.
const SCRIPT_END: &str =
    "SECTIONS { .symtab 0 : { *(.symtab) } .strtab 0 : { *(.strtab) } .shstrtab 0 : { *(.shstrtab) } }\n";

/// What Rust's library takes of the system's.
const NATIVE_LIBRARIES: [&str; 7] = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

/// A compiler for C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clang {
    /// Its program.
    pub path: PathBuf,
    /// What it says of itself.
    pub version: String,
}

/// Nothing here compiles guests in C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoClang {
    /// What was found that does not do.
    pub tried: Vec<PathBuf>,
}

impl std::error::Error for NoClang {}

impl fmt::Display for NoClang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no compiler here builds guests in C: ")?;
        match self.tried.as_slice() {
            [] => f.write_str("there is no clang")?,
            tried => {
                let tried: Vec<_> = tried.iter().map(|path| path.display().to_string()).collect();
                write!(f, "{} knows no RISC-V", tried.join(", "))?;
            }
        }
        f.write_str("; install it with scripts/setup.sh, or by hand: `apt-get install clang-19 lld-19`")
    }
}

impl Clang {
    /// `$ASSAY_CLANG`, else the newest on the `PATH` that compiles for `platform`.
    pub fn find(platform: Platform) -> Result<Self, NoClang> {
        // A name that is given is meant: no other is taken instead.
        let named = env::var_os("ASSAY_CLANG").filter(|value| !value.is_empty()).map(PathBuf::from);
        let path = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = env::split_paths(&path).collect();
        let installed = || COMPILERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        let candidates: Vec<PathBuf> = named.map_or_else(|| installed().collect(), |named| vec![named]);
        let mut tried = Vec::new();
        for path in candidates.into_iter().filter(|path| path.is_file()) {
            let Some(version) = first_line(&path, "--version") else { continue };
            if platform == Platform::Native || said(&path, "--print-targets").is_some_and(|all| all.contains("riscv64"))
            {
                return Ok(Self { path, version });
            }
            tried.push(path);
        }
        Err(NoClang { tried })
    }
}

/// One guest in C for one platform.
pub(super) struct Compilation<'a> {
    pub(super) clang: &'a Clang,
    pub(super) toolchain: &'a Toolchain,
    /// What it runs on; `None` natively.
    pub(super) isa: Option<Isa>,
    /// The folder of the sources.
    pub(super) sources: &'a Path,
    /// The folder of the runtime's headers.
    pub(super) headers: &'a Path,
    /// Where files go.
    pub(super) output: &'a Path,
    /// The only folder that is written to.
    pub(super) confined: &'a Path,
    /// Who may give up.
    pub(super) give_up: Option<&'a dyn GiveUp>,
}

impl Compilation<'_> {
    /// Compiles every C file of the guest; the object files.
    pub(super) fn compile(&self, project: &Project, show: &mut dyn FnMut(&str)) -> Result<Vec<PathBuf>, BuildError> {
        let folder = self.output.join("objects");
        // Of another guest, or of another platform.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(io_at(&folder))?;
        let mut objects = Vec::new();
        for (number, file) in project.files.keys().filter(|file| is_c(file)).enumerate() {
            let object = folder.join(format!("{number}.o"));
            let mut command = self.command();
            command.args(self.target()).args(FLAGS);
            if self.isa.is_some() {
                command.args(HART_FLAGS);
            }
            for (folder, to) in [(self.sources, "."), (self.headers, "include")] {
                let mut map = OsString::from("-ffile-prefix-map=");
                map.push(folder);
                map.push("=");
                map.push(to);
                command.arg(map);
            }
            command.args(["-I", "."]);
            if project.files.keys().any(|file| file.starts_with("include/")) {
                command.args(["-I", "include"]);
            }
            command.arg("-isystem").arg(self.headers).arg("-isystem").arg(self.headers.join("libc"));
            // A name that begins with a minus is no option.
            command.args(["-c", "-o"]).arg(&object).arg("--").arg(file);
            watch(command, Some(self.confined), self.give_up, show)?;
            objects.push(object);
        }
        Ok(objects)
    }

    /// Links them to the executable `name`.
    pub(super) fn link(
        &self,
        name: &str,
        objects: &[PathBuf],
        library: &Library,
        show: &mut dyn FnMut(&str),
    ) -> Result<(), BuildError> {
        let executable = self.output.join(name);
        let hart = self.isa.zip(self.toolchain.linker.as_ref()).zip(library.script.as_ref());
        let mut command = if let Some(((isa, linker), script)) = hart {
            let path = self.output.join("link.x");
            fs::write(&path, format!("{script}\n{SCRIPT_END}")).map_err(io_at(&path))?;
            let mut command = self.tool(&linker.path);
            command.args(["-flavor", "gnu", "-m", if isa.xlen == Xlen::Rv32 { "elf32lriscv" } else { "elf64lriscv" }]);
            command.args(["-static", "--gc-sections", "--strip-all", "--build-id=none", "--orphan-handling=error"]);
            command.arg("-T").arg(path).args(objects).arg(&library.path);
            command
        } else {
            let mut command = self.command();
            command.args(objects).arg(&library.path);
            command.arg("-Wl,--wrap=main,--wrap=exit,--wrap=abort,--gc-sections,--strip-all,--build-id=none");
            command.args(NATIVE_LIBRARIES);
            command
        };
        command.arg("-o").arg(&executable);
        Ok(watch(command, Some(self.confined), self.give_up, show)?)
    }

    fn target(&self) -> Vec<String> {
        let Some(isa) = self.isa else { return Vec::new() };
        let (bits, abi) = match isa.xlen {
            Xlen::Rv32 => (32, "ilp32"),
            Xlen::Rv64 => (64, "lp64"),
        };
        vec![format!("--target=riscv{bits}-unknown-none-elf"), format!("-march=rv{bits}im"), format!("-mabi={abi}")]
    }

    fn command(&self) -> Command {
        self.tool(&self.clang.path)
    }

    fn tool(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.sources)
            .env_clear()
            .envs(environment(env::vars_os()))
            .env("TMPDIR", self.output)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}

/// Whether an object file takes a function of `zkvm_accelerators.h`: a guest that takes none need not have them built.
pub(super) fn uses_accelerators(objects: &[PathBuf]) -> bool {
    objects.iter().any(|path| {
        let small = fs::metadata(path).is_ok_and(|facts| facts.len() <= OBJECT_BYTES_MAX);
        let bytes = if small { fs::read(path).unwrap_or_default() } else { Vec::new() };
        object::File::parse(bytes.as_slice()).is_ok_and(|file| {
            file.symbols().any(|symbol| {
                symbol.is_undefined() && symbol.name().is_ok_and(|name| name.starts_with(ACCELERATOR_PREFIX))
            })
        })
    })
}

fn first_line(program: &Path, argument: &str) -> Option<String> {
    Some(said(program, argument)?.lines().next()?.trim().to_owned())
}

fn said(program: &Path, argument: &str) -> Option<String> {
    let mut command = Command::new(program);
    command.arg(argument).env_clear().envs(environment(env::vars_os())).stdin(Stdio::null());
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_what_to_install() {
        let none = NoClang { tried: Vec::new() }.to_string();
        assert!(none.contains("no clang") && none.contains("apt-get install clang-19 lld-19"), "{none}");
        let other = NoClang { tried: vec!["/opt/clang".into()] }.to_string();
        assert!(other.contains("/opt/clang knows no RISC-V"), "{other}");
    }
}
