//! Modular exponentiation of big-endian numbers of any length that the table admits (EIP-198).

/// `base^exp mod modulus` in exactly as many bytes as `modulus` has; zeros for the modulus 0.
pub(super) fn modexp(base: &[u8], exp: &[u8], modulus: &[u8]) -> Vec<u8> {
    let mut result = vec![0; modulus.len()];
    if modulus.iter().all(|&byte| byte == 0) {
        return result;
    }
    let power = aurora_engine_modexp::modexp(base, exp, modulus);
    // A number below the modulus has no more significant bytes than it.
    let significant = power.iter().position(|&byte| byte != 0).map_or(&[][..], |first| &power[first..]);
    let front = result.len().saturating_sub(significant.len());
    for (to, from) in result[front..].iter_mut().zip(significant) {
        *to = *from;
    }
    result
}
