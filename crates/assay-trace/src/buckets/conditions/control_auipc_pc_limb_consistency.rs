//! The pc in AUIPC rows.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.control.auipc_pc_limb_consistency",
    category: Category::Control,
    matches: "AUIPC, and its row: the limbs of the pc must be those of the pc, the topmost within its smaller range.",
    backends: ALL_BACKENDS,
    bugs: &[OPENVM_AUIPC],
    example: "auipc x5, 0x12345",
    rules: &[Rule::Instruction(&[Class::Upper], instruction), Rule::Row(&[Chip::Auipc, Chip::UpperImmediate], row)],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let facts = || Facts::new().hex("pc", executed.record.pc.0).hex("immediate", super::upper(executed));
    (executed.opcode() == Opcode::Auipc).then(facts)
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let auipc = row.chip() == Chip::Auipc || row.is_set(Column::IsAuipc);
    auipc.then(|| Facts::new().hex("pc_top_limb", row.get(Column::PcTopLimb).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_AUIPC_CHIP, assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn auipc_hits_and_lui_does_not() {
        assert_hit(&BUCKET, &rv32("auipc x5, 0x12345"));
        assert_no_hit(&BUCKET, &rv32("lui x5, 0x12345"));
    }

    #[test]
    fn rows_of_a_shared_chip_are_told_apart() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_AUIPC_CHIP, &[])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "UType", &[("is_auipc", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "UType", &[("is_auipc", 0)])]);
    }
}
