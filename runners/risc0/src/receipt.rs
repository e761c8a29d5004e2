//! Receipts in RISC Zero's own encoding, read and written in the one form that this runner makes.
//!
//! The SDK's types are `#[non_exhaustive]` and recursive (a receipt may hold receipts of assumptions, of any depth), and the
//! encoding, bincode 1, has no limit of depth. So the bytes are read into types of the same encoding that have no
//! recursion, and only what is in the canonical form goes on to the SDK.

use anyhow::ensure;
use bincode::Options as _;
use risc0_circuit_rv32im::{CircuitImpl, HighLowU16, Rv32imV2Claim};
use risc0_zkp::{adapter::CircuitInfo as _, core::digest::Digest};
use risc0_zkvm::{
    ExitCode, Journal, MaybePruned, Output, Receipt, ReceiptClaim, SystemState, VerifierContext, sha::Digestible,
};
use serde::{Deserialize, Serialize};

use crate::execute::SEGMENTS_MAX;

/// How the bytes of a proof are to be read.
pub(crate) const ENCODING: &str = concat!("bincode 1 of risc0_zkvm::Receipt ", env!("RISC0_VERSION"));

/// Most bytes of one segment's seal. At po2 24, the most that the SDK's verifier knows, they are some 300 KiB.
pub(crate) const SEAL_BYTES_MAX: usize = 1 << 20;

/// Most bytes of a proof.
const RECEIPT_BYTES_MAX: u64 = (SEGMENTS_MAX * SEAL_BYTES_MAX) as u64;

/// The hash function of seals.
const HASH: &str = "poseidon2";

/// `risc0_zkvm::SegmentReceipt`.
#[derive(Serialize, Deserialize)]
struct Segment {
    seal: Vec<u32>,
    index: u32,
    hashfn: String,
    verifier_parameters: Digest,
    claim: ReceiptClaim,
}

/// `risc0_zkvm::CompositeReceipt` without receipts of assumptions.
#[derive(Serialize, Deserialize)]
struct Composite {
    segments: Vec<Segment>,
    assumptions: Vec<Never>,
    verifier_parameters: Digest,
}

/// `risc0_zkvm::FakeReceipt`.
#[derive(Serialize, Deserialize)]
struct Fake {
    claim: MaybePruned<ReceiptClaim>,
}

/// What is in no receipt here.
#[derive(Serialize, Deserialize)]
enum Never {}

/// `risc0_zkvm::InnerReceipt`, with its order of variants.
#[derive(Serialize, Deserialize)]
enum Inner {
    Composite(Composite),
    Succinct(Never),
    Groth16(Never),
    Fake(Fake),
}

/// `risc0_zkvm::ReceiptMetadata`.
#[derive(Serialize, Deserialize)]
struct Metadata {
    verifier_parameters: Digest,
}

/// `risc0_zkvm::Receipt`.
#[derive(Serialize, Deserialize)]
struct Whole {
    inner: Inner,
    journal: Journal,
    metadata: Metadata,
}

/// What a proof's bytes are, before anything is verified.
pub(crate) enum Read {
    /// A composite receipt, by its seals.
    Composite { seals: Vec<Vec<u32>>, journal: Vec<u8> },
    /// A receipt that proves nothing.
    Fake { claim: Box<ReceiptClaim>, journal: Vec<u8> },
}

/// Reads hostile bytes.
pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Read> {
    ensure!(bytes.len() as u64 <= RECEIPT_BYTES_MAX, "more than {RECEIPT_BYTES_MAX} bytes");
    let whole: Whole = options().deserialize(bytes)?;
    let journal = whole.journal.bytes;
    match whole.inner {
        Inner::Composite(composite) => {
            let seals: Vec<_> = composite.segments.into_iter().map(|segment| segment.seal).collect();
            ensure!(!seals.is_empty(), "there is no segment");
            ensure!(seals.len() <= SEGMENTS_MAX, "{} segments, above the limit of {SEGMENTS_MAX}", seals.len());
            for seal in &seals {
                // The SDK's decoder indexes the seal's first words without asking.
                ensure!(seal.len() > 1 + CircuitImpl::OUTPUT_SIZE, "a seal of {} words", seal.len());
                ensure!(size_of_val(seal.as_slice()) <= SEAL_BYTES_MAX, "a seal of {} words", seal.len());
            }
            Ok(Read::Composite { seals, journal })
        }
        Inner::Fake(Fake { claim: MaybePruned::Value(claim) }) => Ok(Read::Fake { claim: Box::new(claim), journal }),
        Inner::Fake(_) => anyhow::bail!("the claim of the fake receipt is pruned"),
        Inner::Succinct(never) | Inner::Groth16(never) => match never {},
    }
}

/// The bytes of a composite receipt.
pub(crate) fn composite(seals: Vec<Vec<u32>>, journal: &[u8]) -> anyhow::Result<Vec<u8>> {
    let context = VerifierContext::default().with_dev_mode(false);
    let parameters = |what: Option<Digest>| what.expect("the default context has parameters for each receipt");
    let segment = parameters(context.segment_verifier_parameters.as_ref().map(Digestible::digest));
    let whole = parameters(context.composite_verifier_parameters().map(|parameters| parameters.digest()));
    let segments = (0..).zip(seals).map(|(index, seal)| {
        let claim = claim_of_seal(&seal, journal)?;
        Ok(Segment { seal, index, hashfn: HASH.to_owned(), verifier_parameters: segment, claim })
    });
    let segments = segments.collect::<anyhow::Result<_>>()?;
    let inner = Inner::Composite(Composite { segments, assumptions: Vec::new(), verifier_parameters: whole });
    write(inner, journal, whole)
}

/// The bytes of a receipt that proves nothing.
pub(crate) fn fake(claim: ReceiptClaim, journal: &[u8]) -> anyhow::Result<Vec<u8>> {
    write(Inner::Fake(Fake { claim: MaybePruned::Value(claim) }), journal, Digest::ZERO)
}

fn write(inner: Inner, journal: &[u8], verifier_parameters: Digest) -> anyhow::Result<Vec<u8>> {
    let journal = Journal::new(journal.to_vec());
    Ok(options().serialize(&Whole { inner, journal, metadata: Metadata { verifier_parameters } })?)
}

/// The SDK's receipt of bytes that are canonical.
pub(crate) fn sdk_receipt(canonical: &[u8]) -> anyhow::Result<Receipt> {
    Ok(options().deserialize(canonical)?)
}

/// What `bincode::serialize` does, and a limit.
fn options() -> impl bincode::Options {
    bincode::DefaultOptions::new().with_fixint_encoding().with_limit(RECEIPT_BYTES_MAX).reject_trailing_bytes()
}

/// The claim of a run from `image_id` that halted with `exit_code`, as `risc0_zkvm::Receipt::verify` would expect it but
/// for the exit code; without an output, of a guest that halted with the zero digest.
pub(crate) fn claim(image_id: Digest, exit_code: u32, output: Option<&[u8]>) -> ReceiptClaim {
    ReceiptClaim {
        exit_code: ExitCode::Halted(exit_code),
        output: output.map(|journal| output_of(journal.to_vec())).into(),
        ..ReceiptClaim::ok(image_id, Vec::new())
    }
}

/// The digest that a guest halts with for its journal to be proved.
pub(crate) fn output_digest(journal: &[u8]) -> Digest {
    output_of(journal.to_vec()).digest()
}

fn output_of(journal: Vec<u8>) -> Output {
    Output { journal: MaybePruned::Value(journal), assumptions: MaybePruned::Pruned(Digest::ZERO) }
}

/// The claim that a segment's seal makes, opened as far as the journal opens it.
fn claim_of_seal(seal: &[u32], journal: &[u8]) -> anyhow::Result<ReceiptClaim> {
    let claim = Rv32imV2Claim::decode(seal)?;
    let exit_code = match claim.terminate_state {
        None => ExitCode::SystemSplit,
        Some(state) => match state.a0 {
            HighLowU16(code, 0) => ExitCode::Halted(code.into()),
            HighLowU16(code, 1) => ExitCode::Paused(code.into()),
            HighLowU16(_, halt_type) => anyhow::bail!("halt type {halt_type} does not exist"),
        },
    };
    let post = if matches!(exit_code, ExitCode::Halted(_)) { Digest::ZERO } else { claim.post_state };
    let state = |merkle_root| MaybePruned::Value(SystemState { pc: 0, merkle_root });
    let output = match claim.output.filter(|digest| *digest != Digest::ZERO) {
        None => None,
        Some(digest) => {
            let output = output_of(journal.to_vec());
            ensure!(output.digest() == digest, "the output digest {digest} is not that of the journal");
            Some(output)
        }
    };
    Ok(ReceiptClaim {
        pre: state(claim.pre_state),
        post: state(post),
        exit_code,
        input: MaybePruned::Pruned(claim.input),
        output: MaybePruned::Value(output),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fake_receipt_has_the_sdk_s_encoding() {
        let claim = claim(Digest::from([7; 8]), 42, Some(b"xyz"));
        let bytes = fake(claim.clone(), b"xyz").unwrap();
        let theirs: Receipt = risc0_zkvm::FakeReceipt::new(claim).try_into().unwrap();
        assert_eq!(bytes, bincode::serialize(&theirs).unwrap());
        let Read::Fake { claim: back, journal } = read(&bytes).unwrap() else { panic!("a fake receipt") };
        assert_eq!((back.exit_code, journal), (ExitCode::Halted(42), b"xyz".to_vec()));
        sdk_receipt(&bytes).unwrap();
    }

    #[test]
    fn hostile_bytes_are_errors_and_cost_nothing() {
        let fake = fake(claim(Digest::ZERO, 0, None), b"").unwrap();
        for length in 0..fake.len() {
            assert!(read(&fake[..length]).is_err(), "{length}");
        }
        assert!(read(&[&fake[..], b"x"].concat()).is_err());
        // Composite with 2^60 segments; succinct; groth16; no such variant.
        for head in [&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16][..], &[1, 0, 0, 0], &[2, 0, 0, 0], &[9, 0, 0, 0]] {
            assert!(read(&[head, &[0; 200]].concat()).is_err(), "{head:?}");
        }
        // Composite receipts within composite receipts: no segment, one assumption, a composite receipt, and so on.
        let level = [&[0; 4][..], &[0; 8], &[1, 0, 0, 0, 0, 0, 0, 0]].concat();
        assert!(read(&level.repeat(100_000)).is_err());
    }
}
