use assay_tile::tile;

mod one {
    #[super::tile(name = "double")]
    pub fn double(number: u64) -> u64 {
        number * 2
    }
}

mod two {
    #[super::tile(name = "double")]
    pub fn twice(number: u64) -> u64 {
        number + number
    }
}

fn main() {
    one::double(two::twice(1));
}
