//! Loads and stores with negative offsets.

use super::prelude::*;

/// What an offset differs by where its sign is taken for the other: OpenVM keeps it in 16 bits and a sign.
const OTHER_SIGN: u64 = 1 << 16;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.immediate_sign_consistency",
    category: Category::Memory,
    matches: "A load or store with a negative offset, and its row: with the other sign the same 16 bits lead 65536 \
              bytes further up, which the hit names.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x6, 0x300010\nlw x5, -16(x6)",
    rules: &[
        Rule::Instruction(&[Class::Load, Class::Store], instruction),
        Rule::Row(&[Chip::LoadStore, Chip::Load], row),
        Rule::RowsOfHit(&[Chip::Store]),
    ],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let offset = executed.instruction.imm;
    if offset >= 0 {
        return None;
    }
    let base = state.register(executed.instruction.rs1);
    let known = executed.record.mem.map(|effect| effect.addr.0);
    let address = known.or_else(|| Some(state.cut(base?.wrapping_add_signed(offset.into()))));
    let facts = Facts::new().number("offset", offset);
    Some(match address {
        Some(address) => {
            facts.hex("address", address).hex("address_with_other_sign", state.cut(address.wrapping_add(OTHER_SIGN)))
        }
        None => facts,
    })
}

fn row(row: &Row, _: &State) -> Option<Facts> {
    let negative =
        row.is_set(Column::OffsetSign) || row.get(Column::SecondTopLimb).is_some_and(|limb| limb >> 15 & 1 == 1);
    negative.then(Facts::new)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_LOAD_STORE, assert_hit, assert_no_hit, hits, row_with, rv32};
    use super::*;

    #[test]
    fn a_negative_offset_hits_and_names_the_other_address() {
        let found = hits(&BUCKET, &rv32("li x6, 0x20010\nlw x5, -16(x6)"));
        assert_eq!(found[0].details["address"], "0x20000");
        assert_eq!(found[0].details["address_with_other_sign"], "0x30000");
        assert_hit(&BUCKET, &rv32("li x6, 0x20010\nsb x5, -1(x6)"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20010\nlw x5, 16(x6)\nsw x5, 0(x6)\naddi x5, x6, -1"));
    }

    #[test]
    fn rows_hold_the_sign() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[("imm_sign", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[("imm_sign", 0)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "LoadWord", &[("adapter__op_c_imm__0__3", 0xffff)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "LoadWord", &[("adapter__op_c_imm__0__3", 0)])]);
    }
}
