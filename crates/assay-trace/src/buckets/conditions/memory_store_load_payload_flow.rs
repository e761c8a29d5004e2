//! Loads of what was stored before.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.store_load_payload_flow",
    category: Category::Memory,
    matches: "A load of which at least one byte was written by an earlier store, among the stores that are remembered \
              (the last one to each of 4096 places of eight bytes); the hit names the store, and whether all of the \
              load is stored.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x6, 0x300000\nsw x5, 0(x6)\nlbu x7, 1(x6)",
    rules: &[
        Rule::Instruction(&[Class::Load, Class::Atomic], instruction),
        Rule::RowsOfHit(&[Chip::LoadStore, Chip::Load]),
    ],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let effect = executed.record.mem.as_ref()?;
    let mut store = None;
    let mut whole = true;
    for (place, mask) in touched(effect) {
        let stored = state.stored(place).filter(|stored| stored.mask & mask != 0);
        whole &= stored.is_some_and(|stored| stored.mask & mask == mask);
        store = store.max(stored.map(|stored| stored.seq));
    }
    let flow = if whole { "whole" } else { "part" };
    Some(Facts::new().hex("address", effect.addr.0).text("stored", flow).after(store?))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_no_hit, hits, rv32};
    use super::*;

    #[test]
    fn a_load_of_stored_bytes_hits_and_names_the_store() {
        let trace = rv32("li x6, 0x20000\nsw x5, 0(x6)\nlbu x7, 1(x6)");
        let found = hits(&BUCKET, &trace);
        assert_eq!((found[0].seq.len(), found[0].details["stored"].as_str()), (2, "whole"));
        let store = trace.iter().find(|record| record.seq() == found[0].seq[0]).unwrap();
        assert!(matches!(store, assay_spec::MicroOp::Instruction(store) if store.mnemonic == "sw"));
        let part = hits(&BUCKET, &rv32("li x6, 0x20000\nsb x5, 2(x6)\nlw x7, 0(x6)"));
        assert_eq!(part[0].details["stored"], "part");
    }

    #[test]
    fn bytes_beside_the_stored_ones_do_not() {
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nsh x5, 0(x6)\nlbu x7, 2(x6)\nlw x7, 4(x6)\nlw x7, 8(x6)"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nlw x7, 0(x6)\nsw x5, 0(x6)"));
    }
}
