//! Bugs of 200 instructions end at a handful, with a fraction of the tests that plain delta debugging needs.

#[path = "support/ddmin.rs"]
mod ddmin;
#[path = "support/measure.rs"]
mod measure;
#[path = "support/planted.rs"]
mod planted;

use assay_fuzz::shrink::{Answer, Options, Predicate as _, Unobserved, shrink};
use assay_isa::Isa;
use measure::{Knowledge, Row, factor};
use planted::{FAULTS, bug};

/// Goal for their length in the end.
const INSTRUCTIONS_MAX: usize = 5;

fn assert_short(rows: &[Row]) {
    for row in rows {
        assert!(row.instructions <= INSTRUCTIONS_MAX, "{row}");
    }
}

fn assert_factor(rows: &[Row], least: f64) {
    let factor = factor(rows);
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    assert!(factor >= least, "only {factor:.1} times fewer tests\n{}", rows.join("\n"));
}

#[test]
fn planted_bugs_of_200_instructions_end_at_no_more_than_5_with_a_quarter_of_the_tests() {
    for knowledge in [Knowledge::Focus, Knowledge::Reference] {
        let rows = measure::planted_rows(knowledge);
        assert_short(&rows);
        assert_factor(&rows, 4.0);
    }
}

#[test]
fn without_the_reference_machine_they_end_at_no_more_than_5_too() {
    let rows = measure::planted_rows(Knowledge::Words);
    assert_short(&rows);
    assert_factor(&rows, 2.0);
}

/// No knowledge of values helps here, and there is not much room: of what only searching can find, four or five of 200
/// instructions take 30 yes-or-no questions at the least.
#[test]
fn bugs_that_need_several_instructions_end_at_these_with_a_third_of_the_tests() {
    let rows = measure::scattered_rows();
    for (row, needed) in rows.iter().zip(1..) {
        assert_eq!(row.instructions, needed, "{row}");
    }
    assert_factor(&rows, 3.0);
}

#[test]
fn what_is_left_of_a_planted_bug_is_its_trigger_in_canonical_form() {
    let lines: Vec<String> = FAULTS
        .iter()
        .map(|fault| {
            let bug = bug(fault, Isa::RV64IM);
            let predicate = bug.predicate();
            let best = shrink(bug.case.clone(), &predicate, &Options::default(), &mut Unobserved).unwrap().best;
            assert_eq!(predicate.test(&best), Answer::Interesting, "{}", bug.fault);
            let registers: Vec<String> =
                best.registers.iter().map(|(register, value)| format!("{register}={value}")).collect();
            format!("{}: {} from [{}]", bug.fault, best.disassembly().join("; "), registers.join(" "))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}
