//! Runs instruction by instruction, with the rows that each instruction makes.
//!
//! The preflight interpreter writes a record into its chip's arena for each row that an instruction will have. Run
//! one instruction at a time, the growth of the arenas says whose rows are whose. Trace generation turns records into
//! rows in place, so that a record's index is its row's.
//!
//! A trace has segments of its own, of [`SEGMENT_INSTRUCTIONS`] at most, which need not be those of a proof: a run that
//! does not end has no metered segments, but it has a trace.

use openvm_circuit::{
    arch::{
        ExecutionState, VmExecState, VmState, execution_mode::PreflightCtx,
        interpreter_preflight::PreflightInterpretedInstance,
    },
    system::{SystemRecords, memory::online::TracingMemory},
};
use openvm_instructions::LocalOpcode;
use openvm_rv32im_circuit::Rv32ImConfigExecutor;
use openvm_rv32im_transpiler::{MAX_HINT_BUFFER_WORDS, Rv32HintStoreOpcode};
use openvm_stark_backend::p3_field::PrimeField32;

use crate::{
    F,
    execute::{State, Stop, guarded, memory_bytes, public_values, registers, streams, word},
    machine::{Arena, Keyed, Machine, REGISTERS, SetupError},
    print::Printed,
    program::{Program, Watch},
    rows::Rows,
};

/// Most instructions of one segment of a trace.
pub const SEGMENT_INSTRUCTIONS: u64 = 1 << 17;

type Interpreter = PreflightInterpretedInstance<F, Rv32ImConfigExecutor<F>>;
type Stepping = VmExecState<F, TracingMemory, PreflightCtx<Arena>>;

/// What a trace takes.
#[derive(Clone, Copy, Debug)]
pub struct TraceOptions {
    /// Instructions to trace: as many as [`Machine::execute`] says the run has, or fewer.
    pub instructions: u64,
    /// Whether to make chip rows. Without, a segment costs only its instructions.
    pub rows: bool,
}

/// Rows of one chip that one instruction made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRange {
    /// Index of the chip in the circuit.
    pub chip: usize,
    /// First row.
    pub first: usize,
    /// How many.
    pub count: usize,
}

/// One executed instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its address.
    pub pc: u32,
    /// Address of the instruction after it; its own for `terminate`.
    pub next_pc: u32,
    /// The SDK's global opcode.
    pub opcode: u32,
    /// Operands a to g, as canonical field elements.
    pub operands: [u32; 7],
    /// Memory timestamp before it.
    pub timestamp: u32,
    /// Memory timestamp after it.
    pub next_timestamp: u32,
    /// Content of the watched register before and after it.
    pub register: Option<(u32, u32)>,
    /// Address of the watched access, and the little-endian number there before and after it. Absent where the
    /// address is outside of memory.
    pub access: Option<(u32, u32, u32)>,
    /// Its rows, as a range of [`Segment::row_ranges`].
    pub rows: std::ops::Range<usize>,
}

/// A part of a trace.
#[derive(Debug)]
pub struct Segment<'a> {
    /// Number of its first instruction, from 0 over the whole trace.
    pub first_step: u64,
    /// Its instructions.
    pub steps: &'a [Step],
    /// Which rows belong to which instruction.
    pub row_ranges: &'a [RowRange],
    /// The rows, if they were asked for.
    pub rows: Option<Rows<'a>>,
}

/// How a trace ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// Instructions traced.
    pub instructions: u64,
    /// Where the preflight interpreter stopped before it had executed what was asked for: it checks more than the pure
    /// one does, misaligned addresses above all.
    pub stop: Option<Stop>,
    /// Whether the sink or the caller ended the trace early.
    pub cut: bool,
    /// Registers after the last instruction traced.
    pub registers: [u32; 32],
    /// Public values at that time.
    pub public_values: Vec<u8>,
    /// What the guest printed until then.
    pub printed: Printed,
}

/// Why there is no trace.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The machine could not be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Trace generation failed.
    #[error("OpenVM's trace generation failed: {0}")]
    Generation(String),
}

struct SegmentRun {
    state: Box<Stepping>,
    from: ExecutionState<u32>,
    steps: Vec<Step>,
    row_ranges: Vec<RowRange>,
    stop: Option<Stop>,
}

impl Machine {
    /// Traces `program`. `watches` has an entry per word of the program. Each segment is handed to `sink`, which
    /// answers whether to go on; `interrupted` is asked between segments, with the number of instructions done.
    pub fn trace(
        &mut self,
        program: &Program,
        watches: &[Watch],
        input: &[u8],
        options: TraceOptions,
        interrupted: &dyn Fn(u64) -> bool,
        sink: &mut dyn FnMut(&Segment<'_>) -> bool,
    ) -> Result<Traced, TraceError> {
        self.keyed()?;
        let (executor, log) = (self.executor.clone(), self.config.log.clone());
        let keyed = self.keyed.get_mut().ok_or_else(|| SetupError("the keys are gone".to_owned()))?;
        let setup = |reason: &dyn std::fmt::Display| TraceError::Setup(SetupError(reason.to_string()));
        if options.rows {
            keyed.load_program(program);
        }
        let mut interpreter = keyed.vm.preflight_interpreter(&program.exe).map_err(|reason| setup(&reason))?;
        let mut state = keyed.vm.create_initial_state(&program.exe, streams(input));
        let mut traced = Traced {
            instructions: 0,
            stop: None,
            cut: false,
            registers: registers(&state.memory),
            public_values: public_values(&state.memory),
            printed: Printed::default(),
        };
        log.listen();
        while traced.instructions < options.instructions && traced.stop.is_none() {
            if interrupted(traced.instructions) {
                traced.cut = true;
                break;
            }
            let limit = SEGMENT_INSTRUCTIONS.min(options.instructions - traced.instructions);
            if options.rows {
                keyed.vm.transport_init_memory_to_device(&state.memory);
            }
            let mut run = run_segment(keyed, &mut interpreter, program, watches, state, limit);
            traced.stop = run.stop.take();
            if traced.stop.is_some() {
                traced.printed = log.take();
            }
            if traced.stop.is_some() && options.rows && !run.steps.is_empty() {
                // The failed instruction left half a record and timestamps behind: the same again, without it.
                let pure = executor.instance(&program.exe).map_err(|reason| setup(&reason))?;
                let again = pure.execute(streams(input), Some(traced.instructions)).map_err(|reason| setup(&reason))?;
                run = run_segment(keyed, &mut interpreter, program, watches, again, run.steps.len() as u64);
            }
            let ended = matches!(run.state.exit_code, Ok(Some(_)));
            traced.registers = registers(run.state.memory.data());
            traced.public_values = public_values(run.state.memory.data());
            let (next, go_on) = finish_segment(keyed, &interpreter, run, traced.instructions, options.rows, sink)?;
            traced.instructions += next.1;
            state = next.0;
            if !go_on {
                traced.cut = true;
                break;
            }
            if ended {
                break;
            }
        }
        if traced.stop.is_none() {
            traced.printed = log.take();
        }
        Ok(traced)
    }
}

/// Runs at most `limit` instructions, fewer where an arena would overflow.
fn run_segment(
    keyed: &Keyed,
    interpreter: &mut Interpreter,
    program: &Program,
    watches: &[Watch],
    from: State,
    limit: u64,
) -> SegmentRun {
    let hint_rows = (limit as usize).max(2 * MAX_HINT_BUFFER_WORDS).next_power_of_two();
    let chips = &keyed.circuit.chips;
    let hint_air = chips.iter().position(|chip| chip.name.contains("HintStore"));
    let capacities: Vec<(usize, usize)> = keyed
        .vm
        .pk()
        .per_air
        .iter()
        .enumerate()
        .map(|(air, pk)| {
            let rows = match (keyed.executor_airs.contains(&air), hint_air == Some(air)) {
                (true, true) => hint_rows,
                (true, false) => limit as usize,
                _ => 0,
            };
            (rows, pk.vk.params.width.main_width())
        })
        .collect();
    let hint_buffer = Rv32HintStoreOpcode::HINT_BUFFER.global_opcode();
    let pc = from.pc();
    let memory = TracingMemory::from_image(from.memory);
    let from_state = ExecutionState::new(pc, memory.timestamp());
    let context = PreflightCtx::<Arena>::new_with_capacity(&capacities, Some(0));
    let vm_state = VmState::new(pc, memory, from.streams, from.rng);
    let mut state = Box::new(VmExecState::new(vm_state, context));
    interpreter.reset_execution_frequencies();
    let mut offsets: Vec<usize> = vec![0; capacities.len()];
    let mut run_steps = Vec::with_capacity(limit as usize);
    let mut row_ranges = Vec::new();
    let mut stop = None;
    for _ in 0..limit {
        let (pc, timestamp) = (state.pc(), state.memory.timestamp());
        let index = program.index_of(pc);
        let instruction = index
            .and_then(|index| program.exe.program.instructions_and_debug_infos.get(index)?.as_ref())
            .map(|(instruction, _)| instruction.clone())
            .unwrap_or_default();
        if let Some(air) = hint_air.filter(|_| instruction.opcode == hint_buffer) {
            let arena = &state.ctx.arenas[air];
            let register = instruction.a.as_canonical_u32() as usize / 4;
            let words = registers(state.memory.data())[register % 32] as usize;
            let full = arena.trace_offset / arena.width + words > hint_rows;
            if full && words <= MAX_HINT_BUFFER_WORDS {
                break;
            }
        }
        let watch = index.and_then(|index| watches.get(index)).copied().unwrap_or_default();
        let (register, access) = look(&state, watch, None);
        state.ctx.instret_left = 1;
        match guarded(|| interpreter.execute_from_state(&mut state)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => stop = Some(Stop::new(pc, Ok(error))),
            Err(panic) => stop = Some(Stop::new(pc, Err(panic))),
        }
        if stop.is_some() {
            break;
        }
        let (register_after, access_after) = look(&state, watch, access.map(|(address, _)| address));
        let first_range = row_ranges.len();
        for (chip, (arena, offset)) in state.ctx.arenas.iter().zip(&mut offsets).enumerate() {
            if arena.trace_offset != *offset {
                let (first, count) = (*offset / arena.width, (arena.trace_offset - *offset) / arena.width);
                row_ranges.push(RowRange { chip, first, count });
                *offset = arena.trace_offset;
            }
        }
        run_steps.push(Step {
            pc,
            next_pc: state.pc(),
            opcode: instruction.opcode.as_usize() as u32,
            operands: [
                instruction.a,
                instruction.b,
                instruction.c,
                instruction.d,
                instruction.e,
                instruction.f,
                instruction.g,
            ]
            .map(|operand| operand.as_canonical_u32()),
            timestamp,
            next_timestamp: state.memory.timestamp(),
            register: register.zip(register_after),
            access: access.zip(access_after).map(|((address, before), (_, after))| (address, before, after)),
            rows: first_range..row_ranges.len(),
        });
        if matches!(state.exit_code, Ok(Some(_))) {
            break;
        }
    }
    SegmentRun { state, from: from_state, steps: run_steps, row_ranges, stop }
}

/// The watched register, and address and content of the watched memory; at `address` if it is known already.
fn look(state: &Stepping, watch: Watch, address: Option<u32>) -> (Option<u32>, Option<(u32, u32)>) {
    use openvm_circuit::system::memory::online::LinearMemory as _;
    let memory = state.memory.data();
    let register = |index: u8| word(memory.memory.mem[REGISTERS].as_slice(), 4 * usize::from(index));
    let access = watch.access.and_then(|access| {
        let address = address.unwrap_or_else(|| register(access.base).wrapping_add_signed(access.offset));
        let bytes = memory_bytes(memory).get(address as usize..)?.get(..usize::from(access.size))?;
        let content = bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte));
        Some((address, content))
    });
    (watch.register.map(register), access)
}

/// Makes the rows, hands the segment to `sink`, and gives the state after it and its number of instructions.
fn finish_segment(
    keyed: &mut Keyed,
    interpreter: &Interpreter,
    run: SegmentRun,
    first_step: u64,
    rows: bool,
    sink: &mut dyn FnMut(&Segment<'_>) -> bool,
) -> Result<((State, u64), bool), TraceError> {
    let SegmentRun { state, from, steps, row_ranges, .. } = run;
    let VmExecState { mut vm_state, ctx, exit_code } = *state;
    let count = steps.len() as u64;
    let generated = if rows && count > 0 {
        let touched_memory = vm_state.memory.finalize::<F>();
        let records = SystemRecords {
            from_state: from,
            to_state: ExecutionState::new(vm_state.pc(), vm_state.memory.timestamp()),
            exit_code: exit_code.unwrap_or(None),
            filtered_exec_frequencies: interpreter.filtered_execution_frequencies(),
            touched_memory,
        };
        let generated = keyed.vm.generate_proving_ctx(records, ctx.arenas);
        Some(generated.map_err(|reason| TraceError::Generation(reason.to_string()))?)
    } else {
        None
    };
    let segment = Segment {
        first_step,
        steps: &steps,
        row_ranges: &row_ranges,
        rows: generated.as_ref().map(|context| Rows::new(keyed, context)),
    };
    let go_on = sink(&segment);
    let state = VmState::new(vm_state.pc(), vm_state.memory.data, vm_state.streams, vm_state.rng);
    Ok(((state, count), go_on))
}
