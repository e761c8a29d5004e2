//! How bytes, words and digests are spelled in JSON.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// Bytes, spelled as lower-case hex without prefix.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HexBytes(pub Vec<u8>);

/// A machine word or an address, spelled as a `0x…` string without leading zeros.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u64);

/// A SHA-256 digest, spelled as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// Text that is not a value of the type it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not an even number of hex digits.
    #[error("expected an even number of hex digits, found {0:?}")]
    Hex(String),
    /// Not a `0x…` word of at most 64 bits.
    #[error("expected a word such as 0x1f (at most 64 bits), found {0:?}")]
    Word(String),
    /// Not 64 hex digits.
    #[error("expected a SHA-256 digest of 64 hex digits, found {0:?}")]
    Digest(String),
}

impl HexBytes {
    /// The digest of the bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

impl Digest {
    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first 12 hex digits: enough for a person to tell two apart.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }
}

impl From<Vec<u8>> for HexBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<u64> for Word {
    fn from(value: u64) -> Self {
        Self(value)
    }
}

impl From<u32> for Word {
    fn from(value: u32) -> Self {
        Self(u64::from(value))
    }
}

impl fmt::Display for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(&self.0))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:#x}", self.0))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(self.0))
    }
}

impl FromStr for HexBytes {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        hex::decode(text).map(Self).map_err(|_| ParseError::Hex(clip(text)))
    }
}

impl FromStr for Word {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // `from_str_radix` takes a sign, which no word has.
        text.strip_prefix("0x")
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(Self)
            .ok_or_else(|| ParseError::Word(clip(text)))
    }
}

impl FromStr for Digest {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| ParseError::Digest(clip(text)))?;
        Ok(Self(digest))
    }
}

/// Error messages quote hostile text, but not megabytes of it.
fn clip(text: &str) -> String {
    const QUOTED_CHARS_MAX: usize = 80;
    text.chars().take(QUOTED_CHARS_MAX).collect()
}

macro_rules! spelled_as_text {
    ($type:ty, $name:literal, $pattern:literal) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

pub(crate) use spelled_as_text;

spelled_as_text!(HexBytes, "HexBytes", "^([0-9a-f]{2})*$");
spelled_as_text!(Word, "Word", "^0x[0-9a-f]{1,16}$");
spelled_as_text!(Digest, "Digest", "^[0-9a-f]{64}$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_hex_strings_and_reject_everything_else() {
        assert_eq!(serde_json::to_string(&Word(31)).unwrap(), "\"0x1f\"");
        assert_eq!("0xffffffffffffffff".parse::<Word>().unwrap(), Word(u64::MAX));
        for bad in ["", "1f", "0x", "0x-1", "0x+1", "0x1_0", "0x10000000000000000", "-0x1"] {
            assert!(bad.parse::<Word>().is_err(), "{bad}");
        }
    }

    #[test]
    fn bytes_are_lower_case_hex() {
        assert_eq!(serde_json::to_string(&HexBytes(vec![0xAB, 0])).unwrap(), "\"ab00\"");
        assert_eq!(serde_json::from_str::<HexBytes>("\"AB\"").unwrap(), HexBytes(vec![0xab]));
        assert!("abc".parse::<HexBytes>().is_err());
    }

    #[test]
    fn digest_is_sha256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").to_string(), empty);
        assert_eq!(empty.parse::<Digest>().unwrap(), Digest::of(b""));
    }
}
