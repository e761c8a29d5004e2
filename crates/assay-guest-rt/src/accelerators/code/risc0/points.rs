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

    /// A point times a number.
    pub(super) fn multiple(&self, point: &Affine<N>, scalar: &[u32]) -> Point<N> {
        let mut product = Sum::new(self);
        for bit in words::bits(scalar) {
            product.double();
            if bit {
                product.add(point);
            }
        }
        product.point()
    }

    /// The sum of two points, each times a number.
    pub(super) fn combination(&self, one: &Affine<N>, a: &[u32; 8], other: &Affine<N>, b: &[u32; 8]) -> Point<N> {
        let mut both = Sum::new(self);
        both.add(one);
        both.add(other);
        let both = both.point();
        let mut sum = Sum::new(self);
        for bits in words::bits(a).zip(words::bits(b)) {
            sum.double();
            let term = match bits {
                (true, false) => Some(one),
                (false, true) => Some(other),
                (true, true) => both.as_ref(),
                (false, false) => None,
            };
            if let Some(term) = term {
                sum.add(term);
            }
        }
        sum.point()
    }
}

/// A sum of points as it grows: infinity at first. A result is not written where an operand is, so that there are two
/// places, which take turns; copies would cost more than the programs do.
pub(super) struct Sum<'c, const N: usize> {
    curve: &'c Curve<N>,
    places: [Affine<N>; 2],
    /// Whether it is in the second place.
    second: bool,
    infinite: bool,
}

impl<'c, const N: usize> Sum<'c, N> {
    pub(super) fn new(curve: &'c Curve<N>) -> Self {
        Self { curve, places: [[small(0); 2]; 2], second: false, infinite: true }
    }

    /// Where it is, and where the next one goes.
    fn turns(&mut self) -> (&mut Affine<N>, &mut Affine<N>) {
        let [first, second] = &mut self.places;
        if self.second { (second, first) } else { (first, second) }
    }

    pub(super) fn double(&mut self) {
        if self.infinite {
            return;
        }
        let curve = self.curve;
        let (point, next) = self.turns();
        if words::is_zero(&point[1]) {
            self.infinite = true;
            return;
        }
        curve.calls.double(point, &curve.numbers, next);
        self.second = !self.second;
    }

    pub(super) fn add(&mut self, other: &Affine<N>) {
        let (curve, infinite) = (self.curve, self.infinite);
        let (point, next) = self.turns();
        if infinite {
            *point = *other;
            self.infinite = false;
        } else if !words::is_equal(&point[0], &other[0]) {
            curve.calls.add(point, other, &curve.numbers, next);
            self.second = !self.second;
        } else if words::is_equal(&point[1], &other[1]) {
            self.double();
        } else {
            self.infinite = true;
        }
    }

    pub(super) fn point(mut self) -> Point<N> {
        if self.infinite { None } else { Some(*self.turns().0) }
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
