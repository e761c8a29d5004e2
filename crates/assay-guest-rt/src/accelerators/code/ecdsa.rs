//! ECDSA on secp256k1 and secp256r1.
//!
//! The two curves' crates have the same names for the same things, but no trait for all of them; so what is the same is a
//! macro.

use crate::accelerators::{Bytes, Failed};

/// The two halves of a struct.
fn halves(bytes: &Bytes<64>) -> ([u8; 32], [u8; 32]) {
    let (one, other) = (bytes.first_chunk(), bytes.last_chunk());
    (*one.expect("64 bytes have 32"), *other.expect("64 bytes have 32"))
}

macro_rules! curve {
    ($curve:ident, $krate:ident) => {
        mod $curve {
            use $krate::elliptic_curve::{
                ff::PrimeField as _,
                ops::{LinearCombination as _, Reduce as _},
                point::AffineCoordinates as _,
            };
            use $krate::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

            use super::halves;
            use crate::accelerators::{Bytes, Failed};

            /// A scalar of 1..n.
            pub(super) fn scalar(bytes: [u8; 32]) -> Option<Scalar> {
                let scalar = Option::<Scalar>::from(Scalar::from_repr(bytes.into()))?;
                (scalar != Scalar::ZERO).then_some(scalar)
            }

            /// A number of 256 bits modulo n.
            pub(super) fn reduced(bytes: [u8; 32]) -> Scalar {
                Scalar::reduce(&FieldBytes::from(bytes))
            }

            /// `a * G + b * point`; `None` at infinity.
            pub(super) fn combination(a: Scalar, b: Scalar, point: AffinePoint) -> Option<AffinePoint> {
                let terms = [(ProjectivePoint::GENERATOR, a), (point.into(), b)];
                let sum = ProjectivePoint::lincomb_vartime(&terms);
                (sum != ProjectivePoint::IDENTITY).then(|| sum.to_affine())
            }

            pub(crate) fn verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
                let (x, y) = halves(key);
                let key = AffinePoint::from_coordinates(&x.into(), &y.into());
                let key = Option::<AffinePoint>::from(key).ok_or(Failed)?;
                let (r, s) = halves(signature);
                let (Some(r), Some(s)) = (scalar(r), scalar(s)) else { return Ok(false) };
                let inverse = Option::<Scalar>::from(s.invert()).expect("a scalar that is not 0 has an inverse");
                let point = combination(reduced(hash.0) * inverse, r * inverse, key);
                Ok(point.is_some_and(|point| Scalar::reduce(&point.x()) == r))
            }
        }
    };
}

curve!(secp256k1, k256);
curve!(secp256r1, p256);

pub(crate) use secp256k1::verify as secp256k1_verify;
pub(crate) use secp256r1::verify as secp256r1_verify;

pub(crate) fn secp256k1_ecrecover(hash: &Bytes<32>, signature: &Bytes<64>, recovery: u8) -> Result<Bytes<64>, Failed> {
    use k256::elliptic_curve::{
        point::{AffineCoordinates as _, DecompressPoint as _},
        subtle::Choice,
    };

    if recovery > 3 {
        return Err(Failed);
    }
    let (r_bytes, s) = halves(signature);
    let (Some(r), Some(s)) = (secp256k1::scalar(r_bytes), secp256k1::scalar(s)) else { return Err(Failed) };
    let x = if recovery & 2 == 0 { r_bytes } else { plus_order(r_bytes).ok_or(Failed)? };
    let point = k256::AffinePoint::decompress(&x.into(), Choice::from(recovery & 1));
    let point = Option::<k256::AffinePoint>::from(point).ok_or(Failed)?;
    let inverse = Option::<k256::Scalar>::from(r.invert()).expect("a scalar that is not 0 has an inverse");
    let key = secp256k1::combination(-(secp256k1::reduced(hash.0) * inverse), s * inverse, point).ok_or(Failed)?;
    let mut output = Bytes::ZERO;
    output[..32].copy_from_slice(&key.x());
    output[32..].copy_from_slice(&key.y());
    Ok(output)
}

/// `r + n`, if that has 256 bits.
fn plus_order(r: [u8; 32]) -> Option<[u8; 32]> {
    use k256::elliptic_curve::ff::PrimeField as _;

    // n - 1, and with it a carry of 1.
    let below_order = (-k256::Scalar::ONE).to_repr();
    let mut sum = [0; 32];
    let mut carry = 1;
    for ((place, r), order) in sum.iter_mut().zip(r).zip(below_order).rev() {
        carry += u16::from(r) + u16::from(order);
        *place = carry as u8;
        carry >>= 8;
    }
    (carry == 0).then_some(sum)
}
