//! The runner's process.

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(assay_runner_sp1::Sp1::default())
}
