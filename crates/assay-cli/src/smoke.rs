//! The built-in guest of `backend doctor`: small, with a known end on every platform.

use assay_guest::{Commitment, Guest, Harness, PlatformFacts};
use assay_isa::{AssembleOptions, Xlen, assemble};
use assay_spec::{Platform, Register};

/// Sums 1 to 10 with a loop, multiplies, divides, stores and loads.
const SOURCE: &str = "
    li   t0, 10
    li   a0, 0
1:  add  a0, a0, t0
    addi t0, t0, -1
    bnez t0, 1b
    li   t1, 0x400000
    sw   a0, 0(t1)
    lw   a1, 0(t1)
    mul  a2, a1, a1
    divu a3, a2, a0
";

/// Final registers: the sum, itself through memory, its square, and the square over the sum.
pub(crate) const EXPECTED: [(u8, u64); 4] = [(10, 55), (11, 55), (12, 3025), (13, 55)];

/// The guest for `platform`, committing to its output where it is to be proved.
pub(crate) fn guest(platform: Platform, commitment: Commitment) -> Guest {
    let facts = PlatformFacts::of(platform);
    let isa = facts.isa(Xlen::Rv32).unwrap_or(facts.isas[0]);
    let body = assemble(SOURCE, &AssembleOptions::new(isa, 0)).expect("the built-in guest assembles").words();
    let mut harness = Harness::new(platform, isa, body.expect("instructions only"));
    harness.memory.push(assay_spec::MemoryInit { addr: 0x40_0000_u64.into(), hex: vec![0; 4].into() });
    harness.commitment = commitment;
    harness.build("smoke").expect("the built-in guest is sound")
}

/// Whether `output` reports the registers that it must.
pub(crate) fn is_right(guest: &Guest, output: &[u8]) -> bool {
    let reported = guest.harness.as_ref().and_then(|layout| layout.registers(output));
    reported.is_some_and(|registers| {
        EXPECTED.iter().all(|&(index, value)| {
            Register::new(index).and_then(|register| registers.get(&register)).is_some_and(|word| word.0 == value)
        })
    })
}
