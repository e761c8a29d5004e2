//! Corners of the base instruction set that zkVMs have got wrong: division that has no result, and x0.

use assay_isa::Xlen;
use assay_spec::{Register, RegisterFile, Word};

use crate::case::{Case, Expect, Group, Program, Sequence, Target};

/// A division: its mnemonic, dividend, divisor and result, as signed numbers of the width of the registers. `MIN` stands
/// for the least of them. RISC-V unprivileged specification 20240411, 13.2, table 8.
const DIVISIONS: [(&str, i64, i64, i64); 12] = [
    ("div", 7, 0, -1),
    ("divu", 7, 0, -1),
    ("rem", 7, 0, 7),
    ("remu", 7, 0, 7),
    ("div", MIN, 0, -1),
    ("rem", MIN, 0, MIN),
    ("div", MIN, -1, MIN),
    ("rem", MIN, -1, 0),
    ("divu", MIN, -1, 0),
    ("remu", MIN, -1, MIN),
    ("div", -7, 2, -3),
    ("rem", -7, 2, -1),
];

/// The same for the instructions that divide 32 of 64 bits; `MIN` is that of 32 bits.
const WORD_DIVISIONS: [(&str, i64, i64, i64); 8] = [
    ("divw", 7, 0, -1),
    ("divuw", 7, 0, -1),
    ("remw", MIN, 0, MIN),
    ("remuw", MIN, 0, MIN),
    ("divw", MIN, -1, MIN),
    ("remw", MIN, -1, 0),
    ("divuw", MIN, -1, 0),
    ("remuw", MIN, -1, MIN),
];

const MIN: i64 = i64::MIN;

/// What writes x0, by name. Memory is not touched but for one load.
const ZERO_WRITES: [(&str, &str, &str); 7] = [
    ("addi", "addi into x0", "addi x0, x0, 5"),
    ("lui", "lui into x0", "lui x0, 0x12345"),
    ("auipc", "auipc into x0", "auipc x0, 1"),
    ("mul", "mul into x0", "li a0, 3\nmul x0, a0, a0"),
    ("divu", "divu into x0", "li a0, 9\ndivu x0, a0, a0"),
    ("lw", "lw into x0", "lui a0, 0x400\nlw x0, 0(a0)"),
    ("jalr", "jalr with x0 for its link", "auipc a0, 0\njalr x0, 12(a0)\nnop"),
];

pub(super) fn cases(target: Target) -> Vec<Case> {
    let Some(xlen) = target.xlen() else { return Vec::new() };
    let mut cases: Vec<Case> = DIVISIONS.iter().map(|row| division(row, xlen.bits(), xlen)).collect();
    if xlen == Xlen::Rv64 {
        cases.extend(WORD_DIVISIONS.iter().map(|row| division(row, 32, xlen)));
    }
    cases.extend(ZERO_WRITES.iter().map(|&(name, about, text)| zero_write(name, about, text)));
    cases
}

fn register(index: u8) -> Register {
    Register::new(index).expect("there are 32 registers")
}

fn division(&(mnemonic, dividend, divisor, result): &(&str, i64, i64, i64), bits: u32, xlen: Xlen) -> Case {
    let value = |number: i64| if number == MIN { -1 << (bits - 1) } else { number };
    let held = |number: i64| Word(xlen.truncate(value(number) as u64));
    let spelled = |number: i64| if number == MIN { "min".to_owned() } else { number.to_string() };
    let name = format!("{mnemonic}-{}-by-{}", spelled(dividend), spelled(divisor));
    let about = format!("{mnemonic} of {} by {}", value(dividend), value(divisor));
    let program = Program::Sequence(Sequence {
        text: format!("{mnemonic} a2, a0, a1"),
        registers: [(register(10), held(dividend)), (register(11), held(divisor))].into_iter().collect(),
        memory: Vec::new(),
    });
    let expected = RegisterFile::from([(register(12), held(result))]);
    Case::new(Group::Corner, &name, &about, program, Expect::Registers(expected))
}

/// What was written is looked for where x0 is a source, in every form that reads it.
fn zero_write(name: &str, about: &str, write: &str) -> Case {
    let program = Program::Sequence(Sequence {
        text: format!("{write}\nadd a1, x0, x0\naddi a2, x0, 1\nsltu a3, x0, a2"),
        registers: RegisterFile::new(),
        memory: vec![assay_spec::MemoryInit { addr: Word(0x40_0000), hex: assay_spec::HexBytes(vec![1, 2, 3, 4]) }],
    });
    let expected = [(register(0), Word(0)), (register(11), Word(0)), (register(12), Word(1)), (register(13), Word(1))];
    Case::new(Group::Corner, &format!("x0-{name}"), about, program, Expect::Registers(expected.into_iter().collect()))
}
