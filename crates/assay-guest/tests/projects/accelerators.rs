//! The accelerators as a guest in C calls them, against known answers: natively all of them, elsewhere the shortest of each
//! outcome. What they compute is tested where guests in Rust call them; here it is that calls from C arrive, and what they
//! leave behind.

use assay_accelerators::{
    Function, TABLE,
    vectors::{KnownAnswer, known_answers},
};
use assay_guest::BuiltGuest;
use assay_spec::{Platform, platform::OPENVM_PUBLIC_VALUES_BYTES};

use super::{
    build,
    execution::{Did, Ended, TARGETS, did_on},
    write,
};

const GUEST: &str = include_str!("accelerators.c");

/// What an answer is an example of: a refusal, a yes, a no, or a result.
fn outcome(answer: &KnownAnswer) -> (Function, Option<u8>) {
    (answer.function, answer.output.as_ref().map(|output| if output.len() == 1 { output[0] } else { 2 }))
}

fn shortest(answers: &[KnownAnswer]) -> Vec<&KnownAnswer> {
    let mut sorted: Vec<_> = answers.iter().collect();
    sorted.sort_by_key(|answer| answer.encoded_inputs().len());
    let mut chosen: Vec<&KnownAnswer> = Vec::new();
    for answer in sorted {
        if chosen.iter().all(|other| outcome(other) != outcome(answer)) {
            chosen.push(answer);
        }
    }
    chosen
}

fn check(guest: &BuiltGuest, answer: &KnownAnswer) {
    let platform = guest.manifest.platform;
    let place = answer.function.signature().selector - TABLE[0].selector;
    let input = [&[place as u8], answer.encoded_inputs().as_slice()].concat();
    let mut output = answer.encoded_result();
    if platform == Platform::OpenVm {
        output.resize(OPENVM_PUBLIC_VALUES_BYTES, 0);
    }
    let expected = Did { output, end: Ended::Exit(0) };
    assert_eq!(did_on(guest, &input), expected, "{} {} on {platform}", answer.function, answer.name);
}

#[test]
fn calls_from_c_give_the_known_answers_natively_and_on_every_platform() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("accelerators_in_c");
    write(&folder, &[("main.c", GUEST)]);
    let answers = known_answers().unwrap();
    let shortest = shortest(&answers);
    // A result and a refusal of each but the hashes, which refuse nothing.
    assert!(shortest.len() > 2 * TABLE.len() - 4, "{}", shortest.len());
    for (platform, isa) in TARGETS {
        let built = build(&folder, platform, isa).unwrap_or_else(|error| panic!("{platform}: {error}"));
        match platform {
            Platform::Native => answers.iter().for_each(|answer| check(&built[0], answer)),
            _ => shortest.iter().for_each(|answer| check(&built[0], answer)),
        }
        let nothing = did_on(&built[0], &[19]);
        assert_eq!(nothing.end, Ended::Panic("main.c:179:\nthere is no such accelerator".to_owned()), "{platform}");
    }
}
