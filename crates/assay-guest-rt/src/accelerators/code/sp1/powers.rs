//! Powers modulo numbers of at most 256 bits, by the precompile for them; larger ones in guest code.

use alloc::vec::Vec;

use super::{
    modulus::Modulus,
    words::{self, Uint},
};
use crate::accelerators::{Failed, MODEXP_BYTES_MAX, code::modexp::modexp as wider};

/// Bytes of a number of 256 bits.
const UINT_BYTES: usize = 32;

pub(crate) fn modexp(base: &[u8], exponent: &[u8], modulus: &[u8], output: &mut [u8]) -> Result<(), Failed> {
    let start = modulus.iter().position(|&byte| byte != 0).unwrap_or(modulus.len());
    let numbers = [base, exponent, modulus];
    if modulus.len() - start > UINT_BYTES || numbers.iter().any(|number| number.len() > MODEXP_BYTES_MAX) {
        return wider(base, exponent, modulus, output);
    }
    output.fill(0);
    let number: Uint = last(modulus);
    if words::is_zero(&number) {
        return Ok(());
    }
    let mut modulus = Modulus::new(number);
    let base = reduced(&mut modulus, base);
    let exponent: Vec<u64> = exponent.rchunks(8).map(|word| last::<1>(word)[0]).collect();
    let mut power = [0; UINT_BYTES];
    words::write(&modulus.power(base, &exponent), &mut power);
    // Where the output is shorter, what is cut off is 0.
    let bytes = output.len().min(UINT_BYTES);
    let start = output.len() - bytes;
    output[start..].copy_from_slice(&power[UINT_BYTES - bytes..]);
    Ok(())
}

/// The lowest words of a big-endian number of any length.
fn last<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.rchunks(8)) {
        *word = bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    }
    words
}

/// What is left of a number of any length: 256 bits after the other, from the highest.
fn reduced(modulus: &mut Modulus, number: &[u8]) -> Uint {
    const TOP: Uint = [0, 0, 0, 1 << 63];
    let half = modulus.reduced(TOP);
    let step = modulus.sum(half, half);
    let first = number.len() % UINT_BYTES;
    let (first, rest) = number.split_at(first);
    let mut sum = modulus.reduced(last(first));
    for chunk in rest.chunks(UINT_BYTES) {
        let (moved, added) = (modulus.product(sum, step), modulus.reduced(words::read(chunk)));
        sum = modulus.sum(moved, added);
    }
    sum
}
