//! The group of a curve's points, around programs that know neither infinity nor equal points.

use super::{
    modulus::{Modulus, small},
    words,
};
use crate::{
    accelerators::Failed,
    embedded::precompiles::numbers::{CurveCalls, Multiplication},
};

/// A curve y² = x³ + ax + b over a field of prime order.
pub(super) struct Curve<const N: usize> {
    /// The field's order, a and b.
    numbers: [[u32; N]; 3],
    pub(super) field: Modulus<N>,
    calls: CurveCalls<N>,
}

/// x and y.
pub(super) type Affine<const N: usize> = [[u32; N]; 2];

/// A point; `None` is infinity.
pub(super) type Point<const N: usize> = Option<Affine<N>>;

impl<const N: usize> Curve<N> {
    pub(super) const fn new(
        order: [u32; N],
        a: [u32; N],
        b: [u32; N],
        calls: CurveCalls<N>,
        multiplication: Multiplication<N>,
    ) -> Self {
        Self { numbers: [order, a, b], field: Modulus::new(order, multiplication), calls }
    }

    /// y² of a point with this x, which is reduced.
    pub(super) fn square(&self, x: &[u32; N]) -> [u32; N] {
        let [_, a, b] = &self.numbers;
        let factor = self.field.sum(&self.field.product(x, x), a);
        self.field.sum(&self.field.product(&factor, x), b)
    }

    /// The point of two big-endian coordinates, which is not infinity.
    pub(super) fn read(&self, bytes: &[u8]) -> Result<Affine<N>, Failed> {
        let (x, y) = bytes.split_at(bytes.len() / 2);
        let point = [words::read(x), words::read(y)];
        let [x, y] = &point;
        let reduced = self.field.is_above(x) && self.field.is_above(y);
        if reduced && self.field.product(y, y) == self.square(x) { Ok(point) } else { Err(Failed) }
    }

    /// The point of two big-endian coordinates, which are zeros for infinity.
    pub(super) fn read_any(&self, bytes: &[u8]) -> Result<Point<N>, Failed> {
        if bytes.iter().all(|&byte| byte == 0) { Ok(None) } else { self.read(bytes).map(Some) }
    }

    pub(super) fn double(&self, point: &Point<N>) -> Point<N> {
        let point = point.as_ref().filter(|[_, y]| !words::is_zero(y))?;
        let mut double = [small(0); 2];
        self.calls.double(point, &self.numbers, &mut double);
        Some(double)
    }

    pub(super) fn add(&self, one: &Point<N>, other: &Affine<N>) -> Point<N> {
        let Some(point) = one else { return Some(*other) };
        if point[0] == other[0] {
            return if point[1] == other[1] { self.double(one) } else { None };
        }
        let mut sum = [small(0); 2];
        self.calls.add(point, other, &self.numbers, &mut sum);
        Some(sum)
    }

    /// A point times a number.
    pub(super) fn multiple(&self, point: &Affine<N>, scalar: &[u32]) -> Point<N> {
        let mut product = None;
        for bit in words::bits(scalar) {
            product = self.double(&product);
            if bit {
                product = self.add(&product, point);
            }
        }
        product
    }

    /// The sum of two points, each times a number.
    pub(super) fn combination(&self, one: &Affine<N>, a: &[u32; 8], other: &Affine<N>, b: &[u32; 8]) -> Point<N> {
        let both = self.add(&Some(*one), other);
        let mut sum = None;
        for bits in words::bits(a).zip(words::bits(b)) {
            sum = self.double(&sum);
            let term = match bits {
                (true, false) => Some(one),
                (false, true) => Some(other),
                (true, true) => both.as_ref(),
                (false, false) => None,
            };
            if let Some(term) = term {
                sum = self.add(&sum, term);
            }
        }
        sum
    }
}

/// Two big-endian coordinates; zeros for infinity.
pub(super) fn write<const N: usize>(point: &Point<N>, bytes: &mut [u8]) {
    let Some([x, y]) = point else {
        bytes.fill(0);
        return;
    };
    let (to_x, to_y) = bytes.split_at_mut(bytes.len() / 2);
    words::write(x, to_x);
    words::write(y, to_y);
}
