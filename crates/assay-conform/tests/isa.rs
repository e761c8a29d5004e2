//! The programs for instructions, on the reference machine of every platform, and on machines that are wrong on purpose.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assay_backend::{Backend, CancelToken, Job, Limits, Reference};
use assay_conform::isa::{self, IsaTest};
use assay_guest::{Guest, Harness, PlatformFacts};
use assay_isa::{AssembleOptions, Isa, Opcode, Xlen, assemble};
use assay_spec::{Platform, Status};

fn guest(test: &IsaTest, platform: Platform, isa: Isa) -> Guest {
    let mut harness = Harness::new(platform, isa, vec![0x13]);
    harness.registers = test.registers.clone();
    harness.memory.clone_from(&test.memory);
    let options = AssembleOptions::new(isa, harness.body_start());
    harness.body = assemble(&test.source, &options).unwrap().words().unwrap();
    harness.build(&test.name).unwrap()
}

/// Whether the registers in the end are those of a program that found nothing wrong.
fn passes(machine: &mut Reference, test: &IsaTest, guest: &Guest) -> bool {
    let limits = Limits { max_steps: 1 << 20, ..Limits::default() };
    let outcome = machine.execute(&Job { guest, input: &[], limits: &limits, cost: false }).unwrap();
    let registers = guest.harness.as_ref().unwrap().registers(&outcome.run.output.0).unwrap_or_default();
    outcome.run.status == Status::Ok
        && test.expected.iter().all(|(register, value)| registers.get(register) == Some(value))
}

#[test]
fn the_reference_machine_of_every_platform_passes_every_program_and_all_in_one() {
    let mut machine = Reference::new(CancelToken::default());
    for facts in Platform::ALL.iter().filter_map(|&platform| PlatformFacts::find(platform)) {
        for &isa in facts.isas {
            for test in isa::tests(isa.xlen).iter().chain([&isa::whole(isa.xlen)]) {
                let guest = guest(test, facts.platform, isa);
                // RISC Zero and SP1 have no fences: they trap as illegal, on the zkVM and here.
                let has_it = test.name != isa::FENCE || ![Platform::Risc0, Platform::Sp1].contains(&facts.platform);
                assert_eq!(passes(&mut machine, test, &guest), has_it, "{} {isa} {}", facts.platform, test.name);
            }
        }
    }
}

#[test]
fn a_machine_that_is_wrong_about_an_instruction_fails_its_program() {
    for (xlen, isa) in [(Xlen::Rv32, Isa::RV32IM), (Xlen::Rv64, Isa::RV64IM)] {
        let whole = isa::whole(xlen);
        for test in isa::tests(xlen) {
            let Some(opcode) = Opcode::ALL.iter().find(|opcode| opcode.mnemonic() == test.name) else { continue };
            // What has no result cannot be made wrong by its result.
            let Ok(fault) = format!("{}:^0x1", opcode.mnemonic()).parse() else { continue };
            let mut machine = Reference::with_faults(vec![fault], CancelToken::default());
            for test in [&test, &whole] {
                let guest = guest(test, Platform::Standard, isa);
                assert!(!passes(&mut machine, test, &guest), "{isa} {fault} goes unseen by {}", test.name);
            }
        }
    }
}
