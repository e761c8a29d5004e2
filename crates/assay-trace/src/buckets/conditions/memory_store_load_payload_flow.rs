//! Loads of what was stored before.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.store_load_payload_flow",
    category: Category::Memory,
    matches: "A load of which at least one byte was written by an earlier store, among the stores that are remembered \
              (the last one to each aligned word, of 4096 places of eight bytes); the hit names the store, and whether \
              all of the load is stored.",
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
        let stored = state.stored(place);
        whole &= stored.is_some_and(|stored| stored.mask & mask == mask);
        store = store.max(stored.and_then(|stored| stored.last(mask)));
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
    fn a_place_that_two_addresses_share_is_the_later_ones() {
        let shared = (8 * super::super::super::STORES_TRACKED) as u64;
        let flow = |addresses: [u64; 3]| {
            let mut trace = rv32("li x6, 0x20000\nsb x5, 0(x6)\nsb x5, 0(x6)\nlb x7, 0(x6)");
            let effects = trace.iter_mut().filter_map(|record| match record {
                assay_spec::MicroOp::Instruction(instruction) => instruction.mem.as_mut(),
                _ => None,
            });
            effects.zip(addresses).for_each(|(effect, address)| effect.addr = assay_spec::Word(address));
            hits(&BUCKET, &trace).len()
        };
        assert_eq!(flow([0, shared, shared]), 1);
        assert_eq!(flow([0, shared, 0]), 0, "forgotten");
        assert_eq!(flow([0, shared + 1, shared]), 0, "not stored");
        assert_eq!(flow([0, shared + 8, 0]), 1);
        assert_eq!(flow([0, 4, 0]), 1, "the other half");
        assert_eq!(flow([0, 1, 0]), 0, "a later store to the same word");
    }

    #[test]
    fn bytes_beside_the_stored_ones_do_not() {
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nsh x5, 0(x6)\nlbu x7, 2(x6)\nlw x7, 4(x6)\nlw x7, 8(x6)"));
        assert_no_hit(&BUCKET, &rv32("li x6, 0x20000\nlw x7, 0(x6)\nsw x5, 0(x6)"));
    }
}
