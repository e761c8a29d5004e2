//! High halves of products of numbers with different signs.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.arithmetic.mulh_sign_mix",
    category: Category::Arithmetic,
    matches: "MULH of operands with different signs, or MULHSU of a negative first operand, and its row: the sign \
              extensions of the operands differ.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x6, -3\nli x7, 5\nmulh x5, x6, x7",
    rules: &[Rule::Instruction(&[Class::MulDiv], instruction), Rule::Row(&[Chip::MulHigh], row)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let (first, second) = super::sources(executed, state)?;
    let (negative, other) = (state.signed(first) < 0, state.signed(second) < 0);
    let mixed = match executed.opcode() {
        Opcode::Mulh => negative != other,
        Opcode::Mulhsu => negative,
        _ => false,
    };
    mixed.then(|| Facts::new().hex("first", first).hex("second", second))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let (first, second) = (row.get(Column::FirstSign)?, row.get(Column::SecondSign)?);
    ((first != 0) != (second != 0)).then(|| Facts::new().hex("first_sign", first).hex("second_sign", second))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_MUL_HIGH, assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn different_signs_hit_and_equal_ones_do_not() {
        assert_hit(&BUCKET, &rv32("li x6, -3\nli x7, 5\nmulh x5, x6, x7"));
        assert_hit(&BUCKET, &rv32("li x6, -3\nli x7, -5\nmulhsu x5, x6, x7"));
        assert_no_hit(&BUCKET, &rv32("li x6, -3\nli x7, -5\nmulh x5, x6, x7\nmulhu x5, x6, x0\nmul x5, x6, x0"));
        assert_no_hit(&BUCKET, &rv32("li x6, 3\nli x7, -5\nmulhsu x5, x6, x7"));
    }

    #[test]
    fn rows_hold_both_sign_extensions() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_MUL_HIGH, &[("b_ext", 255), ("c_ext", 0)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_MUL_HIGH, &[("b_ext", 255), ("c_ext", 255)])]);
        let signs = |first, second| {
            row_with(Sp1, "Mul", &[("mul_operation__b_sign_extend", first), ("mul_operation__c_sign_extend", second)])
        };
        assert_hit(&BUCKET, &[signs(0, 1)]);
        assert_no_hit(&BUCKET, &[signs(0, 0)]);
    }
}
