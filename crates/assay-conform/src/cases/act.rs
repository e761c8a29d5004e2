//! What the guest `conform` can be told to do, by the first byte of its input.

/// The guest.
pub(crate) const CORE: &str = "conform";

/// The guest that never asks for its input.
pub(crate) const SILENT_CORE: &str = "conform_silent";

/// The numbers that `guests/conform` knows.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Act {
    /// Length and hash of the input.
    Measure = 0,
    /// Read the input three times, and say whether that was the same.
    ReadThrice = 1,
    /// The same with 2^16 instructions in between.
    ReadLater = 2,
    /// Store into the input.
    StoreIntoInput = 3,
    /// Writes of so many bytes, a u32 each.
    Pieces = 4,
    /// Write out the input.
    Echo = 5,
    /// Output from several functions.
    Order = 6,
    /// Exit with this code, a u8.
    Exit = 7,
    Abort = 8,
    Panic = 9,
    /// So many calls, a u32, with small frames.
    Descend = 10,
    /// The same with frames of 64 KiB.
    DescendFast = 11,
    /// So many writes of a byte, a u32.
    TinyWrites = 12,
    /// `write_output` of an address and a length, a u64 each; address 0 is the input's.
    WriteRange = 13,
    /// Load from an address, a u64.
    Load = 14,
    /// Store to an address, a u64.
    Store = 15,
    /// Jump to an address, a u64.
    Jump = 16,
    FillHeap = 17,
    /// Overwrite all data that can be written, the runtime's too, and write out the input.
    OverwriteData = 18,
    Nothing = 19,
}

/// The input that asks for `act`, with its arguments.
pub(super) fn input(act: Act, arguments: &[u8]) -> Vec<u8> {
    [&[act as u8], arguments].concat()
}

/// Numbers as the guest takes them.
pub(super) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Addresses and lengths as the guest takes them.
pub(super) fn addresses(addresses: &[u64]) -> Vec<u8> {
    addresses.iter().flat_map(|address| address.to_le_bytes()).collect()
}

/// The bytes that [`Act::Pieces`] writes, `count` of them.
pub(super) fn piece_bytes(count: u32) -> Vec<u8> {
    (0..count).map(|index| (index.wrapping_mul(7) >> 1) as u8).collect()
}

/// What [`Act::Measure`] writes of `input`: its length and its hash (FNV-1a, 32 bits).
pub(super) fn measured(input: &[u8]) -> Vec<u8> {
    let hash = input.iter().fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    [(input.len() as u32).to_le_bytes(), hash.to_le_bytes()].concat()
}
