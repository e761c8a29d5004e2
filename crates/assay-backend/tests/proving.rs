//! Proving through a runner, and verifying what came of it.

use std::{ffi::OsString, path::Path, time::Duration};

use assay_backend::{
    Backend, BackendError, CancelToken, Expected, Job, Limits, ProveRun, Registry, RunnerBackend, RunnerVerifier,
    Settings, Verifier, verify_receipt,
};
use assay_guest::{Guest, Harness};
use assay_isa::Isa;
use assay_spec::{InstalledRunner, Mode, Platform, Rejection, Status, Verification, receipt::Check};

/// Longer than anything here takes, on a machine under load too, and shorter than the runner hangs.
const LONG: Duration = Duration::from_mins(4);

fn settings() -> Settings {
    Settings { hello_timeout: LONG, exit_grace: LONG, ..Settings::default() }
}

fn limits() -> Limits {
    Limits { wall: LONG, ..Limits::default() }
}

fn installed() -> InstalledRunner {
    let cache = tempfile::tempdir().expect("a temporary folder");
    let registry = Registry::new(cache.path().to_owned(), None);
    let binary = Path::new(env!("CARGO_BIN_EXE_assay-misbehaving-runner"));
    registry.register("misbehaving", binary, &CancelToken::new()).expect("it says who it is");
    registry.installed("misbehaving").expect("just registered")
}

/// A guest of one instruction, which the test runner does not look at.
fn guest() -> Guest {
    Harness::new(Platform::Standard, Isa::RV32IM, vec![0x13]).build("test").expect("a guest")
}

fn prove(mode: &str, kind: Option<&str>) -> Result<ProveRun, BackendError> {
    prove_with(vec![mode.into()], kind)
}

fn prove_with(arguments: Vec<OsString>, kind: Option<&str>) -> Result<ProveRun, BackendError> {
    let mut backend =
        RunnerBackend::with_arguments(installed(), arguments, settings(), CancelToken::new()).expect("a work folder");
    backend.prove(&Job { guest: &guest(), input: b"input", limits: &limits(), cost: false }, kind)
}

#[test]
fn a_proved_run_is_an_outcome_and_a_receipt_that_verifies() {
    let guest = guest();
    let run = prove("good", None).unwrap();
    let receipt = run.receipt.unwrap();
    assert_eq!((run.outcome.mode, run.outcome.run.status), (Mode::Prove, Status::Ok));
    assert_eq!(run.outcome.guest.image_id.as_deref(), Some("the image"));
    assert_eq!(run.outcome.verification, Verification::NotRequested);
    let facts = run.outcome.receipt.unwrap();
    assert_eq!((facts.kind.as_str(), facts.cpu_ms, run.outcome.elapsed.prove_ms), ("whole", 3, Some(2.0)));
    assert_eq!(receipt.header.elf_digest, guest.digest);

    let mut verifier = RunnerVerifier::new(installed(), settings(), CancelToken::new(), limits());
    let expected = Expected { elf: Some(&guest.elf), output: Some(&[1, 2, 3]), ..Expected::default() };
    let report = verify_receipt(&receipt, &expected, &mut verifier).unwrap();
    assert!(matches!(report.verification, Verification::Verified(_)), "{:?}", report.verification);
    assert!(report.effort.unwrap().peak_memory_bytes > Some(0), "the supervisor's own measure");

    let mut forged = receipt.clone();
    forged.proof[0] ^= 1;
    let report = verify_receipt(&forged, &expected, &mut verifier).unwrap();
    let rejection = Rejection { check: Check::Proof, error: "not the proof".to_owned() };
    assert_eq!(report.verification, Verification::Rejected(rejection));
}

#[test]
fn an_elf_that_is_none_cannot_be_identified() {
    let mut verifier = RunnerVerifier::new(installed(), settings(), CancelToken::new(), limits());
    let error = verifier.identify(b"no ELF", "whole").unwrap_err();
    assert!(matches!(error, BackendError::Guest(_)), "{error:?}");
}

#[test]
fn a_run_that_cannot_be_proved_has_no_receipt() {
    let run = prove("unprovable", Some("whole")).unwrap();
    assert_eq!(run.outcome.run.status, Status::Trap);
    assert!(run.receipt.is_none() && run.outcome.receipt.is_none());
}

#[test]
fn a_proof_that_is_not_there_is_the_runners_fault() {
    let run = prove("no-proof-file", None).unwrap();
    assert_eq!(run.outcome.run.status, Status::ProtocolError);
    assert!(run.receipt.is_none());
    let message = run.outcome.run.message.unwrap();
    assert!(message.contains("no proof file"), "{message}");
}

#[test]
fn a_link_and_a_fifo_in_place_of_the_proof_are_the_runners_fault() {
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    for arguments in [vec!["linked-proof".into(), secret.into()], vec!["fifo-proof".into()]] {
        let run = prove_with(arguments, None).unwrap();
        assert_eq!(run.outcome.run.status, Status::ProtocolError);
        assert!(run.receipt.is_none());
        let message = run.outcome.run.message.unwrap();
        assert!(message.contains("no plain file"), "{message}");
    }
}

#[test]
fn a_proof_without_end_is_cut_off() {
    let run = prove("endless-proof", None).unwrap();
    assert_eq!(run.outcome.run.status, Status::OutputLimit);
    assert!(run.receipt.is_none());
}

#[test]
fn a_proof_kind_that_there_is_not_is_named_with_those_that_there_are() {
    let error = prove("good", Some("half")).unwrap_err();
    assert!(matches!(error, BackendError::NoSuchProofKind { .. }));
    let text = error.to_string();
    assert!(text.contains("half") && text.contains("whole"), "{text}");
}

#[test]
fn a_verifier_that_dies_has_said_nothing() {
    let mut verifier =
        RunnerBackend::with_arguments(installed(), vec!["verify-exit".into()], settings(), CancelToken::new()).unwrap();
    let error = verifier.verify(b"a proof", "whole", "the image", &limits()).unwrap_err();
    assert!(matches!(error, BackendError::Runner { .. }), "{error:?}");
}
