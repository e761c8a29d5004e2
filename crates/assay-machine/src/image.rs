//! What is loaded before the first instruction: an entry point and segments.
//!
//! An [`Image`] is plain data. Where it comes from (an ELF, an assembler, a test) is the caller's business; whether
//! it fits the platform is decided when it is loaded.

/// What a guest may do with memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions {
    /// Loads are allowed.
    pub read: bool,
    /// Stores are allowed.
    pub write: bool,
    /// Instructions may be fetched.
    pub execute: bool,
}

impl Permissions {
    /// Loads only.
    pub const R: Self = Self { read: true, write: false, execute: false };
    /// Loads and stores.
    pub const RW: Self = Self { read: true, write: true, execute: false };
    /// Loads and fetches.
    pub const RX: Self = Self { read: true, write: false, execute: true };
    /// Everything.
    pub const RWX: Self = Self { read: true, write: true, execute: true };

    /// Stores only: what a store asks for.
    pub(crate) const W: Self = Self { read: false, write: true, execute: false };

    /// Whether everything that `needed` allows is allowed here too.
    pub(crate) fn allow(self, needed: Self) -> bool {
        self.read >= needed.read && self.write >= needed.write && self.execute >= needed.execute
    }
}

/// A contiguous piece of the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Address of the first byte.
    pub address: u64,
    /// Initial contents; the rest of the segment is zero.
    pub bytes: Vec<u8>,
    /// Bytes in memory (`p_memsz`), at least `bytes.len()`. Never allocated before it is written.
    pub size: u64,
    /// What the guest may do with it.
    pub permissions: Permissions,
}

/// A program ready to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Address of the first instruction.
    pub entry: u64,
    /// Segments in any order, without overlap.
    pub segments: Vec<Segment>,
}
