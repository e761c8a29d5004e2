//! Numbers as little-endian words.

use core::cmp::Ordering;

/// 256 bits.
pub(super) type Uint = [u64; 4];

/// From big-endian bytes, 8 for each word.
#[inline]
pub(super) fn read<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.as_rchunks().1.iter().rev()) {
        *word = u64::from_be_bytes(*bytes);
    }
    words
}

/// To big-endian bytes, 8 for each word.
#[inline]
pub(super) fn write(words: &[u64], bytes: &mut [u8]) {
    for (word, bytes) in words.iter().zip(bytes.as_rchunks_mut().1.iter_mut().rev()) {
        *bytes = word.to_be_bytes();
    }
}

pub(super) fn is_zero(words: &[u64]) -> bool {
    words.iter().all(|&word| word == 0)
}

pub(super) fn is_below(a: &[u64], b: &[u64]) -> bool {
    a.iter().rev().cmp(b.iter().rev()) == Ordering::Less
}

/// The sum, and whether it has one bit more.
pub(super) fn sum<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let (mut sum, mut carry) = (*a, false);
    for (a, b) in sum.iter_mut().zip(b) {
        let (with, first) = a.overflowing_add(*b);
        let (with, second) = with.overflowing_add(u64::from(carry));
        (*a, carry) = (with, first || second);
    }
    (sum, carry)
}

/// The difference modulo 2^(64 N).
pub(super) fn difference<const N: usize>(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
    let (mut difference, mut borrow) = (*a, false);
    for (a, b) in difference.iter_mut().zip(b) {
        let (without, first) = a.overflowing_sub(*b);
        let (without, second) = without.overflowing_sub(u64::from(borrow));
        (*a, borrow) = (without, first || second);
    }
    difference
}

/// Half of it, rounded down.
pub(super) fn half(words: &Uint) -> Uint {
    let mut half = words.map(|word| word >> 1);
    for index in 1..words.len() {
        half[index - 1] |= words[index] << 63;
    }
    half
}
