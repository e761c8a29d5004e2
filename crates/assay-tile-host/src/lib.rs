//! Tiles and sequences as the host sees them.

pub mod answer;
pub mod artifact;
pub mod chain;
pub mod device;
pub mod error;
pub mod input;
pub mod project;
pub mod proofs;
pub mod prove;
pub mod run;
pub mod sequence;
pub mod value;
pub mod verify;

pub use artifact::{Artifact, BuildTarget, method_id};
pub use device::{DeviceError, Gpu, check_device, proof_device};
pub use error::{OutputLimit, TileError};
pub use input::{INPUT_BYTES_MAX, TileInputBytes, random_salt};
pub use project::TileProject;
pub use proofs::{ProofFolder, receipt_name};
pub use prove::{ENVELOPE_FILE, ProvedTile, prove_tile};
pub use run::run_tile;
pub use verify::{ExpectedTile, verify_tile};
