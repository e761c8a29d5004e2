//! Tiles and sequences as the host sees them.

pub mod artifact;
pub mod chain;
pub mod error;
pub mod project;
pub mod value;

pub use artifact::{Artifact, BuildTarget, method_id};
pub use error::TileError;
pub use project::TileProject;
