//! The SDK's trace events, put together to the guest's own instructions.
//!
//! The executor says that an instruction starts and which words are written; registers are memory to it. Kernel and guest
//! are one stream: what the kernel does between a guest's ECALL and the guest's next instruction belongs to the ECALL.
//! Everything here was said by the executor; no instruction is executed a second time.

use std::cell::Cell;

use anyhow::Result;
use assay_isa::{Instruction, Opcode};
use assay_runner_kit::Context;
use risc0_circuit_rv32im::{
    execute::{
        GLOBAL_OUTPUT_ADDR, HOST_ECALL_TERMINATE, KERNEL_START_ADDR, MACHINE_REGS_ADDR, REG_A0, REG_A7, REG_MAX,
        USER_REGS_ADDR, WORD_SIZE,
    },
    trace::TraceEvent,
};
use risc0_zkp::core::digest::{DIGEST_WORDS, Digest};

use crate::{report::PAUSE, stop::Stop, word};

/// Instructions between two looks at whether the request was cancelled.
const INSTRUCTIONS_BETWEEN_LOOKS: u64 = 1 << 12;

/// Where the executor puts what a guest writes to x0 (`Risc0Machine::store_register`).
const X0_SHUNT: u32 = USER_REGS_ADDR.0 + (2 * REG_MAX * WORD_SIZE) as u32;

const ECALL: u32 = 0x0000_0073;
const MRET: u32 = 0x3020_0073;

/// What is to be watched, and when to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Most instructions; the next one is [`Stop::StepLimit`].
    pub(crate) max_steps: u64,
    /// Most instructions that are watched; the next one is [`Stop::Watched`].
    pub(crate) watched: u64,
    /// Whether to stop where the kernel terminates the guest. What the executor does then is hash memory, which costs
    /// more than a short run; nothing that a guest can see comes after.
    pub(crate) stop_at_halt: bool,
}

/// One retired instruction of the guest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Its address.
    pub(crate) pc: u32,
    /// Address of the guest's next one; its own for the ECALL that halts.
    pub(crate) next_pc: u32,
    /// The word.
    pub(crate) word: u32,
    /// What RISC Zero takes the word for.
    pub(crate) instruction: Option<Instruction>,
    /// Cycles before it.
    pub(crate) cycle: u64,
    /// Cycles before the guest's next one, those of the kernel included.
    pub(crate) next_cycle: u64,
    /// The register that it wrote, not x0, and its values before and after.
    pub(crate) register: Option<(u8, u32, u32)>,
    /// What it wrote to x0.
    pub(crate) discarded: Option<u32>,
    /// The word of memory that it stored to, whole, and the address of the word.
    pub(crate) stored: Option<(u32, u32)>,
    /// The value of its first source register before it.
    pub(crate) base: u32,
}

/// What hears of steps and of what the kernel stores to the guest's memory.
pub(crate) trait Sink {
    /// A retired instruction.
    fn step(&mut self, step: &Step) -> Result<(), Stop>;
    /// The kernel stored a word at an address of the guest's memory.
    fn kernel_stored(&mut self, address: u32, word: u32);
}

/// Hears nothing.
pub(crate) struct Deaf;

impl Sink for Deaf {
    fn step(&mut self, _: &Step) -> Result<(), Stop> {
        Ok(())
    }

    fn kernel_stored(&mut self, _: u32, _: u32) {}
}

/// The guest as the events show it.
pub(crate) struct Watch<'a, S> {
    sink: S,
    bounds: Bounds,
    cx: &'a Context<'a>,
    /// The guest's registers. All are 0 at the start.
    registers: [u32; REG_MAX],
    /// The same before the last ECALL: the kernel uses some while it serves one.
    before_call: [u32; REG_MAX],
    machine_registers: [u32; REG_MAX],
    output_digest: [u32; DIGEST_WORDS],
    retired: u64,
    last_pc: Option<u32>,
    pending: Option<Step>,
    in_kernel: bool,
    until_look: Cell<u64>,
}

impl<'a, S: Sink> Watch<'a, S> {
    pub(crate) fn new(sink: S, bounds: Bounds, cx: &'a Context<'a>) -> Self {
        Self {
            sink,
            bounds,
            cx,
            registers: [0; REG_MAX],
            before_call: [0; REG_MAX],
            machine_registers: [0; REG_MAX],
            output_digest: [0; DIGEST_WORDS],
            retired: 0,
            last_pc: None,
            pending: None,
            in_kernel: true,
            until_look: Cell::new(INSTRUCTIONS_BETWEEN_LOOKS),
        }
    }

    /// The next event of the executor.
    pub(crate) fn event(&mut self, event: &TraceEvent) -> Result<()> {
        match event {
            TraceEvent::InstructionStart { cycle, pc, insn } => {
                self.look()?;
                let kernel = *pc >= KERNEL_START_ADDR.0;
                // With MRET the guest goes on, even if to an instruction that is never announced.
                self.in_kernel = kernel && *insn != MRET;
                if kernel { self.kernel_starts(*cycle, *insn)? } else { self.guest_starts(*cycle, *pc, *insn)? }
            }
            TraceEvent::MemorySet { addr, region } => {
                let bytes = region.as_slice().try_into().expect("the executor stores whole words");
                // The event spells words big-endian.
                self.stored(*addr, u32::from_be_bytes(bytes));
            }
            _ => {}
        }
        Ok(())
    }

    fn look(&self) -> Result<(), Stop> {
        let left = self.until_look.get();
        self.until_look.set(if left == 0 { INSTRUCTIONS_BETWEEN_LOOKS } else { left - 1 });
        if left == 0 {
            self.cx.progress("execute", self.retired, None);
            if self.cx.cancelled() {
                return Err(Stop::Cancelled);
            }
        }
        Ok(())
    }

    fn guest_starts(&mut self, cycle: u64, pc: u32, insn: u32) -> Result<(), Stop> {
        self.retire(pc, cycle)?;
        if self.retired >= self.bounds.max_steps {
            return Err(Stop::StepLimit);
        }
        if self.retired >= self.bounds.watched {
            return Err(Stop::Watched);
        }
        let instruction = word::instruction(insn);
        if instruction.is_some_and(|instruction| instruction.opcode == Opcode::Ecall) {
            self.before_call = self.registers;
        }
        let base = instruction.map_or(0, |instruction| self.registers[usize::from(instruction.rs1)]);
        self.pending = Some(Step {
            pc,
            next_pc: pc,
            word: insn,
            instruction,
            cycle,
            next_cycle: cycle,
            register: None,
            discarded: None,
            stored: None,
            base,
        });
        Ok(())
    }

    fn kernel_starts(&mut self, cycle: u64, insn: u32) -> Result<(), Stop> {
        let terminates = insn == ECALL && self.machine_registers[REG_A7] == HOST_ECALL_TERMINATE;
        let Some(pending) = self.pending.as_ref().filter(|_| terminates) else { return Ok(()) };
        let pc = pending.pc;
        // An ECALL with a halt type that does not exist is a trap, though the executor does not know.
        if self.machine_registers[REG_A0] as u16 > PAUSE {
            self.pending = None;
            self.last_pc = Some(pc);
        } else {
            self.retire(pc, cycle)?;
        }
        if self.bounds.stop_at_halt { Err(Stop::Halted) } else { Ok(()) }
    }

    fn retire(&mut self, next_pc: u32, next_cycle: u64) -> Result<(), Stop> {
        let Some(step) = self.pending.take() else { return Ok(()) };
        self.retired += 1;
        self.last_pc = Some(step.pc);
        self.sink.step(&Step { next_pc, next_cycle, ..step })
    }

    fn stored(&mut self, address: u32, word: u32) {
        let index = |base: u32, count: usize| {
            let offset = address.checked_sub(base)? as usize / WORD_SIZE;
            (offset < count).then_some(offset)
        };
        if let Some(register) = index(USER_REGS_ADDR.0, REG_MAX) {
            let before = std::mem::replace(&mut self.registers[register], word);
            // A call returns in a0, if at all; what else the kernel sets it sets back (a4 in SYS_READ).
            if let Some(step) = self.pending.as_mut().filter(|_| !self.in_kernel || register == REG_A0) {
                let before = step.register.map_or(before, |(_, before, _)| before);
                step.register = Some((register as u8, before, word));
            }
        } else if let Some(register) = index(MACHINE_REGS_ADDR.0, REG_MAX) {
            self.machine_registers[register] = word;
        } else if let Some(at) = index(GLOBAL_OUTPUT_ADDR.0, DIGEST_WORDS) {
            self.output_digest[at] = word;
        } else if address == X0_SHUNT {
            if let Some(step) = &mut self.pending {
                step.discarded = Some(word);
            }
        } else if address < KERNEL_START_ADDR.0 {
            if self.in_kernel {
                self.sink.kernel_stored(address, word);
            } else if let Some(step) = &mut self.pending {
                step.stored = Some((address, word));
            }
        }
    }

    /// Whether the kernel was at work when the events ended.
    pub(crate) fn in_kernel(&self) -> bool {
        self.in_kernel
    }

    /// The instruction that started and did not retire.
    pub(crate) fn pending(&self) -> Option<&Step> {
        self.pending.as_ref()
    }

    /// The executor stopped at an instruction that it did not even announce: the pending one has retired, and the pc is
    /// where that one leads. `None` if there is none.
    pub(crate) fn retire_to_unannounced(&mut self) -> Result<Option<u32>, Stop> {
        let Some(step) = &self.pending else { return Ok(None) };
        let mut before = self.registers;
        if let Some((register, value, _)) = step.register {
            before[usize::from(register)] = value;
        }
        let pc = step.instruction.map(|instruction| word::successor(instruction, step.pc, &before));
        let next_cycle = step.cycle + 1;
        if let Some(pc) = pc {
            self.retire(pc, next_cycle)?;
        }
        Ok(pc)
    }

    /// The guest's registers: behind the last instruction that retired.
    pub(crate) fn registers(&self) -> &[u32; REG_MAX] {
        if self.in_kernel && self.pending.is_some() { &self.before_call } else { &self.registers }
    }

    /// Guest instructions that retired, the ECALL that halts included.
    pub(crate) fn retired(&self) -> u64 {
        self.retired
    }

    /// Address of the guest's last instruction, which retired or halted with a halt type that does not exist.
    pub(crate) fn last_pc(&self) -> Option<u32> {
        self.last_pc
    }

    /// What the kernel terminates with, once it does.
    pub(crate) fn terminating_a0(&self) -> u32 {
        self.machine_registers[REG_A0]
    }

    /// The output digest that the guest halted with, once it did.
    pub(crate) fn output_digest(&self) -> Digest {
        Digest::new(self.output_digest)
    }

    /// The sink, when the run is over.
    pub(crate) fn into_sink(self) -> S {
        self.sink
    }
}
