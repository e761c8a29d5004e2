//! `assay tile run` and `assay tile preview`: a tile on one or several backends, not proved.

use assay_spec::{ExitCode, Platform, TileAnswer, TilePublish, TileReport, TileRun, schema::Versioned as _};
use assay_tile_host::run_tile;

use super::{
    Cost, input, is_json,
    open::{artifact, backend, failure, open, tile_id},
    text,
};
use crate::{
    arguments::TileRunArguments,
    commands::{exit_code_of, print, print_json},
    failure::Failure,
    session::Session,
    terminal::{self, Progress},
};

pub(super) fn run(arguments: &TileRunArguments, cost: Cost) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    let project = open(&session, &arguments.place.path)?;
    let id = tile_id(&session, &project, arguments.tile.as_deref())?;
    let tile = project.tile(&id).map_err(|error| failure(&session, error))?;
    let input = input(&arguments.input, &tile.input)?;
    let publish = publish(arguments.plain);
    let mut runs = Vec::new();
    for name in &arguments.backend {
        let (target, mut backend) = backend(&session, name)?;
        let artifact = artifact(&session, &project, &id, &target, publish, backend.as_mut())?;
        let progress = Progress::start(format!("running {id} on {}", target.backend));
        backend.on_progress(progress.callback());
        let run = run_tile(backend.as_mut(), &artifact, &input, session.limits(), cost == Cost::Asked);
        drop(progress);
        runs.push(run.map_err(|error| failure(&session, error))?);
    }
    let exit = exit_code(&runs, cost);
    if is_json(arguments.run.output.format) {
        print_json(&TileReport { schema: TileReport::tag(), runs })?;
    } else {
        print(&text::runs(&runs, cost))?;
    }
    if exit == ExitCode::Divergence {
        terminal::note(&"the backends answered differently; `assay tile diff` looks for where they part");
    }
    Ok(exit)
}

/// What is made public.
pub(super) fn publish(plain: bool) -> TilePublish {
    if plain { TilePublish::Plain } else { TilePublish::Claim }
}

fn exit_code(runs: &[TileRun], cost: Cost) -> ExitCode {
    if let Some((first, others)) = runs.split_first()
        && others.iter().any(|other| differ(first, other))
    {
        return ExitCode::Divergence;
    }
    let codes = runs.iter().map(|run| exit_code_of_run(run, cost));
    codes.into_iter().find(|code| *code != ExitCode::Ok).unwrap_or(ExitCode::Ok)
}

/// What a run stands for, where how the tile fares is the question.
pub(super) fn exit_code_of_run(run: &TileRun, cost: Cost) -> ExitCode {
    match &run.answer {
        TileAnswer::Output { .. } => match &run.budget {
            Some(budget) if cost == Cost::Asked && !budget.kept => ExitCode::GuestFailed,
            _ => ExitCode::Ok,
        },
        TileAnswer::Failure { .. } => ExitCode::GuestFailed,
        // A program that ended well and said nothing that a tile says leaves nothing to conclude.
        TileAnswer::Nothing { .. } => match exit_code_of(&run.outcome) {
            ExitCode::Ok => ExitCode::Inconclusive,
            exit => exit,
        },
    }
}

/// Whether two runs came to answers that are not the same.
fn differ(one: &TileRun, other: &TileRun) -> bool {
    let is_answer = |run: &TileRun| !matches!(run.answer, TileAnswer::Nothing { .. });
    // An output without a length and without a shape cannot be told from the zeros behind it.
    let endless = |run: &TileRun| {
        run.publish == TilePublish::Plain
            && run.outcome.backend.platform == Platform::OpenVm
            && matches!(run.answer, TileAnswer::Output { value: None, .. })
    };
    is_answer(one) && is_answer(other) && one.answer != other.answer && !endless(one) && !endless(other)
}
