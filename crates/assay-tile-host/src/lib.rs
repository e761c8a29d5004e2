//! Tiles and sequences as the host sees them.

pub mod chain;
pub mod error;
pub mod value;

pub use error::TileError;
