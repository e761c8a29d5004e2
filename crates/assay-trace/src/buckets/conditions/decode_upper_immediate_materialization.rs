//! Where the twenty bits of an upper immediate go.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.decode.upper_immediate_materialization",
    category: Category::Decode,
    matches: "LUI or AUIPC with an immediate other than 0, and its row: the immediate stands in bits 12 to 31 and is \
              sign-extended on 64-bit registers.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "lui x5, 0xfffff",
    rules: &[
        Rule::Instruction(&[Class::Upper], instruction),
        Rule::RowsOfHit(&[Chip::Auipc, Chip::UpperImmediate, Chip::JalLui]),
    ],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let immediate = super::upper(executed);
    (immediate != 0).then(|| Facts::new().hex("immediate", immediate).text("mnemonic", executed.opcode().mnemonic()))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, hits, real_step, rv32};
    use super::*;

    #[test]
    fn an_upper_immediate_hits_and_zero_does_not() {
        assert_hit(&BUCKET, &rv32("lui x5, 0xfffff"));
        assert_hit(&BUCKET, &rv32("auipc x5, 1"));
        assert_no_hit(&BUCKET, &rv32("lui x5, 0\nauipc x5, 0\naddi x5, x0, 1"));
    }

    #[test]
    fn the_row_is_named_beside_the_instruction() {
        for (backend, mnemonic) in [(OpenVm, "lui"), (OpenVm, "auipc"), (Sp1, "lui")] {
            let found = hits(&BUCKET, &real_step(backend, mnemonic));
            assert_eq!(found[0].seq.len(), 2, "{backend:?} {mnemonic}");
        }
        assert_no_hit(&BUCKET, &real_step(OpenVm, "jal"));
    }
}
