//! Guests assembled here, run, traced and proved by RISC Zero as a supervisor's request would.

mod loading;
mod numbers;
mod proving;
mod running;
mod tracing;
mod traps;

use assay_guest::{Elf, ElfSegment, SegmentFlags};
use assay_isa::{AssembleOptions, Isa, Xlen, assemble};
use assay_runner_kit::{Context, Records, Run, Runner as _};
use assay_spec::{
    MicroOp, Register, RunReport,
    protocol::{RecordSelection, RunnerError},
    trace::{InstructionRecord, TraceSummary},
};

use crate::{guest::Guest, receipt, runner::Risc0};

/// Where guests here have their code, as RISC Zero's own linker script has.
const BASE: u64 = 0x0020_0800;
/// Where they have data; buffers are behind it.
const DATA: u64 = 0x0040_0000;
/// Where data other than a call's name begins.
const REST: u64 = DATA + 64;
const MAX_STEPS: u64 = 100_000;
const HALT: &str = "\n li t0, 0\n li a0, 0\n li a1, 0x500000\n ecall\n";

fn segment(address: u64, bytes: Vec<u8>, flags: SegmentFlags) -> ElfSegment {
    ElfSegment { address, memory_size: bytes.len() as u64, bytes, flags }
}

fn elf_of(source: &str, data: &[u8]) -> Vec<u8> {
    let code = assemble(source, &AssembleOptions::new(Isa::RV32IM, BASE)).unwrap().bytes;
    let segments = vec![segment(BASE, code, SegmentFlags::RX), segment(DATA, data.to_vec(), SegmentFlags::RW)];
    Elf::new(Xlen::Rv32, BASE, segments).write().unwrap()
}

/// The name of a call at [`DATA`], and `rest` at [`REST`].
fn named(name: &str, rest: &[u8]) -> Vec<u8> {
    let mut data = format!("risc0_zkvm_platform::syscall::nr::{name}\0").into_bytes();
    data.resize(64, 0);
    data.extend(rest);
    data
}

/// Instructions that make a system call, whose name is at [`DATA`].
fn software(number: u32, registers: &str) -> String {
    format!("\n li t0, 2\n li t6, {number}\n li a2, {DATA}\n {registers}\n ecall\n")
}

/// A guest that writes `journal` and halts with the right digest and `exit_code`.
fn committing(journal: &[u8], exit_code: u32) -> Vec<u8> {
    committing_after("", journal, exit_code)
}

/// The same with `body` before it.
fn committing_after(body: &str, journal: &[u8], exit_code: u32) -> Vec<u8> {
    let digest = receipt::output_digest(journal);
    let data = named("SYS_WRITE", &[digest.as_bytes(), journal].concat());
    let write = software(16, &format!("li a3, 3\n li a4, {}\n li a5, {}", REST + 32, journal.len()));
    elf_of(
        &format!(
            "{body}\n li a0, 0\n li a1, 0\n {write}\n li t0, 0\n li a0, {}\n li a1, {REST}\n ecall",
            exit_code << 8
        ),
        &data,
    )
}

#[derive(Default)]
struct Bench {
    runner: Risc0,
}

struct Trace {
    report: RunReport,
    summary: TraceSummary,
    records: Vec<InstructionRecord>,
}

impl Bench {
    fn load(&mut self, elf: &[u8]) -> Result<Guest, RunnerError> {
        Ok(self.runner.load(elf, &Context::detached())?.guest)
    }

    fn run_elf(&mut self, elf: &[u8], run: &Run<'_>) -> RunReport {
        let guest = self.load(elf).unwrap();
        self.runner.execute(&guest, run, &Context::detached()).unwrap()
    }

    fn run(&mut self, source: &str, data: &[u8], input: &[u8]) -> RunReport {
        self.run_elf(&elf_of(source, data), &Run { input, max_steps: MAX_STEPS, cost: false })
    }

    fn trace_elf(&mut self, elf: &[u8], limit: u64) -> Trace {
        let guest = self.load(elf).unwrap();
        let mut bytes = Vec::new();
        let mut records = Records::to_stream(&mut bytes, limit);
        let run = Run { input: b"abcdef", max_steps: MAX_STEPS, cost: false };
        let (report, mut summary) =
            self.runner.trace(&guest, &run, RecordSelection::All, &mut records, &Context::detached()).unwrap();
        records.finish(&mut summary).unwrap();
        let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let records = lines.map(|line| match serde_json::from_slice(line).unwrap() {
            MicroOp::Instruction(record) => record,
            other => panic!("{other:?}"),
        });
        Trace { report, summary, records: records.collect() }
    }
}

fn register(report: &RunReport, index: u8) -> u64 {
    report.registers.as_ref().unwrap()[&Register::new(index).unwrap()].0
}
