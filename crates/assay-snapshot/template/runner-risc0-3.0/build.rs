//! Says which RISC Zero this runner holds.

fn main() {
    assay_runner_build::say_version("risc0-zkvm", "RISC0_VERSION");
}
