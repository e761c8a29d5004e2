//! Sequences that the reference machine ran at two places: their traces part only where a machine is wrong.

use std::{convert::Infallible, ops::ControlFlow};

use assay_isa::{Instruction, Isa, Opcode, encode};
use assay_machine::{Config, Fault, Image, Permissions, Recorder, Records, Segment, run};
use assay_oracle::{Alignment, Sequence, Why, align};
use assay_spec::{
    FirstDivergence, MicroOp, Platform, Register, Verdict, Word,
    trace::InstructionRecord,
    verdict::{Divergence, FirstDifference},
};
use proptest::prelude::*;

const DATA: u64 = 0x40_0000;
const HERE: u64 = 0x1_0100;
const THERE: u64 = 0x7_8000;
const STEPS: u64 = 500;

fn word(opcode: Opcode, rd: u8, rs1: u8, rs2: u8, imm: i32) -> u32 {
    encode(&Instruction { opcode, rd, rs1, rs2, imm }).expect("an instruction")
}

/// The records of `words` at `start`, `before` nops before them; the run ends behind them, or after some steps.
fn trace(words: &[u32], start: u64, before: usize, faults: &[&str]) -> Vec<InstructionRecord> {
    let nop = word(Opcode::Addi, 0, 0, 0, 0);
    let code: Vec<u8> =
        std::iter::repeat_n(nop, before).chain(words.iter().copied()).flat_map(u32::to_le_bytes).collect();
    let text = start - 4 * before as u64;
    let rx = Permissions { read: true, write: false, execute: true };
    let rw = Permissions { read: true, write: true, execute: false };
    let image = Image {
        entry: text,
        segments: vec![
            Segment { address: text, size: code.len() as u64, bytes: code, permissions: rx },
            Segment { address: DATA, size: 256, bytes: (0..=255).collect(), permissions: rw },
        ],
    };
    let faults: Vec<Fault> = faults.iter().map(|fault| fault.parse().expect("a fault")).collect();
    // As many of the sequence, however many come before.
    let config = Config { max_steps: STEPS + before as u64, faults, ..Config::new(Isa::RV32IM, Platform::Standard) };
    let mut records = Vec::new();
    let mut sink = |record: MicroOp| {
        if let MicroOp::Instruction(record) = record {
            records.push(record);
        }
        ControlFlow::Continue(())
    };
    run(&image, b"", &config, &mut Recorder::new(&mut sink, Records::Instructions)).expect("an image");
    records
}

fn aligned(left: Vec<InstructionRecord>, right: Vec<InstructionRecord>, words: &[u32], places: [u64; 2]) -> Alignment {
    let [here, there] = places.map(|start| Sequence { start, words, isa: Isa::RV32IM });
    let ok = |records: Vec<InstructionRecord>| records.into_iter().map(Ok::<_, Infallible>);
    align(ok(left), ok(right), [&here, &there]).unwrap_or_else(|never| match never {})
}

fn at_two_places(words: &[u32], faults: &[&str]) -> Alignment {
    aligned(trace(words, HERE, 3, &[]), trace(words, THERE, 7, faults), words, [HERE, THERE])
}

fn parts(alignment: Alignment) -> FirstDivergence {
    match alignment {
        Alignment::Parts(first) => *first,
        other => panic!("they do not part: {other:?}"),
    }
}

fn dependent(alignment: Alignment) -> Vec<u8> {
    match alignment {
        Alignment::Same { dependent, .. } => dependent.into_iter().map(Register::index).collect(),
        other => panic!("not the same: {other:?}"),
    }
}

/// `auipc x5, 0`: where the code lies.
fn place() -> u32 {
    word(Opcode::Auipc, 5, 0, 0, 0)
}

#[test]
fn an_address_in_the_code_is_no_difference_and_neither_is_what_comes_of_it() {
    let words = [
        place(),
        word(Opcode::Slli, 6, 5, 0, 1),
        word(Opcode::Addi, 7, 0, 0, 9),
        word(Opcode::Lui, 8, 0, 0, DATA as i32),
        word(Opcode::Sw, 0, 8, 6, 0),
        word(Opcode::Lw, 9, 8, 0, 0),
        // Its own place again, and a value that has nothing to do with it in a register that had.
        word(Opcode::Sub, 10, 5, 5, 0),
        word(Opcode::Addi, 6, 0, 0, 1),
    ];
    let words: Vec<u32> =
        words.into_iter().chain([word(Opcode::Sw, 0, 8, 7, 0), word(Opcode::Lw, 11, 8, 0, 0)]).collect();
    assert_eq!(dependent(at_two_places(&words, &[])), [5, 9, 10]);
}

#[test]
fn at_one_place_nothing_depends_on_it() {
    let words = [place(), word(Opcode::Slli, 6, 5, 0, 1)];
    let records = || trace(&words, HERE, 3, &[]);
    assert_eq!(dependent(aligned(records(), records(), &words, [HERE, HERE])), [0; 0]);
    let wrong = trace(&words, HERE, 3, &["slli:^0x4"]);
    assert_eq!(parts(aligned(records(), wrong, &words, [HERE, HERE])).index, 1);
}

#[test]
fn a_wrong_address_in_the_code_is_found() {
    let first = parts(at_two_places(&[word(Opcode::Addi, 7, 0, 0, 1), place()], &["auipc:+4"]));
    assert_eq!((first.index, first.parts), (1, vec![FirstDifference::Register]));
    let here = trace(&[place()], HERE, 0, &[]);
    // The same address in both, where it cannot be.
    let mut there = trace(&[place()], THERE, 0, &[]);
    there[0].rd = here[0].rd;
    assert_eq!(parts(aligned(here, there, &[place()], [HERE, THERE])).parts, [FirstDifference::Register]);
}

#[test]
fn a_wrong_value_is_found_beside_values_that_depend_on_the_place() {
    let words = [place(), word(Opcode::Addi, 7, 0, 0, 3), word(Opcode::Mul, 8, 7, 7, 0)];
    let first = parts(at_two_places(&words, &["mul:+1"]));
    assert_eq!((first.index, first.parts), (2, vec![FirstDifference::Register]));
    assert_eq!(first.baseline.unwrap().rd.unwrap().after, Word(9));
    assert_eq!(first.target.unwrap().rd.unwrap().after, Word(10));
}

#[test]
fn a_branch_on_the_place_ends_the_comparison_and_nothing_is_called_wrong() {
    // HERE is below 0x2_0000 and THERE is not.
    let words = [
        place(),
        word(Opcode::Lui, 6, 0, 0, 0x2_0000),
        word(Opcode::Bltu, 0, 5, 6, 8),
        word(Opcode::Addi, 7, 0, 0, 1),
        word(Opcode::Addi, 8, 0, 0, 1),
    ];
    let alignment = at_two_places(&words, &[]);
    assert_eq!(alignment, Alignment::Dependent { index: 2, why: Why::Place });
    let differs = Divergence::Register { register: Register::new(7).unwrap(), baseline: Word(0), target: Word(1) };
    let (verdict, first) = alignment.conclude(Verdict::Diverge(vec![differs]));
    assert!(matches!(verdict, Verdict::Inconclusive(_)) && first.is_none(), "{verdict:?}");
}

#[test]
fn a_wrong_branch_is_found_at_the_branch() {
    let words = [
        word(Opcode::Addi, 5, 0, 0, 1),
        word(Opcode::Bne, 0, 5, 0, 8),
        word(Opcode::Addi, 6, 0, 0, 1),
        word(Opcode::Addi, 7, 0, 0, 1),
    ];
    let mut there = trace(&words, THERE, 0, &[]);
    let skipped = InstructionRecord { pc: Word(THERE + 8), ..there[2].clone() };
    there[1].next_pc = Word(THERE + 8);
    there.insert(2, skipped);
    let first = parts(aligned(trace(&words, HERE, 5, &[]), there, &words, [HERE, THERE]));
    assert_eq!((first.index, first.parts), (1, vec![FirstDifference::NextPc]));
}

#[test]
fn a_call_ends_the_one_and_not_the_other_without_a_difference() {
    let words = [word(Opcode::Addi, 6, 0, 0, 1), word(Opcode::Ecall, 0, 0, 0, 0), word(Opcode::Addi, 7, 0, 0, 1)];
    let mut there = trace(&words, THERE, 0, &[]);
    there.truncate(1);
    let mut here = trace(&words, HERE, 0, &[]);
    here.truncate(2);
    assert_eq!(aligned(here, there, &words, [HERE, THERE]), Alignment::Dependent { index: 1, why: Why::Call });
}

#[test]
fn a_run_that_ends_early_parts_where_it_ended() {
    let words = [word(Opcode::Addi, 6, 0, 0, 1), word(Opcode::Addi, 7, 0, 0, 1)];
    let mut there = trace(&words, THERE, 0, &[]);
    there.truncate(1);
    let first = parts(aligned(trace(&words, HERE, 0, &[]), there, &words, [HERE, THERE]));
    assert_eq!((first.index, first.parts), (1, vec![FirstDifference::End]));
}

#[test]
fn differences_that_only_follow_from_the_place_are_taken_back() {
    let register = |index| Register::new(index).unwrap();
    let differs = |index| Divergence::Register { register: register(index), baseline: Word(1), target: Word(2) };
    let same = || Alignment::Same { dependent: [register(5), register(6)].into(), last_call: None };
    let (verdict, _) = same().conclude(Verdict::Diverge(vec![differs(5), differs(7)]));
    assert_eq!(verdict, Verdict::Diverge(vec![differs(7)]));
    let (verdict, _) = same().conclude(Verdict::Diverge(vec![differs(5), differs(6)]));
    assert!(matches!(verdict, Verdict::Inconclusive(_)), "{verdict:?}");
    assert_eq!(same().conclude(Verdict::Agree).0, Verdict::Agree);
    // How a run ends that a call ended is the platform's own; how another ends is not.
    let ended = || Verdict::Diverge(vec![Divergence::ExitCode { baseline: Some(0), target: None }]);
    let called = Alignment::Same { dependent: [].into(), last_call: Some(3) };
    assert!(matches!(called.conclude(ended()).0, Verdict::Inconclusive(_)));
    assert_eq!(same().conclude(ended()).0, ended());
}

/// Registers x5 to x15, and x31 for the data.
fn instruction(place: bool) -> impl Strategy<Value = u32> {
    let register = || 5u8..16;
    let alu = prop::sample::select(vec![
        Opcode::Add,
        Opcode::Sub,
        Opcode::Xor,
        Opcode::Sltu,
        Opcode::Sll,
        Opcode::Mul,
        Opcode::Mulhu,
        Opcode::Divu,
        Opcode::Rem,
    ]);
    let branch = prop::sample::select(vec![Opcode::Beq, Opcode::Bltu, Opcode::Bge]);
    let offset = || prop::sample::select(vec![8, 12, -8, 16]);
    prop_oneof![
        6 => (alu, register(), register(), register()).prop_map(|(op, rd, a, b)| word(op, rd, a, b, 0)),
        3 => (register(), register(), -2048..2048).prop_map(|(rd, a, imm)| word(Opcode::Addi, rd, a, 0, imm)),
        2 => (register(), 0..63i32).prop_map(|(value, slot)| word(Opcode::Sw, 0, 31, value, slot * 4)),
        2 => (register(), 0..63i32).prop_map(|(rd, slot)| word(Opcode::Lw, rd, 31, 0, slot * 4)),
        1 => (register(), 0..252i32).prop_map(|(rd, slot)| word(Opcode::Lbu, rd, 31, 0, slot)),
        1 => (branch, register(), register(), offset()).prop_map(|(op, a, b, imm)| word(op, 0, a, b, imm)),
        u32::from(place) => (register(), offset()).prop_map(|(rd, imm)| word(Opcode::Jal, rd, 0, 0, imm)),
        2 * u32::from(place) => (register(), 0..16).prop_map(|(rd, imm)| word(Opcode::Auipc, rd, 0, 0, imm << 12)),
    ]
}

fn sequence(place: bool) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(instruction(place), 1..40).prop_map(|body| {
        let mut words = vec![word(Opcode::Lui, 31, 0, 0, DATA as i32)];
        words.extend((5..16).map(|register| word(Opcode::Addi, register, 0, 0, i32::from(register) * 37)));
        words.extend(body);
        words
    })
}

proptest! {
    #[test]
    fn one_machine_never_differs_from_itself_wherever_the_code_lies(words in sequence(true), shift in 0u64..64) {
        let there = THERE + 4 * shift;
        let alignment = aligned(trace(&words, HERE, 3, &[]), trace(&words, there, 7, &[]), &words, [HERE, there]);
        // A jump to before the sequence runs through other code in each guest.
        prop_assert!(!matches!(alignment, Alignment::Parts(_)), "{alignment:?}");
    }

    #[test]
    fn a_wrong_value_is_found_where_it_is_written(words in sequence(false), pick in any::<prop::sample::Index>()) {
        let (here, mut there) = (trace(&words, HERE, 3, &[]), trace(&words, THERE, 7, &[]));
        let written: Vec<usize> = (0..there.len()).filter(|&at| there[at].rd.is_some()).collect();
        let at = written[pick.index(written.len())];
        there[at].rd.as_mut().unwrap().after.0 ^= 0x10;
        let first = parts(aligned(here, there, &words, [HERE, THERE]));
        // The nops before the sequence are not of it.
        prop_assert_eq!((first.index, first.parts), (at as u64 - 7, vec![FirstDifference::Register]));
    }
}
