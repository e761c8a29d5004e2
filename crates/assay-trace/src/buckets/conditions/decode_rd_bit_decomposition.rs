//! Destinations whose index has bits in every group that a decoder splits it into.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.decode.rd_bit_decomposition",
    category: Category::Decode,
    matches: "An instruction that writes a register whose index has a bit in each of the groups 0, 1-2 and 3-4 into \
              which RISC Zero's decoder splits it: x11, x13, x15, x19, x21, x23, x27, x29, x31.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x31, 5",
    rules: &[Rule::Instruction(WRITERS, instruction)],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let rd = executed.instruction.destination()?;
    let mixed = rd & 0b00001 != 0 && rd & 0b00110 != 0 && rd & 0b11000 != 0;
    mixed.then(|| Facts::new().number("rd", rd))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, rv32};
    use super::*;

    #[test]
    fn the_registers_that_are_named_hit_and_no_others() {
        for register in 1..32u8 {
            let trace = rv32(&format!("lui x{register}, 5"));
            if [11, 13, 15, 19, 21, 23, 27, 29, 31].contains(&register) {
                assert_hit(&BUCKET, &trace);
            } else {
                assert_no_hit(&BUCKET, &trace);
            }
        }
        assert_no_hit(&BUCKET, &rv32("sw x31, 0(x9)"));
    }
}
