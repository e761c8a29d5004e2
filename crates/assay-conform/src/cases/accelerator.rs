//! Known answers of the accelerators, through the guest that calls them.
//!
//! Of what takes a guest without a precompile millions of instructions there is one answer for each outcome: a result, a
//! refusal, yes and no. Of hashes there are all.

use assay_accelerators::{
    Function, TABLE,
    vectors::{KnownAnswer, known_answers},
};

use crate::case::{Case, Expect, Group, Program, Target};

/// The guest that calls accelerators.
const CORE: &str = "accelerators";

/// What is cheap wherever it is computed.
const CHEAP: [Function; 4] = [Function::Keccak256, Function::Sha256, Function::Ripemd160, Function::Blake2f];

/// Longest input of a call here, in bytes: what takes longer to read than to compute shows nothing more.
const INPUT_BYTES_MAX: usize = 4096;

/// # Panics
///
/// If the known answers are malformed, which their own tests rule out: they are a part of the program.
pub(super) fn cases(_: Target) -> Vec<Case> {
    let answers = known_answers().expect("the known answers are well-formed");
    let mut chosen: Vec<&KnownAnswer> = Vec::new();
    let mut sorted: Vec<_> = answers.iter().filter(|answer| answer.encoded_inputs().len() <= INPUT_BYTES_MAX).collect();
    sorted.sort_by_key(|answer| (place(answer), answer.encoded_inputs().len()));
    for answer in sorted {
        let is_like = |other: &&&KnownAnswer| (other.function, outcome(other)) == (answer.function, outcome(answer));
        if CHEAP.contains(&answer.function) || !chosen.iter().any(|other| is_like(&other)) {
            chosen.push(answer);
        }
    }
    chosen.into_iter().map(case).collect()
}

/// The number of the function that the guest knows it by.
fn place(answer: &KnownAnswer) -> u64 {
    answer.function.signature().selector - TABLE[0].selector
}

/// What an answer is an example of.
#[derive(PartialEq)]
enum Outcome {
    Refused,
    Said(u8),
    Gave,
}

fn outcome(answer: &KnownAnswer) -> Outcome {
    match answer.output.as_deref() {
        None => Outcome::Refused,
        Some(&[said]) => Outcome::Said(said),
        Some(_) => Outcome::Gave,
    }
}

fn case(answer: &KnownAnswer) -> Case {
    let bytes = answer.encoded_inputs();
    // As postcard has it: the number, the length in groups of seven bits, the bytes.
    let mut input = vec![place(answer) as u8];
    let mut length = bytes.len();
    while length >= 0x80 {
        input.push(length as u8 | 0x80);
        length >>= 7;
    }
    input.push(length as u8);
    input.extend(bytes);
    let name = format!("{}-{}", answer.function, answer.name);
    let expect = Expect::ok(answer.encoded_result());
    Case::new(Group::Accelerator, &name, &answer.source, Program::Core(CORE), expect).with_input(input)
}
