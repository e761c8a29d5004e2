//! Proofs of sequences in a folder that has earlier ones, and what is left of each where somebody is killed.

use std::{fs, path::Path};

use assay_backend::read_receipt;
use tempfile::TempDir;

use super::*;
use crate::{proofs::ProofFolder, sequence::SEQUENCE_FILE};

/// Proves into the folder; is gone after so many receipts.
fn prove_into(folder: &Path, listed: Listed<'_>, number: u32, killed_after: usize) -> Option<SequenceReceipt> {
    let folder = ProofFolder::create(folder).unwrap();
    let artifacts = artifacts(listed);
    let mut receipts = 0;
    let proved = prove_sequence(
        &known(listed),
        &steps(listed, &artifacts),
        &mut backends(&Acts::default()),
        &input(number),
        &Limits::default(),
        &mut |_| (),
        &mut |tile, receipt| {
            if receipts == killed_after {
                return Err(TileError::NoRandom { reason: "killed".into() });
            }
            receipts += 1;
            Ok(folder.keep(tile, receipt)?)
        },
    );
    let envelope = proved.ok()?.envelope.unwrap();
    (receipts < killed_after).then(|| folder.complete(&envelope).unwrap())?;
    Some(envelope)
}

/// Proves into the folder, up to the end.
fn prove_whole(folder: &Path, listed: Listed<'_>, number: u32) -> SequenceReceipt {
    prove_into(folder, listed, number, usize::MAX).unwrap()
}

/// What is in a folder, and who has it verifies.
struct Kept<'a>(&'a Path);

impl Surroundings for Kept<'_> {
    type Verifier = Checker;
    type Error = TileError;

    fn receipt(&mut self, _: usize, link: &TileReceipt) -> Result<Receipt, String> {
        let bytes = fs::read(self.0.join(&link.receipt_file)).map_err(|error| error.to_string())?;
        Ok(read_receipt(&bytes).unwrap())
    }

    fn against(&mut self, _: usize, link: &TileReceipt) -> Result<Against<'_, Checker>, TileError> {
        Ok(Against { program: ExpectedProgram::default(), verifier: Checker::new(&link.backend) })
    }
}

/// The commitment of the proof in a folder, which verifies.
fn verified(folder: &Path) -> Digest {
    let file: SequenceReceipt = serde_json::from_slice(&fs::read(folder.join(SEQUENCE_FILE)).unwrap()).unwrap();
    let verification = verify_sequence(&file, &ExpectedSequence::default(), &mut Kept(folder)).unwrap();
    match verification.verification {
        SequenceVerdict::Verified(run) => run.commitment,
        other => panic!("{other:?}"),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A folder with a proof and a file of somebody else.
fn earlier() -> (TempDir, SequenceReceipt) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let proof = prove_whole(folder.path(), &SEQUENCE, 3);
    (folder, proof)
}

#[test]
fn a_proof_takes_the_place_of_an_earlier_one_with_all_of_its_files_and_no_other() {
    let (folder, first) = earlier();
    assert_eq!(verified(folder.path()), first.commitment);
    let second = prove_whole(folder.path(), &[SEQUENCE[0], ("double", 0)], 2);
    assert_ne!(second.commitment, first.commitment);
    assert_eq!(verified(folder.path()), second.commitment);
    let receipts = second.steps.iter().map(|link| link.tile.receipt_file.clone());
    let mut expected: Vec<_> = receipts.chain([SEQUENCE_FILE.to_owned(), "notes.txt".to_owned()]).collect();
    expected.sort();
    assert_eq!(names(folder.path()), expected);
}

#[test]
fn whoever_is_killed_on_the_way_leaves_the_earlier_proof_whole() {
    for receipts in 0..=SEQUENCE.len() {
        let (folder, first) = earlier();
        let before = names(folder.path());
        assert_eq!(prove_into(folder.path(), &SEQUENCE, 2, receipts), None);
        assert_eq!(verified(folder.path()), first.commitment, "{receipts}");
        // What was proved is there besides, and no earlier file is gone.
        let after = names(folder.path());
        assert!(before.iter().all(|name| after.contains(name)), "{after:?}");
        assert_eq!(after.len(), before.len() + receipts);
        // Whoever begins anew has a whole proof, too.
        let again = prove_whole(folder.path(), &SEQUENCE, 1);
        assert_eq!(verified(folder.path()), again.commitment);
    }
}

#[test]
fn the_same_proof_once_more_stays_whole() {
    let (folder, first) = earlier();
    let before = names(folder.path());
    assert_eq!(prove_whole(folder.path(), &SEQUENCE, 3), first);
    assert_eq!(names(folder.path()), before);
    assert_eq!(verified(folder.path()), first.commitment);
}

#[test]
fn a_file_that_names_what_is_not_ours_makes_nothing_be_removed() {
    let place = tempfile::tempdir().unwrap();
    let outside = "outside-0123456789abcdef.receipt";
    fs::write(place.path().join(outside), "mine").unwrap();
    let folder = place.path().join("proofs");
    let mut forged = prove_whole(&folder, &SEQUENCE, 3);
    let receipt = folder.join(&forged.steps[2].tile.receipt_file);
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    for (link, name) in forged.steps.iter_mut().zip([format!("../{outside}"), "notes.txt".to_owned()]) {
        link.tile.receipt_file = name;
    }
    fs::write(folder.join(SEQUENCE_FILE), serde_json::to_vec(&forged).unwrap()).unwrap();
    prove_whole(&folder, &SEQUENCE, 2);
    assert!(place.path().join(outside).exists() && folder.join("notes.txt").exists());
    assert!(!receipt.exists(), "what it names that is ours goes");
    // What is no such file at all is written over.
    fs::write(folder.join(SEQUENCE_FILE), "{").unwrap();
    let third = prove_whole(&folder, &SEQUENCE, 1);
    assert_eq!(verified(&folder), third.commitment);
}
