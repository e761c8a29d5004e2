//! BLS12-381: EIP-2537, in the header's widths.

use alloc::vec::Vec;

use ark_bls12_381::{Bls12_381, Fq, Fq2, g1, g2};
use ark_ec::{
    AffineRepr as _,
    hashing::{
        curve_maps::wb::{WBConfig, WBMap},
        map_to_curve_hasher::MapToCurve as _,
    },
    short_weierstrass::Affine,
};
use ark_ff::PrimeField as _;

use super::curve::{self, Element, read_prime, write_prime};
use crate::accelerators::{Bls12G2MsmPair, Bls12PairingPair, Bytes, Failed, Pair};

impl Element for Fq {
    const BYTES: usize = 48;

    fn read(bytes: &[u8]) -> Result<Self, Failed> {
        read_prime(bytes)
    }

    fn write(&self, bytes: &mut [u8]) {
        write_prime(*self, bytes);
    }
}

/// The real part first.
impl Element for Fq2 {
    const BYTES: usize = 96;

    fn read(bytes: &[u8]) -> Result<Self, Failed> {
        let (real, imaginary) = bytes.split_at(Fq::BYTES);
        Ok(Self::new(Fq::read(real)?, Fq::read(imaginary)?))
    }

    fn write(&self, bytes: &mut [u8]) {
        let (real, imaginary) = bytes.split_at_mut(Fq::BYTES);
        self.c0.write(real);
        self.c1.write(imaginary);
    }
}

pub(crate) fn bls12_g2_add(one: &Bytes<192>, other: &Bytes<192>) -> Result<Bytes<192>, Failed> {
    let mut output = Bytes::ZERO;
    curve::add::<g2::Config>(&one.0, &other.0, &mut output.0)?;
    Ok(output)
}

pub(crate) fn bls12_g2_msm(pairs: &[Bls12G2MsmPair]) -> Result<Bytes<192>, Failed> {
    msm::<g2::Config, 192>(pairs)
}

/// The sum of points of the subgroup times scalars; fails for no pairs.
pub(super) fn msm<P: WBConfig<BaseField: Element>, const N: usize>(pairs: &[Pair<N, 32>]) -> Result<Bytes<N>, Failed> {
    if pairs.is_empty() {
        return Err(Failed);
    }
    let points = pairs.iter().map(|pair| curve::read_checked::<P>(&pair.first.0));
    let points = points.collect::<Result<Vec<_>, Failed>>()?;
    let scalars = pairs.iter().map(|pair| P::ScalarField::from_be_bytes_mod_order(&pair.second.0));
    let mut output = Bytes::ZERO;
    curve::write(curve::combination(&points, &scalars.collect::<Vec<_>>()), &mut output.0);
    Ok(output)
}

pub(crate) fn bls12_pairing(pairs: &[Bls12PairingPair]) -> Result<bool, Failed> {
    if pairs.is_empty() {
        return Err(Failed);
    }
    let ones = pairs.iter().map(|pair| curve::read_checked::<g1::Config>(&pair.first.0));
    let ones = ones.collect::<Result<Vec<_>, Failed>>()?;
    let others = pairs.iter().map(|pair| curve::read_checked::<g2::Config>(&pair.second.0));
    let others = others.collect::<Result<Vec<_>, Failed>>()?;
    Ok(curve::product_is_one::<Bls12_381>(ones, others))
}

pub(crate) fn bls12_map_fp_to_g1(element: &Bytes<48>) -> Result<Bytes<96>, Failed> {
    map::<g1::Config, 48, 96>(element)
}

pub(crate) fn bls12_map_fp2_to_g2(element: &Bytes<96>) -> Result<Bytes<192>, Failed> {
    map::<g2::Config, 96, 192>(element)
}

fn map<P: WBConfig<BaseField: Element>, const F: usize, const N: usize>(
    element: &Bytes<F>,
) -> Result<Bytes<N>, Failed> {
    let element = P::BaseField::read(&element.0)?;
    let point: Affine<P> = WBMap::map_to_curve(element).expect("every element is mapped to a point");
    let mut output = Bytes::ZERO;
    curve::write(point.clear_cofactor(), &mut output.0);
    Ok(output)
}
