//! Integers of any size, for calls that compute with them.
//!
//! Schoolbook arithmetic on 32-bit limbs: numbers of calls have a few thousand bits. How large a number may become is the
//! caller's to bound; nothing here does, and nothing here is constant-time.
//!
//! It stands beside `num-bigint`, which SP1's formulas are written with under the feature `bigint`, because runners link this
//! crate without that feature, so that their lockfiles know no other version of it; and those formulas need more than is here.

use std::cmp::Ordering;

/// A number that is not negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Natural {
    /// Little-endian; the last is not 0.
    limbs: Vec<u32>,
}

impl Natural {
    pub(crate) const ZERO: Self = Self { limbs: Vec::new() };

    /// The number of little-endian limbs, of which the last may be 0.
    pub(crate) fn new(mut limbs: Vec<u32>) -> Self {
        let length = limbs.iter().rposition(|&limb| limb != 0).map_or(0, |last| last + 1);
        limbs.truncate(length);
        Self { limbs }
    }

    /// Little-endian, without zeros at the end.
    pub(crate) fn limbs(&self) -> &[u32] {
        &self.limbs
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    fn add(&self, other: &Self) -> Self {
        let (long, short) = if self.limbs.len() < other.limbs.len() { (other, self) } else { (self, other) };
        let mut limbs = long.limbs.clone();
        let mut carry = 0;
        for (index, limb) in limbs.iter_mut().enumerate() {
            let sum = u64::from(*limb) + u64::from(short.limb(index)) + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
        limbs.push(carry as u32);
        Self::new(limbs)
    }

    /// `self - other`, which is not negative.
    fn sub(&self, other: &Self) -> Self {
        let mut limbs = self.limbs.clone();
        let mut borrow = false;
        for (index, limb) in limbs.iter_mut().enumerate() {
            let (difference, one) = limb.overflowing_sub(other.limb(index));
            let (difference, two) = difference.overflowing_sub(borrow.into());
            *limb = difference;
            borrow = one || two;
        }
        Self::new(limbs)
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        let mut limbs = vec![0; self.limbs.len() + other.limbs.len()];
        for (index, &limb) in self.limbs.iter().enumerate() {
            let mut carry = 0;
            let (now, later) = limbs[index..].split_at_mut(other.limbs.len());
            for (place, &factor) in now.iter_mut().zip(&other.limbs) {
                let product = u64::from(limb) * u64::from(factor) + u64::from(*place) + carry;
                *place = product as u32;
                carry = product >> 32;
            }
            // The place behind the product so far, which is still 0.
            later[0] = carry as u32;
        }
        Self::new(limbs)
    }

    /// Quotient and remainder; `None` by 0.
    pub(crate) fn div_rem(&self, divisor: &Self) -> Option<(Self, Self)> {
        let &top = divisor.limbs.last()?;
        if *self < *divisor {
            return Some((Self::ZERO, self.clone()));
        }
        if let [divisor] = *divisor.limbs.as_slice() {
            let mut limbs = self.limbs.clone();
            let mut rest = 0;
            for limb in limbs.iter_mut().rev() {
                let dividend = rest << 32 | u64::from(*limb);
                *limb = (dividend / u64::from(divisor)) as u32;
                rest = dividend % u64::from(divisor);
            }
            return Some((Self::new(limbs), Self::new(vec![rest as u32])));
        }
        Some(self.long_division(divisor, top.leading_zeros()))
    }

    /// Algorithm D (Knuth, The Art of Computer Programming, volume 2, 4.3.1), by a divisor of at least two limbs that
    /// `shift` bits to the left begins with a one.
    fn long_division(&self, divisor: &Self, shift: u32) -> (Self, Self) {
        const BASE: u64 = 1 << 32;
        let by = shifted_left(&divisor.limbs, shift);
        let length = divisor.limbs.len();
        let (top, next) = (u64::from(by[length - 1]), u64::from(by[length - 2]));
        let mut rest = shifted_left(&self.limbs, shift);
        let mut quotient = vec![0; self.limbs.len() - length + 1];
        for place in (0..quotient.len()).rev() {
            let part = &mut rest[place..=place + length];
            let dividend = u64::from(part[length]) << 32 | u64::from(part[length - 1]);
            let mut digit = dividend / top;
            let mut over = dividend % top;
            while digit >= BASE || digit * next > (over << 32 | u64::from(part[length - 2])) {
                digit -= 1;
                over += top;
                if over >= BASE {
                    break;
                }
            }
            if subtract_multiple(part, &by[..length], digit as u32) {
                digit -= 1;
                add_back(part, &by[..length]);
            }
            quotient[place] = digit as u32;
        }
        (Self::new(quotient), Self::new(shifted_right(&rest[..length], shift)))
    }

    /// What this is to be multiplied with for 1 modulo `modulus`; `None` if there is no such number.
    pub(crate) fn inverse(&self, modulus: &Self) -> Option<Self> {
        let positive = |natural: &Self| Integer::from(natural.clone());
        let (mut rest, mut next) = (positive(modulus), positive(&self.div_rem(modulus)?.1));
        let (mut factor, mut next_factor) = (Integer::ZERO, positive(&Self::new(vec![1])));
        while !next.magnitude.is_zero() {
            let (quotient, remainder) = rest.div_rem(&next)?;
            let following = factor.sub(&quotient.mul(&next_factor));
            (rest, next) = (next, remainder);
            (factor, next_factor) = (next_factor, following);
        }
        if rest.magnitude.limbs != [1] {
            return None;
        }
        let reduced = factor.magnitude.div_rem(modulus)?.1;
        Some(if factor.negative && !reduced.is_zero() { modulus.sub(&reduced) } else { reduced })
    }

    fn limb(&self, index: usize) -> u32 {
        self.limbs.get(index).copied().unwrap_or(0)
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.limbs.len().cmp(&other.limbs.len());
        by_length.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Limbs less than 32 bits to the left, and one limb more.
fn shifted_left(limbs: &[u32], shift: u32) -> Vec<u32> {
    let mut carry = 0;
    let mut shifted: Vec<u32> = Vec::with_capacity(limbs.len() + 1);
    for &limb in limbs {
        let wide = u64::from(limb) << shift | carry;
        shifted.push(wide as u32);
        carry = wide >> 32;
    }
    shifted.push(carry as u32);
    shifted
}

fn shifted_right(limbs: &[u32], shift: u32) -> Vec<u32> {
    let above = limbs.iter().skip(1).chain([&0]);
    let wide = limbs.iter().zip(above).map(|(&limb, &above)| u64::from(above) << 32 | u64::from(limb));
    wide.map(|wide| (wide >> shift) as u32).collect()
}

/// Takes `digit` times `by` from `part`, which is one limb longer; whether that was too much.
fn subtract_multiple(part: &mut [u32], by: &[u32], digit: u32) -> bool {
    let mut carry = 0;
    let mut borrow = false;
    for (place, &factor) in part.iter_mut().zip(by.iter().chain([&0])) {
        let product = u64::from(digit) * u64::from(factor) + carry;
        carry = product >> 32;
        let (difference, one) = place.overflowing_sub(product as u32);
        let (difference, two) = difference.overflowing_sub(borrow.into());
        *place = difference;
        borrow = one || two;
    }
    borrow
}

fn add_back(part: &mut [u32], by: &[u32]) {
    let mut carry = 0;
    for (place, &limb) in part.iter_mut().zip(by.iter().chain([&0])) {
        let sum = u64::from(*place) + u64::from(limb) + carry;
        *place = sum as u32;
        carry = sum >> 32;
    }
}

/// A number with a sign; 0 is not negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Integer {
    negative: bool,
    magnitude: Natural,
}

impl From<Natural> for Integer {
    fn from(magnitude: Natural) -> Self {
        Self { negative: false, magnitude }
    }
}

impl Integer {
    pub(crate) const ZERO: Self = Self { negative: false, magnitude: Natural::ZERO };

    fn new(negative: bool, magnitude: Natural) -> Self {
        Self { negative: negative && !magnitude.is_zero(), magnitude }
    }

    /// Without its sign.
    pub(crate) fn magnitude(&self) -> &Natural {
        &self.magnitude
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self::new(self.negative, self.magnitude.add(&other.magnitude));
        }
        if self.magnitude < other.magnitude {
            return Self::new(other.negative, other.magnitude.sub(&self.magnitude));
        }
        Self::new(self.negative, self.magnitude.sub(&other.magnitude))
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        self.add(&Self::new(!other.negative, other.magnitude.clone()))
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        Self::new(self.negative != other.negative, self.magnitude.mul(&other.magnitude))
    }

    /// Quotient, rounded towards 0, and a remainder of the dividend's sign; `None` by 0.
    pub(crate) fn div_rem(&self, divisor: &Self) -> Option<(Self, Self)> {
        let (quotient, remainder) = self.magnitude.div_rem(&divisor.magnitude)?;
        Some((Self::new(self.negative != divisor.negative, quotient), Self::new(self.negative, remainder)))
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::{BigInt, BigUint, Sign};
    use proptest::prelude::*;

    use super::*;

    fn natural() -> impl Strategy<Value = Vec<u32>> {
        // Limbs that make estimates of quotients wrong are likely.
        prop::collection::vec(prop_oneof![any::<u32>(), Just(0), Just(1), Just(u32::MAX), Just(1 << 31)], 0..24)
    }

    fn integer() -> impl Strategy<Value = (bool, Vec<u32>)> {
        (any::<bool>(), natural())
    }

    fn both((negative, limbs): (bool, Vec<u32>)) -> (Integer, BigInt) {
        let other = BigInt::from_slice(if negative { Sign::Minus } else { Sign::Plus }, &limbs);
        (Integer::new(negative, Natural::new(limbs)), other)
    }

    fn as_other(integer: &Integer) -> BigInt {
        let sign = if integer.negative { Sign::Minus } else { Sign::Plus };
        BigInt::from_slice(sign, integer.magnitude.limbs())
    }

    #[test]
    fn an_estimate_that_is_one_too_large_is_corrected() {
        // Of Hacker's Delight's cases for algorithm D: the divisor is added back.
        let dividend = Natural::new(vec![0, 0, 0x8000_0000, 0x7fff_ffff]);
        let divisor = Natural::new(vec![1, 0, 0x8000_0000]);
        let (quotient, remainder) = dividend.div_rem(&divisor).unwrap();
        assert_eq!(quotient.limbs(), [0xffff_fffe]);
        assert_eq!(remainder.limbs(), [2, 0xffff_ffff, 0x7fff_ffff]);
    }

    #[test]
    fn nothing_is_divided_by_zero_and_zero_has_no_inverse() {
        let [zero, one, six] = [0, 1, 6].map(|number| Natural::new(vec![number]));
        assert_eq!(one.div_rem(&zero), None);
        assert_eq!(zero.inverse(&six), None);
        assert_eq!(Natural::new(vec![4]).inverse(&six), None);
        assert_eq!(Natural::new(vec![11]).inverse(&six), Some(Natural::new(vec![5])));
        assert_eq!(six.inverse(&zero), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn sums_and_products_are_those_of_another_implementation(a in integer(), b in integer()) {
            let ((a, other_a), (b, other_b)) = (both(a), both(b));
            prop_assert_eq!(as_other(&a.add(&b)), &other_a + &other_b);
            prop_assert_eq!(as_other(&a.sub(&b)), &other_a - &other_b);
            prop_assert_eq!(as_other(&a.mul(&b)), &other_a * &other_b);
            prop_assert_eq!(a.magnitude.cmp(&b.magnitude), other_a.magnitude().cmp(other_b.magnitude()));
        }

        #[test]
        fn quotients_are_those_of_another_implementation(a in integer(), b in integer()) {
            let ((a, other_a), (b, other_b)) = (both(a), both(b));
            let Some((quotient, remainder)) = a.div_rem(&b) else {
                prop_assert_eq!(other_b, BigInt::ZERO);
                return Ok(());
            };
            prop_assert_eq!(as_other(&quotient), &other_a / &other_b);
            prop_assert_eq!(as_other(&remainder), &other_a % &other_b);
        }

        #[test]
        fn inverses_are_those_of_another_implementation(a in natural(), modulus in natural()) {
            let (other_a, other_modulus) = (BigUint::from_slice(&a), BigUint::from_slice(&modulus));
            let inverse = Natural::new(a).inverse(&Natural::new(modulus));
            let expected = if other_modulus == BigUint::ZERO { None } else { other_a.modinv(&other_modulus) };
            // Modulo 1, where all is 0, there is an inverse by one definition and none by another; no caller asks.
            prop_assume!(other_modulus != BigUint::from(1u32));
            prop_assert_eq!(inverse.map(|inverse| BigUint::from_slice(inverse.limbs())), expected);
        }
    }
}
