//! Accesses at the ends of what a machine has of memory.

use super::prelude::*;

/// Distance from an edge in bytes that still counts: a register.
const NEAR_BYTES: u64 = 8;

/// First address behind a region, or first of one, and what it is.
const EDGES: [(u64, &str); 7] = [
    (0x0001_0000, "start of user memory on RISC Zero and on the standard platform"),
    (1 << 24, "end of guest memory on OpenVM as Assay runs it"),
    (1 << 29, "end of the addresses that OpenVM's guests have by default"),
    (0x7800_0000, "start of program memory on SP1"),
    (0x8000_0000, "end of memory on the standard platform, sign bit of an address"),
    (0xc000_0000, "end of user memory on RISC Zero"),
    (1 << 32, "end of a 32-bit address space"),
];

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.memory.segment_edge",
    category: Category::Memory,
    matches: "An access that ends within eight bytes of an edge of a machine's memory (2^16, 2^24, 2^29, 0x78000000, \
              2^31, 0xc0000000, 2^32) or begins within eight bytes of one or of 0.",
    backends: ALL_BACKENDS,
    bugs: &[],
    example: "li x6, 0x1000000\nlw x5, -4(x6)",
    rules: &[
        Rule::Instruction(&[Class::Load, Class::Store, Class::Atomic], instruction),
        Rule::RowsOfHit(&[Chip::LoadStore, Chip::Load, Chip::Store]),
    ],
};

fn instruction(executed: &Executed, _: &State) -> Option<Facts> {
    let effect = executed.record.mem?;
    let address = effect.addr.0;
    let end = address.saturating_add(effect.size.into());
    let near = |edge: u64| address < edge.saturating_add(NEAR_BYTES) && end > edge - NEAR_BYTES;
    let what = if address < NEAR_BYTES {
        "start of the address space"
    } else {
        EDGES.iter().find(|(edge, _)| near(*edge)).map(|(_, what)| *what)?
    };
    Some(Facts::new().hex("address", address).number("size", effect.size).text("edge", what))
}

#[cfg(test)]
mod tests {
    use assay_spec::{MicroOp, Word};

    use super::super::super::testing::{assert_hit, assert_no_hit, rv32};
    use super::*;

    /// A load, as if from `address`.
    fn load(address: u64) -> Vec<MicroOp> {
        let mut trace = rv32("li x6, 0x20000\nlw x5, 0(x6)");
        let effects = trace.iter_mut().filter_map(|record| match record {
            MicroOp::Instruction(instruction) => instruction.mem.as_mut(),
            _ => None,
        });
        effects.for_each(|effect| effect.addr = Word(address));
        trace
    }

    #[test]
    fn the_last_and_the_first_bytes_hit_and_the_middle_does_not() {
        for address in [0, 4, 0x00ff_fffc, 1 << 24, 0xbfff_fff8, 0x7800_0004, 0xffff_fffc] {
            assert_hit(&BUCKET, &load(address));
        }
        for address in [8, 0x20000, 0x00ff_fff0, (1 << 24) + 8, u64::MAX - 3] {
            assert_no_hit(&BUCKET, &load(address));
        }
    }
}
