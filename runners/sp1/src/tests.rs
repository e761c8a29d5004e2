//! Guests assembled here, run, traced and proved by SP1 as a supervisor's request would.

mod loading;
mod proving;
mod running;
mod tracing;

use std::fmt::Write as _;

use assay_guest::{Elf, ElfSegment, SegmentFlags};
use assay_isa::{AssembleOptions, Isa, Xlen, assemble};
use assay_runner_kit::{Context, Records, Run, Runner as _};
use assay_spec::{
    MicroOp, Register, RunReport,
    protocol::{RecordSelection, RunnerError},
    trace::TraceSummary,
};
use sha2::{Digest as _, Sha256};

use crate::runner::{Guest, Sp1};

/// Where guests here have their code.
const BASE: u64 = 0x7800_1000;
/// Memory of theirs that no segment fills.
const DATA: u64 = 0x7810_0000;
const MAX_STEPS: u64 = 100_000;

fn elf_of_words(words: &[u32]) -> Vec<u8> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let memory_size = bytes.len() as u64;
    let segment = ElfSegment { address: BASE, bytes, memory_size, flags: SegmentFlags::RX };
    Elf::new(Xlen::Rv64, BASE, vec![segment]).write().unwrap()
}

fn elf_of(source: &str) -> Vec<u8> {
    elf_of_words(&assemble(source, &AssembleOptions::new(Isa::RV64IM, BASE)).unwrap().words().unwrap())
}

fn call(number: u32, arguments: [u64; 3]) -> String {
    let [a0, a1, a2] = arguments;
    format!("li a0, {a0:#x}\n li a1, {a1:#x}\n li a2, {a2:#x}\n li t0, {number:#x}\n ecall\n")
}

fn halt(code: u32) -> String {
    call(0, [code.into(), 0, 0])
}

/// The calls that commit to `output`.
fn commit(output: &[u8]) -> String {
    let words = Sha256::digest(output);
    let words = words.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap()));
    let commits: String = words.zip(0..).map(|(word, index)| call(0x10, [index, word.into(), 0])).collect();
    let deferred: String = (0..8).map(|index| call(0x1a, [index, 0, 0])).collect();
    commits + &deferred
}

/// Stores `bytes` at [`DATA`] and writes them to `fd`.
fn write(fd: u64, bytes: &[u8]) -> String {
    let mut source = format!("li s0, {DATA:#x}\n");
    for (index, chunk) in bytes.chunks(8).enumerate() {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        let _ = writeln!(source, "li s1, {:#x}\n sd s1, {}(s0)", u64::from_le_bytes(word), 8 * index);
    }
    source + &call(2, [fd, DATA, bytes.len() as u64])
}

/// A guest that does `body`, makes `output` public, commits to it and halts with `code`.
fn committing(body: &str, output: &[u8], code: u32) -> Vec<u8> {
    elf_of(&format!("{body}\n{}{}{}", write(13, output), commit(output), halt(code)))
}

#[derive(Default)]
struct Bench {
    runner: Sp1,
}

struct Trace {
    report: RunReport,
    summary: TraceSummary,
    records: Vec<MicroOp>,
}

impl Bench {
    fn load(&mut self, elf: &[u8]) -> Result<Guest, RunnerError> {
        Ok(self.runner.load(elf, &Context::detached())?.guest)
    }

    fn run_elf(&mut self, elf: &[u8], run: &Run<'_>) -> RunReport {
        let guest = self.load(elf).unwrap();
        self.runner.execute(&guest, run, &Context::detached()).unwrap()
    }

    fn run(&mut self, source: &str, input: &[u8]) -> RunReport {
        self.run_elf(&elf_of(source), &Run { input, max_steps: MAX_STEPS, cost: false })
    }

    fn trace(&mut self, elf: &[u8], selection: RecordSelection, max_steps: u64, limit: u64) -> Trace {
        let guest = self.load(elf).unwrap();
        let mut bytes = Vec::new();
        let mut records = Records::to_stream(&mut bytes, limit);
        let run = Run { input: b"abcdef", max_steps, cost: false };
        let (report, mut summary) =
            self.runner.trace(&guest, &run, selection, &mut records, &Context::detached()).unwrap();
        records.finish(&mut summary).unwrap();
        let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let records = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        Trace { report, summary, records }
    }
}

fn register(report: &RunReport, index: u8) -> u64 {
    report.registers.as_ref().unwrap()[&Register::new(index).unwrap()].0
}
