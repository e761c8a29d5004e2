//! Numbers in order, by the sort that is asked for.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use alloc::{collections::BinaryHeap, vec::Vec};

use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    values: Vec<i32>,
    algorithm: Algorithm,
}

#[derive(Deserialize)]
enum Algorithm {
    Stable,
    Unstable,
    Heap,
    Insertion,
}

assay_guest_rt::main!(run);

#[expect(clippy::stable_sort_primitive, reason = "which sort runs is what the input chooses")]
fn run() {
    let Input { mut values, algorithm } = core_input::read();
    match algorithm {
        Algorithm::Stable => values.sort(),
        Algorithm::Unstable => values.sort_unstable(),
        Algorithm::Heap => values = BinaryHeap::from(values).into_sorted_vec(),
        Algorithm::Insertion => insertion(&mut values),
    }
    for value in values {
        assay_guest_rt::write_output(&value.to_le_bytes());
    }
}

fn insertion(values: &mut [i32]) {
    for end in 1..values.len() {
        let place = values[..end].partition_point(|&value| value <= values[end]);
        values[place..=end].rotate_right(1);
    }
}
