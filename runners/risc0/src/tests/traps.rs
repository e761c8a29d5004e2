//! Where and why guests trap: in a short run, in a long one, and in the kernel.

use TrapKind as Kind;
use assay_runner_kit::Run;
use assay_spec::{Status, TrapKind};

use super::{BASE, Bench, elf_of, named, register, software};
use crate::execute::WATCHED_INSTRUCTIONS;

/// Kind, pc in bytes from [`BASE`], address.
type Trapped = (Kind, u64, Option<u64>);

#[track_caller]
fn trap(bench: &mut Bench, source: &str, data: &[u8]) -> Trapped {
    let report = bench.run(source, data, b"input");
    assert_eq!(report.status, Status::Trap, "{source}: {report:?}");
    assert!(report.message.is_some());
    let trap = report.trap.unwrap();
    (trap.kind, trap.pc.0.wrapping_sub(BASE), trap.address.map(|address| address.0))
}

/// Source, and why and where it traps.
const TRAPS: [(&str, Trapped); 16] = [
    ("li t1, 0x400000\n lw t2, 2(t1)", (Kind::MisalignedAccess, 4, Some(0x40_0002))),
    ("li t1, 0x400000\n lh t1, 1(t1)", (Kind::MisalignedAccess, 4, Some(0x40_0001))),
    ("li t1, 0x400000\n sh t1, 3(t1)", (Kind::MisalignedAccess, 4, Some(0x40_0003))),
    ("lw t1, 0(x0)", (Kind::LoadFault, 0, Some(0))),
    ("lui t1, 0xc0000\n lbu t1, 0(t1)", (Kind::LoadFault, 4, Some(0xc000_0000))),
    ("lui t1, 0xc0000\n nop\n sw t1, -4(x0)", (Kind::StoreFault, 8, Some(0xffff_fffc))),
    ("nop\n .word 0", (Kind::IllegalInstruction, 4, None)),
    (".word 0xffffffff", (Kind::IllegalInstruction, 0, None)),
    ("nop\n fence", (Kind::IllegalInstruction, 4, None)),
    ("beq x0, x0, 1f\n nop\n 1: .word 0x10500073", (Kind::IllegalInstruction, 8, None)),
    ("nop\n .word 0x30200073", (Kind::IllegalInstruction, 4, None)),
    ("nop\n ebreak", (Kind::Breakpoint, 4, None)),
    ("li t1, 0x200802\n jr t1", (Kind::MisalignedFetch, 8, None)),
    ("lui t1, 0x8\n jalr t1, 8(t1)", (Kind::FetchFault, 0x8008u64.wrapping_sub(BASE), None)),
    ("lui t1, 0xc0000\n jr t1", (Kind::FetchFault, 0xc000_0000 - BASE, None)),
    ("nop", (Kind::IllegalInstruction, 4, None)),
];

#[test]
fn traps_have_kind_pc_and_address() {
    let mut bench = Bench::default();
    for (source, expected) in TRAPS {
        assert_eq!(trap(&mut bench, source, &[]), expected, "{source}");
    }
}

/// Source of calls that the kernel cannot serve, and of which instruction is at fault.
const KERNEL_TRAPS: [(&str, Kind, u64); 6] = [
    ("nop\n li t0, 8\n ecall", Kind::UnknownCall, 8),
    ("li t0, 5\n ecall", Kind::UnknownCall, 4),
    ("li t0, 1\n li a0, 8\n ecall", Kind::BadCallArgument, 8),
    ("li a1, 2\n ecall", Kind::BadCallArgument, 4),
    ("li a0, 2\n li a1, 0x500000\n ecall", Kind::BadCallArgument, 8),
    ("li t0, 2\n li t6, 99\n ecall", Kind::UnknownCall, 8),
];

/// Number, name and arguments of calls that the host does not serve, and the trap; none where RISC Zero's own host would.
const UNSERVED: [(u32, &str, &str, Option<Kind>); 11] = [
    (10, "SYS_PIPE", "", None),
    (7, "SYS_KECCAK", "", None),
    (14, "SYS_VERIFY_INTEGRITY", "", None),
    (5, "SYS_FORK", "", Some(Kind::UnknownCall)),
    (4, "SYS_EXIT", "", Some(Kind::UnknownCall)),
    (13, "SYS_MINE", "", Some(Kind::UnknownCall)),
    (2, "SYS_ARGV", "li a3, 1", Some(Kind::BadCallArgument)),
    (12, "SYS_READ", "li a3, 5\n li a4, 4\n li a1, 4\n li a0, 0x500000", Some(Kind::BadCallArgument)),
    (16, "SYS_WRITE", "li a3, 4", Some(Kind::BadCallArgument)),
    (16, "SYS_WRITE", "li a3, 1\n li a4, -4\n li a5, 8", Some(Kind::BadCallArgument)),
    (12, "SYS_WRITE", "li a0, 0x500000\n li a1, 4\n li a3, 1", Some(Kind::UnknownCall)),
];

/// Every guest here that does not halt, with its data.
pub(super) fn sources() -> impl Iterator<Item = (String, Vec<u8>)> {
    let plain = TRAPS.iter().map(|(source, _)| *source).chain(KERNEL_TRAPS.iter().map(|(source, ..)| *source));
    let calls = UNSERVED.iter().map(|(number, name, registers, _)| (software(*number, registers), named(name, &[])));
    plain.map(|source| (source.to_owned(), Vec::new())).chain(calls)
}

#[test]
fn failures_of_the_kernel_are_the_call_s() {
    let mut bench = Bench::default();
    for (source, kind, at) in KERNEL_TRAPS {
        let (found, pc, _) = trap(&mut bench, source, &[]);
        assert_eq!((found, pc), (kind, at), "{source}");
    }
    let read = software(12, "li a0, -8\n li a1, 4\n li a4, 4");
    assert_eq!(trap(&mut bench, &read, &named("SYS_READ", &[])).0, Kind::BadCallArgument);
    // What comes after a call is the guest's again.
    let source = format!("{} .word 0", software(1, "li a0, 0\n li a1, 0"));
    assert_eq!(trap(&mut bench, &source, &named("SYS_ARGC", &[])).0, Kind::IllegalInstruction);
}

#[test]
fn calls_that_are_not_served_are_named() {
    let mut bench = Bench::default();
    for (number, name, registers, kind) in UNSERVED {
        let source = software(number, registers);
        let report = bench.run(&source, &named(name, &[]), &[]);
        assert_eq!(report.trap.as_ref().map(|trap| trap.kind), kind, "{name}: {report:?}");
        assert_eq!(report.status, kind.map_or(Status::Unsupported, |_| Status::Trap), "{name}");
        assert!(report.message.unwrap().contains(name), "{name}");
    }
    for pointer in ["0", "0x700000", "-1", "0xbfffffff"] {
        let source = format!("li t0, 2\n li t6, 16\n li a2, {pointer}\n ecall");
        assert_eq!(trap(&mut bench, &source, &[]).0, Kind::UnknownCall, "{pointer}");
    }
}

#[test]
fn a_trap_late_in_a_run_has_the_state_before_it() {
    let mut bench = Bench::default();
    let turns = WATCHED_INSTRUCTIONS;
    let elf = elf_of(&format!("li t1, {turns}\n 1: addi t1, t1, -1\n bnez t1, 1b\n lw t2, 4(t1)"), &[]);
    let report = bench.run_elf(&elf, &Run { input: &[], max_steps: 1 << 40, cost: false });
    assert_eq!((report.status, report.instructions), (Status::Trap, Some(2 * turns + 1)));
    let trap = report.trap.clone().unwrap();
    assert_eq!((trap.kind, trap.pc.0, trap.address.map(|at| at.0)), (Kind::LoadFault, BASE + 12, Some(4)));
    assert_eq!(register(&report, 6), 0);
}
