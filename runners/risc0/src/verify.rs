//! Verifying a hostile proof with RISC Zero's own verifier, and what that one leaves to its caller.
//!
//! `Receipt::verify` accepts exit code 0 only, so the integrity of the receipt is the SDK's to check, and the claim is
//! compared here as `Receipt::verify` compares it, but for the exit code, which is reported. The SDK does not look at some
//! fields (a segment's index and verifier parameters): only the canonical form of a receipt is accepted, so that every byte
//! is checked.

use std::time::Instant;

use anyhow::{bail, ensure};
use assay_runner_kit::VerifiedProof;
use assay_spec::{protocol::ProofVerdict, receipt::ProofClaims};
use risc0_zkp::core::digest::Digest;
use risc0_zkvm::{ExitCode, Receipt, ReceiptClaim, VerifierContext, sha::Digestible as _};

use crate::{
    kinds,
    receipt::{self, Read},
};

/// What the verifier says of `proof`.
pub(crate) fn verify(proof: &[u8], kind: &str, image_id: &str) -> VerifiedProof {
    let start = Instant::now();
    let mut setup_ms = 0.0;
    let verdict = match check(proof, kind, image_id, &mut setup_ms) {
        Ok(claims) => ProofVerdict::Accepted(claims),
        Err(reason) => ProofVerdict::Rejected(format!("{reason:#}")),
    };
    VerifiedProof { verdict, verify_ms: start.elapsed().as_secs_f64() * 1e3 - setup_ms, setup_ms }
}

fn check(proof: &[u8], kind: &str, image_id: &str, setup_ms: &mut f64) -> anyhow::Result<ProofClaims> {
    let image_id = parse(image_id)?;
    let read = receipt::read(proof).map_err(|reason| reason.context("not a receipt of this runner's"))?;
    let start = Instant::now();
    // Whatever RISC0_DEV_MODE in the environment says.
    let context = VerifierContext::default().with_dev_mode(kind == kinds::FAKE);
    *setup_ms = start.elapsed().as_secs_f64() * 1e3;
    match (kind, read) {
        (kinds::COMPOSITE, Read::Composite { seals, journal }) => {
            // The SDK's decoder of claims takes words for field elements unchecked, so its verifier goes first.
            let given: Receipt = receipt::sdk_receipt(proof)?;
            given.verify_integrity_with_context(&context)?;
            let canonical = receipt::composite(seals, &journal)?;
            ensure!(canonical == proof, "the receipt is not in the form that this runner makes");
            claims(&given.claim()?.value()?, image_id, journal)
        }
        (kinds::FAKE, Read::Fake { claim, journal }) => {
            let canonical = receipt::fake((*claim).clone(), &journal)?;
            ensure!(canonical == proof, "the receipt is not in the form that this runner makes");
            receipt::sdk_receipt(&canonical)?.verify_integrity_with_context(&context)?;
            claims(&claim, image_id, journal)
        }
        (_, Read::Fake { .. }) => bail!("this is a fake receipt, which proves nothing, and not of kind {kind}"),
        (_, Read::Composite { .. }) => bail!("this is a composite receipt, and not of kind {kind}"),
    }
}

/// What the claim says, if it is that of a run of `image_id` that halted and made `journal` public.
fn claims(claim: &ReceiptClaim, image_id: Digest, journal: Vec<u8>) -> anyhow::Result<ProofClaims> {
    let exit_code = match claim.exit_code {
        ExitCode::Halted(exit_code) => exit_code,
        other => bail!("the run did not come to its end: {other:?}"),
    };
    let pre = claim.pre.digest();
    ensure!(pre == image_id, "the receipt is of the image {pre}, not of {image_id}");
    let output = (!claim.output.is_none()).then_some(journal.as_slice());
    ensure!(output.is_some() || journal.is_empty(), "the receipt has a journal that its claim does not have");
    let expected = receipt::claim(image_id, exit_code, output);
    ensure!(
        expected.digest() == claim.digest(),
        "the receipt claims something else than the end of a run with this journal"
    );
    Ok(ProofClaims::new(exit_code, journal))
}

fn parse(image_id: &str) -> anyhow::Result<Digest> {
    let digest = image_id.parse::<assay_spec::Digest>();
    let bytes = digest.map_err(|_| anyhow::anyhow!("an image id is 64 lower-case hex digits"))?.0;
    ensure!(image_id.bytes().all(|byte| !byte.is_ascii_uppercase()), "an image id is 64 lower-case hex digits");
    Ok(Digest::from(bytes))
}
