//! Proving a tile: run first, so that nothing is proved that has no proof; then proved; then what the proof says,
//! written down.

use assay_backend::{Backend, BackendError, Job, Limits};
use assay_spec::{
    Digest, Receipt, TileAnswer, TileManifest, TilePublish, TileReceipt, TileRun, schema::Versioned as _,
};

use crate::{
    answer::{is_padded, published},
    artifact::Artifact,
    device::proof_device,
    error::TileError,
    input::TileInputBytes,
    proofs::receipt_name,
    run::{output_limit, run_tile, tile_run},
};

/// Name of what a proof says in the folder that it is kept in.
pub const ENVELOPE_FILE: &str = "tile.json";

/// A tile that was proved, or could not be.
#[derive(Debug)]
pub struct ProvedTile {
    /// What the run came to that was proved, or that is not to be proved.
    pub run: TileRun,
    /// What the proof says. It [names](receipt_name) the receipt's file; whoever calls that otherwise says so there.
    pub envelope: Option<TileReceipt>,
    /// The proof. There is none where the program came to no answer, and in plain mode none of a failure.
    pub receipt: Option<Receipt>,
}

/// Runs a tile and proves the run with a proof kind of the backend, its first if none is named.
///
/// # Errors
///
/// [`TileError::OutputLimit`] before anything is proved, if the output is longer than the backend has room for;
/// [`TileError::Identity`] if the proof is of another program than the artifact.
pub fn prove_tile(
    backend: &mut dyn Backend,
    artifact: &Artifact,
    input: &TileInputBytes,
    limits: &Limits,
    kind: Option<&str>,
) -> Result<ProvedTile, TileError> {
    let manifest = &artifact.manifest;
    let default = provable(backend, kind)?;
    let run = run_tile(backend, artifact, input, limits, false)?;
    if let Some(passed) = output_limit(manifest, &run.outcome) {
        return Err(TileError::OutputLimit(passed));
    }
    let to_be_proved = match (&run.answer, manifest.publish) {
        (TileAnswer::Output { .. }, _) | (TileAnswer::Failure { .. }, TilePublish::Claim) => true,
        (TileAnswer::Failure { .. }, TilePublish::Plain) | (TileAnswer::Nothing { .. }, _) => false,
    };
    if !to_be_proved {
        return Ok(ProvedTile { run, envelope: None, receipt: None });
    }
    let framed = input.framed()?;
    let proved = backend.prove(&Job { guest: &artifact.guest, input: &framed, limits, cost: true }, kind)?;
    let mut run = tile_run(manifest, input, proved.outcome, proof_device(backend.description()));
    let Some(receipt) = proved.receipt else { return Ok(ProvedTile { run, envelope: None, receipt: None }) };
    let proved_id = &receipt.header.image_id;
    if default && *proved_id != manifest.method_id {
        return Err(TileError::Identity {
            folder: artifact.folder.clone(),
            what: "method id",
            kept_in: "manifest.json",
            kept: manifest.method_id.clone(),
            computed: proved_id.clone(),
        });
    }
    run.method_id.clone_from(proved_id);
    let envelope = envelope(manifest, input, &run, &receipt);
    Ok(ProvedTile { run, envelope: Some(envelope), receipt: Some(receipt) })
}

/// Whether `kind` is the backend's default kind, which method ids are kept of.
pub(crate) fn provable(backend: &dyn Backend, kind: Option<&str>) -> Result<bool, TileError> {
    let description = backend.description();
    let kinds: Vec<_> = description.proof_kinds.iter().map(|kind| kind.name.as_str()).collect();
    match (kinds.first(), kind) {
        (Some(_), None) => Ok(true),
        (Some(first), Some(asked)) if kinds.contains(&asked) => Ok(*first == asked),
        (first, asked) => Err(BackendError::NoSuchProofKind {
            backend: description.name.clone(),
            kind: asked.unwrap_or("default").to_owned(),
            known: match first {
                None => "it makes no proofs at all".to_owned(),
                Some(_) => format!("its kinds are {}", kinds.join(", ")),
            },
        }
        .into()),
    }
}

/// What `receipt` says, as it is written beside it.
fn envelope(manifest: &TileManifest, input: &TileInputBytes, run: &TileRun, receipt: &Receipt) -> TileReceipt {
    let header = &receipt.header;
    // What the proof makes public is what counts, not what the run before it said.
    let padded = is_padded(header.backend.platform);
    let answer = match published(&header.claims.output.0, manifest.publish, padded, &manifest.abi) {
        Ok(published) => published.answer,
        Err(error) => TileAnswer::Nothing { reason: error.to_string() },
    };
    let receipt_digest = Digest::of(&receipt.to_bytes());
    TileReceipt {
        schema: TileReceipt::tag(),
        tile_id: manifest.tile_id.clone(),
        package: manifest.package.clone(),
        package_version: manifest.package_version.clone(),
        tile_digest: manifest.tile_digest,
        runtime_version: manifest.runtime_version,
        backend: header.backend.name.clone(),
        backend_version: header.backend.version.clone(),
        method_id: run.method_id.clone(),
        publish: manifest.publish,
        input: input.bound(manifest.publish),
        answer,
        abi: manifest.abi.clone(),
        receipt_file: receipt_name("tile", &receipt_digest),
        receipt_digest,
        proof_device: run.proof_device,
    }
}
