//! BLS12-381, by blst: addition, multi-scalar multiplication, pairing check and maps to the curve (EIP-2537), with field
//! elements of 48 bytes.
//!
//! blst is C and assembly behind pointers; [`curve`] is the only place that calls it, and gives points that are valid.

pub(super) mod curve;

use curve::{Fp, Fp2, G1, G2};

/// Bytes of a point of G1.
const G1_BYTES: usize = 96;
/// Bytes of a point of G2.
const G2_BYTES: usize = 192;
/// Bytes of a scalar.
const SCALAR_BYTES: usize = 32;

pub(super) fn g1_add(p1: &[u8; G1_BYTES], p2: &[u8; G1_BYTES]) -> Option<[u8; G1_BYTES]> {
    Some(G1::on_curve(p1)?.add(&G1::on_curve(p2)?).to_bytes())
}

pub(super) fn g2_add(p1: &[u8; G2_BYTES], p2: &[u8; G2_BYTES]) -> Option<[u8; G2_BYTES]> {
    Some(G2::on_curve(p1)?.add(&G2::on_curve(p2)?).to_bytes())
}

/// The sum of each point times its scalar; `None` for no pairs.
pub(super) fn g1_msm(pairs: &[u8]) -> Option<[u8; G1_BYTES]> {
    let (points, scalars) = terms(pairs, G1::in_group)?;
    Some(G1::multiply(&points, &scalars).to_bytes())
}

/// The sum of each point times its scalar; `None` for no pairs.
pub(super) fn g2_msm(pairs: &[u8]) -> Option<[u8; G2_BYTES]> {
    let (points, scalars) = terms(pairs, G2::in_group)?;
    Some(G2::multiply(&points, &scalars).to_bytes())
}

/// Points, as `point` reads them, and their scalars, little-endian; `None` for none.
fn terms<const N: usize, P>(
    pairs: &[u8],
    point: impl Fn(&[u8; N]) -> Option<P>,
) -> Option<(Vec<P>, Vec<[u8; SCALAR_BYTES]>)> {
    let terms = pairs.chunks_exact(N + SCALAR_BYTES).map(|pair| {
        let (bytes, scalar) = pair.split_first_chunk::<N>()?;
        let mut scalar: [u8; SCALAR_BYTES] = scalar.try_into().ok()?;
        scalar.reverse();
        Some((point(bytes)?, scalar))
    });
    let terms: (Vec<_>, Vec<_>) = terms.collect::<Option<Vec<_>>>()?.into_iter().unzip();
    (!terms.0.is_empty()).then_some(terms)
}

/// Whether the product of the pairings of all pairs is one; `None` for no pairs.
pub(super) fn pairing(pairs: &[u8]) -> Option<bool> {
    let pairs = pairs.chunks_exact(G1_BYTES + G2_BYTES).map(|pair| {
        let (p, q) = pair.split_at(G1_BYTES);
        Some((G1::in_group(p.try_into().ok()?)?, G2::in_group(q.try_into().ok()?)?))
    });
    let pairs: Vec<_> = pairs.collect::<Option<_>>()?;
    (!pairs.is_empty()).then(|| curve::pairing_is_one(&pairs))
}

pub(super) fn map_to_g1(element: &[u8; 48]) -> Option<[u8; G1_BYTES]> {
    Some(G1::map(Fp::new(element)?).to_bytes())
}

/// The real part first.
pub(super) fn map_to_g2(element: &[u8; 96]) -> Option<[u8; G2_BYTES]> {
    Some(G2::map(Fp2::new(element)?).to_bytes())
}
