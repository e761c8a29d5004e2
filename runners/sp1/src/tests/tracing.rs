//! Traces: against the reference machine, and against themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    ops::ControlFlow,
};

use assay_guest::{Elf, Harness};
use assay_isa::Isa;
use assay_machine::{Config, Image, Permissions, Recorder, Segment};
use assay_oracle::first_divergence;
use assay_spec::{
    MicroOp, Platform, Register, Status, Word,
    protocol::RecordSelection,
    trace::{AccessKind, InstructionRecord},
};

use super::{BASE, Bench, DATA, MAX_STEPS, committing, elf_of, halt};

fn instructions(records: Vec<MicroOp>) -> Vec<InstructionRecord> {
    records
        .into_iter()
        .filter_map(|record| match record {
            MicroOp::Instruction(record) => Some(record),
            _ => None,
        })
        .collect()
}

/// What the reference machine retires, and how many.
fn reference(elf: &[u8], max_steps: u64) -> Vec<InstructionRecord> {
    let elf = Elf::read(elf).unwrap();
    let segments = elf.segments.iter().map(|segment| Segment {
        address: segment.address,
        bytes: segment.bytes.clone(),
        size: segment.memory_size,
        permissions: Permissions {
            read: segment.flags.read,
            write: segment.flags.write,
            execute: segment.flags.execute,
        },
    });
    let image = Image { entry: elf.entry, segments: segments.collect() };
    let config = Config { max_steps, ..Config::new(Isa::RV64IM, Platform::Sp1) };
    let mut records = Vec::new();
    let mut push = |record: MicroOp| {
        records.push(record);
        ControlFlow::Continue(())
    };
    let mut recorder = Recorder::new(&mut push, assay_machine::Records::Instructions);
    assay_machine::run(&image, b"abcdef", &config, &mut recorder).unwrap();
    instructions(records)
}

/// Every instruction that a word may be, from a small generator: the same ones in each run.
fn body(mut state: u64, length: usize) -> Vec<u32> {
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    (0..length)
        .map(|_| {
            // x5 to x7 and x28 to x31; x8 points to memory.
            let mut register = || [0_u32, 5, 6, 7, 28, 29, 30, 31][(next() % 8) as usize];
            let (rd, rs1, rs2) = (register(), register(), register());
            let registers = |funct7: u32, funct3: u32, opcode: u32| {
                funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode
            };
            let (funct3, kind, offset) = (next() % 8, next() % 10, next() % 16 * 8);
            match kind {
                0 => registers(0, funct3, 0x33),
                1 => registers(0x20, if funct3 < 4 { 0 } else { 5 }, 0x33),
                2 => registers(1, funct3, 0x33),
                3 => registers(1, [0, 4, 5, 6, 7][(funct3 % 5) as usize], 0x3b),
                4 => {
                    let (funct7, funct3) = [(0, 0), (0x20, 0), (0, 1), (0, 5), (0x20, 5)][(funct3 % 5) as usize];
                    registers(funct7, funct3, 0x3b)
                }
                5 => {
                    (next() % 4096) << 20 | rs1 << 15 | [0, 2, 3, 4, 6, 7, 0, 0][funct3 as usize] << 12 | rd << 7 | 0x13
                }
                6 => (next() % 4096) << 20 | rs1 << 15 | rd << 7 | 0x1b,
                7 => offset << 20 | 8 << 15 | (funct3 % 7) << 12 | rd << 7 | 0x03,
                8 => (offset >> 5) << 25 | rs2 << 20 | 8 << 15 | (funct3 % 4) << 12 | (offset & 31) << 7 | 0x23,
                // Over the next instruction, or into the pad behind the body.
                _ => rs2 << 20 | rs1 << 15 | [0, 1, 4, 5, 6, 7, 0, 1][funct3 as usize] << 12 | 8 << 7 | 0x63,
            }
        })
        .collect()
}

#[test]
fn traces_agree_with_the_reference_machine_s() {
    let mut bench = Bench::default();
    let mut mnemonics = BTreeSet::new();
    for seed in 0..25 {
        let mut harness = Harness::new(Platform::Sp1, Isa::RV64IM, body(seed, 60));
        harness.registers.insert(Register::new(8).unwrap(), Word(DATA));
        for (index, value) in [(5, u64::MAX), (6, 1 << 63), (7, 12_345), (28, 0x8000_0000), (29, 3)] {
            harness.registers.insert(Register::new(index).unwrap(), Word(value ^ seed));
        }
        let elf = harness.build("seed").unwrap().elf;
        let trace = bench.trace(&elf, RecordSelection::Instructions, MAX_STEPS, u64::MAX);
        assert_eq!(trace.report.status, Status::Ok, "seed {seed}");
        let (ours, theirs) = (reference(&elf, MAX_STEPS), instructions(trace.records));
        assert_eq!(ours.len() as u64, trace.report.instructions.unwrap());
        mnemonics.extend(theirs.iter().map(|record| record.mnemonic.clone()));
        let parted = first_divergence(ours.into_iter().map(Ok::<_, Infallible>), theirs.into_iter().map(Ok)).unwrap();
        assert!(parted.is_none(), "seed {seed}: {parted:?}");
    }
    let all = "add addi addiw addw and andi beq bge bgeu blt bltu bne div divu divuw divw ecall lb lbu ld lh lhu lui lw lwu mul mulh \
               mulhsu mulhu mulw or ori rem remu remuw remw sb sd sh sll sllw slt slti sltiu sltu sra sraw srl srlw sub subw sw \
               xor xori";
    let missing: Vec<&str> = all.split_whitespace().filter(|name| !mnemonics.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn traces_of_runs_that_do_not_end_agree_up_to_where_they_stop() {
    let mut bench = Bench::default();
    let loads =
        format!("li x8, {DATA:#x}\n li x7, 9\n 1: sd x7, 0(x8)\n lw x6, 0(x8)\n addi x7, x7, -1\n bnez x7, 1b\n");
    for (source, status) in [
        (format!("{loads} lw x6, 2(x8)"), Status::Trap),
        (format!("{loads} li x5, -8\n lw x6, 0(x5)"), Status::Trap),
        (format!("{loads} nop\n nop"), Status::Trap),
        (format!("{loads} ebreak"), Status::Trap),
        ("ebreak".to_owned(), Status::Trap),
        ("1: addi x5, x5, 1\n j 1b".to_owned(), Status::Timeout),
        (format!("{loads} 1: addi x5, x5, 1\n sd x5, 0(x8)\n jal x1, 1b"), Status::Timeout),
    ] {
        let elf = elf_of(&source);
        let trace = bench.trace(&elf, RecordSelection::All, 500, u64::MAX);
        assert_eq!(trace.report.status, status, "{source}: {:?}", trace.report);
        let (ours, theirs) = (reference(&elf, 500), instructions(trace.records));
        assert_eq!(theirs.len() as u64, trace.report.instructions.unwrap(), "{source}");
        let parted = first_divergence(ours.into_iter().map(Ok::<_, Infallible>), theirs.into_iter().map(Ok)).unwrap();
        assert!(parted.is_none(), "{source}: {parted:?}");
    }
}

#[test]
fn rows_are_tied_to_steps_and_local_buses_balance() {
    let mut bench = Bench::default();
    let body = format!(
        "li x8, {DATA:#x}\n li x7, 5\n 1: sd x7, 0(x8)\n lw x6, 0(x8)\n addi x7, x7, -1\n mul x9, x7, x6\n add x0, x9, x9\n bnez x7, 1b"
    );
    let trace = bench.trace(&committing(&body, b"abcd1234", 0), RecordSelection::All, MAX_STEPS, u64::MAX);
    assert_eq!((trace.report.status, trace.summary.truncated), (Status::Ok, false));
    let buses: BTreeMap<&str, Option<u64>> =
        trace.summary.buses.iter().map(|bus| (bus.bus.as_str(), bus.unbalanced)).collect();
    assert!(["state", "memory", "program", "byte"].iter().all(|bus| buses.contains_key(bus)), "{buses:?}");
    assert!(buses.values().all(|&unbalanced| unbalanced.is_none_or(|count| count == 0)), "{buses:?}");
    assert_eq!(buses["memory"], Some(0));

    let mut chips_of_step: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    let mut pcs = BTreeMap::new();
    for (record, seq) in trace.records.iter().zip(0..) {
        assert_eq!(record.seq(), seq);
        match record {
            MicroOp::Instruction(record) => {
                pcs.insert(record.step, record.pc.0);
            }
            MicroOp::ChipRow(row) => {
                assert!(!row.columns.keys().any(|name| name.starts_with("col_")), "{}", row.base.chip);
                if let Some(step) = row.base.step {
                    chips_of_step.entry(step).or_default().push(&row.base.chip);
                    if let Some(low) = row.columns.get("state__pc__0") {
                        assert_eq!(low.0, pcs[&step] & 0xffff, "{}", row.base.chip);
                    }
                }
            }
            MicroOp::Interaction(_) => {}
        }
    }
    let unnamed: Vec<&str> =
        trace.summary.chips.iter().filter(|chip| !chip.columns_named).map(|chip| chip.chip.as_str()).collect();
    assert_eq!(unnamed, ["AluX0", "Global"], "{:?}", trace.summary.chips);
    // Every instruction has a row, but those whose chip has no named columns.
    let rowless = pcs.keys().filter(|step| !chips_of_step.contains_key(step)).count();
    assert_eq!(rowless, 5, "{chips_of_step:?}");
    for chip in &trace.summary.chips {
        assert!(chip.rows_written <= chip.rows && chip.width > 0);
    }
}

#[test]
fn every_chip_s_names_are_as_many_as_its_columns_and_differ() {
    let circuit = assay_sp1_sdk::Circuit::new();
    let mut named = 0;
    for chip in &circuit.chips {
        let Some(columns) = &chip.columns else { continue };
        named += 1;
        assert_eq!(columns.len(), chip.width, "{}", chip.name);
        assert_eq!(columns.iter().collect::<BTreeSet<_>>().len(), chip.width, "{}", chip.name);
    }
    assert!(named >= 30, "{named}");
}

#[test]
fn instruction_records_show_effects() {
    let mut bench = Bench::default();
    let source = format!("li x8, {DATA:#x}\n li x5, 0x1234\n sh x5, 2(x8)\n lbu x6, 3(x8)\n {}", halt(0));
    let trace = bench.trace(&elf_of(&source), RecordSelection::Instructions, MAX_STEPS, u64::MAX);
    assert_eq!((trace.summary.chip_rows, trace.summary.interactions), (0, 0));
    let records = instructions(trace.records);
    assert_eq!(records[0].pc, Word(BASE));
    let store = records.iter().find(|record| record.mnemonic == "sh").unwrap().mem.unwrap();
    assert_eq!((store.kind, store.addr, store.size), (AccessKind::Write, Word(DATA + 2), 2));
    assert_eq!((store.before, store.after), (Word(0), Word(0x1234)));
    let load = records.iter().find(|record| record.mnemonic == "lbu").unwrap();
    assert_eq!((load.mem.unwrap().after, load.rd.unwrap().after), (Word(0x12), Word(0x12)));
}

#[test]
fn a_full_record_file_is_a_truncated_trace_of_a_whole_run() {
    let mut bench = Bench::default();
    let elf = committing("nop", b"x", 0);
    for selection in [RecordSelection::Instructions, RecordSelection::All] {
        let trace = bench.trace(&elf, selection, MAX_STEPS, 10);
        assert_eq!((trace.records.len(), trace.summary.truncated), (10, true));
        assert_eq!(trace.report.status, Status::Ok);
    }
}
