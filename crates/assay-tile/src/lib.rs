//! What tiles and sequences are written against.
//!
//! ```
//! use assay_tile::{sequence, tile};
//!
//! /// Doubles a number.
//! #[tile(budget = 100_000)]
//! pub fn double(number: u64) -> u64 {
//!     number.wrapping_mul(2)
//! }
//!
//! /// Four times a number.
//! #[sequence(double, double)]
//! pub fn quadruple(number: u64) -> u64;
//!
//! assert_eq!(quadruple(5).unwrap(), 20);
//! ```
//!
//! A *tile* is a function that runs as a program of its own on a zkVM. Its arguments and what it returns are postcard: one
//! argument as itself, several as a tuple, none as `()`; a returned value as itself, of a `Result` the `Ok` value. A tile that
//! returns an error, or gets bytes that are no arguments of its, has *failed*: that is an answer like any other, with a kind and a
//! message, and can be proved. A *sequence* is tiles, each of which takes what the one before it gave.
//!
//! A proof of a tile makes a [`Claim`] public: which tile of which version answered what to which input. What this crate
//! refuses to know: how a program for a zkVM is built, where input comes from, and what a proof is.
#![no_std]

extern crate alloc;
#[cfg(feature = "describe")]
extern crate std;

mod answer;
#[doc(hidden)]
pub mod check;
mod claim;
mod describe;
mod frame;
mod program;

pub use answer::{Answer, FAILURE_MESSAGE_BYTES_MAX, Failure, FailureKind, NoError, answer};
pub use assay_tile_macros::{Failure, sequence, tile};
pub use claim::{CLAIM_BYTES, Claim, ClaimError, InputBinding, RUNTIME_VERSION, Status, tile_digest};
pub use describe::{Describe, Descriptions};
#[cfg(feature = "describe")]
pub use describe::{Description, SequenceDescription, Shape, TileDescription, described};
pub use frame::{FrameError, LENGTH_BYTES, SALT_BYTES, frame, unframe};
pub use program::{Ended, Publish, failure_in_log, failure_log, respond};

use alloc::string::String;
use core::fmt;

use serde::{Serialize, de::DeserializeOwned};

/// A function that runs as a program of its own. `#[tile]` implements it.
pub trait Tile {
    /// The arguments: none as `()`, one as itself, several as a tuple.
    type Input: Serialize + DeserializeOwned;
    /// What it gives.
    type Output: Serialize + DeserializeOwned;
    /// How it fails; [`NoError`] if it does not.
    type Error: Serialize + DeserializeOwned + fmt::Display;

    /// What it is called: unique in its crate.
    const ID: &'static str;
    /// What it does, for people; may be empty.
    const DESCRIPTION: &'static str;
    /// Most cycles that it may take.
    const BUDGET_CYCLES: Option<u64>;
    /// The crate that has it.
    const PACKAGE: &'static str;
    /// The version of that crate.
    const VERSION: &'static str;

    /// Calls the function.
    fn call(input: Self::Input) -> Result<Self::Output, Self::Error>;
}

/// Tiles, each of which takes what the one before it gave. `#[sequence]` implements it.
pub trait Sequence {
    /// What the first tile takes.
    type Input: Serialize + DeserializeOwned;
    /// What the last tile gives.
    type Output: Serialize + DeserializeOwned;

    /// What it is called: unique in its crate.
    const ID: &'static str;
    /// What it does, for people; may be empty.
    const DESCRIPTION: &'static str;
    /// Ids of the tiles, in order.
    const TILES: &'static [&'static str];
}

/// A tile of a sequence failed, and the sequence ended with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceFailure {
    /// Id of the tile.
    pub tile: &'static str,
    /// Its error, as text.
    pub message: String,
}

impl fmt::Display for SequenceFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile {}: {}", self.tile, self.message)
    }
}

impl core::error::Error for SequenceFailure {}

/// One tile of a sequence, called here. What `#[sequence]` expands to.
#[doc(hidden)]
pub fn step<T: Tile>(input: T::Input) -> Result<T::Output, SequenceFailure> {
    T::call(input).map_err(|error| SequenceFailure { tile: T::ID, message: alloc::format!("{error}") })
}
