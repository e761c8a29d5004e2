//! SP1's precompiles for curves, fields and integers, through guests that call them, against crates that share no code with
//! the machine's arithmetic.

use ark_ec::{AffineRepr as _, CurveGroup as _, short_weierstrass::SWCurveConfig};
use ark_ff::{BigInteger as _, PrimeField};
use assay_machine::Run;
use assay_spec::TrapKind;
use k256::elliptic_curve::{
    bigint::{NonZero, U256, U512},
    point::AffineCoordinates as _,
};
use num_bigint::BigUint;
use proptest::prelude::*;

use crate::{
    sp1::{DATA, call, halts, sp1},
    trap,
};

const UINT256_MUL: u32 = 0x0001_011d;
const ED_ADD: u32 = 0x0001_0107;
const ED_DECOMPRESS: u32 = 0x0000_0108;

/// Where the second operand of a call begins.
const SECOND: usize = 128;

/// Data with two operands, and the source that calls with them and puts out `size` bytes of the first.
fn source(number: u32, first: &[u8], second: &[u8], size: usize) -> (String, Vec<u8>) {
    let mut data = first.to_vec();
    data.resize(SECOND, 0xee);
    data.extend(second);
    let (at, other) = (DATA.to_string(), (DATA + SECOND as u64).to_string());
    let other = if second.is_empty() { "0" } else { &other };
    (format!("{}{}", call(number, &at, other, "0"), call(2, "13", &at, &size.to_string())), data)
}

/// What a call makes of its first operand.
#[track_caller]
fn computed(number: u32, first: &[u8], second: &[u8]) -> Vec<u8> {
    // With a few bytes behind, which are to stay.
    let (source, data) = source(number, first, second, first.len() + 8);
    let mut output = halts(&source, &data, &[]).output;
    assert_eq!(output.split_off(first.len()), [0xee; 8]);
    output
}

#[track_caller]
fn refused(number: u32, first: &[u8], second: &[u8]) {
    let (source, data) = source(number, first, second, 0);
    let run: Run = sp1(&source, &data, &[]);
    let (kind, _, address, message) = trap(&run);
    assert_eq!((kind, address), (TrapKind::BadCallArgument, Some(DATA)), "{message}");
}

/// As it stands in memory.
fn words(number: &BigUint, bytes: usize) -> Vec<u8> {
    let mut words = number.to_bytes_le();
    words.resize(bytes, 0);
    words
}

/// A curve as another crate has it: how long a coordinate is, and its calls for addition and doubling.
struct Curve {
    bytes: usize,
    add: u32,
    double: u32,
    order: BigUint,
    /// A multiple of the generator, x then y.
    multiple: fn(u64) -> Vec<u8>,
}

macro_rules! of_rust_crypto {
    ($name:ident, $krate:ident) => {
        fn $name(scalar: u64) -> Vec<u8> {
            let point = ($krate::ProjectivePoint::GENERATOR * $krate::Scalar::from(scalar)).to_affine();
            let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<_>>();
            [reversed(&point.x()), reversed(&point.y())].concat()
        }
    };
}

of_rust_crypto!(secp256k1, k256);
of_rust_crypto!(secp256r1, p256);

fn of_ark<P: SWCurveConfig<BaseField: PrimeField>>(scalar: u64) -> Vec<u8> {
    let point = (P::GENERATOR * P::ScalarField::from(scalar)).into_affine();
    let (x, y) = point.xy().unwrap();
    [x, y].map(|element| element.into_bigint().to_bytes_le()).concat()
}

fn order_of<F: PrimeField>() -> BigUint {
    BigUint::from_bytes_le(&F::MODULUS.to_bytes_le())
}

fn curves() -> [Curve; 4] {
    let hex = |digits: &str| BigUint::parse_bytes(digits.as_bytes(), 16).unwrap();
    [
        Curve {
            bytes: 32,
            add: 0x0001_010a,
            double: 0x0000_010b,
            order: (BigUint::from(1u32) << 256u32) - (BigUint::from(1u32) << 32u32) - 977u32,
            multiple: secp256k1,
        },
        Curve {
            bytes: 32,
            add: 0x0001_012c,
            double: 0x0000_012d,
            order: hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
            multiple: secp256r1,
        },
        Curve {
            bytes: 32,
            add: 0x0001_010e,
            double: 0x0000_010f,
            order: order_of::<ark_bn254::Fq>(),
            multiple: of_ark::<ark_bn254::g1::Config>,
        },
        Curve {
            bytes: 48,
            add: 0x0001_011e,
            double: 0x0000_011f,
            order: order_of::<ark_bls12_381::Fq>(),
            multiple: of_ark::<ark_bls12_381::g1::Config>,
        },
    ]
}

/// Scalars whose points are different and not each other's negative.
fn scalars() -> impl Strategy<Value = (u64, u64)> {
    (1..1u64 << 62, 1..1u64 << 62).prop_filter("points with different x", |(a, b)| a != b)
}

/// The calls of a field of these bytes, and the same by arkworks.
struct FieldCalls {
    bytes: usize,
    first: u32,
    order: BigUint,
    reference: fn(u32, &BigUint, &BigUint) -> BigUint,
    extension: fn(u32, [&BigUint; 2], [&BigUint; 2]) -> [BigUint; 2],
}

fn in_field<F: PrimeField>(operation: u32, a: &BigUint, b: &BigUint) -> BigUint {
    let [a, b] = [a, b].map(|number| F::from_le_bytes_mod_order(&number.to_bytes_le()));
    let result = [a + b, a - b, a * b][operation as usize];
    BigUint::from_bytes_le(&result.into_bigint().to_bytes_le())
}

macro_rules! in_extension {
    ($name:ident, $krate:ident) => {
        fn $name(operation: u32, a: [&BigUint; 2], b: [&BigUint; 2]) -> [BigUint; 2] {
            let [a, b] = [a, b].map(|[c0, c1]| {
                let [c0, c1] = [c0, c1].map(|c| $krate::Fq::from_le_bytes_mod_order(&c.to_bytes_le()));
                $krate::Fq2::new(c0, c1)
            });
            let result = [a + b, a - b, a * b][operation as usize];
            [result.c0, result.c1].map(|c| BigUint::from_bytes_le(&c.into_bigint().to_bytes_le()))
        }
    };
}

in_extension!(in_bls12_381, ark_bls12_381);
in_extension!(in_bn254, ark_bn254);

fn fields() -> [FieldCalls; 2] {
    use ark_bls12_381 as bls;
    [
        FieldCalls {
            bytes: 48,
            first: 0x0001_0120,
            order: order_of::<bls::Fq>(),
            reference: in_field::<bls::Fq>,
            extension: in_bls12_381,
        },
        FieldCalls {
            bytes: 32,
            first: 0x0001_0126,
            order: order_of::<ark_bn254::Fq>(),
            reference: in_field::<ark_bn254::Fq>,
            extension: in_bn254,
        },
    ]
}

/// Points of ed25519, x and y.
fn ed25519(y: &BigUint, sign: u32) -> Vec<u8> {
    let mut place = vec![0; 32];
    place.extend(words(y, 32));
    let source = format!(
        "{}{}",
        call(ED_DECOMPRESS, &DATA.to_string(), &sign.to_string(), "0"),
        call(2, "13", &DATA.to_string(), "64")
    );
    halts(&source, &place, &[]).output
}

fn ed25519_order() -> BigUint {
    (BigUint::from(1u32) << 255u32) - 19u32
}

/// The base point (RFC 8032, 5.1): its y is 4/5, and its x even.
fn ed25519_base() -> Vec<u8> {
    let p = ed25519_order();
    let y = BigUint::from(4u32) * BigUint::from(5u32).modinv(&p).unwrap() % &p;
    ed25519(&y, 0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn points_are_added_and_doubled((a, b) in scalars()) {
        for curve in curves() {
            let (p, q) = ((curve.multiple)(a), (curve.multiple)(b));
            prop_assert_eq!(computed(curve.add, &p, &q), (curve.multiple)(a + b), "{:#x}", curve.add);
            prop_assert_eq!(computed(curve.double, &p, &[]), (curve.multiple)(2 * a), "{:#x}", curve.double);
        }
    }

    #[test]
    fn elements_of_fields_are_computed_with(numbers in any::<[[u64; 6]; 4]>()) {
        for field in fields() {
            let [a0, a1, b0, b1] = numbers.map(|words| {
                BigUint::from_bytes_le(&words.map(u64::to_le_bytes).concat()) % &field.order
            });
            let bytes = |numbers: &[&BigUint]| numbers.iter().flat_map(|n| words(n, field.bytes)).collect::<Vec<_>>();
            for operation in 0..3 {
                let found = computed(field.first + operation, &bytes(&[&a0]), &bytes(&[&b0]));
                prop_assert_eq!(found, bytes(&[&(field.reference)(operation, &a0, &b0)]));
                let found = computed(field.first + 3 + operation, &bytes(&[&a0, &a1]), &bytes(&[&b0, &b1]));
                let [c0, c1] = (field.extension)(operation, [&a0, &a1], [&b0, &b1]);
                prop_assert_eq!(found, bytes(&[&c0, &c1]));
            }
        }
    }

    #[test]
    fn products_are_reduced(x in any::<[u8; 32]>(), y in any::<[u8; 32]>(), modulus in any::<[u8; 32]>()) {
        let wide = |bytes: &[u8; 32]| U512::from(&U256::from_le_slice(bytes));
        let product: U512 = wide(&x).wrapping_mul(&wide(&y));
        let found = computed(UINT256_MUL, &x, &[y, [0; 32]].concat());
        prop_assert_eq!(&found[..], &product.to_le_bytes()[..32]);
        if let Some(divisor) = Option::<NonZero<U512>>::from(NonZero::new(wide(&modulus))) {
            let (quotient, rest) = product.div_rem(&divisor);
            if quotient.to_le_bytes()[32..].iter().all(|&byte| byte == 0) {
                let found = computed(UINT256_MUL, &x, &[y, modulus].concat());
                prop_assert_eq!(&found[..], &rest.to_le_bytes()[..32]);
            } else {
                refused(UINT256_MUL, &x, &[y, modulus].concat());
            }
        }
    }

    #[test]
    fn sums_and_products_carry(numbers in any::<[[u8; 32]; 3]>(), extreme in any::<[bool; 3]>()) {
        let mut numbers = numbers;
        for (number, extreme) in numbers.iter_mut().zip(extreme) {
            if extreme {
                *number = [0xff; 32];
            }
        }
        let [a, b, c] = numbers.map(|bytes| U512::from(&U256::from_le_slice(&bytes)));
        let results = [a.wrapping_add(&b).wrapping_add(&c), a.wrapping_mul(&b).wrapping_add(&c)];
        for (number, result) in [0x0001_0130, 0x0001_0131].into_iter().zip(results) {
            // The high half goes where c was.
            let [a0, a1, a2, low] = [0, 32, 64, 96].map(|offset| (DATA + offset).to_string());
            let source = format!(
                "li a3, {low}\nli a4, {a2}\n{}{}", call(number, &a0, &a1, &a2), call(2, "13", &a2, "64")
            );
            let mut data = numbers.concat();
            data.resize(128, 0);
            let output = halts(&source, &data, &[]).output;
            prop_assert_eq!(&output[32..], &result.to_le_bytes()[..32]);
            prop_assert_eq!(&output[..32], &result.to_le_bytes()[32..]);
        }
    }

    /// Addition is associative only where it is right.
    #[test]
    fn points_of_ed25519_are_a_group(a in 1..200u32, b in 1..200u32) {
        let base = ed25519_base();
        let multiple = |count: u32| {
            (1..count).fold(base.clone(), |sum, _| computed(ED_ADD, &sum, &base))
        };
        let (p, q) = (multiple(a), multiple(b));
        prop_assert_eq!(computed(ED_ADD, &p, &q), multiple(a + b));
        // Its x is found again from its y.
        let odd = u32::from(p[0] & 1);
        prop_assert_eq!(ed25519(&BigUint::from_bytes_le(&p[32..]), odd), p.clone());
        let negative = ed25519(&BigUint::from_bytes_le(&p[32..]), 1 - odd);
        let mut neutral = vec![0; 64];
        neutral[32] = 1;
        prop_assert_eq!(computed(ED_ADD, &p, &negative), neutral.clone());
        prop_assert_eq!(computed(ED_ADD, &p, &neutral), p);
    }
}

/// RFC 8032: the base point's x, and its order.
#[test]
fn the_base_of_ed25519_is_that_of_its_standard() {
    let base = ed25519_base();
    let x = "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a";
    assert_eq!(&base[..32], words(&BigUint::parse_bytes(x.as_bytes(), 16).unwrap(), 32));
    let order = (BigUint::from(1u32) << 252u32) + 27_742_317_777_372_353_535_851_937_790_883_648_493_u128;
    let mut sum = base.clone();
    for bit in (0..order.bits() - 1).rev() {
        sum = computed(ED_ADD, &sum, &sum);
        if order.bit(bit) {
            sum = computed(ED_ADD, &sum, &base);
        }
    }
    assert_eq!(BigUint::from_bytes_le(&sum[..32]), BigUint::ZERO);
    assert_eq!(BigUint::from_bytes_le(&sum[32..]), BigUint::from(1u32));
}

/// Where a chord or a tangent does not meet the curve again, the executor ends or the prover divides by zero.
#[test]
fn points_that_the_formulas_do_not_fit_are_refused() {
    for curve in curves() {
        let p = (curve.multiple)(5);
        let (x, y) = p.split_at(curve.bytes);
        let negative = [x, &words(&(&curve.order - BigUint::from_bytes_le(y)), curve.bytes)].concat();
        refused(curve.add, &p, &p);
        refused(curve.add, &p, &negative);
        refused(curve.double, &[x, &vec![0; curve.bytes]].concat(), &[]);
        // The same x plus the field's order, where there is room for it.
        let more = BigUint::from_bytes_le(x) + &curve.order;
        if more.bits() <= 8 * curve.bytes as u64 {
            let large = [&words(&more, curve.bytes), y].concat();
            refused(curve.add, &large, &(curve.multiple)(7));
            refused(curve.add, &(curve.multiple)(7), &large);
            refused(curve.double, &large, &[]);
        }
        // Doubling has one operand.
        let (with_two, data) = source(curve.double, &p, &p, 0);
        assert_eq!(trap(&sp1(&with_two, &data, &[])).0, TrapKind::BadCallArgument);
    }
}

/// Only secp256k1's precompiles ask for points; the formulas of the others know no b.
#[test]
fn points_off_the_curve_are_added_except_on_secp256k1() {
    for curve in curves() {
        let mut p = (curve.multiple)(5);
        p[0] ^= 1;
        let q = (curve.multiple)(7);
        if curve.add == 0x0001_010a {
            refused(curve.add, &p, &q);
            refused(curve.add, &q, &p);
            refused(curve.double, &p, &[]);
        } else {
            assert_eq!(computed(curve.add, &p, &q).len(), p.len());
            assert_ne!(computed(curve.double, &p, &[]), p);
        }
    }
}

#[test]
fn numbers_that_a_chip_cannot_reduce_are_refused() {
    for field in fields() {
        let [zero, one, most] =
            [vec![0; field.bytes], words(&BigUint::from(1u32), field.bytes), vec![0xff; field.bytes]];
        let [add, sub, mul] = [0, 1, 2].map(|operation| field.first + operation);
        let order = words(&field.order, field.bytes);
        let reduced = BigUint::from_bytes_le(&most) % &field.order;
        assert_eq!(computed(add, &most, &zero), words(&reduced, field.bytes));
        assert_eq!(computed(mul, &most, &one), words(&reduced, field.bytes));
        assert_eq!(computed(sub, &zero, &order), zero);
        refused(sub, &order, &zero);
        refused(sub, &zero, &words(&(&field.order + 1u32), field.bytes));
        refused(mul, &most, &most);
        for (number, a) in [(field.first + 4, [order, zero.clone()].concat()), (field.first + 5, [most, zero].concat())]
        {
            refused(number, &a, &a);
        }
    }
    refused(UINT256_MUL, &[0xff; 32], &[[0xff; 32], [0x7f; 32]].concat());
    assert_eq!(computed(UINT256_MUL, &[0xff; 32], &[0xff; 64]), [0; 32]);
}

#[test]
fn what_is_no_point_of_ed25519_is_refused() {
    let base = ed25519_base();
    let mut off = base.clone();
    off[0] ^= 2;
    refused(ED_ADD, &off, &base);
    refused(ED_ADD, &base, &off);
    let decompress = |y: &BigUint, sign: &str| {
        let mut data = vec![0; 32];
        data.extend(words(y, 32));
        let run = sp1(&call(ED_DECOMPRESS, &DATA.to_string(), sign, "0"), &data, &[]);
        trap(&run).0
    };
    // 2 is no y of a point.
    assert_eq!(decompress(&BigUint::from(2u32), "0"), TrapKind::BadCallArgument);
    assert_eq!(decompress(&(ed25519_order() + 1u32), "0"), TrapKind::BadCallArgument);
    assert_eq!(decompress(&BigUint::from(1u32), "2"), TrapKind::BadCallArgument);
    assert_eq!(ed25519(&BigUint::from(1u32), 1)[..32], [0; 32]);
}

#[test]
fn operands_are_aligned_and_in_memory() {
    for number in (0x0001_0107..=0x0001_0131).filter(|number| ![0x0001_0109, 0x0001_012f].contains(number)) {
        if !assay_machine::sp1::SYSTEM_CALLS.iter().any(|call| call.number == number) {
            continue;
        }
        for bad in ["0x100004", "0x8000", "0xffffffffe8", "-8"] {
            let fine = "li a2, 0x100000\nli a3, 0x100000\nli a4, 0x100000\n";
            for (a0, a1) in [(bad, "0x100000"), ("0x100000", bad)] {
                let run = sp1(&format!("{fine}{}", call(number, a0, a1, "0x100000")), &[], &[]);
                assert_eq!(trap(&run).0, TrapKind::BadCallArgument, "{number:#x} {a0} {a1}");
            }
        }
    }
    for (c, low, high) in [(4, 0, 0), (0, 4, 0), (0, 0, 4), (0, 0, 0x100_0000_0000)] {
        let at = |offset: u64| (DATA + offset).to_string();
        let registers = format!("li a3, {}\nli a4, {}\n", at(low), at(high));
        let run = sp1(&format!("{registers}{}", call(0x0001_0131, &at(0), &at(0), &at(c))), &[], &[]);
        assert_eq!(trap(&run).0, TrapKind::BadCallArgument);
    }
}

/// Executors that had them once end on them.
#[test]
fn calls_that_sp1_no_longer_has_end_the_guest() {
    for number in [0x0000_010c, 0x0000_011c, 0x0000_012e, 0x0001_012f] {
        let run = sp1(&call(number, "0x100000", "0x100000", "0"), &[], &[]);
        let (kind, _, _, message) = trap(&run);
        assert_eq!(kind, TrapKind::BadCallArgument);
        assert!(message.contains("no longer"), "{message}");
    }
}
