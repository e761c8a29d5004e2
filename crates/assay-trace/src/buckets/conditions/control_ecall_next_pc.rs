//! Where calls lead.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.control.ecall_next_pc",
    category: Category::Control,
    matches: "ECALL, and its row: the next pc is the following instruction's, or what halting makes of it, and \
              nothing else. OpenVM has no ECALL.",
    backends: &[Reference, Sp1, Risc0],
    bugs: &[],
    example: "ecall",
    rules: &[Rule::Instruction(&[Class::System], instruction), Rule::Row(&[Chip::Call], row)],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let (pc, next) = (executed.record.pc.0, executed.record.next_pc.0);
    (executed.opcode() == Opcode::Ecall).then(|| Facts::new().hex("pc", pc).hex("next_pc", next))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    row.get(Column::NextPc).map(|limb| Facts::new().hex("next_pc_low_limb", limb))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn a_call_hits_and_a_jump_does_not() {
        assert_hit(&BUCKET, &rv32("ecall"));
        assert_no_hit(&BUCKET, &rv32("jal x5, end\nend:\nfence"));
    }

    #[test]
    fn so_does_its_row() {
        assert_hit(&BUCKET, &[row_with(Sp1, "SyscallInstrs", &[])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "Jal", &[])]);
    }
}
