//! How many tests each way of shrinking needs for the same bugs.

use std::fmt;

use assay_fuzz::shrink::{Answer, Case, Options, Predicate, Unobserved, shrink};
use assay_isa::decode;

use crate::{ddmin::ddmin, planted::bugs};

/// A bug that is in no single instruction: it shows where all of some instructions are left, in order, whatever happens
/// between them. What a machine computes has nothing to do with it, so that nothing but searching helps.
pub(crate) struct Scattered {
    needed: Vec<u32>,
}

impl Scattered {
    /// That needs `count` instructions of `case`, spread over it.
    pub(crate) fn over(case: &Case, count: usize) -> Self {
        let length = case.instructions.len();
        // Not at the very end, and not evenly: a third of the distance between two of them off.
        let place = |position: usize| (3 * position + 1) * length / (3 * count + 1);
        Self { needed: (0..count).map(|position| kind(case, case.instructions[place(position)])).collect() }
    }
}

/// What is needed of an instruction: which it is, not its operands.
fn kind(case: &Case, word: u32) -> u32 {
    decode(word, case.isa).map_or(word, |instruction| instruction.opcode as u32)
}

impl Predicate for Scattered {
    fn test(&self, case: &Case) -> Answer {
        let mut needed = self.needed.iter().peekable();
        for &word in &case.instructions {
            needed.next_if(|needed| **needed == kind(case, word));
        }
        if needed.peek().is_none() { Answer::Interesting } else { Answer::Boring }
    }
}

/// Tests needed for one bug.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) ddmin: u64,
    pub(crate) ddmin_instructions: usize,
    pub(crate) reduce: u64,
    pub(crate) canonicalise: u64,
    pub(crate) instructions: usize,
}

/// How much of what it could know the engine is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// At which instruction the runs part.
    Focus,
    /// Nothing, but it may run the reference machine.
    Reference,
    /// Nothing at all.
    Words,
}

/// One row per planted fault.
pub(crate) fn planted_rows(knowledge: Knowledge) -> Vec<Row> {
    bugs()
        .iter()
        .map(|bug| {
            let options = Options {
                focus: Some(bug.focus).filter(|_| knowledge == Knowledge::Focus),
                observe: Options::default().observe.filter(|_| knowledge != Knowledge::Words),
                ..Options::default()
            };
            row(bug.fault.to_owned(), &bug.case, &bug.predicate(), bug.plain(), &options)
        })
        .collect()
}

/// One row per number of instructions that a bug needs.
pub(crate) fn scattered_rows() -> Vec<Row> {
    (1..=5)
        .map(|count| {
            let case = &bugs()[count].case;
            let predicate = Scattered::over(case, count);
            row(format!("{count} scattered"), case, &predicate, &ddmin(case, &predicate), &Options::default())
        })
        .collect()
}

fn row(name: String, case: &Case, predicate: &dyn Predicate, plain: &(Case, u64), options: &Options) -> Row {
    let shrunk = shrink(case.clone(), predicate, options, &mut Unobserved).expect("the bug shows");
    assert_eq!(predicate.test(&shrunk.best), Answer::Interesting, "{name}");
    Row {
        name,
        ddmin: plain.1,
        ddmin_instructions: plain.0.instructions.len(),
        reduce: shrunk.counts.to_reduce,
        canonicalise: shrunk.counts.to_canonicalise,
        instructions: shrunk.best.instructions.len(),
    }
}

/// Times as many tests as the engine's reduction plain delta debugging needs, over all rows.
pub(crate) fn factor(rows: &[Row]) -> f64 {
    let sum = |tests: fn(&Row) -> u64| rows.iter().map(tests).sum::<u64>();
    sum(|row| row.ddmin) as f64 / sum(|row| row.reduce) as f64
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, ddmin, ddmin_instructions, reduce, canonicalise, instructions } = self;
        write!(
            f,
            "{name:24} ddmin {ddmin:5} tests to {ddmin_instructions:2} instructions | \
             {reduce:4} tests to {instructions} instructions, {canonicalise:3} to canonicalise"
        )
    }
}
