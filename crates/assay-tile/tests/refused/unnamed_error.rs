use assay_tile::tile;

type Result<T> = std::result::Result<T, String>;

#[tile]
fn fail(number: u64) -> Result<u64> {
    Ok(number)
}

fn main() {}
