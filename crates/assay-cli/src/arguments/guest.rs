//! What can be said to `assay guest`.

use std::{path::PathBuf, str::FromStr};

use assay_isa::Isa;
use assay_spec::Platform;
use clap::{Args, Subcommand};

use super::{OutputArguments, parse_isa};

#[derive(Debug, Subcommand)]
pub(crate) enum GuestCommand {
    /// Show the guests that come with Assay, their inputs and an example of each
    List {
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Build guests that come with Assay
    Build(GuestBuildArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GuestBuildArguments {
    /// Which guests; all of a platform are built at once, so the second one costs nothing
    #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) names: Vec<String>,
    /// Every guest
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
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::One).map_err(|error| format!("{error}; or all"))
    }
}
