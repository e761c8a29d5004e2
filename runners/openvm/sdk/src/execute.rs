//! Runs without a trace.
//!
//! A run is made twice. First by the pure interpreter, in slices, which alone can stop after a given number of
//! instructions; then, when it is known to end, by the metered one, which counts instructions and trace rows and
//! keeps the final state even when the exit code is not 0. Both are deterministic.
//!
//! The pure interpreter drops its state on an error, and the SDK reports an access out of bounds by a panic. Where a
//! run stops is therefore found by halving: the state before the failing instruction is had again by running to it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openvm_circuit::{
    arch::{
        ExecutionError, InterpretedInstance, Streams, VmExecState, VmState,
        execution_mode::{ExecutionCtx, MeteredCtx},
    },
    system::memory::online::{GuestMemory, LinearMemory},
};
use openvm_instructions::{LocalOpcode, SystemOpcode};
use openvm_stark_backend::p3_field::PrimeCharacteristicRing;

use crate::{
    F,
    machine::{Keyed, MEMORY, Machine, PUBLIC_VALUES, REGISTERS, SetupError},
    print::{GuestLog, Printed},
    program::Program,
};

/// The first slice: small, because a run that stops early is found by running it again some twelve times.
const FIRST_SLICE: u64 = 1 << 12;
/// Slices double up to this: some 30 ms.
const LAST_SLICE: u64 = 1 << 22;
/// Up to this many instructions, running again from the start is cheaper than copying the memory.
const RERUN_MAX: u64 = 1 << 18;

pub(crate) type State = VmState<F, GuestMemory>;

/// Why a run stopped in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No instruction at this pc.
    NoInstruction,
    /// Fewer hint bytes left than asked for.
    HintExhausted,
    /// `hint_buffer` of no or of too many words.
    HintLength,
    /// A phantom instruction failed: no input left, or text that is not UTF-8.
    Phantom,
    /// The interpreter returned `Fail`: for loads and stores, a misaligned address.
    Fail,
    /// The SDK panicked while it executed this instruction.
    Panic,
    /// Any other error of the interpreter.
    Other,
}

/// Where and why a run stopped in the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Address of the instruction.
    pub pc: u32,
    /// Why.
    pub cause: Cause,
    /// What the SDK says.
    pub message: String,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// `terminate`, by the program or by what the transpiler made one of (ecall, ebreak, CSR access: code 2).
    Exit {
        /// Address of the instruction.
        pc: u32,
        /// Exit code, 0 to 255.
        code: u32,
    },
    /// The given number of instructions was executed and the program goes on.
    StepLimit,
    /// The caller asked to stop.
    Interrupted,
    /// It could not go on.
    Stopped(Stop),
}

/// What the metered interpreter counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metered {
    /// Cells that instructions add to the traces: rows times total width, over the chips of instructions.
    pub cells: u64,
    /// The segments that a proof of the run has.
    pub segments: Vec<MeteredSegment>,
}

/// A segment of a proof, as the metered interpreter cuts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeteredSegment {
    /// Instructions.
    pub instructions: u64,
    /// Rows by chip, before they are padded to a power of two. Exact for the chips of instructions and those whose height
    /// is fixed; for memory boundary, memory tree and hash as many as there can be for the pages touched.
    pub heights: Vec<u32>,
}

impl Metered {
    /// Instructions of all segments.
    pub fn instructions(&self) -> u64 {
        self.segments.iter().map(|segment| segment.instructions).sum()
    }
}

/// A run.
#[derive(Clone, Debug)]
pub struct Execution {
    /// How it ended.
    pub end: End,
    /// Instructions executed, `terminate` included, an instruction that stopped the run excluded.
    pub instructions: u64,
    /// Registers at the end; before the instruction that stopped the run.
    pub registers: [u32; 32],
    /// Public values at that time.
    pub public_values: Vec<u8>,
    /// What the guest printed.
    pub printed: Printed,
    /// What it costs to prove; only of runs that came to `terminate`.
    pub metered: Option<Metered>,
}

pub(crate) type Pure<'a> = InterpretedInstance<'a, F, ExecutionCtx>;

/// A pure run, bounded.
enum Bounded {
    /// It comes to `terminate` with this code, after at most one instruction more than it was given.
    Exits { code: u32 },
    /// It ends otherwise, after exactly so many instructions, in this state.
    Ends { end: End, instructions: u64, state: Box<State> },
}

pub(crate) fn streams(input: &[u8]) -> Streams<F> {
    Streams::new(vec![input.iter().map(|&byte| F::from_u8(byte)).collect::<Vec<F>>()])
}

pub(crate) fn registers(memory: &GuestMemory) -> [u32; 32] {
    let bytes = memory.memory.mem[REGISTERS].as_slice();
    std::array::from_fn(|index| word(bytes, 4 * index))
}

/// All bytes of the public values.
pub(crate) fn public_values(memory: &GuestMemory) -> Vec<u8> {
    memory.memory.mem[PUBLIC_VALUES].as_slice().to_vec()
}

pub(crate) fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// Calls `work`; a panic becomes its message.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned())
    })
}

impl Stop {
    pub(crate) fn new(pc: u32, reason: Result<ExecutionError, String>) -> Self {
        let (pc, cause, message) = match reason {
            Err(panic) => (pc, Cause::Panic, panic),
            Ok(error) => {
                let message = error.to_string();
                let (pc, cause) = match error {
                    ExecutionError::PcOutOfBounds(pc) | ExecutionError::Unreachable(pc) => (pc, Cause::NoInstruction),
                    ExecutionError::HintOutOfBounds { pc } => (pc, Cause::HintExhausted),
                    ExecutionError::HintBufferZeroWords { pc } | ExecutionError::HintBufferTooLarge { pc, .. } => {
                        (pc, Cause::HintLength)
                    }
                    ExecutionError::Phantom { pc, .. } => (pc, Cause::Phantom),
                    ExecutionError::Fail { pc, .. } => (pc, Cause::Fail),
                    _ => (pc, Cause::Other),
                };
                (pc, cause, message)
            }
        };
        Self { pc, cause, message }
    }
}

/// One slice: the state after it, an exit code other than 0, or why it stopped.
enum Slice {
    Done(Box<State>),
    Exit(u32),
    Failed(Result<ExecutionError, String>),
}

fn slice(pure: &Pure<'_>, state: State, instructions: u64) -> Slice {
    match guarded(|| pure.execute_from_state(state, Some(instructions))) {
        Ok(Ok(state)) => Slice::Done(Box::new(state)),
        Ok(Err(ExecutionError::FailedWithExitCode(code))) => Slice::Exit(code),
        Ok(Err(error)) => Slice::Failed(Ok(error)),
        Err(panic) => Slice::Failed(Err(panic)),
    }
}

fn is_terminate(program: &Program, pc: u32) -> bool {
    program
        .index_of(pc)
        .and_then(|index| program.exe.program.instructions_and_debug_infos.get(index)?.as_ref())
        .is_some_and(|(instruction, _)| instruction.opcode == SystemOpcode::TERMINATE.global_opcode())
}

/// Runs until the program ends, `max_steps` instructions are executed, or `interrupted` says so between two slices. Also
/// gives what the run printed: each slice is heard once, one that fails up to where it does.
fn run_bounded(
    pure: &Pure<'_>,
    program: &Program,
    input: &[u8],
    max_steps: u64,
    log: &GuestLog,
    interrupted: &dyn Fn(u64) -> bool,
) -> (Bounded, Printed) {
    log.listen();
    let initial = || pure.create_initial_vm_state(streams(input));
    let mut state = Box::new(initial());
    let mut done = 0;
    let mut length = FIRST_SLICE;
    loop {
        if done >= max_steps {
            return (Bounded::Ends { end: End::StepLimit, instructions: done, state }, log.take());
        }
        if interrupted(done) {
            return (Bounded::Ends { end: End::Interrupted, instructions: done, state }, log.take());
        }
        let instructions = length.min(max_steps - done);
        length = (length * 2).min(LAST_SLICE);
        match slice(pure, *state, instructions) {
            // `terminate` leaves the pc where it is, so that executing it once more changes nothing, and whether the
            // slice ended on it or before it does not matter here: the metered run counts.
            Slice::Done(after) if is_terminate(program, after.pc()) => {
                let code = match slice(pure, *after, 1) {
                    Slice::Done(_) => 0,
                    Slice::Exit(code) => code,
                    Slice::Failed(_) => unreachable!("terminate has no way to fail"),
                };
                return (Bounded::Exits { code }, log.take());
            }
            Slice::Done(after) => state = after,
            Slice::Exit(code) => return (Bounded::Exits { code }, log.take()),
            Slice::Failed(_) => {
                let printed = log.take();
                return (locate(pure, &initial, done, instructions), printed);
            }
        }
        done += instructions;
    }
}

/// The run that fails within `length` instructions after `start`, up to the instruction that fails.
fn locate(pure: &Pure<'_>, initial: &dyn Fn() -> State, start: u64, length: u64) -> Bounded {
    const SAME: &str = "the interpreter is deterministic and this much ran before";
    let run_to = |state: State, instructions: u64| match slice(pure, state, instructions) {
        Slice::Done(state) => Some(*state),
        _ => None,
    };
    // `good` instructions run, `bad` do not; `base` is a state to start from, after `based` instructions.
    let (mut good, mut bad) = (start, start + length);
    let mut base: Option<(State, u64)> = None;
    if start > RERUN_MAX {
        base = Some((run_to(initial(), start).expect(SAME), start));
    }
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        let (state, from) = match &base {
            Some((state, at)) => (state.clone(), *at),
            None => (initial(), 0),
        };
        match run_to(state, middle - from) {
            Some(state) => {
                good = middle;
                if base.is_some() {
                    base = Some((state, good));
                }
            }
            None => bad = middle,
        }
    }
    let (state, from) = base.unwrap_or_else(|| (initial(), 0));
    let state = run_to(state, good - from).expect(SAME);
    let pc = state.pc();
    let Slice::Failed(reason) = slice(pure, state.clone(), 1) else { unreachable!("it failed before") };
    Bounded::Ends { end: End::Stopped(Stop::new(pc, reason)), instructions: good, state: Box::new(state) }
}

impl Machine {
    /// Executes `program`, whose input is the one vector of its hint stream, for at most `max_steps` instructions.
    /// `interrupted` is asked every 30 ms or so, with the number of instructions executed.
    pub fn execute(
        &self,
        program: &Program,
        input: &[u8],
        max_steps: u64,
        interrupted: &dyn Fn(u64) -> bool,
    ) -> Result<Execution, SetupError> {
        let error = |reason: &dyn std::fmt::Display| SetupError(reason.to_string());
        let pure = self.executor.instance(&program.exe).map_err(|reason| error(&reason))?;
        let log = &self.config.log;
        let (bounded, printed) = run_bounded(&pure, program, input, max_steps, log, interrupted);
        let code = match bounded {
            Bounded::Exits { code } => code,
            Bounded::Ends { end, instructions, state } => {
                return Ok(execution(end, instructions, &state.memory, printed, None));
            }
        };
        drop(pure);
        let keyed = self.keyed()?;
        let Some((state, metered)) = meter(keyed, program, input, interrupted)? else {
            return Ok(Execution {
                end: End::Interrupted,
                instructions: 0,
                registers: [0; 32],
                public_values: Vec::new(),
                printed,
                metered: None,
            });
        };
        let instructions = metered.instructions();
        if instructions > max_steps {
            // The last slice ended right before `terminate`.
            return Ok(execution(End::StepLimit, max_steps, &state.memory, printed, None));
        }
        let end = End::Exit { pc: state.pc(), code };
        Ok(execution(end, instructions, &state.memory, printed, Some(metered)))
    }
}

fn execution(
    end: End,
    instructions: u64,
    memory: &GuestMemory,
    printed: Printed,
    metered: Option<Metered>,
) -> Execution {
    Execution {
        end,
        instructions,
        registers: registers(memory),
        public_values: public_values(memory),
        printed,
        metered,
    }
}

/// Runs a program that is known to end. `None` if it was interrupted.
fn meter(
    keyed: &Keyed,
    program: &Program,
    input: &[u8],
    interrupted: &dyn Fn(u64) -> bool,
) -> Result<Option<(State, Metered)>, SetupError> {
    let error = |reason: &dyn std::fmt::Display| SetupError(reason.to_string());
    let interpreter = keyed.vm.metered_interpreter(&program.exe).map_err(|reason| error(&reason))?;
    let mut context: MeteredCtx = keyed.vm.build_metered_ctx(&program.exe);
    context.set_suspend_on_segment(true);
    let initial = interpreter.create_initial_vm_state(streams(input));
    let mut state = VmExecState::new(initial, context);
    loop {
        state = interpreter.execute_metered_until_suspend(state).map_err(|reason| error(&reason))?;
        match &state.exit_code {
            Ok(Some(_)) => break,
            Ok(None) => {
                if interrupted(state.ctx.segmentation_ctx.instret) {
                    return Ok(None);
                }
            }
            Err(reason) => return Err(error(reason)),
        }
    }
    let segments = state.ctx.segments();
    let width = |air: usize| keyed.vm.pk().per_air[air].vk.params.width.total_width() as u64;
    let cells = segments
        .iter()
        .flat_map(|segment| keyed.executor_airs.iter().map(|&air| u64::from(segment.trace_heights[air]) * width(air)))
        .sum();
    let segments = segments
        .iter()
        .map(|segment| MeteredSegment { instructions: segment.num_insns, heights: segment.trace_heights.clone() })
        .collect();
    Ok(Some((state.vm_state, Metered { cells, segments })))
}

pub(crate) fn memory_bytes(memory: &GuestMemory) -> &[u8] {
    memory.memory.mem[MEMORY].as_slice()
}
