//! Verifying a proof file with SP1's own verifier of whole proofs, and what it does not check.

use std::{
    borrow::Borrow as _,
    time::{Duration, Instant},
};

use sha2::{Digest as _, Sha256};
use slop_algebra::PrimeField32;
use sp1_hypercube::{HashableKey as _, MachineVerifier, SP1VerifyingKey};
use sp1_prover::{
    SP1CoreProofData,
    verify::{SP1Verifier, VerifierRecursionVks},
};

use crate::{
    encoding::{DecodeError, ProofFile},
    prove::{ProofKind, Values},
    shards::machine,
};

/// What a proof that holds says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Exit code.
    pub exit_code: u32,
    /// Public values.
    pub output: Vec<u8>,
}

/// Why a proof does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// It is no proof.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is one of another guest.
    #[error("the proof's verifying key has the hash {found}, not {expected}")]
    ImageId {
        /// What was asked for.
        expected: String,
        /// What the proof has.
        found: String,
    },
    /// SP1's verifier says no.
    #[error("SP1's verifier: {0}")]
    Sdk(String),
    /// The bytes in the file are not those whose digest was proved.
    #[error("the public values in the proof file do not have the SHA-256 that the guest committed")]
    Output,
}

/// A verifier of one kind. Has no prover in it.
pub struct Verifier {
    kind: ProofKind,
    sp1: SP1Verifier,
}

impl Verifier {
    /// Sets up SP1's verifier, with the parameters of `kind` for core proofs.
    pub fn new(kind: ProofKind) -> Self {
        let mut sp1 = SP1Verifier::new_with_machine(VerifierRecursionVks::default(), machine());
        if kind != ProofKind::Core {
            sp1.core = MachineVerifier::new(kind.shard_verifier());
        }
        Self { kind, sp1 }
    }

    /// Verifies `proof` for the guest whose verifying key has the hash `image_id`. The second value is how long SP1's
    /// verifier itself took.
    pub fn verify(&self, proof: &[u8], image_id: &str) -> (Result<Verified, Rejection>, Duration) {
        let file = match ProofFile::decode(proof, self.kind) {
            Ok(file) => file,
            Err(reason) => return (Err(reason.into()), Duration::ZERO),
        };
        let ProofFile { verifying: vk, output, shards } = file;
        let key = SP1VerifyingKey { vk };
        let found = key.bytes32();
        if found != image_id {
            return (Err(Rejection::ImageId { expected: image_id.to_owned(), found }), Duration::ZERO);
        }
        let start = Instant::now();
        let proof = SP1CoreProofData(shards);
        let verdict = self.sp1.verify(&proof, &key);
        let took = start.elapsed();
        if let Err(reason) = verdict {
            return (Err(Rejection::Sdk(reason.to_string())), took);
        }
        // Accepted, so that there is a last shard, of the right number of values.
        let Some(last) = proof.0.last() else { return (Err(Rejection::Sdk("no shard".to_owned())), took) };
        let values: &Values = last.public_values.as_slice().borrow();
        let committed = values.committed_value_digest.iter().flatten().map(PrimeField32::as_canonical_u32);
        if !committed.eq(Sha256::digest(&output).iter().map(|&byte| u32::from(byte))) {
            return (Err(Rejection::Output), took);
        }
        (Ok(Verified { exit_code: values.exit_code.as_canonical_u32(), output }), took)
    }
}
