//! Proving a run, segment by segment.

use std::time::Instant;

use assay_runner_kit::{Context, Proof, Run, error};
use assay_spec::{
    RunReport,
    protocol::{ErrorKind, RunnerError},
    receipt::{ProofClaims, ProofFacts},
};
use risc0_circuit_rv32im::prove::segment_prover;
use risc0_zkp::core::digest::Digest;

use crate::{
    execute::{self, End, Execution, Keep, SEGMENT_LIMIT_PO2, Session, Want},
    guest::Guest,
    kinds, receipt,
    report::{self, PAUSE, TERMINATE},
};

/// Executes `guest` and makes a receipt of kind `kind`, if the guest came to an end of its own.
pub(crate) fn prove(
    guest: &Guest,
    run: &Run<'_>,
    kind: &str,
    cx: &Context<'_>,
) -> Result<(RunReport, Option<Proof>), RunnerError> {
    prove_in_segments(guest, run, kind, SEGMENT_LIMIT_PO2, cx)
}

/// [`prove`] with segments of at most 2^`segment_limit_po2` rows.
pub(crate) fn prove_in_segments(
    guest: &Guest,
    run: &Run<'_>,
    kind: &str,
    segment_limit_po2: usize,
    cx: &Context<'_>,
) -> Result<(RunReport, Option<Proof>), RunnerError> {
    let start = Instant::now();
    let want = Want {
        max_steps: run.max_steps,
        session: true,
        keep: Keep { segments: kind != kinds::FAKE, limit_po2: segment_limit_po2, ..Keep::default() },
    };
    let mut execution = execute::execute(guest, run.input, want, cx)?;
    let execute_ms = milliseconds(start);
    let mut report = report::report(guest, &execution, run.max_steps, run.cost)?;
    report.execute_ms = Some(execute_ms);
    let End::Halted { halt_type, exit_code } = execution.end else { return Ok((report, None)) };
    if halt_type > PAUSE {
        return Ok((report, None));
    }
    if let Some(why) = report::why_not_provable(halt_type, &execution) {
        return Err(error(ErrorKind::UnsupportedGuest, format!("the run cannot be proved: {why}")));
    }
    debug_assert_eq!(halt_type, TERMINATE, "nothing else can be proved");

    let start = Instant::now();
    let session = execution.session.take().expect("a session was asked for, and the guest halted");
    let segments = session.sizes.len() as u64;
    let journal = &execution.written.journal;
    let bytes = if kind == kinds::FAKE {
        fake(guest, &execution, exit_code.into())
    } else {
        match seals(session, cx)? {
            Ok(seals) => receipt::composite(seals, journal),
            Err(reason) => return Ok((report.refused(format!("{reason:#}")), None)),
        }
    };
    let bytes = bytes.map_err(|reason| sdk(&reason))?;
    let facts = ProofFacts {
        image_id: guest.image_id.to_string(),
        encoding: receipt::ENCODING.to_owned(),
        claims: claims(&bytes, exit_code.into())?,
        segments,
        prove_ms: milliseconds(start),
        setup_ms: 0.0,
        cpu_ms: 0.0,
    };
    Ok((report, Some(Proof { bytes, facts })))
}

/// What the receipt says, which is what its verifier will find.
fn claims(bytes: &[u8], exit_code: u32) -> Result<ProofClaims, RunnerError> {
    let receipt = receipt::sdk_receipt(bytes).map_err(|reason| sdk(&reason))?;
    let claim = receipt
        .claim()
        .and_then(|claim| claim.value().map_err(|_| risc0_zkp::verify::VerificationError::ReceiptFormatError));
    let claim =
        claim.map_err(|reason| error(ErrorKind::Sdk, format!("the receipt that was made has no claim: {reason}")))?;
    let (_, proved) = claim.exit_code.into_pair();
    if proved != exit_code {
        let message = format!("the guest halted with exit code {exit_code}, but its receipt says {proved}");
        return Err(error(ErrorKind::Sdk, message));
    }
    Ok(ProofClaims::new(proved, receipt.journal.bytes))
}

/// The proofs of all segments, or why the prover does not take one that its executor made.
fn seals(session: Session, cx: &Context<'_>) -> Result<anyhow::Result<Vec<Vec<u32>>>, RunnerError> {
    let total = session.segments.len() as u64;
    let prover = segment_prover().map_err(|reason| sdk(&reason))?;
    let mut seals = Vec::with_capacity(session.segments.len());
    // Each segment is dropped when it is proved.
    for (done, segment) in (0..).zip(session.segments) {
        cx.progress("proving", done, Some(total));
        cx.check_cancelled()?;
        match prover.prove(&segment) {
            Ok(seal) => seals.push(seal),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    cx.progress("proving", total, Some(total));
    Ok(Ok(seals))
}

fn fake(guest: &Guest, execution: &Execution, exit_code: u32) -> anyhow::Result<Vec<u8>> {
    let journal = &execution.written.journal;
    let output = (execution.output_digest != Digest::ZERO).then_some(journal.as_slice());
    receipt::fake(receipt::claim(guest.image_id, exit_code, output), journal)
}

fn sdk(reason: &anyhow::Error) -> RunnerError {
    error(ErrorKind::Sdk, format!("RISC Zero's prover: {reason:#}"))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
