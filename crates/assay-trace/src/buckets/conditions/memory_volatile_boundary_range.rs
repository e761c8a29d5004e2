//! First and last content of memory.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.volatile_boundary_range",
    category: Category::Memory,
    matches: "A row that brings memory into a segment or takes it out (OpenVM: PersistentBoundaryAir; SP1: \
              MemoryGlobalInit and MemoryGlobalFinalize): its address must be within range and in order.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "li x6, 0x300000\nlw x5, 0(x6)",
    rules: &[Rule::Row(&[Chip::MemoryBoundary], row)],
};

fn row(row: &Row, _: &State) -> Option<Facts> {
    let address = row.get(Column::BoundaryAddress)?;
    let facts = Facts::new().hex("address_low_limb", address);
    Some(row.get(Column::BoundarySpace).map_or(facts, |space| facts.hex("address_space", space)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_ALU, assert_hit, assert_no_hit, row_with};
    use super::*;

    #[test]
    fn boundary_rows_hit_and_padding_and_other_rows_do_not() {
        assert_hit(&BUCKET, &[row_with(OpenVm, "PersistentBoundaryAir<8>", &[])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, "PersistentBoundaryAir<8>", &[("expand_direction", 0)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "MemoryGlobalInit", &[])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "MemoryGlobalFinalize", &[])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_ALU, &[])]);
    }
}
