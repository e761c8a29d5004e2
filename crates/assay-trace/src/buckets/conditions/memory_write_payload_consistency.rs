//! Stores that leave a part of what was there.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.write_payload_consistency",
    category: Category::Memory,
    matches: "A store of less than a whole register, with its rows: of the word that is written, the bytes under the \
              mask come from the register and the others from what was there.",
    backends: ALL_BACKENDS,
    bugs: &[OPENVM_STORE_HALF],
    example: "li x6, 0x300000\nsh x5, 2(x6)",
    rules: &[Rule::Instruction(&[Class::Store], instruction), Rule::RowsOfHit(&[Chip::LoadStore, Chip::Store])],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let effect = executed.access(AccessKind::Write).filter(|effect| effect.size < state.register_bytes())?;
    let (_, mask) = touched(effect).next()?;
    let facts = Facts::new().hex("address", effect.addr.0).hex("mask", mask.into());
    Some(facts.hex("before", effect.before.0).hex("after", effect.after.0))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_no_hit, hits, real_step, rv32};
    use super::*;

    #[test]
    fn a_part_of_a_word_hits_with_its_mask_and_a_whole_one_does_not() {
        let found = hits(&BUCKET, &rv32("li x6, 0x20000\nli x5, -1\nsh x5, 2(x6)"));
        let details = &found[0].details;
        assert_eq!((details["mask"].as_str(), details["after"].as_str()), ("0xc", "0xffff"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nsw x5, 0(x6)\nlb x5, 0(x6)"));
    }

    #[test]
    fn the_row_is_named_beside_the_instruction() {
        for backend in [OpenVm, Sp1] {
            assert_eq!(hits(&BUCKET, &real_step(backend, "sb"))[0].seq.len(), 2, "{backend:?}");
        }
    }
}
