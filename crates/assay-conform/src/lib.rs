//! The conformance kit: what a platform promises its guests, as cases that run on any backend.
//!
//! [`cases::all`] is the table of cases for a target; [`run`](run::run) runs some of them on a backend. What a backend is
//! known to do otherwise stands in `limits.toml` with its source, and shows as a limit and not as a pass.
//!
//! What this crate refuses to know: any zkVM's SDK, and terminals.

pub mod case;
pub mod cases;
pub mod declared;
pub mod isa;
mod judge;
pub mod junit;
mod program;
pub mod proof;
pub mod run;

pub use case::{Case, Expect, Group, Program, Sequence, Target};
pub use declared::Declared;
pub use program::Guests;
