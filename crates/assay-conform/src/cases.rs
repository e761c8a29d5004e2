//! The table of cases: every case there is, by group, for a target.
//!
//! A group is a file that gives its cases as data. Where a target has none of something (a register of 64 bits, a hart), its
//! cases are not there or say that they do not apply; what a platform cannot do is no business of this table but of
//! `limits.toml`, so that it shows.

mod accelerator;
mod act;
mod call;
mod corner;
mod elf;
mod exit;
mod hostile;
mod input;
mod misaligned;
mod output;
pub(crate) mod proof;
mod stack;
mod trap;

use assay_isa::Isa;
use assay_spec::Platform;

use crate::{
    case::{Case, Expect, Group, Program, Sequence, Target},
    isa::tests,
};

/// Why a case of instructions is none for a native guest.
const NO_HART: &str = "a native guest has no hart";

/// An address that no platform has memory at, with room behind it up to the end of the addresses.
const UNMAPPED: u64 = !0xfff;

/// Every case for `target`, group by group, but for those about proofs.
pub fn all(target: Target) -> Vec<Case> {
    if target == Target::NATIVE {
        return native();
    }
    let groups: [fn(Target) -> Vec<Case>; 12] = [
        input::cases,
        output::cases,
        exit::cases,
        trap::cases,
        misaligned::cases,
        corner::cases,
        isa,
        elf::cases,
        stack::cases,
        hostile::cases,
        accelerator::cases,
        call::cases,
    ];
    groups.iter().flat_map(|cases| cases(target)).collect()
}

/// The programs of [`crate::isa`], which judge themselves.
fn isa(target: Target) -> Vec<Case> {
    let Some(xlen) = target.xlen() else { return Vec::new() };
    let cases = tests(xlen).into_iter().map(|test| {
        let about = format!("{}: {} results", test.name, test.cases);
        let sequence = Sequence { text: test.source, registers: test.registers, memory: test.memory };
        let expect = Expect::Registers(test.expected.into_iter().collect());
        Case::new(Group::Isa, &test.name, &about, Program::Sequence(sequence), expect)
    });
    cases.collect()
}

/// The cases of guests as they are, and those of instructions as not applicable.
fn native() -> Vec<Case> {
    let guests: [fn(Target) -> Vec<Case>; 7] =
        [input::cases, output::cases, exit::cases, trap::cases, stack::cases, hostile::cases, accelerator::cases];
    let mut cases: Vec<Case> = guests.iter().flat_map(|cases| cases(Target::NATIVE)).collect();
    for case in &mut cases {
        if matches!(case.program, Program::Sequence(_) | Program::Executable { .. }) {
            case.program = Program::NotApplicable(NO_HART.to_owned());
        }
    }
    let hart = Target::new(Platform::Standard, Isa::RV64IM);
    let others: [fn(Target) -> Vec<Case>; 4] = [misaligned::cases, corner::cases, isa, elf::cases];
    let others = others.iter().flat_map(|cases| cases(hart));
    cases.extend(others.map(|case| Case { program: Program::NotApplicable(NO_HART.to_owned()), ..case }));
    cases
}

#[cfg(test)]
mod tests;
