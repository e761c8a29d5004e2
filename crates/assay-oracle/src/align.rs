//! Where two traces of one instruction sequence part, in guests of two platforms.
//!
//! Prologue, epilogue and calls belong to the platform, and so do counts and the place of the code. The traces are
//! therefore aligned over the sequence's own instructions only: the n-th executed instruction of the sequence in the one
//! is that in the other. They part where they are at different instructions of the sequence, write different registers or
//! values, or access memory differently.
//!
//! # Addresses
//!
//! The pc counts from the sequence's first instruction. A value that depends on the platform (see
//! the module `dependence`) is no difference: an address in the code that `auipc`, `jal` or `jalr` wrote must be
//! as far from the sequence's first instruction on both sides; what is computed from it is not compared. Where such
//! a value decides how the run goes on, the comparison ends with [`Alignment::Dependent`], and nothing is called a
//! difference of the machines.

use std::collections::BTreeSet;

use assay_isa::{Class, Instruction};
use assay_spec::{
    Divergence, FirstDivergence, Inconclusive, Register, Verdict,
    trace::{InstructionRecord, MemoryEffect},
    verdict::FirstDifference,
};

use crate::{
    around::Before,
    dependence::{Dependence, is_call},
    sequence::{Sequence, distance, reads_pc, same_address, same_width, without},
};

/// What aligning two traces shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Alignment {
    /// They do the same.
    Same {
        /// Registers whose final values depend on the platform.
        dependent: BTreeSet<Register>,
        /// Position of the last instruction, where that is a call: how the runs ended may be its doing.
        last_call: Option<u64>,
    },
    /// They part here. The index counts the executed instructions of the sequence from 0.
    Parts(Box<FirstDivergence>),
    /// What they do from here on depends on the platform.
    Dependent {
        /// Position among the executed instructions of the sequence, from 0.
        index: u64,
        /// In which way.
        why: Why,
    },
}

/// In which way the course of a run depends on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// By what a call does.
    #[error("it is a call of the platform")]
    Call,
    /// By where the code lies.
    #[error("it depends on where the code lies")]
    Place,
    /// It ran through the code around the sequence, which is not the same.
    #[error("the run came back to it, or did not, from the code around the sequence")]
    Around,
    /// The sequence was assembled to other words.
    #[error("it is not the same instruction on both platforms")]
    OtherWord,
}

impl Alignment {
    /// What remains of the verdict of [`compare_sequences`](crate::compare_sequences), and where the traces part.
    pub fn conclude(self, verdict: Verdict) -> (Verdict, Option<FirstDivergence>) {
        match (self, verdict) {
            (Self::Parts(first), verdict) => (verdict, Some(*first)),
            (Self::Same { last_call: Some(index), .. }, verdict) if ended_differently(&verdict) => {
                Self::Dependent { index, why: Why::Call }.conclude(verdict)
            }
            (Self::Same { dependent, .. }, verdict) => (without(verdict, &dependent), None),
            (Self::Dependent { index, why }, Verdict::Diverge(_)) => {
                let count = index + 1;
                let why = format!("from executed instruction {count} of the sequence on, the platforms decide: {why}");
                (Verdict::Inconclusive(Inconclusive::NotComparable { why }), None)
            }
            (Self::Dependent { .. }, verdict) => (verdict, None),
        }
    }
}

fn ended_differently(verdict: &Verdict) -> bool {
    let of_the_end =
        |difference: &Divergence| matches!(difference, Divergence::Status { .. } | Divergence::ExitCode { .. });
    matches!(verdict, Verdict::Diverge(differences) if differences.iter().any(of_the_end))
}

/// Aligns two traces of one sequence, whole traces of both guests from their first instruction on.
///
/// What only one of the backends records (a memory effect, say) is not a difference. Memory use is bounded: see
/// the module `dependence`. Sequences with registers of different widths are never called the same: the first
/// instruction is [`Why::OtherWord`].
pub fn align<E>(
    baseline: impl Iterator<Item = Result<InstructionRecord, E>>,
    target: impl Iterator<Item = Result<InstructionRecord, E>>,
    sequences: [&Sequence<'_>; 2],
) -> Result<Alignment, E> {
    if !same_width(sequences[0], sequences[1]) {
        return Ok(Alignment::Dependent { index: 0, why: Why::OtherWord });
    }
    let mut baseline = within(baseline, sequences[0]);
    let mut target = within(target, sequences[1]);
    let mut state = State { sequences, dependence: Dependence::default(), left_it: false, call: false };
    let mut last_call = None;
    let mut before = Before::default();
    for index in 0.. {
        let (left, right) = (baseline.next().transpose()?, target.next().transpose()?);
        let step = match (&left, &right) {
            (None, None) => break,
            (Some(left), Some(right)) => state.both(left, right),
            (Some(only), None) => state.one(only, sequences[0]),
            (None, Some(only)) => state.one(only, sequences[1]),
        };
        match step {
            Step::Same => last_call = state.call.then_some(index),
            Step::Dependent(why) => return Ok(Alignment::Dependent { index, why }),
            Step::Parts(parts) => {
                let around = before.and_after(index, &mut baseline, &mut target);
                let first = FirstDivergence { index, baseline: left, target: right, parts, around };
                return Ok(Alignment::Parts(Box::new(first)));
            }
        }
        before.push(index, left, right);
    }
    Ok(Alignment::Same { dependent: state.dependence.registers(), last_call })
}

/// The records of the sequence's own instructions; errors pass.
fn within<E>(
    records: impl Iterator<Item = Result<InstructionRecord, E>>,
    sequence: &Sequence<'_>,
) -> impl Iterator<Item = Result<InstructionRecord, E>> {
    records.filter(|record| record.as_ref().map_or(true, |record| sequence.contains(record.pc.0))).fuse()
}

enum Step {
    Same,
    Parts(Vec<FirstDifference>),
    Dependent(Why),
}

struct State<'a> {
    sequences: [&'a Sequence<'a>; 2],
    dependence: Dependence,
    /// Whether the last instruction led out of the sequence, on either side.
    left_it: bool,
    /// Whether the last instruction was a call.
    call: bool,
}

impl State<'_> {
    /// One of the traces has ended, the other goes on with `record`.
    fn one(&self, record: &InstructionRecord, sequence: &Sequence<'_>) -> Step {
        let instruction = sequence.instruction(record.pc.0);
        match (self.same_instruction(sequence.offset(record.pc.0)), instruction) {
            _ if self.left_it => Step::Dependent(Why::Around),
            (false, _) => Step::Dependent(Why::OtherWord),
            (_, Some(instruction)) if is_call(instruction) => Step::Dependent(Why::Call),
            (_, Some(instruction)) if self.dependence.of_operands(instruction) => Step::Dependent(Why::Place),
            _ => Step::Parts(vec![FirstDifference::End]),
        }
    }

    fn both(&mut self, left: &InstructionRecord, right: &InstructionRecord) -> Step {
        let [baseline, target] = self.sequences;
        let offset = baseline.offset(left.pc.0);
        if offset != target.offset(right.pc.0) {
            return if self.left_it { Step::Dependent(Why::Around) } else { Step::Parts(vec![FirstDifference::Pc]) };
        }
        let instruction = baseline.instruction(left.pc.0);
        let same_word = self.same_instruction(offset);
        let call = instruction.is_some_and(is_call);
        self.call = call;
        let on_the_same_way = same_address(left.next_pc.0, right.next_pc.0, self.sequences);
        let operands = instruction.is_some_and(|instruction| self.dependence.of_operands(instruction));

        let mut parts = Vec::new();
        match instruction {
            Some(instruction) if same_word && !call => self.plain(instruction, left, right, &mut parts),
            _ => self.dependence.called([left, right]),
        }
        if !on_the_same_way {
            match (same_word, call, operands) {
                _ if !parts.is_empty() => {}
                (false, _, _) => return Step::Dependent(Why::OtherWord),
                (_, true, _) => return Step::Dependent(Why::Call),
                (_, _, true) => return Step::Dependent(Why::Place),
                _ => {}
            }
            parts.push(FirstDifference::NextPc);
        }
        self.left_it = !baseline.contains(left.next_pc.0) || !target.contains(right.next_pc.0);
        if parts.is_empty() { Step::Same } else { Step::Parts(parts) }
    }

    /// An instruction that means the same on both platforms.
    fn plain(
        &mut self,
        instruction: Instruction,
        left: &InstructionRecord,
        right: &InstructionRecord,
        parts: &mut Vec<FirstDifference>,
    ) {
        let [baseline, target] = self.sequences;
        let distance = distance(baseline, target);
        let effects = [left.mem, right.mem];
        let depends = self.dependence.of_result(instruction, effects, distance != 0);
        let address_depends = self.dependence.of_address(instruction);

        let same_register = match (left.rd, right.rd) {
            (None, None) => true,
            (Some(left), Some(right)) if left.reg == right.reg => {
                if reads_pc(instruction) {
                    baseline.offset(left.after.0) == target.offset(right.after.0)
                } else {
                    left.after == right.after || depends
                }
            }
            _ => false,
        };
        if !same_register {
            parts.push(FirstDifference::Register);
        }
        if let Some((left, right)) = left.mem.zip(right.mem) {
            let address = |effect: &MemoryEffect| (effect.kind, effect.size);
            let same_place = left.addr == right.addr || address_depends;
            let value_depends = depends || self.dependence.of_operands(instruction);
            if address(&left) != address(&right) || !same_place || (left.after != right.after && !value_depends) {
                parts.push(FirstDifference::Memory);
            }
        }
        if matches!(instruction.opcode.entry().class, Class::Store | Class::Atomic) {
            let value_depends = depends || self.dependence.of_operands(instruction);
            self.dependence.stored(instruction, effects, value_depends);
        }
        for effect in [left.rd, right.rd].into_iter().flatten() {
            self.dependence.set_register(effect.reg, depends);
        }
    }

    /// Whether both sequences have the same word at this offset.
    fn same_instruction(&self, offset: u64) -> bool {
        let [left, right] =
            self.sequences.map(|sequence| sequence.words.get(usize::try_from(offset / 4).unwrap_or(usize::MAX)));
        left == right
    }
}
