//! Where two instruction streams of one program part.

use assay_spec::{
    FirstDivergence,
    trace::{InstructionRecord, MemoryEffect},
    verdict::FirstDifference,
};

use crate::around::Before;

/// The first instruction at which `baseline` and `target` differ in pc, next pc, register write or memory access.
///
/// Both streams are of one and the same program on one platform, from its first instruction on, so that position
/// aligns them. What only one of the backends records (a memory effect, say) is not a difference. Bounded memory.
pub fn first_divergence<E>(
    baseline: impl Iterator<Item = Result<InstructionRecord, E>>,
    target: impl Iterator<Item = Result<InstructionRecord, E>>,
) -> Result<Option<FirstDivergence>, E> {
    let (mut baseline, mut target) = (baseline.fuse(), target.fuse());
    let mut before = Before::default();
    for index in 0.. {
        let (left, right) = (baseline.next().transpose()?, target.next().transpose()?);
        let parts = match (&left, &right) {
            (None, None) => return Ok(None),
            (Some(left), Some(right)) => differences(left, right),
            _ => vec![FirstDifference::End],
        };
        if !parts.is_empty() {
            let around = before.and_after(index, &mut baseline, &mut target);
            return Ok(Some(FirstDivergence { index, baseline: left, target: right, parts, around }));
        }
        before.push(index, left, right);
    }
    Ok(None)
}

fn differences(left: &InstructionRecord, right: &InstructionRecord) -> Vec<FirstDifference> {
    // What a load or store changed, but not what was there before: that is an earlier instruction's doing.
    let effect = |mem: MemoryEffect| (mem.kind, mem.addr, mem.size, mem.after);
    let register = |record: &InstructionRecord| record.rd.map(|rd| (rd.reg, rd.after));
    let memory_differs = left.mem.zip(right.mem).is_some_and(|(left, right)| effect(left) != effect(right));
    [
        (FirstDifference::Pc, left.pc != right.pc),
        (FirstDifference::Register, register(left) != register(right)),
        (FirstDifference::Memory, memory_differs),
        (FirstDifference::NextPc, left.next_pc != right.next_pc),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use assay_spec::{
        Register, Word,
        trace::{AccessKind, RegisterEffect},
    };

    use super::*;

    fn record(step: u64, edit: impl FnOnce(&mut InstructionRecord)) -> InstructionRecord {
        let mut record = InstructionRecord {
            seq: step,
            step,
            pc: Word(4 * step),
            next_pc: Word(4 * step + 4),
            word: None,
            opcode: 0,
            mnemonic: "add".into(),
            operands: vec![],
            timestamp: 0,
            next_timestamp: 0,
            rd: Some(RegisterEffect { reg: Register::new(5).unwrap(), before: Word(0), after: Word(step) }),
            mem: None,
        };
        edit(&mut record);
        record
    }

    fn part(left: Vec<InstructionRecord>, right: Vec<InstructionRecord>) -> Option<FirstDivergence> {
        first_divergence(left.into_iter().map(Ok::<_, Infallible>), right.into_iter().map(Ok)).unwrap()
    }

    fn stream(length: u64) -> Vec<InstructionRecord> {
        (0..length).map(|step| record(step, |_| ())).collect()
    }

    #[test]
    fn equal_streams_do_not_part_whatever_the_backends_call_things() {
        let mut other = stream(4);
        other[2].mnemonic = "BaseAlu(ADD)".into();
        other[2].opcode = 512;
        other[2].timestamp = 99;
        other[1].mem =
            Some(MemoryEffect { kind: AccessKind::Read, addr: Word(0), size: 4, before: Word(0), after: Word(0) });
        assert_eq!(part(stream(4), other), None);
        assert_eq!(part(vec![], vec![]), None);
    }

    #[test]
    fn the_first_differing_instruction_is_named_with_what_differs() {
        let mut other = stream(6);
        other[3].rd.as_mut().unwrap().after = Word(77);
        other[4].pc = Word(1);
        let found = part(stream(6), other).unwrap();
        assert_eq!((found.index, found.parts), (3, vec![FirstDifference::Register]));
        assert_eq!(found.baseline.unwrap().step, 3);
    }

    #[test]
    fn what_both_did_around_it_is_kept_as_far_as_it_is_short() {
        let mut other = stream(100);
        other[50].rd = None;
        let found = part(stream(100), other).unwrap();
        let indices: Vec<_> = found.around.iter().map(|pair| pair.index).collect();
        assert_eq!(indices, [42, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54]);
        assert!(found.around.iter().all(|pair| pair.baseline.is_some() && pair.baseline == pair.target));

        let found = part(stream(3), stream(1)).unwrap();
        let targets: Vec<_> = found.around.iter().map(|pair| (pair.index, pair.target.is_some())).collect();
        assert_eq!(targets, [(0, true), (2, false)]);
    }

    #[test]
    fn an_error_behind_the_divergence_does_not_take_it_back() {
        let mut other: Vec<_> = stream(3).into_iter().map(Ok).collect();
        other[1] = Ok(record(9, |_| ()));
        other[2] = Err("cut");
        let found = first_divergence(stream(3).into_iter().map(Ok), other.into_iter()).unwrap().unwrap();
        assert_eq!((found.index, found.around.len()), (1, 1));
    }

    #[test]
    fn a_register_write_that_one_of_them_lacks_is_a_difference() {
        let mut other = stream(2);
        other[0].rd = None;
        assert_eq!(part(stream(2), other).unwrap().parts, [FirstDifference::Register]);
    }

    #[test]
    fn a_stream_that_ends_early_parts_at_its_end() {
        let found = part(stream(5), stream(3)).unwrap();
        assert_eq!((found.index, found.parts.as_slice()), (3, [FirstDifference::End].as_slice()));
        assert!(found.target.is_none());
    }

    #[test]
    fn an_error_in_a_trace_is_passed_on() {
        let broken = vec![Ok(record(0, |_| ())), Err("cut")];
        let whole: Vec<Result<_, &str>> = stream(3).into_iter().map(Ok).collect();
        assert_eq!(first_divergence(whole.into_iter(), broken.into_iter()), Err("cut"));
    }
}
