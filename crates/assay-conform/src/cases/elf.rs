//! How executables are loaded: what a static ELF may have, and files that are none.
//!
//! Each is made from the harness of a short sequence, whose file is changed. A file that Assay's own reader refuses still
//! goes to a zkVM's loader, for it is the loader that is asked.

use assay_guest::{Elf, ElfSegment, Guest, Harness, PlatformFacts, SegmentFlags};
use assay_isa::{Isa, Xlen};
use assay_spec::{Platform, Register, RegisterFile, TrapKind, Word};

use crate::{
    case::{Case, Expect, Group, Program, Target},
    program::words,
};

/// Where data goes: inside of the segments that each platform takes.
const DATA: u64 = 0x40_0000;
const SP1_DATA: u64 = 0x7a10_0000;

/// Places in the header of a file (ELF specification 1.2, figures 1-3 and 2-1, and those of 64 bits).
struct Places {
    class: usize,
    machine: usize,
    entry: usize,
    first_address: usize,
    address_bytes: usize,
}

const fn places(xlen: Xlen) -> Places {
    match xlen {
        Xlen::Rv32 => Places { class: 4, machine: 18, entry: 24, first_address: 52 + 8, address_bytes: 4 },
        Xlen::Rv64 => Places { class: 4, machine: 18, entry: 24, first_address: 64 + 16, address_bytes: 8 },
    }
}

pub(super) fn cases(target: Target) -> Vec<Case> {
    let Some(isa) = target.isa else { return Vec::new() };
    let mut cases = loaded(target.platform, isa);
    cases.extend(refused(target.platform, isa));
    cases
}

fn harness(platform: Platform, isa: Isa, text: &str) -> Guest {
    let body = words(text, isa).expect("the sequences of this file assemble");
    Harness::new(platform, isa, body).build("conform").expect("the sequences of this file make guests")
}

fn data_address(platform: Platform) -> u64 {
    if PlatformFacts::of(platform).segments.contains(&DATA) { DATA } else { SP1_DATA }
}

fn case(name: &str, about: &str, guest: &Guest, elf: Vec<u8>, expect: Expect) -> Case {
    let program = Program::Executable { elf, layout: guest.harness.clone() };
    Case::new(Group::Elf, name, about, program, expect)
}

/// The file of `guest` with changes that keep it sound.
fn changed(guest: &Guest, change: impl FnOnce(&mut Elf)) -> Vec<u8> {
    let mut elf = guest.parsed().expect("it has a hart").clone();
    change(&mut elf);
    let sorted = Elf::new(elf.class, elf.entry, elf.segments);
    sorted.write().expect("the changes keep it sound")
}

fn segment(address: u64, bytes: &[u8], memory_size: u64, flags: SegmentFlags) -> ElfSegment {
    ElfSegment { address, bytes: bytes.to_vec(), memory_size, flags }
}

fn registers(values: &[(u8, u64)]) -> RegisterFile {
    let register = |index| Register::new(index).expect("there are 32 registers");
    values.iter().map(|&(index, value)| (register(index), Word(value))).collect()
}

/// Files that every loader takes.
fn loaded(platform: Platform, isa: Isa) -> Vec<Case> {
    let at = data_address(platform);
    let read = harness(platform, isa, &format!("lui a0, {:#x}\nlw a1, 0(a0)\nlw a2, 32(a0)", at >> 12));
    let write = harness(platform, isa, &format!("lui a0, {:#x}\nli a1, 7\nsw a1, 0(a0)\nlw a2, 0(a0)", at >> 12));
    let skip = harness(platform, isa, "li a1, 1\nli a2, 2");
    let entry = skip.harness.as_ref().map_or(0, |layout| layout.body_start) + 4;
    let data = |bytes: &[u8], size, flags| segment(at, bytes, size, flags);
    let with = |guest: &Guest, added: ElfSegment| changed(guest, |elf| elf.segments.push(added));
    let many = harness(
        platform,
        isa,
        &format!(
            "lui a0, {:#x}\nlw a1, 0(a0)\nlw a2, 256(a0)\nlw a3, 1792(a0)\nadd a1, a1, a2\nadd a1, a1, a3",
            at >> 12
        ),
    );
    let sixteen = changed(&many, |elf| {
        elf.segments.extend(
            (0..16_u8).map(|index| segment(at + 128 * u64::from(index), &[index + 1, 0, 0, 0], 4, SegmentFlags::RW)),
        );
    });
    let stored = Expect::Registers(registers(&[(12, 7)]));
    let read_only = Expect::Trap(vec![TrapKind::StoreFault]);
    vec![
        case(
            "data",
            "Bytes of a writable segment are there, and zeros behind them up to its size in memory",
            &read,
            with(&read, data(&[0x78, 0x56, 0x34, 0x12], 64, SegmentFlags::RW)),
            Expect::Registers(registers(&[(11, 0x1234_5678), (12, 0)])),
        ),
        case(
            "constants",
            "Bytes of a segment that is only readable are there",
            &read,
            with(&read, data(&[0x78, 0x56, 0x34, 0x12], 64, SegmentFlags::R)),
            Expect::Registers(registers(&[(11, 0x1234_5678), (12, 0)])),
        ),
        case(
            "zeros",
            "A segment without bytes is zeros",
            &read,
            with(&read, data(&[], 64, SegmentFlags::RW)),
            Expect::Registers(registers(&[(11, 0), (12, 0)])),
        ),
        case(
            "sixteen-segments",
            "Sixteen segments, each of a word",
            &many,
            sixteen,
            Expect::Registers(registers(&[(11, 1 + 3 + 15)])),
        ),
        case(
            "entry-in-the-midst",
            "The entry point is not the first instruction of the code",
            &skip,
            changed(&skip, |elf| elf.entry = entry),
            Expect::Registers(registers(&[(11, 0), (12, 2)])),
        ),
        case(
            "store-into-constants",
            "A store into a segment that is only readable traps, or is a store where memory is flat",
            &write,
            with(&write, data(&[1, 2, 3, 4], 64, SegmentFlags::R)),
            match platform {
                Platform::Standard => read_only,
                _ => Expect::OneOf(vec![read_only, stored]),
            },
        ),
    ]
}

/// Files that no loader takes, or whose guest comes to nothing.
fn refused(platform: Platform, isa: Isa) -> Vec<Case> {
    let guest = harness(platform, isa, "nop");
    let Places { class, machine, entry, first_address, address_bytes } = places(isa.xlen);
    let text = PlatformFacts::of(platform).text_base;
    let put = |place: usize, value: u64| {
        let mut elf = guest.elf.clone();
        elf[place..place + address_bytes].copy_from_slice(&value.to_le_bytes()[..address_bytes]);
        elf
    };
    let byte = |place: usize, value: u8| {
        let mut elf = guest.elf.clone();
        elf[place] = value;
        elf
    };
    let beyond = isa.xlen.truncate(super::UNMAPPED);
    let files = [
        ("empty", "A file of no bytes", Vec::new()),
        ("text", "A file of text", b"#!/bin/sh\nexit 0\n".to_vec()),
        ("cut", "Half of an executable", guest.elf[..guest.elf.len() / 2].to_vec()),
        ("other-machine", "An executable of x86-64", byte(machine, 62)),
        ("other-class", "A header that claims the other width", byte(class, 3 - guest.elf[class])),
        ("entry-misaligned", "An entry point that is no multiple of four", put(entry, text + 2)),
        ("entry-outside", "An entry point that is in no segment", put(entry, beyond)),
        ("segment-beyond-memory", "A segment where no memory is", put(first_address, beyond)),
    ];
    let expect = Expect::OneOf(vec![Expect::Refused, Expect::Trap(Vec::new())]);
    files.into_iter().map(|(name, about, elf)| case(name, about, &guest, elf, expect.clone())).collect()
}
