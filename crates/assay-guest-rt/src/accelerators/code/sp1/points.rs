//! The group of a curve's points, around precompiles that know neither infinity nor equal points.

use super::words::{self, Uint};
use crate::embedded::precompiles::numbers::{CurveCalls, Place};

/// A curve without points whose y is 0.
#[derive(Clone, Copy)]
pub(super) struct Group<const N: usize>(pub(super) CurveCalls<N>);

/// A point; `None` is infinity.
pub(super) type Point<const N: usize> = Option<Place<N>>;

impl<const N: usize> Group<N> {
    #[inline]
    pub(super) fn double(self, point: &mut Point<N>) {
        if let Some(point) = point {
            self.0.double(point);
        }
    }

    #[inline]
    pub(super) fn add(self, sum: &mut Point<N>, point: &Place<N>) {
        let Some(place) = sum else {
            *sum = Some(*point);
            return;
        };
        let ((x, y), (other_x, other_y)) = (place.words().split_at(N / 2), point.words().split_at(N / 2));
        if x != other_x {
            self.0.add(place, point);
        } else if y == other_y {
            self.0.double(place);
        } else {
            *sum = None;
        }
    }

    /// A point times a number.
    pub(super) fn multiple(self, point: &Place<N>, scalar: &Uint) -> Point<N> {
        let mut product = None;
        for bit in bits(scalar) {
            self.double(&mut product);
            if bit {
                self.add(&mut product, point);
            }
        }
        product
    }

    /// The sum of two points, each times a number.
    pub(super) fn combination(self, one: &Place<N>, a: &Uint, other: &Place<N>, b: &Uint) -> Point<N> {
        let mut both = Some(*one);
        self.add(&mut both, other);
        let mut sum = None;
        for (a, b) in bits(a).zip(bits(b)) {
            self.double(&mut sum);
            match (a, b) {
                (true, false) => self.add(&mut sum, one),
                (false, true) => self.add(&mut sum, other),
                (true, true) => {
                    if let Some(both) = &both {
                        self.add(&mut sum, both);
                    }
                }
                (false, false) => {}
            }
        }
        sum
    }
}

/// From the highest of 256.
pub(super) fn bits(number: &Uint) -> impl Iterator<Item = bool> {
    number.iter().rev().flat_map(|&word| (0..u64::BITS).rev().map(move |bit| word >> bit & 1 == 1))
}

/// The point of two big-endian coordinates, on the curve or not.
pub(super) fn read<const N: usize>(bytes: &[u8]) -> Place<N> {
    let (x, y) = bytes.split_at(bytes.len() / 2);
    let mut point = Place::new([0; N]);
    let (to_x, to_y) = point.words_mut().split_at_mut(N / 2);
    for (words, bytes) in [(to_x, x), (to_y, y)] {
        for (word, bytes) in words.iter_mut().zip(bytes.as_rchunks().1.iter().rev()) {
            *word = u64::from_be_bytes(*bytes);
        }
    }
    point
}

/// Two big-endian coordinates; zeros for infinity.
pub(super) fn write<const N: usize>(point: &Point<N>, bytes: &mut [u8]) {
    let Some(point) = point else {
        bytes.fill(0);
        return;
    };
    let (x, y) = point.words().split_at(N / 2);
    let (to_x, to_y) = bytes.split_at_mut(bytes.len() / 2);
    words::write(x, to_x);
    words::write(y, to_y);
}
