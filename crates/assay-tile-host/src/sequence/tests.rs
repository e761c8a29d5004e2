//! Sequences from run to verification, on a zkVM of this process.

mod kept;
mod zkvm;

use assay_backend::{Backend, Limits};
use assay_spec::{
    Digest, Receipt, SequenceReceipt, TileAnswer, TileFailureKind, TileInput, TilePublish, TileReceipt,
    tile_sequence::{SequenceCheck, SequenceVerdict, SequenceVerification},
    tile_verification::TileProgramBinding,
};
use assay_tile::tile_digest;

use self::zkvm::{Acts, CYCLES, Checker, PACKAGE, VERSION, Zkvm, artifact};
use super::*;
use crate::proofs::receipt_name;

/// What the tiles of a test's sequence are, and on which of the zkVMs `one` and `two` each of them runs.
type Listed<'a> = &'a [(&'a str, usize)];

const SEQUENCE: [(&str, usize); 3] = [("increment", 0), ("double", 1), ("below-ten", 0)];
const NAMES: [&str; 2] = ["one", "two"];

fn known(listed: Listed<'_>) -> KnownSequence {
    let tile = |&(id, _): &(&str, usize)| (id.to_owned(), Digest(tile_digest(PACKAGE, VERSION, id)));
    KnownSequence {
        package: PACKAGE.into(),
        version: VERSION.into(),
        id: "both".into(),
        tiles: listed.iter().map(tile).collect(),
    }
}

fn artifacts(listed: Listed<'_>) -> Vec<Artifact> {
    listed.iter().map(|&(id, backend)| artifact(NAMES[backend], id)).collect()
}

fn steps<'a>(listed: Listed<'_>, artifacts: &'a [Artifact]) -> Vec<Step<'a>> {
    let step = |(artifact, &(_, backend))| Step { artifact, backend, kind: None };
    artifacts.iter().zip(listed).map(step).collect()
}

fn backends(acts: &Acts) -> Vec<Box<dyn Backend>> {
    NAMES.iter().map(|name| Box::new(Zkvm::new(name, acts)) as Box<dyn Backend>).collect()
}

fn input(number: u32) -> TileInputBytes {
    TileInputBytes::public(postcard::to_allocvec(&number).unwrap())
}

fn output(number: u32) -> TileAnswer {
    TileAnswer::Output { value: None, bytes: postcard::to_allocvec(&number).unwrap().into() }
}

fn run(listed: Listed<'_>, number: u32) -> SequenceReport {
    let artifacts = artifacts(listed);
    let mut backends = backends(&Acts::default());
    let steps = steps(listed, &artifacts);
    run_sequence(&known(listed), &steps, &mut backends, &input(number), &Limits::default(), true).unwrap()
}

/// A proved sequence with its receipts, as they are kept.
#[derive(Clone)]
struct Kept {
    file: SequenceReceipt,
    receipts: Vec<Receipt>,
}

fn prove(listed: Listed<'_>, input: &TileInputBytes) -> Kept {
    let artifacts = artifacts(listed);
    let mut receipts = Vec::new();
    let proved = prove_sequence(
        &known(listed),
        &steps(listed, &artifacts),
        &mut backends(&Acts::default()),
        input,
        &Limits::default(),
        &mut |_| (),
        &mut |_, receipt| {
            receipts.push(receipt.clone());
            Ok(())
        },
    );
    Kept { file: proved.unwrap().envelope.unwrap(), receipts }
}

/// The receipts of a folder, and what is known of the programs of the first of them.
struct Folder<'a> {
    receipts: &'a [Receipt],
    programs: &'a [ExpectedProgram<'a>],
}

impl Surroundings for Folder<'_> {
    type Verifier = Checker;
    type Error = TileError;

    fn receipt(&mut self, index: usize, _: &TileReceipt) -> Result<Receipt, String> {
        self.receipts.get(index).cloned().ok_or_else(|| "there is no such file".to_owned())
    }

    fn against(&mut self, index: usize, link: &TileReceipt) -> Result<Against<'_, Checker>, TileError> {
        let program = self.programs.get(index).copied().unwrap_or_default();
        Ok(Against { program, verifier: Checker::new(&link.backend) })
    }
}

fn verify(kept: &Kept, expected: &ExpectedSequence<'_>) -> SequenceVerification {
    verify_with(kept, expected, &[])
}

fn verify_with(kept: &Kept, expected: &ExpectedSequence<'_>, programs: &[ExpectedProgram<'_>]) -> SequenceVerification {
    verify_sequence(&kept.file, expected, &mut Folder { receipts: &kept.receipts, programs }).unwrap()
}

/// Verified as who has the crate does: the sequence is known, and its programs are.
fn verify_with_crate(kept: &Kept, listed: Listed<'_>) -> SequenceVerification {
    let (known, artifacts) = (known(listed), artifacts(listed));
    let programs: Vec<_> = artifacts
        .iter()
        .map(|artifact| ExpectedProgram {
            manifest: Some(&artifact.manifest),
            elf: Some(&artifact.guest.elf),
            method_id: None,
        })
        .collect();
    verify_with(kept, &ExpectedSequence { known: Some(&known), ..ExpectedSequence::default() }, &programs)
}

fn rejected(verification: &SequenceVerification) -> (SequenceCheck, Option<u64>, &str) {
    match &verification.verification {
        SequenceVerdict::Rejected(rejection) => (rejection.check, rejection.step, &rejection.error),
        other => panic!("{other:?}"),
    }
}

/// Whether it is rejected with what is known of the crate, and without.
fn is_rejected(kept: &Kept) -> SequenceCheck {
    let (with, without) = (verify_with_crate(kept, &SEQUENCE), verify(kept, &ExpectedSequence::default()));
    assert_eq!(rejected(&with), rejected(&without));
    rejected(&with).0
}

#[test]
fn what_comes_out_of_a_tile_goes_into_the_next_whatever_backend_it_is_on() {
    let acts = Acts::default();
    let artifacts = artifacts(&SEQUENCE);
    let steps = steps(&SEQUENCE, &artifacts);
    let limits = Limits::default();
    let report = run_sequence(&known(&SEQUENCE), &steps, &mut backends(&acts), &input(3), &limits, false).unwrap();
    assert_eq!(
        *acts.lock().unwrap(),
        ["execute increment on one", "execute double on two", "execute below-ten on one"]
    );
    let answers: Vec<_> = report.steps.iter().map(|run| run.answer.clone()).collect();
    assert_eq!(answers, [output(4), output(8), output(8)]);
    assert_eq!(report.answer, output(8));
    assert_eq!(report.steps[1].input, input(4).bound(TilePublish::Claim));
    assert_eq!((report.sequence_id.as_str(), report.tiles), ("both", 3));
    assert_eq!(report.total.cycles, Some(3 * CYCLES));
    assert_eq!(report.total.proof_cycles, Some(3 << 17));
    assert_eq!(report.total.peak_memory_bytes, Some("increment".len() as u64));
}

#[test]
fn a_tile_that_fails_ends_the_sequence_with_its_error() {
    let longer = [SEQUENCE[0], SEQUENCE[1], SEQUENCE[2], ("double", 0)];
    let report = run(&longer, 5);
    assert_eq!((report.steps.len(), report.tiles), (3, 4));
    let TileAnswer::Failure { kind, message, bytes, .. } = report.answer else { panic!("{:?}", report.answer) };
    assert_eq!((kind, message.as_str(), bytes.0), (TileFailureKind::Tile, "12 is too great", vec![1]));
}

#[test]
fn a_program_that_traps_ends_the_sequence_and_nothing_is_proved() {
    let acts = Acts::default();
    let artifacts = artifacts(&SEQUENCE);
    let mut backends: Vec<Box<dyn Backend>> =
        vec![Box::new(Zkvm::new("one", &acts)), Box::new(Zkvm::new("two", &acts).trapping("double"))];
    let proved = prove_sequence(
        &known(&SEQUENCE),
        &steps(&SEQUENCE, &artifacts),
        &mut backends,
        &input(3),
        &Limits::default(),
        &mut |_| (),
        &mut |_, _| panic!("there is nothing to keep"),
    );
    let proved = proved.unwrap();
    assert_eq!(proved.envelope, None);
    assert_eq!(proved.report.steps.len(), 2);
    assert!(matches!(proved.report.answer, TileAnswer::Nothing { .. }));
    assert_eq!(proved.report.total.cycles, None, "a sum without a part is none");
    assert_eq!(*acts.lock().unwrap(), ["execute increment on one", "execute double on two"]);
}

#[test]
fn an_output_that_a_backend_has_no_room_for_is_told_before_anything_is_proved() {
    let acts = Acts::default();
    let artifacts = artifacts(&SEQUENCE);
    let mut backends: Vec<Box<dyn Backend>> =
        vec![Box::new(Zkvm::new("one", &acts)), Box::new(Zkvm::new("two", &acts).without_room_for("double"))];
    let steps = steps(&SEQUENCE, &artifacts);
    let (known, limits) = (known(&SEQUENCE), Limits::default());
    let keep = &mut |_: &TileReceipt, _: &Receipt| panic!("there is nothing to keep");
    let error = prove_sequence(&known, &steps, &mut backends, &input(3), &limits, &mut |_| (), keep).unwrap_err();
    let TileError::OutputLimit(passed) = error else { panic!("{error}") };
    assert_eq!((passed.tile.as_str(), passed.backend.as_str()), ("double", "two"));
    assert!(!passed.to_string().contains("--plain"), "{passed}");
    assert_eq!(*acts.lock().unwrap(), ["execute increment on one", "execute double on two"]);
}

#[test]
fn a_kind_that_a_later_backend_does_not_have_is_told_before_anything_runs() {
    let acts = Acts::default();
    let artifacts = artifacts(&SEQUENCE);
    let mut steps = steps(&SEQUENCE, &artifacts);
    steps[1].kind = Some("closed");
    let (known, limits) = (known(&SEQUENCE), Limits::default());
    let keep = &mut |_: &TileReceipt, _: &Receipt| panic!("there is nothing to keep");
    let mut backends = backends(&acts);
    let error = prove_sequence(&known, &steps, &mut backends, &input(3), &limits, &mut |_| (), keep).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("two") && said.contains("closed") && said.contains("open"), "{said}");
    assert!(acts.lock().unwrap().is_empty());
}

#[test]
fn steps_that_are_not_the_sequences_are_not_run() {
    let acts = Acts::default();
    let mut artifacts = artifacts(&SEQUENCE);
    let mut backends = backends(&acts);
    let mut refused = |listed: Listed<'_>, artifacts: &[Artifact]| {
        let steps = steps(&SEQUENCE, artifacts);
        let error = run_sequence(&known(listed), &steps, &mut backends, &input(3), &Limits::default(), false);
        match error.unwrap_err() {
            TileError::Chain(error) => error,
            other => panic!("{other}"),
        }
    };
    assert!(matches!(refused(&SEQUENCE[..2], &artifacts), ChainError::OtherLength { .. }));
    assert!(matches!(refused(&[], &[]), ChainError::Length { .. }));
    artifacts.swap(0, 1);
    assert!(matches!(refused(&SEQUENCE, &artifacts), ChainError::OtherTile { step: 1, .. }));
    artifacts.swap(0, 1);
    artifacts[1].manifest.publish = TilePublish::Plain;
    assert_eq!(refused(&SEQUENCE, &artifacts), ChainError::NoClaim { step: 2 });
    assert!(acts.lock().unwrap().is_empty());
}

#[test]
fn proofs_verify_and_say_what_came_of_what() {
    let kept = prove(&SEQUENCE, &input(3));
    for (link, begin) in kept.file.steps.iter().zip(["001-increment", "002-double", "003-below-ten"]) {
        assert_eq!(link.tile.receipt_file, receipt_name(begin, &link.tile.receipt_digest));
    }
    let verification = verify_with_crate(&kept, &SEQUENCE);
    let SequenceVerdict::Verified(run) = &verification.verification else { panic!("{verification:?}") };
    assert_eq!((&run.answer, run.proved, run.tiles), (&output(8), 3, 3));
    assert_eq!(run.input, input(3).bound(TilePublish::Claim));
    assert_eq!(run.commitment, kept.file.commitment);
    assert_eq!(verification.steps.len(), 3);
    assert!(verification.bound.sources);
    assert_eq!(verification.bound.programs, TileProgramBinding::Elf);
}

#[test]
fn what_the_proofs_are_bound_to_is_said() {
    let kept = prove(&SEQUENCE, &input(3));
    let nothing = verify(&kept, &ExpectedSequence::default());
    assert!(matches!(nothing.verification, SequenceVerdict::Verified(_)));
    assert_eq!(nothing.bound.programs, TileProgramBinding::Nothing);
    assert!(!nothing.bound.sources && !nothing.bound.commitment);
    let commitment = Some(kept.file.commitment);
    let committed = verify(&kept, &ExpectedSequence { commitment, ..ExpectedSequence::default() });
    assert!(matches!(committed.verification, SequenceVerdict::Verified(_)));
    assert!(committed.bound.commitment);
    assert_eq!(committed.bound.programs, TileProgramBinding::MethodId);
    // One program alone is not all of them.
    let id = kept.file.steps[0].tile.method_id.as_str();
    let programs = [ExpectedProgram { method_id: Some(id), ..ExpectedProgram::default() }];
    let first = verify_with(&kept, &ExpectedSequence::default(), &programs);
    assert_eq!(first.bound.programs, TileProgramBinding::Nothing);
}

#[test]
fn input_output_and_commitment_are_compared_with_what_is_expected() {
    let kept = prove(&SEQUENCE, &input(3));
    let none = ExpectedSequence::default();
    let (right, wrong) = (input(3), input(2));
    for expected in [
        ExpectedSequence { input: Some(&right), ..none },
        ExpectedSequence { output: Some(&[8]), ..none },
        ExpectedSequence { commitment: Some(kept.file.commitment), ..none },
    ] {
        assert!(matches!(verify(&kept, &expected).verification, SequenceVerdict::Verified(_)), "{expected:?}");
    }
    let found = |expected| {
        let verification = verify(&kept, &expected);
        let (check, step, _) = rejected(&verification);
        (check, step)
    };
    assert_eq!(found(ExpectedSequence { input: Some(&wrong), ..none }), (SequenceCheck::Proofs, Some(1)));
    assert_eq!(found(ExpectedSequence { output: Some(&[7]), ..none }), (SequenceCheck::Proofs, Some(3)));
    let commitment = Some(Digest::of(b"another"));
    assert_eq!(found(ExpectedSequence { commitment, ..none }), (SequenceCheck::Commitment, None));
    let shorter = known(&SEQUENCE[..2]);
    assert_eq!(found(ExpectedSequence { known: Some(&shorter), ..none }), (SequenceCheck::Sequence, None));
}

#[test]
fn a_private_input_stays_private_and_can_be_shown_with_its_salt() {
    let private = TileInputBytes { salt: Some([9; 32]), ..input(3) };
    let kept = prove(&SEQUENCE, &private);
    assert!(matches!(kept.file.steps[0].tile.input, TileInput::Commitment(_)));
    assert!(matches!(kept.file.steps[1].tile.input, TileInput::Digest(_)));
    let none = ExpectedSequence::default();
    assert!(matches!(verify(&kept, &none).verification, SequenceVerdict::Verified(_)));
    let shown = verify(&kept, &ExpectedSequence { input: Some(&private), ..none });
    assert!(matches!(shown.verification, SequenceVerdict::Verified(_)));
    for wrong in [input(3), TileInputBytes { salt: Some([8; 32]), ..input(3) }] {
        let verification = verify(&kept, &ExpectedSequence { input: Some(&wrong), ..none });
        assert_eq!(rejected(&verification).0, SequenceCheck::Proofs);
    }
}

#[test]
fn a_failure_is_proved_as_one() {
    let longer = [SEQUENCE[0], SEQUENCE[1], SEQUENCE[2], ("double", 0)];
    let kept = prove(&longer, &input(5));
    assert_eq!((kept.file.steps.len(), kept.file.tiles.len()), (3, 4));
    let verification = verify_with_crate(&kept, &longer);
    let SequenceVerdict::Verified(run) = &verification.verification else { panic!("{verification:?}") };
    assert!(matches!(&run.answer, TileAnswer::Failure { message, .. } if message == "12 is too great"));
    assert_eq!((run.proved, run.tiles), (3, 4));
    let wanted = ExpectedSequence { output: Some(&[24]), ..ExpectedSequence::default() };
    assert_eq!(rejected(&verify(&kept, &wanted)).0, SequenceCheck::Proofs);
}

#[test]
fn receipts_that_were_reordered_dropped_or_repeated_are_rejected() {
    let kept = prove(&SEQUENCE, &input(3));
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        // The files alone, the file's links with them, and its list of tiles, too.
        let mut swapped = kept.clone();
        swapped.receipts.swap(one, other);
        assert_eq!(is_rejected(&swapped), SequenceCheck::Chain, "{one} {other}");
        swapped.file.steps.swap(one, other);
        assert_eq!(is_rejected(&swapped), SequenceCheck::Chain, "{one} {other}");
        swapped.file.tiles.swap(one, other);
        assert_eq!(is_rejected(&swapped), SequenceCheck::Chain, "{one} {other}");
    }
    for step in 0..3 {
        let mut dropped = kept.clone();
        dropped.receipts.remove(step);
        assert_eq!(is_rejected(&dropped), SequenceCheck::Receipts, "{step}");
        dropped.file.steps.remove(step);
        assert_eq!(is_rejected(&dropped), SequenceCheck::Chain, "{step}");
        dropped.file.tiles.remove(step);
        assert_eq!(is_rejected(&dropped), SequenceCheck::Chain, "{step}");

        let mut repeated = kept.clone();
        repeated.receipts.insert(step, kept.receipts[step].clone());
        repeated.file.steps.insert(step, kept.file.steps[step].clone());
        assert_eq!(is_rejected(&repeated), SequenceCheck::Chain, "{step}");
        repeated.file.tiles.insert(step, kept.file.tiles[step].clone());
        assert_eq!(is_rejected(&repeated), SequenceCheck::Chain, "{step}");
    }
}

#[test]
fn a_receipt_of_another_run_or_of_another_tile_is_rejected() {
    let (kept, other) = (prove(&SEQUENCE, &input(3)), prove(&SEQUENCE, &input(2)));
    for step in 0..3 {
        let mut mixed = kept.clone();
        mixed.receipts[step] = other.receipts[step].clone();
        assert_eq!(is_rejected(&mixed), SequenceCheck::Chain, "{step}");
        mixed.file.steps[step] = other.file.steps[step].clone();
        assert_eq!(is_rejected(&mixed), SequenceCheck::Chain, "{step}");
    }
    // 4 gives 8 to both, so that the claims of what follows fit; the tile is another one.
    let instead = prove(&[("increment", 0), ("increment", 1), SEQUENCE[2]], &input(3));
    let mut swapped = kept.clone();
    swapped.receipts[1] = instead.receipts[1].clone();
    swapped.file.steps[1] = instead.file.steps[1].clone();
    assert_eq!(is_rejected(&swapped), SequenceCheck::Chain);
}

#[test]
fn a_run_of_another_sequence_is_sound_and_is_not_the_crates() {
    let other = prove(&[SEQUENCE[0], ("increment", 1), SEQUENCE[2]], &input(3));
    assert!(matches!(verify(&other, &ExpectedSequence::default()).verification, SequenceVerdict::Verified(_)));
    assert_eq!(rejected(&verify_with_crate(&other, &SEQUENCE)).0, SequenceCheck::Sequence);
}

#[test]
fn a_run_on_other_programs_is_sound_and_not_of_the_ones_that_are_known() {
    // The same tiles, the second of them built for the other zkVM.
    let kept = prove(&SEQUENCE, &input(3));
    let elsewhere = [SEQUENCE[0], ("double", 0), SEQUENCE[2]];
    let verification = verify_with_crate(&kept, &elsewhere);
    let (check, step, _) = rejected(&verification);
    assert_eq!((check, step), (SequenceCheck::Proofs, Some(2)));
}

#[test]
fn a_header_that_fits_the_chain_over_a_proof_that_does_not_is_rejected() {
    let (kept, other) = (prove(&SEQUENCE, &input(3)), prove(&SEQUENCE, &input(2)));
    for step in 0..3 {
        let mut forged = kept.clone();
        forged.receipts[step] = Receipt::new(kept.receipts[step].header.clone(), other.receipts[step].proof.clone());
        let digest = Digest::of(&forged.receipts[step].to_bytes());
        forged.file.steps[step].tile.receipt_digest = digest;
        let verification = verify(&forged, &ExpectedSequence::default());
        let (check, found, _) = rejected(&verification);
        assert_eq!((check, found), (SequenceCheck::Proofs, Some(step as u64 + 1)));
    }
}

#[test]
fn a_receipt_that_is_exchanged_while_it_is_looked_at_is_rejected() {
    /// Gives others from the fourth question on: when what was tied together is to be verified.
    struct Exchanging<'a>(Folder<'a>, Folder<'a>, usize);

    impl Surroundings for Exchanging<'_> {
        type Verifier = Checker;
        type Error = TileError;

        fn receipt(&mut self, index: usize, link: &TileReceipt) -> Result<Receipt, String> {
            self.2 += 1;
            if self.2 <= SEQUENCE.len() { self.0.receipt(index, link) } else { self.1.receipt(index, link) }
        }

        fn against(&mut self, index: usize, link: &TileReceipt) -> Result<Against<'_, Checker>, TileError> {
            self.0.against(index, link)
        }
    }

    let (kept, other) = (prove(&SEQUENCE, &input(3)), prove(&SEQUENCE, &input(2)));
    let first = Folder { receipts: &kept.receipts, programs: &[] };
    let then = Folder { receipts: &other.receipts, programs: &[] };
    let mut around = Exchanging(first, then, 0);
    let verification = verify_sequence(&kept.file, &ExpectedSequence::default(), &mut around).unwrap();
    let (check, step, error) = rejected(&verification);
    assert_eq!((check, step), (SequenceCheck::Receipts, Some(1)), "{error}");
}
