//! The command line of keeping runs, running them again, and findings.

use std::path::PathBuf;

use clap::Args;

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
