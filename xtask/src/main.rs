//! Checks and chores of the workspace. `cargo xtask test` is all that CI runs.

mod command;
mod schemas;
mod stages;
mod tidy;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

/// Checks and chores of the workspace.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run everything that CI runs: one stage after the other, a summary line each.
    Test {
        /// Leave out what needs a zkVM: no runner is built and no smoke test is run.
        #[arg(long)]
        quick: bool,
        /// Build and test the snapshots of every zkVM, too; it takes some ten minutes more for each.
        #[arg(long, conflicts_with_all = ["quick", "stage"])]
        all: bool,
        /// Run only these stages; may be repeated. `--list` names them.
        #[arg(long, value_name = "NAME")]
        stage: Vec<String>,
        /// Name the stages and stop.
        #[arg(long)]
        list: bool,
    },
    /// Check what the compiler and clippy cannot say.
    Tidy,
    /// Write the JSON Schemas of every format into docs/schemas/.
    Schemas {
        /// Write nothing; fail if a committed schema is not what the code says.
        #[arg(long)]
        check: bool,
    },
    /// Build a runner and register it, as `assay backend install` does.
    BuildRunner {
        /// Folder below runners/.
        name: String,
    },
}

fn main() -> ExitCode {
    let root = root();
    let done = match Arguments::parse().task {
        Task::Test { list: true, .. } => stages::list(&root),
        Task::Test { stage, .. } if !stage.is_empty() => stages::run(&root, stages::Choice::Named(&stage)),
        Task::Test { quick: true, .. } => stages::run(&root, stages::Choice::Quick),
        Task::Test { all: true, .. } => stages::run(&root, stages::Choice::All),
        Task::Test { .. } => stages::run(&root, stages::Choice::Usual),
        Task::Tidy => tidy::run(&root).map(drop),
        Task::Schemas { check } => schemas::run(&root, check).map(drop),
        Task::BuildRunner { name } => stages::build_runner(&root, &name),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace").to_owned()
}
