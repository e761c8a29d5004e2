//! The `sp1` platform. What is expected of each guest is what the sources of SP1's executor say, which the module of the
//! platform names.

use assay_isa::{AssembleOptions, Isa, assemble};
use assay_machine::{Config, End, Image, LoadError, Permissions, Run, Segment, Unobserved, run, sp1};
use assay_spec::{Platform, TrapKind};
use proptest::prelude::*;

use crate::trap;

const CODE: u64 = 0x7800_0000;
pub(crate) const DATA: u64 = 0x7810_0000;
const HALT: &str = "\nli t0, 0\nli a0, 0\necall\n";

pub(crate) fn config() -> Config {
    Config { max_steps: 100_000, ..Config::new(Isa::RV64IM, Platform::Sp1) }
}

pub(crate) fn guest(source: &str, data: &[u8]) -> Image {
    let options = AssembleOptions::new(Isa::RV64IM, CODE);
    let code = assemble(source, &options).unwrap_or_else(|errors| panic!("{errors}")).bytes;
    let segment =
        |address, bytes: Vec<u8>, permissions| Segment { address, size: bytes.len() as u64, bytes, permissions };
    let segments = vec![segment(CODE, code, Permissions::RX), segment(DATA, data.to_vec(), Permissions::R)];
    Image { entry: CODE, segments }
}

pub(crate) fn sp1(source: &str, data: &[u8], input: &[u8]) -> Run {
    run(&guest(source, data), input, &config(), &mut Unobserved).unwrap()
}

#[track_caller]
pub(crate) fn halts(source: &str, data: &[u8], input: &[u8]) -> Run {
    let run = sp1(&format!("{source}{HALT}"), data, input);
    assert_eq!(run.end, End::Halted { exit_code: 0 }, "{source}");
    run
}

#[track_caller]
fn traps(source: &str, kind: TrapKind) {
    let run = sp1(source, &[], b"input");
    let (found, _, _, message) = trap(&run);
    assert_eq!(found, kind, "{source}: {message}");
}

pub(crate) fn call(number: u32, a0: &str, a1: &str, a2: &str) -> String {
    format!("li t0, {number}\nli a0, {a0}\nli a1, {a1}\nli a2, {a2}\necall\n")
}

#[test]
fn halt_gives_the_low_half_of_a0_and_t0_is_the_call_again() {
    let run = sp1("li t0, 0x500000000\nli a0, 0x700000009\necall", &[], &[]);
    assert_eq!((run.end, run.registers[5]), (End::Halted { exit_code: 9 }, 0));
    let run = halts("li t0, 0x5000000f0\necall\nmv s0, t0\nli t0, -0xfffffffe\necall\nmv s1, t0", &[], b"hello");
    assert_eq!((run.registers[8], run.registers[9]), (5, 2));
}

#[test]
fn the_input_is_one_hint_that_is_read_as_a_whole() {
    let read = |address: u64, size: u64| call(0xf1, &address.to_string(), &size.to_string(), "0");
    let source = format!(
        "li s0, 0x100000\nli s1, -1\nsd s1, 0(s0)\nsd s1, 8(s0)\nsd s1, 16(s0)\n{}mv s2, t0\nld s3, 0(s0)\nld s4, 8(s0)\nld s5, 16(s0)\nli t0, 0xf0\necall\nmv s6, t0\n",
        read(0x10_0000, 8)
    );
    let run = halts(&source, &[], b"abcdefgh");
    // One word more than the whole ones is written, and no hint is left.
    let seen = [18, 19, 20, 21, 22].map(|register| run.registers[register]);
    assert_eq!(seen, [0xf1, u64::from_le_bytes(*b"abcdefgh"), 0, u64::MAX, u64::MAX]);
    traps(&format!("{}{}", read(0x10_0000, 5), read(0x10_0000, 5)), TrapKind::InputExhausted);
    for (address, size) in
        [(0x10_0000, 4), (0x10_0000, 6), (0x10_0004, 5), (0x8000, 5), (1 << 40, 5), (u64::MAX - 7, 5)]
    {
        traps(&read(address, size), TrapKind::BadCallArgument);
    }
    assert_eq!(halts(&read(0x10_0000, 0), &[], &[]).registers[10], 0);
}

#[test]
fn a_large_hint_is_read_watched_or_not_and_not_all_of_it_is_noted() {
    let input = vec![7; 1 << 20];
    let source = format!("{}{HALT}", call(0xf1, "0x100000", &input.len().to_string(), "0"));
    let mut records = 0;
    let mut sink = |_| {
        records += 1;
        std::ops::ControlFlow::Continue(())
    };
    let mut recorder = assay_machine::Recorder::new(&mut sink, assay_machine::Records::All);
    let watched = run(&guest(&source, &[]), &input, &config(), &mut recorder).unwrap();
    assert_eq!(watched, sp1(&source, &[], &input));
    assert_eq!(watched.end, End::Halted { exit_code: 0 });
    assert!((4000..5000).contains(&records), "{records}");
    // Where memory does not suffice, nothing is written either way.
    let small = Config { memory_limit_bytes: 1 << 19, ..config() };
    let mut sink = |_| std::ops::ControlFlow::Continue(());
    let mut recorder = assay_machine::Recorder::new(&mut sink, assay_machine::Records::All);
    let watched = run(&guest(&source, &[]), &input, &small, &mut recorder).unwrap();
    assert_eq!(watched, run(&guest(&source, &[]), &input, &small, &mut Unobserved).unwrap());
    assert_eq!(watched.end, End::MemoryLimit);
}

#[test]
fn writes_go_to_public_values_log_and_hints() {
    let at = |fd: &str, offset: u64, size: u64| call(2, fd, &(DATA + offset).to_string(), &size.to_string());
    let source =
        format!("{}{}{}{}{}", at("13", 1, 2), at("1", 0, 1), at("2", 1, 1), at("0x10000000d", 0, 1), at("99", 0, 3));
    let run = halts(&source, b"abc", &[]);
    assert_eq!((run.output.as_slice(), run.log.as_slice()), (b"bca".as_slice(), b"ab".as_slice()));
    // What the guest writes to the hint stream comes first.
    let run = halts(&format!("{}li t0, 0xf0\necall\nmv s0, t0\n", at("14", 0, 3)), b"abc", b"input");
    assert_eq!(run.registers[8], 3);
    for fd in ["15", "21"] {
        assert!(matches!(sp1(&at(fd, 0, 1), &[], &[]).end, End::Unsupported { .. }));
    }
    traps(&call(2, "13", "-1", "2"), TrapKind::BadCallArgument);
    traps(&call(2, "1", "0x10000", "-1"), TrapKind::BadCallArgument);
    assert_eq!(halts(&call(2, "13", "0", "3"), &[], &[]).output, [0; 3]);
    assert_eq!(sp1(&call(2, "13", "0", "0xff00000000"), &[], &[]).end, End::OutputLimit);
    assert_eq!(sp1(&call(2, "14", "0", "0xff00000000"), &[], &[]).end, End::MemoryLimit);
    assert_eq!(halts(&call(2, "1", "0", "0xff00000000"), &[], &[]).log.len(), assay_machine::LOG_BYTES_MAX);
}

#[test]
fn commitments_are_words_of_a_digest() {
    halts(&format!("{}{}", call(0x10, "7", "0xffffffff", "0"), call(0x1a, "0", "0", "0")), &[], &[]);
    for source in [
        call(0x10, "8", "0", "0"),
        call(0x10, "0", "0x100000000", "0"),
        call(0x10, "-1", "0", "0"),
        call(0x1a, "8", "0", "0"),
    ] {
        traps(&source, TrapKind::BadCallArgument);
    }
}

#[test]
fn system_calls_that_are_not_there_are_named() {
    for system_call in sp1::SYSTEM_CALLS {
        if let sp1::SystemCallService::Unsupported(_) = system_call.service {
            let run = sp1(&call(system_call.number, "0", "0", "0"), &[], &[]);
            match run.end {
                End::Unsupported { message } => assert!(message.contains(system_call.name), "{message}"),
                end => panic!("{}: {end:?}", system_call.name),
            }
        }
    }
    for number in ["1", "0x101", "-1"] {
        traps(&format!("li t0, {number}\necall"), TrapKind::UnknownCall);
    }
}

/// Sixteen or more cells from 32-bit words.
fn cells(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|&word| (u64::from(word) | 0xdead_0000_0000_0000).to_le_bytes()).collect()
}

#[test]
fn precompiles_want_aligned_cells_in_memory() {
    for pointer in ["0x100004", "0x8000", "0xffffffffe0", "-8"] {
        traps(&call(0x0030_0105, pointer, "0", "0"), TrapKind::BadCallArgument);
        traps(&call(0x0001_0106, pointer, "0x100000", "0"), TrapKind::BadCallArgument);
        traps(&call(0x0001_0106, "0x100000", pointer, "0"), TrapKind::BadCallArgument);
        traps(&call(0x0001_0109, pointer, "0", "0"), TrapKind::BadCallArgument);
    }
    traps(&call(0x0030_0105, "0x100000", "1", "0"), TrapKind::BadCallArgument);
    traps(&call(0x0001_0109, "0x100000", "1", "0"), TrapKind::BadCallArgument);
}

/// The zero state's first words after it are the Keccak team's; the last of 25 words is written, too, and no word behind.
#[test]
fn keccak_permutes_25_words_in_place() {
    let source = format!(
        "{}li s0, 0x100000\nld s1, 0(s0)\nld s2, 192(s0)\nld s3, 200(s0)",
        call(0x0001_0109, "0x100000", "0", "0")
    );
    let run = halts(&source, &[], &[]);
    let seen = [9, 18, 19].map(|register| run.registers[register]);
    assert_eq!(seen, [0xf125_8f79_40e1_dde7, 0xeaf1_ff7b_5cec_a249, 0]);
}

#[test]
fn memory_is_writable_from_64_kib_up_to_2_to_the_40() {
    halts("li a1, 0xfffffffff8\nsd a1, 0(a1)\nli a1, 0x10000\nsb a1, 0(a1)\nld x0, 0(a1)", &[], &[]);
    // A read-only segment is written, and code too, which does not change the program.
    let run = halts(&format!("li a1, {DATA}\nsb a1, 1(a1)\nauipc s0, 0\nsw x0, 4(s0)\nlw s1, 4(s0)"), b"abcd", &[]);
    assert_eq!(run.registers[9], 0);
    let at = |source: &str, kind, address| {
        let run = sp1(source, &[], &[]);
        let (found, _, at, message) = trap(&run);
        assert_eq!((found, at), (kind, Some(address)), "{source}: {message}");
    };
    at("lw a0, 0(zero)", TrapKind::LoadFault, 0);
    at("li a1, 0x10000000000\nlb a0, 0(a1)", TrapKind::LoadFault, 1 << 40);
    at("li a1, 0xfff8\nsd a0, 0(a1)", TrapKind::StoreFault, 0xfff8);
    at("li a1, 0x100004\nld a0, 0(a1)", TrapKind::MisalignedAccess, 0x10_0004);
    at("li a1, 0x100002\nsw a0, 0(a1)", TrapKind::MisalignedAccess, 0x10_0002);
}

#[test]
fn what_is_translated_but_not_implemented_ends_the_run_when_it_is_reached() {
    halts("j 1f\nfence\n.word 0xc0001073\nebreak\n1:\n", &[], &[]);
    traps("fence", TrapKind::UnsupportedInstruction);
    traps(".word 0xc0001073", TrapKind::UnsupportedInstruction);
    traps("ebreak", TrapKind::Breakpoint);
    traps("nop", TrapKind::FetchFault);
    traps("jr x0", TrapKind::FetchFault);
    traps("auipc a1, 0\njr 10(a1)\nnop", TrapKind::MisalignedFetch);
}

#[test]
fn what_sp1_refuses_is_refused() {
    let refused = |image: &Image| run(image, &[], &config(), &mut Unobserved).unwrap_err();
    let with = |address, size, permissions| {
        let mut image = guest(HALT, &[]);
        image.segments.push(Segment { address, bytes: vec![], size, permissions });
        image
    };
    let end = CODE + guest(HALT, &[]).segments[0].size;
    for (image, error) in [
        (with(0x77ff_fffc, 4, Permissions::RW), LoadError::Sp1OutsideMemory { address: 0x77ff_fffc, size: 4 }),
        (with((1 << 40) - 4, 8, Permissions::RW), LoadError::Sp1OutsideMemory { address: (1 << 40) - 4, size: 8 }),
        (with(DATA, 4, Permissions::default()), LoadError::Sp1SegmentUnreadable { address: DATA }),
        (with(DATA, 4, Permissions::RWX), LoadError::Sp1SegmentWritableCode { address: DATA }),
        (with(DATA + 2, 4, Permissions::RW), LoadError::Sp1SegmentMisaligned { address: DATA + 2 }),
        (with(DATA, 4, Permissions::RX), LoadError::Sp1CodeGap { end, start: DATA }),
        (Image { entry: CODE - 4, ..guest(HALT, &[]) }, LoadError::Sp1Entry { entry: CODE - 4, base: CODE }),
        (Image { entry: CODE + 2, ..guest(HALT, &[]) }, LoadError::Sp1Entry { entry: CODE + 2, base: CODE }),
        (Image { entry: CODE, segments: vec![] }, LoadError::Sp1NoCode),
    ] {
        assert_eq!(refused(&image), error);
    }
    for word in ["0x0000100f", "0", "0x1000202f"] {
        let error = refused(&guest(&format!("nop\n.word {word}"), &[]));
        assert!(
            matches!(error, LoadError::Sp1Untranslatable { address, .. } if address == CODE + 4),
            "{word}: {error}"
        );
    }
    let long = Segment {
        address: CODE,
        bytes: vec![0x13; 4 * sp1::PROGRAM_INSTRUCTIONS_MAX as usize + 1],
        size: 1 << 25,
        permissions: Permissions::RX,
    };
    let error = refused(&Image { entry: CODE, segments: vec![long] });
    assert_eq!(error, LoadError::Sp1ProgramTooLong { instructions: sp1::PROGRAM_INSTRUCTIONS_MAX + 1 });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// One block through both precompiles, against an implementation that shares no code with this one.
    #[test]
    fn the_precompiles_compress_a_block(state in any::<[u32; 8]>(), block in any::<[u8; 64]>()) {
        let words: Vec<u32> = block.chunks_exact(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect();
        let mut data = cells(&words);
        data.resize(64 * 8, 0);
        data.extend(cells(&state));
        let state_at = DATA + 64 * 8;
        let source = format!(
            "{}{}{}",
            call(0x0030_0105, &DATA.to_string(), "0", "0"),
            call(0x0001_0106, &DATA.to_string(), &state_at.to_string(), "0"),
            call(2, "13", &state_at.to_string(), "64")
        );
        let mut expected = state;
        sha2::block_api::compress256(&mut expected, &[block]);
        let expected: Vec<u8> = expected.iter().flat_map(|&word| u64::from(word).to_le_bytes()).collect();
        prop_assert_eq!(halts(&source, &data, &[]).output, expected);
    }

    #[test]
    fn whatever_a_call_is_given_it_ends(
        arguments in any::<[u64; 3]>(),
        shifts in any::<[u8; 3]>(),
        call in prop::sample::select(sp1::SYSTEM_CALLS),
    ) {
        let [a0, a1, a2] = [0, 1, 2].map(|index: usize| (arguments[index] >> (shifts[index] % 64)).to_string());
        let run = sp1(&format!("li t0, {}\nli a0, {a0}\nli a1, {a1}\nli a2, {a2}\necall\n", call.number), &[1; 100], &[5; 50]);
        prop_assert!(run.memory_bytes < 1 << 27);
    }
}
