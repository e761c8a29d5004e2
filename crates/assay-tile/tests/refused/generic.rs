use assay_tile::tile;

#[tile]
fn first<T>(items: Vec<T>) -> u64 {
    items.len() as u64
}

fn main() {}
