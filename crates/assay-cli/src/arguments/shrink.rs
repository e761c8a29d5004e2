//! The command line of shrinking findings.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use assay_fuzz::shrink::Options;
use clap::Args;

use super::{AgainArguments, OutputArguments, StoreArguments, parse_duration};

#[derive(Debug, Args)]
pub(crate) struct ShrinkArguments {
    /// A finding of the store, or the folder of a finding, wherever it was copied to
    #[arg(value_name = "FINDING|FOLDER")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Where the smallest case goes [default: minimized/ in the finding's folder in the store; out/shrunk/FINDING for a folder, and
    /// with --interesting]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Keep what this command calls interesting, in place of the same finding
    ///
    /// It is run by sh with the path of a seed file as its last argument, in a folder with input.bin and, for a core,
    /// fields.json. Exit code 0 is interesting, 125 cannot be judged, any other is boring.
    #[arg(long, value_name = "CMD")]
    pub(crate) interesting: Option<String>,
    /// Most tests; the best case so far is kept when they are made
    #[arg(long, value_name = "N", default_value_t = Options::DEFAULT_TESTS_MAX,
        value_parser = clap::value_parser!(u64).range(1..=TESTS_MAX), help_heading = "Limits")]
    pub(crate) max_tests: u64,
    /// Most time altogether, such as 90s or 10m; the best case so far is kept when it is up
    #[arg(long, value_name = "TIME", value_parser = parse_duration, help_heading = "Limits")]
    pub(crate) wall: Option<Duration>,
    /// How many cases are tested at a time; the result does not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = parse_workers, help_heading = "Limits")]
    pub(crate) workers: Option<NonZeroUsize>,
    /// Test what is interesting so many times more before it is believed, for findings that do not always show
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(crate) confirm: u32,
    /// Begin anew, even if a shrink of this finding was interrupted
    #[arg(long)]
    pub(crate) restart: bool,
    #[command(flatten)]
    pub(crate) again: AgainArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Greatest `--max-tests`: as many as a state remembers.
const TESTS_MAX: u64 = assay_spec::shrink::TESTED_CASES_MAX as u64;

/// Greatest `--workers`: each may be a runner with gigabytes of memory.
const WORKERS_MAX: usize = 256;

fn parse_workers(text: &str) -> Result<NonZeroUsize, String> {
    let workers = text.parse::<NonZeroUsize>().ok().filter(|workers| workers.get() <= WORKERS_MAX);
    workers.ok_or_else(|| format!("expected a number from 1 to {WORKERS_MAX}"))
}
