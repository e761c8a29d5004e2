//! The point evaluation of EIP-4844: whether a polynomial, known by its commitment, has the value y at z.
//!
//! Of the trusted setup one point is all that a verifier needs: τ times the generator of G2. With the commitment C and the
//! proof Q, it is to hold that e(C - y·G1, -G2) · e(Q, τ·G2 - z·G2) is one.

use super::bls12::curve::{G1, G2, pairing_is_one};

/// The order of the groups, big-endian; elements of the scalar field are below it.
const ORDER: [u8; 32] = [
    0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05, 0x53, 0xbd, 0xa4,
    0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
];

/// τ times the generator of G2, compressed: the second of `g2_monomial` in the mainnet setup of the KZG ceremony
/// (consensus-specs, `presets/mainnet/trusted_setups/trusted_setup_4096.json`).
const TAU_G2: [u8; 96] = [
    0xb5, 0xbf, 0xd7, 0xdd, 0x8c, 0xde, 0xb1, 0x28, 0x84, 0x3b, 0xc2, 0x87, 0x23, 0x0a, 0xf3, 0x89, 0x26, 0x18, 0x70,
    0x75, 0xcb, 0xfb, 0xef, 0xa8, 0x10, 0x09, 0xa2, 0xce, 0x61, 0x5a, 0xc5, 0x3d, 0x29, 0x14, 0xe5, 0x87, 0x0c, 0xb4,
    0x52, 0xd2, 0xaf, 0xaa, 0xab, 0x24, 0xf3, 0x49, 0x9f, 0x72, 0x18, 0x5c, 0xbf, 0xee, 0x53, 0x49, 0x27, 0x14, 0x73,
    0x44, 0x29, 0xb7, 0xb3, 0x86, 0x08, 0xe2, 0x39, 0x26, 0xc9, 0x11, 0xcc, 0xec, 0xea, 0xc9, 0xa3, 0x68, 0x51, 0x47,
    0x7b, 0xa4, 0xc6, 0x0b, 0x08, 0x70, 0x41, 0xde, 0x62, 0x10, 0x00, 0xed, 0xc9, 0x8e, 0xda, 0xda, 0x20, 0xc1, 0xde,
    0xf2,
];

/// `None` if one of the four is invalid.
pub(super) fn point_eval(commitment: &[u8; 48], z: &[u8; 32], y: &[u8; 32], proof: &[u8; 48]) -> Option<bool> {
    let (commitment, proof) = (G1::uncompress(commitment)?, G1::uncompress(proof)?);
    let (minus_z, minus_y) = (negated(z)?, negated(y)?);
    let minus_one = negated(&one())?;
    let tau = G2::uncompress(&TAU_G2)?;

    let left = commitment.add(&G1::multiply(&[G1::generator()], &[minus_y]));
    let minus_g2 = G2::multiply(&[G2::generator()], &[minus_one]);
    let right = tau.add(&G2::multiply(&[G2::generator()], &[minus_z]));
    Some(pairing_is_one(&[(left, minus_g2), (proof, right)]))
}

fn one() -> [u8; 32] {
    let mut one = [0; 32];
    one[31] = 1;
    one
}

/// The negative of a big-endian element of the scalar field, little-endian; `None` if it is not below the order.
fn negated(element: &[u8; 32]) -> Option<[u8; 32]> {
    if *element >= ORDER {
        return None;
    }
    let mut difference = [0; 32];
    let mut borrow = false;
    for ((to, &a), &b) in difference.iter_mut().zip(ORDER.iter().rev()).zip(element.iter().rev()) {
        let (without, first) = a.overflowing_sub(b);
        let (digit, second) = without.overflowing_sub(u8::from(borrow));
        (*to, borrow) = (digit, first || second);
    }
    // The order itself, for 0, does as well: multiples by it are infinity.
    Some(difference)
}
