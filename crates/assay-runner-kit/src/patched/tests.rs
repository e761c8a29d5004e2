//! What a runner over patched sources adds to the runner that it wraps.

use std::{cell::Cell, io::Write as _, rc::Rc};

use assay_spec::{Platform, Status};

use super::*;
use crate::panic::catch;

/// A zkVM whose guests say what its prover does: replace so many values, and then end in some way.
struct Inner {
    replaced: Rc<Cell<u64>>,
    recovered: u64,
}

struct Fake {
    replaced: Rc<Cell<u64>>,
    discarded: u64,
}

const RUN: Run<'static> = Run { input: &[], max_steps: 1, cost: false };

impl Runner for Inner {
    /// Values to be replaced, and how proving ends.
    type Guest = (u64, &'static str);

    fn describe(&self) -> RunnerDescription {
        RunnerDescription {
            name: "zk".to_owned(),
            sdk_version: "1.0".to_owned(),
            platforms: vec![Platform::Risc0],
            isa: "rv32im".to_owned(),
            capabilities: vec![Capability::Execute],
            proof_kinds: Vec::new(),
            limits: assay_spec::GuestLimits::default(),
            notes: vec!["There are no rows.".to_owned(), "It is small.".to_owned()],
        }
    }

    fn load(&mut self, _: &[u8], _: &Context<'_>) -> Result<Prepared<Self::Guest>, RunnerError> {
        Ok(Prepared { guest: (0, ""), image_id: None, instructions: 0 })
    }

    fn execute(&mut self, _: &Self::Guest, _: &Run<'_>, _: &Context<'_>) -> Result<RunReport, RunnerError> {
        Ok(RunReport { exit_code: Some(0), ..RunReport::new(Status::Ok) })
    }

    fn trace(
        &mut self,
        _: &Self::Guest,
        _: &Run<'_>,
        _: RecordSelection,
        _: &mut Records<'_>,
        _: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        unreachable!("records are the sources'")
    }

    fn prove(
        &mut self,
        guest: &Self::Guest,
        run: &Run<'_>,
        _: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        self.replaced.set(self.replaced.get() + guest.0);
        match guest.1 {
            "panics" => panic!("index out of bounds"),
            "fails" => Err(error(ErrorKind::Sdk, "eqz failure")),
            "is cancelled" => Err(error(ErrorKind::Cancelled, "given up")),
            _ => Ok((self.execute(guest, run, cx)?.with_message("done"), None)),
        }
    }

    fn recover(&mut self) {
        self.recovered += 1;
    }
}

impl Patches for Fake {
    type Runner = Inner;

    const NOTES: &'static [&'static str] = &["Built from patched sources."];
    const CAPABILITIES: &'static [Capability] = &[Capability::TraceChipRows];
    const NOT_SO: &'static [&'static str] = &["There are no rows"];

    fn trace(
        &mut self,
        runner: &mut Inner,
        guest: &(u64, &'static str),
        run: &Run<'_>,
        _: RecordSelection,
        _: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        Ok((runner.execute(guest, run, cx)?, TraceSummary::default()))
    }

    fn replaced(&self) -> u64 {
        self.replaced.get()
    }

    fn discard(&mut self) {
        self.discarded += 1;
    }
}

fn patched() -> Patched<Fake> {
    // Not 0: what was replaced before is no matter of this proof.
    let replaced = Rc::new(Cell::new(7));
    let inner = Inner { replaced: replaced.clone(), recovered: 0 };
    Patched::new("zk@1.0", Fake { replaced, discarded: 0 }, inner)
}

fn prove(runner: &mut Patched<Fake>, replaced: u64, end: &'static str) -> Result<RunReport, RunnerError> {
    runner.prove(&(replaced, end), &RUN, "kind", &Context::detached()).map(|(report, _)| report)
}

#[test]
fn it_is_the_runner_of_the_zkvm_but_for_what_is_said() {
    let description = patched().describe();
    assert_eq!((description.name.as_str(), description.sdk_version.as_str()), ("zk@1.0", "1.0+assay"));
    assert_eq!(description.capabilities, [Capability::Execute, Capability::TraceChipRows]);
    assert_eq!(description.notes[..2], ["It is small.", "Built from patched sources."]);
    assert!(description.notes[2].contains("ASSAY_RELAX") && description.notes[3].contains("verifier"));
}

#[test]
fn replaced_values_are_counted_by_the_proof() {
    let message = |replaced, end| prove(&mut patched(), replaced, end).unwrap().message.unwrap();
    assert_eq!(message(0, "ends"), "done");
    assert_eq!(message(1, "ends"), "1 value of the witness was replaced; done");
    assert_eq!(message(2, "ends"), "2 values of the witness were replaced; done");
}

#[test]
fn what_the_prover_says_of_a_changed_witness_is_a_refusal_of_the_run() {
    let mut runner = patched();
    let report = prove(&mut runner, 3, "fails").unwrap();
    assert_eq!((report.status, report.refusal.as_deref()), (Status::Ok, Some("eqz failure")));
    assert!(report.message.unwrap().starts_with("3 values"));
    assert_eq!((runner.runner.recovered, runner.patches.discarded), (0, 0));

    let report = catch(|| prove(&mut runner, 1, "panics")).expect("it is caught").unwrap();
    let refusal = report.refusal.unwrap();
    assert!(refusal.starts_with("panic: index out of bounds (at ") && refusal.contains("tests.rs"), "{refusal}");
    assert_eq!((runner.runner.recovered, runner.patches.discarded), (1, 1), "nothing half-done is left");
}

#[test]
fn what_goes_wrong_with_an_honest_witness_is_an_error_as_ever() {
    let mut runner = patched();
    assert_eq!(prove(&mut runner, 0, "fails").unwrap_err().kind, ErrorKind::Sdk);
    // Whether or not values were replaced.
    assert_eq!(prove(&mut runner, 1, "is cancelled").unwrap_err().kind, ErrorKind::Cancelled);
    let panic = catch(|| prove(&mut runner, 0, "panics")).expect_err("it goes on");
    assert_eq!(panic.message, "index out of bounds");
    assert!(panic.location.contains("tests.rs"), "where it began, and not where it was held: {}", panic.location);
    assert_eq!(runner.runner.recovered, 0, "that is for whoever catches it");
}

#[test]
fn a_pipe_takes_what_is_written_while_the_work_is_done_and_nothing_is_left() {
    const LINE: &[u8] = b"{\"type\":\"instruction\",\"data\":1}\n";
    let (mut bytes, pipe) = (Vec::new(), Pipe::default());
    let mut records = Records::to_stream(&mut bytes, 100);
    let mut writer = pipe.writer();
    // More pieces than the pipe holds.
    let done = pipe.drain(&mut records, || (0..20).try_for_each(|_| writer.write_all(LINE)).map(|()| 5));
    assert_eq!(done.unwrap(), 5);
    assert_eq!(records.next_seq(), 20);
    assert!(pipe.drain(&mut records, || Ok(())).is_ok(), "nothing of the last time is in the way");

    let refused = pipe.drain(&mut records, || writer.write_all(b"no record\n"));
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Sdk);
    let failed = pipe.drain(&mut records, || Err::<(), _>(std::io::Error::other("the disk is full")));
    assert!(failed.unwrap_err().message.contains("the disk is full"));
    let panic = catch(|| pipe.drain(&mut records, || -> std::io::Result<()> { panic!("no more") })).unwrap_err();
    assert!(panic.message == "no more" && panic.location.contains("tests.rs"), "{panic:?}");
    assert!(pipe.drain(&mut records, || Ok(())).is_ok(), "nor is anything in the way after a panic");
    drop(records);
    assert_eq!(bytes.len(), 20 * LINE.len());
}
