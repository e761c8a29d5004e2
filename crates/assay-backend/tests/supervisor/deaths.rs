//! Runners that end, or should.

use assay_backend::{
    RunnerFailure, Settings,
    supervisor::{Exit, ProtocolViolation, Retirement},
};
use assay_spec::Status;

use crate::bench::{Bench, SHORT, deaf, settings, until};

fn exit_of(failure: &RunnerFailure) -> Exit {
    assert_eq!(failure.status(), Some(Status::RunnerCrash), "{failure}");
    match failure {
        RunnerFailure::Died { exit, .. } => *exit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_good_runner_answers_again_and_again_in_one_process() {
    let mut bench = Bench::new("good");
    bench.execute().unwrap();
    let pid = bench.supervisor.pid().unwrap();
    let answer = bench.execute().unwrap();
    assert!(answer.peak_memory_bytes.unwrap() > 0);
    assert_eq!(bench.supervisor.pid(), Some(pid));
    assert_eq!(bench.processes().len(), 1);
    bench.recovers();
}

#[test]
fn an_exit_without_an_answer_tells_the_code_and_the_reason_on_stderr() {
    let mut bench = Bench::new("exit");
    let failure = bench.fails();
    assert_eq!(exit_of(&failure), Exit::Code(7));
    assert!(failure.to_string().contains("the reason, for people"), "{failure}");
    bench.recovers();
}

#[test]
fn an_exit_with_success_but_without_an_answer_is_a_crash() {
    let mut bench = Bench::new("exit-0");
    assert_eq!(exit_of(&bench.fails()), Exit::Code(0));
    bench.recovers();
}

#[test]
fn an_abort_tells_its_signal() {
    let mut bench = Bench::new("abort");
    assert_eq!(exit_of(&bench.fails()), Exit::Signal(6));
    bench.recovers();
}

#[test]
fn a_segmentation_fault_tells_its_signal() {
    let mut bench = Bench::new("segv");
    assert_eq!(exit_of(&bench.fails()), Exit::Signal(11));
    bench.recovers();
}

#[test]
fn a_sigkill_from_the_system_is_not_taken_for_ours() {
    let mut bench = Bench::new("killed");
    let failure = bench.fails();
    assert_eq!(exit_of(&failure), Exit::Signal(9));
    assert!(failure.to_string().contains("we did not send"), "{failure}");
    bench.recovers();
}

#[test]
fn a_runner_that_exits_while_its_child_holds_the_pipes_is_dead_and_so_is_the_child() {
    let mut bench = Bench::new("grandchild");
    assert_eq!(exit_of(&bench.fails()), Exit::Code(9));
    bench.recovers();
}

#[test]
fn a_child_that_left_the_process_group_is_found_and_ended() {
    let mut bench = Bench::new("grandchild-escaped");
    assert_eq!(exit_of(&bench.fails()), Exit::Code(9));
    bench.recovers();
}

#[test]
fn a_runner_that_closes_its_descriptors_and_lives_is_ended() {
    for mode in ["closed", "closed-deaf"] {
        let mut bench = Bench::with(mode, Settings { exit_grace: SHORT, ..settings() });
        let failure = bench.fails();
        assert!(matches!(failure, RunnerFailure::Protocol(ProtocolViolation::Closed)), "{failure:?}");
        bench.recovers();
    }
}

#[test]
fn a_runner_that_does_not_come_up_is_told_apart_from_one_that_dies_at_work() {
    let mut bench = Bench::new("hello-exit");
    match bench.fails() {
        RunnerFailure::Handshake(cause) => assert_eq!(exit_of(&cause), Exit::Code(3)),
        other => panic!("{other:?}"),
    }
    bench.recovers();
}

#[test]
fn a_runner_that_never_says_hello_is_ended_at_its_own_limit() {
    let settings = Settings { hello_timeout: SHORT, ..settings() };
    let mut bench = Bench::with("hello-hang", settings);
    let failure = bench.fails();
    assert!(
        matches!(&failure, RunnerFailure::Handshake(cause) if matches!(**cause, RunnerFailure::WallLimit { .. })),
        "{failure:?}"
    );
    assert_eq!(failure.status(), Some(Status::RunnerCrash));
    // The next process gets the limit of a machine under load.
    let Bench { .. } = bench;
}

#[test]
fn a_missing_program_prevents_the_run() {
    let mut bench = Bench::new("good");
    let command = assay_backend::RunnerCommand {
        binary: bench.path().join("absent"),
        arguments: Vec::new(),
        work_folder: bench.path().to_owned(),
    };
    bench.supervisor = assay_backend::Supervisor::new(command, settings(), bench.cancel.clone());
    let failure = bench.execute().unwrap_err();
    assert!(matches!(failure, RunnerFailure::Spawn { .. }), "{failure:?}");
    assert_eq!(failure.status(), None);
}

#[test]
fn a_runner_that_dies_between_requests_costs_no_request() {
    let mut bench = Bench::new("die-idle");
    bench.execute().unwrap();
    // The kernel needs a moment to make a process dead that has answered already.
    let stat = format!("/proc/{}/stat", bench.supervisor.pid().unwrap());
    until(|| std::fs::read_to_string(&stat).unwrap().contains(") Z "));
    bench.execute().unwrap();
    assert_eq!(bench.supervisor.last_retirement(), Some(&Retirement::DiedIdle(Exit::Code(5))));
    bench.recovers();
}

#[test]
fn a_runner_that_is_dying_between_requests_is_not_taken_for_one_that_lives_on() {
    let mut bench = Bench::new("close-idle");
    bench.execute().unwrap();
    until(|| bench.path().join("closed").exists());
    bench.execute().unwrap();
    assert_eq!(bench.supervisor.last_retirement(), Some(&Retirement::DiedIdle(Exit::Code(5))));
    bench.recovers();
}

#[test]
fn a_runner_that_ignores_shutdown_and_sigterm_is_gone_with_its_supervisor() {
    let mut bench = Bench::with("ignore-shutdown", deaf());
    bench.execute().unwrap();
    bench.ends();
}
