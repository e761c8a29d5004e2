//! What a proof of a tile claims: a header of fixed size in front of the public output.

use core::fmt;

use sha2::{Digest as _, Sha256};

use crate::frame::SALT_BYTES;

/// First bytes of every claim.
const MAGIC: [u8; 4] = *b"TILE";

/// The version of the header's layout.
const LAYOUT: u16 = 1;

/// The version of what a program around a tile does: frames, answers, claims. Part of every claim.
pub const RUNTIME_VERSION: u32 = 1;

/// Bytes of a header.
///
/// | at | bytes | what |
/// |---|---|---|
/// | 0 | 4 | `TILE` |
/// | 4 | 2 | layout, 1 |
/// | 6 | 1 | how the input is bound: 0 its digest, 1 a salted commitment |
/// | 7 | 1 | status: 0 an output, 1 the tile failed, 2 the input does not fit, 3 no frame |
/// | 8 | 32 | digest of tile, crate and version |
/// | 40 | 4 | version of the runtime |
/// | 44 | 32 | digest of the input, or the commitment |
/// | 76 | 4 | length of what follows |
///
/// All numbers are little-endian.
pub const CLAIM_BYTES: usize = 80;

const TILE_DOMAIN: &[u8] = b"assay.tile/1";
const INPUT_DOMAIN: &[u8] = b"assay.tile.input/1";
const PRIVATE_DOMAIN: &[u8] = b"assay.tile.private-input/1";

/// What a tile says happened, and is bound to by a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which tile of which version: [`tile_digest`].
    pub tile: [u8; 32],
    /// [`RUNTIME_VERSION`] of the program.
    pub runtime_version: u32,
    /// Which input.
    pub input: InputBinding,
    /// Whether what follows is an output or a failure.
    pub status: Status,
    /// How many bytes follow.
    pub length: u32,
}

/// How a claim is bound to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputBinding {
    /// Its digest: whoever can guess an input can check the guess.
    Digest([u8; 32]),
    /// A salted commitment: only who has the salt can show which input it was.
    Commitment([u8; 32]),
}

/// Whether a tile answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It gave an output.
    Ok,
    /// It returned an error.
    TileFailed,
    /// Its input is no arguments of its.
    BadInput,
    /// Its input is in no frame.
    BadFrame,
}

/// Why bytes are no claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimError {
    /// Fewer bytes than a header has.
    TooShort {
        /// How many there are.
        bytes: usize,
    },
    /// They do not begin as a claim does.
    Magic,
    /// A layout that is not known.
    Layout {
        /// Which.
        found: u16,
    },
    /// A binding or status that is not known.
    Field {
        /// Which of the two.
        field: &'static str,
        /// Its number.
        found: u8,
    },
    /// More or fewer bytes follow than the header says.
    Length {
        /// What it says.
        claimed: u32,
        /// How many follow.
        bytes: usize,
    },
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { bytes } => {
                write!(f, "a claim has {CLAIM_BYTES} bytes in front of its output; there are {bytes}")
            }
            Self::Magic => f.write_str("the public output does not begin as a claim; was it made in plain mode?"),
            Self::Layout { found } => write!(f, "the claim has layout {found}, and only {LAYOUT} is known"),
            Self::Field { field, found } => write!(f, "the claim's {field} is {found}, which means nothing"),
            Self::Length { claimed, bytes } => write!(f, "the claim says that {claimed} bytes follow, and {bytes} do"),
        }
    }
}

impl core::error::Error for ClaimError {}

impl Status {
    const ALL: [Self; 4] = [Self::Ok, Self::TileFailed, Self::BadInput, Self::BadFrame];

    fn number(self) -> u8 {
        self as u8
    }
}

impl InputBinding {
    /// Of `input`: with a salt its commitment, without one its digest.
    pub fn of(input: &[u8], salt: Option<&[u8; SALT_BYTES]>) -> Self {
        match salt {
            None => Self::Digest(digest(&[INPUT_DOMAIN, input])),
            Some(salt) => Self::Commitment(digest(&[PRIVATE_DOMAIN, salt, input])),
        }
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        let (Self::Digest(bytes) | Self::Commitment(bytes)) = self;
        bytes
    }
}

/// What a claim calls a tile: a digest of its id, its crate and that crate's version.
pub fn tile_digest(package: &str, version: &str, id: &str) -> [u8; 32] {
    digest(&[TILE_DOMAIN, package.as_bytes(), version.as_bytes(), id.as_bytes()])
}

/// SHA-256 of parts, each behind its length, so that no two lists of parts are one list of bytes.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl Claim {
    /// The header.
    pub fn encode(&self) -> [u8; CLAIM_BYTES] {
        let mut bytes = [0; CLAIM_BYTES];
        let binding = match self.input {
            InputBinding::Digest(_) => 0,
            InputBinding::Commitment(_) => 1,
        };
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..6].copy_from_slice(&LAYOUT.to_le_bytes());
        bytes[6] = binding;
        bytes[7] = self.status.number();
        bytes[8..40].copy_from_slice(&self.tile);
        bytes[40..44].copy_from_slice(&self.runtime_version.to_le_bytes());
        bytes[44..76].copy_from_slice(self.input.bytes());
        bytes[76..80].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }

    /// The claim that `public` begins with, and the bytes that follow it: all that it says, and no more but zeros that the
    /// platform adds, if `padded`.
    pub fn decode(public: &[u8], padded: bool) -> Result<(Self, &[u8]), ClaimError> {
        let (header, rest) =
            public.split_first_chunk::<CLAIM_BYTES>().ok_or(ClaimError::TooShort { bytes: public.len() })?;
        if header[..4] != MAGIC {
            return Err(ClaimError::Magic);
        }
        let layout = u16::from_le_bytes([header[4], header[5]]);
        if layout != LAYOUT {
            return Err(ClaimError::Layout { found: layout });
        }
        let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let digest = |at: usize| {
            let mut digest = [0; 32];
            digest.copy_from_slice(&header[at..at + 32]);
            digest
        };
        let input = match header[6] {
            0 => InputBinding::Digest(digest(44)),
            1 => InputBinding::Commitment(digest(44)),
            found => return Err(ClaimError::Field { field: "binding of the input", found }),
        };
        let status = Status::ALL.into_iter().find(|status| status.number() == header[7]);
        let status = status.ok_or(ClaimError::Field { field: "status", found: header[7] })?;
        let claim = Self { tile: digest(8), runtime_version: word(40), input, status, length: word(76) };
        let wrong = ClaimError::Length { claimed: claim.length, bytes: rest.len() };
        let (answer, behind) = rest.split_at_checked(claim.length as usize).ok_or(wrong)?;
        if behind.is_empty() || (padded && behind.iter().all(|&byte| byte == 0)) {
            Ok((claim, answer))
        } else {
            Err(wrong)
        }
    }
}
