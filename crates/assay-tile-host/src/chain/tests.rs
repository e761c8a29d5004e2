//! Each way to make something else of the proofs of a sequence, on claims as programs make them.

use assay_spec::{
    HexBytes, SequenceLink, TileAbi, TileAnswer, TileInput, TilePublish, TileReceipt, schema::Versioned as _,
    tile_sequence::SequenceTile,
};
use assay_tile::{Answer, Publish, SALT_BYTES, frame, respond, tile_digest};
use proptest::prelude::*;

use super::*;

const PACKAGE: &str = "numbers";
const VERSION: &str = "0.1.0";

/// A tile, its entry, and the method id of its program.
type Program = (&'static str, fn(&[u8]) -> Answer, &'static str);

const DOUBLE: Program = ("double", |input| number(input, |n| Some(n.wrapping_mul(2))), "aa");
const INCREMENT: Program = ("increment", |input| number(input, |n| Some(n.wrapping_add(1))), "bb");
const BELOW_TEN: Program = ("below-ten", |input| number(input, |n| (n < 10).then_some(n)), "cc");
const SEQUENCE: [Program; 3] = [INCREMENT, DOUBLE, BELOW_TEN];

fn number(input: &[u8], of: fn(u32) -> Option<u32>) -> Answer {
    let given = input.try_into().map(u32::from_le_bytes).unwrap();
    match of(given) {
        Some(given) => Answer { status: Status::Ok, bytes: given.to_le_bytes().to_vec() },
        None => Answer { status: Status::TileFailed, bytes: b"too great".to_vec() },
    }
}

fn prove((id, entry, method): Program, input: &[u8], salt: Option<&[u8; SALT_BYTES]>) -> Proved {
    let digest = tile_digest(PACKAGE, VERSION, id);
    let ended = respond(&frame(input, salt).unwrap(), digest, Publish::Claim, entry);
    Proved::new(method.into(), &ended.public, false).unwrap()
}

/// The proofs of `programs` on `input`, up to the one that fails.
fn run(programs: &[Program], input: u32, salt: Option<&[u8; SALT_BYTES]>) -> Vec<Proved> {
    let mut proofs: Vec<Proved> = Vec::new();
    for (index, &program) in programs.iter().enumerate() {
        let proved = match proofs.last() {
            None => prove(program, &input.to_le_bytes(), salt),
            Some(before) => prove(program, &before.answer, None),
        };
        proofs.push(proved);
        if proofs[index].claim.status != Status::Ok {
            break;
        }
    }
    proofs
}

fn known(programs: &[Program]) -> KnownSequence {
    let tile = |&(id, ..): &Program| (id.to_owned(), Digest(tile_digest(PACKAGE, VERSION, id)));
    KnownSequence {
        package: PACKAGE.into(),
        version: VERSION.into(),
        id: "both".into(),
        tiles: programs.iter().map(tile).collect(),
    }
}

/// The file that belongs to these proofs of the first of `programs`; whether they are one run is not looked at.
fn file(programs: &[Program], proofs: &[Proved]) -> SequenceReceipt {
    let known = known(programs);
    let mut chain = known.start();
    let mut steps = Vec::new();
    for (&(id, ..), proved) in programs.iter().zip(proofs) {
        chain = link(&chain, proved);
        steps.push(SequenceLink { tile: receipt(id, proved), output_digest: proved.output_digest(), chain });
    }
    let tiles = known.tiles.iter();
    SequenceReceipt {
        schema: SequenceReceipt::tag(),
        sequence_id: known.id.clone(),
        package: known.package.clone(),
        package_version: known.version.clone(),
        tiles: tiles.map(|(id, digest)| SequenceTile { tile_id: id.clone(), tile_digest: *digest }).collect(),
        steps,
        commitment: chain,
    }
}

fn receipt(id: &str, proved: &Proved) -> TileReceipt {
    let unknown = || Err("not described".to_owned());
    TileReceipt {
        schema: TileReceipt::tag(),
        tile_id: id.into(),
        package: PACKAGE.into(),
        package_version: VERSION.into(),
        tile_digest: Digest(proved.claim.tile),
        runtime_version: proved.claim.runtime_version,
        backend: "zk".into(),
        backend_version: "1".into(),
        method_id: proved.method_id.clone(),
        publish: TilePublish::Claim,
        input: TileInput::Digest(Digest(*proved.claim.input.bytes())),
        answer: TileAnswer::Output { value: None, bytes: HexBytes(proved.answer.clone()) },
        abi: TileAbi { input: unknown(), output: unknown(), error: unknown() },
        receipt_file: format!("{id}.receipt"),
        receipt_digest: Digest::of(b""),
        proof_device: None,
    }
}

/// What is said of these proofs with the file that would belong to them if they were one run.
fn judged(programs: &[Program], proofs: &[Proved]) -> Result<(), ChainError> {
    check(&file(programs, proofs), proofs)
}

#[test]
fn a_run_of_the_sequence_is_accepted() {
    let proofs = run(&SEQUENCE, 3, None);
    let file = file(&SEQUENCE, &proofs);
    assert_eq!(proofs[2].answer, 8_u32.to_le_bytes());
    assert_eq!(check(&file, &proofs), Ok(()));
    assert_eq!(is_of(&file, &known(&SEQUENCE)), Ok(()));
    assert_eq!(is_committed_to(&file, file.commitment), Ok(()));
}

#[test]
fn the_commitment_is_what_it_always_was() {
    let proofs = run(&SEQUENCE, 3, None);
    let expected = "6aa38c31f37e34b0c2b4b67db16382ab2e47cf48747fbdb6f7788bb12987d61a";
    assert_eq!(file(&SEQUENCE, &proofs).commitment.to_string(), expected);
}

#[test]
fn only_the_first_input_may_be_private() {
    let salt = [7; SALT_BYTES];
    let mut proofs = run(&SEQUENCE, 3, Some(&salt));
    assert_eq!(judged(&SEQUENCE, &proofs), Ok(()));
    proofs[1] = prove(DOUBLE, &proofs[0].answer, Some(&salt));
    assert_eq!(judged(&SEQUENCE, &proofs), Err(ChainError::Hidden { step: 2 }));
}

#[test]
fn reordered_proofs_are_rejected() {
    let mut proofs = run(&SEQUENCE, 3, None);
    proofs.swap(0, 1);
    assert!(matches!(judged(&SEQUENCE, &proofs), Err(ChainError::Tile { step: 1, .. })));
    // With a file that lists the tiles in that order, too.
    let swapped = [DOUBLE, INCREMENT, BELOW_TEN];
    assert!(matches!(judged(&swapped, &proofs), Err(ChainError::Input { step: 2, .. })));
    // And where the tile is the same one: the digests tell the steps apart.
    let twice = [DOUBLE, DOUBLE];
    let mut proofs = run(&twice, 3, None);
    proofs.swap(0, 1);
    assert!(matches!(judged(&twice, &proofs), Err(ChainError::Input { step: 2, .. })));
}

#[test]
fn a_dropped_tile_is_rejected() {
    let proofs = run(&SEQUENCE, 3, None);
    let whole = file(&SEQUENCE, &proofs);
    // Its proof alone.
    assert_eq!(check(&whole, &proofs[..2]), Err(ChainError::Proofs { links: 3, proofs: 2 }));
    // The link with it, at the end: the list of tiles says that there is one more.
    assert_eq!(judged(&SEQUENCE, &proofs[..2]), Err(ChainError::CutOff { proved: 2, tiles: 3 }));
    // At the front.
    assert!(matches!(judged(&SEQUENCE, &proofs[1..]), Err(ChainError::Tile { step: 1, .. })));
    // In the midst, with a file of such a sequence: its neighbours do not fit.
    let without = [INCREMENT, BELOW_TEN];
    let dropped = [proofs[0].clone(), proofs[2].clone()];
    assert!(matches!(judged(&without, &dropped), Err(ChainError::Input { step: 2, .. })));
    // A shorter sequence that is one run is another sequence, and has another commitment.
    let shorter = run(&without, 3, None);
    let file = file(&without, &shorter);
    assert_eq!(check(&file, &shorter), Ok(()));
    assert_eq!(
        is_of(&file, &known(&SEQUENCE)),
        Err(ChainError::OtherLength { sequence: "both".into(), expected: 3, found: 2 })
    );
    assert!(matches!(is_committed_to(&file, whole.commitment), Err(ChainError::OtherCommitment { .. })));
}

#[test]
fn nothing_at_all_is_no_proof() {
    assert_eq!(judged(&SEQUENCE, &[]), Err(ChainError::Length { links: 0, tiles: 3 }));
    assert_eq!(judged(&[], &[]), Err(ChainError::Length { links: 0, tiles: 0 }));
    let long = vec![DOUBLE; TILES_MAX + 1];
    let proofs = run(&long, 0, None);
    assert!(matches!(judged(&long, &proofs), Err(ChainError::Length { .. })));
}

#[test]
fn a_swapped_tile_is_rejected() {
    let mut proofs = run(&SEQUENCE, 3, None);
    proofs[1] = prove(INCREMENT, &proofs[0].answer, None);
    assert!(matches!(judged(&SEQUENCE, &proofs), Err(ChainError::Tile { step: 2, .. })));
    // With a file that lists the tile: such a sequence is not the crate's.
    let other = [INCREMENT, INCREMENT, BELOW_TEN];
    let proofs = run(&other, 3, None);
    let file = file(&other, &proofs);
    assert_eq!(check(&file, &proofs), Ok(()));
    assert!(matches!(is_of(&file, &known(&SEQUENCE)), Err(ChainError::OtherTile { step: 2, .. })));
}

#[test]
fn another_program_of_the_same_tile_has_another_commitment() {
    let proofs = run(&SEQUENCE, 3, None);
    let expected = file(&SEQUENCE, &proofs).commitment;
    let mut other = proofs.clone();
    other[1].method_id = "ab".into();
    assert!(matches!(check(&file(&SEQUENCE, &proofs), &other), Err(ChainError::Link { step: 2, .. })));
    let file = file(&SEQUENCE, &other);
    assert_eq!(check(&file, &other), Ok(()), "which program a tile has is for who verifies its receipt");
    assert!(matches!(is_committed_to(&file, expected), Err(ChainError::OtherCommitment { .. })));
}

#[test]
fn a_duplicated_tile_is_rejected() {
    let proofs = run(&SEQUENCE, 3, None);
    let twice = [proofs[0].clone(), proofs[0].clone(), proofs[1].clone(), proofs[2].clone()];
    // As one link too many.
    let mut longer = file(&SEQUENCE, &proofs);
    longer.steps.insert(0, longer.steps[0].clone());
    assert_eq!(check(&longer, &twice), Err(ChainError::Length { links: 4, tiles: 3 }));
    // With a file of such a sequence.
    let listed = [INCREMENT, INCREMENT, DOUBLE, BELOW_TEN];
    assert!(matches!(judged(&listed, &twice), Err(ChainError::Input { step: 2, .. })));
    // In the place of the one behind it.
    let instead = [proofs[0].clone(), proofs[0].clone(), proofs[2].clone()];
    assert!(matches!(judged(&SEQUENCE, &instead), Err(ChainError::Tile { step: 2, .. })));
}

#[test]
fn a_proof_of_another_run_is_rejected_at_every_step() {
    let (proofs, others) = (run(&SEQUENCE, 3, None), run(&SEQUENCE, 2, None));
    for step in 1..=3 {
        let mut mixed = proofs.clone();
        mixed[step - 1] = others[step - 1].clone();
        // As the file was, and with one that is made for it.
        let stated = check(&file(&SEQUENCE, &proofs), &mixed).unwrap_err();
        match (step, &stated) {
            (1, ChainError::Link { step: 1, .. }) => {}
            (_, ChainError::Input { step: found, .. }) => assert_eq!(*found, step),
            _ => panic!("step {step}: {stated}"),
        }
        assert!(matches!(judged(&SEQUENCE, &mixed), Err(ChainError::Input { .. })), "step {step}");
    }
    // All of them: a sound proof, of something else.
    let commitment = file(&SEQUENCE, &proofs).commitment;
    let other = file(&SEQUENCE, &others);
    assert_eq!(check(&other, &others), Ok(()));
    assert!(matches!(is_committed_to(&other, commitment), Err(ChainError::OtherCommitment { .. })));
}

#[test]
fn a_failure_ends_a_sequence_and_is_proved_as_one() {
    // 5 becomes 6, becomes 12, which is too great; then nothing may follow.
    let longer = [INCREMENT, DOUBLE, BELOW_TEN, DOUBLE];
    let proofs = run(&longer, 5, None);
    assert_eq!((proofs.len(), proofs[2].claim.status), (3, Status::TileFailed));
    assert_eq!(judged(&longer, &proofs), Ok(()));
    let four = 4_u32.to_le_bytes();
    for follows in [prove(DOUBLE, &four, None), Proved { answer: Vec::new(), ..prove(DOUBLE, &four, None) }] {
        let more = [&proofs[..], &[follows]].concat();
        assert_eq!(judged(&longer, &more), Err(ChainError::AfterFailure { step: 3 }));
    }
    // A failure is not told as an output of the same bytes.
    let mut told = proofs.clone();
    told[2].claim.status = Status::Ok;
    assert!(matches!(check(&file(&longer, &proofs), &told), Err(ChainError::Link { step: 3, .. })));
}

/// Something that is done to a file.
type Change = fn(&mut SequenceReceipt);

#[test]
fn a_file_that_says_something_else_than_its_proofs_is_rejected() {
    let proofs = run(&SEQUENCE, 3, None);
    let changed = |change: Change| {
        let mut file = file(&SEQUENCE, &proofs);
        change(&mut file);
        check(&file, &proofs).unwrap_err()
    };
    let other = || Digest::of(b"other");
    let cases: [(Change, &str); 8] = [
        (|file| file.sequence_id = "other".into(), "the chain of step 1"),
        (|file| file.package_version = "0.2.0".into(), "the chain of step 1"),
        (|file| file.package = "other".into(), "the chain of step 1"),
        (|file| file.tiles[0].tile_id = "other".into(), "its link names the tile increment"),
        (|file| file.steps[2].tile.tile_id = "other".into(), "its link names the tile other"),
        (|file| file.tiles.push(file.tiles[0].clone()), "the chain of step 1"),
        (|file| file.steps[1].output_digest = Digest::of(b"other"), "the output's digest of step 2"),
        (|file| file.steps[1].chain = Digest::of(b"other"), "the chain of step 2"),
    ];
    for (change, expected) in cases {
        let error = changed(change).to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let error = changed(|file| file.commitment = Digest::of(b"other"));
    assert_eq!(error, ChainError::Commitment { expected: file(&SEQUENCE, &proofs).commitment, found: other() });
}

#[test]
fn a_file_of_another_sequence_is_not_the_crates() {
    let file = file(&SEQUENCE, &run(&SEQUENCE, 3, None));
    let known = known(&SEQUENCE);
    for other in [
        KnownSequence { package: "others".into(), ..known.clone() },
        KnownSequence { version: "0.1.1".into(), ..known.clone() },
        KnownSequence { id: "neither".into(), ..known.clone() },
    ] {
        assert!(matches!(is_of(&file, &other), Err(ChainError::OtherSequence { .. })));
        assert_ne!(other.start(), known.start());
    }
    let mut tiles = known.clone();
    tiles.tiles[1].1 = Digest::of(b"another version of it");
    assert!(matches!(is_of(&file, &tiles), Err(ChainError::OtherTile { step: 2, .. })));
}

/// Something that is done to a list of proofs.
#[derive(Clone, Debug)]
enum Act {
    Swap(usize, usize),
    Drop(usize),
    Repeat(usize, usize),
    Replace(usize, u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0_usize..3, 0_usize..3).prop_map(|(one, other)| Act::Swap(one, other)),
        (0_usize..3).prop_map(Act::Drop),
        (0_usize..3, 0_usize..3).prop_map(|(from, to)| Act::Repeat(from, to)),
        (0_usize..3, 0_u32..4).prop_map(|(at, input)| Act::Replace(at, input)),
    ]
}

proptest! {
    /// Whatever is done to the proofs, they are accepted only while they are those of the run.
    #[test]
    fn only_the_proofs_of_one_run_in_their_order_are_accepted(
        input in 0_u32..4,
        acts in proptest::collection::vec(act(), 0..4),
    ) {
        let proofs = run(&SEQUENCE, input, None);
        let mut changed = proofs.clone();
        for act in acts {
            let has = |at: usize| at < changed.len();
            match act {
                Act::Swap(one, other) if has(one) && has(other) => changed.swap(one, other),
                Act::Drop(at) if has(at) => drop(changed.remove(at)),
                Act::Repeat(from, to) if has(from) && has(to) => changed.insert(to, changed[from].clone()),
                Act::Replace(at, input) if has(at) => changed[at] = run(&SEQUENCE, input, None)[at].clone(),
                _ => {}
            }
        }
        let accepted = check(&file(&SEQUENCE, &proofs), &changed).is_ok();
        prop_assert_eq!(accepted, changed == proofs);
    }
}
