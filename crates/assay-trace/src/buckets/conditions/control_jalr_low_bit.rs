//! JALR to an odd address, whose lowest bit is dropped.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.control.jalr_low_bit",
    category: Category::Control,
    matches: "JALR where base and offset make an odd address, and its row with the low bit set: the bit must be \
              dropped from the next pc.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "la x6, target\njalr x5, x6, 1\ntarget: nop",
    rules: &[Rule::Instruction(&[Class::Jump], instruction), Rule::Row(&[Chip::Jalr], row)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    if executed.opcode() != Opcode::Jalr {
        return None;
    }
    let base = state.register(executed.instruction.rs1)?;
    let target = state.cut(base.wrapping_add_signed(executed.instruction.imm.into()));
    (target & 1 == 1).then(|| Facts::new().hex("target", target).hex("next_pc", executed.record.next_pc.0))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    row.is_set(Column::TargetLowBit).then(Facts::new)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_JALR, assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn an_odd_target_hits_and_an_even_one_does_not() {
        assert_hit(&BUCKET, &rv32("la x6, target\njalr x5, x6, 1\ntarget: nop"));
        assert_no_hit(&BUCKET, &rv32("la x6, target\njalr x5, x6, 0\ntarget: nop"));
    }

    #[test]
    fn rows_hold_the_bit() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_JALR, &[("to_pc_least_sig_bit", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_JALR, &[("to_pc_least_sig_bit", 0)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "Jalr", &[("lsb", 1)])]);
    }
}
