//! RISC Zero 3 behind Assay's runner protocol.
//!
//! It stands on the crates below `risc0-zkvm`: the executor and the prover of segments (`risc0-circuit-rv32im`), the v1compat
//! kernel, and of `risc0-zkvm` itself the receipts and their verifier. What `risc0-zkvm` adds, the host's side of system
//! calls and the composite receipt, is here; its recursion prover, which is downloaded, is not.
//!
//! - `guest`: from an ELF to the memory that guest and kernel begin with, and to the image id.
//! - `host`, `log`: what system calls of the guest get.
//! - `execute`: one run, and what bounds it. `stop`: why this runner ends a run.
//! - `watch`, `word`: the executor's trace events as instructions of the guest. `trace`: those as records.
//! - `trap`, `report`: how a run ended, in Assay's words.
//! - `kinds`, `prove`, `receipt`, `verify`: proofs.

mod execute;
mod guest;
mod host;
mod kinds;
mod log;
mod prove;
mod receipt;
mod report;
mod runner;
mod stop;
mod trace;
mod trap;
mod verify;
mod watch;
mod word;

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(runner::Risc0::default())
}

#[cfg(test)]
mod tests;
