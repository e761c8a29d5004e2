//! Verifying a proof file with SP1's own verifier of whole proofs, and what it does not check.

use std::{
    borrow::Borrow as _,
    time::{Duration, Instant},
};

use sha2::{Digest as _, Sha256};
use slop_algebra::PrimeField32;
use sp1_hypercube::{HashableKey as _, MachineVerifier, SP1VerifyingKey};
use sp1_primitives::SP1Field;
use sp1_prover::{
    SP1CoreProofData,
    verify::{SP1Verifier, VerifierRecursionVks},
};
use sp1_recursion_executor::RecursionPublicValues;

use crate::{
    encoding::{Body, DecodeError, ProofFile},
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
    /// Sets up SP1's verifier, with the parameters of `kind` for proofs of shards.
    pub fn new(kind: ProofKind) -> Self {
        let mut sp1 = SP1Verifier::new_with_machine(VerifierRecursionVks::default(), machine());
        if kind.of_shards() != ProofKind::Core {
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
        let found = file.verifying.bytes32();
        if found != image_id {
            return (Err(Rejection::ImageId { expected: image_id.to_owned(), found }), Duration::ZERO);
        }
        self.check(&file)
    }

    /// Verifies a proof for the guest whose verifying key it holds.
    pub(crate) fn check(&self, file: &ProofFile) -> (Result<Verified, Rejection>, Duration) {
        let key = SP1VerifyingKey { vk: file.verifying.clone() };
        let (proved, took) = match &file.proof {
            Body::Shards(shards) => {
                let proof = SP1CoreProofData(shards.clone());
                let start = Instant::now();
                let verdict = self.sp1.verify(&proof, &key).map_err(|reason| reason.to_string());
                let took = start.elapsed();
                // Accepted, so that there is a last shard, of the right number of values.
                let last = verdict.and_then(|()| shards.last().ok_or_else(|| "no shard".to_owned()));
                let proved = last.map(|last| {
                    let values: &Values = last.public_values.as_slice().borrow();
                    Proved::new(values.exit_code, &values.committed_value_digest)
                });
                (proved, took)
            }
            Body::Compressed(proof) => {
                let start = Instant::now();
                let verdict = self.sp1.verify_compressed(proof, &key).map_err(|reason| reason.to_string());
                let took = start.elapsed();
                let proved = verdict.map(|()| {
                    let values: &RecursionPublicValues<SP1Field> = proof.proof.public_values.as_slice().borrow();
                    Proved::new(values.exit_code, &values.committed_value_digest)
                });
                (proved, took)
            }
        };
        let verified = proved.map_err(Rejection::Sdk).and_then(|proved| proved.opened(&file.output));
        (verified, took)
    }
}

/// What a proof says of its public values, which are not in it.
struct Proved {
    exit_code: u32,
    digest: Vec<u32>,
}

impl Proved {
    fn new(exit_code: SP1Field, digest: &[[SP1Field; 4]; 8]) -> Self {
        let digest = digest.iter().flatten().map(PrimeField32::as_canonical_u32).collect();
        Self { exit_code: exit_code.as_canonical_u32(), digest }
    }

    fn opened(self, output: &[u8]) -> Result<Verified, Rejection> {
        let given = Sha256::digest(output);
        if !given.iter().map(|&byte| u32::from(byte)).eq(self.digest) {
            return Err(Rejection::Output);
        }
        Ok(Verified { exit_code: self.exit_code, output: output.to_vec() })
    }
}
