//! Jumps and branches with the longest offsets that their format has.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.control.branch_extreme_offset",
    category: Category::Control,
    matches: "A branch whose offset is -4096, 4092 or 4094, or JAL with one of -1048576, 1048572 or 1048574: the ends \
              of the range, where sign bit and magnitude meet.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "bne x0, x0, 4094",
    rules: &[Rule::Instruction(&[Class::Branch, Class::Jump], instruction)],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let least = match executed.opcode().entry().format {
        Format::Branch => -(1 << 12),
        Format::Jump => -(1 << 20),
        _ => return None,
    };
    let offset = executed.instruction.imm;
    let taken = !executed.goes_on();
    (offset == least || offset >= -least - 4).then(|| Facts::new().number("offset", offset).number("taken", taken))
}

#[cfg(test)]
mod tests {
    use assay_isa::{Instruction, encode};

    use super::super::super::testing::{assert_hit, assert_no_hit, rv32};
    use super::*;

    fn trace(opcode: Opcode, imm: i32) -> Vec<assay_spec::MicroOp> {
        // BNE x0, x0 is never taken; JAL leads out of the code, behind which there is nothing.
        let word = encode(&Instruction { imm, ..Instruction::new(opcode) }).unwrap();
        rv32(&format!(".word {word:#x}"))
    }

    #[test]
    fn the_ends_of_the_range_hit_and_what_is_within_does_not() {
        for imm in [-4096, 4092, 4094] {
            assert_hit(&BUCKET, &trace(Opcode::Bne, imm));
        }
        for imm in [-4094, 4090, 8, -8] {
            assert_no_hit(&BUCKET, &trace(Opcode::Bne, imm));
        }
    }
}
