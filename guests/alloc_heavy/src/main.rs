//! Many blocks, all in use at once, and a vector that grows.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use alloc::{boxed::Box, collections::BTreeMap, vec, vec::Vec};

use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    blocks: u32,
    block_bytes: u32,
    seed: u64,
}

assay_guest_rt::main!(run);

fn run() {
    let Input { blocks, block_bytes, mut seed } = core_input::read();
    let mut all: Vec<Box<[u8]>> = Vec::new();
    let mut by_sum: BTreeMap<u64, u32> = BTreeMap::new();
    for index in 0..blocks {
        let mut block = vec![0u8; block_bytes as usize].into_boxed_slice();
        assert!(block.iter().all(|&byte| byte == 0), "block {index} is not zero");
        for byte in &mut block {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (seed >> 56) as u8;
        }
        by_sum.insert(sum(&block), index);
        all.push(block);
    }
    // Blocks that overlap would have changed since.
    let total = all.iter().map(|block| sum(block)).fold(0u64, u64::wrapping_add);
    assert!(all.iter().all(|block| by_sum.contains_key(&sum(block))), "a block was written through another");
    assay_guest_rt::write_output(&total.to_le_bytes());
    assay_guest_rt::write_output(&(by_sum.len() as u32).to_le_bytes());
}

fn sum(block: &[u8]) -> u64 {
    block.iter().zip(1u64..).fold(0, |sum, (&byte, place)| sum.wrapping_add(u64::from(byte).wrapping_mul(place)))
}
