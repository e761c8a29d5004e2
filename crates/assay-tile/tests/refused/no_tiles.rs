use assay_tile::sequence;

#[sequence]
fn broken(number: u64) -> u64;

fn main() {}
