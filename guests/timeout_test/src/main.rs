//! A loop as long as is asked for, or without an end.
#![cfg_attr(target_os = "none", no_std, no_main)]

use core::hint::black_box;

use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    iterations: u64,
    forever: bool,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { iterations, forever } = core_input::read();
    let mut done = 0u64;
    while forever || done < iterations {
        done = black_box(done.wrapping_add(1));
    }
    assay_guest_rt::write_output(&done.to_le_bytes());
}
