//! Who watches a run, and what they are shown.
//!
//! The machine shows each retired instruction once, with every access that it made, in order. It does not know what
//! becomes of that; and where nobody watches ([`Unobserved`]) nothing of it is computed.

use std::ops::ControlFlow;

use assay_isa::Instruction;
use assay_spec::trace::AccessKind;

/// Watches a run.
pub trait Observer {
    /// Whether there is anything to show. `false` removes observation from the machine at compile time.
    const ACTIVE: bool;

    /// Called after each retired instruction; an instruction that traps does not retire. Breaking ends the run with
    /// [`End::Stopped`](crate::End::Stopped).
    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()>;

    /// Most instructions, give or take the size of the code, between two calls of [`Self::pause`].
    const PAUSE_STEPS: u64 = u64::MAX;

    /// Called now and then in a run that is not observed ([`Self::ACTIVE`] is `false`), with the instructions retired so
    /// far: the place for a clock or a cancel flag, which the machine has not. Breaking ends the run with
    /// [`End::Stopped`](crate::End::Stopped).
    fn pause(&mut self, instructions: u64) -> ControlFlow<()> {
        let _ = instructions;
        ControlFlow::Continue(())
    }

    /// Called, in observed runs too, before the next instruction after one that made the host work, which may have taken as
    /// long as millions of instructions: an accelerator. Breaking is as with [`Self::pause`].
    fn labour(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    const ACTIVE: bool = false;

    fn instruction(&mut self, _: &InstructionEvent<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// One retired instruction.
#[derive(Clone, Copy, Debug)]
pub struct InstructionEvent<'a> {
    /// Position among the instructions, from 0.
    pub step: u64,
    /// Address of the instruction.
    pub pc: u64,
    /// Address of the next one; `pc` itself for the instruction that halts.
    pub next_pc: u64,
    /// The word at `pc`.
    pub word: u32,
    /// What it was decoded as; `None` for a word that is no instruction but has a meaning to the platform (OpenVM's
    /// translation of CSR instructions).
    pub instruction: Option<Instruction>,
    /// Its accesses in order: register reads, then calls and memory, then the register write.
    pub accesses: &'a [Access],
}

/// One access of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A register was read; x0 too, if it was named.
    RegisterRead {
        /// Which register.
        register: u8,
        /// Its value.
        value: u64,
    },
    /// A register was written; never x0.
    RegisterWrite {
        /// Which register.
        register: u8,
        /// Its value before.
        before: u64,
        /// Its value after.
        after: u64,
    },
    /// Memory was read or written.
    Memory(MemoryAccess),
    /// The platform was called.
    Call {
        /// The selector (`standard`: t0).
        selector: u64,
        /// The arguments a0 to a2.
        arguments: [u64; 3],
    },
    /// Bytes went to the public output.
    Output {
        /// Position of the first byte in the output.
        offset: u64,
        /// How many.
        size: u64,
        /// The bytes as a little-endian number, where there are at most eight.
        value: Option<u64>,
    },
}

/// A memory access of at most eight bytes. For a read, `before` and `after` are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryAccess {
    /// Read or write.
    pub kind: AccessKind,
    /// Address of the first byte.
    pub address: u64,
    /// Bytes: 1, 2, 4 or 8.
    pub size: u8,
    /// The bytes before, as a little-endian number.
    pub before: u64,
    /// The bytes after, as a little-endian number.
    pub after: u64,
}

impl InstructionEvent<'_> {
    /// The instruction's mnemonic; `system` for a word without an instruction.
    pub fn mnemonic(&self) -> &'static str {
        self.instruction.map_or("system", |instruction| instruction.opcode.mnemonic())
    }

    /// The register write as (register, before, after), if there was one.
    pub fn register_write(&self) -> Option<(u8, u64, u64)> {
        self.accesses.iter().find_map(|access| match *access {
            Access::RegisterWrite { register, before, after } => Some((register, before, after)),
            _ => None,
        })
    }

    /// The memory effect, if there was exactly one: the write if one was made, else the read.
    pub fn memory(&self) -> Option<MemoryAccess> {
        let only = |kind| {
            let mut of_kind = self.accesses.iter().filter_map(|access| match access {
                Access::Memory(memory) if memory.kind == kind => Some(*memory),
                _ => None,
            });
            (of_kind.next(), of_kind.next())
        };
        match (only(AccessKind::Write), only(AccessKind::Read)) {
            ((Some(write), None), _) => Some(write),
            ((None, _), (Some(read), None)) => Some(read),
            _ => None,
        }
    }
}
