//! Loads with the timestamps of their accesses.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.timestamped_load_path",
    category: Category::Memory,
    matches: "A load's row that holds the timestamp of the access before, which must be an earlier one; on the \
              reference machine, the message of a read of memory. RISC Zero's traces have neither.",
    backends: &[Reference, OpenVm, Sp1],
    bugs: &[],
    example: "li x6, 0x300000\nlw x5, 0(x6)",
    rules: &[Rule::Row(&[Chip::LoadStore, Chip::Load], row), Rule::Message(&[InteractionKind::Memory], message)],
};

fn row(row: &Row, _: &State) -> Option<Facts> {
    let previous = row.get(Column::PreviousTimestamp)?;
    let load = row.get(Column::IsLoad) != Some(0);
    let facts = || Facts::new().hex("previous", previous).hex("timestamp", row.timestamp.unwrap_or(0));
    load.then(facts)
}

/// The reference machine has a record per access and calls the address `address`; zkVMs call it otherwise.
fn message(message: &Message, _: &State) -> Option<Facts> {
    match message.content {
        Content::Access { address } if !message.is_sent => {
            Some(Facts::new().hex("address", address).hex("timestamp", message.timestamp?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{OPENVM_LOAD_STORE, assert_hit, assert_no_hit, row_with, rv32};
    use super::*;

    #[test]
    fn a_read_of_memory_hits_and_a_write_does_not() {
        assert_hit(&BUCKET, &rv32("li x6, 0x20000\nlw x5, 0(x6)"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nsw x5, 0(x6)\nadd x5, x6, x6"));
    }

    #[test]
    fn rows_of_loads_hit_and_rows_of_stores_do_not() {
        assert_hit(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[("is_load", 1)])]);
        assert_no_hit(&BUCKET, &[row_with(OpenVm, OPENVM_LOAD_STORE, &[("is_load", 0)])]);
        assert_hit(&BUCKET, &[row_with(Sp1, "LoadByte", &[])]);
        assert_no_hit(&BUCKET, &[row_with(Sp1, "StoreByte", &[])]);
    }
}
