//! Measures: executor, gas, keys, proofs, verification. `figures execute N`, `figures prove core|fast N`.
#![expect(clippy::unwrap_used, reason = "a program for the person who measures")]

use std::time::{Duration, Instant};

use assay_guest::{Elf, ElfSegment, SegmentFlags};
use assay_isa::{AssembleOptions, Isa, Xlen, assemble};
use assay_sp1_sdk::{End, Limits, Program, ProofKind, Prover, Verifier};
use sha2::{Digest as _, Sha256};

const BASE: u64 = 0x7800_1000;
const LIMITS: Limits = Limits { instructions: u64::MAX, memory_bytes: 1 << 30 };

/// A loop of `turns`, then public values `abcd1234`, exit code 0.
fn guest(turns: u64) -> Vec<u8> {
    let output = *b"abcd1234";
    let mut source = format!(
        "li x7, {turns}\n 1: addi x6, x6, 3\n addi x7, x7, -1\n bnez x7, 1b\n li x8, 0x78100000\n li x9, {:#x}\n sd x9, 0(x8)\n \
         li t0, 2\n li a0, 13\n mv a1, x8\n li a2, 8\n ecall\n",
        u64::from_le_bytes(output)
    );
    for (index, word) in Sha256::digest(output).chunks(4).enumerate() {
        let word = u32::from_le_bytes(word.try_into().unwrap());
        source += &format!("li t0, 0x10\n li a0, {index}\n li a1, {word:#x}\n ecall\n");
    }
    for index in 0..8 {
        source += &format!("li t0, 0x1a\n li a0, {index}\n li a1, 0\n ecall\n");
    }
    source += "li t0, 0\n li a0, 0\n ecall\n";
    let bytes = assemble(&source, &AssembleOptions::new(Isa::RV64IM, BASE)).unwrap().bytes;
    let memory_size = bytes.len() as u64;
    let segment = ElfSegment { address: BASE, bytes, memory_size, flags: SegmentFlags::RX };
    Elf::new(Xlen::Rv64, BASE, vec![segment]).write().unwrap()
}

fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let mut fields = stat.rsplit(')').next().unwrap().split_whitespace().skip(11);
    let mut ticks = || fields.next().unwrap().parse::<u64>().unwrap();
    Duration::from_millis(10 * (ticks() + ticks()))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize| arguments.get(index).map(String::as_str);
    let turns = arguments.last().unwrap().parse().unwrap();
    let program = Program::from_elf(&guest(turns)).unwrap();
    let (start, before) = (Instant::now(), cpu());
    let execution = program.execute(&[], LIMITS, &|_| false);
    println!("{:?} {} instructions, committed {}", execution.end, execution.instructions, execution.is_committed());
    println!("execute: {:?} wall, {:?} CPU", start.elapsed(), cpu() - before);
    assert_eq!(execution.end, End::Exit { code: 0 });
    if argument(0) == Some("execute") {
        let (start, before) = (Instant::now(), cpu());
        println!("{:?}: {:?} wall, {:?} CPU", program.cost(&[], &execution), start.elapsed(), cpu() - before);
        let (start, before) = (Instant::now(), cpu());
        let small = Program::from_elf(&guest(3)).unwrap();
        for _ in 0..200 {
            small.execute(&[], LIMITS, &|_| false);
        }
        println!("200 small runs: {:?} wall, {:?} CPU", start.elapsed(), cpu() - before);
        return;
    }
    let kind = if argument(1) == Some("core") { ProofKind::Core } else { ProofKind::CoreInsecureFast };
    println!("{:?}", kind.parameters());
    let before = cpu();
    let prover = Prover::new(kind).unwrap();
    let keys = prover.keys(&program);
    println!("keys: {:?} wall, {:?} CPU, {} MiB, {}", keys.setup, cpu() - before, status("VmHWM"), keys.image_id());
    let before = cpu();
    let proof = prover.prove(&program, &keys, &[], &execution.output, &|_| true).unwrap();
    println!(
        "proof: {:?} wall, {:?} CPU, {} MiB, {} bytes, shards of {:?}",
        proof.prove,
        cpu() - before,
        status("VmHWM"),
        proof.bytes.len(),
        proof.shard_instructions
    );
    let (start, before) = (Instant::now(), cpu());
    let verifier = Verifier::new(kind);
    println!("verifier: {:?} wall, {:?} CPU", start.elapsed(), cpu() - before);
    println!("{:?}", verifier.verify(&proof.bytes, &keys.image_id()));
    std::fs::write("/tmp/sp1-proof.bin", &proof.bytes).unwrap();
}
