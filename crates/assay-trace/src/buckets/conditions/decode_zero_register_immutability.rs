//! Results that x0 must not take.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.decode.zero_register_immutability",
    category: Category::Decode,
    matches: "An instruction whose destination is x0 and whose result is known not to be 0 (JAL and JALR included, \
              which would write a return address), with its rows: x0 must stay 0.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x6, 5\naddi x0, x6, 7",
    rules: &[Rule::Instruction(WRITERS, instruction), Rule::RowsOfHit(ANY_CHIP)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    if executed.instruction.destination() != Some(0) {
        return None;
    }
    let result = super::result(executed, state).filter(|&result| result != 0)?;
    Some(Facts::new().hex("result", result).text("mnemonic", executed.opcode().mnemonic()))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, rv32};
    use super::*;

    #[test]
    fn a_result_for_x0_hits_and_a_result_of_0_does_not() {
        for source in [
            "li x6, 5\naddi x0, x6, 7",
            "lui x0, 3",
            "jal x0, end\nnop\nend: nop",
            "li x6, 5\nmul x0, x6, x6",
            "la x6, end\nlw x0, 0(x6)\nend: nop",
            "li x6, 5\ndivu x0, x6, x0",
        ] {
            assert_hit(&BUCKET, &rv32(source));
        }
        assert_no_hit(&BUCKET, &rv32("nop\nli x6, 5\nsub x0, x6, x6\naddi x5, x6, 7\nlui x0, 0\nsw x6, 0(x9)"));
    }
}
