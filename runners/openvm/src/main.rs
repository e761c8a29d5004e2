//! OpenVM 2 behind Assay's runner protocol.
//!
//! What of OpenVM is generic code is in the `sdk` crate beside this one; here its plain answers become Assay's
//! reports and records. The protocol, the files and the process are `assay-runner-kit`'s.
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

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(runner::OpenVm::default())
}

#[cfg(test)]
mod tests;
