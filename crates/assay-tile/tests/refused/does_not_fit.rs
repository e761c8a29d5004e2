use assay_tile::{sequence, tile};

#[tile]
fn double(number: u64) -> u64 {
    number * 2
}

#[tile]
fn length(text: String) -> u64 {
    text.len() as u64
}

#[sequence(double, length)]
fn broken(number: u64) -> u64;

fn main() {}
