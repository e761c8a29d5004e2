//! G1 of BLS12-381.

use alloc::vec::Vec;

use super::{
    points::{self, Group, Point, bits},
    words::{self, Uint},
};
use crate::{
    accelerators::{Bls12G1MsmPair, Bytes, Failed},
    embedded::precompiles::numbers::{BLS12381, Place, bls12381_add, bls12381_mul},
};

/// The curve has points outside of the subgroup, but none of even order.
const GROUP: Group<12> = Group(BLS12381);

/// Orders of the field and of the subgroup (RFC 9380, 8.8.1, and EIP-2537).
const FIELD: [u64; 6] = [
    0xb9fe_ffff_ffff_aaab,
    0x1eab_fffe_b153_ffff,
    0x6730_d2a0_f6b0_f624,
    0x6477_4b84_f385_12bf,
    0x4b1b_a7b6_434b_acd7,
    0x1a01_11ea_397f_e69a,
];
const ORDER: Uint = [0xffff_ffff_0000_0001, 0x53bd_a402_fffe_5bfe, 0x3339_d808_09a1_d805, 0x73ed_a753_299d_7d48];

/// A point of y² = x³ + 4.
fn read(bytes: &Bytes<96>) -> Result<Point<12>, Failed> {
    let (x, y) = bytes.split_at(48);
    let (x, y): ([u64; 6], [u64; 6]) = (words::read(x), words::read(y));
    if words::is_zero(&x) && words::is_zero(&y) {
        return Ok(None);
    }
    if !words::is_below(&x, &FIELD) || !words::is_below(&y, &FIELD) {
        return Err(Failed);
    }
    let product = |mut a: Place<6>, b: Place<6>| {
        bls12381_mul(&mut a, &b);
        a
    };
    let (x, y) = (Place::new(x), Place::new(y));
    let mut square = product(product(x, x), x);
    bls12381_add(&mut square, &Place::new([4, 0, 0, 0, 0, 0]));
    if product(y, y) == square { Ok(Some(points::read(&bytes.0))) } else { Err(Failed) }
}

/// A point of the subgroup.
fn read_checked(bytes: &Bytes<96>) -> Result<Point<12>, Failed> {
    let point = read(bytes)?;
    let outside = point.as_ref().is_some_and(|point| GROUP.multiple(point, &ORDER).is_some());
    if outside { Err(Failed) } else { Ok(point) }
}

fn write(point: &Point<12>) -> Bytes<96> {
    let mut output = Bytes::ZERO;
    points::write(point, &mut output.0);
    output
}

pub(crate) fn bls12_g1_add(one: &Bytes<96>, other: &Bytes<96>) -> Result<Bytes<96>, Failed> {
    let (mut sum, other) = (read(one)?, read(other)?);
    if let Some(other) = &other {
        GROUP.add(&mut sum, other);
    }
    Ok(write(&sum))
}

pub(crate) fn bls12_g1_msm(pairs: &[Bls12G1MsmPair]) -> Result<Bytes<96>, Failed> {
    if pairs.is_empty() {
        return Err(Failed);
    }
    let mut terms = Vec::with_capacity(pairs.len());
    for pair in pairs {
        if let Some(point) = read_checked(&pair.first)? {
            let scalar: Uint = words::read(&pair.second.0);
            terms.push((point, scalar));
        }
    }
    // All of them share the doublings.
    let mut sum = None;
    let mut bits: Vec<_> = terms.iter().map(|(_, scalar)| bits(scalar)).collect();
    for _ in 0..Uint::default().len() * u64::BITS as usize {
        GROUP.double(&mut sum);
        for ((point, _), bits) in terms.iter().zip(&mut bits) {
            if bits.next() == Some(true) {
                GROUP.add(&mut sum, point);
            }
        }
    }
    Ok(write(&sum))
}
