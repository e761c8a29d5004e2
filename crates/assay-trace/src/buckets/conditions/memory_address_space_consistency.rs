//! Which address space a load or store goes to.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.address_space_consistency",
    category: Category::Memory,
    matches: "A row of a load or store with an address-space selector: it must be the one of the instruction (OpenVM: \
              2 memory, 3 public values). SP1 and RISC Zero have one address space.",
    backends: &[OpenVm],
    bugs: &[OPENVM_ADDRESS_SPACES],
    example: "li x6, 0x300000\nsw x5, 0(x6)",
    rules: &[Rule::Row(&[Chip::LoadStore, Chip::Load, Chip::Store], row)],
};

fn row(row: &Row, _: &State) -> Option<Facts> {
    let space = row.get(Column::AddressSpace)?;
    Some(Facts::new().hex("address_space", space).number("is_load", row.get(Column::IsLoad) != Some(0)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_ALU, OPENVM_LOAD_STORE, assert_hit, assert_no_hit, hits, row_with};
    use super::*;

    #[test]
    fn a_row_with_a_selector_hits() {
        let found = hits(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[("mem_as", 3)])]);
        assert_eq!(found[0].details["address_space"], "0x3");
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[])]);
    }

    #[test]
    fn rows_without_one_do_not() {
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_ALU, &[])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "StoreWord", &[])]);
    }
}
