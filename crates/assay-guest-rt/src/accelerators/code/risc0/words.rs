//! Numbers as little-endian words of 32 bits.

pub(super) use crate::embedded::precompiles::numbers::is_below;

/// The words of a number that is written down in words of 64 bits.
pub(super) const fn narrow<const N: usize, const M: usize>(wide: [u64; M]) -> [u32; N] {
    let mut words = [0; N];
    let mut index = 0;
    while index < N {
        words[index] = (wide[index / 2] >> (32 * (index % 2))) as u32;
        index += 1;
    }
    words
}

/// From big-endian bytes, the lowest words of what they are.
pub(super) fn read<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.rchunks(4)) {
        *word = bytes.iter().fold(0, |word, &byte| word << 8 | u32::from(byte));
    }
    words
}

/// To big-endian bytes, 4 for each word.
pub(super) fn write(words: &[u32], bytes: &mut [u8]) {
    for (word, bytes) in words.iter().zip(bytes.as_rchunks_mut().1.iter_mut().rev()) {
        *bytes = word.to_be_bytes();
    }
}

/// Whether two numbers are the same; word by word, because most differ in the first.
pub(super) fn is_equal<const N: usize>(a: &[u32; N], b: &[u32; N]) -> bool {
    a[0] == b[0] && a == b
}

pub(super) fn is_zero(words: &[u32]) -> bool {
    words.iter().all(|&word| word == 0)
}

/// The sum, and whether it has one bit more.
pub(super) fn sum<const N: usize>(a: &[u32; N], b: &[u32; N]) -> ([u32; N], bool) {
    let (mut sum, mut carry) = (*a, false);
    for (a, b) in sum.iter_mut().zip(b) {
        let (with, first) = a.overflowing_add(*b);
        let (with, second) = with.overflowing_add(u32::from(carry));
        (*a, carry) = (with, first || second);
    }
    (sum, carry)
}

/// The difference modulo 2^(32 N).
pub(super) fn difference<const N: usize>(a: &[u32; N], b: &[u32; N]) -> [u32; N] {
    let (mut difference, mut borrow) = (*a, false);
    for (a, b) in difference.iter_mut().zip(b) {
        let (without, first) = a.overflowing_sub(*b);
        let (without, second) = without.overflowing_sub(u32::from(borrow));
        (*a, borrow) = (without, first || second);
    }
    difference
}

/// A quarter of the number after this one.
pub(super) fn quarter_of_next<const N: usize>(words: &[u32; N]) -> [u32; N] {
    // Of one that is 3 modulo 4 it is a quarter of it, rounded down, and 1.
    let mut quarter = words.map(|word| word >> 2);
    for index in 1..N {
        quarter[index - 1] |= words[index] << 30;
    }
    let mut one = [0; N];
    one[0] = 1;
    sum(&quarter, &one).0
}

/// The bits of a number, from the highest that it has room for.
pub(super) fn bits(words: &[u32]) -> impl Iterator<Item = bool> {
    words.iter().rev().flat_map(|&word| (0..u32::BITS).rev().map(move |bit| word >> bit & 1 == 1))
}
