//! Judges: what comparing two outcomes says, and where two traces part.
//!
//! Pure. The oracle knows outcomes and records and nothing of backends, guests or files. It would rather say
//! [`Verdict::Inconclusive`](assay_spec::Verdict::Inconclusive) than call something a bug that it cannot judge.

mod compare;
mod first_divergence;

pub use compare::{Observation, compare};
pub use first_divergence::first_divergence;
