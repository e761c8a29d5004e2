use assay_tile::tile;

#[tile(name = "Double It")]
fn double(number: u64) -> u64 {
    number * 2
}

fn main() {}
