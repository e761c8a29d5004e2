//! What `li` expands to, executed.

use assay_isa::{AssembleOptions, Instruction, Isa, Opcode, Xlen, assemble, decode, load_constant};
use proptest::prelude::*;

/// What the sequence leaves in `a0`, on registers of `xlen` bits.
fn execute(sequence: &[Instruction], xlen: Xlen) -> i64 {
    let narrow = |value: i64| if xlen == Xlen::Rv32 { i64::from(value as i32) } else { value };
    let mut a0: i64 = 0x5555_5555_5555_5555;
    for inst in sequence {
        assert_eq!(inst.rd, 10);
        let source: i64 = match inst.rs1 {
            0 => 0,
            10 => a0,
            other => panic!("reads x{other}"),
        };
        let imm = i64::from(inst.imm);
        a0 = narrow(match inst.opcode {
            Opcode::Lui => imm,
            Opcode::Addi => source.wrapping_add(imm),
            Opcode::Addiw if xlen == Xlen::Rv64 => i64::from((source as i32).wrapping_add(inst.imm)),
            Opcode::Slli if xlen == Xlen::Rv64 => source << imm,
            Opcode::Srli if xlen == Xlen::Rv64 => (source as u64 >> imm) as i64,
            other => panic!("{other:?} in a constant of {xlen}"),
        });
    }
    a0
}

fn li(value: i128, isa: Isa) -> Vec<Instruction> {
    let assembly = assemble(&format!("li a0, {value}"), &AssembleOptions::new(isa, 0)).expect("li takes the value");
    let words = assembly.words().expect("instructions are words");
    words.into_iter().map(|word| decode(word, isa).expect("li makes valid instructions")).collect()
}

/// Values with few runs of ones and zeros, which are where shifts meet.
fn interesting() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        any::<i32>().prop_map(i64::from),
        (any::<i64>(), 0..64u32, 0..64u32).prop_map(|(value, down, up)| (value >> down) << up),
        (0..64u32, 0..64u32, -2i64..3).prop_map(|(a, b, near)| ((1i64 << a) ^ (1i64 << b)).wrapping_add(near)),
        (0..64u32, -4097i64..4098).prop_map(|(a, near)| (i64::MIN >> a).wrapping_add(near)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn li_leaves_the_constant_on_rv64_in_at_most_eight_instructions(value in interesting()) {
        let sequence = li(value.into(), Isa::RV64IM);
        prop_assert_eq!(execute(&sequence, Xlen::Rv64), value);
        prop_assert!(sequence.len() <= 8);
        prop_assert_eq!(&li((value as u64).into(), Isa::RV64IM), &sequence);
        prop_assert_eq!(&load_constant(10, value, Xlen::Rv64), &sequence);
    }

    #[test]
    fn li_leaves_the_constant_on_rv32_in_at_most_two_instructions(value in interesting()) {
        let value = value as i32;
        let sequence = li(value.into(), Isa::RV32IM);
        prop_assert_eq!(execute(&sequence, Xlen::Rv32), i64::from(value));
        prop_assert!(sequence.len() <= 2);
        prop_assert_eq!(&li((value as u32).into(), Isa::RV32IM), &sequence);
    }
}

#[test]
fn a_constant_of_twelve_bits_is_one_instruction() {
    for value in -2048..2048 {
        assert_eq!(li(value, Isa::RV32IM).len(), 1, "{value}");
        assert_eq!(li(value, Isa::RV64IM).len(), 1, "{value}");
    }
}
