//! The parameters of a call from one string of bytes, in the header's order.

use alloc::vec::Vec;

use assay_guest_rt::accelerators::{Bytes, Pair};

/// What is left of the bytes.
pub struct Parameters<'a> {
    rest: &'a [u8],
}

impl<'a> Parameters<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, bytes: usize) -> &'a [u8] {
        let Some((taken, rest)) = self.rest.split_at_checked(bytes) else {
            panic!("a parameter of {bytes} bytes is cut off");
        };
        self.rest = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N));
        array
    }

    /// A struct.
    pub fn value<const N: usize>(&mut self) -> Bytes<N> {
        Bytes(self.array())
    }

    /// A `uint8_t`.
    pub fn byte(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    /// A `uint32_t`.
    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// Bytes behind their number.
    pub fn data(&mut self) -> &'a [u8] {
        let bytes = self.word() as usize;
        self.take(bytes)
    }

    /// Structs behind their length in bytes.
    pub fn pairs<const A: usize, const B: usize>(&mut self) -> Vec<Pair<A, B>> {
        let data = self.data();
        assert!(data.len().is_multiple_of(A + B), "an array ends within a struct");
        let mut structs = Self::new(data);
        let mut pairs = Vec::with_capacity(data.len() / (A + B));
        while !structs.rest.is_empty() {
            pairs.push(Pair { first: structs.value(), second: structs.value() });
        }
        pairs
    }

    /// Nothing is left.
    pub fn end(&self) {
        assert!(self.rest.is_empty(), "bytes stand behind the last parameter");
    }
}
