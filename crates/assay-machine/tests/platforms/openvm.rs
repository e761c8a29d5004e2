//! The `openvm` platform. What is expected of each guest is what OpenVM 2.0.2's pure executor was seen to do with it, with
//! 2^24 bytes of memory, but where a comment says otherwise.

use assay_isa::Isa;
use assay_machine::{Config, End, Image, LoadError, Permissions, Run, Segment, Unobserved, run};
use assay_spec::{Platform, TrapKind};

use crate::{CODE, image, trap};

const INPUT: &[u8] = &[5, 0, 0, 0];
const TERMINATE: &str = "openvm.terminate 0\n";

fn config() -> Config {
    let mut config = Config::new(Isa::RV32IM_OPENVM, Platform::OpenVm);
    config.max_steps = 100_000;
    config
}

/// With text at `0x300000`, and two bytes that are not text at `0x300004`.
fn guest(source: &str) -> Image {
    let mut image = image(source, Isa::RV32IM_OPENVM);
    image.segments.push(Segment {
        address: 0x30_0000,
        bytes: b"abc\n\xff\xfe\0\0".to_vec(),
        size: 8,
        permissions: Permissions::RW,
    });
    image
}

fn openvm(source: &str) -> Run {
    run(&guest(source), INPUT, &config(), &mut Unobserved).unwrap()
}

#[track_caller]
fn halts(source: &str, exit_code: u32, instructions: u64, output: &[u8]) {
    let run = openvm(source);
    assert_eq!(run.end, End::Halted { exit_code }, "{source}");
    assert_eq!(run.instructions, instructions, "{source}");
    assert_eq!(run.output.len(), 256);
    assert_eq!(&run.output[..output.len()], output, "{source}");
    assert!(run.output[output.len()..].iter().all(|&byte| byte == 0));
}

#[track_caller]
fn traps(source: &str, kind: TrapKind, address: Option<u64>) {
    let run = openvm(source);
    let (found, _, at, message) = trap(&run);
    assert_eq!((found, at), (kind, address), "{source}: {message}");
}

#[test]
fn terminate_and_phantoms_count_as_instructions() {
    halts("li a0, 5\nli a1, 0\nopenvm.reveal a1, a0, 0\nopenvm.terminate 0", 0, 4, &[5]);
    halts("openvm.terminate 3", 3, 1, &[]);
    halts("fence\nli a0, 1\nli a1, 0\nopenvm.reveal a1, a0, 0\nopenvm.terminate 0", 0, 5, &[1]);
}

#[test]
fn the_input_is_one_vector_with_its_length_in_front() {
    let source = "openvm.hint_input\nli a1, 0x1000\nopenvm.hint_storew a1\nlw a0, 0(a1)\nopenvm.hint_storew a1\n\
                  lw a2, 0(a1)\nli a1, 0\nopenvm.reveal a1, a0, 0\nopenvm.reveal a1, a2, 4\nopenvm.terminate 0";
    halts(source, 0, 10, &[4, 0, 0, 0, 5]);
    // Padded with zeros to whole words.
    let source =
        "openvm.hint_input\nli a1, 0x1000\nli a2, 3\nopenvm.hint_buffer a1, a2\nlw a0, 8(a1)\nopenvm.terminate 0";
    let run = run(&guest(source), &[1, 2, 3, 4, 5], &config(), &mut Unobserved).unwrap();
    assert_eq!(run.registers[10], 5);
}

#[test]
fn hints_that_are_not_there_are_a_trap() {
    traps(&format!("openvm.hint_input\nopenvm.hint_input\n{TERMINATE}"), TrapKind::InputExhausted, None);
    traps("openvm.hint_input\nli a1, 0x1000\nli a2, 3\nopenvm.hint_buffer a1, a2", TrapKind::InputExhausted, None);
    traps("openvm.hint_input\nli a1, 0x1000\nli a2, 0\nopenvm.hint_buffer a1, a2", TrapKind::BadCallArgument, None);
    traps("openvm.hint_input\nli a1, 0x1000\nli a2, 1024\nopenvm.hint_buffer a1, a2", TrapKind::BadCallArgument, None);
    traps("li a1, 0x1000\nopenvm.hint_storew a1", TrapKind::InputExhausted, None);
    traps("openvm.hint_input\nli a1, 0x1000000\nopenvm.hint_storew a1", TrapKind::StoreFault, Some(0x100_0000));
    // The pure executor stores it at the misaligned address; no proof can follow.
    traps("openvm.hint_input\nli a1, 0x1001\nopenvm.hint_storew a1", TrapKind::MisalignedAccess, Some(0x1001));
    assert!(matches!(openvm("openvm.hint_random a1").end, End::Unsupported { .. }));
}

#[test]
fn system_words_end_with_exit_code_2_but_unimp_does_nothing() {
    halts("ecall", 2, 1, &[]);
    halts("nop\nebreak", 2, 2, &[]);
    halts(".word 0xc0002573", 2, 1, &[]);
    halts(".word 0xc0001073\nli a0, 1\nli a1, 0\nopenvm.reveal a1, a0, 0\nopenvm.terminate 0", 0, 5, &[1]);
}

#[test]
fn every_word_of_executable_segments_must_translate() {
    for word in ["0x0000100f", "0", "0x0000202f"] {
        let image = guest(&format!("j 1f\n.word {word}\n1:\nopenvm.terminate 0"));
        let error = run(&image, INPUT, &config(), &mut Unobserved).unwrap_err();
        assert!(
            matches!(error, LoadError::OpenVmUntranslatable { address, .. } if address == CODE + 4),
            "{word}: {error}"
        );
    }
}

#[test]
fn memory_is_2_to_the_24_bytes_all_readable_and_writable() {
    halts(&format!("li a1, 0xfffffc\nsw a1, 0(a1)\nlw a0, 0(a1)\n{TERMINATE}"), 0, 5, &[]);
    halts(&format!("lw a0, 0(zero)\nsw a0, 0(zero)\n{TERMINATE}"), 0, 3, &[]);
    traps("li a1, 0x1000000\nlw a0, 0(a1)", TrapKind::LoadFault, Some(0x100_0000));
    traps("li a1, 0x1000000\nsw a0, 0(a1)", TrapKind::StoreFault, Some(0x100_0000));
    traps("li a1, -4\nlw x0, 0(a1)", TrapKind::LoadFault, Some(0xffff_fffc));
}

#[test]
fn misaligned_accesses_trap() {
    traps("li a1, 0x1001\nlh a0, 0(a1)", TrapKind::MisalignedAccess, Some(0x1001));
    traps("li a1, 0x1003\nlhu a0, 0(a1)", TrapKind::MisalignedAccess, Some(0x1003));
    traps("li a1, 0x1001\nsh a0, 0(a1)", TrapKind::MisalignedAccess, Some(0x1001));
    halts(&format!("li a1, 0x1002\nsh a1, 0(a1)\nlb a0, 1(a1)\n{TERMINATE}"), 0, 5, &[]);
    // The pure executor rounds these down; the prover's executor refuses them.
    traps("li a1, 0x1001\nlw a0, 0(a1)", TrapKind::MisalignedAccess, Some(0x1001));
    traps("li a1, 0x1002\nsw a0, 0(a1)", TrapKind::MisalignedAccess, Some(0x1002));
    traps("li a0, 1\nli a1, 1\nopenvm.reveal a1, a0, 0", TrapKind::MisalignedAccess, Some(1));
}

#[test]
fn the_program_is_apart_from_memory() {
    // Overwrites `terminate 0` with `terminate 7`, to no effect.
    halts("auipc a1, 0\nlw a2, 16(a1)\nsw a2, 12(a1)\nopenvm.terminate 0\nopenvm.terminate 7", 0, 4, &[]);
    // auipc a1, 0 is 0x597.
    let source = "auipc a1, 0\nlw a2, 0(a1)\nli a1, 0\nopenvm.reveal a1, a2, 0\nopenvm.terminate 0";
    halts(source, 0, 5, &[0x97, 5]);
    traps("li a1, 0x100\njr a1", TrapKind::FetchFault, None);
    traps("li a1, 0x7ffffff0\njr a1", TrapKind::FetchFault, None);
    traps("nop", TrapKind::FetchFault, None);
}

#[test]
fn jumps_clear_the_low_bit_and_trap_on_the_next() {
    halts("auipc a1, 0\naddi a1, a1, 17\njr a1\nopenvm.terminate 1\nopenvm.terminate 0", 0, 4, &[]);
    halts("bne x0, x0, 2\nopenvm.terminate 0", 0, 2, &[]);
    // The pure executor executes the word that contains the target.
    traps("auipc a1, 0\naddi a1, a1, 18\njr a1\nnop\nnop", TrapKind::MisalignedFetch, Some(CODE + 18));
    traps("beq x0, x0, 2", TrapKind::MisalignedFetch, Some(CODE + 2));
}

#[test]
fn revealing_outside_of_the_public_values_is_a_trap() {
    let last = "li a0, 7\nli a1, 252\nopenvm.reveal a1, a0, 0\nopenvm.terminate 0";
    let mut expected = vec![0; 252];
    expected.push(7);
    halts(last, 0, 4, &expected);
    halts("li a0, 7\nli a1, 8\nopenvm.reveal a1, a0, -8\nopenvm.terminate 0", 0, 4, &[7]);
    traps("li a1, 256\nopenvm.reveal a1, a0, 0", TrapKind::BadCallArgument, Some(256));
    traps("li a1, 0\nopenvm.reveal a1, a0, -4", TrapKind::BadCallArgument, Some(0xffff_fffc));
}

#[test]
fn printed_text_goes_to_the_log_and_what_is_no_text_is_a_trap() {
    let run = openvm(&format!("li a1, 0x300000\nli a2, 3\nopenvm.print_str a1, a2\n{TERMINATE}"));
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!(run.log, b"abc");
    traps("li a1, 0x300004\nli a2, 2\nopenvm.print_str a1, a2", TrapKind::BadCallArgument, Some(0x30_0004));
    traps("li a1, 0xfffff0\nli a2, 300\nopenvm.print_str a1, a2", TrapKind::LoadFault, Some(0xff_fff0));
    traps("li a1, 0\nli a2, -1\nopenvm.print_str a1, a2", TrapKind::LoadFault, Some(0));
}
