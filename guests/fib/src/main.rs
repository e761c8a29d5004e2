//! Fibonacci numbers modulo 2^64.
#![cfg_attr(target_os = "none", no_std, no_main)]

use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    n: u32,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { n } = core_input::read();
    let (mut a, mut b) = (0u64, 1u64);
    for _ in 0..n {
        (a, b) = (b, a.wrapping_add(b));
    }
    assay_guest_rt::write_output(&a.to_le_bytes());
}
