//! SP1's precompiles for points of curves, elements of fields and 256-bit integers.
//!
//! Sources: `sp1-core-executor` 6.10.0 (`minimal/precompiles/{ec,uint256,fptower}`). Numbers are little-endian words, points
//! x then y. What the calls ask of their operands is said at each; an operand that is not so ends the guest, or makes a run
//! that cannot be proved.
//!
//! SP1 cannot prove a run with a call on memory that no load and no store has touched. So operands are [`Place`]s, which
//! come to be at run time, by stores.

use core::arch::asm;

use super::call;

const UINT256_MUL: usize = 0x0001_011d;
const UINT256_ADD_CARRY: usize = 0x0001_0130;
const UINT256_MUL_CARRY: usize = 0x0001_0131;
const BLS12381_FP_ADD: usize = 0x0001_0120;
const BLS12381_FP_MUL: usize = 0x0001_0122;

/// Words that a precompile may be given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<const N: usize>([u64; N]);

impl<const N: usize> Place<N> {
    /// A place with these words. It is no constant, so that no part of the image stands for it.
    #[inline]
    pub(crate) fn new(words: [u64; N]) -> Self {
        Self(words)
    }

    #[inline]
    pub(crate) fn words(&self) -> &[u64; N] {
        &self.0
    }

    #[inline]
    pub(crate) fn words_mut(&mut self) -> &mut [u64; N] {
        &mut self.0
    }

    #[inline]
    fn address(&mut self) -> usize {
        self.0.as_mut_ptr().expose_provenance()
    }

    /// For a precompile that only reads. A pointer that could be written through is what keeps the compiler from handing
    /// out a constant in its stead.
    #[inline]
    fn source(&self) -> usize {
        self.0.as_ptr().expose_provenance()
    }
}

/// A curve's two precompiles, for points of N words.
#[derive(Clone, Copy)]
pub(crate) struct CurveCalls<const N: usize> {
    add: usize,
    double: usize,
}

pub(crate) const SECP256K1: CurveCalls<8> = CurveCalls { add: 0x0001_010a, double: 0x0000_010b };
pub(crate) const SECP256R1: CurveCalls<8> = CurveCalls { add: 0x0001_012c, double: 0x0000_012d };
pub(crate) const BN254: CurveCalls<8> = CurveCalls { add: 0x0001_010e, double: 0x0000_010f };
pub(crate) const BLS12381: CurveCalls<12> = CurveCalls { add: 0x0001_011e, double: 0x0000_011f };

impl<const N: usize> CurveCalls<N> {
    /// `p += q` for points of the curve with different x.
    #[inline]
    pub(crate) fn add(self, p: &mut Place<N>, q: &Place<N>) {
        // SAFETY: the call reads N words at each and writes those of p.
        unsafe { call(self.add, p.address(), q.source()) };
    }

    /// `p += p` for a point of the curve whose y is not 0.
    #[inline]
    pub(crate) fn double(self, p: &mut Place<N>) {
        // SAFETY: the call reads and writes N words.
        unsafe { call(self.double, p.address(), 0) };
    }
}

/// `x = x * y % m` for y and then m, where `x * y / m` has no more than 256 bits; 0 for m is 2^256.
#[inline]
pub(crate) fn mul_mod(x: &mut Place<4>, y_and_modulus: &Place<8>) {
    // SAFETY: the call reads 4 and 8 words and writes 4.
    unsafe { call(UINT256_MUL, x.address(), y_and_modulus.source()) };
}

/// `a * b + c`, as its low and its high half.
#[inline]
pub(crate) fn mul_carry(a: &Place<4>, b: &Place<4>, c: &Place<4>, low: &mut Place<4>, high: &mut Place<4>) {
    // SAFETY: the call reads 4 words at each of three and writes 4 at each of two.
    unsafe { call_with_five(UINT256_MUL_CARRY, [a.source(), b.source(), c.source(), low.address(), high.address()]) };
}

/// `a + b + carry`; what is beyond 256 bits is the carry then.
#[inline]
pub(crate) fn add_carry(a: &Place<4>, b: &Place<4>, carry: &mut Place<4>, sum: &mut Place<4>) {
    let carry = carry.address();
    // SAFETY: the call reads 4 words at each of three, and then writes 4 at each of two.
    unsafe { call_with_five(UINT256_ADD_CARRY, [a.source(), b.source(), carry, sum.address(), carry]) };
}

/// # Safety
///
/// What the call does with memory must be what the caller may do.
#[inline]
unsafe fn call_with_five(number: usize, [a0, a1, a2, a3, a4]: [usize; 5]) {
    // SAFETY: no call changes a register but t0.
    unsafe {
        asm!(
            "ecall",
            inlateout("t0") number => _,
            in("a0") a0,
            in("a1") a1,
            in("a2") a2,
            in("a3") a3,
            in("a4") a4,
            options(nostack),
        );
    }
}

/// `a += b` in the field of BLS12-381, below whose order both are.
#[inline]
pub(crate) fn bls12381_add(a: &mut Place<6>, b: &Place<6>) {
    // SAFETY: the call reads 6 words at each and writes those of a.
    unsafe { call(BLS12381_FP_ADD, a.address(), b.source()) };
}

/// `a *= b` in the field of BLS12-381, below whose order both are.
#[inline]
pub(crate) fn bls12381_mul(a: &mut Place<6>, b: &Place<6>) {
    // SAFETY: the call reads 6 words at each and writes those of a.
    unsafe { call(BLS12381_FP_MUL, a.address(), b.source()) };
}
