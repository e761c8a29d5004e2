//! What holds of every shrink, whatever the case and the predicate.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    sync::Mutex,
    time::Duration,
};

use assay_isa::{AssembleOptions, Isa, assemble, decode};
use assay_spec::{Digest, HexBytes, MemoryInit, Register, ShrinkAnswer, Word};
use proptest::prelude::*;
use serde_json::json;

use super::{weight::Weight, *};
use crate::generate::{Shape, sequence};

/// A predicate that is only thought of: some instructions have to be there in order, one register has to be great enough,
/// and beyond that it is a matter of luck, which is always the same for a case. Counts how often it is asked for each.
struct Whimsical {
    needed: Vec<u32>,
    register: Option<(Register, u64)>,
    /// Every so many cases it says no without a reason; 0 for never.
    refuses_one_in: u64,
    original: Digest,
    asked: Mutex<BTreeMap<Digest, u32>>,
}

impl Whimsical {
    fn new(original: &Case, needed: &[usize], refuses_one_in: u64) -> Self {
        let length = original.instructions.len();
        let places: BTreeSet<usize> = needed.iter().map(|place| place % length).collect();
        Self {
            needed: places.into_iter().map(|place| kind(original, original.instructions[place])).collect(),
            register: original.registers.iter().next().map(|(&register, value)| (register, value.0 / 3)),
            refuses_one_in,
            original: original.digest(),
            asked: Mutex::default(),
        }
    }

    fn holds(&self, case: &Case) -> bool {
        let digest = case.digest();
        let luck = u64::from_le_bytes(digest.0[..8].try_into().unwrap());
        let mut needed = self.needed.iter().peekable();
        for &word in &case.instructions {
            needed.next_if(|needed| **needed == kind(case, word));
        }
        let great = self
            .register
            .is_none_or(|(register, least)| case.registers.get(&register).map_or(0, |value| value.0) >= least);
        let refused = luck.checked_rem(self.refuses_one_in) == Some(0);
        digest == self.original || needed.peek().is_none() && great && !refused
    }

    fn asked(&self) -> BTreeMap<Digest, u32> {
        self.asked.lock().unwrap().clone()
    }
}

impl Predicate for Whimsical {
    fn test(&self, case: &Case) -> Answer {
        *self.asked.lock().unwrap().entry(case.digest()).or_default() += 1;
        if self.holds(case) { Answer::Interesting } else { Answer::Boring }
    }
}

fn kind(case: &Case, word: u32) -> u32 {
    decode(word, case.isa).map_or(word, |instruction| instruction.opcode as u32)
}

/// Keeps every state that it is given.
#[derive(Default)]
struct Journal {
    weights: Vec<Weight>,
    states: Vec<ShrinkState>,
}

impl Observer for Journal {
    fn accepted(&mut self, _: &ShrinkStep, best: &Case, state: &ShrinkState) {
        self.weights.push(Weight::of(best, Options::default().scratch));
        self.states.push(state.clone());
    }
}

fn case(seed: u64, length: usize) -> Case {
    let seed = sequence(&Shape { memory_bytes: 8, ..Shape::new(Isa::RV32IM, length) }, seed);
    let fields = json!({"list": [1, 2, {"n": length}], "on": true, "name": "name"});
    Case { fields: Some(fields), ..Case::from_seed(&seed, Isa::RV32IM).with_input(vec![3; 5]) }
}

fn workers(workers: usize) -> Options {
    Options { workers: NonZeroUsize::new(workers).unwrap(), ..Options::default() }
}

/// What of a result does not depend on how it came about.
fn result(shrunk: &Shrunk) -> (&Case, ShrinkEnd, &[ShrinkStep], u64, u64) {
    (&shrunk.best, shrunk.end, &shrunk.state.steps, shrunk.counts.to_reduce, shrunk.counts.to_canonicalise)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_result_is_interesting_and_smaller_step_by_step_and_no_case_is_tested_twice(
        seed in any::<u64>(), length in 4usize..60, needed in prop::collection::vec(any::<usize>(), 0..4), refuses in 0u64..5,
    ) {
        let original = case(seed, length);
        let predicate = Whimsical::new(&original, &needed, refuses);
        let mut journal = Journal::default();
        let shrunk = shrink(original.clone(), &predicate, &workers(2), &mut journal).unwrap();
        prop_assert_eq!(shrunk.end, ShrinkEnd::Minimal);
        prop_assert!(predicate.holds(&shrunk.best));
        let first = Weight::of(&original, Options::default().scratch);
        let weights: Vec<&Weight> = std::iter::once(&first).chain(&journal.weights).collect();
        prop_assert!(weights.windows(2).all(|pair| pair[1] < pair[0]));
        prop_assert!(predicate.asked().values().all(|asked| *asked == 1));
        prop_assert!(shrunk.state.tested.len() == predicate.asked().len());
        prop_assert_eq!(shrunk.best.metadata, original.metadata);
    }

    #[test]
    fn the_result_does_not_depend_on_the_number_of_workers(
        seed in any::<u64>(), length in 4usize..60, needed in prop::collection::vec(any::<usize>(), 0..4), refuses in 0u64..5,
        tests_max in prop_oneof![Just(Options::DEFAULT_TESTS_MAX), 1u64..80],
    ) {
        let original = case(seed, length);
        let results = [1, 2, 5].map(|count| {
            let predicate = Whimsical::new(&original, &needed, refuses);
            let options = Options { tests_max, ..workers(count) };
            shrink(original.clone(), &predicate, &options, &mut Unobserved).unwrap()
        });
        prop_assert_eq!(result(&results[0]), result(&results[1]));
        prop_assert_eq!(result(&results[0]), result(&results[2]));
        prop_assert!(results[0].counts.tests() <= tests_max);
    }

    #[test]
    fn a_shrink_that_was_interrupted_anywhere_ends_with_the_same_case(
        seed in any::<u64>(), length in 4usize..60, needed in prop::collection::vec(any::<usize>(), 0..4), refuses in 0u64..5,
        cut in any::<prop::sample::Index>(), tests_max in 1u64..100, killed in any::<bool>(),
    ) {
        let original = case(seed, length);
        let whole_predicate = Whimsical::new(&original, &needed, refuses);
        let mut journal = Journal::default();
        let whole = shrink(original.clone(), &whole_predicate, &Options::default(), &mut journal).unwrap();

        let predicate = Whimsical::new(&original, &needed, refuses);
        let options = Options { tests_max, ..Options::default() };
        let state = if killed && !journal.states.is_empty() {
            cut.get(&journal.states).clone()
        } else {
            shrink(original, &predicate, &options, &mut Unobserved).unwrap().state
        };
        // What is written and read again is what is meant.
        let state: ShrinkState = serde_json::from_slice(&serde_json::to_vec(&state).unwrap()).unwrap();
        let resumed = resume(&state, &predicate, &workers(3), &mut Unobserved).unwrap();
        prop_assert_eq!(result(&resumed), result(&whole));
        let known: BTreeSet<Digest> = state.tested.iter().map(|tested| tested.case).collect();
        prop_assert!(predicate.asked().values().all(|asked| *asked == 1));
        prop_assert!(!killed || journal.states.is_empty() || predicate.asked().keys().all(|case| !known.contains(case)));
    }

    #[test]
    fn a_flaky_predicate_ends_within_its_budget_with_the_best_case_that_was_confirmed(
        seed in any::<u64>(), length in 4usize..60, tests_max in 1u64..200, times in 1u32..5, off_by in 0u32..3,
    ) {
        let original = case(seed, length);
        let answers: Mutex<BTreeMap<Digest, Vec<bool>>> = Mutex::default();
        let first = original.digest();
        // Answers yes about two times in three, as case and attempt decide.
        let predicate = |case: &Case| {
            let digest = case.digest();
            let mut answers = answers.lock().unwrap();
            let given = answers.entry(digest).or_default();
            let yes = digest == first || !digest.0[given.len() % 32].is_multiple_of(3);
            given.push(yes);
            if yes { Answer::Interesting } else { Answer::Boring }
        };
        let holds = times.saturating_sub(off_by);
        let options = Options { tests_max, confirm: Confirm { times, holds }, ..Options::default() };
        let shrunk = shrink(original, &predicate, &options, &mut Unobserved).unwrap();
        let answers = answers.lock().unwrap();
        let calls: usize = answers.values().map(Vec::len).sum();
        // A case that was begun is finished.
        prop_assert!(calls as u64 <= tests_max + u64::from(times));
        prop_assert_eq!(calls as u64, shrunk.counts.predicate_calls);
        let given = &answers[&shrunk.best.digest()];
        prop_assert!(given[0] && given[1..].iter().filter(|yes| **yes).count() >= holds as usize);
    }
}

fn product_of(case: &Case) -> Answer {
    let product = case.disassembly().iter().any(|line| line.starts_with("mul "));
    if product { Answer::Interesting } else { Answer::Boring }
}

fn with_a_product(length: usize) -> Case {
    let mut case = case(1, length);
    // `mul x5, x6, x7`
    case.instructions[length / 2] = 0x0273_02b3;
    case
}

#[test]
fn what_is_not_interesting_to_begin_with_is_not_shrunk() {
    let boring = |_: &Case| Answer::Boring;
    let error = shrink(case(1, 9), &boring, &Options::default(), &mut Unobserved).unwrap_err();
    assert_eq!(error, ShrinkError::NotInteresting);
    let unresolved = |_: &Case| Answer::Unresolved("no runner".to_owned());
    let error = shrink(case(1, 9), &unresolved, &Options::default(), &mut Unobserved).unwrap_err();
    assert_eq!(error.to_string(), "the case to be shrunk could not be judged: no runner");
    let mut long = case(1, 9);
    long.instructions = vec![0x13; assay_guest::harness::BODY_INSTRUCTIONS_MAX + 1];
    let error = shrink(long, &product_of, &Options::default(), &mut Unobserved).unwrap_err();
    assert!(matches!(error, ShrinkError::TooLong { .. }));
}

#[test]
fn each_limit_is_named_as_the_end() {
    let cut = |options: &Options| shrink(with_a_product(40), &product_of, options, &mut Unobserved);
    let budget = cut(&Options { tests_max: 3, ..Options::default() }).unwrap();
    assert_eq!((budget.end, budget.counts.tests()), (ShrinkEnd::TestBudget, 3));
    assert_eq!(budget.state.end, Some(ShrinkEnd::TestBudget));
    let error = cut(&Options { wall: Some(Duration::ZERO), ..Options::default() }).unwrap_err();
    assert_eq!(error, ShrinkError::NotBegun(ShrinkEnd::Deadline));
    let options = Options::default();
    let cancelling = |case: &Case| {
        if case.instructions.len() < 40 {
            options.cancel.cancel();
        }
        product_of(case)
    };
    let shrunk = shrink(with_a_product(40), &cancelling, &options, &mut Unobserved).unwrap();
    assert_eq!(shrunk.end, ShrinkEnd::Cancelled);
}

#[test]
fn a_state_of_other_options_begins_with_the_best_case_and_tests_it_again() {
    let budget = Options { tests_max: 12, ..Options::default() };
    let half = shrink(with_a_product(40), &product_of, &budget, &mut Unobserved).unwrap();
    assert!(half.best.instructions.len() < 40);
    let asked = Mutex::new(Vec::new());
    let predicate = |case: &Case| {
        asked.lock().unwrap().push(case.clone());
        product_of(case)
    };
    let options = Options { confirm: Confirm::all(2), ..Options::default() };
    let resumed = resume(&half.state, &predicate, &options, &mut Unobserved).unwrap();
    let asked = asked.into_inner().unwrap();
    assert_eq!(asked[..3], [half.best.clone(), half.best.clone(), half.best]);
    assert_eq!(resumed.best.disassembly(), ["mul zero, zero, zero"]);
}

#[test]
fn a_state_for_an_unknown_isa_is_refused() {
    let mut state = shrink(with_a_product(9), &product_of, &Options::default(), &mut Unobserved).unwrap().state;
    state.isa = "rv128".to_owned();
    let error = resume(&state, &product_of, &Options::default(), &mut Unobserved).unwrap_err();
    assert_eq!(error, ShrinkError::UnknownIsa("rv128".to_owned()));
}

#[test]
fn what_cannot_be_judged_is_not_taken_and_is_written_down() {
    let predicate = |case: &Case| match case.input.len() {
        0..3 => Answer::Unresolved("too short for me".to_owned()),
        _ => Answer::Interesting,
    };
    let original = Case::empty(Isa::RV32IM).with_input(vec![9; 40]);
    let shrunk = shrink(original, &predicate, &Options::default(), &mut Unobserved).unwrap();
    assert_eq!(shrunk.best.input, [0, 0, 0]);
    assert!(shrunk.state.tested.iter().any(|tested| tested.answer == ShrinkAnswer::Unresolved));
}

#[test]
fn memory_is_dropped_cut_and_cleared() {
    let piece = |address: u64, bytes: &[u8]| MemoryInit { addr: Word(address), hex: HexBytes(bytes.to_vec()) };
    let mut original =
        Case { memory: vec![piece(0x1000, &[7; 9]), piece(0x40_0000, &[5; 300])], ..Case::empty(Isa::RV32IM) };
    original.instructions = vec![0x13];
    let needed = |case: &Case| {
        let byte = case.memory.iter().find_map(|piece| {
            let offset = 0x40_0080u64.checked_sub(piece.addr.0)?;
            piece.hex.0.get(offset as usize).copied()
        });
        if byte.is_some_and(|byte| byte >= 3) { Answer::Interesting } else { Answer::Boring }
    };
    let shrunk = shrink(original, &needed, &Options::default(), &mut Unobserved).unwrap();
    assert_eq!(shrunk.best.memory, [piece(0x40_0080, &[4])]);
    assert!(shrunk.best.instructions.is_empty());
    assert!(shrunk.counts.tests() < 60, "{:?}", shrunk.counts);
}

#[test]
fn an_instruction_whose_place_is_needed_becomes_a_nop() {
    let third_is_a_product = |case: &Case| match case.disassembly().get(2) {
        Some(line) if line.starts_with("mul ") => Answer::Interesting,
        _ => Answer::Boring,
    };
    let original = Case { instructions: with_a_product(5).instructions, ..Case::empty(Isa::RV32IM) };
    let shrunk = shrink(original, &third_is_a_product, &Options::default(), &mut Unobserved).unwrap();
    let nop = "addi zero, zero, 0";
    assert_eq!(shrunk.best.disassembly(), [nop, nop, "mul zero, zero, zero"]);
}

fn assembled(text: &str) -> Case {
    let words = assemble(text, &AssembleOptions::new(Isa::RV32IM, 0)).unwrap().words().unwrap();
    Case { instructions: words, ..Case::empty(Isa::RV32IM) }
}

#[test]
fn a_loop_is_kept_where_its_last_round_is_what_matters() {
    // Interesting only if the loop really runs three times: the reference machine counts the steps.
    let original = assembled(
        "addi x5, x0, 3\nnop\nloop: addi x6, x6, 1\nxor x7, x7, x6\naddi x5, x5, -1\nbne x5, x0, loop\nadd x8, x6, x6\n",
    );
    let three_rounds = |case: &Case| {
        let branch = case.disassembly().iter().position(|line| line.starts_with("bne"));
        let observed = observed::Observed::of(case, &Options::default());
        let rounds = branch.zip(observed).map_or(0, |(branch, observed)| observed.visits(branch).count());
        if rounds == 3 { Answer::Interesting } else { Answer::Boring }
    };
    let shrunk = shrink(original, &three_rounds, &Options::default(), &mut Unobserved).unwrap();
    assert_eq!(shrunk.best.disassembly(), ["addi t0, t0, -1", "bne t0, zero, -4"]);
    assert_eq!(shrunk.best.registers.values().map(|value| value.0).collect::<Vec<_>>(), [3]);
}

#[test]
fn the_visit_that_goes_wrong_is_found_at_once_where_it_is_known() {
    let original =
        assembled("addi x5, x0, 5\nloop: mul x7, x5, x5\naddi x5, x5, -1\nbne x5, x0, loop\nadd x8, x7, x7\n");
    // Wrong about 3 times 3 only: neither the first nor the last round.
    let nine = |case: &Case| {
        let program = program::Program::of(case);
        let squares = observed::Observed::of(case, &Options::default()).is_some_and(|observed| {
            let products = (0..case.instructions.len()).filter(|&index| case.disassembly()[index].starts_with("mul"));
            let steps = products.flat_map(|index| observed.visits(index).collect::<Vec<_>>());
            steps
                .into_iter()
                .any(|step| observed.window(case, &program, step, 1).registers.values().any(|value| value.0 == 3))
        });
        if squares { Answer::Interesting } else { Answer::Boring }
    };
    let known = Options { focus: Some(Focus { index: 1, visit: Some(2) }), ..Options::default() };
    let unknown = Options { focus: Some(Focus::at(1)), ..Options::default() };
    let [known, unknown] =
        [known, unknown].map(|options| shrink(original.clone(), &nine, &options, &mut Unobserved).unwrap());
    assert_eq!(known.best.instructions.len(), 1);
    assert_eq!(known.state.steps[0].tests, 2, "{:?}", known.state.steps);
    assert!(known.best.registers.values().all(|value| value.0 == 3));
    assert_eq!(unknown.best, known.best);
    assert!(unknown.counts.to_reduce > known.counts.to_reduce);
}

#[test]
fn blocks_of_a_long_sequence_go_first() {
    let seed = sequence(&Shape::new(Isa::RV32IM, 1000), 5);
    let mut original = Case::from_seed(&seed, Isa::RV32IM);
    // Products that go nowhere, so that no look at values finds them: `mul x0, x6, x7` and the like.
    let needed = [(100usize, 0x0273_0033), (500, 0x0253_8033), (900, 0x0262_8033)];
    for (place, word) in needed {
        original.instructions[place] = word;
    }
    let predicate = |case: &Case| {
        let mut needed = needed.iter().peekable();
        for word in &case.instructions {
            needed.next_if(|needed| needed.1 == *word);
        }
        if needed.peek().is_none() { Answer::Interesting } else { Answer::Boring }
    };
    let shrunk = shrink(original, &predicate, &Options::default(), &mut Unobserved).unwrap();
    assert_eq!(shrunk.best.instructions.len(), 3);
    assert!(shrunk.state.steps.iter().any(|step| step.change.contains("basic blocks")));
    assert!(shrunk.counts.to_reduce < 120, "{:?}", shrunk.counts);
}

#[test]
fn the_observer_hears_of_each_step_as_the_state_has_it() {
    struct Steps(RefCell<Vec<ShrinkStep>>);
    impl Observer for Steps {
        fn accepted(&mut self, step: &ShrinkStep, best: &Case, state: &ShrinkState) {
            assert_eq!(state.best, best.record());
            assert_eq!(state.steps.last(), Some(step));
            assert_eq!(step.case, best.digest());
            self.0.borrow_mut().push(step.clone());
        }
    }
    let mut steps = Steps(RefCell::default());
    let shrunk = shrink(with_a_product(40), &product_of, &Options::default(), &mut steps).unwrap();
    assert_eq!(shrunk.state.steps, steps.0.into_inner());
    assert_eq!(shrunk.best.disassembly(), ["mul zero, zero, zero"]);
}
