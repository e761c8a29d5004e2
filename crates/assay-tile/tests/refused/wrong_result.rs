use assay_tile::{sequence, tile};

#[tile]
fn double(number: u64) -> u64 {
    number * 2
}

#[sequence(double, double)]
fn broken(number: u64) -> String;

fn main() {}
