//! Trace records of preflight execution, and of the rows that are made of it. Added by Assay's collect pass.
//!
//! The interpreter says what it retires; it is kept until the segment's rows are made, because records stand in the
//! order of execution: an instruction, its rows, their messages. Rows that belong to no instruction stand at the end
//! of their segment. Messages are those that the AIR's own code computes of a row, and its constraints are checked on
//! the way: a row that violates one ends the run, unless the guard `openvm.debug.constraints` is off.

mod rows;

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fuzzer_utils::sink::{self, Instruction as Retired, Key, Memory, Section};
use openvm_instructions::instruction::Instruction;
use openvm_stark_backend::p3_field::PrimeField32;

pub use self::rows::unbalanced;
pub(crate) use self::rows::rows;
use crate::{
    arch::{execution_mode::PreflightCtx, Arena, VmExecState},
    system::memory::online::{LinearMemory, TracingMemory},
};

/// Address spaces of registers and of guest memory.
const REGISTERS: usize = 1;
const MEMORY: usize = 2;

/// Instructions, with their rows, whose records are one section.
const STEPS_PER_SECTION: usize = 1 << 10;

/// What records say that the sources do not know.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Address of the first word.
    pub base: u32,
    /// The words of the program.
    pub words: Vec<Word>,
    /// Chips, in the circuit's order.
    pub chips: Vec<Chip>,
    /// Buses, by number.
    pub buses: Vec<Bus>,
}

/// A RISC-V word of the program.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word.
    pub word: u32,
    /// Its mnemonic.
    pub mnemonic: String,
    /// The memory that it reads or writes.
    pub access: Option<Access>,
}

/// A memory access, relative to a register.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// Number of the base register.
    pub base: u8,
    /// Added to it.
    pub offset: i32,
    /// Bytes: 1, 2 or 4.
    pub size: u8,
    /// Whether it is a store.
    pub write: bool,
}

/// A chip.
#[derive(Clone, Debug)]
pub struct Chip {
    /// What it is for.
    pub kind: &'static str,
    /// Names of its columns, cached parts first.
    pub columns: Vec<String>,
}

/// A bus.
#[derive(Clone, Debug)]
pub struct Bus {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub kind: &'static str,
    /// Whether the last field of its messages is a time.
    pub timed: bool,
    /// Names of the fields, of messages of so many fields as there are names.
    pub fields: Vec<Vec<String>>,
}

/// A retired instruction, as it is kept.
#[derive(Debug)]
struct Step {
    pc: u32,
    next_pc: u32,
    opcode: u64,
    /// The SDK's name of the opcode, where the word is not known.
    name: Option<String>,
    operands: [i64; 5],
    timestamp: u32,
    next_timestamp: u32,
    rd: Option<(u8, u32, u32)>,
    mem: Option<Memory>,
    /// Its rows: chip, first, how many.
    rows: (usize, usize, usize),
}

#[derive(Debug, Default)]
struct Run {
    vocabulary: Vocabulary,
    /// Whether rows will follow each segment's instructions.
    with_rows: bool,
    segment: u32,
    steps: Vec<Step>,
}

static RUN: Mutex<Run> = Mutex::new(Run {
    vocabulary: Vocabulary { base: 0, words: Vec::new(), chips: Vec::new(), buses: Vec::new() },
    with_rows: true,
    segment: 0,
    steps: Vec::new(),
});

thread_local! {
    /// The last write to a register: pointer, before, after.
    static WRITTEN: Cell<Option<(u32, u32, u32)>> = const { Cell::new(None) };
}

fn run() -> MutexGuard<'static, Run> {
    // Whoever panicked with the lock held did so between whole steps.
    RUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins the records of a run, whose rows are made segment by segment or not at all.
pub fn begin(vocabulary: Vocabulary, with_rows: bool) {
    rows::begin();
    *run() = Run { vocabulary, with_rows, segment: 0, steps: Vec::new() };
}

/// Emits the instructions whose rows were never made, because the run stopped before.
pub fn end() {
    run().emit_steps();
}

/// Called where a segment begins. Instructions whose rows were to be made and were not are executed once more.
pub(crate) fn begin_segment() {
    if sink::enabled() {
        let mut run = run();
        if run.with_rows {
            run.steps.clear();
        } else {
            run.emit_steps();
        }
    }
}

/// What is to be known before an instruction is executed.
pub(crate) struct Before {
    pc: u32,
    timestamp: u32,
    arena: Option<(usize, usize)>,
    access: Option<(Access, u32, u32)>,
}

type State<F, RA> = VmExecState<F, TracingMemory, PreflightCtx<RA>>;

impl Before {
    /// The address of the instruction.
    pub(crate) fn pc(&self) -> u32 {
        self.pc
    }

    /// Looks, if records are wanted. `air` is the AIR whose arena the instruction's rows go to.
    #[inline]
    pub(crate) fn of<F, RA: Arena>(state: &State<F, RA>, air: impl FnOnce(u32) -> Option<usize>) -> Option<Self> {
        if !sink::enabled() {
            return None;
        }
        let pc = state.pc();
        let arena = air(pc).and_then(|air| Some((air, state.ctx.arenas.get(air)?.assay_rows())));
        let access = run().vocabulary.word(pc).and_then(|word| word.access);
        let access = access.and_then(|access| {
            let base = number(&state.memory, REGISTERS, 4 * u32::from(access.base), 4)?;
            let address = base.wrapping_add_signed(access.offset);
            Some((access, address, number(&state.memory, MEMORY, address, access.size)?))
        });
        WRITTEN.set(None);
        Some(Self { pc, timestamp: state.memory.timestamp(), arena, access })
    }

    /// The instruction was executed.
    pub(crate) fn retired<F: PrimeField32, RA: Arena>(
        self,
        state: &State<F, RA>,
        instruction: &Instruction<F>,
        name: impl FnOnce() -> String,
    ) {
        let Instruction { opcode, a, b, c, d, e, .. } = instruction;
        let mem = self.access.and_then(|(Access { write, size, .. }, addr, before)| {
            let after = number(&state.memory, MEMORY, addr, size)?;
            let (addr, before, after) = (addr.into(), before.into(), after.into());
            Some(Memory { write, addr, size, before, after })
        });
        let rd = WRITTEN.take().map(|(pointer, before, after)| ((pointer / 4) as u8, before, after));
        let rows = self.arena.map_or((0, 0, 0), |(air, first)| {
            (air, first, state.ctx.arenas[air].assay_rows() - first)
        });
        let mut run = run();
        let name = run.vocabulary.word(self.pc).is_none().then(name);
        run.steps.push(Step {
            pc: self.pc,
            next_pc: state.pc(),
            opcode: opcode.as_usize() as u64,
            name,
            operands: [a, b, c, d, e].map(|operand| operand.as_canonical_u32().into()),
            timestamp: self.timestamp,
            next_timestamp: state.memory.timestamp(),
            rd: rd.filter(|&(register, ..)| register != 0),
            mem,
            rows,
        });
    }
}

/// Called where memory is written.
#[inline]
pub(crate) fn written<T: Copy, const N: usize>(address_space: u32, pointer: u32, before: &[T; N], after: &[T; N]) {
    if address_space as usize == REGISTERS && size_of::<[T; N]>() == 4 && sink::enabled() {
        // SAFETY: both have four bytes, and cells of registers are bytes, which are initialised.
        let word = |cells: &[T; N]| u32::from_le_bytes(unsafe { std::ptr::read(cells.as_ptr().cast::<[u8; 4]>()) });
        WRITTEN.set(Some((pointer, word(before), word(after))));
    }
}

/// The little-endian number of `size` bytes at `address`, if that is within memory.
fn number(memory: &TracingMemory, space: usize, address: u32, size: u8) -> Option<u32> {
    let bytes = memory.data().memory.mem[space].as_slice().get(address as usize..)?.get(..usize::from(size))?;
    Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

impl Vocabulary {
    fn word(&self, pc: u32) -> Option<&Word> {
        self.words.get((pc / 4).checked_sub(self.base / 4)? as usize)
    }
}

impl Run {
    fn emit_steps(&mut self) {
        for chunk in self.steps.chunks(STEPS_PER_SECTION) {
            sink::section(Key { segment: self.segment, ..Key::default() }, |section| {
                chunk.iter().for_each(|step| step.emit(section, &self.vocabulary));
            });
        }
        self.steps.clear();
    }
}

impl Step {
    fn emit(&self, section: &mut Section, vocabulary: &Vocabulary) {
        let word = vocabulary.word(self.pc);
        section.instruction(&Retired {
            pc: self.pc.into(),
            next_pc: self.next_pc.into(),
            word: word.map(|word| word.word.into()),
            opcode: self.opcode,
            mnemonic: word.map_or_else(|| self.name.as_deref().unwrap_or_default(), |word| &word.mnemonic),
            operands: &self.operands,
            timestamp: self.timestamp.into(),
            next_timestamp: self.next_timestamp.into(),
            rd: self.rd.map(|(register, before, after)| (register, before.into(), after.into())),
            mem: self.mem,
        });
    }
}
