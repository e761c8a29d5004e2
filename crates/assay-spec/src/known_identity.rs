//! What the cache of image ids keeps about each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    schema::{SchemaTag, Versioned},
};

/// An image id that a runner computed (`assay.known_identity/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownIdentity {
    /// `assay.known_identity/1`.
    pub schema: SchemaTag,
    /// SHA-256 of the runner's program.
    pub runner_digest: Digest,
    /// The kind of proofs that carry the id.
    pub proof_kind: String,
    /// SHA-256 of the guest's ELF.
    pub elf_digest: Digest,
    /// What the zkVM calls the guest.
    pub image_id: String,
    /// [`KnownIdentity::checksum_of`] all that is above.
    pub checksum: Digest,
}

impl Versioned for KnownIdentity {
    const NAME: &'static str = "assay.known_identity";
    const MAJOR: u32 = 1;
}

impl KnownIdentity {
    /// That `image_id` is what the runner calls the guest, with its checksum.
    pub fn new(runner_digest: Digest, proof_kind: &str, elf_digest: Digest, image_id: &str) -> Self {
        Self {
            schema: Self::tag(),
            runner_digest,
            proof_kind: proof_kind.to_owned(),
            elf_digest,
            image_id: image_id.to_owned(),
            checksum: Self::checksum_of(runner_digest, proof_kind, elf_digest, image_id),
        }
    }

    /// SHA-256 of the four, each behind its length in 8 little-endian bytes. With an empty image id, it names the
    /// question.
    pub fn checksum_of(runner_digest: Digest, proof_kind: &str, elf_digest: Digest, image_id: &str) -> Digest {
        let mut bytes = Vec::new();
        for part in [&runner_digest.0, proof_kind.as_bytes(), &elf_digest.0, image_id.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        }
        Digest::of(&bytes)
    }

    /// Whether it is the answer to this question, as it was written.
    pub fn answers(&self, runner_digest: Digest, proof_kind: &str, elf_digest: Digest) -> bool {
        *self == Self::new(runner_digest, proof_kind, elf_digest, &self.image_id)
    }
}
