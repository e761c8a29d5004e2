//! One instruction sequence in guests of two platforms: what of two outcomes can be compared, and what cannot.
//!
//! The guests differ in all that belongs to a platform: prologue, calls, layout of the public output, counts, and where
//! their code lies. What the sequence itself does is the same: how it ends, and what it leaves in the registers. Only
//! an address of its own code, which `auipc`, `jal` and `jalr` put into registers, is not: it is taken relative to the
//! sequence's first instruction, on both sides.

use std::collections::BTreeSet;

use assay_isa::{Instruction, Isa, Opcode, Xlen, decode};
use assay_spec::{Divergence, Inconclusive, Outcome, Register, Status, Trap, Verdict};

use crate::compare::{Observation, cannot_be_judged};

/// An instruction sequence in one guest.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
    /// Address of its first instruction.
    pub start: u64,
    /// Its instructions.
    pub words: &'a [u32],
    /// What they are written in.
    pub isa: Isa,
}

impl Sequence<'_> {
    /// Bytes from the first instruction to `address`, modulo the register width: what an address of the sequence is in
    /// every guest.
    pub(crate) fn offset(&self, address: u64) -> u64 {
        self.isa.xlen.truncate(address.wrapping_sub(self.start))
    }

    /// Whether an instruction of the sequence stands at `address`.
    pub(crate) fn contains(&self, address: u64) -> bool {
        self.index(address).is_some()
    }

    /// Position in the sequence of the instruction at `address`.
    pub(crate) fn index(&self, address: u64) -> Option<usize> {
        let offset = address.checked_sub(self.start)?;
        let index = usize::try_from(offset / 4).ok()?;
        (offset.is_multiple_of(4) && index < self.words.len()).then_some(index)
    }

    /// The instruction that the sequence has at `address`; `None` outside of it and for words that are none.
    pub(crate) fn instruction(&self, address: u64) -> Option<Instruction> {
        decode(*self.words.get(self.index(address)?)?, self.isa).ok()
    }

    /// Whether an instruction of the sequence puts an address of its code into a register.
    fn reads_its_place(&self) -> bool {
        let instructions = self.words.iter().filter_map(|&word| decode(word, self.isa).ok());
        instructions.into_iter().any(|instruction| reads_pc(instruction) && instruction.rd != 0)
    }
}

/// Whether what the instruction writes depends on where it stands.
pub(crate) fn reads_pc(instruction: Instruction) -> bool {
    matches!(instruction.opcode, Opcode::Auipc | Opcode::Jal | Opcode::Jalr)
}

/// How far `target`'s code lies behind `baseline`'s, modulo the register width.
pub(crate) fn distance(baseline: &Sequence<'_>, target: &Sequence<'_>) -> u64 {
    target.isa.xlen.truncate(target.start.wrapping_sub(baseline.start))
}

/// What [`compare_sequences`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceVerdict {
    /// What comparing the outcomes says.
    pub verdict: Verdict,
    /// Registers that differ by exactly the distance of the two guests' code: addresses in it. Not a difference.
    pub relative: Vec<Register>,
}

/// Judges `target` against `baseline`, which ran the same sequence on another platform with registers of the same width.
///
/// Compared are status, exit code, the kind and place of a trap, the text of a panic, and reported registers. A register
/// is taken for an address in the code if the sequence has an instruction that writes one, and if both values are the
/// same distance from their sequence's first instruction. Values that the sequence computes *from* such an address may
/// differ in other ways: whether a difference is one of those, [`align`](crate::align()) finds out.
pub fn compare_sequences(
    baseline: Observation<'_>,
    target: Observation<'_>,
    sequences: [&Sequence<'_>; 2],
) -> SequenceVerdict {
    let mut relative = Vec::new();
    let verdict = judge(baseline, target, sequences, &mut relative);
    SequenceVerdict { verdict, relative }
}

fn judge(
    baseline: Observation<'_>,
    target: Observation<'_>,
    sequences: [&Sequence<'_>; 2],
    relative: &mut Vec<Register>,
) -> Verdict {
    let (left, right) = (baseline.outcome, target.outcome);
    if let Some(reason) = cannot_be_judged(left, right) {
        return Verdict::Inconclusive(reason);
    }
    let mut hard = Vec::new();
    if left.run.status != right.run.status {
        hard.push(Divergence::Status { baseline: left.run.status, target: right.run.status });
    }
    if left.run.exit_code != right.run.exit_code {
        hard.push(Divergence::ExitCode { baseline: left.run.exit_code, target: right.run.exit_code });
    }
    if !hard.is_empty() {
        return Verdict::Diverge(hard);
    }
    let soft = described_differently(left, right, sequences);
    hard.extend(registers(baseline, target, sequences, relative));
    match (hard.is_empty(), soft.is_empty()) {
        (false, _) => Verdict::Diverge(hard),
        (true, false) => Verdict::SameFailure(soft),
        (true, true) => Verdict::Agree,
    }
}

/// What of two failures of one kind differs: trap and panic text.
fn described_differently(left: &Outcome, right: &Outcome, sequences: [&Sequence<'_>; 2]) -> Vec<Divergence> {
    let mut soft = Vec::new();
    let traps_alike = match (&left.run.trap, &right.run.trap) {
        (Some(left), Some(right)) => same_trap(left, right, sequences),
        (left, right) => left.is_none() && right.is_none(),
    };
    if !traps_alike {
        soft.push(Divergence::Trap { baseline: left.run.trap.clone(), target: right.run.trap.clone() });
    }
    if left.run.status == Status::Panic && left.run.message != right.run.message {
        soft.push(Divergence::Message { baseline: left.run.message.clone(), target: right.run.message.clone() });
    }
    soft
}

/// The same kind at the same place; an address that only one of them gives is not a difference.
fn same_trap(left: &Trap, right: &Trap, sequences: [&Sequence<'_>; 2]) -> bool {
    let addresses_alike =
        left.address.zip(right.address).is_none_or(|(left, right)| same_address(left.0, right.0, sequences));
    left.kind == right.kind && same_address(left.pc.0, right.pc.0, sequences) && addresses_alike
}

/// The same address, or the same place relative to the sequence.
pub(crate) fn same_address(left: u64, right: u64, [baseline, target]: [&Sequence<'_>; 2]) -> bool {
    left == right || baseline.offset(left) == target.offset(right)
}

fn registers(
    baseline: Observation<'_>,
    target: Observation<'_>,
    [left, right]: [&Sequence<'_>; 2],
    relative: &mut Vec<Register>,
) -> Vec<Divergence> {
    let Some((before, after)) = baseline.reported.zip(target.reported) else { return Vec::new() };
    let places = left.reads_its_place() || right.reads_its_place();
    let mut differences = Vec::new();
    for (&register, &baseline) in before {
        let Some(&target) = after.get(&register).filter(|&&target| target != baseline) else { continue };
        if places && left.offset(baseline.0) == right.offset(target.0) {
            relative.push(register);
        } else {
            differences.push(Divergence::Register { register, baseline, target });
        }
    }
    differences
}

/// Takes the differences back that follow from nothing but the platforms, once the traces have shown which those are:
/// the registers in `dependent`. If nothing else differs, there is nothing left that could be judged.
pub(crate) fn without(verdict: Verdict, dependent: &BTreeSet<Register>) -> Verdict {
    let Verdict::Diverge(mut differences) = verdict else { return verdict };
    let before = differences.len();
    differences.retain(|difference| match difference {
        Divergence::Register { register, .. } => !dependent.contains(register),
        _ => true,
    });
    if !differences.is_empty() {
        return Verdict::Diverge(differences);
    }
    let why = format!(
        "{before} {} that the sequence computes from where its code lies, or from what a call of the platform gave",
        if before == 1 { "register differs in a value" } else { "registers differ in values" }
    );
    Verdict::Inconclusive(Inconclusive::NotComparable { why })
}

/// Whether two sequences can be compared at all.
pub(crate) fn same_width(left: &Sequence<'_>, right: &Sequence<'_>) -> bool {
    let width = |sequence: &Sequence<'_>| sequence.isa.xlen == Xlen::Rv64;
    width(left) == width(right)
}

#[cfg(test)]
mod tests {
    use assay_spec::{
        BackendId, Digest, Elapsed, GuestId, HexBytes, Mode, Platform, RegisterFile, RunReport, TrapKind, Verification,
        Word, schema::Versioned as _,
    };

    use super::*;

    /// `auipc x5, 0`
    const PLACE: [u32; 1] = [0x297];
    /// `addi x5, x5, 1`
    const COUNT: [u32; 1] = [0x0012_8293];
    const STARTS: [u64; 2] = [0x1_0080, 0x7800_0100];

    fn outcome(platform: Platform, edit: impl FnOnce(&mut RunReport)) -> Outcome {
        let mut run = RunReport::new(Status::Ok);
        run.exit_code = Some(0);
        // Layout of the output and counts are the platform's own.
        run.output = HexBytes(vec![platform.name().len() as u8]);
        run.instructions = Some(platform.name().len() as u64);
        edit(&mut run);
        Outcome {
            schema: Outcome::tag(),
            backend: BackendId { name: "b".into(), version: "1".into(), platform, isa: "rv32im".into() },
            guest: GuestId { digest: Digest::of(platform.name().as_bytes()), image_id: None, name: "seed".into() },
            input_digest: Digest::of(b""),
            mode: Mode::Execute,
            run,
            elapsed: Elapsed::default(),
            receipt: None,
            verification: Verification::NotRequested,
        }
    }

    fn judge(words: &[u32], edits: [&dyn Fn(&mut RunReport); 2], values: [u64; 2]) -> SequenceVerdict {
        let left = outcome(Platform::Standard, |run| edits[0](run));
        let right = outcome(Platform::OpenVm, |run| edits[1](run));
        let x5 = Register::new(5).unwrap();
        let [before, after] = values.map(|value| RegisterFile::from([(x5, Word(value))]));
        let [one, other] = STARTS.map(|start| Sequence { start, words, isa: Isa::RV32IM });
        compare_sequences(
            Observation { outcome: &left, reported: Some(&before) },
            Observation { outcome: &right, reported: Some(&after) },
            [&one, &other],
        )
    }

    fn nothing(_: &mut RunReport) {}

    #[test]
    fn what_belongs_to_the_platform_is_not_compared() {
        let found = judge(&COUNT, [&nothing, &nothing], [7, 7]);
        assert_eq!((found.verdict, found.relative), (Verdict::Agree, vec![]));
        assert!(matches!(judge(&COUNT, [&nothing, &nothing], [7, 8]).verdict, Verdict::Diverge(_)));
    }

    #[test]
    fn an_address_in_the_code_is_compared_by_its_place_in_the_sequence_if_it_can_be_one() {
        let addresses = STARTS.map(|start| start + 4);
        let found = judge(&PLACE, [&nothing, &nothing], addresses);
        assert_eq!((found.verdict, found.relative.len()), (Verdict::Agree, 1));
        assert!(matches!(judge(&COUNT, [&nothing, &nothing], addresses).verdict, Verdict::Diverge(_)));
        let other = [STARTS[0] + 4, STARTS[1] + 8];
        assert!(matches!(judge(&PLACE, [&nothing, &nothing], other).verdict, Verdict::Diverge(_)));
    }

    #[test]
    fn traps_are_compared_by_kind_and_place_in_the_sequence() {
        let trap = |kind, pc: u64, address| {
            move |run: &mut RunReport| {
                run.status = Status::Trap;
                run.exit_code = None;
                run.trap = Some(Trap { kind, pc: Word(pc), address });
            }
        };
        let [here, there] = STARTS;
        let left = trap(TrapKind::LoadFault, here, Some(Word(3)));
        let verdict = |right: &dyn Fn(&mut RunReport)| judge(&COUNT, [&left, right], [0, 0]).verdict;
        assert_eq!(verdict(&trap(TrapKind::LoadFault, there, None)), Verdict::Agree);
        assert!(matches!(verdict(&trap(TrapKind::LoadFault, there + 4, None)), Verdict::SameFailure(_)));
        assert!(matches!(verdict(&trap(TrapKind::StoreFault, there, None)), Verdict::SameFailure(_)));
        assert!(matches!(verdict(&nothing), Verdict::Diverge(_)));
    }

    #[test]
    fn what_a_limit_ended_is_not_judged() {
        let ended = |run: &mut RunReport| run.status = Status::Timeout;
        assert!(matches!(judge(&COUNT, [&nothing, &ended], [0, 0]).verdict, Verdict::Inconclusive(_)));
    }
}
