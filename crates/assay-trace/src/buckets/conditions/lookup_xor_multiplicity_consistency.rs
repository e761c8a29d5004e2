//! Lookups of XOR.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.lookup.xor_multiplicity_consistency",
    category: Category::Lookup,
    matches: "A row of the table of bitwise operations whose XOR multiplicity is not 0, and a message that looks a \
              XOR up: the multiplicity must be the number of those.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "xor x5, x6, x7",
    rules: &[
        Rule::Row(&[Chip::BitwiseTable], row),
        Rule::Message(&[InteractionKind::Bitwise, InteractionKind::Lookup], message),
    ],
};

fn row(row: &Row, _: &State) -> Option<Facts> {
    let multiplicity = row.get(Column::XorMultiplicity).filter(|&multiplicity| multiplicity != 0)?;
    Some(Facts::new().hex("multiplicity", multiplicity))
}

/// What the table receives says no more than its row does.
fn message(message: &Message, _: &State) -> Option<Facts> {
    match message.content {
        Content::Xor { x, y } if message.is_sent => Some(Facts::new().hex("x", x).hex("y", y)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, real_step, row_with};
    use super::*;

    #[test]
    fn a_xor_hits_in_its_messages_and_other_lookups_do_not() {
        for backend in [OpenVm, Sp1] {
            assert_hit(&BUCKET, &real_step(backend, "xor"));
            assert_no_hit(&BUCKET, &real_step(backend, "lui"));
        }
        // OpenVM's adder checks the ranges of its limbs as XORs of each with itself.
        assert_hit(&BUCKET, &real_step(OpenVm, "add"));
        assert_no_hit(&BUCKET, &real_step(Sp1, "add"));
    }

    #[test]
    fn rows_of_the_table_hold_the_multiplicity() {
        let table = "BitwiseOperationLookupAir<8>";
        assert_hit(&BUCKET, &[row_with(OpenVm, table, &[("mult_xor", 3)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, table, &[("mult_xor", 0), ("mult_range", 3)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "Byte", &[("multiplicities__2", 3)])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "Byte", &[("multiplicities__2", 0)])]);
    }
}
