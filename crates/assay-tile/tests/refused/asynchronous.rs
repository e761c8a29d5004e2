use assay_tile::tile;

#[tile]
async fn wait(seconds: u64) -> u64 {
    seconds
}

fn main() {}
