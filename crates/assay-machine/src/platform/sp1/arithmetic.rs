//! The numbers of SP1's precompiles: curves, fields, and 256-bit integers.
//!
//! What goes in and out of memory is not here; a number comes as it stands there, reduced or not. The rules are those of the
//! minimal executor (`sp1-core-executor` 6.10.0, `minimal/precompiles`; `sp1-curves` 6.10.0). Where it panics, and where it
//! goes on although no row of the precompile's chip is valid (`sp1-core-machine` 6.10.0, `syscall/precompiles`,
//! `operations/field/field_op.rs`), there is a [`Refusal`] here.
//!
//! What makes rows invalid is written down once, in [`Chip`]: its operations are the chips', with what each asks of numbers.

use num_bigint::BigUint;

use super::precompiles::{Curve, Field, Operation};

/// Why a precompile gives nothing.
pub(super) type Refusal = &'static str;

const EQUAL: Refusal = "points with the same x, which the chord through them does not add; double a point, and leave out one and its negative";
const ORDER_TWO: Refusal = "a point whose tangent does not meet the curve again: 2y is 0";
const OFF_CURVE: Refusal = "a point that is not on the curve, or a coordinate that is not below the field's order";
const UNREDUCED: Refusal =
    "a number that is not below the field's order where the chip subtracts from it; reduce it before the call";
const TOO_FAR: Refusal =
    "numbers whose difference is below -p, which the chip cannot reduce; reduce them before the call";
const TOO_LARGE: Refusal =
    "factors whose product, divided by the modulus, is wider than a factor; reduce them before the call";
const NO_ROOT: Refusal = "a y that no point of the curve has, or one that is not below the field's order";

/// Bits of the numbers of `UINT256_MUL` and its kin.
const UINT_BITS: u64 = 256;

/// Order of the field of ed25519, of 255 bits: 2^255 less this.
const ED25519_BELOW: u32 = 19;
/// d of ed25519, -121665/121666, as a fraction.
const ED25519_D: [u32; 2] = [121_665, 121_666];

impl Field {
    /// Its order.
    pub(super) fn order(self) -> BigUint {
        let hex: &[u8] = match self {
            Self::Secp256k1 => b"fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
            Self::Secp256r1 => b"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            Self::Bn254 => b"30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47",
            Self::Bls12381 => {
                b"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab"
            }
        };
        BigUint::parse_bytes(hex, 16).expect("these are digits")
    }

    fn chip(self) -> Chip {
        Chip { modulus: self.order(), bits: self.bytes() as u64 * 8 }
    }
}

/// The arithmetic of chips: numbers of so many bits, a modulus.
struct Chip {
    modulus: BigUint,
    bits: u64,
}

impl Chip {
    fn add(&self, a: &BigUint, b: &BigUint) -> BigUint {
        (a + b) % &self.modulus
    }

    /// The chip shows `result + b = a`, and reckons with an `a` that is reduced.
    fn sub(&self, a: &BigUint, b: &BigUint) -> Result<BigUint, Refusal> {
        if *a >= self.modulus {
            return Err(UNREDUCED);
        }
        let wide = a + &self.modulus;
        if wide < *b {
            return Err(TOO_FAR);
        }
        Ok((wide - b) % &self.modulus)
    }

    /// The chip has the quotient in as many bytes as a factor.
    fn mul(&self, a: &BigUint, b: &BigUint) -> Result<BigUint, Refusal> {
        let product = a * b;
        if (&product / &self.modulus).bits() > self.bits {
            return Err(TOO_LARGE);
        }
        Ok(product % &self.modulus)
    }

    /// `None` for a divisor that is 0 modulo a prime modulus.
    fn div(&self, a: &BigUint, b: &BigUint) -> Option<BigUint> {
        Some(a * b.modinv(&self.modulus)? % &self.modulus)
    }
}

/// A point as its two coordinates.
pub(super) type Point = [BigUint; 2];

/// `p + q` through the chord.
pub(super) fn add(curve: Curve, p: &Point, q: &Point) -> Result<Point, Refusal> {
    check(curve, p)?;
    check(curve, q)?;
    let chip = curve.field().chip();
    let numerator = chip.sub(&q[1], &p[1])?;
    let denominator = chip.sub(&q[0], &p[0])?;
    let slope = chip.div(&numerator, &denominator).ok_or(EQUAL)?;
    third(&chip, &slope, p, &q[0])
}

/// `p + p` through the tangent.
pub(super) fn double(curve: Curve, p: &Point) -> Result<Point, Refusal> {
    check(curve, p)?;
    let chip = curve.field().chip();
    let [x, y] = p;
    // a is 0 but on P-256, where it is -3.
    let a = if curve == Curve::Secp256r1 { &chip.modulus - 3u32 } else { BigUint::ZERO };
    let numerator = chip.add(&(chip.mul(x, x)? * 3u32), &a);
    let slope = chip.div(&numerator, &(y * 2u32)).ok_or(ORDER_TWO)?;
    third(&chip, &slope, p, x)
}

/// The negative of where the line through `p` with this slope meets the curve once more, `other` being the second x.
fn third(chip: &Chip, slope: &BigUint, p: &Point, other: &BigUint) -> Result<Point, Refusal> {
    let x = chip.sub(&chip.mul(slope, slope)?, &chip.add(&p[0], other))?;
    let rise = chip.mul(slope, &chip.sub(&p[0], &x)?)?;
    let y = chip.sub(&rise, &p[1])?;
    Ok([x, y])
}

/// Only of points of secp256k1 it is asked that they are points.
fn check(curve: Curve, [x, y]: &Point) -> Result<(), Refusal> {
    if curve != Curve::Secp256k1 {
        return Ok(());
    }
    let order = curve.field().order();
    let fits = *x < order && *y < order && (y * y) % &order == (x * x * x + 7u32) % &order;
    if fits { Ok(()) } else { Err(OFF_CURVE) }
}

/// `a op b` of a field's elements.
pub(super) fn field(field: Field, operation: Operation, a: &BigUint, b: &BigUint) -> Result<BigUint, Refusal> {
    let chip = field.chip();
    match operation {
        Operation::Add => Ok(chip.add(a, b)),
        Operation::Sub => chip.sub(a, b),
        Operation::Mul => chip.mul(a, b),
    }
}

/// `a op b` of elements of the field's quadratic extension with the square root of -1, real parts first.
pub(super) fn extension(field: Field, operation: Operation, a: &Point, b: &Point) -> Result<Point, Refusal> {
    let chip = field.chip();
    Ok(match operation {
        Operation::Add => [chip.add(&a[0], &b[0]), chip.add(&a[1], &b[1])],
        Operation::Sub => [chip.sub(&a[0], &b[0])?, chip.sub(&a[1], &b[1])?],
        Operation::Mul => {
            let real = chip.sub(&chip.mul(&a[0], &b[0])?, &chip.mul(&a[1], &b[1])?)?;
            [real, chip.add(&chip.mul(&a[0], &b[1])?, &chip.mul(&a[1], &b[0])?)]
        }
    })
}

/// `x * y` modulo a number, 2^256 for 0.
pub(super) fn mul_mod(x: &BigUint, y: &BigUint, modulus: BigUint) -> Result<BigUint, Refusal> {
    let modulus = if modulus == BigUint::ZERO { BigUint::from(1u32) << UINT_BITS } else { modulus };
    Chip { modulus, bits: UINT_BITS }.mul(x, y)
}

/// The field of ed25519.
fn edwards_chip() -> Chip {
    Chip { modulus: (BigUint::from(1u32) << 255u32) - ED25519_BELOW, bits: UINT_BITS }
}

fn edwards_d(chip: &Chip) -> BigUint {
    let [numerator, denominator] = ED25519_D.map(BigUint::from);
    chip.div(&(&chip.modulus - numerator), &denominator).expect("a number below a prime has an inverse")
}

/// The sum of two points of ed25519, equal ones and the neutral one among them.
#[expect(clippy::many_single_char_names, reason = "the names of the formulas")]
pub(super) fn edwards_add(p: &Point, q: &Point) -> Result<Point, Refusal> {
    let chip = edwards_chip();
    let (one, d) = (BigUint::from(1u32), edwards_d(&chip));
    for [x, y] in [p, q] {
        let (xx, yy) = (x * x % &chip.modulus, y * y % &chip.modulus);
        // -x² + y² = 1 + d x² y²
        let on_curve = chip.add(&yy, &(&chip.modulus - &xx)) == chip.add(&one, &(&d * &xx * &yy));
        if *x >= chip.modulus || *y >= chip.modulus || !on_curve {
            return Err(OFF_CURVE);
        }
    }
    let ([x1, y1], [x2, y2]) = (p, q);
    let product = &d * (x1 * x2 % &chip.modulus) * (y1 * y2 % &chip.modulus) % &chip.modulus;
    let x = chip.div(&(x1 * y2 + y1 * x2), &(&one + &product)).expect("d is no square, so that 1 + d is not 0");
    let y = chip.div(&(y1 * y2 + x1 * x2), &(&one + &chip.modulus - &product));
    Ok([x, y.expect("d is no square, so that 1 - d is not 0")])
}

/// The x of the point of ed25519 with this y, odd if so asked.
pub(super) fn edwards_decompress(y: &BigUint, odd: bool) -> Result<BigUint, Refusal> {
    let chip = edwards_chip();
    if *y >= chip.modulus {
        return Err(NO_ROOT);
    }
    let one = BigUint::from(1u32);
    let yy = y * y % &chip.modulus;
    let numerator = chip.sub(&yy, &one)?;
    let square = chip.div(&numerator, &(edwards_d(&chip) * &yy + &one)).expect("-1/d is no square");
    // p is 5 modulo 8: of a square, this is a root, or one of its negative, which the root of -1 makes one.
    let mut root = square.modpow(&((&chip.modulus + 3u32) >> 3u32), &chip.modulus);
    if &root * &root % &chip.modulus != square {
        let root_of_minus_one = BigUint::from(2u32).modpow(&((&chip.modulus - 1u32) >> 2u32), &chip.modulus);
        root = root * root_of_minus_one % &chip.modulus;
    }
    if &root * &root % &chip.modulus != square {
        return Err(NO_ROOT);
    }
    // The negative of 0 is 0.
    if root.bit(0) != odd && root != BigUint::ZERO {
        root = &chip.modulus - root;
    }
    Ok(root)
}
