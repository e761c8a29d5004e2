use assay_tile::tile;

#[tile(budget = 0)]
fn double(number: u64) -> u64 {
    number * 2
}

fn main() {}
