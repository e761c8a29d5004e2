//! The conformance kit: what a platform promises its guests, as cases that run on any backend.
//!
//! [`case`] says what a case is.

pub mod case;
pub mod isa;

pub use case::{Case, Expect, Group, Program, Sequence, Target};
