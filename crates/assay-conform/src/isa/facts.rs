//! The lines of `facts.txt`: what an instruction makes of its operands.

use assay_isa::{Opcode, Xlen};

const TEXT: &str = include_str!("facts.txt");

/// What an instruction makes of operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    /// Width of the registers.
    pub(super) xlen: Xlen,
    /// The instruction.
    pub(super) opcode: Opcode,
    /// Values of source registers, immediates and offsets, in the order of assembly.
    pub(super) operands: Vec<i128>,
    /// What comes of it: the value of the destination, of the stored cell, or 1 for a branch that is taken and 0 for one that
    /// is not.
    pub(super) result: u64,
}

/// Every fact, in the order of the file.
///
/// # Panics
///
/// If the file is malformed, which its tests rule out: it is a part of the program.
pub(super) fn all() -> Vec<Fact> {
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| parse(line).unwrap_or_else(|| panic!("facts.txt has a line that says nothing: {line:?}")))
        .collect()
}

fn parse(line: &str) -> Option<Fact> {
    let (question, answer) = line.split_once(" = ")?;
    let mut words = question.split(' ');
    let xlen = match words.next()? {
        "rv32" => Xlen::Rv32,
        "rv64" => Xlen::Rv64,
        _ => return None,
    };
    let mnemonic = words.next()?;
    let opcode = Opcode::ALL.iter().copied().find(|opcode| opcode.mnemonic() == mnemonic)?;
    let operands = words.map(number).collect::<Option<Vec<_>>>()?;
    let result = match answer {
        "taken" => 1,
        "fallen-through" => 0,
        value => u64::try_from(number(value)?).ok()?,
    };
    Some(Fact { xlen, opcode, operands, result })
}

fn number(text: &str) -> Option<i128> {
    match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}
