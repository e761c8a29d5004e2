//! The proof file: everything that verifying takes, in one encoding.
//!
//! [`MAGIC`], one byte of the proof kind, then bincode 1.3 (fixed-width integers, little-endian) of three values: SP1's
//! `MachineVerifyingKey`, the public values as bytes, and the shard proofs in order or, of a compressed proof, SP1's
//! `SP1RecursionProof`. Nothing may follow.

use bincode::Options as _;
use serde::{Serialize, de::DeserializeOwned};
use sp1_hypercube::{MachineVerifyingKey, SP1PcsProofInner, ShardProof};
use sp1_primitives::SP1GlobalContext;

use crate::{compress::Recursive, execute::OUTPUT_BYTES_MAX, prove::ProofKind};

/// First bytes of a proof file.
pub const MAGIC: [u8; 8] = *b"ASSAYSP1";

/// Most bytes of a proof file; bincode counts what a length claims against it before it allocates.
pub const PROOF_FILE_BYTES_MAX: u64 = 1 << 30;

pub(crate) type Shard = ShardProof<SP1GlobalContext, SP1PcsProofInner>;

/// What a proof file holds.
pub(crate) struct ProofFile {
    pub(crate) verifying: MachineVerifyingKey<SP1GlobalContext>,
    pub(crate) output: Vec<u8>,
    pub(crate) proof: Body,
}

/// What of it is the proof.
pub(crate) enum Body {
    /// The shards of a run, in order.
    Shards(Vec<Shard>),
    /// A proof that proofs of them were verified.
    Compressed(Box<Recursive>),
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
        ProofKind::Compressed => 3,
    }
}

impl ProofFile {
    pub(crate) fn encode(&self, kind: ProofKind) -> Result<Vec<u8>, EncodeError> {
        let Self { verifying, output, proof } = self;
        let mut bytes = MAGIC.to_vec();
        bytes.push(number(kind));
        match proof {
            Body::Shards(shards) => write(&mut bytes, &(verifying, output, shards))?,
            Body::Compressed(recursive) => write(&mut bytes, &(verifying, output, recursive))?,
        }
        Ok(bytes)
    }

    pub(crate) fn decode(bytes: &[u8], kind: ProofKind) -> Result<Self, DecodeError> {
        let (&found, rest) = bytes.strip_prefix(&MAGIC[..]).and_then(<[u8]>::split_first).ok_or(DecodeError::Magic)?;
        if found != number(kind) {
            return Err(DecodeError::Kind(found));
        }
        let file = match kind {
            ProofKind::Core | ProofKind::CoreInsecureFast => Self::read(rest, Body::Shards)?,
            ProofKind::Compressed => Self::read(rest, Body::Compressed)?,
        };
        if file.output.len() as u64 > OUTPUT_BYTES_MAX {
            return Err(DecodeError::Output(file.output.len()));
        }
        Ok(file)
    }

    fn read<P: DeserializeOwned>(bytes: &[u8], body: fn(P) -> Body) -> Result<Self, bincode::Error> {
        let (verifying, output, proof) = options().deserialize(bytes)?;
        Ok(Self { verifying, output, proof: body(proof) })
    }
}

fn write(bytes: &mut Vec<u8>, values: &impl Serialize) -> Result<(), bincode::Error> {
    options().serialize_into(bytes, values)
}
