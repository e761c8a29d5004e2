//! A guest that never asks for its input, whatever that is.
#![cfg_attr(target_os = "none", no_std, no_main)]

assay_guest_rt::main!(run);

fn run() {
    assay_guest_rt::write_output(b"no input");
}
