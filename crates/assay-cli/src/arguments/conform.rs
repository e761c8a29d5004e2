//! What can be said to `assay conform`.

use std::path::PathBuf;

use assay_isa::Isa;
use clap::Args;

use super::{CommonArguments, parse_isa};

#[derive(Debug, Args)]
pub(crate) struct ConformArguments {
    /// What is tried, such as sp1, native, or reference@sp1 for the reference machine of its platform
    #[arg(short, long, value_name = "NAME", default_value = "reference")]
    pub(crate) backend: String,
    /// Only cases whose name is so, such as `input/*`; repeat it
    #[arg(long, value_name = "GLOB")]
    pub(crate) case: Vec<String>,
    /// Only guests of this instruction set, of a platform that has several
    #[arg(long, value_name = "ISA", value_parser = parse_isa)]
    pub(crate) isa: Option<Isa>,
    /// Show the cases and run none
    #[arg(long)]
    pub(crate) list: bool,
    /// Try proofs, too: of guests that fail, and with claims that were changed
    #[arg(long)]
    pub(crate) with_proofs: bool,
    /// The same as --format json
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the results to this file as `JUnit` XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}
