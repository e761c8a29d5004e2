//! Selectors that are neither 0 nor 1.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "legacy.gate_bool_domain",
    category: Category::Legacy,
    matches: "A row with a selector column outside of {0, 1}. OpenVM has selectors of which that is true by design: \
              the flags of its load-store core reach 2, and the expand direction of memory rows is -1 at the end of a \
              segment.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "li x6, 0x300000\nsb x5, 1(x6)",
    rules: &[Rule::Row(ANY_CHIP, row)],
};

fn row(row: &Row, _: &State) -> Option<Facts> {
    let column = row.selector_outside_bits()?;
    Some(Facts::new().hex("value", row.selectors.outside_value).text("column", column))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_ALU, OPENVM_LOAD_STORE, assert_hit, assert_no_hit, hits, row_with};
    use super::*;

    #[test]
    fn a_selector_of_two_hits_and_is_named() {
        let found = hits(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[("flags__1", 2)])]);
        assert_eq!(found[0].details["column"], "flags__1");
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_ALU, &[("opcode_sub_flag", 7)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "Lt", &[("is_slt", 2)])]);
    }

    #[test]
    fn bits_and_other_columns_do_not() {
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_ALU, &[("a__0", 200)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "Lt", &[("is_slt", 1), ("is_sltu", 0)])]);
    }
}
