//! Two proofs, and everything that is no proof.

use std::{process::Command, sync::OnceLock};

use assay_guest::Harness;
use assay_isa::Isa;
use assay_runner_kit::{Context, Proof, Run, Runner as _, catch};
use assay_spec::{
    Platform, Register, Status, Word,
    protocol::{ErrorKind, ProofVerdict},
};

use super::{Bench, DATA, MAX_STEPS, committing, committing_after, elf_of, numbers};
use crate::{kinds, prove, receipt, verify};

const RUN: Run<'static> = Run { input: &[], max_steps: MAX_STEPS, cost: true };

fn proved(elf: &[u8], kind: &str) -> Proof {
    let mut bench = Bench::default();
    let guest = bench.load(elf).unwrap();
    let (report, proof) = bench.runner.prove(&guest, &RUN, kind, &Context::detached()).unwrap();
    assert_eq!(report.cost.segments, Some(1));
    proof.unwrap()
}

/// A proof of a guest that added two numbers by the accelerator, made `abcdef` public and halted with exit code 42.
fn proof() -> &'static Proof {
    static PROOF: OnceLock<Proof> = OnceLock::new();
    PROOF.get_or_init(|| proved(&committing_after(&numbers::sum(), b"abcdef", 42), kinds::COMPOSITE))
}

fn verdict(proof: &[u8], kind: &str, image_id: &str) -> ProofVerdict {
    match catch(|| verify::verify(proof, kind, image_id)) {
        Ok(verified) => verified.verdict,
        Err(caught) => ProofVerdict::Rejected(caught.message),
    }
}

#[track_caller]
fn rejected(proof: &[u8], kind: &str, image_id: &str) -> String {
    match verdict(proof, kind, image_id) {
        ProofVerdict::Rejected(why) => why,
        ProofVerdict::Accepted(claims) => panic!("accepted: {claims:?}"),
    }
}

#[test]
fn a_proof_of_a_failed_run_is_accepted_with_its_exit_code() {
    let Proof { bytes, facts } = proof();
    assert_eq!((facts.claims.exit_code, facts.claims.output.0.as_slice(), facts.segments), (42, &b"abcdef"[..], 1));
    let ProofVerdict::Accepted(claims) = verdict(bytes, kinds::COMPOSITE, &facts.image_id) else { panic!("refused") };
    assert_eq!(claims, facts.claims);
    // The SDK reads it as its own.
    let receipt: risc0_zkvm::Receipt = bincode::deserialize(bytes).unwrap();
    assert_eq!(receipt.journal.bytes, b"abcdef");
}

#[test]
fn a_harness_that_commits_is_proved_and_the_sdk_itself_agrees() {
    // addi x5, x6, 7; mul x7, x5, x6
    let body = vec![0x0073_0293, 0x0262_83b3];
    let mut harness = Harness::new(Platform::Risc0, Isa::RV32IM, body);
    harness.registers.insert(Register::new(6).unwrap(), Word(5));
    harness.commitment = assay_guest::Commitment::Digest;
    let guest = harness.build("test").unwrap();
    let Proof { bytes, facts } = proved(&guest.elf, kinds::COMPOSITE);
    let ProofVerdict::Accepted(claims) = verdict(&bytes, kinds::COMPOSITE, &facts.image_id) else { panic!("refused") };
    let registers = guest.harness.unwrap().registers(&claims.output.0).unwrap();
    assert_eq!(registers[&Register::new(7).unwrap()], Word(60));
    let receipt: risc0_zkvm::Receipt = bincode::deserialize(&bytes).unwrap();
    let image_id = facts.image_id.parse::<assay_spec::Digest>().unwrap().0;
    receipt.verify(risc0_zkp::core::digest::Digest::from(image_id)).unwrap();
}

#[test]
fn a_hundred_flipped_bits_are_a_hundred_rejections() {
    let Proof { bytes, facts } = proof();
    // 97 all over the file, and three in fields that the SDK's verifier does not look at: the segment's index, its verifier
    // parameters, and those of the whole.
    let seal_words = u64::from_le_bytes(bytes[12..20].try_into().unwrap()) as usize;
    let behind_seal = 20 + 4 * seal_words;
    let spread = (0..97).map(|n| (bytes.len() * 8 / 97) * n + n);
    for bit in spread.chain([behind_seal * 8, (behind_seal + 4 + 8 + 9 + 3) * 8, (bytes.len() - 1) * 8]) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        rejected(&damaged, kinds::COMPOSITE, &facts.image_id);
    }
}

#[test]
fn a_proof_is_of_its_image_only() {
    let Proof { bytes, facts } = proof();
    let other = facts.image_id.replace(|c: char| c == facts.image_id.chars().next().unwrap(), "0");
    for image_id in [other.as_str(), "", "zz", &facts.image_id[1..], &facts.image_id.to_uppercase()] {
        rejected(bytes, kinds::COMPOSITE, image_id);
    }
}

#[test]
fn a_tampered_journal_and_cut_and_lengthened_proofs_are_rejected() {
    let Proof { bytes, facts } = proof();
    let at = bytes.windows(6).rposition(|window| window == b"abcdef").unwrap();
    let mut tampered = bytes.clone();
    tampered[at] ^= 1;
    rejected(&tampered, kinds::COMPOSITE, &facts.image_id);
    for cut in [0, 1, 19, bytes.len() / 2, bytes.len() - 1] {
        rejected(&bytes[..cut], kinds::COMPOSITE, &facts.image_id);
    }
    rejected(&[&bytes[..], b"x"].concat(), kinds::COMPOSITE, &facts.image_id);
    let receipt::Read::Composite { seals, journal } = receipt::read(bytes).unwrap() else { panic!("composite") };
    // No segment, the segment twice, and half a seal, each otherwise well formed.
    let doubled = receipt::composite([seals.clone(), seals.clone()].concat(), &journal).unwrap();
    rejected(&doubled, kinds::COMPOSITE, &facts.image_id);
    rejected(&receipt::composite(Vec::new(), &journal).unwrap(), kinds::COMPOSITE, &facts.image_id);
    let half = seals[0][..seals[0].len() / 2].to_vec();
    rejected(&receipt::composite(vec![half], &journal).unwrap(), kinds::COMPOSITE, &facts.image_id);
}

#[test]
fn every_segment_counts_and_so_does_their_order() {
    // Segments as small as RISC Zero's kernel allows, so that a short loop has more than one.
    let body = "li x8, 6000\n 1: addi x8, x8, -1\n bnez x8, 1b";
    let mut bench = Bench::default();
    let guest = bench.load(&committing_after(body, b"abcdef", 7)).unwrap();
    let (report, proved) = prove::prove_in_segments(&guest, &RUN, kinds::COMPOSITE, 14, &Context::detached()).unwrap();
    let count = report.cost.risc0_segment_po2.len();
    assert!((2..=4).contains(&count), "{:?}", report.cost);
    let Proof { bytes, facts } = proved.unwrap();
    let id = &facts.image_id;
    let ProofVerdict::Accepted(claims) = verdict(&bytes, kinds::COMPOSITE, id) else { panic!("refused") };
    assert_eq!((claims.exit_code, &claims.output.0[..], facts.segments), (7, &b"abcdef"[..], count as u64));

    let receipt::Read::Composite { seals, journal } = receipt::read(&bytes).unwrap() else { panic!("composite") };
    let receipt::Read::Composite { seals: others, .. } = receipt::read(&proof().bytes).unwrap() else {
        panic!("composite")
    };
    let written = |seals: Vec<Vec<u32>>| receipt::composite(seals, &journal).unwrap();
    assert!(written(seals.clone()) == bytes);
    let (first, last) = (&seals[..1], &seals[count - 1..]);
    let swapped = [last, &seals[1..count - 1], first].concat();
    for (damage, order) in [
        ("the last dropped", seals[..count - 1].to_vec()),
        ("the first dropped", seals[1..].to_vec()),
        ("the first twice", [first, &seals].concat()),
        ("the last twice", [&seals, last].concat()),
        ("swapped", swapped),
        // Each segment holds, and the last, another guest's whole run with the same journal, does not begin where the
        // one before it ended.
        ("one of another run", [&seals[..count - 1], &others].concat()),
    ] {
        // In the form that this runner makes, so that nothing but what the segments claim is wrong.
        let why = rejected(&written(order), kinds::COMPOSITE, id);
        assert!(!why.contains("the form that this runner makes"), "{damage}: {why}");
        println!("{damage}: {why}");
    }
}

#[test]
fn a_fake_is_a_fake_by_name_only() {
    let fake = proved(&committing(b"abcdef", 42), kinds::FAKE);
    let image_id = &fake.facts.image_id;
    let why = rejected(&fake.bytes, kinds::COMPOSITE, image_id);
    assert!(why.contains("fake receipt"), "{why}");
    let ProofVerdict::Accepted(claims) = verdict(&fake.bytes, kinds::FAKE, image_id) else { panic!("refused") };
    assert_eq!((claims.exit_code, claims.output.0.as_slice()), (42, &b"abcdef"[..]));
    rejected(&fake.bytes, kinds::FAKE, &"0".repeat(64));
}

#[test]
fn a_proof_is_no_fake() {
    rejected(&proof().bytes, kinds::FAKE, &proof().facts.image_id);
}

#[test]
fn development_mode_in_the_environment_changes_nothing() {
    let tests = std::env::current_exe().unwrap();
    let output = Command::new(tests)
        .args(["--exact", "tests::proving::a_fake_is_a_fake_by_name_only"])
        .env("RISC0_DEV_MODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn what_ends_without_a_right_digest_or_without_an_end_is_not_proved() {
    let mut bench = Bench::default();
    for (source, said) in [
        (format!("li t0, 0\n li a0, 0\n li a1, {DATA}\n ecall"), "is not that of"),
        ("li t0, 0\n li a0, 1\n li a1, 0x500000\n ecall".to_owned(), "paused"),
    ] {
        let guest = bench.load(&elf_of(&source, &[1; 32])).unwrap();
        for kind in [kinds::COMPOSITE, kinds::FAKE] {
            let error = bench.runner.prove(&guest, &RUN, kind, &Context::detached()).unwrap_err();
            assert_eq!(error.kind, ErrorKind::UnsupportedGuest);
            assert!(error.message.contains(said), "{}", error.message);
        }
    }
    for (source, status) in [("1: j 1b", Status::Timeout), ("ebreak", Status::Trap)] {
        let guest = bench.load(&elf_of(source, &[])).unwrap();
        let (report, proof) = bench.runner.prove(&guest, &RUN, kinds::COMPOSITE, &Context::detached()).unwrap();
        assert!(proof.is_none());
        assert_eq!(report.status, status);
    }
}
