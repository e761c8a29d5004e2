//! SHA-256 in guest code, of some data and then of its own digest.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use alloc::vec::Vec;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

#[derive(Deserialize)]
struct Input {
    data: Vec<u8>,
    again: u32,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { data, again } = core_input::read();
    let mut digest = Sha256::digest(&data);
    for _ in 0..again {
        digest = Sha256::digest(digest);
    }
    assay_guest_rt::write_output(&digest);
}
