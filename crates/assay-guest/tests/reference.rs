//! The harness on the reference machine, on every platform and register width.

use std::{collections::BTreeMap, ops::ControlFlow};

use assay_guest::{Commitment, Guest, Harness, body_from_text};
use assay_isa::{Class, Format, Instruction, Isa, Opcode, Xlen, encode};
use assay_machine::{
    Access, Config, End, Image, InstructionEvent, Observer, Permissions, Run, Segment, Unobserved, run,
};
use assay_spec::{Digest, HexBytes, MemoryInit, Platform, Register, RegisterFile, Word, trace::AccessKind};
use proptest::prelude::*;

const TARGETS: [(Platform, Isa); 5] = [
    (Platform::Standard, Isa::RV32IM),
    (Platform::Standard, Isa::RV64IM),
    (Platform::OpenVm, Isa::RV32IM_OPENVM),
    (Platform::Risc0, Isa::RV32IM),
    (Platform::Sp1, Isa::RV64IM),
];

fn image(guest: &Guest) -> Image {
    let parsed = guest.parsed().expect("it is for a hart");
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
    Image { entry: parsed.entry, segments: segments.collect() }
}

fn execute(guest: &Guest) -> Run {
    let config = Config { max_steps: STEPS_MAX, ..Config::new(guest.isa().expect("it is for a hart"), guest.platform) };
    run(&image(guest), &[], &config, &mut Unobserved).expect("a harness loads")
}

/// Keeps what a guest commits to: the digest that it hands to the platform.
#[derive(Default)]
struct Committed {
    platform: Option<Platform>,
    memory: BTreeMap<u64, u8>,
    digest: Vec<u8>,
    deferred: Vec<u64>,
}

impl Observer for Committed {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        for access in event.accesses {
            match (self.platform, access) {
                (_, Access::Memory(memory)) if memory.kind == AccessKind::Write => {
                    let bytes = memory.after.to_le_bytes();
                    self.memory.extend((memory.address..).zip(bytes[..usize::from(memory.size)].iter().copied()));
                }
                // HALT's digest, in memory.
                (Some(Platform::Risc0), Access::Call { selector: 0, arguments: [_, address, _] }) => {
                    self.digest = (*address..address + 32).filter_map(|at| self.memory.get(&at).copied()).collect();
                }
                // COMMIT's words, each with its index.
                (Some(Platform::Sp1), Access::Call { selector: 0x10, arguments: [index, word, _] }) => {
                    assert_eq!(self.digest.len() as u64, index * 4);
                    self.digest.extend(u32::try_from(*word).expect("a word").to_le_bytes());
                }
                (Some(Platform::Sp1), Access::Call { selector: 0x1a, arguments: [index, word, _] }) => {
                    assert_eq!((*index, *word), (self.deferred.len() as u64, 0));
                    self.deferred.push(*word);
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }
}

fn committed(guest: &Guest) -> (Run, Committed) {
    let mut committed = Committed { platform: Some(guest.platform), ..Committed::default() };
    let config = Config { max_steps: STEPS_MAX, ..Config::new(guest.isa().expect("it is for a hart"), guest.platform) };
    let run = run(&image(guest), &[], &config, &mut committed).expect("a harness loads");
    (run, committed)
}

/// The digest that a proof of a guest with this output commits to: for RISC Zero of `risc0.Output` with the journal and no
/// assumptions (`risc0-zkvm` 3.0.6, `claim/receipt.rs`), for SP1 of the public values.
fn expected_digest(platform: Platform, output: &[u8]) -> Vec<u8> {
    if platform == Platform::Sp1 {
        return Digest::of(output).0.to_vec();
    }
    let tagged = [&Digest::of(b"risc0.Output").0[..], &Digest::of(output).0, &[0; 32], &[2, 0]].concat();
    Digest::of(&tagged).0.to_vec()
}

/// Far more than any guest here needs.
const STEPS_MAX: u64 = 1_000_000;

/// The final registers that a guest reports, which must have halted with exit code 0.
fn reported(guest: &Guest) -> RegisterFile {
    let run = execute(guest);
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    let layout = guest.harness.as_ref().expect("a harness");
    layout.registers(&run.output).expect("registers in the output")
}

fn register(index: u8) -> Register {
    Register::new(index).expect("an index below 32")
}

#[test]
fn the_example_ends_with_the_same_registers_everywhere() {
    let text = "add x14, x1, x5\naddi x7, x7, 1\nli x5, 2\nbne x7, x5, -16\nli x7, 25\nxor x10, x14, x7";
    for (platform, isa) in TARGETS {
        let mut harness = Harness::new(platform, isa, Vec::new());
        harness.registers = [(6, 28), (7, 0), (1, 15), (5, 11), (10, 0), (14, 0)]
            .map(|(index, value)| (register(index), Word(value)))
            .into();
        harness.body = body_from_text(text, isa, "--asm", harness.body_start()).expect("a body");
        let registers = reported(&harness.build("seed").expect("a guest"));
        // The branch goes back once, to the last nop of the pad; x14 is 15 + 11, then 15 + 2; x10 is 17 ^ 25.
        let wanted = BTreeMap::from([(1, 15), (5, 2), (6, 28), (7, 25), (10, 8), (14, 17)]);
        assert_eq!(registers.len(), 31);
        for (found, value) in registers {
            let wanted = wanted.get(&found.index()).copied().unwrap_or(0);
            assert_eq!(value.0, wanted, "{found} on {platform} {isa}");
        }
    }
}

#[test]
fn a_body_that_halts_by_itself_reports_no_registers() {
    // li t0, 0; ecall
    let harness = Harness::new(Platform::Standard, Isa::RV64IM, vec![0x0000_0293, 0x73]);
    let guest = harness.build("seed").expect("a guest");
    let run = execute(&guest);
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!(guest.harness.expect("a harness").registers(&run.output), None);
}

#[test]
fn what_a_body_writes_out_stands_before_its_registers() {
    let text = "li a0, 0x8000\nli a1, 3\nli t0, 0x10\necall";
    let isa = Isa::RV64IM;
    let body = body_from_text(text, isa, "--asm", 0).expect("a body");
    let harness = Harness {
        memory: vec![MemoryInit { addr: Word(0x8000), hex: HexBytes(b"abc".to_vec()) }],
        ..Harness::new(Platform::Standard, isa, body)
    };
    let guest = harness.build("seed").expect("a guest");
    assert!(execute(&guest).output.starts_with(b"abc"));
    assert_eq!(reported(&guest)[&register(10)], Word(0x8000));
}

#[test]
fn a_sequence_sees_its_initial_memory_wherever_it_is() {
    let text = "lui x7, 0x20\nlw x5, 0(x7)\nlw x10, 4(x7)\nsw x5, 4(x7)\nlbu x28, 6(x7)\nlw x29, 12(x7)";
    for (platform, isa) in TARGETS {
        let body = body_from_text(text, isa, "--asm", 0).expect("a body");
        let harness = Harness {
            memory: vec![
                MemoryInit { addr: Word(0x2_0002), hex: HexBytes(vec![1, 2, 3, 0x84]) },
                MemoryInit { addr: Word(0x2_000c), hex: HexBytes(vec![0, 0, 0, 0xff]) },
            ],
            ..Harness::new(platform, isa, body)
        };
        let registers = reported(&harness.build("seed").expect("a guest"));
        let wanted = BTreeMap::from([(5, 0x0201_0000), (7, 0x2_0000), (10, 0x8403), (28, 1), (29, -0x0100_0000i64)]);
        for (register, value) in registers {
            let wanted = wanted.get(&register.index()).copied().unwrap_or(0) as u64;
            assert_eq!(value.0, isa.xlen.truncate(wanted), "{register} on {platform} {isa}");
        }
    }
}

#[test]
fn guests_commit_to_what_they_make_public_if_they_are_asked_to() {
    for (platform, isa) in TARGETS {
        let absent = Harness::new(platform, isa, vec![0x0070_0293]);
        let digest = Harness { commitment: Commitment::Digest, ..absent.clone() };
        let [absent, digest] = [absent, digest].map(|harness| harness.build("seed").expect("a guest"));
        assert_eq!(reported(&absent), reported(&digest), "{platform}");
        let asks = matches!(platform, Platform::Risc0 | Platform::Sp1);
        assert_eq!(absent.elf == digest.elf, !asks, "{platform}");
        let (run, committed) = committed(&digest);
        if asks {
            assert_eq!(committed.digest, expected_digest(platform, &run.output), "{platform}");
            assert_eq!(committed.deferred.len(), if platform == Platform::Sp1 { 8 } else { 0 });
        }
    }
}

/// The register that holds the address of [`DATA`] in random sequences, which leave it alone.
const BASE: u8 = 8;
/// Where random sequences load and store, between these many bytes below and above.
const DATA: u64 = 0x2_0400;
const REACH: i32 = 0x200;

/// An instruction of RV32IM, which is one of RV64IM as well: loads and stores go to aligned addresses around [`DATA`], and
/// jumps go over the next instruction.
fn instruction() -> impl Strategy<Value = u32> {
    let plain: Vec<Opcode> = Opcode::ALL
        .iter()
        .copied()
        .filter(|opcode| !matches!(opcode.entry().class, Class::Fence | Class::System) && *opcode != Opcode::Jalr)
        .filter(|opcode| assay_isa::decode(opcode.entry().value, Isa::RV32IM).is_ok())
        .collect();
    assert_eq!(plain.len(), 44);
    (prop::sample::select(plain), any::<[u8; 3]>(), any::<i32>()).prop_map(|(opcode, registers, imm)| {
        let [rd, rs1, rs2] = registers.map(|register| register % 32);
        let fields = opcode.entry().format.fields();
        let keep = |present, register| if present { register } else { 0 };
        let imm = match opcode.entry().format {
            Format::I => imm % 2048,
            Format::Shift => imm & 31,
            Format::Upper => imm & !0xfff,
            Format::Branch | Format::Jump => 8,
            Format::Load | Format::Store => {
                let size = i32::from(opcode.access_bytes().expect("an access"));
                imm % (REACH / size) * size
            }
            _ => 0,
        };
        let accesses = opcode.access_bytes().is_some();
        let instruction = Instruction {
            opcode,
            rd: keep(fields.rd, if rd == BASE { 0 } else { rd }),
            rs1: keep(fields.rs1, if accesses { BASE } else { rs1 }),
            rs2: keep(fields.rs2, rs2),
            imm,
        };
        encode(&instruction).expect("a sound instruction")
    })
}

proptest! {
    #[test]
    fn a_sequence_ends_with_the_same_registers_on_all_platforms_of_a_width(
        body in prop::collection::vec(instruction(), 1..60),
        data in prop::collection::vec(any::<u8>(), 0..64),
        values in prop::collection::btree_map(1u8..32, any::<u32>(), 0..32),
        commit in any::<bool>(),
    ) {
        let commitment = if commit { Commitment::Digest } else { Commitment::Absent };
        for xlen in [Xlen::Rv32, Xlen::Rv64] {
            // AUIPC and JAL tell where they stand, which is elsewhere on SP1.
            let tells = |word: &u32| matches!(word & 0x7f, 0x17 | 0x6f);
            let body: Vec<u32> = body.iter().copied().filter(|word| xlen == Xlen::Rv32 || !tells(word)).collect();
            if body.is_empty() {
                continue;
            }
            let mut all = TARGETS.into_iter().filter(|(_, isa)| isa.xlen == xlen).map(|(platform, isa)| {
                let mut registers: RegisterFile =
                    values.iter().map(|(&index, &value)| (register(index), Word(value.into()))).collect();
                registers.insert(register(BASE), Word(DATA));
                let memory = vec![MemoryInit { addr: Word(DATA), hex: HexBytes(data.clone()) }];
                let harness = Harness { registers, memory, commitment, ..Harness::new(platform, isa, body.clone()) };
                let guest = harness.build("seed").expect("a guest");
                if commit && matches!(platform, Platform::Risc0 | Platform::Sp1) {
                    let (run, committed) = committed(&guest);
                    assert_eq!(committed.digest, expected_digest(platform, &run.output));
                }
                reported(&guest)
            });
            let standard = all.next().expect("a first platform");
            for other in all {
                prop_assert_eq!(&other, &standard);
            }
        }
    }

    #[test]
    fn whatever_registers_start_with_is_reported_but_for_the_scratch_register(
        values in prop::collection::btree_map(1u8..32, (any::<u64>(), 0u32..64), 0..32),
        scratch in 1u8..32,
    ) {
        for (platform, isa) in TARGETS {
            let start: RegisterFile = values
                .iter()
                .map(|(&index, &(value, shift))| (register(index), Word(isa.xlen.truncate(value >> shift))))
                .collect();
            let harness = Harness {
                registers: start.clone(),
                scratch: register(scratch),
                ..Harness::new(platform, isa, vec![0x13])
            };
            let registers = reported(&harness.build("seed").expect("a guest"));
            prop_assert_eq!(registers.len(), 31);
            for (register, value) in registers {
                prop_assert_ne!(register.index(), scratch);
                prop_assert_eq!(value, start.get(&register).copied().unwrap_or_default());
            }
        }
    }

    #[test]
    fn a_short_branch_out_of_the_body_reaches_the_epilogue(offset in 1i32..=32, xlen in prop_oneof![Just(Xlen::Rv32), Just(Xlen::Rv64)]) {
        for (platform, isa) in TARGETS.into_iter().filter(|(_, isa)| isa.xlen == xlen) {
            // From the last instruction to the `offset`th nop behind it.
            let text = format!("li x5, 7\nj {}", offset * 4);
            let body = body_from_text(&text, isa, "--asm", 0).expect("a body");
            let guest = Harness::new(platform, isa, body).build("seed").expect("a guest");
            prop_assert_eq!(reported(&guest)[&register(5)], Word(7));
        }
    }
}
