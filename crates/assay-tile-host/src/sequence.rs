//! Sequences on backends: what comes out of a tile goes into the next, each on the backend that it is given.
//!
//! A sequence ends with its last tile or with the first that does not answer. Its tiles make claims public, since
//! those are what ties one proof to the next. A backend that several tiles run on is one backend, whose process stays
//! warm between them. How tiles are built is not known here, nor which backends there are, nor where proofs are kept.

mod prove;
mod verify;

use std::time::Instant;

use assay_backend::{Backend, Limits};
use assay_spec::{Digest, SequenceReport, SequenceTotal, TileAnswer, TilePublish, TileRun, schema::Versioned as _};

pub use prove::{ProvedSequence, prove_sequence, receipt_file};
pub use verify::{Against, ExpectedProgram, ExpectedSequence, Surroundings, verify_sequence};

use crate::{
    artifact::Artifact,
    chain::{ChainError, KnownSequence},
    error::TileError,
    input::TileInputBytes,
    project::TileProject,
    run::run_tile,
};

/// Name of what the proofs say together in the folder that they are kept in.
pub const SEQUENCE_FILE: &str = "sequence.json";

/// A tile of a sequence, and what runs it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Its program for that backend.
    pub artifact: &'a Artifact,
    /// Which of the backends runs it, by its index.
    pub backend: usize,
    /// The kind of proof that is made of it; the backend's first if none is named.
    pub kind: Option<&'a str>,
}

impl KnownSequence {
    /// The sequence `id` as its crate has it.
    pub fn of(project: &TileProject, id: &str) -> Result<Self, TileError> {
        let tile = |id: &String| Ok((id.clone(), Digest(project.tile(id)?.digest)));
        let tiles = project.sequence(id)?.tiles.iter().map(tile).collect::<Result<_, TileError>>()?;
        let (package, version) = (project.package().to_owned(), project.package_version().to_owned());
        Ok(Self { package, version, id: id.to_owned(), tiles })
    }
}

/// Runs a sequence, with the exact cost of proving where `cost` and the backends can say it.
///
/// Everything that the programs do is in the report; an error means that a step could not be run at all.
///
/// # Panics
///
/// If a step has an index that no backend has.
pub fn run_sequence(
    known: &KnownSequence,
    steps: &[Step<'_>],
    backends: &mut [Box<dyn Backend>],
    input: &TileInputBytes,
    limits: &Limits,
    cost: bool,
) -> Result<SequenceReport, TileError> {
    fits(known, steps)?;
    let started = Instant::now();
    let runs = each(steps, input, |step, input| {
        let run = run_tile(backends[step.backend].as_mut(), step.artifact, input, limits, cost)?;
        Ok((run, Some(())))
    })?;
    let runs = runs.into_iter().map(|(run, _)| run).collect();
    Ok(report(known, runs, started))
}

/// Whether the steps are those of the sequence, and make claims.
fn fits(known: &KnownSequence, steps: &[Step<'_>]) -> Result<(), ChainError> {
    let (expected, found) = (known.tiles.len(), steps.len());
    if expected != found {
        return Err(ChainError::OtherLength { sequence: known.id.clone(), expected, found });
    }
    if steps.is_empty() {
        return Err(ChainError::Length { links: 0, tiles: 0 });
    }
    for (index, (step, (id, digest))) in steps.iter().zip(&known.tiles).enumerate() {
        let manifest = &step.artifact.manifest;
        if manifest.tile_digest != *digest {
            let expected = format!("{id} ({digest})");
            let found = format!("{} ({})", manifest.tile_id, manifest.tile_digest);
            return Err(ChainError::OtherTile { step: index + 1, expected, found });
        }
        if manifest.publish != TilePublish::Claim {
            return Err(ChainError::NoClaim { step: index + 1 });
        }
    }
    Ok(())
}

/// Does something with each step and its input, which is the output of the step before, up to the end, to the first
/// tile that has no output, or to the first step that nothing comes of.
fn each<'a, T>(
    steps: &[Step<'a>],
    input: &TileInputBytes,
    mut with: impl FnMut(&Step<'a>, &TileInputBytes) -> Result<(TileRun, Option<T>), TileError>,
) -> Result<Vec<(TileRun, Option<T>)>, TileError> {
    let mut input = input.clone();
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let (run, more) = with(step, &input)?;
        let output = match &run.answer {
            TileAnswer::Output { bytes, .. } if more.is_some() => Some(bytes.0.clone()),
            _ => None,
        };
        done.push((run, more));
        match output {
            // What one tile says to the next is in the open: its claim has the digest.
            Some(output) => input = TileInputBytes::public(output),
            None => break,
        }
    }
    Ok(done)
}

fn report(known: &KnownSequence, steps: Vec<TileRun>, started: Instant) -> SequenceReport {
    let answer = steps
        .last()
        .map_or_else(|| TileAnswer::Nothing { reason: "no tile was run".to_owned() }, |run| run.answer.clone());
    let sum = |of: fn(&TileRun) -> Option<u64>| {
        steps.iter().map(of).try_fold(0_u64, |sum, value| Some(sum.saturating_add(value?)))
    };
    let total = SequenceTotal {
        cycles: sum(|run| run.cycles),
        proof_cycles: sum(|run| run.proof_cycles),
        elapsed_ms: started.elapsed().as_secs_f64() * 1000.0,
        peak_memory_bytes: steps.iter().filter_map(|run| run.outcome.run.peak_memory_bytes).max(),
    };
    let (tiles, sequence_id) = (known.tiles.len() as u64, known.id.clone());
    SequenceReport { schema: SequenceReport::tag(), sequence_id, steps, tiles, answer, total }
}

#[cfg(test)]
mod tests;
