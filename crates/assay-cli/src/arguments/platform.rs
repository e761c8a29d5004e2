//! What can be said to `assay platform`.

use assay_spec::Platform;
use clap::Subcommand;

use super::OutputArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum PlatformCommand {
    /// Show memory, calls, exit and limits of platforms, and how guests get accelerators done on each
    ///
    /// An accelerator is an ecall of the reference machine, guest code around calls of the zkVM, or guest code alone.
    Show {
        /// Which platform [default: all, in short]
        #[arg(value_name = "PLATFORM")]
        platform: Option<Platform>,
        #[command(flatten)]
        output: OutputArguments,
    },
}
