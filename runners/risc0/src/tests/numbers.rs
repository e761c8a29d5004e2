//! The accelerator for large numbers, against the reference machine: programs that compute, and hostile ones.

use assay_machine::End;
use assay_spec::{Status, TrapKind};

use super::{
    BASE, Bench, DATA, HALT, elf_of,
    tracing::{agree, reference},
};

/// Where the numbers of programs are, behind the blob: 64 bytes apart.
const NUMBERS: u64 = DATA + 0x1000;

/// One operation: code, type, a, b.
type Operation = (u64, u64, u64, u64);

/// Codes of operations (`execute/bibc.rs`).
const CONSTANT: u64 = 2;
const LOAD: u64 = 3;
const STORE: u64 = 4;
const ADD: u64 = 8;
const SUBTRACT: u64 = 9;
const MULTIPLY: u64 = 0xa;
const REMAINDER: u64 = 0xb;
const QUOTIENT: u64 = 0xc;
const INVERSE: u64 = 0xe;

/// x * y mod m: numbers of 32 bytes at a1, a2 and a3; the result at a4.
const PRODUCT: [Operation; 6] = [
    (LOAD, 1, 11 << 16, 0),
    (LOAD, 1, 12 << 16, 0),
    (LOAD, 1, 13 << 16, 0),
    (MULTIPLY, 0, 0, 1),
    (REMAINDER, 0, 3, 2),
    (STORE, 1, 14 << 16, 4),
];

/// A program with types of 16, 30 and 48 bytes and the constants 4, 6 and 7.
fn program(operations: &[Operation]) -> Vec<u8> {
    let mut program = b"bibc".to_vec();
    program.extend([1, 0, 3, 3, operations.len() as u32].map(u32::to_le_bytes).as_flattened());
    for bytes in [16u64, 30, 48] {
        program.extend([bytes, 0, 0, 0].map(u64::to_le_bytes).as_flattened());
    }
    program.extend([4u64, 6, 7].map(u64::to_le_bytes).as_flattened());
    for &(code, kind, a, b) in operations {
        program.extend((code | kind << 4 | a << 16 | b << 40).to_le_bytes());
    }
    program
}

/// A blob around a program, and numbers behind it.
fn data(operations: &[Operation]) -> Vec<u8> {
    let program = program(operations);
    let mut data = [program.len() as u32 / 4, 4, 0, 0].map(u32::to_le_bytes).as_flattened().to_vec();
    data.extend(program);
    data.resize((NUMBERS - DATA) as usize, 0);
    // SplitMix64's increment, which is odd.
    data.extend((1..40u64).flat_map(|index| index.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()));
    data
}

fn call(more: &str) -> String {
    let numbers = (1..5).map(|index| format!("li a{index}, {}\n", NUMBERS + 64 * (index - 1)));
    let numbers = numbers.collect::<Vec<_>>().concat();
    format!(
        "li t0, 6\n li a0, {DATA}\n li t1, {}\n li t2, 0x20000\n li t3, 0x20000\n {numbers} {more}\n ecall\n",
        DATA + 16
    )
}

/// Instructions that add two numbers of 128 bits by a blob whose second program holds a proof to the sum, and trap where
/// the sum is wrong. They put the blob into the page that data begins in, so that a proof has no page more.
pub(super) fn sum() -> String {
    /// Instructions of the second program (`prove/witgen/bigint.rs`): a number at a register, read or written, times 1 or
    /// -1 to the total; and that the total is 0 but for carries.
    const CHECKED: [u32; 7] =
        [0x03ab_0000, 0x03ac_0000, 0x136d_0000, 0x2400_0000, 0x2500_0000, 0x2600_0000, 0x2000_0000];
    const BLOB: u64 = DATA + 0x200;
    const SUMMANDS: u64 = DATA + 0x300;
    let operations = [(LOAD, 0, 11 << 16, 0), (LOAD, 0, 12 << 16, 0), (ADD, 0, 0, 1), (STORE, 0, 13 << 16, 2)];
    let program = program(&operations);
    let mut blob = [program.len() as u32 / 4, CHECKED.len() as u32, 0, 0].map(u32::to_le_bytes).as_flattened().to_vec();
    blob.extend(&program);
    blob.extend(CHECKED.map(u32::to_le_bytes).as_flattened());
    let (one, other, sum) = (
        [0xffff_ffffu32, 0x1234_5678, 0, 7],
        [1u32, 0xffff_0000, 0x8000_0000, 8],
        [0u32, 0x1233_5679, 0x8000_0001, 15],
    );
    let summands = [one, other].concat();
    let words = blob.as_chunks().0.iter().map(|&word| u32::from_le_bytes(word)).zip((BLOB..).step_by(4));
    let words = words.chain(summands.into_iter().zip((SUMMANDS..).step_by(4)));
    let stores = words.map(|(word, address)| format!("li s1, {word:#x}\n sw s1, {}(s0)\n", address - DATA));
    let checks = sum
        .iter()
        .enumerate()
        .map(|(index, word)| format!("li s1, {word:#x}\n lw s2, {}(a3)\n beq s1, s2, 1f\n ebreak\n 1:\n", 4 * index));
    format!(
        "li s0, {DATA}\n {} li t0, 6\n li a0, {BLOB}\n li t1, {}\n li t2, {}\n li t3, {BLOB}\n li a1, {SUMMANDS}\n addi a2, a1, 16\n addi a3, a1, 32\n ecall\n {}",
        stores.collect::<Vec<_>>().concat(),
        BLOB + 16,
        BLOB + 16 + program.len() as u64,
        checks.collect::<Vec<_>>().concat(),
    )
}

#[test]
fn programs_store_what_the_reference_machine_stores() {
    let mut bench = Bench::default();
    let signs = [
        (CONSTANT, 0, 0, 1),
        (CONSTANT, 0, 2, 1),
        (SUBTRACT, 0, 0, 1),
        (LOAD, 2, 12 << 16, 0),
        (MULTIPLY, 0, 2, 3),
        (QUOTIENT, 0, 4, 1),
        (REMAINDER, 0, 4, 3),
        (ADD, 0, 5, 6),
        (INVERSE, 0, 0, 1),
        (STORE, 2, 14 << 16, 7),
        (STORE, 0, 14 << 16 | 1, 8),
        // What is not computed yet; and chunks that overlap.
        (STORE, 0, 14 << 16 | 3, 11),
        (STORE, 0, 15 << 16, 1),
    ];
    let loads = (0..18).map(|word| format!("lw s1, {}(a4)\n", 4 * word)).collect::<Vec<_>>().concat();
    for operations in [PRODUCT.as_slice(), &signs] {
        let source = format!("{} {loads} {HALT}", call(&format!("li a5, {}", NUMBERS + 200)));
        agree(&mut bench, &elf_of(&source, &data(operations)), &format!("{operations:?}"));
    }
    let product =
        format!("li t0, 4\n li a0, {}\n li a1, 0\n li a2, {NUMBERS}\n li a3, {}\n", NUMBERS + 96, NUMBERS + 32);
    for modulus in [NUMBERS + 64, NUMBERS + 0x800] {
        // Without a modulus: of two numbers of 128 bits.
        let clear = format!(
            "li s2, {NUMBERS}\n sw x0, 16(s2)\n sw x0, 20(s2)\n sw x0, 24(s2)\n sw x0, 28(s2)\n addi a3, s2, 0\n"
        );
        let source = format!("{product} {clear} li a4, {modulus}\n ecall\n mv a4, a0\n {loads} {HALT}");
        agree(&mut bench, &elf_of(&source, &data(&[])), "the older call");
    }
}

#[test]
fn hostile_programs_end_where_they_end_on_the_reference_machine() {
    let mut bench = Bench::default();
    let changes = [
        "addi a0, a0, 2",
        "addi t1, t1, 1",
        "addi t2, t2, 2",
        "addi t3, t3, 3",
        "li a0, 0",
        "li a0, 0xfffffff8",
        "li t1, 0xfffffff8",
        "li t2, 0xfffffffc",
        "addi a1, a1, 2",
        "li a2, 0xfffc",
        "li a3, 0xbfff0000",
        "li a4, 0xbffffff0",
        "li a4, -4",
        // These are no mistakes.
        "li a4, 0xbffefffc",
        "li t2, 0x8000",
        "li t3, 0",
        // The executor's limit.
        "li s2, 0x280001\n sw s2, 0(a0)",
    ];
    let programs: [&[Operation]; 11] = [
        &[(0, 0, 0, 0)],
        &[(0xf, 0, 0, 0)],
        // A number that has a divisor in common with the modulus.
        &[(CONSTANT, 0, 0, 1), (CONSTANT, 0, 1, 1), (INVERSE, 0, 0, 1)],
        // A number that does not fit.
        &[(LOAD, 1, 11 << 16, 0), (STORE, 0, 14 << 16, 0)],
        // Registers that the guest does not set: zero, tp, the mode, s0, s1, the call and the size of the table.
        &[(CONSTANT, 0, 0, 1), (STORE, 0, 0x1010, 0)],
        &[(LOAD, 0, 4 << 16, 0)],
        &[(CONSTANT, 0, 0, 1), (STORE, 0, 5 << 16 | 0x1010, 0)],
        &[(LOAD, 0, 8 << 16, 0)],
        &[(LOAD, 0, 9 << 16, 0)],
        &[(LOAD, 0, 17 << 16 | 0x1010, 0)],
        &[(CONSTANT, 0, 0, 1), (STORE, 0, 18 << 16 | 0x1010, 0)],
    ];
    let older =
        ["li a1, 1", "addi a0, a0, 1", "li a2, 0xfffc", "li a3, 0xc0000000", "addi a4, a4, 2", "li a4, 0x300000"];
    let cases = changes
        .iter()
        .map(|more| (call(more), data(&PRODUCT)))
        .chain(programs.iter().map(|operations| (call(""), data(operations))))
        .chain(older.iter().map(|more| {
            let numbers = [0, 2, 3, 4].map(|index| format!("li a{index}, {NUMBERS}\n")).concat();
            (format!("li t0, 4\n li a1, 0\n {numbers} {more}\n ecall\n"), data(&[]))
        }));
    let mut trapped = 0;
    for (source, data) in cases {
        let source = format!("{source} {HALT}");
        let report = bench.run(&source, &data, b"");
        let (_, run) = reference(&elf_of(&source, &data));
        let theirs = match run.end {
            End::Halted { exit_code: 0 } => None,
            End::Trap { trap, .. } => Some((trap.kind, trap.pc.0.wrapping_sub(BASE))),
            end => panic!("{source}: {end:?}"),
        };
        let ours = report.trap.map(|trap| (trap.kind, trap.pc.0.wrapping_sub(BASE)));
        assert_eq!(ours, theirs, "{source}: {:?}", report.message);
        assert_eq!(report.status == Status::Ok, ours.is_none(), "{source}");
        trapped += usize::from(ours.is_some_and(|(kind, _)| kind == TrapKind::BadCallArgument));
    }
    assert_eq!(trapped, 14 + 8 + 6);
}
