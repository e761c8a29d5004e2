//! Divisions whose result the specification fixes by hand.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.arithmetic.special_case_consistency",
    category: Category::Arithmetic,
    matches: "A division or remainder by 0, or a signed one of the least number by -1, and its division row: the \
              result is fixed by the specification and not by the identity of division.",
    backends: ALL_BACKENDS,
    bugs: &[RISC0_DIVISION],
    example: "li x6, 100\nli x7, 0\ndivu x5, x6, x7",
    rules: &[Rule::Instruction(&[Class::MulDiv], instruction), Rule::Row(&[Chip::DivRem], row)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let division = super::division(executed, state)?;
    let case = match (division.divisor, division.overflows) {
        (0, _) => "division by zero",
        (_, true) => "signed overflow",
        (_, false) => return None,
    };
    Some(Facts::new().text("case", case).hex("dividend", division.dividend))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    if row.is_set(Column::ZeroDivisor) {
        Some(Facts::new().text("case", "division by zero"))
    } else if row.is_set(Column::Overflow) {
        Some(Facts::new().text("case", "signed overflow"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_DIV_REM, assert_hit, assert_no_hit, hits, row_with, rv32, rv64};
    use super::*;

    #[test]
    fn zero_and_overflow_hit_and_an_ordinary_division_does_not() {
        assert_hit(&BUCKET, &rv32("li x6, 100\ndivu x5, x6, x0"));
        let overflow = hits(&BUCKET, &rv32("li x6, 0x80000000\nli x7, -1\nrem x5, x6, x7"));
        assert_eq!(overflow[0].details["case"], "signed overflow");
        assert_no_hit(&BUCKET, &rv32("li x6, 0x80000000\nli x7, -1\ndivu x5, x6, x7"));
        assert_hit(&BUCKET, &rv64("li x6, 0x80000000\nli x7, -1\ndivw x5, x6, x7"));
        assert_no_hit(&BUCKET, &rv64("li x6, 0x80000000\nli x7, -1\ndiv x5, x6, x7"));
    }

    #[test]
    fn registers_are_0_where_a_run_begins_and_unknown_where_it_does_not() {
        let mut trace = rv32("li x6, 100\ndivu x5, x6, x28");
        assert_hit(&BUCKET, &trace);
        for record in &mut trace {
            if let assay_spec::MicroOp::Instruction(instruction) = record {
                instruction.step += 7;
            }
        }
        assert_no_hit(&BUCKET, &trace);
    }

    #[test]
    fn rows_say_it_themselves() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_DIV_REM, &[("zero_divisor", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_DIV_REM, &[("zero_divisor", 0)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "DivRem", &[("is_overflow", 1)])]);
    }
}
