//! G1 of the pairing curves, where the zkVM has no call for it.

use ark_bn254::Fr;
use ark_ff::PrimeField as _;

use super::{bls12_381::msm, curve};
use crate::accelerators::{Bls12G1MsmPair, Bytes, Failed};

pub(crate) fn bn254_g1_add(one: &Bytes<64>, other: &Bytes<64>) -> Result<Bytes<64>, Failed> {
    let mut output = Bytes::ZERO;
    curve::add::<ark_bn254::g1::Config>(&one.0, &other.0, &mut output.0)?;
    Ok(output)
}

pub(crate) fn bn254_g1_mul(point: &Bytes<64>, scalar: &Bytes<32>) -> Result<Bytes<64>, Failed> {
    let point = curve::read::<ark_bn254::g1::Config>(&point.0)?;
    let mut output = Bytes::ZERO;
    // All of the curve is the subgroup.
    curve::write(curve::combination(&[point], &[Fr::from_be_bytes_mod_order(&scalar.0)]), &mut output.0);
    Ok(output)
}

pub(crate) fn bls12_g1_add(one: &Bytes<96>, other: &Bytes<96>) -> Result<Bytes<96>, Failed> {
    let mut output = Bytes::ZERO;
    curve::add::<ark_bls12_381::g1::Config>(&one.0, &other.0, &mut output.0)?;
    Ok(output)
}

pub(crate) fn bls12_g1_msm(pairs: &[Bls12G1MsmPair]) -> Result<Bytes<96>, Failed> {
    msm::<ark_bls12_381::g1::Config, 96>(pairs)
}
