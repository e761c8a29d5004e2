//! Powers modulo odd numbers of several limbs of 256 bits, by Montgomery's multiplication with the precompiles for
//! `a * b + c` and `a + b + c`.
//!
//! With n limbs, numbers are kept as multiples of 2^(256 n) modulo the modulus; a product is then divided by it limb by limb
//! ("coarsely integrated operand scanning").

use alloc::{vec, vec::Vec};
use core::{cmp::Ordering, mem};

use super::{
    modulus::Modulus,
    words::{self, Uint},
};
use crate::embedded::precompiles::numbers::{Place, add_carry, mul_carry};

/// Bits of a limb.
const LIMB_BITS: usize = 256;
/// Steps of Newton's method from an inverse modulo 8 to one modulo 2^256.
const STEPS: usize = 7;

const ZERO: Uint = [0; 4];

/// A number of several limbs, the lowest first.
type Number = Vec<Place<4>>;

/// An odd modulus whose highest limb is not 0.
pub(super) struct Montgomery {
    modulus: Number,
    /// -1 / modulus, modulo a limb.
    factor: Uint,
    /// Multiplies modulo a limb.
    limb: Modulus,
    /// Sums of products: two limbs more than the modulus has.
    sums: Number,
}

impl Montgomery {
    pub(super) fn new(modulus: Number) -> Self {
        // 0 stands for 2^256.
        let mut limb = Modulus::new(ZERO);
        let lowest = *modulus[0].words();
        let mut inverse = lowest;
        for _ in 0..STEPS {
            let product = limb.product(lowest, inverse);
            inverse = limb.product(inverse, words::difference(&[2, 0, 0, 0], &product));
        }
        let sums = numbers(modulus.len() + 2);
        Self { modulus, factor: words::difference(&ZERO, &inverse), limb, sums }
    }

    /// A number of as many limbs as the modulus has, to the power of one whose words begin with the lowest.
    pub(super) fn power(&mut self, base: &[Place<4>], exponent: &[u64]) -> Number {
        let limbs = self.modulus.len();
        let one = self.one();
        let mut two = one.clone();
        self.double(&mut two);
        // 2^(256 n), as such numbers are kept.
        let radix = self.raised(&two, &[(limbs * LIMB_BITS) as u64], &one);
        let mut kept = numbers(limbs);
        self.multiply(base, &radix, &mut kept);
        let power = self.raised(&kept, exponent, &one);
        let mut plain_one = numbers(limbs);
        plain_one[0].words_mut()[0] = 1;
        self.multiply(&power, &plain_one, &mut kept);
        kept
    }

    /// 1 as it is kept: from the highest power of two below the modulus, doubled to 2^(256 n).
    fn one(&self) -> Number {
        let top = self.modulus.len() - 1;
        let highest = self.modulus[top].words().iter().rposition(|&word| word != 0).unwrap_or_default();
        let bit = self.modulus[top].words()[highest].ilog2();
        let mut number = numbers(self.modulus.len());
        number[top].words_mut()[highest] = 1 << bit;
        for _ in highest * u64::BITS as usize + bit as usize..LIMB_BITS {
            self.double(&mut number);
        }
        number
    }

    fn raised(&mut self, base: &[Place<4>], exponent: &[u64], one: &Number) -> Number {
        let mut power = one.clone();
        let mut product = one.clone();
        let mut begun = false;
        for word in exponent.iter().rev() {
            for bit in (0..u64::BITS).rev() {
                if begun {
                    self.multiply(&power, &power, &mut product);
                    mem::swap(&mut power, &mut product);
                }
                if word >> bit & 1 == 1 {
                    begun = true;
                    self.multiply(&power, base, &mut product);
                    mem::swap(&mut power, &mut product);
                }
            }
        }
        power
    }

    /// `a * b / 2^(256 n)`, reduced if one of the two is.
    fn multiply(&mut self, a: &[Place<4>], b: &[Place<4>], product: &mut [Place<4>]) {
        let Self { modulus, factor, limb, sums } = self;
        let limbs = modulus.len();
        sums.fill(Place::new(ZERO));
        for b in b {
            let mut carry = Carry::new();
            for (a, sum) in a.iter().zip(sums.iter_mut()) {
                let before = *sum;
                carry.add_product(a, b, &before, sum);
            }
            let before = sums[limbs];
            let beyond = carry.end(&before, &mut sums[limbs]);
            sums[limbs + 1].words_mut()[0] = beyond;
            // So many times the modulus that the lowest limb becomes 0, and is left out.
            let times = Place::new(limb.product(*sums[0].words(), *factor));
            let mut carry = Carry::new();
            let mut nothing = Place::new(ZERO);
            carry.add_product(&modulus[0], &times, &sums[0], &mut nothing);
            for index in 1..limbs {
                let (below, from) = sums.split_at_mut(index);
                carry.add_product(&modulus[index], &times, &from[0], &mut below[index - 1]);
            }
            let before = sums[limbs];
            let beyond = carry.end(&before, &mut sums[limbs - 1]);
            *sums[limbs].words_mut() = [sums[limbs + 1].words()[0] + beyond, 0, 0, 0];
        }
        let overflow = !words::is_zero(self.sums[limbs].words());
        product.copy_from_slice(&self.sums[..limbs]);
        self.reduce(product, overflow);
    }

    fn double(&self, number: &mut [Place<4>]) {
        let mut carry = 0;
        for word in number.iter_mut().flat_map(Place::words_mut) {
            (*word, carry) = (*word << 1 | carry, *word >> 63);
        }
        self.reduce(number, carry == 1);
    }

    /// Subtracts the modulus once from a number that is not below it, or that has one bit more.
    fn reduce(&self, number: &mut [Place<4>], overflow: bool) {
        let highest_first = |number: &[Place<4>]| {
            let mut order = Ordering::Equal;
            for (a, b) in number.iter().zip(&self.modulus).rev() {
                order = order.then_with(|| a.words().iter().rev().cmp(b.words().iter().rev()));
            }
            order
        };
        if !overflow && highest_first(number) == Ordering::Less {
            return;
        }
        let mut borrow = false;
        let words = number.iter_mut().flat_map(Place::words_mut);
        for (a, b) in words.zip(self.modulus.iter().flat_map(Place::words)) {
            let (without, first) = a.overflowing_sub(*b);
            let (without, second) = without.overflowing_sub(u64::from(borrow));
            (*a, borrow) = (without, first || second);
        }
    }
}

/// What goes from one limb of a sum of products to the next.
struct Carry {
    low: Place<4>,
    /// The high half of the last product, and room for that of the next.
    high: [Place<4>; 2],
    /// A few units more.
    more: Place<4>,
    /// Which of the two is the last.
    last: usize,
}

impl Carry {
    fn new() -> Self {
        let zero = Place::new(ZERO);
        Self { low: zero, high: [zero; 2], more: zero, last: 0 }
    }

    /// `a * b + addend` and what was carried: the limb to `sum`.
    fn add_product(&mut self, a: &Place<4>, b: &Place<4>, addend: &Place<4>, sum: &mut Place<4>) {
        let (last, next) = (self.last, 1 - self.last);
        mul_carry(a, b, addend, &mut self.low, &mut self.high[next]);
        add_carry(&self.low, &self.high[last], &mut self.more, sum);
        self.last = next;
    }

    /// `addend` and what was carried: the limb to `sum`, and what is beyond it.
    fn end(mut self, addend: &Place<4>, sum: &mut Place<4>) -> u64 {
        add_carry(addend, &self.high[self.last], &mut self.more, sum);
        self.more.words()[0]
    }
}

/// 0 of so many limbs.
fn numbers(limbs: usize) -> Number {
    vec![Place::new(ZERO); limbs]
}
