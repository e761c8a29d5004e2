//! The verdict on a pair of outcomes.

use assay_spec::{Divergence, Inconclusive, Outcome, Platform, RegisterFile, Status, Trap, Verdict};

/// An outcome, and the registers that the guest itself reported, where a harness made it report them.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// What the backend did.
    pub outcome: &'a Outcome,
    /// Final registers as public output holds them. They explain a difference in the output by name.
    pub reported: Option<&'a RegisterFile>,
}

/// Judges `target` against `baseline`.
///
/// - A run that ended by a limit or in a backend's own machinery is never judged.
/// - Two runs that ended well agree if everything that both observed is equal.
/// - Two runs that failed in the same way ([`Status`] and exit code) are [`Verdict::SameFailure`] if they differ in
///   how they say so: trap, message, partial output. Zero differences is [`Verdict::Agree`].
/// - Everything else that differs is a divergence.
///
/// Executors' messages are compared only for guest panics, whose text is the guest's own.
pub fn compare(baseline: Observation<'_>, target: Observation<'_>) -> Verdict {
    let (left, right) = (baseline.outcome, target.outcome);
    if let Some(reason) = cannot_be_judged(left, right) {
        return Verdict::Inconclusive(reason);
    }

    let mut hard = Vec::new();
    let mut soft = Vec::new();
    let same_end = left.run.status == right.run.status && left.run.exit_code == right.run.exit_code;
    if left.run.status != right.run.status {
        hard.push(Divergence::Status { baseline: left.run.status, target: right.run.status });
    }
    if left.run.exit_code != right.run.exit_code {
        hard.push(Divergence::ExitCode { baseline: left.run.exit_code, target: right.run.exit_code });
    }
    // How a failure is described, and what it left behind, depends on the executor; that it failed does not.
    let failed_alike = same_end && !matches!(left.run.status, Status::Ok | Status::Failed);
    let rest = if failed_alike { &mut soft } else { &mut hard };
    if !same_trap(left.run.trap.as_ref(), right.run.trap.as_ref()) {
        rest.push(Divergence::Trap { baseline: left.run.trap.clone(), target: right.run.trap.clone() });
    }
    if left.run.status == Status::Panic && right.run.status == Status::Panic && left.run.message != right.run.message {
        rest.push(Divergence::Message { baseline: left.run.message.clone(), target: right.run.message.clone() });
    }
    rest.extend(output_difference(&left.run.output.0, &right.run.output.0));
    if same_end {
        rest.extend(register_differences(baseline, target));
        rest.extend(instruction_difference(left, right));
    }

    if !hard.is_empty() {
        hard.append(&mut soft);
        Verdict::Diverge(hard)
    } else if !soft.is_empty() {
        Verdict::SameFailure(soft)
    } else {
        Verdict::Agree
    }
}

/// Judges two builds of one core, for two platforms: how the runs ended, the panic's message, and the public output.
///
/// The rules are those of [`compare`], with what compilers and platforms decide left out: registers, counts, and where and
/// why a hart trapped. A panic has no exit code: the zkVM decides whether the guest comes to one. Where one of the two has
/// public values of a fixed size (OpenVM), zeros behind the other's output are as good as nothing.
pub fn compare_cores(baseline: &Outcome, target: &Outcome) -> Verdict {
    if let Some(reason) = cannot_be_judged(baseline, target) {
        return Verdict::Inconclusive(reason);
    }
    let (left, right) = (&baseline.run, &target.run);
    let mut differences = Vec::new();
    if left.status != right.status {
        differences.push(Divergence::Status { baseline: left.status, target: right.status });
    }
    let panicked = [left.status, right.status].contains(&Status::Panic);
    if left.exit_code != right.exit_code && !panicked {
        differences.push(Divergence::ExitCode { baseline: left.exit_code, target: right.exit_code });
    }
    let failed_alike = differences.is_empty() && !matches!(left.status, Status::Ok | Status::Failed);
    if left.status == Status::Panic && right.status == Status::Panic && left.message != right.message {
        differences.push(Divergence::Message { baseline: left.message.clone(), target: right.message.clone() });
    }
    differences.extend(core_output_difference(baseline, target));
    match (differences.is_empty(), failed_alike) {
        (true, _) => Verdict::Agree,
        (false, true) => Verdict::SameFailure(differences),
        (false, false) => Verdict::Diverge(differences),
    }
}

fn core_output_difference(baseline: &Outcome, target: &Outcome) -> Option<Divergence> {
    let (left, right) = (&baseline.run.output.0, &target.run.output.0);
    let is_array = |outcome: &Outcome| outcome.backend.platform == Platform::OpenVm;
    let padded = |bytes: &[u8], length: usize| {
        let mut bytes = bytes.to_vec();
        bytes.resize(length.max(bytes.len()), 0);
        bytes
    };
    let (one, other) = match (is_array(baseline), is_array(target)) {
        (true, false) => (left.clone(), padded(right, left.len())),
        (false, true) => (padded(left, right.len()), right.clone()),
        _ => (left.clone(), right.clone()),
    };
    let Some(Divergence::Output { first_difference, .. }) = output_difference(&one, &other) else { return None };
    let (baseline_bytes, target_bytes) = (left.len() as u64, right.len() as u64);
    Some(Divergence::Output { first_difference, baseline_bytes, target_bytes })
}

/// Why a pair of outcomes is never judged, whatever they did.
pub(crate) fn cannot_be_judged(left: &Outcome, right: &Outcome) -> Option<Inconclusive> {
    if left.input_digest != right.input_digest {
        let why = "the two backends were given different inputs".to_owned();
        return Some(Inconclusive::NotComparable { why });
    }
    let ended = [left, right].into_iter().find(|outcome| !outcome.run.status.is_guest_verdict())?;
    Some(Inconclusive::BackendEnded {
        backend: ended.backend.name.clone(),
        status: ended.run.status,
        message: ended.run.message.clone(),
    })
}

/// The same kind at the same pc; an address that only one of them observed is not a difference.
fn same_trap(left: Option<&Trap>, right: Option<&Trap>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => {
            let addresses_alike = left.address.zip(right.address).is_none_or(|(left, right)| left == right);
            left.kind == right.kind && left.pc == right.pc && addresses_alike
        }
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn output_difference(baseline: &[u8], target: &[u8]) -> Option<Divergence> {
    let common = baseline.iter().zip(target).take_while(|(left, right)| left == right).count();
    (baseline != target).then_some(Divergence::Output {
        first_difference: common as u64,
        baseline_bytes: baseline.len() as u64,
        target_bytes: target.len() as u64,
    })
}

/// Reported registers where both guests report them; else the harts' own, but only of one and the same program on
/// one and the same platform: other programs may well leave other values behind.
fn register_differences(baseline: Observation<'_>, target: Observation<'_>) -> Vec<Divergence> {
    let (left, right) = (baseline.outcome, target.outcome);
    let same_program = left.guest.digest == right.guest.digest && left.backend.platform == right.backend.platform;
    let pair = match (baseline.reported, target.reported) {
        (Some(left), Some(right)) => Some((left, right)),
        _ if same_program => left.run.registers.as_ref().zip(right.run.registers.as_ref()),
        _ => None,
    };
    let Some((left, right)) = pair else { return Vec::new() };
    left.iter()
        .filter_map(|(&register, &baseline)| {
            let target = *right.get(&register)?;
            (baseline != target).then_some(Divergence::Register { register, baseline, target })
        })
        .collect()
}

fn instruction_difference(left: &Outcome, right: &Outcome) -> Option<Divergence> {
    let same_program = left.guest.digest == right.guest.digest && left.backend.platform == right.backend.platform;
    let (baseline, target) = left.run.instructions.zip(right.run.instructions)?;
    (same_program && baseline != target).then_some(Divergence::Instructions { baseline, target })
}

#[cfg(test)]
mod tests {
    use assay_spec::{
        BackendId, Digest, Elapsed, GuestId, HexBytes, Mode, Platform, Register, RunReport, TrapKind, Verification,
        Word, schema::Versioned,
    };

    use super::*;

    fn outcome(name: &str, edit: impl FnOnce(&mut RunReport)) -> Outcome {
        let mut run = RunReport::new(Status::Ok);
        run.exit_code = Some(0);
        run.output = HexBytes(vec![1, 2, 3]);
        run.instructions = Some(10);
        edit(&mut run);
        Outcome {
            schema: Outcome::tag(),
            backend: BackendId {
                name: name.into(),
                version: "1".into(),
                platform: Platform::OpenVm,
                isa: "rv32im".into(),
            },
            guest: GuestId { digest: Digest::of(b"elf"), image_id: None, name: "seed".into() },
            input_digest: Digest::of(b""),
            mode: Mode::Execute,
            run,
            elapsed: Elapsed::default(),
            receipt: None,
            verification: Verification::NotRequested,
        }
    }

    fn judge(baseline: &Outcome, target: &Outcome) -> Verdict {
        compare(Observation { outcome: baseline, reported: None }, Observation { outcome: target, reported: None })
    }

    fn trap(kind: TrapKind) -> impl FnOnce(&mut RunReport) {
        move |run| {
            run.status = Status::Trap;
            run.exit_code = None;
            run.trap = Some(Trap { kind, pc: Word(4), address: None });
        }
    }

    #[test]
    fn equal_outcomes_agree_whatever_they_cost() {
        let target = outcome("b", |run| run.cost.openvm_cells = Some(9));
        assert_eq!(judge(&outcome("a", |_| ()), &target), Verdict::Agree);
    }

    #[test]
    fn each_difference_is_named() {
        let baseline = outcome("a", |_| ());
        let target = outcome("b", |run| {
            run.status = Status::Failed;
            run.exit_code = Some(3);
            run.output = HexBytes(vec![1, 9]);
        });
        let expected = [
            Divergence::Status { baseline: Status::Ok, target: Status::Failed },
            Divergence::ExitCode { baseline: Some(0), target: Some(3) },
            Divergence::Output { first_difference: 1, baseline_bytes: 3, target_bytes: 2 },
        ];
        assert_eq!(judge(&baseline, &target), Verdict::Diverge(expected.to_vec()));
    }

    #[test]
    fn a_shorter_output_differs_at_its_end() {
        let target = outcome("b", |run| run.output = HexBytes(vec![1, 2]));
        let Verdict::Diverge(differences) = judge(&outcome("a", |_| ()), &target) else { panic!() };
        assert!(matches!(differences[..], [Divergence::Output { first_difference: 2, .. }]));
    }

    #[test]
    fn what_a_limit_or_the_machinery_ended_is_inconclusive_and_never_a_divergence() {
        for status in [
            Status::Timeout,
            Status::OutOfMemory,
            Status::OutputLimit,
            Status::RunnerCrash,
            Status::ProtocolError,
            Status::Unsupported,
        ] {
            let ended = outcome("b", |run| run.status = status);
            for (left, right) in [(&outcome("a", |_| ()), &ended), (&ended, &outcome("a", |_| ()))] {
                let Verdict::Inconclusive(Inconclusive::BackendEnded { backend, .. }) = judge(left, right) else {
                    panic!("{status} was judged")
                };
                assert_eq!(backend, "b");
            }
        }
    }

    #[test]
    fn traps_of_different_kinds_are_the_same_failure_with_the_difference() {
        let baseline = outcome("a", trap(TrapKind::MisalignedAccess));
        assert_eq!(judge(&baseline, &baseline), Verdict::Agree);
        let verdict = judge(&baseline, &outcome("b", trap(TrapKind::Executor)));
        assert!(
            matches!(&verdict, Verdict::SameFailure(d) if matches!(d[..], [Divergence::Trap { .. }])),
            "{verdict:?}"
        );
    }

    #[test]
    fn an_address_that_only_one_of_them_observed_is_no_difference() {
        let with_address = |address: Option<u64>| {
            let mut outcome = outcome("a", trap(TrapKind::LoadFault));
            outcome.run.trap.as_mut().unwrap().address = address.map(Word);
            outcome
        };
        assert_eq!(judge(&with_address(Some(8)), &with_address(None)), Verdict::Agree);
        assert!(matches!(judge(&with_address(Some(8)), &with_address(Some(9))), Verdict::SameFailure(_)));
    }

    #[test]
    fn panics_agree_only_if_text_and_partial_output_agree() {
        let panic = |text: &str, output: Vec<u8>| {
            let text = text.to_owned();
            outcome("a", move |run| {
                run.status = Status::Panic;
                run.message = Some(text);
                run.output = HexBytes(output);
            })
        };
        assert_eq!(judge(&panic("x", vec![1]), &panic("x", vec![1])), Verdict::Agree);
        assert!(matches!(judge(&panic("x", vec![1]), &panic("y", vec![1])), Verdict::SameFailure(_)));
        assert!(matches!(judge(&panic("x", vec![1]), &panic("x", vec![])), Verdict::SameFailure(_)));
    }

    #[test]
    fn failed_runs_with_other_output_diverge() {
        let failed = |byte| {
            outcome("a", move |run| {
                run.status = Status::Failed;
                run.exit_code = Some(1);
                run.output = HexBytes(vec![byte]);
            })
        };
        assert!(matches!(judge(&failed(1), &failed(2)), Verdict::Diverge(_)));
    }

    #[test]
    fn harts_of_one_program_are_compared_and_of_two_programs_not() {
        let with_x5 = |name: &str, value| {
            outcome(name, move |run| {
                run.registers = Some([(Register::new(5).unwrap(), Word(value))].into_iter().collect());
            })
        };
        let (left, mut right) = (with_x5("a", 1), with_x5("b", 2));
        assert!(matches!(judge(&left, &right), Verdict::Diverge(_)));
        right.guest.digest = Digest::of(b"other");
        assert_eq!(judge(&left, &right), Verdict::Agree);
    }

    #[test]
    fn reported_registers_name_the_difference() {
        let (left, right) = (outcome("a", |_| ()), outcome("b", |run| run.output = HexBytes(vec![1, 2, 4])));
        let registers = |value| RegisterFile::from([(Register::new(7).unwrap(), Word(value))]);
        let (seven, eight) = (registers(7), registers(8));
        let verdict = compare(
            Observation { outcome: &left, reported: Some(&seven) },
            Observation { outcome: &right, reported: Some(&eight) },
        );
        let Verdict::Diverge(differences) = verdict else { panic!() };
        assert!(
            differences.iter().any(|d| matches!(d, Divergence::Register { register, .. } if register.index() == 7))
        );
    }

    /// The outcome of a core's build for `platform`, which has nothing in common with other builds but what the core says.
    fn core(platform: Platform, edit: impl FnOnce(&mut RunReport)) -> Outcome {
        let mut outcome = outcome(platform.name(), |run| {
            run.instructions = Some(platform as u64);
            run.registers = Some([(Register::new(5).unwrap(), Word(platform as u64))].into());
            edit(run);
        });
        outcome.backend.platform = platform;
        outcome.guest.digest = Digest::of(platform.name().as_bytes());
        outcome
    }

    fn panic(run: &mut RunReport) {
        run.status = Status::Panic;
        run.exit_code = Some(101);
        run.message = Some("main.rs:1:1:\nno".to_owned());
    }

    #[test]
    fn builds_of_a_core_agree_in_what_the_core_says_and_in_nothing_else() {
        let (native, sp1) = (core(Platform::Native, |_| ()), core(Platform::Sp1, |_| ()));
        assert_eq!(compare_cores(&native, &sp1), Verdict::Agree);
        let other = core(Platform::Sp1, |run| run.output.0[1] = 9);
        let expected = Divergence::Output { first_difference: 1, baseline_bytes: 3, target_bytes: 3 };
        assert_eq!(compare_cores(&native, &other), Verdict::Diverge(vec![expected]));
        let trapped = |platform, kind| {
            core(platform, |run| {
                trap(kind)(run);
                run.output.0.clear();
            })
        };
        let (one, two) =
            (trapped(Platform::Sp1, TrapKind::LoadFault), trapped(Platform::Risc0, TrapKind::IllegalInstruction));
        assert_eq!(compare_cores(&one, &two), Verdict::Agree);
        assert!(matches!(compare_cores(&native, &one), Verdict::Diverge(_)));
        let failed = core(Platform::Sp1, |run| run.exit_code = Some(3));
        assert!(matches!(compare_cores(&native, &failed), Verdict::Diverge(_)));
        let timeout = core(Platform::Risc0, |run| run.status = Status::Timeout);
        assert!(matches!(compare_cores(&native, &timeout), Verdict::Inconclusive(_)));
    }

    #[test]
    fn panics_of_a_core_agree_in_text_and_partial_output_whatever_the_exit_code() {
        let native = core(Platform::Native, panic);
        let without_code = |run: &mut RunReport| {
            panic(run);
            run.exit_code = None;
        };
        assert_eq!(compare_cores(&native, &core(Platform::Risc0, without_code)), Verdict::Agree);
        let other_text = core(Platform::Sp1, |run| {
            panic(run);
            run.message = Some("main.rs:2:1:\nno".to_owned());
        });
        assert!(matches!(compare_cores(&native, &other_text), Verdict::SameFailure(_)));
        let other_output = core(Platform::Sp1, |run| {
            panic(run);
            run.output.0.clear();
        });
        assert!(matches!(compare_cores(&native, &other_output), Verdict::SameFailure(_)));
        let exited = core(Platform::Sp1, |run| {
            panic(run);
            run.status = Status::Failed;
        });
        let expected = Divergence::Status { baseline: Status::Panic, target: Status::Failed };
        assert_eq!(compare_cores(&native, &exited), Verdict::Diverge(vec![expected]));
    }

    #[test]
    fn zeros_in_an_array_of_public_values_are_no_output() {
        let array = |bytes: &[u8]| {
            let bytes = bytes.to_vec();
            core(Platform::OpenVm, move |run| {
                run.output.0 = bytes;
                run.output.0.resize(256, 0);
            })
        };
        let native = core(Platform::Native, |_| ());
        assert_eq!(compare_cores(&native, &array(&[1, 2, 3])), Verdict::Agree);
        assert_eq!(compare_cores(&array(&[1, 2, 3]), &native), Verdict::Agree);
        let expected = |first_difference| {
            Verdict::Diverge(vec![Divergence::Output { first_difference, baseline_bytes: 3, target_bytes: 256 }])
        };
        assert_eq!(compare_cores(&native, &array(&[1, 2])), expected(2));
        assert_eq!(compare_cores(&native, &array(&[1, 2, 3, 4])), expected(3));
        let long = core(Platform::Native, |run| run.output.0 = vec![0; 257]);
        assert!(matches!(compare_cores(&long, &array(&[])), Verdict::Diverge(_)));
        // Elsewhere a zero is output like any other.
        let zero = core(Platform::Sp1, |run| run.output.0.push(0));
        assert!(matches!(compare_cores(&native, &zero), Verdict::Diverge(_)));
    }

    #[test]
    fn different_inputs_are_not_comparable() {
        let mut other = outcome("b", |_| ());
        other.input_digest = Digest::of(b"other");
        assert!(matches!(
            judge(&outcome("a", |_| ()), &other),
            Verdict::Inconclusive(Inconclusive::NotComparable { .. })
        ));
    }
}
