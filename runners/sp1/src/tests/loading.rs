//! What is a guest.

use assay_guest::{Elf, ElfSegment, SegmentFlags};
use assay_isa::Xlen;
use assay_runner_kit::Runner as _;
use assay_spec::protocol::ErrorKind;

use super::{BASE, Bench, elf_of, elf_of_words, halt};
use crate::runner::Sp1;

#[test]
fn the_description_names_the_locked_version() {
    let description = Sp1::default().describe();
    assert_eq!(description.name, "sp1");
    assert!(description.sdk_version.starts_with("6."), "{}", description.sdk_version);
    assert_eq!(
        description.proof_kinds.iter().map(|kind| kind.security.secure).collect::<Vec<_>>(),
        [true, true, false]
    );
}

#[test]
fn what_is_no_guest_is_refused_by_name() {
    let mut bench = Bench::default();
    let good = elf_of(&halt(0));
    let code =
        |address, size| ElfSegment { address, bytes: vec![0x13, 0, 0, 0], memory_size: size, flags: SegmentFlags::RX };
    let elf = |xlen, segment: ElfSegment| Elf::new(xlen, segment.address, vec![segment]).write().unwrap();
    let mut writable = good.clone();
    writable[64 + 4] = 7;
    for (elf, said) in [
        (Vec::new(), "ELF"),
        (good[..60].to_vec(), "ELF"),
        (good[..100].to_vec(), "cut off"),
        (good[..good.len() - 1].to_vec(), "SP1 does not take"),
        (elf(Xlen::Rv32, code(BASE, 4)), "rv64im"),
        (elf(Xlen::Rv64, code(0x1000, 4)), "STACK_TOP"),
        (elf(Xlen::Rv64, code(BASE, 65 << 20)), "limit"),
        (elf(Xlen::Rv64, code((1 << 40) - 4, 4)), "2^40"),
        (writable, "writable and executable"),
        (elf_of_words(&[0x13, 0]), "decode"),
    ] {
        let error = bench.load(&elf).err().unwrap();
        assert_eq!(error.kind, ErrorKind::UnsupportedGuest, "{said}");
        assert!(error.message.contains(said), "{said}: {}", error.message);
    }
}
