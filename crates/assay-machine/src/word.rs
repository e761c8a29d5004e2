//! Register words: the arithmetic of RV32 and RV64 in one trait.
//!
//! The interpreter is generic over [`Word`], so that each width gets its own loop without a run-time question. This
//! module knows arithmetic and nothing of instructions, memory or traps.

use std::fmt::Debug;

/// A register word: `u32` for RV32, `u64` for RV64.
///
/// Rules of division and of shift amounts are those of the unprivileged specification (20240411), chapters 2, 4 and 13:
/// division by zero and overflow give defined values and never trap.
pub(crate) trait Word: Copy + Eq + Ord + Default + Debug {
    /// Register width in bytes: 4 or 8.
    const BYTES: usize;

    /// `value` sign-extended to this width.
    fn from_i32(value: i32) -> Self;
    /// The low bits of `value`.
    fn from_u64(value: u64) -> Self;
    /// Zero-extended.
    fn to_u64(self) -> u64;
    /// The low 32 bits.
    fn low(self) -> u32;

    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    /// Shifts take the amount modulo the width.
    fn sll(self, amount: u32) -> Self;
    fn srl(self, amount: u32) -> Self;
    fn sra(self, amount: u32) -> Self;
    /// Signed less-than.
    fn lt_signed(self, other: Self) -> bool;
    fn mul(self, other: Self) -> Self;
    /// Upper half of signed × signed.
    fn mulh(self, other: Self) -> Self;
    /// Upper half of signed × unsigned.
    fn mulhsu(self, other: Self) -> Self;
    /// Upper half of unsigned × unsigned.
    fn mulhu(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    fn divu(self, other: Self) -> Self;
    fn rem(self, other: Self) -> Self;
    fn remu(self, other: Self) -> Self;

    /// 1 or 0.
    #[inline]
    fn from_bool(value: bool) -> Self {
        Self::from_i32(i32::from(value))
    }
}

macro_rules! word {
    ($word:ty, $signed:ty, $wide:ty, $wide_signed:ty) => {
        impl Word for $word {
            const BYTES: usize = size_of::<Self>();

            #[inline]
            fn from_i32(value: i32) -> Self {
                value as Self
            }
            #[inline]
            fn from_u64(value: u64) -> Self {
                value as Self
            }
            #[inline]
            fn to_u64(self) -> u64 {
                u64::from(self)
            }
            #[inline]
            fn low(self) -> u32 {
                self as u32
            }
            #[inline]
            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline]
            fn sub(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline]
            fn and(self, other: Self) -> Self {
                self & other
            }
            #[inline]
            fn or(self, other: Self) -> Self {
                self | other
            }
            #[inline]
            fn xor(self, other: Self) -> Self {
                self ^ other
            }
            #[inline]
            fn sll(self, amount: u32) -> Self {
                self.wrapping_shl(amount)
            }
            #[inline]
            fn srl(self, amount: u32) -> Self {
                self.wrapping_shr(amount)
            }
            #[inline]
            fn sra(self, amount: u32) -> Self {
                (self as $signed).wrapping_shr(amount) as Self
            }
            #[inline]
            fn lt_signed(self, other: Self) -> bool {
                (self as $signed) < (other as $signed)
            }
            #[inline]
            fn mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            #[inline]
            fn mulh(self, other: Self) -> Self {
                ((<$wide_signed>::from(self as $signed) * <$wide_signed>::from(other as $signed)) >> Self::BITS) as Self
            }
            #[inline]
            fn mulhsu(self, other: Self) -> Self {
                // The product of a signed and an unsigned word fits the signed double word.
                ((<$wide_signed>::from(self as $signed) * <$wide_signed>::from(other)) >> Self::BITS) as Self
            }
            #[inline]
            fn mulhu(self, other: Self) -> Self {
                ((<$wide>::from(self) * <$wide>::from(other)) >> Self::BITS) as Self
            }
            #[inline]
            fn div(self, other: Self) -> Self {
                if other == 0 { Self::MAX } else { (self as $signed).wrapping_div(other as $signed) as Self }
            }
            #[inline]
            fn divu(self, other: Self) -> Self {
                self.checked_div(other).unwrap_or(Self::MAX)
            }
            #[inline]
            fn rem(self, other: Self) -> Self {
                if other == 0 { self } else { (self as $signed).wrapping_rem(other as $signed) as Self }
            }
            #[inline]
            fn remu(self, other: Self) -> Self {
                self.checked_rem(other).unwrap_or(self)
            }
        }
    };
}

word!(u32, i32, u64, i64);
word!(u64, i64, u128, i128);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_by_zero_and_overflow_give_the_values_of_the_specification() {
        let least = 0x8000_0000_u32;
        assert_eq!(Word::div(7_u32, 0), u32::MAX);
        assert_eq!(Word::rem(7_u32, 0), 7);
        assert_eq!(Word::divu(7_u32, 0), u32::MAX);
        assert_eq!(Word::remu(7_u32, 0), 7);
        assert_eq!(Word::div(least, u32::MAX), least);
        assert_eq!(Word::rem(least, u32::MAX), 0);
        assert_eq!(Word::div(1_u64 << 63, u64::MAX), 1 << 63);
        assert_eq!(Word::rem(1_u64 << 63, u64::MAX), 0);
        assert_eq!(Word::div(-7_i32 as u32, 2), -3_i32 as u32);
        assert_eq!(Word::rem(-7_i32 as u32, 2), -1_i32 as u32);
    }

    #[test]
    fn upper_products_follow_the_signs_of_their_operands() {
        let minus_one = u32::MAX;
        assert_eq!(Word::mulh(minus_one, minus_one), 0);
        assert_eq!(Word::mulhu(minus_one, minus_one), 0xffff_fffe);
        assert_eq!(Word::mulhsu(minus_one, minus_one), 0xffff_ffff);
        assert_eq!(Word::mulhsu(1, minus_one), 0);
        assert_eq!(Word::mulh(u64::MAX, 1), u64::MAX);
        assert_eq!(Word::mulhu(u64::MAX, u64::MAX), u64::MAX - 1);
        assert_eq!(Word::mulhsu(u64::MAX, u64::MAX), u64::MAX);
    }

    #[test]
    fn shift_amounts_are_taken_modulo_the_width() {
        assert_eq!(Word::sll(1_u32, 33), 2);
        assert_eq!(Word::sll(1_u64, 33), 1 << 33);
        assert_eq!(Word::sra(0x8000_0000_u32, 63), u32::MAX);
        assert_eq!(Word::srl(0x8000_0000_u32, 31), 1);
    }
}
