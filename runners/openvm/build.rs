//! Says which OpenVM this runner holds.

fn main() {
    assay_runner_build::say_version("openvm-circuit", "OPENVM_VERSION");
}
