//! G1 of BN254 (EIP-196) and of BLS12-381 (EIP-2537).

use alloc::vec::Vec;

use super::{
    modulus::small,
    points::{self, Affine, Curve, Point, Sum},
    words::{self, narrow},
};
use crate::{
    accelerators::{Bls12G1MsmPair, Bytes, Failed},
    embedded::precompiles::numbers::{CURVE_256, CURVE_384, MULTIPLICATION_256, MULTIPLICATION_384},
};

/// Bits of a scalar.
const SCALAR_BITS: u32 = 8 * u32::BITS;

/// y² = x³ + 3, all of whose points are the subgroup.
fn bn254() -> Curve<8> {
    const FIELD: [u32; 8] =
        narrow([0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029]);
    Curve::new(FIELD, [0; 8], small(3), CURVE_256, MULTIPLICATION_256)
}

pub(crate) fn bn254_g1_add(one: &Bytes<64>, other: &Bytes<64>) -> Result<Bytes<64>, Failed> {
    sum(&bn254(), one, other)
}

pub(crate) fn bn254_g1_mul(point: &Bytes<64>, scalar: &Bytes<32>) -> Result<Bytes<64>, Failed> {
    let curve = bn254();
    let scalar: [u32; 8] = words::read(&scalar.0);
    Ok(bytes(&curve.read_any(&point.0)?.and_then(|point| curve.multiple(&point, &scalar))))
}

/// y² = x³ + 4, which has points outside of the subgroup.
fn bls12_381() -> Curve<12> {
    const FIELD: [u32; 12] = narrow([
        0xb9fe_ffff_ffff_aaab,
        0x1eab_fffe_b153_ffff,
        0x6730_d2a0_f6b0_f624,
        0x6477_4b84_f385_12bf,
        0x4b1b_a7b6_434b_acd7,
        0x1a01_11ea_397f_e69a,
    ]);
    Curve::new(FIELD, [0; 12], small(4), CURVE_384, MULTIPLICATION_384)
}

/// Whether a point that is not infinity is in the subgroup: its endomorphism is the point times -z² (Scott, A note on group
/// membership tests, <https://eprint.iacr.org/2021/1130>, 6).
fn is_in_subgroup(curve: &Curve<12>, point: &Affine<12>) -> bool {
    /// The curve's parameter z without its sign (RFC 9380, 8.8.1).
    const Z: [u32; 2] = narrow([0xd201_0000_0001_0000]);
    /// A cube root of 1.
    const BETA: [u32; 12] = narrow([
        0x2e01_ffff_fffe_fffe,
        0xde17_d813_620a_0002,
        0xddb3_a93b_e6f8_9688,
        0xba69_c607_6a0f_77ea,
        0x5f19_672f_df76_ce51,
        0,
    ]);
    let Some(once) = curve.multiple(point, &Z).filter(|once| once != point) else { return false };
    let [x, y] = point;
    curve.multiple(&once, &Z) == Some([curve.field.product(x, &BETA), curve.field.negative(y)])
}

pub(crate) fn bls12_g1_add(one: &Bytes<96>, other: &Bytes<96>) -> Result<Bytes<96>, Failed> {
    sum(&bls12_381(), one, other)
}

pub(crate) fn bls12_g1_msm(pairs: &[Bls12G1MsmPair]) -> Result<Bytes<96>, Failed> {
    if pairs.is_empty() {
        return Err(Failed);
    }
    let curve = bls12_381();
    let mut terms: Vec<(Affine<12>, [u32; 8])> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let Some(point) = curve.read_any(&pair.first.0)? else { continue };
        if !is_in_subgroup(&curve, &point) {
            return Err(Failed);
        }
        terms.push((point, words::read(&pair.second.0)));
    }
    // All of them share the doublings.
    let mut bits: Vec<_> = terms.iter().map(|(_, scalar)| words::bits(scalar)).collect();
    let mut sum = Sum::new(&curve);
    for _ in 0..SCALAR_BITS {
        sum.double();
        for ((point, _), bits) in terms.iter().zip(&mut bits) {
            if bits.next() == Some(true) {
                sum.add(point);
            }
        }
    }
    Ok(bytes(&sum.point()))
}

fn sum<const N: usize, const B: usize>(curve: &Curve<N>, one: &Bytes<B>, other: &Bytes<B>) -> Result<Bytes<B>, Failed> {
    let terms = [curve.read_any(&one.0)?, curve.read_any(&other.0)?];
    let mut sum = Sum::new(curve);
    terms.iter().flatten().for_each(|term| sum.add(term));
    Ok(bytes(&sum.point()))
}

fn bytes<const N: usize, const B: usize>(point: &Point<N>) -> Bytes<B> {
    let mut bytes = Bytes::ZERO;
    points::write(point, &mut bytes.0);
    bytes
}
