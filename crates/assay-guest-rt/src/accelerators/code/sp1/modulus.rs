//! Arithmetic modulo a number of 256 bits, by the precompile that multiplies and reduces.

use super::words::{self, Uint};
use crate::embedded::precompiles::numbers::{self, Place};

pub(super) const ONE: Uint = [1, 0, 0, 0];

/// A modulus that is not 0.
pub(super) struct Modulus {
    /// The second factor's place, and the modulus behind it.
    operand: Place<8>,
}

impl Modulus {
    pub(super) fn new(modulus: Uint) -> Self {
        let [a, b, c, d] = modulus;
        Self { operand: Place::new([0, 0, 0, 0, a, b, c, d]) }
    }

    /// The modulus itself.
    #[inline]
    pub(super) fn number(&self) -> Uint {
        let [.., a, b, c, d] = *self.operand.words();
        [a, b, c, d]
    }

    /// Whether a number is reduced.
    pub(super) fn is_above(&self, number: &Uint) -> bool {
        words::is_below(number, &self.number())
    }

    #[inline]
    fn multiply(&mut self, product: &mut Place<4>, by: Uint) {
        self.operand.words_mut()[..4].copy_from_slice(&by);
        numbers::mul_mod(product, &self.operand);
    }

    /// `a * b`, of which one is reduced.
    pub(super) fn product(&mut self, a: Uint, b: Uint) -> Uint {
        let mut product = Place::new(a);
        self.multiply(&mut product, b);
        *product.words()
    }

    /// What is left of any number.
    pub(super) fn reduced(&mut self, number: Uint) -> Uint {
        self.product(number, ONE)
    }

    /// `a + b` of reduced numbers.
    pub(super) fn sum(&self, a: Uint, b: Uint) -> Uint {
        let (sum, carry) = words::sum(&a, &b);
        if carry || !self.is_above(&sum) { words::difference(&sum, &self.number()) } else { sum }
    }

    /// `-a` of a reduced number.
    pub(super) fn negative(&self, a: Uint) -> Uint {
        if words::is_zero(&a) { a } else { words::difference(&self.number(), &a) }
    }

    /// A reduced number to the power of one whose words begin with the lowest.
    pub(super) fn power(&mut self, base: Uint, exponent: &[u64]) -> Uint {
        let mut power = Place::new(self.reduced(ONE));
        let mut begun = false;
        for word in exponent.iter().rev() {
            for bit in (0..u64::BITS).rev() {
                if begun {
                    let square = *power.words();
                    self.multiply(&mut power, square);
                }
                if word >> bit & 1 == 1 {
                    begun = true;
                    self.multiply(&mut power, base);
                }
            }
        }
        *power.words()
    }

    /// `1 / a` modulo a prime; 0 for 0.
    pub(super) fn inverse(&mut self, a: Uint) -> Uint {
        let exponent = words::difference(&self.number(), &[2, 0, 0, 0]);
        self.power(a, &exponent)
    }

    /// A root of a square modulo a prime that is 3 modulo 4.
    pub(super) fn root(&mut self, square: Uint) -> Option<Uint> {
        // (p + 1) / 4 is ((p - 1) / 2 + 1) / 2.
        let half = words::half(&self.number());
        let exponent = words::half(&words::sum(&half, &ONE).0);
        let root = self.power(square, &exponent);
        (self.product(root, root) == square).then_some(root)
    }
}
