//! A mistake on purpose: sizes that come as 64 bits are computed with as `usize`, so that a guest of 32 bits accepts what
//! one of 64 bits refuses. What a native run says is not what a 32-bit zkVM proves.
#![cfg_attr(target_os = "none", no_std, no_main)]

use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    count: u64,
    item_bytes: u64,
    limit_bytes: u64,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { count, item_bytes, limit_bytes } = core_input::read();
    let total = (count as usize).wrapping_mul(item_bytes as usize);
    let accepted = total <= limit_bytes as usize;
    assay_guest_rt::write_output(&[u8::from(accepted)]);
    assay_guest_rt::write_output(&(total as u64).to_le_bytes());
}
