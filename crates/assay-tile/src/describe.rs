//! What tiles and sequences there are, and what goes in and out of them: said by a program of the host that has them all.

#[cfg(feature = "describe")]
mod traced;

#[cfg(feature = "describe")]
pub use traced::{Description, SequenceDescription, Shape, TileDescription, described};

use crate::{Sequence, Tile};

/// Has a tile or sequence described. Where there is an operating system, `#[tile]` and `#[sequence]` put one of these into the
/// section `assay_tiles` of the program.
pub type Describe = fn(&mut Descriptions);

/// Takes descriptions. Without the feature `describe`, as in programs for zkVMs, it takes none.
#[derive(Default)]
pub struct Descriptions {
    /// Those so far.
    #[cfg(feature = "describe")]
    pub all: alloc::vec::Vec<Description>,
}

impl Descriptions {
    /// Describes a tile.
    pub fn tile<T: Tile>(&mut self) {
        #[cfg(feature = "describe")]
        self.all.push(Description::Tile(traced::tile::<T>()));
    }

    /// Describes a sequence.
    pub fn sequence<S: Sequence>(&mut self) {
        #[cfg(feature = "describe")]
        self.all.push(Description::Sequence(traced::sequence::<S>()));
    }
}
