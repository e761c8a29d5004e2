//! The harness on the reference machine, on every platform and register width.

use std::collections::BTreeMap;

use assay_guest::{Guest, Harness, body_from_text};
use assay_isa::{Isa, Xlen};
use assay_machine::{Config, End, Image, Permissions, Run, Segment, Unobserved, run};
use assay_spec::{HexBytes, MemoryInit, Platform, Register, RegisterFile, Word};
use proptest::prelude::*;

const TARGETS: [(Platform, Isa); 5] = [
    (Platform::Standard, Isa::RV32IM),
    (Platform::Standard, Isa::RV64IM),
    (Platform::OpenVm, Isa::RV32IM_OPENVM),
    (Platform::Risc0, Isa::RV32IM),
    (Platform::Sp1, Isa::RV64IM),
];

fn execute(guest: &Guest) -> Run {
    let segments = guest.parsed.segments.iter().map(|segment| Segment {
        address: segment.address,
        bytes: segment.bytes.clone(),
        size: segment.memory_size,
        permissions: Permissions {
            read: segment.flags.read,
            write: segment.flags.write,
            execute: segment.flags.execute,
        },
    });
    let image = Image { entry: guest.parsed.entry, segments: segments.collect() };
    let config = Config::new(guest.isa, guest.platform);
    run(&image, &[], &config, &mut Unobserved).expect("a harness loads")
}

/// The final registers that a guest reports, which must have halted with exit code 0.
fn reported(guest: &Guest) -> RegisterFile {
    let run = execute(guest);
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    let layout = guest.harness.as_ref().expect("a harness");
    layout.registers(&run.output).expect("registers in the output")
}

fn register(index: u8) -> Register {
    Register::new(index).expect("an index below 32")
}

#[test]
fn the_example_ends_with_the_same_registers_everywhere() {
    let text = "add x14, x1, x5\naddi x7, x7, 1\nli x5, 2\nbne x7, x5, -16\nli x7, 25\nxor x10, x14, x7";
    for (platform, isa) in TARGETS {
        let mut harness = Harness::new(platform, isa, Vec::new());
        harness.registers = [(6, 28), (7, 0), (1, 15), (5, 11), (10, 0), (14, 0)]
            .map(|(index, value)| (register(index), Word(value)))
            .into();
        harness.body = body_from_text(text, isa, "--asm", harness.body_start()).expect("a body");
        let registers = reported(&harness.build("seed").expect("a guest"));
        // The branch goes back once, to the last nop of the pad; x14 is 15 + 11, then 15 + 2; x10 is 17 ^ 25.
        let wanted = BTreeMap::from([(1, 15), (5, 2), (6, 28), (7, 25), (10, 8), (14, 17)]);
        assert_eq!(registers.len(), 31);
        for (found, value) in registers {
            let wanted = wanted.get(&found.index()).copied().unwrap_or(0);
            assert_eq!(value.0, wanted, "{found} on {platform} {isa}");
        }
    }
}

#[test]
fn a_body_that_halts_by_itself_reports_no_registers() {
    // li t0, 0; ecall
    let harness = Harness::new(Platform::Standard, Isa::RV64IM, vec![0x0000_0293, 0x73]);
    let guest = harness.build("seed").expect("a guest");
    let run = execute(&guest);
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!(guest.harness.expect("a harness").registers(&run.output), None);
}

#[test]
fn what_a_body_writes_out_stands_before_its_registers() {
    let text = "li a0, 0x8000\nli a1, 3\nli t0, 0x10\necall";
    let isa = Isa::RV64IM;
    let body = body_from_text(text, isa, "--asm", 0).expect("a body");
    let harness = Harness {
        memory: vec![MemoryInit { addr: Word(0x8000), hex: HexBytes(b"abc".to_vec()) }],
        ..Harness::new(Platform::Standard, isa, body)
    };
    let guest = harness.build("seed").expect("a guest");
    assert!(execute(&guest).output.starts_with(b"abc"));
    assert_eq!(reported(&guest)[&register(10)], Word(0x8000));
}

proptest! {
    #[test]
    fn whatever_registers_start_with_is_reported_but_for_the_scratch_register(
        values in prop::collection::btree_map(1u8..32, (any::<u64>(), 0u32..64), 0..32),
        scratch in 1u8..32,
    ) {
        for (platform, isa) in TARGETS {
            let start: RegisterFile = values
                .iter()
                .map(|(&index, &(value, shift))| (register(index), Word(isa.xlen.truncate(value >> shift))))
                .collect();
            let harness = Harness {
                registers: start.clone(),
                scratch: register(scratch),
                ..Harness::new(platform, isa, vec![0x13])
            };
            let registers = reported(&harness.build("seed").expect("a guest"));
            prop_assert_eq!(registers.len(), 31);
            for (register, value) in registers {
                prop_assert_ne!(register.index(), scratch);
                prop_assert_eq!(value, start.get(&register).copied().unwrap_or_default());
            }
        }
    }

    #[test]
    fn a_short_branch_out_of_the_body_reaches_the_epilogue(offset in 1i32..=32, xlen in prop_oneof![Just(Xlen::Rv32), Just(Xlen::Rv64)]) {
        for (platform, isa) in TARGETS.into_iter().filter(|(_, isa)| isa.xlen == xlen) {
            // From the last instruction to the `offset`th nop behind it.
            let text = format!("li x5, 7\nj {}", offset * 4);
            let body = body_from_text(&text, isa, "--asm", 0).expect("a body");
            let guest = Harness::new(platform, isa, body).build("seed").expect("a guest");
            prop_assert_eq!(reported(&guest)[&register(5)], Word(7));
        }
    }
}
