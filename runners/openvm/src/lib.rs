//! OpenVM 2 behind Assay's runner protocol.
//!
//! What of OpenVM is generic code is in the `sdk` crate beside this one; here its plain answers become Assay's
//! reports and records. The protocol, the files and the process are `assay-runner-kit`'s.
//!
//! It is a library too, for runners over patched sources of OpenVM: they answer as [`OpenVm`] does, except for
//! [records](OpenVm::traced), which the sources themselves emit.
//!
//! - `effects`: which register and which memory an instruction touches, for the machine to watch.
//! - `report`: how a run ended, in Assay's words.
//! - `chips`: what chips and buses are for, and what the fields of messages are called.
//! - `kind`: the kinds of proofs, and how much they are worth.
//! - `records`: segments of a trace as records, in order, and whether the buses balance.

mod chips;
mod effects;
mod kind;
mod records;
mod report;
mod runner;

pub use assay_openvm_sdk as sdk;
pub use chips::{RecordedBus, recorded};
pub use records::mnemonic;
pub use runner::{Guest, OpenVm, TRACE_INSTRUCTIONS_MAX};

#[cfg(test)]
mod tests;
