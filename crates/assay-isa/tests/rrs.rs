//! Decode and disassembly against `rrs-lib` 0.1, an independent decoder of RV32IM.
//!
//! Where `rrs-lib` is known to differ, by its source:
//! - it does not look at funct3 of `jalr`, nor at funct7 of `slli`: it takes reserved words that we refuse;
//! - it has no SYSTEM instructions: it refuses `ecall` and `ebreak`;
//! - it prints every fence as `fence`;
//! - it prints registers as `x7`, and the upper immediates, branch and jump targets and the offset of `jalr` in hexadecimal, resolved against the pc.

use assay_isa::{DecodeError, Isa, Opcode, decode, disassemble, registers};
use rrs_lib::instruction_string_outputter::InstructionStringOutputter;
use rrs_lib::process_instruction;

const PC: u32 = 0x8000_0100;

/// Our text in the spelling of `rrs-lib`.
fn in_their_spelling(word: u32, opcode: Opcode, text: &str) -> String {
    let (mnemonic, operands) = text.split_once(' ').unwrap_or((text, ""));
    let number = |text: &str| text.parse::<i64>().unwrap_or_else(|_| panic!("{word:08x}: {text}")) as u32;
    let operands: Vec<String> = operands
        .split(", ")
        .enumerate()
        .map(|(index, operand)| match (opcode, index) {
            (Opcode::Lui, 1) => format!("0x{:08x}", number(operand) << 12),
            (Opcode::Auipc, 1) => format!("0x{:08x}", (number(operand) << 12).wrapping_add(PC)),
            (Opcode::Jal, 1)
            | (Opcode::Beq | Opcode::Bne | Opcode::Blt | Opcode::Bge | Opcode::Bltu | Opcode::Bgeu, 2) => {
                format!("0x{:08x}", number(operand).wrapping_add(PC))
            }
            _ => match operand.strip_suffix(')').and_then(|operand| operand.split_once('(')) {
                Some((offset, base)) if opcode == Opcode::Jalr => {
                    format!("0x{:03x}({})", number(offset), numbered(base))
                }
                Some((offset, base)) => format!("{offset}({})", numbered(base)),
                None => numbered(operand),
            },
        })
        .collect();
    if opcode == Opcode::Fence { "fence".to_owned() } else { format!("{mnemonic} {}", operands.join(", ")) }
}

/// A register's `x` name; anything else as it is.
fn numbered(text: &str) -> String {
    registers::parse(text).map_or_else(|| text.to_owned(), |number| format!("x{number}"))
}

/// Compares one word; whether both sides took it.
fn compare(word: u32) -> bool {
    let theirs = process_instruction(&mut InstructionStringOutputter { insn_pc: PC }, word);
    let funct3 = word >> 12 & 7;
    match (decode(word, Isa::RV32IM), theirs) {
        (Ok(inst), Some(theirs)) => {
            let ours = disassemble(&inst, None);
            // A fence with reserved fields has no mnemonic of its own here.
            assert_eq!(in_their_spelling(word, inst.opcode, &ours), theirs, "{word:08x} {ours}");
            true
        }
        (Ok(inst), None) => {
            assert!(matches!(inst.opcode, Opcode::Ecall | Opcode::Ebreak), "{word:08x} {inst:?}");
            false
        }
        (Err(error), Some(theirs)) => {
            let loose_jalr = word & 0x7f == 0x67 && funct3 != 0;
            let loose_slli = word & 0x7f == 0x13 && funct3 == 1 && word >> 25 != 0;
            assert!(loose_jalr || loose_slli, "{word:08x} {theirs}: {error}");
            false
        }
        (Err(error), None) => {
            assert!(!matches!(
                error,
                DecodeError::NotInIsa {
                    needs: assay_isa::Needs::Extension(assay_isa::Extension::I | assay_isa::Extension::M),
                    ..
                }
            ));
            false
        }
    }
}

#[test]
fn decode_and_text_agree_on_every_combination_of_opcode_and_functs() {
    const FIELDS_PER_COMBINATION: u32 = 40;
    let mut state = 0x1234_5678u32;
    let mut agreed = 0u32;
    for major in (3..0x80).step_by(4) {
        for funct3 in 0..8 {
            for funct7 in 0..0x80 {
                for field in 0..FIELDS_PER_COMBINATION {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    // Registers and the rest: random, but all zeros and all ones once for each combination.
                    let rest = match field {
                        0 => 0,
                        1 => u32::MAX,
                        _ => state,
                    };
                    let word = rest & 0x01ff_8f80 | major | funct3 << 12 | funct7 << 25;
                    agreed += u32::from(compare(word));
                }
            }
        }
    }
    assert!(agreed > 200_000, "only {agreed} words were judged");
}
