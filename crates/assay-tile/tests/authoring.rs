//! Tiles and sequences as their authors write them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assay_tile::{
    CLAIM_BYTES, Claim, ClaimError, Failure, FailureKind, InputBinding, Publish, RUNTIME_VERSION, Sequence as _,
    Status, Tile, answer, frame, respond, sequence, tile, tile_digest,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// Doubles a number.
///
/// Not in the description.
#[tile(budget = 100_000)]
fn double(number: u64) -> u64 {
    number.wrapping_mul(2)
}

/// Adds.
#[tile(name = "sum", description = "Adds three numbers.")]
fn add_three(a: u64, (b, c): (u64, u64)) -> u64 {
    a.wrapping_add(b).wrapping_add(c)
}

#[tile]
fn forty_two() -> u64 {
    42
}

#[derive(Debug, PartialEq, Serialize, Deserialize, assay_tile::Failure)]
enum DivisionError {
    #[failure("{dividend} cannot be divided by zero")]
    ByZero { dividend: u64 },
}

#[tile]
fn divide(dividend: u64, divisor: u64) -> Result<u64, DivisionError> {
    dividend.checked_div(divisor).ok_or(DivisionError::ByZero { dividend })
}

/// What a hundred is divided by.
#[tile]
fn with_hundred(divisor: u64) -> (u64, u64) {
    (100, divisor)
}

/// A hundred, divided.
#[sequence(double, with_hundred, divide)]
fn divided_hundred(half: u64) -> u64;

#[sequence(forty_two, double)]
fn eighty_four() -> u64;

#[test]
fn a_tile_says_what_it_is() {
    assert_eq!(
        (double::ID, double::DESCRIPTION, double::BUDGET_CYCLES),
        ("double", "Doubles a number.", Some(100_000))
    );
    assert_eq!((add_three::ID, add_three::DESCRIPTION, add_three::BUDGET_CYCLES), ("sum", "Adds three numbers.", None));
    assert_eq!((forty_two::ID, forty_two::DESCRIPTION), ("forty-two", ""));
    assert_eq!((double::PACKAGE, double::VERSION), ("assay-tile", env!("CARGO_PKG_VERSION")));
}

#[test]
fn arguments_are_none_one_or_a_tuple_in_postcard() {
    let output = |bytes: &[u8]| postcard::from_bytes::<u64>(bytes).unwrap();
    let input = postcard::to_allocvec(&300u64).unwrap();
    let doubled = answer::<double>(&input);
    assert_eq!((doubled.status, output(&doubled.bytes)), (Status::Ok, 600));
    let input = postcard::to_allocvec(&(1u64, (2u64, 3u64))).unwrap();
    assert_eq!(output(&answer::<add_three>(&input).bytes), 6);
    assert_eq!(output(&answer::<forty_two>(&[]).bytes), 42);
}

fn failure(bytes: &[u8]) -> Failure {
    postcard::from_bytes(bytes).unwrap()
}

#[test]
fn an_error_comes_with_its_kind_its_message_and_itself() {
    let failed = answer::<divide>(&postcard::to_allocvec(&(7u64, 0u64)).unwrap());
    assert_eq!(failed.status, Status::TileFailed);
    let failure = failure(&failed.bytes);
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Tile, "7 cannot be divided by zero"));
    assert_eq!(postcard::from_bytes::<DivisionError>(&failure.error).unwrap(), DivisionError::ByZero { dividend: 7 });
}

#[test]
fn bytes_that_are_no_arguments_are_a_failure_of_their_own_kind() {
    for (bytes, says) in
        [(&[0x80][..], "1 bytes are no input"), (&[1, 2], "1 bytes follow the 1 that tile double takes")]
    {
        let failed = answer::<double>(bytes);
        let failure = failure(&failed.bytes);
        assert_eq!((failed.status, failure.kind), (Status::BadInput, FailureKind::Input));
        assert!(failure.message.starts_with(says), "{}", failure.message);
    }
}

#[test]
fn a_sequence_feeds_each_tile_what_the_one_before_gave_and_ends_at_a_failure() {
    assert_eq!(divided_hundred(5).unwrap(), 10);
    let failed = divided_hundred(0).unwrap_err();
    assert_eq!((failed.tile, failed.message.as_str()), ("divide", "100 cannot be divided by zero"));
    assert_eq!(divided_hundred::TILES, ["double", "with-hundred", "divide"]);
    assert_eq!(divided_hundred::DESCRIPTION, "A hundred, divided.");
    assert_eq!(eighty_four().unwrap(), 84);
}

fn digest_of<T: Tile>() -> [u8; 32] {
    tile_digest(T::PACKAGE, T::VERSION, T::ID)
}

#[test]
fn a_claim_says_which_tile_answered_what_to_which_input() {
    let input = postcard::to_allocvec(&(7u64, 2u64)).unwrap();
    let ended = respond(&frame(&input, None).unwrap(), digest_of::<divide>(), Publish::Claim, answer::<divide>);
    let (claim, output) = Claim::decode(&ended.public, false).unwrap();
    assert_eq!(ended.exit_code, 0);
    assert_eq!((claim.tile, claim.runtime_version), (digest_of::<divide>(), RUNTIME_VERSION));
    assert_eq!((claim.input, claim.status), (InputBinding::of(&input, None), Status::Ok));
    assert_eq!(output, [3]);
    assert_ne!(digest_of::<divide>(), digest_of::<double>());
    assert_ne!(tile_digest("a", "bc", "d"), tile_digest("ab", "c", "d"), "parts do not run together");
}

#[test]
fn failures_are_claimed_like_outputs_and_plain_programs_exit_with_them() {
    let input = postcard::to_allocvec(&(7u64, 0u64)).unwrap();
    let framed = frame(&input, None).unwrap();
    let ended = respond(&framed, digest_of::<divide>(), Publish::Claim, answer::<divide>);
    let (claim, bytes) = Claim::decode(&ended.public, false).unwrap();
    assert_eq!((ended.exit_code, claim.status, failure(bytes).kind), (0, Status::TileFailed, FailureKind::Tile));
    let plain = respond(&framed, digest_of::<divide>(), Publish::Plain, answer::<divide>);
    assert_eq!((plain.public.len(), plain.exit_code), (0, 1));
    assert_eq!(plain.failure.unwrap().status, Status::TileFailed);
    let whole = respond(&frame(&[8, 2], None).unwrap(), digest_of::<divide>(), Publish::Plain, answer::<divide>);
    assert_eq!((whole.public.as_slice(), whole.exit_code), (&[4][..], 0), "the output and nothing else");
}

#[test]
fn a_frame_that_is_none_is_a_failure_about_all_that_was_given() {
    let salted = frame(&[1], Some(&[7; 32])).unwrap();
    for bytes in [&[1, 0][..], &[9, 0, 0, 0, 1], &[1, 0, 0, 0, 5, 6], &salted[..salted.len() - 1]] {
        let ended = respond(bytes, digest_of::<double>(), Publish::Claim, answer::<double>);
        let (claim, answer) = Claim::decode(&ended.public, false).unwrap();
        assert_eq!((claim.status, failure(answer).kind), (Status::BadFrame, FailureKind::Frame), "{bytes:?}");
        assert_eq!(claim.input, InputBinding::of(bytes, None));
    }
}

#[test]
fn a_private_input_is_bound_by_a_commitment_that_needs_its_salt() {
    let input = postcard::to_allocvec(&21u64).unwrap();
    let claim = |salt: [u8; 32]| {
        let framed = frame(&input, Some(&salt)).unwrap();
        let ended = respond(&framed, digest_of::<double>(), Publish::Claim, answer::<double>);
        let (claim, output) = Claim::decode(&ended.public, false).unwrap();
        assert_eq!(output, [42]);
        claim.input
    };
    assert_eq!(claim([1; 32]), InputBinding::of(&input, Some(&[1; 32])));
    assert!(matches!(claim([1; 32]), InputBinding::Commitment(_)));
    assert_ne!(claim([1; 32]).bytes(), claim([2; 32]).bytes());
    assert_ne!(claim([1; 32]).bytes(), InputBinding::of(&input, None).bytes());
}

proptest! {
    #[test]
    fn what_a_claim_encodes_it_decodes_and_any_other_length_is_refused(
        tile: [u8; 32], runtime_version: u32, input: [u8; 32], private: bool, status in 0usize..4, answer: Vec<u8>, extra in 1usize..4,
    ) {
        let status = [Status::Ok, Status::TileFailed, Status::BadInput, Status::BadFrame][status];
        let input = if private { InputBinding::Commitment(input) } else { InputBinding::Digest(input) };
        let claim = Claim { tile, runtime_version, input, status, length: answer.len() as u32 };
        let mut public = claim.encode().to_vec();
        public.extend_from_slice(&answer);
        prop_assert_eq!(Claim::decode(&public, false), Ok((claim, &answer[..])));
        public.extend(vec![0; extra]);
        prop_assert_eq!(Claim::decode(&public, true), Ok((claim, &answer[..])));
        let refused = matches!(Claim::decode(&public, false), Err(ClaimError::Length { .. }));
        prop_assert!(refused);
        *public.last_mut().unwrap() = 1;
        prop_assert!(Claim::decode(&public, true).is_err());
    }

    #[test]
    fn no_bytes_make_a_claim_or_a_tile_panic(bytes: Vec<u8>) {
        let _ = Claim::decode(&bytes, true);
        let ended = respond(&bytes, [0; 32], Publish::Claim, answer::<divide>);
        prop_assert!(ended.public.len() >= CLAIM_BYTES);
    }
}
