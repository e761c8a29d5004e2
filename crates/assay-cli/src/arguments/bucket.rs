//! What can be said to `assay bucket`, and to `assay trace import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{OutputArguments, TraceArguments};

/// `assay trace`: a run, or something else with traces.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct TraceCommand {
    #[command(subcommand)]
    pub(crate) other: Option<TraceSubcommand>,
    #[command(flatten)]
    pub(crate) run: TraceArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TraceSubcommand {
    /// Read records from another tool's log and keep them as a trace
    ///
    /// Records stand in the log as <record>{json}</record>, among any other text. The JSON is a record as Assay
    /// writes them, or one with other names for the same fields; what cannot be read is counted and skipped, with the
    /// reasons.
    Import(ImportArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The log; - is standard input
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// Where the records go, as `micro_op_records.json`
    #[arg(long, value_name = "DIR", default_value = "out/imported")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BucketCommand {
    /// Show every bucket, and on which backends it can be seen
    List {
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Say what a bucket matches, the bugs behind it, and an example
    Explain {
        /// Its id, such as `sem.control.jalr_low_bit`
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Say which buckets a trace hits
    Match {
        /// A folder that `assay trace` made, a file of records (.json or .jsonl), or - for standard input
        #[arg(value_name = "TRACE")]
        trace: PathBuf,
        /// Keep the hits in this folder, as `bucket_hits.json`
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Trace a guest, keep the trace and which buckets it hits
    ///
    /// Leaves the records, what the backend printed, and `bucket_hits.json` in the folder.
    Run(Box<BucketRunArguments>),
}

#[derive(Debug, Args)]
#[command(mut_arg("backend", |arg| arg.conflicts_with("zkvm")))]
pub(crate) struct BucketRunArguments {
    #[command(flatten)]
    pub(crate) trace: TraceArguments,
    /// Run on a snapshot of this zkVM, built with --install where it is not
    #[arg(long, value_name = "NAME", requires = "commit", help_heading = "Snapshot")]
    pub(crate) zkvm: Option<String>,
    /// Which snapshot: an alias of the catalogue, or a commit
    #[arg(long, value_name = "ALIAS|HASH", requires = "zkvm", help_heading = "Snapshot")]
    pub(crate) commit: Option<String>,
    /// The folder that holds snapshots
    #[arg(long, value_name = "DIR", default_value = "out", help_heading = "Snapshot")]
    pub(crate) snapshots: PathBuf,
    /// A catalogue of one's own, before the one that comes with Assay
    #[arg(long, value_name = "FILE", help_heading = "Snapshot")]
    pub(crate) catalogue: Option<PathBuf>,
    /// Keep the trace only
    #[arg(long)]
    pub(crate) trace_only: bool,
}
