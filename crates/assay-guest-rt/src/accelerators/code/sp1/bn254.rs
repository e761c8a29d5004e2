//! G1 of BN254, all of whose points are the subgroup.

use super::{
    modulus::Modulus,
    points::{self, Group, Point},
    words::{self, Uint},
};
use crate::{
    accelerators::{Bytes, Failed},
    embedded::precompiles::numbers::BN254,
};

const GROUP: Group<8> = Group(BN254);

/// The field's order (EIP-196).
const FIELD: Uint = [0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];

/// A point of y² = x³ + 3.
fn read(bytes: &Bytes<64>) -> Result<Point<8>, Failed> {
    let mut field = Modulus::new(FIELD);
    let (x, y) = bytes.split_at(32);
    let (x, y): (Uint, Uint) = (words::read(x), words::read(y));
    if words::is_zero(&x) && words::is_zero(&y) {
        return Ok(None);
    }
    if !field.is_above(&x) || !field.is_above(&y) {
        return Err(Failed);
    }
    let xx = field.product(x, x);
    let cube = field.product(xx, x);
    let on_curve = field.product(y, y) == field.sum(cube, [3, 0, 0, 0]);
    if on_curve { Ok(Some(points::read(&bytes.0))) } else { Err(Failed) }
}

fn write(point: &Point<8>) -> Bytes<64> {
    let mut output = Bytes::ZERO;
    points::write(point, &mut output.0);
    output
}

pub(crate) fn bn254_g1_add(one: &Bytes<64>, other: &Bytes<64>) -> Result<Bytes<64>, Failed> {
    let (mut sum, other) = (read(one)?, read(other)?);
    if let Some(other) = &other {
        GROUP.add(&mut sum, other);
    }
    Ok(write(&sum))
}

pub(crate) fn bn254_g1_mul(point: &Bytes<64>, scalar: &Bytes<32>) -> Result<Bytes<64>, Failed> {
    let product = read(point)?.and_then(|point| GROUP.multiple(&point, &words::read(&scalar.0)));
    Ok(write(&product))
}
