//! SP1's precompiles for curves, fields and 256-bit integers: what they take from memory and give back.
//!
//! Numbers are little-endian in memory, points x then y. A call overwrites its first operand. What the numbers are is
//! `arithmetic`'s, which is there with the feature `bigint`; without it the calls are not supported.

use crate::machine::Machine;
use crate::outcome::End;
use crate::word::Word;

/// A curve that has precompiles for points given by x and y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// secp256k1, which asks that points are on it.
    Secp256k1,
    /// P-256.
    Secp256r1,
    /// BN254, or `alt_bn128`: G1.
    Bn254,
    /// BLS12-381: G1.
    Bls12381,
}

#[cfg(feature = "bigint")]
impl Curve {
    /// The field of its coordinates.
    pub(super) fn field(self) -> Field {
        match self {
            Self::Secp256k1 => Field::Secp256k1,
            Self::Secp256r1 => Field::Secp256r1,
            Self::Bn254 => Field::Bn254,
            Self::Bls12381 => Field::Bls12381,
        }
    }
}

/// The field of a curve's coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// That of secp256k1.
    Secp256k1,
    /// That of P-256.
    Secp256r1,
    /// That of BN254.
    Bn254,
    /// That of BLS12-381.
    Bls12381,
}

#[cfg(feature = "bigint")]
impl Field {
    /// Bytes of an element in memory.
    pub(super) fn bytes(self) -> usize {
        if self == Self::Bls12381 { 48 } else { 32 }
    }
}

/// What is done with two elements of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// a + b
    Add,
    /// a - b
    Sub,
    /// a · b
    Mul,
}

/// A precompile that computes with numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precompile {
    /// Adds the point at a1 to that at a0; their x are different.
    Add(Curve),
    /// Doubles the point at a0; a1 is 0.
    Double(Curve),
    /// Adds the point of ed25519 at a1 to that at a0.
    EdwardsAdd,
    /// Writes x to a0 for the y of 32 bytes behind it, odd if a1 is 1.
    EdwardsDecompress,
    /// The element at a0 and that at a1.
    Field(Field, Operation),
    /// The element of the quadratic extension at a0 and that at a1.
    Extension(Field, Operation),
    /// The number at a0 times that at a1, modulo the one that follows it.
    MulMod,
    /// a + b + c of the numbers at a0, a1 and a2: the low half to a3, the high half to a4.
    AddCarry,
    /// a · b + c of the numbers at a0, a1 and a2: the low half to a3, the high half to a4.
    MulCarry,
}

#[cfg(not(feature = "bigint"))]
pub(super) fn compute<X: Word>(machine: &mut Machine<'_, X>, name: &str, _: Precompile) -> Result<(), End> {
    Err(machine.unsupported(&format!("{name} is not supported: this machine was built without big integers")))
}

#[cfg(feature = "bigint")]
pub(super) use with_numbers::compute;

#[cfg(feature = "bigint")]
mod with_numbers {
    use assay_spec::TrapKind;
    use num_bigint::BigUint;

    use super::{End, Field, Machine, Precompile, Word};
    use crate::platform::sp1::arithmetic::{self, Point, Refusal};
    use crate::platform::sp1::calls::{check_cells, check_zero};

    const A0: u8 = 10;
    /// Bytes of a 256-bit integer.
    const UINT_BYTES: usize = 32;

    /// The operands of a call, and where they are.
    struct Operands<'m, 'a, X> {
        machine: &'m mut Machine<'a, X>,
        name: &'static str,
        /// Behind a0.
        first: u64,
        /// Behind a1.
        second: u64,
    }

    pub(in super::super) fn compute<X: Word>(
        machine: &mut Machine<'_, X>,
        name: &'static str,
        precompile: Precompile,
    ) -> Result<(), End> {
        let [first, second] = [0, 1].map(|index| machine.register(A0 + index));
        let mut operands = Operands { machine, name, first, second };
        match precompile {
            Precompile::Add(curve) => operands.points(curve.field().bytes(), |p, q| arithmetic::add(curve, p, q)),
            Precompile::EdwardsAdd => operands.points(UINT_BYTES, arithmetic::edwards_add),
            Precompile::Extension(field, operation) => {
                operands.points(field.bytes(), |a, b| arithmetic::extension(field, operation, a, b))
            }
            Precompile::Double(curve) => {
                let bytes = curve.field().bytes();
                check_zero(operands.machine, name, second)?;
                operands.check(first, 2 * bytes)?;
                let point = operands.pair(first, bytes);
                let doubled = operands.judged(first, arithmetic::double(curve, &point))?;
                operands.give(first, bytes, &doubled)
            }
            Precompile::EdwardsDecompress => operands.decompress(),
            Precompile::Field(field, operation) => {
                operands.elements(field, |a, b| arithmetic::field(field, operation, a, b))
            }
            Precompile::MulMod => operands.mul_mod(),
            Precompile::AddCarry => operands.carrying(|a, b| a + b),
            Precompile::MulCarry => operands.carrying(|a, b| a * b),
        }
    }

    impl<X: Word> Operands<'_, '_, X> {
        fn check(&self, address: u64, bytes: usize) -> Result<(), End> {
            check_cells(self.machine, self.name, address, bytes as u64)
        }

        /// A number that is written over, and noted then.
        fn peek(&self, address: u64, bytes: usize) -> BigUint {
            let mut number = vec![0; bytes];
            self.machine.memory.copy_out(address, &mut number);
            BigUint::from_bytes_le(&number)
        }

        fn pair(&self, address: u64, bytes: usize) -> Point {
            [self.peek(address, bytes), self.peek(address + bytes as u64, bytes)]
        }

        /// A number that is only read.
        fn take(&mut self, address: u64, bytes: usize) -> BigUint {
            BigUint::from_bytes_le(&self.machine.take(address, bytes))
        }

        fn judged<T>(&self, address: u64, result: Result<T, Refusal>) -> Result<T, End> {
            result.map_err(|why| {
                let message = format!("{} was given {why}", self.name);
                self.machine.trap(TrapKind::BadCallArgument, Some(address), message)
            })
        }

        fn give(&mut self, address: u64, bytes: usize, numbers: &[BigUint]) -> Result<(), End> {
            let mut all = Vec::with_capacity(bytes * numbers.len());
            for number in numbers {
                let mut number = number.to_bytes_le();
                number.resize(bytes, 0);
                all.extend(number);
            }
            self.machine.give(address, &all)
        }

        /// Two numbers at each of a0 and a1.
        fn points(
            &mut self,
            bytes: usize,
            operation: impl FnOnce(&Point, &Point) -> Result<Point, Refusal>,
        ) -> Result<(), End> {
            let Self { first, second, .. } = *self;
            self.check(first, 2 * bytes)?;
            self.check(second, 2 * bytes)?;
            let q = [self.take(second, bytes), self.take(second + bytes as u64, bytes)];
            let p = self.pair(first, bytes);
            let sum = self.judged(first, operation(&p, &q))?;
            self.give(first, bytes, &sum)
        }

        fn elements(
            &mut self,
            field: Field,
            operation: impl FnOnce(&BigUint, &BigUint) -> Result<BigUint, Refusal>,
        ) -> Result<(), End> {
            let Self { first, second, .. } = *self;
            let bytes = field.bytes();
            self.check(first, bytes)?;
            self.check(second, bytes)?;
            let b = self.take(second, bytes);
            let a = self.peek(first, bytes);
            let result = self.judged(first, operation(&a, &b))?;
            self.give(first, bytes, &[result])
        }

        fn mul_mod(&mut self) -> Result<(), End> {
            let Self { first, second, .. } = *self;
            self.check(first, UINT_BYTES)?;
            self.check(second, 2 * UINT_BYTES)?;
            let y = self.take(second, UINT_BYTES);
            let modulus = self.take(second + UINT_BYTES as u64, UINT_BYTES);
            let x = self.peek(first, UINT_BYTES);
            let product = self.judged(first, arithmetic::mul_mod(&x, &y, modulus))?;
            self.give(first, UINT_BYTES, &[product])
        }

        fn decompress(&mut self) -> Result<(), End> {
            let Self { first, second: sign, .. } = *self;
            self.check(first, 2 * UINT_BYTES)?;
            if sign > 1 {
                let message = format!("{} was given the sign {sign:#x}; it is 0 or 1", self.name);
                return Err(self.machine.trap(TrapKind::BadCallArgument, None, message));
            }
            let y = self.take(first + UINT_BYTES as u64, UINT_BYTES);
            let x = self.judged(first, arithmetic::edwards_decompress(&y, sign == 1))?;
            self.give(first, UINT_BYTES, &[x])
        }

        /// Of three numbers two. The call reads two registers more than others; a2 is noted with the call.
        fn carrying(&mut self, operation: impl FnOnce(BigUint, BigUint) -> BigUint) -> Result<(), End> {
            let Self { first, second, .. } = *self;
            let third = self.machine.register(A0 + 2);
            let [low, high] = [3, 4].map(|index| self.machine.argument(A0 + index));
            for address in [first, second, third, low, high] {
                self.check(address, UINT_BYTES)?;
            }
            let [a, b, c] = [first, second, third].map(|address| self.take(address, UINT_BYTES));
            let result = operation(a, b) + c;
            let carry = &result >> (8 * UINT_BYTES);
            let mut digits = result.to_bytes_le();
            digits.resize(2 * UINT_BYTES, 0);
            self.machine.give(low, &digits[..UINT_BYTES])?;
            self.give(high, UINT_BYTES, &[carry])
        }
    }
}
