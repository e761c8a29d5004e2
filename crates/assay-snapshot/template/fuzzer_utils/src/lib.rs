//! What patched zkVM sources call: a sink of trace records, switches of guards, and points at which a witness can be
//! changed.
//!
//! The crate is added to the zkVM's sources by Assay's infrastructure pass, so that it depends on nothing but std and
//! works on old compilers. It knows no zkVM: patched code names chips, columns, guards and points. Each of the three is
//! off until the runner (or the environment, see [`relax`] and [`inject`](mod@inject)) turns it on; while it is off, a
//! call costs one relaxed atomic load and the zkVM behaves as it was published.

pub mod inject;
pub mod relax;
pub mod sink;

pub use self::inject::{inject, inject_with};
pub use self::relax::relaxed;
