//! Self-checking rv64 programs, assembled by `assay-isa`: one file per theme under `tests/rv64`.
//!
//! Each case computes something and compares it with a value that was derived from the specification, apart from the
//! machine. A program passes with HALT 0 and fails with HALT and the number of the case.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use assay_isa::{AssembleOptions, Class, Extension, Isa, Opcode, assemble};
use assay_machine::{Config, End, Image, InstructionEvent, Observer, Permissions, Segment, run};
use assay_spec::Platform;

const BASE: u64 = 0x10_0000;
const MAX_STEPS: u64 = 1_000_000;

/// Collects what was executed.
#[derive(Default)]
struct Executed(BTreeSet<Opcode>);

impl Observer for Executed {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        self.0.extend(event.instruction.map(|instruction| instruction.opcode));
        ControlFlow::Continue(())
    }
}

fn image(name: &str) -> Image {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rv64").join(name).with_extension("s");
    let source = std::fs::read_to_string(&path).unwrap();
    let assembly = assemble(&source, &AssembleOptions::new(Isa::RV64IMA, BASE))
        .unwrap_or_else(|errors| panic!("{}:\n{errors}", path.display()));
    Image {
        entry: BASE,
        segments: vec![Segment {
            address: BASE,
            size: assembly.bytes.len() as u64,
            bytes: assembly.bytes,
            // One of the programs changes itself.
            permissions: if name == "code" { Permissions::RWX } else { Permissions::RX },
        }],
    }
}

/// Runs a program, with and without an observer, and adds what it executed.
fn passes(name: &str, executed: &mut Executed) {
    let image = image(name);
    let mut config = Config::new(Isa::RV64IMA, Platform::Standard);
    config.max_steps = MAX_STEPS;
    let unobserved = run(&image, &[], &config, &mut assay_machine::Unobserved).unwrap();
    assert_eq!(unobserved.end, End::Halted { exit_code: 0 }, "{name}: the exit code is the failing case");
    let observed = run(&image, &[], &config, executed).unwrap();
    assert_eq!(observed, unobserved, "{name}: an observer must change nothing");
}

#[test]
fn the_rv64_programs_pass_and_execute_every_instruction_of_rv64ima() {
    let mut executed = Executed::default();
    for name in ["register", "immediate", "shift", "word", "multiply", "divide", "memory", "control", "atomic", "code"]
    {
        passes(name, &mut executed);
    }
    let missing: Vec<_> = Opcode::ALL
        .iter()
        .filter(|opcode| opcode.entry().extension != Extension::OpenVm)
        // It never retires: the platform tests have it.
        .filter(|&&opcode| opcode != Opcode::Ebreak)
        .filter(|opcode| !executed.0.contains(opcode))
        .map(|opcode| opcode.mnemonic())
        .collect();
    assert!(missing.is_empty(), "never executed: {missing:?}");
    assert!(executed.0.iter().all(|opcode| opcode.entry().class != Class::Vendor));
}
