//! `assay tile`: functions that are programs of their own, run, previewed, proved and verified; the rest is in a file
//! each.
//!
//! What `assay sequence` needs besides is here, too: a crate of tiles, its backends, its inputs, and what its errors
//! stand for.

mod diff;
mod input;
mod list;
mod new;
mod open;
mod prove;
mod run;
mod text;
mod verify;

use assay_spec::ExitCode;

pub(crate) use self::{
    input::{input, keep_salt},
    open::{artifact, backend, check_gpu, failure, open},
    text::{answer_text, input_text, proof_devices},
    verify::{INSECURE, expected_input, expected_output, is_crate_of_tiles, is_insecure},
};
use crate::{
    arguments::{Format, TileCommand},
    failure::Failure,
};

pub(crate) fn run(command: &TileCommand) -> Result<ExitCode, Failure> {
    match command {
        TileCommand::List { place, output } => list::run(place, output),
        TileCommand::New { folder } => new::run(folder),
        TileCommand::Diff(arguments) => diff::run(arguments),
        TileCommand::Run(arguments) => run::run(arguments, Cost::Left),
        TileCommand::Preview(arguments) => run::run(arguments, Cost::Asked),
        TileCommand::Prove(arguments) => prove::run(arguments),
        TileCommand::Verify(arguments) => verify::run(arguments),
    }
}

/// Whether it is asked what a proof would cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cost {
    Asked,
    Left,
}

fn is_json(format: Format) -> bool {
    format == Format::Json
}
