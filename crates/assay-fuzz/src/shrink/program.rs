//! The instruction sequence as a program: where it branches to, its basic blocks, and the same without some instructions.

use std::{collections::BTreeSet, ops::Range};

use assay_isa::{Class, Format, Instruction, decode, encode};

use super::case::Case;

/// Bytes of an instruction.
const WORD_BYTES: i64 = 4;

/// A decoded sequence.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    words: Vec<u32>,
    decoded: Vec<Option<Instruction>>,
}

impl Program {
    pub(crate) fn of(case: &Case) -> Self {
        Self {
            words: case.instructions.clone(),
            decoded: case.instructions.iter().map(|&word| decode(word, case.isa).ok()).collect(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn instruction(&self, index: usize) -> Option<Instruction> {
        self.decoded.get(index).copied().flatten()
    }

    /// Whether the instruction decides what runs next.
    pub(crate) fn is_control(&self, index: usize) -> bool {
        let class = |instruction: Instruction| instruction.opcode.entry().class;
        self.instruction(index).is_some_and(|instruction| matches!(class(instruction), Class::Branch | Class::Jump))
    }

    /// The position that a branch or `jal` goes to, which may lie outside of the sequence; `None` for all others and for
    /// targets between two instructions.
    fn target(&self, index: usize) -> Option<i64> {
        let instruction = self.instruction(index)?;
        let relative = matches!(instruction.opcode.entry().format, Format::Branch | Format::Jump);
        let offset = i64::from(instruction.imm);
        (relative && offset % WORD_BYTES == 0).then(|| index as i64 + offset / WORD_BYTES)
    }

    /// The sequence without the instructions whose flag is set. Branches keep their targets: one whose target is gone goes to
    /// the next instruction behind it that is left. One that would then go to itself, because its whole loop is gone,
    /// goes on behind itself instead.
    pub(crate) fn without(&self, gone: &[bool]) -> Vec<u32> {
        let left_before = self.left_before(gone);
        let kept = (0..self.len()).filter(|&index| !gone[index]);
        kept.map(|index| self.moved(index, &left_before)).collect()
    }

    /// For each position, and for the end, how many instructions before it are left.
    fn left_before(&self, gone: &[bool]) -> Vec<usize> {
        let mut left_before = Vec::with_capacity(self.len() + 1);
        let mut left = 0;
        for &gone in gone {
            left_before.push(left);
            left += usize::from(!gone);
        }
        left_before.push(left);
        left_before
    }

    fn moved(&self, index: usize, left_before: &[usize]) -> u32 {
        let (Some(instruction), Some(target)) = (self.instruction(index), self.target(index)) else {
            return self.words[index];
        };
        let end = self.len() as i64;
        let new_target = match target {
            // Beyond either end the distance to that end is what counts.
            ..0 => target,
            _ if target > end => left_before[self.len()] as i64 + (target - end),
            _ => left_before[target as usize] as i64,
        };
        let place = left_before[index] as i64;
        let distance = if new_target == place && target != index as i64 { 1 } else { new_target - place };
        let imm = i32::try_from(distance * WORD_BYTES).ok();
        let moved = imm.and_then(|imm| encode(&Instruction { imm, ..instruction }).ok());
        moved.unwrap_or(self.words[index])
    }

    /// Runs of instructions that are entered at their beginning and left at their end, in order.
    pub(crate) fn blocks(&self) -> Vec<Range<usize>> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let mut leaders = vec![false; self.len() + 1];
        leaders[0] = true;
        leaders[self.len()] = true;
        for index in 0..self.len() {
            if self.is_control(index) {
                leaders[index + 1] = true;
            }
            let target = self.target(index).and_then(|target| usize::try_from(target).ok());
            if let Some(target) = target.filter(|&target| target < self.len()) {
                leaders[target] = true;
            }
        }
        let starts: Vec<usize> = (0..=self.len()).filter(|&index| leaders[index]).collect();
        starts.windows(2).map(|pair| pair[0]..pair[1]).filter(|block| !block.is_empty()).collect()
    }

    /// The registers that the instructions whose flag is set read.
    pub(crate) fn read_by(&self, flags: &[bool]) -> BTreeSet<u8> {
        let flagged = self.decoded.iter().zip(flags).filter(|(_, flag)| **flag);
        flagged.filter_map(|(instruction, _)| *instruction).flat_map(|instruction| instruction.sources()).collect()
    }

    /// The instructions that what the one at `end` does may depend on through registers and memory, and itself; branches do
    /// not count. Without a look at a run, this is more than there really are.
    pub(crate) fn may_contribute_to(&self, end: usize) -> Vec<bool> {
        let mut contributes = vec![false; self.len()];
        let mut read = Read::default();
        let Some(flag) = contributes.get_mut(end) else { return contributes };
        *flag = true;
        read.add(self.instruction(end));
        loop {
            let mut changed = false;
            for index in (0..self.len()).rev().filter(|&index| !self.is_control(index)) {
                if !contributes[index]
                    && self.instruction(index).is_some_and(|instruction| read.is_written_by(instruction))
                {
                    contributes[index] = true;
                    read.add(self.instruction(index));
                    changed = true;
                }
            }
            if !changed {
                return contributes;
            }
        }
    }
}

/// What some instructions read.
#[derive(Default)]
struct Read {
    registers: [bool; 32],
    memory: bool,
}

impl Read {
    fn add(&mut self, instruction: Option<Instruction>) {
        let Some(instruction) = instruction else { return };
        instruction.sources().for_each(|register| self.registers[usize::from(register)] |= register != 0);
        self.memory |= matches!(instruction.opcode.entry().class, Class::Load | Class::Atomic);
    }

    fn is_written_by(&self, instruction: Instruction) -> bool {
        let stores = matches!(instruction.opcode.entry().class, Class::Store | Class::Atomic);
        let register = instruction.destination().is_some_and(|register| self.registers[usize::from(register)]);
        register || self.memory && stores
    }
}

#[cfg(test)]
mod tests {
    use assay_isa::{AssembleOptions, Isa, assemble, disassemble_word};
    use proptest::prelude::*;

    use super::*;

    fn program(text: &str) -> Program {
        let words = assemble(text, &AssembleOptions::new(Isa::RV32IM, 0)).unwrap().words().unwrap();
        Program::of(&Case { instructions: words, ..Case::empty(Isa::RV32IM) })
    }

    fn without(program: &Program, removed: &[usize]) -> Vec<String> {
        let gone: Vec<bool> = (0..program.len()).map(|index| removed.contains(&index)).collect();
        program.without(&gone).into_iter().map(|word| disassemble_word(word, Isa::RV32IM)).collect()
    }

    const LOOP: &str =
        "addi x5, x0, 3\nloop: add x6, x6, x5\naddi x5, x5, -1\nbne x5, x0, loop\nbeq x6, x0, 8\nnop\nadd x7, x6, x6\n";

    #[test]
    fn branches_keep_their_targets() {
        let program = program(LOOP);
        assert_eq!(without(&program, &[0])[2], "bne t0, zero, -8");
        assert_eq!(without(&program, &[1])[2], "bne t0, zero, -4");
        assert_eq!(without(&program, &[5])[4], "beq t1, zero, 4");
        assert_eq!(without(&program, &[6])[4], "beq t1, zero, 8");
    }

    #[test]
    fn a_branch_whose_loop_is_gone_goes_on_behind_itself() {
        assert_eq!(without(&program(LOOP), &[1, 2])[1], "bne t0, zero, 4");
        let own = program("x: beq x0, x0, x\nnop\n");
        assert_eq!(without(&own, &[1]), ["beq zero, zero, 0"]);
    }

    #[test]
    fn branches_out_of_the_sequence_keep_their_distance_to_its_end() {
        let program = program("beq x5, x6, 20\nnop\nnop\nbne x5, x6, -16\n");
        assert_eq!(without(&program, &[1, 2]), ["beq t0, t1, 12", "bne t0, t1, -8"]);
    }

    #[test]
    fn blocks_begin_at_targets_and_behind_branches() {
        assert_eq!(program(LOOP).blocks(), [0..1, 1..4, 4..5, 5..6, 6..7]);
        assert_eq!(program("nop\n").blocks().len(), 1);
    }

    #[test]
    fn what_may_contribute_goes_through_registers_and_memory() {
        let program =
            program("addi x5, x0, 1\naddi x6, x0, 2\nsw x5, 0(x7)\nlw x8, 0(x7)\nmul x9, x8, x8\naddi x9, x9, 1\n");
        assert_eq!(program.may_contribute_to(4), [true, false, true, true, true, false]);
    }

    proptest! {
        #[test]
        fn any_words_can_be_cut_anywhere(words in prop::collection::vec(any::<u32>(), 1..40), removed in any::<u64>()) {
            let program = Program::of(&Case { instructions: words.clone(), ..Case::empty(Isa::RV64IMA) });
            let gone: Vec<bool> = (0..words.len()).map(|index| removed >> index & 1 == 1).collect();
            prop_assert_eq!(program.without(&gone).len(), gone.iter().filter(|gone| !**gone).count());
            prop_assert_eq!(program.blocks().iter().map(ExactSizeIterator::len).sum::<usize>(), words.len());
            prop_assert_eq!(program.without(&vec![false; words.len()]), words);
        }
    }
}
