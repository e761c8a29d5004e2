//! 32-bit operations on 64-bit registers whose result is negative or whose operands are more than 32 bits.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.arithmetic.word_op_sign_extension",
    category: Category::Arithmetic,
    matches: "A word operation of RV64 (ADDW, SLLIW, DIVUW and the like) whose result has bit 31 set, so that the \
              upper half is all ones, or of whose operands the upper half is ignored and is not their sign extension; \
              and its row where that holds the sign.",
    backends: &[Reference, Sp1],
    bugs: &[],
    example: "li x6, 0x7fffffff\naddiw x5, x6, 1",
    rules: &[
        Rule::Instruction(&[Class::Alu, Class::AluImm, Class::Shift, Class::MulDiv], instruction),
        Rule::Row(&[Chip::Alu], row),
    ],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let opcode = executed.opcode();
    if !super::is_word_operation(opcode) {
        return None;
    }
    let narrow = |value: u64| value as i64 == i64::from(value as u32 as i32);
    let first = state.register(executed.instruction.rs1);
    let is_register = opcode.entry().format == Format::R;
    let second = state.register(executed.instruction.rs2).filter(|_| is_register);
    let negative = executed.record.rd.filter(|effect| effect.after.0 >> 31 & 1 == 1);
    if let Some(effect) = negative {
        return Some(Facts::new().hex("result", effect.after.0));
    }
    let cut = [first, second].into_iter().flatten().find(|&value| !narrow(value))?;
    Some(Facts::new().hex("operand", cut))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    row.is_set(Column::WordSign).then(|| Facts::new().number("word_sign", 1))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, row_with, rv64};
    use super::*;

    #[test]
    fn a_negative_word_or_a_wide_operand_hits_and_small_numbers_do_not() {
        assert_hit(&BUCKET, &rv64("li x6, 0x7fffffff\naddiw x5, x6, 1"));
        assert_hit(&BUCKET, &rv64("li x6, 0x100000001\nli x7, 3\naddw x5, x6, x7"));
        assert_no_hit(&BUCKET, &rv64("li x6, 6\nli x7, 3\naddw x5, x6, x7\ndivw x5, x6, x7\nslliw x5, x6, 2"));
        assert_no_hit(&BUCKET, &rv64("li x6, 6\nsub x5, x0, x6"));
    }

    #[test]
    fn rows_hold_the_sign_of_the_word() {
        assert_hit(&BUCKET, &[row_with(Sp1, "Addw", &[("addw_operation__msb__msb", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "Addw", &[("addw_operation__msb__msb", 0)])]);
    }
}
