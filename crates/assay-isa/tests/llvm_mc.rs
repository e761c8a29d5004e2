//! Our assembler and disassembler against `llvm-mc` 14: committed vectors always, the tool itself where it is installed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use assay_isa::{
    AssembleOptions, Extension, Format, Isa, Opcode, TABLE, Xlen, assemble, decode, disassemble, disassemble_aliased,
    encode,
};

const VECTORS: [(Isa, &str, &str); 2] = [
    (Isa::RV32IMA, include_str!("data/llvm_mc_instructions_rv32.txt"), include_str!("data/llvm_mc_pseudo_rv32.txt")),
    (Isa::RV64IMA, include_str!("data/llvm_mc_instructions_rv64.txt"), include_str!("data/llvm_mc_pseudo_rv64.txt")),
];

fn bytes_of(source: &str, isa: Isa) -> Vec<u8> {
    match assemble(source, &AssembleOptions::new(isa, 0)) {
        Ok(assembly) => assembly.bytes,
        Err(errors) => panic!("{source:?} for {isa}:\n{errors}"),
    }
}

fn word_of(source: &str, isa: Isa) -> u32 {
    u32::from_le_bytes(bytes_of(source, isa).try_into().expect("one instruction"))
}

#[test]
fn instructions_disassemble_and_assemble_as_llvm_mc_does() {
    for (isa, vectors, _) in VECTORS {
        for line in vectors.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [word, plain, aliased] = columns[..] else { panic!("{line:?}") };
            let word = u32::from_str_radix(word, 16).unwrap();
            let inst = decode(word, isa).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(disassemble(&inst, None), plain, "{word:08x} {isa}");
            assert_eq!(disassemble_aliased(&inst, None), aliased, "{word:08x} {isa}");
            assert_eq!(word_of(plain, isa), word, "{plain} {isa}");
            assert_eq!(word_of(aliased, isa), word, "{aliased} {isa}");
        }
    }
}

#[test]
fn the_vectors_cover_every_row_of_the_table() {
    for (isa, vectors, _) in VECTORS {
        let seen: BTreeSet<Opcode> = vectors
            .lines()
            .map(|line| decode(u32::from_str_radix(&line[..8], 16).unwrap(), isa).unwrap().opcode)
            .collect();
        let missing: Vec<&str> = TABLE
            .iter()
            .filter(|entry| entry.extension != Extension::OpenVm && entry.xlen.contains(isa.xlen))
            .filter(|entry| !seen.contains(&entry.opcode))
            .map(|entry| entry.mnemonic)
            .collect();
        assert_eq!(missing, [""; 0], "{isa}");
    }
}

#[test]
fn pseudo_instructions_and_directives_expand_as_in_llvm_mc() {
    for (isa, _, vectors) in VECTORS {
        for line in vectors.lines() {
            let (source, words) = line.split_once('\t').unwrap();
            let expected: Vec<u8> =
                words.split(' ').flat_map(|word| u32::from_str_radix(word, 16).unwrap().to_le_bytes()).collect();
            let ours = bytes_of(source, isa);
            // LLVM 14 does not know every short way to make a constant; that ours are right is shown in `constants.rs`.
            let shorter = source.starts_with("li ") && ours.len() < expected.len();
            assert!(ours == expected || shorter, "{source} {isa}: {ours:02x?} instead of {expected:02x?}");
        }
    }
}

/// Runs `llvm-mc` on `input`; `None` where it is not installed.
fn llvm_mc(xlen: Xlen, arguments: &[&str], input: &str) -> Option<String> {
    let mut child = Command::new("llvm-mc")
        .arg(format!("-triple=riscv{}", xlen.bits()))
        .arg("-mattr=+m,+a")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let text = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("llvm-mc runs to its end");
    writer.join().expect("the writer does not panic").expect("llvm-mc reads its input");
    Some(String::from_utf8(output.stdout).expect("llvm-mc prints text"))
}

/// A step of `SplitMix64`: deterministic, and no dependency.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[test]
fn random_words_read_the_same_to_the_installed_llvm_mc() {
    const WORDS_PER_ROW: usize = 60;
    let mut state = 7;
    for isa in [Isa::RV32IMA, Isa::RV64IMA] {
        let mut words = Vec::new();
        for entry in TABLE {
            if entry.extension == Extension::OpenVm {
                continue;
            }
            for _ in 0..WORDS_PER_ROW {
                let word = next_random(&mut state) as u32 & !entry.mask | entry.value;
                let Ok(inst) = decode(word, isa) else { continue };
                // LLVM 14 refuses fences with reserved fields and prints an empty set as "unknown".
                let odd_fence = matches!(entry.format, Format::Fence | Format::FenceI);
                if !odd_fence {
                    assert_eq!(encode(&inst), Ok(word));
                    words.push(word);
                }
            }
        }
        let mut input = String::new();
        for word in &words {
            let [a, b, c, d] = word.to_le_bytes();
            writeln!(input, "{a:#04x} {b:#04x} {c:#04x} {d:#04x}").unwrap();
        }
        for (arguments, render) in [
            (&["-disassemble", "-M", "no-aliases"][..], disassemble as fn(&_, _) -> String),
            (&["-disassemble"][..], disassemble_aliased),
        ] {
            let Some(output) = llvm_mc(isa.xlen, arguments, &input) else {
                eprintln!("skipped: llvm-mc is not installed");
                return;
            };
            let lines: Vec<String> = output.lines().skip(1).map(|line| line.trim().replace('\t', " ")).collect();
            assert_eq!(lines.len(), words.len(), "{isa}: llvm-mc refused a word");
            for (word, line) in words.iter().zip(&lines) {
                assert_eq!(&render(&decode(*word, isa).unwrap(), None), line, "{word:08x} {isa}");
            }
        }
    }
}

#[test]
fn random_constants_load_no_longer_than_in_the_installed_llvm_mc() {
    let mut state = 11;
    for isa in [Isa::RV32IM, Isa::RV64IM] {
        let mut statements = Vec::new();
        for _ in 0..3000 {
            let raw = next_random(&mut state);
            let width = next_random(&mut state) % u64::from(isa.xlen.bits());
            let shift = next_random(&mut state) % u64::from(isa.xlen.bits());
            let value = match isa.xlen {
                Xlen::Rv32 => i64::from(((raw as i32) >> width) << shift),
                Xlen::Rv64 => ((raw as i64) >> width) << shift,
            };
            statements.push(format!("li a0, {value}\n"));
        }
        // A directive that is printed back tells where one constant ends and the next begins.
        let Some(output) = llvm_mc(isa.xlen, &["--show-encoding"], &statements.join(".globl next\n")) else {
            eprintln!("skipped: llvm-mc is not installed");
            return;
        };
        let expansions: Vec<&str> = output.split(".globl").collect();
        assert_eq!(expansions.len(), statements.len(), "{isa}");
        for (statement, expansion) in statements.iter().zip(expansions) {
            let theirs: Vec<u8> = expansion
                .lines()
                .filter_map(|line| line.split_once("encoding: [")?.1.strip_suffix(']'))
                .flat_map(|list| list.split(',').map(|byte| u8::from_str_radix(&byte[2..], 16).unwrap()))
                .collect();
            let ours = bytes_of(statement, isa);
            // Where we know a shorter sequence the instructions differ; where not, they are the same.
            assert!(ours == theirs || ours.len() < theirs.len(), "{isa} {statement}{expansion}");
        }
    }
}
