//! Random sequences on a warm runner, against the reference machine.

use assay_backend::{Backend, CancelToken, Job, Limits, Reference, Registry, RunnerBackend};
use assay_guest::Harness;
use assay_isa::{Format, Instruction, Isa, Opcode, Xlen, encode};
use assay_oracle::{Observation, compare};
use assay_spec::{MemoryInit, Platform, Register, Verdict, Word};

/// Sequences of one run of the test.
const SEQUENCES: u64 = 150;
/// Instructions of each.
const INSTRUCTIONS: usize = 32;
/// Where loads and stores go.
const MEMORY: u64 = 0x40_0000;

/// `SplitMix64`: any generator does, as long as the same seed gives the same sequences everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Values at which arithmetic goes wrong first.
const CORNERS: [u64; 9] = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff, 0xffff_0000];
/// Registers of the sequence; x5 holds the address of the memory and is never written.
const REGISTERS: [u8; 10] = [6, 7, 10, 11, 12, 13, 14, 28, 29, 0];

fn instruction(random: &mut Random, opcodes: &[Opcode]) -> u32 {
    let opcode = random.pick(opcodes);
    let (rd, rs1, rs2) = (random.pick(&REGISTERS), random.pick(&REGISTERS), random.pick(&REGISTERS));
    let mut instruction = Instruction { opcode, rd, rs1, rs2, imm: 0 };
    let entry = opcode.entry();
    match entry.format {
        Format::R => {}
        Format::Shift => {
            instruction.rs2 = 0;
            instruction.imm = random.below(32) as i32;
        }
        Format::Upper => {
            (instruction.rs1, instruction.rs2) = (0, 0);
            instruction.imm = (random.next() as i32) & !0xfff;
        }
        Format::Load => {
            (instruction.rs1, instruction.rs2) = (5, 0);
            instruction.imm = random.below(16) as i32 * 4;
        }
        Format::Store => {
            (instruction.rs1, instruction.rd) = (5, 0);
            instruction.imm = random.below(16) as i32 * 4;
        }
        Format::Branch | Format::Jump => {
            // Forwards only, so that every sequence ends.
            if entry.format == Format::Jump {
                (instruction.rs1, instruction.rs2) = (0, 0);
            } else {
                instruction.rd = 0;
            }
            instruction.imm = 4 + random.below(4) as i32 * 4;
        }
        _ => {
            instruction.rs2 = 0;
            instruction.imm = random.below(4096) as i32 - 2048;
        }
    }
    encode(&instruction).expect("operands are in range")
}

fn harness(seed: u64, opcodes: &[Opcode]) -> Harness {
    let mut random = Random(seed);
    let body = (0..INSTRUCTIONS).map(|_| instruction(&mut random, opcodes)).collect();
    let mut harness = Harness::new(Platform::OpenVm, Isa::RV32IM_OPENVM, body);
    for index in REGISTERS.into_iter().filter(|&index| index != 0) {
        let value = if random.below(2) == 0 { random.pick(&CORNERS) } else { random.next() & 0xffff_ffff };
        harness.registers.insert(Register::new(index).expect("a register"), Word(value));
    }
    harness.registers.insert(Register::new(5).expect("a register"), Word(MEMORY));
    let bytes: Vec<u8> = (0..64).map(|_| random.next() as u8).collect();
    harness.memory.push(MemoryInit { addr: Word(MEMORY), hex: bytes.into() });
    harness
}

#[test]
#[ignore = "needs the openvm runner"]
fn random_sequences_over_every_rv32im_instruction_agree() {
    let opcodes: Vec<Opcode> = Opcode::ALL
        .iter()
        .copied()
        .filter(|opcode| {
            let entry = opcode.entry();
            let straight = matches!(
                entry.format,
                Format::R
                    | Format::I
                    | Format::Shift
                    | Format::Upper
                    | Format::Load
                    | Format::Store
                    | Format::Branch
                    | Format::Jump
            );
            let known = matches!(entry.extension, assay_isa::Extension::I | assay_isa::Extension::M);
            straight && known && entry.xlen.contains(Xlen::Rv32) && *opcode != Opcode::Jalr
        })
        .collect();
    // All of RV32IM but JALR, the fence, ECALL and EBREAK.
    assert_eq!(opcodes.len(), 44, "{opcodes:?}");

    let cancel = CancelToken::new();
    let registry = Registry::from_environment(None).expect("a registry");
    let mut openvm = RunnerBackend::open(&registry, "openvm", cancel.clone()).expect("the runner is installed");
    let mut reference = Reference::new(cancel);
    let limits = Limits::default();
    for seed in 0..SEQUENCES {
        let guest = harness(seed, &opcodes).build("random").expect("a guest");
        let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
        let baseline = reference.execute(&job).expect("a run");
        let target = openvm.execute(&job).expect("a run");
        let registers = |output: &[u8]| guest.harness.as_ref().and_then(|layout| layout.registers(output));
        let (left, right) = (registers(&baseline.run.output.0), registers(&target.run.output.0));
        let verdict = compare(
            Observation { outcome: &baseline, reported: left.as_ref() },
            Observation { outcome: &target, reported: right.as_ref() },
        );
        assert_eq!(verdict, Verdict::Agree, "seed {seed}: {:?} {:?}", baseline.run, target.run);
        assert_eq!(baseline.run.status, assay_spec::Status::Ok, "seed {seed}");
    }
}
