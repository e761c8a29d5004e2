//! The rival: delta debugging as it was published (Zeller and Hildebrandt, IEEE TSE 28, 2002), over the same parts of a case
//! and with the same predicate, without knowledge of what they are.

use assay_fuzz::shrink::{Answer, Case, Predicate};

/// Reduces instructions, registers and pieces of memory to what is 1-minimal; returns the case and how often it asked.
pub(crate) fn ddmin(case: &Case, predicate: &dyn Predicate) -> (Case, u64) {
    let count = case.instructions.len() + case.registers.len() + case.memory.len();
    let mut tests = 0;
    let mut interesting = |kept: &[usize]| {
        tests += 1;
        predicate.test(&only(case, kept)) == Answer::Interesting
    };
    let mut kept: Vec<usize> = (0..count).collect();
    let mut granularity = 2;
    while kept.len() >= 2 {
        let chunks: Vec<Vec<usize>> = kept.chunks(kept.len().div_ceil(granularity)).map(<[usize]>::to_vec).collect();
        let complement = |chunk: &Vec<usize>| kept.iter().copied().filter(|part| !chunk.contains(part)).collect();
        if let Some(chunk) = chunks.iter().find(|chunk| interesting(chunk)) {
            kept.clone_from(chunk);
            granularity = 2;
        } else if let Some(rest) = chunks.iter().map(complement).find(|rest: &Vec<usize>| interesting(rest)) {
            kept = rest;
            granularity = (granularity - 1).max(2);
        } else if granularity < kept.len() {
            granularity = (2 * granularity).min(kept.len());
        } else {
            break;
        }
    }
    (only(case, &kept), tests)
}

/// The case with these parts: instructions first, then registers, then pieces of memory.
fn only(case: &Case, kept: &[usize]) -> Case {
    let instructions = case.instructions.len();
    let registers = instructions + case.registers.len();
    let is_kept = |part: usize| kept.binary_search(&part).is_ok();
    Case {
        instructions: (0..instructions).filter(|&part| is_kept(part)).map(|part| case.instructions[part]).collect(),
        registers: case
            .registers
            .iter()
            .zip(instructions..)
            .filter(|(_, part)| is_kept(*part))
            .map(|((&register, &value), _)| (register, value))
            .collect(),
        memory: case
            .memory
            .iter()
            .zip(registers..)
            .filter(|(_, part)| is_kept(*part))
            .map(|(piece, _)| piece.clone())
            .collect(),
        ..case.clone()
    }
}
