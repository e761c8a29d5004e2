//! Accelerators of the `standard` platform: what a guest may get wrong about registers and pointers, and what it gets.

use std::ops::ControlFlow;

use assay_accelerators::{Function, Kind, TABLE, compute};
use assay_isa::Isa;
use assay_machine::{Accelerators, Config, End, InstructionEvent, Observer, Recorder, Records, Run, Unobserved, run};
use assay_spec::{MicroOp, TrapKind};
use proptest::prelude::*;

use crate::{image, standard_config, trap};

const HALT: &str = "li t0, 0\nli a0, 0\necall\n";

fn config(isa: Isa) -> Config {
    Config { isa, accelerators: Some(Accelerators(compute)), ..standard_config() }
}

/// Runs a guest that calls `function` with `arguments` in a0 and on, after `before`.
fn called(isa: Isa, before: &str, function: &str, arguments: &[&str]) -> Run {
    let selector = Function::from_name(function).unwrap().signature().selector;
    let registers = arguments.iter().enumerate().map(|(index, value)| format!("li a{index}, {value}\n"));
    let source = format!("{before}\n{}li t0, {selector}\necall\nmv s0, a0\n{HALT}", registers.collect::<String>());
    run(&image(&source, isa), b"input of the guest", &config(isa), &mut Unobserved).unwrap()
}

#[test]
fn a_digest_is_written_and_the_status_is_in_a0() {
    for (isa, fail) in [(Isa::RV32IM, 0xffff_ffff), (Isa::RV64IM, u64::MAX)] {
        let source = "li t1, 0x20000\nli t2, 0x636261\nsw t2, 1(t1)\nli a0, 0x20001\nli a1, 3\nli a2, 0x20008\n\
                      li t0, 0x103\necall\nmv s0, a0\nli a0, 0x20008\nli a1, 32\nli t0, 0x10\necall\n";
        let run = run(&image(&format!("{source}{HALT}"), isa), &[], &config(isa), &mut Unobserved).unwrap();
        assert_eq!((&run.end, run.registers[8]), (&End::Halted { exit_code: 0 }, 0));
        // FIPS 180-2, appendix B.1.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&run.output), digest);
        // No point, with outputs that stay as they were.
        let run = called(
            isa,
            "li t1, 0x20040\nli t2, 1\nsw t2, 0(t1)\nsw t2, 0x100(t1)",
            "bn254_g1_add",
            &["0x20000", "0x20040", "0x20140"],
        );
        assert_eq!((&run.end, run.registers[8]), (&End::Halted { exit_code: 0 }, fail));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[test]
fn only_the_low_bits_of_small_numbers_count() {
    // 12 rounds and a last block, in registers whose other bits are set, as a guest's compiler may leave them.
    let clean = called(Isa::RV64IM, "", "blake2f", &["12", "0x20000", "0x20100", "0x20200", "1"]);
    let dirty = called(
        Isa::RV64IM,
        "",
        "blake2f",
        &["0xdeadbeef0000000c", "0x20000", "0x20100", "0x20200", "0xffffffffffff0001"],
    );
    assert_eq!((clean.registers[8], dirty.registers[8]), (0, 0));
    let failed = called(Isa::RV64IM, "", "blake2f", &["12", "0x20000", "0x20100", "0x20200", "2"]);
    assert_eq!(failed.registers[8], u64::MAX);
}

#[test]
fn inputs_and_output_may_overlap() {
    // 2^5 mod 1000, all three numbers and the output in one place.
    let before = "li t1, 0x20000\nli t2, 2\nsb t2, 0(t1)\nli t2, 5\nsb t2, 1(t1)\nli t2, 0xe803\nsh t2, 2(t1)";
    let arguments = ["0x20000", "1", "0x20001", "1", "0x20002", "2", "0x20001"];
    let run = called(Isa::RV64IM, &format!("{before}\nli s1, 0"), "modexp", &arguments);
    assert_eq!((&run.end, run.registers[8]), (&End::Halted { exit_code: 0 }, 0));
    let again = called(Isa::RV64IM, "", "modexp", &["0", "0", "0", "0", "0", "0", "0"]);
    assert_eq!(again.registers[8], 0, "no bytes at all are numbers of no bytes, and nothing is behind the pointers");
}

#[test]
fn a_bad_pointer_is_a_trap_with_its_address_before_anything_is_written() {
    let bad = |function, arguments: &[&str], address: u64, says: &str| {
        let run = called(Isa::RV64IM, "", function, arguments);
        let (kind, _, found, message) = trap(&run);
        assert_eq!((kind, found), (TrapKind::BadCallArgument, Some(address)), "{function} {arguments:?}: {message}");
        assert!(message.contains(says), "{message}");
    };
    bad("sha256", &["0", "1", "0x20000"], 0, "`data`");
    bad("sha256", &["0x20000", "-1", "0x20000"], 0x2_0000, "may be read");
    bad("sha256", &["-1", "2", "0x20000"], u64::MAX, "`data`");
    bad("sha256", &["0x7ffffff0", "100", "0x20000"], 0x7fff_fff0, "100 bytes");
    bad("sha256", &["0x20000", "1", "0x80000000"], 0x8000_0000, "may be written");
    bad("sha256", &["0x20000", "1", "0x20004"], 0x2_0004, "multiple of 8");
    bad("bls12_g1_msm", &["0x20000", "0x0200000000000000", "0x20000"], 0x2_0000, "count");
    bad("bls12_g1_msm", &["0x20000", "0x8000000000000001", "0x20000"], 0x2_0000, "count");
    bad("bls12_pairing", &["0x20004", "1", "0x20000"], 0x2_0004, "multiple of 8");
    bad("bls12_pairing", &["0x20000", "1", "0x80000000"], 0x8000_0000, "`verified`");
    bad("modexp", &["0x20000", "1", "0x20000", "1", "0x20000", "1", "0"], 0, "`output`");
    bad("modexp", &["0x20000", "1", "0x20000", "-8", "0x20000", "1", "0x20000"], 0x2_0000, "`exp`");
    bad("blake2f", &["1", "0x80000000", "0x20000", "0x20000", "1"], 0x8000_0000, "`h`");
    bad("secp256k1_ecrecover", &["0x20000", "0x20000", "0", "0x200800"], 0x20_0800, "`output`");
}

#[test]
fn reading_the_input_buffer_is_allowed_and_writing_it_is_not() {
    let run = called(Isa::RV64IM, "", "keccak256", &["0x80000000", "18", "0x20000"]);
    assert_eq!((&run.end, run.registers[8]), (&End::Halted { exit_code: 0 }, 0));
    let run = called(Isa::RV64IM, "", "keccak256", &["0x20000", "18", "0x80000000"]);
    assert_eq!(trap(&run).2, Some(0x8000_0000));
}

#[test]
fn more_work_than_the_bound_says_nothing_of_the_guest() {
    let refused = |function, arguments: &[&str], says: &str| match called(Isa::RV64IM, "", function, arguments).end {
        End::Unsupported { message } => assert!(message.contains(says), "{message}"),
        end => panic!("{function}: {end:?}"),
    };
    refused("sha256", &["0x1000000", "0x8000001", "0x300000"], "134217729 bytes");
    refused("bls12_pairing", &["0x1000000", "1025", "0x300000"], "1025 pairs");
    refused("blake2f", &["0x1000001", "0x300000", "0x300000", "0x300000", "1"], "16777217 rounds");
    let run = called(Isa::RV64IM, "", "modexp", &["0x1000000", "1025", "0", "0", "0", "0", "0"]);
    assert_eq!((&run.end, run.registers[8]), (&End::Halted { exit_code: 0 }, u64::MAX), "EIP-7823 makes it a failure");
}

#[test]
fn a_machine_without_accelerators_says_so() {
    let source = "li t0, 0x100\necall";
    let end = run(&image(source, Isa::RV64IM), &[], &standard_config(), &mut Unobserved).unwrap().end;
    assert!(matches!(end, End::Unsupported { ref message } if message.contains("keccak256")), "{end:?}");
}

#[test]
fn accesses_of_an_accelerator_are_recorded() {
    let source = format!("li t1, 0x20000\nli a0, 0x20003\nli a1, 6\nli a2, 0x20008\nli t0, 0x100\necall\n{HALT}");
    let mut records = Vec::new();
    let mut sink = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    let config = config(Isa::RV64IM);
    let ran = run(&image(&source, config.isa), &[], &config, &mut Recorder::new(&mut sink, Records::All)).unwrap();
    assert_eq!(ran, run(&image(&source, config.isa), &[], &config, &mut Unobserved).unwrap());
    let of_the_call = |bus: &str| {
        let step = ran.instructions - 4;
        let records = records.iter().filter_map(|record| match record {
            MicroOp::Interaction(interaction) if interaction.base.bus == bus => Some(interaction),
            _ => None,
        });
        records.filter(|record| record.base.step == Some(step)).count()
    };
    assert_eq!(of_the_call("memory"), 3 + 4, "1, 4 and 1 bytes are read, four times 8 written");
    assert_eq!((of_the_call("call"), of_the_call("register")), (1, 5));
}

#[test]
fn each_accelerator_lets_a_clock_look() {
    struct Clock(u32);
    impl Observer for Clock {
        const ACTIVE: bool = false;
        fn instruction(&mut self, _: &InstructionEvent<'_>) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
        fn labour(&mut self) -> ControlFlow<()> {
            self.0 += 1;
            if self.0 < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    }
    let source = "li a1, 0\nli a2, 0x20000\nli t0, 0x100\n1: li a0, 0\necall\nj 1b";
    let config = config(Isa::RV64IM);
    let mut clock = Clock(0);
    let run = run(&image(source, config.isa), &[], &config, &mut clock).unwrap();
    assert_eq!((run.end, clock.0), (End::Stopped, 3));
}

/// Addresses and numbers that are near something.
fn argument() -> impl Strategy<Value = u64> {
    let interesting: [u64; 12] =
        [0, 1, 2, 5, 32, 0x2_0000, 0x2_0008, 0x2_0004, 0x7fff_fff8, 0x8000_0000, 0x8000_0010, 1 << 63];
    let near =
        (prop::sample::select(interesting.to_vec()), -9..9i64).prop_map(|(near, by)| near.wrapping_add_signed(by));
    prop_oneof![8 => prop::sample::select(interesting.to_vec()), 2 => near, 1 => any::<u64>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_in_the_registers_a_call_ends_typed_and_alike_watched_or_not(
        row in prop::sample::select(TABLE.to_vec()),
        arguments in prop::collection::vec(argument(), 8),
        rv32 in any::<bool>(),
    ) {
        let isa = if rv32 { Isa::RV32IM } else { Isa::RV64IM };
        let rounds = |index: usize, value: u64| match row.parameters.get(index).map(|parameter| parameter.kind) {
            Some(Kind::U32) => value % 1000,
            _ => value,
        };
        let width = if rv32 { u64::from(u32::MAX) } else { u64::MAX };
        let registers = arguments.iter().enumerate().map(|(index, value)| format!("li a{index}, {}\n", rounds(index, *value) & width));
        let source = format!("{}li t0, {}\necall\n{HALT}", registers.collect::<String>(), row.selector);
        let config = config(isa);
        let image = image(&source, isa);
        let unobserved = run(&image, b"0123456789abcdef", &config, &mut Unobserved).unwrap();
        let mut sink = |_| ControlFlow::Continue(());
        let observed = run(&image, b"0123456789abcdef", &config, &mut Recorder::new(&mut sink, Records::All)).unwrap();
        prop_assert_eq!(&observed, &unobserved);
        let typed = matches!(
            unobserved.end,
            End::Halted { exit_code: 0 } | End::Unsupported { .. } | End::Trap { .. }
        );
        prop_assert!(typed, "{:?}", unobserved.end);
    }
}
