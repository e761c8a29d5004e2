//! Runs instruction by instruction, from the events that SP1's tracing machine makes for its prover.

use std::{panic::AssertUnwindSafe, sync::Arc};

use sp1_core_executor::{
    CLK_INC, ExecutionRecord, HALT_PC, MinimalExecutor, Opcode, SP1CoreOpts, SupervisorMode, SyscallCode,
    TracingVMEnum,
    events::{MemInstrEvent, MemoryRecordEnum},
};
use sp1_jit::{MemValue, MinimalTrace as _, TraceChunk};

use crate::{
    execute::{Cause, End, Execution},
    program::Program,
    rows::{Circuit, Rows, Tables},
    shards::{NONCE, ShardError, guarded, options, shards, silenced},
};

/// Trace cells at which a shard of a trace ends: what memory a trace takes.
const TRACE_ELEMENT_THRESHOLD: u64 = 1 << 24;

/// What the clock moves by in a system call, more than in another instruction.
const CALL_CLOCK: u64 = 256;

/// One executed instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its address.
    pub pc: u64,
    /// Address of the instruction after it; its own for HALT.
    pub next_pc: u64,
    /// SP1's opcode number.
    pub opcode: u64,
    /// Operands as SP1 decodes them.
    pub operands: [u64; 3],
    /// SP1's clock before it.
    pub clock: u64,
    /// SP1's clock after it.
    pub next_clock: u64,
    /// The register that it wrote, and the register's content before and after it; never x0.
    pub register: Option<(u8, u64, u64)>,
    /// What a load or store accessed.
    pub access: Option<Access>,
}

/// A load or a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Address of the first byte.
    pub address: u64,
    /// Bytes: 1, 2, 4 or 8.
    pub size: u8,
    /// Whether it is a store.
    pub write: bool,
    /// The bytes before, as a little-endian number.
    pub before: u64,
    /// The bytes after.
    pub after: u64,
}

/// A part of a trace: one of the shards that a proof of the run has.
#[derive(Debug)]
pub struct Shard<'a> {
    /// Number of its first instruction, from 0 over the whole trace.
    pub first_step: u64,
    /// Its instructions, in order.
    pub steps: &'a [Step],
    /// Its rows, if they were asked for.
    pub rows: Option<Rows<'a>>,
}

impl Program {
    /// Traces the run that came to `execution`, with rows of `circuit`'s chips if there is one. Each shard is handed to
    /// `sink`, which answers whether to go on. The trace of a run that did not end with HALT is cut at its last
    /// instruction, and has rows only if SP1 stopped it.
    pub fn trace(
        &self,
        input: &[u8],
        execution: &Execution,
        circuit: &Circuit,
        rows: bool,
        sink: &mut dyn FnMut(&Shard<'_>) -> bool,
    ) -> Result<(), ShardError> {
        guarded(|| {
            let tables = rows.then(|| Tables::new(circuit, self));
            let mut first_step = 0;
            let mut hand_over = |record: &ExecutionRecord, limit: u64, tables: Option<&Tables>| {
                let mut steps = steps(self, record);
                steps.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                let rows = tables.map(|tables| Rows::new(circuit, tables, record));
                let go_on = sink(&Shard { first_step, steps: &steps, rows });
                first_step += steps.len() as u64;
                go_on
            };
            let options = options(TRACE_ELEMENT_THRESHOLD);
            match &execution.end {
                End::Exit { .. } => shards(self, input, &options, Some(circuit.machine()), &mut |record| {
                    Ok(hand_over(&record, u64::MAX, tables.as_ref()))
                }),
                End::Stopped(stop) => {
                    if let Some(chunk) = self.until_stop(input, stop.cause, execution)? {
                        let mut record = self.record(&chunk, &options)?;
                        circuit.machine().generate_dependencies(std::iter::once(&mut record), None);
                        hand_over(&record, u64::MAX, tables.as_ref());
                    }
                    Ok(())
                }
                End::StepLimit => {
                    if let Some(chunk) = self.until_limit(input, execution.instructions) {
                        let record = self.record(&chunk, &options)?;
                        hand_over(&record, execution.instructions, None);
                    }
                    Ok(())
                }
                End::MemoryLimit | End::OutputLimit | End::Interrupted => Ok(()),
            }
        })
    }

    /// The record of a run from its beginning to the end of `chunk`, with no limit on its size.
    fn record(&self, chunk: &TraceChunk, options: &SP1CoreOpts) -> Result<ExecutionRecord, ShardError> {
        let mut record = ExecutionRecord::new(self.sp1.clone(), NONCE, false);
        let mut vm = TracingVMEnum::new(chunk, self.sp1.clone(), options.clone(), NONCE, &mut record);
        vm.execute()?;
        drop(vm);
        record.finalize_public_values::<sp1_primitives::SP1Field>(true);
        Ok(record)
    }

    /// The memory values of a run that SP1 stops, up to the instruction that it stops at. A chunk is lost if
    /// it stops within, so that chunks are of one value.
    fn until_stop(&self, input: &[u8], cause: Cause, execution: &Execution) -> Result<Option<TraceChunk>, ShardError> {
        if execution.instructions == 0 {
            return Ok(None);
        }
        let limit = matches!(cause, Cause::Address(_)).then_some(u64::MAX);
        let mut executor = MinimalExecutor::<SupervisorMode>::new_with_limit(self.sp1.clone(), false, Some(1), limit);
        executor.with_input(input);
        let mut values: Vec<MemValue> = Vec::new();
        silenced(|| {
            while let Ok(Ok(Some(chunk))) = std::panic::catch_unwind(AssertUnwindSafe(|| executor.try_execute_chunk()))
            {
                values.extend(chunk.mem_reads());
                if executor.is_done() {
                    break;
                }
            }
        });
        if executor.is_done() {
            return Err(ShardError::Sdk("a run that stopped came to an end when it was repeated".to_owned()));
        }
        let mut clock = executor.clk();
        if matches!(cause, Cause::Address(_)) {
            // Found after the instruction.
            let pc = executor.pc().wrapping_sub(4);
            let call = self.sp1.fetch(pc).is_some_and(sp1_core_executor::Instruction::is_ecall_instruction);
            clock -= u64::from(CLK_INC) + if call { CALL_CLOCK } else { 0 };
        }
        Ok(Some(self.chunk(values, clock)))
    }

    /// The memory values of the first `instructions` of a run that does not end, and of a few more. Their clocks are those
    /// of the copy with detours, which only rows would show.
    fn until_limit(&self, input: &[u8], instructions: u64) -> Option<TraceChunk> {
        if instructions == 0 {
            return None;
        }
        let (values, clock) = self.guarded_values(input, instructions);
        Some(self.chunk(values, clock))
    }

    fn chunk(&self, values: Vec<MemValue>, clock: u64) -> TraceChunk {
        TraceChunk {
            start_registers: [0; 32],
            pc_start: self.sp1.pc_start_abs,
            clk_start: 1,
            clk_end: clock,
            mem_reads: Arc::from(values),
        }
    }
}

/// The instructions of a shard, in order.
fn steps(program: &Program, record: &ExecutionRecord) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(record.cpu_event_count as usize);
    let mut push = |clock: u64, pc: u64, next_pc: u64, written: Option<(u8, &MemoryRecordEnum)>, access| {
        let instruction = program.sp1.fetch(pc).copied().unwrap_or_else(sp1_core_executor::Instruction::unimp);
        let register = written.and_then(|(register, record)| match record {
            MemoryRecordEnum::Write(write) if register != 0 => Some((register, write.prev_value, write.value)),
            _ => None,
        });
        steps.push(Step {
            pc,
            next_pc,
            opcode: instruction.opcode as u64,
            operands: [u64::from(instruction.op_a), instruction.op_b, instruction.op_c],
            clock,
            next_clock: 0,
            register,
            access,
        });
    };
    let alu = [&record.add_events, &record.sub_events, &record.subw_events, &record.mul_events, &record.divrem_events];
    for (event, operands) in alu.into_iter().flatten() {
        push(event.clk, event.pc, event.pc.wrapping_add(4), Some((operands.op_a, &operands.a)), None);
    }
    let alu = [
        &record.alu_x0_events,
        &record.addw_events,
        &record.bitwise_events,
        &record.shift_left_events,
        &record.shift_right_events,
        &record.lt_events,
    ];
    for (event, operands) in alu.into_iter().flatten() {
        push(event.clk, event.pc, event.pc.wrapping_add(4), Some((operands.op_a, &operands.a)), None);
    }
    for (event, operands) in &record.addi_events {
        push(event.clk, event.pc, event.pc.wrapping_add(4), Some((operands.op_a, &operands.a)), None);
    }
    for (event, operands) in &record.utype_events {
        push(event.clk, event.pc, event.pc.wrapping_add(4), Some((operands.op_a, &operands.a)), None);
    }
    let memory = [
        &record.memory_load_byte_events,
        &record.memory_load_half_events,
        &record.memory_load_word_events,
        &record.memory_load_double_events,
        &record.memory_load_x0_events,
        &record.memory_store_byte_events,
        &record.memory_store_half_events,
        &record.memory_store_word_events,
        &record.memory_store_double_events,
    ];
    for (event, operands) in memory.into_iter().flatten() {
        let written = Some((operands.op_a, &operands.a));
        push(event.clk, event.pc, event.pc.wrapping_add(4), written, access(event));
    }
    for (event, _) in &record.branch_events {
        push(event.clk, event.pc, event.next_pc, None, None);
    }
    for (event, operands) in &record.jal_events {
        push(event.clk, event.pc, event.next_pc, Some((operands.op_a, &operands.a)), None);
    }
    for (event, operands) in &record.jalr_events {
        push(event.clk, event.pc, event.next_pc, Some((operands.op_a, &operands.a)), None);
    }
    for (event, operands) in &record.syscall_events {
        let halts = event.syscall_code == SyscallCode::HALT || event.next_pc == HALT_PC;
        let next_pc = if halts { event.pc } else { event.next_pc };
        push(event.clk, event.pc, next_pc, Some((operands.op_a, &operands.a)), None);
    }
    steps.sort_unstable_by_key(|step| step.clock);
    for index in 0..steps.len() {
        let step = &steps[index];
        let call = u64::from(step.opcode == Opcode::ECALL as u64) * CALL_CLOCK;
        let own = step.clock + u64::from(CLK_INC) + call;
        let next = steps.get(index + 1).map_or(own, |next| next.clock);
        steps[index].next_clock = next;
    }
    steps
}

/// The bytes that a load or store accessed, out of the aligned eight that SP1's memory is made of.
fn access(event: &MemInstrEvent) -> Option<Access> {
    let size = match event.opcode {
        Opcode::LB | Opcode::LBU | Opcode::SB => 1,
        Opcode::LH | Opcode::LHU | Opcode::SH => 2,
        Opcode::LW | Opcode::LWU | Opcode::SW => 4,
        Opcode::LD | Opcode::SD => 8,
        _ => return None,
    };
    let address = event.b.wrapping_add(event.c);
    let cut = |word: u64| word >> (8 * (address % 8)) & (u64::MAX >> (64 - 8 * u32::from(size)));
    let (write, before, after) = match event.mem_access {
        MemoryRecordEnum::Read(read) => (false, read.value, read.value),
        MemoryRecordEnum::Write(write) => (true, write.prev_value, write.value),
    };
    Some(Access { address, size, write, before: cut(before), after: cut(after) })
}
