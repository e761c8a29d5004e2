//! What can be said to `assay snapshot`.

use std::path::PathBuf;

use assay_backend::Sandbox;
use assay_snapshot::source::crates::CrateRequest;
use clap::{ArgGroup, Args, Subcommand};

use super::OutputArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotCommand {
    /// Put the sources of a commit, or of published crates, into a folder of their own
    ///
    /// Every file is checked: against the commit's id, or against the checksum of the crate's archive. Nothing of the sources is
    /// run, and nothing is written outside of the folder.
    Install(SnapshotInstallArguments),
    /// Show the catalogue and what of it is here
    List {
        #[command(flatten)]
        place: PlaceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Say what a snapshot is of, what was done to it, and how far it is known to come on this machine
    Status {
        #[command(flatten)]
        which: WhichArguments,
        /// Find out: run a built-in guest through every verb of the snapshot's runner, and remember what worked
        #[arg(long)]
        measure: bool,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Compare every file of a snapshot with what it was made as
    ///
    /// Exit codes: 0 nothing differs, 2 something does.
    Verify {
        #[command(flatten)]
        which: WhichArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Apply the passes of the snapshot's family: helper crate, switchable guards, trace records
    ///
    /// All of them or none: where the sources are not what a pass expects, nothing is changed and the place is named.
    Patch {
        #[command(flatten)]
        which: WhichArguments,
        /// Show what would change, as a unified diff
        #[arg(long)]
        dry_run: bool,
        /// Another family of pass sets than the catalogue says
        #[arg(long, value_name = "NAME")]
        family: Option<String>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Give patched files back as they were
    Unpatch {
        #[command(flatten)]
        which: WhichArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Build the snapshot's runner, and register it as the backend ZKVM@NAME
    ///
    /// What is needed is fetched first. Then build scripts and macros of the sources run in a sandbox: without the network, and
    /// writing only where they build.
    Build(SnapshotBuildArguments),
    /// Remove a snapshot, and its backend; records of its runs stay
    Remove {
        #[command(flatten)]
        which: WhichArguments,
        /// Even if it is patched, or cannot be read
        #[arg(long)]
        force: bool,
    },
}

/// Where snapshots are, and what is known about them.
#[derive(Clone, Debug, Args)]
pub(crate) struct PlaceArguments {
    /// The folder that holds snapshots
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// A catalogue of one's own, before the one that comes with Assay
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
}

/// Which snapshot of those that are here.
#[derive(Clone, Debug, Args)]
pub(crate) struct WhichArguments {
    /// The snapshot, such as openvm@2.0.2; or a zkVM, with --commit
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) snapshot: String,
    /// Its name, where SNAPSHOT is a zkVM: an alias, or a commit
    #[arg(long, value_name = "ALIAS|HASH")]
    pub(crate) commit: Option<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("of").required(true).args(["commit", "crates"]))]
pub(crate) struct SnapshotInstallArguments {
    /// The zkVM, such as openvm
    #[arg(value_name = "ZKVM")]
    pub(crate) zkvm: String,
    /// An alias of the catalogue (see assay snapshot list), or the id of a commit
    #[arg(long, value_name = "ALIAS|HASH")]
    pub(crate) commit: Option<String>,
    /// A published crate, such as openvm-circuit@2.0.2; repeat it for more
    #[arg(long = "crate", value_name = "NAME@VERSION", conflicts_with = "source")]
    pub(crate) crates: Vec<CrateRequest>,
    /// A git repository that has the commit: a folder, bare or not, or a URL [default: the catalogue's]
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) source: Option<String>,
    /// A folder of mirrors, in place of the URLs of the catalogue and of what the passes need beside the commit
    #[arg(long, value_name = "DIR")]
    pub(crate) mirror: Option<PathBuf>,
    /// The family of pass sets, or none [default: the catalogue's, else the zkVM's only one]
    #[arg(long, value_name = "NAME")]
    pub(crate) family: Option<String>,
    /// Another name than the alias, the commit's first digits or the crate's version
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Leave out this path of the sources; repeat it for more
    #[arg(long, value_name = "PATH")]
    pub(crate) exclude: Vec<String>,
    /// Replace a snapshot of that name
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SnapshotBuildArguments {
    #[command(flatten)]
    pub(crate) which: WhichArguments,
    #[command(flatten)]
    pub(crate) with: BuildWithArguments,
    /// Whether build scripts run in a sandbox: off, best-effort (as far as the kernel gives one), required
    #[arg(long, value_name = "MODE", default_value = "best-effort")]
    pub(crate) sandbox: Sandbox,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// What a snapshot's runner is built with.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct BuildWithArguments {
    /// A folder with a template of the runner in place of the family's
    #[arg(long, value_name = "DIR")]
    pub(crate) template: Option<PathBuf>,
    /// The toolchain that builds it, by rustup's name, whatever the sources ask for
    #[arg(long, value_name = "NAME")]
    pub(crate) toolchain: Option<String>,
    /// A folder of mirrors, one for each git dependency, in place of their URLs
    #[arg(long, value_name = "DIR")]
    pub(crate) mirror: Option<PathBuf>,
    /// A folder of vendored crates in place of their registry
    #[arg(long, value_name = "DIR")]
    pub(crate) vendor: Option<PathBuf>,
    /// Ask nothing of the network: all that is needed is in cargo's cache, a mirror or a vendored folder
    #[arg(long)]
    pub(crate) offline: bool,
}
