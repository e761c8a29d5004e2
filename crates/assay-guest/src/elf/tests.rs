//! Each fault by its name, and what must hold of every executable.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// `addi a0, zero, 1` and a bit of data: two segments, of which the second is partly zero.
fn sample(class: Xlen) -> Elf {
    Elf::new(
        class,
        0x20_0800,
        vec![
            ElfSegment { address: 0x30_0000, bytes: vec![1, 2, 3, 4, 5], memory_size: 9, flags: SegmentFlags::RW },
            ElfSegment {
                address: 0x20_0800,
                bytes: vec![0x13, 0x05, 0x10, 0x00, 0x73, 0, 0, 0],
                memory_size: 8,
                flags: SegmentFlags::RX,
            },
        ],
    )
}

/// The file of `sample` with `bytes` at `offset`.
fn patched(class: Xlen, patches: &[(usize, &[u8])]) -> Vec<u8> {
    let mut file = sample(class).write().unwrap();
    for (offset, bytes) in patches {
        file[*offset..offset + bytes.len()].copy_from_slice(bytes);
    }
    file
}

/// Offsets in an ELF32 file of [`sample`]: the header, then two program headers of 32 bytes.
mod at {
    pub(super) const TYPE: usize = 16;
    pub(super) const MACHINE: usize = 18;
    pub(super) const ENTRY: usize = 24;
    pub(super) const PHOFF: usize = 28;
    pub(super) const PHENTSIZE: usize = 42;
    pub(super) const PHNUM: usize = 44;
    pub(super) const CODE: usize = 52;
    pub(super) const DATA: usize = 84;
    pub(super) const P_OFFSET: usize = 4;
    pub(super) const P_VADDR: usize = 8;
    pub(super) const P_FILESZ: usize = 16;
    pub(super) const P_MEMSZ: usize = 20;
    pub(super) const P_FLAGS: usize = 24;
}

#[test]
fn each_fault_is_an_error_of_its_own_that_names_the_facts() {
    let rv32 = |patches: &[(usize, &[u8])]| patched(Xlen::Rv32, patches);
    let word = u32::to_le_bytes;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty file", Vec::new()),
        ("not an ELF", b"#!/bin/sh".to_vec()),
        ("magic alone", b"\x7fELF".to_vec()),
        ("truncated header", rv32(&[])[..40].to_vec()),
        ("truncated 64-bit header", patched(Xlen::Rv64, &[])[..52].to_vec()),
        ("truncated table", rv32(&[])[..100].to_vec()),
        ("truncated segment", {
            let file = rv32(&[]);
            file[..file.len() - 1].to_vec()
        }),
        ("unknown class", rv32(&[(4, &[3])])),
        ("big-endian", rv32(&[(5, &[2])])),
        ("unknown encoding", rv32(&[(5, &[0])])),
        ("unknown ident version", rv32(&[(6, &[0])])),
        ("unknown version", rv32(&[(20, &[2])])),
        ("x86-64", rv32(&[(at::MACHINE, &[62, 0])])),
        ("shared object", rv32(&[(at::TYPE, &[3, 0])])),
        ("relocatable object", rv32(&[(at::TYPE, &[1, 0])])),
        ("PT_INTERP", rv32(&[(at::DATA, &word(3))])),
        ("PT_DYNAMIC", rv32(&[(at::DATA, &word(2))])),
        ("program header size", rv32(&[(at::PHENTSIZE, &[56, 0])])),
        ("no program headers", rv32(&[(at::PHNUM, &[0, 0])])),
        ("only notes", rv32(&[(at::CODE, &word(4)), (at::DATA, &word(4))])),
        ("257 program headers", rv32(&[(at::PHNUM, &[1, 1])])),
        ("PN_XNUM", rv32(&[(at::PHNUM, &[0xff, 0xff])])),
        ("table out of file", rv32(&[(at::PHOFF, &word(u32::MAX - 3))])),
        ("segment out of file", rv32(&[(at::CODE + at::P_OFFSET, &word(u32::MAX - 3))])),
        ("file size above memory size", rv32(&[(at::CODE + at::P_MEMSZ, &word(7))])),
        (
            "shared bytes",
            rv32(&[
                (at::CODE + at::P_OFFSET, &word(0)),
                (at::CODE + at::P_FILESZ, &word(0x1000)),
                (at::CODE + at::P_MEMSZ, &word(0x1000)),
                (at::DATA + at::P_OFFSET, &word(0)),
                (at::DATA + at::P_FILESZ, &word(0x1000)),
                (at::DATA + at::P_MEMSZ, &word(0x1000)),
            ]),
        ),
        ("address wraps", rv32(&[(at::DATA + at::P_VADDR, &word(0xffff_fff8))])),
        ("64-bit address wraps", patched(Xlen::Rv64, &[(64 + 56 + 16, &0xffff_ffff_ffff_fff8_u64.to_le_bytes())])),
        ("huge memory", rv32(&[(at::DATA + at::P_MEMSZ, &word(0x4000_0000))])),
        ("overlap", rv32(&[(at::DATA + at::P_VADDR, &word(0x20_0807))])),
        ("same place", rv32(&[(at::DATA + at::P_VADDR, &word(0x20_0800))])),
        ("no entry", rv32(&[(at::ENTRY, &word(0))])),
        ("misaligned entry", rv32(&[(at::ENTRY, &word(0x20_0802))])),
        ("entry in data", rv32(&[(at::ENTRY, &word(0x30_0004))])),
        ("entry nowhere", rv32(&[(at::ENTRY, &word(0x20_0808))])),
        ("code not executable", rv32(&[(at::CODE + at::P_FLAGS, &word(4))])),
    ];
    let mut text = String::new();
    for (name, bytes) in cases {
        let error = Elf::read(&bytes).expect_err(name);
        writeln!(text, "{name}\n    {error}").unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_file_above_the_limit_is_refused_unread() {
    let bytes = vec![0; ELF_BYTES_MAX as usize + 1];
    assert_eq!(Elf::read(&bytes), Err(ElfError::TooLarge { bytes: ELF_BYTES_MAX + 1 }));
}

#[test]
fn what_an_isa_lacks_is_refused_by_the_name_of_the_flag() {
    let mut text = String::new();
    for (flags, isa) in [
        (0, Isa::RV32IM),
        (0x1, Isa::RV64IM),
        (0x2, Isa::RV64IM),
        (0x5, Isa::RV64IMA),
        (0x4, Isa::RV64IM),
        (0x6, Isa::RV64IM),
        (0x8, Isa::RV64IM),
        (0x10, Isa::RV64IM),
        (0x20, Isa::RV64IM),
        (0x8000_0000, Isa::RV64IM),
    ] {
        let elf = Elf { flags, ..sample(Xlen::Rv64) };
        // Flags do not hinder reading: which of them are a fault is the ISA's business.
        assert_eq!(Elf::read(&elf.write().unwrap()).unwrap(), elf);
        let error = elf.check_isa(isa).expect_err("flags");
        writeln!(text, "{flags:#x} for {isa}\n    {error}").unwrap();
    }
    insta::assert_snapshot!(text);
    assert_eq!(sample(Xlen::Rv64).check_isa(Isa::RV64IM), Ok(()));
    assert_eq!(sample(Xlen::Rv32).check_isa(Isa::RV32IM_OPENVM), Ok(()));
}

#[test]
fn segments_are_sorted_and_those_without_memory_are_skipped() {
    let file = patched(
        Xlen::Rv32,
        &[
            (at::DATA + at::P_FILESZ, &[0; 4]),
            (at::DATA + at::P_MEMSZ, &[0; 4]),
            (at::DATA + at::P_VADDR, &0x20_0804_u32.to_le_bytes()),
        ],
    );
    let read = Elf::read(&file).unwrap();
    assert_eq!(read.segments, sample(Xlen::Rv32).segments[..1]);
}

#[test]
fn a_segment_may_reach_the_top_of_the_address_space() {
    for (class, address) in [(Xlen::Rv32, 0xffff_fff7), (Xlen::Rv64, u64::MAX - 8)] {
        let mut elf = sample(class);
        elf.segments[1].address = address;
        let read = Elf::read(&elf.write().unwrap()).unwrap();
        assert_eq!(read, elf);
        assert_eq!(read.read_word(address + 1), Some(0x0504_0302));
        assert_eq!(read.read_word(address + 6), None);
        elf.segments[1].address += 1;
        assert!(matches!(elf.write(), Err(ElfError::AddressWraps { .. })));
    }
}

#[test]
fn an_elf_reads_from_any_position_of_a_buffer() {
    for class in [Xlen::Rv32, Xlen::Rv64] {
        let file = sample(class).write().unwrap();
        let mut shifted = vec![0];
        shifted.extend(&file);
        assert_eq!(Elf::read(&shifted[1..]).unwrap(), sample(class));
    }
}

#[test]
fn segments_lie_congruent_to_their_addresses() {
    let file = sample(Xlen::Rv32).write().unwrap();
    for header in [at::CODE, at::DATA] {
        let field = |offset: usize| u32::from_le_bytes(file[header + offset..][..4].try_into().unwrap());
        assert_eq!(field(at::P_OFFSET) % 4096, field(at::P_VADDR) % 4096);
        assert_eq!(field(28), 4096);
    }
    assert_eq!(file[at::TYPE..at::TYPE + 4], [2, 0, 243, 0]);
    assert_eq!(file[36..40], [0; 4], "e_flags");
}

#[test]
fn words_are_read_where_segments_are_and_zero_beyond_the_file() {
    let mut elf = sample(Xlen::Rv32);
    let words: Vec<_> = elf.executable_words().collect();
    assert_eq!(words, [(0x20_0800, 0x0010_0513), (0x20_0804, 0x73)]);
    assert_eq!(elf.read_word(0x20_0802), Some(0x0073_0010));
    assert_eq!(elf.read_word(0x30_0004), Some(5));
    assert_eq!(elf.read_word(0x30_0005), Some(0));
    assert_eq!(elf.read_word(0x30_0006), None);
    assert_eq!(elf.read_word(u64::MAX), None);
    elf.segments[0].address += 2;
    let words: Vec<_> = elf.executable_words().collect();
    assert_eq!(words, [(0x20_0804, 0x0073_0010)]);
}

#[test]
fn a_writable_and_executable_segment_is_a_warning() {
    let mut elf = sample(Xlen::Rv32);
    assert_eq!(elf.warnings(), []);
    elf.segments[0].flags.write = true;
    let read = Elf::read(&elf.write().unwrap()).unwrap();
    assert_eq!(read.warnings(), [ElfWarning::WritableAndExecutable { address: 0x20_0800 }]);
}

#[test]
fn every_truncation_is_an_error() {
    for class in [Xlen::Rv32, Xlen::Rv64] {
        let file = sample(class).write().unwrap();
        for length in 0..file.len() {
            assert!(Elf::read(&file[..length]).is_err(), "{length}");
        }
    }
}

fn class() -> impl Strategy<Value = Xlen> {
    prop_oneof![Just(Xlen::Rv32), Just(Xlen::Rv64)]
}

prop_compose! {
    /// Segments one after the other with gaps, of which the first is code with the entry in it.
    fn valid_elf()(
        class in class(),
        flags in any::<u32>(),
        base in 1u64..0x1_0000,
        parts in prop::collection::vec((0u64..0x3000, prop::collection::vec(any::<u8>(), 0..40), 0u64..50, 0u8..8), 1..6),
    ) -> Elf {
        let mut address = base * 4;
        let mut segments = Vec::new();
        for (gap, bytes, zeros, bits) in parts {
            let first = segments.is_empty();
            let memory_size = (bytes.len() as u64 + zeros).max(1);
            segments.push(ElfSegment {
                address,
                memory_size,
                bytes,
                flags: SegmentFlags { read: bits & 1 != 0, write: bits & 2 != 0, execute: first || bits & 4 != 0 },
            });
            address += memory_size + gap;
        }
        Elf { flags, ..Elf::new(class, base * 4, segments) }
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same_and_is_the_same_each_time(elf in valid_elf()) {
        let file = elf.write().unwrap();
        prop_assert_eq!(&Elf::read(&file).unwrap(), &elf);
        prop_assert_eq!(elf.write().unwrap(), file);
    }

    #[test]
    fn the_order_of_segments_does_not_matter(elf in valid_elf()) {
        let mut reversed = elf.clone();
        reversed.segments.reverse();
        prop_assert_eq!(reversed.write().unwrap(), elf.write().unwrap());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Elf::read(&bytes).is_err());
    }

    #[test]
    fn arbitrary_headers_never_panic(class in class(), rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut file = sample(class).write().unwrap();
        file.truncate(24);
        file.extend(rest);
        drop(Elf::read(&file));
    }

    #[test]
    fn flipped_bytes_never_panic_and_what_still_reads_is_valid(
        class in class(),
        flips in prop::collection::vec((0usize..200, any::<u8>()), 1..8),
    ) {
        let mut file = sample(class).write().unwrap();
        for (offset, byte) in flips {
            file[offset] = byte;
        }
        if let Ok(elf) = Elf::read(&file) {
            prop_assert_eq!(elf.validate(), Ok(()));
            for (address, word) in elf.executable_words() {
                prop_assert_eq!(elf.read_word(address), Some(word));
            }
        }
    }
}
