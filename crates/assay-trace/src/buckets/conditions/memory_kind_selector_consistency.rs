//! Loads and stores that share a chip and are told apart by flags.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.kind_selector_consistency",
    category: Category::Memory,
    matches: "A load or store of less than a whole register (LB, LBU, LH, LHU, SB, SH; on RV64 LW, LWU and SW too), \
              with its rows: flags choose width and extension.",
    backends: ALL_BACKENDS,
    bugs: &[OPENVM_ADDRESS_SPACES],
    example: "li x6, 0x300000\nlbu x5, 1(x6)",
    rules: &[
        Rule::Instruction(&[Class::Load, Class::Store], instruction),
        Rule::RowsOfHit(&[Chip::LoadStore, Chip::Load, Chip::Store]),
    ],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let size = executed.opcode().access_bytes()?;
    let facts = || Facts::new().text("kind", executed.opcode().mnemonic()).number("size", size);
    (size < state.register_bytes()).then(facts)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, hits, real_step, rv32, rv64};
    use super::*;

    #[test]
    fn narrow_accesses_hit_and_whole_registers_do_not() {
        for mnemonic in ["lb", "lbu", "lh", "lhu", "sb", "sh"] {
            assert_hit(&BUCKET, &rv32(&format!("li x6, 0x20000\n{mnemonic} x5, 0(x6)")));
        }
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nlw x5, 0(x6)\nsw x5, 0(x6)"));
        assert_hit(&BUCKET, &rv64("li x7, -1\nli x6, 0x20000\nlw x5, 0(x6)"));
        assert_no_hit(&BUCKET, &rv64("li x7, -1\nli x6, 0x20000\nld x5, 0(x6)"));
    }

    #[test]
    fn the_row_is_named_beside_the_instruction() {
        for backend in [OpenVm, Sp1] {
            assert_eq!(hits(&BUCKET, &real_step(backend, "lbu"))[0].seq.len(), 2, "{backend:?}");
        }
    }
}
