//! What goes in comes out.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use alloc::vec::Vec;

use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    data: Vec<u8>,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { data } = core_input::read();
    assay_guest_rt::write_output(&data);
}
