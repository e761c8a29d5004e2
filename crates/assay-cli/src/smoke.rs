//! The guests of `backend doctor`: a built-in one, small, with a known end on every platform; and natively, where there are
//! no instructions of ours, a core.

use assay_guest::{Commitment, Guest, GuestBuilder, GuestSources, Harness, PlatformFacts, cores};
use assay_isa::{AssembleOptions, Xlen, assemble};
use assay_spec::{Platform, Register};

use crate::session::cancel_on_interrupt;

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

/// The core that is built for this machine, its input, and its output: the 24th Fibonacci number.
const CORE: (&str, &str, u64) = ("fib", r#"{"n": 24}"#, 46368);

/// The native guest, and its input. It may have to be built first.
pub(crate) fn native() -> Result<(Guest, Vec<u8>), String> {
    let (name, input, _) = CORE;
    let sources = GuestSources::find(None).map_err(|error| error.to_string())?;
    let core = cores::find(&sources, name).map_err(|error| error.to_string())?;
    let input = core.encode_json(input.as_bytes()).map_err(|error| error.to_string())?;
    let builder = GuestBuilder::new(sources).map_err(|error| error.to_string())?;
    let builder = builder.given_up_by(cancel_on_interrupt());
    let built = builder.build_core(name, Platform::Native, None, &mut |_| ()).map_err(|error| error.to_string())?;
    Ok((built.guest, input))
}

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

/// Whether `output` is what it must be: that it reports the right registers, from a harness.
pub(crate) fn is_right(guest: &Guest, output: &[u8]) -> bool {
    if guest.platform == Platform::Native {
        return output == CORE.2.to_le_bytes();
    }
    let reported = guest.harness.as_ref().and_then(|layout| layout.registers(output));
    reported.is_some_and(|registers| {
        EXPECTED.iter().all(|&(index, value)| {
            Register::new(index).and_then(|register| registers.get(&register)).is_some_and(|word| word.0 == value)
        })
    })
}
