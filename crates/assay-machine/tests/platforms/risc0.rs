//! The `risc0` platform. What is expected of each guest is what the sources of RISC Zero's executor, kernel and host say,
//! which the module of the platform names.

use std::fmt::Write as _;

use assay_isa::Isa;
use assay_machine::{Config, End, Image, LoadError, Permissions, Run, Segment, Unobserved, run};
use assay_spec::{Platform, TrapKind};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::{CODE, image, trap};

/// Where guests here have their data.
const DATA: u64 = 0x40_0000;
/// An output digest, and buffers.
const FREE: &str = "0x500000";
const HALT: &str = "\nli t0, 0\nli a0, 0\nli a1, 0x500000\necall\n";

fn config() -> Config {
    Config { max_steps: 100_000, ..Config::new(Isa::RV32IM, Platform::Risc0) }
}

fn guest(source: &str, data: &[u8]) -> Image {
    let mut image = image(source, Isa::RV32IM);
    let bytes = data.to_vec();
    image.segments.push(Segment { address: DATA, size: bytes.len() as u64, bytes, permissions: Permissions::RW });
    image
}

fn risc0(source: &str, data: &[u8], input: &[u8]) -> Run {
    run(&guest(source, data), input, &config(), &mut Unobserved).unwrap()
}

fn run_with(source: &str, data: &[u8], config: &Config) -> Run {
    run(&guest(source, data), &[], config, &mut Unobserved).unwrap()
}

/// The data of a guest that makes one system call: the name, and the bytes behind it at `DATA + 64`.
fn named(name: &str, rest: &[u8]) -> Vec<u8> {
    let mut data = format!("risc0_zkvm_platform::syscall::nr::{name}\0").into_bytes();
    data.resize(64, 0);
    data.extend(rest);
    data
}

/// Instructions that make the call `name`, with the data of [`named`].
fn software(number: u32, registers: &str) -> String {
    format!("li t0, 2\nli t6, {number}\nli a2, {DATA}\n{registers}\necall\n")
}

#[track_caller]
fn halts(source: &str, data: &[u8], input: &[u8]) -> Run {
    let run = risc0(source, data, input);
    assert_eq!(run.end, End::Halted { exit_code: 0 }, "{source}");
    run
}

#[track_caller]
fn traps(source: &str, data: &[u8], kind: TrapKind) {
    let run = risc0(source, data, b"input");
    let (found, _, _, message) = trap(&run);
    assert_eq!(found, kind, "{source}: {message}");
}

#[track_caller]
fn unsupported(source: &str, data: &[u8]) {
    let run = risc0(source, data, b"input");
    assert!(matches!(run.end, End::Unsupported { .. }), "{source}: {:?}", run.end);
}

#[test]
fn halt_gives_the_second_byte_as_exit_code_and_wants_a_digest() {
    for (a0, exit_code) in [("0", 0), ("1", 0), ("0x300", 3), ("0xabff00", 255), ("0x201", 2)] {
        let run = risc0(&format!("li t0, 0\nli a0, {a0}\nli a1, {FREE}\necall"), &[], &[]);
        assert_eq!(run.end, End::Halted { exit_code }, "{a0}");
    }
    // The kernel's own memory may be pointed to: it is the kernel that loads.
    assert_eq!(risc0("li t0, 0\nli a1, 0xc0000000\necall", &[], &[]).end, End::Halted { exit_code: 0 });
    for a1 in ["0", "0x500001", "0xfffc", "0xffffffe4", "-4"] {
        traps(&format!("li t0, 0\nli a0, 0\nli a1, {a1}\necall"), &[], TrapKind::BadCallArgument);
    }
    traps(&format!("li t0, 0\nli a0, 2\nli a1, {FREE}\necall"), &[], TrapKind::BadCallArgument);
}

#[test]
fn services_that_are_not_there_are_named() {
    unsupported("li t0, 7\necall", &[]);
    for number in ["5", "8", "-1"] {
        traps(&format!("li t0, {number}\necall"), &[], TrapKind::UnknownCall);
    }
    assert_eq!(halts(&format!("li t0, 1\nli a0, 7\necall\nmv s0, a0\n{HALT}"), &[], &[]).registers[8], 0);
    traps("li t0, 1\nli a0, 8\necall", &[], TrapKind::BadCallArgument);
    unsupported("li t0, 1\nli a0, -1\necall", &[]);
}

#[test]
fn a_read_gives_what_there_is_and_zeroes_the_rest_of_its_words() {
    // Four bytes behind the buffer are kept.
    let source = software(12, &format!("li a0, {FREE}\nli a1, 0\nli a3, 0\nli a4, 0"))
        .replace("\necall\n", "\nli a1, 11\nli a4, 77\necall\n");
    let fill = "li s0, 0x500000\nli s1, -1\nsw s1, 0(s0)\nsw s1, 4(s0)\nsw s1, 8(s0)\nsw s1, 12(s0)\n";
    let see = "mv s2, a0\nmv s3, a1\nmv s4, a4\nlw s5, 0(s0)\nlw s6, 4(s0)\nlw s7, 8(s0)\n";
    let source = format!("{fill}{source}{see}{HALT}");
    let see = |input: &[u8]| {
        let run = halts(&source, &named("SYS_READ", &[]), input);
        [18, 19, 20, 21, 22, 23].map(|register| run.registers[register])
    };
    // a0 is how many bytes were read; a1 and a4 keep their values. The unfinished last word is written byte by byte.
    assert_eq!(see(b"abcdefghijklmn"), [11, 11, 77, 0x6463_6261, 0x6867_6665, 0xff6b_6a69]);
    assert_eq!(see(b"abcdefghij"), [10, 11, 77, 0x6463_6261, 0x6867_6665, 0xffff_6a69]);
    assert_eq!(see(b"abcde"), [5, 11, 77, 0x6463_6261, 0x65, 0xffff_ffff]);
    assert_eq!(see(b""), [0, 11, 77, 0, 0, 0xffff_ffff]);
}

#[test]
fn reads_go_on_where_the_last_ended_in_chunks_of_a_kibibyte() {
    let read = |size: u32| software(12, &format!("li a0, {FREE}\nli a1, {size}\nli a3, 0\nli a4, 0"));
    let source = format!(
        "{}mv s2, a0\n{}mv s3, a0\nli s0, {FREE}\nlw s4, 0(s0)\n{}mv s5, a0\n{HALT}",
        read(1500),
        read(5),
        read(3000)
    );
    let input: Vec<u8> = (0u32..2000).map(|n| n as u8).collect();
    let run = halts(&source, &named("SYS_READ", &[]), &input);
    let word = u32::from_le_bytes(input[1500..1504].try_into().unwrap());
    assert_eq!([18, 19, 20, 21].map(|register| run.registers[register]), [1500, 5, u64::from(word), 495]);
}

#[test]
fn reads_into_what_is_no_user_memory_are_traps() {
    let read = |buffer: &str, size: &str, fd: u32| {
        software(12, &format!("li a0, {buffer}\nli a1, {size}\nli a3, {fd}\nli a4, {size}"))
    };
    let data = named("SYS_READ", &[]);
    for (buffer, size) in
        [("0", "1"), ("0xfffc", "8"), ("0xbffffffc", "5"), ("0xc0000000", "4"), (FREE, "-1"), ("-1", "-1")]
    {
        traps(&read(buffer, size, 0), &data, TrapKind::BadCallArgument);
    }
    traps(&read(FREE, "1", 1), &data, TrapKind::BadCallArgument);
    // A read of nothing does not reach the host.
    halts(&format!("{}{HALT}", read("0", "0", 9)), &data, &[]);
    halts(&format!("{}{HALT}", read("0xbffffffc", "4", 0)), &data, b"abcd");
}

#[test]
fn writes_go_to_journal_and_log() {
    let write = |fd: u32, offset: u64, size: u32| {
        software(16, &format!("li a0, 0\nli a1, 0\nli a3, {fd}\nli a4, {}\nli a5, {size}", DATA + offset))
    };
    let source = format!("{}{}{}{}{HALT}", write(3, 65, 2), write(1, 64, 1), write(3, 64, 1), write(2, 65, 1));
    let run = halts(&source, &named("SYS_WRITE", b"abc"), &[]);
    assert_eq!((run.output.as_slice(), run.log.as_slice()), (b"bca".as_slice(), b"ab".as_slice()));
    for fd in [0, 4, 13] {
        traps(&write(fd, 64, 1), &named("SYS_WRITE", b"abc"), TrapKind::BadCallArgument);
    }
    let at = |address: &str, size: &str| software(16, &format!("li a3, 3\nli a4, {address}\nli a5, {size}"));
    unsupported(&at("0xbfffffff", "2"), &named("SYS_WRITE", b""));
    traps(&at("-1", "-1"), &named("SYS_WRITE", b""), TrapKind::BadCallArgument);
    // The host reads what the guest may not.
    assert_eq!(halts(&format!("{}{HALT}", at("0", "3")), &named("SYS_WRITE", b""), &[]).output, [0; 3]);
    // More than the output limit, and none of it is allocated.
    let run = risc0(&at("0x10000", "0xb0000000"), &named("SYS_WRITE", b""), &[]);
    assert_eq!(run.end, End::OutputLimit);
}

#[test]
fn a_panic_ends_with_its_text_and_a_log_line_goes_on() {
    let message = |number: u32| software(number, &format!("li a0, 0\nli a1, 0\nli a3, {}\nli a4, 4", DATA + 64));
    let run = risc0(&message(9), &named("SYS_PANIC", b"oops"), &[]);
    assert_eq!(run.end, End::Panicked { message: "oops".to_owned() });
    assert_eq!(halts(&format!("{}{HALT}", message(8)), &named("SYS_LOG", b"text"), &[]).log, b"text\n");
    let large = software(9, "li a3, 0x20000\nli a4, 0xb0000000");
    match risc0(&large, &named("SYS_PANIC", &[]), &[]).end {
        End::Panicked { message } => assert_eq!(message.len(), assay_machine::PANIC_BYTES_MAX),
        end => panic!("{end:?}"),
    }
    unsupported(&software(9, "li a3, 0xc0000000\nli a4, 1"), &named("SYS_PANIC", &[]));
}

#[test]
fn there_are_no_arguments_and_no_environment() {
    assert_eq!(
        halts(&format!("{}mv s0, a0\n{HALT}", software(1, "li a0, 9")), &named("SYS_ARGC", &[]), &[]).registers[8],
        0
    );
    let source =
        format!("{}mv s0, a0\n{HALT}", software(6, &format!("li a0, 0\nli a1, 0\nli a3, {}\nli a4, 4", DATA + 64)));
    assert_eq!(halts(&source, &named("SYS_GETENV", b"HOME"), &[]).registers[8], 0xffff_ffff);
    for (number, name) in [(3, "SYS_CYCLE_COUNT"), (7, "SYS_KECCAK"), (10, "SYS_PIPE"), (14, "SYS_VERIFY_INTEGRITY")] {
        unsupported(&software(number, ""), &named(name, &[]));
    }
    traps(&software(2, ""), &named("SYS_ARGV", &[]), TrapKind::BadCallArgument);
    traps(&software(4, ""), &named("SYS_EXIT", &[]), TrapKind::UnknownCall);
}

#[test]
fn randomness_is_the_same_each_time() {
    let random = |words: u32| software(11, &format!("li a0, {FREE}\nli a1, {words}"));
    let see = "li s0, 0x500000\nlw s2, 0(s0)\nlw s3, 4(s0)\nlw s4, 8(s0)\nlw s5, 12(s0)\nmv s6, a0\n";
    let run = halts(&format!("{}{see}{HALT}", random(3)), &named("SYS_RANDOM", &[]), &[]);
    // The first outputs of SplitMix64 from state 0 are e220a8397b1dcdaf and 6e789e6aa1b965f4. a0 keeps its value.
    let seen = [18, 19, 20, 21, 22].map(|register| run.registers[register]);
    assert_eq!(seen, [0x7b1d_cdaf, 0xe220_a839, 0xa1b9_65f4, 0, 0x50_0000]);
    halts(&format!("{}{HALT}", random(0x4000_0000)), &named("SYS_RANDOM", &[]), &[]);
    traps(&random(0x3000_0000), &named("SYS_RANDOM", &[]), TrapKind::BadCallArgument);
    let large = Config { memory_limit_bytes: 1 << 20, ..config() };
    let run = run_with(&random(0x1000_0000), &named("SYS_RANDOM", &[]), &large);
    assert_eq!(run.end, End::MemoryLimit);
}

#[test]
fn names_that_are_none_are_traps() {
    let call = |pointer: &str| format!("li t0, 2\nli t6, 16\nli a2, {pointer}\necall");
    for pointer in ["0", "0x400000", "0x3fffff", "0xbfffffff", "0xc0000000", "-1"] {
        traps(&call(pointer), &[b'x'; 1000], TrapKind::UnknownCall);
    }
    traps(&call("0x400000"), &named("SYS_NOTHING", &[]), TrapKind::UnknownCall);
    traps(&call("0x400000"), b"SYS_WRITE\0", TrapKind::UnknownCall);
    // The name of another call than t6 is the number of.
    unsupported(&call("0x400000"), &named("SYS_READ", &[]));
}

/// The state and the message as the accelerator takes them, at [`DATA`].
fn sha_data(message: &[u8]) -> Vec<u8> {
    const INITIAL: [u32; 8] =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    let mut data: Vec<u8> = INITIAL.iter().flat_map(|word| word.to_be_bytes()).collect();
    data.extend(message);
    data.push(0x80);
    while !(data.len() - 32 + 8).is_multiple_of(64) {
        data.push(0);
    }
    data.extend((message.len() as u64 * 8).to_be_bytes());
    data
}

fn sha(out: u64, first: u64, second: u64, count: usize) -> String {
    format!("li t0, 3\nli a0, {out}\nli a1, {DATA}\nli a2, {first}\nli a3, {second}\nli a4, {count}\necall\n")
}

/// Writes the eight words at `address` to the journal; the name is at `DATA + 0x10000`.
fn publish(address: u64) -> String {
    let name = DATA + 0x1_0000;
    format!("li t0, 2\nli t6, 16\nli a2, {name}\nli a3, 3\nli a4, {address}\nli a5, 32\necall\n")
}

fn sha_output(source: &str, message: &[u8]) -> Vec<u8> {
    let mut data = sha_data(message);
    data.resize(0x1_0000, 0);
    data.extend(named("SYS_WRITE", &[]));
    halts(&format!("{source}{HALT}"), &data, &[]).output
}

#[test]
fn a_block_may_be_given_in_halves() {
    // The halves in one place, in two, and with an output over the state.
    let text = b"fifty-five bytes of text and their padding are a block.";
    assert_eq!(text.len(), 55);
    let digest = Sha256::digest(text).to_vec();
    let (first, second) = (DATA + 32, DATA + 64);
    assert_eq!(sha_output(&format!("{}{}", sha(0x50_0000, first, second, 1), publish(0x50_0000)), text), digest);
    assert_eq!(sha_output(&format!("{}{}", sha(DATA, first, second, 1), publish(DATA)), text), digest);
    let copy = format!(
        "li s0, {second}\nli s1, 0x600000\nli s2, 0x600020\n1: lw s3, 0(s0)\nsw s3, 0(s1)\naddi s0, s0, 4\naddi s1, s1, 4\nbltu s1, s2, 1b\n"
    );
    let apart = format!("{copy}{}{}", sha(0x50_0000, first, 0x60_0000, 1), publish(0x50_0000));
    assert_eq!(sha_output(&apart, text), digest);
    // No block: the state is copied.
    let copied = sha_output(&format!("{}{}", sha(0x50_0000, first, second, 0), publish(0x50_0000)), text);
    assert_eq!(copied, sha_data(text)[..32]);
}

#[test]
fn sha_of_what_is_no_user_memory_is_a_trap() {
    let (first, second) = (DATA + 32, DATA + 64);
    for source in [
        sha(0xfff0, first, second, 1),
        sha(0x50_0000, 0x8000, 0x8020, 1),
        // Halves that lie apart are aligned.
        sha(0x50_0000, first, second + 1, 1),
    ] {
        traps(&source, &sha_data(b"abc"), TrapKind::BadCallArgument);
    }
    for source in [
        sha(0xc000_0000, first, second, 1),
        sha(0x50_0000, 0xbfff_ffc4, 0xbfff_ffe4, 1),
        sha(0x50_0000, first, second, 1 << 21),
        sha(0x50_0000, first, second, 0xffff_ffff),
        sha(0x50_0000, first, second + 4, 2),
    ] {
        unsupported(&source, &sha_data(b"abc"));
    }
}

#[test]
fn user_memory_is_readable_and_writable_up_to_the_kernel() {
    halts(&format!("li a1, 0xbffffffc\nsw a1, 0(a1)\nlw a0, 0(a1)\nlb x0, 3(a1){HALT}"), &[], &[]);
    // The first word is the entry point, and code can be read and written.
    let run =
        halts(&format!("li s0, 0x10000\nlw s1, 0(s0)\nli s0, {CODE}\nlw s2, 0(s0)\nsw s2, 0(s0){HALT}"), &[], &[]);
    assert_eq!(run.registers[9], CODE);
    let at = |source: &str, kind, address| {
        let run = risc0(source, &[], &[]);
        let (found, _, at, message) = trap(&run);
        assert_eq!((found, at), (kind, Some(address)), "{source}: {message}");
    };
    at("lw a0, 0(zero)", TrapKind::LoadFault, 0);
    at("li a1, 0xffff\nlb x0, 0(a1)", TrapKind::LoadFault, 0xffff);
    at("li a1, 0xc0000000\nsb a0, 0(a1)", TrapKind::StoreFault, 0xc000_0000);
    at("li a1, -4\nlw a0, 0(a1)", TrapKind::LoadFault, 0xffff_fffc);
    at("li a1, 0x500001\nlh a0, 0(a1)", TrapKind::MisalignedAccess, 0x50_0001);
    at("li a1, 0x500002\nsw a0, 0(a1)", TrapKind::MisalignedAccess, 0x50_0002);
    // Whether it may be accessed at all comes first.
    at("li a1, 0x101\nlw a0, 0(a1)", TrapKind::LoadFault, 0x101);
    at("li a1, 0xc0000001\nsh a0, 0(a1)", TrapKind::StoreFault, 0xc000_0001);
}

#[test]
fn fences_csrs_and_breakpoints_end_the_run() {
    traps("fence", &[], TrapKind::IllegalInstruction);
    traps(".word 0x0000100f", &[], TrapKind::IllegalInstruction);
    traps("ebreak", &[], TrapKind::Breakpoint);
    traps(".word 0x30200073", &[], TrapKind::IllegalInstruction);
    // An ECALL whose rd is not 0.
    traps("li t0, 5\n.word 0x000000f3", &[], TrapKind::UnknownCall);
}

#[test]
fn code_is_what_memory_holds() {
    // Overwrites `li a0, 1` with `li a0, 0`.
    let source =
        "auipc s0, 0\nlw s1, 28(s0)\nsw s1, 12(s0)\nli a0, 0x100\nli t0, 0\nli a1, 0x500000\necall\n.word 0x513";
    assert_eq!(source.lines().count(), 8);
    let run = risc0(
        &source.replace("li a0, 0x100\nli t0, 0\nli a1, 0x500000\n", "li a0, 0x100\nlui a1, 0x500\nli t0, 0\n"),
        &[],
        &[],
    );
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    traps("li a1, 0x600000\njr a1", &[], TrapKind::IllegalInstruction);
    unsupported(&format!("li a1, {DATA}\njr a1"), &[0x13, 0, 0, 0]);
    traps("jr x0", &[], TrapKind::FetchFault);
    traps("li a1, 0xc0000000\njr a1", &[], TrapKind::FetchFault);
    traps("auipc a1, 0\njr 10(a1)\nnop", &[], TrapKind::MisalignedFetch);
    traps("nop", &[], TrapKind::IllegalInstruction);
}

#[test]
fn what_risc_zero_refuses_is_refused() {
    let refused = |image: &Image| run(image, &[], &config(), &mut Unobserved).unwrap_err();
    let with = |address, size| {
        let mut image = guest(HALT, &[]);
        image.segments.push(Segment { address, bytes: vec![], size, permissions: Permissions::RW });
        image
    };
    for entry in [2, 0xc000_0000] {
        assert_eq!(refused(&Image { entry, ..guest(HALT, &[]) }), LoadError::Risc0Entry { entry });
    }
    assert_eq!(refused(&with(0x30_0002, 4)), LoadError::Risc0SegmentMisaligned { address: 0x30_0002 });
    let (address, size) = (0xbfff_fffc, 8);
    assert_eq!(refused(&with(address, size)), LoadError::Risc0OutsideMemory { address, size });
    for (address, size) in [(0xbfff_fffc, 4), (0x8000, 0x9000)] {
        assert!(run(&with(address, size), &[], &config(), &mut Unobserved).is_ok());
    }
    let wrong = Config { isa: Isa::RV32IMA, ..config() };
    assert!(matches!(run(&guest(HALT, &[]), &[], &wrong, &mut Unobserved), Err(LoadError::WrongIsa { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_accelerator_computes_digests_of_any_length(message in prop::collection::vec(any::<u8>(), 0..3000)) {
        let blocks = (sha_data(&message).len() - 32) / 64;
        let source = format!("{}{}", sha(0x50_0000, DATA + 32, DATA + 64, blocks), publish(0x50_0000));
        prop_assert_eq!(sha_output(&source, &message), Sha256::digest(&message).to_vec());
    }

    #[test]
    fn whatever_a_call_is_given_it_ends(registers in any::<[u32; 8]>(), near in any::<[bool; 6]>(), service in 0u32..9, call in 0..17u32) {
        let mut source = String::new();
        for (index, (value, near)) in registers.iter().zip(near).enumerate() {
            let value = if near { DATA as u32 + value % 0x100 } else { *value };
            writeln!(source, "li a{index}, {value}").unwrap();
        }
        writeln!(source, "li a2, {DATA}\nli t6, {call}\nli t0, {service}\necall").unwrap();
        for name in ["SYS_READ", "SYS_WRITE", "SYS_GETENV", "SYS_LOG"] {
            let run = risc0(&source, &named(name, &[1; 100]), &[5; 5000]);
            prop_assert!(run.memory_bytes < 1 << 27);
        }
    }
}
