//! Runners that break the protocol.

use assay_backend::{
    RunnerFailure,
    supervisor::{ProtocolViolation, Retirement},
};
use assay_spec::{
    Status,
    protocol::{ErrorKind, PROTOCOL},
};

use crate::bench::{Bench, SHORT, until};

/// The violation of the first request; everything is gone then.
fn violation(bench: &mut Bench) -> ProtocolViolation {
    let failure = bench.fails();
    assert_eq!(failure.status(), Some(Status::ProtocolError), "{failure}");
    match failure {
        RunnerFailure::Protocol(violation) => violation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_that_is_no_reply_is_named() {
    let mut bench = Bench::new("garbage");
    let found = violation(&mut bench);
    assert!(matches!(found, ProtocolViolation::NotAReply { bytes: 5, .. }), "{found:?}");
    bench.recovers();
}

#[test]
fn text_without_frames_is_refused_by_its_length() {
    let mut bench = Bench::new("not-framed");
    let claimed = u32::from_le_bytes(*b"Segm") as usize;
    assert_eq!(violation(&mut bench), ProtocolViolation::FrameTooLong { claimed });
    bench.recovers();
}

#[test]
fn a_length_claim_of_4_gib_is_refused_at_once() {
    let mut bench = Bench::new("huge-claim");
    let claimed = u32::MAX as usize;
    assert_eq!(violation(&mut bench), ProtocolViolation::FrameTooLong { claimed });
    bench.recovers();
}

#[test]
fn half_a_frame_and_an_exit_is_named() {
    let mut bench = Bench::new("half-frame");
    assert_eq!(violation(&mut bench), ProtocolViolation::HalfFrame { bytes: 10 });
    bench.recovers();
}

#[test]
fn half_a_frame_and_silence_is_the_wall_limit() {
    let mut bench = Bench::new("half-frame-hang").wall(SHORT);
    assert_eq!(bench.fails().status(), Some(Status::Timeout));
    bench.recovers();
}

#[test]
fn half_a_frame_and_a_crash_is_the_crash() {
    let mut bench = Bench::new("half-frame-crash");
    assert_eq!(bench.fails().status(), Some(Status::RunnerCrash));
    bench.recovers();
}

#[test]
fn a_reply_to_a_request_that_was_never_made_is_named() {
    let mut bench = Bench::new("unknown-id");
    let found = violation(&mut bench);
    assert!(matches!(found, ProtocolViolation::UnknownId { found, expected } if found == expected + 1000), "{found:?}");
    bench.recovers();
}

#[test]
fn what_a_runner_says_about_an_unreadable_request_is_passed_on() {
    let mut bench = Bench::new("not-understood");
    let found = violation(&mut bench);
    assert!(matches!(found, ProtocolViolation::NotUnderstood { .. }), "{found:?}");
    assert!(found.to_string().contains("expected ident at column 3"), "{found}");
    bench.recovers();
}

#[test]
fn an_answer_to_another_sort_of_request_is_named() {
    let mut bench = Bench::new("wrong-reply");
    let expected = ProtocolViolation::WrongReply { asked: "execute", answered: "describe" };
    assert_eq!(violation(&mut bench), expected);
    bench.recovers();
}

#[test]
fn a_second_answer_spoils_the_first() {
    let mut bench = Bench::new("after-done");
    let found = violation(&mut bench);
    assert!(matches!(found, ProtocolViolation::ReplyAfterDone { .. }), "{found:?}");
    bench.recovers();
}

#[test]
fn a_word_between_two_requests_costs_the_process_but_no_request() {
    let mut bench = Bench::new("speak-idle");
    bench.execute().unwrap();
    std::fs::write(bench.path().join("speak"), "").unwrap();
    until(|| bench.path().join("spoke").exists());
    bench.execute().unwrap();
    let retirement = bench.supervisor.last_retirement();
    assert!(
        matches!(retirement, Some(Retirement::SpokeUnasked(ProtocolViolation::ReplyAfterDone { .. }))),
        "{retirement:?}"
    );
    bench.recovers();
}

#[test]
fn progress_without_end_is_cut_off_by_number() {
    let mut bench = Bench::new("progress-flood");
    let found = violation(&mut bench);
    assert!(matches!(found, ProtocolViolation::ProgressFlood { .. }), "{found:?}");
    bench.recovers();
}

#[test]
fn progress_does_not_stretch_the_wall_limit() {
    let mut bench = Bench::new("progress-slow").wall(SHORT);
    assert_eq!(bench.fails().status(), Some(Status::Timeout));
    bench.recovers();
}

#[test]
fn another_protocol_version_is_refused_with_its_name() {
    let mut bench = Bench::new("hello-version");
    let failure = bench.fails();
    assert_eq!(failure.status(), Some(Status::ProtocolError));
    let text = failure.to_string();
    assert!(text.contains("assay.runner/999") && text.contains(PROTOCOL), "{text}");
    bench.recovers();
}

#[test]
fn an_error_reply_keeps_its_kind_and_the_process() {
    let mut bench = Bench::new("unsupported");
    let failure = bench.execute().unwrap_err();
    assert_eq!(failure.status(), Some(Status::Unsupported));
    assert!(
        matches!(&failure, RunnerFailure::Answered(error) if error.kind == ErrorKind::UnsupportedGuest),
        "{failure:?}"
    );
    let pid = bench.supervisor.pid().unwrap();
    bench.execute().unwrap();
    assert_eq!(bench.supervisor.pid(), Some(pid));
    bench.recovers();
}

#[test]
fn a_reported_panic_is_a_crash_and_costs_the_process() {
    let mut bench = Bench::new("panic-reply");
    let failure = bench.fails();
    assert_eq!(failure.status(), Some(Status::RunnerCrash));
    assert!(failure.to_string().contains("index out of bounds in the SDK"), "{failure}");
    assert_eq!(bench.supervisor.last_retirement(), Some(&Retirement::Panicked));
    bench.recovers();
}
