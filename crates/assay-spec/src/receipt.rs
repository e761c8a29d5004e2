//! Receipts (`assay.receipt/1`): a proof in an envelope that says what it proves, of what, and how strongly.
//!
//! A receipt file is [`MAGIC`], the length of the header as u32 LE, the header's SHA-256, the header as JSON, and the
//! proof's bytes up to the end of the file. The two digests notice damage, not malice: whoever makes a file makes them.
//! Nothing in it is believed: the header says what the proof is claimed to be, and verifying
//! compares that with what the zkVM's verifier finds.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{Digest, HexBytes},
    frame::FRAME_BYTES_MAX,
    outcome::BackendId,
    schema::{self, ReadError, SchemaTag, Versioned},
};

/// First bytes of a receipt file.
pub const MAGIC: [u8; 8] = *b"ASSAYRCP";

/// Longest header, in bytes of JSON: what a runner says of a proof comes in one frame of its protocol, and as much again
/// is room for what else is in a header.
pub const HEADER_BYTES_MAX: usize = 2 * FRAME_BYTES_MAX;

/// Longest proof, in bytes.
pub const PROOF_BYTES_MAX: u64 = 1 << 30;

const LENGTH_BYTES: usize = 4;
const DIGEST_BYTES: usize = 32;

/// A proof that a runner makes, as it describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProofKind {
    /// Such as `composite`, `core`, `app`, or `app-insecure-fast`.
    pub name: String,
    /// How much it is worth.
    pub security: Security,
}

/// How much a proof is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Security {
    /// Whether it may be relied on. A receipt where it is false is refused unless that is asked for.
    pub secure: bool,
    /// Bits of security, as the zkVM's makers give them for these parameters; absent where they give none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// What the bits rest on, or why it is not secure, in a sentence.
    pub basis: String,
    /// Parameters of the proof system by name, such as `log_blowup`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, u64>,
}

/// What a runner says of a proof that it wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofFacts {
    /// The zkVM's commitment to the program, as this proof carries it.
    pub image_id: String,
    /// How the proof's bytes are to be read, such as `bincode 1 of risc0_zkvm::Receipt 3.0.6`.
    pub encoding: String,
    /// What it claims.
    pub claims: ProofClaims,
    /// Segments or shards that were proved.
    pub segments: u64,
    /// Time of proving itself, without the execution before it, in milliseconds.
    pub prove_ms: f64,
    /// Time that was spent once per guest before proving (keys, commitments), in milliseconds.
    pub setup_ms: f64,
    /// Processor time of all of the process's threads from the request to the proof, in milliseconds.
    pub cpu_ms: f64,
}

/// What a proof says of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProofClaims {
    /// Exit code.
    pub exit_code: u32,
    /// The public output.
    pub output: HexBytes,
    /// Digest of the public output.
    pub output_digest: Digest,
    /// Digest of the input, where the guest commits to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_digest: Option<Digest>,
    /// The domain that the guest binds its claims to, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

impl ProofClaims {
    /// A run that ended with `exit_code` and made `output` public.
    pub fn new(exit_code: u32, output: Vec<u8>) -> Self {
        let output = HexBytes(output);
        Self { exit_code, output_digest: output.digest(), output, input_digest: None, domain: None }
    }
}

/// The header of a receipt (`assay.receipt/1`): what its proof is said to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptHeader {
    /// `assay.receipt/1`.
    pub schema: SchemaTag,
    /// What made the proof.
    pub backend: BackendId,
    /// SHA-256 of the guest's ELF.
    pub elf_digest: Digest,
    /// The zkVM's commitment to the program.
    pub image_id: String,
    /// What the proof claims.
    pub claims: ProofClaims,
    /// Name of the proof kind.
    pub kind: String,
    /// How much the proof is worth.
    pub security: Security,
    /// How the proof's bytes are to be read.
    pub encoding: String,
    /// SHA-256 of the proof's bytes.
    pub proof_digest: Digest,
    /// How many bytes the proof has.
    pub proof_bytes: u64,
}

impl Versioned for ReceiptHeader {
    const NAME: &'static str = "assay.receipt";
    const MAJOR: u32 = 1;
}

/// What an outcome says of the receipt of its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptFacts {
    /// Where the receipt was kept; absent if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// SHA-256 of the whole receipt file.
    pub digest: Digest,
    /// Bytes of the whole receipt file.
    pub bytes: u64,
    /// Name of the proof kind.
    pub kind: String,
    /// How much the proof is worth.
    pub security: Security,
    /// Segments or shards that were proved.
    pub segments: u64,
    /// Time that was spent once per guest before proving, in milliseconds, rounded.
    pub setup_ms: u64,
    /// Processor time from the request to the proof, in milliseconds, rounded.
    pub cpu_ms: u64,
}

/// The checks of a receipt, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The file is a receipt of a version that can be read, whole, and of a proof that may be relied on.
    Envelope,
    /// It is about the ELF that was given.
    ElfDigest,
    /// Its image id is that ELF's, and the one that was asked for.
    ImageId,
    /// The zkVM's verifier accepts the proof for that image id.
    Proof,
    /// The proof claims what the header claims, and what was expected.
    Claims,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Envelope => "envelope",
            Self::ElfDigest => "ELF digest",
            Self::ImageId => "image id",
            Self::Proof => "proof",
            Self::Claims => "claims",
        })
    }
}

/// A receipt file, read or to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What the proof is said to be.
    pub header: ReceiptHeader,
    /// The proof, in the runner's own encoding.
    pub proof: Vec<u8>,
}

/// Why a file is not a receipt that this version can use.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// It does not begin as a receipt does.
    #[error("not a receipt: the file does not begin with {:?}", String::from_utf8_lossy(&MAGIC))]
    NotAReceipt,
    /// It ends within the header.
    #[error("the receipt is cut off within its header; get a whole copy")]
    Truncated,
    /// The header says that it is longer than a header may be.
    #[error("the receipt's header claims {0} bytes, above the limit of {HEADER_BYTES_MAX}; the file is damaged")]
    HeaderTooLong(u64),
    /// The header cannot be read.
    #[error("the receipt's header: {0}")]
    Header(#[from] ReadError),
    /// The header is not as it was written.
    #[error("the receipt's header does not have the SHA-256 that the file says; the file is damaged")]
    HeaderDigest,
    /// There are more or fewer bytes of proof than the header says.
    #[error("the receipt holds {found} bytes of proof, and its header says {expected}; get a whole copy")]
    Length {
        /// What the header says.
        expected: u64,
        /// What there is.
        found: u64,
    },
    /// The proof is not the one that the header is about.
    #[error("the proof's SHA-256 is {found}, and the receipt's header says {expected}; the file is damaged")]
    Digest {
        /// What the header says.
        expected: Digest,
        /// What the bytes have.
        found: Digest,
    },
}

impl Receipt {
    /// A receipt of `proof`, whose digest and length are entered into `header`.
    pub fn new(header: ReceiptHeader, proof: Vec<u8>) -> Self {
        let header = ReceiptHeader { proof_digest: Digest::of(&proof), proof_bytes: proof.len() as u64, ..header };
        Self { header, proof }
    }

    /// The bytes of the receipt file.
    ///
    /// # Panics
    ///
    /// If the header is longer than [`HEADER_BYTES_MAX`], which no answer of a runner can bring about.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).expect("a header has string keys only");
        assert!(header.len() <= HEADER_BYTES_MAX, "a header of {} bytes", header.len());
        let length = u32::try_from(header.len()).expect("it is below the limit");
        [&MAGIC[..], &length.to_le_bytes(), &Digest::of(&header).0, &header, &self.proof].concat()
    }

    /// Reads a receipt file; what a newer minor version added is left out of the header.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let rest = bytes.strip_prefix(&MAGIC[..]).ok_or(ReceiptError::NotAReceipt)?;
        let (length, rest) = rest.split_first_chunk::<LENGTH_BYTES>().ok_or(ReceiptError::Truncated)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > HEADER_BYTES_MAX {
            return Err(ReceiptError::HeaderTooLong(length as u64));
        }
        let (digest, rest) = rest.split_first_chunk::<DIGEST_BYTES>().ok_or(ReceiptError::Truncated)?;
        let (header, proof) = rest.split_at_checked(length).ok_or(ReceiptError::Truncated)?;
        if Digest::of(header).0 != *digest {
            return Err(ReceiptError::HeaderDigest);
        }
        let header: ReceiptHeader = schema::read(header)?.value;
        let (expected, found) = (header.proof_bytes, proof.len() as u64);
        if expected != found {
            return Err(ReceiptError::Length { expected, found });
        }
        let (expected, found) = (header.proof_digest, Digest::of(proof));
        if expected != found {
            return Err(ReceiptError::Digest { expected, found });
        }
        Ok(Self { header, proof: proof.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Platform;

    fn receipt() -> Receipt {
        let header = ReceiptHeader {
            schema: ReceiptHeader::tag(),
            backend: BackendId {
                name: "zk".into(),
                version: "1".into(),
                platform: Platform::Standard,
                isa: "rv32im".into(),
            },
            elf_digest: Digest::of(b"elf"),
            image_id: "ab".into(),
            claims: ProofClaims::new(3, vec![1, 2]),
            kind: "composite".into(),
            security: Security {
                secure: true,
                bits: Some(97),
                basis: "conjectured".into(),
                parameters: BTreeMap::new(),
            },
            encoding: "bytes".into(),
            proof_digest: Digest::of(b""),
            proof_bytes: 0,
        };
        Receipt::new(header, b"proof".to_vec())
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written() {
        let receipt = receipt();
        assert_eq!(receipt.header.proof_bytes, 5);
        assert_eq!(Receipt::from_bytes(&receipt.to_bytes()).unwrap(), receipt);
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let bytes = receipt().to_bytes();
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Receipt::from_bytes(&damaged).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn cut_off_and_lengthened_receipts_are_refused() {
        let bytes = receipt().to_bytes();
        for length in 0..bytes.len() {
            Receipt::from_bytes(&bytes[..length]).unwrap_err();
        }
        assert!(matches!(Receipt::from_bytes(&[&bytes[..], b"x"].concat()), Err(ReceiptError::Length { .. })));
        let mut long = bytes;
        long[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(Receipt::from_bytes(&long), Err(ReceiptError::HeaderTooLong(_))));
    }

    #[test]
    fn a_newer_receipt_is_refused_by_its_version() {
        let mut newer = receipt();
        newer.header.schema.major = 2;
        let error = Receipt::from_bytes(&newer.to_bytes()).unwrap_err();
        assert!(error.to_string().contains("assay.receipt/2"), "{error}");
    }
}
