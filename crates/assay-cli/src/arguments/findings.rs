//! The command line of keeping runs, running them again, and findings.

use std::{path::PathBuf, str::FromStr, time::Duration};

use assay_backend::Sandbox;
use clap::Args;

use super::{OutputArguments, parse_duration};
use crate::store_place::store_place;

/// Where runs are kept.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// The store of runs and findings [default: $ASSAY_STORE, or out/store]
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
}

impl StoreArguments {
    pub(crate) fn place(&self) -> PathBuf {
        store_place(self.store.clone())
    }
}

/// Where a run is kept, if it is.
#[derive(Debug, Args)]
pub(crate) struct KeepArguments {
    /// Keep the run in this store [default: $ASSAY_STORE, or out/store]
    #[arg(long, value_name = "DIR", conflicts_with = "no_store")]
    pub(crate) store: Option<PathBuf>,
    /// Do not keep the run
    #[arg(long)]
    pub(crate) no_store: bool,
}

impl KeepArguments {
    /// `None` if it is not to be kept.
    pub(crate) fn place(&self) -> Option<PathBuf> {
        (!self.no_store).then(|| store_place(self.store.clone()))
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// A run, a finding, or the folder of a finding, wherever it was copied to
    #[arg(value_name = "RUN|FINDING|FOLDER")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Run it so often, and say how often it is reproduced
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=TIMES_MAX))]
    pub(crate) times: u64,
    /// Run it on this installed runner in place of the backend's own, such as sp1=sp1-5; repeat it
    #[arg(long = "with", visible_alias = "backend-version", value_name = "BACKEND=RUNNER")]
    pub(crate) stand_ins: Vec<StandIn>,
    /// Wall limit of each run [default: that of the kept run]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,
    /// Whether runners are started in a sandbox: off, best-effort (as far as the kernel gives one), required
    #[arg(long, value_name = "MODE", default_value = "best-effort")]
    pub(crate) sandbox: Sandbox,
    /// Build missing runners without asking
    #[arg(long)]
    pub(crate) install: bool,
    /// Leave planted faults out: shows that a finding that is no longer there is told
    #[arg(long, hide = true)]
    pub(crate) without_planted_faults: bool,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Greatest `--times`.
const TIMES_MAX: u64 = 1_000_000;

/// `sp1=sp1-5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StandIn {
    pub(crate) backend: String,
    pub(crate) runner: String,
}

impl FromStr for StandIn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((backend, runner)) if !backend.is_empty() && !runner.is_empty() => {
                Ok(Self { backend: backend.to_owned(), runner: runner.to_owned() })
            }
            _ => Err("expected BACKEND=RUNNER, such as sp1=sp1-5".to_owned()),
        }
    }
}
