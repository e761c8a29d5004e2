//! Points of the pairing curves as bytes, and what is done with them in the same way on each.

use alloc::vec::Vec;

use ark_ec::{
    AffineRepr as _, CurveGroup as _,
    pairing::Pairing,
    scalar_mul::variable_base::VariableBaseMSM as _,
    short_weierstrass::{Affine, Projective, SWCurveConfig},
};
use ark_ff::{Field, PrimeField, Zero as _};

use crate::accelerators::Failed;

/// From so many points on, sorting them into buckets is faster than one after the other.
const MANY: usize = 16;

/// An element of a point's field as bytes.
pub(super) trait Element: Field {
    /// Its length.
    const BYTES: usize;

    /// The element; fails unless it is below the field's order.
    fn read(bytes: &[u8]) -> Result<Self, Failed>;

    fn write(&self, bytes: &mut [u8]);
}

/// A big-endian number that is below the field's order.
pub(super) fn read_prime<F: PrimeField>(bytes: &[u8]) -> Result<F, Failed> {
    let mut number = F::BigInt::default();
    for (limb, bytes) in number.as_mut().iter_mut().zip(bytes.rchunks_exact(8)) {
        *limb = bytes.iter().fold(0, |limb, &byte| limb << 8 | u64::from(byte));
    }
    F::from_bigint(number).ok_or(Failed)
}

pub(super) fn write_prime<F: PrimeField>(value: F, bytes: &mut [u8]) {
    for (limb, bytes) in value.into_bigint().as_ref().iter().zip(bytes.rchunks_exact_mut(8)) {
        bytes.copy_from_slice(&limb.to_be_bytes());
    }
}

/// A point of the curve, of its subgroup or not.
pub(super) fn read<P: SWCurveConfig<BaseField: Element>>(bytes: &[u8]) -> Result<Affine<P>, Failed> {
    let (x, y) = bytes.split_at(P::BaseField::BYTES);
    let (x, y) = (P::BaseField::read(x)?, P::BaseField::read(y)?);
    if x.is_zero() && y.is_zero() {
        return Ok(Affine::identity());
    }
    let point = Affine::new_unchecked(x, y);
    if point.is_on_curve() { Ok(point) } else { Err(Failed) }
}

/// A point of the subgroup.
pub(super) fn read_checked<P: SWCurveConfig<BaseField: Element>>(bytes: &[u8]) -> Result<Affine<P>, Failed> {
    let point = read(bytes)?;
    if P::is_in_correct_subgroup_assuming_on_curve(&point) { Ok(point) } else { Err(Failed) }
}

pub(super) fn write<P: SWCurveConfig<BaseField: Element>>(point: Affine<P>, bytes: &mut [u8]) {
    let (to_x, to_y) = bytes.split_at_mut(P::BaseField::BYTES);
    match point.xy() {
        Some((x, y)) => {
            x.write(to_x);
            y.write(to_y);
        }
        None => bytes.fill(0),
    }
}

pub(super) fn add<P: SWCurveConfig<BaseField: Element>>(
    one: &[u8],
    other: &[u8],
    output: &mut [u8],
) -> Result<(), Failed> {
    let sum = read::<P>(one)?.into_group() + read::<P>(other)?;
    write(sum.into_affine(), output);
    Ok(())
}

/// Points of the subgroup times scalars, of which only what is left modulo the group's order matters.
pub(super) fn combination<P: SWCurveConfig>(points: &[Affine<P>], scalars: &[P::ScalarField]) -> Affine<P> {
    let sum = if points.len() < MANY {
        points.iter().zip(scalars).map(|(&point, &scalar)| point * scalar).sum()
    } else {
        Projective::msm_unchecked(points, scalars)
    };
    sum.into_affine()
}

/// Whether the product of the pairings is 1.
pub(super) fn product_is_one<E: Pairing>(ones: Vec<E::G1Affine>, others: Vec<E::G2Affine>) -> bool {
    E::multi_pairing(ones, others).is_zero()
}
