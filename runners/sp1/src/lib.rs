//! SP1 6 behind Assay's runner protocol.
//!
//! What of SP1 is generic code is in the `sdk` crate beside this one; here its plain answers become Assay's reports,
//! records and receipts. The protocol, the files and the process are `assay-runner-kit`'s.
//!
//! It is a library too, for runners over patched sources of SP1: they answer as [`Sp1`] does, except for
//! [records](Sp1::traced), which the sources themselves emit.
//!
//! - `report`: how a run ended, in Assay's words.
//! - `chips`: what chips and buses are for, and what the fields of messages are called.
//! - `records`: shards of a trace as records, in order, and whether the buses balance.
//! - `kinds`: the proofs, and what they are worth.

mod chips;
mod kinds;
mod records;
mod report;
mod runner;

pub use assay_sp1_sdk as sdk;
pub use chips::RecordedBus;
pub use runner::{Guest, Sp1, TRACE_INSTRUCTIONS_MAX};

#[cfg(test)]
mod tests;
