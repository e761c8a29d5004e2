//! Arguments of calls that take more than one limb.

use super::prelude::*;

/// Bits of a limb of SP1, the only zkVM here whose call rows hold limbs.
const LIMB_BITS: u32 = 16;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.control.ecall_argument_decomposition",
    category: Category::Control,
    matches: "ECALL with an argument (a0, a1) above 16 bits, and its row where an upper limb of an argument is not 0: \
              the limbs must make up the word. OpenVM has no ECALL.",
    backends: &[Reference, Sp1, Risc0],
    bugs: &[],
    example: "li a0, 0x12345678\necall",
    rules: &[Rule::Instruction(&[Class::System], instruction), Rule::Row(&[Chip::Call], row)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    if executed.opcode() != Opcode::Ecall {
        return None;
    }
    let arguments = [("a0", 10), ("a1", 11)];
    let wide = |(name, register)| Some((name, state.register(register).filter(|value| value >> LIMB_BITS != 0)?));
    let (name, value) = arguments.into_iter().find_map(wide)?;
    Some(Facts::new().text("argument", name).hex("value", value))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let limb = |column| row.get(column).filter(|&limb| limb != 0);
    let value = limb(Column::ArgumentLimb1).or_else(|| limb(Column::ArgumentLimb2))?;
    Some(Facts::new().hex("upper_limb", value))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn a_wide_argument_hits_and_a_narrow_one_does_not() {
        assert_hit(&BUCKET, &rv32("li a0, 0x12345678\necall"));
        assert_no_hit(&BUCKET, &rv32("li a0, 0x1234\nli a1, 0xffff\necall"));
        assert_no_hit(&BUCKET, &rv32("li a0, 0x12345678\nmv a1, a0"));
    }

    #[test]
    fn rows_hold_the_limbs() {
        let row = |first, second| {
            let limbs =
                [("adapter__op_b_memory__prev_value__0__1", first), ("adapter__op_c_memory__prev_value__0__1", second)];
            row_with(Sp1, "SyscallInstrs", &limbs)
        };
        assert_hit(&BUCKET, &[row(0, 1)]);
        assert_no_hit(&BUCKET, &[row(0, 0)]);
    }
}
