//! The accelerators as Rust functions: types, and what each takes, gives and refuses.
//!
//! How they are computed is the platform's; nothing here computes.

use core::ops::{Deref, DerefMut};

use super::means;

/// Most bytes of base, exponent and modulus of [`modexp`] each (EIP-7823).
pub const MODEXP_BYTES_MAX: usize = 1024;

/// So many bytes, aligned as all structs of the header are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(8))]
pub struct Bytes<const N: usize>(pub [u8; N]);

impl<const N: usize> Bytes<N> {
    /// All zeros; of a point, infinity.
    pub const ZERO: Self = Self([0; N]);
}

impl<const N: usize> From<[u8; N]> for Bytes<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> Deref for Bytes<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> DerefMut for Bytes<N> {
    fn deref_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

/// Two structs, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Pair<const A: usize, const B: usize> {
    /// A point, of G1 in a pairing.
    pub first: Bytes<A>,
    /// Its scalar; the point of G2 in a pairing.
    pub second: Bytes<B>,
}

/// A pair of points for [`bn254_pairing`].
pub type Bn254PairingPair = Pair<64, 128>;
/// A point and its scalar for [`bls12_g1_msm`].
pub type Bls12G1MsmPair = Pair<96, 32>;
/// A point and its scalar for [`bls12_g2_msm`].
pub type Bls12G2MsmPair = Pair<192, 32>;
/// A pair of points for [`bls12_pairing`].
pub type Bls12PairingPair = Pair<96, 192>;

/// A call failed: its inputs are not valid. The status -1 of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed;

/// Keccak-256 with the padding that Ethereum kept, not SHA-3's.
#[must_use]
pub fn keccak256(data: &[u8]) -> Bytes<32> {
    means::keccak256(data)
}

/// Whether an ECDSA signature (r, s) on secp256k1 is good for a message's hash and a key (x, y). A high s is; r or s outside
/// of 1..n is not.
///
/// Fails if the key is no point (SEC 1, 4.1.4).
pub fn secp256k1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    means::secp256k1_verify(hash, signature, key)
}

/// The key (x, y) that signed a message's hash with (r, s); `recovery` has the parity of y, and 2 if x is r + n.
///
/// Fails for r or s outside of 1..n, `recovery` over 3, where no point has that x, and for a key at infinity (SEC 1, 4.1.6).
pub fn secp256k1_ecrecover(hash: &Bytes<32>, signature: &Bytes<64>, recovery: u8) -> Result<Bytes<64>, Failed> {
    means::secp256k1_ecrecover(hash, signature, recovery)
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(data: &[u8]) -> Bytes<32> {
    means::sha256(data)
}

/// 12 zero bytes, then the RIPEMD-160 digest.
#[must_use]
pub fn ripemd160(data: &[u8]) -> Bytes<32> {
    means::ripemd160(data)
}

/// `base ^ exponent % modulus` into `output`, which has as many bytes as `modulus`. Numbers may have no bytes, 0^0 is 1, and
/// modulo 0 is 0.
///
/// Fails for a number of more than [`MODEXP_BYTES_MAX`] bytes (EIP-198, EIP-7823).
///
/// # Panics
///
/// If `output` has another length than `modulus`.
pub fn modexp(base: &[u8], exponent: &[u8], modulus: &[u8], output: &mut [u8]) -> Result<(), Failed> {
    assert_eq!(output.len(), modulus.len(), "the output of modexp has the length of its modulus");
    means::modexp(base, exponent, modulus, output)
}

/// The sum of two points.
///
/// Fails for a coordinate of p or more and for a point off the curve (EIP-196).
pub fn bn254_g1_add(one: &Bytes<64>, other: &Bytes<64>) -> Result<Bytes<64>, Failed> {
    means::bn254_g1_add(one, other)
}

/// A point times a scalar, any 256-bit number; fails as [`bn254_g1_add`].
pub fn bn254_g1_mul(point: &Bytes<64>, scalar: &Bytes<32>) -> Result<Bytes<64>, Failed> {
    means::bn254_g1_mul(point, scalar)
}

/// Whether the product of the pairings is 1; it is that of no pairs. Of a G2 point the imaginary parts come first.
///
/// Fails as [`bn254_g1_add`], and for a point of G2 outside of the subgroup (EIP-197).
pub fn bn254_pairing(pairs: &[Bn254PairingPair]) -> Result<bool, Failed> {
    means::bn254_pairing(pairs)
}

/// So many rounds of the compression of `BLAKE2b` of a state `h` with a message `m` and the counters `t`; words are
/// little-endian.
///
/// Fails if `last` is neither 0 nor 1 (EIP-152).
pub fn blake2f(rounds: u32, h: &mut Bytes<64>, m: &Bytes<128>, t: &Bytes<16>, last: u8) -> Result<(), Failed> {
    means::blake2f(rounds, h, m, t, last)
}

/// Whether the polynomial that was committed to has the value `y` at `z`, under the setup of Ethereum's ceremony.
///
/// Fails if `z` or `y` is no canonical scalar, or commitment or proof no compressed point of the subgroup (EIP-4844).
pub fn kzg_point_eval(commitment: &Bytes<48>, z: &Bytes<32>, y: &Bytes<32>, proof: &Bytes<48>) -> Result<bool, Failed> {
    means::kzg_point_eval(commitment, z, y, proof)
}

/// The sum of two points, which need not be of the subgroup.
///
/// Fails for a coordinate of p or more and for a point off the curve (EIP-2537).
pub fn bls12_g1_add(one: &Bytes<96>, other: &Bytes<96>) -> Result<Bytes<96>, Failed> {
    means::bls12_g1_add(one, other)
}

/// The sum of points times scalars, which are any 256-bit numbers.
///
/// Fails as [`bls12_g1_add`], for a point outside of the subgroup, and for no pairs (EIP-2537).
pub fn bls12_g1_msm(pairs: &[Bls12G1MsmPair]) -> Result<Bytes<96>, Failed> {
    means::bls12_g1_msm(pairs)
}

/// As [`bls12_g1_add`]; an element of Fp2 has its real part first.
pub fn bls12_g2_add(one: &Bytes<192>, other: &Bytes<192>) -> Result<Bytes<192>, Failed> {
    means::bls12_g2_add(one, other)
}

/// As [`bls12_g1_msm`].
pub fn bls12_g2_msm(pairs: &[Bls12G2MsmPair]) -> Result<Bytes<192>, Failed> {
    means::bls12_g2_msm(pairs)
}

/// Whether the product of the pairings is 1.
///
/// Fails as [`bls12_g1_msm`] (EIP-2537).
pub fn bls12_pairing(pairs: &[Bls12PairingPair]) -> Result<bool, Failed> {
    means::bls12_pairing(pairs)
}

/// The point of the subgroup that a field element is mapped to.
///
/// Fails for an element of p or more (EIP-2537; RFC 9380, 6.6.3 and 8.8.1).
pub fn bls12_map_fp_to_g1(element: &Bytes<48>) -> Result<Bytes<96>, Failed> {
    means::bls12_map_fp_to_g1(element)
}

/// As [`bls12_map_fp_to_g1`]; the real part first (RFC 9380, 8.8.2).
pub fn bls12_map_fp2_to_g2(element: &Bytes<96>) -> Result<Bytes<192>, Failed> {
    means::bls12_map_fp2_to_g2(element)
}

/// As [`secp256k1_verify`], on secp256r1 (EIP-7951).
pub fn secp256r1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    means::secp256r1_verify(hash, signature, key)
}
