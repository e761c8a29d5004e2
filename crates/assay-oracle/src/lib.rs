//! Judges: what comparing two outcomes says, and where two traces part.
//!
//! Pure. The oracle knows outcomes and records and nothing of backends, guests or files. It would rather say
//! [`Verdict::Inconclusive`](assay_spec::Verdict::Inconclusive) than call something a bug that it cannot judge.
//!
//! Two outcomes of one guest on one platform are compared in everything ([`compare()`]), their traces by position
//! ([`first_divergence()`]). Outcomes of one instruction sequence on two platforms are compared in what the sequence did
//! ([`compare_sequences()`]), their traces over the sequence ([`align()`]). Outcomes of one core, built for two platforms,
//! are compared in what the core says ([`compare_cores()`]).
//!
//! What of it is a finding, and which findings are the same, [`sightings()`] says; what it means that a kept run does the
//! same again or does not, [`repetition()`].

mod align;
mod around;
mod compare;
mod dependence;
mod first_divergence;
mod identity;
mod repetition;
mod sequence;

pub use align::{Alignment, Why, align};
pub use compare::{Observation, compare, compare_cores};
pub use first_divergence::first_divergence;
pub use identity::{Sighting, instruction_class, sightings, title};
pub use repetition::{Kept, Repetition, repetition};
pub use sequence::{Sequence, SequenceVerdict, compare_sequences};
