//! The proof file: everything that verifying takes, in one encoding.
//!
//! [`MAGIC`], one byte of the proof kind, then bincode 1.3 (fixed-width integers, little-endian) of three values: SP1's
//! `MachineVerifyingKey`, the public values as bytes, and the shard proofs in order. Nothing may follow.

use bincode::Options as _;
use serde::{Deserialize, Serialize};
use sp1_hypercube::{MachineVerifyingKey, SP1PcsProofInner, ShardProof};
use sp1_primitives::SP1GlobalContext;

use crate::{execute::OUTPUT_BYTES_MAX, prove::ProofKind};

/// First bytes of a proof file.
pub const MAGIC: [u8; 8] = *b"ASSAYSP1";

/// Most bytes of a proof file; bincode counts what a length claims against it before it allocates.
pub const PROOF_FILE_BYTES_MAX: u64 = 1 << 30;

pub(crate) type Shard = ShardProof<SP1GlobalContext, SP1PcsProofInner>;

/// What a proof file holds.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ProofFile {
    pub(crate) verifying: MachineVerifyingKey<SP1GlobalContext>,
    pub(crate) output: Vec<u8>,
    pub(crate) shards: Vec<Shard>,
}

/// Why a proof has no file.
#[derive(Debug, thiserror::Error)]
#[error("the proof cannot be written down: {0}")]
pub struct EncodeError(#[from] bincode::Error);

/// Why a file is no proof.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It does not begin as a proof file does.
    #[error("not an SP1 proof file: it does not begin with {:?}", String::from_utf8_lossy(&MAGIC))]
    Magic,
    /// It is of another kind than the one that it is said to be.
    #[error("the proof is of kind number {0}, and another kind was asked for")]
    Kind(u8),
    /// It holds something else.
    #[error("the proof cannot be read: {0}")]
    Content(#[from] bincode::Error),
    /// It holds more public values than a runner executes.
    #[error("the proof holds {0} bytes of public values, above the limit of {OUTPUT_BYTES_MAX}")]
    Output(usize),
}

fn options() -> impl bincode::Options {
    bincode::options().with_fixint_encoding().with_limit(PROOF_FILE_BYTES_MAX).reject_trailing_bytes()
}

fn number(kind: ProofKind) -> u8 {
    match kind {
        ProofKind::Core => 1,
        ProofKind::CoreInsecureFast => 2,
    }
}

impl ProofFile {
    pub(crate) fn encode(&self, kind: ProofKind) -> Result<Vec<u8>, EncodeError> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(number(kind));
        options().serialize_into(&mut bytes, self)?;
        Ok(bytes)
    }

    pub(crate) fn decode(bytes: &[u8], kind: ProofKind) -> Result<Self, DecodeError> {
        let (&found, rest) = bytes.strip_prefix(&MAGIC[..]).and_then(<[u8]>::split_first).ok_or(DecodeError::Magic)?;
        if found != number(kind) {
            return Err(DecodeError::Kind(found));
        }
        let file: Self = options().deserialize(rest)?;
        if file.output.len() as u64 > OUTPUT_BYTES_MAX {
            return Err(DecodeError::Output(file.output.len()));
        }
        Ok(file)
    }
}
