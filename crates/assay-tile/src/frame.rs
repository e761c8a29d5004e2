//! How an input reaches a tile: its length, its bytes, and for a private one a salt.

use alloc::vec::Vec;
use core::fmt;

/// Bytes of the length in front, little-endian.
pub const LENGTH_BYTES: usize = 4;

/// Bytes of a salt behind.
pub const SALT_BYTES: usize = 32;

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Fewer bytes than a length has.
    NoLength {
        /// How many there are.
        bytes: usize,
    },
    /// Fewer bytes than the length says.
    TooShort {
        /// What the length says.
        length: usize,
        /// How many follow it.
        bytes: usize,
    },
    /// Something follows that is no salt.
    Trailing {
        /// How many bytes.
        bytes: usize,
    },
    /// An input that no length can tell.
    TooLong,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLength { bytes } => {
                write!(f, "a frame begins with {LENGTH_BYTES} bytes of length; there are {bytes}")
            }
            Self::TooShort { length, bytes } => write!(f, "a frame of {length} bytes has only {bytes}"),
            Self::Trailing { bytes } => {
                write!(f, "{bytes} bytes follow the frame, which is neither none nor a salt of {SALT_BYTES}")
            }
            Self::TooLong => f.write_str("an input is shorter than 4 GiB"),
        }
    }
}

impl core::error::Error for FrameError {}

/// `input` in a frame.
pub fn frame(input: &[u8], salt: Option<&[u8; SALT_BYTES]>) -> Result<Vec<u8>, FrameError> {
    let length = u32::try_from(input.len()).map_err(|_| FrameError::TooLong)?;
    let mut framed = Vec::with_capacity(LENGTH_BYTES + input.len() + salt.map_or(0, |salt| salt.len()));
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(input);
    framed.extend_from_slice(salt.map_or(&[], |salt| salt));
    Ok(framed)
}

/// The input in a frame, and its salt.
pub fn unframe(framed: &[u8]) -> Result<(&[u8], Option<&[u8; SALT_BYTES]>), FrameError> {
    let (length, rest) =
        framed.split_first_chunk::<LENGTH_BYTES>().ok_or(FrameError::NoLength { bytes: framed.len() })?;
    let length = u32::from_le_bytes(*length) as usize;
    let (input, behind) = rest.split_at_checked(length).ok_or(FrameError::TooShort { length, bytes: rest.len() })?;
    match behind {
        [] => Ok((input, None)),
        _ => {
            behind.try_into().map(|salt| (input, Some(salt))).map_err(|_| FrameError::Trailing { bytes: behind.len() })
        }
    }
}
