//! Whether what came out is what must, and how people read what came out.

use std::fmt::Write as _;

use assay_guest::Guest;
use assay_spec::{Platform, RegisterFile, RunReport, Status, platform::OPENVM_PUBLIC_VALUES_BYTES};

use crate::case::{Bytes, Expect, Target};

/// Longest message that is shown of a run, in characters.
const MESSAGE_CHARS_MAX: usize = 120;

/// What is to be said of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// What must come out came out.
    Held,
    /// Something else.
    Differs,
    /// A limit of ours ended it, which says nothing about the backend.
    Unjudged,
}

/// Judges what a backend did.
pub(crate) fn judge_run(expect: &Expect, target: Target, guest: &Guest, run: &RunReport) -> Judgement {
    if holds(expect, target, reported(guest, run).as_ref(), run) {
        return Judgement::Held;
    }
    match run.status {
        Status::Timeout | Status::OutOfMemory | Status::OutputLimit => Judgement::Unjudged,
        _ => Judgement::Differs,
    }
}

/// The registers that the harness of `guest` made public.
fn reported(guest: &Guest, run: &RunReport) -> Option<RegisterFile> {
    let layout = guest.harness.as_ref().filter(|_| run.status == Status::Ok)?;
    layout.registers(&run.output.0)
}

fn holds(expect: &Expect, target: Target, registers: Option<&RegisterFile>, run: &RunReport) -> bool {
    let ended_with = |code: u32| {
        let status = if code == 0 { Status::Ok } else { Status::Failed };
        run.status == status && run.exit_code.unwrap_or_default() == code
    };
    match expect {
        Expect::Exit { code, output } => ended_with(*code) && run.output.0 == public(output, target.platform),
        Expect::ExitCode(code) => ended_with(*code),
        Expect::Panic(text) => {
            run.status == Status::Panic && run.message.as_deref().is_some_and(|message| message.contains(text.as_str()))
        }
        Expect::Registers(expected) => {
            let holds =
                |registers: &RegisterFile| expected.iter().all(|(name, value)| registers.get(name) == Some(value));
            run.status == Status::Ok && registers.is_some_and(holds)
        }
        // A process of this machine is stopped by its system, which does not say so much.
        Expect::Trap(kinds) => {
            let is_kind = |trap: &assay_spec::Trap| kinds.is_empty() || kinds.contains(&trap.kind);
            run.status == Status::Trap && run.trap.as_ref().is_none_or(is_kind)
        }
        Expect::Refused => run.status == Status::Unsupported,
        Expect::Stopped => matches!(
            run.status,
            Status::Failed | Status::Panic | Status::Trap | Status::Timeout | Status::OutOfMemory | Status::OutputLimit
        ),
        Expect::OneOf(all) => all.iter().any(|expect| holds(expect, target, registers, run)),
    }
}

/// `written` as the platform makes it public: OpenVM's public values are an array, zero where nothing was written.
fn public(written: &[u8], platform: Platform) -> Vec<u8> {
    let mut bytes = written.to_vec();
    if platform == Platform::OpenVm {
        bytes.resize(bytes.len().max(OPENVM_PUBLIC_VALUES_BYTES), 0);
    }
    bytes
}

/// The end of a run in a few words, by which declared limits know it: `trap load fault`, `exit code 2`, `ok`.
pub(crate) fn end(run: &RunReport) -> String {
    match (&run.trap, run.exit_code) {
        (Some(trap), _) if run.status == Status::Trap => format!("trap {}", trap.kind),
        (_, Some(code)) if run.status == Status::Failed => format!("exit code {code}"),
        _ => words(&run.status.to_string()),
    }
}

/// `OutputLimit` as `output limit`.
fn words(status: &str) -> String {
    let mut text = String::new();
    for c in status.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// What came out, for people.
pub(crate) fn seen(expect: &Expect, guest: &Guest, run: &RunReport) -> String {
    // Writing into a string does not fail.
    let mut text = end(run);
    match (run.status, expect, reported(guest, run)) {
        (Status::Ok | Status::Failed, Expect::Registers(expected), Some(registers)) => {
            for name in expected.keys() {
                let value = registers.get(name).map_or_else(|| "unknown".to_owned(), ToString::to_string);
                let _ = write!(text, ", {name} = {value}");
            }
        }
        (Status::Ok | Status::Failed, ..) => {
            let _ = write!(text, ", output {}", Bytes(&run.output.0));
        }
        _ => {
            if let Some(trap) = &run.trap {
                let _ = write!(text, " at pc {}", trap.pc);
            }
        }
    }
    if let Some(message) = run.message.as_deref().filter(|_| run.status != Status::Ok) {
        let line: String = message.replace(['\n', '\r'], " ").chars().take(MESSAGE_CHARS_MAX).collect();
        let _ = write!(text, ": {line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use assay_guest::Harness;
    use assay_isa::Isa;
    use assay_spec::{Trap, TrapKind, Word};

    use super::*;

    const STANDARD: Target = Target { platform: Platform::Standard, isa: Some(Isa::RV32IM) };

    fn guest() -> Guest {
        Harness::new(Platform::Standard, Isa::RV32IM, vec![0x13]).build("g").unwrap()
    }

    fn ended(status: Status, code: Option<u32>, output: &[u8]) -> RunReport {
        RunReport { exit_code: code, output: output.to_vec().into(), ..RunReport::new(status) }
    }

    fn trapped(kind: TrapKind) -> RunReport {
        let trap = Trap { kind, pc: Word(0x1000), address: None };
        RunReport { trap: Some(trap), ..RunReport::new(Status::Trap) }
    }

    fn judged(expect: &Expect, run: &RunReport) -> Judgement {
        judge_run(expect, STANDARD, &guest(), run)
    }

    #[test]
    fn an_exit_is_its_code_and_all_of_its_output() {
        let expect = Expect::Exit { code: 0, output: vec![1, 2] };
        assert_eq!(judged(&expect, &ended(Status::Ok, Some(0), &[1, 2])), Judgement::Held);
        for other in [
            ended(Status::Ok, Some(0), &[1, 2, 0]),
            ended(Status::Ok, Some(0), &[1]),
            ended(Status::Failed, Some(1), &[1, 2]),
            ended(Status::RunnerCrash, None, &[1, 2]),
        ] {
            assert_eq!(judged(&expect, &other), Judgement::Differs, "{other:?}");
        }
        let array = [&[1, 2][..], &[0; 254]].concat();
        let openvm = Target::new(Platform::OpenVm, Isa::RV32IM_OPENVM);
        let held = |output: &[u8]| judge_run(&expect, openvm, &guest(), &ended(Status::Ok, Some(0), output));
        assert_eq!((held(&array), held(&[1, 2])), (Judgement::Held, Judgement::Differs));
    }

    #[test]
    fn registers_are_those_that_a_run_that_ended_well_reported() {
        let mut output = vec![0; 128];
        output[40] = 7;
        let expect = Expect::register(10, 7);
        assert_eq!(judged(&expect, &ended(Status::Ok, Some(0), &output)), Judgement::Held);
        assert_eq!(judged(&Expect::register(10, 8), &ended(Status::Ok, Some(0), &output)), Judgement::Differs);
        assert_eq!(judged(&expect, &ended(Status::Failed, Some(2), &output)), Judgement::Differs);
    }

    #[test]
    fn a_trap_is_of_the_kind_that_is_asked_for() {
        let expect = Expect::Trap(vec![TrapKind::LoadFault]);
        assert_eq!(judged(&expect, &trapped(TrapKind::LoadFault)), Judgement::Held);
        assert_eq!(judged(&expect, &trapped(TrapKind::StoreFault)), Judgement::Differs);
        assert_eq!(judged(&Expect::Trap(Vec::new()), &trapped(TrapKind::StoreFault)), Judgement::Held);
        assert_eq!(judged(&expect, &RunReport::new(Status::Trap)), Judgement::Held);
    }

    #[test]
    fn a_hostile_guest_may_end_in_any_way_of_its_own_but_succeed_or_take_the_machinery_along() {
        for (status, judgement) in [
            (Status::Trap, Judgement::Held),
            (Status::Panic, Judgement::Held),
            (Status::OutOfMemory, Judgement::Held),
            (Status::Ok, Judgement::Differs),
            (Status::RunnerCrash, Judgement::Differs),
            (Status::ProtocolError, Judgement::Differs),
            (Status::Unsupported, Judgement::Differs),
        ] {
            assert_eq!(judged(&Expect::Stopped, &RunReport::new(status)), judgement, "{status}");
        }
    }

    #[test]
    fn a_limit_of_ours_is_no_judgement_where_it_is_not_asked_for() {
        for status in [Status::Timeout, Status::OutOfMemory, Status::OutputLimit] {
            assert_eq!(judged(&Expect::ok([]), &RunReport::new(status)), Judgement::Unjudged);
        }
        let either = Expect::OneOf(vec![Expect::ok([]), Expect::Stopped]);
        assert_eq!(judged(&either, &RunReport::new(Status::Timeout)), Judgement::Held);
    }

    #[test]
    fn ends_are_spelled_as_declared_limits_spell_them() {
        assert_eq!(end(&trapped(TrapKind::MisalignedAccess)), "trap misaligned access");
        assert_eq!(end(&ended(Status::Failed, Some(2), &[])), "exit code 2");
        assert_eq!(end(&RunReport::new(Status::OutputLimit)), "output limit");
        assert_eq!(end(&ended(Status::Ok, Some(0), &[])), "ok");
    }
}
