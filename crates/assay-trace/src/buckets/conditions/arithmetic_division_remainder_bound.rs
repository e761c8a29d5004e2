//! Ordinary divisions: the remainder is smaller than the divisor.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.arithmetic.division_remainder_bound",
    category: Category::Arithmetic,
    matches: "A division or remainder whose divisor is not 0 and which does not overflow, and its division row: the \
              remainder must be smaller than the divisor in magnitude.",
    backends: ALL_BACKENDS,
    bugs: &[RISC0_DIVISION],
    example: "li x6, -100\nli x7, 7\nrem x5, x6, x7",
    rules: &[Rule::Instruction(&[Class::MulDiv], instruction), Rule::Row(&[Chip::DivRem], row)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let division = super::division(executed, state)?;
    let facts = || Facts::new().hex("dividend", division.dividend).hex("divisor", division.divisor);
    (division.divisor != 0 && !division.overflows).then(facts)
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let special = row.is_set(Column::ZeroDivisor) || row.is_set(Column::Overflow);
    (!special).then(|| Facts::new().number("zero_remainder", row.is_set(Column::ZeroRemainder)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_DIV_REM, assert_hit, assert_no_hit, row_with, rv32, rv64};
    use super::*;

    #[test]
    fn an_ordinary_division_hits_and_the_special_cases_do_not() {
        assert_hit(&BUCKET, &rv32("li x6, -100\nli x7, 7\nrem x5, x6, x7"));
        assert_no_hit(&BUCKET, &rv32("li x6, -100\nli x7, 0\nrem x5, x6, x7\nmul x5, x6, x7"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x80000000\nli x7, -1\ndiv x5, x6, x7"));
        // The same 32-bit patterns are an ordinary division on 64-bit registers.
        assert_hit(&BUCKET, &rv64("li x6, 0x80000000\nli x7, 1\naddi x9, x0, -1\ndiv x5, x6, x7"));
    }

    #[test]
    fn rows_with_a_divisor_of_zero_do_not() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_DIV_REM, &[("zero_divisor", 0)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_DIV_REM, &[("zero_divisor", 1)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "DivRem", &[("is_c_0__result", 0), ("is_overflow", 0)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "DivRem", &[("is_c_0__result", 0), ("is_overflow", 1)])]);
    }
}
