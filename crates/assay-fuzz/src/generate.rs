//! Random instruction sequences that decode, end, and leave the harness alone.
//!
//! Every instruction comes from the ISA's table. A sequence touches only the registers that a body may always use and one
//! window of memory; branches go forward by a few instructions, and loops count down a register that nothing else in them
//! writes. There are no calls, no indirect jumps and no vendor instructions. The same seed gives the same sequence.

use assay_guest::harness::SAFE_REGISTERS;
use assay_isa::{Class, Format, Instruction, Isa, Opcode, TABLE, decode, encode, load_constant};
use assay_spec::{HexBytes, MemoryInit, Register, Seed, Word};

use crate::random::Random;

/// Where the window of memory begins, on every platform but SP1, whose guests may not have data there.
pub const WINDOW_START: u64 = 0x0040_0000;

/// Bytes of the window: what loads and stores reach from its middle.
pub const WINDOW_BYTES: usize = 4096;

/// What sequences are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What they are written in.
    pub isa: Isa,
    /// How many instructions they have, setting up the window of memory included; at least [`Self::LENGTH_MIN`].
    pub length: usize,
    /// Loops: one instruction in so many begins one; 0 for none.
    pub loop_once_in: usize,
    /// Initial bytes of memory.
    pub memory_bytes: usize,
}

impl Shape {
    /// Room for an instruction after the window was set up.
    pub const LENGTH_MIN: usize = 4;

    /// `length` instructions, with a few loops, and 64 bytes of memory.
    pub fn new(isa: Isa, length: usize) -> Self {
        Self { isa, length, loop_once_in: 40, memory_bytes: 64 }
    }
}

/// Holds the address of the window's middle; the last of the registers that a body may always use.
const BASE: u8 = 31;

/// Counts loops; not written by anything else.
const COUNTER: u8 = 30;

/// Longest body of a loop, and most rounds.
const LOOP_BODY_MAX: usize = 12;
const LOOP_ROUNDS_MAX: usize = 5;

/// Farthest target of a branch, in instructions.
const BRANCH_MAX: usize = 8;

/// The sequence of `seed`.
pub fn sequence(shape: &Shape, seed: u64) -> Seed {
    let mut generator = Generator { shape, random: Random::new(seed), words: Vec::new(), farthest_target: 0 };
    generator.set_base();
    while generator.words.len() < shape.length {
        generator.next();
    }
    generator.words.truncate(shape.length.max(Shape::LENGTH_MIN));
    let random = &mut generator.random;
    let registers =
        free_registers().map(|register| (register_of(register), Word(shape.isa.xlen.truncate(value(random)))));
    let registers = registers.filter(|(_, value)| value.0 != 0).collect();
    let bytes: Vec<u8> = (0..shape.memory_bytes.min(WINDOW_BYTES)).map(|_| random.bits() as u8).collect();
    let middle = WINDOW_START + WINDOW_BYTES as u64 / 2;
    let memory = MemoryInit { addr: Word(middle - bytes.len() as u64 / 2), hex: HexBytes(bytes) };
    let memory = if memory.hex.0.is_empty() { Vec::new() } else { vec![memory] };
    Seed { instructions: generator.words, registers, memory, metadata: serde_json::Map::new() }
}

fn register_of(index: u8) -> Register {
    Register::new(index).expect("the safe registers are registers")
}

/// The registers that random instructions may write.
fn free_registers() -> impl Iterator<Item = u8> {
    SAFE_REGISTERS.into_iter().filter(|register| ![BASE, COUNTER].contains(register))
}

/// A register's initial value: small, near a power of two, or anything.
fn value(random: &mut Random) -> u64 {
    match random.below(4) {
        0 => random.below(16) as u64,
        1 => (random.below(16) as u64).wrapping_neg(),
        2 => (1u64 << random.below(64)).wrapping_add(random.below(3) as u64).wrapping_sub(1),
        _ => random.bits(),
    }
}

struct Generator<'a> {
    shape: &'a Shape,
    random: Random,
    words: Vec<u32>,
    /// Where the farthest branch so far goes. A loop does not begin before that, so that nothing skips its counter.
    farthest_target: usize,
}

impl Generator<'_> {
    fn push(&mut self, instruction: Instruction) {
        self.words.push(encode(&instruction).expect("generated operands are in range"));
    }

    fn set_base(&mut self) {
        let middle = WINDOW_START + WINDOW_BYTES as u64 / 2;
        for instruction in load_constant(BASE, middle as i64, self.shape.isa.xlen) {
            self.push(instruction);
        }
    }

    fn next(&mut self) {
        let left = self.shape.length.saturating_sub(self.words.len());
        let wants_loop = self.shape.loop_once_in > 0 && self.random.once_in(self.shape.loop_once_in);
        if wants_loop && left > LOOP_BODY_MAX + 3 && self.farthest_target <= self.words.len() {
            self.loop_();
        } else {
            self.straight(left);
        }
    }

    /// An instruction that goes on at most `left` instructions ahead.
    fn straight(&mut self, left: usize) {
        let instruction = self.instruction(left);
        if matches!(instruction.opcode.entry().class, Class::Branch | Class::Jump) {
            self.farthest_target = self.farthest_target.max(self.words.len() + instruction.imm as usize / 4);
        }
        self.push(instruction);
    }

    /// `rounds` times a few instructions.
    fn loop_(&mut self) {
        let rounds = 1 + self.random.below(LOOP_ROUNDS_MAX) as i32;
        let body = 1 + self.random.below(LOOP_BODY_MAX);
        self.push(Instruction { rd: COUNTER, imm: rounds, ..Instruction::new(Opcode::Addi) });
        for position in 0..body {
            self.straight(body - position);
        }
        self.push(Instruction { rd: COUNTER, rs1: COUNTER, imm: -1, ..Instruction::new(Opcode::Addi) });
        let back = -4 * (body as i32 + 1);
        self.push(Instruction { rs1: COUNTER, imm: back, ..Instruction::new(Opcode::Bne) });
    }

    fn instruction(&mut self, left: usize) -> Instruction {
        loop {
            let entry = self.random.pick(TABLE);
            let isa = self.shape.isa;
            let exists = isa.ext.contains(entry.extension) && entry.xlen.contains(isa.xlen);
            // Atomics need addresses of their own alignment in a register, and there is none to spare.
            let wanted = !matches!(entry.class, Class::System | Class::Vendor | Class::Atomic | Class::Fence);
            let ahead = left.min(BRANCH_MAX);
            let branches = matches!(entry.class, Class::Branch | Class::Jump);
            if !exists || !wanted || entry.opcode == Opcode::Jalr || branches && ahead == 0 {
                continue;
            }
            let instruction = self.operands(entry.opcode, ahead);
            let word = encode(&instruction).expect("generated operands are in range");
            // A shift amount that RV32 does not have.
            if decode(word, isa) == Ok(instruction) {
                return instruction;
            }
        }
    }

    fn operands(&mut self, opcode: Opcode, ahead: usize) -> Instruction {
        let format = opcode.entry().format;
        let fields = format.fields();
        let mut instruction = Instruction::new(opcode);
        if fields.rd {
            instruction.rd = self.written();
        }
        if fields.rs1 {
            instruction.rs1 = self.read();
        }
        if fields.rs2 {
            instruction.rs2 = self.read();
        }
        match opcode.entry().class {
            Class::Load | Class::Store => {
                instruction.rs1 = BASE;
                let size = i32::from(opcode.access_bytes().unwrap_or(1));
                instruction.imm = (self.random.below(64) as i32 - 32) * size;
            }
            Class::Branch | Class::Jump => instruction.imm = 4 * (1 + self.random.below(ahead) as i32),
            _ => {
                let (least, greatest, multiple) = fields.imm.range();
                let count = (i64::from(greatest) - i64::from(least)) / i64::from(multiple) + 1;
                let value = self.random.below(count as usize) as i64 * i64::from(multiple) + i64::from(least);
                let small = format == Format::I && self.random.once_in(2);
                instruction.imm = if small { (value % 8) as i32 } else { value as i32 };
            }
        }
        instruction
    }

    fn written(&mut self) -> u8 {
        let free: Vec<u8> = free_registers().collect();
        if self.random.once_in(24) { 0 } else { *self.random.pick(&free) }
    }

    fn read(&mut self) -> u8 {
        if self.random.once_in(12) { 0 } else { *self.random.pick(&SAFE_REGISTERS) }
    }
}

#[cfg(test)]
mod tests {
    use assay_backend::{Backend as _, CancelToken, Job, Limits, Reference};
    use assay_guest::{Harness, PlatformFacts};
    use assay_spec::{Platform, Status};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_sequence_for_ever() {
        let seed = sequence(&Shape { memory_bytes: 4, ..Shape::new(Isa::RV32IM, 12) }, 7);
        let text: Vec<String> =
            seed.instructions.iter().map(|&word| assay_isa::disassemble_word(word, Isa::RV32IM)).collect();
        insta::assert_snapshot!(format!("{}\n{}", text.join("\n"), serde_json::to_string_pretty(&seed).unwrap()));
    }

    #[test]
    fn the_window_is_memory_on_every_platform_of_32_bits() {
        let end = WINDOW_START + WINDOW_BYTES as u64;
        for platform in [Platform::Standard, Platform::OpenVm, Platform::Risc0] {
            let facts = PlatformFacts::of(platform);
            assert!(facts.segments.contains(&WINDOW_START) && end <= facts.segments.end, "{platform}");
            assert!(
                facts.exit.result_buffer().is_none_or(|buffer| !(WINDOW_START..end).contains(&buffer)),
                "{platform}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn sequences_decode_and_end_well(seed in any::<u64>(), length in 4usize..300, wide in any::<bool>()) {
            let isa = if wide { Isa::RV64IM } else { Isa::RV32IM };
            let seed = sequence(&Shape::new(isa, length), seed);
            prop_assert_eq!(seed.instructions.len(), length);
            let harness = Harness { safe_registers: true, ..Harness::from_seed(&seed, Platform::Standard, isa) };
            prop_assert!(harness.undecodable().is_empty());
            let guest = harness.build("generated").unwrap();
            let limits = Limits { max_steps: 100_000, ..Limits::default() };
            let job = Job { guest: &guest, input: &[], limits: &limits, cost: false };
            let outcome = Reference::new(CancelToken::new()).execute(&job).unwrap();
            prop_assert_eq!(outcome.run.status, Status::Ok, "{:?}", outcome.run.message);
        }
    }
}
