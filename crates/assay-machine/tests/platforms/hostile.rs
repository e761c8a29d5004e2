//! Whatever is in the image, a run ends, without a panic, and watching it changes nothing.

use std::ops::ControlFlow;

use assay_isa::{Format, Instruction, Isa, Opcode, encode};
use assay_machine::{Config, End, Image, Permissions, Recorder, Records, Segment, Unobserved, run};
use assay_spec::{MicroOp, Platform};
use proptest::prelude::*;

const CODE: u64 = 0x1_1000;
const SP1_CODE: u64 = 0x7800_0000;

/// A word: mostly an instruction with short jumps, sometimes anything.
fn word() -> impl Strategy<Value = u32> {
    let instruction = (prop::sample::select(Opcode::ALL), any::<[u8; 3]>(), any::<i32>());
    let instruction = instruction.prop_map(|(opcode, registers, imm)| {
        let [rd, rs1, rs2] = registers.map(|register| register % 32);
        let fields = opcode.entry().format.fields();
        let keep = |present, register| if present { register } else { 0 };
        let imm = match opcode.entry().format {
            Format::I | Format::Load | Format::Store | Format::VendorReveal => imm % 2048,
            Format::Branch | Format::Jump => imm % 32 * 2,
            Format::Shift | Format::ShiftWord => imm & 31,
            Format::Upper => imm & !0xfff,
            Format::Atomic | Format::LoadReserved => imm & 3,
            _ => 0,
        };
        let instruction = Instruction {
            opcode,
            rd: keep(fields.rd, rd),
            rs1: keep(fields.rs1, rs1),
            rs2: keep(fields.rs2, rs2),
            imm,
        };
        encode(&instruction).unwrap()
    });
    prop_oneof![30 => instruction, 1 => any::<u32>()]
}

fn segment(address: u64, words: &[u32], permissions: Permissions) -> Segment {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    Segment { address, size: bytes.len() as u64 + 64, bytes, permissions }
}

/// Instructions that set registers to addresses around the code and to odd numbers, so that something is hit.
fn prologue() -> Vec<u32> {
    let mut words = Vec::new();
    for register in 5..32u8 {
        let imm = if register % 3 == 0 { 0x7fff_f000 } else { 0x1_1000 + ((i32::from(register) % 4) << 12) };
        words.push(encode(&Instruction { rd: register, imm, ..Instruction::new(Opcode::Lui) }).unwrap());
        let imm = i32::from(register) * 21;
        words
            .push(encode(&Instruction { rd: register, rs1: register, imm, ..Instruction::new(Opcode::Addi) }).unwrap());
    }
    words
}

fn check(image: &Image, isa: Isa, platform: Platform) {
    let mut config = Config::new(isa, platform);
    config.max_steps = 3000;
    config.memory_limit_bytes = 1 << 20;
    let unobserved = run(image, &[7; 100], &config, &mut Unobserved);
    let mut instructions = 0;
    let mut sink = |record| {
        instructions += u64::from(matches!(record, MicroOp::Instruction(_)));
        ControlFlow::Continue(())
    };
    let observed = run(image, &[7; 100], &config, &mut Recorder::new(&mut sink, Records::All));
    assert_eq!(observed, unobserved);
    if let Ok(run) = observed {
        assert_eq!(instructions, run.instructions);
        assert_eq!(run.registers[0], 0);
        assert!(run.instructions <= config.max_steps);
        assert!(run.end != End::StepLimit || run.instructions == config.max_steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_code_that_may_change_itself_ends_the_same_way_watched_or_not(
        words in prop::collection::vec(word(), 1..300),
    ) {
        let words: Vec<u32> = prologue().into_iter().chain(words).collect();
        let image = Image { entry: CODE, segments: vec![segment(CODE, &words, Permissions::RWX)] };
        for isa in [Isa::RV32IMA, Isa::RV64IMA] {
            check(&image, isa, Platform::Standard);
        }
        check(&image, Isa::RV32IM, Platform::Risc0);
        // OpenVM and SP1 refuse a program with any other word.
        for (isa, platform, base, permissions) in [
            (Isa::RV32IM_OPENVM, Platform::OpenVm, CODE, Permissions::RWX),
            (Isa::RV64IM, Platform::Sp1, SP1_CODE, Permissions::RX),
        ] {
            let config = Config { max_steps: 0, ..Config::new(isa, platform) };
            let translates = |word: &&u32| {
                let image = Image { entry: base, segments: vec![segment(base, &[**word], permissions)] };
                run(&image, &[], &config, &mut Unobserved).is_ok()
            };
            let words: Vec<u32> = words.iter().filter(translates).copied().collect();
            let image = Image { entry: base, segments: vec![segment(base, &words, permissions)] };
            check(&image, isa, platform);
        }
    }

    #[test]
    fn random_segments_are_loaded_or_refused(
        entry in any::<u64>(),
        parts in prop::collection::vec((any::<u64>(), 0..40u32, any::<u64>(), any::<[bool; 3]>(), 0..64usize), 0..6),
        platform in prop::sample::select(&Platform::ALL),
    ) {
        let segments = parts.into_iter().map(|(address, shift, size, [read, write, execute], bytes)| Segment {
            address: address >> shift,
            bytes: vec![0x13; bytes],
            size: size >> 63.min(shift * 2),
            permissions: Permissions { read, write, execute },
        });
        let image = Image { entry: entry >> 40, segments: segments.collect() };
        for isa in [Isa::RV32IM_OPENVM, Isa::RV64IMA, Isa::RV32IM, Isa::RV64IM] {
            check(&image, isa, platform);
        }
    }
}
