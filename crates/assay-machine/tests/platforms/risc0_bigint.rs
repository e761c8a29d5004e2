//! Big integers on the `risc0` platform: a guest's programs, and the call that multiplies. What is expected is what the
//! sources of RISC Zero's executor and kernel say.

use assay_isa::Isa;
use assay_machine::{Config, End, Image, Permissions, Run, Segment, Unobserved, run};
use assay_spec::{Platform, TrapKind};
use num_bigint::BigUint;
use proptest::prelude::*;

use crate::{image, trap};

/// Where a guest's blob is, and its numbers: 256 bytes apart.
const BLOB: u64 = 0x40_0000;
const NUMBERS: u64 = 0x40_4000;
/// The registers whose content a run ends with: the words of the last number.
const SEEN: [&str; 8] = ["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"];

const HALT: &str = "\nli t0, 0\nli a0, 0\nli a1, 0x500000\necall\n";

/// A blob around a program of operations (code, type, a, b): types of 16, 32 and 48 bytes, constants 0 and 7.
fn blob(operations: &[(u8, u64, u64, u64)], proof_words: u32) -> Vec<u8> {
    let mut program = b"bibc".to_vec();
    program.extend([1, 0, 3, 2, operations.len() as u32].map(u32::to_le_bytes).as_flattened());
    for bytes in [16u64, 32, 48] {
        program.extend([bytes, 0, 0, 0].map(u64::to_le_bytes).as_flattened());
    }
    program.extend([0u64, 7].map(u64::to_le_bytes).as_flattened());
    for &(code, kind, a, b) in operations {
        program.extend((u64::from(code) | kind << 4 | a << 16 | b << 40).to_le_bytes());
    }
    let mut blob = [program.len() as u32 / 4, proof_words, 0, 0].map(u32::to_le_bytes).as_flattened().to_vec();
    blob.extend(program);
    blob
}

/// x * y mod m: numbers at a1, a2, a3; the result at a4.
const PRODUCT: [(u8, u64, u64, u64); 6] = [
    (3, 1, 11 << 16, 0),
    (3, 1, 12 << 16, 0),
    (3, 1, 13 << 16, 0),
    (0xa, 0, 0, 1),
    (0xb, 0, 3, 2),
    (4, 1, 14 << 16, 4),
];

fn call(blob: u64) -> String {
    let numbers = (1..5).map(|index| format!("li a{index}, {}\n", NUMBERS + 256 * (index - 1)));
    let numbers = numbers.collect::<Vec<_>>().concat();
    format!("li t0, 6\nli a0, {blob}\nli t1, {}\nli t2, 0x20000\nli t3, 0x20000\n{numbers}", blob + 16)
}

fn see(address: u64) -> String {
    let loads = SEEN.iter().zip(0..).map(|(name, index)| format!("lw {name}, {}(s0)\n", 4 * index));
    let loads = loads.collect::<Vec<_>>().concat();
    format!("\nli s0, {address}\n{loads}{HALT}")
}

fn seen(run: &Run) -> Vec<u8> {
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    run.registers[18..26].iter().flat_map(|&register| (register as u32).to_le_bytes()).collect()
}

fn guest(source: &str, blob: &[u8], numbers: &[[u8; 32]]) -> Image {
    let mut image = image(source, Isa::RV32IM);
    let mut data = |address, bytes: Vec<u8>| {
        image.segments.push(Segment { address, size: bytes.len() as u64, bytes, permissions: Permissions::RW });
    };
    data(BLOB, blob.to_vec());
    for (number, address) in numbers.iter().zip((NUMBERS..).step_by(256)) {
        data(address, number.to_vec());
    }
    image
}

fn risc0(source: &str, blob: &[u8], numbers: &[[u8; 32]]) -> Run {
    let config = Config { max_steps: 100_000, ..Config::new(Isa::RV32IM, Platform::Risc0) };
    run(&guest(source, blob, numbers), &[], &config, &mut Unobserved).unwrap()
}

#[track_caller]
fn traps(source: &str, blob: &[u8]) {
    let run = risc0(source, blob, &[[1; 32]; 4]);
    let (found, _, _, message) = trap(&run);
    assert_eq!(found, TrapKind::BadCallArgument, "{source}: {message}");
}

#[track_caller]
fn unsupported(source: &str, blob: &[u8]) {
    let run = risc0(source, blob, &[[1; 32]; 4]);
    assert!(matches!(run.end, End::Unsupported { .. }), "{source}: {:?}", run.end);
}

#[track_caller]
fn halts(source: &str, blob: &[u8]) {
    assert_eq!(risc0(source, blob, &[[1; 32]; 4]).end, End::Halted { exit_code: 0 }, "{source}");
}

#[test]
fn arguments_that_the_executor_refuses_are_traps() {
    let whole = blob(&PRODUCT, 4);
    let with = |more: &str| format!("{}{more}\necall{HALT}", call(BLOB));
    halts(&with(""), &whole);
    for more in [
        // Unaligned parts, and parts that reach beyond memory.
        "addi a0, a0, 2",
        "addi t1, t1, 1",
        "addi t2, t2, 2",
        "addi t3, t3, 3",
        "li a0, 0xfffffff8",
        "li t1, 0xfffffff8",
        "li t2, 0xfffffffc",
        "li t2, 0",
        // Another program than the one that is there.
        "addi t1, t1, -16\nli a0, 0x20000\nli s0, 1\nsw s0, 0(a0)",
        // Numbers that are unaligned, below user memory, in its last 64 KiB, the kernel's.
        "addi a1, a1, 2",
        "li a2, 0xfffc",
        "li a2, 0",
        "li a3, 0xbfff0000",
        "li a4, 0xbffffff0",
        "li a4, 0xc0000000",
        "li a4, -4",
    ] {
        traps(&with(more), &whole);
    }
    // The end of a number may be where its beginning may not; the program for the proof is not looked at.
    for more in ["li a3, 0xbffefffc", "li a4, 0xbffefffc", "li t2, 0xfffffe00", "li t2, 0xc0000000", "li t3, 0"] {
        let run = risc0(&with(more), &whole, &[[1; 32]; 4]);
        // A modulus of 0 is what the executor panics at.
        assert_eq!(matches!(run.end, End::Unsupported { .. }), more.starts_with("li a3"), "{more}: {:?}", run.end);
    }
    // The executor's limit, and the one of this machine for the other part.
    let mut large = whole.clone();
    large[..4].copy_from_slice(&(10u32 << 18 | 1).to_le_bytes());
    traps(&with(""), &large);
    unsupported(&with(""), &blob(&PRODUCT, 1 << 20 | 1));
    // What it reads may be below user memory, where nothing is, and is not known in the kernel's memory.
    unsupported(&with("li t1, 0xbffffffc"), &whole);
    unsupported(&with("li a0, 0xc0000000"), &whole);
    traps(&with("li a0, 0"), &whole);
}

#[test]
fn registers_that_the_guest_does_not_set_are_the_kernels() {
    let with = |arena: u64, offset: u64| blob(&[(2, 0, 1, 1), (4, 0, arena << 16 | offset, 0)], 4);
    let run = |arena: u64, offset: u64| {
        format!("{}ecall{}", call(BLOB), see(0x1_0000 + 16 * offset + u64::from(arena == 18) * 8))
    };
    // Zero, the mode, and the 8 entries of the kernel's table: addresses that an offset makes user memory of.
    for arena in [0, 5, 18] {
        let run = risc0(&run(arena, 0x10), &with(arena, 0x1010), &[]);
        // The offset counts 16 bytes: 0x10100, and 8 more.
        assert!(seen(&run).starts_with(&7u64.to_le_bytes()), "{arena}");
        traps(&format!("{}ecall", call(BLOB)), &with(arena, 0xfff));
    }
    for arena in [4, 8, 9, 17] {
        traps(&format!("{}ecall", call(BLOB)), &with(arena, 0x1010));
    }
    for arena in [1, 3, 19, 27, 29, 31, 32, 255] {
        unsupported(&format!("{}ecall", call(BLOB)), &with(arena, 0x1010));
    }
    for (arena, name) in [(2, "sp"), (6, "t1"), (7, "t2"), (28, "t3"), (10, "a0"), (16, "a6")] {
        let set = if name == "t1" { String::new() } else { format!("mv s1, {name}\n") };
        let base = match name {
            "sp" => 0x60_0000,
            "a6" => 0x70_0000,
            "t1" => BLOB + 16,
            "a0" => BLOB,
            _ => 0x2_0000,
        };
        let source = format!("li sp, 0x600000\nli a6, 0x700000\n{}{set}ecall{}", call(BLOB), see(base + 0x1000));
        let run = risc0(&source, &with(arena, 0x100), &[]);
        assert!(seen(&run).starts_with(&7u64.to_le_bytes()), "{name}");
    }
}

#[test]
fn numbers_are_written_when_the_program_has_ended_and_whole() {
    // 7 to a4, then what was at a4 before to a4 + 16, then 7 again over half of that: chunks by address.
    let operations = [
        (2, 0, 1, 1),
        (3, 0, 14 << 16, 0),
        (4, 1, 14 << 16, 0),
        (3, 0, 14 << 16, 0),
        (4, 0, 14 << 16 | 1, 3),
        // The same place from a5, 8 bytes further.
        (4, 0, 15 << 16, 0),
    ];
    let at = NUMBERS + 256 * 3;
    let source = format!("{}li a5, {}\necall{}", call(BLOB), at + 8, see(at));
    let seen = seen(&risc0(&source, &blob(&operations, 4), &[[1; 32], [2; 32], [3; 32], [4; 32]]));
    let mut expected = [0; 32];
    expected[0] = 7;
    expected[8] = 7;
    // The chunk at 16 is written last.
    expected[16..].fill(4);
    assert_eq!(seen, expected);
    // A number that does not fit.
    traps(&format!("{}\necall", call(BLOB)), &blob(&[(3, 1, 11 << 16, 0), (4, 0, 14 << 16, 0)], 4));
}

#[test]
fn a_program_that_is_stored_over_is_executed_as_it_is_then() {
    // Code that a number is written to: the 7 is no instruction.
    let source = format!("{}la a4, there\necall\nthere:\nnop\nnop\nnop\nnop\n{HALT}", call(BLOB));
    let run = risc0(&source, &blob(&[(2, 0, 1, 1), (4, 0, 14 << 16, 0)], 4), &[]);
    assert_eq!(trap(&run).0, TrapKind::IllegalInstruction);
}

#[test]
fn the_older_call_refuses_what_the_kernel_refuses() {
    let product = |registers: &str| {
        let set = format!("li a0, {NUMBERS}\nli a1, 0\nli a2, {NUMBERS}\nli a3, {NUMBERS}\nli a4, {NUMBERS}");
        format!("li t0, 4\n{set}\n{registers}\necall{HALT}")
    };
    halts(&product(""), &[]);
    for registers in ["li a1, 1", "addi a0, a0, 1", "li a2, 0xfffc", "li a3, 0xc0000000", "addi a4, a4, 2"] {
        traps(&product(registers), &[]);
    }
    unsupported(&product("li a2, 0xbffffffc"), &[]);
    // Without a modulus the product must have 256 bits.
    traps(&product(&format!("li a4, {}", NUMBERS + 0x1000)), &[]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn products_are_those_of_another_implementation(
        x in any::<[u8; 32]>(),
        y in any::<[u8; 32]>(),
        modulus in any::<[u8; 32]>(),
        short in any::<bool>(),
    ) {
        let mut modulus = modulus;
        if short {
            modulus[9..].fill(0);
        }
        modulus[8] |= 1;
        let [a, b, m] = [x, y, modulus].map(|number| BigUint::from_bytes_le(&number));
        let mut expected = (a * b % m).to_bytes_le();
        expected.resize(32, 0);
        let numbers = [x, y, modulus, [9; 32]];
        let result = NUMBERS + 3 * 256;
        let run = risc0(&format!("{}ecall{}", call(BLOB), see(result)), &blob(&PRODUCT, 4), &numbers);
        prop_assert_eq!(&seen(&run), &expected);
        let older = format!(
            "li t0, 4\nli a0, {result}\nli a1, 0\nli a2, {NUMBERS}\nli a3, {}\nli a4, {}\necall{}",
            NUMBERS + 256, NUMBERS + 512, see(result)
        );
        prop_assert_eq!(&seen(&risc0(&older, &[], &numbers)), &expected);
    }

    #[test]
    fn whatever_a_program_is_it_ends(
        operations in prop::collection::vec((0u8..16, 0u64..4, any::<u32>(), 0u64..8), 1..8),
        flipped in any::<(u16, u8)>(),
    ) {
        let operations: Vec<_> = operations
            .into_iter()
            .map(|(code, kind, a, b)| {
                let a = if matches!(code, 3 | 4) { u64::from(10 + a % 7) << 16 | u64::from(a % 5) } else { u64::from(a % 8) };
                (code, kind, a, b)
            })
            .collect();
        let mut blob = blob(&operations, 4);
        let (at, bit) = flipped;
        let length = blob.len();
        blob[usize::from(at) % length] ^= 1 << (bit % 8);
        let run = risc0(&format!("{}\necall{HALT}", call(BLOB)), &blob, &[[1; 32]; 4]);
        prop_assert!(!matches!(run.end, End::StepLimit | End::MemoryLimit), "{:?}", run.end);
    }
}
