use assay_tile::tile;

#[tile]
struct Double;

fn main() {}
