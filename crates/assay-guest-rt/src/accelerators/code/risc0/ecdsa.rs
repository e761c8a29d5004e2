//! ECDSA on secp256k1 and secp256r1, curves of prime order.

use super::{
    modulus::{Modulus, small},
    points::{self, Affine, Curve},
    words::{self, narrow},
};
use crate::{
    accelerators::{Bytes, Failed},
    embedded::precompiles::numbers::{CURVE_256, MULTIPLICATION_256, invert},
};

type Number = [u32; 8];

/// A curve and the group of its points.
struct Group {
    curve: Curve<8>,
    order: Modulus<8>,
    generator: Affine<8>,
}

/// SEC 2, 2.4.1.
fn secp256k1() -> Group {
    const MAX: u64 = u64::MAX;
    const FIELD: Number = narrow([0xffff_fffe_ffff_fc2f, MAX, MAX, MAX]);
    const ORDER: Number = narrow([0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, MAX - 1, MAX]);
    const X: Number =
        narrow([0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07, 0x79be_667e_f9dc_bbac]);
    const Y: Number =
        narrow([0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8, 0x483a_da77_26a3_c465]);
    Group::new(FIELD, small(0), small(7), ORDER, [X, Y])
}

/// SEC 2, 2.4.2; a is -3.
fn secp256r1() -> Group {
    const MAX: u64 = u64::MAX;
    const FIELD: Number = narrow([MAX, 0xffff_ffff, 0, 0xffff_ffff_0000_0001]);
    const A: Number = narrow([MAX - 3, 0xffff_ffff, 0, 0xffff_ffff_0000_0001]);
    const B: Number =
        narrow([0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7]);
    const ORDER: Number = narrow([0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, MAX, 0xffff_ffff_0000_0000]);
    const X: Number =
        narrow([0xf4a1_3945_d898_c296, 0x7703_7d81_2deb_33a0, 0xf8bc_e6e5_63a4_40f2, 0x6b17_d1f2_e12c_4247]);
    const Y: Number =
        narrow([0xcbb6_4068_37bf_51f5, 0x2bce_3357_6b31_5ece, 0x8ee7_eb4a_7c0f_9e16, 0x4fe3_42e2_fe1a_7f9b]);
    Group::new(FIELD, A, B, ORDER, [X, Y])
}

impl Group {
    fn new(field: Number, a: Number, b: Number, order: Number, generator: Affine<8>) -> Self {
        let curve = Curve::new(field, a, b, CURVE_256, MULTIPLICATION_256);
        Self { curve, order: Modulus::new(order, MULTIPLICATION_256), generator }
    }

    /// Whether a number is of 1..n.
    fn is_scalar(&self, number: &Number) -> bool {
        !words::is_zero(number) && self.order.is_above(number)
    }

    /// The inverse of a number of 1..n modulo n.
    fn inverse(&self, number: &Number) -> Number {
        invert(number, self.order.number())
    }

    fn verify(&self, hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
        let key = self.curve.read(&key.0)?;
        let (r, s) = halves(signature);
        if !self.is_scalar(&r) || !self.is_scalar(&s) {
            return Ok(false);
        }
        let inverse = self.inverse(&s);
        let a = self.order.product(&words::read(&hash.0), &inverse);
        let b = self.order.product(&r, &inverse);
        let point = self.curve.combination(&self.generator, &a, &key, &b);
        Ok(point.is_some_and(|[x, _]| self.order.reduced(&x) == r))
    }
}

/// The two numbers of a struct.
fn halves(bytes: &Bytes<64>) -> (Number, Number) {
    let (one, other) = bytes.split_at(32);
    (words::read(one), words::read(other))
}

pub(crate) fn secp256k1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    secp256k1().verify(hash, signature, key)
}

pub(crate) fn secp256r1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    secp256r1().verify(hash, signature, key)
}

#[expect(clippy::many_single_char_names, reason = "the names of the standard")]
pub(crate) fn secp256k1_ecrecover(hash: &Bytes<32>, signature: &Bytes<64>, recovery: u8) -> Result<Bytes<64>, Failed> {
    let group = secp256k1();
    let (r, s) = halves(signature);
    if recovery > 3 || !group.is_scalar(&r) || !group.is_scalar(&s) {
        return Err(Failed);
    }
    let field = &group.curve.field;
    let (x, beyond) = if recovery & 2 == 0 { (r, false) } else { words::sum(&r, group.order.number()) };
    if beyond || !field.is_above(&x) {
        return Err(Failed);
    }
    let mut y = field.root(&group.curve.square(&x)).ok_or(Failed)?;
    if y[0] & 1 != u32::from(recovery & 1) {
        y = field.negative(&y);
    }
    let inverse = group.inverse(&r);
    let a = group.order.negative(&group.order.product(&words::read(&hash.0), &inverse));
    let b = group.order.product(&s, &inverse);
    let key = group.curve.combination(&group.generator, &a, &[x, y], &b).ok_or(Failed)?;
    let mut output = Bytes::ZERO;
    points::write(&Some(key), &mut output.0);
    Ok(output)
}
