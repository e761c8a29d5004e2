//! Accesses whose address is no multiple of their size.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.misaligned_access",
    category: Category::Memory,
    matches: "An access whose address is no multiple of its size, and that was executed. The zkVMs trap, and \
              instructions that trap are in no trace, so that only the reference machine can show it.",
    backends: &[Reference],
    bugs: &[],
    example: "li x6, 0x300001\nlw x5, 0(x6)",
    rules: &[Rule::Instruction(&[Class::Load, Class::Store, Class::Atomic], instruction)],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let effect = executed.record.mem?;
    let misaligned = effect.addr.0 & u64::from(effect.size.saturating_sub(1)) != 0;
    misaligned.then(|| Facts::new().hex("address", effect.addr.0).number("size", effect.size))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, rv32};
    use super::*;

    #[test]
    fn a_misaligned_access_hits_and_an_aligned_one_does_not() {
        assert_hit(&BUCKET, &rv32("li x6, 0x20001\nlw x5, 0(x6)"));
        assert_hit(&BUCKET, &rv32("li x6, 0x20000\nsh x5, 3(x6)"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20001\nlb x5, 0(x6)\nlh x5, 1(x6)\nsw x5, 3(x6)"));
    }
}
