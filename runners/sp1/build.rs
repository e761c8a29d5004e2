//! Says which SP1 this runner holds.

fn main() {
    assay_runner_build::say_version("sp1-prover", "SP1_VERSION");
}
