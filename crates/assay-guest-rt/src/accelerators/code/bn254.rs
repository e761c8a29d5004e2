//! BN254, or `alt_bn128`: EIP-196 and EIP-197.

use alloc::vec::Vec;

use ark_bn254::{Bn254, Fq, Fq2, Fr, g1, g2};
use ark_ff::PrimeField as _;

use super::curve::{self, Element, read_prime, write_prime};
use crate::accelerators::{Bn254PairingPair, Bytes, Failed};

impl Element for Fq {
    const BYTES: usize = 32;

    fn read(bytes: &[u8]) -> Result<Self, Failed> {
        read_prime(bytes)
    }

    fn write(&self, bytes: &mut [u8]) {
        write_prime(*self, bytes);
    }
}

/// The imaginary part first.
impl Element for Fq2 {
    const BYTES: usize = 64;

    fn read(bytes: &[u8]) -> Result<Self, Failed> {
        let (imaginary, real) = bytes.split_at(Fq::BYTES);
        Ok(Self::new(Fq::read(real)?, Fq::read(imaginary)?))
    }

    fn write(&self, bytes: &mut [u8]) {
        let (imaginary, real) = bytes.split_at_mut(Fq::BYTES);
        self.c1.write(imaginary);
        self.c0.write(real);
    }
}

pub(crate) fn bn254_g1_add(one: &Bytes<64>, other: &Bytes<64>) -> Result<Bytes<64>, Failed> {
    let mut output = Bytes::ZERO;
    curve::add::<g1::Config>(&one.0, &other.0, &mut output.0)?;
    Ok(output)
}

pub(crate) fn bn254_g1_mul(point: &Bytes<64>, scalar: &Bytes<32>) -> Result<Bytes<64>, Failed> {
    let point = curve::read::<g1::Config>(&point.0)?;
    let mut output = Bytes::ZERO;
    // All of the curve is the subgroup.
    curve::write(curve::combination(&[point], &[Fr::from_be_bytes_mod_order(&scalar.0)]), &mut output.0);
    Ok(output)
}

pub(crate) fn bn254_pairing(pairs: &[Bn254PairingPair]) -> Result<bool, Failed> {
    let ones = pairs.iter().map(|pair| curve::read::<g1::Config>(&pair.first.0));
    let ones = ones.collect::<Result<Vec<_>, Failed>>()?;
    let others = pairs.iter().map(|pair| curve::read_checked::<g2::Config>(&pair.second.0));
    let others = others.collect::<Result<Vec<_>, Failed>>()?;
    Ok(curve::product_is_one::<Bn254>(ones, others))
}
