//! Records of a run, and that they are those of the reference machine.

use std::{convert::Infallible, ops::ControlFlow};

use assay_guest::Harness;
use assay_isa::Isa;
use assay_machine::{Config, End, Image, Permissions, Recorder, Segment};
use assay_oracle::first_divergence;
use assay_runner_kit::{Context, Records, Run, Runner as _};
use assay_spec::{
    MemoryInit, MicroOp, Platform, Register, Status, Word,
    protocol::RecordSelection,
    trace::{AccessKind, InstructionRecord},
};

use super::{Bench, HALT, MAX_STEPS, elf_of, named, software};
use crate::runner::TRACE_INSTRUCTIONS_MAX;

/// What the reference machine records, and how it ends.
pub(super) fn reference(elf: &[u8]) -> (Vec<InstructionRecord>, assay_machine::Run) {
    let parsed = assay_guest::Elf::read(elf).unwrap();
    let segments = parsed.segments.iter().map(|segment| Segment {
        address: segment.address,
        bytes: segment.bytes.clone(),
        size: segment.memory_size,
        permissions: Permissions {
            read: segment.flags.read,
            write: segment.flags.write,
            execute: segment.flags.execute,
        },
    });
    let image = Image { entry: parsed.entry, segments: segments.collect() };
    let config = Config { max_steps: MAX_STEPS, ..Config::new(Isa::RV32IM, Platform::Risc0) };
    let mut records = Vec::new();
    let mut sink = |record| {
        if let MicroOp::Instruction(record) = record {
            records.push(record);
        }
        ControlFlow::Continue(())
    };
    let mut recorder = Recorder::new(&mut sink, assay_machine::Records::Instructions);
    let run = assay_machine::run(&image, b"abcdef", &config, &mut recorder).unwrap();
    (records, run)
}

#[track_caller]
pub(super) fn agree(bench: &mut Bench, elf: &[u8], what: &str) {
    let ours = bench.trace_elf(elf, u64::MAX);
    let (theirs, end) = reference(elf);
    let ok = |records: Vec<InstructionRecord>| records.into_iter().map(Ok::<_, Infallible>);
    let divergence = first_divergence(ok(theirs.clone()), ok(ours.records.clone())).unwrap();
    assert!(divergence.is_none(), "{what}: {divergence:#?}");
    assert_eq!(ours.report.instructions, Some(theirs.len() as u64), "{what}");
    for (record, theirs) in ours.records.iter().zip(&theirs) {
        assert_eq!((&record.mnemonic, &record.operands), (&theirs.mnemonic, &theirs.operands), "{what}");
        assert_eq!(record.rd, theirs.rd, "{what}");
        // The kernel's accesses are not shown, the guest's are, with what was there before.
        if record.mnemonic != "ecall" {
            assert_eq!(record.mem, theirs.mem, "{what}: {record:?}");
        }
    }
    assert_eq!(ours.report.output.0, end.output, "{what}");
    let seen = ours.report.registers.unwrap();
    assert!(seen.iter().all(|(register, value)| end.registers[usize::from(register.index())] == value.0), "{what}");
}

#[test]
fn records_show_registers_memory_and_cycles() {
    let mut bench = Bench::default();
    let source = format!(
        "li s0, 0x400000\n lb s1, 1(s0)\n sh s1, 2(s0)\n lw s2, 0(s0)\n lhu x0, 2(s0)\n beq x0, x0, 1f\n nop\n 1: {HALT}"
    );
    let trace = bench.trace_elf(&elf_of(&source, &[1, 0xfe, 3, 4]), u64::MAX);
    assert_eq!((trace.report.status, trace.summary.truncated), (Status::Ok, false));
    assert_eq!(trace.summary.instructions, trace.report.instructions.unwrap());
    let [lui, load, store, word, nowhere, branch] = &trace.records[..6] else { panic!("six records") };
    assert_eq!((lui.mnemonic.as_str(), lui.rd.unwrap().after), ("lui", Word(0x40_0000)));
    let mem = load.mem.unwrap();
    assert_eq!(
        (mem.kind, mem.addr, mem.size, mem.before, mem.after),
        (AccessKind::Read, Word(0x40_0001), 1, Word(0xfe), Word(0xfe))
    );
    assert_eq!(load.rd.unwrap().after, Word(0xffff_fffe));
    let mem = store.mem.unwrap();
    assert_eq!(
        (mem.kind, mem.addr, mem.size, mem.before, mem.after),
        (AccessKind::Write, Word(0x40_0002), 2, Word(0x0403), Word(0xfffe))
    );
    assert_eq!(word.rd.unwrap().after, Word(0xfffe_fe01));
    assert_eq!((nowhere.rd, nowhere.mem.unwrap().after), (None, Word(0xfffe)));
    assert_eq!(branch.next_pc.0, branch.pc.0 + 8);
    let cycles = trace.records.windows(2).all(|pair| pair[0].next_timestamp == pair[1].timestamp);
    assert!(cycles && load.next_timestamp == load.timestamp + 1);
    let halt = trace.records.last().unwrap();
    assert_eq!((halt.mnemonic.as_str(), halt.next_pc), ("ecall", halt.pc));
    assert!(trace.report.cycles.unwrap().total >= halt.next_timestamp);
}

#[test]
fn calls_show_what_they_return_and_stores_what_the_kernel_put_there() {
    let mut bench = Bench::default();
    let read = software(12, "li a0, 0x500000\n li a1, 7\n li a3, 0\n li a4, 7");
    let elf = elf_of(&format!("{read} li s0, 0x500000\n sw x0, 0(s0)\n lw s1, 4(s0)\n{HALT}"), &named("SYS_READ", &[]));
    let trace = bench.trace_elf(&elf, u64::MAX);
    let call = trace.records.iter().find(|record| record.mnemonic == "ecall").unwrap();
    let rd = call.rd.unwrap();
    assert_eq!((rd.reg, rd.before, rd.after), (Register::new(10).unwrap(), Word(0x50_0000), Word(6)));
    let store = trace.records.iter().find(|record| record.mnemonic == "sw").unwrap();
    assert_eq!(store.mem.unwrap().before, Word(0x6463_6261));
    agree(&mut bench, &elf, "a read");
}

#[test]
fn a_trap_ends_the_trace_behind_the_last_instruction_that_retired() {
    let mut bench = Bench::default();
    for (source, retired) in [("nop\n nop\n lw t1, 0(x0)", 2), ("nop\n j 1f\n nop\n 1: .word 0", 2)] {
        let elf = elf_of(source, &[]);
        let trace = bench.trace_elf(&elf, u64::MAX);
        assert_eq!((trace.report.status, trace.records.len()), (Status::Trap, retired), "{source}");
        assert_eq!(trace.report.instructions, Some(retired as u64), "{source}");
    }
}

#[test]
fn a_trace_of_a_long_run_is_cut_and_its_report_is_whole() {
    let mut bench = Bench::default();
    let source = format!("li t1, {}\n 1: addi t1, t1, -1\n bnez t1, 1b\n{HALT}", TRACE_INSTRUCTIONS_MAX / 2);
    let guest = bench.load(&elf_of(&source, &[])).unwrap();
    let mut records = Records::to_stream(std::io::sink(), 10);
    let run = Run { input: &[], max_steps: 1 << 40, cost: false };
    let cx = Context::detached();
    let (report, mut summary) = bench.runner.trace(&guest, &run, RecordSelection::All, &mut records, &cx).unwrap();
    records.finish(&mut summary).unwrap();
    assert_eq!((report.status, summary.instructions, summary.truncated), (Status::Ok, 10, true));
    assert!(report.cycles.unwrap().total > TRACE_INSTRUCTIONS_MAX);
}

#[test]
fn a_full_record_file_is_a_truncated_trace_of_a_whole_run() {
    let mut bench = Bench::default();
    let trace = bench.trace_elf(&elf_of(&format!("nop\n nop\n nop\n{HALT}"), &[]), 2);
    assert_eq!((trace.records.len(), trace.summary.truncated), (2, true));
    assert_eq!((trace.report.status, trace.report.instructions), (Status::Ok, Some(7)));
}

/// SHA-256's initial state, a block, and room.
fn hashing() -> Vec<u8> {
    let state =
        [0x6a09_e667u32, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    let mut data: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
    data.extend(b"abc");
    data.push(0x80);
    data.resize(32 + 63, 0);
    data.push(24);
    data
}

#[test]
fn calls_and_ends_are_those_of_the_reference_machine() {
    let mut bench = Bench::default();
    let sha = "li t0, 3\n li a0, 0x500000\n li a1, 0x400000\n li a2, 0x400020\n li a3, 0x400040\n li a4, 1\n ecall\n li s0, 0x500000\n lw s1, 0(s0)\n lw s2, 28(s0)";
    agree(&mut bench, &elf_of(&format!("{sha}{HALT}"), &hashing()), "sha");
    agree(&mut bench, &elf_of(&format!("li t0, 1\n li a0, 3\n ecall{HALT}"), &[]), "input");
    for (number, name, registers) in [
        (1, "SYS_ARGC", "li a0, 0\n li a1, 0"),
        (6, "SYS_GETENV", "li a0, 0x400000\n li a1, 3\n li a3, 0x400010\n li a4, 5"),
        (8, "SYS_LOG", "li a0, 0\n li a1, 0\n li a3, 0x400000\n li a4, 20"),
        (11, "SYS_RANDOM", "li a0, 0x500000\n li a1, 3"),
        (12, "SYS_READ", "li a0, 0x500002\n li a1, 5\n li a3, 0\n li a4, 9"),
        (12, "SYS_READ", "li a0, 0x500002\n li a1, 2000\n li a3, 0\n li a4, 0"),
        (12, "SYS_READ", "li a0, 0\n li a1, 0\n li a3, 7\n li a4, 0"),
        (16, "SYS_WRITE", "li a0, 0\n li a1, 0\n li a3, 3\n li a4, 0x400001\n li a5, 33"),
        (16, "SYS_WRITE", "li a0, 0\n li a1, 0\n li a3, 2\n li a4, 0\n li a5, 9"),
    ] {
        let look = "li s0, 0x500000\n lw s1, 0(s0)\n lw s2, 4(s0)\n lw s3, 8(s0)\n li s0, 0x400000\n lw s4, 0(s0)\n lw s5, 12(s0)";
        agree(&mut bench, &elf_of(&format!("{}{look}{HALT}", software(number, registers)), &named(name, &[])), name);
    }
    for (source, data) in super::traps::sources() {
        let elf = elf_of(&source, &data);
        agree(&mut bench, &elf, &source);
        let ours = bench.run_elf(&elf, &Run { input: b"abcdef", max_steps: MAX_STEPS, cost: false });
        match reference(&elf).1.end {
            End::Trap { trap, .. } => {
                let ours = ours.trap.unwrap();
                assert_eq!((ours.kind, ours.pc), (trap.kind, trap.pc), "{source}");
            }
            // It does not judge.
            End::Unsupported { .. } => assert!(!matches!(ours.status, Status::Ok | Status::Failed), "{source}"),
            end => panic!("{source}: {end:?}"),
        }
    }
}

/// A generator of the test's own: `SplitMix64`.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 32) as u32 % below
    }

    /// A word that goes forward only, and accesses memory around x9 only.
    fn word(&mut self) -> u32 {
        let (rd, rs1, rs2) = (self.next(9), self.next(10), self.next(10));
        match self.next(8) {
            0..3 => {
                let funct3 = self.next(8);
                let funct7 = if self.next(2) == 0 {
                    1
                } else {
                    [0, 0x20][self.next(2) as usize * usize::from(funct3 == 0 || funct3 == 5)]
                };
                funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33
            }
            3 => {
                self.next(1 << 12) << 20 | rs1 << 15 | [0, 2, 3, 4, 6, 7][self.next(6) as usize] << 12 | rd << 7 | 0x13
            }
            4 => self.next(1 << 20) << 12 | rd << 7 | [0x37, 0x17][self.next(2) as usize],
            5 => {
                (self.next(4) * 4 + self.next(2) * 2) << 20
                    | 9 << 15
                    | [0, 1, 4, 5][self.next(4) as usize] << 12
                    | rd << 7
                    | 0x03
            }
            6 => rs2 << 20 | 9 << 15 | self.next(3) << 12 | (self.next(4) * 4) << 7 | 0x23,
            // A branch over one instruction.
            _ => rs2 << 20 | rs1 << 15 | [0, 1, 4, 5, 6, 7][self.next(6) as usize] << 12 | 8 << 7 | 0x63,
        }
    }
}

#[test]
fn traces_of_random_sequences_are_those_of_the_reference_machine() {
    let mut bench = Bench::default();
    let mut draw = Draw(1);
    for round in 0..150 {
        let body = (0..40).map(|_| draw.word()).collect();
        let mut harness = Harness::new(Platform::Risc0, Isa::RV32IM, body);
        for register in 1..9 {
            let value = match draw.next(3) {
                0 => 0x8000_0000,
                1 => u32::MAX,
                _ => draw.next(u32::MAX),
            };
            harness.registers.insert(Register::new(register).unwrap(), Word(value.into()));
        }
        harness.registers.insert(Register::new(9).unwrap(), Word(0x50_0000));
        let bytes = (0..32).map(|_| draw.next(256) as u8).collect::<Vec<_>>();
        harness.memory.push(MemoryInit { addr: Word(0x50_0000), hex: bytes.into() });
        harness.scratch = Register::new(20).unwrap();
        let guest = harness.build("random").unwrap();
        agree(&mut bench, &guest.elf, &format!("round {round}"));
    }
}
