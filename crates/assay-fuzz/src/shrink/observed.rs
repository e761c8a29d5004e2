//! What the reference machine sees when it runs a case: which instructions run, with which values.
//!
//! It costs microseconds and no test. What is seen is a hint of what to try and nothing more: the machine that is wrong may
//! do something else.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use assay_backend::{Reference, reference::image};
use assay_guest::{Commitment, Guest, Harness, HarnessLayout};
use assay_isa::{Class, Instruction, encode};
use assay_machine::{Access, Config, InstructionEvent, MemoryAccess};
use assay_spec::{HexBytes, MemoryInit, Platform, Register, RegisterFile, Word, trace::AccessKind};

use super::{case::Case, options::Options, program::Program};

/// Most steps that are looked at.
const STEPS_MAX: usize = 1 << 16;

/// Most bytes of guest memory that are held.
const MEMORY_BYTES_MAX: u64 = 256 << 20;

/// A step of the sequence.
#[derive(Clone, Debug)]
struct Step {
    /// Position of its instruction.
    index: usize,
    /// Registers that it read, with their values.
    reads: Vec<(u8, u64)>,
    /// The register that it wrote, with the value.
    write: Option<(u8, u64)>,
    memory: Vec<MemoryAccess>,
}

/// The steps of a run, in order, without those of the harness around the sequence.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    steps: Vec<Step>,
}

/// What a step depends on through registers and memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    /// Positions of instructions.
    pub(crate) instructions: BTreeSet<usize>,
    /// Registers that are read before they are written.
    pub(crate) registers: BTreeSet<u8>,
    /// Bytes of memory that are read before they are written.
    pub(crate) bytes: BTreeSet<u64>,
}

impl Observed {
    /// Runs `case`; `None` if no guest can be made of it.
    pub(crate) fn of(case: &Case, options: &Options) -> Option<Self> {
        let guest = guest(case, options.observe?, options.scratch)?;
        let layout = guest.harness.clone()?;
        let config = Config {
            max_steps: STEPS_MAX as u64,
            memory_limit_bytes: MEMORY_BYTES_MAX,
            accelerators: Some(Reference::ACCELERATORS),
            ..Config::new(case.isa, guest.platform)
        };
        let mut watch = Watch { layout: &layout, steps: Vec::new(), next: Some(0), registers: [0; 32] };
        for (register, value) in &case.registers {
            watch.registers[usize::from(register.index())] = value.0;
        }
        assay_machine::run(&image(guest.parsed()?), &case.input, &config, &mut watch).ok()?;
        watch.add_the_step_that_did_not_retire(case);
        Some(Self { steps: watch.steps })
    }

    /// The instructions that ran.
    pub(crate) fn executed(&self) -> BTreeSet<usize> {
        self.steps.iter().map(|step| step.index).collect()
    }

    /// The bytes of memory that are read.
    pub(crate) fn bytes_read(&self) -> BTreeSet<u64> {
        let accesses = self.steps.iter().flat_map(|step| &step.memory);
        let reads = accesses.filter(|access| access.kind == AccessKind::Read);
        reads.flat_map(contents).map(|(address, _)| address).collect()
    }

    /// The steps at which the instruction runs.
    pub(crate) fn visits(&self, index: usize) -> impl DoubleEndedIterator<Item = usize> {
        self.steps.iter().enumerate().filter(move |(_, step)| step.index == index).map(|(position, _)| position)
    }

    /// What the instruction leaves in which register, if it runs exactly once.
    pub(crate) fn only_result(&self, index: usize) -> Option<(Register, u64)> {
        let mut visits = self.visits(index);
        let only = visits.next().filter(|_| visits.next().is_none())?;
        let (register, value) = self.steps[only].write?;
        Some((Register::new(register)?, value))
    }

    /// The `length` steps that end with `end` as a case of their own, in a straight line, from the values that they met.
    pub(crate) fn window(&self, case: &Case, program: &Program, end: usize, length: usize) -> Case {
        let first = (end + 1).saturating_sub(length);
        let kept = |position: &usize| *position == end || !program.is_control(self.steps[*position].index);
        let (mut words, mut registers, mut bytes) = (Vec::new(), RegisterFile::new(), BTreeMap::new());
        let (mut set, mut stored) = (BTreeSet::new(), BTreeSet::new());
        for step in (first..=end).filter(kept).map(|position| &self.steps[position]) {
            words.push(straight(program.instruction(step.index), case.instructions[step.index]));
            for &(register, value) in step.reads.iter().filter(|(register, _)| *register != 0) {
                if set.insert(register) && value != 0 {
                    registers.insert(Register::new(register).expect("the machine has 32 registers"), Word(value));
                }
            }
            set.extend(step.write.map(|write| write.0));
            for access in &step.memory {
                for (address, byte) in contents(access) {
                    if stored.insert(address) && access.kind == AccessKind::Read {
                        bytes.insert(address, byte);
                    }
                }
            }
        }
        Case { instructions: words, registers, memory: pieces(&bytes), ..case.clone() }
    }

    /// What the step at `end` depends on, branches left aside.
    pub(crate) fn slice(&self, end: usize) -> Slice {
        let mut slice = Slice::default();
        for (position, step) in self.steps.iter().enumerate().take(end + 1).rev() {
            let writes = |access: &MemoryAccess| access.kind == AccessKind::Write;
            let stores = step.memory.iter().filter(|access| writes(access));
            let mut contributes = position == end;
            if let Some((register, _)) = step.write {
                contributes |= slice.registers.remove(&register);
            }
            for (address, _) in stores.flat_map(contents) {
                contributes |= slice.bytes.remove(&address);
            }
            if contributes {
                slice.instructions.insert(step.index);
                slice.registers.extend(step.reads.iter().map(|read| read.0).filter(|&register| register != 0));
                let loads = step.memory.iter().filter(|access| !writes(access));
                slice.bytes.extend(loads.flat_map(contents).map(|(address, _)| address));
            }
        }
        slice
    }
}

/// The bytes of an access before it, by address.
fn contents(access: &MemoryAccess) -> impl Iterator<Item = (u64, u8)> + use<> {
    let (address, before) = (access.address, access.before);
    (0..access.size).map(move |offset| (address.wrapping_add(u64::from(offset)), (before >> (8 * offset)) as u8))
}

/// Neighbouring bytes as pieces of memory, ascending.
fn pieces(bytes: &BTreeMap<u64, u8>) -> Vec<MemoryInit> {
    let mut pieces: Vec<MemoryInit> = Vec::new();
    for (&address, &byte) in bytes {
        match pieces.last_mut().filter(|piece| piece.addr.0.checked_add(piece.hex.0.len() as u64) == Some(address)) {
            Some(piece) => piece.hex.0.push(byte),
            None => pieces.push(MemoryInit { addr: Word(address), hex: HexBytes(vec![byte]) }),
        }
    }
    pieces
}

/// A branch that ends a window goes a little way ahead, where there are nops behind the sequence; its own target may not
/// be there any more.
fn straight(instruction: Option<Instruction>, word: u32) -> u32 {
    const AHEAD: i32 = 8;
    match instruction {
        Some(instruction) if instruction.opcode.entry().class == Class::Branch => {
            encode(&Instruction { imm: AHEAD, ..instruction }).unwrap_or(word)
        }
        _ => word,
    }
}

fn guest(case: &Case, platform: Platform, scratch: Register) -> Option<Guest> {
    let harness = Harness {
        platform,
        isa: case.isa,
        body: case.instructions.clone(),
        registers: case.registers.clone(),
        memory: case.memory.clone(),
        scratch,
        safe_registers: false,
        commitment: Commitment::Absent,
    };
    harness.build("case").ok()
}

struct Watch<'a> {
    layout: &'a HarnessLayout,
    steps: Vec<Step>,
    /// The instruction of the sequence that comes next, if it is one.
    next: Option<usize>,
    registers: [u64; 32],
}

impl Watch<'_> {
    /// An instruction that traps is not shown; that it was to run, and with what, is known all the same.
    fn add_the_step_that_did_not_retire(&mut self, case: &Case) {
        let Some(index) = self.next.filter(|_| self.steps.len() < STEPS_MAX) else { return };
        let Some(instruction) = Program::of(case).instruction(index) else { return };
        let reads = instruction.sources().map(|register| (register, self.registers[usize::from(register)])).collect();
        self.steps.push(Step { index, reads, write: None, memory: Vec::new() });
    }
}

impl assay_machine::Observer for Watch<'_> {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        if let Some(index) = self.layout.body_index(event.pc) {
            let mut step = Step { index, reads: Vec::new(), write: None, memory: Vec::new() };
            for access in event.accesses {
                match *access {
                    Access::RegisterRead { register, value } => step.reads.push((register, value)),
                    Access::RegisterWrite { register, after, .. } => {
                        step.write = Some((register, after));
                        self.registers[usize::from(register)] = after;
                    }
                    Access::Memory(access) => step.memory.push(access),
                    Access::Call { .. } | Access::Output { .. } => {}
                }
            }
            self.steps.push(step);
        }
        // The prologue leads to the first instruction, which is then what comes next.
        let before_the_body = event.pc < self.layout.body_start && self.steps.is_empty();
        self.next = if before_the_body { Some(0) } else { self.layout.body_index(event.next_pc) };
        if self.steps.len() < STEPS_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

#[cfg(test)]
mod tests {
    use assay_isa::{AssembleOptions, Isa, assemble};

    use super::*;

    fn case(text: &str) -> Case {
        let words = assemble(text, &AssembleOptions::new(Isa::RV32IM, 0)).unwrap().words().unwrap();
        Case { instructions: words, ..Case::empty(Isa::RV32IM) }
    }

    fn observe(case: &Case) -> (Observed, Program) {
        (Observed::of(case, &Options::default()).unwrap(), Program::of(case))
    }

    const LOOP: &str = "addi x5, x0, 3\nloop: add x6, x6, x5\naddi x5, x5, -1\nbne x5, x0, loop\nmul x7, x6, x6\n";

    #[test]
    fn an_instruction_alone_gets_the_values_that_it_met() {
        let case = case(LOOP);
        let (observed, program) = observe(&case);
        let visits: Vec<usize> = observed.visits(1).collect();
        assert_eq!(visits, [1, 4, 7]);
        let alone = observed.window(&case, &program, visits[2], 1);
        assert_eq!(alone.disassembly(), ["add t1, t1, t0"]);
        assert_eq!(alone.registers.values().map(|word| word.0).collect::<Vec<_>>(), [1, 5]);
    }

    #[test]
    fn a_window_is_a_straight_line_through_loops() {
        let case = case(LOOP);
        let (observed, program) = observe(&case);
        let end = observed.visits(4).next().unwrap();
        let window = observed.window(&case, &program, end, 6);
        assert_eq!(window.disassembly(), ["addi t0, t0, -1", "add t1, t1, t0", "addi t0, t0, -1", "mul t2, t1, t1"]);
        assert_eq!(window.registers.values().map(|word| word.0).collect::<Vec<_>>(), [2, 5]);
    }

    #[test]
    fn bytes_that_are_loaded_become_memory_unless_the_window_stores_them() {
        let text = "lui x5, 1024\naddi x6, x0, 77\nsw x6, 0(x5)\nsb x6, 5(x5)\nlw x7, 4(x5)\nlw x8, 0(x5)\n";
        let mut case = case(text);
        case.memory = vec![MemoryInit { addr: Word(0x40_0004), hex: HexBytes(vec![1, 2, 3, 4]) }];
        let (observed, program) = observe(&case);
        let window = observed.window(&case, &program, 5, 3);
        assert_eq!(
            window.memory,
            [
                MemoryInit { addr: Word(0x40_0000), hex: HexBytes(vec![77, 0, 0, 0, 1]) },
                MemoryInit { addr: Word(0x40_0006), hex: HexBytes(vec![3, 4]) },
            ]
        );
    }

    #[test]
    fn a_slice_has_what_contributes_and_nothing_else() {
        let text = "lui x5, 1024\naddi x9, x0, 1\naddi x6, x10, 77\nsw x6, 0(x5)\nlw x8, 2(x5)\nadd x9, x9, x9\n";
        let mut case = case(text);
        case.set_register(Register::new(10).unwrap(), 4);
        let (observed, _) = observe(&case);
        let slice = observed.slice(4);
        assert_eq!(slice.instructions.into_iter().collect::<Vec<_>>(), [0, 2, 3, 4]);
        assert_eq!(slice.registers.into_iter().collect::<Vec<_>>(), [10]);
        assert_eq!(slice.bytes.into_iter().collect::<Vec<_>>(), [0x40_0004, 0x40_0005]);
    }

    #[test]
    fn an_instruction_that_traps_is_seen_with_what_it_read() {
        let case = case("addi x5, x0, -1\njalr x6, 2(x5)\n");
        let (observed, program) = observe(&case);
        let end = observed.visits(1).next().unwrap();
        let alone = observed.window(&case, &program, end, 1);
        assert_eq!(alone.disassembly(), ["jalr t1, 2(t0)"]);
        assert_eq!(alone.registers.values().map(|word| word.0).collect::<Vec<_>>(), [0xffff_ffff]);
    }
}
