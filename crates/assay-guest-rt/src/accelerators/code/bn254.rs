//! BN254, or `alt_bn128`: EIP-196 and EIP-197.

use alloc::vec::Vec;

use ark_bn254::{Bn254, Fq, Fq2, g1, g2};

use super::curve::{self, Element, read_prime, write_prime};
use crate::accelerators::{Bn254PairingPair, Failed};

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

pub(crate) fn bn254_pairing(pairs: &[Bn254PairingPair]) -> Result<bool, Failed> {
    let ones = pairs.iter().map(|pair| curve::read::<g1::Config>(&pair.first.0));
    let ones = ones.collect::<Result<Vec<_>, Failed>>()?;
    let others = pairs.iter().map(|pair| curve::read_checked::<g2::Config>(&pair.second.0));
    let others = others.collect::<Result<Vec<_>, Failed>>()?;
    Ok(curve::product_is_one::<Bn254>(ones, others))
}
