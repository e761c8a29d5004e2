//! What is a guest, and what identifies it.

use assay_guest::{Elf, ElfSegment, Harness, SegmentFlags};
use assay_isa::{Isa, Xlen};
use assay_runner_kit::Runner as _;
use assay_spec::{Platform, protocol::ErrorKind};
use risc0_binfmt::ProgramBinary;
use risc0_zkos_v1compat::V1COMPAT_ELF;

use super::{BASE, Bench, committing, elf_of, segment};
use crate::runner::Risc0;

#[test]
fn the_description_names_the_locked_version() {
    let description = Risc0::default().describe();
    assert_eq!(description.name, "risc0");
    assert!(description.sdk_version.starts_with("3."), "{}", description.sdk_version);
    assert_eq!(description.proof_kinds.iter().map(|kind| kind.security.secure).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn image_ids_are_those_of_the_sdk() {
    let mut bench = Bench::default();
    let unaligned = vec![
        segment(BASE + 1020, vec![0x13, 0, 0, 0, 0x73, 0, 0, 0, 1], SegmentFlags::RX),
        ElfSegment { memory_size: 5000, ..segment(0x4_0000, vec![1, 2, 3], SegmentFlags::RW) },
        segment(0xbfff_fffc, vec![9; 4], SegmentFlags::RW),
        segment(0x1_0000, vec![7; 8], SegmentFlags::RW),
    ];
    let harness = Harness::new(Platform::Risc0, Isa::RV32IM, vec![0x13]).build("test").unwrap().elf;
    for (at, elf) in [
        elf_of("ecall", &[]),
        committing(b"abc", 1),
        harness,
        Elf::new(Xlen::Rv32, BASE + 1020, unaligned).write().unwrap(),
    ]
    .into_iter()
    .enumerate()
    {
        let theirs = ProgramBinary::new(&elf, V1COMPAT_ELF).compute_image_id().unwrap();
        let guest = bench.load(&elf).unwrap();
        assert_eq!(guest.image_id, theirs, "{at}");
        assert_eq!(
            bench.runner.identify(&guest, "composite", &assay_runner_kit::Context::detached()).unwrap(),
            theirs.to_string()
        );
    }
}

#[test]
fn what_is_no_guest_is_refused_by_name() {
    let mut bench = Bench::default();
    let good = elf_of("ecall", &[1]);
    let mut other_machine = good.clone();
    other_machine[18] = 62;
    let wide = Elf::new(Xlen::Rv64, BASE, vec![segment(BASE, vec![0x13, 0, 0, 0], SegmentFlags::RX)]).write().unwrap();
    let high = Elf::new(
        Xlen::Rv32,
        BASE,
        vec![segment(BASE, vec![0x13, 0, 0, 0], SegmentFlags::RX), segment(0xc000_0000, vec![1; 4], SegmentFlags::RW)],
    );
    let large = ElfSegment { memory_size: 65 << 20, ..segment(BASE, vec![0x13, 0, 0, 0], SegmentFlags::RX) };
    for (elf, said) in [
        (Vec::new(), "ELF"),
        (good[..60].to_vec(), "truncated"),
        (good[..good.len() - 1].to_vec(), "truncated"),
        (other_machine, "RISC-V"),
        (wide, "64-bit"),
        (high.write().unwrap(), "exceeds maximum address"),
        (Elf::new(Xlen::Rv32, BASE, vec![large]).write().unwrap(), "limit"),
    ] {
        let error = bench.load(&elf).err().unwrap();
        assert_eq!(error.kind, ErrorKind::UnsupportedGuest, "{said}");
        assert!(error.message.contains(said), "{said}: {}", error.message);
    }
}
