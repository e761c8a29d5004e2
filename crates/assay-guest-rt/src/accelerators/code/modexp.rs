//! Modular exponentiation of numbers that may have no bytes, in the output's length.

use aurora_engine_modexp::modexp as power;

use crate::accelerators::{Failed, MODEXP_BYTES_MAX};

pub(crate) fn modexp(base: &[u8], exponent: &[u8], modulus: &[u8], output: &mut [u8]) -> Result<(), Failed> {
    if [base, exponent, modulus].iter().any(|number| number.len() > MODEXP_BYTES_MAX) {
        return Err(Failed);
    }
    output.fill(0);
    let modulus = stripped(modulus);
    // Nothing but 0 is left modulo 1; modulo 0 is 0 by definition.
    if matches!(modulus, [] | [1]) {
        return Ok(());
    }
    let result = power(stripped(base), stripped(exponent), modulus);
    let result = stripped(&result);
    let start = output.len() - result.len();
    output[start..].copy_from_slice(result);
    Ok(())
}

/// Without zeros in front.
fn stripped(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|&byte| byte != 0).unwrap_or(number.len());
    &number[start..]
}
