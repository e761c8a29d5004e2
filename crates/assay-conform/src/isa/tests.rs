//! Every fact and program, recomputed apart from any machine.

use std::collections::BTreeSet;

use assay_isa::{AssembleOptions, Class, Extension, Isa, assemble, decode};

use super::{facts::Fact, *};

const WIDTHS: [(Xlen, Isa); 2] = [(Xlen::Rv32, Isa::RV32IM), (Xlen::Rv64, Isa::RV64IM)];

/// Sign-extends the low `bits` of `value`.
fn signed(value: i128, bits: u32) -> i128 {
    value << (128 - bits) >> (128 - bits)
}

fn unsigned(value: i128, bits: u32) -> i128 {
    value & ((1 << bits) - 1)
}

/// What an operation on two values gives by the specification, in integers without bounds.
fn operate(mnemonic: &str, a: i128, b: i128, bits: u32) -> i128 {
    let [sa, sb] = [a, b].map(|value| signed(value, bits));
    let [ua, ub] = [a, b].map(|value| unsigned(value, bits));
    let distance = ub % i128::from(bits);
    match mnemonic {
        "add" => sa + sb,
        "sub" => sa - sb,
        "and" => sa & sb,
        "or" => sa | sb,
        "xor" => sa ^ sb,
        "slt" => i128::from(sa < sb),
        "sltu" => i128::from(ua < ub),
        "sll" => unsigned(ua << distance, bits),
        "srl" => ua >> distance,
        "sra" => sa >> distance,
        "mul" => unsigned(sa, bits).wrapping_mul(unsigned(sb, bits)),
        "mulh" => (sa * sb) >> bits,
        "mulhsu" => (sa * ub) >> bits,
        // The product of two unsigned 64-bit values needs all 128 bits.
        "mulhu" => ((ua as u128 * ub as u128) >> bits) as i128,
        "div" => {
            if sb == 0 {
                -1
            } else {
                sa / sb
            }
        }
        "divu" => {
            if ub == 0 {
                -1
            } else {
                ua / ub
            }
        }
        "rem" => {
            if sb == 0 {
                sa
            } else {
                sa % sb
            }
        }
        "remu" => {
            if ub == 0 {
                ua
            } else {
                ua % ub
            }
        }
        other => panic!("{other} is not an operation on two values"),
    }
}

/// The result of the fact's instruction, or `None` where it is about memory or no value.
fn computed(fact: &Fact) -> Option<u64> {
    let bits = fact.xlen.bits();
    let mnemonic = fact.opcode.mnemonic();
    let value = match (mnemonic, fact.operands.as_slice()) {
        ("lui", &[immediate]) => signed(immediate << 12, 32),
        ("beq", &[a, b]) => i128::from(signed(a, bits) == signed(b, bits)),
        ("bne", &[a, b]) => i128::from(signed(a, bits) != signed(b, bits)),
        ("blt", &[a, b]) => operate("slt", a, b, bits),
        ("bge", &[a, b]) => 1 - operate("slt", a, b, bits),
        ("bltu", &[a, b]) => operate("sltu", a, b, bits),
        ("bgeu", &[a, b]) => 1 - operate("sltu", a, b, bits),
        (_, &[a, b]) if fact.opcode.entry().class != Class::Store => {
            let (of_word, full) = match mnemonic.strip_suffix('w') {
                Some(full) => (true, full),
                None => (false, mnemonic),
            };
            let operation = match full.strip_suffix("iu") {
                Some(register) => format!("{register}u"),
                None => full.strip_suffix('i').unwrap_or(full).to_owned(),
            };
            if of_word { signed(operate(&operation, a, b, 32), 32) } else { operate(&operation, a, b, bits) }
        }
        _ => return None,
    };
    Some(unsigned(value, bits) as u64)
}

#[test]
fn every_fact_about_values_follows_from_the_specification() {
    let facts = facts::all();
    let checked = facts.iter().filter(|fact| {
        computed(fact).is_some_and(|value| {
            assert_eq!(value, fact.result, "{fact:x?}");
            true
        })
    });
    assert!(checked.count() > 1_700, "most facts are about values");
}

#[test]
fn every_fact_about_memory_follows_from_the_bytes_of_the_memory() {
    let middle = MEMORY.len() as i128 / 2;
    let mut seen = 0;
    for fact in facts::all().iter().filter(|fact| computed(fact).is_none()) {
        seen += 1;
        let mnemonic = fact.opcode.mnemonic();
        let bytes = match mnemonic.trim_start_matches(['l', 's']).chars().next().unwrap() {
            'b' => 1,
            'h' => 2,
            'w' => 4,
            _ => 8,
        };
        let at = |offset: i128| usize::try_from(offset + middle).unwrap();
        let value = |memory: &[u8]| memory.iter().rev().fold(0, |value: i128, &byte| value << 8 | i128::from(byte));
        let expected = if mnemonic.starts_with('l') {
            let loaded = value(&MEMORY[at(fact.operands[0])..][..bytes]);
            if mnemonic.ends_with('u') { loaded } else { signed(loaded, bytes as u32 * 8) }
        } else {
            let mut memory = MEMORY;
            let place = at(fact.operands[1]);
            memory[place..place + bytes].copy_from_slice(&fact.operands[0].to_le_bytes()[..bytes]);
            let cell = fact.xlen.bits() as usize / 8;
            value(&memory[place / cell * cell..][..cell])
        };
        assert_eq!(unsigned(expected, fact.xlen.bits()) as u64, fact.result, "{fact:x?}");
    }
    assert!(seen > 200, "{seen} facts about memory");
}

fn words(test: &IsaTest, isa: Isa) -> Vec<u32> {
    let assembly = assemble(&test.source, &AssembleOptions::new(isa, 0x20_0000))
        .unwrap_or_else(|errors| panic!("{} does not assemble:\n{errors}", test.name));
    assembly.bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect()
}

#[test]
fn there_is_a_program_for_every_instruction_but_calls_to_the_platform() {
    for (xlen, isa) in WIDTHS {
        let tests = tests(xlen);
        let names: BTreeSet<_> = tests.iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names.len(), tests.len(), "names are distinct");
        for opcode in Opcode::ALL {
            let entry = opcode.entry();
            let tested = matches!(entry.extension, Extension::I | Extension::M)
                && entry.xlen.contains(xlen)
                && !["ecall", "ebreak"].contains(&entry.mnemonic);
            assert_eq!(names.contains(entry.mnemonic), tested, "{xlen} {}", entry.mnemonic);
        }
        for test in &tests {
            let executes = |word: &u32| decode(*word, isa).is_ok_and(|decoded| decoded.opcode.mnemonic() == test.name);
            let is_instruction = Opcode::ALL.iter().any(|opcode| opcode.mnemonic() == test.name);
            assert!(!is_instruction || words(test, isa).iter().any(executes), "{} has its instruction", test.name);
        }
    }
}

#[test]
fn the_whole_fits_into_one_sequence_and_counts_every_case() {
    for (xlen, isa) in WIDTHS {
        let whole = whole(xlen);
        let counted = tests(xlen).iter().filter(|test| test.name != FENCE).map(|test| test.cases).sum::<usize>();
        // Two cases of jumps to odd sums are not proved everywhere.
        assert_eq!(whole.cases, counted - 2);
        let length = words(&whole, isa).len();
        assert!(length < 1 << 16, "{length} instructions are too many for a harness");
    }
}
