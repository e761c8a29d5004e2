//! Guests assembled here, run by OpenVM as a supervisor's request would run them.

use std::collections::{BTreeMap, BTreeSet};

use assay_guest::{Elf, ElfSegment, Harness, SegmentFlags};
use assay_isa::{AssembleOptions, Isa, Xlen, assemble};
use assay_runner_kit::{Context, Prepared, Records, Run, Runner};
use assay_spec::{
    MicroOp, Platform, Register, RunReport, Status, TrapKind, Word,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::{AccessKind, TraceSummary},
};

use crate::runner::{Guest, OpenVm};

mod printing;
mod proofs;

/// Low: an interpreter's tables begin at address 0, and take the longer to make the higher the code lies.
const BASE: u64 = 0x1000;
const MAX_STEPS: u64 = 100_000;

fn elf_of_words(words: &[u32]) -> Vec<u8> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let memory_size = bytes.len() as u64;
    let segment = ElfSegment { address: BASE, bytes, memory_size, flags: SegmentFlags::RX };
    Elf::new(Xlen::Rv32, BASE, vec![segment]).write().unwrap()
}

/// An ELF whose one segment is readable only: `p_flags` of the first program header.
fn elf_of_data() -> Vec<u8> {
    let mut elf = elf_of_words(&[0x13]);
    elf[52 + 24] = 4;
    elf
}

fn elf_of(source: &str) -> Vec<u8> {
    let assembly = assemble(source, &AssembleOptions::new(Isa::RV32IM_OPENVM, BASE)).unwrap();
    let words: Vec<u32> = assembly.bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    elf_of_words(&words)
}

#[derive(Default)]
struct Bench {
    runner: OpenVm,
}

struct Trace {
    report: RunReport,
    summary: TraceSummary,
    records: Vec<MicroOp>,
}

impl Bench {
    fn load(&mut self, elf: &[u8]) -> Result<Guest, RunnerError> {
        let prepared: Prepared<Guest> = self.runner.load(elf, &Context::detached())?;
        Ok(prepared.guest)
    }

    fn run(&mut self, source: &str, input: &[u8], max_steps: u64) -> RunReport {
        let guest = self.load(&elf_of(source)).unwrap();
        self.runner.execute(&guest, &Run { input, max_steps, cost: true }, &Context::detached()).unwrap()
    }

    fn execute(&mut self, source: &str) -> RunReport {
        self.run(source, &[], MAX_STEPS)
    }

    fn trap(&mut self, source: &str) -> (TrapKind, u64, Option<u64>) {
        let report = self.execute(source);
        assert_eq!(report.status, Status::Trap, "{source}: {report:?}");
        assert!(report.message.is_some());
        let trap = report.trap.unwrap();
        (trap.kind, trap.pc.0 - BASE, trap.address.map(|address| address.0))
    }

    fn trace(&mut self, source: &str, selection: RecordSelection, limit: u64) -> Trace {
        let guest = self.load(&elf_of(source)).unwrap();
        let mut bytes = Vec::new();
        let mut records = Records::to_stream(&mut bytes, limit);
        let run = Run { input: b"abcdef", max_steps: MAX_STEPS, cost: false };
        let (report, mut summary) =
            self.runner.trace(&guest, &run, selection, &mut records, &Context::detached()).unwrap();
        records.finish(&mut summary).unwrap();
        let records = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let records = records.map(|line| serde_json::from_slice(line).unwrap()).collect();
        Trace { report, summary, records }
    }
}

/// 63 instructions: Fibonacci with a store a turn, then a load, a reveal, a fence and the end.
const FIBONACCI: &str = "
    li x5, 1
    li x6, 1
    li x7, 9
    li x8, 0x400
1:  add x28, x5, x6
    mv x5, x6
    mv x6, x28
    sw x6, 0(x8)
    addi x7, x7, -1
    bnez x7, 1b
    lw x9, 0(x8)
    li x31, 0
    openvm.reveal x31, x6, 0
    fence
    openvm.terminate 0
";

fn register(report: &RunReport, index: u8) -> u64 {
    report.registers.as_ref().unwrap()[&Register::new(index).unwrap()].0
}

#[test]
fn the_description_names_the_locked_version_and_the_platform_s_sizes() {
    let description = OpenVm::default().describe();
    assert_eq!(description.name, "openvm");
    assert!(description.sdk_version.starts_with("2.0."), "{}", description.sdk_version);
    assert_eq!(description.limits.output_bytes, Some(256));
}

#[test]
fn a_loop_ends_with_its_output_registers_and_cost() {
    let mut bench = Bench::default();
    let report = bench.execute(FIBONACCI);
    assert_eq!((report.status, report.exit_code, report.instructions), (Status::Ok, Some(0), Some(63)));
    assert_eq!(report.output.0.len(), 256);
    assert_eq!(report.output.0[..4], 89u32.to_le_bytes());
    assert_eq!((register(&report, 6), register(&report, 9), register(&report, 0)), (89, 89, 0));
    assert_eq!(report.cycles.unwrap().by_segment, [63]);
    // Rows by chip times its width: 41 ALU at 36, 9 branches at 26, 11 loads and stores at 41, 1 phantom at 6.
    assert_eq!(report.cost.openvm_cells, Some(41 * 36 + 9 * 26 + 11 * 41 + 6));
}

#[test]
fn the_hundredth_run_answers_as_the_first() {
    let mut bench = Bench::default();
    let timeless = |report: RunReport| RunReport { execute_ms: None, ..report };
    let first = timeless(bench.execute(FIBONACCI));
    for turn in 0..100 {
        match turn % 3 {
            0 => drop(bench.execute("li x6, 7\n sw x6, 0x400(x0)\n openvm.terminate 9")),
            1 => drop(bench.execute("lw x6, -4(x0)")),
            _ => {}
        }
    }
    assert_eq!(timeless(bench.execute(FIBONACCI)), first);
}

#[test]
fn exit_codes_come_with_the_final_state() {
    let mut bench = Bench::default();
    for code in [1, 3, 255] {
        let report =
            bench.execute(&format!("li x5, 9\n li x31, 4\n openvm.reveal x31, x5, 0\n openvm.terminate {code}"));
        assert_eq!((report.status, report.exit_code), (Status::Failed, Some(code)));
        assert_eq!((register(&report, 5), report.output.0[4], report.instructions), (9, 9, Some(4)));
    }
    let report = bench.execute("ecall");
    assert_eq!((report.status, report.exit_code), (Status::Failed, Some(2)));
    assert!(report.message.unwrap().contains("ecall"));
}

#[test]
fn the_step_limit_is_exact_and_terminate_counts() {
    let mut bench = Bench::default();
    let report = bench.run("1: addi x5, x5, 1\n j 1b", &[], 100_001);
    assert_eq!((report.status, report.instructions), (Status::Timeout, Some(100_001)));
    assert_eq!(register(&report, 5), 50_001);
    for code in [0, 3] {
        let source = format!("nop\n openvm.terminate {code}");
        assert_eq!(bench.run(&source, &[], 2).exit_code, Some(code));
        let short = bench.run(&source, &[], 1);
        assert_eq!((short.status, short.instructions), (Status::Timeout, Some(1)));
        assert_eq!(bench.run(&source, &[], 0).status, Status::Timeout);
    }
}

#[test]
fn traps_have_kind_pc_and_address() {
    use TrapKind as Kind;
    let mut bench = Bench::default();
    for (source, expected) in [
        ("lui x5, 0x1000\n lw x6, 8(x5)", (Kind::LoadFault, 4, Some(0x0100_0008))),
        ("li x5, -4\n sw x6, 0(x5)", (Kind::StoreFault, 4, Some(0xffff_fffc))),
        ("li x5, 0x101\n lh x6, 0(x5)", (Kind::MisalignedAccess, 4, Some(0x101))),
        ("li x5, 0x101\n lhu x6, 2(x5)", (Kind::MisalignedAccess, 4, Some(0x103))),
        ("li x5, 0x101\n sh x6, 0(x5)", (Kind::MisalignedAccess, 4, Some(0x101))),
        ("nop", (Kind::FetchFault, 4, None)),
        ("lui x5, 0x800\n jr x5", (Kind::FetchFault, 0x80_0000 - BASE, None)),
        ("openvm.hint_storew x0", (Kind::InputExhausted, 0, None)),
        ("openvm.hint_input\n openvm.hint_input", (Kind::InputExhausted, 4, None)),
        ("openvm.hint_input\n openvm.hint_buffer x0, x0", (Kind::BadCallArgument, 4, None)),
        ("openvm.hint_input\n li x5, -8\n openvm.hint_storew x5", (Kind::StoreFault, 8, Some(0xffff_fff8))),
        ("li x5, 252\n openvm.reveal x5, x0, 4", (Kind::BadCallArgument, 4, Some(256))),
        (
            "li x6, 1\n openvm.print_str x6, x5\n li x5, -1\n openvm.print_str x5, x6",
            (Kind::LoadFault, 12, Some(0xffff_ffff)),
        ),
    ] {
        assert_eq!(bench.trap(source), expected, "{source}");
    }
}

#[test]
fn a_trap_late_in_a_run_has_the_state_before_it() {
    let mut bench = Bench::default();
    let guest = bench.load(&elf_of("li x7, 1500000\n 1: addi x7, x7, -1\n bnez x7, 1b\n lw x6, -4(x0)")).unwrap();
    let run = Run { input: &[], max_steps: 1 << 40, cost: false };
    let report = bench.runner.execute(&guest, &run, &Context::detached()).unwrap();
    assert_eq!((report.status, report.instructions), (Status::Trap, Some(3_000_002)));
    assert_eq!(register(&report, 7), 0);
}

#[test]
fn what_is_no_guest_is_refused_by_name() {
    let mut bench = Bench::default();
    let good = elf_of(FIBONACCI);
    let mut wide = good.clone();
    wide[4] = 2;
    let mut large = good.clone();
    large[52 + 20..52 + 24].copy_from_slice(&(64u32 << 20).to_le_bytes());
    for (elf, said) in [
        (Vec::new(), "ELF"),
        (elf_of_data(), "no executable segment"),
        (good[..60].to_vec(), "ELF"),
        (good[..good.len() - 1].to_vec(), "ELF"),
        (wide, "ELF"),
        (large, "bytes of memory"),
        (elf_of_words(&[0x13, 0]), "0x00000000 at pc 0x1004"),
        (elf_of_words(&[0x13, 0x0062_a2af]), "amoadd.w"),
        (elf_of_words(&[0x1000_000b]), "exit code 256"),
    ] {
        let error = bench.load(&elf).err().unwrap();
        assert_eq!(error.kind, ErrorKind::UnsupportedGuest, "{said}");
        assert!(error.message.contains(said), "{said}: {}", error.message);
    }
}

#[test]
fn input_is_length_bytes_and_padding() {
    let mut bench = Bench::default();
    let echo = "
        openvm.hint_input
        li x5, 0x400
        li x6, 2
        openvm.hint_buffer x5, x6
        lw x7, 0(x5)
        openvm.reveal x0, x7, 0
        lw x7, 4(x5)
        openvm.reveal x0, x7, 4
        openvm.terminate 0";
    let report = bench.run(echo, b"abc", MAX_STEPS);
    assert_eq!(report.output.0[..8], *b"\x03\0\0\0abc\0");
    let report = bench.run(&echo.replace("li x6, 2", "li x6, 1"), b"", MAX_STEPS);
    assert_eq!((report.status, &report.output.0[..8]), (Status::Ok, [0; 8].as_slice()));
}

#[test]
fn a_harness_reveals_the_registers_that_the_report_has() {
    let mut bench = Bench::default();
    let body = assemble("addi x5, x6, 7\n mul x7, x5, x6", &AssembleOptions::new(Isa::RV32IM_OPENVM, 0)).unwrap();
    let body = body.bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    let mut harness = Harness::new(Platform::OpenVm, Isa::RV32IM_OPENVM, body);
    harness.registers.insert(Register::new(6).unwrap(), Word(5));
    let built = harness.build("test").unwrap();
    let guest = bench.load(&built.elf).unwrap();
    let run = Run { input: &[], max_steps: MAX_STEPS, cost: false };
    let report = bench.runner.execute(&guest, &run, &Context::detached()).unwrap();
    let revealed = built.harness.unwrap().registers(&report.output.0).unwrap();
    assert_eq!(revealed[&Register::new(7).unwrap()], Word(60));
    let reported = report.registers.unwrap();
    assert!(revealed.iter().all(|(register, value)| reported[register] == *value));
}

#[test]
fn a_trace_ties_rows_to_steps_and_its_buses_balance() {
    let mut bench = Bench::default();
    let trace = bench.trace(FIBONACCI, RecordSelection::All, u64::MAX);
    assert_eq!((trace.report.status, trace.summary.instructions, trace.summary.truncated), (Status::Ok, 63, false));
    assert!(trace.summary.buses.iter().all(|bus| bus.unbalanced == Some(0)), "{:?}", trace.summary.buses);
    let buses: BTreeSet<&str> = trace.summary.buses.iter().map(|bus| bus.bus.as_str()).collect();
    assert!(["execution", "memory", "program", "range_check", "bitwise"].iter().all(|bus| buses.contains(bus)));

    let mut chips_of_step: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    let mut rows = BTreeSet::new();
    let mut step = None;
    for (record, seq) in trace.records.iter().zip(0..) {
        assert_eq!(record.seq(), seq);
        match record {
            MicroOp::Instruction(instruction) => {
                assert_eq!(instruction.step, step.map_or(0, |step| step + 1));
                step = Some(instruction.step);
            }
            MicroOp::ChipRow(row) => {
                rows.insert(seq);
                match row.base.step {
                    Some(of) => {
                        assert_eq!(Some(of), step, "rows follow their instruction");
                        chips_of_step.entry(of).or_default().push(&row.base.chip);
                        let timestamp =
                            ["from_state__timestamp", "timestamp"].iter().find_map(|name| row.columns.get(name));
                        assert_eq!(timestamp.unwrap().0, row.base.timestamp.unwrap());
                    }
                    None => assert_eq!(step, Some(62), "rows without an instruction come last"),
                }
                let named = !row.columns.contains_key("column[0]");
                assert_eq!(named, !row.base.chip.contains("Poseidon2"), "{}", row.base.chip);
            }
            MicroOp::Interaction(interaction) => {
                assert!(rows.contains(&interaction.base.row.unwrap()));
                assert_ne!(interaction.base.multiplicity, 0);
            }
        }
    }
    assert!(chips_of_step[&0][0].contains("BaseAlu"));
    // Adapter and core are one row: no instruction but `terminate` and hints has another number of rows than one.
    assert_eq!(chips_of_step.len(), 62);
    assert!(chips_of_step.values().all(|chips| chips.len() == 1));
}

#[test]
fn instruction_records_show_effects() {
    let mut bench = Bench::default();
    let trace = bench.trace(FIBONACCI, RecordSelection::Instructions, u64::MAX);
    assert_eq!((trace.summary.chip_rows, trace.summary.interactions, trace.records.len()), (0, 0, 63));
    let step = |index: usize| match &trace.records[index] {
        MicroOp::Instruction(instruction) => instruction,
        other => panic!("{other:?}"),
    };
    let first = step(0);
    assert_eq!((first.mnemonic.as_str(), first.pc, first.next_pc), ("addi", Word(BASE), Word(BASE + 4)));
    assert_eq!(first.rd.unwrap().after, Word(1));
    let store = step(13).mem.unwrap();
    assert_eq!((store.kind, store.addr, store.before, store.after), (AccessKind::Write, Word(0x400), Word(2), Word(3)));
    let load = step(58);
    assert_eq!((load.mem.unwrap().kind, load.rd.unwrap().after), (AccessKind::Read, Word(89)));
    assert_eq!(step(62).mnemonic, "openvm.terminate");
}

#[test]
fn a_full_record_file_is_a_truncated_trace_of_a_whole_run() {
    let mut bench = Bench::default();
    for selection in [RecordSelection::Instructions, RecordSelection::All] {
        let trace = bench.trace(FIBONACCI, selection, 10);
        assert_eq!((trace.records.len(), trace.summary.truncated), (10, true));
        assert_eq!((trace.report.status, trace.report.instructions), (Status::Ok, Some(63)));
    }
}

#[test]
fn a_trace_up_to_a_trap_is_kept_and_balances() {
    let mut bench = Bench::default();
    for (source, kind) in [
        ("li x5, -4\n lw x6, 0(x5)", TrapKind::LoadFault),
        ("li x5, 0x101\n lw x6, 0(x5)", TrapKind::MisalignedAccess),
        ("openvm.hint_input\n openvm.hint_input", TrapKind::InputExhausted),
    ] {
        let trace = bench.trace(source, RecordSelection::All, u64::MAX);
        assert_eq!((trace.report.status, trace.report.trap.unwrap().kind), (Status::Trap, kind));
        assert_eq!((trace.report.instructions, trace.summary.instructions), (Some(1), 1));
        assert!(trace.summary.buses.iter().all(|bus| bus.unbalanced == Some(0)), "{source}");
    }
    // And nothing of them is left in what follows.
    let trace = bench.trace(FIBONACCI, RecordSelection::All, u64::MAX);
    assert!(trace.summary.buses.iter().all(|bus| bus.unbalanced == Some(0)));
}

#[test]
fn hint_buffer_has_a_row_a_word() {
    let mut bench = Bench::default();
    let source = "openvm.hint_input\n li x5, 0x400\n li x6, 3\n openvm.hint_buffer x5, x6\n openvm.terminate 0";
    let trace = bench.trace(source, RecordSelection::All, u64::MAX);
    let hints = trace.summary.chips.iter().find(|chip| chip.chip.contains("HintStore")).unwrap();
    assert_eq!(hints.rows_written, 3);
    assert!(trace.summary.buses.iter().all(|bus| bus.unbalanced == Some(0)));
}

#[test]
fn steps_go_on_over_segments() {
    let mut bench = Bench::default();
    let guest = bench.load(&elf_of("li x7, 70000\n 1: addi x7, x7, -1\n bnez x7, 1b\n openvm.terminate 0")).unwrap();
    let mut bytes = Vec::new();
    let mut records = Records::to_stream(&mut bytes, u64::MAX);
    let run = Run { input: &[], max_steps: u64::MAX, cost: false };
    let cx = Context::detached();
    let (report, mut summary) =
        bench.runner.trace(&guest, &run, RecordSelection::Instructions, &mut records, &cx).unwrap();
    records.finish(&mut summary).unwrap();
    assert_eq!(summary.instructions, report.instructions.unwrap());
    assert!(summary.instructions > assay_openvm_sdk::SEGMENT_INSTRUCTIONS);
    let last = bytes.split(|&byte| byte == b'\n').rfind(|line| !line.is_empty()).unwrap();
    let MicroOp::Instruction(last) = serde_json::from_slice(last).unwrap() else { panic!("an instruction") };
    assert_eq!(last.step + 1, summary.instructions);
}
