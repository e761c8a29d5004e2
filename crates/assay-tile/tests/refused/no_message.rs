#[derive(assay_tile::Failure)]
enum Error {
    Empty,
}

fn main() {}
