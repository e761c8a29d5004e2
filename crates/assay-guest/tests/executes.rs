//! The harness on an executor that shares no code with Assay: what its instructions do, not what they are meant to do.

use std::collections::BTreeMap;

use assay_guest::{Guest, Harness, body_from_text};
use assay_isa::Isa;
use assay_spec::{HexBytes, MemoryInit, Platform, Register, Word};
use proptest::prelude::*;
use rrs_lib::{HartState, MemAccessSize, Memory, instruction_executor::InstructionExecutor};

const STEPS_MAX: usize = 10_000;

/// Only what segments bring is there.
struct Bytes(BTreeMap<u32, u8>);

impl Bytes {
    fn of(guest: &Guest) -> Self {
        let segments = guest.parsed().expect("it is for a hart").segments.iter();
        Self(
            segments
                .flat_map(|segment| {
                    let zeros = segment.memory_size as usize - segment.bytes.len();
                    let bytes = segment.bytes.iter().copied().chain(vec![0; zeros]);
                    (segment.address as u32..).zip(bytes)
                })
                .collect(),
        )
    }

    fn slice(&self, address: u32, length: u32) -> Vec<u8> {
        (address..address + length).map(|at| self.0[&at]).collect()
    }
}

fn width(size: MemAccessSize) -> u32 {
    match size {
        MemAccessSize::Byte => 1,
        MemAccessSize::HalfWord => 2,
        MemAccessSize::Word => 4,
    }
}

impl Memory for Bytes {
    fn read_mem(&mut self, address: u32, size: MemAccessSize) -> Option<u32> {
        (0..width(size)).try_fold(0, |value, offset| {
            let byte = self.0.get(&address.wrapping_add(offset))?;
            Some(value | u32::from(*byte) << (8 * offset))
        })
    }

    fn write_mem(&mut self, address: u32, size: MemAccessSize, value: u32) -> bool {
        (0..width(size)).all(|offset| {
            let byte = self.0.get_mut(&address.wrapping_add(offset));
            byte.map(|byte| *byte = (value >> (8 * offset)) as u8).is_some()
        })
    }
}

/// What the guest makes public, once it has halted with exit code 0.
fn output_of(guest: &Guest) -> Vec<u8> {
    let mut memory = Bytes::of(guest);
    let mut hart = HartState::new();
    hart.pc = guest.parsed().expect("it is for a hart").entry as u32;
    let mut output = Vec::new();
    if guest.platform == Platform::OpenVm {
        output = vec![0; 256];
    }
    for _ in 0..STEPS_MAX {
        let word = memory.read_mem(hart.pc, MemAccessSize::Word).expect("pc is in memory");
        let [rd, rs1] = [7, 15].map(|shift| hart.registers[(word >> shift & 31) as usize]);
        match (guest.platform, word & 0x7f, word >> 12 & 7) {
            (Platform::Standard, 0x73, 0) => match hart.registers[5] {
                0x00 => {
                    assert_eq!(hart.registers[10], 0, "exit code");
                    return output;
                }
                0x10 => {
                    output.extend(memory.slice(hart.registers[10], hart.registers[11]));
                    hart.pc += 4;
                }
                other => panic!("selector {other:#x}"),
            },
            (Platform::Risc0, 0x73, 0) => match hart.registers[5] {
                0 => {
                    assert_eq!(hart.registers[10], 0, "halt type and exit code");
                    assert_eq!(memory.slice(hart.registers[11], 32), [0; 32], "no digest");
                    return output;
                }
                2 => {
                    let name = b"risc0_zkvm_platform::syscall::nr::SYS_WRITE\0";
                    assert_eq!(memory.slice(hart.registers[12], name.len() as u32), name);
                    let [nothing, no_words, fd, number] = [10, 11, 13, 31].map(|index| hart.registers[index]);
                    assert_eq!((nothing, no_words, fd, number), (0, 0, 3, 16));
                    output.extend(memory.slice(hart.registers[14], hart.registers[15]));
                    hart.pc += 4;
                }
                other => panic!("service {other}"),
            },
            (Platform::OpenVm, 0x0b, 0) => {
                assert_eq!(word >> 20, 0, "exit code");
                return output;
            }
            (Platform::OpenVm, 0x0b, 2) => {
                let offset = rd.wrapping_add_signed(word as i32 >> 20) as usize;
                output[offset..offset + 4].copy_from_slice(&rs1.to_le_bytes());
                hart.pc += 4;
            }
            _ => InstructionExecutor { mem: &mut memory, hart_state: &mut hart }.step().expect("a legal instruction"),
        }
    }
    panic!("no end");
}

const TARGETS: [(Platform, Isa); 3] =
    [(Platform::Standard, Isa::RV32IM), (Platform::OpenVm, Isa::RV32IM_OPENVM), (Platform::Risc0, Isa::RV32IM)];

fn register(index: u8) -> Register {
    Register::new(index).expect("an index below 32")
}

#[test]
fn the_example_ends_with_the_registers_that_one_computes_by_hand() {
    let text = "add x14, x1, x5\naddi x7, x7, 1\nli x5, 2\nbne x7, x5, -16\nli x7, 25\nxor x10, x14, x7";
    for (platform, isa) in TARGETS {
        let mut harness = Harness::new(platform, isa, Vec::new());
        harness.registers = [(6, 28), (7, 0), (1, 15), (5, 11), (10, 0), (14, 0)]
            .into_iter()
            .map(|(index, value)| (register(index), Word(value)))
            .collect();
        harness.body = body_from_text(text, isa, "--asm", harness.body_start()).unwrap();
        let guest = harness.build("seed").unwrap();
        let registers = guest.harness.as_ref().unwrap().registers(&output_of(&guest)).unwrap();
        // The branch goes back once, to the last nop of the pad; x14 is 15 + 11, then 15 + 2; x10 is 17 ^ 25.
        let wanted = BTreeMap::from([(1, 15), (5, 2), (6, 28), (7, 25), (10, 8), (14, 17)]);
        assert_eq!(registers.len(), 31);
        for (found, value) in registers {
            let wanted = wanted.get(&found.index()).copied().unwrap_or(0);
            assert_eq!(value.0, wanted, "{found} on {platform}");
        }
    }
}

#[test]
fn the_body_sees_its_initial_memory_and_a_branch_may_leave_it_by_a_pad() {
    // The jump leads to the last nop of the pad behind the body, so that x6 is not set.
    let text = "lui x7, 32\nlw x5, 0(x7)\nlw x10, 4(x7)\nsw x5, 4(x7)\nlbu x28, 6(x7)\nj 132\nli x6, 1";
    for (platform, isa) in TARGETS {
        let body = body_from_text(text, isa, "--asm", 0).unwrap();
        let harness = Harness {
            memory: vec![MemoryInit { addr: Word(0x2_0002), hex: HexBytes(vec![1, 2, 3, 0x84]) }],
            ..Harness::new(platform, isa, body)
        };
        let guest = harness.build("seed").unwrap();
        let registers = guest.harness.as_ref().unwrap().registers(&output_of(&guest)).unwrap();
        assert_eq!(registers[&register(5)], Word(0x0201_0000));
        assert_eq!(registers[&register(10)], Word(0x8403));
        assert_eq!(registers[&register(28)], Word(1));
        assert_eq!(registers[&register(6)], Word(0));
    }
}

proptest! {
    #[test]
    fn whatever_registers_start_with_is_reported_but_for_the_scratch_register(
        values in prop::collection::btree_map(1u8..32, any::<u32>(), 0..32),
        scratch in 1u8..32,
    ) {
        for (platform, isa) in TARGETS {
            let harness = Harness {
                registers: values.iter().map(|(&index, &value)| (register(index), Word(value.into()))).collect(),
                scratch: register(scratch),
                ..Harness::new(platform, isa, vec![0x13])
            };
            let guest = harness.build("seed").unwrap();
            let output = output_of(&guest);
            let slot = usize::from(scratch) * 4;
            prop_assert_eq!(&output[slot..slot + 4], [0; 4]);
            let registers = guest.harness.as_ref().unwrap().registers(&output).unwrap();
            for index in (0..32).filter(|&index| index != scratch) {
                let wanted = values.get(&index).copied().unwrap_or(0);
                prop_assert_eq!(registers[&register(index)], Word(wanted.into()));
            }
        }
    }
}
