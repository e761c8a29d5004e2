//! Decoding beside `rrs-lib`, and assembling, in one run.

use assay_isa::{AssembleOptions, Isa, TABLE, assemble, decode};
use divan::Bencher;
use divan::counter::ItemsCount;
use rrs_lib::instruction_string_outputter::InstructionStringOutputter;
use rrs_lib::{InstructionProcessor, instruction_formats as formats, process_instruction};

fn main() {
    divan::main();
}

/// Valid RV32IM words, all rows alike.
fn words() -> Vec<u32> {
    let mut state = 1u32;
    let mut words = Vec::new();
    while words.len() < 1 << 16 {
        for entry in TABLE {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let word = state & !entry.mask | entry.value;
            if decode(word, Isa::RV32IM).is_ok() && word & 0x7f != 0x73 {
                words.push(word);
            }
        }
    }
    words
}

/// The least work that `rrs-lib` can be asked for: the fields, folded into one number as below.
struct Fold;

macro_rules! fold {
    ($($name:ident $format:ident $($field:ident)*;)*) => {
        impl InstructionProcessor for Fold {
            type InstructionResult = u32;
            $(fn $name(&mut self, inst: formats::$format) -> u32 { 0 $(^ inst.$field as u32)* })*
        }
    };
}

fold! {
    process_add RType rd rs1 rs2; process_sub RType rd rs1 rs2; process_sll RType rd rs1 rs2;
    process_slt RType rd rs1 rs2; process_sltu RType rd rs1 rs2; process_xor RType rd rs1 rs2;
    process_srl RType rd rs1 rs2; process_sra RType rd rs1 rs2; process_or RType rd rs1 rs2;
    process_and RType rd rs1 rs2; process_addi IType rd rs1 imm; process_slli ITypeShamt rd rs1 shamt;
    process_slti IType rd rs1 imm; process_sltui IType rd rs1 imm; process_xori IType rd rs1 imm;
    process_srli ITypeShamt rd rs1 shamt; process_srai ITypeShamt rd rs1 shamt; process_ori IType rd rs1 imm;
    process_andi IType rd rs1 imm; process_lui UType rd imm; process_auipc UType rd imm;
    process_beq BType rs1 rs2 imm; process_bne BType rs1 rs2 imm; process_blt BType rs1 rs2 imm;
    process_bltu BType rs1 rs2 imm; process_bge BType rs1 rs2 imm; process_bgeu BType rs1 rs2 imm;
    process_lb IType rd rs1 imm; process_lbu IType rd rs1 imm; process_lh IType rd rs1 imm;
    process_lhu IType rd rs1 imm; process_lw IType rd rs1 imm; process_sb SType rs1 rs2 imm;
    process_sh SType rs1 rs2 imm; process_sw SType rs1 rs2 imm; process_jal JType rd imm;
    process_jalr IType rd rs1 imm; process_mul RType rd rs1 rs2; process_mulh RType rd rs1 rs2;
    process_mulhu RType rd rs1 rs2; process_mulhsu RType rd rs1 rs2; process_div RType rd rs1 rs2;
    process_divu RType rd rs1 rs2; process_rem RType rd rs1 rs2; process_remu RType rd rs1 rs2;
    process_fence IType rd rs1 imm;
}

#[divan::bench]
fn decode_ours(bencher: Bencher<'_, '_>) {
    let words = words();
    bencher.counter(ItemsCount::new(words.len())).bench_local(|| {
        words.iter().fold(0u32, |sum, &word| match decode(word, Isa::RV32IM) {
            Ok(inst) => {
                sum ^ u32::from(inst.rd)
                    ^ u32::from(inst.rs1)
                    ^ u32::from(inst.rs2)
                    ^ inst.imm as u32
                    ^ inst.opcode as u32
            }
            Err(_) => sum,
        })
    });
}

#[divan::bench]
fn decode_rrs_lib(bencher: Bencher<'_, '_>) {
    let words = words();
    bencher
        .counter(ItemsCount::new(words.len()))
        .bench_local(|| words.iter().fold(0u32, |sum, &word| sum ^ process_instruction(&mut Fold, word).unwrap_or(0)));
}

#[divan::bench]
fn disassemble_ours(bencher: Bencher<'_, '_>) {
    let words = words();
    bencher
        .counter(ItemsCount::new(words.len()))
        .bench_local(|| words.iter().map(|&word| assay_isa::disassemble_word(word, Isa::RV32IM).len()).sum::<usize>());
}

#[divan::bench]
fn disassemble_rrs_lib(bencher: Bencher<'_, '_>) {
    let words = words();
    bencher.counter(ItemsCount::new(words.len())).bench_local(|| {
        words
            .iter()
            .filter_map(|&word| process_instruction(&mut InstructionStringOutputter { insn_pc: 0 }, word))
            .map(|text| text.len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn assemble_lines(bencher: Bencher<'_, '_>) {
    let lines: Vec<String> = words().iter().map(|&word| assay_isa::disassemble_word(word, Isa::RV32IM)).collect();
    let source = lines.join("\n");
    let options = AssembleOptions::new(Isa::RV32IM, 0);
    bencher.counter(ItemsCount::new(lines.len())).bench_local(|| assemble(&source, &options).expect("valid text"));
}
