//! Points and field elements of BLS12-381, and what blst does with them, in safe types.
//!
//! A value of one of these types is valid: elements are below the modulus, points are on their curve or infinity. blst asks
//! for no more than that and for pointers to what its headers say, so each call here is sound for every value.
#![expect(unsafe_code, reason = "blst's points and fields have no other interface than its C functions")]

use std::ptr;

use blst::{BLST_ERROR, MultiPoint as _, blst_fp, blst_fp2, blst_fp12};

/// The modulus of the base field, big-endian (draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1).
const MODULUS: [u8; 48] = [
    0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6, 0x43, 0x4b, 0xac, 0xd7, 0x64, 0x77, 0x4b,
    0x84, 0xf3, 0x85, 0x12, 0xbf, 0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0, 0xf6, 0x24, 0x1e, 0xab, 0xff, 0xfe, 0xb1, 0x53,
    0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xab,
];

/// Bytes of a field element.
const FP_BYTES: usize = 48;
/// Bits of a scalar, which need not be below the group's order.
const SCALAR_BITS: usize = 256;

/// An element of the base field.
#[derive(Clone, Copy)]
pub(in crate::compute) struct Fp(blst_fp);

impl Fp {
    /// `None` for a number that is not below the modulus.
    pub(in crate::compute) fn new(bytes: &[u8; FP_BYTES]) -> Option<Self> {
        if *bytes >= MODULUS {
            return None;
        }
        let mut element = blst_fp::default();
        // SAFETY: it reads 48 bytes and writes one element.
        unsafe { blst::blst_fp_from_bendian(&raw mut element, bytes.as_ptr()) };
        Some(Self(element))
    }

    fn to_bytes(self) -> [u8; FP_BYTES] {
        let mut bytes = [0; FP_BYTES];
        // SAFETY: it reads one element and writes 48 bytes.
        unsafe { blst::blst_bendian_from_fp(bytes.as_mut_ptr(), &raw const self.0) };
        bytes
    }
}

/// An element of the quadratic extension.
#[derive(Clone, Copy)]
pub(in crate::compute) struct Fp2(blst_fp2);

impl Fp2 {
    /// The real part first; `None` where a part is not below the modulus.
    pub(in crate::compute) fn new(bytes: &[u8; 2 * FP_BYTES]) -> Option<Self> {
        blst_fp2::read(bytes).map(Self)
    }
}

/// What the two groups have in common: all but the field of their coordinates.
macro_rules! group {
    (
        $(#[$doc:meta])* $group:ident, $bytes:literal, compressed $compressed:literal, map from $field:ty,
        $affine:ident, $projective:ident, $on_curve:ident, $in_group:ident, $uncompress:ident, $generator:ident,
        $add:ident, $map:ident, $from_affine:ident, $to_affine:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(in crate::compute) struct $group(blst::$affine);

        impl $group {
            /// x, then y; infinity is all zeros. `None` off the curve.
            pub(in crate::compute) fn on_curve(bytes: &[u8; $bytes]) -> Option<Self> {
                let (x, y) = bytes.split_at($bytes / 2);
                let point = Self(blst::$affine { x: Coordinate::read(x)?, y: Coordinate::read(y)? });
                // SAFETY: it reads one point, of any coordinates.
                (point.is_infinity() || unsafe { blst::$on_curve(&raw const point.0) }).then_some(point)
            }

            /// The same, `None` outside of the subgroup too.
            pub(in crate::compute) fn in_group(bytes: &[u8; $bytes]) -> Option<Self> {
                Self::on_curve(bytes)?.group_checked()
            }

            /// A compressed point of the subgroup.
            pub(in crate::compute) fn uncompress(bytes: &[u8; $compressed]) -> Option<Self> {
                let mut point = blst::$affine::default();
                // SAFETY: it reads the bytes of a compressed point, and writes a point, which is on the curve where
                // it says so.
                let error = unsafe { blst::$uncompress(&raw mut point, bytes.as_ptr()) };
                if error != BLST_ERROR::BLST_SUCCESS {
                    return None;
                }
                Self(point).group_checked()
            }

            fn group_checked(self) -> Option<Self> {
                // SAFETY: it reads one point of the curve.
                (self.is_infinity() || unsafe { blst::$in_group(&raw const self.0) }).then_some(self)
            }

            pub(in crate::compute) fn generator() -> Self {
                // SAFETY: it gives a pointer to a constant.
                Self(unsafe { *blst::$generator() })
            }

            fn is_infinity(&self) -> bool {
                self.0 == blst::$affine::default()
            }

            pub(in crate::compute) fn add(&self, other: &Self) -> Self {
                let (a, b) = (self.projective(), other.projective());
                let mut sum = blst::$projective::default();
                // SAFETY: it reads two points and writes one.
                unsafe { blst::$add(&raw mut sum, &raw const a, &raw const b) };
                Self::affine(&sum)
            }

            /// The sum of `points`, each times the scalar (little-endian) at its place. All are in the subgroup.
            pub(in crate::compute) fn multiply(points: &[Self], scalars: &[[u8; 32]]) -> Self {
                let pairs = points.iter().zip(scalars).filter(|(point, _)| !point.is_infinity());
                let (points, scalars): (Vec<_>, Vec<_>) = pairs.map(|(point, scalar)| (point.0, *scalar)).unzip();
                if points.is_empty() {
                    return Self(blst::$affine::default());
                }
                Self::affine(&points.mult(scalars.as_flattened(), SCALAR_BITS))
            }

            /// The point of a field element: RFC 9380's map, isogeny and clearing of the cofactor, without hashing.
            pub(in crate::compute) fn map(element: $field) -> Self {
                let mut point = blst::$projective::default();
                // SAFETY: it reads one element and writes one point; the second element is optional.
                unsafe { blst::$map(&raw mut point, &raw const element.0, ptr::null()) };
                Self::affine(&point)
            }

            fn projective(&self) -> blst::$projective {
                let mut point = blst::$projective::default();
                // SAFETY: it reads one point and writes one.
                unsafe { blst::$from_affine(&raw mut point, &raw const self.0) };
                point
            }

            fn affine(point: &blst::$projective) -> Self {
                let mut affine = blst::$affine::default();
                // SAFETY: it reads one point and writes one.
                unsafe { blst::$to_affine(&raw mut affine, &raw const *point) };
                Self(affine)
            }

            pub(in crate::compute) fn to_bytes(self) -> [u8; $bytes] {
                let mut bytes = [0; $bytes];
                let (x, y) = bytes.split_at_mut($bytes / 2);
                self.0.x.write(x);
                self.0.y.write(y);
                bytes
            }
        }
    };
}

group!(
    /// A point of the curve over the base field; infinity has coordinates 0.
    G1, 96, compressed 48, map from Fp,
    blst_p1_affine, blst_p1, blst_p1_affine_on_curve, blst_p1_affine_in_g1, blst_p1_uncompress, blst_p1_affine_generator,
    blst_p1_add_or_double, blst_map_to_g1, blst_p1_from_affine, blst_p1_to_affine
);
group!(
    /// A point of the twist; infinity has coordinates 0.
    G2, 192, compressed 96, map from Fp2,
    blst_p2_affine, blst_p2, blst_p2_affine_on_curve, blst_p2_affine_in_g2, blst_p2_uncompress, blst_p2_affine_generator,
    blst_p2_add_or_double, blst_map_to_g2, blst_p2_from_affine, blst_p2_to_affine
);

/// A coordinate of a point as bytes.
trait Coordinate: Sized {
    /// `None` for what is no element of the field.
    fn read(bytes: &[u8]) -> Option<Self>;
    fn write(self, bytes: &mut [u8]);
}

impl Coordinate for blst_fp {
    fn read(bytes: &[u8]) -> Option<Self> {
        Some(Fp::new(bytes.try_into().ok()?)?.0)
    }

    fn write(self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&Fp(self).to_bytes());
    }
}

/// The real part first.
impl Coordinate for blst_fp2 {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (real, imaginary) = bytes.split_at_checked(FP_BYTES)?;
        Some(Self { fp: [blst_fp::read(real)?, blst_fp::read(imaginary)?] })
    }

    fn write(self, bytes: &mut [u8]) {
        for (part, bytes) in self.fp.into_iter().zip(bytes.chunks_exact_mut(FP_BYTES)) {
            part.write(bytes);
        }
    }
}

/// Whether the product of the pairings of all pairs is one. All points are in their subgroups.
pub(in crate::compute) fn pairing_is_one(pairs: &[(G1, G2)]) -> bool {
    let mut product = blst_fp12::default();
    // The pairing with infinity is one.
    for (p, q) in pairs.iter().filter(|(p, q)| !p.is_infinity() && !q.is_infinity()) {
        product *= blst_fp12::miller_loop(&q.0, &p.0);
    }
    product.final_exp() == blst_fp12::default()
}
