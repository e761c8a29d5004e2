//! What holds of the whole table of cases.

use std::collections::BTreeSet;

use assay_isa::Isa;

use super::*;
use crate::program::{Guests, Made};

fn targets() -> Vec<Target> {
    let harts = [
        (Platform::Standard, Isa::RV32IM),
        (Platform::Standard, Isa::RV64IM),
        (Platform::OpenVm, Isa::RV32IM_OPENVM),
        (Platform::Risc0, Isa::RV32IM),
        (Platform::Sp1, Isa::RV64IM),
    ];
    harts.into_iter().map(|(platform, isa)| Target::new(platform, isa)).chain([Target::NATIVE]).collect()
}

#[test]
fn each_case_has_a_name_of_its_own_in_its_group() {
    for target in targets() {
        let cases = all(target);
        let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
        assert_eq!(names.len(), cases.len(), "{target:?}");
        for case in &cases {
            assert!(case.name.starts_with(&format!("{}/", case.group)), "{}", case.name);
            assert!(!case.about.is_empty() && !case.expect.to_string().is_empty(), "{}", case.name);
        }
        let mut groups: Vec<_> = cases.iter().map(|case| case.group).collect();
        groups.dedup();
        let unique: BTreeSet<_> = groups.iter().collect();
        assert_eq!(groups.len(), unique.len(), "a group stands in two places: {groups:?}");
    }
}

#[test]
fn every_platform_with_registers_of_a_width_has_the_same_cases_but_for_its_own_calls() {
    let names = |target| -> BTreeSet<String> {
        let cases = all(target).into_iter().filter(|case| case.group != Group::Call);
        cases.map(|case| case.name).collect()
    };
    let [narrow, wide, openvm, risc0, sp1, native] = targets().try_into().expect("there are six");
    assert_eq!(names(openvm), names(narrow));
    assert_eq!(names(risc0), names(narrow));
    assert_eq!(names(sp1), names(wide));
    assert_eq!(names(native), names(wide));
}

/// Cores need a toolchain; the others are made here and now.
#[test]
fn each_sequence_and_executable_is_made_for_each_platform() {
    for target in targets() {
        let mut guests = Guests::new(target, Err(assay_guest::BuildError::NoCache));
        for case in all(target) {
            let made = guests.make(&case.program, &mut |_| ());
            match (&case.program, made) {
                (Program::Core(_), Made::Unbuilt(why)) => assert!(why.contains("ASSAY_CACHE"), "{why}"),
                (Program::Sequence(_), Made::Guest(guest)) => assert!(guest.harness.is_some(), "{}", case.name),
                (Program::NotApplicable(_), Made::NotApplicable(_)) | (Program::Executable { .. }, Made::Guest(_)) => {}
                (Program::Executable { .. }, Made::Unread(guest, _)) => assert_eq!(guest.program, None),
                (_, made) => panic!("{} on {target:?}: {made:?}", case.name),
            }
        }
    }
}

/// What guests that break the rules do is tried on every target; a process has no memory of its own to run out of, and no
/// runtime at a place that is known.
#[test]
fn guests_that_break_the_rules_are_cases_of_every_target() {
    let hostile = [
        "input/store-into-buffer",
        "hostile/write-unmapped",
        "hostile/write-wrapping",
        "hostile/write-length-near-2-64",
        "hostile/tiny-writes",
        "hostile/heap-exhausted",
        "hostile/runtime-overwritten",
        "stack/past-the-limit",
    ];
    for target in targets() {
        let cases = all(target);
        for name in hostile {
            let case = cases.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("{name} on {target:?}"));
            let needs_a_hart = ["hostile/heap-exhausted", "hostile/runtime-overwritten"].contains(&name);
            let applies = !matches!(case.program, Program::NotApplicable(_));
            assert_eq!(applies, target != Target::NATIVE || !needs_a_hart, "{name} on {target:?}");
        }
    }
}

/// Names are for scripts and for `limits.toml`: they stay what they are.
#[test]
fn every_declared_limit_and_bug_is_about_cases_that_there_are() {
    let declared = crate::Declared::shipped();
    let all: Vec<String> = targets().into_iter().flat_map(all).map(|case| case.name).collect();
    let limits = declared.limit.iter().flat_map(|limit| &limit.cases);
    for pattern in limits.chain(declared.bug.iter().flat_map(|bug| &bug.cases)) {
        assert!(all.iter().any(|name| crate::declared::matches(pattern, name)), "{pattern}");
    }
}
