//! ECDSA on secp256k1 and secp256r1.

use super::{
    modulus::Modulus,
    points::{self, Group},
    words::{self, Uint},
};
use crate::{
    accelerators::{Bytes, Failed},
    embedded::precompiles::numbers::{CurveCalls, Place, SECP256K1, SECP256R1},
};

/// A curve y² = x³ + ax + b of prime order over a field of prime order.
struct Curve {
    group: Group<8>,
    field: Modulus,
    order: Modulus,
    a: Uint,
    b: Uint,
    generator: Place<8>,
}

/// SEC 2, 2.4.1.
fn secp256k1() -> Curve {
    const MAX: u64 = u64::MAX;
    Curve::new(
        SECP256K1,
        [0xffff_fffe_ffff_fc2f, MAX, MAX, MAX],
        [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, MAX - 1, MAX],
        [0; 4],
        [7, 0, 0, 0],
        [
            0x59f2_815b_16f8_1798,
            0x029b_fcdb_2dce_28d9,
            0x55a0_6295_ce87_0b07,
            0x79be_667e_f9dc_bbac,
            0x9c47_d08f_fb10_d4b8,
            0xfd17_b448_a685_5419,
            0x5da4_fbfc_0e11_08a8,
            0x483a_da77_26a3_c465,
        ],
    )
}

/// SEC 2, 2.4.2; a is -3.
fn secp256r1() -> Curve {
    const MAX: u64 = u64::MAX;
    Curve::new(
        SECP256R1,
        [MAX, 0xffff_ffff, 0, 0xffff_ffff_0000_0001],
        [0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, MAX, 0xffff_ffff_0000_0000],
        [MAX - 3, 0xffff_ffff, 0, 0xffff_ffff_0000_0001],
        [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7],
        [
            0xf4a1_3945_d898_c296,
            0x7703_7d81_2deb_33a0,
            0xf8bc_e6e5_63a4_40f2,
            0x6b17_d1f2_e12c_4247,
            0xcbb6_4068_37bf_51f5,
            0x2bce_3357_6b31_5ece,
            0x8ee7_eb4a_7c0f_9e16,
            0x4fe3_42e2_fe1a_7f9b,
        ],
    )
}

impl Curve {
    fn new(calls: CurveCalls<8>, field: Uint, order: Uint, a: Uint, b: Uint, generator: [u64; 8]) -> Self {
        let (field, order) = (Modulus::new(field), Modulus::new(order));
        Self { group: Group(calls), field, order, a, b, generator: Place::new(generator) }
    }

    /// y² of a point with this x, which is reduced.
    fn square(&mut self, x: Uint) -> Uint {
        let xx = self.field.product(x, x);
        let factor = self.field.sum(xx, self.a);
        let product = self.field.product(factor, x);
        self.field.sum(product, self.b)
    }

    fn key(&mut self, bytes: &Bytes<64>) -> Result<Place<8>, Failed> {
        let (x, y) = halves(bytes);
        let reduced = self.field.is_above(&x) && self.field.is_above(&y);
        if reduced && self.field.product(y, y) == self.square(x) { Ok(points::read(&bytes.0)) } else { Err(Failed) }
    }

    /// Whether a number is of 1..n.
    fn is_scalar(&self, number: &Uint) -> bool {
        !words::is_zero(number) && self.order.is_above(number)
    }

    fn verify(&mut self, hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
        let key = self.key(key)?;
        let (r, s) = halves(signature);
        if !self.is_scalar(&r) || !self.is_scalar(&s) {
            return Ok(false);
        }
        let inverse = self.order.inverse(s);
        let a = self.order.product(words::read(&hash.0), inverse);
        let b = self.order.product(r, inverse);
        let point = self.group.combination(&self.generator, &a, &key, &b);
        Ok(point.is_some_and(|point| self.order.reduced(x_of(&point)) == r))
    }
}

fn x_of(point: &Place<8>) -> Uint {
    let [a, b, c, d, ..] = *point.words();
    [a, b, c, d]
}

/// The two numbers of a struct.
fn halves(bytes: &Bytes<64>) -> (Uint, Uint) {
    let (one, other) = bytes.split_at(32);
    (words::read(one), words::read(other))
}

pub(crate) fn secp256k1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    secp256k1().verify(hash, signature, key)
}

pub(crate) fn secp256r1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    secp256r1().verify(hash, signature, key)
}

pub(crate) fn secp256k1_ecrecover(hash: &Bytes<32>, signature: &Bytes<64>, recovery: u8) -> Result<Bytes<64>, Failed> {
    let mut curve = secp256k1();
    let (r, s) = halves(signature);
    if recovery > 3 || !curve.is_scalar(&r) || !curve.is_scalar(&s) {
        return Err(Failed);
    }
    let (x, beyond) = if recovery & 2 == 0 { (r, false) } else { words::sum(&r, &curve.order.number()) };
    if beyond || !curve.field.is_above(&x) {
        return Err(Failed);
    }
    let square = curve.square(x);
    let mut y = curve.field.root(square).ok_or(Failed)?;
    if y[0] & 1 != u64::from(recovery & 1) {
        y = curve.field.negative(y);
    }
    let mut point = [0; 8];
    point[..4].copy_from_slice(&x);
    point[4..].copy_from_slice(&y);
    let inverse = curve.order.inverse(r);
    let of_hash = curve.order.product(words::read(&hash.0), inverse);
    let a = curve.order.negative(of_hash);
    let b = curve.order.product(s, inverse);
    let key = curve.group.combination(&curve.generator, &a, &Place::new(point), &b);
    let mut output = Bytes::ZERO;
    points::write(&Some(key.ok_or(Failed)?), &mut output.0);
    Ok(output)
}
