use assay_tile::tile;

pub struct Opaque;

#[tile]
fn open(opaque: Opaque) -> u64 {
    let _ = opaque;
    1
}

fn main() {}
