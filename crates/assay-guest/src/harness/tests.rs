//! The code of each harness in full, and every reason not to build one.

use std::fmt::Write as _;

use assay_isa::{Opcode, decode, disassemble};
use assay_spec::HexBytes;
use proptest::prelude::*;

use super::*;

/// `add x14, x1, x5; addi x7, x7, 1; li x5, 2; bne x7, x5, -16; li x7, 25; xor x10, x14, x7`: the branch leads to the
/// last nop of the pad before the body.
const EXAMPLE: [u32; 6] = [0x0050_8733, 0x0013_8393, 0x0020_0293, 0xfe53_98e3, 0x0190_0393, 0x0077_4533];

fn register(index: u8) -> Register {
    Register::new(index).unwrap()
}

fn example(platform: Platform, isa: Isa) -> Harness {
    let registers = [(6, 28), (7, 0), (1, 15), (5, 11), (10, 0), (14, 0)];
    Harness {
        registers: registers.into_iter().map(|(index, value)| (register(index), Word(value))).collect(),
        ..Harness::new(platform, isa, EXAMPLE.to_vec())
    }
}

/// The segments, and each instruction with its address, word and text.
fn listing(guest: &Guest) -> String {
    let mut text = String::new();
    let parsed = guest.parsed().unwrap();
    for segment in &parsed.segments {
        writeln!(
            text,
            "segment {:#x} {} {} bytes, {} in the file",
            segment.address,
            segment.flags,
            segment.memory_size,
            segment.bytes.len()
        )
        .unwrap();
    }
    writeln!(text, "entry {:#x}", parsed.entry).unwrap();
    let layout = guest.harness.as_ref().unwrap();
    for (address, word) in parsed.executable_words() {
        for (mark, start) in
            [("body", layout.body_start), ("pad", layout.body_end), ("epilogue", layout.epilogue_start)]
        {
            if address == start {
                writeln!(text, "{mark}:").unwrap();
            }
        }
        let instruction = decode(word, guest.isa().unwrap()).unwrap();
        let disassembly = disassemble(&instruction, Some(address));
        writeln!(text, "{address:08x} {word:08x} {disassembly}").unwrap();
        assert_eq!(layout.body_index(address).is_some(), (layout.body_start..layout.body_end).contains(&address));
    }
    text
}

#[test]
fn the_harness_on_standard_rv32_is_this_code() {
    let guest = example(Platform::Standard, Isa::RV32IM).build("seed").unwrap();
    insta::assert_snapshot!(listing(&guest));
}

#[test]
fn the_harness_on_standard_rv64_is_this_code() {
    let mut harness = example(Platform::Standard, Isa::RV64IM);
    harness.registers.insert(register(28), Word(0x1234_5678_9abc_def0));
    harness.registers.insert(register(29), Word(u64::MAX));
    insta::assert_snapshot!(listing(&harness.build("seed").unwrap()));
}

#[test]
fn the_harness_on_openvm_is_this_code() {
    let mut harness = example(Platform::OpenVm, Isa::RV32IM_OPENVM);
    harness.registers.insert(register(28), Word(0xdead_beef));
    harness.memory.push(MemoryInit { addr: Word(0x8001), hex: HexBytes(vec![1, 2]) });
    insta::assert_snapshot!(listing(&harness.build("seed").unwrap()));
}

#[test]
fn the_harnesses_on_risc0_are_this_code() {
    let mut harness = example(Platform::Risc0, Isa::RV32IM);
    insta::assert_snapshot!("risc0_absent", listing(&harness.build("seed").unwrap()));
    harness.commitment = Commitment::Digest;
    insta::assert_snapshot!("risc0_digest", listing(&harness.build("seed").unwrap()));
}

#[test]
fn the_harnesses_on_sp1_are_this_code() {
    let mut harness = example(Platform::Sp1, Isa::RV64IM);
    // Below the segments: stored by code, after which t1 is 28 and t0 is 11 again.
    harness.memory.push(MemoryInit { addr: Word(0x1_000e), hex: HexBytes(vec![1, 2, 3, 0x80, 0, 0]) });
    harness.memory.push(MemoryInit { addr: Word(0x7a01_0000), hex: HexBytes(vec![1, 2]) });
    insta::assert_snapshot!("sp1_absent", listing(&harness.build("seed").unwrap()));
    harness.commitment = Commitment::Digest;
    insta::assert_snapshot!("sp1_digest", listing(&harness.build("seed").unwrap()));
}

#[test]
fn a_harness_builds_to_the_same_bytes_each_time_and_reads_back() {
    for (platform, isa) in [
        (Platform::Standard, Isa::RV32IM),
        (Platform::Standard, Isa::RV64IM),
        (Platform::Standard, Isa::RV64IMA),
        (Platform::OpenVm, Isa::RV32IM_OPENVM),
        (Platform::Risc0, Isa::RV32IM),
        (Platform::Sp1, Isa::RV64IM),
    ] {
        let harness = example(platform, isa);
        let guest = harness.build("seed").unwrap();
        assert_eq!(harness.build("seed").unwrap(), guest);
        let parsed = guest.parsed().unwrap();
        assert_eq!(&Elf::read(&guest.elf).unwrap(), parsed);
        assert_eq!(guest.isa(), Some(isa));
        let layout = guest.harness.as_ref().unwrap();
        assert_eq!(layout.body_start, harness.body_start());
        let body: Vec<u32> = parsed
            .executable_words()
            .filter(|(address, _)| layout.body_index(*address).is_some())
            .map(|(_, word)| word)
            .collect();
        assert_eq!(body, EXAMPLE);
        let last = parsed.executable_words().last().unwrap();
        assert_eq!(last.0 + 4, layout.text_end);
    }
}

#[test]
fn each_reason_not_to_build_is_named() {
    let plain = || Harness::new(Platform::Standard, Isa::RV32IM, EXAMPLE.to_vec());
    let with_register =
        |index, value| Harness { registers: [(register(index), Word(value))].into_iter().collect(), ..plain() };
    let with_memory =
        |address| Harness { memory: vec![MemoryInit { addr: Word(address), hex: HexBytes(vec![1]) }], ..plain() };
    let cases = [
        ("no body", Harness { body: Vec::new(), ..plain() }),
        ("long body", Harness { body: vec![code::NOP; BODY_INSTRUCTIONS_MAX + 1], ..plain() }),
        ("scratch x0", Harness { scratch: register(0), ..plain() }),
        ("x0 set", with_register(0, 1)),
        ("wide register", with_register(5, 1 << 32)),
        ("rv64 on openvm", Harness { platform: Platform::OpenVm, isa: Isa::RV64IM, ..plain() }),
        ("no custom-0 on openvm", Harness { platform: Platform::OpenVm, ..plain() }),
        ("memory on the code", with_memory(0x1_0000)),
        ("memory on the results", with_memory(0x10_007f)),
        ("memory outside", with_memory(0x8000_0000)),
        ("memory on the entry point of risc0", Harness { platform: Platform::Risc0, ..with_memory(0x1_0000) }),
        ("rv32 on sp1", Harness { platform: Platform::Sp1, ..plain() }),
        (
            "memory below the memory of sp1",
            Harness { platform: Platform::Sp1, isa: Isa::RV64IM, ..with_memory(0xffff) },
        ),
        (
            "much memory below the segments of sp1",
            Harness {
                platform: Platform::Sp1,
                isa: Isa::RV64IM,
                memory: vec![MemoryInit { addr: Word(0x1_0001), hex: HexBytes(vec![1; 8 * MEMORY_STORED_CELLS_MAX]) }],
                ..plain()
            },
        ),
        (
            "unsafe registers",
            Harness { safe_registers: true, body: [&EXAMPLE[..], &[0x0031_0133]].concat(), ..plain() },
        ),
        ("many unsafe registers", Harness { safe_registers: true, body: vec![EXAMPLE[0]; 30], ..plain() }),
    ];
    let mut text = String::new();
    for (name, harness) in cases {
        let error = harness.build("seed").expect_err(name);
        writeln!(text, "{name}\n    {error}").unwrap();
    }
    insta::assert_snapshot!(text);
    for harmless in
        [with_register(0, 0), with_register(5, 0xffff_ffff), with_memory(0x10_0080), with_memory(0x7fff_ffff)]
    {
        assert!(harmless.build("seed").is_ok());
    }
    let longest = Harness { body: vec![code::NOP; BODY_INSTRUCTIONS_MAX], ..plain() };
    assert!(longest.build("seed").is_ok());
}

#[test]
fn bodies_of_safe_registers_pass_the_rule_and_so_do_words_that_do_not_decode() {
    // add t0, t1, t2; sw a0, 0(a7); xor t3, t6, zero; an illegal word
    let body = vec![0x0073_02b3, 0x00a8_a023, 0x000f_ce33, 0xffff_ffff];
    let harness = Harness { safe_registers: true, ..Harness::new(Platform::Standard, Isa::RV32IM, body) };
    assert!(harness.build("seed").is_ok());
    let listed = harness.undecodable();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].index, listed[0].word), (3, 0xffff_ffff));
}

#[test]
fn a_seed_brings_its_instructions_registers_and_memory() {
    let seed = Seed {
        instructions: EXAMPLE.to_vec(),
        registers: example(Platform::Standard, Isa::RV32IM).registers,
        memory: vec![MemoryInit { addr: Word(0x4000), hex: HexBytes(vec![1, 2, 3, 4]) }],
        ..Seed::default()
    };
    let guest = Harness::from_seed(&seed, Platform::Standard, Isa::RV32IM).build("seed").unwrap();
    assert_eq!(guest.read_word(0x4000), Some(0x0403_0201));
    let without_memory = example(Platform::Standard, Isa::RV32IM).build("seed").unwrap();
    assert_eq!(guest.harness, without_memory.harness);
}

#[test]
fn memory_at_whatever_address_is_placed_or_refused() {
    for (platform, isa) in [
        (Platform::Standard, Isa::RV32IM),
        (Platform::Standard, Isa::RV64IM),
        (Platform::OpenVm, Isa::RV32IM_OPENVM),
        (Platform::Risc0, Isa::RV32IM),
        (Platform::Sp1, Isa::RV64IM),
    ] {
        for address in [u64::MAX, u64::MAX - 1, 1 << 63, 1 << 32, u64::from(u32::MAX)] {
            let mut harness = Harness::new(platform, isa, EXAMPLE.to_vec());
            harness.memory = vec![MemoryInit { addr: Word(address), hex: HexBytes(vec![1, 2]) }];
            match harness.build("seed") {
                Ok(guest) => {
                    assert_eq!(guest.read_word(address).map(|word| word & 0xffff), Some(0x0201), "{address:#x}");
                }
                Err(error) => assert!(error.to_string().contains("initial memory"), "{platform} {address:#x}: {error}"),
            }
        }
    }
}

fn platform() -> impl Strategy<Value = (Platform, Isa)> {
    prop_oneof![
        Just((Platform::Standard, Isa::RV32IM)),
        Just((Platform::Standard, Isa::RV64IM)),
        Just((Platform::OpenVm, Isa::RV32IM_OPENVM)),
        Just((Platform::Risc0, Isa::RV32IM)),
        Just((Platform::Sp1, Isa::RV64IM)),
    ]
}

proptest! {
    #[test]
    fn whatever_the_body_and_registers_all_but_the_body_is_legal_code(
        (platform, isa) in platform(),
        body in prop::collection::vec(any::<u32>(), 1..20),
        registers in prop::collection::btree_map(1u8..32, any::<u64>(), 0..32),
        scratch in 1u8..32,
        commit in any::<bool>(),
    ) {
        let commitment = if commit { Commitment::Digest } else { Commitment::Absent };
        let harness = Harness {
            commitment,
            registers: registers.iter().map(|(&index, &value)| (register(index), Word(isa.xlen.truncate(value)))).collect(),
            scratch: register(scratch),
            ..Harness::new(platform, isa, body)
        };
        let guest = harness.build("seed").unwrap();
        let layout = guest.harness.as_ref().unwrap();
        for (address, word) in guest.parsed().unwrap().executable_words() {
            if layout.body_index(address).is_some() {
                continue;
            }
            let instruction = decode(word, isa);
            prop_assert!(instruction.is_ok(), "{address:#x} {word:#x}");
            // The epilogue writes no register but its own before all the others are in safety.
            let is_call = matches!(instruction, Ok(i) if i.opcode == Opcode::Ecall);
            prop_assert!(!is_call || address >= layout.epilogue_start + 32 * 4);
        }
    }
}
