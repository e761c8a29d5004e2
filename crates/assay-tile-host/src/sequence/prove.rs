//! Proving a sequence: a receipt for each tile, and the chain over what they claim.

use std::time::Instant;

use assay_backend::{Backend, Limits};
use assay_spec::{
    Digest, Receipt, SequenceLink, SequenceReceipt, SequenceReport, TileAnswer, TileReceipt, schema::Versioned as _,
    tile_sequence::SequenceTile,
};

use assay_tile::CLAIM_BYTES;

use super::{Step, each, fits, report, run_sequence};
use crate::{
    chain::{self, KnownSequence, Proved},
    error::{OutputLimit, TileError},
    input::TileInputBytes,
    proofs::receipt_name,
    prove::{provable, prove_tile},
    run::output_limit,
};

/// What proving a sequence came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvedSequence {
    /// What the tiles did.
    pub report: SequenceReport,
    /// What the proofs say together; absent where a tile came to no end that was proved.
    pub envelope: Option<SequenceReceipt>,
}

/// Name of the file with the receipt of this digest, of the tile `id` at `step`, counted from 1.
pub fn receipt_file(step: usize, id: &str, receipt: &Digest) -> String {
    receipt_name(&format!("{step:03}-{id}"), receipt)
}

/// Proves a sequence up to its end, or up to the tile that fails: a failure is proved as one.
///
/// All of it is run before anything is proved, so that what comes to no answer is found out in the time of a run.
/// `told` hears of each step before it is proved, counted from 1; `keep` gets each receipt as soon as it is there,
/// and what is to stand beside it, which names the [file](receipt_file) that it belongs in.
///
/// # Errors
///
/// [`TileError::Backend`] before anything is run, if a backend has no such kind of proof;
/// [`TileError::OutputLimit`] before anything is proved, if a tile's output is longer than its backend has room for;
/// [`TileError::Identity`] if a proof is of another program than the tile's.
///
/// # Panics
///
/// If a step has an index that no backend has.
pub fn prove_sequence(
    known: &KnownSequence,
    steps: &[Step<'_>],
    backends: &mut [Box<dyn Backend>],
    input: &TileInputBytes,
    limits: &Limits,
    told: &mut dyn FnMut(usize),
    keep: &mut dyn FnMut(&TileReceipt, &Receipt) -> Result<(), TileError>,
) -> Result<ProvedSequence, TileError> {
    fits(known, steps)?;
    for step in steps {
        // Before the first is proved, which may take hours.
        provable(backends[step.backend].as_ref(), step.kind)?;
    }
    let started = Instant::now();
    let before = run_sequence(known, steps, backends, input, limits, false)?;
    if let Some((run, step)) = before.steps.last().zip(steps.get(before.steps.len() - 1))
        && let Some(passed) = output_limit(&step.artifact.manifest, &run.outcome)
    {
        // That it would fit in plain mode is no way out: a sequence has none.
        let said = format!("{} ({CLAIM_BYTES} of the bytes are its claim)", passed.said);
        return Err(TileError::OutputLimit(OutputLimit { said, claim: false, ..passed }));
    }
    if matches!(before.answer, TileAnswer::Nothing { .. }) {
        return Ok(ProvedSequence { report: before, envelope: None });
    }
    let mut number = 0;
    let proved = each(steps, input, |step, input| {
        number += 1;
        told(number);
        let proved = prove_tile(backends[step.backend].as_mut(), step.artifact, input, limits, step.kind)?;
        let Some((mut envelope, receipt)) = proved.envelope.zip(proved.receipt) else { return Ok((proved.run, None)) };
        envelope.receipt_file = receipt_file(number, &envelope.tile_id, &envelope.receipt_digest);
        keep(&envelope, &receipt)?;
        Ok((proved.run, Some((envelope, Proved::claimed(&receipt)?))))
    })?;
    let (runs, links): (Vec<_>, Vec<_>) = proved.into_iter().unzip();
    let report = report(known, runs, started);
    let Some(links) = links.into_iter().collect::<Option<Vec<_>>>() else {
        return Ok(ProvedSequence { report, envelope: None });
    };
    let (envelope, proofs) = seal(known, links);
    // A prover that proved something else than was run is found out here and not by who verifies.
    chain::check(&envelope, &proofs)?;
    Ok(ProvedSequence { report, envelope: Some(envelope) })
}

/// The file over these proofs.
fn seal(known: &KnownSequence, links: Vec<(TileReceipt, Proved)>) -> (SequenceReceipt, Vec<Proved>) {
    let mut chain = known.start();
    let mut steps = Vec::with_capacity(links.len());
    let mut proofs = Vec::with_capacity(links.len());
    for (tile, proved) in links {
        chain = chain::link(&chain, &proved);
        steps.push(SequenceLink { tile, output_digest: proved.output_digest(), chain });
        proofs.push(proved);
    }
    let tile = |(id, digest): &(String, _)| SequenceTile { tile_id: id.clone(), tile_digest: *digest };
    let envelope = SequenceReceipt {
        schema: SequenceReceipt::tag(),
        sequence_id: known.id.clone(),
        package: known.package.clone(),
        package_version: known.version.clone(),
        tiles: known.tiles.iter().map(tile).collect(),
        steps,
        commitment: chain,
    };
    (envelope, proofs)
}
