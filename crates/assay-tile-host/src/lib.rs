//! Tiles and sequences as the host sees them.

pub mod value;
