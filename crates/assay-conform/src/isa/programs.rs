//! From facts about an instruction to a program that checks them.
//!
//! Which registers a case uses follows from its place, so that the cases of an instruction go through all registers and all
//! ways in which operands can coincide: the destination apart from the sources, one of them, both sources one register, x0
//! for a source that is 0.

use std::fmt::Write as _;

use assay_isa::{Class, Xlen};

use super::{MEMORY, MEMORY_BASE, Program, facts::Fact};

/// What cases may use: all registers but x0, those that tell of the result (`a0`, `a1`), and [`WANTED`].
const REGISTERS: [&str; 28] = [
    "t1", "t2", "t3", "ra", "sp", "gp", "tp", "t0", "s0", "s1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4",
    "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t4", "t5",
];

/// Holds what a case's result is compared with.
const WANTED: &str = "t6";

/// What base registers are off from the middle of the memory, so that offsets of every sign and size are used.
const DISPLACEMENTS: [i128; 5] = [0, 17, -31, 2000, -2000];

/// A program that checks `facts`, which are all about one instruction.
pub(super) fn of_facts(facts: &[&Fact]) -> Program {
    let mut program = Program { text: String::new(), sum: 0, cases: 0 };
    for fact in facts {
        // The same fact in as many ways as its operands allow.
        for way in 0..ways(fact) {
            let case = program.cases + 1;
            program.text.push_str(&text(fact, case, way));
            program.sum = program.sum.wrapping_add(fact.result);
            program.cases = case;
        }
    }
    program
}

fn takes_two_registers(fact: &Fact) -> bool {
    matches!(fact.opcode.entry().class, Class::Alu | Class::MulDiv | Class::Shift)
        && fact.opcode.entry().format == assay_isa::Format::R
}

/// The ways to choose registers for a fact: the usual one, and where sources are equal or 0 one that says so by its registers.
fn ways(fact: &Fact) -> usize {
    let sources = match fact.opcode.entry().class {
        Class::Branch => 2,
        _ if takes_two_registers(fact) => 2,
        Class::AluImm | Class::Shift => 1,
        _ => 0,
    };
    let coincide = sources == 2 && fact.operands[0] == fact.operands[1];
    let zero = fact.operands[..sources].contains(&0);
    1 + usize::from(coincide) + usize::from(zero)
}

fn text(fact: &Fact, case: usize, way: usize) -> String {
    let body = match fact.opcode.entry().class {
        Class::Branch => branch(fact, case, way),
        Class::Load => load(fact, case),
        Class::Store => store(fact, case),
        Class::Upper => {
            let rd = register(case);
            (rd.to_owned(), format!("{} {rd}, {:#x}\n", fact.opcode.mnemonic(), fact.operands[0]))
        }
        _ if takes_two_registers(fact) => two_registers(fact, case, way),
        _ => immediate(fact, case, way),
    };
    let (rd, code) = body;
    let mut text = format!("li a0, {case}\n{code}add a1, a1, {rd}\nli {WANTED}, {:#x}\n", fact.result);
    let _ = writeln!(text, "beq {rd}, {WANTED}, 1f\nj fail\n1:");
    if let (Class::Store, Some(cell)) = (fact.opcode.entry().class, cell(fact)) {
        text.push_str(&cell.restored());
    }
    text
}

fn register(index: usize) -> &'static str {
    REGISTERS[index % REGISTERS.len()]
}

/// A constant into a register; none into x0, which has it.
fn set(register: &str, value: i128) -> String {
    if register == "zero" { String::new() } else { format!("li {register}, {}\n", constant(value)) }
}

fn constant(value: i128) -> String {
    if value < 0 { value.to_string() } else { format!("{value:#x}") }
}

/// Registers for two sources: what the way asks for, x0 wherever it may be.
fn sources(fact: &Fact, case: usize, way: usize) -> [&'static str; 2] {
    let [a, b] = [fact.operands[0], fact.operands[1]];
    let own = [register(case), register(case + 9)];
    if way == 0 {
        own
    } else if a == b && way == 1 {
        [own[0]; 2]
    } else {
        let or_zero = |value: i128, own: &'static str| if value == 0 { "zero" } else { own };
        [or_zero(a, own[0]), or_zero(b, own[1])]
    }
}

/// A destination: apart from the sources, or one of them.
fn destination(sources: &[&'static str], case: usize) -> &'static str {
    match case % (sources.len() + 1) {
        0 => register(case + 4),
        n if sources[n - 1] == "zero" => register(case + 4),
        n => sources[n - 1],
    }
}

fn two_registers(fact: &Fact, case: usize, way: usize) -> (String, String) {
    let [a, b] = sources(fact, case, way);
    let rd = destination(&[a, b], case);
    let setting = set(a, fact.operands[0]) + &set(b, fact.operands[1]);
    (rd.to_owned(), format!("{setting}{} {rd}, {a}, {b}\n", fact.opcode.mnemonic()))
}

fn immediate(fact: &Fact, case: usize, way: usize) -> (String, String) {
    let source = if way == 0 { register(case) } else { "zero" };
    let rd = destination(&[source], case);
    let setting = set(source, fact.operands[0]);
    (rd.to_owned(), format!("{setting}{} {rd}, {source}, {}\n", fact.opcode.mnemonic(), fact.operands[1]))
}

/// Forward and backward branches take turns.
fn branch(fact: &Fact, case: usize, way: usize) -> (String, String) {
    let [a, b] = sources(fact, case, way);
    let rd = register(case + 4);
    let setting = set(a, fact.operands[0]) + &set(b, fact.operands[1]);
    let mnemonic = fact.opcode.mnemonic();
    let code = if case.is_multiple_of(2) {
        format!("li {rd}, 1\n{mnemonic} {a}, {b}, 2f\nli {rd}, 0\n2:\n")
    } else {
        format!("li {rd}, 0\nj 3f\n2: li {rd}, 1\nj 4f\n3: {mnemonic} {a}, {b}, 2b\n4:\n")
    };
    (rd.to_owned(), setting + &code)
}

/// A base register and the offset from it that together reach `offset` from the middle of the memory.
fn place(offset: i128, case: usize) -> (i128, i128) {
    let displacement = DISPLACEMENTS[case % DISPLACEMENTS.len()];
    (i128::from(MEMORY_BASE) + displacement, offset - displacement)
}

fn load(fact: &Fact, case: usize) -> (String, String) {
    let (address, offset) = place(fact.operands[0], case);
    let base = register(case);
    let rd = destination(&[base], case);
    (rd.to_owned(), format!("{}{} {rd}, {offset}({base})\n", set(base, address), fact.opcode.mnemonic()))
}

fn store(fact: &Fact, case: usize) -> (String, String) {
    let (address, offset) = place(fact.operands[1], case);
    let (base, value, rd) = (register(case), register(case + 9), register(case + 4));
    let cell = cell(fact).expect("the fact is about a store");
    let setting = set(base, address) + &set(value, fact.operands[0]);
    let code = format!("{setting}{} {value}, {offset}({base})\n", fact.opcode.mnemonic());
    (rd.to_owned(), code + &cell.loaded(rd))
}

/// The aligned cell, as wide as a register, that a store changes.
struct Cell {
    address: u64,
    before: u64,
    width: char,
}

impl Cell {
    fn loaded(&self, rd: &str) -> String {
        format!("li {rd}, {:#x}\nl{} {rd}, 0({rd})\n", self.address, self.width)
    }

    /// What stood there, for the next case.
    fn restored(&self) -> String {
        format!("li t5, {:#x}\nli {WANTED}, {:#x}\ns{} {WANTED}, 0(t5)\n", self.address, self.before, self.width)
    }
}

fn cell(fact: &Fact) -> Option<Cell> {
    let (bytes, width) = match fact.xlen {
        Xlen::Rv32 => (4, 'w'),
        Xlen::Rv64 => (8, 'd'),
    };
    let from_start = usize::try_from(fact.operands.get(1)? + MEMORY.len() as i128 / 2).ok()? / bytes * bytes;
    let stood = MEMORY.get(from_start..from_start + bytes)?;
    let before = stood.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
    Some(Cell { address: MEMORY_BASE - MEMORY.len() as u64 / 2 + from_start as u64, before, width })
}
