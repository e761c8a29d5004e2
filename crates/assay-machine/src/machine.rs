//! The hart around the hot loop: finds code, counts steps, and executes what the loop leaves alone.

mod atomic;
mod observe;

use std::mem;

use assay_isa::{Class, DecodeError, Instruction, Opcode};
use assay_spec::{Platform, Trap, TrapKind, Word as Hex};

use crate::code::{Code, Place, WORD_BYTES};
use crate::config::Config;
use crate::execute::{Exit, Pause, Registers, execute};
use crate::memory::{Memory, Refusal};
use crate::observer::{Access, Observer};
use crate::op::{Kind, Op, SLOTS};
use crate::outcome::{End, Run};
use crate::platform::{Host, Meaning, openvm, risc0, sp1, standard};
use crate::word::Word;

/// One hart, its memory and its platform.
pub(crate) struct Machine<'a, X> {
    pub(crate) config: &'a Config,
    pub(crate) memory: Memory,
    pub(crate) registers: Registers<X>,
    pub(crate) pc: u64,
    pub(crate) host: Host,
    pub(crate) output: Vec<u8>,
    pub(crate) log: Vec<u8>,
    /// Where the accesses of the current instruction are noted, if somebody watches.
    pub(crate) watched: Option<Vec<Access>>,
    /// The last instruction made the host work.
    pub(crate) laboured: bool,
    code: Code,
    instructions: u64,
    /// Address and size of the last LR that no SC has answered.
    reservation: Option<(u64, u8)>,
}

/// What the loop wants from the machine.
enum Wants {
    Nothing,
    Decoding,
    Cold,
}

impl<'a, X: Word> Machine<'a, X> {
    pub(crate) fn new(config: &'a Config, memory: Memory, code: Code, host: Host, pc: u64) -> Self {
        Self {
            config,
            memory,
            registers: [X::default(); SLOTS],
            pc,
            output: host.initial_output(),
            host,
            log: Vec::new(),
            watched: None,
            laboured: false,
            code,
            instructions: 0,
            reservation: None,
        }
    }

    /// Runs to the end.
    pub(crate) fn run<O: Observer>(mut self, observer: &mut O) -> Run {
        let end = loop {
            if let Err(end) = self.advance(observer) {
                break end;
            }
        };
        let mut registers = [0; 32];
        for (to, from) in registers.iter_mut().zip(&self.registers) {
            *to = from.to_u64();
        }
        Run {
            end,
            output: self.output,
            log: self.log,
            registers,
            pc: self.pc,
            instructions: self.instructions,
            unaligned_accesses: self.memory.misaligned_count(),
            memory_bytes: self.memory.allocated_bytes(),
        }
    }

    /// Executes at least one instruction: as many as the loop takes where nobody watches and the step limit is far
    /// away, else one.
    fn advance<O: Observer>(&mut self, observer: &mut O) -> Result<(), End> {
        let remaining = self.config.max_steps.saturating_sub(self.instructions);
        if remaining == 0 {
            return Err(End::StepLimit);
        }
        let place = self.locate()?;
        if mem::take(&mut self.laboured) && observer.labour().is_break() {
            return Err(End::Stopped);
        }
        if O::ACTIVE {
            return self.observed_step(place, observer);
        }
        if observer.pause(self.instructions).is_break() {
            return Err(End::Stopped);
        }
        let (ops, base) = self.code.ops(place);
        let Some(most) = remaining.checked_sub(ops.len() as u64) else {
            return self.step(place);
        };
        let stop = most.min(O::PAUSE_STEPS);
        let pause = execute(ops, X::from_u64(base), place.index, stop, &mut self.registers, &mut self.memory);
        match self.settle(pause, base)? {
            Wants::Nothing => Ok(()),
            Wants::Decoding => {
                let place = self.locate()?;
                self.decode(place);
                Ok(())
            }
            Wants::Cold => {
                let place = self.locate()?;
                self.cold(self.meaning(place))
            }
        }
    }

    fn locate(&self) -> Result<Place, End> {
        if !self.pc.is_multiple_of(WORD_BYTES) {
            let message =
                format!("the entry point {:#x} is not a multiple of 4; instructions are whole words", self.pc);
            return Err(self.trap(TrapKind::MisalignedFetch, Some(self.pc), message));
        }
        self.code.find(self.pc).ok_or_else(|| {
            if self.config.platform == Platform::Risc0
                && let Some(end) = risc0::fetched_outside(self)
            {
                return end;
            }
            let message =
                format!("execution left executable memory at {:#x}; end the guest with its platform's exit", self.pc);
            self.trap(TrapKind::FetchFault, None, message)
        })
    }

    /// Executes the one instruction at `place`, which is at `pc`.
    fn step(&mut self, place: Place) -> Result<(), End> {
        if self.code.op(place) == Op::UNDECODED {
            self.decode(place);
        }
        match self.code.op(place) {
            Op { kind: Kind::Cold, .. } => self.cold(self.meaning(place)),
            op => self.single(op),
        }
    }

    /// Executes one op of the loop.
    fn single(&mut self, op: Op) -> Result<(), End> {
        let pause = execute(&[op], X::from_u64(self.pc), 0, 0, &mut self.registers, &mut self.memory);
        self.settle(pause, self.pc).map(|_| ())
    }

    /// Takes over where the loop stopped; its ops stand at `base`.
    fn settle(&mut self, pause: Pause, base: u64) -> Result<Wants, End> {
        self.instructions += pause.retired;
        let offset = (pause.next as u64).wrapping_mul(WORD_BYTES);
        self.pc = X::from_u64(base.wrapping_add(offset)).to_u64();
        match pause.exit {
            Exit::Leave => Ok(Wants::Nothing),
            Exit::Undecoded => Ok(Wants::Decoding),
            Exit::Cold => Ok(Wants::Cold),
            Exit::MisalignedJump { target } => Err(self.misaligned_jump(target)),
            Exit::Refused { address, refusal } => Err(self.refused(address, refusal)),
            Exit::CodeWritten { address, size } => {
                self.code.forget(address, u64::from(size));
                Ok(Wants::Nothing)
            }
        }
    }

    fn decode(&mut self, place: Place) {
        let config = self.config;
        self.code.decode(place, &self.memory, |word| op_of(word, config));
    }

    fn meaning(&self, place: Place) -> Meaning {
        Meaning::of(self.code.word(place, &self.memory), self.config)
    }

    /// Executes what the loop does not.
    fn cold(&mut self, meaning: Meaning) -> Result<(), End> {
        match meaning {
            Meaning::Instruction(instruction) => {
                if is_afflicted(instruction.opcode, self.config) {
                    self.faulty(instruction)
                } else {
                    self.cold_instruction(instruction)
                }
            }
            Meaning::Nop => {
                self.retire();
                Ok(())
            }
            Meaning::Terminate => Err(self.halt(openvm::UNIMPLEMENTED_EXIT_CODE)),
            Meaning::Refused(kind, why) => Err(self.trap(kind, None, why.to_owned())),
            Meaning::Invalid(error) => {
                let kind = match error {
                    DecodeError::Unsupported { .. } => TrapKind::UnsupportedInstruction,
                    _ => TrapKind::IllegalInstruction,
                };
                Err(self.trap(kind, None, error.to_string()))
            }
        }
    }

    fn cold_instruction(&mut self, instruction: Instruction) -> Result<(), End> {
        match (instruction.opcode.entry().class, self.config.platform) {
            (Class::Atomic, _) => self.atomic(instruction),
            (Class::Branch | Class::Jump, _) => self.odd_jump(instruction),
            (Class::System, Platform::OpenVm) => Err(self.halt(openvm::UNIMPLEMENTED_EXIT_CODE)),
            (Class::System, Platform::Risc0) => risc0::system(self, instruction),
            (Class::System, Platform::Sp1) => sp1::system(self, instruction),
            // Nothing is loaded for the platform that has no hart.
            (Class::System, Platform::Standard | Platform::Native) if instruction.opcode == Opcode::Ecall => {
                standard::call(self)
            }
            (Class::System, Platform::Standard | Platform::Native) => {
                let message = "the guest executed EBREAK; there is no debugger, so this ends it";
                Err(self.trap(TrapKind::Breakpoint, None, message.to_owned()))
            }
            (Class::Vendor, _) => openvm::call(self, instruction),
            (class, _) => unreachable!("{class:?} instructions are executed by the loop"),
        }
    }

    /// Executes an instruction with a planted fault: rightly first, then its result is changed.
    fn faulty(&mut self, instruction: Instruction) -> Result<(), End> {
        let config = self.config;
        let mask = X::from_i32(-1).to_u64();
        let [rs1, rs2] = [instruction.rs1, instruction.rs2].map(|register| self.register(register));
        let striking = config
            .faults
            .iter()
            .filter(|fault| fault.opcode() == instruction.opcode && fault.strikes(instruction, rs1, rs2, mask));
        match Op::new(instruction) {
            Op { kind: Kind::Cold, .. } => self.cold_instruction(instruction)?,
            op => self.single(op)?,
        }
        for fault in striking {
            let result = fault.change(self.register(instruction.rd));
            self.set_register(instruction.rd, X::from_u64(result));
        }
        Ok(())
    }

    /// A branch or `jal` whose target is misaligned: a trap if it is taken.
    fn odd_jump(&mut self, instruction: Instruction) -> Result<(), End> {
        let [a, b] = [instruction.rs1, instruction.rs2].map(|register| self.registers[usize::from(register)]);
        let taken = match instruction.opcode {
            Opcode::Beq => a == b,
            Opcode::Bne => a != b,
            Opcode::Blt => a.lt_signed(b),
            Opcode::Bge => !a.lt_signed(b),
            Opcode::Bltu => a < b,
            Opcode::Bgeu => a >= b,
            _ => true,
        };
        if taken {
            let target = X::from_u64(self.pc).add(X::from_i32(instruction.imm));
            return Err(self.misaligned_jump(target.to_u64()));
        }
        self.retire();
        Ok(())
    }

    /// Counts the instruction at `pc` and goes on to the next.
    pub(crate) fn retire(&mut self) {
        self.instructions += 1;
        self.pc = X::from_u64(self.pc.wrapping_add(WORD_BYTES)).to_u64();
    }

    /// Counts the instruction at `pc`, which halts.
    pub(crate) fn halt(&mut self, exit_code: u32) -> End {
        self.instructions += 1;
        End::Halted { exit_code }
    }

    /// The content of a register below 32, zero-extended.
    pub(crate) fn register(&self, register: u8) -> u64 {
        self.registers[usize::from(register)].to_u64()
    }

    /// Writes a register below 32; a write to x0 is lost.
    pub(crate) fn set_register(&mut self, register: u8, value: X) {
        if register != 0 {
            self.registers[usize::from(register)] = value;
        }
    }

    /// Notes an access of the current instruction, if somebody watches.
    pub(crate) fn note(&mut self, access: impl FnOnce() -> Access) {
        if let Some(accesses) = &mut self.watched {
            accesses.push(access());
        }
    }

    /// Forgets decoded ops after a store that did not go through the loop.
    pub(crate) fn forget_code(&mut self, address: u64, size: u64) {
        self.code.forget(address, size);
    }

    /// A trap at `pc`.
    pub(crate) fn trap(&self, kind: TrapKind, address: Option<u64>, message: String) -> End {
        End::Trap { trap: Trap { kind, pc: Hex(self.pc), address: address.map(Hex) }, message }
    }

    /// The end of a guest whose instruction at `pc` this machine does not model.
    pub(crate) fn unsupported(&self, what: &str) -> End {
        End::Unsupported { message: format!("at {:#x}: {what}", self.pc) }
    }

    fn misaligned_jump(&self, target: u64) -> End {
        let message = format!(
            "the jump at {:#x} goes to {target:#x}, which is not a multiple of 4; instructions are whole words",
            self.pc
        );
        self.trap(TrapKind::MisalignedFetch, Some(target), message)
    }

    /// The end that a refused access at `pc` brings.
    pub(crate) fn refused(&self, address: u64, refusal: Refusal) -> End {
        let (kind, what) = match refusal {
            Refusal::Load => (TrapKind::LoadFault, "load: memory there is unmapped or not readable"),
            Refusal::Store => (TrapKind::StoreFault, "store: memory there is unmapped or read-only"),
            Refusal::Misaligned => (
                TrapKind::MisalignedAccess,
                "access: its address is not a multiple of its size, which is not allowed here",
            ),
            Refusal::LimitReached => return End::MemoryLimit,
        };
        let message = format!("at {:#x}, address {address:#x}: bad {what}", self.pc);
        self.trap(kind, Some(address), message)
    }
}

fn is_afflicted(opcode: Opcode, config: &Config) -> bool {
    config.faults.iter().any(|fault| fault.opcode() == opcode)
}

fn op_of(word: u32, config: &Config) -> Op {
    match Meaning::of(word, config) {
        Meaning::Instruction(instruction) if !is_afflicted(instruction.opcode, config) => Op::new(instruction),
        _ => Op::COLD,
    }
}
