//! The process: `OpenVm` behind the loop that every runner shares.

fn main() -> std::process::ExitCode {
    assay_runner_kit::serve(assay_runner_openvm::OpenVm::default())
}
