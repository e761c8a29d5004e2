use assay_tile::tile;

#[tile(budgets = 5)]
fn double(number: u64) -> u64 {
    number * 2
}

fn main() {}
