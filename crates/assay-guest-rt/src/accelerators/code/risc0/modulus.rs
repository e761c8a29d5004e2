//! Arithmetic modulo a number.

use super::words;
use crate::embedded::precompiles::numbers::Multiplication;

/// A modulus that is not 0.
pub(super) struct Modulus<const N: usize> {
    number: [u32; N],
    multiplication: Multiplication<N>,
}

impl<const N: usize> Modulus<N> {
    pub(super) const fn new(number: [u32; N], multiplication: Multiplication<N>) -> Self {
        Self { number, multiplication }
    }

    /// The modulus itself.
    pub(super) fn number(&self) -> &[u32; N] {
        &self.number
    }

    /// Whether a number is reduced.
    pub(super) fn is_above(&self, number: &[u32; N]) -> bool {
        words::is_below(number, &self.number)
    }

    #[inline]
    fn multiply(&self, a: &[u32; N], b: &[u32; N], product: &mut [u32; N]) {
        self.multiplication.multiply(a, b, &self.number, product);
    }

    /// `a * b`, of which one is reduced.
    pub(super) fn product(&self, a: &[u32; N], b: &[u32; N]) -> [u32; N] {
        let mut product = [0; N];
        self.multiply(a, b, &mut product);
        product
    }

    /// What is left of any number.
    pub(super) fn reduced(&self, number: &[u32; N]) -> [u32; N] {
        // The quotient is the number's own at most.
        if self.is_above(number) { *number } else { self.product(number, &small(1)) }
    }

    /// `a + b` of reduced numbers.
    pub(super) fn sum(&self, a: &[u32; N], b: &[u32; N]) -> [u32; N] {
        let (sum, carry) = words::sum(a, b);
        if carry || !self.is_above(&sum) { words::difference(&sum, &self.number) } else { sum }
    }

    /// `-a` of a reduced number.
    pub(super) fn negative(&self, a: &[u32; N]) -> [u32; N] {
        if words::is_zero(a) { *a } else { words::difference(&self.number, a) }
    }

    /// A reduced number to the power of one.
    pub(super) fn power(&self, base: &[u32; N], exponent: &[u32]) -> [u32; N] {
        // A product is not written where a factor is, and what is not copied costs nothing.
        let (mut one, mut other) = (*base, [0; N]);
        let (mut power, mut next) = (&mut one, &mut other);
        let mut bits = words::bits(exponent).skip_while(|&bit| !bit);
        if bits.next().is_none() {
            return self.reduced(&small(1));
        }
        for bit in bits {
            self.multiply(power, power, next);
            core::mem::swap(&mut power, &mut next);
            if bit {
                self.multiply(power, base, next);
                core::mem::swap(&mut power, &mut next);
            }
        }
        *power
    }

    /// A root of a square modulo a prime that is 3 modulo 4.
    pub(super) fn root(&self, square: &[u32; N]) -> Option<[u32; N]> {
        let root = self.power(square, &words::quarter_of_next(&self.number));
        (self.product(&root, &root) == *square).then_some(root)
    }
}

/// A number of one word.
pub(super) fn small<const N: usize>(word: u32) -> [u32; N] {
    let mut words = [0; N];
    words[0] = word;
    words
}
