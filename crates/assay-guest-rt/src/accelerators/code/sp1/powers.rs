//! Powers modulo numbers of at most 256 bits, and modulo odd ones, by precompiles; others in guest code.

use alloc::vec::Vec;

use super::{
    modulus::Modulus,
    montgomery::Montgomery,
    words::{self, Uint},
};
use crate::{
    accelerators::{Failed, MODEXP_BYTES_MAX, code::modexp::modexp as in_guest_code},
    embedded::precompiles::numbers::Place,
};

/// Bytes of a number of 256 bits.
const UINT_BYTES: usize = 32;

pub(crate) fn modexp(base: &[u8], exponent: &[u8], modulus: &[u8], output: &mut [u8]) -> Result<(), Failed> {
    if [base, exponent, modulus].iter().any(|number| number.len() > MODEXP_BYTES_MAX) {
        return Err(Failed);
    }
    let (short_base, short_modulus) = (stripped(base), stripped(modulus));
    let power = if short_modulus.len() <= UINT_BYTES {
        let number: Uint = last(short_modulus);
        if words::is_zero(&number) {
            output.fill(0);
            return Ok(());
        }
        let mut modulus = Modulus::new(number);
        let base = reduced(&mut modulus, short_base);
        [modulus.power(base, &words_of(exponent))].to_vec()
    } else {
        let limbs = short_modulus.len().div_ceil(UINT_BYTES);
        let is_odd = short_modulus.last().is_some_and(|byte| byte & 1 == 1);
        // A longer base would have to be reduced first.
        if !is_odd || short_base.len() > limbs * UINT_BYTES {
            return in_guest_code(base, exponent, modulus, output);
        }
        let mut modulus = Montgomery::new(limbs_of(short_modulus, limbs));
        let power = modulus.power(&limbs_of(short_base, limbs), &words_of(exponent));
        power.iter().map(|limb| *limb.words()).collect()
    };
    output.fill(0);
    for (bytes, limb) in output.rchunks_mut(UINT_BYTES).zip(&power) {
        let mut whole = [0; UINT_BYTES];
        words::write(limb, &mut whole);
        // Where there is room for less, what is cut off is 0.
        bytes.copy_from_slice(&whole[UINT_BYTES - bytes.len()..]);
    }
    Ok(())
}

/// Without zeros in front.
fn stripped(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|&byte| byte != 0).unwrap_or(number.len());
    &number[start..]
}

/// The words of a big-endian number, the lowest first.
fn words_of(number: &[u8]) -> Vec<u64> {
    number.rchunks(8).map(|word| last::<1>(word)[0]).collect()
}

/// So many limbs of a big-endian number, the lowest first.
fn limbs_of(number: &[u8], limbs: usize) -> Vec<Place<4>> {
    let mut chunks = number.rchunks(UINT_BYTES);
    (0..limbs).map(|_| Place::new(chunks.next().map_or([0; 4], last))).collect()
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
