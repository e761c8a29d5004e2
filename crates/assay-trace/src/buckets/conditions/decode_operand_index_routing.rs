//! Register indices that coincide, or are those of the instruction before in another order.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.decode.operand_index_routing",
    category: Category::Decode,
    matches: "An instruction of which two register indices coincide (rs1 = rs2, rd = rs1, rd = rs2, x0 aside), or \
              whose three indices are those of the instruction before in another order; and rows whose index columns \
              coincide.",
    backends: ALL_BACKENDS,
    bugs: &[RISC0_THREE_REGISTERS],
    example: "remu x5, x6, x6",
    rules: &[
        Rule::Instruction(
            &[
                Class::Alu,
                Class::AluImm,
                Class::Shift,
                Class::MulDiv,
                Class::Load,
                Class::Store,
                Class::Branch,
                Class::Atomic,
            ],
            instruction,
        ),
        Rule::Row(&[Chip::Alu, Chip::AluImmediate, Chip::Mul, Chip::MulHigh, Chip::DivRem, Chip::Branch], row),
    ],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let instruction = executed.instruction;
    let fields = executed.opcode().entry().format.fields();
    let index = |present: bool, register: u8| u64::from(if present { register } else { 0 });
    let [rd, rs1, rs2] =
        [index(fields.rd, instruction.rd), index(fields.rs1, instruction.rs1), index(fields.rs2, instruction.rs2)];
    if let Some(facts) = coincidence(rd, rs1, rs2) {
        return Some(facts);
    }
    // Only where all three are there and none is x0.
    if rd == 0 || rs1 == 0 || rs2 == 0 {
        return None;
    }
    let before = state.before?.instruction;
    let earlier = [before.rd, before.rs1, before.rs2].map(u64::from);
    let now = [rd, rs1, rs2];
    let permuted = now != earlier && now.iter().all(|register| earlier.contains(register));
    permuted.then(|| facts("permuted", rd, rs1, rs2))
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let index = |column| row.register(column).unwrap_or(0);
    let immediate = row.get(Column::SecondIsRegister) == Some(0) || row.is_set(Column::SecondIsImmediate);
    let second = if immediate { 0 } else { index(Column::Rs2) };
    coincidence(index(Column::Rd), index(Column::Rs1), second)
}

/// 0 stands for x0 and for none.
fn coincidence(rd: u64, rs1: u64, rs2: u64) -> Option<Facts> {
    let what = match () {
        () if rs1 != 0 && rs1 == rs2 && rd == rs1 => "rd = rs1 = rs2",
        () if rs1 != 0 && rs1 == rs2 => "rs1 = rs2",
        () if rd != 0 && rd == rs1 => "rd = rs1",
        () if rd != 0 && rd == rs2 => "rd = rs2",
        () => return None,
    };
    Some(facts(what, rd, rs1, rs2))
}

fn facts(what: &'static str, rd: u64, rs1: u64, rs2: u64) -> Facts {
    let number = |value: u64| value as i64;
    Facts::new().text("routing", what).number("rd", number(rd)).number("rs1", number(rs1)).number("rs2", number(rs2))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_DIV_REM, assert_hit, assert_no_hit, hits, row_with, rv32};
    use super::*;

    #[test]
    fn coinciding_indices_hit_and_different_ones_do_not() {
        for source in [
            "remu x5, x6, x6",
            "add x5, x5, x6",
            "add x5, x6, x5",
            "li x6, 0x20000\nsw x6, 0(x6)",
            "bne x6, x6, 8\nnop",
        ] {
            assert_hit(&BUCKET, &rv32(source));
        }
        assert_no_hit(&BUCKET, &rv32("remu x5, x6, x7\naddi x8, x9, 1\nadd x0, x5, x0\nlui x9, 4\nsub x10, x0, x0"));
    }

    #[test]
    fn the_registers_of_the_instruction_before_in_another_order_hit() {
        let found = hits(&BUCKET, &rv32("add x5, x6, x7\nsub x6, x5, x7"));
        assert_eq!(found[0].details["routing"], "permuted");
        assert_no_hit(&BUCKET, &rv32("add x5, x6, x7\nsub x5, x6, x7\nsub x6, x5, x8"));
    }

    #[test]
    fn rows_hold_the_indices() {
        let row = |rs2| row_with(OpenVm, OPENVM_DIV_REM, &[("rd_ptr", 20), ("rs1_ptr", 24), ("rs2_ptr", rs2)]);
        assert_hit(&BUCKET, &[row(24)]);
        assert_no_hit(&BUCKET, &[row(28)]);
        let row = |immediate| {
            let columns =
                [("adapter__op_a", 5), ("adapter__op_b", 6), ("adapter__op_c__0__0", 6), ("adapter__imm_c", immediate)];
            row_with(Sp1, "Bitwise", &columns)
        };
        assert_hit(&BUCKET, &[row(0)]);
        assert_no_hit(&BUCKET, &[row(1)]);
    }
}
