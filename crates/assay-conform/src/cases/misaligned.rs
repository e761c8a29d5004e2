//! Loads and stores of 2, 4 and 8 bytes at every offset from a multiple of their size: they work (Zicclsm).

use std::fmt::Write as _;

use assay_isa::Xlen;
use assay_spec::{HexBytes, MemoryInit, Register, RegisterFile, Word};

use crate::case::{Case, Expect, Group, Program, Sequence, Target};

/// Where the memory is: in every platform's, and outside of what a harness needs.
const BASE: u64 = 0x40_0000;

/// What is there; every byte is another, and every second one has its sign bit set.
const MEMORY: [u8; 16] =
    [0x11, 0x92, 0x13, 0x94, 0x15, 0x96, 0x17, 0x98, 0x19, 0x9a, 0x1b, 0x9c, 0x1d, 0x9e, 0x1f, 0xa0];

/// What is stored.
const STORED: u64 = 0xf1e2_d3c4_b5a6_9788;

/// An instruction that accesses memory.
struct Access {
    mnemonic: &'static str,
    bytes: usize,
    signed: bool,
    /// Narrowest registers that have it.
    xlen: Xlen,
}

const fn access(mnemonic: &'static str, bytes: usize, signed: bool, xlen: Xlen) -> Access {
    Access { mnemonic, bytes, signed, xlen }
}

const LOADS: [Access; 5] = [
    access("lh", 2, true, Xlen::Rv32),
    access("lhu", 2, false, Xlen::Rv32),
    access("lw", 4, true, Xlen::Rv32),
    access("lwu", 4, false, Xlen::Rv64),
    access("ld", 8, false, Xlen::Rv64),
];

const STORES: [Access; 3] =
    [access("sh", 2, false, Xlen::Rv32), access("sw", 4, false, Xlen::Rv32), access("sd", 8, false, Xlen::Rv64)];

pub(super) fn cases(target: Target) -> Vec<Case> {
    let Some(xlen) = target.xlen() else { return Vec::new() };
    let has = |access: &&Access| access.xlen == Xlen::Rv32 || xlen == Xlen::Rv64;
    let loads =
        LOADS.iter().filter(has).flat_map(|access| offsets(access).map(move |offset| load(access, offset, xlen)));
    let stores = STORES.iter().filter(has).flat_map(|access| offsets(access).map(move |offset| store(access, offset)));
    loads.chain(stores).collect()
}

fn offsets(access: &Access) -> std::ops::Range<usize> {
    1..access.bytes
}

fn case(access: &Access, offset: usize, text: String, expected: RegisterFile) -> Case {
    let Access { mnemonic, bytes, .. } = access;
    let program = Program::Sequence(Sequence {
        text,
        memory: vec![MemoryInit { addr: Word(BASE), hex: HexBytes(MEMORY.to_vec()) }],
        ..Sequence::default()
    });
    let about = format!("{mnemonic} at an address that is {offset} behind a multiple of {bytes}");
    Case::new(Group::Misaligned, &format!("{mnemonic}-{offset}"), &about, program, Expect::Registers(expected))
}

fn load(access: &Access, offset: usize, xlen: Xlen) -> Case {
    let text = format!("lui a0, {:#x}\n{} a1, {offset}(a0)", BASE >> 12, access.mnemonic);
    let mut value = [0; 8];
    value[..access.bytes].copy_from_slice(&MEMORY[offset..offset + access.bytes]);
    let unused = 64 - 8 * access.bytes as u32;
    let value = u64::from_le_bytes(value) << unused;
    let value = if access.signed { (value as i64 >> unused) as u64 } else { value >> unused };
    case(access, offset, text, RegisterFile::from([(register(11), Word(xlen.truncate(value)))]))
}

/// What was stored is seen in whole words.
fn store(access: &Access, offset: usize) -> Case {
    let mut after = MEMORY;
    after[offset..offset + access.bytes].copy_from_slice(&STORED.to_le_bytes()[..access.bytes]);
    // Sixteen bits at a time, so that no value depends on the width of registers.
    let mut text = format!("lui a0, {:#x}\n", BASE >> 12);
    let value = if access.bytes == 8 { STORED } else { STORED & 0x7fff_ffff };
    after[offset..offset + access.bytes].copy_from_slice(&value.to_le_bytes()[..access.bytes]);
    // Writing into a string does not fail.
    let _ = writeln!(text, "li a1, {value:#x}\n{} a1, {offset}(a0)", access.mnemonic);
    let mut expected = RegisterFile::new();
    for (index, half) in after.chunks_exact(2).enumerate() {
        // t3 to t6 and s8 to s11.
        let number = if index < 4 { 28 + index as u8 } else { 20 + index as u8 };
        let _ = writeln!(text, "lhu x{number}, {}(a0)", 2 * index);
        expected.insert(register(number), Word(u64::from(u16::from_le_bytes([half[0], half[1]]))));
    }
    case(access, offset, text, expected)
}

fn register(index: u8) -> Register {
    Register::new(index).expect("there are 32 registers")
}
