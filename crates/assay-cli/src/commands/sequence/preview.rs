//! `assay sequence preview`.

use assay_spec::ExitCode;
use assay_tile_host::sequence::run_sequence;

use super::{
    exit_code_of_run,
    planned::{Planned, Purpose},
    text, tile,
};
use crate::{
    arguments::{Format, SequencePreviewArguments},
    commands::{print, print_json},
    failure::Failure,
    session::Session,
    terminal::Progress,
};

pub(super) fn run(arguments: &SequencePreviewArguments) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    let project = tile::open(&session, &arguments.place.path)?;
    let (planned, mut backends) =
        Planned::new(&session, &project, &arguments.sequence, &arguments.backend, &arguments.input, Purpose::Run)?;
    let Planned { known, input, .. } = &planned;
    let steps = planned.steps(&[]);
    let progress = Progress::start(format!("running {}", arguments.sequence));
    let report = run_sequence(known, &steps, &mut backends.open, input, session.limits(), true);
    drop(progress);
    let report = report.map_err(|error| tile::failure(&session, error))?;
    match arguments.run.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => print(&(text::run(&report) + &tile::proof_devices(&report.steps)))?,
    }
    let kept = report.steps.iter().all(|run| run.budget.as_ref().is_none_or(|budget| budget.kept));
    Ok(match exit_code_of_run(&report) {
        ExitCode::Ok if !kept => ExitCode::GuestFailed,
        exit => exit,
    })
}
