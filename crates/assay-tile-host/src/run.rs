//! Running a tile on a backend without proving it, and what came of it.
//!
//! A backend's outcome says how the program ended; here it is said what that means for the tile. What a program claims
//! about itself is compared with what was run, so that a program that claims anything else has not answered. How
//! programs are built and kept is not known here, nor is what is shown of a run.

use assay_backend::{Backend, Job, Limits};
use assay_spec::{
    Outcome, Platform, ProofDevice, Status, TileAnswer, TileBudget, TileManifest, TilePublish, TileRun, proof_cycles,
};
use assay_tile::{Claim, failure_in_log};

use crate::{
    answer::{failed, is_padded, published},
    artifact::Artifact,
    device::proof_device,
    error::{OutputLimit, TileError},
    input::TileInputBytes,
};

/// Most characters of what a program or a backend said that are a reason.
const SAID_CHARS_MAX: usize = 1024;

/// What is in the text that Assay's runtime panics with on OpenVM, whose guests have an array of public values, where
/// an output does not fit it. The program's own word is taken for it.
const OPENVM_OUTPUT: &str = " bytes passes OpenVM's ";

/// Runs a tile, with the exact cost of proving the run if `cost` and the backend can say it.
///
/// Everything that the program does is a [`TileRun`]; an error means that there was none.
pub fn run_tile(
    backend: &mut dyn Backend,
    artifact: &Artifact,
    input: &TileInputBytes,
    limits: &Limits,
    cost: bool,
) -> Result<TileRun, TileError> {
    let framed = input.framed()?;
    let outcome = backend.execute(&Job { guest: &artifact.guest, input: &framed, limits, cost })?;
    Ok(tile_run(&artifact.manifest, input, outcome, proof_device(backend.description())))
}

/// What `outcome`, of the program of `manifest` with `input`, means, where `device` makes proofs.
pub(crate) fn tile_run(
    manifest: &TileManifest,
    input: &TileInputBytes,
    outcome: Outcome,
    device: Option<ProofDevice>,
) -> TileRun {
    let run = &outcome.run;
    let cycles = run.cycles.as_ref().map(|cycles| cycles.total).or(run.instructions);
    let budget = manifest.budget_cycles.zip(cycles);
    TileRun {
        tile_id: manifest.tile_id.clone(),
        method_id: manifest.method_id.clone(),
        publish: manifest.publish,
        input: input.bound(manifest.publish),
        answer: answer_of(manifest, input, &outcome),
        cycles,
        proof_cycles: cycles.map(proof_cycles),
        budget: budget.map(|(budget, cycles)| TileBudget { cycles: budget, kept: cycles <= budget }),
        proof_device: device,
        elapsed_ms: outcome.elapsed.execute_ms,
        outcome,
    }
}

fn answer_of(manifest: &TileManifest, input: &TileInputBytes, outcome: &Outcome) -> TileAnswer {
    let run = &outcome.run;
    if manifest.publish == TilePublish::Plain && run.status == Status::Failed {
        // What is not public is in the log. It counts for no more than any other word of the program.
        let failure = run.guest_log.as_deref().and_then(failure_in_log);
        if let Some(failure) = failure {
            return failed(failure, &manifest.abi);
        }
    }
    if run.status != Status::Ok {
        return TileAnswer::Nothing { reason: no_answer(manifest, outcome) };
    }
    let padded = is_padded(outcome.backend.platform);
    let published = match published(&run.output.0, manifest.publish, padded, &manifest.abi) {
        Ok(published) => published,
        Err(error) => return TileAnswer::Nothing { reason: error.to_string() },
    };
    let wrong = published.claim.and_then(|claim| claims_another(&claim, manifest, input));
    wrong.map_or(published.answer, |reason| TileAnswer::Nothing { reason })
}

/// What of a claim is not about this tile and this input, if anything.
fn claims_another(claim: &Claim, manifest: &TileManifest, input: &TileInputBytes) -> Option<String> {
    if claim.tile != manifest.tile_digest.0 {
        return Some("it claims to be another tile than it was built of".to_owned());
    }
    if claim.runtime_version != manifest.runtime_version {
        let (found, built) = (claim.runtime_version, manifest.runtime_version);
        return Some(format!("it claims runtime version {found}, and was built with {built}"));
    }
    if claim.input != input.binding() {
        return Some("it claims to have answered another input than it was given".to_owned());
    }
    None
}

/// Why a program that did not end well gave no answer.
fn no_answer(manifest: &TileManifest, outcome: &Outcome) -> String {
    if let Some(passed) = output_limit(manifest, outcome) {
        return passed.to_string();
    }
    let run = &outcome.run;
    let how = match (run.status, &run.trap, run.exit_code) {
        (Status::Failed, _, Some(code)) => format!("it exited with {code}"),
        (Status::Panic, ..) => "it panicked".to_owned(),
        (Status::Trap, Some(trap), _) => format!("it trapped: {trap}"),
        (status, ..) => status.to_string(),
    };
    let log = || run.guest_log.as_deref().map(str::trim).filter(|log| !log.is_empty() && run.status == Status::Failed);
    match run.message.as_deref().or_else(log) {
        Some(said) => format!("{how}: {}", said.chars().take(SAID_CHARS_MAX).collect::<String>()),
        None => how,
    }
}

/// Whether a run ended because its output is longer than the backend has room for.
pub(crate) fn output_limit(manifest: &TileManifest, outcome: &Outcome) -> Option<OutputLimit> {
    let run = &outcome.run;
    let message = run.message.as_deref().unwrap_or("the output limit was reached");
    let said = match (run.status, outcome.backend.platform) {
        (Status::OutputLimit, _) => message,
        (Status::Panic, Platform::OpenVm) => {
            let said = &message[message.rfind("an output of ")?..];
            Some(said).filter(|said| said.contains(OPENVM_OUTPUT))?
        }
        _ => return None,
    };
    Some(OutputLimit {
        tile: manifest.tile_id.clone(),
        backend: outcome.backend.name.clone(),
        said: said.chars().take(SAID_CHARS_MAX).collect(),
        claim: manifest.publish == TilePublish::Claim,
    })
}

#[cfg(test)]
mod tests;
