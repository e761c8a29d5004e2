//! The chain over the proofs of a sequence's tiles: what makes of single proofs the proof of a sequence.
//!
//! - *Start*: SHA-256 of `assay.sequence/1`, the crate, its version, the sequence's id, and the digest of each of its
//!   tiles.
//! - *Link*: SHA-256 of `assay.sequence.link/1`, the link before or the start, the tile's digest, the method id, how
//!   the input is bound (one byte), the digest of the input, the status (one byte), and the digest of the output.
//!
//! Each part stands behind its length as u64 LE.
//!
//! The digest of an output is what the next tile's claim says of its input. The last link is the *commitment*: it
//! stands for the sequence, its programs, what went in and what came out. Here claims are compared, and only those
//! that proofs made: whether a proof is sound is found out before, and what the files beside it say counts for
//! nothing.

use assay_spec::{Digest, Receipt, SequenceReceipt};
use assay_tile::{Claim, ClaimError, InputBinding, Status};
use sha2::{Digest as _, Sha256};

use crate::answer::is_padded;

const START_DOMAIN: &[u8] = b"assay.sequence/1";
const LINK_DOMAIN: &[u8] = b"assay.sequence.link/1";

/// Most tiles of a sequence, as `#[sequence]` has it.
pub const TILES_MAX: usize = 256;

/// What the proof of one tile of a sequence proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// What the zkVM calls the program, as the proof carries it.
    pub method_id: String,
    /// The claim.
    pub claim: Claim,
    /// The output, or the failure.
    pub answer: Vec<u8>,
}

/// Why proofs are no proof of a sequence, or not of the one that is wanted. Steps are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// No links, more than tiles, or more tiles than [`TILES_MAX`].
    #[error(
        "{links} links for a sequence of {tiles} tiles; there is at least one, and at most one for each of {TILES_MAX}"
    )]
    Length {
        /// Links that it has.
        links: usize,
        /// Tiles that it says the sequence has.
        tiles: usize,
    },
    /// Not a proof for every link.
    #[error("{links} links and {proofs} proofs: a proof is missing, or there is one too many")]
    Proofs {
        /// Links that it has.
        links: usize,
        /// Proofs that there are.
        proofs: usize,
    },
    /// A proof is of another tile.
    #[error("step {step} is tile {listed} ({expected}), and its proof is of the tile {found}")]
    Tile {
        /// Which.
        step: usize,
        /// Id of the tile, by the file's word.
        listed: String,
        /// What claims call that tile.
        expected: Digest,
        /// What the proof's claim says.
        found: Digest,
    },
    /// A link names another tile than the list of tiles does.
    #[error("step {step} is tile {listed}, and its link names the tile {found}")]
    Name {
        /// Which.
        step: usize,
        /// What the list says.
        listed: String,
        /// What the link says.
        found: String,
    },
    /// The last proof is of no failure, and there are more tiles.
    #[error(
        "only {proved} of {tiles} tiles are proved, and the last of them did not fail: proofs are missing at the end"
    )]
    CutOff {
        /// Steps that are proved.
        proved: usize,
        /// Tiles of the sequence.
        tiles: usize,
    },
    /// A tile failed, and something follows.
    #[error("the tile of step {step} failed, and a sequence ends with that; something follows")]
    AfterFailure {
        /// Which.
        step: usize,
    },
    /// What went into a tile is not what came out of the one before.
    #[error("the input of step {step} is {found}, and the output of the step before is {expected}")]
    Input {
        /// Which.
        step: usize,
        /// Digest of what came out of the tile before.
        expected: Digest,
        /// What the claim says of the input.
        found: Digest,
    },
    /// A tile's program makes no claim public.
    #[error("step {step} is built in plain mode, and a sequence is tied together by claims: build it with them")]
    NoClaim {
        /// Which.
        step: usize,
    },
    /// A tile that is not the first says nothing but a commitment of its input.
    #[error("step {step} hides its input behind a salt; only the first may, since the others' is the output before")]
    Hidden {
        /// Which.
        step: usize,
    },
    /// A link is not what the proofs make it.
    #[error("{what} of step {step} is {found} in the file, and {expected} by the proofs")]
    Link {
        /// Which.
        step: usize,
        /// Which of its digests.
        what: &'static str,
        /// By the proofs.
        expected: Digest,
        /// By the file.
        found: Digest,
    },
    /// The commitment is not what the proofs make it.
    #[error("the commitment is {found} in the file, and {expected} by the proofs")]
    Commitment {
        /// By the proofs.
        expected: Digest,
        /// By the file.
        found: Digest,
    },
    /// Another commitment was asked for.
    #[error("the commitment is {found}, and {expected} was asked for")]
    OtherCommitment {
        /// Asked for.
        expected: Digest,
        /// By the proofs.
        found: Digest,
    },
    /// It is a proof of another sequence.
    #[error("it is of {found}, and {expected} was asked for")]
    OtherSequence {
        /// Asked for: sequence, crate and version.
        expected: String,
        /// By the file.
        found: String,
    },
    /// The sequence has other tiles.
    #[error("it has {found} tiles, and sequence {sequence} of the crate has {expected}")]
    OtherLength {
        /// Id of the sequence.
        sequence: String,
        /// Tiles of the crate's sequence.
        expected: usize,
        /// By the file.
        found: usize,
    },
    /// The sequence has another tile at a place.
    #[error("step {step} is tile {found}, and in the crate's sequence it is tile {expected}")]
    OtherTile {
        /// Which.
        step: usize,
        /// Id and digest in the crate's sequence.
        expected: String,
        /// By the file.
        found: String,
    },
}

/// A sequence as who verifies knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSequence {
    /// The crate.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The sequence.
    pub id: String,
    /// Ids and digests of its tiles, in order.
    pub tiles: Vec<(String, Digest)>,
}

impl Proved {
    /// Of the public output of a tile's program; zeros may follow it where the platform adds some.
    pub fn new(method_id: String, public: &[u8], padded: bool) -> Result<Self, ClaimError> {
        let (claim, answer) = Claim::decode(public, padded)?;
        Ok(Self { method_id, claim, answer: answer.to_vec() })
    }

    /// What a receipt says that its proof claims; whether it does is for who verifies it.
    pub fn claimed(receipt: &Receipt) -> Result<Self, ClaimError> {
        let header = &receipt.header;
        Self::new(header.image_id.clone(), &header.claims.output.0, is_padded(header.backend.platform))
    }

    /// Digest of what came out, as the claim of a tile has it that takes this.
    pub fn output_digest(&self) -> Digest {
        Digest(*InputBinding::of(&self.answer, None).bytes())
    }
}

impl KnownSequence {
    /// What it is called, for people.
    fn name(&self) -> String {
        format!("sequence {} of {} {}", self.id, self.package, self.version)
    }

    /// What its chain starts from.
    pub fn start(&self) -> Digest {
        start(&self.package, &self.version, &self.id, self.tiles.iter().map(|(_, digest)| digest))
    }
}

/// What the chain of a sequence starts from: which it is, and all of its tiles.
pub fn start<'a>(package: &str, version: &str, id: &str, tiles: impl Iterator<Item = &'a Digest>) -> Digest {
    let mut hash = Sha256::new();
    for part in [START_DOMAIN, package.as_bytes(), version.as_bytes(), id.as_bytes()] {
        add(&mut hash, part);
    }
    for tile in tiles {
        add(&mut hash, &tile.0);
    }
    Digest(hash.finalize().into())
}

/// The chain up to `step`, which follows `previous`: the link before it, or the start.
pub fn link(previous: &Digest, step: &Proved) -> Digest {
    let binding = match step.claim.input {
        InputBinding::Digest(_) => 0,
        InputBinding::Commitment(_) => 1,
    };
    let parts: [&[u8]; 8] = [
        LINK_DOMAIN,
        &previous.0,
        &step.claim.tile,
        step.method_id.as_bytes(),
        &[binding],
        step.claim.input.bytes(),
        &[step.claim.status as u8],
        &step.output_digest().0,
    ];
    let mut hash = Sha256::new();
    for part in parts {
        add(&mut hash, part);
    }
    Digest(hash.finalize().into())
}

/// A part behind its length, so that no two lists of parts are one list of bytes.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

/// Whether there are as many links and tiles as there can be.
pub fn lengths(file: &SequenceReceipt) -> Result<(), ChainError> {
    let (links, tiles) = (file.steps.len(), file.tiles.len());
    if links == 0 || links > tiles || tiles > TILES_MAX {
        return Err(ChainError::Length { links, tiles });
    }
    Ok(())
}

/// Whether `proofs`, in the order of the file's links, are one run of the sequence that the file names, up to its end
/// or to the tile that failed, and whether the file's chain is theirs.
pub fn check(file: &SequenceReceipt, proofs: &[Proved]) -> Result<(), ChainError> {
    lengths(file)?;
    let (links, tiles) = (file.steps.len(), file.tiles.len());
    if proofs.len() != links {
        return Err(ChainError::Proofs { links, proofs: proofs.len() });
    }
    let mut chain =
        start(&file.package, &file.package_version, &file.sequence_id, file.tiles.iter().map(|tile| &tile.tile_digest));
    let mut before: Option<&Proved> = None;
    for (index, ((listed, stated), proved)) in file.tiles.iter().zip(&file.steps).zip(proofs).enumerate() {
        let step = index + 1;
        if listed.tile_id != stated.tile.tile_id {
            let (listed, found) = (listed.tile_id.clone(), stated.tile.tile_id.clone());
            return Err(ChainError::Name { step, listed, found });
        }
        if listed.tile_digest.0 != proved.claim.tile {
            let found = Digest(proved.claim.tile);
            let listed = listed.clone();
            return Err(ChainError::Tile { step, listed: listed.tile_id, expected: listed.tile_digest, found });
        }
        if let Some(before) = before {
            follows(step, before, proved)?;
        }
        chain = link(&chain, proved);
        let digests =
            [("the output's digest", proved.output_digest(), stated.output_digest), ("the chain", chain, stated.chain)];
        for (what, expected, found) in digests {
            if expected != found {
                return Err(ChainError::Link { step, what, expected, found });
            }
        }
        before = Some(proved);
    }
    if links < tiles && before.is_some_and(|last| last.claim.status == Status::Ok) {
        return Err(ChainError::CutOff { proved: links, tiles });
    }
    if chain != file.commitment {
        return Err(ChainError::Commitment { expected: chain, found: file.commitment });
    }
    Ok(())
}

/// Whether `proved` took what came out of the tile `before`.
fn follows(step: usize, before: &Proved, proved: &Proved) -> Result<(), ChainError> {
    if before.claim.status != Status::Ok {
        return Err(ChainError::AfterFailure { step: step - 1 });
    }
    let expected = before.output_digest();
    match proved.claim.input {
        InputBinding::Commitment(_) => Err(ChainError::Hidden { step }),
        InputBinding::Digest(found) if Digest(found) != expected => {
            Err(ChainError::Input { step, expected, found: Digest(found) })
        }
        InputBinding::Digest(_) => Ok(()),
    }
}

/// Whether a file whose chain was [checked](check) is of the sequence `known`.
pub fn is_of(file: &SequenceReceipt, known: &KnownSequence) -> Result<(), ChainError> {
    let named = KnownSequence {
        package: file.package.clone(),
        version: file.package_version.clone(),
        id: file.sequence_id.clone(),
        tiles: Vec::new(),
    };
    if (&named.package, &named.version, &named.id) != (&known.package, &known.version, &known.id) {
        return Err(ChainError::OtherSequence { expected: known.name(), found: named.name() });
    }
    let (expected, found) = (known.tiles.len(), file.tiles.len());
    if expected != found {
        return Err(ChainError::OtherLength { sequence: known.id.clone(), expected, found });
    }
    for (index, ((id, digest), tile)) in known.tiles.iter().zip(&file.tiles).enumerate() {
        if *digest != tile.tile_digest || *id != tile.tile_id {
            let (expected, found) = (format!("{id} ({digest})"), format!("{} ({})", tile.tile_id, tile.tile_digest));
            return Err(ChainError::OtherTile { step: index + 1, expected, found });
        }
    }
    Ok(())
}

/// Whether a file whose chain was [checked](check) has the commitment `expected`.
pub fn is_committed_to(file: &SequenceReceipt, expected: Digest) -> Result<(), ChainError> {
    if file.commitment == expected {
        Ok(())
    } else {
        Err(ChainError::OtherCommitment { expected, found: file.commitment })
    }
}

#[cfg(test)]
mod tests;
