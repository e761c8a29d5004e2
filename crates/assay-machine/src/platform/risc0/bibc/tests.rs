//! Programs made here: right ones against another implementation of integers, and hostile ones.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;

/// A program of types (lengths in bytes), constants and operations (code, type, a, b).
fn program(types: &[u64], constants: &[u64], operations: &[(u8, u16, u32, u32)]) -> Vec<u8> {
    let mut bytes = b"bibc".to_vec();
    for word in [1, 0, types.len() as u32, constants.len() as u32, operations.len() as u32] {
        bytes.extend(word.to_le_bytes());
    }
    for length in types {
        bytes.extend([*length, 0, 0, 0].map(u64::to_le_bytes).as_flattened());
    }
    bytes.extend(constants.iter().flat_map(|constant| constant.to_le_bytes()));
    for &(code, kind, a, b) in operations {
        let bits = u64::from(code) | u64::from(kind) << 4 | u64::from(a) << 16 | u64::from(b) << 40;
        bytes.extend(bits.to_le_bytes());
    }
    bytes
}

/// Numbers by arena and offset; the length of what was stored.
#[derive(Default)]
struct Numbers(BTreeMap<(u8, u16), (Natural, u64)>);

impl Arenas for Numbers {
    fn load(&mut self, arena: u8, offset: u16, bytes: u64) -> Result<Natural, Failure> {
        let (value, _) = self.0.get(&(arena, offset)).ok_or_else(|| Failure::refused("nothing is there"))?;
        assert!(value.limbs().len() as u64 * 4 <= bytes);
        Ok(value.clone())
    }

    fn store(&mut self, arena: u8, offset: u16, bytes: u64, value: &Natural) -> Result<(), Failure> {
        self.0.insert((arena, offset), (value.clone(), bytes));
        Ok(())
    }
}

fn run(bytes: &[u8], numbers: &mut Numbers) -> Result<(), Failure> {
    Program::read(bytes)?.evaluate(numbers)
}

fn number(value: u64) -> Natural {
    Natural::new(vec![value as u32, (value >> 32) as u32])
}

#[test]
fn a_product_modulo_a_number_is_stored_where_a_register_points() {
    // load a1, load a2, load a3, multiply, remainder, store a4+1
    let operations = [
        (3, 0, 11 << 16, 0),
        (3, 0, 12 << 16 | 7, 0),
        (3, 0, 13 << 16, 0),
        (0xa, 0, 0, 1),
        (0xb, 0, 3, 2),
        (4, 0, 14 << 16 | 1, 4),
    ];
    let mut numbers = Numbers::default();
    for (place, value) in [((11, 0), 1 << 40), ((12, 7), (1 << 41) + 3), ((13, 0), 1_000_000_007)] {
        numbers.0.insert(place, (number(value), 16));
    }
    run(&program(&[30], &[], &operations), &mut numbers).unwrap();
    let expected = (1u128 << 40) * ((1 << 41) + 3) % 1_000_000_007;
    assert_eq!(numbers.0[&(14, 1)], (number(expected as u64), 32));
}

#[test]
fn signs_are_kept_until_a_number_is_stored() {
    // 3 - 10 = -7; -7 / 2 = -3, -7 % 2 = -1; the inverse of 7 modulo 10 is 3.
    let operations = [
        (2, 0, 0, 1),
        (2, 0, 1, 1),
        (9, 0, 0, 1),
        (2, 0, 2, 1),
        (0xc, 0, 2, 3),
        (0xb, 0, 2, 3),
        (0xe, 0, 2, 1),
        (8, 0, 4, 1),
        (4, 0, 0, 4),
        (4, 0, 1, 5),
        (4, 0, 2, 6),
        (4, 0, 3, 7),
        // What is not computed yet is 0.
        (4, 0, 4, 12),
    ];
    let mut numbers = Numbers::default();
    run(&program(&[1], &[3, 10, 2], &operations), &mut numbers).unwrap();
    let stored: Vec<_> = (0..5).map(|offset| numbers.0[&(0, offset)].clone()).collect();
    assert_eq!(stored, [3, 1, 3, 7, 0].map(|value| (number(value), 16)));
}

#[test]
fn constants_are_words_of_64_bits() {
    let mut numbers = Numbers::default();
    let operations = [(2, 0, 1, 2), (4, 0, 0, 0), (2, 0, 3, 0), (4, 0, 1, 2)];
    run(&program(&[16], &[9, 1 << 32 | 5, 7], &operations), &mut numbers).unwrap();
    assert_eq!(numbers.0[&(0, 0)].0.limbs(), [5, 1, 7]);
    assert!(numbers.0[&(0, 1)].0.is_zero());
}

#[test]
fn hostile_programs_fail_by_what_the_executor_does_with_them() {
    let whole = program(&[16], &[2], &[(2, 0, 0, 1)]);
    let with = |at: usize, word: u32| {
        let mut bytes = whole.clone();
        bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        bytes
    };
    let of = |operations: &[(u8, u16, u32, u32)]| program(&[16, NUMBER_BYTES_MAX + 1], &[0, 1, 4, 6], operations);
    let refused = [
        Vec::new(),
        whole[..whole.len() - 1].to_vec(),
        with(8, u32::MAX),
        with(12, u32::MAX),
        with(16, u32::MAX),
        with(20, u32::MAX),
        of(&[(0, 0, 0, 0)]),
        of(&[(0xf, 0, 0, 0)]),
        of(&[(3, 0, 5, 0)]),
        // The inverse of 4 modulo 6.
        of(&[(2, 0, 2, 1), (2, 0, 3, 1), (0xe, 0, 0, 1)]),
    ];
    for bytes in &refused {
        let result = run(bytes, &mut Numbers::default());
        assert!(matches!(result, Err(Failure::Refused(_))), "{bytes:?}: {result:?}");
    }
    let beyond = [
        with(0, 0),
        with(4, 2),
        of(&[(3, 2, 0, 0)]),
        of(&[(4, 1, 0, 0)]),
        of(&[(4, 0, 0, 1)]),
        of(&[(2, 0, 3, 2)]),
        of(&[(2, 0, 0xff_ffff, 0xff_ffff)]),
        of(&[(8, 0, 0, 0)]),
        // 1 / 0, 1 % 0, the inverse of 0 and modulo 0.
        of(&[(2, 0, 1, 1), (2, 0, 0, 1), (0xc, 0, 0, 1)]),
        of(&[(2, 0, 1, 1), (2, 0, 0, 1), (0xb, 0, 0, 1)]),
        of(&[(2, 0, 1, 1), (2, 0, 0, 1), (0xe, 0, 0, 1)]),
        of(&[(2, 0, 0, 1), (2, 0, 3, 1), (0xe, 0, 0, 1)]),
    ];
    for bytes in &beyond {
        let result = run(bytes, &mut Numbers::default());
        assert!(matches!(result, Err(Failure::Beyond(_))), "{bytes:?}: {result:?}");
    }
}

#[test]
fn programs_that_grow_end_at_a_limit() {
    // Squares of squares, and sums that double.
    for code in [0xa, 8] {
        let operations: Vec<_> = (0..400_000u32).map(|index| (code, 0, index, index)).collect();
        let mut operations: Vec<_> = operations.into_iter().take(300_000).collect();
        operations.insert(0, (2, 0, 0, 1));
        let result = run(&program(&[], &[u64::MAX], &operations), &mut Numbers::default());
        assert!(matches!(result, Err(Failure::Beyond(_))), "{result:?}");
    }
    // Inverses of long numbers, again and again.
    let words = (NUMBER_BYTES_MAX / 8) as u32;
    let mut operations = vec![(2, 0, 0, words), (2, 0, 1, words)];
    operations.extend([(0xe, 0, 0, 1); 1000]);
    let constants: Vec<u64> =
        (0..=u64::from(words)).map(|index| index.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1).collect();
    let result = run(&program(&[], &constants, &operations), &mut Numbers::default());
    assert!(matches!(result, Err(Failure::Beyond(_))), "{result:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn programs_give_what_another_implementation_gives(
        constants in prop::collection::vec(prop_oneof![any::<u64>(), 0u64..4], 4..10),
        operations in prop::collection::vec((0usize..6, any::<u32>(), any::<u32>()), 1..20),
    ) {
        const CODES: [u8; 6] = [8, 9, 0xa, 0xb, 0xc, 0xe];
        let mut all: Vec<(u8, u16, u32, u32)> = Vec::new();
        let mut expected: Vec<BigInt> = Vec::new();
        for first in 0..constants.len() - 2 {
            all.push((2, 0, first as u32, 3));
            let words = constants[first..first + 3].iter().rev();
            expected.push(words.fold(BigInt::ZERO, |sum, &word| (sum << 64) + word));
        }
        for (code, a, b) in operations {
            let (a, b) = (a as usize % all.len(), b as usize % all.len());
            let (left, right) = (&expected[a], &expected[b]);
            let result = match CODES[code] {
                8 => left + right,
                9 => left - right,
                0xa => left * right,
                _ if right == &BigInt::ZERO => continue,
                0xb => left % right,
                0xc => left / right,
                _ => {
                    let (left, right) = (left.magnitude(), right.magnitude());
                    let Some(inverse) = left.modinv(right) else { continue };
                    if left % right == num_bigint::BigUint::ZERO {
                        continue;
                    }
                    inverse.into()
                }
            };
            all.push((CODES[code], 0, a as u32, b as u32));
            expected.push(result);
            // Squares of squares are for the test of limits.
            if expected.last().is_some_and(|last| last.bits() > 50_000) {
                break;
            }
        }
        let results = all.len() as u32;
        all.extend((0..results).map(|index| (4, 0, index, index)));
        let mut numbers = Numbers::default();
        run(&program(&[NUMBER_BYTES_MAX], &constants, &all), &mut numbers).unwrap();
        for (index, expected) in expected.iter().enumerate() {
            prop_assert_eq!(numbers.0[&(0, index as u16)].0.limbs(), expected.magnitude().to_u32_digits());
        }
    }
}
