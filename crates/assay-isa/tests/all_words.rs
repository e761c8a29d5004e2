//! Every one of the 2^32 words, for both register widths and all extensions.

use assay_isa::{DecodeError, Extensions, Format, ImmediateField, Isa, TABLE, Xlen, decode, encode};

const ISAS: [Isa; 2] = [Isa { xlen: Xlen::Rv32, ext: Extensions::ALL }, Isa { xlen: Xlen::Rv64, ext: Extensions::ALL }];

/// How many words a row of the table stands for: two to the number of its free bits.
fn words_of_rows(isa: Isa) -> u64 {
    TABLE
        .iter()
        .filter(|entry| entry.xlen.contains(isa.xlen))
        .map(|entry| {
            let narrow_shift = entry.format == Format::Shift && isa.xlen == Xlen::Rv32;
            1u64 << (entry.mask.count_zeros() - u32::from(narrow_shift))
        })
        .sum()
}

/// Decodes `words`; the number of valid ones.
fn check(words: std::ops::Range<u64>, isa: Isa) -> u64 {
    let mut valid = 0;
    for word in words {
        let word = word as u32;
        match decode(word, isa) {
            Ok(inst) => {
                let entry = inst.opcode.entry();
                assert_eq!(word & entry.mask, entry.value, "{word:08x} is not {}", entry.mnemonic);
                assert_eq!(encode(&inst), Ok(word), "{word:08x} {inst:?}");
                valid += 1;
            }
            Err(DecodeError::Compressed { half }) => assert!(word & 3 != 3 && half == word as u16, "{word:08x}"),
            Err(_) => assert!(word & 3 == 3, "{word:08x}"),
        }
    }
    valid
}

#[test]
fn no_two_rows_match_the_same_word() {
    for (index, a) in TABLE.iter().enumerate() {
        for b in &TABLE[index + 1..] {
            let common = a.mask & b.mask;
            assert_ne!(a.value & common, b.value & common, "{} and {}", a.mnemonic, b.mnemonic);
        }
    }
}

/// With the rows disjoint, as many valid words as the rows have means that each word that matches a row decodes.
#[test]
fn encode_after_decode_is_the_identity_on_every_valid_word_and_every_word_of_a_row_is_valid() {
    for isa in ISAS {
        let valid: u64 = std::thread::scope(|scope| {
            let halves = [0..1 << 31, 1 << 31..1 << 32];
            let threads = halves.map(|half| scope.spawn(move || check(half, isa)));
            threads.map(|thread| thread.join().expect("the check does not panic")).iter().sum()
        });
        assert_eq!(valid, words_of_rows(isa), "{isa}");
    }
}

/// Each row with every value of one field at a time, so that `decode` after `encode` is checked from the other side.
#[test]
fn decode_after_encode_is_the_identity_on_instructions() {
    let isa = ISAS[1];
    for entry in TABLE {
        let fields = entry.format.fields();
        let (least, greatest, multiple) = fields.imm.range();
        let count = i64::from(greatest) - i64::from(least);
        let steps = if fields.imm == ImmediateField::None { 0 } else { count / i64::from(multiple) };
        // At most a few thousand immediates per row; the two ends always.
        let stride = (steps / 4096).max(1);
        for step in (0..=steps).step_by(stride as usize).chain([steps]) {
            let imm = (i64::from(least) + step * i64::from(multiple)) as i32;
            for register in [0, 1, 15, 16, 31] {
                let pick = |present: bool, value: u8| if present { value } else { 0 };
                let inst = assay_isa::Instruction {
                    opcode: entry.opcode,
                    rd: pick(fields.rd, register),
                    rs1: pick(fields.rs1, 31 - register),
                    rs2: pick(fields.rs2, register ^ 5),
                    imm,
                };
                let word = encode(&inst).unwrap_or_else(|error| panic!("{inst:?}: {error}"));
                assert_eq!(decode(word, isa), Ok(inst), "{word:08x}");
            }
        }
    }
}

/// A smaller ISA has exactly the words of the whole one whose instructions it has.
#[test]
fn a_smaller_isa_has_the_words_that_its_extensions_bring() {
    for isa in [Isa::RV32IM, Isa::RV64IM, Isa::RV32IMA, Isa::RV64IMA, Isa::RV32IM_OPENVM] {
        let whole = Isa { ext: Extensions::ALL, ..isa };
        for step in 0..1u32 << 22 {
            // An odd multiplier walks over all words; the low bits are those of a 32-bit instruction.
            let word = step.wrapping_mul(0x9e37_79b1) | 3;
            let entry = decode(word, whole).map(|inst| inst.opcode.entry());
            match decode(word, isa) {
                Ok(inst) => {
                    assert_eq!(entry, Ok(inst.opcode.entry()));
                    assert!(isa.ext.contains(inst.opcode.entry().extension), "{word:08x} {isa}");
                }
                Err(DecodeError::NotInIsa { mnemonic, .. }) => {
                    if let Ok(entry) = entry {
                        assert!(!isa.ext.contains(entry.extension), "{word:08x} {isa}");
                        assert_eq!(entry.mnemonic, mnemonic);
                    }
                }
                Err(error) => assert_eq!(entry, Err(error)),
            }
        }
    }
}
