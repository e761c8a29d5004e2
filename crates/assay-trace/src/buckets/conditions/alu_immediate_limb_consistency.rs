//! Immediates as second operands: their limbs are a sign extension.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.alu.immediate_limb_consistency",
    category: Category::Alu,
    matches: "An ALU or shift instruction with an immediate that writes a register, and its ALU row: the limbs of the \
              second operand must be the sign extension of the immediate.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x6, 7\naddi x5, x6, -5",
    rules: &[
        Rule::Instruction(&[Class::AluImm, Class::Shift], instruction),
        Rule::Row(&[Chip::Alu, Chip::AluImmediate], row),
    ],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let immediate = matches!(executed.opcode().entry().format, Format::I | Format::Shift | Format::ShiftWord);
    let instruction = executed.instruction;
    (immediate && instruction.rd != 0).then(|| Facts::new().number("immediate", instruction.imm))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let immediate = row.chip() == Chip::AluImmediate
        || row.get(Column::SecondIsRegister) == Some(0)
        || row.get(Column::SecondIsImmediate) == Some(1);
    immediate.then(|| Facts::new().hex("top_limb", row.get(Column::SecondTopLimb).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_ALU, assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn an_immediate_hits_and_a_register_does_not() {
        assert_hit(&BUCKET, &rv32("addi x5, x6, -5"));
        assert_hit(&BUCKET, &rv32("srai x5, x6, 3"));
        assert_no_hit(&BUCKET, &rv32("add x5, x6, x7\nsra x5, x6, x7\naddi x0, x6, 1"));
    }

    #[test]
    fn rows_say_whether_their_second_operand_is_an_immediate() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_ALU, &[("rs2_as", 0)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_ALU, &[("rs2_as", 1)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "Bitwise", &[("adapter__imm_c", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "Bitwise", &[("adapter__imm_c", 0)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "Addi", &[])]);
    }
}
