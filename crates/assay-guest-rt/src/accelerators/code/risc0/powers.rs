//! Powers modulo numbers of at most 4096 bits, by the smallest program that has room; larger ones in guest code.

use alloc::vec::Vec;

use super::{
    modulus::{Modulus, small},
    words,
};
use crate::{
    accelerators::{Failed, MODEXP_BYTES_MAX, code::modexp::modexp as wider},
    embedded::precompiles::numbers::{MULTIPLICATION_256, MULTIPLICATION_384, MULTIPLICATION_4096, Multiplication},
};

pub(crate) fn modexp(base: &[u8], exponent: &[u8], modulus: &[u8], output: &mut [u8]) -> Result<(), Failed> {
    let start = modulus.iter().position(|&byte| byte != 0).unwrap_or(modulus.len());
    if [base, exponent, modulus].iter().any(|number| number.len() > MODEXP_BYTES_MAX) {
        return wider(base, exponent, modulus, output);
    }
    match modulus.len() - start {
        0 => output.fill(0),
        1..=32 => power(MULTIPLICATION_256, base, exponent, modulus, output),
        33..=48 => power(MULTIPLICATION_384, base, exponent, modulus, output),
        49..=512 => power(MULTIPLICATION_4096, base, exponent, modulus, output),
        _ => return wider(base, exponent, modulus, output),
    }
    Ok(())
}

fn power<const N: usize>(
    multiplication: Multiplication<N>,
    base: &[u8],
    exponent: &[u8],
    modulus: &[u8],
    output: &mut [u8],
) {
    let modulus = Modulus::new(words::read(modulus), multiplication);
    let exponent: Vec<u32> = exponent.rchunks(4).map(|word| words::read::<1>(word)[0]).collect();
    let power = modulus.power(&reduced(&modulus, base), &exponent);
    output.fill(0);
    // Where the output is shorter, what is cut off is 0.
    for (bytes, word) in output.rchunks_mut(4).zip(power) {
        let word = word.to_be_bytes();
        bytes.copy_from_slice(&word[4 - bytes.len()..]);
    }
}

/// What is left of a number of any length: N words after the others, from the highest.
fn reduced<const N: usize>(modulus: &Modulus<N>, number: &[u8]) -> [u32; N] {
    let (first, rest) = number.split_at(number.len() % (4 * N));
    let mut sum = modulus.reduced(&words::read(first));
    if rest.is_empty() {
        return sum;
    }
    // How much higher words count: 2^(32 N).
    let mut top = small(0);
    top[N - 1] = 1 << 31;
    let half = modulus.reduced(&top);
    let step = modulus.sum(&half, &half);
    for chunk in rest.chunks(4 * N) {
        sum = modulus.sum(&modulus.product(&sum, &step), &modulus.reduced(&words::read(chunk)));
    }
    sum
}
