//! A program that gives control back: how a run is kept within limits.
//!
//! SP1's interpreter returns from a *chunk* once so many memory values were recorded, and looks at nothing else: a loop
//! without loads and stores never returns. So the runner does not execute the guest's instructions quite as they stand,
//! but a copy in which every way back (backward branches and jumps, indirect jumps) goes through a *detour* behind the end
//! of the text, with one load into x0 of a marker outside of the guest's memory. A load into x0 changes no register, and
//! the recorded marker says how many instructions were not the guest's: counts are exact. System calls go through a
//! detour with as many markers as a chunk holds, so that control returns once before each: what the guest prints
//! is read there.
//!
//! The copy is what `execute` runs. Traces, costs and proofs are those of the unchanged program, which by then is known
//! to end.
//!
//! What stays outside: a loop through `jalr` with equal source and destination that is jumped at directly each time, and
//! loops inside of an unconstrained block, where SP1 records nothing. The supervisor's wall limit ends those.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use sp1_core_executor::{Instruction, Opcode, Program};

/// Memory values of one chunk: small, since a chunk's buffer is allocated anew each time; not tiny, for the same reason.
pub(crate) const CHUNK_VALUES: u64 = 128;

/// System calls in the text that get a detour that returns control before them; further ones get a short one.
const CALL_SITES_MAX: usize = 4096;

/// Slots without an instruction between the text and the detours: whoever runs off the end faults as he should.
const GAP_SLOTS: usize = 4096;

/// Where the three markers stand: the last page of what SP1 can address.
const MARKERS: u64 = (1 << 40) - 64;

/// A slot of a detour, as it looks to one who stops before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Instructions that markers counted already and that come only now; -1 for one that came and is not counted yet.
    pub(crate) ahead: i64,
    /// Whether it belongs to a system call that returns control.
    pub(crate) call: bool,
}

/// A program with detours.
pub(crate) struct Guarded {
    /// What the interpreter executes.
    pub(crate) program: Arc<Program>,
    /// Address of the first detour.
    detours: u64,
    slots: Vec<Slot>,
    /// Value of the marker that stands for 1, 2 and 3 instructions of the runner. Nobody can guess them.
    markers: [u64; 3],
}

impl Guarded {
    /// The copy of `program`.
    pub(crate) fn new(program: &Program) -> Self {
        let random = RandomState::new();
        let markers = [1, 2, 3].map(|weight: u64| random.hash_one(weight) | 1 << 63);
        let end = program.pc_base + 4 * program.instructions.len() as u64;
        let detours = end + 4 * GAP_SLOTS as u64;
        let mut builder =
            Builder { instructions: program.instructions.clone(), detour: Vec::new(), slots: Vec::new(), detours };
        let mut call_sites = 0;
        for (index, instruction) in program.instructions.iter().enumerate() {
            let pc = program.pc_base + 4 * index as u64;
            match instruction.opcode {
                Opcode::BEQ | Opcode::BNE | Opcode::BLT | Opcode::BGE | Opcode::BLTU | Opcode::BGEU
                    if instruction.op_c as i64 <= 0 =>
                {
                    builder.branch(index, pc, instruction);
                }
                Opcode::JAL if sign_extend(instruction.op_b, 21) <= 0 => builder.jump(index, pc, instruction),
                Opcode::JALR => builder.indirect(index, pc, instruction, &program.instructions),
                Opcode::ECALL => {
                    call_sites += 1;
                    let values = if call_sites <= CALL_SITES_MAX { CHUNK_VALUES } else { 1 };
                    builder.call(index, pc, instruction, values);
                }
                _ => {}
            }
        }
        let Builder { mut instructions, detour, slots, .. } = builder;
        instructions.resize(instructions.len() + GAP_SLOTS, Instruction::unimp());
        instructions.extend(detour);
        let mut image = (*program.memory_image).clone();
        image.extend(markers.iter().enumerate().map(|(index, &value)| (MARKERS + 8 * index as u64, value)));
        let guarded = Program {
            instructions,
            instructions_encoded: None,
            memory_image: Arc::new(image),
            function_symbols: Vec::new(),
            ..program.clone()
        };
        Self { program: Arc::new(guarded), detours, slots, markers }
    }

    /// The detour's slot at `pc`, if it is one.
    pub(crate) fn slot(&self, pc: u64) -> Option<Slot> {
        let index = usize::try_from(pc.checked_sub(self.detours)? / 4).ok()?;
        self.slots.get(index).copied()
    }

    /// How many instructions of the runner a recorded memory value stands for: none if it is the guest's.
    pub(crate) fn weight(&self, value: u64) -> u64 {
        // Markers are rare and their highest bit is set: one comparison for most values.
        if value >> 63 == 0 {
            return 0;
        }
        self.markers.iter().position(|&marker| marker == value).map_or(0, |index| index as u64 + 1)
    }
}

struct Builder {
    instructions: Vec<Instruction>,
    detour: Vec<Instruction>,
    slots: Vec<Slot>,
    detours: u64,
}

impl Builder {
    fn next(&self) -> u64 {
        self.detours + 4 * self.detour.len() as u64
    }

    fn push(&mut self, instruction: Instruction, ahead: i64) {
        self.detour.push(instruction);
        self.slots.push(Slot { ahead, call: false });
    }

    /// A jump to `target` that changes nothing else; unlike JAL's, the reach of a decoded branch is not bounded.
    fn go(&mut self, target: u64, ahead: i64) {
        self.push(goto(target.wrapping_sub(self.next())), ahead);
    }

    /// Replaces the instruction at `pc` by a jump to the detour that begins now.
    fn divert(&mut self, index: usize, pc: u64) {
        self.instructions[index] = goto(self.next().wrapping_sub(pc));
    }

    /// `branch a, b, target` becomes `branch a, b, detour`; detour: marker (2), go to target.
    fn branch(&mut self, index: usize, pc: u64, instruction: &Instruction) {
        let target = pc.wrapping_add(instruction.op_c);
        self.instructions[index].op_c = self.next().wrapping_sub(pc);
        self.push(marker(2), 0);
        self.go(target, 1);
    }

    /// `jal rd, target`; detour: marker, rd, go to target.
    fn jump(&mut self, index: usize, pc: u64, instruction: &Instruction) {
        let target = pc.wrapping_add_signed(sign_extend(instruction.op_b, 21));
        self.divert(index, pc);
        self.link(pc, instruction.op_a);
        self.go(target, 0);
    }

    /// `jalr rd, imm(rs1)`; detour: marker, rd, `jalr x0, imm(rs1)`. Where rd is rs1 there is no register to keep the
    /// target in, and the instruction before it is put into the detour instead.
    fn indirect(&mut self, index: usize, pc: u64, instruction: &Instruction, program: &[Instruction]) {
        if instruction.op_a == 0 || u64::from(instruction.op_a) != instruction.op_b {
            self.divert(index, pc);
            self.link(pc, instruction.op_a);
            self.push(Instruction { op_a: 0, ..*instruction }, 0);
            return;
        }
        let Some(at) = index.checked_sub(1) else { return };
        let (before, origin) = (program[at], pc - 4);
        let goes_on = !before.is_branch_instruction()
            && !before.is_jump_instruction()
            && !before.is_ecall_instruction()
            && !matches!(before.opcode, Opcode::EBREAK | Opcode::UNIMP);
        if goes_on {
            self.divert(at, origin);
            self.push(marker(3), -1);
            let moved = self.next().wrapping_sub(origin);
            let before = match before.opcode {
                Opcode::AUIPC => upper_immediate(before.op_a, before.op_b.wrapping_sub(moved)),
                _ => before,
            };
            self.push(before, 1);
            self.go(pc, 1);
        }
    }

    /// The marker and, unless `rd` is x0, the return address.
    fn link(&mut self, pc: u64, rd: u8) {
        if rd == 0 {
            self.push(marker(2), -1);
            return;
        }
        self.push(marker(3), -1);
        self.push(upper_immediate(rd, (pc + 4).wrapping_sub(self.next())), 1);
    }

    /// `ecall`; detour: markers, `ecall`, go back.
    fn call(&mut self, index: usize, pc: u64, instruction: &Instruction, values: u64) {
        self.divert(index, pc);
        let first = self.detour.len();
        self.push(marker(3), -1);
        for _ in 1..values {
            self.push(marker(1), 1);
        }
        self.push(*instruction, 1);
        for slot in &mut self.slots[first..] {
            slot.call = values > 1;
        }
        self.go(pc + 4, 1);
    }
}

/// `beq x0, x0, offset`.
fn goto(offset: u64) -> Instruction {
    Instruction::new(Opcode::BEQ, 0, 0, offset, false, true)
}

/// `ld x0, marker(x0)`: decoded immediates have 64 bits.
fn marker(weight: u64) -> Instruction {
    Instruction::new(Opcode::LD, 0, 0, MARKERS + 8 * (weight - 1), false, true)
}

/// `auipc rd, offset`.
fn upper_immediate(rd: u8, offset: u64) -> Instruction {
    Instruction::new(Opcode::AUIPC, rd, offset, offset, true, true)
}

fn sign_extend(value: u64, bits: u32) -> i64 {
    let shift = 64 - bits;
    ((value as i64) << shift) >> shift
}
