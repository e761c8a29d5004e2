//! Guests written as assembly, on each platform: memory map, calls, traps, limits, records, planted faults.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accelerators;
mod faults;
mod hostile;
mod limits;
mod loading;
mod openvm;
mod records;
mod risc0;
mod risc0_bigint;
mod sp1;
#[cfg(feature = "bigint")]
mod sp1_precompiles;
mod standard;

use assay_isa::{AssembleOptions, Isa, assemble};
use assay_machine::{Config, End, Image, Permissions, Run, Segment, Unobserved, run};
use assay_spec::{Platform, TrapKind};

/// Where code stands in these guests.
const CODE: u64 = 0x20_0800;

fn code(source: &str, isa: Isa) -> Segment {
    let assembly = assemble(source, &AssembleOptions::new(isa, CODE)).unwrap_or_else(|errors| panic!("{errors}"));
    Segment { address: CODE, size: assembly.bytes.len() as u64, bytes: assembly.bytes, permissions: Permissions::RX }
}

fn image(source: &str, isa: Isa) -> Image {
    Image { entry: CODE, segments: vec![code(source, isa)] }
}

fn standard_config() -> Config {
    let mut config = Config::new(Isa::RV64IMA, Platform::Standard);
    config.max_steps = 100_000;
    config
}

/// Runs a rv64 guest on `standard`.
fn standard(source: &str, input: &[u8]) -> Run {
    let config = standard_config();
    run(&image(source, config.isa), input, &config, &mut Unobserved).unwrap()
}

/// The trap that ended a run, as (kind, pc relative to the code, address), and its message.
#[track_caller]
fn trap(run: &Run) -> (TrapKind, u64, Option<u64>, &str) {
    match &run.end {
        End::Trap { trap, message } => {
            assert_eq!(trap.pc.0, run.pc);
            (trap.kind, trap.pc.0.wrapping_sub(CODE), trap.address.map(|address| address.0), message)
        }
        end => panic!("expected a trap, found {end:?}"),
    }
}
