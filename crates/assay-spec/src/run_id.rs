//! How runs and findings are named: names that sort, never collide, and are safe as file names.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::{Timestamp, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::bytes::{Digest, spelled_as_text};

/// Name of a run: `YYYYMMDD_HHMMSS_<core>_<6 base32 characters>`, the time in UTC. Sorts by time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(String);

/// Name of a finding: `F` and 16 hex digits of the digest of its identity. The same bug has the same name everywhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(String);

/// Text that is no name of a run or a finding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnId {
    /// Not a [`RunId`].
    #[error("expected a run such as 20260131_235959_fib_K7Q2MX, found {0:?}")]
    Run(String),
    /// Not a [`FindingId`].
    #[error("expected a finding such as F0123456789abcdef, found {0:?}")]
    Finding(String),
}

/// Longest core name in a [`RunId`], in bytes; longer ones are cut.
pub const CORE_NAME_BYTES_MAX: usize = 40;

/// The alphabet of RFC 4648 base32.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Random characters of a [`RunId`]: 30 bits.
const RANDOM_CHARS: usize = 6;
/// `YYYYMMDD_HHMMSS_`.
const TIME_CHARS: usize = 16;

impl RunId {
    /// The name of a run of `core` that began at `at`, from the low 30 bits of `random`.
    ///
    /// Characters of `core` that are no letter, digit, `-` or `_` become `_`; an empty one becomes `guest`.
    pub fn new(at: Timestamp, core: &str, random: u32) -> Self {
        let time = at.to_zoned(TimeZone::UTC).strftime("%Y%m%d_%H%M%S").to_string();
        let mut core: String =
            core.chars().take(CORE_NAME_BYTES_MAX).map(|c| if is_plain(c) { c } else { '_' }).collect();
        if core.is_empty() {
            "guest".clone_into(&mut core);
        }
        let random: String = (0..RANDOM_CHARS).map(|at| BASE32[(random >> (5 * at)) as usize & 31] as char).collect();
        Self(format!("{time}_{core}_{random}"))
    }

    /// As it is spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FindingId {
    /// The name of the finding whose identity has this digest.
    pub fn of(identity: Digest) -> Self {
        Self(format!("F{}", hex::encode(&identity.0[..8])))
    }

    /// As it is spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

impl FromStr for RunId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let not_one = || NotAnId::Run(text.chars().take(80).collect());
        let (time, rest) = text.split_at_checked(TIME_CHARS).ok_or_else(not_one)?;
        let (core, random) = rest.rsplit_once('_').ok_or_else(not_one)?;
        let is_time = time.bytes().enumerate().all(|(at, byte)| match at {
            8 | 15 => byte == b'_',
            _ => byte.is_ascii_digit(),
        });
        let is_core = (1..=CORE_NAME_BYTES_MAX).contains(&core.len()) && core.chars().all(is_plain);
        let is_random = random.len() == RANDOM_CHARS && random.bytes().all(|byte| BASE32.contains(&byte));
        if is_time && is_core && is_random { Ok(Self(text.to_owned())) } else { Err(not_one()) }
    }
}

impl FromStr for FindingId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits = text.strip_prefix('F').filter(|digits| {
            digits.len() == 16 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        });
        digits.map(|_| Self(text.to_owned())).ok_or_else(|| NotAnId::Finding(text.chars().take(80).collect()))
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

spelled_as_text!(RunId, "RunId", r"^[0-9]{8}_[0-9]{6}_[A-Za-z0-9_-]{1,40}_[A-Z2-7]{6}$");
spelled_as_text!(FindingId, "FindingId", "^F[0-9a-f]{16}$");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_run_is_named_after_its_time_and_core() {
        let at: Timestamp = "2026-01-31T23:59:59.9Z".parse().unwrap();
        assert_eq!(RunId::new(at, "fib", 0).as_str(), "20260131_235959_fib_AAAAAA");
        assert_eq!(RunId::new(at, "../a b", u32::MAX).as_str(), "20260131_235959____a_b_777777");
        assert_eq!(RunId::new(at, "", 1).as_str(), "20260131_235959_guest_BAAAAA");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for bad in ["", "20260131_235959_fib", "20260131_235959_fib_aaaaaa", "2026013a_235959_fib_AAAAAA"] {
            assert!(bad.parse::<RunId>().is_err(), "{bad}");
        }
        assert!("20260131_235959_../x_AAAAAA".parse::<RunId>().is_err());
        assert!("20260131_23595é_fib_AAAAAA".parse::<RunId>().is_err());
        for bad in ["", "F", "F0123456789abcde", "F0123456789ABCDEF", "G0123456789abcdef", "F0123456789abcdef0"] {
            assert!(bad.parse::<FindingId>().is_err(), "{bad}");
        }
        let id = FindingId::of(Digest::of(b""));
        assert_eq!(id.as_str(), "Fe3b0c44298fc1c14");
        assert_eq!(id.as_str().parse::<FindingId>().unwrap(), id);
    }

    proptest! {
        #[test]
        fn every_name_that_is_made_reads_back(core in any::<String>(), random: u32, second in 0i64..4_000_000_000) {
            let id = RunId::new(Timestamp::from_second(second).unwrap(), &core, random);
            prop_assert_eq!(id.as_str().parse::<RunId>().unwrap(), id);
        }
    }
}
