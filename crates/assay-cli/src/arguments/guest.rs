//! What can be said to `assay guest`.

use std::{path::PathBuf, str::FromStr};

use assay_isa::Isa;
use assay_spec::Platform;
use clap::{Args, Subcommand, ValueEnum};

use super::{OutputArguments, parse_isa};

#[derive(Debug, Subcommand)]
pub(crate) enum GuestCommand {
    /// Show the guests that come with Assay, their inputs and an example of each
    List {
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Build guests: those that come with Assay, a crate, a C file or a folder of C files
    ///
    /// A crate depends on assay-guest-rt, which Assay brings along. Building it runs its build scripts and macros: where the
    /// kernel has Landlock they can write in one folder of the cache only and open no connection; they can read what you can
    /// read. A folder of C files is one guest, with main in one of them; it needs clang and LLD. Hidden folders, links,
    /// `target` and `out` are left out. `assay doctor` says what is missing here.
    Build(GuestBuildArguments),
    /// Make a folder with a guest that builds for every platform as it is
    New {
        /// The folder; its last name is the guest's
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// What it is written in
        #[arg(long, value_name = "NAME", default_value = "rust")]
        lang: GuestLanguage,
    },
    /// Put what guests in C are linked with into a folder, for other ways of building: library, headers, linker script
    Library(GuestLibraryArguments),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GuestLanguage {
    /// A crate
    Rust,
    /// A C file
    C,
}

#[derive(Debug, Args)]
pub(crate) struct GuestLibraryArguments {
    /// What it is for: standard, risc0, sp1, openvm, native, or all of these
    #[arg(long, value_name = "NAME", default_value = "all")]
    pub(crate) platform: PlatformChoice,
    /// Instruction set: rv32im or rv64im [default: the platform's, 32-bit; every one with --platform all]
    #[arg(long, value_name = "ISA", value_parser = parse_isa)]
    pub(crate) isa: Option<Isa>,
    /// With the functions of `zkvm_accelerators.h`, which take minutes to build
    #[arg(long)]
    pub(crate) accelerators: bool,
    /// Where it goes
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct GuestBuildArguments {
    /// Names of guests that come with Assay, or paths of others; one that could be both is a name, unless it has a `/`
    #[arg(value_name = "NAME|PATH", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) names: Vec<String>,
    /// Every guest that comes with Assay
    #[arg(long)]
    pub(crate) all: bool,
    /// What they are built for: standard, risc0, sp1, openvm, native, or all of these
    #[arg(long, value_name = "NAME", default_value = "all")]
    pub(crate) platform: PlatformChoice,
    /// Instruction set: rv32im or rv64im [default: the platform's, 32-bit; every one with --platform all]
    #[arg(long, value_name = "ISA", value_parser = parse_isa)]
    pub(crate) isa: Option<Isa>,
    /// Put copies of the executables and their manifests into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Leave image ids out, which installed runners compute
    #[arg(long)]
    pub(crate) no_image_id: bool,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `all`, or one platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlatformChoice {
    All,
    One(Platform),
}

impl FromStr for PlatformChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            // No name of a platform elsewhere, where a hart is meant.
            "native" => Ok(Self::One(Platform::Native)),
            _ => text.parse().map(Self::One).map_err(|error| format!("{error}; or native, or all")),
        }
    }
}
