//! BN254 (`alt_bn128`), by arkworks: addition and multiplication in G1, and the pairing check (EIP-196, EIP-197).
//!
//! Coordinates are 32 bytes big-endian. An element of the quadratic extension has its imaginary part first.

use ark_bn254::{Bn254, Fq, Fq2, G1Affine, G2Affine};
use ark_ec::{AffineRepr as _, CurveGroup as _, pairing::Pairing as _};
use ark_ff::{BigInt, BigInteger as _, PrimeField as _, Zero as _};

/// Bytes of a pair: a point of G1, then one of G2.
const PAIR_BYTES: usize = 64 + 128;

pub(super) fn g1_add(p1: &[u8; 64], p2: &[u8; 64]) -> Option<[u8; 64]> {
    Some(bytes((g1(p1)? + g1(p2)?).into_affine()))
}

pub(super) fn g1_mul(point: &[u8; 64], scalar: &[u8; 32]) -> Option<[u8; 64]> {
    Some(bytes(g1(point)?.mul_bigint(number(scalar)).into_affine()))
}

/// Whether the product of the pairings of all pairs is one. There may be none.
pub(super) fn pairing(pairs: &[u8]) -> Option<bool> {
    let mut left = Vec::new();
    let mut right = Vec::new();
    for pair in pairs.chunks_exact(PAIR_BYTES) {
        let (p, q) = pair.split_at(64);
        left.push(g1(p.try_into().ok()?)?);
        right.push(g2(q.try_into().ok()?)?);
    }
    let product = Bn254::final_exponentiation(Bn254::multi_miller_loop(left, right))?;
    Some(product.is_zero())
}

/// A point of the curve; all of it is the group.
fn g1(bytes: &[u8; 64]) -> Option<G1Affine> {
    let (x, y) = (fq(&bytes[..32])?, fq(&bytes[32..])?);
    if x.is_zero() && y.is_zero() {
        return Some(G1Affine::identity());
    }
    Some(G1Affine::new_unchecked(x, y)).filter(G1Affine::is_on_curve)
}

/// A point of the twist, in the subgroup.
fn g2(bytes: &[u8; 128]) -> Option<G2Affine> {
    let fq2 = |bytes: &[u8]| Some(Fq2::new(fq(&bytes[32..64])?, fq(&bytes[..32])?));
    let (x, y) = (fq2(&bytes[..64])?, fq2(&bytes[64..])?);
    if x.is_zero() && y.is_zero() {
        return Some(G2Affine::identity());
    }
    Some(G2Affine::new_unchecked(x, y))
        .filter(|point| point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve())
}

/// An element of the field, which a number that is not below its modulus is not.
fn fq(bytes: &[u8]) -> Option<Fq> {
    Fq::from_bigint(number(bytes.try_into().ok()?))
}

fn number(bytes: &[u8; 32]) -> BigInt<4> {
    let mut limbs = [0; 4];
    for (limb, bytes) in limbs.iter_mut().rev().zip(bytes.chunks_exact(8)) {
        *limb = u64::from_be_bytes(bytes.try_into().expect("chunks have 8 bytes"));
    }
    BigInt::new(limbs)
}

fn bytes(point: G1Affine) -> [u8; 64] {
    let mut bytes = [0; 64];
    if let Some((x, y)) = point.xy() {
        bytes[..32].copy_from_slice(&x.into_bigint().to_bytes_be());
        bytes[32..].copy_from_slice(&y.into_bigint().to_bytes_be());
    }
    bytes
}
