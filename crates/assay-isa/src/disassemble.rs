//! From an [`Instruction`] to text, in the spelling of `llvm-mc`.
//!
//! The assembler takes the same text back: `assemble(disassemble(i))` is `i`. Where `llvm-mc` has no spelling (fences
//! with reserved fields) the raw `.insn` form stands in.

use alloc::format;
use alloc::string::String;
use core::fmt::{self, Write};

use crate::decode::decode;
use crate::format::Format;
use crate::instruction::Instruction;
use crate::isa::Isa;
use crate::registers::name;
use crate::table::Opcode;

/// `fm`, `pred`, `succ` of `fence.tso`.
pub(crate) const FENCE_TSO: i32 = 0x833;
/// `pred`, `succ` of a fence written without operands.
pub(crate) const FENCE_ALL: i32 = 0x0ff;
/// The suffixes of atomics, by `aq << 1 | rl`.
pub(crate) const ORDERINGS: [&str; 4] = ["", ".rl", ".aq", ".aqrl"];

/// `inst` as `llvm-mc -M no-aliases` spells it: `addi a0, a1, 5`, `bne t2, t0, -16`.
///
/// With the address of the instruction, the target of a branch or jump, or the value of an `auipc`, follows as a
/// comment, which the assembler ignores. Never empty, never a panic: a register above 31 shows as `?`.
pub fn disassemble(inst: &Instruction, pc: Option<u64>) -> String {
    finish(canonical(*inst), *inst, pc)
}

/// The same, with the pseudo-instruction that people write where there is one: `li a0, 5`, `ret`, `beqz a0, 8`.
pub fn disassemble_aliased(inst: &Instruction, pc: Option<u64>) -> String {
    finish(alias(*inst).unwrap_or_else(|| canonical(*inst)), *inst, pc)
}

/// The word's instruction in `isa`, or `.word 0x…` for a word that has none.
pub fn disassemble_word(word: u32, isa: Isa) -> String {
    decode(word, isa).map_or_else(|_| format!(".word {word:#010x}"), |inst| disassemble(&inst, None))
}

fn finish(mut text: String, inst: Instruction, pc: Option<u64>) -> String {
    let relative = matches!(inst.opcode.entry().format, Format::Branch | Format::Jump) || inst.opcode == Opcode::Auipc;
    if let Some(pc) = pc.filter(|_| relative) {
        let target = pc.wrapping_add_signed(i64::from(inst.imm));
        write!(text, " # {target:#x}").expect("writing to a String cannot fail");
    }
    text
}

fn canonical(inst: Instruction) -> String {
    let [rd, rs1, rs2] = [inst.rd, inst.rs1, inst.rs2].map(name);
    let imm = inst.imm;
    let entry = inst.opcode.entry();
    let mnemonic = entry.mnemonic;
    match entry.format {
        Format::R => format!("{mnemonic} {rd}, {rs1}, {rs2}"),
        Format::I | Format::Shift | Format::ShiftWord | Format::VendorReveal => {
            format!("{mnemonic} {rd}, {rs1}, {imm}")
        }
        Format::Load => format!("{mnemonic} {rd}, {imm}({rs1})"),
        Format::Store => format!("{mnemonic} {rs2}, {imm}({rs1})"),
        Format::Branch => format!("{mnemonic} {rs1}, {rs2}, {imm}"),
        Format::Upper => format!("{mnemonic} {rd}, {}", imm as u32 >> 12),
        Format::Jump => format!("{mnemonic} {rd}, {imm}"),
        Format::LoadReserved => format!("{mnemonic}{} {rd}, ({rs1})", ordering(imm)),
        Format::Atomic => format!("{mnemonic}{} {rd}, {rs2}, ({rs1})", ordering(imm)),
        Format::Fence => fence(inst),
        Format::FenceI if (inst.rd, inst.rs1, imm) != (0, 0, 0) => raw_fence(inst, 1),
        Format::FenceI | Format::Bare => String::from(mnemonic),
        Format::VendorCode => format!("{mnemonic} {imm}"),
        Format::VendorOne => format!("{mnemonic} {rd}"),
        Format::VendorTwo => format!("{mnemonic} {rd}, {rs1}"),
    }
}

fn ordering(imm: i32) -> &'static str {
    ORDERINGS[(imm & 3) as usize]
}

fn fence(inst: Instruction) -> String {
    if (inst.rd, inst.rs1) != (0, 0) {
        return raw_fence(inst, 0);
    }
    match inst.imm {
        FENCE_TSO => String::from("fence.tso"),
        sets @ 0..=0xff => format!("fence {}, {}", AccessSet(sets >> 4), AccessSet(sets)),
        _ => raw_fence(inst, 0),
    }
}

/// A fence whose reserved fields are not zero.
fn raw_fence(inst: Instruction, funct3: u32) -> String {
    let signed = inst.imm << 20 >> 20;
    format!(".insn i 0x0f, {funct3}, {}, {}, {signed}", name(inst.rd), name(inst.rs1))
}

/// The low four bits as letters of `iorw`; `0` for none.
struct AccessSet(i32);

impl fmt::Display for AccessSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.trailing_zeros() >= 4 {
            return f.write_str("0");
        }
        for (bit, letter) in [(8, 'i'), (4, 'o'), (2, 'r'), (1, 'w')] {
            if self.0 & bit != 0 {
                f.write_char(letter)?;
            }
        }
        Ok(())
    }
}

/// The pseudo-instruction for `inst`, as `llvm-mc` 14 chooses it.
fn alias(inst: Instruction) -> Option<String> {
    let [rd, rs1, rs2] = [inst.rd, inst.rs1, inst.rs2].map(name);
    let imm = inst.imm;
    let two = |mnemonic: &str, first: &str, second: &str| Some(format!("{mnemonic} {first}, {second}"));
    let branch = |mnemonic: &str, register: &str| Some(format!("{mnemonic} {register}, {imm}"));
    match (inst.opcode, inst.rd, inst.rs1, inst.rs2, imm) {
        (Opcode::Addi, 0, 0, _, 0) => Some(String::from("nop")),
        (Opcode::Addi, _, 0, _, _) => Some(format!("li {rd}, {imm}")),
        (Opcode::Addi, _, _, _, 0) => two("mv", rd, rs1),
        (Opcode::Xori, _, _, _, -1) => two("not", rd, rs1),
        (Opcode::Sub, _, 0, _, _) => two("neg", rd, rs2),
        (Opcode::Subw, _, 0, _, _) => two("negw", rd, rs2),
        (Opcode::Addiw, _, _, _, 0) => two("sext.w", rd, rs1),
        (Opcode::Sltiu, _, _, _, 1) => two("seqz", rd, rs1),
        (Opcode::Sltu, _, 0, _, _) => two("snez", rd, rs2),
        (Opcode::Slt, _, _, 0, _) => two("sltz", rd, rs1),
        (Opcode::Slt, _, 0, _, _) => two("sgtz", rd, rs2),
        (Opcode::Beq, _, _, 0, _) => branch("beqz", rs1),
        (Opcode::Bne, _, _, 0, _) => branch("bnez", rs1),
        (Opcode::Bge, _, 0, _, _) => branch("blez", rs2),
        (Opcode::Bge, _, _, 0, _) => branch("bgez", rs1),
        (Opcode::Blt, _, _, 0, _) => branch("bltz", rs1),
        (Opcode::Blt, _, 0, _, _) => branch("bgtz", rs2),
        (Opcode::Jal, 0, ..) => Some(format!("j {imm}")),
        (Opcode::Jal, 1, ..) => Some(format!("jal {imm}")),
        (Opcode::Jalr, 0, 1, _, 0) => Some(String::from("ret")),
        (Opcode::Jalr, 0, _, _, 0) => Some(format!("jr {rs1}")),
        (Opcode::Jalr, 0, ..) => Some(format!("jr {imm}({rs1})")),
        (Opcode::Jalr, 1, _, _, 0) => Some(format!("jalr {rs1}")),
        (Opcode::Jalr, 1, ..) => Some(format!("jalr {imm}({rs1})")),
        (Opcode::Jalr, _, _, _, 0) => two("jalr", rd, rs1),
        (Opcode::Fence, 0, 0, _, FENCE_ALL) => Some(String::from("fence")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: u32) -> String {
        disassemble_word(word, Isa::RV32IM_OPENVM)
    }

    #[test]
    fn text_is_llvm_mc_without_aliases() {
        assert_eq!(word(0x0055_8513), "addi a0, a1, 5");
        assert_eq!(word(0x0081_2503), "lw a0, 8(sp)");
        assert_eq!(word(0xfe53_98e3), "bne t2, t0, -16");
        assert_eq!(word(0xffff_f537), "lui a0, 1048575");
        assert_eq!(word(0x0310_000f), "fence rw, w");
        assert_eq!(word(0x8330_000f), "fence.tso");
        assert_eq!(word(0xc000_1073), ".word 0xc0001073");
        assert_eq!(word(0x0000_0013), "addi zero, zero, 0");
    }

    #[test]
    fn vendor_instructions_print_their_operands_in_field_order() {
        assert_eq!(word(0x0045_200b), "openvm.reveal zero, a0, 4");
        assert_eq!(word(0x0ff0_000b), "openvm.terminate 255");
        assert_eq!(word(0x0015_958b), "openvm.hint_buffer a1, a1");
        assert_eq!(word(0x0000_158b), "openvm.hint_storew a1");
    }

    #[test]
    fn reserved_fences_print_as_raw_words() {
        assert_eq!(word(0xfff5_858f), ".insn i 0x0f, 0, a1, a1, -1");
        assert_eq!(word(0x0000_000f), "fence 0, 0");
    }

    #[test]
    fn the_target_follows_where_the_address_is_known() {
        let bne = decode(0xfe53_98e3, Isa::RV32IM).unwrap();
        assert_eq!(disassemble(&bne, Some(0x1010)), "bne t2, t0, -16 # 0x1000");
        let addi = decode(0x0055_8513, Isa::RV32IM).unwrap();
        assert_eq!(disassemble(&addi, Some(0x1010)), "addi a0, a1, 5");
    }

    #[test]
    fn aliases_are_what_people_write() {
        let aliased = |word| disassemble_aliased(&decode(word, Isa::RV64IM).unwrap(), None);
        assert_eq!(aliased(0x0000_0013), "nop");
        assert_eq!(aliased(0x0000_8067), "ret");
        assert_eq!(aliased(0x0050_0513), "li a0, 5");
        assert_eq!(aliased(0xfe05_08e3), "beqz a0, -16");
        assert_eq!(aliased(0x0ff0_000f), "fence");
        assert_eq!(aliased(0x0055_8513), "addi a0, a1, 5");
    }
}
