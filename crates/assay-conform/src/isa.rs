//! What instructions compute: a program for each instruction of RV32IM and RV64IM, in the manner of the riscv-tests.
//!
//! A program is an instruction sequence, so that it runs on every platform in the harness that wraps sequences. Each of its
//! cases computes something and compares it in the guest; a case that fails ends the program with its number in `a0`.
//! The results are summed up in `a1` besides, so that a machine whose branches are broken does not pass by skipping what would
//! have failed: a program has passed if `a0` is 0 and `a1` is the sum that the facts give.
//!
//! The facts (`isa/facts.txt`) are one line each and know no machine. What needs more than a line (jumps, `auipc`, fences,
//! loads of what stores of other widths wrote) is a program of its own under `isa/control`. What this module refuses to
//! know: which backend runs a program, and what is judged to be the matter with it.

mod control;
mod facts;
mod programs;

use assay_isa::{Opcode, Xlen};
use assay_spec::{HexBytes, MemoryInit, Register, RegisterFile, Word};

/// Where the memory of loads and stores is: inside of the memory of every platform, and outside of what a harness needs.
const MEMORY_BASE: u64 = 0x40_0000;

/// The bytes around [`MEMORY_BASE`], which is their middle.
const MEMORY: [u8; 32] = [
    0xff, 0x00, 0xff, 0x00, 0xf0, 0x0f, 0x0f, 0xf0, 0x00, 0xff, 0x00, 0xff, 0x0f, 0xf0, 0xf0, 0x0f, // below
    0x80, 0x00, 0x7f, 0xff, 0x80, 0x01, 0xff, 0xfe, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, // above
];

/// The name of the program that has the others in it.
pub const WHOLE: &str = "all";

/// The name of the program for fences.
pub const FENCE: &str = "fence";

/// An instruction sequence that tests an instruction, and the registers that it must end with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IsaTest {
    /// The mnemonic, what it is about where that is no instruction, or [`WHOLE`].
    pub name: String,
    /// The width of the registers that it is for.
    pub xlen: Xlen,
    /// Assembly text, for any address.
    pub source: String,
    /// Registers to start from: ones that no program that ran to its end leaves.
    pub registers: RegisterFile,
    /// Memory to start from.
    pub memory: Vec<MemoryInit>,
    /// What the registers that tell of the result hold in the end.
    pub expected: [(Register, Word); 2],
    /// How many results are compared.
    pub cases: usize,
}

/// A program before it is wrapped: its text, the sum of its results, and how many it has.
struct Program {
    text: String,
    sum: u64,
    cases: usize,
}

/// Every program for registers of width `xlen`, by instruction in the order of the instruction table, then the others by name.
pub fn tests(xlen: Xlen) -> Vec<IsaTest> {
    programs(xlen, true).into_iter().map(|(name, program)| test(name, xlen, &program)).collect()
}

/// One program with every case of [`tests`], but for fences, which not every zkVM has, and the few that one is known not to
/// prove: for what is too dear to be done for each instruction, such as a proof.
pub fn whole(xlen: Xlen) -> IsaTest {
    let mut whole = Program { text: String::new(), sum: 0, cases: 0 };
    for (_, program) in programs(xlen, false).into_iter().filter(|(name, _)| name != FENCE) {
        whole.text.push_str(&program.text);
        whole.sum = whole.sum.wrapping_add(program.sum);
        whole.cases += program.cases;
    }
    test(WHOLE.to_owned(), xlen, &whole)
}

fn programs(xlen: Xlen, whole: bool) -> Vec<(String, Program)> {
    let facts: Vec<_> = facts::all().into_iter().filter(|fact| fact.xlen == xlen).collect();
    let of_instructions = Opcode::ALL.iter().filter_map(|&opcode| {
        let own: Vec<_> = facts.iter().filter(|fact| fact.opcode == opcode).collect();
        (!own.is_empty()).then(|| (opcode.mnemonic().to_owned(), programs::of_facts(&own)))
    });
    of_instructions.chain(control::programs(xlen, whole)).collect()
}

fn test(name: String, xlen: Xlen, program: &Program) -> IsaTest {
    let [number, sum] = [10, 11].map(|index| Register::new(index).expect("there are 32 registers"));
    let unset = Word(mask(u64::MAX, xlen));
    IsaTest {
        name,
        xlen,
        source: format!("li a1, 0\n{}li a0, 0\nj end\nfail: nop\nend: nop\n", program.text),
        registers: [(number, unset), (sum, unset)].into_iter().collect(),
        memory: vec![MemoryInit { addr: Word(MEMORY_BASE - MEMORY.len() as u64 / 2), hex: HexBytes(MEMORY.to_vec()) }],
        expected: [(number, Word(0)), (sum, Word(mask(program.sum, xlen)))],
        cases: program.cases,
    }
}

/// What a register of this width holds of `value`.
fn mask(value: u64, xlen: Xlen) -> u64 {
    match xlen {
        Xlen::Rv32 => value & u64::from(u32::MAX),
        Xlen::Rv64 => value,
    }
}

#[cfg(test)]
mod tests;
