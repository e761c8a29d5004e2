//! The assembler takes back what the disassembler prints.

use assay_isa::{
    AssembleOptions, Extensions, Format, Instruction, Isa, TABLE, Xlen, assemble, decode, disassemble,
    disassemble_aliased, disassemble_word,
};
use proptest::prelude::*;

const ISA: Isa = Isa { xlen: Xlen::Rv64, ext: Extensions::ALL };

fn word_of(source: &str) -> u32 {
    match assemble(source, &AssembleOptions::new(ISA, 0)) {
        Ok(assembly) => u32::from_le_bytes(assembly.bytes.try_into().expect("one instruction")),
        Err(errors) => panic!("{source}:\n{errors}"),
    }
}

/// Valid words, each row of the table as likely as the others.
fn words() -> impl Strategy<Value = u32> {
    (0..TABLE.len(), any::<u32>()).prop_map(|(row, random)| random & !TABLE[row].mask | TABLE[row].value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30_000))]

    #[test]
    fn assembling_the_disassembly_gives_the_word_back(word in words(), pc in any::<u64>()) {
        let inst = decode(word, ISA).unwrap();
        prop_assert_eq!(word_of(&disassemble(&inst, None)), word);
        prop_assert_eq!(word_of(&disassemble_aliased(&inst, None)), word);
        prop_assert_eq!(word_of(&disassemble(&inst, Some(pc))), word);
    }

    #[test]
    fn words_that_do_not_decode_come_back_as_data(word in any::<u32>()) {
        prop_assert_eq!(word_of(&disassemble_word(word, ISA)), word);
    }

    #[test]
    fn operands_are_those_that_the_text_shows(word in words()) {
        let inst = decode(word, ISA).unwrap();
        let text = disassemble(&inst, None);
        let shown: Vec<i64> = text
            .split([' ', ',', '(', ')'])
            .skip(1)
            .filter(|part| !part.is_empty())
            .map(|part| assay_isa::registers::parse(part).map_or_else(|| part.parse().unwrap_or(i64::MIN), i64::from))
            .collect();
        if !matches!(inst.opcode.entry().format, Format::Fence | Format::FenceI) {
            prop_assert_eq!(&*inst.operands(), shown.as_slice(), "{}", text);
        }
    }
}

#[test]
fn every_instruction_without_operands_set_round_trips() {
    for entry in TABLE {
        let inst = Instruction::new(entry.opcode);
        assert_eq!(word_of(&disassemble(&inst, None)), entry.value, "{}", entry.mnemonic);
    }
}
