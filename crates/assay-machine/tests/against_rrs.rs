//! Random straight-line rv32im programs on the machine and on `rrs-lib`, an executor that others wrote: after each,
//! all registers and all of the data memory must be the same.

use assay_isa::{Class, Extension, Format, Instruction, Isa, Opcode, encode};
use assay_machine::{
    Access, Config, End, Image, InstructionEvent, Observer, Permissions, Recorder, Records, Segment, Unobserved, run,
};
use assay_spec::Platform;
use assay_spec::trace::AccessKind;
use proptest::prelude::*;
use rrs_lib::instruction_executor::InstructionExecutor;
use rrs_lib::memories::VecMemory;
use rrs_lib::{HartState, MemAccessSize, Memory};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

const CODE: u32 = 0x2_0000;
/// Data memory, in the middle of which x8 points.
const DATA: u32 = 0x4_0000;
const DATA_BYTES: u32 = 0x2000;
const POINTER: u8 = 8;

/// What a program may do: everything of rv32im but jumps, calls and fences.
fn opcodes() -> Vec<Opcode> {
    let straight = |opcode: &&Opcode| {
        let entry = opcode.entry();
        matches!(entry.extension, Extension::I | Extension::M)
            && entry.xlen.contains(Isa::RV32IM.xlen)
            && !matches!(entry.class, Class::Branch | Class::Jump | Class::System | Class::Fence)
    };
    Opcode::ALL.iter().filter(straight).copied().collect()
}

fn value() -> impl Strategy<Value = u32> {
    let corners =
        prop::sample::select(vec![0, 1, 2, 31, 32, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, u32::MAX, u32::MAX - 1]);
    prop_oneof![corners, any::<u32>(), 0..64u32]
}

fn instruction() -> impl Strategy<Value = Instruction> {
    (prop::sample::select(opcodes()), 0..32u8, 0..32u8, 0..32u8, -2048..2048i32, any::<i32>()).prop_map(
        |(opcode, rd, rs1, rs2, short, long)| {
            // The pointer stays where it is, so that every access hits data memory.
            let rd = if rd == POINTER { 0 } else { rd };
            let fields = Instruction { opcode, rd, rs1, rs2, imm: 0 };
            match opcode.entry().format {
                Format::R => fields,
                Format::I => Instruction { rs2: 0, imm: short, ..fields },
                Format::Shift => Instruction { rs2: 0, imm: short & 31, ..fields },
                Format::Upper => Instruction { rs1: 0, rs2: 0, imm: long & !0xfff, ..fields },
                // `rrs-lib` refuses misaligned accesses; `rv64/memory.s` has them.
                Format::Load => Instruction { rs1: POINTER, rs2: 0, imm: short & !(size(opcode) - 1), ..fields },
                Format::Store => Instruction { rd: 0, rs1: POINTER, imm: short & !(size(opcode) - 1), ..fields },
                format => unreachable!("{format:?}"),
            }
        },
    )
}

/// Bytes of a load or store.
fn size(opcode: Opcode) -> i32 {
    match opcode {
        Opcode::Lb | Opcode::Lbu | Opcode::Sb => 1,
        Opcode::Lh | Opcode::Lhu | Opcode::Sh => 2,
        _ => 4,
    }
}

/// A memory of `rrs-lib` with code and data at their addresses.
struct TwoParts {
    code: VecMemory,
    data: VecMemory,
}

impl Memory for TwoParts {
    fn read_mem(&mut self, address: u32, size: MemAccessSize) -> Option<u32> {
        match address.checked_sub(DATA) {
            Some(offset) => self.data.read_mem(offset, size),
            None => self.code.read_mem(address - CODE, size),
        }
    }

    fn write_mem(&mut self, address: u32, size: MemAccessSize, value: u32) -> bool {
        self.data.write_mem(address - DATA, size, value)
    }
}

/// Data memory as the machine left it: what was there, with the stores that it showed.
#[derive(Default)]
struct Stores(BTreeMap<u64, u8>);

impl Observer for Stores {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        for access in event.accesses {
            if let Access::Memory(memory) = access
                && memory.kind == AccessKind::Write
            {
                let bytes = memory.after.to_le_bytes();
                self.0.extend((memory.address..).zip(bytes.into_iter().take(memory.size.into())));
            }
        }
        ControlFlow::Continue(())
    }
}

fn machine_image(words: &[u32]) -> Image {
    let segment = |address: u32, bytes: Vec<u8>, permissions| Segment {
        address: address.into(),
        size: bytes.len() as u64,
        bytes,
        permissions,
    };
    let code = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let data = (0..DATA_BYTES).map(|index| (index * 7) as u8).collect();
    Image {
        entry: CODE.into(),
        segments: vec![segment(CODE, code, Permissions::RX), segment(DATA, data, Permissions::RW)],
    }
}

/// Instructions that set every register, without help from the ones under test but LUI and ADDI.
fn set_registers(values: &[u32]) -> Vec<Instruction> {
    let mut all = Vec::new();
    for (register, &value) in (1..32).zip(values) {
        let value = if register == POINTER { DATA + DATA_BYTES / 2 } else { value } as i32;
        let low = value << 20 >> 20;
        let upper = value.wrapping_sub(low);
        all.push(Instruction { rd: register, imm: upper, ..Instruction::new(Opcode::Lui) });
        all.push(Instruction { rd: register, rs1: register, imm: low, ..Instruction::new(Opcode::Addi) });
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn straight_line_programs_leave_the_same_registers_and_memory_as_rrs(
        values in prop::collection::vec(value(), 31),
        body in prop::collection::vec(instruction(), 1..100),
    ) {
        let program: Vec<_> = set_registers(&values).into_iter().chain(body).collect();
        let words: Vec<u32> = program.iter().map(|instruction| encode(instruction).unwrap()).collect();

        let image = machine_image(&words);
        let mut memory = TwoParts {
            code: VecMemory::new(words.clone()),
            data: VecMemory::new(
                image.segments[1].bytes.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect(),
            ),
        };
        let mut hart = HartState::new();
        hart.pc = CODE;
        for _ in &words {
            InstructionExecutor { mem: &mut memory, hart_state: &mut hart }.step().unwrap();
        }

        let mut config = Config::new(Isa::RV32IM, Platform::Standard);
        config.max_steps = words.len() as u64;
        let mut stores = Stores::default();
        let run = run(&image, &[], &config, &mut stores).unwrap();
        prop_assert_eq!(&run.end, &End::StepLimit);
        for register in 1..32 {
            prop_assert_eq!(run.registers[register], u64::from(hart.registers[register]), "x{}", register);
        }
        let mut data = image.segments[1].bytes.clone();
        for (address, byte) in stores.0 {
            data[(address - u64::from(DATA)) as usize] = byte;
        }
        let theirs: Vec<u8> = memory.data.mem.iter().flat_map(|word| word.to_le_bytes()).collect();
        prop_assert_eq!(data, theirs);

        // Watching changes nothing, nor does what is recorded.
        prop_assert_eq!(&assay_machine::run(&image, &[], &config, &mut Unobserved).unwrap(), &run);
        let mut records = 0_u64;
        let mut sink = |_| { records += 1; ControlFlow::Continue(()) };
        let mut recorder = Recorder::new(&mut sink, Records::Instructions);
        prop_assert_eq!(&assay_machine::run(&image, &[], &config, &mut recorder).unwrap(), &run);
        prop_assert_eq!(records, run.instructions);
    }
}
