//! `assay sequence`: tiles that feed one another, run and proved together.

mod choice;
mod planned;
mod preview;
mod prove;
mod text;
mod verify;

use assay_spec::{ExitCode, SequenceReport, TileAnswer};

use super::{exit_code_of, print, print_json, tile};
use crate::{
    arguments::{Format, OutputArguments, SequenceCommand, TilePlaceArguments},
    failure::Failure,
    session::Session,
};

pub(crate) fn run(command: &SequenceCommand) -> Result<ExitCode, Failure> {
    match command {
        SequenceCommand::List { place, output } => list(place, output),
        SequenceCommand::Preview(arguments) => preview::run(arguments),
        SequenceCommand::Prove(arguments) => prove::run(arguments),
        SequenceCommand::Verify(arguments) => verify::run(arguments),
    }
}

fn list(place: &TilePlaceArguments, output: &OutputArguments) -> Result<ExitCode, Failure> {
    let list = tile::open(&Session::with_defaults(), &place.path)?.list();
    match output.format {
        Format::Json => print_json(&list)?,
        Format::Human => print(&text::listed(&list))?,
    }
    Ok(ExitCode::Ok)
}

/// What the run of a sequence stands for.
fn exit_code_of_run(report: &SequenceReport) -> ExitCode {
    match &report.answer {
        TileAnswer::Output { .. } => ExitCode::Ok,
        TileAnswer::Failure { .. } => ExitCode::GuestFailed,
        // A program that ended well and said nothing that a tile says leaves nothing to conclude.
        TileAnswer::Nothing { .. } => match report.steps.last().map(|run| exit_code_of(&run.outcome)) {
            Some(ExitCode::Ok) | None => ExitCode::Inconclusive,
            Some(exit) => exit,
        },
    }
}
