//! The order of the checks and what each of them refuses, with a verifier that answers as it is told.

use assay_spec::{
    BackendId, GuestLimits, Platform, ProofKind, ReceiptHeader, Security, description::Capability, schema::Versioned,
};

use super::*;

const ELF: &[u8] = b"elf";
const PROOF: &[u8] = b"proof";

struct Told {
    description: RunnerDescription,
    image_id: String,
    verdict: ProofVerdict,
    asked: Vec<String>,
}

impl Verifier for Told {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn identify(&mut self, elf: &[u8], _: &str) -> Result<String, BackendError> {
        assert_eq!(elf, ELF);
        self.asked.push("identify".into());
        Ok(self.image_id.clone())
    }

    fn verify(&mut self, proof: &[u8], kind: &str, image_id: &str) -> Result<Verified, BackendError> {
        assert_eq!(proof, PROOF);
        self.asked.push(format!("verify {kind} {image_id}"));
        let verdict = self.verdict.clone();
        Ok(Verified { verdict, verify_ms: 1.0, setup_ms: 2.0, peak_memory_bytes: Some(3) })
    }
}

fn security(secure: bool) -> Security {
    Security { secure, bits: secure.then_some(97), basis: "a test".into(), parameters: [("queries".into(), 50)].into() }
}

fn claims() -> ProofClaims {
    ProofClaims::new(0, vec![1, 2])
}

fn verifier() -> Told {
    let kind = |name: &str, secure| ProofKind { name: name.into(), security: security(secure) };
    let description = RunnerDescription {
        name: "zk".into(),
        sdk_version: "1.2".into(),
        platforms: vec![Platform::Standard],
        isa: "rv32im".into(),
        capabilities: vec![Capability::Verify],
        proof_kinds: vec![kind("whole", true), kind("fast", false)],
        limits: GuestLimits::default(),
        notes: Vec::new(),
    };
    Told { description, image_id: "id".into(), verdict: ProofVerdict::Accepted(claims()), asked: Vec::new() }
}

fn receipt(change: impl FnOnce(&mut ReceiptHeader)) -> Receipt {
    let mut header = ReceiptHeader {
        schema: ReceiptHeader::tag(),
        backend: BackendId {
            name: "zk".into(),
            version: "1.2".into(),
            platform: Platform::Standard,
            isa: "rv32im".into(),
        },
        elf_digest: Digest::of(ELF),
        image_id: "id".into(),
        claims: claims(),
        kind: "whole".into(),
        security: security(true),
        encoding: "bytes".into(),
        proof_digest: Digest::of(PROOF),
        proof_bytes: 0,
    };
    change(&mut header);
    Receipt::new(header, PROOF.to_vec())
}

fn verify(receipt: &Receipt, expected: &Expected<'_>, verifier: &mut Told) -> VerificationReport {
    verify_receipt(receipt, expected, verifier).unwrap()
}

/// The check at which `receipt` is rejected, and why. Nothing after that check was made, or asked for.
#[track_caller]
fn rejected(receipt: &Receipt, expected: &Expected<'_>, mut verifier: Told) -> (Check, String) {
    let report = verify(receipt, expected, &mut verifier);
    let Verification::Rejected(Rejection { check, error }) = report.verification else {
        panic!("{:?}", report.verification)
    };
    assert_eq!(report.checks.iter().map(|made| made.check).collect::<Vec<_>>(), Checks::ALL);
    for made in &report.checks {
        match made.check.cmp(&check) {
            std::cmp::Ordering::Less => assert_ne!(made.state, CheckState::Failed),
            std::cmp::Ordering::Equal => assert_eq!((made.state, &made.detail), (CheckState::Failed, &error)),
            std::cmp::Ordering::Greater => assert_eq!(made.state, CheckState::NotReached),
        }
    }
    if check < Check::Proof {
        assert!(!verifier.asked.iter().any(|asked| asked.starts_with("verify")), "{:?}", verifier.asked);
    }
    (check, error)
}

fn all_expected() -> Expected<'static> {
    Expected { elf: Some(ELF), image_id: Some("id"), exit_code: 0, output: Some(&[1, 2]), insecure: false }
}

#[test]
fn a_receipt_of_what_was_expected_is_verified_by_all_five_checks() {
    let mut verifier = verifier();
    let report = verify(&receipt(|_| ()), &all_expected(), &mut verifier);
    assert_eq!(report.verification, Verification::Verified(claims()));
    assert!(report.checks.iter().all(|made| made.state == CheckState::Passed), "{:?}", report.checks);
    assert_eq!(verifier.asked, ["identify", "verify whole id"]);
    assert_eq!(report.effort.unwrap().peak_memory_bytes, Some(3));
}

#[test]
fn without_an_elf_and_an_image_id_the_report_says_that_nothing_binds_it() {
    let report = verify(&receipt(|_| ()), &Expected::default(), &mut verifier());
    let state = |check| report.checks.iter().find(|made| made.check == check).unwrap().state;
    assert_eq!(state(Check::ElfDigest), CheckState::NotAsked);
    assert_eq!(state(Check::ImageId), CheckState::NotAsked);
    assert!(matches!(report.verification, Verification::Verified(_)));
}

#[test]
fn other_makers_kinds_and_securities_are_refused_at_the_envelope() {
    let check = |change: fn(&mut ReceiptHeader), says: &str| {
        let (check, error) = rejected(&receipt(change), &all_expected(), verifier());
        assert_eq!(check, Check::Envelope);
        assert!(error.contains(says), "{error}");
    };
    check(|header| header.backend.name = "other".into(), "made by other");
    check(|header| header.backend.version = "1.3".into(), "made by zk 1.3");
    check(|header| header.kind = "half".into(), "no proof kind");
    check(|header| header.security.bits = Some(128), "claims another security");
    check(
        |header| {
            header.kind = "fast".into();
            header.security = security(false);
        },
        "--accept-insecure",
    );
    // The claim of security does not help an insecure kind.
    check(|header| header.kind = "fast".into(), "claims another security");
}

#[test]
fn an_insecure_kind_is_accepted_where_that_is_asked_for() {
    let insecure = receipt(|header| {
        header.kind = "fast".into();
        header.security = security(false);
    });
    let expected = Expected { insecure: true, ..all_expected() };
    let report = verify(&insecure, &expected, &mut verifier());
    assert!(matches!(report.verification, Verification::Verified(_)));
    assert!(report.checks[0].detail.contains("INSECURE"), "{}", report.checks[0].detail);
}

#[test]
fn another_elf_and_another_image_id_are_refused_by_the_check_that_is_about_them() {
    let (check, _) = rejected(&receipt(|header| header.elf_digest = Digest::of(b"x")), &all_expected(), verifier());
    assert_eq!(check, Check::ElfDigest);

    let (check, error) = rejected(&receipt(|header| header.image_id = "other".into()), &all_expected(), verifier());
    assert_eq!(check, Check::ImageId);
    assert!(error.contains("the given ELF has id"), "{error}");

    let asked = Expected { image_id: Some("other"), ..all_expected() };
    let (check, error) = rejected(&receipt(|_| ()), &asked, verifier());
    assert_eq!(check, Check::ImageId);
    assert!(error.contains("was asked for"), "{error}");
}

#[test]
fn the_verifiers_own_error_is_kept() {
    let told = Told { verdict: ProofVerdict::Rejected("cumulative sum".into()), ..verifier() };
    assert_eq!(rejected(&receipt(|_| ()), &all_expected(), told), (Check::Proof, "cumulative sum".into()));
}

#[test]
fn claims_are_the_proofs_and_the_expected_ones() {
    let proved = |claims| Told { verdict: ProofVerdict::Accepted(claims), ..verifier() };
    let check = |receipt: &Receipt, expected: &Expected<'_>, told: Told, says: &str| {
        let (check, error) = rejected(receipt, expected, told);
        assert_eq!(check, Check::Claims);
        assert!(error.contains(says), "{error}");
    };
    // The header claims what the proof does not.
    check(&receipt(|_| ()), &all_expected(), proved(ProofClaims::new(0, vec![1, 3])), "the proof says");
    check(&receipt(|_| ()), &all_expected(), proved(ProofClaims::new(1, vec![1, 2])), "the proof says");
    let longer = receipt(|header| header.claims.output.0.push(7));
    check(
        &longer,
        &all_expected(),
        verifier(),
        "output 0102 (2 bytes), the receipt's header exit code 0 and output 010207",
    );
    let bound = receipt(|header| header.claims.input_digest = Some(Digest::of(b"input")));
    check(&bound, &all_expected(), verifier(), "another input");
    // Both claim what was not expected.
    let failed = ProofClaims::new(42, vec![1, 2]);
    let of_failed = receipt(|header| header.claims = ProofClaims::new(42, vec![1, 2]));
    check(&of_failed, &all_expected(), proved(failed.clone()), "--expect-exit-code 42");
    let other_output = Expected { output: Some(&[1, 2, 3]), ..all_expected() };
    check(&receipt(|_| ()), &other_output, verifier(), "010203 (3 bytes) was expected");
    // A runner whose digest is not that of its output.
    let mut lie = claims();
    lie.output_digest = Digest::of(b"x");
    check(&receipt(|header| header.claims.output_digest = Digest::of(b"x")), &all_expected(), proved(lie), "digest");

    let expected = Expected { exit_code: 42, ..all_expected() };
    assert!(matches!(verify(&of_failed, &expected, &mut proved(failed)).verification, Verification::Verified(_)));
}

#[test]
fn what_is_no_receipt_is_rejected_at_the_envelope() {
    let report = read_receipt(b"no receipt").unwrap_err();
    assert!(matches!(&report.verification, Verification::Rejected(Rejection { check: Check::Envelope, .. })));
    assert_eq!(report.checks.len(), Checks::ALL.len());
    assert!(report.header.is_none());
    let good = receipt(|_| ());
    assert_eq!(read_receipt(&good.to_bytes()).unwrap(), good);
}

#[test]
fn a_maker_that_cannot_be_a_runner_is_refused_before_anybody_looks_for_it() {
    for name in ["../../bin/sh", "", "Zk", "a\u{1b}[31m"] {
        let file = receipt(|header| header.backend.name = name.into()).to_bytes();
        let report = read_receipt(&file).unwrap_err();
        assert!(matches!(&report.verification, Verification::Rejected(Rejection { check: Check::Envelope, .. })));
        assert_eq!(report.receipt_digest, Digest::of(&file));
        assert_eq!(report.header.unwrap().backend.name, name);
    }
}
