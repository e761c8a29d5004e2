//! Instructions whose next pc comes from elsewhere than pc and immediate.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "legacy.next_pc_underconstrained",
    category: Category::Legacy,
    matches: "An instruction whose next pc its own pc and immediate do not fix: JALR, and an ECALL that does not go \
              on behind itself, with their rows.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "la x6, target\njalr x5, x6, 0\ntarget: nop",
    rules: &[Rule::Instruction(&[Class::Jump, Class::System], instruction), Rule::RowsOfHit(&[Chip::Jalr, Chip::Call])],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let record = &executed.record;
    let elsewhere = match executed.opcode() {
        Opcode::Jalr => true,
        Opcode::Ecall => !executed.goes_on(),
        _ => false,
    };
    elsewhere.then(|| Facts::new().hex("pc", record.pc.0).hex("next_pc", record.next_pc.0))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, hits, real_step, rv32};
    use super::*;

    #[test]
    fn an_indirect_jump_hits_and_a_direct_one_does_not() {
        assert_hit(&BUCKET, &rv32("la x6, target\njalr x5, x6, 0\ntarget: nop"));
        assert_no_hit(&BUCKET, &rv32("jal x5, end\nnop\nend: bne x5, x0, out\nnop\nout: nop"));
    }

    #[test]
    fn the_row_is_named_beside_the_instruction() {
        for backend in [OpenVm, Sp1] {
            assert_eq!(hits(&BUCKET, &real_step(backend, "jalr"))[0].seq.len(), 2, "{backend:?}");
        }
    }
}
