//! RISC Zero's accelerator for large numbers: products and inverses modulo a number, sums of points of curves.
//!
//! The accelerator runs programs. Those here are RISC Zero's own, of its crate `risc0-bigint2`, out of which the build
//! script takes them: the crate itself needs `std`. Each is a program that computes and one that a proof checks the
//! results with, and what that one checks is that a result is right modulo the number, not that it is reduced. So
//! each result is compared with the modulus here; a proof of one that is not reduced would be a proof of a panic.
//!
//! Sources: `risc0-zkvm-platform` 2.2.3 (`syscall.rs`, `impl_sys_bigint2`) and `risc0-bigint2` 1.4.14. Numbers are
//! little-endian words, points x then y, a curve its field's order, a and b.

use core::arch::asm;

#[expect(clippy::unreadable_literal, reason = "words of programs, which nobody reads")]
mod programs {
    include!(concat!(env!("OUT_DIR"), "/risc0_programs.rs"));
}

const BIGINT2: usize = 6;

/// What a program begins with: the words of its two parts, of its constants, and of the room it has below the stack.
const HEADER_WORDS: usize = 4;

/// The program that multiplies numbers of N words.
#[derive(Clone, Copy)]
pub(crate) struct Multiplication<const N: usize>(&'static [u32]);

pub(crate) const MULTIPLICATION_256: Multiplication<8> = Multiplication(&programs::MODMUL_256);
pub(crate) const MULTIPLICATION_384: Multiplication<12> = Multiplication(&programs::MODMUL_384);
pub(crate) const MULTIPLICATION_4096: Multiplication<128> = Multiplication(&programs::MODMUL_4096);

impl<const N: usize> Multiplication<N> {
    /// `result = a * b % modulus`, where `a * b / modulus` has no more than N words.
    pub(crate) fn multiply(self, a: &[u32; N], b: &[u32; N], modulus: &[u32; N], result: &mut [u32; N]) {
        // SAFETY: the program reads N words at each place and writes those of the last.
        unsafe { run(self.0, [a.as_ptr(), b.as_ptr(), modulus.as_ptr(), result.as_mut_ptr()]) };
        check(result, modulus);
    }
}

/// `1 / a` modulo a number that has no divisor in common with it.
pub(crate) fn invert(a: &[u32; 8], modulus: &[u32; 8]) -> [u32; 8] {
    let mut result = [0; 8];
    let place = result.as_mut_ptr();
    // SAFETY: the program reads 8 words at two places and writes those of the third; there is no fourth.
    unsafe { run(&programs::MODINV_256, [a.as_ptr(), modulus.as_ptr(), place, place]) };
    check(&result, modulus);
    result
}

/// The programs for points of curves over a field whose elements have N words.
#[derive(Clone, Copy)]
pub(crate) struct CurveCalls<const N: usize> {
    add: &'static [u32],
    double: &'static [u32],
}

pub(crate) const CURVE_256: CurveCalls<8> = CurveCalls { add: &programs::EC_ADD_256, double: &programs::EC_DOUBLE_256 };
pub(crate) const CURVE_384: CurveCalls<12> =
    CurveCalls { add: &programs::EC_ADD_384, double: &programs::EC_DOUBLE_384 };

impl<const N: usize> CurveCalls<N> {
    /// `result = p + q` for points of the curve with different x.
    pub(crate) fn add(self, p: &[[u32; N]; 2], q: &[[u32; N]; 2], curve: &[[u32; N]; 3], result: &mut [[u32; N]; 2]) {
        // SAFETY: the program reads points and curve and writes the last point.
        unsafe { run(self.add, [p.as_ptr().cast(), q.as_ptr().cast(), curve.as_ptr().cast(), result.as_ptr().cast()]) };
        check(&result[0], &curve[0]);
        check(&result[1], &curve[0]);
    }

    /// `result = p + p` for a point of the curve whose y is not 0.
    pub(crate) fn double(self, p: &[[u32; N]; 2], curve: &[[u32; N]; 3], result: &mut [[u32; N]; 2]) {
        let place = result.as_mut_ptr().cast::<u32>().cast_const();
        // SAFETY: the program reads point and curve and writes the last point; there is no fourth place.
        unsafe { run(self.double, [p.as_ptr().cast(), curve.as_ptr().cast(), place, place]) };
        check(&result[0], &curve[0]);
        check(&result[1], &curve[0]);
    }
}

/// Whether a number is below another of as many words.
#[inline]
pub(crate) fn is_below(a: &[u32], b: &[u32]) -> bool {
    for (a, b) in a.iter().zip(b).rev() {
        if a != b {
            return a < b;
        }
    }
    false
}

#[inline]
fn check(result: &[u32], modulus: &[u32]) {
    assert!(is_below(result, modulus), "the zkVM gave a number that is not reduced");
}

/// # Safety
///
/// What the program does with memory at the places must be what the caller may do.
#[inline]
unsafe fn run(program: &'static [u32], places: [*const u32; 4]) {
    let [computing, checking, _, room, ..] = *program else { return };
    let first = program.as_ptr().expose_provenance() + HEADER_WORDS * size_of::<u32>();
    let second = first + computing as usize * size_of::<u32>();
    let third = second + checking as usize * size_of::<u32>();
    let [a1, a2, a3, a4] = places.map(<*const u32>::expose_provenance);
    // SAFETY: the call reads the program and writes the room below the stack, which nothing else uses, and what the caller
    // promises. It changes no register.
    unsafe {
        asm!(
            "sub sp, sp, {room}",
            "ecall",
            "add sp, sp, {room}",
            room = in(reg) room as usize * size_of::<u32>(),
            in("t0") BIGINT2,
            in("t1") first,
            in("t2") second,
            in("t3") third,
            in("a0") program.as_ptr().expose_provenance(),
            in("a1") a1,
            in("a2") a2,
            in("a3") a3,
            in("a4") a4,
        );
    }
}
