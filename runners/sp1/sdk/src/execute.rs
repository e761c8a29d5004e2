//! One run, with its limits kept and its stops understood.
//!
//! The interpreter is SP1's portable one, in tracing mode with small chunks, over the copy of the program with
//! detours ([`crate::guard`]). It panics on what it does not allow; its state is then that before the instruction.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sp1_core_executor::{
    CLK_INC, ExecutionError, MinimalExecutor, OutputConsumers, SupervisorMode, with_output_consumers,
};
use sp1_jit::{MemValue, MinimalTrace, TraceChunkRaw};
use tokio::sync::watch;

use crate::{
    guard::CHUNK_VALUES,
    program::{Program, panic_text},
};

/// Most bytes of public values.
pub const OUTPUT_BYTES_MAX: u64 = 1 << 17;

/// Most bytes of what the guest prints that are kept: the first.
pub const LOG_BYTES_MAX: usize = 64 << 10;

/// Most bytes that one WRITE may take: SP1 copies them.
const WRITE_BYTES_MAX: u64 = 64 << 20;

/// Chunks between two looks at whether the run was interrupted.
const CHUNKS_BETWEEN_LOOKS: u64 = 1 << 10;

/// `t0` of the system calls that the runner reads (`sp1-core-executor` 6.10.0, `syscall_code.rs`).
const CALL_WRITE: u32 = 2;
/// File descriptor of public values.
const FD_PUBLIC_VALUES: u32 = 13;

/// Bounds of a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most instructions.
    pub instructions: u64,
    /// Most bytes of memory that the guest may touch.
    pub memory_bytes: u64,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Execution {
    /// How it ended.
    pub end: End,
    /// Instructions that were executed, HALT's `ecall` included; those of unconstrained blocks are not counted, as SP1
    /// does not prove them.
    pub instructions: u64,
    /// Registers at the end; not exact after [`End::StepLimit`].
    pub registers: [u64; 32],
    /// Public values.
    pub output: Vec<u8>,
    /// The words that the guest committed.
    pub committed: [u32; 8],
    /// The first [`LOG_BYTES_MAX`] bytes of what the guest printed.
    pub log: Vec<u8>,
    /// Of `log`, what went to standard error.
    pub stderr: Vec<u8>,
    /// Bytes that the guest printed in all.
    pub log_bytes: u64,
    /// Memory values that a trace of the run holds.
    pub memory_values: u64,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// HALT.
    Exit {
        /// The exit code.
        code: u32,
    },
    /// More instructions than [`Limits::instructions`].
    StepLimit,
    /// More memory than [`Limits::memory_bytes`].
    MemoryLimit,
    /// More public values than [`OUTPUT_BYTES_MAX`], or one huge WRITE.
    OutputLimit,
    /// The caller asked for it.
    Interrupted,
    /// SP1 does not go on.
    Stopped(Stop),
}

/// Why SP1 does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Address of the instruction.
    pub pc: u64,
    /// What SP1 said of it.
    pub message: String,
    /// What it is, where SP1 has a word for it.
    pub cause: Cause,
}

/// Causes of a stop that do not follow from the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An address above what SP1 can address.
    Address(u64),
    /// `HINT_READ` without a hint.
    HintExhausted,
    /// A system call number that SP1 does not have.
    UnknownCall,
    /// No instruction at the address.
    NoInstruction,
    /// Anything else; the message says.
    Other,
}

type Executor = MinimalExecutor<SupervisorMode>;

impl Program {
    /// Executes the program with one hint, `input`. `interrupted` is asked now and then with the number of instructions.
    pub fn execute(&self, input: &[u8], limits: Limits, interrupted: &dyn Fn(u64) -> bool) -> Execution {
        // A consumer that nobody reads: without one, SP1 prints what the guest prints.
        let (sender, _receiver) = watch::channel(String::new());
        let consumers = OutputConsumers { stdout: Some(sender.clone()), stderr: Some(sender) };
        with_output_consumers(&consumers, || Run::new(self, input, limits).drive(interrupted))
    }
}

struct Run<'a> {
    program: &'a Program,
    input: &'a [u8],
    executor: Executor,
    limits: Limits,
    /// Instructions of the runner among those executed.
    ours: u64,
    values: u64,
    log: Vec<u8>,
    stderr: Vec<u8>,
    log_bytes: u64,
}

impl<'a> Run<'a> {
    fn new(program: &'a Program, input: &'a [u8], limits: Limits) -> Self {
        let guarded = program.guarded.program.clone();
        let mut executor = Executor::new_with_limit(guarded, false, Some(CHUNK_VALUES), Some(limits.memory_bytes));
        executor.with_input(input);
        Self { program, input, executor, limits, ours: 0, values: 0, log: Vec::new(), stderr: Vec::new(), log_bytes: 0 }
    }

    fn drive(mut self, interrupted: &dyn Fn(u64) -> bool) -> Execution {
        let mut chunks = 0_u64;
        let end = loop {
            let executor = &mut self.executor;
            match catch_unwind(AssertUnwindSafe(|| executor.try_execute_chunk())) {
                Ok(Ok(chunk)) => {
                    if let Some(chunk) = chunk {
                        self.count(&chunk);
                    }
                    if self.executor.is_done() {
                        // The jump back from HALT's detour was counted and not made.
                        self.ours -= 1;
                        let over = self.instructions() > self.limits.instructions;
                        break if over { End::StepLimit } else { End::Exit { code: self.executor.exit_code() } };
                    }
                    if self.instructions() >= self.limits.instructions {
                        break End::StepLimit;
                    }
                    if let Some(end) = self.call() {
                        break end;
                    }
                }
                Ok(Err(ExecutionError::TooMuchMemory())) => break End::MemoryLimit,
                Ok(Err(_)) | Err(_) => return self.stopped(),
            }
            chunks += 1;
            if chunks.is_multiple_of(CHUNKS_BETWEEN_LOOKS) && interrupted(self.instructions()) {
                break End::Interrupted;
            }
        };
        let instructions = self.instructions().min(self.limits.instructions);
        self.execution(&self.executor, end, instructions)
    }

    /// Instructions of the guest so far.
    fn instructions(&self) -> u64 {
        let ahead = self.program.guarded.slot(self.executor.pc()).map_or(0, |slot| slot.ahead);
        self.executor.global_clk().saturating_sub(self.ours.saturating_add_signed(-ahead))
    }

    fn count(&mut self, chunk: &TraceChunkRaw) {
        for value in chunk.mem_reads() {
            let weight = self.program.guarded.weight(value.value);
            self.ours += weight;
            self.values += u64::from(weight == 0);
        }
    }

    /// Looks at the system call that comes next, if one does.
    fn call(&mut self) -> Option<End> {
        self.program.guarded.slot(self.executor.pc()).filter(|slot| slot.call)?;
        let registers = self.executor.registers();
        let [fd, buffer, bytes] = [registers[10], registers[11], registers[12]];
        if registers[5] as u32 != CALL_WRITE {
            return None;
        }
        if bytes > WRITE_BYTES_MAX {
            return Some(End::OutputLimit);
        }
        if fd as u32 == FD_PUBLIC_VALUES {
            let total = self.executor.public_values_stream().len() as u64 + bytes;
            return (total > OUTPUT_BYTES_MAX).then_some(End::OutputLimit);
        }
        if fd == 1 || fd == 2 {
            self.log_bytes += bytes;
            let room = LOG_BYTES_MAX - self.log.len();
            let text = self.bytes(buffer, bytes.min(room as u64));
            if fd == 2 {
                self.stderr.extend_from_slice(&text);
            }
            self.log.extend_from_slice(&text);
        }
        None
    }

    /// Guest memory, up to the end of what can be addressed.
    fn bytes(&self, address: u64, count: u64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count as usize);
        let (mut at, end) = (address, address.saturating_add(count).min(1 << 40));
        while at < end {
            let word = self.executor.get_memory_value(at & !7).value.to_le_bytes();
            let (from, until) = ((at & 7) as usize, ((at & 7) + (end - at)).min(8) as usize);
            bytes.extend_from_slice(&word[from..until]);
            at += (until - from) as u64;
        }
        bytes
    }

    /// The run once more, with the unchanged program: now it is known to stop, and the markers of an unfinished chunk are
    /// not counted.
    fn stopped(self) -> Execution {
        let memory_limit = Some(self.limits.memory_bytes);
        let mut executor = Executor::new_with_limit(self.program.sp1.clone(), false, None, memory_limit);
        executor.with_input(self.input);
        let end = match catch_unwind(AssertUnwindSafe(|| executor.try_execute_chunk())) {
            Ok(Ok(_)) => End::Exit { code: executor.exit_code() },
            Ok(Err(ExecutionError::TooMuchMemory())) => End::MemoryLimit,
            Ok(Err(ExecutionError::InvalidMemoryAccess(_, address))) => {
                // Found after the instruction; neither loads, stores nor system calls jump.
                let message = format!("memory address {address:#x} is out of range");
                End::Stopped(Stop { pc: executor.pc().wrapping_sub(4), cause: Cause::Address(address), message })
            }
            Ok(Err(error)) => End::Stopped(Stop { pc: executor.pc(), cause: Cause::Other, message: error.to_string() }),
            Err(panic) => {
                let (pc, message) = (executor.pc(), panic_text(&*panic).to_owned());
                End::Stopped(Stop { pc, cause: self.program.cause(pc, &message), message })
            }
        };
        let late = matches!(&end, End::Stopped(stop) if matches!(stop.cause, Cause::Address(_)));
        let instructions = executor.global_clk() - u64::from(late);
        if instructions >= self.limits.instructions {
            return self.execution(&executor, End::StepLimit, self.limits.instructions);
        }
        self.execution(&executor, end, instructions)
    }

    fn execution(&self, executor: &Executor, end: End, instructions: u64) -> Execution {
        Execution {
            end,
            instructions,
            registers: executor.registers(),
            output: executor.public_values_stream().clone(),
            committed: executor.public_value_digest(),
            log: self.log.clone(),
            stderr: self.stderr.clone(),
            log_bytes: self.log_bytes,
            memory_values: self.values,
        }
    }
}

impl Program {
    /// Memory values of the guest's first `instructions`, of a run that has more, and of a few more; and the guest's
    /// clock after them. The clocks of the values are not the guest's.
    pub(crate) fn guarded_values(&self, input: &[u8], instructions: u64) -> (Vec<MemValue>, u64) {
        let limits = Limits { instructions, memory_bytes: u64::MAX };
        let mut run = Run::new(self, input, limits);
        let mut values = Vec::new();
        crate::shards::silenced(|| {
            while let Ok(Ok(Some(chunk))) = catch_unwind(AssertUnwindSafe(|| run.executor.try_execute_chunk())) {
                values.extend(chunk.mem_reads().filter(|value| self.guarded.weight(value.value) == 0));
                run.count(&chunk);
                if run.instructions() >= instructions || run.executor.is_done() {
                    break;
                }
            }
        });
        let ours = run.executor.global_clk() - run.instructions();
        (values, run.executor.clk() - u64::from(CLK_INC) * ours)
    }

    /// What a panic of the interpreter at `pc` means.
    fn cause(&self, pc: u64, message: &str) -> Cause {
        if self.word_at(pc).is_none() {
            Cause::NoInstruction
        } else if message.contains("hint input stream exhausted") {
            Cause::HintExhausted
        } else if message.contains("invalid syscall number") {
            Cause::UnknownCall
        } else {
            Cause::Other
        }
    }
}

impl Execution {
    /// Whether the committed words are the SHA-256 of the public values: if not, no proof of the run verifies.
    pub fn is_committed(&self) -> bool {
        use sha2::{Digest as _, Sha256};
        let digest = Sha256::digest(&self.output);
        let words = digest.chunks(4).map(|word| word.iter().rev().fold(0_u32, |n, &byte| n << 8 | u32::from(byte)));
        words.eq(self.committed)
    }
}
